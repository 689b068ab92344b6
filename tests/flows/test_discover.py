"""What can be watched of one's accounts: found on their sites, confirmed, counted. Invented companies."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from salestrigger.flows.adopt import adopt_proposals
from salestrigger.flows.coverage import coverage_lines
from salestrigger.flows.discover import discover_accounts
from salestrigger.flows.home import make_home
from salestrigger.flows.settings import Settings
from salestrigger.flows.switch import switch
from salestrigger.sources.adapters.accounts_rows import read_accounts
from salestrigger.sources.discover import board_of, look_through
from salestrigger.sources.errors import DeclarationError, UsageError
from salestrigger.sources.http import FetchPolicy, Local
from salestrigger.sources.register_numbers import Stated
from salestrigger.sources.registry import load_spec

ACCOUNTS = """org_id,name,country,city,website,identifiers,relation
A1,Fjellmørk AS,NO,Dalgard,http://fjellmork.example/,,account
A2,Havglimt AS,NO,,http://stille.example/,NO-BRC:964965781,account
A3,Poldervink B.V.,NL,,,,account
"""
HOME = """<html><head><link rel="alternate" type="application/rss+xml" title="Nyheter" href="/feed"></head>
<body><a href="/kontakt">Kontakt oss</a> <a href="/karriere">Karriere</a> <a href="https://other.example/news">News</a>
</body></html>"""


def looked(server: HTTPServer, tmp_path: Path) -> str:
    """The proposals after a look at the accounts."""
    server.expect_request("/").respond_with_data(HOME, content_type="text/html")
    server.expect_request("/robots.txt").respond_with_data("", status=404)
    server.expect_request("/kontakt").respond_with_data(
        "<p>Org.nr: 974 760 673 MVA, tlf 99 99 99 99</p>", content_type="text/html"
    )
    server.expect_request("/karriere").respond_with_data(
        '<a href="https://jobs.lever.co/fjellmork/123">Jobb</a>', content_type="text/html"
    )
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    policy = FetchPolicy(default_pace_s=0.0, retries=0, deadline_s=10.0)
    route = Local({"fjellmork.example": (server.host, server.port)})
    out = tmp_path / "proposals.csv"
    says = discover_accounts(tmp_path / "accounts.csv", out, policy=policy, route=route, limit=10)
    assert says.startswith("2 of 3 accounts have a website; something was found for 1, 1 did not answer; 3 proposals")
    return out.read_text(encoding="utf-8")


def test_a_site_is_looked_through_and_what_a_person_takes_is_made_so(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Feed, job board and number are proposed; only what says yes is adopted; a silent site is counted."""
    text = looked(httpserver, tmp_path)
    assert ",feed,http://fjellmork.example/feed,Nyheter," in text
    assert ",lever,https://jobs.lever.co/fjellmork,job board," in text
    assert ",number,NO-BRC-974760673," in text
    path = tmp_path / "proposals.csv"
    assert adopt_proposals(tmp_path, path) == ["nothing says yes in the column take"]
    path.write_text(text.replace("\n,", "\nyes,"), encoding="utf-8")
    said = adopt_proposals(tmp_path, path)
    assert any(line.startswith("fjellmork-as-news: http://fjellmork.example/feed") for line in said)
    spec = load_spec(tmp_path / "sources" / "fjellmork-as-news.toml")
    assert (spec.adapter, spec.enabled, spec.trust) == ("feed", True, "newsroom")
    assert spec.options == {"issuer": "Fjellmørk AS", "identifier": "NO-BRC:974760673"}
    board = load_spec(tmp_path / "sources" / "fjellmork-as-lever.toml")
    assert (board.adapter, board.url, board.enabled) == ("jobs", "https://api.lever.co", True)
    assert board.options == {
        "board": "lever", "company": "Fjellmørk AS", "identifier": "NO-BRC:974760673", "token": "fjellmork",
    }  # fmt: skip
    assert "A1,Fjellmørk AS,NO,Dalgard,http://fjellmork.example/,NO-BRC:974760673," in (
        tmp_path / "accounts.csv"
    ).read_text("utf-8")
    assert "is there already" in " ".join(adopt_proposals(tmp_path, path))
    with pytest.raises(DeclarationError, match="no such file"):
        adopt_proposals(tmp_path, tmp_path / "none.csv")


