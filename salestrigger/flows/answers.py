"""Answers of a second reader, kept by what was asked and of whom, so that nothing is asked (and paid) twice.

One small file per answer in a folder per logical day, so that keeping them for some days means deleting old folders:
answers quote articles and name people, and are kept no longer than bodies are. A cache: losing it costs money, never
events.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Answers:
    """The kept answers of one home."""

    root: Path
    today: date  #: the run's logical day
    keep_days: int
    warn: Callable[[str], None]

    def get(self, key: str) -> str | None:
        """The answer kept under a key (hex); None when there is none, or it cannot be read."""
        for folder in sorted(self.root.glob("????-??-??"), reverse=True):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                return str(json.loads((folder / f"{key}.json").read_text(encoding="utf-8"))["answer"])
        return None

    def put(self, key: str, answer: str) -> None:
        """Keep an answer; a disk that is full costs the cache and not the run."""
        if not self.keep_days:
            return
        folder = self.root / self.today.isoformat()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder, prefix=".answer-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"answer": answer}, file)
            Path(name).replace(folder / f"{key}.json")
        except OSError as error:
            self.warn(f"an answer of the second reader cannot be kept in {str(folder)!r}: {error.strerror}")

    def expire(self) -> int:
        """Delete the folders that are older than allowed; how many."""
        first = self.today - timedelta(days=self.keep_days)
        old = [folder for folder in self.root.glob("????-??-??") if folder.name < first.isoformat()]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return len(old)
