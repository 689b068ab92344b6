"""Plain English: dates, numbers, sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.matchers.types import Modality, Precision
from salestrigger.reports import wording
from salestrigger.reports.report import FunnelRow
from salestrigger.reports.sentences import SAYINGS, STATUS_SAYINGS, Happening, amount, money_words, sentence


def told(
    event_type: str, role: str, modality: Modality = "announced", *, roles: tuple[tuple[str, str], ...] = (),
    attributes: tuple[tuple[str, str, str], ...] = (), kind: str = "", before: str = "", after: str = "",
) -> str:  # fmt: skip
    what = Happening(
        "Fjordkast AS", event_type, role, modality, roles, attributes, own_surface="Fjordkast", before=before,
        after=after, kind=kind,
    )  # fmt: skip
    return sentence(what, "Something happens")


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("day", "Mon 7 Sep 2026"),
        ("month", "Sep 2026"),
        ("quarter", "Q3 2026"),
        ("year", "2026"),
        (None, "Mon 7 Sep 2026"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(precision: Precision | None, expected: str) -> None:
    """No day is invented where only the month is known."""
    assert wording.day(date(2026, 9, 7), precision) == expected


def test_a_moment_is_in_utc() -> None:
    """And says so."""
    assert wording.moment(datetime(2026, 9, 7, 6, 5, tzinfo=UTC)) == "Mon 7 Sep 2026, 06:05 UTC"


@pytest.mark.parametrize(("value", "expected"), [(0.0, "0 %"), (0.973, "97 %"), (0.9951, "over 99 %"), (1.0, "100 %")])
def test_a_probability_is_never_rounded_up_to_certainty(value: float, expected: str) -> None:
    """99.5 is not 100."""
    assert wording.per_cent(value) == expected


ACQUISITION = (("acquirer", "Fjordkast"), ("target", "Isbre Transport"))


@pytest.mark.parametrize(
    ("modality", "expected"),
    [
        ("rumour", "Rumour: Fjordkast AS may buy Isbre Transport for NOK 40 million."),
        ("planned", "Fjordkast AS plans to buy Isbre Transport for NOK 40 million."),
        ("announced", "Fjordkast AS is buying Isbre Transport for NOK 40 million."),
        ("in_progress", "Fjordkast AS is buying Isbre Transport for NOK 40 million."),
        ("completed", "Fjordkast AS bought Isbre Transport for NOK 40 million."),
        ("cancelled", "Called off: Fjordkast AS will not buy Isbre Transport for NOK 40 million."),
        ("denied", "Denied: it is not so that Fjordkast AS will buy Isbre Transport for NOK 40 million."),
    ],
)
def test_the_modality_is_in_the_sentence(modality: Modality, expected: str) -> None:
    """A rumour is not told as a fact, nor a plan as done."""
    attributes = (("amount", "40000000", "NOK"),)
    assert told("acquisition", "acquirer", modality, roles=ACQUISITION, attributes=attributes) == expected


def test_sums_that_disagree_are_told_side_by_side() -> None:
    """The first told, then what others say instead; sums of different things do not disagree."""
    sums = (("amount", "40000000", "NOK"), ("currency", "NOK", ""), ("amount", "45000000", "NOK"))
    bought = told("acquisition", "acquirer", "completed", roles=ACQUISITION, attributes=sums)
    assert bought == "Fjordkast AS bought Isbre Transport for NOK 40 million (elsewhere NOK 45 million)."
    again = told("funding", "investee", attributes=(*sums, ("amount", "40000000", "NOK"), ("amount", "4e6", "EUR")))
    assert again == "Fjordkast AS raised NOK 40 million (elsewhere NOK 45 million or EUR 4 million)."
    results = (("measure", "revenue", ""), sums[0], ("measure", "profit", ""), sums[2])
    assert told("financial_results", "organization", attributes=results) == (
        "Fjordkast AS published its results: revenue NOK 40 million."
    )


def test_each_party_of_an_event_gets_its_own_sentence() -> None:
    """The same acquisition is told otherwise to the target's account."""
    roles = (("acquirer", "Isbre"), ("target", "Fjordkast"))
    assert told("acquisition", "target", roles=roles) == "Fjordkast AS is being bought by Isbre."
    assert told("acquisition", "target", "planned", roles=roles) == "Fjordkast AS is to be bought by Isbre."
    parties = (("party", "Fjordkast"), ("party", "Isbre"))
    assert told("merger", "party", "completed", roles=parties) == "Fjordkast AS merged with Isbre."


def test_nothing_is_said_that_is_not_known() -> None:
    """Without a place, an amount or a partner, the sentence has none."""
    assert told("site_opening", "organization") == "Fjordkast AS is opening a site."
    assert told("funding", "investee") == "Fjordkast AS raised new capital."
    assert told("layoffs", "organization") == "Fjordkast AS is cutting jobs."


def test_the_registers_kind_says_more_than_the_type() -> None:
    """Bankruptcy, reconstruction and dissolution are three different things to a rep."""
    assert told("insolvency", "organization", "completed", kind="konkurs") == "Fjordkast AS was declared bankrupt."
    expected = "Fjordkast AS is being dissolved by order."
    assert told("closure", "organization", "in_progress", kind="tvangsopplosning") == expected


