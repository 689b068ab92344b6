"""The flat arrays an index is made of, and how they lie on disk: one ``.npy`` file per array, loaded memory-mapped.

Strings are one run of UTF-8 with offsets; a table of keys is sorted 64-bit hashes with the row each belongs to.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.words import I32, I64, U64, Bytes, ranges

if TYPE_CHECKING:
    import pyarrow as pa

U32 = NDArray[np.uint32]
_SPACE, _NEWLINE = 32, 10
_FEW = 64  # strings, keys: not worth preparing for
_PLAIN = 10_000  # strings: packed without pyarrow, whose import takes longer; reading texts needs it for nothing else
ColumnsT = TypeVar("ColumnsT")


@dataclass(frozen=True, slots=True)
class Strings:
    """Many strings as one run of bytes."""

    data: Bytes
    offsets: I64

    @classmethod
    def of(cls, values: Iterable[str]) -> Strings:
        """Pack the values; lone surrogates become question marks."""
        texts = values if isinstance(values, Sequence) else list(values)
        if len(texts) <= _PLAIN:
            return cls._of_few(texts)
        import pyarrow as pa

        try:
            return cls.from_arrow(pa.array(texts, pa.large_string()))
        except UnicodeEncodeError:
            safe = [text.encode("utf-8", "replace").decode() for text in texts]
            return cls.from_arrow(pa.array(safe, pa.large_string()))

    @classmethod
    def _of_few(cls, texts: Sequence[str]) -> Strings:
        parts = [text.encode("utf-8", "replace") for text in texts]
        offsets = np.zeros(len(parts) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)), out=offsets[1:])
        return cls(np.frombuffer(b"".join(parts), dtype=np.uint8), offsets)

    @classmethod
    def from_arrow(cls, array: pa.Array) -> Strings:
        """The values of a column of text without nulls, not copied."""
        import pyarrow as pa

        array = array.cast(pa.large_string())
        _, bounds, data = array.buffers()
        if not len(array) or data is None:
            return cls.empty(len(array))
        offsets = np.frombuffer(bounds, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
        return cls(np.frombuffer(data, dtype=np.uint8)[: offsets[-1]], offsets)

    @classmethod
    def empty(cls, size: int) -> Strings:
        """That many empty strings."""
        return cls(np.zeros(0, dtype=np.uint8), np.zeros(size + 1, dtype=np.int64))

    def to_arrow(self) -> pa.LargeStringArray:
        """The same strings as a column, not copied."""
        import pyarrow as pa

        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(self.offsets), pa.py_buffer(self.data))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def lines(self, low: int, high: int, *, longest: int) -> bytes:
        """Some of them, one per line, cut to that many characters; a line break inside is a space."""
        if low >= high:
            return b""
        if high - low <= _PLAIN:
            texts = _texts(self.data, self.offsets[low:high], self.offsets[low + 1 : high + 1])
            return "\n".join([text.replace("\n", " ")[:longest] for text in texts]).encode()
        import pyarrow as pa
        import pyarrow.compute as pc

        bounds = self.offsets[low : high + 1]
        some = self.to_arrow().slice(low, high - low)
        if (self.data[bounds[0] : bounds[-1]] == _NEWLINE).any():
            some = pc.replace_substring(some, "\n", " ")
        if np.diff(bounds).max() > longest:
            some = pc.utf8_slice_codeunits(some, 0, longest)
        together = pa.ListArray.from_arrays(pa.array([0, high - low], pa.int32()), some.cast(pa.string()))
        joined: bytes = pc.binary_join(together, "\n")[0].as_buffer().to_pybytes()
        return joined

    def __getitem__(self, row: int) -> str:
        return bytes(self.data[self.offsets[row] : self.offsets[row + 1]]).decode("utf-8")

    def take(self, rows: I64, *, lower: bool = False) -> list[str]:
        """The strings of the given rows."""
        return _texts(self.data, self.offsets[rows], self.offsets[rows + 1], lower=lower)


def _texts(data: Bytes, starts: I64 | I32, ends: I64 | I32, *, lower: bool = False) -> list[str]:
    """Made all at once as lines and then split, which is several times faster than one by one."""
    if len(starts) < _FEW:
        return _each_text(data, starts, ends, lower=lower)
    lengths = ends - starts
    lines = np.full(int(lengths.sum()) + len(starts), _NEWLINE, dtype=np.uint8)
    begins = np.cumsum(lengths + 1, dtype=np.int64) - lengths - 1
    lines[ranges(begins, lengths.astype(np.int64))] = data[ranges(starts.astype(np.int64), lengths.astype(np.int64))]
    text = lines.tobytes().decode()
    out = (text.lower() if lower else text).split("\n")
    if len(out) > len(starts) + 1:  # a name with a line break inside
        return _each_text(data, starts, ends, lower=lower)
    return out[:-1]


def _each_text(data: Bytes, starts: I64 | I32, ends: I64 | I32, *, lower: bool) -> list[str]:
    view: memoryview = data.data
    texts = [str(view[a:b], "utf-8") for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    return [text.lower() for text in texts] if lower else texts


@dataclass(frozen=True, slots=True)
class Spans:
    """Strings that lie somewhere in a run of bytes, in order, with at least one byte between them."""

    data: Bytes
    start: I32
    end: I32

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: I64, *, lower: bool = False) -> list[str]:
        """The strings of the given rows."""
        return _texts(self.data, self.start[rows], self.end[rows], lower=lower)

    def copied(self, rows: I64) -> Spans:
        """The given rows by themselves, spaces between them."""
        begin = self.start[rows].astype(np.int64)
        length = self.end[rows] - begin
        ends = np.cumsum(length + 1)
        data = np.full(int(ends[-1]) if len(ends) else 0, _SPACE, dtype=np.uint8)
        start = ends - length - 1
        data[ranges(start, length)] = self.data[ranges(begin, length)]
        return Spans(data, start.astype(np.int32), (ends - 1).astype(np.int32))


def numbers(values: NDArray[Any]) -> pa.Array:
    """Numbers as a column, not copied; ``pa.array`` would load the module of masked arrays to look for a mask."""
    import pyarrow as pa

    plain = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(plain.dtype), len(plain), [None, pa.py_buffer(plain)])


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct values, ascending: ``np.unique`` without its hashing, slower by far on many values, and without the
    module of masked arrays that it loads."""
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def in_order(keys: U64) -> tuple[U64, I64]:
    """64-bit hashes ascending, and their stable order: sorting keys and places packed together is far faster than
    sorting places.

    The places take the low bits; should two different keys share the high ones, the slow way is gone.
    """
    low = np.uint64((1 << max(len(keys) - 1, 1).bit_length()) - 1)
    packed = np.sort(keys & ~low | np.arange(len(keys), dtype=np.uint64))
    order = (packed & low).astype(np.int64)
    ascending = keys[order]
    if (ascending[1:] < ascending[:-1]).any():
        order = np.argsort(keys, kind="stable")
        ascending = keys[order]
    return ascending, order


