"""Read the most ordinary of feeds without feedparser, with the same outcome: RSS 2.0, well-formed, in UTF-8.

Most feeds are nothing but this, and feedparser takes ten times as long for them. Whatever is not plainly on the lists
below (another element or attribute, mark-up where text is meant, a date in words, another encoding, a document type)
makes the whole feed one for feedparser: nothing is guessed here. What is built to hurt is not plain either, so no other
check need come before. To be called in the sandbox.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from email.message import Message
from typing import Final
from xml.parsers import expat

from salestrigger.sources.adapters.item_build import MAX_ATTRIBUTES, MAX_DEPTH, MAX_ITEMS, Item
from salestrigger.sources.adapters.item_dates import to_utc

_CONTENT, _DC = "http://purl.org/rss/1.0/modules/content/", "http://purl.org/dc/elements/1.1/"
_ATOM, _SY = "http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/modules/syndication/"
_SLASH, _WFW = "http://purl.org/rss/1.0/modules/slash/", "http://wellformedweb.org/CommentAPI/"
_ENCODED: Final = f"{_CONTENT} encoded"

#: elements of an item that are read
_READ: Final = frozenset({"title", "link", "guid", "pubDate", "description", _ENCODED})
#: elements of an item that say nothing of what is read
_PASSED: Final = frozenset({
    "author", "category", "comments", "enclosure", f"{_DC} creator", f"{_SLASH} comments", f"{_WFW} commentRss",
})  # fmt: skip
#: likewise of the channel, with whatever they hold
_PASSED_IN_CHANNEL: Final = frozenset({
    "title", "link", "description", "lastBuildDate", "pubDate", "generator", "ttl", "image", "copyright",
    "managingEditor", "webMaster", "docs", "category", "cloud", "textInput", "skipDays", "skipHours", f"{_ATOM} link",
    f"{_SY} updatePeriod", f"{_SY} updateFrequency", f"{_SY} updateBase",
})  # fmt: skip

_LINK = re.compile(r"https?://[!-.0-~][!-~]*")  # ASCII, and no third slash
_GOOGLE_NEWS = "https://news.google.com/"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([12][0-9]{{3}}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) (?:([+-])([0-9]{2})([0-9]{2})|GMT)"
)
#: characters that feedparser takes for those of Windows-1252
_CONTROLS = re.compile("[\x80-\x9f]")


class _NotPlainError(Exception):
    """This feed is one for feedparser."""


def plain_feed(body: bytes, content_type: str) -> tuple[tuple[Item, ...], str | None] | None:
    """The entries of an ordinary feed and the language it declares; None when it is not ordinary."""
    reader = _Reader()
    try:
        if not _is_utf8(body, content_type):
            return None
        reader.parser.Parse(body, True)
        return tuple(_item(texts) for texts in reader.items), reader.language
    except (_NotPlainError, expat.ExpatError, ValueError, LookupError, TypeError):
        return None


def _is_utf8(body: bytes, content_type: str) -> bool:
    """Whether header, declaration and bytes agree on UTF-8 (RFC 7303)."""
    if body.isascii() and b"encoding=" not in body[:200]:
        return _kind_of(content_type)[0] in {"application/xml", "application/rss+xml", "text/xml"}
    kind, charset = _kind_of(content_type)
    declared = re.match(rb"<\?xml[^>]{0,100}encoding=[\"'](?i:utf-8)[\"']", body) is not None
    if kind not in {"application/xml", "application/rss+xml"} and not (kind == "text/xml" and charset):
        return False
    if charset not in {"", "utf-8"} or not (declared or (b"encoding=" not in body[:200])):
        return False
    body.decode("utf-8")
    return True


@functools.lru_cache(64)  # hundreds of feeds declare one of a few
def _kind_of(content_type: str) -> tuple[str, str]:
    message = Message()
    message["content-type"] = content_type
    return message.get_content_type(), str(message.get_param("charset", "")).lower()


class _Reader:
    """Collects the texts of the items, and stops at whatever is not on the lists."""

    def __init__(self) -> None:
        self.items: list[dict[str, str]] = []
        self.language: str | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._path: list[str] = []
        self._pieces: list[str] = []

    def _refuse(self, *_: object) -> None:
        raise _NotPlainError

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        path = self._path
        path.append(name)
        if attributes and (len(attributes) > MAX_ATTRIBUTES or any(" " in key for key in attributes)):
            raise _NotPlainError  # xml:base, xml:lang
        depth = len(path)
        if depth > MAX_DEPTH:
            raise _NotPlainError
        if depth == 4 and path[2] == "item":
            self._field(name, attributes)
        elif depth == 3 and name == "item" and not attributes and len(self.items) < MAX_ITEMS:
            self.items.append({})
        elif depth == 3 and name == "language" and self.language is None:
            self._listen()
        elif depth < 3:
            if name != ("rss", "channel")[depth - 1] or (depth == 1 and attributes.get("version") != "2.0"):
                raise _NotPlainError
        elif path[2] not in _PASSED_IN_CHANNEL:
            raise _NotPlainError

    def _field(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _READ:
            if name in self.items[-1] or (attributes and (name, *attributes) != ("guid", "isPermaLink")):
                raise _NotPlainError
            self._listen()
        elif name not in _PASSED:
            raise _NotPlainError

    def _listen(self) -> None:
        self._pieces.clear()
        self.parser.CharacterDataHandler = self._pieces.append

    def _end(self, name: str) -> None:
        path = self._path
        if len(path) == 4 and path[2] == "item" and name in _READ:
            self.items[-1][name] = _text("".join(self._pieces))
            self.parser.CharacterDataHandler = None
        elif len(path) == 3 and name == "language":
            self.language = _text("".join(self._pieces))
            self.parser.CharacterDataHandler = None
        path.pop()


def _text(text: str) -> str:
    """The text as feedparser gives it: stripped, and mended where UTF-8 was taken for Latin-1 and encoded again."""
    text = text.strip()
    if text.isascii():
        return text
    if _CONTROLS.search(text):
        raise _NotPlainError
    try:
        return text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text


def _item(texts: Mapping[str, str]) -> Item:
    """One entry; its longer text is its body."""
    link, date, guid = texts.get("link", ""), texts.get("pubDate", ""), texts.get("guid", "")
    if not _LINK.fullmatch(link) or link.startswith(_GOOGLE_NEWS) or ":///" in guid:
        raise _NotPlainError
    return Item(
        guid=guid,
        link=link,
        title=texts.get("title", ""),
        body=max((texts[key] for key in (_ENCODED, "description") if key in texts), key=len, default=""),
        published_at=_moment(date) if "pubDate" in texts else None,
    )


def _moment(date: str) -> datetime | None:
    """A date of RFC 822 in its most ordinary form, as :mod:`email.utils` reads it."""
    match = _DATE.fullmatch(date)
    if match is None:
        raise _NotPlainError
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    ahead = timedelta(hours=int(sign + hours), minutes=int(sign + minutes)) if sign else timedelta()
    clock = int(hour), int(minute), int(second)
    return to_utc(datetime(int(year), _MONTHS.index(month) + 1, int(day), *clock, tzinfo=timezone(ahead)))
