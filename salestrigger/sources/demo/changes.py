"""What happens to organisations in the demo register, as JSON Patch operations on the register's own documents.

The days and the organisations stand in ``register_changes.toml``; here stands what each kind of change does to a
document, in the paths of the real register. Mass recoding and the monthly batch of headcounts are computed, so that
they hit everybody as they do in life. No clock, no chance: a market of the same seed changes in the same way always.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from salestrigger.sources.declare import read_toml
from salestrigger.sources.demo.organisations import FOLDER, DemoOrg, organisations, places
from salestrigger.sources.demo.timeline import date_of, number_of

Kind = Literal["Ny", "Endring", "Sletting", "Fjernet"]
Operation = tuple[str, str, Any]  #: op, path, value
#: on a batch day every known headcount drifts by up to this share of itself
DRIFT = 0.03


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the register learns about one organisation on one day."""

    day: int
    org: str  #: key
    kind: str  #: a name of ``OPERATIONS``, or created, deleted, removed, manager, chair
    data: Mapping[str, Any]

    @property
    def endringstype(self) -> Kind:
        """What the register's feed calls it."""
        special: dict[str, Kind] = {"created": "Ny", "deleted": "Sletting", "removed": "Fjernet"}
        return special.get(self.kind, "Endring")

    @property
    def is_role(self) -> bool:
        """Whether it goes into the feed of roles and not into the feed of units."""
        return self.kind in ("manager", "chair")


@dataclass(frozen=True, slots=True)
class Codes:
    """Texts of codes, and what they were in the older set."""

    recoding_day: int
    industries: Mapping[str, str]
    recoded: Mapping[str, str]
    forms: Mapping[str, str]


@functools.cache
def codes() -> Codes:
    """The code lists of the demo register."""
    return Codes(**read_toml(FOLDER / "codes.toml"))


@functools.cache
def changes() -> tuple[Change, ...]:
    """Every change of the curated market, in the order in which the register publishes them."""
    data = read_toml(FOLDER / "register_changes.toml")
    declared = [change for row in data["change"] for change in _declared(row)]
    everything = [*declared, *_created(), *_batch(data["headcount_batch"], declared), *_recoding(declared)]
    order = {key: position for position, key in enumerate(organisations())}
    return tuple(sorted(everything, key=lambda c: (c.day, order[c.org], c.kind)))


@functools.cache
def changes_of(org: str) -> tuple[Change, ...]:
    """What happens to one organisation, in order."""
    return tuple(change for change in changes() if change.org == org)


def _declared(row: Mapping[str, Any]) -> Iterator[Change]:
    day, org, kind = row["day"], row["org"], row["kind"]
    if kind == "merger":  # the real register's feed has no such thing, only what it leads to at both
        yield Change(day, org, "capital", {"amount": row["amount"]})
        yield Change(day, org, "headcount", {"employees": row["employees"]})
        yield Change(day, row["absorbs"], "deleted", {})
        return
    yield Change(day, org, kind, {key: value for key, value in row.items() if key not in ("day", "org", "kind")})


def _created() -> Iterator[Change]:
    for org in organisations().values():
        if org.country == "NO" and org.registered_day is not None:
            yield Change(org.registered_day, org.key, "created", {})


def _batch(batch: Mapping[str, Any], declared: list[Change]) -> Iterator[Change]:
    """The monthly headcounts: those listed, and a drift of a few for everybody whose number is known."""
    day, listed = batch["day"], {key: value for key, value in batch.items() if key != "day"}
    gone = {c.org for c in declared if c.day <= day and c.kind in ("deleted", "removed", "bankruptcy", "headcount")}
    for key, employees in listed.items():
        yield Change(day, key, "headcount", {"employees": employees})
    for org in organisations().values():
        if org.country == "NO" and org.employees and org.key not in listed and org.key not in gone:
            drifted = org.employees + drift(org)
            if drifted != org.employees and org.registered_day is None:
                yield Change(day, org.key, "headcount", {"employees": drifted})


def drift(org: DemoOrg) -> int:
    """How many employees more or less an ordinary month brings; never across a round limit of 20, 50, 250 or 500."""
    reach = int((org.employees or 0) * DRIFT)
    step = number_of("drift", org.number) % (2 * reach + 1) - reach
    before, after = org.employees or 0, (org.employees or 0) + step
    crosses = any(min(before, after) < limit <= max(before, after) for limit in (20, 50, 251, 501))
    return 0 if crosses else step


def _recoding(declared: list[Change]) -> Iterator[Change]:
    day = codes().recoding_day
    gone = {change.org for change in declared if change.day < day and change.kind in ("deleted", "removed")}
    for org in organisations().values():
        if (
            org.country == "NO"
            and org.key not in gone
            and org.industry in codes().recoded
            and (org.registered_day or 0) < day
        ):
            yield Change(day, org.key, "industry", {"code": org.industry, "recoding": True})


