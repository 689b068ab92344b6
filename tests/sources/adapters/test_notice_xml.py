"""Who won what from whom, by the notice's own XML."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from salestrigger.sources.adapters.notice_build import Notice, document_of
from salestrigger.sources.adapters.notice_xml import kind_of, read_notice
from salestrigger.sources.records import Document, Money
from tests.sources.adapters.notice_data import OLD_AWARD, award, contract, lot, organization, party, period, tender
from tests.sources.adapters.running import NOW

PEOPLE = (
    organization("ORG-0001", "Dalgard kommune", "974 760 673")
    + organization("ORG-0002", "Fjellmørk Drift AS", "NO 964 965 782 MVA")
    + organization("ORG-0003", "Havglimt AS")
    + organization("ORG-0009", "eSender AS")
)


def read(body: bytes) -> Notice:
    """The notice."""
    return read_notice(body, {"number": "1-2026"})


def document(body: bytes) -> Document:
    """The notice as a Document."""
    found = document_of(read(body), source_id="ted", fetched_at=NOW)
    assert found is not None
    return found


def test_the_winner_is_the_tenderer_of_the_signed_tender() -> None:
    """Losing tenders, subcontractors and the sender of the notice are told of nowhere."""
    result = (
        lot("selec-w", "TEN-1", "TEN-2") + tender("TEN-1", "900000", "TPA-1") + tender("TEN-2", "950000", "TPA-2")
        + contract("TEN-1") + party("TPA-1", "ORG-0002", subcontractor="ORG-0009") + party("TPA-2", "ORG-0003")
    )  # fmt: skip
    found = document(award(result=result, organizations=PEOPLE))
    (event,) = found.stated
    assert event.type == "contract_award"
    assert [(role.role, role.name) for role in event.roles] == [
        ("winner", "Fjellmørk Drift AS"),
        ("authority", "Dalgard kommune"),
    ]
    assert event.amount == Money(Decimal(900000), "NOK")
    assert event.event_on == date(2026, 9, 20)
    assert all(role.name in f"{found.title}\n{found.text}" for role in event.roles)
    whole = found.title + found.text
    assert "Havglimt" not in whole
    assert "eSender" not in whole
    assert "kari" not in whole.casefold()
    assert [str(i) for i in found.identifiers] == ["NO-BRC-974760673"]  # the winner's has a wrong check digit
    assert found.title.endswith("Brøyting")


def test_without_a_contract_the_first_ranked_tender_won() -> None:
    """Rank 2 did not win; a lot that was closed without a winner has none."""
    result = (
        lot("selec-w", "TEN-1", "TEN-2") + lot("clos-nw", "TEN-3")
        + tender("TEN-1", "1", "TPA-1", rank="2") + tender("TEN-2", "2", "TPA-2", rank="1")
        + tender("TEN-3", "3", "TPA-1", rank="1") + party("TPA-1", "ORG-0002") + party("TPA-2", "ORG-0003")
    )  # fmt: skip
    notice = read(award(result=result, organizations=PEOPLE))
    assert [a.winner.name for a in notice.awards] == ["Havglimt AS"]


def test_values_belong_to_one_winner_and_withheld_ones_to_none() -> None:
    """A group's value is not each member's; a withheld amount is not told though it stands there; lots add up."""
    group = lot("selec-w", "T1") + tender("T1", "100", "P1") + party("P1", "ORG-0002", "ORG-0003")
    assert [a.amount for a in read(award(result=group, organizations=PEOPLE)).awards] == [None, None]
    hidden = lot("selec-w", "T1") + tender("T1", "100", "P1", withheld=True) + party("P1", "ORG-0002")
    notice = read(award(result=hidden, organizations=PEOPLE))
    assert notice.awards[0].amount is None
    assert notice.withheld
    lots = (
        lot("selec-w", "T1") + lot("selec-w", "T2") + tender("T1", "100", "P1") + tender("T2", "50", "P1")
        + party("P1", "ORG-0002")
    )  # fmt: skip
    (event,) = document(award(result=lots, organizations=PEOPLE)).stated
    assert event.amount == Money(Decimal(150), "NOK")


def test_what_is_no_award_states_none() -> None:
    """A modification, a lot without a winner and a masked winner state nothing; an intended award is planned."""
    result = lot("selec-w", "T1") + tender("T1", "100", "P1") + party("P1", "ORG-0002")
    assert document(award(kind="can-modif", result=result, organizations=PEOPLE)).stated == ()
    assert document(award(result=lot("clos-nw"), organizations=PEOPLE)).stated == ()
    (event,) = document(award(kind="veat", result=result, organizations=PEOPLE)).stated
    assert event.modality == "planned"
    masked = PEOPLE.replace("Fjellmørk Drift AS", "unpublished")
    assert document(award(result=result, organizations=masked)).stated == ()


def test_a_call_for_tenders_states_the_buyer() -> None:
    """A contract notice is a tender of its buyer; a prior information notice is a planned one."""
    (event,) = document(award(kind="cn-standard", organizations=PEOPLE)).stated
    assert (event.type, event.modality, [r.name for r in event.roles]) == ("tender", "announced", ["Dalgard kommune"])
    (event,) = document(award(kind="pin-only", organizations=PEOPLE)).stated
    assert event.modality == "planned"
    assert [kind_of(code) for code in ("qu-sy", "compl", "can-modif")] == ["tender", "other", "other"]


def test_notices_from_before_eforms() -> None:
    """Only the contractor's address is the winner; the review body is nobody; the original language counts."""
    found = document(OLD_AWARD)
    (event,) = found.stated
    assert [(role.role, role.name) for role in event.roles] == [
        ("winner", "Poldervink Schoonmaak B.V."),
        ("authority", "Gemeente Duinbroek"),
    ]
    assert (event.amount, event.event_on) == (Money(Decimal("250000.00"), "EUR"), date(2019, 3, 4))
    assert str(event.roles[0].identifier) == "NL-KVK-01234567"
    assert (found.language, "Schoonmaak" in found.title) == ("nl", True)


