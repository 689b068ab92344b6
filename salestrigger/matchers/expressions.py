"""Expressions over an encoded sentence, compiled by PCRE2. Knows no phrase and no language.

Most are looked for a few times in a run, so that compiling them is what costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

import pcre2

_HALF = re.compile(r"[\ud800-\udfff]")  #: half a character, which PCRE2 does not take


class Match(Protocol):
    """Where an expression stands: of ``re.Match`` what is used of it. Places are in the encoded sentence."""

    def __getitem__(self, group: int | str) -> Any: ...
    def group(self) -> str: ...
    def start(self) -> int: ...
    def end(self) -> int: ...
    def span(self, group: int | str = 0) -> tuple[int, int]: ...


class Expression:
    """One compiled expression, in the syntax that ``re`` and PCRE2 share.

    Looking for it ends after ten million steps, PCRE2's own limit, which bounds what a hostile sentence costs
    (https://www.pcre.org/current/doc/html/pcre2api.html, pcre2_set_match_limit): what was not found by then is not
    there. Without PCRE2's compiler of machine code, which costs more than so few searches give back.
    """

    __slots__ = ("_compiled",)

    def __init__(self, source: str) -> None:
        self._compiled = pcre2.compile(source, jit=False)

    def search(self, text: str) -> Match | None:
        """The first place of it."""
        try:
            found: Match | None = self._compiled.search(text)
        except UnicodeEncodeError:
            return self.search(_HALF.sub("\ufffd", text))
        except pcre2.LibraryError:
            return None
        return found

    def all(self, text: str) -> Iterator[Match]:
        """Every place of it, from left to right."""
        try:
            yield from self._compiled.finditer(_HALF.sub("\ufffd", text))
        except pcre2.LibraryError:
            return
