"""Lists of one's own, as CRM systems export them, with invented companies."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from salestrigger.flows.cli import app
from salestrigger.flows.home import make_home
from salestrigger.flows.import_lists import Listed, import_list, read_list
from salestrigger.sources.adapters.accounts_rows import read_accounts
from salestrigger.sources.errors import DeclarationError, UsageError
from salestrigger.sources.import_columns import guess_columns
from salestrigger.sources.records import Headcount
from tests.sources.adapters.running import NOW

HUBSPOT = """Record ID,Company name,Company Domain Name,Country/Region,City,Number of Employees,Company owner,Type
101,Fjellmørk AS,fjellmork.example,Norway,Dalgard,84,Kari Eksempel,Customer
102,Poldervink B.V.,poldervink.example,Netherlands,Duinbroek,,Ola Eksempel,
103,,x.example,Norway,,,,
"""
SALESFORCE = """Account ID;Account Name;Website;Billing City;Billing Country Code;Phone
0015X;Havglimt AS;http://www.havglimt.example;Bodø;NO;99999999
"""
OWN = (
    "Firma\tNr\tKvK\nFjellmørk AS\t974760673\t\nDalgard AS\t964965781\t\nBrumark AS\t918298037\t\nVink BV\t\t01234567\n"
)


def fields(path: Path) -> dict[str, str]:
    """Heading → what it was taken for, of the columns that are taken."""
    return {guess.heading: guess.field for guess in read_list(path, {}).guesses if guess.field}


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file."""
    path.write_bytes(text.encode(encoding))
    return path


def test_exports_are_understood_and_persons_are_left_out(tmp_path: Path) -> None:
    """Headings of three systems and of a sheet of one's own; a number column also by its values."""
    hubspot = fields(written(tmp_path / "h.csv", HUBSPOT))
    assert hubspot == {
        "Record ID": "org_id", "Company name": "name", "Company Domain Name": "website", "Country/Region": "country",
        "City": "city", "Number of Employees": "employees", "Type": "relation",
    }  # fmt: skip
    assert "Phone" not in fields(written(tmp_path / "s.csv", SALESFORCE, "cp1252"))
    assert fields(written(tmp_path / "own.tsv", OWN, "utf-16")) == {
        "Firma": "name",
        "Nr": "number:NO",
        "KvK": "number:NL",
    }


def test_pipedrive_says_whose_each_column_is(tmp_path: Path) -> None:
    """Its headings name the organisation; those of persons and deals are not the company's."""
    text = (
        "ID;Organization - Name;Organization - Country of Address;Organization - City/town/village/locality of Address;"
        "Organization - Label;Organization - Owner;Person - Name;Deal - Title\n"
        "7;Fjordlys Renhold AS;Norway;Bodø;Customer;P. Prøve;P. Prøve;Renhold\n"
    )
    path = written(tmp_path / "p.csv", text)
    assert fields(path) == {
        "ID": "org_id", "Organization - Name": "name", "Organization - Country of Address": "country",
        "Organization - City/town/village/locality of Address": "city", "Organization - Label": "relation",
    }  # fmt: skip
    import_list(tmp_path, read_list(path, {}), kind="accounts", country=None)
    assert "7,Fjordlys Renhold AS,,NO,Bodø,,,customer" in (tmp_path / "accounts.csv").read_text(encoding="utf-8")


def test_what_is_imported_can_be_read_and_imported_again(tmp_path: Path) -> None:
    """The home's list is one that a run reads; the same rows replace themselves, others stay."""
    written(
        tmp_path / "accounts.csv",
        "org_id,name,country,relation,industry,industry_codeset\nA1,Egen AS,NO,account,62.1,SN2025\n",
    )
    listed = read_list(written(tmp_path / "h.csv", HUBSPOT), {})
    first = import_list(tmp_path, listed, kind="accounts", country=None)
    assert (first.new, first.replaced, first.aside) == (2, 0, ((4, "no name"),))
    again = import_list(tmp_path, listed, kind="accounts", country=None)
    assert (again.new, again.replaced) == (0, 2)
    own = read_list(written(tmp_path / "own.tsv", OWN), {"Nr": "number:NO"})
    import_list(tmp_path, own, kind="competitors", country=None)
    body = (tmp_path / "accounts.csv").read_bytes()
    records = {r.name: r for r in read_accounts(tmp_path / "accounts.csv", body, source_id="a", fetched_at=NOW)}
    assert records["Egen AS"].industries[0].code == "62.1"
    assert (records["Poldervink B.V."].country, records["Poldervink B.V."].relation) == ("NL", "account")
    assert (records["Vink BV"].country, str(records["Vink BV"].other_ids[0])) == ("NL", "NL-KVK-01234567")
    assert (records["Dalgard AS"].relation, records["Dalgard AS"].country) == ("competitor", "NO")
    assert "Kari" not in body.decode()


