"""Text from strangers made plain, and addresses made one: pure functions with bounded cost on any input.

Nothing here decides what a text means. HTML is read by lxml (never by ``html.parser``, which is quadratic on small
hostile input); what comes out has no markup, no control, bidi or zero-width characters, and is NFC.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import functools
import hashlib
import re
import sys
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from salestrigger.sources.reasons import Refusal
from salestrigger.sources.simple_html import simple_text
from salestrigger.sources.urls import Url, is_address, parse_url

if TYPE_CHECKING:
    import tldextract

#: characters of HTML that are read; the longest article is a tenth of it
MAX_HTML = 2_000_000
#: Unicode's stream-safe format (UAX #15) allows 30 combining marks in a row; normalising longer runs is quadratic
MAX_MARKS = 30

#: C0, C1, soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width, bidi, invisible operators,
#: interlinear, byte order mark, non-characters, tags; white space is folded first
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    r"\U000e0000-\U000e007f]"
)
#: the same without tab and line breaks, which HTML means
_INVISIBLE_IN_HTML = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
#: combining marks, and all that lies above them
_FROM_MARKS_ON = re.compile("[\u0300-\U0010ffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
})  # fmt: skip
_UNREAD = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "head", "select"})

_TRACKING = re.compile(
    r"(?:utm_|mc_|pk_|mtm_|hsa_|_hs|vero_|oly_|ns_|at_)[a-z0-9_]*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|"
    r"igshid|igsh|twclid|ttclid|li_fat_id|mkt_tok|trk|_ga|_gl|cmpid|wt_mc|ocid|ito|xtor|feedref",
    re.IGNORECASE,
)
_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?")
_NEWS_ARTICLE = re.compile(r"/(?:rss/)?(?:articles|read)/([A-Za-z0-9_-]{16,4096}={0,2})")
_EMBEDDED = re.compile(rb"https?://[\x21-\x7e]{4,2048}")


def clean_text(text: str, *, lines: bool = False) -> str:
    """``text`` in one line (with ``lines``: its non-empty lines), NFC, white space folded, nothing invisible."""
    if lines:
        return "\n".join(filter(None, map(clean_text, text.splitlines())))
    text = text.strip()
    # what most texts are: printable, below the combining marks, single blanks within; that is clean already
    if text.isprintable() and "  " not in text and (text.isascii() or not _FROM_MARKS_ON.search(text)):
        return text
    folded = _INVISIBLE.sub("", " ".join(_SURROGATE.sub("\ufffd", text).split()))
    if folded.isascii():
        return " ".join(folded.split())
    return " ".join(unicodedata.normalize("NFC", _long_marks().sub(r"\1", folded)).split())


def html_to_text(html: str) -> str:
    """The readable text of ``html``: one line per block, cleaned; scripts, styles and the head are left out.

    Text without markup comes back cleaned, with entities resolved. Markup nested deeper than 256 is not read further.
    """
    text = html[:MAX_HTML]
    if not text.isprintable():
        text = _INVISIBLE_IN_HTML.sub("", _SURROGATE.sub("\ufffd", text))
    return clean_text(simple_text(text) or parsed_text(text), lines=True)


def parsed_text(text: str) -> str:
    """What an HTML parser reads in ``text``, uncleaned."""
    from lxml import etree

    reader = _Reader()
    # a target, not a tree: building the tree costs the square of the number of an element's attributes
    parser = etree.HTMLParser(target=reader, encoding="utf-8", no_network=True)
    # it gives up where there is nothing, and where all is too deep: what was read before stands
    with contextlib.suppress(etree.XMLSyntaxError):
        etree.fromstring(text.encode(), parser=parser)
    return "".join(reader.pieces)


def canonical_url(url: str, base: str = "") -> str:
    """The one spelling of a link (taken relative to ``base``), or "" when it is not safe to show or to follow.

    Safe: http or https, no user name, no control characters or backslashes, a real host. Fragment and tracking
    parameters are dropped; the redirect links of Google Alerts and (older) Google News become their targets.
    """
    try:
        parsed = parse_url(_spaced(url), _base(_spaced(base)) if base else None)
        for _ in range(3):
            target = _unwrapped(parsed)
            if not target:
                break
            parsed = parse_url(target)
    except Refusal:
        return ""
    return str(_without_tracking(parsed) if "?" in parsed.target else parsed)


_base = functools.lru_cache(64)(parse_url)  #: every link of a page is taken relative to the same address


def registrable_domain(url: str) -> str:
    """The domain that its owner registered (``news.example.co.uk`` → ``example.co.uk``), lower-case ASCII.

    Takes a link or a bare host; "" when there is none (an IP address, a public suffix, nothing safe). By the Public
    Suffix List as bundled with tldextract, private suffixes included: ``acme.github.io`` is not ``other.github.io``.
    """
    text = url.strip()
    try:
        host = parse_url(text if "://" in text else f"https://{text}").host
    except Refusal:
        return ""
    return "" if is_address(host) else _suffixes()(host).top_domain_under_public_suffix


def slug(text: str) -> str:
    """``text`` as a file-name part, ``[a-z0-9-]{1,60}``; not unique: whoever names files adds a hash."""
    spelled = text[:500].lower().translate(_SPELLED)
    ascii_text = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:60].strip("-") or "unnamed"


#: letters that do not decompose
_SPELLED = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "ð": "d", "þ": "th", "œ": "oe", "ł": "l", "đ": "d"})


def short_hash(*keys: str | bytes) -> str:
    """20 hex digits of the SHA-256 over the keys: what makes a file name unique."""
    digest = hashlib.sha256()
    for key in keys:
        digest.update(key if isinstance(key, bytes) else key.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()[:20]


class _Reader:
    """Takes what the HTML parser meets, in document order: text, and line breaks at blocks."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._unread: list[str] = []  # the open elements whose text is for machines

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - lxml's interface
        if tag in _UNREAD:
            self._unread.append(tag)
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def end(self, tag: str) -> None:
        if self._unread and self._unread[-1] == tag:
            self._unread.pop()
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def data(self, text: str) -> None:
        if not self._unread:
            self.pieces.append(text)

    def close(self) -> None:
        """Nothing to return: ``pieces`` also hold when the parser gives up."""


