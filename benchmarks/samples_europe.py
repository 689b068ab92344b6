"""Readers of recorded payloads of international registers, notices and exchanges, for ``benchmarks.samples``."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.samples_outcome import NOW, Outcome
from salestrigger.sources.adapters import (
    bolagsverket,
    companieshouse,
    companieshouse_bulk,
    companieshouse_records,
    cvr_records,
    gleif_records,
    jobtech,
    prh_records,
    sec_filings,
)
from salestrigger.sources.adapters.gleif_parents import Parents
from salestrigger.sources.adapters.notice_build import document_of
from salestrigger.sources.adapters.notice_xml import read_notice
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.adapters.ted_search import notice_of


def counted(what: str, found: Iterable[object], why: str) -> Outcome:
    """How many came out, and how many are set aside for ``why``."""
    rows = list(found)
    good = sum(row is not None for row in rows)
    bad = len(rows) - good
    return Outcome(Counter({what: good} if good else {}), Counter({why: bad} if bad else {}), "" if rows else "empty")


def leis(body: bytes) -> Outcome:
    """LEI records of the golden copy or of the API."""
    data = json.loads(body)
    rows = data if isinstance(data, list) else data.get("records") or data["data"]
    plain = [gleif_records.plain_record(row) for row in (rows if isinstance(rows, list) else [rows])]
    found = (gleif_records.record_of(row, source_id="sample", fetched_at=NOW) for row in plain)
    return counted("records", found, "a fund, or a record without a name")


def relationships(body: bytes) -> Outcome:
    """Who is whose parent."""
    parents, rows = Parents(), json.loads(body)
    parents.apply(rows)
    known = sum(parents.of(row["Relationship"]["StartNode"]["NodeID"]) is not None for row in rows)
    other = len(rows) - known
    aside = {"a fund's manager, a branch, or a relationship that ended": other} if other else {}
    return Outcome(Counter({"parents": known} if known else {}), Counter(aside))


def notice(body: bytes) -> Outcome:
    """A notice as XML: eForms, or from before."""
    found = document_of(read_notice(body, {"number": "sample"}), source_id="sample", fetched_at=NOW)
    if found is None:
        return Outcome(said="a notice without a buyer or a title")
    stated = Counter(f"stated {event.type}" for event in found.stated)
    return Outcome(Counter(documents=1) + stated)


def hits(body: bytes) -> Outcome:
    """TED's search."""
    data = json.loads(body)
    found = (notice_of(row, languages=("nld", "eng")) for row in data.get("notices", [data]))
    return counted("notices", found, "a notice without a number")


def profile(body: bytes) -> Outcome:
    """A British company."""
    found = companieshouse_records.record_of(json.loads(body), source_id="sample", fetched_at=NOW)
    return counted("records", [found], "a company without a number or a name")


def stream(body: bytes) -> Outcome:
    """The British stream."""
    aside: list[tuple[str, str]] = []
    events = list(companieshouse.events_of(body, aside))
    return Outcome(Counter(events=len(events)), Counter(why for _, why in aside))


def filings(body: bytes) -> Outcome:
    """A British company's filings."""
    found = (
        companieshouse_records.filing_document("01234567", "X", row, source_id="sample", fetched_at=NOW)
        for row in json.loads(body)["items"]
    )
    return counted("documents", found, "a filing without an id or a day")


def officers(body: bytes) -> Outcome:
    """Appointments: those of directors, within a long window."""
    maker = RegisterMaker("GB-COH", "sample", NOW, companieshouse_records.PUBLIC_URL, 36_500)
    found = list(companieshouse_records.officer_changes("01234567", json.loads(body), maker))
    return Outcome(Counter({"changes": len(found)} if found else {}), said="" if found else "no director")


def monthly(body: bytes) -> Outcome:
    """The British monthly file."""
    total = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.zip"
        path.write_bytes(body)
        for part in companieshouse_bulk.cut(path):
            _, read, aside = companieshouse_bulk.read_part(
                part, {"source_id": "sample", "now": NOW, "postcodes": (), "sic": ()}
            )
            total.counts["records"] += int(read) - len(aside)
            total.aside += Counter(str(why) for _, why in aside)
    return total


def submissions(body: bytes) -> Outcome:
    """A filer of EDGAR and its filings."""
    data = json.loads(body)
    found = sec_filings.company_of(data, source_id="sample", fetched_at=NOW)
    return (
        counted("records", [found], "a person")
        if found is None
        else Outcome(Counter(records=1, filings=len(list(sec_filings.filings_of(data, since=date(1990, 1, 1))))))
    )


