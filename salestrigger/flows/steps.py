"""The daily run as five steps over one :class:`DailyRun`; plain functions, so that Prefect is optional.

::

    collect ─► store ─► analyse ─► publish ─► report

*collect* fetches every source and touches no database; *store* keeps each source's yield in one transaction, registers
and accounts first; *analyse* works on all that is pending, in a stated order, and stores what it found in one
transaction; *publish* swaps in the analysts' snapshot; *report* writes what a rep reads. A crash between any two steps
loses nothing: what to do comes from the warehouse, never from which step or tick ran before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from salestrigger.flows.knowledge import knowledge_of, pending_documents
from salestrigger.flows.place import Place, RunRequest, fetch_policy, open_place
from salestrigger.flows.progress import progress
from salestrigger.flows.runners import Runner, batches, groups_by_host, open_runner
from salestrigger.flows.saved_index import renewed
from salestrigger.flows.second_reader import account, declared_reader, expire_answers, second_reading
from salestrigger.flows.settings import Settings
from salestrigger.flows.universe import Universe
from salestrigger.matchers.analyse import Findings, conclude, in_order
from salestrigger.matchers.check_profile import check_profile
from salestrigger.matchers.lexicon import Lexicon, load_lexicon
from salestrigger.matchers.read_documents import read_documents
from salestrigger.matchers.types import Detection
from salestrigger.reports.build import build
from salestrigger.reports.render import write as write_report
from salestrigger.reports.report import Report
from salestrigger.sources.collect import SourceOutcome, collect_all
from salestrigger.sources.due import is_due
from salestrigger.sources.errors import UsageError
from salestrigger.sources.raw import RawStore
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse import publish as snapshot
from salestrigger.warehouse import read, retention, write
from salestrigger.warehouse.collected_values import identifier
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate
from salestrigger.warehouse.unify import Unified, unify

#: Sources that say who exists come before those that tell what happened.
TRUST_ORDER = ("register", "user", "newsroom", "wire", "press", "aggregator")


class DailyRun:
    """One run in progress: its place, its open warehouse, and what the steps have produced so far."""

    def __init__(self, settings: Settings, place: Place, warehouse: Warehouse, runner: Runner) -> None:
        self.settings, self.place, self.warehouse, self.runner = settings, place, warehouse, runner
        self.lexicon: Lexicon = load_lexicon()
        for profile in place.profiles:
            check_profile(profile, self.lexicon)
        self.reader = declared_reader(settings)
        self.run_id = write.start_run(warehouse, as_of=place.now, kind=place.kind, profiles=place.profiles)
        self.outcomes: dict[str, SourceOutcome] = {}
        self.stored: set[str] = set()
        self.findings: Findings | None = None
        self.report: Report | None = None
        self.report_path: Path | None = None

    @property
    def failing(self) -> list[str]:
        """The sources that failed and were not expected to."""
        bad = {o.source_id for o in self.outcomes.values() if o.status in ("refused", "malformed", "failed")}
        return sorted(bad - self.place.expected_failures)

    def counts(self) -> dict[str, int]:
        """The run in a few numbers, for artifacts and the last line."""
        outcomes = self.outcomes.values()
        again = {"documents read again": len(self.findings.readings)} if self.findings and self.reader else {}
        return again | {
            "sources": len(self.outcomes),
            "sources failing": len(self.failing),
            "documents": sum(len(o.collected.documents) for o in outcomes),
            "register records": sum(o.collected.record_count for o in outcomes),
            "register changes": sum(len(o.collected.changes) for o in outcomes),
            "events": len(self.findings.events) if self.findings else 0,
            "triggers": len(self.findings.triggers) if self.findings else 0,
            "triggers held back": sum(bool(t.held_back) for t in self.findings.triggers) if self.findings else 0,
        }


@contextmanager
def open_run(settings: Settings, request: RunRequest) -> Iterator[DailyRun]:
    """Everything a run needs, checked before anything is fetched.

    Raises:
        DeclarationError: a catalogue file or a profile is wrong.
        BusyError: another run is at work. SchemaError, StorageError: the database cannot be used.
    """
    with (
        open_place(settings, request) as place,
        Warehouse.open(place.warehouse, memory_limit=settings.memory_limit) as warehouse,
        open_runner(settings) as runner,
    ):
        migrate(warehouse)
        _refuse_the_past(place, warehouse)
        yield DailyRun(settings, place, warehouse, runner)


def _refuse_the_past(place: Place, warehouse: Warehouse) -> None:
    """The demo's days only go forward, as real ones do; here a person can also begin again."""
    last = read.last_run(warehouse)
    if place.kind == "demo" and last is not None and last["as_of_at"] > place.now:
        raise UsageError(
            f"the demo market is already at {last['as_of_at']:%A %d %B %Y} and its days only go forward; "
            f"choose a later --day (make run DAY=…), or delete {str(place.data)!r} to begin again"
        )


