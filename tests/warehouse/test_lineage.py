"""Why there is a trigger, and where a page was lost; and what is forgotten when its day has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from salestrigger.matchers.types import Attribute
from salestrigger.sources.errors import UsageError
from salestrigger.sources.records import Collected
from salestrigger.warehouse import read, write
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.collected_rows import PERSON_KEPT_DAYS
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.lineage import explain, explain_missed
from salestrigger.warehouse.retention import expire
from tests.warehouse import examples as ex
from tests.warehouse.conftest import copy_of

FOUND = ex.relocated(ex.document())


def fill(wh: Warehouse) -> None:
    """A told trigger from a document, and two more documents that came to nothing."""
    run = write.start_run(wh, as_of=ex.DAY1)
    changes = Collected(records=(ex.record(),), changes=(ex.change("roles", "managing director: Kari Eksempel"),))
    write.store_collected(wh, run, ex.outcome(ex.REGISTER, changes), ex.REGISTER)
    documents = (ex.document(), ex.document("a2", "Nordlys Maskin igjen"), ex.document("a3", "Ingenting"))
    news = Collected(documents=documents, set_aside=(("http://kyst.example/bad", "no_title"),))
    write.store_collected(wh, run, ex.outcome(ex.NEWS, news), ex.NEWS)
    found = replace(FOUND, detections=(*FOUND.detections, ex.detection(documents[1])))
    write.store_findings(wh, run, replace(found, funnel=ex.funnel_of(found)))
    write.record_reported(wh, run, [found.triggers[0].trigger_id], report_id="r1", reported_at=ex.DAY1)


@pytest.fixture(scope="module")
def prepared(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of this module's tests, made once."""
    path = tmp_path_factory.mktemp("prepared") / "warehouse.duckdb"
    with copy_of(migrated, path) as warehouse:
        fill(warehouse)
    return path


@pytest.fixture
def wh(prepared: Path, path: Path) -> Iterator[Warehouse]:
    """A database with that trigger."""
    with copy_of(prepared, path) as warehouse:
        yield warehouse


@pytest.fixture
def trigger_id() -> str:
    """The trigger's id."""
    return FOUND.triggers[0].trigger_id


def test_explain_shows_the_whole_chain(wh: Warehouse, trigger_id: str) -> None:
    """Source, quote, match with evidence, event, every line of the fit, every term of the rank, and the ledger."""
    chain = explain(wh, trigger_id)
    assert [step.stage for step in chain.steps] == ["source", "match", "event", "fit", "rank", "history", "told"]
    text = "\n".join(chain.lines())
    for piece in (
        "Nordlys Maskin AS: enters_icp (relocation, profile maskin)",
        "Kyst (kyst-news), 2026-03-02T03:00:00Z",
        "http://kyst.example/a1",
        "“Nordlys Maskin flytter til Bodø”",
        "accept, probability 0.97, 2 namesakes",
        "same name as in the register (+3.20)",
        "relocation, announced, role organization, confidence 0.90, 1 independent sources",
        "says that it moves (+2.00)",
        "does_not_fit → fits, 80 to 95 of 100 (version v1), decided by city",
        "employees (nice): unknown, wanted 20 to 200, look up annual accounts",
        "72 of 100",
        "freshness 1.00: of today",
        "version 1, 2026-03-02: enters_icp, rank 72",
        "2026-03-02 by file to anybody",
    ):
        assert piece in text, piece


def test_explain_of_a_register_change(wh: Warehouse, trigger_id: str) -> None:
    """Before, after, day and address; the register itself names the company."""
    change = ex.change("name", "Nordlys Robot AS", before="Nordlys Maskin AS")
    run = write.start_run(wh, as_of=ex.DAY1)
    write.store_collected(wh, run, ex.outcome(ex.REGISTER, Collected(changes=(change,))), ex.REGISTER)
    bare = ex.trigger(ex.event(ex.document("b")), event_id=None, change_id=change.change_id)
    write.store_findings(wh, run, ex.findings(triggers=(bare,), change_outcomes=((change.change_id, "alias"),)))
    text = "\n".join(explain(wh, bare.trigger_id).lines())
    assert "register change: name: Nordlys Maskin AS → Nordlys Robot AS, effective 2026-03-01" in text
    assert "the register itself names Nordlys Maskin AS (NO-BRC-800000001)" in text
    assert "told: not yet" in text


def test_an_unknown_trigger_is_a_usage_error(wh: Warehouse) -> None:
    """The message shows the value and where ids are found."""
    with pytest.raises(UsageError, match=r"'trg_nothing'.*trigger_feed"):
        explain(wh, "trg_nothing")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://kyst.example/a1", "trigger: Nordlys Maskin AS, profile maskin: told as enters_icp"),
        ("http://kyst.example/a1?utm_source=x#top", "relocation, announced"),
        ("http://kyst.example/a2", "lost: no event: no_cue_word"),
        ("http://kyst.example/a3", "lost: still to be analysed by the next run"),
        ("http://kyst.example/bad", "lost: set aside: no_title"),
        ("http://kyst.example/other", "lost: no source has served it; others of kyst.example came from: kyst-news"),
        ("http://never.example/x", "lost: no source has served it, nor anything else of that site"),
        ("not a url'; --", "lost: no source has served it, nor anything else"),
    ],
)
def test_a_page_that_was_missed_is_found_where_it_was_lost(wh: Warehouse, trigger_id: str, url: str, says: str) -> None:
    """Also when the address is written another way."""
    assert says in "\n".join(explain_missed(wh, url).lines())


def test_explanations_carry_no_terminal_codes(wh: Warehouse, trigger_id: str) -> None:
    """What a title says is shown, what it commands is not."""
    run = write.start_run(wh, as_of=ex.DAY1)
    evil = ex.document("e1", "\x1b[31mNordlys\x1b[0m\u202e Maskin\x07")
    write.store_collected(wh, run, ex.outcome(ex.NEWS, Collected(documents=(evil,))), ex.NEWS)
    text = "".join(explain_missed(wh, evil.url).lines())
    assert "Nordlys" in text
    assert not {"\x1b", "\u202e", "\x07"} & set(text)


def test_names_and_quotes_expire_together(wh: Warehouse, trigger_id: str) -> None:
    """Nothing before the day; on it the person, the quotes, the titles and the register's text are gone, once."""
    assert expire(wh, (ex.DAY1 + timedelta(days=PERSON_KEPT_DAYS - 2)).date()) == 0
    last = (ex.DAY1 + timedelta(days=PERSON_KEPT_DAYS)).date()
    assert expire(wh, last) == 5
    assert expire(wh, last) == 0
    (event,) = read.open_events(wh, ex.DAY1)
    assert (event.quote, event.sources[0].quote, event.sources[0].title) == ("", "", "")
    assert event.attributes == (Attribute("location", "Bodø", None, 27, 31),)
    assert (event.type, event.roles[0].surface) == ("relocation", "Nordlys Maskin")
    (change,) = read.pending_changes(wh)
    assert (change.after, change.details, change.field) == (None, {}, "roles")
    everything = repr(
        [wh.relation(t).to_pylist() for t in ("events", "event_attributes", "event_sources", "org_changes")]
    )
    assert "Kari" not in everything
    assert run_checks(wh) == []
