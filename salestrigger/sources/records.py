"""What a source yields: frozen values, no I/O.

Everything right of ``sources`` speaks in these types. Ids are content hashes of stable keys, so that running again
changes nothing. Times are aware UTC datetimes; dates are what a register states. ``None`` means unknown: it is never
zero and never "no".
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

DocumentKind = Literal["news", "notice", "filing", "job_ad", "tender"]
NameKind = Literal["legal", "trade", "former", "alias", "short"]
AddressKind = Literal["business", "postal", "visiting"]
OrgStatus = Literal["active", "restructuring", "winding_up", "bankrupt", "dissolved"]
ChangeField = Literal[
    "created", "name", "address", "industry", "employees", "legal_form", "status", "capital", "accounts", "website",
    "roles", "parent",
]  # fmt: skip


def content_id(prefix: str, *keys: str) -> str:
    """``prefix_`` and the first 20 hex digits of the SHA-256 of the keys, joined by a NUL (which no key contains)."""
    digest = hashlib.sha256("\x00".join(keys).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{prefix}_{digest[:20]}"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An official number of an organisation."""

    #: org-id.guide list code: NO-BRC, NL-KVK, SE-BLV, DK-CVR, FI-PRO, GB-COH, DE-CR, XI-LEI, US-EIN; ACCOUNT: one's own
    scheme: str
    value: str  #: always a string: leading zeros matter

    def __str__(self) -> str:
        return f"{self.scheme}-{self.value}"


@dataclass(frozen=True, slots=True)
class OrgName:
    """One name of an organisation and the time it was used."""

    text: str
    kind: NameKind = "legal"
    valid_from: date | None = None
    valid_to: date | None = None  #: None: still used, or not known


@dataclass(frozen=True, slots=True)
class Address:
    """An address as a register states it."""

    kind: AddressKind = "business"
    lines: tuple[str, ...] = ()
    postcode: str | None = None
    city: str | None = None
    municipality: str | None = None
    municipality_code: str | None = None  #: the country's own code, e.g. 0301 for Oslo
    region: str | None = None
    country: str | None = None  #: ISO 3166-1 alpha-2


_ADDRESS_ORDER: Mapping[AddressKind, int] = {"business": 0, "visiting": 1, "postal": 2}
_NOWHERE = Address()


@dataclass(frozen=True, slots=True)
class IndustryCode:
    """An industry code never travels without its code set: 62.010 of SN2007 is not 62.010 of SN2025."""

    code: str
    codeset: (
        str  #: SN2007, SN2025, SBI2008, SBI2025, SNI2007, SNI2025, TOL2008, DB07, NACE2, NACE2.1, SIC2007, NAICS2022
    )