def test_proposals_are_confirmed_in_bulk_and_survive_a_spreadsheet(httpserver: HTTPServer, tmp_path: Path) -> None:
    """All of a kind by one option; semicolons and Windows' letters, as a Dutch Excel saves them; a second board."""
    text = looked(httpserver, tmp_path)
    path = tmp_path / "proposals.csv"
    path.write_bytes(text.replace(",", ";").encode("cp1252"))
    said = adopt_proposals(tmp_path, path, kinds=["board"])
    assert [line.split(":")[0] for line in said] == ["fjellmork-as-lever"]
    assert load_spec(tmp_path / "sources" / "fjellmork-as-lever.toml").options["company"] == "Fjellmørk AS"
    path.write_text(text.replace("jobs.lever.co/fjellmork", "jobs.eu.lever.co/fjellmork-eu"), encoding="utf-8")
    (line,) = adopt_proposals(tmp_path, path, kinds=["board"])
    assert line.startswith("fjellmork-as-lever-2: ")
    assert load_spec(tmp_path / "sources" / "fjellmork-as-lever-2.toml").url == "https://api.eu.lever.co"
    with pytest.raises(UsageError, match="unknown kind 'boards' of proposal; allowed: feed, number, board"):
        adopt_proposals(tmp_path, path, kinds=["boards"])
    path.write_text("take,account\nyes,Fjellmørk AS\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="line 1: no column 'org_id'; needed: take, account, org_id"):
        adopt_proposals(tmp_path, path)


IMPRINT = """<p>Nebelwerk GmbH, Amtsgericht Köln, HRB 4321</p><p>Hosting: Wolkenheim SE, Amtsgericht Montabaur,
HRB 1111</p>"""


def test_a_doubtful_number_is_taken_one_by_one(httpserver: HTTPServer, tmp_path: Path) -> None:
    """German numbers carry their court; whoever else stands in the imprint is taken only by its own row."""
    httpserver.expect_request("/").respond_with_data('<a href="/impressum">Impressum</a>', content_type="text/html")
    httpserver.expect_request("/impressum").respond_with_data(IMPRINT, content_type="text/html; charset=utf-8")
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    accounts, out = tmp_path / "accounts.csv", tmp_path / "proposals.csv"
    accounts.write_text("name,country,website\nNebelwerk GmbH,DE,http://nebelwerk.example/\n", encoding="utf-8")
    policy = FetchPolicy(default_pace_s=0.0, retries=0, deadline_s=10.0)
    route = Local({"nebelwerk.example": (httpserver.host, httpserver.port)})
    discover_accounts(accounts, out, policy=policy, route=route, limit=10)
    text = out.read_text(encoding="utf-8")
    assert ",number,DE-CR-Köln HRB 4321,on its own pages," in text
    assert ",number?,DE-CR-Montabaur HRB 1111,\"on its own pages, beside the name 'Wolkenheim SE'\"," in text
    assert "1 numbers added" in adopt_proposals(tmp_path, out, kinds=["number"])[0]
    (record,) = read_accounts(accounts, accounts.read_bytes(), source_id="accounts", fetched_at=datetime.now(UTC))
    assert [str(i) for i in record.other_ids] == ["DE-CR-Köln HRB 4321"]
    out.write_text(text.replace("\n,", "\nyes,"), encoding="utf-8")
    assert "1 numbers added" in adopt_proposals(tmp_path, out)[0]


def test_of_several_numbers_none_is_sure(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A group's page with a number for each of its companies, without their names."""
    page = "<p>Org.nr: 974 760 673</p><p>Org.nr: 964 965 781</p>"
    httpserver.expect_request("/").respond_with_data(page, content_type="text/html")
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    accounts, out = tmp_path / "accounts.csv", tmp_path / "proposals.csv"
    accounts.write_text("name,country,website\nFjellmørk AS,NO,http://fjellmork.example/\n", encoding="utf-8")
    route = Local({"fjellmork.example": (httpserver.host, httpserver.port)})
    policy = FetchPolicy(default_pace_s=0.0, retries=0, deadline_s=10.0)
    discover_accounts(accounts, out, policy=policy, route=route, limit=10)
    assert out.read_text(encoding="utf-8").count("number?,NO-BRC-") == 2
    assert adopt_proposals(tmp_path, out, kinds=["number"]) == ["nothing says yes in the column take"]


def test_one_page_of_each_kind_is_looked_at() -> None:
    """Ten press releases do not push the page out that has the register number."""
    news = "".join(f'<a href="/news/{n}">News {n}</a>' for n in range(10))
    page = f'{news}<a href="/jobs">Jobs</a><a href="/impressum">Impressum</a><a href="/om">Om oss</a>'.encode()
    context = {"url": "https://x.example/", "content_type": "text/html", "country": None, "name": ""}
    names = [address.rsplit("x.example", 1)[1] for address in look_through(page, context).pages]
    assert names == ["/news/0", "/jobs", "/impressum", "/om"]


def test_coverage_says_what_would_raise_it(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Before the first run: by the numbers and sources that there are; a source of its own counts."""
    text = looked(httpserver, tmp_path)
    (tmp_path / "sources").mkdir()
    lines = coverage_lines(Settings(home=tmp_path), tmp_path / "accounts.csv")
    assert lines[0] == "of 3 accounts 1 identified, 0 with a live source"
    assert any("identified, but no register of theirs is switched on: NO 1" in line for line in lines)
    assert any("1 have no website" in line for line in lines)
    (tmp_path / "proposals.csv").write_text(text.replace("\n,", "\nyes,"), encoding="utf-8")
    adopt_proposals(tmp_path, tmp_path / "proposals.csv")
    lines = coverage_lines(Settings(home=tmp_path), tmp_path / "accounts.csv")
    assert lines[0] == "of 3 accounts 2 identified, 1 with a live source"


def test_a_source_without_its_key_is_no_live_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused at every run; coverage says what the key would add."""
    make_home(tmp_path / "home", "nl")
    switch(tmp_path / "home", ["kvk"], on=True)
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("name,country,identifiers\nPoldervink B.V.,NL,NL-KVK:01234567\n", encoding="utf-8")
    monkeypatch.delenv("KVK_API_KEY", raising=False)
    lines = coverage_lines(Settings(home=tmp_path / "home"), accounts)
    assert lines[0] == "of 1 accounts 1 identified, 0 with a live source"
    assert any(line.startswith("1 more with a key for kvk: KVK_API_KEY, from ") for line in lines)
    monkeypatch.setenv("KVK_API_KEY", "invented")
    lines = coverage_lines(Settings(home=tmp_path / "home"), accounts)
    assert lines[0] == "of 1 accounts 1 identified, 1 with a live source"


@pytest.mark.parametrize(("link", "expected"), [
    ("https://boards.greenhouse.io/acme/jobs/1", ("https://boards.greenhouse.io/acme", "greenhouse")),
    ("https://acme.teamtailor.com/jobs", ("https://acme.teamtailor.com/", "teamtailor")),
    ("https://boards.greenhouse.io/embed/job_board?for=acme", ("https://boards.greenhouse.io/acme", "greenhouse")),
    ("https://www.teamtailor.com/", None),
    ("https://boards.greenhouse.io/", None),
    ("https://acme.example/jobs", None),
    ("", None),
])  # fmt: skip
def test_job_boards_are_known_by_their_host(link: str, expected: tuple[str, str] | None) -> None:
    """The host says which adapter, the path or the host says whose."""
    assert board_of(link) == expected


def test_a_number_needs_the_words_before_it(tmp_path: Path) -> None:
    """Nine digits alone are a telephone number; another country's number is not the account's."""
    page = b"<p>Tlf 974760673. CVR-nr. 10 15 08 17. KvK 01234567</p>"
    context = {"url": "https://x.example/", "content_type": "text/html", "country": None, "name": ""}
    assert look_through(page, context).numbers == (Stated("NL-KVK-01234567"), Stated("DK-CVR-10150817"))
    assert look_through(page, {**context, "country": "NO"}).numbers == ()
    assert look_through(b"\xff\x00<<<", context).numbers == ()
