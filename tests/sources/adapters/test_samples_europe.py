"""Recorded payloads of European and American sources, read by path when they are there."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from salestrigger.sources.adapters import (
    bolagsverket,
    companieshouse_bulk,
    companieshouse_records,
    cvr_records,
    jobtech,
    prh_records,
)
from salestrigger.sources.adapters.companieshouse import events_of
from salestrigger.sources.adapters.gleif_golden import rows_in
from salestrigger.sources.adapters.gleif_records import (
    AUTHORITIES,
    PUBLIC_URL,
    SCHEME,
    authority_of,
    changes_of,
    plain_record,
    record_of,
)
from salestrigger.sources.adapters.notice_build import document_of
from salestrigger.sources.adapters.notice_xml import read_notice
from salestrigger.sources.adapters.register_maker import RegisterMaker
from salestrigger.sources.adapters.sec_filings import company_of, filings_of, read_current, tickers_of
from salestrigger.sources.adapters.ted_search import notice_of
from salestrigger.sources.record_columns import unpacked
from tests.sources.adapters.running import NOW
from tests.sources.adapters.test_samples import SAMPLES

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"no samples at {SAMPLES}; set SAMPLES to a folder of recorded payloads"
)

#: file → winners that it names
WINNERS = {
    "eforms-sdk-can_24_LSBU.xml": 1,
    "eforms-sdk-can_24_UKRI.xml": 1,
    "eforms-sdk-can_24_no_tenders.xml": 0,
    "eforms-sdk-can-modif_24_value.xml": 0,
    "eforms-sdk-veat_24.xml": 3,
    "eforms-sdk-X02_registration.xml": 0,
    "ContractAwardNotice_can-standard_2023-335407.xml": 1,
    "ContractAwardNotice_can-social_2024-103933.xml": 5,
}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*.xml")), ids=lambda path: path.name)
def test_every_notice_is_read(path: Path) -> None:
    """eForms of the EU and of Norway give their winners; every stated name stands in the document."""
    if path.parent.name not in {"eu-ted", "no-doffin"}:
        return
    notice = read_notice(path.read_bytes(), {"number": path.stem})
    document = document_of(notice, source_id="sample", fetched_at=NOW)
    if path.name in WINNERS:
        assert len(notice.awards) >= WINNERS[path.name]
        assert bool(notice.awards) == bool(WINNERS[path.name])
    for event in document.stated if document else ():
        assert document is not None
        assert all(role.name in f"{document.title}\n{document.text}" for role in event.roles)


def test_search_results_of_ted() -> None:
    """Notices of before eForms have no winner in the search; repeated winners are one."""
    rows = json.loads((SAMPLES / "eu-ted/search-awards-nl.json").read_bytes())["notices"]
    notices = [notice_of(row, languages=("nld",)) for row in rows]
    assert [len(notice.awards) for notice in notices if notice] == [1, 0, 2]


def test_the_golden_copy_is_read_whole() -> None:
    """Every record but funds gives an organisation, and every number of a known register a crosswalk."""
    path = SAMPLES / "gleif/20240505-0000-gleif-goldencopy-lei2-intra-day.json"
    with rows_in(path) as found:
        rows = [plain_record(row) for row in found]
    maker = RegisterMaker(SCHEME, "sample", datetime(2024, 5, 6, tzinfo=UTC), PUBLIC_URL, 60)
    known = [row for row in rows if authority_of(row)[0] in AUTHORITIES]
    records = [(row, record_of(row, source_id="sample", fetched_at=NOW)) for row in rows]
    assert (len(rows), sum(record is not None for _, record in records)) == (577, 547)
    numbers = Counter(i.scheme for _, record in records if record for i in record.other_ids)
    assert sum(numbers.values()) == len(known)
    assert (numbers["NO-BRC"], numbers["NL-KVK"]) == (24, 6)
    assert sum(1 for row, record in records if record for _ in changes_of(row, record, maker)) == 22


def test_edgar_is_read_whole() -> None:
    """Submissions, tickers and the current feed."""
    data = json.loads((SAMPLES / "us-sec/company_submission.json").read_bytes())
    company = company_of(data, source_id="sample", fetched_at=NOW)
    assert company is not None
    assert len(company.names) == 2
    assert {f.items for f in filings_of(data, since=date(2022, 10, 1)) if f.form == "8-K"} == {
        ("2.02", "9.01"),
        ("2.02", "7.01", "9.01"),
    }
    tickers = json.loads((SAMPLES / "us-sec/company_tickers.json").read_bytes())
    assert len(tickers_of(tickers, source_id="s", fetched_at=NOW)) == len({r["cik_str"] for r in tickers.values()})
    filings, problem, aside = read_current((SAMPLES / "us-sec/getcurrent-8k-synthetic.atom").read_bytes(), {})
    assert (len(filings), problem, aside) == (2, "", ())


def test_registers_of_finland_britain_sweden_and_denmark() -> None:
    """Profiles, the stream, the bulk file, vacancies: each sample gives what it holds."""
    finnish = json.loads((SAMPLES / "fi-prh/companies-0112038-9-nokia.json").read_bytes())["companies"]
    record = prh_records.record_of(finnish[0], source_id="s", fetched_at=NOW)
    assert record is not None
    assert (record.name, record.legal_form, record.industries[0].codeset) == ("Nokia Oyj", "OYJ", "TOL2025")
    folder = SAMPLES / "uk-companies-house"
    for name in ("company_candour.json", "chwrapper-profile_results.json"):
        data = json.loads((folder / name).read_bytes())
        assert companieshouse_records.record_of(data, source_id="s", fetched_at=NOW) is not None
    aside: list[tuple[str, str]] = []
    assert len(list(events_of((folder / "stream-companies.ndjson").read_bytes(), aside))) >= 1
    assert aside == []
    context = {"source_id": "s", "now": NOW, "postcodes": (), "sic": ()}
    for name in ("ch_part1_2.zip", "ch_part2_2.zip"):
        (part,) = companieshouse_bulk.cut(folder / name)
        found = companieshouse_bulk.read_part(part, context)
        assert not isinstance(found, str), found
        columns, read, odd = found
        assert (unpacked(columns).num_rows, odd) == (read, ())
    filings = json.loads((folder / "filing_pfb_hire-deidentified.json").read_bytes())["items"]
    assert all(
        companieshouse_records.filing_document("07310390", "X LTD", f, source_id="s", fetched_at=NOW) for f in filings
    )
    danish = json.loads((SAMPLES / "dk-cvr/virksomhed-search-synthetic.json").read_bytes())["hits"]["hits"]
    company = cvr_records.record_of(cvr_records.company_in(danish[0]), source_id="s", fetched_at=NOW)
    assert company is not None
    assert company.employees is not None
    swedish = SAMPLES / "se-bolagsverket/derived-json"
    answers = {p.name: json.loads(p.read_bytes())["organisationer"] for p in swedish.glob("organisationer-*-svar.json")}
    found = {
        name: [bolagsverket.record_of(row, "SNI2007", source_id="s", fetched_at=NOW) for row in rows]
        for name, rows in answers.items()
    }
    assert not any(found["organisationer-enskild-svar.json"])  # sole proprietors
    assert not any(found["organisationer-fel-fran-en-uppgiftskalla-svar.json"])
    assert bolagsverket.failed_blocks(answers["organisationer-fel-fran-en-uppgiftskalla-svar.json"][0])
    ads = json.loads((SAMPLES / "se-jobtech/platsannonser_expected_after_conversion.json").read_bytes())
    sources = [hit["_source"] for hit in ads["hits"]["hits"]]
    assert all(jobtech.ad_of(row, source_id="s", fetched_at=NOW) for row in sources)
