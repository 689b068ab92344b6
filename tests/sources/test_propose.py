"""Proposing a catalogue file for an address: the text must load, and say what it does not know."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from salestrigger.sources.errors import ShapeError
from salestrigger.sources.http import Response
from salestrigger.sources.propose import propose
from salestrigger.sources.registry import load_spec
from salestrigger.sources.spec import SourceSpec
from tests.sources.adapters.running import NOW

URL = "https://www.havglimt.example/nyheter"


def answer(body: str, *, url: str = URL, status: int = 200, content_type: str = "text/html; charset=utf-8") -> Response:
    """What the address answered."""
    return Response(
        request_url=url,
        url=url,
        status=status,
        headers={"content-type": content_type},
        body=body.encode(),
        fetched_at=NOW,
    )


def loaded(text: str, tmp_path: Path) -> SourceSpec:
    """The proposal as the catalogue reads it."""
    path = tmp_path / "proposed.toml"
    path.write_text(text, encoding="utf-8")
    return load_spec(path)


def test_a_feed(tmp_path: Path) -> None:
    """A feed is proposed as it is, with its language and how much it publishes."""
    items = "".join(
        f"<item><title>Sak {n}</title><guid>{n}</guid><pubDate>0{n} Oct 2026 08:00:00 GMT</pubDate></item>"
        for n in (1, 2, 3)
    )
    body = f'<rss version="2.0"><channel><language>nb</language>{items}</channel></rss>'
    text, notes = propose('Havglimt "nytt"\n', URL, answer(body, content_type="text/xml"))
    spec = loaded(text, tmp_path)
    assert (spec.adapter, spec.url, spec.title, spec.language, spec.per_day) == (
        "feed",
        URL,
        'Havglimt "nytt"',
        "nb",
        1.5,
    )
    assert (spec.enabled, spec.verified) == (False, False)
    assert notes == ("3 entries, the newest of 2026-10-03",)
    assert text.startswith("# save as havglimt-nytt.toml")


def test_a_json_feed(tmp_path: Path) -> None:
    """JSON Feed is told by what arrives."""
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "A"}]})
    text, notes = propose("Havglimt", URL, answer(body))
    assert loaded(text, tmp_path).adapter == "feed"
    assert notes == ("1 entries, none with a date",)


def test_a_page_that_names_its_feeds(tmp_path: Path) -> None:
    """The feed of the news goes before that of the comments."""
    body = """<html lang="nb-NO"><head>
      <link rel="alternate" type="application/rss+xml" title="Kommentarer" href="/comments/feed">
      <link rel="alternate" type="application/rss+xml" title="Nytt" href="/feed">
      <link rel="alternate" type="text/html" hreflang="en" href="/en"></head><body>x</body></html>"""
    text, notes = propose("Havglimt", URL, answer(body))
    spec = loaded(text, tmp_path)
    assert (spec.adapter, spec.url, spec.language) == ("feed", "https://www.havglimt.example/feed", "nb-NO")
    assert any("/comments/feed" in note for note in notes)


def test_a_newsroom_without_a_feed(tmp_path: Path) -> None:
    """The list of dated links is found among navigation, and its selectors work."""
    navigation = "".join(f'<li class="menu"><a href="/{n}">Et langt navn på en side {n}</a></li>' for n in range(9))
    rows = "".join(
        f'<article class="card wide"><h2><a href="/n/{n}">Havglimt vinner kontrakt {n}</a></h2>'
        f'<time datetime="2026-10-0{n}">{n}. oktober</time><p>Tekst</p></article>'
        for n in (1, 2, 3, 4)
    )
    text, notes = propose("Havglimt", URL, answer(f"<html><ul>{navigation}</ul>{rows}</html>"))
    spec = loaded(text, tmp_path)
    assert spec.adapter == "page"
    assert spec.options == {
        "item": "article.card", "title": "h2", "date": "time[datetime]", "date_attribute": "datetime", "teaser": "p",
    }  # fmt: skip
    assert notes[1] == "4 entries, the newest of 2026-10-04"


@pytest.mark.parametrize("body", ["", "Service unavailable", "<html><p>Velkommen</p></html>", '{"a": 1}'])
def test_nothing_to_propose(body: str) -> None:
    """What is neither a feed nor a list of news is said."""
    with pytest.raises(ShapeError, match="a feed, a page that names one, or a list of news"):
        propose("X", URL, answer(body))


def test_an_address_that_is_not_there() -> None:
    """404 is not a proposal."""
    with pytest.raises(ShapeError, match="status 404"):
        propose("X", URL, answer("", status=404))


def test_hostile_names_stay_values(tmp_path: Path) -> None:
    """Nothing from outside can add a key to the file."""
    body = "<html><head><link rel='alternate' type='application/rss+xml' href='/f\"%0aenabled=true'></head></html>"
    text, _ = propose('x"\nenabled = true\n#', URL, answer(body))
    assert tomllib.loads(text)["enabled"] is False
    assert loaded(text, tmp_path).enabled is False
