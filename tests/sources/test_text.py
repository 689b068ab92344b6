"""Text made plain and links made one, on honest and on hostile input."""

from __future__ import annotations

import base64
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.sources.text import canonical_url, clean_text, html_to_text, registrable_domain, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Nordlys\r\n\t AS  ", "Nordlys AS"),
        ("a\u00a0b\u2003c\u3000d", "a b c d"),
        ("a\u2028b\u0085c", "a b c"),
        ("Nord\u00adlys", "Nordlys"),
        ("Nord\u200blys\ufeff", "Nordlys"),
        ("\u202eSA sylD\u202c", "SA sylD"),
        ("\u2066x\u2069", "x"),
        ("\x00a\x1b[31mb\x7f", "a[31mb"),
        ("e\u0301", "é"),
        ("A\u030anstad", "Ånstad"),
        ("\ud800x", "\ufffdx"),
        ("a \u200b b", "a b"),
        ("", ""),
        ("\U000e0041x", "x"),
        ("3M & 7-Eleven", "3M & 7-Eleven"),
    ],
)
def test_text_is_one_clean_line(text: str, expected: str) -> None:
    """Controls, bidi and zero-width characters go, white space folds, letters compose; digits and signs stay."""
    assert clean_text(text) == expected


def test_lines_can_be_kept() -> None:
    """Paragraphs stay apart when asked for; empty ones go."""
    assert clean_text(" a \r\n\r\n \u200b \n b\u2028c", lines=True) == "a\nb\nc"


@given(st.text(max_size=300))
def test_cleaning_is_stable_and_complete(text: str) -> None:
    """Nothing invisible is left of any text, it can be encoded, and cleaning again changes nothing."""
    cleaned = clean_text(text)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned
    assert not any(
        unicodedata.category(char) in {"Cc", "Cs"} or char in "\u200b\u200f\u202e\u2066\ufeff" for char in cleaned
    )


def test_endless_combining_marks_are_cut() -> None:
    """A tower of marks would cost the square of its height to normalise."""
    cleaned = clean_text("a" + "\u0301\u0316" * 100_000)
    assert len(cleaned) <= 32
    assert clean_text("Việt Nam — ångström") == "Việt Nam — ångström"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<p>Fjellbygg kjøper <b>Nord</b>lys AS.</p><p>Pris: &euro;&nbsp;5</p>",
            "Fjellbygg kjøper Nordlys AS.\nPris: € 5",
        ),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("plain & simple &lt; 5", "plain & simple < 5"),
        ("<script>var a='<p>no</p>'</script><style>p{}</style>yes<!-- no -->", "yes"),
        ("", ""),
        ("   ", ""),
        ("<>", "<>"),
        ("<html><head><title>No</title></head><body>Yes</body></html>", "Yes"),
        ("<table><tr><td>a<td>b</table>", "a\nb"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("a&#8203;b&#x202e;c&#0;&#xd800;", "abc"),
        ("<select><option>no</select><noscript>no</noscript><svg><text>no</text></svg>yes", "yes"),
        ("<p>unclosed <b>tags", "unclosed tags"),
        ("<![CDATA[x]]>y", "y"),
        ("</div></p>text</body>", "text"),
        ("a<hr>b", "a\nb"),
        ("Årets&shy;resultat", "Åretsresultat"),
    ],
)
def test_html_becomes_lines_of_text(html: str, expected: str) -> None:
    """One line per block, entities resolved, nothing that is for machines."""
    assert html_to_text(html).replace("\ufffd", "").rstrip() == expected


