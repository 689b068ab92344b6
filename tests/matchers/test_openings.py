"""How the names of an index begin: saved beside it, loaded memory-mapped, never in doubt about a name that is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.openings import openings_of
from salestrigger.sources.errors import StorageError
from tests.matchers.names_support import organization

INDEX = OrganizationIndex.build(
    organization(f"o{n}", f"Kvarnvik {word} Handel AS", country="NO")
    for n, word in enumerate(("Ask", "Bjerk", "Eik", "Furu", "Gran", "Hassel", "Lind", "Or", "Rogn", "Selje"))
)


def test_no_name_is_missed_and_most_other_keys_are_refused() -> None:
    """The bits say no only where there is no name, and they say it nearly always there."""
    openings = openings_of(INDEX.segments[0])
    for table in (INDEX.segments[0].by_ordered, INDEX.segments[0].by_whole):
        assert openings.may_have(table.keys).all()
    others = np.random.default_rng(7).integers(0, 2**64, 10_000, dtype=np.uint64)
    assert openings.may_have(others).mean() < 0.1


def test_an_index_without_names_has_nothing() -> None:
    """No word begins a name and no key is one."""
    openings = openings_of(OrganizationIndex.build([organization("o", "AS")]).segments[0])
    assert not openings.may_have(np.array([1, 2**63], dtype=np.uint64)).any()


def test_they_are_saved_with_the_index(tmp_path: Path) -> None:
    """A loaded index works nothing out again: what is on disk is used, and read-only."""
    INDEX.save(tmp_path / "index")
    loaded, built = openings_of(OrganizationIndex.load(tmp_path / "index").segments[0]), openings_of(INDEX.segments[0])
    for name in ("heads", "pairs", "longest", "marks"):
        assert np.array_equal(getattr(loaded, name), getattr(built, name))
    np.save(tmp_path / "index" / "segment-0" / "openings.heads.npy", built.heads[:1])
    assert len(openings_of(OrganizationIndex.load(tmp_path / "index").segments[0]).heads) == 1
    (tmp_path / "index" / "segment-0" / "openings.marks.npy").unlink()
    with pytest.raises(StorageError, match="cannot load the index"):
        OrganizationIndex.load(tmp_path / "index")
