"""What an account's own pages say of it: its feeds, its job board, its register number, and where to look on. Pure.

For the sandbox: the pages were written by strangers. A job board is known by its host; which numbers are taken is
decided in ``register_numbers``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from salestrigger.sources.adapters.page_read import soup_of
from salestrigger.sources.propose import feeds_of
from salestrigger.sources.register_numbers import Stated, stated_numbers
from salestrigger.sources.text import canonical_url, clean_text, registrable_domain

#: host of a job board → (adapter that reads it, where the company's name stands: in the path or in the host)
BOARDS = {
    "boards.greenhouse.io": "greenhouse", "job-boards.greenhouse.io": "greenhouse", "jobs.lever.co": "lever",
    "jobs.eu.lever.co": "lever", "jobs.ashbyhq.com": "ashby", "careers.smartrecruiters.com": "smartrecruiters",
    "jobs.smartrecruiters.com": "smartrecruiters", "apply.workable.com": "workable",
}  # fmt: skip
BOARD_DOMAINS = {
    "recruitee.com": "recruitee", "teamtailor.com": "teamtailor", "jobs.personio.de": "personio",
    "jobs.personio.com": "personio", "bamboohr.com": "bamboohr", "pinpointhq.com": "pinpoint",
}  # fmt: skip

#: what a site's own links may be called, by what is looked for there; one page of each is asked
LOOK_ON = (
    re.compile(r"nyhet|aktuelt|presse|news|press|nieuws|pers\b|uutis|tiedot|ajankohtais", re.IGNORECASE),
    re.compile(r"karriere|jobb|stilling|vacature|werken bij|career|jobs|rekry|töissä|lediga", re.IGNORECASE),
    re.compile(r"kontakt|contact|yhteys|impressum|imprint|colofon", re.IGNORECASE),
    re.compile(r"om oss|om os|over ons|about|tietoa|legal|privacy|personvern|voorwaarden|terms", re.IGNORECASE),
)
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What one page has."""

    feeds: tuple[tuple[str, str], ...] = ()  #: (address, title)
    boards: tuple[tuple[str, str], ...] = ()  #: (address, adapter)
    numbers: tuple[Stated, ...] = ()
    pages: tuple[str, ...] = ()  #: where to look on, on the same site


def look_through(body: bytes, context: dict[str, Any]) -> Seen:
    """One page; ``context``: ``url``, ``content_type``; the account's ``country`` or None and ``name``."""
    soup = soup_of(body, context["content_type"])
    url = context["url"]
    feeds = tuple((address, title) for title, address in feeds_of(soup, url) if "comment" not in address.lower())
    links = [
        (canonical_url(str(a.get("href", "")), url), clean_text(a.get_text(" "))[:100])
        for a in soup.select("a[href]", limit=2000)
    ]
    text = clean_text(soup.get_text(" ")[:MAX_TEXT])
    return Seen(
        feeds=feeds[:5],
        boards=tuple(dict.fromkeys(board for link, _ in links if (board := board_of(link)))),
        numbers=tuple(dict.fromkeys(stated_numbers(text, country=context["country"], account=context["name"]))),
        pages=tuple(_pages(links, url)),
    )


def _pages(links: list[tuple[str, str]], url: str) -> Iterator[str]:
    """Of the site's own pages the first of each kind that may say more."""
    own = {
        link: label
        for link, label in links
        if link and link != url and registrable_domain(link) == registrable_domain(url)
    }
    for kind in LOOK_ON:
        page = next((link for link, label in own.items() if kind.search(label)), None)
        if page:
            del own[page]
            yield page


def board_of(link: str) -> tuple[str, str] | None:
    """(address of the company's board, adapter) when a link leads to a known job board."""
    parts = urlsplit(link)
    host = (parts.hostname or "").lower()
    if host in BOARDS:
        embedded = parse_qs(parts.query).get("for", [""])[0]  # Greenhouse within the company's own page
        name = (
            embedded if parts.path.startswith("/embed") else next((part for part in parts.path.split("/") if part), "")
        )
        return (f"https://{host}/{name}", BOARDS[host]) if name else None
    for domain, adapter in BOARD_DOMAINS.items():
        if host.endswith(f".{domain}") and not host.startswith(("www.", "app.", "api.")):
            return f"https://{host}/", adapter
    return None
