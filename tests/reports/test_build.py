"""A report built from a real warehouse tells what is new, in its place, and explains the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from salestrigger.flows.profile_owners import store
from salestrigger.matchers.owners import Absence, Assignment
from salestrigger.matchers.types import FitChange
from salestrigger.reports.build import ACCOUNT_CAP, arrange, build, section_of
from salestrigger.reports.render import render
from salestrigger.reports.report import FORMATS, FitLine, MatchLine
from salestrigger.sources.errors import UsageError
from salestrigger.sources.records import Collected
from salestrigger.warehouse import write
from salestrigger.warehouse.connect import Warehouse
from tests.reports import stored
from tests.reports.examples import line
from tests.reports.stored import DAY_1, DAY_2, FUNNEL, PROFILE, event, findings, fit, trigger


@pytest.fixture
def wh(tmp_path: Path) -> Iterator[Warehouse]:
    with stored.opened(tmp_path) as warehouse:
        yield warehouse


def one_day(wh: Warehouse) -> tuple[str, list[str]]:
    """A run with one trigger that enters, one hook, one distress and one held back, and a company newly known."""
    run_id, ids = stored.first_day(wh)
    events = [event(1, ids[0]), event(2, ids[1]), event(3, ids[2], kind="layoffs"), event(4, ids[0])]
    triggers = [
        trigger(1, ids[0], effect="enters_icp", rank=80.0),
        trigger(2, ids[1], rank=60.0),
        trigger(3, ids[2], effect="none", held_back="distress", rank=30.0),
        trigger(4, ids[0], held_back="wrong_company_risk", rank=20.0),
    ]
    learned = FitChange(ids[1], PROFILE, "learned", None, fit(ids[1]))
    write.store_findings(wh, run_id, findings(events, triggers, changes=[learned], funnel=FUNNEL))
    write.finish_run(wh, run_id)
    return run_id, ids


def test_a_mark_against_marketing_stands_on_the_line_and_in_a_section(wh: Warehouse) -> None:
    """What a company's register says about marketing is told with every trigger of it, in every format."""
    one_day(wh)
    assert build(wh).marketing_blocks == ()
    run_id = write.start_run(wh, as_of=DAY_2)
    marked = replace(stored.record(0, DAY_2, marketing_block=True), addresses=())
    found = Collected(records=(replace(marked, country="DK"),))
    write.store_collected(wh, run_id, stored.outcome(stored.REGISTER, found, at=DAY_2), stored.REGISTER)
    write.finish_run(wh, run_id)
    report = build(wh, since=DAY_1 - timedelta(days=1))
    (rule, companies), *others = report.marketing_blocks
    assert (companies, others) == (("Fjordkast Logistikk AS",), [])
    assert "reklamebeskyttet" in rule
    assert {line.marketing_block for line in report.lines if line.company == companies[0]} == {rule}
    assert not any(line.marketing_block for line in report.lines if line.company != companies[0])
    for name in FORMATS:
        assert rule in render(report, name)


def test_every_trigger_stands_in_its_place(wh: Warehouse) -> None:
    """By what to do; the best rank first; what is held back with its reason."""
    run_id, _ids = one_day(wh)
    report = build(wh)
    assert (report.run_id, report.generated_at, report.profiles) == (run_id, DAY_1, (PROFILE,))
    assert [(s.key, [line.company for line in s.lines]) for s in report.sections] == [
        ("enters_icp", ["Fjordkast Logistikk AS"]),
        ("hook", ["Nordlys Kulde AS"]),
        ("do_not_pursue", ["Tulpveld Transport AS"]),
    ]
    assert [(g.reason, len(g.lines)) for g in report.held_back] == [("wrong_company_risk", 1)]
    assert report.quiet == ""
    assert [(k.company, k.cause, k.reasons) for k in report.newly_known] == [
        ("Nordlys Kulde AS", "learned", ("Territory: Vestland",))
    ]


def test_a_line_carries_what_a_rep_needs(wh: Warehouse) -> None:
    """Sentence, quote, dates, sources, fit with its look-ups, rank terms: from the warehouse, unchanged."""
    _, _ids = one_day(wh)
    told = build(wh).sections[0].lines[0]
    assert told.happened == "Fjordkast Logistikk AS is opening a site."
    assert told.quote == "Selskapet åpner et nytt lager i Bergen."
    assert (told.event_on, told.published_on, told.precision) == (date(2026, 9, 6), date(2026, 9, 7), "day")
    assert (told.place, told.identifiers) == ("Bergen, Norway", ("NO-BRC-999000000",))
    assert [(s.publisher, s.is_copy) for s in told.sources] == [("Demo press", False), ("Demo wire", True)]
    assert told.independent_sources == 1
    assert told.flipped == "Territory: Vestland"
    assert [(f.name, f.state, f.lookup) for f in told.unknown] == [
        ("employees", "unknown", "headcount in the register")
    ]
    assert told.met[0].source == "Demo register"
    assert told.rank_terms[0].says == "fit 80 of 100"
    assert told.match is not None
    assert told.match.probability == 0.95
    assert told.first_told_at is None


