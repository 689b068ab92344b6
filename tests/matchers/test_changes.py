from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from salestrigger.matchers.changes import event_from_change
from salestrigger.matchers.types import Fact, Organization
from salestrigger.sources.records import OrgChange, OrgName

NOW = datetime(2026, 5, 12, 6, tzinfo=UTC)


def _change(field: Any, before: str | None = None, after: str | None = None, **details: str) -> OrgChange:
    return OrgChange(
        "chg_1",
        "NO-BRC-999",
        field,
        before,
        after,
        date(2026, 5, 11),
        NOW,
        "register",
        "https://register.example/9",
        details,
    )


def _organization(**facts: Any) -> Organization:
    known = tuple(Fact(name, value, "register", NOW) for name, value in facts.items())
    return Organization("org_1", (OrgName("Tindtre AS"),), facts=known)


@pytest.mark.parametrize(
    ("change", "organization", "type_", "modality"),
    [
        (_change("status", after="bankrupt", kind="konkurs"), _organization(), "insolvency", "completed"),
        (_change("status", after="restructuring", kind="rekonstruksjon"), _organization(), "insolvency", "completed"),
        (_change("status", after="winding_up", kind="tvangsopplosning"), _organization(), "closure", "in_progress"),
        (_change("status", after="dissolved", kind="sletting"), _organization(), "closure", "completed"),
        (_change("created", kind="ny"), _organization(founded=date(2026, 5, 1)), "incorporation", "completed"),
        (
            _change("address", kind="business", municipality="BERGEN", municipality_code="4601"),
            _organization(municipality="Oslo", municipality_code="0301"),
            "relocation",
            "completed",
        ),
        (
            _change(
                "address",
                kind="business",
                municipality="BERGEN",
                municipality_code="4601",
                parts="kommune,kommunenummer",
            ),
            _organization(),
            "relocation",
            "completed",
        ),
        (
            _change("roles", kind="DAGL", role="managing director", holder="Ane Brekke"),
            _organization(),
            "executive_hire",
            "completed",
        ),
        (
            _change("roles", kind="DAGL", role="managing director", holder=""),
            _organization(),
            "executive_departure",
            "completed",
        ),
        (
            _change("roles", kind="STYR", role="chair of the board", holder="Liv Tangen"),
            _organization(),
            "board_change",
            "completed",
        ),
        (
            _change("employees", after="80", low="80", high="80"),
            _organization(employees=50),
            "headcount_growth",
            "completed",
        ),
        (
            _change("employees", after="20", low="20", high="20"),
            _organization(employees="50-99"),
            "layoffs",
            "completed",
        ),
        (
            _change("capital", before="100000 NOK", amount="350000", currency="NOK"),
            _organization(),
            "funding",
            "completed",
        ),
        (_change("accounts", after="2025"), _organization(), "accounts_filed", "completed"),
        (
            _change("legal_form", after="ASA", new_code="ASA"),
            _organization(legal_form="AS"),
            "restructuring",
            "completed",
        ),
        (_change("parent", after="Nordfond AS"), _organization(), "ownership_change", "completed"),
    ],
)
def test_a_register_change_becomes_an_event(
    change: OrgChange, organization: Organization, type_: str, modality: str
) -> None:
    """The same types as news, with the organisation accepted and the register as its source."""
    event, outcome = event_from_change(change, organization)
    assert outcome == "event"
    assert event is not None
    assert (event.type, event.modality) == (type_, modality)
    assert (event.roles[0].organization_id, event.roles[0].decision) == ("org_1", "accept")
    assert event.quote.startswith("Tindtre AS: register: ")
    assert len(event.quote) <= 150
    assert event.event_on == date(2026, 5, 11)
    assert event.sources[0].document_id == "chg_1"


@pytest.mark.parametrize(
    ("change", "organization", "reason"),
    [
        (_change("name", before="Tre AS", after="Tindtre AS"), _organization(), "alias"),
        (
            _change("industry", new_code="16.100", codeset="SN2025"),
            _organization(industry=("SN2007:16.100",)),
            "recoding",
        ),
        (
            _change("industry", new_code="16.230", codeset="SN2025"),
            _organization(industry=("SN2025:16.100",)),
            "fact_only",
        ),
        (_change("website", after="https://tindtre.example"), _organization(), "fact_only"),
        (_change("employees", after="9", low="9", high="9"), _organization(employees=5), "below_threshold"),
        (_change("employees", after="1050", low="1050", high="1050"), _organization(employees=1000), "below_threshold"),
        (_change("employees", after="80", low="80", high="80"), _organization(), "before_unknown"),
        (_change("employees", after="below 5", low="0", high="4"), _organization(employees=6), "below_threshold"),
        (_change("address", kind="postal", municipality="BERGEN"), _organization(municipality="Oslo"), "fact_only"),
        (
            _change("address", kind="business", municipality="OSLO"),
            _organization(municipality="Oslo"),
            "same_municipality",
        ),
        (_change("address", kind="business", municipality="OSLO", parts="adresse"), _organization(), "before_unknown"),
        (_change("created", kind="ny"), _organization(founded=date(1999, 5, 1)), "not_recent"),
        (_change("status", after="active", kind="konkurs_ended"), _organization(), "ended"),
        (_change("status", after="asleep", kind="asleep"), _organization(), "not_news"),
        (_change("capital", before="350000 NOK", amount="100000", currency="NOK"), _organization(), "fact_only"),
        (_change("legal_form", after="AS", new_code="AS"), _organization(legal_form="AS"), "fact_only"),
        (_change("roles", kind="REVI", role="auditor", holder="Tall AS"), _organization(), "fact_only"),
        (_change("created", kind="set_up"), _organization(), "set_up"),
    ],
)
def test_a_change_that_is_no_event_has_a_reason(change: OrgChange, organization: Organization, reason: str) -> None:
    """Noise, facts, aliases and recodings are told apart by a stable word."""
    assert event_from_change(change, organization) == (None, reason)


def test_a_move_says_from_where_to_where() -> None:
    """The quote is composed from the register's values, in plain words."""
    change = _change("address", kind="business", municipality="BERGEN", municipality_code="4601")
    event, _ = event_from_change(change, _organization(municipality="OSLO", municipality_code="0301"))
    assert event is not None
    assert event.quote == "Tindtre AS: register: business address moved from Oslo to Bergen on 2026-05-11"
    assert {a.key: a.value for a in event.attributes} == {"location": "Bergen", "from_location": "Oslo"}


def test_a_very_long_name_leaves_room_for_the_news() -> None:
    """The quote stays within its limit and keeps what happened."""
    organization = Organization("org_1", (OrgName("Tre " * 80),))
    event, _ = event_from_change(_change("status", after="bankrupt", kind="konkurs"), organization)
    assert event is not None
    assert len(event.quote) <= 150
    assert "bankruptcy opened" in event.quote
