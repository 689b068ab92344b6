"""The words that show an event: at most 150 characters, cut between words around its cue."""

from __future__ import annotations

QUOTE_LIMIT = 150  #: Rechtbank Amsterdam, ECLI:NL:RBAMS:2024:6563: snippets of up to 150 characters


def quote(full: str, sentence: tuple[int, int], cue: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """(text, span) of the quote: the sentence, or a window of it with the cue inside."""
    start, end = sentence
    if end - start > QUOTE_LIMIT:
        spare = max(0, QUOTE_LIMIT - (min(cue[1], end) - cue[0]))
        start = max(start, min(cue[0] - spare // 2, end - QUOTE_LIMIT))
        end = min(end, start + QUOTE_LIMIT)
        start, end = _to_words(full, start, end, sentence)
    while start < end and full[start].isspace():
        start += 1
    while end > start and full[end - 1].isspace():
        end -= 1
    return full[start:end], (start, end)


def _to_words(full: str, start: int, end: int, sentence: tuple[int, int]) -> tuple[int, int]:
    """Inwards to the next spaces, unless one word fills the window."""
    if start > sentence[0] and not full[start - 1].isspace():
        space = full.find(" ", start, end)
        start = space + 1 if space != -1 else start
    if end < sentence[1] and not full[end].isspace():
        space = full.rfind(" ", start, end)
        end = space if space > start else end
    return start, end
