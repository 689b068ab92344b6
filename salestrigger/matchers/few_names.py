"""The columns of a few names, made name by name: what ``name_columns.py`` gives, bit for bit, without its preparations.

One name costs some hundred array calls there; here it is a few loops over its words. For many names the columns win.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salestrigger.matchers.columns import Spans, Strings
from salestrigger.matchers.legal_forms import FormTable, form_table
from salestrigger.matchers.names import normal_lines, raw_lines
from salestrigger.matchers.plain_words import bag_key, bytes_hash, ordered_key
from salestrigger.matchers.words import I64

FEW = 8  #: names: with more the columns win
_EDGE = 0xFFFF


class WordKinds(NamedTuple):
    """What is declared of words, by hash."""

    flags: dict[int, int]  #: bits of ``name_columns.NUMBER`` and so on
    same: dict[int, int]  #: of an abbreviation: the hash of the word it stands for


class _Forms(NamedTuple):
    table: FormTable
    rows: dict[int, tuple[int, ...]]  #: of each spelling's key, in the table's order
    edge: bytes


@functools.cache
def _forms() -> _Forms:
    table = form_table()
    rows: dict[int, tuple[int, ...]] = {}
    for row, key in enumerate(table.keys.tolist()):
        rows[key] = (*rows.get(key, ()), row)
    return _Forms(table, rows, table.edge.tobytes())


def _form_of(forms: _Forms, key: int, country: int, *, prefix: bool) -> int:
    """The form that a key spells in a country, -1 for none; a form of that country wins over one of another."""
    found, best = -1, 0
    table = forms.table
    for row in forms.rows.get(key, ()):
        here = bool(country > 0 and table.allowed[row, country])
        usable = (here or not table.is_ambiguous[row]) and (not prefix or bool(table.is_prefix[row]))
        if usable and 1 + here > best:
            found, best = int(table.form[row]), 1 + here
    return found


def split_form(hashes: Sequence[int], country: int) -> tuple[int, int, int]:
    """``legal_forms.split_forms`` of one name: first word of the core, word after it, legal form (-1: none)."""
    forms = _forms()
    low, high, form = 0, len(hashes), -1
    cuts = [(size, False) for size in forms.table.sizes] + [(2, True), (1, True)]
    for _ in range(2):  # "Oy X Ab", "X Co Ltd LLC": a form at either end, or two of them
        before = high - low
        for size, prefix in cuts:
            if high - low <= size or not forms.edge[(hashes[low] if prefix else hashes[high - 1]) & _EDGE]:
                continue
            begin = low if prefix else high - size
            found = _form_of(forms, ordered_key(hashes[begin : begin + size]), country, prefix=prefix)
            if found < 0:
                continue
            low, high = (low + size, high) if prefix else (low, high - size)
            if form < 0 and not forms.table.is_security[found]:
                form = found
        if high - low == before:
            break
    return low, high, form


class FewColumns(NamedTuple):
    """The arrays of ``name_columns.NameColumns``, by its fields' names."""

    raw: Strings
    core: Spans
    rows: list[tuple[int, int, int, int, int]]  #: form, whole, ordered, bag, joined of each name
    first: list[int]
    words: list[tuple[int, int, int, int]]  #: hash, first byte, byte after it, flags of each word of the cores


def few_columns(names: Sequence[str], countries: I64, kinds: WordKinds) -> FewColumns:
    """Normal forms, legal forms and keys of a few names; ``countries`` are country codes, 0 for unknown."""
    lines = normal_lines(raw_lines(names))
    rows, words, first, spans = [], [], [0], []
    begin = 0
    for line, country in zip(lines.split(b"\n"), countries.tolist(), strict=True):
        texts = [text for text in line.split(b" ") if text]
        plain = [bytes_hash(text) for text in texts]
        low, high, form = split_form(plain, country)
        hashes = [kinds.same.get(key, key) for key in plain]
        kept = hashes[low:high]
        rows.append(
            (form, ordered_key(hashes), ordered_key(kept), bag_key(kept), bytes_hash(b"".join(texts[low:high])))
        )
        at = begin
        for place, text in enumerate(texts):
            end = at + len(text)
            if low <= place < high:
                words.append((hashes[place], at, end, _flags(text, kinds.flags.get(plain[place], 0))))
            at = end + 1
        own = words[first[-1] :]
        spans.append((own[0][1], own[-1][2]) if own else (begin, begin))
        first.append(len(words))
        begin += len(line) + 1
    edges = np.array(spans, dtype=np.int32)
    core = Spans(np.frombuffer(lines, dtype=np.uint8), edges[:, 0], edges[:, 1])
    return FewColumns(_packed(names), core, rows, first, words)


def _flags(text: bytes, declared: int) -> int:
    """NUMBER for a word with a digit, INITIAL for any other single letter, and what is declared."""
    number = any(48 <= byte <= 57 for byte in text)
    return declared | (1 if number else 2 if len(text) == 1 else 0)


def _packed(names: Sequence[str]) -> Strings:
    texts = [name.encode("utf-8", "replace") for name in names]
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    return Strings(np.frombuffer(b"".join(texts), dtype=np.uint8), offsets)
