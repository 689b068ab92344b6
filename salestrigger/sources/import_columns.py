"""Which column of a person's export is what: HubSpot, Salesforce, Pipedrive, or a sheet of one's own. Pure.

A column is known by its heading, else by its values (numbers that pass a register's check digit). What is guessed is
shown and confirmed; nothing is taken that is about persons (contacts, e-mail, telephone).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from salestrigger.sources.adapters.national_ids import NUMBERS, country_of, lei_of, national_id
from salestrigger.sources.records import Identifier
from salestrigger.sources.text import canonical_url, clean_text, registrable_domain

#: what a column can be; ``number:XX`` is a number of a country's register
FIELDS = ("org_id", "name", "aliases", "country", "city", "website", "employees", "description", "relation", "lei")
COUNTRIES_OF_NUMBERS = ("NO", "NL", "SE", "DK", "FI", "GB", "DE")

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "org_id": (
        "org_id", "record id", "account id", "accountid", "id", "organization id", "company id",
        "kundenr", "kundenummer", "klantnummer", "debiteurnummer", "customer id", "hs_object_id",
    ),
    "name": (
        "name", "company name", "company", "account name", "organization", "organisation",
        "navn", "firma", "firmanavn", "bedrift", "selskap", "kunde", "bedrijf", "bedrijfsnaam", "naam", "klant",
        "foretag", "företag", "företagsnamn", "virksomhed", "virksomhedsnavn", "yritys", "yrityksen nimi", "kundenavn",
    ),
    "aliases": ("aliases", "alias", "other names", "trade name", "handelsnaam"),
    "country": (
        "country", "country/region", "billing country", "billing country code", "shipping country", "land",
        "country code", "country of address", "billing country/territory", "land/regio", "maa",
    ),
    "city": ("city", "billing city", "shipping city", "poststed", "plaats", "stad", "by", "ort", "postort", "kaupunki",
             "woonplaats", "plaatsnaam", "vestigingsplaats", "sted", "town", "city of address",
             "city/town/village/locality of address"),
    "website": (
        "website", "company domain name", "domain", "website url", "url", "web", "hjemmeside", "nettside", "webbplats",
        "nettsted", "homepage", "domene", "domein", "kotisivu",
    ),
    "employees": ("employees", "number of employees", "ansatte", "antall ansatte", "werknemers", "medewerkers",
                  "anställda", "no. of employees", "employee count"),
    "description": ("description", "beskrivelse", "omschrijving", "about us"),
    "relation": ("relation", "type", "account type", "lifecycle stage", "relatie", "label"),
    "lei": ("lei", "lei code", "legal entity identifier"),
    "number:NO": (
        "orgnr", "orgnr.", "org.nr", "org.nr.", "org nr", "org. nr", "org. nr.", "orgnummer", "organisasjonsnummer",
        "organisasjonsnr", "organisasjonsnr.", "organisation number", "organization number", "org number",
    ),
    "number:NL": ("kvk", "kvk nummer", "kvk-nummer", "kvknummer", "kvk number", "kamer van koophandel"),
    "number:SE": ("organisationsnummer", "org.nummer"),
    "number:DK": ("cvr", "cvr-nummer", "cvr nummer", "cvr-nr", "cvr nr"),
    "number:FI": ("y-tunnus", "ytunnus", "business id"),
    "number:GB": ("company number", "companies house number", "crn", "registration number"),
    "number:DE": ("handelsregister", "handelsregisternummer", "registernummer"),
}  # fmt: skip
#: the relation of who is not to be contacted
SUPPRESSED = "suppressed"
#: headings about persons: never taken, whatever they hold
_PERSONS = re.compile(
    r"contact|person|owner|e-?mail|phone|telefon|mobil|birth|first name|last name|eier|eigenaar", re.I
)

#: Pipedrive says of each column whose it is: "Organization - Name"; those of persons and deals are not the company's
_OF_WHOM = re.compile(r"^(?:organi[sz]ation|company|account) - ")

_RELATIONS: Mapping[str, str] = {
    "customer": "customer", "client": "customer", "kunde": "customer", "klant": "customer", "kund": "customer",
    "competitor": "competitor", "konkurrent": "competitor", "concurrent": "competitor", "supplier": "supplier",
    "leverandør": "supplier", "leverancier": "supplier", "vendor": "supplier", "partner": "account",
    "suppressed": "suppressed", "do not contact": "suppressed", "do-not-contact": "suppressed",
}  # fmt: skip
_COUNTRY_NAMES: Mapping[str, str] = {
    "norway": "NO", "norge": "NO", "noreg": "NO", "noorwegen": "NO", "netherlands": "NL", "the netherlands": "NL",
    "nederland": "NL", "holland": "NL", "sweden": "SE", "sverige": "SE", "zweden": "SE", "denmark": "DK",
    "danmark": "DK", "denemarken": "DK", "finland": "FI", "suomi": "FI", "united kingdom": "GB", "great britain": "GB",
    "england": "GB", "storbritannia": "GB", "verenigd koninkrijk": "GB", "germany": "DE", "tyskland": "DE",
    "duitsland": "DE", "belgium": "BE", "belgië": "BE", "belgia": "BE", "united states": "US", "usa": "US",
}  # fmt: skip

#: a column without a telling heading is a number column when so many of its values pass a check digit
NUMBERS_SHARE = 0.8
_CHECKED = ("NO", "SE", "FI", "DK")  #: registers whose numbers have one
#: countries whose headings for it others use as well ("org.nr", "company number")
_SHARED = ("NO", "SE", "GB")
_SEVEN = re.compile(r"[0-9]{7}")
#: what Salesforce writes below a report's rows
_FOOTER = re.compile(r"(?:grand )?totals? \(\d+|confidential information - do not|copyright (?:©|\(c\)) ", re.I)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column was taken for, and why."""

    heading: str
    field: str  #: "" for a column that is left out
    why: str
    example: str = ""


