"""The demo register's documents, in the shape of the Norwegian register's public API.

One unit, its roles, one event of the change feed, one event of the role feed: values in, JSON-able values out. Which of
them are asked for is ``register_api``'s business.

Format: data.brreg.no/enhetsregisteret/api, schema of 2026 (docs/sources.md).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from salestrigger.sources.demo.changes import Change, Operation, codes, operations
from salestrigger.sources.demo.organisations import DemoOrg, places, streets
from salestrigger.sources.demo.people import manager_of, name_parts
from salestrigger.sources.demo.timeline import FIRST_DATE, FIRST_DAY, date_of, number_of

HOST = "register.demo.example"
BASE = f"http://{HOST}/enhetsregisteret/api"
JsonObject = dict[str, Any]


def document(org: DemoOrg, happened: Iterable[Change], parent_number: str = "") -> JsonObject:
    """The unit as the register prints it after everything in ``happened``."""
    unit = first_document(org, parent_number)
    for change in happened:
        if change.kind == "deleted":
            return _deleted(unit, change)
        apply(unit, operations(change, unit))
    return unit


def first_document(org: DemoOrg, parent_number: str = "") -> JsonObject:
    """The unit as it was before anything happened to it."""
    registered = _registered_on(org)
    unit: JsonObject = {
        "organisasjonsnummer": org.number,
        "navn": org.name.upper(),
        "organisasjonsform": _form(org.form),
        "historiskeNavn": _former(org, registered),
        "registreringsdatoEnhetsregisteret": registered.isoformat(),
        "registrertIMvaregisteret": org.employees != 0,
        "naeringskode1": _industry(org),
        **_employees(org),
        "forretningsadresse": _address(org),
        "stiftelsesdato": org.founded.isoformat(),
        "registrertIForetaksregisteret": org.form != "ENK",
        "registrertIStiftelsesregisteret": False,
        "registrertIFrivillighetsregisteret": False,
        "konkurs": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "maalform": "Nynorsk" if places()[org.place].code[:2] in ("46", "15") else "Bokmål",
        "registrertIPartiregisteret": False,
        "paategninger": [],
        "erIKonsern": bool(parent_number),
    }
    return unit | _optional(org, parent_number) | {"_links": _self(org.number), "respons_klasse": "Enhet"}


def apply(unit: JsonObject, patch: Iterable[Operation]) -> None:
    """Apply JSON Patch operations (RFC 6902: add, replace; ``-`` appends to a list) to ``unit``, in place."""
    for _, path, value in patch:
        *parents, last = path.strip("/").split("/")
        node: Any = unit
        for part in parents:
            node = node.setdefault(part, {})
        if last == "-":
            node.append(copy.deepcopy(value))
        else:
            node[last] = copy.deepcopy(value)


def _deleted(unit: JsonObject, change: Change) -> JsonObject:
    kept = ("organisasjonsnummer", "navn", "organisasjonsform", "historiskeNavn")
    gone = {"slettedato": date_of(change.day).isoformat(), "_links": unit["_links"], "respons_klasse": "SlettetEnhet"}
    return {key: unit[key] for key in kept} | gone


def _registered_on(org: DemoOrg) -> date:
    if org.registered_day is not None:
        return date_of(org.registered_day)
    return max(org.founded + timedelta(days=12), date(1995, 2, 19))  # the register opened in February 1995


def _form(code: str) -> JsonObject:
    href = f"{BASE}/organisasjonsformer/{code}"
    return {"kode": code, "beskrivelse": codes().forms[code], "_links": {"self": {"href": href}}}


def _former(org: DemoOrg, registered: date) -> list[JsonObject]:
    starts = [registered, *(until for _, until in org.former)]
    return [
        {"navn": name.upper(), "fraDato": f"{start} 08:14:38", "tilDato": f"{until} 12:29:08"}
        for (name, until), start in zip(org.former, starts, strict=False)
    ]


def _industry(org: DemoOrg) -> JsonObject:
    """The main code; of the older set until the recoding day."""
    is_older = org.registered_day is None or org.registered_day < codes().recoding_day
    code = codes().recoded.get(org.industry, org.industry) if is_older else org.industry
    return {"kode": code, "beskrivelse": codes().industries[code]}


def _employees(org: DemoOrg) -> JsonObject:
    """The number as the register states it: withheld below five, absent when none was reported."""
    if not org.employees:
        return {"harRegistrertAntallAnsatte": org.employees is None and number_of(org.number) % 2 == 0}
    known: JsonObject = {"harRegistrertAntallAnsatte": True}
    if org.employees >= 5:
        known = {"antallAnsatte": org.employees} | known
    reported = date(2026, 8, 13) if org.registered_day is None else date_of(org.registered_day)
    return known | {
        "registreringsdatoAntallAnsatteEnhetsregisteret": reported.isoformat(),
        "registreringsdatoAntallAnsatteNAVAaregisteret": (reported - timedelta(days=3)).isoformat(),
    }


def _address(org: DemoOrg) -> JsonObject:
    place = places()[org.place]
    pick = number_of("street", org.number)
    return {
        "land": "Norge",
        "landkode": "NO",
        "postnummer": place.postcode,
        "poststed": place.name.upper(),
        "adresse": [f"{streets()[pick % len(streets())]} {pick % 97 + 1}"],
        "kommune": place.name.upper(),
        "kommunenummer": place.code,
    }


def _optional(org: DemoOrg, parent_number: str) -> JsonObject:
    """Fields that a real unit has or has not."""
    extra: JsonObject = {}
    if org.website:
        extra["hjemmeside"] = org.website
    if parent_number:
        extra["overordnetEnhet"] = parent_number
    if org.form in ("AS", "ASA"):
        amount = 1_000_000.0 if org.form == "ASA" else 30_000.0 * (1 + number_of("capital", org.number) % 40)
        introduced = _registered_on(org).isoformat()
        shares = {"antallAksjer": 1000, "type": "Aksjekapital", "valuta": "NOK", "innfortDato": introduced}
        extra["kapital"] = {"belop": amount} | shares
    if org.form != "ENK" and org.registered_day is None:
        extra["sisteInnsendteAarsregnskap"] = "2024" if number_of("accounts", org.number) % 5 == 0 else "2025"
    return extra | {"aktivitet": [f"{codes().industries[org.industry]}."], "vedtektsdato": org.founded.isoformat()}


def _self(number: str) -> JsonObject:
    return {"self": {"href": f"{BASE}/enheter/{number}"}}


def roles(org: DemoOrg, happened: Iterable[Change]) -> JsonObject:
    """The unit's roles: the managing director, and the chair where there is a board."""
    latest: dict[str, Change] = {change.kind: change for change in happened if change.is_role}
    groups = [_group(org, "DAGL", "Daglig leder", latest.get("manager"))]
    if org.form in ("AS", "ASA", "SA", "SPA"):
        groups.append(_group(org, "STYR", "Styre", latest.get("chair")))
    links = {"self": {"href": f"{BASE}/enheter/{org.number}/roller"}, "enhet": _self(org.number)["self"]}
    return {"rollegrupper": groups, "_links": links}


