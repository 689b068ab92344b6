"""Make texts from the web harmless: clean strings, links that may be links, spreadsheet cells, Markdown.

Escaping for HTML is jinja2's business (``autoescape`` is on); this module decides what may be a link at all, and takes
out of every text what could deceive the eye. It knows nothing of reports' contents.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlsplit, urlunsplit

from salestrigger.sources.text import clean_text, registrable_domain

Value = TypeVar("Value")

MAX_TEXT = 400  #: characters of one shown text; what is longer is cut and marked with an ellipsis
MAX_URL = 2000  #: what common browsers and mail programs still take
#: fields that hold an address: they are judged by ``safe_link`` as they came, since cleaning could change their target
ADDRESS_FIELDS = frozenset({"url", "website"})

_SAFE_IN_URL = "/%:@!$&'()*+,;=~-._?"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
# OWASP "CSV Injection": these start a formula in Excel, LibreOffice or Google Sheets, also full-width or after spaces
_FORMULA_START = re.compile(r"\s*[=+\-@\t\r\n|｜＝＋－＠%]")
# where `;` separates columns (Dutch and Norwegian Excel), a formula may start in the middle of our cell
_FORMULA_INSIDE = re.compile(r"([;\t])(\s{0,20})(?=[=+\-@＝＋－＠])")
# CommonMark and GFM: emphasis, code, links, tables, strike-through, mathematics; a bare address (`x:y`, `www.`) would
# become a link of its own; at the start of a line, what begins a heading, list, rule or underline
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]~|$]|:(?=[^\s\d])|(?<=www)\.", re.IGNORECASE)
_MARKDOWN_START = re.compile(r"([#+\-=]|\d{1,9}(?=[.)]))")


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may be a link, and the domain a reader should see beside it."""

    href: str  #: http(s), ASCII only
    domain: str  #: the registrable domain of ``href``; as ``xn--…`` unless it is plain Latin


def clean(value: Value) -> Value:
    """The value with every text in it cleaned and cut: dataclasses, tuples and strings, to any depth."""
    return cast(Value, _clean(value))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, tuple):
        return tuple(_clean(v) for v in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        texts = {f.name for f in dataclasses.fields(value)} - ADDRESS_FIELDS
        return dataclasses.replace(value, **{name: _clean(getattr(value, name)) for name in texts})
    return value


def shown(text: str, limit: int = MAX_TEXT) -> str:
    """One line of text without control, bidirectional and zero-width characters, cut with an ellipsis at ``limit``."""
    encodable = text[: 4 * limit].encode("utf-8", "replace").decode("utf-8")
    cleaned = clean_text(encodable)
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + "…"


def safe_link(url: str) -> Link | None:
    """The link that ``url`` may become, or None: only http and https, without userinfo, blanks or control characters.

    The address is parsed and put together again, percent-encoded, so that what is judged is what is written.
    """
    if not 8 <= len(url) <= MAX_URL or any(_is_deceptive(ch) for ch in url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        ascii_host = host.encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(ascii_host):
        return None
    netloc = ascii_host if port is None else f"{ascii_host}:{port}"
    rest = (quote(part, safe=_SAFE_IN_URL) for part in (parts.path, parts.query, parts.fragment))
    href = urlunsplit((parts.scheme, netloc, *rest))
    return Link(href, domain_shown(registrable_domain(href) or ascii_host))


def _is_deceptive(ch: str) -> bool:
    return ch == "\\" or unicodedata.category(ch) in ("Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp")


def domain_shown(domain: str) -> str:
    """The domain as a reader knows it (``blåbær.example``), or as ``xn--…`` when it is not plain Latin."""
    try:
        ascii_form = domain.encode("idna").decode("ascii").lower()
        unicode_form = ascii_form.encode("ascii").decode("idna")
    except UnicodeError:
        return domain.encode("ascii", "replace").decode("ascii")
    return unicode_form if all(_is_plain_latin(ch) for ch in unicode_form) else ascii_form


@cache
def _is_plain_latin(ch: str) -> bool:
    return (ch.isascii() and (ch.isalnum() or ch in ".-")) or (
        "\u00c0" <= ch <= "\u017f" and ch.isalpha() and ch != "ı"  # the dotless i passes for an i
    )


def csv_cell(text: str) -> str:
    """The text as a spreadsheet cell that is never a formula (OWASP CSV injection), with a leading ``'`` if needed."""
    inert = _FORMULA_INSIDE.sub(r"\1\2'", text.replace("\x00", ""))
    return f"'{inert}" if _FORMULA_START.match(inert) else inert


def md_text(text: str) -> str:
    """The text with everything that means something in Markdown escaped; HTML special characters as entities."""
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _MARKDOWN_SPECIAL.sub(r"\\\g<0>", " ".join(entities.split()))
    start = _MARKDOWN_START.match(escaped)
    if start is None:
        return escaped
    end = start.end() if start[1].isdigit() else 0
    return f"{escaped[:end]}\\{escaped[end:]}"


def md_href(link: Link) -> str:
    """The address between ``<`` and ``>`` of a Markdown link; parentheses and ampersands cannot end it."""
    return link.href.replace("(", "%28").replace(")", "%29").replace("'", "%27").replace("*", "%2A")