def operations(change: Change, document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """The JSON Patch of a change against the register's document as it was before."""
    return tuple(OPERATIONS[change.kind](change, document)) if change.kind in OPERATIONS else ()


def _put(document: Mapping[str, Any], path: str, value: Any) -> Operation:
    node: Any = document
    for part in path.strip("/").split("/"):
        node = node.get(part) if isinstance(node, Mapping) else None
    return ("add" if node is None else "replace", path, value)


def _dated(*pairs: tuple[str, Any]) -> Callable[[Change, Mapping[str, Any]], Iterator[Operation]]:
    """Operations that set fixed values; ``"date"`` stands for the date of the change, or the one it states."""

    def build(change: Change, document: Mapping[str, Any]) -> Iterator[Operation]:
        stated = change.data.get("date", date_of(change.day)).isoformat()
        for path, value in pairs:
            yield _put(document, path, stated if value == "date" else value)

    return build


def _move(change: Change, _: Mapping[str, Any]) -> Iterator[Operation]:
    place = places()[change.data["place"]]
    yield ("replace", "/forretningsadresse/adresse", [change.data["street"]])
    yield ("replace", "/forretningsadresse/kommune", place.name.upper())
    yield ("replace", "/forretningsadresse/kommunenummer", place.code)
    yield ("replace", "/forretningsadresse/postnummer", place.postcode)
    yield ("replace", "/forretningsadresse/poststed", place.name.upper())


def _street(change: Change, _: Mapping[str, Any]) -> Iterator[Operation]:
    yield ("replace", "/forretningsadresse/adresse", [change.data["street"]])


def _postal(change: Change, document: Mapping[str, Any]) -> Iterator[Operation]:
    yield _put(document, "/postadresse", dict(document["forretningsadresse"]) | {"adresse": [change.data["street"]]})


def _rename(change: Change, document: Mapping[str, Any]) -> Iterator[Operation]:
    today = date_of(change.day).isoformat()
    former = {
        "navn": document["navn"],
        "fraDato": f"{document['registreringsdatoEnhetsregisteret']} 12:00:00",
        "tilDato": f"{today} 06:04:09",
    }
    yield ("replace", "/navn", change.data["name"].upper())
    yield ("add", "/historiskeNavn/-", former)
    yield _put(document, "/vedtektsdato", today)


def _headcount(change: Change, document: Mapping[str, Any]) -> Iterator[Operation]:
    yield _put(document, "/registreringsdatoAntallAnsatteEnhetsregisteret", date_of(change.day).isoformat())
    yield _put(document, "/antallAnsatte", change.data["employees"])
    if not document.get("harRegistrertAntallAnsatte"):
        yield ("replace", "/harRegistrertAntallAnsatte", True)
    yield _put(document, "/registreringsdatoAntallAnsatteNAVAaregisteret", date_of(change.day - 4).isoformat())


def _industry(change: Change, _: Mapping[str, Any]) -> Iterator[Operation]:
    code = change.data["code"]
    yield ("replace", "/naeringskode1/kode", code)
    yield ("replace", "/naeringskode1/beskrivelse", codes().industries[code])


def _capital(change: Change, document: Mapping[str, Any]) -> Iterator[Operation]:
    yield _put(document, "/kapital/belop", float(change.data["amount"]))
    yield _put(document, "/kapital/innfortDato", date_of(change.day).isoformat())


def _accounts(change: Change, document: Mapping[str, Any]) -> Iterator[Operation]:
    yield _put(document, "/sisteInnsendteAarsregnskap", change.data["year"])


def _website(change: Change, document: Mapping[str, Any]) -> Iterator[Operation]:
    yield _put(document, "/hjemmeside", change.data["website"])


#: kind of change → its operations; the paths are those of the real register's feed
OPERATIONS: Mapping[str, Callable[[Change, Mapping[str, Any]], Iterator[Operation]]] = {
    "bankruptcy": _dated(("/konkurs", True), ("/konkursdato", "date")),
    "reconstruction": _dated(("/underRekonstruksjonsforhandlingDato", "date")),
    "forced_dissolution": _dated(
        ("/underTvangsavviklingEllerTvangsopplosning", True), ("/tvangsopplostPgaManglendeRegnskapDato", "date")
    ),
    "winding_up": _dated(("/underAvvikling", True), ("/underAvviklingDato", "date")),
    "move": _move,
    "street": _street,
    "postal": _postal,
    "rename": _rename,
    "headcount": _headcount,
    "industry": _industry,
    "capital": _capital,
    "accounts": _accounts,
    "website": _website,
}