def test_a_report_from_the_warehouse_renders_in_every_format(wh: Warehouse) -> None:
    """What was built is shown, each trigger once or more in each format."""
    one_day(wh)
    report = build(wh)
    for form in FORMATS:
        text = render(report, form)
        assert all(told.trigger_id in text for _, told in report.every_line())


def test_the_next_day_tells_only_what_is_new(wh: Warehouse) -> None:
    """A run in which nothing is new is explained, and says how much is still open."""
    run_id, _ = one_day(wh)
    told = [told.trigger_id for told in build(wh).lines]
    write.record_reported(wh, run_id, told, report_id="r1", reported_at=DAY_1)
    assert [told.trigger_id for told in build(wh).lines] == told, "the same run, told again, says the same"
    second = write.start_run(wh, as_of=DAY_2)
    write.store_findings(wh, second, findings([], [], funnel=FUNNEL[1:2]))
    write.finish_run(wh, second)
    report = build(wh)
    assert (report.lines, report.held_back, report.newly_known) == ((), (), ())
    assert report.quiet == "No new trigger. Documents: 9, all of them no word that points to an event."
    assert report.still_open == 2
    again = build(wh, run_id=run_id)
    assert [line.trigger_id for line in again.lines] == told
    assert again.lines[0].first_told_at == DAY_1


def test_a_trigger_that_is_released_later_is_told_then(wh: Warehouse) -> None:
    """A doubt that is settled on day 2 makes it news on day 2, though it was found on day 1."""
    first, ids = one_day(wh)
    told = [told.trigger_id for told in build(wh).lines]
    write.record_reported(wh, first, told, report_id="r1", reported_at=DAY_1)
    second = write.start_run(wh, as_of=DAY_2)
    write.store_findings(wh, second, findings([event(4, ids[0])], [trigger(4, ids[0], rank=75.0)]))
    write.finish_run(wh, second)
    report = build(wh)
    assert [told.trigger_id for told in report.lines] == [trigger(4, ids[0]).trigger_id]


def test_what_an_interrupted_run_could_not_tell_is_told_by_the_next(wh: Warehouse) -> None:
    """A run that found triggers and ended before its report: the next report has them."""
    one_day(wh)
    aside = ("held_back", "do_not_pursue")
    found = {line.trigger_id for section, line in build(wh).every_line() if section not in aside}
    second = write.start_run(wh, as_of=DAY_2)
    write.store_findings(wh, second, findings([], [], funnel=FUNNEL[1:2]))
    write.finish_run(wh, second)
    assert {told.trigger_id for told in build(wh).lines} == found


def test_since_and_as_of_choose_what_is_told(wh: Warehouse) -> None:
    """Since a date: all that is newer. As of a time: what was known then."""
    _, ids = one_day(wh)
    second = write.start_run(wh, as_of=DAY_2)
    write.store_findings(wh, second, findings([event(5, ids[1], day=DAY_2)], [trigger(5, ids[1], rank=66.0)]))
    write.finish_run(wh, second)
    assert len(list(build(wh, since=datetime(2026, 9, 1, tzinfo=UTC)).every_line())) == 5
    assert [told.trigger_id for told in build(wh, since=DAY_1).lines] == [trigger(5, "x").trigger_id]
    then = build(wh, as_of=DAY_1)
    assert (then.as_of, len(then.lines)) == (DAY_1, 3)


def test_a_profile_is_asked_for_by_name(wh: Warehouse) -> None:
    """Another profile's triggers are not in it."""
    one_day(wh)
    assert len(build(wh, profile=PROFILE).lines) == 3
    assert build(wh, profile="another").lines == ()


def test_sources_that_fail_are_named_with_the_reason(wh: Warehouse) -> None:
    """In words, and how many others answered."""
    one_day(wh)
    report = build(wh)
    assert [(s.source_id, s.status, s.detail) for s in report.failed_sources] == [
        ("demo-press", "failed", "it answered with an error (HTTP 503)")
    ]
    assert report.sources_ok == 1
    without = build(wh, asked=("demo-register",))  # the other one is switched off
    assert (without.failed_sources, without.sources_ok) == ((), 1)


