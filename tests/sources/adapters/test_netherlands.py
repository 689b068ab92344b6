"""KVK, the insolvency register, TenderNed and the official publications, in the true shape, invented companies."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.sources.adapters.kvk_records import day_of
from salestrigger.sources.adapters.sru import read_sru
from salestrigger.sources.adapters.tenderned import modality_of
from salestrigger.sources.collect import SourceOutcome
from salestrigger.sources.spec import SourceSpec
from tests.sources.adapters import notice_data
from tests.sources.adapters.running import run, spec_of

BASE = "http://register.example"


def source(adapter: str, path: str = "", **options: Any) -> SourceSpec:
    """A Dutch source with a key of its own."""
    return spec_of(
        "s", adapter=adapter, url=f"{BASE}{path}", size="api", options=options, key_env="A_KEY", trust="register",
        country="NL",
    )  # fmt: skip


def once(server: HTTPServer, tmp_path: Path, spec: SourceSpec, cursor: Any = None) -> SourceOutcome:
    """One run with the key."""
    return run(server, tmp_path, spec, cursors={"s": cursor or {}}, keys={"s": "a-key"})[0]


# KVK


def profile(number: str = "01234567", **values: Any) -> dict[str, Any]:
    """A Basisprofiel."""
    address = {
        "type": "bezoekadres", "indAfgeschermd": "Nee", "volledigAdres": "Kade 3        4461AB Goes",
        "straatnaam": "Kade", "huisnummer": 3, "huisletter": "B", "postcode": "4461AB", "plaats": "Goes",
        "land": "Nederland",
    }  # fmt: skip
    hidden = {"type": "correspondentieadres", "indAfgeschermd": "Ja", "plaats": "Geheim"}
    fields = {
        "kvkNummer": number, "indNonMailing": "Ja", "naam": "Havenlicht", "statutaireNaam": "Havenlicht B.V.",
        "formeleRegistratiedatum": "20170710", "materieleRegistratie": {"datumAanvang": "20170000"},
        "totaalWerkzamePersonen": 42,
        "handelsnamen": [{"naam": "Licht", "volgorde": 1}, {"naam": "Havenlicht", "volgorde": 0}],
        "sbiActiviteiten": [
            {"sbiCode": "10120", "indHoofdactiviteit": "Nee"}, {"sbiCode": "10110", "indHoofdactiviteit": "Ja"},
        ],
        "_embedded": {
            "eigenaar": {"rsin": "812345678", "rechtsvorm": "BV", "websites": ["www.havenlicht.example"]},
            "hoofdvestiging": {"adressen": [hidden, address]},
        },
    }  # fmt: skip
    return fields | values


def test_kvk_profiles_become_records(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Names, codes, block and address; a number without a hit is set aside, and nothing is kept of the answers."""
    httpserver.expect_request("/v1/basisprofielen/01234567").respond_with_json(profile())
    none = {"fout": [{"code": "IPD5200", "omschrijving": "Er zijn geen gegevens gevonden"}]}
    httpserver.expect_request("/v1/basisprofielen/76543210").respond_with_json(none, status=404)
    outcome = once(httpserver, tmp_path, source("kvk", mode="watch", organizations=["0123 4567", "76543210"]))
    (record,) = outcome.collected.records
    assert [(n.text, n.kind) for n in record.names] == [
        ("Havenlicht B.V.", "legal"), ("Havenlicht", "trade"), ("Licht", "trade"),
    ]  # fmt: skip
    assert (record.record_id, record.marketing_block, record.founded_on) == ("NL-KVK-01234567", True, None)
    assert record.registered_on == date(2017, 7, 10)
    assert [(a.lines, a.city) for a in record.addresses] == [(("Kade 3B",), "Goes")]
    assert [code.code for code in record.industries] == ["10110", "10120"]
    assert outcome.collected.set_aside == (("76543210", "not in the register"),)
    assert httpserver.log[0][0].headers["apikey"] == "a-key"
    assert not list(tmp_path.rglob("*.body.gz"))


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (404, "<html>Not found</html>", "malformed"),
        (404, "", "failed"),
        (404, '{"fout": []}', "failed"),
        (401, "", "refused"),
    ],
)
def test_kvk_404_is_no_hit_only_when_kvk_says_so(
    httpserver: HTTPServer, tmp_path: Path, status: int, body: str, state: str
) -> None:
    """Any other 404 is a wrong address, and no cursor moves."""
    httpserver.expect_request("/v1/basisprofielen/01234567").respond_with_data(body, status=status)
    outcome = once(httpserver, tmp_path, source("kvk", mode="watch", organizations=["01234567"]))
    assert (outcome.status, outcome.collected.cursor) == (state, {})


