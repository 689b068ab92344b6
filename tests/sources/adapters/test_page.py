"""An HTML newsroom by declared selectors."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from salestrigger.sources.adapters import options_of
from salestrigger.sources.adapters.page import Options
from salestrigger.sources.adapters.page_read import read_article, read_page
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.errors import DeclarationError
from tests.sources.adapters.running import HOST, NOW, run, spec_of

SELECTORS: dict[str, Any] = {
    "item": "li.news",
    "title": "h3",
    "date": "time",
    "date_attribute": "datetime",
    "teaser": "p",
    "empty": ".no-news",
    "timezone": "Europe/Oslo",
}


def row(number: int, *, title: bool = True) -> str:
    """One entry of the list."""
    heading = f"<h3>Havglimt {number} &amp; Co</h3>" if title else ""
    day = f"2026-10-0{number}T10:00"
    rest = f'<a href="/n/{number}">mer</a><time datetime="{day}"></time><p>Tekst {number}.</p>'
    return f'<li class="news">{heading}{rest}</li>'


def page(*rows: str) -> bytes:
    """The list page."""
    return f"<html><body><nav><li>Hjem</li></nav><ul>{''.join(rows)}</ul></body></html>".encode()


def context(**options: Any) -> dict[str, Any]:
    """What the parse function is told."""
    spec = spec_of(adapter="page", options=SELECTORS | options)
    return {
        "source_id": "a-source",
        "base_url": "https://www.havglimt.example/nyheter",
        "content_type": "text/html; charset=utf-8",
        "language": "nb",
        "is_aggregator": False,
        "kind": "news",
        "skip_titles": (),
        "fetched_at": NOW,
        "now": NOW,
        "options": options_of(spec, Options).model_dump(),
    }


def test_items_by_selectors() -> None:
    """Title, link, teaser and a date in the declared zone."""
    reading = read_page(page(row(1), row(2)), context())
    first = reading.documents[0]
    assert (first.title, first.text) == ("Havglimt 1 & Co", "Tekst 1.")
    assert first.url == first.key == "https://www.havglimt.example/n/1"
    assert first.published_at == datetime(2026, 10, 1, 8, tzinfo=UTC)
    assert reading.notes == ()


def test_a_declared_date_format() -> None:
    """Day, month and year as the site writes them."""
    body = page('<li class="news"><h3>A</h3><a href="/a">a</a><span>03.02.2026</span></li>')
    reading = read_page(body, context(date="span", date_attribute="", date_format="%d.%m.%Y"))
    assert reading.documents[0].published_at == datetime(2026, 2, 2, 23, tzinfo=UTC)


def test_drift_is_a_problem_that_names_the_selector() -> None:
    """A page on which the item selector finds nothing is not taken for an empty one."""
    reading = read_page(page(), context())
    assert "'li.news'" in reading.problem
    marked = read_page(b"<p class='no-news'>Ingen nyheter</p>", context())
    assert (marked.problem, marked.documents) == ("", ())


def test_partial_drift_is_a_note() -> None:
    """When titles go missing the markup changed; what is there is still taken."""
    reading = read_page(page(row(1), row(2, title=False), row(3, title=False)), context())
    assert len(reading.documents) == 3
    assert reading.notes == ("markup drifted? title found in 1 of 3 items, by the selector 'h3'",)


def test_an_article_by_its_selector() -> None:
    """The article's text, or why there is none."""
    assert read_article(b"<nav>x</nav><article><p>En.</p><p>To.</p></article>", {"text": "article p"}) == (
        "En.\nTo.",
        "",
    )
    assert "'main'" in read_article(b"<p>x</p>", {"text": "main"})[1]


@pytest.mark.parametrize(
    ("options", "key", "message"),
    [
        ({"item": "li["}, "options", "is not a CSS selector"),
        ({"item": "li", "timezone": "Oslo/Norway"}, "options.timezone", "is not a time zone"),
        ({}, "options.item", "missing"),
        ({"item": "li", "itm": "x"}, "options.itm", "did you mean 'item'"),
        (
            {"item": "li", "follow": {"text": "p", "max_pages": 0}},
            "options.follow.max_pages",
            "greater than or equal to 1",
        ),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], key: str, message: str) -> None:
    """An error says which option is wrong and what is allowed."""
    with pytest.raises(DeclarationError) as error:
        options_of(spec_of(adapter="page", options=options), Options)
    assert error.value.key == key
    assert message in str(error.value)


def collect(httpserver: HTTPServer, tmp_path: Path, cursor: Any, **options: Any) -> SourceOutcome:
    """One run of a newsroom that is followed."""
    follow = {"follow": {"text": "article", "max_pages": 2}}
    spec = spec_of(adapter="page", url=f"http://{HOST}/nyheter", size="page", options=SELECTORS | follow | options)
    return run(httpserver, tmp_path, spec, cursors={"a-source": cursor})[0]


def test_articles_are_followed_so_many_per_run(httpserver: HTTPServer, tmp_path: Path) -> None:
    """New items are followed up to the cap; the rest comes in the next run, though the list did not change."""
    httpserver.expect_request("/nyheter", headers={"If-None-Match": '"1"'}).respond_with_data(status=304)
    listed = page(row(1), row(2), row(3)).decode().replace("/n/2", "http://other.example/n/2")
    httpserver.expect_request("/nyheter").respond_with_data(listed, content_type="text/html", headers={"ETag": '"1"'})
    for number in (1, 3):
        httpserver.expect_request(f"/n/{number}").respond_with_data(f"<article>Hele {number}.</article>")
    first = collect(httpserver, tmp_path, {})
    assert [document.text for document in first.collected.documents] == ["Hele 1.", "Tekst 2."]
    assert any("leads elsewhere" in note for note in first.collected.notes)
    assert "1 article pages are left for the next run (max_pages)" in first.collected.notes
    second = collect(httpserver, tmp_path, first.collected.cursor)
    assert [document.text for document in second.collected.documents] == ["Hele 3."]
    third = collect(httpserver, tmp_path, second.collected.cursor)
    assert third.status == "empty"
    fourth = collect(httpserver, tmp_path, third.collected.cursor)
    assert fourth.status == "not_modified"
    assert fourth.collected.cursor["state"] == third.collected.cursor["state"]


def test_an_article_that_cannot_be_read_keeps_its_teaser(httpserver: HTTPServer, tmp_path: Path) -> None:
    """One broken article page is a note, not a failed source."""
    httpserver.expect_request("/nyheter").respond_with_data(page(row(1)), content_type="text/html")
    httpserver.expect_request("/n/1").respond_with_data("gone", status=404)
    outcome = collect(httpserver, tmp_path, {})
    assert [document.text for document in outcome.collected.documents] == ["Tekst 1."]
    assert outcome.collected.notes == (f"article page not there: http://{HOST}/n/1",)


def test_a_changed_page_is_malformed(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Drift is loud: the status says malformed, the reason names the selector, the cursor stays."""
    httpserver.expect_request("/nyheter").respond_with_data("<p>Ny design</p>", content_type="text/html")
    outcome = collect(httpserver, tmp_path, {"state": {"seen": ["x"]}})
    assert (outcome.status, outcome.collected.cursor) == ("malformed", {"state": {"seen": ["x"]}})
    assert "'li.news'" in outcome.reason
