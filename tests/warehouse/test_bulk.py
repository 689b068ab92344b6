"""A bulk file's records: stored as columns, they are the same rows as stored one by one."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from salestrigger.sources.record_columns import RecordWriter, table_of
from salestrigger.sources.records import (
    Address,
    Collected,
    Headcount,
    Identifier,
    IndustryCode,
    Money,
    OrgName,
    OrgRecord,
    RecordFile,
)
from salestrigger.warehouse import write
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate
from tests.warehouse import examples as ex

TABLES = ("org_records", "org_identifiers", "organization_names", "organizations", "organization_links", "facts")
#: what says when, in which order or in which run a row came
PASSING = {"fact_number", "run_id", "first_run_id", "run_number"}


def records() -> list[OrgRecord]:
    """One of every kind that the columns must spell: odd signs, several names and addresses, each sort of headcount."""
    first = ex.record()
    plain = dataclasses.replace(
        first, names=(OrgName('Skrå "Blå" \\ Ås AS'),), website=None, employees=None, industries=(), addresses=(),
        other_ids=(), revenue=None, parent=None, status="active", status_on=None, description='Linje\t"én" / <b>',
    )  # fmt: skip
    postal = Address("postal", ("Postboks 1", "c/o Ås"), "8001", "BODØ", "BODØ", "1804", None, "NO")
    business = Address("business", (), "9008", "TROMSØ", "TROMSØ", "5501", "Troms", "SE")
    changes: list[dict[str, object]] = [
        {},
        {"names": (OrgName("Ny AS"), OrgName("Gammel AS", "former", date(2001, 1, 1), date(2020, 2, 2)))},
        {"names": (OrgName("To AS"), OrgName("To AS"), OrgName("To", "trade"))},
        {"addresses": (postal, business)},
        {"addresses": (postal,), "industries": (IndustryCode("62.010", "SN2025"), IndustryCode("43.210", "SN2025"))},
        {"employees": Headcount(0, 4, date(2026, 1, 1))},
        {"employees": Headcount(50, None), "marketing_block": True},
        {"employees": Headcount(12, 12), "marketing_block": False, "is_sole_proprietor": True},
        {"status": "bankrupt", "status_on": date(2026, 9, 1), "founded_on": None, "legal_form": None},
        {"parent": Identifier("NO-BRC", "999999999"), "registered_on": None, "country": None},
        {"revenue": Money(Decimal("1000.50"), "NOK"), "revenue_year": 2025},
        {"other_ids": (Identifier("XI-LEI", "5493001KJTIIGC8Y1R12"),), "description": ""},
    ]
    numbers = [str(811_000_000 + n) for n in range(len(changes))]
    return [
        dataclasses.replace(plain, record_id=f"NO-BRC-{number}", scheme="NO-BRC", identifier=number, **change)  # type: ignore[arg-type]
        for number, change in zip(numbers, changes, strict=True)
    ]


def in_file(path: Path, *parts: list[OrgRecord]) -> Collected:
    """The records as a bulk file, in so many parts."""
    writer = RecordWriter(path)
    for part in parts:
        writer.add(table_of(part))
    writer.close()
    return Collected(record_file=RecordFile(path, writer.count))


def stored(tmp_path: Path, name: str, *collected: Collected) -> tuple[Warehouse, list[write.StoredCounts]]:
    """A warehouse in which each of ``collected`` was stored, a day apart."""
    wh = Warehouse.open(tmp_path / f"{name}.duckdb")
    migrate(wh)
    counts = []
    for day, one in enumerate(collected):
        run_id = write.start_run(wh, as_of=ex.DAY1 + timedelta(days=day))
        counts.append(write.store_collected(wh, run_id, ex.outcome(ex.REGISTER, one), ex.REGISTER))
    return wh, counts


def content(wh: Warehouse, table: str) -> list[str]:
    """A table's rows without what is only passing, in one order."""
    rows = wh.relation(table).to_pylist()
    return sorted(str({key: value for key, value in row.items() if key not in PASSING}) for row in rows)


def test_both_ways_give_the_same_rows(tmp_path: Path) -> None:
    """Names, numbers, links, organisations, facts and hashes agree row by row."""
    all_of_them = records()
    one_by_one, _ = stored(tmp_path, "plain", Collected(records=tuple(all_of_them)))
    in_bulk, _ = stored(tmp_path, "bulk", in_file(tmp_path / "records", all_of_them[:5], all_of_them[5:]))
    for table in TABLES:
        assert content(in_bulk, table) == content(one_by_one, table), table
        assert content(in_bulk, table)


def test_a_file_that_is_loaded_again_changes_nothing(tmp_path: Path) -> None:
    """Only what differs is stored the second time, whichever way the first one was."""
    before = records()
    after = [dataclasses.replace(r, website="https://ny.example/") if n % 4 == 0 else r for n, r in enumerate(before)]
    _, counts = stored(
        tmp_path,
        "again",
        Collected(records=tuple(before)),
        in_file(tmp_path / "same", before),
        in_file(tmp_path / "changed", after),
    )
    assert [count.changed_records for count in counts] == [12, 0, 3]
    assert [count.new_facts for count in counts[1:]] == [0, 3]


def test_a_record_that_was_purged_stays_away(tmp_path: Path) -> None:
    """What the register removed on legal grounds does not come back by an older file."""
    some = records()
    gone = Collected(removed=(some[0].record_id,))
    wh, _ = stored(tmp_path, "gone", Collected(records=tuple(some)), gone, in_file(tmp_path / "old", some))
    assert len(wh.relation("org_records")) == len(some) - 1


def test_a_number_on_ones_own_list_links_the_new_record(tmp_path: Path) -> None:
    """A record that an account names by its number belongs to the account's organisation."""
    number = Identifier("NO-BRC", records()[0].identifier)
    own = dataclasses.replace(
        records()[1], record_id="ACCOUNT-A1", scheme="ACCOUNT", identifier="A1", other_ids=(number,)
    )
    wh, _ = stored(tmp_path, "own", Collected(records=(own,)), in_file(tmp_path / "bulk", records()[:1]))
    links = {row["record_id"]: row["organization_id"] for row in wh.relation("organization_links").to_pylist()}
    assert links["ACCOUNT-A1"] == links[str(number)]


def test_a_record_that_is_twice_in_a_file_is_written_once(tmp_path: Path) -> None:
    """The writer counts what it left out."""
    writer = RecordWriter(tmp_path / "twice")
    writer.add(table_of(records()))
    writer.add(table_of(records()[:3]))
    writer.close()
    assert (writer.count, writer.repeated) == (12, 3)