def test_a_cell_that_cannot_be_right_is_named_and_costs_nothing_else(tmp_path: Path) -> None:
    """The line, the column, the value and what is allowed; the row is taken with everything else."""
    text = (
        "Company,Orgnr,KvK,LEI,Employees,Website,Land\n\n"
        "Fjellmørk AS,974760674,,,1 200,fjellmork.no,NO\n"
        "Poldervink BV,,123456,,50-99,n/a,NL\n"
        "Havglimt AS,974760673,,5493001KJTIIGC8Y1R13,about 50,,Utopia\n"
    )
    done = import_list(tmp_path, read_list(written(tmp_path / "l.csv", text), {}), kind="accounts", country=None)
    assert (done.new, done.aside) == (3, ())
    assert done.without == (
        (3, "'Orgnr': '974760674' is no number of the register NO-BRC; allowed: nine digits, the last a check digit"),
        (4, "'KvK': '123456' is no number of the register NL-KVK; allowed: eight digits"),
        (4, "'Website': 'n/a' is not allowed; allowed: a domain or an address, as example.com"),
        (
            5,
            "'LEI': '5493001KJTIIGC8Y1R13' is no LEI; allowed: eighteen letters or digits and two check digits",
        ),
        (5, "'Employees': 'about 50' is not allowed; allowed: a whole number, or a range as 50-99 or 250+"),
        (5, "'Land': 'Utopia' is not known; allowed: two letters of ISO 3166, as NO, or a country's name"),
    )
    body = (tmp_path / "accounts.csv").read_bytes()
    records = {r.name: r for r in read_accounts(tmp_path / "accounts.csv", body, source_id="a", fetched_at=NOW)}
    assert [records[name].employees for name in ("Fjellmørk AS", "Poldervink BV")] == [
        Headcount(1200, 1200), Headcount(50, 99),
    ]  # fmt: skip
    assert records["Fjellmørk AS"].website == "https://fjellmork.no/"
    assert [str(i) for i in records["Havglimt AS"].other_ids] == ["NO-BRC-974760673"]


def test_a_suppression_list_goes_before_every_other(tmp_path: Path) -> None:
    """It holds whatever its own column says, and no later export lifts it; only a person's edit does."""
    listed = read_list(written(tmp_path / "h.csv", HUBSPOT), {})
    import_list(tmp_path, listed, kind="customers", country=None)
    import_list(tmp_path, listed, kind="suppressed", country=None)
    again = import_list(tmp_path, listed, kind="accounts", country=None)
    assert (again.replaced, again.still_suppressed) == (2, 2)
    body = (tmp_path / "accounts.csv").read_bytes()
    records = read_accounts(tmp_path / "accounts.csv", body, source_id="a", fetched_at=NOW)
    assert [record.relation for record in records] == ["suppressed", "suppressed"]


def test_a_workbook(tmp_path: Path) -> None:
    """A broken one is said; a number in a cell stays a whole number."""
    with pytest.raises(DeclarationError, match="no workbook that can be read"):
        read_list(written(tmp_path / "x.xlsx", "no workbook"), {})
    from salestrigger.flows.import_lists import _cell

    assert [_cell(value) for value in (974760673.0, 1.5, None, "x")] == ["974760673", "1.5", "", "x"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "no column is the name; say which: --column 'HEADING=name'; it has: 'a', 'b'"),
        ("name,city\n", "only a first line with headings"),
        ('name,city\nFjell AS,Bodø\n"Open AS,Oslo\nVink AS,Bergen\n', "line 3: a quotation mark is opened and never"),
        ("name\0,city\n", "not a table of text; allowed: CSV or TSV"),
    ],
)
def test_what_cannot_be_taken_is_said(tmp_path: Path, text: str, message: str) -> None:
    """The message names the file, the line and what to do."""
    with pytest.raises(DeclarationError, match=re.escape(message)):
        read_list(written(tmp_path / "l.csv", text), {})


def test_the_list_that_is_there_is_never_lost(tmp_path: Path) -> None:
    """A spreadsheet's semicolons are read, rows alike stay, and a list that a run refuses is left as it is."""
    new = read_list(written(tmp_path / "new.csv", "name,country\nVink BV,NL\n"), {})
    target = written(tmp_path / "accounts.csv", "org_id;name;city\n7;Fjell AS;Bodø\n;Dal AS;Oslo\n;Dal AS;Oslo\n")
    import_list(tmp_path, new, kind="accounts", country=None)
    kept = target.read_text(encoding="utf-8")
    assert [line.split(",")[:2] for line in kept.splitlines()[1:]] == [
        ["7", "Fjell AS"], ["", "Dal AS"], ["", "Dal AS"], ["", "Vink BV"],
    ]  # fmt: skip
    for text, encoding, says in (
        ("name;city\nBølgekraft;Bodø\n", "cp1252", "line 2: not UTF-8 text"),
        ("name,eier\nFjell AS,Kari\n", "utf-8", "'eier' is not a column"),
    ):
        written(target, text, encoding)
        with pytest.raises(DeclarationError, match=says):
            import_list(tmp_path, new, kind="accounts", country=None)
        assert target.read_bytes() == text.encode(encoding)


