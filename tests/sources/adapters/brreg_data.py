"""Answers in the true shape of the Norwegian register, about organisations that do not exist."""

from __future__ import annotations

from typing import Any

BASE = "/enhetsregisteret/api"


def entity(number: str = "999000101", name: str = "FJELLMØRK DRIFT AS", **values: Any) -> dict[str, Any]:
    """One entity of today's schema; ``values`` replace or add fields, None removes one."""
    fields: dict[str, Any] = {
        "organisasjonsnummer": number,
        "navn": name,
        "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap"},
        "historiskeNavn": [],
        "hjemmeside": "www.fjellmork.example",
        "registreringsdatoEnhetsregisteret": "2012-03-01",
        "registrertIMvaregisteret": True,
        "naeringskode1": {"kode": "41.000", "beskrivelse": "Oppføring av bygninger"},
        "antallAnsatte": 42,
        "harRegistrertAntallAnsatte": True,
        "registreringsdatoAntallAnsatteEnhetsregisteret": "2026-09-14",
        "forretningsadresse": {
            "land": "Norge",
            "landkode": "NO",
            "postnummer": "7079",
            "poststed": "FLATÅSEN",
            "adresse": ["Oppdiktet vei 1", None, ""],
            "kommune": "TRONDHEIM",
            "kommunenummer": "5001",
        },
        "stiftelsesdato": "2012-02-01",
        "konkurs": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "aktivitet": ["Bygg- og anleggsvirksomhet og alt som", "hører til."],
        "epostadresse": "post@fjellmork.example",
        "mobil": "000 00 000",
        "kapital": {"belop": 30000.0, "antallAksjer": 30, "type": "Aksjekapital", "valuta": "NOK"},
        "respons_klasse": "Enhet",
    }
    return {key: value for key, value in (fields | values).items() if value is not None}


def deleted(number: str = "999000104", **values: Any) -> dict[str, Any]:
    """A deleted entity, as the single address gives it."""
    return {
        "organisasjonsnummer": number,
        "navn": "NEDLAGT FJORD AS",
        "organisasjonsform": {"kode": "AS"},
        "slettedato": "2026-09-15",
        "respons_klasse": "SlettetEnhet",
    } | values


def search_page(*entities: dict[str, Any], number: int = 0, pages: int = 1, total: int | None = None) -> dict[str, Any]:
    """A page of a search; without entities it has no ``_embedded``."""
    count = len(entities) if total is None else total
    answer: dict[str, Any] = {
        "_links": {},
        "page": {"size": 100, "totalElements": count, "totalPages": pages, "number": number},
    }
    return answer | ({"_embedded": {"enheter": list(entities)}} if entities else {})


def event(
    number: int, organization: str, kind: str = "Endring", changes: Any = None, day: str = "2026-10-04"
) -> dict[str, Any]:
    """One event of the change feed."""
    row: dict[str, Any] = {
        "oppdateringsid": number,
        "dato": f"{day}T04:05:11.193Z",
        "organisasjonsnummer": organization,
        "endringstype": kind,
    }
    return row | ({"endringer": changes} if changes is not None else {})


def feed_page(*events: dict[str, Any]) -> dict[str, Any]:
    """A page of the change feed; without events it has no ``_embedded``."""
    answer: dict[str, Any] = {"_links": {}, "page": {"size": 500, "totalElements": len(events), "number": 0}}
    return answer | ({"_embedded": {"oppdaterteEnheter": list(events)}} if events else {})


def put(path: str, value: Any, op: str = "replace") -> dict[str, Any]:
    """One operation of a JSON Patch."""
    return {"op": op, "path": path} | ({} if op == "remove" else {"value": value})


def role(kind: str, first: str, last: str, **values: Any) -> dict[str, Any]:
    """One role of a person who does not exist."""
    person = {"fodselsdato": "1970-01-01", "navn": {"fornavn": first, "etternavn": last}, "erDoed": False}
    return {"type": {"kode": kind}, "person": person, "fratraadt": False, "avregistrert": False} | values


def roles(*groups: tuple[str, str, list[dict[str, Any]]]) -> dict[str, Any]:
    """An answer of roles: (group, last changed, roles)."""
    return {
        "rollegrupper": [
            {"type": {"kode": kind}, "sistEndret": day, "roller": members} for kind, day, members in groups
        ]
    }
