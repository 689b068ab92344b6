"""An index on disk: its arrays, one folder per segment, swapped in by renaming: no reader sees half of one."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salestrigger.matchers.columns import load_columns, save_columns
from salestrigger.matchers.openings import Openings, keep_openings, openings_of
from salestrigger.matchers.segment import Segment
from salestrigger.sources.errors import StorageError

_FORMAT = 5  # of the saved arrays; a change of the hashes or of the legal forms is one too


def save_index(
    directory: Path, segments: Sequence[Segment], alive: Sequence[NDArray[np.bool_]], *, version: str
) -> None:
    """Write all arrays beside what is there, then swap.

    Raises:
        StorageError: the directory cannot be written.
    """
    fresh = directory.with_name(f"{directory.name}.{uuid.uuid4().hex}")
    try:
        for number, segment in enumerate(segments):
            save_columns(fresh / f"segment-{number}", segment)
            save_columns(fresh / f"segment-{number}", openings_of(segment), "openings.")
            np.save(fresh / f"alive-{number}.npy", alive[number])
        about = {"format": _FORMAT, "version": version, "segments": len(segments)}
        (fresh / "index.json").write_text(json.dumps(about), encoding="utf-8")
        _swap(fresh, directory)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise StorageError(f"cannot save the index: {str(directory)!r}: {error.strerror}") from error


def load_index(directory: Path) -> tuple[list[Segment], list[NDArray[np.bool_]], str]:
    """Segments, masks and version, memory-mapped.

    Raises:
        StorageError: there is none, it is damaged, or of another format: build it again.
    """
    try:
        about = json.loads((directory / "index.json").read_text(encoding="utf-8"))
        if about["format"] != _FORMAT:
            raise StorageError(f"cannot load the index: {str(directory)!r}: format {about['format']!r}")
        numbers = range(about["segments"])
        segments = [load_columns(directory / f"segment-{n}", Segment) for n in numbers]
        for number, segment in zip(numbers, segments, strict=True):
            keep_openings(segment, load_columns(directory / f"segment-{number}", Openings, "openings."))
        return segments, [np.load(directory / f"alive-{n}.npy") for n in numbers], str(about["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(f"cannot load the index: {str(directory)!r}: {error}") from error


def _swap(fresh: Path, directory: Path) -> None:
    if not directory.exists():
        directory.parent.mkdir(parents=True, exist_ok=True)
        fresh.replace(directory)
        return
    old = directory.with_name(f"{fresh.name}.old")
    directory.replace(old)
    fresh.replace(directory)
    shutil.rmtree(old, ignore_errors=True)