def tickers(body: bytes) -> Outcome:
    """EDGAR's listed companies."""
    return Outcome(Counter(records=len(sec_filings.tickers_of(json.loads(body), source_id="sample", fetched_at=NOW))))


def current(body: bytes) -> Outcome:
    """EDGAR's feed of current filings."""
    found, problem, aside = sec_filings.read_current(body, {})
    return Outcome(Counter(filings=len(found)), Counter(why for _, why in aside), problem)


def finnish(body: bytes) -> Outcome:
    """Companies of the Finnish register."""
    found = (prh_records.record_of(row, source_id="sample", fetched_at=NOW) for row in json.loads(body)["companies"])
    return counted("records", found, "a company without a number or a name")


def danish(body: bytes) -> Outcome:
    """Companies of the Danish register."""
    found = (
        cvr_records.record_of(cvr_records.company_in(hit), source_id="sample", fetched_at=NOW)
        for hit in json.loads(body)["hits"]["hits"]
    )
    return counted("records", found, "a company without a number or a name")


def swedish(body: bytes) -> Outcome:
    """Companies of the Swedish register."""
    found = (
        bolagsverket.record_of(row, "SNI2007", source_id="sample", fetched_at=NOW)
        for row in json.loads(body)["organisationer"]
    )
    return counted("records", found, "a sole proprietor, or a block that its producer could not give")


def vacancies(body: bytes) -> Outcome:
    """Swedish ads, in the index's envelope or as a stream."""
    data: Any = json.loads(body)
    rows = data if isinstance(data, list) else [hit["_source"] for hit in data["hits"]["hits"]]
    removed = sum(row.get("removed") is True for row in rows)
    ads = (jobtech.ad_of(row, source_id="sample", fetched_at=NOW) for row in rows if not row.get("removed"))
    outcome = counted("documents", ads, "an ad without an id or a headline")
    return Outcome(outcome.counts + Counter({"removals": removed} if removed else {}), outcome.aside)


#: as ``benchmarks.samples.READERS``
READERS: tuple[tuple[str, str, Callable[[bytes], Outcome]], ...] = (
    ("gleif/rr-*.json", "gleif", relationships),
    ("gleif/*lei*.json", "gleif", leis),
    ("gleif/[0-9]*.json", "gleif", leis),
    ("gleif/sparse_record.json", "gleif", leis),
    ("eu-ted/*.xml", "ted", notice),
    ("no-doffin/*.xml", "ted", notice),
    ("eu-ted/*.json", "ted", hits),
    ("uk-companies-house/company_candour.json", "companieshouse", profile),
    ("uk-companies-house/chwrapper-profile_results.json", "companieshouse", profile),
    ("uk-companies-house/stream-*", "companieshouse", stream),
    ("uk-companies-house/*filing_*.json", "companieshouse", filings),
    ("uk-companies-house/officers-*", "companieshouse", officers),
    ("uk-companies-house/ch_part*.zip", "companieshouse", monthly),
    ("us-sec/company_submission.json", "sec", submissions),
    ("us-sec/company_tickers.json", "sec", tickers),
    ("us-sec/getcurrent*", "sec", current),
    ("fi-prh/*.json", "prh", finnish),
    ("dk-cvr/*.json", "cvr", danish),
    ("se-bolagsverket/derived-json/*-svar.json", "bolagsverket", swedish),
    ("se-jobtech/platsannonser_expected*", "jobtech", vacancies),
    ("se-jobtech/stream-removal*", "jobtech", vacancies),
)

#: as ``benchmarks.samples.NO_PAYLOAD``; looked at after READERS
NO_PAYLOAD: tuple[tuple[str, str], ...] = (
    ("gleif/*.xml", "the same records as XML, which is not asked for"),
    ("gleif/rep*", "why no parent is reported, which is not asked for"),
    ("wikidata/*", "the site's own interface; names are asked of the query service"),
    ("uk-companies-house/*", "searches, charges, owners and lists that are not asked for"),
    ("us-sec/*", "indexes and the full-text search, which are not asked for"),
    ("se-bolagsverket/*", "documentation, requests and errors"),
    ("se-jobtech/*", "an older search and an import format, which are not asked for"),
)
