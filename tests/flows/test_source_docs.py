"""The pages about sources and markets are those of the catalogue."""

from __future__ import annotations

from pathlib import Path

from salestrigger.flows.source_docs import write_docs

DOCS = Path(__file__).parents[2] / "docs"


def test_the_pages_are_current(tmp_path: Path) -> None:
    """After a change of the catalogue: salestrigger sources docs docs."""
    for page in write_docs(tmp_path):
        assert (DOCS / page.name).read_text(encoding="utf-8") == page.read_text(encoding="utf-8"), page.name