def collect(run: DailyRun) -> str:
    """Fetch every source that is due and has no outcome yet; a source that fails stops nobody else."""
    todo = [spec for spec in in_trust_order(_due(run)) if spec.id not in run.outcomes]
    progress().start("collect", len(todo))
    cursors = read.source_cursors(run.warehouse)
    work = partial(
        _collect_group,
        cursors={spec.id: cursors.get(spec.id, {}) for spec in todo},
        policy=fetch_policy(run.settings, run.place.specs.values()),
        route=run.place.route,
        raw_root=run.place.raw,
        now=run.place.now,
    )
    for outcomes in run.runner.map(work, groups_by_host(todo, run.runner.parallel)):
        for outcome in outcomes:
            run.outcomes[outcome.source_id] = outcome
            progress().advance()
    says = _collected_line(run)
    progress().done(says)
    return says


def _due(run: DailyRun) -> list[SourceSpec]:
    """The sources to ask now: those that a person named, or else those whose pause is over."""
    if run.place.asks_all:
        return list(run.place.specs.values())
    states = {row["source_id"]: row for row in read.source_rows(run.warehouse)}
    return [spec for spec in run.place.specs.values() if is_due(spec, states.get(spec.id), run.place.now)]


def _collect_group(specs: tuple[SourceSpec, ...], **arguments: object) -> list[SourceOutcome]:
    """A picklable unit of work for a worker."""
    return collect_all(specs, **arguments)  # type: ignore[arg-type]  # a partial binds what collect() built above


def in_trust_order(specs: object) -> list[SourceSpec]:
    """Registers and accounts (who exists) before news (what happened); by id within."""
    return sorted(specs, key=lambda s: (TRUST_ORDER.index(s.trust), s.id))  # type: ignore[call-overload,no-any-return]


def store(run: DailyRun) -> str:
    """Each source's yield in one transaction, in trust order; a repeated step goes on where it stopped."""
    collected = (spec for spec in run.place.specs.values() if spec.id in run.outcomes)
    todo = [spec for spec in in_trust_order(collected) if spec.id not in run.stored]
    progress().start("store", len(todo))
    for spec in todo:
        _forget_removed(run, spec)
        write.store_collected(run.warehouse, run.run_id, run.outcomes[spec.id], spec, now=run.place.now)
        run.stored.add(spec.id)
        progress().advance()
    joined = unify(
        run.warehouse, run.run_id, run.place.now, index=partial(renewed, run.warehouse, run.place.index, run.run_id)
    )
    for record, why in joined.conflicts:
        progress().warn(f"{record} {why}: not joined")
    says = read.universe_line(run.warehouse) + _joined_line(joined)
    progress().done(says)
    return says


def _forget_removed(run: DailyRun, spec: SourceSpec) -> None:
    """Delete the bodies about what a source removed, before the rows go: after a crash its cursor tells it again."""
    outcome = run.outcomes[spec.id]
    if outcome.collected.removed:
        same = (other.id for other in run.place.specs.values() if other.adapter == spec.adapter)
        sources = {*write.told_by(run.warehouse, outcome, spec), *same}
        RawStore(run.place.raw).forget(sources, [identifier(record) for record in set(outcome.collected.removed)])