def guess_columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Guess, ...]:
    """One guess per column, in their order; a field is given to the first column that claims it."""
    taken: set[str] = set()
    found: list[Guess] = []
    for at, heading in enumerate(headings):
        values = [row[at] for row in rows[:500] if at < len(row) and row[at].strip()]
        field, why = _guess(heading, values)
        if field in taken:
            field, why = "", f"another column is the {field} already"
        if field:
            taken.add(field)
        found.append(Guess(heading, field, why, values[0][:40] if values else ""))
    return tuple(found)


def _guess(heading: str, values: Sequence[str]) -> tuple[str, str]:
    plain = _OF_WHOM.sub("", " ".join(heading.casefold().replace("_", " ").split()))
    for field, names in _HEADINGS.items():
        if plain in names or plain.replace(" ", "_") in names:
            return field, "its heading"
    if _PERSONS.search(plain):
        return "", "about persons: never taken"
    if len(values) >= 3:
        for country in _CHECKED:
            if sum(national_id(country, value) is not None for value in values) >= NUMBERS_SHARE * len(values):
                return f"number:{country}", f"its values are numbers of the register of {country}"
        if sum(lei_of(value) is not None for value in values) >= NUMBERS_SHARE * len(values):
            return "lei", "its values are LEIs"
    return "", "not needed"


@dataclass(frozen=True, slots=True)
class AccountRows:
    """Rows of an export as cells of accounts.csv, and what of them could not be taken."""

    rows: tuple[dict[str, str], ...]
    aside: tuple[tuple[int, str], ...]  #: (line, why) of rows that are left out
    without: tuple[tuple[int, str], ...]  #: (line, why) of cells that are left out of a row that is taken


def account_rows(
    guesses: Sequence[Guess],
    rows: Sequence[Sequence[str]],
    *,
    relation: str,
    country: str | None = None,
    lines: Sequence[int] | None = None,
) -> AccountRows:
    """The rows as cells of accounts.csv.

    A row of its own relation keeps it, else it is ``relation``; who is suppressed is so whatever the row says.
    ``country`` is of rows that say none; ``lines`` are the lines of the file (default: the rows' own numbers, from 1).
    """
    found: dict[str, dict[str, str]] = {}
    aside: list[tuple[int, str]] = []
    without: list[tuple[int, str]] = []
    short = _shortened(guesses, rows)
    headings = {guess.field: guess.heading for guess in guesses}
    for number, row in zip(lines or range(1, len(rows) + 1), rows, strict=True):
        cells = {g.field: clean_text(row[at]) for at, g in enumerate(guesses) if g.field and at < len(row)}
        cells |= {field: cells[field].zfill(8) for field in short if _SEVEN.fullmatch(cells.get(field, ""))}
        if not any(cells.values()):
            continue
        if not cells.get("name"):
            aside.append((number, "no name"))
            continue
        if _FOOTER.match(cells["name"]):
            aside.append((number, f"the foot of a report: {cells['name'][:60]}"))
            continue
        account = _account(cells, relation, country)
        key = account["org_id"] or f"{account['name'].casefold()} {account['country']} {account['city'].casefold()}"
        if key in found:
            aside.append((number, f"the same as an earlier row: {account['name']}"))
            continue
        found[key] = account
        without += [(number, f"{headings[field]!r}: {why}") for field, why in _unreadable(cells, account)]
    return AccountRows(tuple(found.values()), tuple(aside), tuple(without))


