"""The real adapters, through the real door, read from the demo market what is declared to be in it."""

import pytest

from salestrigger.sources.collect import collect_all
from salestrigger.sources.demo import EXPECTED_FAILURES, day_clock, demo_specs, serve
from salestrigger.sources.demo.organisations import organisations
from salestrigger.sources.demo.outlets import items_on, outlets
from salestrigger.sources.exchange import FetchPolicy, Local


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """The outcomes of day 1 by source, and the server's log."""
    with serve(1) as server:
        found = collect_all(
            list(demo_specs().values()),
            {},
            policy=FetchPolicy(),
            route=Local(server.hosts),
            raw_root=tmp_path_factory.mktemp("raw"),
            now=day_clock(1),
            on_done=None,
        )
        return {outcome.source_id: outcome for outcome in found}, list(server.log)


def test_nothing_fails_but_what_is_expected_to(outcomes):
    """Every other source gives something on day 1."""
    found, _ = outcomes
    assert set(found) == set(demo_specs())
    for source, outcome in found.items():
        assert outcome.status == "ok" or source in EXPECTED_FAILURES, outcome
    assert found["demo-flood"].status == "failed"
    assert found["demo-login"].status == "malformed"


@pytest.mark.parametrize("source", sorted(outlets()))
def test_a_reader_finds_each_item_under_the_key_of_the_truth(outcomes, source):
    """Keys, titles and texts arrive as declared, whatever the format."""
    documents = {document.key: document for document in outcomes[0][source].collected.documents}
    shown = {item.key: item for item in items_on(source, 1)}
    assert set(documents) == set(shown)
    for key, item in shown.items():
        assert documents[key].title == item.title
        assert item.text in documents[key].text
        assert documents[key].published_at.replace(second=0) == item.published_at


def test_the_register_and_the_accounts_give_everybody(outcomes):
    """Each organisation of day 1 arrives as a record, by the register or by the list of accounts."""
    found, _ = outcomes
    records = {r.record_id for r in found["demo-register"].collected.records}
    assert records == {
        org.identifier for org in organisations().values() if org.country == "NO" and (org.registered_day or 0) <= 1
    }
    accounts = {str(i) for r in found["demo-accounts"].collected.records for i in r.other_ids}
    assert {org.identifier for org in organisations().values() if org.country != "NO"} <= accounts


def test_the_busy_host_was_asked_again_and_the_moved_one_followed(outcomes):
    """429 then 200; 301 then 200."""
    _, log = outcomes
    assert [asked.status for asked in log if asked.host == "mjoskurer.demo.example" and asked.path == "/rss"] == [
        429,
        200,
    ]
    assert [asked.status for asked in log if asked.host == "maasbode.demo.example" and asked.path != "/robots.txt"] == [
        301,
        200,
    ]
