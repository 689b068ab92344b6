"""Read an address the strict way, so that guard, connection and report never disagree about where it points.

Pure. It does not resolve names and does not judge addresses (``addresses``) or ports (the policy). What a lenient
browser would repair (backslashes, tabs, numeric host forms) is refused, because repairing is where parsers differ.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from salestrigger.sources.reasons import Refusal

#: characters; what servers and proxies accept lies between 2,000 and 16,000
MAX_LENGTH = 8_192
DEFAULT_PORTS = {"http": 80, "https": 443}

#: controls, backslash, line and paragraph separators, bidi and zero-width characters, lone surrogates
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[^\[\]:/?#]{1,255})(?::(?P<port>[0-9]{0,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
#: kept as they are in path and query (RFC 3986 reserved and unreserved, and the percent sign of what is encoded)
_KEPT = "%/:=&?~+!$,;'@()*[]|"


@dataclass(frozen=True, slots=True)
class Url:
    """An address that is safe to look at: http(s), an ASCII host, a port, an ASCII path with query."""

    scheme: str
    host: str  #: lower-case ASCII name without a trailing dot, or an IP address without brackets
    port: int
    target: str  #: path and query, percent-encoded; begins with a slash

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what credentials belong to."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host and port as an address shows them; the default port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse_url(url: str, base: Url | None = None) -> Url:
    """``url``, taken relative to ``base`` when there is one; the fragment is dropped.

    Raises:
        Refusal: ``bad_url``, ``bad_scheme``, ``userinfo``, ``bad_host`` or ``bad_port``.
    """
    parts = urlsplit(_joined(url, base))
    if parts.scheme not in DEFAULT_PORTS:
        raise Refusal("bad_scheme", f"{parts.scheme!r}; allowed: http, https")
    if "@" in parts.netloc:
        raise Refusal("userinfo")
    match = _AUTHORITY.fullmatch(parts.netloc)
    if match is None:
        raise Refusal("bad_host", repr(parts.netloc[:80]))
    port = int(match["port"]) if match["port"] else DEFAULT_PORTS[parts.scheme]
    if not 0 < port < 65_536:
        raise Refusal("bad_port", repr(port))
    target = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    return Url(parts.scheme, _host(match["host"]), port, target)


def is_address(host: str) -> bool:
    """Whether ``host`` is an IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _joined(url: str, base: Url | None) -> str:
    """The whole address as text, after the checks that must see it untouched.

    Raises:
        Refusal: ``bad_url``.
    """
    if len(url) > MAX_LENGTH:
        raise Refusal("bad_url", f"{len(url)} characters; allowed: {MAX_LENGTH}")
    if _FORBIDDEN.search(url) or url != url.strip():
        raise Refusal("bad_url", "control character, backslash or white space")
    if url.startswith("///"):
        raise Refusal("bad_url", "a path to some readers, a host to others")
    try:
        # urljoin would take http:///x for a path of the base
        joined = urljoin(str(base), url) if base and not _SCHEME.match(url) else url
        urlsplit(joined)
    except ValueError as error:
        raise Refusal("bad_url", str(error)) from None
    return joined


@functools.lru_cache(1024)  # the links of a page are of few hosts
def _host(text: str) -> str:
    """A host in its one spelling.

    Raises:
        Refusal: ``bad_host``: no name and no IP address in its usual spelling (so no 0x7f.1, no 2130706433, no %31).
    """
    if text.startswith("["):
        return _ip(text[1:-1])
    name = _ascii(text).lower().removesuffix(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _ip(name)
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refusal("bad_host", repr(text[:80]))
    return name


def _ip(text: str) -> str:
    """An IP address in its usual spelling; ``ipaddress`` takes no leading zeros and no short forms."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise Refusal("bad_host", repr(text[:80])) from None


def _ascii(text: str) -> str:
    """A name as DNS has it (IDNA 2008 with the mapping of UTS 46, as browsers do)."""
    if text.isascii():
        return text
    import idna  # large tables, which most addresses do not need

    try:
        return idna.encode(text, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise Refusal("bad_host", repr(text[:80])) from None