def analyse(run: DailyRun) -> str:
    """All that is pending becomes mentions, matches, events, fits and triggers, stored in one transaction."""
    found, lost = pending_documents(run.warehouse, run.place)
    batch = in_order(found, read.pending_changes(run.warehouse))
    progress().start("analyse", len(batch.documents))
    universe = Universe(run.warehouse, run.place.profiles, run.place.now)
    knowledge = knowledge_of(run.warehouse, run.place, run.lexicon, universe=universe, run_id=run.run_id)
    universe.expect_changes(batch.changes)
    work = partial(
        read_documents,
        index_path=run.place.index,
        index_version=knowledge.index.version,
        countries=knowledge.countries,
    )
    detections = [Detection(key, "", (), {}, (), "body_missing", "") for key in lost]
    for part in run.runner.map(work, batches(batch.documents)):
        detections.extend(part)
        progress().advance(len(part))
    detections, readings = second_reading(
        run.reader, batch.documents, detections, knowledge=knowledge, data=run.place.data, settings=run.settings
    )
    findings = replace(conclude(batch.changes, detections, knowledge), readings=readings)
    says = _found_line(findings, len(batch.documents), len(batch.changes))
    if run.reader is not None:
        says += "\n            " + account(readings, len(batch.documents), run.reader)
    # a run that is stopped here leaves all of it pending, also who is judged by column
    with run.warehouse.transaction():
        write.store_findings(run.warehouse, run.run_id, findings, now=run.place.now)
        progress().done(says)
        universe.settle(run.run_id)
    run.findings = findings
    return says


def publish(run: DailyRun) -> str:
    """The analysts' snapshot, swapped in by rename."""
    progress().start("publish", 0)
    write.finish_run(run.warehouse, run.run_id)
    _forget_what_is_due(run)
    snapshot.publish(run.warehouse, run.place.published)
    says = f"the analysts' snapshot: {run.place.published}"
    progress().done(says)
    return says


def _forget_what_is_due(run: DailyRun) -> None:
    """Bodies and persons' names that have been kept for as long as they may be; never what is still to be analysed."""
    today = run.place.now.date()
    retention.expire(run.warehouse, today)
    days = {row["source_id"]: row["retention_days"] for row in run.warehouse.relation("sources").to_pylist()}
    pending = frozenset(ref for _id, ref, _source in read.pending_documents(run.warehouse))
    RawStore(run.place.raw).expire(today, days, keep=pending)
    expire_answers(run.place.data, run.reader, today)


def report(run: DailyRun) -> str:
    """What a rep reads, as a file."""
    progress().start("report", 0)
    run.report = build(run.warehouse, run_id=run.run_id, asked=run.place.specs)
    number = next(row["run_number"] for row in read.runs(run.warehouse) if row["run_id"] == run.run_id)
    # one file per run: a second run of a day has little that is new, and must not replace the morning's report
    run.report_path = write_report(
        run.report, run.place.reports / f"{run.place.now:%Y-%m-%d}-run-{number}.html", "html"
    )
    told = [line.trigger_id for section, line in run.report.every_line() if section != "held_back"]
    write.record_reported(
        run.warehouse, run.run_id, told, report_id=run.report_path.stem, reported_at=run.place.now,
    )  # fmt: skip
    says = f"{run.report_path}"
    progress().done(says)
    return says


#: name, function, how often it may be repeated after a fault: only what waits for others (network, disk) is.
STEPS: tuple[tuple[str, Callable[[DailyRun], str], int], ...] = (
    ("collect", collect, 2),
    ("store", store, 2),
    ("analyse", analyse, 0),
    ("publish", publish, 0),
    ("report", report, 0),
)


def run_plain(run: DailyRun) -> None:
    """The steps in order, in this process, without Prefect."""
    for _name, step, _retries in STEPS:
        step(run)


def _collected_line(run: DailyRun) -> str:
    statuses = Counter(outcome.status for outcome in run.outcomes.values())
    counts = run.counts()
    how = ", ".join(f"{n} {status}" for status, n in sorted(statuses.items()))
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in ("documents", "register records", "register changes"))
    waiting = len(run.place.specs) - len(run.outcomes)
    later = f"; {waiting} not due yet" if waiting else ""
    return f"{kinds} from {len(run.outcomes)} sources ({how}){later}"


def _joined_line(joined: Unified) -> str:
    """What was joined, where anything was."""
    parts = [
        f"{joined.by_number} joined by number" if joined.by_number else "",
        f"{joined.by_name} records identified by name" if joined.by_name else "",
        f"{joined.to_review} to confirm (salestrigger links list)" if joined.to_review else "",
    ]
    return "".join(f"; {part}" for part in parts if part)


def _found_line(findings: Findings, documents: int, changes: int) -> str:
    held = sum(bool(t.held_back) for t in findings.triggers)
    found = f"{len(findings.triggers)} triggers, {held} of them held back"
    return f"{documents} documents and {changes} register changes → {len(findings.events)} events → {found}"
