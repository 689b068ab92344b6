"""Texts from the web can do nothing, in any field of any format."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from salestrigger.reports import safe
from salestrigger.reports.render import render
from salestrigger.reports.report import Report
from salestrigger.reports.terminal import top_table
from salestrigger.sources.text import registrable_domain
from tests.reports import naughty
from tests.reports.inspect_html import Shape, elements, hrefs, poisoned, shape, with_texts

TORTURE = Path(__file__).parents[3] / "shared" / "torture"
FORMULA_STARTS = tuple("=+-@\t\r\n|＝＋－＠｜")
DECEIVERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
NUMBERS = {"rank", "independent_sources", "fit_lower", "fit_upper", "right_company", "namesakes"}


def check_html(page: str, allowed: Shape) -> None:
    """Nothing but the template's own elements and attributes; addresses are anchors of ours, http or https."""
    assert shape(page) <= allowed
    assert all(re.match(r"#[a-z_-]+$|https?://[a-z0-9]", href) for href in hrefs(page))


def check_csv(text: str) -> None:
    """No cell starts a formula, also where a semicolon separates columns."""
    assert not DECEIVERS.search(text.replace("\r\n", "\n").removeprefix("\ufeff"))
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        for name, cell in row.items():
            assert name in NUMBERS or not cell.lstrip().startswith(FORMULA_STARTS), cell
            assert not re.search(r"[;\t]\s*[=+\-@＝＋－＠]", cell), cell


def check_markdown(text: str) -> None:
    """Rendered with raw HTML allowed, it holds only what the template writes; links go to http(s) alone."""
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    own = {"html", "head", "body", "h1", "h2", "h3", "p", "ul", "li", "strong", "blockquote", "a", "code"}
    found = list(elements(page))
    assert {name for name, _ in found} <= own
    assert {key for _, attributes in found for key in attributes} <= {"href"}
    assert all(href.startswith(("http://", "https://")) for href in hrefs(page))


def check_json(text: str) -> None:
    """Addresses that are no links carry no href; no deceiving character is left."""
    assert not DECEIVERS.search(text)

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            if "href" in value:
                yield str(value["href"])
            for item in value.values():
                yield from walk(item)
        elif isinstance(value, list):
            for item in value:
                yield from walk(item)

    assert all(re.match(r"$|https?://[a-z0-9]", href) for href in walk(json.loads(text)))


def check_all(report: Report, allowed: Shape) -> None:
    page = render(report, "html")
    check_html(page, allowed)
    assert not DECEIVERS.search(page)
    check_csv(render(report, "csv"))
    markdown = render(report, "md")
    check_markdown(markdown)
    assert not DECEIVERS.search(markdown)
    check_json(render(report, "json"))
    check_terminal(report)


def check_terminal(report: Report) -> None:
    """No control code reaches the terminal, and no text is read as its markup."""
    out = io.StringIO()
    Console(file=out, width=100, color_system=None).print(top_table(report))
    assert not DECEIVERS.search(out.getvalue())


@pytest.fixture(scope="session")
def allowed(full: Report, quiet: Report) -> Shape:
    """What the template makes of harmless texts, with and without links."""
    return frozenset().union(*(shape(render(r, "html")) for r in (full, quiet, poisoned(full, "plain"))))


@pytest.mark.parametrize("payload", naughty.EVERYTHING, ids=range(len(naughty.EVERYTHING)))
def test_a_hostile_text_in_every_field_does_nothing(small: Report, allowed: Shape, payload: str) -> None:
    """The payload stands in every text and address of the report; each format still holds only what is its own."""
    check_all(poisoned(small, payload), allowed)


def test_hostile_texts_alone_in_their_fields_do_nothing(full: Report, allowed: Shape) -> None:
    """Not only behind other words: the payload is the whole text of a field."""
    check_many(full, allowed, list(naughty.EVERYTHING))


def _member(archive: str, name: str) -> list[object]:
    path = TORTURE / archive
    if not path.exists():
        pytest.skip(f"no {archive} in {TORTURE}")
    with tarfile.open(path, "r:xz") as tar:
        member = next(m for m in tar.getmembers() if m.name.endswith(name))
        file = tar.extractfile(member)
        assert file is not None
        return list(json.load(file))


def test_published_xss_payloads_do_nothing(full: Report, allowed: Shape) -> None:
    """DOMPurify's cases, each as the text of a field of a small page."""
    cases = _member("dompurify-xss.tar.xz", "expect.json")
    payloads = [str(case["payload"]) for case in cases if isinstance(case, dict)]
    assert len(payloads) > 200
    check_many(full, allowed, payloads)


def test_naughty_strings_do_nothing(full: Report, allowed: Shape) -> None:
    """The big list of naughty strings, each as the text of a field of a small page."""
    payloads = [str(text) for text in _member("naughty-strings.tar.xz", "blns.json")]
    assert len(payloads) > 500
    check_many(full, allowed, payloads)


def check_many(full: Report, allowed: Shape, payloads: list[str]) -> None:
    """Each payload is alone in some fields: they take turns over all fields, so that few pages are needed."""
    texts: list[str] = []
    with_texts(full, lambda field, text: texts.append(text) or text)
    step = len(texts) // 3
    for start in range(0, len(payloads), step):
        turn = itertools.cycle(payloads[start : start + step])
        check_all(with_texts(full, lambda field, text, turn=turn: next(turn)), allowed)


@pytest.mark.parametrize("url", naughty.LINKS)
def test_an_unsafe_address_is_no_link(url: str) -> None:
    """Other schemes, userinfo, blanks, control and deceiving characters, broken hosts and ports."""
    assert safe.safe_link(url) is None


@pytest.mark.parametrize("url", naughty.SAFE_LINKS)
def test_a_safe_address_is_a_plain_link(url: str) -> None:
    """It is http or https, ASCII only, with nothing that could end an attribute or a Markdown link."""
    link = safe.safe_link(url)
    assert link is not None
    assert re.fullmatch(r"https?://[!#-;=?-Z_a-z~%&]+", link.href)
    assert safe.safe_link(link.href) == link


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.nyheter.example.co.uk/sak", "example.co.uk"),
        ("https://login.bank.no.evil.com/", "evil.com"),
        ("https://blåbær.no/", "blåbær.no"),
        ("https://аррӏе.com/", "xn--80ak6aa92e.com"),
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"),
    ],
)
def test_the_true_domain_stands_beside_a_link(url: str, domain: str) -> None:
    """The registrable domain, and no look-alike letters: what is not plain Latin is shown as it is sent."""
    link = safe.safe_link(url)
    assert link is not None
    assert link.domain == domain
    assert safe.domain_shown(registrable_domain(link.href)) == domain


def test_a_long_text_is_cut_with_a_mark() -> None:
    """Ten kilometres of title take one line."""
    cut = safe.shown("x" * 100_000)
    assert len(cut) == safe.MAX_TEXT
    assert cut.endswith("…")


@pytest.mark.parametrize("text", ["100 % cotton", "Brugge & Dam", "A-kraft", "it's", "3M", "7-Eleven"])
def test_an_ordinary_text_stays_as_it_is_in_a_spreadsheet(text: str) -> None:
    """Only what could start a formula is marked."""
    assert safe.csv_cell(text) == text
