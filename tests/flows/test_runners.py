"""Splitting work: hosts stay together, order is kept, nothing is lost."""

from __future__ import annotations

from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from salestrigger.flows.runners import LocalRunner, batches, groups_by_host
from salestrigger.sources.spec import SourceSpec


def spec(name: str, host: str) -> SourceSpec:
    return SourceSpec(id=name, title=name, adapter="feed", url=f"https://{host}/feed", trust="press", licence="test")


@given(st.lists(st.sampled_from(["a.example", "b.example", "c.example", "d.example"]), max_size=12), st.integers(1, 5))
def test_no_two_groups_share_a_host(hosts: list[str], parts: int) -> None:
    """Every source is in exactly one group, and a host is in one group only."""
    specs = [spec(f"s{i}", host) for i, host in enumerate(hosts)]
    groups = groups_by_host(specs, parts)
    assert sorted(s.id for group in groups for s in group) == sorted(s.id for s in specs)
    seen = [{urlsplit(s.url).hostname for s in group} for group in groups]
    assert sum(map(len, seen)) == len(set().union(*seen))
    assert len(groups) <= parts


@given(st.lists(st.integers(), max_size=50), st.integers(1, 7))
def test_batches_keep_order_and_lose_nothing(items: list[int], size: int) -> None:
    """Put together again, the batches are the items."""
    parts = batches(items, size)
    assert [item for part in parts for item in part] == items
    assert all(len(part) <= size for part in parts)


def test_the_local_runner_keeps_order() -> None:
    """Results come in the order of the items."""
    assert list(LocalRunner().map(lambda x: x * 2, [3, 1, 2])) == [6, 2, 4]
