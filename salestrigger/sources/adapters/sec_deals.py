"""What the filer did in a deal that an 8-K reports under item 2.01, "Completion of Acquisition or Disposition of
Assets".

The item's number does not say which. Its text does, mostly in its first sentences: "completed its acquisition of",
"closed the sale of", "the Company became a wholly owned subsidiary of". What says both, or nothing of it, stays unsaid:
a wrong direction is worse than none. Pure; for the sandbox.
"""

from __future__ import annotations

import re
from typing import Any, Final

from salestrigger.sources.text import clean_text, html_to_text

#: of an item, whose first sentences tell
MAX_SECTION = 2_000
_ITEM = re.compile(r"\bItem\s{1,5}2\.01\b\.?", re.I)
_END = re.compile(r"\bItem\s{1,5}\d\.\d\d\b|\bSIGNATURES?\b")
_HEADING = re.compile(r"\A[\s.:–—-]*Completion of (?:the )?Acquisition or Disposition(?: of Assets)?\b[.:]?", re.I)
_DONE = r"(?:completed|completing|completion of|consummated|consummation of|closed|closing of|effected)\b[^.;]{0,80}?\b"
#: part → what says it; whoever is merged into another is bought, though a merger was completed
_SAYS: Final = (
    ("target", re.compile(
        r"\b(?:Company|Registrant)\b[^.;]{0,60}?\b(?:became|surviv\w+|continu\w+)\b[^.;]{0,120}?\bsubsidiary of\b"
        r"|\bacquisition of (?:the )?(?:Company|Registrant)\b|\bwith (?:the )?(?:Company|Registrant) surviving\b"
        r"[^.;]{0,60}\bsubsidiary\b", re.I)),
    ("seller", re.compile(
        rf"{_DONE}(?:sale|divestiture|disposition|disposal|spin-?off|separation|distribution)\b"
        r"|\b(?:sold|divested|disposed of)\b", re.I)),
    ("acquirer", re.compile(rf"{_DONE}(?:acquisition|purchase|tender offer)\b|\b(?:acquired|purchased)\b", re.I)),
)  # fmt: skip


def deal_part(body: bytes, _context: dict[str, Any]) -> str:
    """The filer's part by the filing's document: acquirer, seller or target; empty when it does not say which."""
    text = clean_text(html_to_text(body.decode("utf-8", "replace")))
    for item in _ITEM.finditer(text):
        section = text[item.end() : item.end() + MAX_SECTION + 200]
        ended = _END.search(section)
        section = _HEADING.sub("", section[: ended.start() if ended else MAX_SECTION])
        if len(section) > 40:  # not the line of a table of contents
            return part_in(section)
    return ""


def part_in(section: str) -> str:
    """The filer's part by the text of the item. A sale and a purchase told together leave it open."""
    said = [part for part, says in _SAYS if says.search(section)]
    if "target" in said:
        return "target"
    return said[0] if len(said) == 1 else ""
