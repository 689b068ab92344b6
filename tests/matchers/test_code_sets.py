"""Industry codes of one set judged by a profile that names another: what the shipped table settles, and what not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from salestrigger.flows.profile_tables import build_crosswalk
from salestrigger.icp_profiles.criteria import IndustryCriterion
from salestrigger.icp_profiles.profile import Profile, default_folder, load_profile
from salestrigger.icp_profiles.tables import Crosswalk, crosswalk
from salestrigger.matchers.check_profile import check_profile
from salestrigger.matchers.judge import codesets, judge_of
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.qualify import fit_table
from salestrigger.matchers.states import MET, NOT_MET, SEPARATOR, UNKNOWN
from salestrigger.sources.errors import DeclarationError

SHIPPED = default_folder() / "crosswalk.tsv"


def judged(codes: str, of: str, code: str, codeset: str) -> int:
    """One code of one set, asked by a profile in other sets (``|``-separated)."""
    asked = IndustryCriterion(
        kind="industry", codes=tuple(codes.split("|")), codesets=tuple(of.split("|")), crosswalk=SHIPPED
    )
    return judge_of(asked, date(2026, 9, 7))(f"{code}{SEPARATOR}{codeset}")


@pytest.mark.parametrize(
    ("codes", "of", "code", "codeset", "state"),
    [
        ("62", "SN2025", "7371", "SIC1987", MET),  # computer programming services
        ("62", "SBI2008|SBI2025", "541511", "NAICS2022", MET),  # custom computer programming
        ("62", "SN2007", "5415", "NAICS2017", MET),  # the group of it: every class of it is wanted
        ("58", "SN2025", "7372", "SIC1987", UNKNOWN),  # prepackaged software: published, or copied
        ("10-33", "SN2025", "3711", "SIC1987", MET),  # motor vehicles
        ("10-33", "SN2025", "3570", "SIC1987", MET),  # group 357, as EDGAR fills it up
        ("46", "SN2025", "2834", "SIC1987", NOT_MET),  # medicines are made, not sold
        ("62", "SN2025", "6770", "SIC1987", UNKNOWN),  # EDGAR's own: blank checks
        ("62", "SN2025", "7389", "SIC1987", NOT_MET),  # business services not elsewhere classified: none of it
        ("82", "SN2025", "7389", "SIC1987", UNKNOWN),  # ... and some of it
        ("737", "SIC1987", "62.010", "SN2007", MET),  # the other way round
        ("541", "NAICS2022", "71.121", "SN2025", MET),
        ("62", "SBI2025", "62012", "SIC2007", MET),  # the British set is NACE with a digit of its own
        ("62.01", "NACE2", "62012", "SIC2007", MET),
        ("74", "NACE2", "74990", "SIC2007", UNKNOWN),  # non-trading: no industry
        ("95.31", "TOL2025", "45.20", "DB07", MET),  # repair of cars, recoded
        ("45.20", "TOL2008", "95.31", "DB25", MET),
    ],
)
def test_what_the_published_tables_settle(codes: str, of: str, code: str, codeset: str, state: int) -> None:
    """All that a code may be is wanted: met; none of it: not met; some of it: unknown."""
    assert judged(codes, of, code, codeset) == state


def test_the_shipped_table_leads_every_set_to_every_other() -> None:
    """And a shorter way goes before a longer one, which is vaguer."""
    table = crosswalk(SHIPPED)
    bases = {one.base for one in codesets().values()}
    assert all(table.way(a, b) for a in bases for b in bases)
    assert table.way("SIC1987", "NACE2.1") == ("SIC1987", "NAICS2017", "ISIC4", "NACE2", "NACE2.1")
    assert {len(code) for code in table.codes("NACE2.1")} == {4}
    assert len(table.codes("NACE2")) == 615


def test_a_code_of_which_a_part_leads_nowhere_is_unknown() -> None:
    """What the rest of it is says nothing about the part."""
    steps = {("A", "B"): {"11": frozenset({"21", "22"})}, ("B", "C"): {"21": frozenset({"31"})}}
    assert Crosswalk(steps).became("A", "11", "C") == frozenset()
    assert Crosswalk({**steps, ("B", "C"): {"21": frozenset({"31"}), "22": frozenset({"32"})}}).became("A", "1", "C")


def test_several_published_tables_make_one(tmp_path: Path) -> None:
    """Each is added to what is there; NAICS keeps its six digits; a file of another kind is refused and left alone."""
    (tmp_path / "a.csv").write_text("old,new\n62.01,62.10\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("naics;isic\n541511;6201\n54151;6201\n", encoding="utf-8")
    out = tmp_path / "crosswalk.tsv"
    build_crosswalk(tmp_path / "a.csv", out, columns=("old", "new"), sets=("NACE2", "NACE2.1"))
    says = build_crosswalk(
        tmp_path / "b.csv", out, columns=("naics", "isic"), sets=("NAICS2017", "ISIC4"), is_added=True
    )
    assert says.endswith("1 pairs, 1 codes of NAICS2017")
    assert out.read_text(encoding="utf-8").splitlines()[1:] == [
        "NACE2\t6201\tNACE2.1\t6210",
        "NAICS2017\t541511\tISIC4\t6201",
    ]
    out.write_text("x\ty\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="not a table that this command built"):
        build_crosswalk(tmp_path / "a.csv", out, columns=("old", "new"), sets=("NACE2", "NACE2.1"), is_added=True)
    assert out.read_text(encoding="utf-8") == "x\ty\n"


@pytest.mark.parametrize(
    ("codes", "wrong"), [('["62", "04"]', "'04'"), ('["34-34"]', "'34-34'"), ('["62.7"]', "'62.7'")]
)
def test_a_code_that_no_set_has_is_refused(tmp_path: Path, codes: str, wrong: str) -> None:
    """With the file, the key, the value and the divisions that there are."""
    path = tmp_path / "p.toml"
    path.write_text(
        f'title = "T"\n[[criteria]]\nkind = "industry"\ncodesets = ["SN2025"]\ncodes = {codes}\n', encoding="utf-8"
    )
    with pytest.raises(DeclarationError, match=rf"{wrong} is no code of SN2025; allowed: codes that begin with 01, 02"):
        check_profile(load_profile(path), load_lexicon(), path=path)


@pytest.mark.parametrize(
    ("codes", "code", "codeset", "says"),
    [
        ("62", "6770", "SIC1987", "6770 of SIC1987 says nothing about an industry"),
        ("62", "6189", "SIC1987", "no published table says what 6189 of SIC1987 is in SN2025"),
        ("58", "7372", "SIC1987", "7372 of SIC1987 may be several codes of SN2025, only some of which are wanted"),
        ("62.1", "62", "SN2025", "62 of SN2025 is too broad to tell"),
        ("62", "X1", "HOUSE", "X1 is of no code set that we know"),
    ],
)
def test_a_code_that_settles_nothing_says_why(codes: str, code: str, codeset: str, says: str) -> None:
    """In the fit's look-up and in the file that ``salestrigger fit`` writes; a code that settles it says nothing."""
    asked = IndustryCriterion(kind="industry", codes=(codes,), codesets=("SN2025",), crosswalk=SHIPPED)
    profile = Profile.model_validate({"name": "p", "title": "P", "criteria": (asked,)})
    rows = {"org_id": ["a", "b", "c"], "industry": [code, "62.100", ""], "industry_codeset": [codeset, "SN2025", ""]}
    told = fit_table(pa.table(rows), profile, datetime(2026, 9, 7, tzinfo=UTC)).column("criteria").to_pylist()
    first, settled, unknown = (json.loads(text)[0] for text in told)
    assert first["state"] == "unknown"
    assert first["lookup"] == f"what it does, on its website ({says})"
    assert "lookup" not in settled
    assert unknown["lookup"] == "industry code in the register"