def test_kvk_spends_no_more_than_allowed(httpserver: HTTPServer, tmp_path: Path) -> None:
    """With a cap, each number has its turn."""
    for number in ("00000001", "00000002", "00000003"):
        httpserver.expect_request(f"/v1/basisprofielen/{number}").respond_with_json(profile(number))
    spec = source("kvk", mode="watch", organizations=["00000001", "00000002", "00000003"], max_requests=2)
    first = once(httpserver, tmp_path, spec)
    second = once(httpserver, tmp_path, spec, first.collected.cursor)
    assert [r.identifier[-1] for o in (first, second) for r in o.collected.records] == ["1", "2", "3", "1"]


def signals(server: HTTPServer, *found: dict[str, Any]) -> None:
    """The Mutatieservice: one subscription, one signal a page."""
    server.expect_request("/v1/abonnementen").respond_with_json({"abonnementen": [{"id": "sub-1", "actief": True}]})

    def page(request: Request) -> Response:
        number = int(request.args["pagina"])
        return Response(json.dumps({
            "pagina": number, "totaal": len(found), "totaalPaginas": len(found),
            "signalen": list(found[number - 1 : number]),
        }))  # fmt: skip

    server.expect_request("/v1/abonnementen/sub-1").respond_with_handler(page)


def signal(number: int, kind: str) -> dict[str, Any]:
    """One signal."""
    return {"id": f"id-{number}", "timestamp": "2026-10-05T06:00:00Z", "kvknummer": "01234567", "signaalType": kind}


def test_kvk_signals_are_changes(httpserver: HTTPServer, tmp_path: Path) -> None:
    """All pages are read, typed signals are changes with the new value, and those seen before are not told again."""
    found = (signal(1, "SignaalAdreswijziging_2025_01"), signal(2, "SignaalGewijzigdeInschrijving"))
    signals(httpserver, *found, signal(3, "SignaalBeeindiging_2025_01"))
    httpserver.expect_request("/v1/basisprofielen/01234567").respond_with_json(profile())
    outcome = once(httpserver, tmp_path, source("kvk", mode="changes"))
    assert [(c.field, c.after) for c in outcome.collected.changes] == [
        ("address", "Kade 3B, 4461AB Goes"), ("status", "dissolved"),
    ]  # fmt: skip
    assert len(outcome.collected.records) == 1
    again = once(httpserver, tmp_path, source("kvk", mode="changes"), outcome.collected.cursor)
    assert (again.collected.changes, again.collected.records) == ((), ())
    assert httpserver.log[-1][0].args["vanaf"] == "2026-10-05T07:50:00Z"


def branches(server: HTTPServer, *listed: str) -> None:
    """A company's branches, and the profile of the second one."""
    rows = [{"vestigingsnummer": number, "eersteHandelsnaam": "Havenlicht"} for number in listed]
    server.clear_all_handlers()
    server.expect_request("/v1/basisprofielen/01234567/vestigingen").respond_with_json({"vestigingen": rows})
    place = {
        "type": "bezoekadres",
        "indAfgeschermd": "Nee",
        "straatnaam": "Dok",
        "huisnummer": 1,
        "plaats": "Duinbroek",
    }
    server.expect_request("/v1/vestigingsprofielen/000000000002").respond_with_json({
        "vestigingsnummer": "000000000002", "kvkNummer": "01234567", "eersteHandelsnaam": "Havenlicht Noord",
        "materieleRegistratie": {"datumAanvang": "20261001"}, "totaalWerkzamePersonen": 12, "adressen": [place],
    })  # fmt: skip