@dataclass(frozen=True, slots=True)
class Headcount:
    """Employees, as a range: a register may give a number (low = high), a band, or "below 5" (0 to 4)."""

    low: int
    high: int | None  #: None: no upper bound
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in plain units of its currency."""

    amount: Decimal
    currency: str  #: ISO 4217


@dataclass(frozen=True, slots=True)
class StatedRole:
    """Who has which part in an event, as a field of the source says; ``name`` stands literally in the document."""

    role: str  #: winner, authority, organization … as in the lexicon
    name: str
    identifier: Identifier | None = None  #: the number that the source gives with the name


@dataclass(frozen=True, slots=True)
class StatedEvent:
    """An event that a source states in fields of its own (an award notice, an 8-K item): no reading is needed."""

    type: str  #: a name of the lexicon; one that it does not know is left out
    roles: tuple[StatedRole, ...]
    modality: str = "completed"  #: one of rumour, planned, announced, in_progress, completed, cancelled, denied
    event_on: date | None = None
    amount: Money | None = None
    attributes: tuple[tuple[str, str], ...] = ()  #: further (key, value), e.g. ("headcount", "24")
    precision: str = "day"  #: of ``event_on``: day, month, quarter or year


@dataclass(frozen=True, slots=True)
class Document:
    """One published text. Its body never enters the warehouse; it lives in the raw store for its retention."""

    document_id: str  #: content_id("doc", source_id, key)
    source_id: str
    key: str  #: what the source itself identifies the item by: guid, else canonical link, else title and date
    url: str  #: http(s), canonical; empty when the source gave none that is safe
    title: str  #: plain text, cleaned
    text: str  #: plain text of the body or teaser, cleaned; may be empty
    fetched_at: datetime
    language: str | None = None  #: BCP 47, as declared by the source; None: to be detected
    published_at: datetime | None = None
    updated_at: datetime | None = None  #: a later editorial change, if the source says so
    kind: DocumentKind = "news"
    publisher: str | None = None  #: the outlet, when it is not the source itself (a wire's issuer, Google's <source>)
    issuer: str | None = None  #: the organisation that issued the text, when the source states it (dc:contributor)
    identifiers: tuple[Identifier, ...] = ()  #: organisations the source itself names by number
    stated: tuple[StatedEvent, ...] = ()  #: what the source states as an event; its text is then not read for others

    def __reduce__(self) -> tuple[type[Document], tuple[Any, ...]]:
        """Pickled by position: the sandbox sends thousands, and by name each took twice as long."""
        return Document, _values(self)


_values = attrgetter(*(field.name for field in dataclasses.fields(Document)))


@dataclass(frozen=True, slots=True)
class OrgRecord:
    """One organisation as one register (or the user's own list) knows it now."""

    record_id: str  #: f"{scheme}-{identifier}", for ever
    scheme: str
    identifier: str
    names: tuple[OrgName, ...]  #: the legal name first
    source_id: str
    fetched_at: datetime
    country: str | None = None  #: ISO 3166-1 alpha-2
    legal_form: str | None = None  #: the register's own code: AS, ASA, BV …
    addresses: tuple[Address, ...] = ()
    industries: tuple[IndustryCode, ...] = ()  #: the main one first
    employees: Headcount | None = None
    revenue: Money | None = None
    revenue_year: int | None = None
    website: str | None = None
    status: OrgStatus | None = None
    status_on: date | None = None
    founded_on: date | None = None
    registered_on: date | None = None
    parent: Identifier | None = None
    other_ids: tuple[Identifier, ...] = ()
    description: str | None = None
    marketing_block: bool | None = (
        None  #: the register says: no unsolicited marketing (NL indNonMailing, DK reklamebeskyttet)
    )
    is_sole_proprietor: bool = False  #: ENK, eenmanszaak: its name is a person's name, so it stays out of the index
    relation: Literal["", "account", "customer", "competitor", "supplier", "suppressed"] = (
        ""  #: only from the user's own lists
    )

    @property
    def name(self) -> str:
        """The first name: the legal one."""
        return self.names[0].text

    @property
    def main_address(self) -> Address:
        """Where it is: the business address, else the visiting, else the postal one; empty when it states none."""
        return min(self.addresses, key=lambda a: _ADDRESS_ORDER[a.kind], default=_NOWHERE)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """Records of a bulk file as columns on disk (``record_columns.SCHEMA``): too many to be held as objects."""

    path: Path
    count: int


@dataclass(frozen=True, slots=True)
class OrgChange:
    """A register's own statement that something about an organisation changed."""

    change_id: str  #: content_id("chg", record_id, field, the register's own update number or date, after)
    record_id: str
    field: ChangeField
    before: str | None  #: as a person reads it; None: not stated by the register
    after: str | None
    effective_on: date | None  #: the day the register says it took effect
    published_at: datetime  #: when the register published it
    source_id: str
    url: str = ""  #: where a person can see it
    details: Mapping[str, str] = dataclasses.field(
        default_factory=dict
    )  #: e.g. {"kind": "konkurs"}, {"old_code": …, "new_code": …}


@dataclass(frozen=True, slots=True)
class ParentChange:
    """Another parent of an organisation whose record the register did not send again."""

    record_id: str
    before: Identifier | None  #: as the register had it last
    after: Identifier | None  #: None: it has none any more


@dataclass(frozen=True, slots=True)
class Collected:
    """What one source yielded in one run: the unit that is stored in one transaction."""

    documents: tuple[Document, ...] = ()
    records: tuple[OrgRecord, ...] = ()
    changes: tuple[OrgChange, ...] = ()
    removed: tuple[str, ...] = ()  #: record ids whose copies must be purged (brreg HTTP 410: removed on legal grounds)
    cursor: Mapping[str, Any] = dataclasses.field(default_factory=dict)  #: JSON-able; where the next run goes on
    set_aside: tuple[tuple[str, str], ...] = ()  #: (key or url, reason) of what could not be read
    notes: tuple[str, ...] = ()  #: for `sources check` and the report: caps reached, markup that drifted
    record_file: RecordFile | None = None  #: further records, of a bulk file
    parents: tuple[ParentChange, ...] = ()  #: of organisations that are stored, or that nobody stored yet
    tells_parents: bool = True  #: False: a record without a parent says nothing about it, what is stored stays

    @property
    def record_count(self) -> int:
        """All records, those of a bulk file included."""
        return len(self.records) + (self.record_file.count if self.record_file else 0)
