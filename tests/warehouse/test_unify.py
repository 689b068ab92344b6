"""One organisation out of several records: by number, by name, by a person; and back again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.sources.errors import UsageError
from salestrigger.sources.records import Address, Collected, Identifier, OrgName, OrgRecord
from salestrigger.warehouse import read, write
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.join import Edge, joins_of
from salestrigger.warehouse.unify import Unified, confirm, made, refuse, review, unify
from tests.warehouse import examples as ex

LEI = "5493001KJTIIGC8Y1R12"


def lei(*others: Identifier, number: str = LEI, name: str = "Nordlys Maskin AS") -> OrgRecord:
    """A record of the LEI register."""
    return OrgRecord(f"XI-LEI-{number}", "XI-LEI", number, (OrgName(name),), "gleif", ex.DAY1, other_ids=others)


def day(
    wh: Warehouse, *records: OrgRecord, spec: Any = ex.REGISTER, when: Any = ex.DAY1, is_indexed: bool = False
) -> Unified:
    """One run: what is collected is stored and then unified, by an index of everybody or without one."""

    def index() -> OrganizationIndex | None:
        return OrganizationIndex.build(read.organizations(wh).values()) if is_indexed else None

    run_id = write.start_run(wh, as_of=when)
    write.store_collected(wh, run_id, ex.outcome(spec, Collected(records=records), at=when), spec)
    joined = unify(wh, run_id, when, index=index)
    write.finish_run(wh, run_id)
    assert run_checks(wh) == []
    return joined


def together(wh: Warehouse, *record_ids: str) -> bool:
    """Whether the records are one organisation."""
    of = read.organization_of(wh)
    return len({of[record_id] for record_id in record_ids}) == 1


def test_a_number_learned_later_joins_two_organisations(wh: Warehouse) -> None:
    """A LEI record that did not name the national number at first joins its register's organisation when it does."""
    day(wh, ex.record(), lei())
    assert not together(wh, "NO-BRC-800000001", f"XI-LEI-{LEI}")
    before = read.organization_of(wh)
    joined = day(wh, lei(Identifier("NO-BRC", "800000001")), when=ex.DAY2)
    assert joined.by_number == 1
    assert together(wh, "NO-BRC-800000001", f"XI-LEI-{LEI}")
    assert read.organization_of(wh)["NO-BRC-800000001"] == before["NO-BRC-800000001"]
    old = wh.select("SELECT merged_into_id FROM organizations WHERE merged_into_id IS NOT NULL").to_pylist()
    assert old == [{"merged_into_id": before["NO-BRC-800000001"]}]
    rows = wh.relation("organization_links").to_pylist()
    links = [
        {"basis": r["basis"], "holds": r["unlinked_at"] is None} for r in rows if r["record_id"] == f"XI-LEI-{LEI}"
    ]
    assert sorted(links, key=str) == [{"basis": "identifier", "holds": True}, {"basis": "own", "holds": False}]
    assert len(read.organizations(wh)) == 1
    assert wh.select("SELECT record_count FROM organizations_current").to_pylist() == [{"record_count": 2}]
    assert day(wh, ex.record(), when=ex.DAY2).by_number == 0  # running again changes nothing


def test_two_numbers_of_one_register_are_two_companies(wh: Warehouse) -> None:
    """Whatever names both of them: nothing is joined, and it is said."""
    day(wh, ex.record(), ex.record("800000002", "Nordlys Drift AS"))
    claims = lei(Identifier("NO-BRC", "800000001"), Identifier("NO-BRC", "800000002"))
    joined = day(wh, claims, when=ex.DAY2)
    assert not together(wh, "NO-BRC-800000001", "NO-BRC-800000002")
    assert joined.conflicts == (
        (f"XI-LEI-{LEI}", "names NO-BRC-800000002, but NO-BRC has two organisations there: 800000001, 800000002"),
    )


def universe() -> tuple[OrgRecord, ...]:
    """A small register with namesakes."""
    bergen = (Address("business", (), "5003", "Bergen", country="NO"),)
    return (
        ex.record("800000001", "Nordvik Asfalt AS"),
        ex.record("800000002", "Fjordmark Elektro AS"),
        ex.record("800000003", "Havgløtt Drift AS"),
        ex.record("800000004", "Havgløtt Drift AS", addresses=bergen),
        ex.record("800000005", "Storfjell Betong AS"),
    )


def account(number: str, name: str, *others: Identifier) -> OrgRecord:
    """A row of one's own list, in Norway."""
    return replace(ex.account(number, name, *others), country="NO")


@pytest.mark.parametrize("is_indexed", [False, True])
def test_an_account_without_a_number_is_found_by_its_name(wh: Warehouse, is_indexed: bool) -> None:
    """Surely enough: linked with its probability. Namesakes and the merely similar wait for a person."""
    day(wh, *universe())
    accounts = (account("A1", "Nordvik Asfalt"), account("A2", "Havgløtt Drift"), account("A3", "Helt Annet Firma AS"))
    joined = day(wh, *accounts, spec=ex.ACCOUNTS, when=ex.DAY2, is_indexed=is_indexed)
    assert (joined.by_name, joined.to_review) == (1, 1)
    assert together(wh, "ACCOUNT-A1", "NO-BRC-800000001")
    assert not together(wh, "ACCOUNT-A2", "NO-BRC-800000003")
    link = wh.select(
        "SELECT basis, probability FROM organization_links WHERE record_id = 'ACCOUNT-A1' AND unlinked_at IS NULL"
    )
    assert link.to_pylist()[0]["basis"] == "match"
    assert link.to_pylist()[0]["probability"] >= 0.97
    (waiting,) = review(wh)
    assert (waiting["record_id"], waiting["may_be"]) == ("ACCOUNT-A2", "Havgløtt Drift AS")
    (first,) = [o for o in read.organizations(wh).values() if o.name == "Nordvik Asfalt AS"]
    assert first.relation == "account"


