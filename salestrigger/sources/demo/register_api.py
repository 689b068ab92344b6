"""The demo register's endpoints: what a query gets, as the real API answers it.

search, one unit, its roles, the change feed (``oppdateringsid`` inclusive, ``dato`` with milliseconds and a literal Z),
the role feed (``afterId`` exclusive), the bulk file. Values in, values out; the server is elsewhere.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from salestrigger.sources.demo import register
from salestrigger.sources.demo.changes import Change, changes, changes_of, operations
from salestrigger.sources.demo.growth import Growth
from salestrigger.sources.demo.organisations import DemoOrg, organisations, places
from salestrigger.sources.demo.timeline import FIRST_DAY, date_of

Query = Mapping[str, str]
#: the register refuses to page further than this
WINDOW = 10_000
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z")
_FIRST_UPDATE = 40_000_000
_UPDATES_PER_DAY = 20_000


@dataclass(frozen=True, slots=True)
class Update:
    """One entry of the change feed."""

    update_id: int
    at: datetime
    org: DemoOrg
    change: Change


class BadQueryError(Exception):
    """The register answers HTTP 400 with this text."""


@dataclass(frozen=True, slots=True)
class RegisterApi:
    """The register on one day: everything up to the end of ``day`` has happened."""

    day: int
    growth: Growth

    # -- one unit -------------------------------------------------------------------------------------------------

    def find(self, number: str) -> DemoOrg | None:
        """The organisation with this number, registered or not."""
        curated = _by_number().get(number)
        if curated is not None:
            return curated
        index = self.growth.index_of(number)
        return None if index is None else self.growth.organisation(index)

    def happened(self, org: DemoOrg) -> tuple[Change, ...]:
        """What happened to it up to and including this day."""
        grown = org.key.startswith("grown-")
        all_of_it = self.growth.changes(int(org.key[6:])) if grown else changes_of(org.key)
        return tuple(change for change in all_of_it if change.day <= self.day)

    def unit(self, number: str) -> tuple[int, register.JsonObject | None]:
        """HTTP status and document of one unit: 200, 404 unknown, 410 removed on legal grounds."""
        org = self.find(number)
        if org is None or (org.registered_day or FIRST_DAY) > self.day:
            return 404, None
        if any(change.kind == "removed" for change in self.happened(org)):
            return 410, None
        return 200, self.document(org)

    def document(self, org: DemoOrg) -> register.JsonObject:
        """The unit as printed today."""
        parent = organisations()[org.parent].number if org.parent else ""
        return register.document(org, self.happened(org), parent)

    def roles(self, number: str) -> tuple[int, register.JsonObject | None]:
        """HTTP status and roles of one unit."""
        status, _ = self.unit(number)
        org = self.find(number)
        return (status, None) if org is None or status != 200 else (200, register.roles(org, self.happened(org)))

    # -- search ---------------------------------------------------------------------------------------------------

    def search(self, query: Query) -> register.JsonObject:
        """A page of units. A query without filters, or by municipality alone, costs a page and not a scan.

        Raises:
            BadQueryError: the page lies beyond the register's window of 10 000 units, or a number is none.
        """
        size, page = number_in(query, "size", 20), number_in(query, "page", 0)
        if size * (page + 1) > WINDOW:
            raise BadQueryError(f"Antall treff utenfor vinduet: size*(page+1) kan ikke overstige {WINDOW}")
        tests = _tests(query)
        curated = [d for d in self._curated(query) if all(test(d) for test in tests)]
        indexes = self._grown(query, tests)
        total = len(curated) + len(indexes)
        wanted = range(page * size, min(total, (page + 1) * size))
        first = len(curated)
        units = [curated[k] if k < first else self._grown_document(indexes[k - first]) for k in wanted]
        return envelope("enheter", units, self_path="enheter", query=query, page=(size, page, total))

    def bulk(self) -> Iterator[register.JsonObject]:
        """Every unit, one at a time."""
        yield from self._curated({})
        for index in range(self.growth.count):
            yield self._grown_document(index)

    def _grown_document(self, index: int) -> register.JsonObject:
        return self.document(self.growth.organisation(index))

    def _curated(self, query: Query) -> Iterator[register.JsonObject]:
        wanted = set(filter(None, query.get("organisasjonsnummer", "").split(",")))
        for org in _by_number().values():
            if (not wanted or org.number in wanted) and register.is_known(org, self.happened(org), self.day):
                document = self.document(org)
                if document["respons_klasse"] == "Enhet":
                    yield document

    def _grown(self, query: Query, tests: Sequence[Test]) -> Sequence[int]:
        if "organisasjonsnummer" in query:
            numbers = query["organisasjonsnummer"].split(",")
            found = (self.growth.index_of(number) for number in numbers)
            candidates: Sequence[int] = [index for index in found if index is not None]
        elif "kommunenummer" in query:
            wanted = set(query["kommunenummer"].split(","))
            ranges = [self.growth.in_place(place.name) for place in places().values() if place.code in wanted]
            candidates = ranges[0] if len(ranges) == 1 else sorted(itertools.chain(*ranges))
        else:
            candidates = range(self.growth.count)
        if set(query) & set(FILTERS) <= {"organisasjonsnummer", "kommunenummer"}:
            return candidates
        return [index for index in candidates if all(test(self._grown_document(index)) for test in tests)]

    # -- feeds ----------------------------------------------------------------------------------------------------

    def updates(self, query: Query) -> register.JsonObject:
        """A page of the change feed.

        Raises:
            BadQueryError: ``dato`` is not a moment with a literal Z, or a number is none.
        """
        size, page = number_in(query, "size", 20), number_in(query, "page", 0)
        wanted = set(filter(None, query.get("organisasjonsnummer", "").split(",")))
        found = [u for u in self._updates(_first_day(query)) if _after(u, query)]
        found = [u for u in found if not wanted or u.org.number in wanted]
        if query.get("sort", "id,ASC").upper().endswith("DESC"):
            found.reverse()
        with_changes = query.get("includeChanges", "false").lower() == "true"
        events = [self._event(u, with_changes=with_changes) for u in found[page * size : (page + 1) * size]]
        totals = (size, page, len(found))
        return envelope("oppdaterteEnheter", events, self_path="oppdateringer/enheter", query=query, page=totals)

    def role_updates(self, query: Query) -> list[register.JsonObject]:
        """Events of the role feed after ``afterId`` (exclusive) or from ``afterTime`` on."""
        after, since = number_in(query, "afterId", 0), moment_in(query, "afterTime")
        size = number_in(query, "size", 100)
        events = [
            (event_id, at, change)
            for event_id, at, change in _role_changes()
            if change.day <= self.day and event_id > after and (since is None or at >= since)
        ]
        return [register.role_event(i, at, organisations()[c.org].number) for i, at, c in events[:size]]

    def _updates(self, first_day: int) -> Iterator[Update]:
        for day in range(max(first_day, FIRST_DAY), self.day + 1):
            yield from _curated_updates(day)
            for k, (index, change) in enumerate(self.growth.changed_on(day)):
                yield _update(day, 5_000 + 2 * k, self.growth.organisation(index), change)

    def _event(self, update: Update, *, with_changes: bool) -> register.JsonObject:
        patch = self._patch(update) if with_changes else None
        return register.update_event(update.update_id, update.at, update.change, number=update.org.number, patch=patch)

    def _patch(self, update: Update) -> tuple[tuple[str, str, Any], ...]:
        """The patch of a change against the unit as it was just before."""
        happened = self.happened(update.org)
        before = happened[: happened.index(update.change)]
        return operations(update.change, register.document(update.org, before))


Test = Callable[[register.JsonObject], bool]

#: query parameters that narrow a search, each with its test of a document
FILTERS: Mapping[str, Callable[[register.JsonObject, str], bool]] = {
    "navn": lambda d, v: v.upper() in d["navn"],
    "organisasjonsnummer": lambda d, v: d["organisasjonsnummer"] in v.split(","),
    "organisasjonsform": lambda d, v: d["organisasjonsform"]["kode"] in v.split(","),
    "naeringskode": lambda d, v: d["naeringskode1"]["kode"].startswith(tuple(v.split(","))),
    "kommunenummer": lambda d, v: d["forretningsadresse"]["kommunenummer"] in v.split(","),
    "overordnetEnhet": lambda d, v: d.get("overordnetEnhet") == v,
    "konkurs": lambda d, v: d["konkurs"] == (v == "true"),
    "underAvvikling": lambda d, v: d["underAvvikling"] == (v == "true"),
    "underTvangsavviklingEllerTvangsopplosning": lambda d, v: (
        d["underTvangsavviklingEllerTvangsopplosning"] == (v == "true")
    ),
    "fraAntallAnsatte": lambda d, v: d.get("antallAnsatte", -1) >= int(v),
    "tilAntallAnsatte": lambda d, v: 0 <= d.get("antallAnsatte", -1) <= int(v),
    "fraRegistreringsdatoEnhetsregisteret": lambda d, v: d["registreringsdatoEnhetsregisteret"] >= v,
    "tilRegistreringsdatoEnhetsregisteret": lambda d, v: d["registreringsdatoEnhetsregisteret"] <= v,
}


def _tests(query: Query) -> list[Test]:
    for name in ("fraAntallAnsatte", "tilAntallAnsatte"):
        number_in(query, name, 0)
    return [_test(FILTERS[name], value) for name, value in query.items() if name in FILTERS]


def _test(test: Callable[[register.JsonObject, str], bool], value: str) -> Test:
    return lambda document: test(document, value)


def number_in(query: Query, name: str, default: int) -> int:
    """A whole number of the query.

    Raises:
        BadQueryError: it is none.
    """
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise BadQueryError(f"Ugyldig verdi for {name}: {text[:40]}")
    return int(text)


def moment_in(query: Query, name: str) -> datetime | None:
    """A moment of the query; the register accepts only the full form with a literal Z.

    Raises:
        BadQueryError: it is written otherwise.
    """
    text = query.get(name)
    if text is None:
        return None
    if not _MOMENT.fullmatch(text):
        raise BadQueryError(f"Ugyldig verdi for {name}: {text[:40]}")
    return datetime.fromisoformat(text)


def envelope(
    name: str, rows: list[register.JsonObject], *, self_path: str, query: Query, page: tuple[int, int, int]
) -> register.JsonObject:
    """HAL: rows under ``_embedded`` (no such key when there are none), links, and the page (size, number, total)."""
    size, number, total = page
    pages = -(-total // size) if size else 0
    steps = {"first": 0, "self": number, "next": number + 1, "last": max(pages - 1, 0)}
    if number + 1 >= pages:
        del steps["next"]
    href = f"{register.BASE}/{self_path}?" + "".join(f"{k}={v}&" for k, v in query.items() if k not in ("page", "size"))
    links = {step: {"href": f"{href}page={target}&size={size}"} for step, target in steps.items()}
    embedded: register.JsonObject = {"_embedded": {name: rows}} if rows else {}
    shown = {"size": size, "totalElements": total, "totalPages": pages, "number": number}
    return embedded | {"_links": links, "page": shown}


def _by_number() -> Mapping[str, DemoOrg]:
    return {org.number: org for org in organisations().values() if org.country == "NO"}


def _curated_updates(day: int) -> Iterator[Update]:
    of_day = (change for change in changes() if change.day == day and not change.is_role)
    for k, change in enumerate(of_day):
        yield _update(day, 7 * k + 3, organisations()[change.org], change)


def _update(day: int, offset: int, org: DemoOrg, change: Change) -> Update:
    update_id = _FIRST_UPDATE + (day - FIRST_DAY) * _UPDATES_PER_DAY + offset
    start = datetime.combine(date_of(day), time(4, 5), UTC)
    return Update(update_id, start + timedelta(milliseconds=1_733 * offset), org, change)


def _role_changes() -> Iterator[tuple[int, datetime, Change]]:
    of_roles = (change for change in changes() if change.is_role)
    for k, change in enumerate(of_roles):
        yield 9_000 + 3 * k, datetime.combine(date_of(change.day), time(4, 30), UTC) + timedelta(seconds=k), change


def _first_day(query: Query) -> int:
    """The day from which on updates can be in the answer."""
    if "oppdateringsid" in query:
        return FIRST_DAY + (number_in(query, "oppdateringsid", 0) - _FIRST_UPDATE) // _UPDATES_PER_DAY
    since = moment_in(query, "dato")
    return FIRST_DAY if since is None else FIRST_DAY + (since.date() - date_of(FIRST_DAY)).days


def _after(update: Update, query: Query) -> bool:
    since = moment_in(query, "dato")
    return update.update_id >= number_in(query, "oppdateringsid", 0) and (since is None or update.at >= since)
