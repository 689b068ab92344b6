"""What analysing found comes back as it was, and each part replaces exactly what it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from salestrigger.matchers.types import Attribute, Detection, Event, Fact, FitChange, Role
from salestrigger.sources.records import Collected
from salestrigger.warehouse import read, write
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.found_rows import QUOTE_LIMIT
from tests.warehouse import examples as ex


@pytest.fixture
def run_id(wh: Warehouse) -> str:
    """A run that has collected one record and two documents."""
    run = write.start_run(wh, as_of=ex.DAY1)
    register = Collected(records=(ex.record(),), changes=(ex.change(),))
    write.store_collected(wh, run, ex.outcome(ex.REGISTER, register), ex.REGISTER)
    news = Collected(documents=(ex.document(), ex.document("a2", "Nordlys Maskin igjen")))
    write.store_collected(wh, run, ex.outcome(ex.NEWS, news), ex.NEWS)
    return run


def test_events_fits_and_triggers_come_back_as_they_were(wh: Warehouse, run_id: str) -> None:
    """Storing and reading is the identity, evidence and order included."""
    found = ex.relocated(ex.document())
    write.store_findings(wh, run_id, found)
    assert read.open_events(wh, ex.DAY1) == found.events
    assert read.fits(wh) == {(ex.ORG, "maskin"): found.fits[0]}
    assert read.triggers(wh) == {found.triggers[0].trigger_id: found.triggers[0]}
    assert run_checks(wh) == []


def test_a_trigger_of_a_bare_register_change_comes_back_too(wh: Warehouse, run_id: str) -> None:
    """Without an event, without a fit before, without an end."""
    change = ex.change()
    trigger = ex.trigger(
        ex.event(ex.document()), event_id=None, change_id=change.change_id, fit_before=None, valid_until=None
    )
    write.store_findings(
        wh, run_id, ex.findings(triggers=(trigger,), change_outcomes=((change.change_id, "fact_only"),))
    )
    assert read.triggers(wh) == {trigger.trigger_id: trigger}
    (row,) = read.trigger_rows(wh)
    assert (row["event_type"], row["change_after"], row["match_probability"]) == (
        "change_name",
        "Nordlys Robot AS",
        None,
    )
    assert run_checks(wh) == []


def test_an_analysed_document_is_pending_no_longer(wh: Warehouse, run_id: str) -> None:
    """With its outcome, its detected language and its signature; the other one stays pending."""
    write.store_findings(wh, run_id, ex.relocated(ex.document()))
    (left,) = read.pending_documents(wh)
    assert left[0] == ex.document("a2").document_id
    rows = {r["document_key"]: r for r in wh.relation("documents").to_pylist()}
    assert (rows["a1"]["state"], rows["a1"]["outcome"], rows["a1"]["signature"]) == ("analysed", "event", "00ff")


def test_a_grown_event_replaces_its_parts_and_keeps_its_birth(wh: Warehouse, run_id: str) -> None:
    """A second source is added, a role that was wrong is gone, and the id and first time stay."""
    write.store_findings(wh, run_id, ex.relocated(ex.document()))
    old = ex.event(ex.document())
    extra = Role("organization", "Bodø", 27, 31, None, None, 0.0, "reject")
    wrong = replace(old, roles=(*old.roles, extra))
    write.store_findings(wh, run_id, ex.findings(events=(wrong,)))
    assert wh.relation("event_roles").num_rows == 2
    second = ex.event_source(ex.document("a2", "Nordlys Maskin igjen"), group="g2")
    grown: Event = replace(
        old, sources=(*old.sources, second), attributes=(Attribute("location", "Bodø sentrum"),), modality="completed"
    )
    later = write.start_run(wh, as_of=ex.DAY2)
    write.store_findings(wh, later, ex.findings(events=(grown,)))
    assert read.open_events(wh, ex.DAY2) == (grown,)
    (row,) = wh.relation("events").to_pylist()
    assert (row["first_run_id"], row["run_id"]) == (run_id, later)
    (current,) = wh.relation("events_current").to_pylist()
    assert (current["document_count"], current["independent_source_count"]) == (2, 2)


def test_mentions_of_an_edited_document_are_replaced(wh: Warehouse, run_id: str) -> None:
    """Those that are no longer found are gone, with their matches; other documents keep theirs."""
    other = ex.document("a2", "Nordlys Maskin igjen")
    write.store_findings(wh, run_id, ex.findings(detections=(ex.detection(ex.document()), ex.detection(other))))
    assert (wh.relation("mentions").num_rows, wh.relation("matches").num_rows) == (2, 2)
    gone = Detection(ex.document().document_id, "nb", (), {}, (), "no_subject", "01")
    write.store_findings(wh, run_id, ex.findings(detections=(gone,)))
    assert wh.relation("mentions").column("document_id").to_pylist() == [other.document_id]
    assert wh.relation("matches").num_rows == 1


def test_quotes_are_cut_to_the_limit(wh: Warehouse, run_id: str) -> None:
    """Whatever the matchers say, no longer quote is stored."""
    long = replace(ex.event(ex.document()), quote="å" * 400)
    long = replace(long, sources=(replace(long.sources[0], quote="é" * 151),))
    write.store_findings(wh, run_id, ex.findings(events=(long,)))
    (event,) = read.open_events(wh, ex.DAY1)
    assert len(event.quote) == len(event.sources[0].quote) == QUOTE_LIMIT
    assert event.quote.endswith("å…")


def test_what_an_event_states_is_known_now_and_was_not_before(wh: Warehouse, run_id: str) -> None:
    """An event's fact counts from its day on, a register wins over it, and the past does not know it."""
    # the register states no website, so that the news may
    fact = Fact("website", "nordlys-bodo.example", ex.NEWS.id, ex.DAY1, date(2026, 3, 2), 0.9, "evt_1")
    later = Fact("description", "builds boats", ex.NEWS.id, ex.DAY1, date(2026, 5, 1), 0.9, "evt_1")
    rival = Fact("city", "Bodø", ex.NEWS.id, ex.DAY1, date(2026, 3, 2), 0.9, "evt_1")
    bare = ex.record(website=None)
    write.store_collected(wh, run_id, ex.outcome(ex.REGISTER, Collected(records=(bare,))), ex.REGISTER)
    write.store_findings(wh, run_id, ex.findings(facts=tuple((ex.ORG, f) for f in (fact, later, rival))))
    organization = read.organizations(wh)[ex.ORG]
    assert organization.get("website") == "nordlys-bodo.example"
    assert (organization.get("description"), organization.get("city")) == (None, "Tromsø")
    write.start_run(wh, as_of=ex.DAY1.replace(month=5))
    assert read.organizations(wh)[ex.ORG].get("description") == "builds boats"


