"""EDGAR's current feed, submissions and tickers, with invented companies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.sources.adapters.sec_deals import deal_part
from salestrigger.sources.adapters.sec_filings import ITEMS
from tests.sources.adapters.running import run, spec_of


def entry(
    number: int, items: str = "Item 1.03: Bankruptcy or Receivership", *, part: str = "Filer", form: str = "8-K"
) -> str:
    """One entry of the current feed."""
    accession = f"0001234567-26-{number:06d}"
    return f"""<entry><title>{form} - FJELLMARK ROBOTICS, INC. (0001234567) ({part})</title>
    <link rel="alternate" href="https://www.sec.gov/Archives/edgar/data/1234567/{accession}-index.htm"/>
    <summary type="html"> &lt;b&gt;Filed:&lt;/b&gt; 2026-10-02 &lt;br&gt;{items}&lt;br&gt;Item 9.01: Financial
    Statements and Exhibits</summary><updated>2026-10-02T08:00:47-04:00</updated>
    <category scheme="https://www.sec.gov/" label="form type" term="{form}"/>
    <id>urn:tag:sec.gov,2008:accession-number={accession}</id></entry>"""


def feed(*entries: str) -> bytes:
    """A page of the current feed, in its own encoding."""
    head = '<?xml version="1.0" encoding="ISO-8859-1" ?><feed xmlns="http://www.w3.org/2005/Atom"><title>Latest</title>'
    return f"{head}{''.join(entries)}</feed>".encode("iso-8859-1")


def edgar(mode: str = "current", **options: Any) -> Any:
    """The source."""
    url = {"current": "/cgi-bin/browse-edgar", "watch": "", "tickers": "/files/company_tickers.json"}[mode]
    return spec_of("sec", adapter="sec", url=f"http://news.example{url}", options={"mode": mode, **options})


def test_items_are_stated_events(httpserver: HTTPServer, tmp_path: Path) -> None:
    """An item is the event that it reports; exhibits and "other events" are none; subjects are not filers."""
    page = feed(entry(1), entry(2, "Item 8.01: Other Events"), entry(3, part="Subject"), entry(4, form="8-K/A"))
    httpserver.expect_request("/cgi-bin/browse-edgar").respond_with_data(page)
    (outcome,) = run(httpserver, tmp_path, edgar())
    first, other, amended = outcome.collected.documents
    assert [(e.type, e.roles[0].role, e.roles[0].name) for e in first.stated] == [
        ("insolvency", "organization", "FJELLMARK ROBOTICS, INC.")
    ]
    assert first.title == "FJELLMARK ROBOTICS, INC. · 8-K: Item 1.03: Bankruptcy or Receivership"
    assert [str(i) for i in first.identifiers] == ["US-CIK-0001234567"]
    assert other.stated == ()
    assert amended.stated == ()


def test_every_item_type_is_of_the_lexicon() -> None:
    """What an item states is a type that the lexicon knows, with a role that the type has."""
    lexicon = load_lexicon()
    for item, (_, type_, role, _) in ITEMS.items():
        assert not type_ or role in {*lexicon.types[type_].roles, lexicon.types[type_].unsaid}, item


def test_pages_back_to_where_the_last_run_was(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Full pages are followed by further ones until a page brings nothing new; the next run reads one page."""
    entries = [entry(n) for n in range(250)]

    def page(request: Request) -> Response:
        start = int(request.args["start"])
        return Response(feed(*entries[start : start + 100]))

    httpserver.expect_request("/cgi-bin/browse-edgar").respond_with_handler(page)
    (first,) = run(httpserver, tmp_path, edgar())
    assert (len(first.collected.documents), first.requests) == (250, 3)
    entries.insert(0, entry(900))
    (second,) = run(httpserver, tmp_path, edgar(), cursors={"sec": first.collected.cursor})
    assert ([d.key for d in second.collected.documents], second.requests) == (["0001234567-26-000900"], 2)
    (capped,) = run(httpserver, tmp_path, edgar(max_pages=1))
    assert capped.collected.notes[0].startswith("read 1 pages (max_pages)")


SUBMISSIONS = {
    "cik": "1234567", "entityType": "operating", "sic": "3569", "sicDescription": "General Industrial Machinery",
    "name": "Fjellmark Robotics, Inc.", "tickers": ["FJMR"], "ein": "123456789", "stateOfIncorporation": "DE",
    "website": "", "addresses": {"business": {"street1": "1 EXAMPLE WAY", "street2": "None", "city": "SPRINGFIELD",
                                              "stateOrCountry": "IL", "zipCode": "62701"}},
    "formerNames": [{"name": "FJELL INC", "from": "2015-02-17T00:00:00.000Z", "to": "2020-01-27T00:00:00.000Z"}],
    "filings": {"recent": {
        "accessionNumber": ["0001234567-26-000009", "0001234567-26-000008", "0001234567-20-000001"],
        "form": ["8-K", "4", "8-K"], "filingDate": ["2026-10-01", "2026-09-30", "2020-01-02"],
        "acceptanceDateTime": ["2026-10-01T16:42:36.000Z", "", ""], "reportDate": ["2026-09-29", "", ""],
        "items": ["2.02,9.01", "", "5.02"], "primaryDocument": ["fjm-8k.htm", "", ""]}, "files": []},
}  # fmt: skip


