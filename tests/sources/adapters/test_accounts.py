"""The user's own list: every row a record, every mistake named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from salestrigger.matchers.judge import codesets
from salestrigger.sources.adapters.accounts_rows import _CODESETS, read_accounts
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.records import Headcount, Identifier, IndustryCode, Money, OrgRecord
from tests.sources.adapters.running import NOW, run, spec_of


def read(text: str | bytes, name: str = "accounts.csv") -> tuple[OrgRecord, ...]:
    """The records of a file with this content."""
    body = text if isinstance(text, bytes) else text.encode()
    return read_accounts(Path(name), body, source_id="mine", fetched_at=NOW)


def test_every_column() -> None:
    """A full row becomes a full record."""
    (record,) = read(
        "org_id,name,aliases,country,city,website,identifiers,relation,employees,industry,industry_codeset,legal_form,"
        "revenue,currency,description\n"
        '0042,"Veerhof, De B.V.",Veerhof|De Veerhof,nl,Zwolle,veerhof.example,'
        "NL-KVK:01234567|XI-LEI-5493001KJTIIGC8Y1R12,customer,50-99,52.10|49.41,SBI2025,BV,12500000.50,eur,Opslag\n"
    )
    assert (record.record_id, record.name, record.relation) == ("ACCOUNT-0042", "Veerhof, De B.V.", "customer")
    assert [name.text for name in record.names if name.kind == "alias"] == ["Veerhof", "De Veerhof"]
    assert record.other_ids == (Identifier("NL-KVK", "01234567"), Identifier("XI-LEI", "5493001KJTIIGC8Y1R12"))
    assert record.employees == Headcount(50, 99)
    assert record.industries == (IndustryCode("52.10", "SBI2025"), IndustryCode("49.41", "SBI2025"))
    assert record.revenue == Money(Decimal("12500000.50"), "EUR")
    assert (record.website, record.country, record.addresses[0].city) == ("https://veerhof.example/", "NL", "Zwolle")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("name;city\nFjellmørk AS;Oslo\n", "a.csv"),
        ("name\tcity\nFjellmørk AS\tOslo\n", "a.tsv"),
        ("\ufeffname,city\r\n\r\nFjellmørk AS,Oslo\r\n", "a.csv"),
        ("NAME,City\nFjellmørk AS,Oslo", "a.csv"),
    ],
)
def test_spreadsheets_of_all_countries(text: str, name: str) -> None:
    """Semicolons, tabs, a byte order mark, empty lines and capitals in the header are fine."""
    (record,) = read(text, name)
    assert (record.name, record.addresses[0].city, record.relation) == ("Fjellmørk AS", "Oslo", "account")


def test_numbers_are_taken_as_their_registers_write_them() -> None:
    """However they were typed, so that they are found again; of a register that we cannot check as they stand."""
    (record,) = read("name,identifiers\nA,NO-BRC:974 760 673|FI-PRO-01120389|DE-HRB:B 12345\n")
    assert [str(i) for i in record.other_ids] == ["NO-BRC-974760673", "FI-PRO-0112038-9", "DE-HRB-B12345"]


@pytest.mark.parametrize(
    ("number", "allowed"),
    [
        ("NO-BRC:12345", "NO-BRC and nine digits, the last a check digit"),
        ("NO-BRC-974760674", "NO-BRC and nine digits, the last a check digit"),
        ("NL-KVK:1234567", "NL-KVK and eight digits"),
        ("DK-CVR:10150818", "DK-CVR and eight digits that pass CVR's check"),
        ("SE-BLV:8001011234", "a person's own number is not taken"),
        ("XI-LEI:5493001KJTIIGC8Y1R13", "two check digits"),
    ],
)
def test_a_number_that_cannot_be_right_costs_nothing_else(number: str, allowed: str) -> None:
    """The note names file, line, column, value and what is allowed; the row and its other number are there."""
    notes: list[str] = []
    body = f"name,city,identifiers\nA,Oslo,{number}|GB-COH:SC571653\n".encode()
    (record,) = read_accounts(Path("accounts.csv"), body, source_id="mine", fetched_at=NOW, notes=notes)
    assert [str(i) for i in record.other_ids] == ["GB-COH-SC571653"]
    (note,) = notes
    assert note.startswith(f"accounts.csv: line 2: identifiers: {number!r} is not allowed; allowed: ")
    assert allowed in note


def test_every_code_set_that_a_profile_knows_may_be_named() -> None:
    """Those of TOL 2025 and DB25 too."""
    assert set(_CODESETS) == set(codesets())
    (record,) = read("name,industry,industry_codeset\nA,62.10,DB25\n")
    assert record.industries == (IndustryCode("62.10", "DB25"),)


def test_an_id_is_made_where_there_is_none() -> None:
    """Without org_id the name, country and city identify a row, so that reading again changes nothing."""
    text = "name,city\nFjellmørk AS,Oslo\nFjellmørk AS,Bergen\n"
    assert [r.record_id for r in read(text)] == [r.record_id for r in read(text)]
    assert len({r.record_id for r in read(text)}) == 2


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("", "", "empty; the first line names the columns: org_id, name"),
        ("org_id,city\n1,Oslo\n", "name", "line 1: the column is missing"),
        ("name,telephone\nA,1\n", "telephone", "'telephone' is not a column; allowed: org_id"),
        ("name,name\nA,B\n", "name", "is there 2 times"),
        ("name,city\nA\n", "", "line 2: 1 cells, but the first line names 2 columns"),
        ('name,city\n"A" B,Oslo\n', "", "line 2: bad quoting"),
        ('name,city\n"A,Oslo\n', "", "bad quoting"),
        ("name,city\n,Oslo\n", "name", "line 2: '' is not allowed"),
        ("org_id,name\n1,A\n2,B\n1,C\n", "org_id", "line 4: '1' is already on line 2"),
        ("name\nA\nA\n", "name", "line 3: 'A' is already on line 2"),
        ("name,employees\nA,about 50\n", "employees", "'about 50' is not allowed; allowed: a whole number"),
        ("name,employees\nA,99-50\n", "employees", "whose first number is the smaller one"),
        ("name,country\nA,Norway\n", "country", "two letters of ISO 3166"),
        ("name,relation\nA,friend\n", "relation", "account, customer, competitor, supplier"),
        ("name,industry\nA,41.000\n", "industry_codeset", "SN2025"),
        ("name,revenue\nA,1e999999999\n", "currency", "ISO 4217"),
        ("name,revenue,currency\nA,much,NOK\n", "revenue", "'much' is not allowed"),
        ("name,revenue,currency\nA,NaN,NOK\n", "revenue", "'NaN' is not allowed"),
        ("name,website\nA,javascript:alert(1)\n", "website", "a domain or an address"),
        ("name,identifiers\nA,987654321\n", "identifiers", "register:number"),
        (b"name\nFjellm\xf8rk\n", "", "line 2: not UTF-8 text"),
    ],
)
def test_mistakes_are_named(text: str | bytes, key: str, message: str) -> None:
    """The error has the file, the column, the line, the value and what is allowed."""
    with pytest.raises(DeclarationError) as error:
        read(text)
    assert error.value.key == key
    assert message in str(error.value)
    assert str(error.value).startswith("accounts.csv")


def test_collected_from_the_disk(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The file is read without any request; a missing one is said."""
    path = tmp_path / "mine.csv"
    spec = spec_of("mine", adapter="accounts", url=str(path), trust="user", options={"relation": "competitor"})
    (absent,) = run(httpserver, tmp_path, spec)
    assert absent.status == "malformed"
    assert absent.reason == f"declaration: {path}: no such file"
    path.write_text("name\nFjellmørk AS\n", encoding="utf-8")
    (outcome,) = run(httpserver, tmp_path, spec)
    assert (outcome.status, outcome.requests) == ("ok", 0)
    assert [record.relation for record in outcome.collected.records] == ["competitor"]
