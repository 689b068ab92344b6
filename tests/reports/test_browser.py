"""The report in a real Chromium: quiet console, no request, nothing wider than the screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salestrigger.reports.render import write
from salestrigger.reports.report import Report
from tests.reports.inspect_html import poisoned

pytestmark = pytest.mark.slow

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no chromium, chromium-browser or google-chrome on the path")
    api = pytest.importorskip("playwright.sync_api", reason="the extra 'browser' is not installed")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield running
        running.close()


def opened(browser: Any, path: Path, width: int, *, unfold: bool = True) -> tuple[dict[str, int], list[str], list[str]]:
    """(widths, console messages, requests beyond the file itself) of the page at that width, everything unfolded."""
    page = browser.new_page(viewport={"width": width, "height": 844})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    if unfold:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    widths = page.evaluate("({content: document.documentElement.scrollWidth, window: innerWidth})")
    page.close()
    return widths, said, [url for url in asked if url != path.as_uri()]


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_a_report_fits_every_screen_and_asks_for_nothing(
    browser: Any, full: Report, tmp_path: Path, width: int
) -> None:
    """From a small phone to a desktop: no sideways scrolling, no console message, no network request."""
    widths, said, asked = opened(browser, write(full, tmp_path / "report.html", "html"), width)
    assert widths["content"] <= widths["window"]
    assert said == []
    assert asked == []


@pytest.mark.parametrize(
    "payload", ["<img src=https://evil.example/x onerror=alert(1)><script>alert(1)</script>", "W" * 5000]
)
def test_hostile_texts_neither_act_nor_break_the_page(browser: Any, full: Report, tmp_path: Path, payload: str) -> None:
    """Markup stays text, and an endless word is broken, not scrolled to."""
    path = write(poisoned(full, payload), tmp_path / "report.html", "html")
    widths, said, asked = opened(browser, path, 390)
    assert widths["content"] <= widths["window"]
    assert (said, asked) == ([], [])
