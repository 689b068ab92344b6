"""One sentence as the row of tokens that patterns are matched on: words, names, numbers.

What is a name, and of which kind, is decided in ``name_groups.py``; mentions that were spotted are organisations as
they stand. It knows no event types.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

from salestrigger.matchers.amounts import Value, scan_values
from salestrigger.matchers.name_groups import find_names
from salestrigger.matchers.naming import Group, NamesBefore
from salestrigger.matchers.patterns import Pattern
from salestrigger.matchers.reader import Reader
from salestrigger.matchers.sentences import Sentence
from salestrigger.matchers.types import Mention
from salestrigger.matchers.word_tokens import Token, tokens_of

_INSIDE = re.compile(r"§([LKOQ])(\d+) ")
#: nouns after a company's own name as often as after its place
_NAMED_SO = frozenset(
    {"group", "bank", "chain", "company", "business", "brand", "label", "trust", "fund", "gruppe", "kette"}
)
OWNED = 4  #: tokens from a name in the genitive to what belongs to it
_GENITIVE = frozenset({"'s", "’s", "s", "'"})


class Before(NamesBefore, Protocol):
    """What stands before a sentence, worked out only where it matters."""

    def headline(self) -> Group | None:
        """The organisation that the text is about."""


@dataclass(slots=True)
class Line:
    """A sentence, encoded. ``text`` has a space before, between and after its tokens."""

    sentence: Sentence
    full: str  #: the document's full text, for what is shown as written
    text: str = ""
    starts: list[int] = field(default_factory=list)  #: where each token begins in ``text``
    spans: list[tuple[int, int]] = field(default_factory=list)  #: the characters of each token in the full text
    groups: list[Group] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    words: frozenset[str] = frozenset()  #: the distinct tokens that are words
    kinds: frozenset[str] = frozenset()  #: the kinds of names and values in it
    marks: dict[str, bool] = field(default_factory=dict)  #: which kinds of markers it has, as far as was asked

    def may_match(self, pattern: Pattern) -> bool:
        """Whether the words and names that a pattern cannot do without are there; cheap."""
        kinds, words = self.kinds, self.words
        for kind in pattern.needs:
            if kinds.isdisjoint(kind):
                return False
        return all(need.met(words) for need in pattern.required)

    def has(self, kind: str, reader: Reader) -> bool:
        """Whether the sentence has a marker of that kind anywhere."""
        if kind not in self.marks:
            marker = reader.markers[kind]
            self.marks[kind] = marker.possible(self.words, self.text) and marker.search(self.text) is not None
        return self.marks[kind]

    def token_at(self, position: int) -> int:
        """The number of the token that begins at or before ``position`` of ``text``."""
        return max(0, bisect_right(self.starts, position) - 1)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the full text that ``text[start:end]`` stands for."""
        first, last = self.token_at(start), self.token_at(max(start, end - 2))
        return self.spans[first][0], self.spans[last][1]


def encode(
    full: str,
    sentence: Sentence,
    reader: Reader,
    mentions: Sequence[Mention],
    *,
    before: Before,
    excerpt: bool = False,
) -> Line:
    """Encode one sentence.

    ``mentions`` are those of the document, sorted by start. "The company" stands for the headline of ``before``, the
    organisation of the title or the lead, where it opens the sentence or nobody else is named in it; elsewhere it holds
    a place without a name. In an ``excerpt`` a sentence that opens with no name may speak of somebody named outside it.
    """
    line = Line(sentence, full)
    line.values = scan_values(full[sentence.start : sentence.end], reader, offset=sentence.start)
    tokens = tokens_of(full, (sentence.start, sentence.end), line.values)
    inside = [m for m in mentions if m.start < sentence.end and m.end > sentence.start]
    _mark_mentions(tokens, [m for m in inside if not _shouts(m, reader)], line)
    line.groups += find_names(full, sentence, tokens, reader, already=len(line.groups), before=before)
    if sentence.where == "title" and reader.language.drops_subject and tokens[1:] and tokens[0].low in reader.openers:
        _leave_room(tokens, line)
    _write(tokens, line)
    if reader.anaphora.possible(line.words, line.text):
        _stand_in(tokens, line, reader, before)
    if excerpt and "U" not in line.kinds and _speaks_of_another(tokens, reader):
        _leave_room(tokens, line)
        _write(tokens, line)
    return line


def _speaks_of_another(tokens: list[Token], reader: Reader) -> bool:
    """Whether an excerpt may speak of somebody named before it: it opens neither with a name nor with a public body. A
    verb that stands second has its subject beside it."""
    if not tokens or tokens[0].code or reader.language.verb_second:
        return False
    return not any(token.low in reader.not_companies for token in tokens[:3])