def _group(org: DemoOrg, code: str, text: str, change: Change | None) -> JsonObject:
    role, role_text = ("LEDE", "Styrets leder") if code == "STYR" else (code, text)
    person = change.data["person"] if change else manager_of(org.number, code)
    changed = date_of(change.day) if change else max(org.founded, date(2019, 3, 4))
    first, last = name_parts(person)
    born = FIRST_DATE - timedelta(days=365 * 35 + number_of("born", person) % 9000)
    holder = {"fodselsdato": born.isoformat(), "navn": {"fornavn": first, "etternavn": last}, "erDoed": False}
    entry = {"type": _role_type("rolletyper", role, role_text), "person": holder, "fratraadt": False}
    return {
        "type": _role_type("rollegruppetyper", code, text),
        "sistEndret": changed.isoformat(),
        "roller": [entry | {"avregistrert": False, "rekkefolge": 0}],
    }


def _role_type(kind: str, code: str, text: str) -> JsonObject:
    return {"kode": code, "beskrivelse": text, "_links": {"self": {"href": f"{BASE}/roller/{kind}/{code}"}}}


def update_event(
    update_id: int, at: datetime, change: Change, *, number: str, patch: Iterable[Operation] | None
) -> JsonObject:
    """One event of the change feed; ``patch`` None: the caller did not ask for the changes."""
    event: JsonObject = {
        "oppdateringsid": update_id,
        "dato": at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z",
        "organisasjonsnummer": number,
        "endringstype": change.endringstype,
    }
    if patch is not None and change.endringstype == "Endring":
        event["endringer"] = [{"op": op, "path": path, "value": value} for op, path, value in patch]
    if change.endringstype != "Fjernet":
        event["_links"] = {"enhet": _self(number)["self"]}
    return event


def role_event(event_id: int, at: datetime, number: str) -> JsonObject:
    """One event of the role feed (CloudEvents 1.0), which says that something changed and not what."""
    return {
        "specversion": "1.0",
        "id": str(event_id),
        "source": f"{BASE}/enheter/{number}/roller",
        "type": "no.brreg.enhetsregisteret.rolle.oppdatert",
        "time": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "data": {"organisasjonsnummer": number},
    }


def is_known(org: DemoOrg, happened: Iterable[Change], day: int) -> bool:
    """Whether the register has the unit on ``day`` at all: it is registered, and not removed on legal grounds."""
    return (org.registered_day or FIRST_DAY) <= day and not any(change.kind == "removed" for change in happened)