def test_what_is_no_notice_is_nothing() -> None:
    """Broken or foreign mark-up gives a notice without content, and that gives no document."""
    for body in (
        b"",
        b"<html>",
        b"<a/>",
        b"\xff\xfe\x00",
        b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    ):
        assert document_of(read(body), source_id="ted", fetched_at=NOW) is None


# --- when a contract ends ---

WON = lot("selec-w", "TEN-1") + tender("TEN-1", "900000", "TPA-1", lot="LOT-0001") + party("TPA-1", "ORG-0002")


@pytest.mark.parametrize(
    ("lots", "signed", "end", "precision"),
    [
        (period(start="2026-11-01+01:00", end="2030-10-31+01:00"), True, date(2030, 10, 31), "day"),
        (period(start="2026-11-01", length=("48", "MONTH")), True, date(2030, 10, 31), "day"),
        (period(length=("2", "YEAR")), True, date(2028, 9, 19), "month"),  # from the day it was signed
        (period(start="2026-10-31", length=("1", "MONTH")), True, date(2026, 11, 29), "day"),
        (period(lot="LOT-0009", end="2030-10-31"), True, None, ""),  # another lot's
        (period(length=("2", "YEAR")), False, None, ""),  # from no day at all
        (period(length=("two", "YEAR")), True, None, ""),
        (period(end="2099-12-31"), True, None, ""),
        (period(end="2024-12-31"), True, None, ""),
        (period(), True, None, ""),
        ("", True, None, ""),
    ],
)
def test_a_contract_with_a_known_end_is_told_ahead(lots: str, signed: bool, end: date | None, precision: str) -> None:
    """Stated, or counted from start and length; one that is over or without end is not told of."""
    found = read(award(result=WON + (contract("TEN-1") if signed else ""), organizations=PEOPLE, lots=lots))
    told = replace(found, published_at=datetime(2026, 9, 21, 8, tzinfo=UTC))
    notice = document_of(told, source_id="ted", fetched_at=NOW)
    assert notice is not None
    due = [event for event in notice.stated if event.type == "renewal_due"]
    assert [(e.event_on, e.precision, e.modality) for e in due] == ([(end, precision, "planned")] if end else [])
    for event in due:
        assert [(role.role, role.name) for role in event.roles] == [
            ("customer", "Dalgard kommune"), ("vendor", "Fjellmørk Drift AS"),
        ]  # fmt: skip
        assert "may be renewed 2 times" in notice.text


def test_a_winner_of_several_lots_has_one_end_the_first() -> None:
    """Somebody has to act when the first contract ends."""
    result = (
        lot("selec-w", "TEN-1") + lot("selec-w", "TEN-2") + tender("TEN-1", "1", "TPA-1", lot="LOT-0001")
        + tender("TEN-2", "2", "TPA-1", lot="LOT-0002") + party("TPA-1", "ORG-0002")
    )  # fmt: skip
    lots = period(end="2031-01-31") + period(lot="LOT-0002", end="2029-01-31")
    told = replace(read(award(result=result, organizations=PEOPLE, lots=lots)), published_at=NOW)
    notice = document_of(told, source_id="ted", fetched_at=NOW)
    assert notice is not None
    assert [(e.type, e.event_on) for e in notice.stated] == [
        ("contract_award", None), ("renewal_due", date(2029, 1, 31)),
    ]  # fmt: skip


def test_the_end_of_a_contract_from_before_eforms() -> None:
    """By the length of its lot, from the day it was concluded."""
    described = b'<OBJECT_DESCR><DURATION TYPE="MONTH">96</DURATION></OBJECT_DESCR></OBJECT_CONTRACT>'
    (won,) = read(OLD_AWARD.replace(b"</OBJECT_CONTRACT>", described)).awards
    assert (won.ends_on, won.is_end_exact) == (date(2027, 3, 3), False)