@functools.cache
def _long_marks() -> re.Pattern[str]:
    """A run of more combining marks than any language needs; the first 30 are group 1."""
    marks = [code for code in range(0x300, sys.maxunicode + 1) if unicodedata.combining(chr(code))]
    spans: list[list[int]] = []
    for code in marks:
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    members = "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)
    return re.compile(f"([{members}]{{{MAX_MARKS}}})[{members}]+")


def _spaced(url: str) -> str:
    """Links as people paste them: outer white space gone, inner blanks encoded."""
    return url.strip(" \t\r\n").replace(" ", "%20")


def _without_tracking(url: Url) -> Url:
    """The address without parameters that only say who clicked where; the others stay as they are, in order."""
    path, _, query = url.target.partition("?")
    kept = "&".join(p for p in query.split("&") if p and not _TRACKING.fullmatch(p.partition("=")[0]))
    return Url(url.scheme, url.host, url.port, f"{path}?{kept}" if kept else path)


def _unwrapped(url: Url) -> str:
    """Where a redirect link of Google leads, as far as the link itself says so; else ""."""
    if "google." not in url.host:
        return ""
    parts = urlsplit(str(url))
    if _GOOGLE.fullmatch(url.host) and parts.path == "/url":
        values = dict(parse_qsl(parts.query, max_num_fields=100)) if parts.query.count("&") < 100 else {}
        return values.get("url") or values.get("q") or ""
    if url.host == "news.google.com" and (match := _NEWS_ARTICLE.match(parts.path)):
        return _embedded(match[1])
    return ""


def _embedded(encoded: str) -> str:
    """The link inside an older Google News id (base64 of a protobuf); newer ids hold none."""
    try:
        content = base64.urlsafe_b64decode(encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return ""
    start = content.find(b"http")
    # the field's length, a protobuf varint, stands right before the link
    length = _varint_before(content, start)
    link = content[start : start + length]
    return link.decode("ascii") if _EMBEDDED.fullmatch(link) else ""


def _varint_before(content: bytes, end: int) -> int:
    """The one- or two-byte varint that ends at ``end``; 0 when there is none."""
    if end < 2:
        return 0
    last, previous = content[end - 1], content[end - 2]
    return (previous & 0x7F) | last << 7 if previous & 0x80 else last


@functools.cache
def _suffixes() -> tldextract.TLDExtract:
    """The bundled Public Suffix List: no download, nothing written."""
    import tldextract  # a quarter of a second, which commands that see no address need not wait for

    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True, include_psl_private_domains=True
    )