def member(values: U64, ascending: U64) -> NDArray[np.bool_]:
    """Which values are in an ascending table: ``np.isin`` without its preparations, which cost more than few values."""
    if not len(ascending):
        return np.zeros(len(values), dtype=np.bool_)
    place = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending[place] == values
    return found


def span(table: U64, keys: U64) -> tuple[I64, I64]:
    """First place and number of equal values of each key in an ascending table."""
    count = np.zeros(len(keys), dtype=np.int64)
    if not len(table) or not len(keys):
        return count.copy(), count
    if len(keys) <= _FEW:
        left = np.searchsorted(table, keys, "left")
        return left, np.searchsorted(table, keys, "right") - left
    ascending, order = in_order(keys)  # looked up in ascending order, neighbours share their cache lines
    place = np.searchsorted(table, ascending, "left")
    left = np.empty(len(keys), dtype=np.int64)
    left[order] = place
    hit = np.flatnonzero(table[np.minimum(place, len(table) - 1)] == ascending)
    count[order[hit]] = np.searchsorted(table, ascending[hit], "right") - place[hit]
    return left, count


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Rows by key: ``keys`` ascending, equal keys in ascending order of their row."""

    keys: U64
    rows: I32

    @classmethod
    def of(cls, keys: U64, rows: I32 | None = None) -> KeyTable:
        """Sort keys; without ``rows`` each key belongs to the row at its own place."""
        ascending, order = in_order(keys)
        return cls(ascending, (order if rows is None else rows[order]).astype(np.int32))

    def places(self, keys: U64) -> tuple[I64, I64]:
        """First place and number of rows of each key."""
        return span(self.keys, keys)

    def at(self, left: I64, count: I64) -> tuple[I64, I64]:
        """Pairs (which of the places, row) of that many rows from each place."""
        asked = np.repeat(np.arange(len(left), dtype=np.int64), count)
        return asked, self.rows[ranges(left, count)].astype(np.int64)

    def find(self, keys: U64, *, limit: int) -> tuple[I64, I64]:
        """Pairs (place of the key, row), at most ``limit`` rows a key."""
        left, count = self.places(keys)
        return self.at(left, np.minimum(count, limit))


@dataclass(frozen=True, slots=True)
class WordTable:
    """Words (their hashes) by key, as :class:`KeyTable` has rows."""

    keys: U64
    words: U64

    @classmethod
    def of(cls, keys: U64, words: U64) -> WordTable:
        """Sort keys."""
        ascending, order = in_order(keys)
        return cls(ascending, words[order])

    def find(self, keys: U64, *, most: int) -> tuple[I64, U64]:
        """Pairs (place of the key, word); none of a key that more than ``most`` words have."""
        left, count = span(self.keys, keys)
        count[count > most] = 0
        return np.repeat(np.arange(len(keys), dtype=np.int64), count), self.words[ranges(left, count)]


def save_columns(directory: Path, columns: Any, prefix: str = "") -> None:
    """Every array of a dataclass of arrays (nested ones with a dotted name) as a file."""
    directory.mkdir(parents=True, exist_ok=True)
    for field in dataclasses.fields(columns):
        value = getattr(columns, field.name)
        if dataclasses.is_dataclass(value):
            save_columns(directory, value, f"{prefix}{field.name}.")
        else:
            np.save(directory / f"{prefix}{field.name}.npy", np.asarray(value), allow_pickle=False)


def load_columns(directory: Path, kind: type[ColumnsT], prefix: str = "") -> ColumnsT:
    """What :func:`save_columns` wrote, memory-mapped read-only."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        hint = hints[field.name]
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            values[field.name] = load_columns(directory, hint, f"{prefix}{field.name}.")
        else:
            values[field.name] = _load(directory / f"{prefix}{field.name}.npy")
    return kind(**values)


def _load(path: Path) -> Any:
    array = np.load(path, mmap_mode="r", allow_pickle=False) if path.stat().st_size > 256 else np.load(path)
    return array.view(np.ndarray) if isinstance(array, np.memmap) else array


def concatenated(parts: Sequence[Any]) -> Any:
    """Arrays one after the other; a single one is passed through without copying."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def column_at(columns: Any, path: str) -> Any:
    """A column by its dotted name (``names.core``)."""
    for part in path.split("."):
        columns = getattr(columns, part)
    return columns
