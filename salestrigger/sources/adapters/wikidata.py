"""The adapter for Wikidata: names in other languages, aliases and websites of organisations with a register number.

One SPARQL query per page over https://query.wikidata.org (CC0 1.0): either the organisations of ``organizations`` or
all that have a number of ``scheme``. The service asks for a User-Agent with a contact, answers 429 with Retry-After
and cuts a query at 60 seconds. A slow, hand-made source: it adds names, it never says that something changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import urlencode

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.api_answers import ask, object_of, part_of, rows_of
from salestrigger.sources.adapters.national_ids import lei_of, national_id
from salestrigger.sources.adapters.register_values import website_of
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.records import Collected, Identifier, OrgName, OrgRecord
from salestrigger.sources.text import clean_text

SCHEME: Final = "XI-WIKIDATA"
#: scheme → (property with the register's number, country)
PROPERTIES: Final[Mapping[str, tuple[str, str]]] = {
    "NO-BRC": ("P2333", "NO"),
    "NL-KVK": ("P3220", "NL"),
    "XI-LEI": ("P1278", ""),
}
#: names that one organisation may bring
MAX_NAMES = 40

QUERY: Final = """SELECT ?item ?number (SAMPLE(?site) AS ?website) (SAMPLE(?code) AS ?lei) (SAMPLE(?legal) AS ?official)
 (GROUP_CONCAT(DISTINCT ?name; separator="|") AS ?names) (GROUP_CONCAT(DISTINCT ?alias; separator="|") AS ?aliases)
WHERE {{ {values} ?item wdt:{property} ?number .
 OPTIONAL {{ ?item wdt:P856 ?site . }} OPTIONAL {{ ?item wdt:P1278 ?code . }} OPTIONAL {{ ?item wdt:P1448 ?legal . }}
 OPTIONAL {{ ?item rdfs:label ?name . FILTER(LANG(?name) IN ({languages})) }}
 OPTIONAL {{ ?item skos:altLabel ?alias . FILTER(LANG(?alias) IN ({languages})) }}
 FILTER NOT EXISTS {{ ?item wdt:P31 wd:Q5 . }} }}
GROUP BY ?item ?number ORDER BY ?item {paging}"""


class Options(Declaration):
    """The ``[options]`` of Wikidata."""

    scheme: Literal["NO-BRC", "NL-KVK", "XI-LEI"]
    organizations: tuple[str, ...] = Field(default=(), description="numbers of that register; none: all there are")
    languages: tuple[str, ...] = Field(
        default=("en",), description="of names and aliases, as Wikidata has them: nb, nl"
    )
    page_size: int = Field(default=1000, ge=1, le=5000)
    max_records: int = Field(default=20_000, ge=1, le=200_000)


async def collect(session: Session) -> Collected:
    """A record per organisation, with its number of the register among the other ids.

    Raises:
        FetchError: the service does not answer. ShapeError: it answers with something else.
    """
    options = options_of(session.spec, Options)
    records: dict[str, OrgRecord] = {}
    aside: list[tuple[str, str]] = []
    notes: list[str] = []
    offset = 0
    while True:
        wanted = options.organizations[offset : offset + options.page_size]
        if options.organizations and not wanted:
            break
        url = f"{session.spec.url}?{urlencode({'format': 'json', 'query': query_of(options, wanted, offset)})}"
        answer = await ask(session, url, headers={"accept": "application/sparql-results+json"})
        rows = rows_of(part_of(object_of(session, answer, "results"), "results"), "bindings")
        if not isinstance(part_of(object_of(session, answer), "results").get("bindings"), list):
            raise ShapeError(answer.url, "results.bindings", str(answer.body[:80]))
        for row in rows:
            record = record_of(row, options.scheme, source_id=session.spec.id, fetched_at=answer.fetched_at)
            if record is None:
                aside.append((_value(row, "item")[:200] or "row", "no name, or a number that cannot be right"))
            else:
                records.setdefault(record.identifier, record)
        offset += options.page_size
        if not options.organizations and len(rows) < options.page_size:
            break
        if len(records) >= options.max_records:
            notes.append(f"stopped after {len(records)} organisations (max_records)")
            break
    return Collected(records=tuple(records.values()), set_aside=tuple(aside), notes=tuple(notes))


def query_of(options: Options, wanted: tuple[str, ...], offset: int) -> str:
    """The query for one page; numbers and languages are written as literals that cannot end early."""
    quoted = " ".join(_literal(number) for number in wanted)
    return QUERY.format(
        property=PROPERTIES[options.scheme][0],
        values=f"VALUES ?number {{ {quoted} }}" if wanted else "",
        languages=", ".join(_literal(language) for language in (*options.languages, "mul")),
        paging="" if wanted else f"LIMIT {options.page_size} OFFSET {offset}",
    )


def record_of(row: Mapping[str, Any], scheme: str, *, source_id: str, fetched_at: Any) -> OrgRecord | None:
    """One result as a record; None without a name, or when its number is none of the register's."""
    item = _value(row, "item").rpartition("/")[2]
    country = PROPERTIES[scheme][1]
    number = national_id(country, _value(row, "number")) if country else lei_of(_value(row, "number"))
    names = [_value(row, "official"), *_value(row, "names").split("|"), *_value(row, "aliases").split("|")]
    cleaned = [name for name in dict.fromkeys(clean_text(name) for name in names) if name][:MAX_NAMES]
    if number is None or not cleaned or not item.startswith("Q"):
        return None
    lei = lei_of(_value(row, "lei"))
    others: tuple[Identifier, ...] = (number,) if lei is None or lei == number else (number, lei)
    return OrgRecord(
        record_id=f"{SCHEME}-{item}",
        scheme=SCHEME,
        identifier=item,
        names=(OrgName(cleaned[0]), *(OrgName(name, "alias") for name in cleaned[1:])),
        source_id=source_id,
        fetched_at=fetched_at,
        country=country or None,
        website=website_of(_value(row, "website")),
        other_ids=others,
    )


def _value(row: Mapping[str, Any], key: str) -> str:
    value = part_of(row, key).get("value")
    return value if isinstance(value, str) else ""


def _literal(text: str) -> str:
    """A SPARQL string literal; only letters, digits and hyphens can be in a number or a language."""
    return '"' + "".join(char for char in text if char.isalnum() or char == "-") + '"'
