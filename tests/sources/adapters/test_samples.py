"""Recorded payloads of real sources, read by path when they are there; they are no part of this repository."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from salestrigger.sources.adapters.brreg_changes import changes_of_entity, changes_of_update
from salestrigger.sources.adapters.brreg_feed import read_role_events, read_updates
from salestrigger.sources.adapters.brreg_maker import Maker
from salestrigger.sources.adapters.brreg_records import number_of, record_of
from salestrigger.sources.adapters.brreg_roles import changes_of_roles
from salestrigger.sources.adapters.feed_xml import read_xml_feed
from tests.sources.adapters.running import NOW

SAMPLES = Path(os.environ.get("SAMPLES") or Path(__file__).parents[4] / "shared" / "samples")
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"no samples at {SAMPLES}; set SAMPLES to a folder of recorded payloads"
)

#: files that are no feed, or hold nothing usable, on purpose
NO_DOCUMENTS = {"rbren-unrecognized.rss", "rbren-missing-fields.atom"}


def files(pattern: str) -> list[Path]:
    """The samples of a kind; none where there are no samples."""
    return sorted(path for path in SAMPLES.glob(pattern) if path.suffix in {".rss", ".xml", ".atom", ".json"})


def context(path: Path) -> dict[str, Any]:
    """What the parse function is told."""
    return {
        "source_id": "sample",
        "base_url": "https://www.example.com/feed",
        "language": None,
        "is_aggregator": "google" in path.name,
        "kind": "news",
        "skip_titles": (),
        "fetched_at": NOW,
        "now": NOW,
    }


@pytest.mark.parametrize("path", files("news-*/*"), ids=lambda path: path.name)
def test_every_feed_is_read(path: Path) -> None:
    """Each real feed gives documents with plain titles and safe links; what is none says so."""
    reading = read_xml_feed(path.read_bytes(), context(path))
    assert bool(reading.documents) == (path.name not in NO_DOCUMENTS)
    assert reading.documents or reading.problem or reading.set_aside
    for document in reading.documents:
        assert document.title
        assert "<" not in document.title
        assert document.url == "" or document.url.startswith(("https://", "http://"))
        assert document.published_at is None or document.published_at.tzinfo is not None


def entities(data: Any) -> list[dict[str, Any]]:
    """The entities in an answer of any shape."""
    if isinstance(data, list):
        return data
    embedded = data.get("_embedded", {})
    return embedded.get("enheter") or embedded.get("underenheter") or ([data] if "navn" in data else [])


@pytest.mark.parametrize("path", files("no-brreg/*enhet*"), ids=lambda path: path.name)
def test_every_entity_of_the_register_is_read(path: Path) -> None:
    """Old and new schema, deleted ones and branches give records; dated fields give changes."""
    for entity in entities(json.loads(path.read_bytes())):
        number = number_of(entity)
        assert number is not None
        assert record_of(entity, source_id="sample", fetched_at=NOW) is not None
        changes_of_entity(number, entity, Maker("sample", NOW, 3650))


def test_the_real_feeds_of_changes() -> None:
    """The change feed, the empty page and the role feed are read whole."""
    folder = SAMPLES / "no-brreg"
    maker = Maker("sample", NOW)
    updates, aside = read_updates(
        json.loads((folder / "oppdateringer-923609016-includeChanges.json").read_bytes()), "u"
    )
    fields = [change.field for update in updates for change in changes_of_update(update, None, maker)]
    assert (fields.count("employees"), fields.count("capital"), fields.count("accounts"), aside) == (6, 1, 1, ())
    assert read_updates(json.loads((folder / "oppdateringer-empty.json").read_bytes()), "u") == ((), ())
    assert len(read_updates(json.loads((folder / "oppdateringer-page-no-changes.json").read_bytes()), "u")[0]) == 3
    events, _ = read_role_events(json.loads((folder / "oppdateringer-roller-cloudevents.json").read_bytes()), "u")
    assert len(events) == 1
    answer = json.loads((folder / "roles_923609016-deidentified.json").read_bytes())
    assert {change.details["kind"] for change in changes_of_roles("923609016", answer, Maker("s", NOW, 3650))} <= {
        "DAGL",
        "STYR",
    }


def test_every_payload_is_accounted_for(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark over all recorded payloads leaves none unexplained."""
    from benchmarks import samples

    monkeypatch.setattr("sys.argv", ["samples", str(SAMPLES)])
    assert samples.main() == 0
    assert capsys.readouterr().out.rstrip().endswith("unexplained 0")