HOSTILE = {
    "attributes": "<a " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</a>",
    "open quotes": '<a href="' * 60_000,
    "open comments": "<!--" * 200_000,
    "depth": "<div>" * 200_000 + "x",
    "formatting": "<a><font><b>" * 50_000,
    "paragraphs": "<p>" * 300_000,
    "tables": "<table>" * 100_000,
    "brackets": "<" * 1_000_000,
    "ampersands": "&" * 1_000_000,
    "entities": "&#x" * 300_000,
    "closing": "</p>" * 300_000,
    "doctype": "<!DOCTYPE a [" * 60_000,
    "pi": "<?a " * 200_000,
    "unread": "<script>" * 100_000,
    "lists": "<li><a>" * 100_000,
    "marks": "a" + "\u0301\u0316" * 400_000,
    "long": "x " * 3_000_000,
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markup_ends(html: str) -> None:
    """What makes quadratic parsers hang comes back as some text, bounded in size."""
    assert len(html_to_text(html)) <= 2_000_000


@given(st.text(alphabet="<>/!-&;#x \"'=abpPdiv\n\u0301\u202e", max_size=200))
def test_any_markup_gives_clean_text(html: str) -> None:
    """No input raises, and every line that comes out is clean."""
    text = html_to_text(html)
    assert clean_text(text, lines=True) == text


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("HTTPS://News.Example:443/a?b=1#c", "", "https://news.example/a?b=1"),
        ("/a", "https://news.example/feed", "https://news.example/a"),
        ("?p=2", "https://news.example/feed", "https://news.example/feed?p=2"),
        ("//other.example/x", "http://a.example", "http://other.example/x"),
        ("https://a.example/?utm_source=x&id=7&UTM_Medium=y&fbclid=z", "", "https://a.example/?id=7"),
        ("https://a.example/x?gclid=1", "", "https://a.example/x"),
        (" https://a.example/a b\n", "", "https://a.example/a%20b"),
        ("https://a.example/nyhet?ref=forside&sak=1", "", "https://a.example/nyhet?ref=forside&sak=1"),
        ("https://blåbær.example/ø", "", "https://xn--blbr-roah.example/%C3%B8"),
        ("http://a.example", "", "http://a.example/"),
        (
            "https://www.google.com/url?rct=j&sa=t&url=https://a.example/x%3Fid%3D1%26utm_source%3Dy&ct=ga",
            "",
            "https://a.example/x?id=1",
        ),
        ("https://www.google.no/url?q=http://a.example/", "", "http://a.example/"),
        ("https://www.google.com/url?url=javascript:alert(1)", "", ""),
        ("https://www.google.com/url?url=//a.example", "", ""),
        ("https://www.google.com/url?x=1", "", "https://www.google.com/url?x=1"),
        ("https://google.example/url?url=https://a.example/", "", "https://google.example/url?url=https://a.example/"),
    ],
)
def test_links_have_one_spelling(url: str, base: str, expected: str) -> None:
    """Tracking, fragments and redirect wrappers go; what names the page stays; a second time changes nothing."""
    assert canonical_url(url, base) == expected
    assert canonical_url(expected) == expected


def google_news(link: bytes, length: int | None = None) -> str:
    """An address as older Google News feeds had it: a protobuf with the link, in base64."""
    size = len(link) if length is None else length
    varint = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    packed = base64.urlsafe_b64encode(b"\x08\x13\x22" + varint + link + b"\xd2\x01\x00").decode().rstrip("=")
    return f"https://news.google.com/rss/articles/{packed}?oc=5"


def test_google_news_links_are_unwrapped_when_they_hold_their_target() -> None:
    """Short and long targets; what holds none, or lies about its length, stays as it is."""
    for link in ("https://a.example/x", "https://a.example/" + "sak-" * 60):
        assert canonical_url(google_news(link.encode())) == link
    for opaque in (
        google_news(b"https://a.example/x", 120),
        google_news(b"AU_yqLPsomethingelse"),
        google_news(b"http"),
    ):
        assert canonical_url(opaque) == opaque
    assert canonical_url(google_news(b"http://user@127.0.0.1/")) == ""


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "http://a.example/\nBcc: x",
        "http://a.exam\tple/",
        "https://user@a.example/",
        "https://a:b@a.example/",
        "http://a.example\\@b.example/",
        "",
        "feed",
        "/feed",
        "http://",
        "https://a..example/",
        "http://a.example/\u202e",
        "http://a.example/\x00",
        "java\nscript:x",
        "http://[::1",
        "\ud800",
    ],
)
def test_unsafe_links_are_empty(url: str) -> None:
    """What could run, mislead or break a header is no link."""
    assert canonical_url(url) == ""


@given(st.text(max_size=80), st.sampled_from(["", "https://a.example/x"]))
def test_any_text_is_a_safe_link_or_none(text: str, base: str) -> None:
    """What comes out is empty, or ASCII with http or https and stable."""
    link = canonical_url(text, base)
    assert link == "" or (link.startswith(("http://", "https://")) and link.isascii() and canonical_url(link) == link)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("www.example.no", "example.no"),
        ("http://EXAMPLE.nl:8080/", "example.nl"),
        ("acme.github.io", "acme.github.io"),
        ("https://www.blåbær.no", "xn--blbr-roah.no"),
        ("10.0.0.1", ""),
        ("https://[2606::1]/", ""),
        ("co.uk", ""),
        ("no", ""),
        ("", ""),
        ("javascript:x", ""),
        ("https://user@example.no/", ""),
        ("a.b.c.example.com.", "example.com"),
    ],
)
def test_the_registrable_domain(url: str, expected: str) -> None:
    """What the owner registered, by the Public Suffix List; nothing for addresses, suffixes and unsafe links."""
    assert registrable_domain(url) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ærlig Øl & Gås AS", "aerlig-ol-gas-as"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "unnamed"),
        ("💥", "unnamed"),
        ("Straße 3", "strasse-3"),
        ("x" * 300, "x" * 60),
        ("A\x00B", "a-b"),
        ("Ångström Łódź", "angstrom-lodz"),
        ("a" * 59 + "-b", "a" * 59),
    ],
)
def test_slugs(text: str, expected: str) -> None:
    """Letters, digits and hyphens, at most 60, never empty."""
    assert slug(text) == expected
