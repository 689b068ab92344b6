"""Read one article's page: what its JSON-LD states, and its text. Pure, to be called in the sandbox.

The headline and the dates are taken from a NewsArticle (https://schema.org/NewsArticle) when the page has one, the text
from ``articleBody``, else as trafilatura finds it. A page whose text is reserved is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bs4 import BeautifulSoup, Tag

from salestrigger.sources.adapters.api_answer import text
from salestrigger.sources.adapters.item_build import MAX_TEXT, MAX_TITLE, plain
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.adapters.jsonld_read import first, is_a, objects_of
from salestrigger.sources.adapters.opt_outs import reserved_by_page
from salestrigger.sources.adapters.page_read import soup_of

#: what the sandbox imports before the clock starts
PARSERS = ("trafilatura",)

ARTICLES = (
    "NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle", "BlogPosting",
    "LiveBlogPosting", "OpinionNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "Report",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Article:
    """What a page tells; empty where it tells nothing."""

    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    publisher: str = ""
    language: str = ""
    reserved: str = ""  #: why its text is not read


def read_article_page(body: bytes, context: dict[str, Any]) -> Article:
    """The article on a page; ``context`` has ``now`` and ``content_type``."""
    soup = soup_of(body, context.get("content_type", ""))
    reserved = reserved_by_page(soup)
    stated = next((value for value in objects_of(soup) if is_a(value, *ARTICLES)), {})
    title = plain(text(stated, "headline", "name") or _meta(soup, "og:title") or _title(soup), limit=MAX_TITLE)
    return Article(
        title=title,
        text="" if reserved else _text(body, stated),
        published_at=_moment(text(stated, "datePublished") or _meta(soup, "article:published_time"), context),
        updated_at=_moment(text(stated, "dateModified"), context),
        publisher=plain(text(first(stated.get("publisher")), "name") or _meta(soup, "og:site_name"), limit=200),
        language=text(stated, "inLanguage") or str((soup.html.get("lang") if soup.html else "") or ""),
        reserved=reserved,
    )


def _text(body: bytes, stated: Mapping[str, Any]) -> str:
    """The article's text: as the page states it, else as it is found."""
    said = plain(text(stated, "articleBody"), limit=MAX_TEXT, lines=True)
    if said:
        return said
    import trafilatura

    found = trafilatura.extract(body, include_comments=False, include_tables=False, favor_precision=True)
    return plain(found or "", limit=MAX_TEXT, lines=True)


def _meta(soup: BeautifulSoup, name: str) -> str:
    found = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
    content = found.get("content") if isinstance(found, Tag) else None
    return content if isinstance(content, str) else ""


def _title(soup: BeautifulSoup) -> str:
    return soup.title.get_text(" ") if soup.title else ""


def _moment(written: str, context: Mapping[str, Any]) -> datetime | None:
    return parse_date(written, now=context["now"]) if written else None
