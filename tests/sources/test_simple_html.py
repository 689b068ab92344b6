"""The simplest of HTML is read as the parser reads it, and everything else is left to the parser."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.sources.simple_html import simple_text
from salestrigger.sources.text import clean_text, parsed_text

_TAGS = [
    "p", "br", "a", "b", "i", "em", "strong", "span", "div", "ul", "ol", "li", "img", "h1", "h3", "hr", "blockquote",
    "small", "section", "script", "table", "td", "form", "pre", "x",
]  # fmt: skip
_PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS]),
    st.sampled_from([
        '<a href="https://nordlys.example/?a=1&b=2" title=\'"\'>', "<br/>", "<br />", '<P class="x">', "</P >", "<p\n>",
        "< p>", "<p/>", "<!-- c -->", "<![CDATA[x]]>", "<?x?>", "<img alt='a>b'>",
    ]),
    st.sampled_from([
        "&amp;", "&oslash;", "&nbsp;", "&#248;", "&#xe5;", "&#150;", "& ", "&", "&amp", "&apos;", "&lt;p&gt;", "&nope;",
        "&#0;", "&#xD800;", "&lang;", "&zwnj;", "&;", "&#;",
    ]),
    st.text(alphabet=" \n\r\tab<>&;'\"/=\x0b\x0cæ\u2028\ufffe\ufdd0\U0001fffe", max_size=4),
)  # fmt: skip
_NESTED = st.recursive(
    _PIECES,
    lambda inner: st.one_of(
        st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", st.sampled_from(_TAGS), inner),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=500)
@given(st.one_of(st.lists(_PIECES, max_size=8).map("".join), _NESTED))
def test_what_is_read_without_a_parser_reads_the_same(html: str) -> None:
    """Whatever the mark-up: the same clean lines as the parser's, or nothing is said."""
    text = simple_text(html)
    assert text is None or clean_text(text, lines=True) == clean_text(parsed_text(html), lines=True)


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>Nordlys kj&oslash;per <b>Sørfjord</b>.</p>", "Nordlys kjøper Sørfjord."),
        ("En linje<br/>og en til", "En linje\nog en til"),
        ('<ul><li>A</li><li><a href="https://nordlys.example/?a=1&b=2">B</a></li></ul>', "A\nB"),
        ('<div class="x"><p>3M & 7-Eleven</p><img src="a.png" /></div>', "3M & 7-Eleven"),
    ],
)
def test_ordinary_entries_need_no_parser(html: str, lines: str) -> None:
    """Paragraphs, breaks, lists, links and emphasis."""
    assert clean_text(simple_text(html) or "", lines=True) == lines


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>", "<p>a", "a</p>", "<p><div>a</div></p>", "<b><p>a</p></b>", "<a><a>b</a></a>",
        "<li>a</li>", "<ul>a<p>b</p></ul>", "<p onclick=x>a</p>", "a < b", "a<!-- b -->", "&nbsp", "&#150;", "&lang;",
        "<b>" * 150 + "a" + "</b>" * 150, "a\x0cb", "<table><tr><td>a</td></tr></table>",
    ],
)  # fmt: skip
def test_what_is_not_simple_is_left_to_the_parser(html: str) -> None:
    """Parsers repair such mark-up, each by its own rules."""
    assert simple_text(html) is None


@pytest.mark.parametrize("piece", ["<p", "<a b", "<a " + " " * 50, "&", "&#1", "<p>", "</p>", "<b><i>"])
def test_hostile_mark_up_is_given_up(piece: str) -> None:
    """Beginnings without an end, by the thousand: the time is linear, and the parser has limits of its own."""
    assert simple_text(piece * 50_000) is None
