"""A warehouse with a run in it, made from hand-written findings about fictional companies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from salestrigger.matchers.analyse import Findings, FunnelCount
from salestrigger.matchers.types import (
    CriterionFit,
    Event,
    EventSource,
    Fit,
    FitChange,
    RankTerm,
    Role,
    Trigger,
)
from salestrigger.sources.collect import SourceOutcome, Status
from salestrigger.sources.records import Address, Collected, OrgName, OrgRecord
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse import read, write
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.migrate import migrate

DAY_1 = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
DAY_2 = datetime(2026, 9, 8, 6, 0, tzinfo=UTC)
PROFILE = "nordic-logistics"
REGISTER = SourceSpec(
    id="demo-register", title="Demo register", adapter="brreg", url="http://register.example/", country="NO",
    trust="register", licence="made up",
)  # fmt: skip
PRESS = SourceSpec(
    id="demo-press", title="Demo press", adapter="feed", url="http://press.example/feed", trust="press",
    licence="made up", per_day=4.0,
)  # fmt: skip
NAMES = ("Fjordkast Logistikk AS", "Nordlys Kulde AS", "Tulpveld Transport AS")


def record(number: int, at: datetime = DAY_1, *, marketing_block: bool | None = None) -> OrgRecord:
    value = f"99900000{number}"
    return OrgRecord(
        f"NO-BRC-{value}", "NO-BRC", value, (OrgName(NAMES[number]),), REGISTER.id, at, country="NO",
        addresses=(Address(city="BERGEN", country="NO"),), marketing_block=marketing_block,
    )  # fmt: skip


def outcome(
    spec: SourceSpec, collected: Collected, status: Status = "ok", reason: str = "", at: datetime = DAY_1
) -> SourceOutcome:
    return SourceOutcome(spec.id, status, reason, collected, None, 1, 100, 0.1, at)


def fit(organization_id: str, state: str = "met") -> Fit:
    criteria = (
        CriterionFit("territory", "must", state, 2.0, "Vestland", "Vestland or Agder", REGISTER.id, date(2026, 9, 1)),  # type: ignore[arg-type]
        CriterionFit("employees", "must", "unknown", 1.0, "", "50 or more", lookup="headcount in the register"),
    )
    verdict = "fits" if state == "met" else "does_not_fit"
    return Fit(organization_id, PROFILE, "v1", 60.0, 100.0, verdict, criteria)


def event(number: int, organization_id: str, *, kind: str = "site_opening", day: datetime = DAY_1) -> Event:
    quote = "Selskapet åpner et nytt lager i Bergen."
    source = EventSource(
        f"doc_{number}", f"https://press.example/{number}", "Nytt lager", PRESS.id, "", day, quote, f"copy_{number}"
    )
    again = replace(source, document_id=f"doc_{number}b", publisher="Demo wire", url="https://wire.example/x")
    role = Role("organization", "Selskapet", 0, 9, None, organization_id, 0.95, "accept")
    return Event(
        f"evt_{number}", kind, "announced", (role,), (), quote, (0, len(quote)), (0, len(quote)), 0.9, "nb",
        (source, again), event_on=date(2026, 9, 6), precision="day",
    )  # fmt: skip


def trigger(
    number: int, organization_id: str, *, effect: str = "hook", held_back: str = "", rank: float = 70.0
) -> Trigger:
    return Trigger(
        f"trg_{number:020x}", f"evt_{number}", None, organization_id, "organization", PROFILE, "v1", effect, "changed",  # type: ignore[arg-type]
        None, fit(organization_id), "territory" if effect == "enters_icp" else "", date(2026, 9, 6), date(2026, 12, 6),
        rank, (RankTerm("fit", 0.8, "fit 80 of 100"),), held_back, "A new site: it fits the profile.",
    )  # fmt: skip


def findings(
    events: Sequence[Event], triggers: Sequence[Trigger], *, changes: Sequence[FitChange] = (),
    funnel: Sequence[FunnelCount] = (),
) -> Findings:  # fmt: skip
    return Findings((), tuple(events), (), (), tuple(changes), tuple(triggers), (), tuple(funnel))


FUNNEL = (
    FunnelCount("", "documents", "event", 3),
    FunnelCount("", "documents", "no_cue_word", 9),
    FunnelCount(PROFILE, "subjects", "hook", 1),
    FunnelCount(PROFILE, "subjects", "outside_icp", 2),
)


@contextmanager
def opened(path: Path) -> Iterator[Warehouse]:
    with Warehouse.open(path / "w.duckdb") as wh:
        migrate(wh)
        yield wh


def organization_ids(wh: Warehouse) -> list[str]:
    """In the order of ``NAMES``."""
    by_record = read.organization_of(wh)
    return [by_record[record(number).record_id] for number in range(len(NAMES))]


def first_day(wh: Warehouse) -> tuple[str, list[str]]:
    """Run 1 with the register's three companies and a failing press; its id and the organisations' ids."""
    run_id = write.start_run(wh, as_of=DAY_1)
    records = tuple(record(number) for number in range(len(NAMES)))
    write.store_collected(wh, run_id, outcome(REGISTER, Collected(records=records)), REGISTER)
    write.store_collected(wh, run_id, outcome(PRESS, Collected(), "failed", "http_503: cannot fetch"), PRESS)
    return run_id, organization_ids(wh)
