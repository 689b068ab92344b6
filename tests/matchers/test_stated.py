"""What a source states as an event in fields of its own becomes an event of the same kind as a text would give."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.read_documents import read_document
from salestrigger.matchers.same_event import same_event
from salestrigger.matchers.types import Detection
from salestrigger.sources.records import Identifier, Money, StatedEvent, StatedRole
from tests.matchers.names_support import document, organization

NUMBER = Identifier("NO-BRC", "099999999")
INDEX = OrganizationIndex.build(
    [
        organization("road", "Nordvik Asfalt AS", ids=(NUMBER,), country="NO"),
        organization("other", "Nordvik Asfalt Drift AS", country="NO"),
    ]
)
AWARD = StatedEvent(
    "contract_award",
    (StatedRole("winner", "NORDVIK ASFALT", NUMBER), StatedRole("authority", "Skogvik kommune")),
    event_on=date(2026, 2, 27),
    amount=Money(Decimal("12500000"), "NOK"),
)


def read(*stated: StatedEvent) -> Detection:
    """The notice with what it states, read."""
    text = "Winner: NORDVIK ASFALT. Buyer: Skogvik kommune."
    return read_document(
        document("Contract award: resurfacing of roads", text, language="en", stated=stated),
        lexicon=load_lexicon(), index=INDEX, country="NO",
    )  # fmt: skip


def test_a_stated_award_is_an_event_with_its_winner_found_by_number() -> None:
    """The number decides who it is, the fields decide what happened."""
    found = read(AWARD)
    (event,) = found.events
    winner, authority = event.roles
    assert (found.outcome, event.type, event.modality, event.event_on) == (
        "event", "contract_award", "completed", date(2026, 2, 27),
    )  # fmt: skip
    assert (winner.organization_id, winner.decision, winner.surface) == ("road", "accept", "NORDVIK ASFALT")
    assert authority.organization_id is None
    assert next((a.key, a.value, a.unit) for a in event.attributes) == ("amount", "12500000", "NOK")


def test_a_name_that_is_not_in_the_text_has_no_part() -> None:
    """Nothing is claimed that the document does not show."""
    assert read(StatedEvent("contract_award", (StatedRole("winner", "Elsewhere AS"),))).outcome == "no_subject"


def test_a_contract_that_ends_is_told_for_both_sides() -> None:
    """Planned for the day on which it ends, by award of the notice."""
    roles = (StatedRole("customer", "Skogvik kommune"), StatedRole("vendor", "NORDVIK ASFALT", NUMBER))
    ends = StatedEvent("renewal_due", roles, "planned", date(2030, 2, 27), precision="month")
    award, due = read(AWARD, ends).events
    assert (award.type, due.type, due.modality) == ("contract_award", "renewal_due", "planned")
    assert (due.event_on, due.effective_on, due.precision) == (None, date(2030, 2, 27), "month")
    assert [role.name for role in due.roles] == ["customer", "vendor"]
    assert same_event(due, dataclasses.replace(due, effective_on=date(2030, 3, 20)))
    assert not same_event(due, dataclasses.replace(due, effective_on=date(2032, 2, 27)))


def test_types_roles_and_modalities_that_nobody_knows_are_left_out() -> None:
    """An adapter's word for something else never becomes an event of ours."""
    role = (StatedRole("winner", "NORDVIK ASFALT"),)
    assert read(StatedEvent("coronation", role)).events == ()
    assert read(StatedEvent("contract_award", role, modality="wished")).events == ()
    assert read(StatedEvent("contract_award", (StatedRole("king", "NORDVIK ASFALT"),))).events == ()