def test_watched_companies(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A company gives its record and its recent 8-K; insiders' filings are not read; an unknown one is set aside."""
    httpserver.expect_request("/submissions/CIK0001234567.json").respond_with_json(SUBMISSIONS)
    httpserver.expect_request("/submissions/CIK0000000009.json").respond_with_data("no", status=404)
    (outcome,) = run(httpserver, tmp_path, edgar("watch", ciks=["1234567", "9"]))
    (record,) = outcome.collected.records
    assert (record.record_id, record.country, [str(i) for i in record.other_ids]) == (
        "US-CIK-0001234567", "US", ["US-EIN-123456789"],
    )  # fmt: skip
    assert [(n.text, n.kind) for n in record.names] == [("Fjellmark Robotics, Inc.", "legal"), ("FJELL INC", "former")]
    (document,) = outcome.collected.documents
    assert (document.stated[0].type, str(document.stated[0].event_on)) == ("financial_results", "2026-09-29")
    assert outcome.collected.set_aside == (("US-CIK-0000000009", "not in EDGAR"),)


def test_a_person_is_no_company(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A filer without industry, state or number is a natural person: nothing is kept."""
    person = {
        "cik": "7",
        "entityType": "other",
        "name": "EXAMPLE JANE",
        "sic": "",
        "ein": "",
        "filings": {"recent": {}},
    }
    httpserver.expect_request("/submissions/CIK0000000007.json").respond_with_json(person)
    (outcome,) = run(httpserver, tmp_path, edgar("watch", ciks=["7"]))
    assert (outcome.collected.records, outcome.collected.documents) == ((), ())


def test_tickers_are_a_universe(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Two classes of shares are one company; the cap is said."""
    rows = [(320, "AAA", "Alfa Inc."), (320, "AAB", "Alfa Inc."), (7, "BBB", "Beta Corp")]
    data = {str(n): {"cik_str": c, "ticker": t, "title": name} for n, (c, t, name) in enumerate(rows)}
    httpserver.expect_request("/files/company_tickers.json").respond_with_json(data)
    (outcome,) = run(httpserver, tmp_path, edgar("tickers"))
    assert [r.record_id for r in outcome.collected.records] == ["US-CIK-0000000320", "US-CIK-0000000007"]
    (capped,) = run(httpserver, tmp_path, edgar("tickers", max_companies=1))
    assert capped.collected.notes == ("read 1 of 2 companies (max_companies)",)


@pytest.mark.parametrize("mode", ["current", "tickers"])
def test_an_html_page_is_malformed(httpserver: HTTPServer, tmp_path: Path, mode: str) -> None:
    """EDGAR's page for undeclared tools arrives with status 200 too."""
    httpserver.expect_request("/cgi-bin/browse-edgar").respond_with_data("<html><body>Undeclared tool</body></html>")
    httpserver.expect_request("/files/company_tickers.json").respond_with_data(json.dumps({"a": 1}))
    (outcome,) = run(httpserver, tmp_path, edgar(mode))
    assert outcome.status == "malformed"


@pytest.mark.parametrize(("text", "part"), [
    ("On October 1, 2026, Fjellmark Robotics, Inc. completed its previously announced acquisition of Orvelle LLC.",
     "acquirer"),
    ("On October 1, 2026, the Company acquired all outstanding shares of Orvelle LLC for $40 million.", "acquirer"),
    ("On October 1, 2026, the Company closed the sale of its pump business to Orvelle LLC.", "seller"),
    ("On October 1, 2026, the Company completed the previously announced spin-off of Fjellmark Pumps.", "seller"),
    ("Merger Sub merged into the Company, and the Company became a wholly owned subsidiary of Orvelle Inc.", "target"),
    ("At the effective time Orvelle completed the acquisition of the Company.", "target"),
    # told together, or not at all
    ("The Company acquired Orvelle LLC and sold its pump business to the same group.", ""),
    ("The information in Item 1.01 is incorporated by reference into this item in its entirety.", ""),
])  # fmt: skip
def test_the_text_of_a_deal_says_who_bought(text: str, part: str) -> None:
    """Between the item's heading, which names both, and the next item; a line of contents is passed over."""
    page = (
        "<p>Item 1.01 Entry into an agreement: the Company sold nothing.</p><p>Item&nbsp;2.01</p>"
        f"<p>Item 2.01. Completion of Acquisition or Disposition of Assets.</p><p>{text}</p>"
        "<p>Item 9.01 Exhibits: how it was sold and acquired</p>"
    )
    assert deal_part(page.encode(), {}) == part
    assert deal_part(text.encode(), {}) == ""


DEAL = {**SUBMISSIONS, "filings": {"recent": {
    **SUBMISSIONS["filings"]["recent"], "items": ["2.01,9.01", "", "5.02"],  # type: ignore[index]
}}}  # fmt: skip
DOCUMENT = "/archives/edgar/data/1234567/000123456726000009/fjm-8k.htm"


SOLD = "<p>Item 2.01 Completion of Acquisition or Disposition</p><p>The Company closed the sale of its pump unit.</p>"


@pytest.mark.parametrize(("body", "status", "expected"), [
    (SOLD, 200, ("divestiture", "seller", 0)),
    ("<p>gone</p>", 404, ("acquisition", "party", 1)),
])  # fmt: skip
def test_a_watched_companys_deal_has_its_direction(
    httpserver: HTTPServer, tmp_path: Path, body: str, status: int, expected: tuple[str, str, int]
) -> None:
    """By the document; one that cannot be had leaves the direction open and stops nothing."""
    data = json.loads(json.dumps(DEAL))
    httpserver.expect_request("/submissions/CIK0001234567.json").respond_with_json(data)
    httpserver.expect_request(DOCUMENT).respond_with_data(body, status=status, content_type="text/html")
    spec = edgar("watch", ciks=["1234567"], archives="http://news.example/archives")
    (outcome,) = run(httpserver, tmp_path, spec)
    (document,) = outcome.collected.documents
    (stated,) = document.stated
    assert (stated.type, stated.roles[0].role, len(outcome.collected.notes)) == expected