def test_kvk_branches_are_a_baseline_and_then_news(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A new branch is a site opening with its profile's place and day, one that is gone a closure; each told once."""
    spec = source("kvk", mode="branches", organizations=["01234567"])
    branches(httpserver, "000000000001")
    first = once(httpserver, tmp_path, spec)
    assert (first.status, first.collected.documents) == ("empty", ())
    branches(httpserver, "000000000001", "000000000002")
    second = once(httpserver, tmp_path, spec, first.collected.cursor)
    (opened,) = second.collected.documents
    assert opened.title == "Havenlicht Noord: nieuwe vestiging in Duinbroek"
    assert (opened.stated[0].type, str(opened.stated[0].event_on)) == ("site_opening", "2026-10-01")
    assert str(opened.stated[0].roles[0].identifier) == "NL-KVK-01234567"
    assert "Werkzame personen: 12" in opened.text
    branches(httpserver, "000000000001")
    third = once(httpserver, tmp_path, spec, second.collected.cursor)
    (closed,) = third.collected.documents
    assert (closed.stated[0].type, closed.title) == ("site_closure", "Havenlicht: vestiging opgeheven in Duinbroek")
    assert once(httpserver, tmp_path, spec, third.collected.cursor).status == "empty"
    assert not list(tmp_path.rglob("*.body.gz"))


def test_kvk_branches_cost_no_more_than_allowed(httpserver: HTTPServer, tmp_path: Path) -> None:
    """What a run cannot pay for is told by the next one."""
    spec = source("kvk", mode="branches", organizations=["01234567"], max_requests=1)
    branches(httpserver, "000000000001")
    first = once(httpserver, tmp_path, spec)
    branches(httpserver, "000000000001", "000000000002")
    second = once(httpserver, tmp_path, spec, first.collected.cursor)
    assert second.collected.documents == ()
    assert second.collected.notes == ("1 organisations are left for the next runs (max_requests)",)
    richer = source("kvk", mode="branches", organizations=["01234567"], max_requests=2)
    assert len(once(httpserver, tmp_path, richer, second.collected.cursor).collected.documents) == 1


def test_kvk_profiles_that_cost_too_much_come_with_the_next_run(httpserver: HTTPServer, tmp_path: Path) -> None:
    """The signals are read to the end; whose profile was not asked for is remembered."""
    more = [signal(n, "SignaalGewijzigdeInschrijving") | {"kvknummer": f"0123456{n}"} for n in (1, 2)]
    signals(httpserver, *more)
    for n in (1, 2):
        httpserver.expect_request(f"/v1/basisprofielen/0123456{n}").respond_with_json(profile(f"0123456{n}"))
    spec = source("kvk", mode="changes", max_requests=1)
    first = once(httpserver, tmp_path, spec)
    assert first.collected.notes == ("1 profiles are left for the next run (max_requests)",)
    second = once(httpserver, tmp_path, spec, first.collected.cursor)
    assert [r.identifier for o in (first, second) for r in o.collected.records] == ["01234561", "01234562"]


def test_kvk_search(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Hits become records with what little they say; branches are left out."""
    address = {"binnenlandsAdres": {"type": "bezoekadres", "straatnaam": "Kade", "plaats": "Goes"}}
    hits = [
        {"kvkNummer": "01234567", "naam": "Havenlicht B.V.", "type": "hoofdvestiging", "adres": address},
        {"kvkNummer": "01234567", "naam": "Havenlicht Zuid", "type": "nevenvestiging"},
    ]
    httpserver.expect_request("/v2/zoeken").respond_with_json({"pagina": 1, "totaal": 2, "resultaten": hits})
    (record,) = once(httpserver, tmp_path, source("kvk", mode="search", query={"plaats": "Goes"})).collected.records
    assert (record.name, record.addresses[0].city) == ("Havenlicht B.V.", "Goes")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("20170710", date(2017, 7, 10)),
        ("20170000", None),
        ("20170700", None),
        ("", None),
        (None, None),
        ("20171399", None),
    ],
)
def test_dutch_days(written: Any, day: date | None) -> None:
    """A date with unknown parts is none."""
    assert day_of(written) == day


# Centraal Insolventieregister

COMPANY = (
    "Uitspraak faillissement op 02 oktober 2026 inzake (F.03/26/900) Havenlicht B.V, corr.adr. Postbus 1 4460AA Goes, "
    "vest.adr. Kade 3 4461AB Goes, KvK: 01234567 hodn Havenlicht. Cur: mr F. Ictief, Postbus 9. RC: mr. R. Bedacht."
)
PERSONS = (
    "Uitspraak faillissement inzake (F.03/26/901) V. Erzonnen, hodn Klussen, geb. Goes 1 januari 1970, KvK: 01234568",
    "Uitspraak schuldsanering inzake (R.03/26/902) Erzonnen Beheer B.V, KvK: 01234569",
    "Uitspraak faillissement inzake (F.03/26/903) V. Erzonnen, woonadr. Kade 9 4461AB Goes, KvK: 01234560",
    "Uitspraak faillissement inzake (F.03/26/904) V. Erzonnen",
)


def day_of_notices(*clusters: tuple[str, tuple[str, ...]]) -> dict[str, Any]:
    """One day of publication."""
    groups = [
        {
            "PublicatieclusterOmschrijving": name,
            "Publicatiesoorten": [{"PublicatiesNaarLocatie": [{"Publicaties": list(notices)}]}],
        }
        for name, notices in clusters
    ]
    court = {"PublicerendeInstantieOmschrijving": "Rechtbank Limburg", "Publicatieclusters": groups}
    return {"Instanties": [court], "Datum": "/Date(1790892000000)/"}


def cir(server: HTTPServer, **days: Any) -> None:
    """The register with these days."""
    server.expect_request("/getAll/").respond_with_json([{"Id": key[1:], "Datum": "/Date(0)/"} for key in days])
    for key, value in days.items():
        server.expect_request(f"/haalOp/{key[1:]}").respond_with_json(value)


def test_cir_keeps_companies_and_drops_persons(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A company's insolvency is stated with its number; no person, curator or raw answer is stored anywhere."""
    day = day_of_notices(("uitspraken faillissement", (COMPANY, *PERSONS)), ("einde faillissementen", (COMPANY,)))
    cir(httpserver, d20261002000000=day, d20261003000000={})
    outcome = once(httpserver, tmp_path, source("cir"))
    (document,) = outcome.collected.documents
    assert document.title == "Havenlicht B.V.: faillissement"
    assert (document.stated[0].type, str(document.identifiers[0])) == ("insolvency", "NL-KVK-01234567")
    assert document.stated[0].roles[0].name in document.title
    assert "Plaats: Goes" in document.text
    assert str(document.stated[0].event_on) == "2026-10-02"
    assert outcome.collected.notes[0].startswith("4 notices about natural persons dropped, 1 about")
    assert not list(tmp_path.rglob("*.body.gz"))
    assert "Erzonnen" not in repr(outcome)
    assert "Ictief" not in repr(outcome)
    again = once(httpserver, tmp_path, source("cir"), outcome.collected.cursor)
    assert (again.status, again.requests) == ("empty", 1)


# TenderNed


def notice(number: int, kind: str = "Aankondiging van een opdracht") -> dict[str, Any]:
    """One notice of the list."""
    return {
        "publicatieId": str(number), "publicatieDatum": "2026-10-04", "aanbestedingNaam": f"Kade {number}",
        "opdrachtgeverNaam": "Gemeente Verzonnen", "typePublicatie": {"code": "AAO", "omschrijving": kind},
        "sluitingsDatum": "2026-11-12T16:00:00", "opdrachtBeschrijving": "Onderhoud van de kade.",
        "link": {"href": f"https://www.tenderned.nl/aankondigingen/overzicht/{number}"},
    }  # fmt: skip


def tenderned(server: HTTPServer, *notices: dict[str, Any]) -> None:
    """The list, a hundred a page."""

    def page(request: Request) -> Response:
        start = int(request.args["page"]) * 100
        pages = -(-len(notices) // 100)
        found = {"content": notices[start : start + 100], "totalElements": len(notices), "totalPages": pages}
        return Response(json.dumps(found))

    server.expect_request("/v2/publicaties").respond_with_handler(page)


def test_tenderned_states_tenders(httpserver: HTTPServer, tmp_path: Path) -> None:
    """All pages are read; the buyer is stated, an award without its winner is not."""
    tenderned(httpserver, *(notice(n) for n in range(149)), notice(900, "Aankondiging gegunde opdracht"))
    outcome = once(httpserver, tmp_path, source("tenderned", "/v2"))
    documents = outcome.collected.documents
    assert len(documents) == 150
    assert documents[0].stated[0].roles[0].name == "Gemeente Verzonnen"
    assert documents[0].stated[0].roles[0].name in documents[0].text
    assert documents[-1].stated == ()
    assert outcome.collected.cursor["state"] == {"day": "2026-10-05"}
    capped = once(httpserver, tmp_path, source("tenderned", "/v2", max_pages=1))
    assert capped.collected.notes == ("read up to 2026-10-03 (max_pages); the next run goes on from there",)
    assert capped.collected.cursor["state"] == {"day": "2026-10-03"}


def test_tenderneds_winners_are_in_the_xml(httpserver: HTTPServer, tmp_path: Path) -> None:
    """With a name and password the award states who won; one whose XML is not there stays as the list has it."""
    gunned = "Aankondiging gegunde opdracht"
    tenderned(httpserver, notice(1), notice(900, gunned), notice(901, gunned))
    result = notice_data.lot("selec-w", "T1") + notice_data.tender("T1", "9000", "P1")
    result += notice_data.party("P1", "ORG-0002")
    people = notice_data.organization("ORG-0001", "Gemeente Verzonnen", country="NLD") + notice_data.organization(
        "ORG-0002", "Kadebouw Fictief B.V.", country="NLD"
    )
    xml = notice_data.award(result=result, organizations=people, subject="Kade")
    login = {"authorization": "Basic YS1rZXk6"}  # "a-key:"
    httpserver.expect_request("/v2/publicaties/900/public-xml", headers=login).respond_with_data(xml)
    outcome = once(httpserver, tmp_path, source("tenderned", "/v2", max_xml=5))
    tender, award, other = outcome.collected.documents
    assert (tender.stated[0].type, award.stated[0].type, other.stated) == ("tender", "contract_award", ())
    assert award.stated[0].roles[0].name == "Kadebouw Fictief B.V."
    assert (award.key, award.publisher) == ("900", "TenderNed")
    assert outcome.collected.notes[0].startswith("901: read without its XML: http_")


def test_kinds_of_notices() -> None:
    """Announced, planned, cancelled, or something else."""
    kinds = (
        "Aankondiging van een opdracht",
        "Vooraankondiging",
        "Vroegtijdige beëindiging",
        "Rectificatie aankondiging",
    )
    assert [modality_of(kind) for kind in kinds] == ["announced", "planned", "cancelled", ""]


# SRU

SRU = "http://docs.oasis-open.org/ns/search-ws/sruResponse"


FAULT = (
    f"<searchRetrieveResponse xmlns='{SRU}'><diagnostics><diagnostic><message>mismatched input</message></diagnostic>"
    "</diagnostics></searchRetrieveResponse>"
)


def publications(*numbers: int) -> bytes:
    """An answer of the service."""
    found = "".join(
        f"<s:record><s:recordData><g:gzd xmlns:g='http://standaarden.overheid.nl/sru'>"
        f"<d:identifier>gmb-2026-{n}</d:identifier><d:title>Vergunning Kade {n}</d:title>"
        "<d:type>omgevingsvergunning</d:type><d:creator>Verzonnen</d:creator><d:available>2026-10-04</d:available>"
        f"<g:preferredUrl>https://zoek.example/gmb-{n}.html</g:preferredUrl></g:gzd></s:recordData></s:record>"
        for n in numbers
    )
    head = f"<s:searchRetrieveResponse xmlns:s='{SRU}' xmlns:d='http://purl.org/dc/terms/'>"
    return f"{head}<s:records>{found}</s:records></s:searchRetrieveResponse>".encode()


def test_sru_pages_to_the_end(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Publications become documents, page after page, from the day of the last run on."""

    def page(request: Request) -> Response:
        start = int(request.args["startRecord"])
        return Response(publications(*range(start, min(start + 100, 151))))

    httpserver.expect_request("/sru").respond_with_handler(page)
    spec = source("sru", "/sru", query='dt.creator="Verzonnen"')
    outcome = once(httpserver, tmp_path, spec, {"state": {"day": "2026-10-03"}})
    assert len(outcome.collected.documents) == 150
    assert outcome.collected.documents[0].title == "Vergunning Kade 1"
    assert httpserver.log[0][0].args["query"] == '(dt.creator="Verzonnen") and dt.modified>=2026-10-03'
    assert outcome.collected.cursor["state"] == {"day": "2026-10-05"}


def test_sru_reads_day_by_day_what_is_more_than_a_run_takes(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A cap ends at a day and is said; the next run goes on with the day after."""
    days = {1: "2026-10-03", 2: "2026-10-03", 3: "2026-10-03", 4: "2026-10-04", 5: "2026-10-05"}

    def page(request: Request) -> Response:
        bounds = request.args["query"].split("dt.modified")[1:]
        first, end = bounds[0][2:12], bounds[1][1:11] if len(bounds) > 1 else "9"
        hits = [n for n, day in days.items() if first <= day < end]
        start = int(request.args["startRecord"]) - 1
        return Response(publications(*hits[start : start + 2]))

    httpserver.expect_request("/sru").respond_with_handler(page)
    spec = source("sru", "/sru", query="x", page_size=2, max_records=2)
    first = once(httpserver, tmp_path, spec, {"state": {"day": "2026-10-03"}})
    assert len(first.collected.documents) >= 3
    assert first.collected.cursor["state"] == {"day": "2026-10-04"}
    assert first.collected.notes == ("read up to 2026-10-04 (max_records); the next run goes on from there",)
    second = once(httpserver, tmp_path, spec, first.collected.cursor)
    assert {d.key for o in (first, second) for d in o.collected.documents} == {f"gmb-2026-{n}" for n in days}


@pytest.mark.parametrize(
    "body",
    [
        f"<r xmlns='{SRU}'/>",
        FAULT,
        "<html><body>Onderhoud</body></html>", "", "niet bereikbaar", "<a>",
    ],
)  # fmt: skip
def test_sru_that_finds_fault_is_malformed(httpserver: HTTPServer, tmp_path: Path, body: str) -> None:
    """Diagnostics inside a 200, and everything that is no answer, move no cursor."""
    httpserver.expect_request("/sru").respond_with_data(body)
    outcome = once(httpserver, tmp_path, source("sru", "/sru", query="x"), {"state": {"day": "2026-10-03"}})
    assert (outcome.status, outcome.collected.cursor) == ("malformed", {"state": {"day": "2026-10-03"}})


def test_sru_expands_no_entities() -> None:
    """An answer with entities of its own is read without them."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    assert read_sru(bomb, {}).problem


def test_the_same_page_for_ever_ends(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A service that always sends its first page, and says that there are a million, is asked a few times a day."""
    rows = [notice(n) for n in range(100)]
    found = {"content": rows, "totalElements": 10**8, "totalPages": 10**6}
    httpserver.expect_request("/v2/publicaties").respond_with_json(found)
    httpserver.expect_request("/sru").respond_with_data(publications(*range(1, 101)))
    cursor = {"state": {"day": "2026-10-03"}}
    tenders = once(httpserver, tmp_path, source("tenderned", "/v2"), cursor)
    permits = once(httpserver, tmp_path, source("sru", "/sru", query="a", max_records=300), cursor)
    for outcome in (tenders, permits):
        assert (outcome.status, len(outcome.collected.documents)) == ("ok", 100)
        assert outcome.requests <= 4 * 4
