"""What a fact may be about: the attributes of an organisation, their types, and where each can be looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """One attribute that a fact may be about."""

    type: str  #: of the value
    meaning: str
    lookup: str  #: where a person or a later source finds it when it is unknown


_ADDRESS = "business address in the register"
ATTRIBUTES: Mapping[str, AttributeSpec] = {
    name: AttributeSpec(kind, meaning, lookup)
    for name, kind, meaning, lookup in (
        ("country", "str", "ISO 3166-1 alpha-2 of the business address", _ADDRESS),
        ("region", "str", "region of the business address", _ADDRESS),
        ("municipality", "str", "name of the municipality", _ADDRESS),
        ("municipality_code", "str", "the country's own code of it", _ADDRESS),
        ("city", "str", "city of the business address", _ADDRESS),
        ("postcode", "str", "postcode of the business address", _ADDRESS),
        ("industry", "tuple of 'CODESET:CODE'", "industry codes, the main one first", "industry code in the register"),
        (
            "employees",
            "int, 'low-high' or 'low+'",
            "people who work there",
            "headcount in the register or the accounts",
        ),
        ("revenue", "'AMOUNT CUR'", "yearly revenue in plain units", "income statement in the annual accounts"),
        ("legal_form", "str", "the register's own code: AS, ASA, BV", "legal form in the register"),
        ("founded", "date", "when it was founded, else first registered", "date of foundation in the register"),
        ("registered", "date", "when the register took it in", "date of registration in the register"),
        (
            "status",
            "str",
            "active, restructuring, winding_up, bankrupt, insolvent, dissolved",
            "status in the register",
        ),
        ("parent", "str", "identifier of the parent organisation", "group structure in the register"),
        ("technologies", "tuple of str", "technologies that it is known to use", "its job ads, or its website"),
        ("headcounts", "tuple of 'YYYY-MM-DD=NUMBER'", "what its headcount was, day by day", "earlier annual accounts"),
        ("history", "tuple of 'TYPE:YYYY-MM-DD'", "events that were told of it", "what is stored"),
        ("website", "str", "its website", "website in the register or on its letterhead"),
        ("description", "str", "what it says it does", "purpose in the register, or its website"),
        ("marketing_block", "bool", "no unsolicited marketing, says the register", "marketing flag in the register"),
    )
}

#: Attributes of which every source tells a part: they are joined, not won.
JOINED = frozenset({"technologies", "headcounts", "history"})