def _unreadable(cells: Mapping[str, str], account: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Cells that say something of which nothing was taken, with what is allowed."""
    for field, text in cells.items():
        if not text:
            continue
        land = _land_of(field, account["country"])
        if land and not _identifier_of(field, text, account["country"]):
            scheme, (_, says) = next((key, value) for key, value in NUMBERS.items() if value[0] == land)
            yield field, f"{text!r} is no number of the register {scheme}; allowed: {says}"
        elif field == "lei" and lei_of(text) is None:
            yield field, f"{text!r} is no LEI; allowed: {NUMBERS['XI-LEI'][1]}"
        elif field == "employees" and not account["employees"]:
            yield field, f"{text!r} is not allowed; allowed: a whole number, or a range as 50-99 or 250+"
        elif field == "website" and not account["website"]:
            yield field, f"{text!r} is not allowed; allowed: a domain or an address, as example.com"
        elif field == "country" and not country_named(text):
            yield field, f"{text!r} is not known; allowed: two letters of ISO 3166, as NO, or a country's name"


def _account(cells: Mapping[str, str], relation: str, country: str | None) -> dict[str, str]:
    where = country_named(cells.get("country", "")) or country or ""
    ids = list(_identifiers(cells, where))
    if not where and ids and (land := str(ids[0])[:2]) != "XI":
        where = land
    website = cells.get("website", "")
    return {
        "org_id": re.sub(r"\s+", "", cells.get("org_id", ""))[:80],
        "name": cells["name"],
        "aliases": cells.get("aliases", "").replace(";", "|"),
        "country": where,
        "city": cells.get("city", ""),
        "website": website if _is_website(website) else "",
        "identifiers": "|".join(f"{i.scheme}:{i.value}" for i in dict.fromkeys(ids)),
        "relation": relation if relation == SUPPRESSED else _relation(cells.get("relation", ""), relation),
        "employees": _employees(cells.get("employees", "")),
        "description": cells.get("description", ""),
    }


def _employees(text: str) -> str:
    """A number or a range as accounts.csv takes it; thousands may be set apart (1 200, 1.200, 1,200)."""
    bare = re.sub(r"(?<=\d)[ .,\u00a0\u202f](?=\d{3}(?!\d))", "", text).replace("–", "-")
    found = re.fullmatch(r"(\d{1,8})(?:\s*-\s*(\d{1,8})|\s*(\+))?", bare)
    if found is None or (found[2] and int(found[2]) < int(found[1])):
        return ""
    return f"{found[1]}-{found[2]}" if found[2] else f"{found[1]}{found[3] or ''}"


def _identifiers(cells: Mapping[str, str], country: str) -> Iterator[Identifier]:
    for field, text in cells.items():
        if field.startswith("number:") and text and (found := _identifier_of(field, text, country)):
            yield found
    if lei := lei_of(cells.get("lei", "")):
        yield lei


def _identifier_of(field: str, text: str, country: str) -> Identifier | None:
    """The number in a column; "organisation number" is that of the row's country, else what the column is taken for."""
    stated, land = field.partition(":")[2], _land_of(field, country)
    lands = dict.fromkeys((land, stated) if stated in _CHECKED else (land,))
    return next((found for land in lands if (found := national_id(land, text))), None)


def _land_of(field: str, country: str) -> str:
    """Whose register a column's number is looked for in first: of a heading that many countries use, the row's own."""
    stated = field.partition(":")[2]
    return country if stated in _SHARED and country in COUNTRIES_OF_NUMBERS else stated


def _shortened(guesses: Sequence[Guess], rows: Sequence[Sequence[str]]) -> set[str]:
    """Columns of KVK numbers none of which begins with a zero: a sheet that took them for quantities dropped it."""
    return {
        g.field for at, g in enumerate(guesses)
        if g.field == "number:NL" and not any(clean_text(row[at])[:1] == "0" for row in rows if at < len(row))
    }  # fmt: skip


def _relation(word: str, default: str) -> str:
    """What the row says of itself; Salesforce adds how: "Customer - Direct"."""
    plain = word.casefold()
    return _RELATIONS.get(plain) or _RELATIONS.get(plain.partition(" - ")[0].strip(), default)


def _is_website(text: str) -> bool:
    """Whether a run could read it: it has a registrable domain and is an address."""
    return bool(registrable_domain(text) and canonical_url(text if "://" in text else f"https://{text}"))


def country_named(text: str) -> str | None:
    """The country (alpha-2) that a code or a name in one of our languages means; None for what is neither."""
    found = _COUNTRY_NAMES.get(text.strip().casefold()) or country_of(text)
    return found if found and found.isascii() else None
