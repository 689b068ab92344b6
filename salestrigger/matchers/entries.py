"""What an index keeps of an organisation besides its names: enough to corroborate a match, as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from salestrigger.matchers.legal_forms import country_code
from salestrigger.matchers.segment import NAME_KINDS, Raw

if TYPE_CHECKING:
    from salestrigger.matchers.types import Organization
    from salestrigger.sources.records import Identifier, OrgName

_RESERVED = frozenset({"example", "test"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation as the index knows it; empty strings where something is not known."""

    organization_id: str
    names: tuple[OrgName, ...]
    country: str = ""  #: ISO 3166-1 alpha-2
    city: str = ""
    municipality: str = ""
    domain: str = ""  #: registrable part of the website's host
    identifiers: tuple[Identifier, ...] = ()
    description: str = ""  #: what it does, in words: description and keywords
    parent: str = ""

    @property
    def name(self) -> str:
        """The current legal name; empty when the universe gave none."""
        return self.names[0].text if self.names else ""

    def to_json(self) -> str:
        """Everything but the id; what is empty is left out."""
        names = [
            [n.text, n.kind, *(d.isoformat() if d else None for d in (n.valid_from, n.valid_to))] for n in self.names
        ]
        rest = {
            "country": self.country, "city": self.city, "municipality": self.municipality, "domain": self.domain,
            "identifiers": [[i.scheme, i.value] for i in self.identifiers], "description": self.description,
            "parent": self.parent,
        }  # fmt: skip
        return json.dumps({"names": names} | {k: v for k, v in rest.items() if v}, ensure_ascii=False)

    @classmethod
    def from_json(cls, organization_id: str, line: str) -> Entry:
        """What :meth:`to_json` wrote; an empty line gives an entry that knows its id only."""
        if not line:
            return cls(organization_id, ())
        from salestrigger.sources.records import Identifier, OrgName  # two lists are matched without them

        data = json.loads(line)
        names = tuple(OrgName(text, kind, _day(since), _day(until)) for text, kind, since, until in data.pop("names"))
        identifiers = tuple(Identifier(scheme, value) for scheme, value in data.pop("identifiers", ()))
        return cls(organization_id, names, identifiers=identifiers, **data)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(value: object) -> str:
    if isinstance(value, tuple | list):
        return " ".join(_text(v) for v in value)
    return str(value) if value else ""


def domain_of(website: str) -> str:
    """The registrable domain of a website or host, empty when there is none.

    Names under the reserved top-level domains of RFC 2606 (``.example``, ``.test``) have their last two labels.
    """
    site = website.strip().lower()
    if not site:
        return ""
    from salestrigger.sources.text import registrable_domain  # loads much, which few lists need

    known = registrable_domain(site)
    if known:
        return known
    host = site.partition("://")[2] or site
    labels = host.partition("/")[0].partition(":")[0].split(".")
    return ".".join(labels[-2:]) if len(labels) > 1 and labels[-1] in _RESERVED and all(labels) else ""


def entry_of(organization: Organization) -> Entry | None:
    """The entry of an organisation; None for a sole proprietor or one without a name."""
    names = tuple(n for n in organization.names if n.text.strip())
    if organization.is_sole_proprietor or not names:
        return None
    get = organization.get
    return Entry(
        organization_id=organization.organization_id,
        names=names,
        country=_text(get("country")).upper(),
        city=_text(get("city")),
        municipality=_text(get("municipality")),
        domain=domain_of(_text(get("website"))),
        identifiers=organization.identifiers,
        description=" ".join(filter(None, (_text(get("description")), _text(get("keywords"))))),
        parent=_text(get("parent")),
    )


def raw_of(entries: Sequence[Entry]) -> Raw:
    """The columns of entries, ready for a segment."""
    named = [(row, name) for row, entry in enumerate(entries) for name in entry.names]
    return Raw(
        org_ids=[e.organization_id for e in entries],
        countries=[country_code(e.country) for e in entries],
        entries=[e.to_json() for e in entries],
        names=[name.text for _, name in named],
        name_org=[row for row, _ in named],
        name_kind=[NAME_KINDS.index(name.kind) for _, name in named],
        identifiers=[(str(i), row) for row, e in enumerate(entries) for i in e.identifiers],
        domains=[(e.domain, row) for row, e in enumerate(entries) if e.domain],
    )
