"""What one recorded file gave, for ``benchmarks.samples`` and its parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Outcome:
    """What one file gave: counts of what came out, reasons for what was set aside, and why that is right."""

    counts: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    said: str = ""  #: what an answer without content is: empty, refused …

    @property
    def is_explained(self) -> bool:
        """Whether something came out, or it was said why nothing did."""
        return bool(self.counts) or bool(self.aside) or bool(self.said)