def test_before_is_what_the_last_analysis_knew(wh: Warehouse, run_id: str) -> None:
    """A crash between collecting and analysing does not make the past forget what it was."""
    assert read.organizations_before(wh) == {}
    assert read.last_analysed_on(wh) is None
    write.store_findings(wh, run_id, ex.findings())
    for day, city in ((ex.DAY2, "Bodø"), (ex.DAY3, "Hamar")):
        again = write.start_run(wh, as_of=day)
        moved = ex.record(addresses=(ex.Address("business", city=city, country="NO"),), fetched_at=day)
        new = ex.record("800000005", "Nykomling AS", fetched_at=day)
        write.store_collected(wh, again, ex.outcome(ex.REGISTER, Collected(records=(moved, new))), ex.REGISTER)
    now = read.organizations(wh)
    before = read.organizations_before(wh, now)
    assert before == read.organizations_before(wh)
    assert now[ex.ORG].get("city") == "Hamar"
    assert (before[ex.ORG].get("city"), before[ex.ORG].get("postcode")) == ("Tromsø", "9008")
    assert set(now) - set(before) == {ex.content_id("org", "NO-BRC-800000005")}
    assert read.last_analysed_on(wh) == ex.DAY1.date()


def test_nothing_happened_means_before_equals_now(wh: Warehouse, run_id: str) -> None:
    """Equal to the last detail, so that an unchanged organisation makes no work."""
    write.store_findings(wh, run_id, ex.relocated(ex.document()))
    write.start_run(wh, as_of=ex.DAY2)
    assert read.organizations_before(wh) == read.organizations(wh)