def test_a_bare_register_change_has_a_before_and_an_after() -> None:
    """An industry or headcount change is no news event, yet has a sentence."""
    said = told("change_employees", "organization", "completed", before="40", after="61")
    assert said == "Fjordkast AS has a new number of employees in the register: 40 before, 61 now."


def test_an_unknown_type_is_told_by_its_label() -> None:
    """A type of one's own needs no code."""
    assert told("paints_the_roof", "organization") == "Fjordkast AS: something happens."


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("5000000", "EUR", "EUR 5 million"),
        ("12500000", "NOK", "NOK 12.5 million"),
        ("900000", "EUR", "EUR 900,000"),
        ("1200000000", "SEK", "SEK 1.2 billion"),
        ("many", "EUR", "EUR many"),
        ("NaN", "EUR", "EUR NaN"),
        ("1E+400000", "EUR", "EUR 1E+400000"),
    ],
)
def test_an_amount_is_readable(value: str, unit: str, expected: str) -> None:
    """And an absurd one costs nothing."""
    assert amount(value, unit) == expected


MODALITIES: tuple[Modality, ...] = (
    "rumour", "planned", "announced", "in_progress", "completed", "cancelled", "denied",
)  # fmt: skip


@given(text=st.text(max_size=40), modality=st.sampled_from(MODALITIES))
def test_every_saying_makes_a_sentence_of_any_texts(text: str, modality: Modality) -> None:
    """No slot is left open, whatever the texts hold (braces and brackets too)."""
    roles = tuple((role, f"{text}{{target}}[x]") for role in ("acquirer", "target", "party"))
    for event_type, role in SAYINGS:
        assert told(event_type, role, modality, roles=roles).startswith(("Fjordkast", "Rumour", "Called off", "Denied"))
    for kind in STATUS_SAYINGS:
        assert told("insolvency", "organization", modality, kind=kind).endswith(".")


def test_the_funnel_adds_up_step_by_step() -> None:
    """Each step's total is the sum of its reasons, the largest first."""
    rows = (
        FunnelRow("", "documents", "event", "told of an event", 3),
        FunnelRow("", "documents", "no_cue_word", "no word that points to an event", 9),
        FunnelRow("north", "subjects", "outside_icp", "outside the ICP", 4),
    )
    stages = wording.stages(rows)
    assert [(stage.title, stage.total) for stage in stages] == [
        ("Documents", 12), ("Companies with a part in it, profile north", 4),
    ]  # fmt: skip
    assert [row.count for row in stages[0].rows] == [9, 3]


def test_a_place_reads_like_a_place() -> None:
    """The country by its name; a register's capitals are tamed."""
    assert wording.place("TRONDHEIM", "NO") == "Trondheim, Norway"
    assert wording.place(None, "NL") == "Netherlands"
    assert wording.place("Bergen", None) == "Bergen"


def test_every_reason_of_a_source_is_explained() -> None:
    """A reader sees words, not a code."""
    assert wording.source_trouble("failed", "http_503") == "it answered with an error (HTTP 503)"
    assert wording.source_trouble("failed", "deadline") == "the whole exchange took longer than the policy allows"
    assert wording.source_trouble("malformed", "") == "it answered with something that we cannot read"
    assert wording.source_trouble("failed", "moon_phase") == "moon phase"
    wanting = "no_key: cannot fetch 'https://x.example/': no_key: set X_KEY; get one at x.example"
    assert wording.source_trouble("refused", wanting) == "it wants a key: set X_KEY; get one at x.example"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("41000000 EUR", "EUR 41 million"),
        ("at least 5000000 EUR revenue", "at least EUR 5 million revenue"),
        ("5000000 to 20000000 NOK revenue", "NOK 5 million to 20 million revenue"),
        ("20 to 250 employees", "20 to 250 employees"),
        ("28.990 (SN2025)", "28.990 (SN2025)"),
        ("1965-10-01", "1965-10-01"),
    ],
)
def test_sums_are_told_as_a_person_writes_them(written: str, told: str) -> None:
    """Nobody counts noughts; what is no sum stays as it is."""
    assert money_words(written) == told


@pytest.mark.parametrize(
    ("event_type", "attributes", "told"),
    [
        ("executive_hire", (("title", "directeur", ""),), "Vink BV appointed a new directeur."),
        ("executive_hire", (), "Vink BV appointed a new executive."),
        (
            "executive_hire", (("title", "CFO", ""), ("person", "Ada Voorbeeld", "")),
            "Vink BV appointed Ada Voorbeeld as CFO.",
        ),
        ("executive_departure", (("title", "directeur", ""),), "Vink BV parted with its directeur."),
    ],
)  # fmt: skip
def test_somebody_without_a_name_is_told_by_the_function(
    event_type: str, attributes: tuple[tuple[str, str, str], ...], told: str
) -> None:
    """Not as a new executive who is a directeur as well."""
    what = Happening("Vink BV", event_type, "organization", "completed", (), attributes)
    assert sentence(what, "") == told
