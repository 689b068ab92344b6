"""The steps of ``names.py`` after folding letters, for many ASCII names at once: bytes and boolean columns.

Input and output are lines of lower-case letters, digits, spaces and the marks ``. / &``. What these steps mean is said
in ``names.py``, whose slower way over characters gives the same for ASCII.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
I64 = NDArray[np.int64]

_GONE = 1  # marks a byte that the next translation leaves out
_AND = 2  # stands for the word "and"
_NEWLINE, _SPACE, _DOT, _SLASH = 10, 32, 46, 47
_A, _E, _O, _U = 97, 101, 111, 117
_SAME = bytes(range(256))
_MARKS = bytes(_SPACE if code in (_DOT, _SLASH) else code for code in range(256))
_JOINING_TWO = tuple(a * 256 + b for a, b in (b"en", b"og", b"et", b"ja"))
_JOINING_THREE = tuple(a * 65536 + b * 256 + c for a, b, c in (b"und", b"och"))
_BLOCK = 4 << 20  # bytes worked on at a time: what the steps need stays in the processor's cache and memory bounded


def finish_ascii(lines: bytes) -> bytes:
    """Initials joined, marks out, single spaces, double vowels, joining words; the number of lines stays."""
    if len(lines) <= _BLOCK:
        return _finish(lines)
    parts, low = [], 0
    while low < len(lines):
        high = lines.find(b"\n", low + _BLOCK)
        high = len(lines) if high < 0 else high
        parts.append(_finish(lines[low:high]))
        low = high + 1
    if lines.endswith(b"\n"):
        parts.append(b"")
    return b"\n".join(parts)


def _writable(text: bytes) -> Bytes:
    """The bytes with two newlines on either side, so that neighbours can be looked at everywhere."""
    return np.frombuffer(bytearray(b"\n\n" + text + b"\n\n"), dtype=np.uint8)


def _text(data: Bytes, table: bytes = _SAME) -> bytes:
    return data[2:-2].tobytes().translate(table, bytes([_GONE]))


def _finish(lines: bytes) -> bytes:
    text = _text(_without_initial_marks(_writable(lines)), _MARKS).replace(b"&", b" and ")
    text = _text(_single_spaces(_writable(text)))
    text = _text(_without_initial_gaps(_writable(text)))
    text = _text(_single_vowels(_writable(text)))
    return _text(_joined(_writable(text))).replace(bytes([_AND]), b"and")


def _is_letter(data: Bytes) -> NDArray[np.bool_]:
    return (data >= 97) & (data <= 122)


def _is_word(data: Bytes) -> NDArray[np.bool_]:
    return _is_letter(data) | ((data >= 48) & (data <= 57))


def _without_initial_marks(data: Bytes) -> Bytes:
    at = np.flatnonzero((data == _DOT) | (data == _SLASH))
    between = _is_letter(data[at - 1]) & _is_letter(data[at + 1])
    at = at[between]
    data[at[~_is_word(data[at - 2]) & ~_is_word(data[at + 2])]] = _GONE
    return data


def _single_spaces(data: Bytes) -> Bytes:
    space = data == _SPACE
    line = data == _NEWLINE
    data[1:-1][space[1:-1] & (space[:-2] | line[:-2])] = _GONE
    # of several spaces at the end of a line the first is still there
    at = np.flatnonzero(space & (data != _GONE))
    following = at + 1
    while True:
        more = np.flatnonzero(space[following])
        if not len(more):
            break
        following[more] += 1
    data[at[line[following]]] = _GONE
    return data


def _without_initial_gaps(data: Bytes) -> Bytes:
    gap = data <= _SPACE
    single = gap[:-4] & gap[2:-2] & gap[4:] & ~gap[1:-3] & ~gap[3:-1]
    at = np.flatnonzero(single) + 2
    at = at[(data[at] == _SPACE) & _is_letter(data[at - 1]) & _is_letter(data[at + 1])]
    data[at] = _GONE
    return data


def _single_vowels(data: Bytes) -> Bytes:
    """``ae aa oe ue`` are ``a a o u``, but not as whole words."""
    after, before = data[1:], data[:-1]
    a = before == _A
    second = (after == _E) & (a | (before == _O) | (before == _U)) | (a & (after == _A))
    first = np.flatnonzero(second) + 1
    last = first + 1  # after the run
    with_a = data[first - 1] == _A
    while True:
        more = np.flatnonzero((data[last] == _E) | ((data[last] == _A) & with_a))
        if not len(more):
            break
        last[more] += 1
    inside = np.concatenate(([False], first[1:] < np.maximum.accumulate(last)[:-1])) if len(first) else second[:0]
    first, last = first[~inside], last[~inside]
    whole = (data[first - 2] <= _SPACE) & (data[last] <= _SPACE)
    first, last = first[~whole], last[~whole]
    for step in range(int((last - first).max(initial=0))):
        at = first + step
        data[at[at < last]] = _GONE
    return data


def _joined(data: Bytes) -> Bytes:
    gap = data <= _SPACE
    two = np.flatnonzero(gap[:-3] & ~gap[1:-2] & ~gap[2:-1] & gap[3:])
    wide = data.astype(np.uint16)[two + 1] * 256 + data[two + 2] if len(two) else two
    _mark(data, two[_among(wide, _JOINING_TWO)], 2)
    three = np.flatnonzero(gap[:-4] & ~gap[1:-3] & ~gap[2:-2] & ~gap[3:-1] & gap[4:])
    three = three[(data[three + 1] == 117) | (data[three + 1] == 111)]  # u, o
    code = (data[three + 1].astype(np.int64) * 256 + data[three + 2]) * 256 + data[three + 3]
    _mark(data, three[_among(code, _JOINING_THREE)], 3)
    return data


def _among(values: NDArray[np.integer[Any]], few: tuple[int, ...]) -> NDArray[np.bool_]:
    """``np.isin`` for a few values, without its sorting."""
    found = np.zeros(len(values), dtype=np.bool_)
    for value in few:
        found |= values == value
    return found


def _mark(data: Bytes, before: I64, size: int) -> None:
    """Words between two spaces, after the places given, become "and"."""
    before = before[(data[before] == _SPACE) & (data[before + size + 1] == _SPACE)]
    data[before + 1] = _AND
    for step in range(1, size):
        data[before + 1 + step] = _GONE