def _leave_room(tokens: list[Token], line: Line) -> None:
    """An organisation without a name before the first word: who a headline that opens with a verb ("Dropper
    børsplanene") leaves out, or who is named before an excerpt."""
    start = tokens[0].start
    tokens.insert(0, Token("", "", start, start, f"§U{len(line.groups)}"))
    line.groups.append(Group("U", "", start, start))


def _stand_in(tokens: list[Token], line: Line, reader: Reader, before: Before) -> None:
    """Let "the company" be the headline's organisation: where it opens the sentence, or nobody else is named in it.
    Elsewhere, or when the headline names none, it is an organisation without a name."""
    standing = list(reader.anaphora.all(line.text))
    if not standing:
        return
    alone, speaker, used = line.kinds.isdisjoint("OQ"), _speaker(line, reader), False
    for found in reversed(standing):
        place = _described(found.group(), line)
        if place == "":
            continue  # "the Hilton chain"
        described = place is not None or len(found.group().split()) > 2
        named = before.headline() if alone or described or found.start() <= 1 else None
        if described and not alone and found.start() > 1 and (used or named is None or _names(line, named)):
            named = None
        if named is None and line.text[found.end() : found.end() + 1] == "§":
            continue  # "the company Brackwater"
        first, last = line.token_at(found.start()), line.token_at(found.end() - 2)
        if tokens[first].low in reader.pronouns:
            last = first
        start, end = line.spans[first][0], line.spans[last][1]
        surface = line.full[start:end]
        if named is None and speaker is not None and first > speaker[0]:
            tokens[first : last + 1] = [Token(surface, "", start, end, speaker[1])]
            continue
        if place:
            number = int(place)
            line.groups[number] = dataclasses.replace(line.groups[number], kind="L")
        used = used or named is not None
        code = f"§{'U' if named is None else 'O'}{len(line.groups)}"
        tokens[first : last + 1] = [Token(surface, "", start, end, code)]
        line.groups.append(named or Group("U", surface, start, end))
    _write(tokens, line)


def _described(words: str, line: Line) -> str | None:
    """The number of the name in "the Kendal grocer", which is a place's; None where there is none, empty where the name
    may well be the company's own: "the Hilton chain"."""
    inside = _INSIDE.search(words)
    if inside is None:
        return None
    may_be_its_own = line.groups[int(inside[2])].kind in "OQ" and words.rsplit(maxsplit=1)[-1] in _NAMED_SO
    return "" if may_be_its_own else inside[2]


def _names(line: Line, group: Group) -> bool:
    """Whether a line names an organisation itself."""
    return any(g.surface in group.surface or group.surface in g.surface for g in line.groups)


def _speaker(line: Line, reader: Reader) -> tuple[int, str] | None:
    """Who says the rest of the sentence ("Acme said it …"): after which token, and the code of the name. Of "Acme's
    Beta unit said" it is Beta."""
    words = line.text.split()
    says = next((i for i, word in enumerate(words) if word in reader.speech), None)
    names = [i for i, word in enumerate(words[: says or 0]) if word[0] == "§" and word[1] in "OQPK"]
    if says is None or not names:
        return None
    owned = len(names) > 1 and words[names[0] + 1] in _GENITIVE and names[1] - names[0] <= OWNED
    return says, words[names[1 if owned else 0]]


def _shouts(mention: Mention, reader: Reader) -> bool:
    """Whether a name in upper case runs over a verb: "ALDERLY BREWING TO ACQUIRE TEASEL CORP" are two."""
    within = mention.text.lower().split()[1:-1]
    return mention.text.isupper() and not reader.finite_verbs.isdisjoint(within)


def _mark_mentions(tokens: list[Token], mentions: list[Mention], line: Line) -> None:
    for mention in mentions:
        covered = [t for t in tokens if t.start < mention.end and t.end > mention.start]
        if not covered or any(t.code for t in covered):
            continue
        code = f"§O{len(line.groups)}"
        line.groups.append(Group("O", mention.text, mention.start, mention.end, mention.mention_id))
        for token in covered:
            token.code, token.low = ("", "") if token is not covered[0] else (code, "")
        covered[0].end = max(covered[0].end, mention.end)
        tokens[:] = [t for t in tokens if t.code or t.low]


def _write(tokens: list[Token], line: Line) -> None:
    words = [token.code or token.low for token in tokens]
    line.text = f" {' '.join(words)} " if words else " "
    line.starts = list(accumulate([len(word) + 1 for word in words[:-1]], initial=1)) if words else []
    line.spans = [(token.start, token.end) for token in tokens]
    line.words = frozenset([token.low for token in tokens if not token.code])
    line.kinds = frozenset([token.code[1] for token in tokens if token.code])
