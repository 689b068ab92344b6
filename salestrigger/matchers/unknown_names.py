"""Organisations that no list knows, by the form of the words: a legal form after capitalised words ("Nordvik Bygg
AS"), a name after what it is ("softwarebedrijf Kompas", "selskapet Fjordly", "the startup Kestrel")."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from salestrigger.matchers.mention_rules import Around
from salestrigger.matchers.spotting_data import OF, Tongue
from salestrigger.matchers.vocabulary import (
    AND,
    BEFORE,
    CAPITAL,
    DIGITS,
    GIVEN,
    KIND,
    ORDINARY,
    PLACE,
    SMALL,
    TITLE,
    UPPER,
)

_LONGEST = 6  # words before the legal form, or after the apposition
_INSIDE = frozenset({"of", "van", "de", "av", "af", "für", "och", "og", "en", "und", "and", "ja"})


def unknown_names(text: Around, tongue: Tongue) -> Iterator[tuple[int, int]]:
    """Runs of words that are organisations by their form, in no order; they may overlap."""
    walk = _Walk(text, nouns_capital=tongue.nouns_capital, news=tongue.news)
    for at in np.flatnonzero(text.form[:-1]).tolist():
        yield from walk.to_form(at)
    after = np.flatnonzero(
        (text.flags[:-1] & KIND > 0) & text.glued[1:] & ~text.hyphen[1:] & (text.flags[1:] & CAPITAL > 0)
        & (text.flags[1:] & (AND | BEFORE | SMALL | DIGITS | TITLE) == 0) & ~text.shouted[:-1]
    )  # fmt: skip
    for at in after.tolist():
        yield from walk.after_kind(at)


class _Walk:
    """The words as plain lists: single steps over arrays are slow."""

    def __init__(self, text: Around, *, nouns_capital: bool, news: frozenset[str]) -> None:
        self.nouns_capital = nouns_capital
        self.news = news
        self.text = text
        self.flags: list[int] = text.flags.tolist()
        self.glued: list[bool] = text.glued.tolist()
        self.opens: list[bool] = text.opens.tolist()
        self.form: list[bool] = text.form.tolist()

    def to_form(self, at: int) -> Iterator[tuple[int, int]]:
        """Capitalised words that a legal form ends."""
        runs = self.text.words.runs
        loosely = at > 0 and bool(runs.comma[at] or (runs.dotted[at] and self.form[at - 1]))
        if at == 0 or not (self.glued[at] or loosely):
            return
        low = self._back(at)
        if low >= at:
            return
        high = at + 1
        while self.form[high] and self.glued[high]:
            high += 1
        if any(self._news(i) for i in range(low, high)) or self._introduced(low):
            yield low, high

    def _capital(self, at: int) -> bool:
        return self.flags[at] & (CAPITAL | AND) == CAPITAL

    def _back(self, at: int) -> int:
        low = first = at
        while low > 0 and at - low < _LONGEST:
            joined = self.glued[low] or low == at
            usable = self.flags[low - 1] & (CAPITAL | SMALL) and not self.form[low - 1]
            if not joined or not usable or self._between_nouns(low):
                break
            low -= 1
            if self._capital(low):
                first = low
            if self.opens[low]:
                break
        return self._without_front(first, at)

    def _between_nouns(self, at: int) -> bool:
        """ "Insolvenzverfahren für die Kranico GmbH": where every noun has a capital, two small words end a name."""
        return self.nouns_capital and bool(self.flags[at - 1] & self.flags[at] & SMALL)

    def _without_front(self, first: int, at: int) -> int:
        while first < at and self.opens[first] and self.flags[first] & BEFORE:
            first += 1
        if first + 1 < at and self.opens[first] and self.flags[first] & KIND and self._capital(first + 1):
            first += 1
        while first < at and (not self._capital(first) or self._is_news(first, at)):
            first += 1
        return first

    def _is_news(self, first: int, at: int) -> bool:
        """ "Takeover of Pennine Pies Ltd": what happens, and no part of the name."""
        if at - first < 3 or self.text.words.written(first + 1).lower() not in OF:
            return False
        return self.text.words.written(first).lower() in self.news

    def _news(self, at: int) -> bool:
        """Not a generic word: "The Company Limited" names nobody."""
        plain = self.flags[at] & (ORDINARY | GIVEN | AND) or self.text.words.small_too[at]
        size = self.text.words.runs.end[at] - self.text.words.runs.start[at]
        return not plain and not self.form[at] and bool(size > 1)

    def _introduced(self, low: int) -> bool:
        return low > 0 and self.glued[low] and bool(self.flags[low - 1] & KIND)

    def after_kind(self, at: int) -> Iterator[tuple[int, int]]:
        """The name after what it is; not a person's, a place's or an adjective's."""
        if self.flags[at] & CAPITAL and not (self.opens[at] or self.nouns_capital):
            return
        high = at + 2
        while high - at - 1 < _LONGEST and self.glued[high] and self._goes_on(high):
            high += 1
        first = self.flags[at + 1]
        if high == at + 2 and first & (PLACE | ORDINARY) and not first & UPPER:
            return
        yield at + 1, high

    def _goes_on(self, at: int) -> bool:
        if self._capital(at):
            return not self.flags[at] & TITLE
        if at + 1 >= len(self.text.words.row) or not self._capital(at + 1) or not self.glued[at + 1]:
            return False
        return bool(self.flags[at] & AND) or self.text.words.written(at).lower() in _INSIDE