def test_a_fit_has_a_row_for_each_change(wh: Warehouse, run_id: str) -> None:
    """An equal fit adds nothing; the last row holds; prospects show one row per profile."""
    for number, fit in enumerate((ex.fit(), ex.fit(), ex.fit(lower=10, verdict="does_not_fit"))):
        run = write.start_run(wh, as_of=ex.DAY1.replace(hour=7 + number))
        write.store_findings(wh, run, ex.findings(fits=(fit,)))
    assert wh.relation("fits").num_rows == 2
    assert read.fits(wh)[ex.ORG, "maskin"].verdict == "does_not_fit"
    (prospect,) = read.prospect_rows(wh)
    assert (prospect["stage"], prospect["fit_lower"], prospect["company"]) == ("suspect", 10, "Nordlys Maskin AS")


def test_what_was_only_learned_is_listed_apart(wh: Warehouse, run_id: str) -> None:
    """Newly known to fit, with the reasons; filters by profile, time and number."""
    changes = tuple(FitChange(ex.ORG, name, "learned", None, ex.fit(profile=name)) for name in ("kyst", "maskin"))
    write.store_findings(wh, run_id, ex.findings(fit_changes=changes))
    assert [r["profile"] for r in read.fit_change_rows(wh)] == ["kyst", "maskin"]
    (row,) = read.fit_change_rows(wh, profile="kyst", as_of=ex.DAY1, limit=1)
    assert (row["verdict_before"], row["verdict_after"], row["company"]) == (None, "fits", "Nordlys Maskin AS")
    assert row["criteria"][0]["as_of"] == "2026-03-01"
    assert read.fit_change_rows(wh, since=ex.DAY1) == []


def test_the_ledger_says_what_was_told_to_whom(wh: Warehouse, run_id: str) -> None:
    """Told once per report, channel and recipient; only what is in the outbox can be told."""
    found = ex.relocated(ex.document())
    (trigger,) = found.triggers
    write.store_findings(wh, run_id, found)
    assert [r["trigger_id"] for r in read.unreported(wh)] == [trigger.trigger_id]
    assert read.unreported(wh, profile="kyst") == []
    told = {"report_id": "r1", "reported_at": ex.DAY1}
    assert write.record_reported(wh, run_id, [trigger.trigger_id, "trg_unknown"], **told) == 1
    assert write.record_reported(wh, run_id, [trigger.trigger_id], **told) == 0
    assert write.record_reported(wh, run_id, [trigger.trigger_id], recipient="team", **told) == 1
    assert read.unreported(wh) == []
    assert read.trigger_rows(wh)[0]["first_reported_at"] == ex.DAY1
    assert run_checks(wh) == []


def test_held_back_triggers_are_stored_and_not_queued(wh: Warehouse, run_id: str) -> None:
    """They stand in the feed with their reason."""
    found = ex.relocated(ex.document())
    held = ex.trigger(found.events[0], held_back="below_threshold")
    none = ex.trigger(found.events[0], profile="kyst", effect="none", held_back="outside_icp")
    write.store_findings(wh, run_id, replace(found, triggers=(held, none), funnel=()))
    assert read.unreported(wh) == []
    assert sorted(r["held_back"] for r in read.trigger_rows(wh)) == ["below_threshold", "outside_icp"]


def test_a_trigger_of_a_retyped_event_has_the_role_of_today(wh: Warehouse, run_id: str) -> None:
    """Told as a party to a merger, now the target of a take-over: one trigger, with its new role."""
    merger = ex.event(ex.document(), type_="merger")
    merger = replace(merger, roles=(replace(merger.roles[0], name="party"),))
    first = ex.trigger(merger, role="party")
    write.store_findings(wh, run_id, ex.findings(events=(merger,), triggers=(first,)))
    bought = replace(merger, type="acquisition", roles=(replace(merger.roles[0], name="target"),))
    now = replace(first, role="target", why_now="Acquisition")
    write.store_findings(wh, run_id, ex.findings(events=(bought,), triggers=(now,)))
    assert read.triggers(wh) == {first.trigger_id: now}
    (row,) = read.trigger_rows(wh)
    assert (row["role"], row["event_type"], row["match_decision"]) == ("target", "acquisition", "accept")
    assert run_checks(wh) == []
