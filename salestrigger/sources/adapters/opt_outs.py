"""What a site says about machines that read its texts: reservations that we honour. Pure.

========================================  =======================================================================
``tdm-reservation: 1`` (header, meta)     text and data mining reserved: TDMRep, https://www.w3.org/community/tdmrep/
``/.well-known/tdmrep.json``              the same for paths of the site
``X-Robots-Tag``, ``<meta name=robots>``  ``none``, ``noindex``, ``nosnippet``, ``noai``: this text is not to be read
========================================  =======================================================================

A reserved text is not read or kept; its headline, link and date, which the site's own feed or sitemap publishes, are.
robots.txt is obeyed before that, by the door.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from salestrigger.sources.adapters.json_strict import NotJsonError, read_json

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

#: where a site's reservations stand
TDMREP = "/.well-known/tdmrep.json"

_TOKENS = frozenset({"none", "noindex", "nosnippet", "noai"})
#: agents whose rules are meant for us
_AGENTS = frozenset({"robots", "salestrigger"})
_WORD = re.compile(r"[a-z-]+")


def reserved_by_headers(headers: Mapping[str, str]) -> str:
    """Why an answer's text is reserved, by its headers; empty when it is not."""
    if headers.get("tdm-reservation", "").strip() == "1":
        return "tdm-reservation: 1"
    for rule in headers.get("x-robots-tag", "").lower().split(","):
        agent, colon, tokens = rule.rpartition(":")
        named = not colon or agent.strip() in _AGENTS
        if named and (found := _TOKENS & set(_WORD.findall(tokens))):
            return f"x-robots-tag: {min(found)}"
    return ""


def reserved_by_page(soup: BeautifulSoup) -> str:
    """Why a page's text is reserved, by its own head; empty when it is not."""
    for meta in soup.find_all("meta", attrs={"name": True}, limit=500):
        name, content = str(meta.get("name")).strip().lower(), str(meta.get("content") or "").lower()
        if name == "tdm-reservation" and content.strip() == "1":
            return "meta tdm-reservation: 1"
        if name in _AGENTS and (found := _TOKENS & set(_WORD.findall(content))):
            return f"meta {name}: {min(found)}"
    return ""


def reservations(body: bytes) -> tuple[str, ...]:
    """The paths that a ``tdmrep.json`` reserves; nothing when the file is none."""
    try:
        data = read_json(body)
    except NotJsonError:
        return ()
    rules: Sequence[Any] = data if isinstance(data, list) else []
    return tuple(
        str(rule["location"])
        for rule in rules
        if isinstance(rule, dict) and rule.get("tdm-reservation") == 1 and isinstance(rule.get("location"), str)
    )


def reserved_by_site(url: str, paths: Sequence[str]) -> str:
    """Why an address is reserved by its site's file; ``*`` stands for anything, as in robots.txt."""
    path = urlsplit(url).path or "/"
    for pattern in paths:
        start, star, _ = pattern.partition("*")
        if path == pattern or (star and path.startswith(start)) or (pattern.endswith("/") and path.startswith(pattern)):
            return f"tdmrep.json: {pattern[:80]}"
    return ""