def test_a_lei_holder_without_a_number_is_found_by_its_name(wh: Warehouse) -> None:
    """A sure name is linked, namesakes wait, and what waits stays although it is not asked again; a link is undone."""
    day(wh, *universe())
    names = {"A": "Nordvik Asfalt AS", "B": "Havgløtt Drift AS", "C": "Helt Annet Firma AS"}
    holders = [replace(lei(number=f"54930000000000000{key}00", name=name), country="NO") for key, name in names.items()]
    joined = day(wh, *holders, spec=ex.REGISTER, when=ex.DAY2)
    assert (joined.by_name, joined.to_review) == (1, 1)
    assert together(wh, holders[0].record_id, "NO-BRC-800000001")
    (waiting,) = review(wh)
    assert (waiting["record_id"], waiting["may_be"]) == (holders[1].record_id, "Havgløtt Drift AS")
    again = day(wh, *holders, spec=ex.REGISTER, when=ex.DAY2)
    assert (again.by_name, again.to_review) == (0, 0)
    assert [row["record_id"] for row in review(wh)] == [holders[1].record_id]
    refuse(wh, holders[0].record_id, read.organization_of(wh)["NO-BRC-800000001"], ex.DAY2)
    assert not together(wh, holders[0].record_id, "NO-BRC-800000001")


def test_two_lei_holders_of_one_name_wait(wh: Warehouse) -> None:
    """An organisation has one LEI: which of two is its own, a person says."""
    day(wh, *universe())
    holders = [replace(lei(number=f"54930000000000000{n}00", name="Nordvik Asfalt AS"), country="NO") for n in (1, 2)]
    day(wh, *holders, spec=ex.REGISTER, when=ex.DAY2)
    assert not together(wh, holders[0].record_id, "NO-BRC-800000001")
    assert not together(wh, holders[1].record_id, "NO-BRC-800000001")


def test_a_number_beats_a_name(wh: Warehouse) -> None:
    """A row that states a number goes to it, though another company has its name; also when it learns it later."""
    day(wh, *universe())
    by_number = account("A1", "Nordvik Asfalt AS", Identifier("NO-BRC", "800000005"))
    day(wh, by_number, account("A2", "Nordvik Asfalt AS"), spec=ex.ACCOUNTS, when=ex.DAY2)
    assert together(wh, "ACCOUNT-A1", "NO-BRC-800000005")
    assert together(wh, "ACCOUNT-A2", "NO-BRC-800000001")
    learned = account("A2", "Nordvik Asfalt AS", Identifier("NO-BRC", "800000002"))
    day(wh, learned, spec=ex.ACCOUNTS, when=ex.DAY2)
    assert together(wh, "ACCOUNT-A2", "NO-BRC-800000002")


@pytest.mark.parametrize("is_indexed", [False, True])
def test_what_a_person_says_stands(wh: Warehouse, is_indexed: bool) -> None:
    """A confirmed row is linked, a refused link is undone and not made again; both survive later runs."""
    day(wh, *universe())
    accounts = (account("A1", "Nordvik Asfalt"), account("A2", "Havgløtt Drift"))
    day(wh, *accounts, spec=ex.ACCOUNTS, when=ex.DAY2)
    of = read.organization_of(wh)
    assert [(row["record_id"], row["organization_id"], row["basis"]) for row in made(wh)] == [
        ("ACCOUNT-A1", of["NO-BRC-800000001"], "match")
    ]
    confirm(wh, "ACCOUNT-A2", of["NO-BRC-800000004"], ex.DAY2)
    refuse(wh, "ACCOUNT-A1", of["NO-BRC-800000001"], ex.DAY2)
    assert run_checks(wh) == []
    assert [row["record_id"] for row in made(wh)] == ["ACCOUNT-A2"]
    for _ in range(2):
        assert together(wh, "ACCOUNT-A2", "NO-BRC-800000004")
        assert not together(wh, "ACCOUNT-A1", "NO-BRC-800000001")
        assert review(wh) == []
        day(wh, *accounts, spec=ex.ACCOUNTS, when=ex.DAY2, is_indexed=is_indexed)
    with pytest.raises(UsageError, match="no record 'ACCOUNT-X'"):
        confirm(wh, "ACCOUNT-X", of["NO-BRC-800000004"], ex.DAY2)
    with pytest.raises(UsageError, match="no organisation 'org_x'"):
        refuse(wh, "ACCOUNT-A1", "org_x", ex.DAY2)


def test_facts_follow_the_record(wh: Warehouse) -> None:
    """What a record states is the joined organisation's."""
    day(wh, ex.record(employees=None), replace(lei(), description="maskiner"))
    day(wh, replace(lei(Identifier("NO-BRC", "800000001")), description="maskiner"), when=ex.DAY2)
    (organization,) = read.organizations(wh).values()
    assert organization.get("description") == "maskiner"
    assert organization.get("legal_form") == "AS"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12), st.randoms())
def test_the_order_of_what_is_read_does_not_matter(pairs: list[tuple[int, int]], chance: Any) -> None:
    """Without conflicts the same organisations become one whatever comes first, and nothing points to a merged one."""
    edges = [Edge(f"XI-LEI-{a}", "XI-LEI", f"org_{a}", f"NO-BRC-{b}", f"org_{b}") for a, b in pairs if a != b]
    first = joins_of(edges, {}, {}).merged
    chance.shuffle(edges)
    second = joins_of(edges, {}, {}).merged
    assert first == second
    assert not set(first.values()) & set(first)