def test_what_cannot_be_reported_is_refused(wh: Warehouse) -> None:
    """No run, an unknown run, an owner: one clear message each."""
    with pytest.raises(UsageError) as error:
        build(wh)
    assert str(error.value) == "nothing to report: there was no run; 'salestrigger run' makes one"
    run_id, _ = one_day(wh)
    with pytest.raises(UsageError) as error:
        build(wh, run_id="run_x")
    assert str(error.value) == f"unknown run 'run_x'; the latest are: {run_id!r}"
    with pytest.raises(UsageError) as error:
        build(wh, owner="sales")
    assert "unknown owner 'sales'" in str(error.value)
    assert "salestrigger profile owners" in str(error.value)


def test_a_report_for_an_owner_has_what_is_his_that_day(wh: Warehouse) -> None:
    """An account goes before a segment; a deputy sees what he stands in for."""
    one_day(wh)
    owners = (
        Assignment("account", "NO-BRC-999000000", "Siv", date(2026, 1, 1)),
        Assignment("segment", PROFILE, "Tor", date(2026, 1, 1)),
    )
    store(wh, owners, (Absence("Siv", "Per", date(2026, 9, 1), date(2026, 9, 30)),), "owners.csv")
    told = {line.company: (line.owner, line.stands_in_for) for line in build(wh).lines}
    assert told["Fjordkast Logistikk AS"] == ("Per", "Siv")
    assert told["Nordlys Kulde AS"] == ("Tor", "")
    assert {line.company for line in build(wh, owner="Per").lines} == {"Fjordkast Logistikk AS"}
    assert "Per, while Siv is away" in render(build(wh, owner="Per"), "html")
    assert "Owner Tor" in render(build(wh, owner="Tor"), "md")


def test_one_company_stands_once_in_a_section_and_its_many_triggers_are_capped() -> None:
    """The best three are told together; the others are not lost but stand under their reason."""
    lines = [replace(line(n, "Fjordkast AS", "x"), organization_id="org_1", rank=90.0 - n) for n in range(5)]
    other = line(9, "Isbre AS", "y", rank=89.5)
    sections, held = arrange(sorted([*lines, other], key=lambda told: -told.rank))
    assert [(a.company, len(a.lines)) for a in sections[0].accounts] == [("Fjordkast AS", ACCOUNT_CAP), ("Isbre AS", 1)]
    assert [(g.reason, len(g.lines)) for g in held] == [("account_cap", 5 - ACCOUNT_CAP)]


def test_do_not_pursue_is_for_companies_that_would_concern_us() -> None:
    """Distress at a company outside the territory, or at perhaps another company, is no news to a rep."""
    distress = line(1, "Tulpveld B.V.", "x", held_back="distress", effect="none")
    assert section_of(distress) == "do_not_pursue"
    outside = replace(distress, fit=(FitLine("territory", "must", "not_met"),))
    assert section_of(outside) is None
    doubtful = replace(distress, match=MatchLine(0.6, "review"))
    assert section_of(doubtful) is None
    assert section_of(replace(distress, match=None)) == "do_not_pursue"
    assert section_of(line(1, "Havbris AS", "x", effect="leaves_icp")) == "leaves_icp"
    assert section_of(line(1, "Havbris AS", "x", effect="hook", held_back="rumour")) is None


def test_what_comes_due_is_told_once_more(wh: Warehouse) -> None:
    """On its planned day, in the section where it was; not by the next run, unless the day's own run never told it."""
    run_id, ids = stored.first_day(wh)
    planned = trigger(1, ids[0])
    write.store_findings(wh, run_id, findings([event(1, ids[0])], [planned]))
    write.record_reported(wh, run_id, [planned.trigger_id], report_id="r1", reported_at=DAY_1)
    write.finish_run(wh, run_id)
    due = replace(planned, due_on=DAY_2.date(), why_now="Planned for today: a new site.")
    run_2 = write.start_run(wh, as_of=DAY_2)
    write.store_findings(wh, run_2, findings([], [due]))
    (line,) = build(wh, run_id=run_2).lines
    assert (line.trigger_id, line.why_now, line.first_told_at) == (planned.trigger_id, due.why_now, DAY_1)
    run_3 = write.start_run(wh, as_of=DAY_2.replace(hour=20))
    assert [told.trigger_id for told in build(wh, run_id=run_3).lines] == [planned.trigger_id]  # run 2 did not tell it
    write.record_reported(wh, run_2, [planned.trigger_id], report_id="r2", reported_at=DAY_2)
    assert build(wh, run_id=run_3).lines == ()
    assert [told.trigger_id for told in build(wh, run_id=run_2).lines] == [planned.trigger_id]
