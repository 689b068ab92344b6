"""Lines of text to a file, whole or not at all. Imports no more than that needs; tables are for ``tables.py``."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from salestrigger.warehouse.whole_file import whole_file


def write_lines(path: Path | str, lines: Iterable[str]) -> None:
    """Write lines of text, whole or not at all; ``.gz`` compresses.

    Raises:
        StorageError: the folder cannot be written.
    """
    path = Path(path)
    with whole_file(path) as temporary:
        write_text(temporary, lines, gzipped=path.suffix == ".gz")


def write_text(path: Path, lines: Iterable[str], *, gzipped: bool) -> None:
    """Write lines to a file that is in the making; half characters become question marks."""
    with writing(path, gzipped=gzipped) as file:
        for line in lines:
            file.write(line.encode("utf-8", "replace") + b"\n")


def writing(path: Path, *, gzipped: bool) -> Any:
    """A file to write bytes to."""
    return gzip.open(path, "wb") if gzipped else path.open("wb")