def test_a_country_for_all_rows_is_one(tmp_path: Path) -> None:
    """A name or a code; anything else is refused, since no run would read the list that it made."""
    listed = read_list(written(tmp_path / "l.csv", "name\nVink\n"), {})
    import_list(tmp_path, listed, kind="accounts", country="Nederland")
    assert ",Vink,,NL," in (tmp_path / "accounts.csv").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="'Utopia' is no country; allowed: two letters"):
        import_list(tmp_path, listed, kind="accounts", country="Utopia")


def test_a_number_is_of_the_country_that_the_row_says(tmp_path: Path) -> None:
    """One column "org.nr" for companies of several countries; zeros that a sheet dropped come back."""
    text = "Name;Org.nr;Country\nFjell AS;974 760 673;NO\nVink BV;68750110;NL\nDal OY;0112038-9;Finland\n"
    import_list(tmp_path, read_list(written(tmp_path / "l.csv", text), {}), kind="accounts", country=None)
    stated = (tmp_path / "accounts.csv").read_text(encoding="utf-8")
    assert all(number in stated for number in ("NO-BRC:974760673", "NL-KVK:68750110", "FI-PRO:0112038-9"))
    dropped = read_list(written(tmp_path / "k.csv", "Naam;KvK\nVink BV;1234567\nPolder BV;68750110\n"), {})
    assert import_list(tmp_path, dropped, kind="accounts", country=None).without == ()
    assert "NL-KVK:01234567" in (tmp_path / "accounts.csv").read_text(encoding="utf-8")
    typed = read_list(written(tmp_path / "t.csv", "Naam;KvK\nVink BV;1234567\nPolder BV;01234567\n"), {})
    assert [line for line, _ in import_list(tmp_path, typed, kind="accounts", country=None).without] == [2]


def test_a_salesforce_report(tmp_path: Path) -> None:
    """Its types say how a customer buys, and below its rows stands what is no company."""
    text = (
        "Account Name,Type,Billing Country\nVink B.V.,Customer - Direct,Netherlands\n,,\n"
        "Grand Totals (1 records),,\nConfidential Information - Do Not Distribute\n"
        '"Copyright © 2000-2026 salesforce.com, inc. All rights reserved."\n'
    )
    done = import_list(tmp_path, read_list(written(tmp_path / "s.csv", text), {}), kind="accounts", country=None)
    assert (done.new, [line for line, _ in done.aside]) == (1, [4, 5, 6])
    assert ",Vink B.V.,,NL,,,,customer," in (tmp_path / "accounts.csv").read_text(encoding="utf-8")


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), min_size=9, max_size=9))
def test_whatever_is_imported_a_run_can_read(cells: list[str]) -> None:
    """No cell of an export makes a list that stops the next run."""
    headings = ("name", "id", "country", "city", "website", "orgnr", "employees", "type", "kvk")
    with TemporaryDirectory() as folder:
        home = Path(folder)
        guesses = guess_columns(headings, [cells])
        import_list(home, Listed(home, headings, (tuple(cells),), guesses, (2,)), kind="accounts", country=None)
        target = home / "accounts.csv"
        read_accounts(target, target.read_bytes(), source_id="a", fetched_at=NOW)


def test_overrides_are_checked(tmp_path: Path) -> None:
    """An unknown column or field is refused with what there is."""
    path = written(tmp_path / "h.csv", HUBSPOT)
    assert next(g for g in read_list(path, {"City": ""}).guesses if g.heading == "City").field == ""
    with pytest.raises(UsageError, match="has no column 'Town'"):
        read_list(path, {"Town": "city"})
    with pytest.raises(UsageError, match="'place' is nothing that a column can be"):
        read_list(path, {"City": "place"})


def test_nothing_is_written_before_it_is_confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guess is shown first."""
    monkeypatch.setenv("SALESTRIGGER_HOME", str(tmp_path))
    path = written(tmp_path / "h.csv", HUBSPOT)
    refused = CliRunner().invoke(app, ["import", "customers", str(path)], input="n\n")
    assert "Company name" in refused.output
    silent = CliRunner().invoke(app, ["import", "customers", str(path)], input="")
    assert isinstance(silent.exception, UsageError)
    assert "nothing was taken; to take them without asking: --yes" in str(silent.exception)
    assert not (tmp_path / "accounts.csv").exists()
    taken = CliRunner().invoke(app, ["import", "customers", str(path), "--yes"])
    assert taken.exit_code == 0, taken.output
    assert "2 new" in taken.output
    assert "line 4 left out: no name" in taken.output
    assert f"no source of {tmp_path} reads it yet" in taken.output
    make_home(tmp_path / "home", "no")
    taken = CliRunner().invoke(app, ["import", "customers", str(path), "--yes", "--home", str(tmp_path / "home")])
    assert "no source of" not in taken.output
