"""The flat arrays an index is made of, and how they lie on disk: one ``.npy`` file per array, loaded memory-mapped.

Strings are one run of UTF-8 with offsets; a table of keys is sorted 64-bit hashes with the row each belongs to.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np

from salestrigger.matchers.words import I32, I64, U64, Bytes, ranges

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
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
        whole = "".join(texts)
        if whole.isascii():
            np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)), out=offsets[1:])
            return cls(np.frombuffer(whole.encode("ascii"), dtype=np.uint8), offsets)
        encoded = [text.encode("utf-8", "replace") for text in texts]
        np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)), out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> str:
        return bytes(self.data[self.offsets[row] : self.offsets[row + 1]]).decode("utf-8")

    def take(self, rows: I64) -> list[str]:
        """The strings of the given rows."""
        low, high = self.offsets[rows].tolist(), self.offsets[rows + 1].tolist()
        view: memoryview = self.data.data
        return [str(view[a:b], "utf-8") for a, b in zip(low, high, strict=True)]


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Rows by key: ``keys`` ascending, equal keys in ascending order of their row."""

    keys: U64
    rows: I32

    @classmethod
    def of(cls, keys: U64, rows: I32 | None = None) -> KeyTable:
        """Sort keys; without ``rows`` each key belongs to the row at its own place."""
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], (order if rows is None else rows[order]).astype(np.int32))

    def span(self, keys: U64) -> tuple[I64, I64]:
        """First place and number of rows of each key."""
        left = np.searchsorted(self.keys, keys, "left")
        return left, np.searchsorted(self.keys, keys, "right") - left

    def find(self, keys: U64, *, limit: int, rare: bool = False) -> tuple[I64, I64]:
        """Pairs (place of the key, row), at most ``limit`` rows a key; ``rare``: none of a key that has more."""
        left, count = self.span(keys)
        count = np.where(count > limit, 0, count) if rare else np.minimum(count, limit)
        asked = np.repeat(np.arange(len(keys), dtype=np.int64), count)
        return asked, self.rows[ranges(left, count)].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Postings:
    """Which names hold which character gram: compressed rows."""

    grams: U64  #: ascending
    starts: I64  #: of each gram's names, and one more
    names: I32

    @classmethod
    def of(cls, pairs: U64) -> Postings:
        """From ``gram << 32 | name`` pairs, in any order, with repetitions."""
        pairs = np.sort(pairs)  # np.unique hashes first, which is slower by far on many distinct values
        pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))] if len(pairs) else pairs
        grams = pairs >> np.uint64(32)
        starts = np.flatnonzero(np.concatenate(([True], grams[1:] != grams[:-1]))) if len(pairs) else pairs[:0]
        names = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int32)
        return cls(grams[starts], np.append(starts, len(pairs)).astype(np.int64), names)


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
