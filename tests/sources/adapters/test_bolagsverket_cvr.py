"""The Swedish and the Danish register, with invented companies in the true shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from salestrigger.sources.collect import SourceOutcome, collect_all
from salestrigger.sources.http import FetchPolicy, Local
from tests.sources.adapters.running import NOW, spec_of


def run(server: HTTPServer, tmp_path: Path, spec: Any, **cursors: Any) -> SourceOutcome:
    """The outcome, with the user's key."""
    policy = FetchPolicy(default_pace_s=0.0, retries=0, deadline_s=10.0, keys={spec.id: "user:pass-word"})
    route = Local({"news.example": (server.host, server.port)})
    (outcome,) = collect_all([spec], cursors, policy=policy, route=route, raw_root=tmp_path / "raw", now=NOW)
    return outcome


def organisation(**blocks: Any) -> dict[str, Any]:
    """One organisation with all its blocks well."""
    return {
        "organisationsidentitet": {"identitetsbeteckning": "5560004615"},
        "organisationsnamn": {
            "fel": None,
            "organisationsnamnLista": [
                {"namn": "Moped", "organisationsnamntyp": {"kod": "SARSKILT_FORETAGSNAMN"}},
                {
                    "namn": "Fjällmark AB",
                    "organisationsnamntyp": {"kod": "FORETAGSNAMN"},
                    "registreringsdatum": "2026-09-20",
                },
            ],
        },
        "organisationsform": {"kod": "AB", "fel": None},
        "reklamsparr": {"kod": "JA", "fel": None},
        "naringsgrenOrganisation": {"fel": None, "sni": [{"kod": "47642"}, {"kod": "00000"}, {"kod": "     "}]},
        "organisationsdatum": {"registreringsdatum": "2000-01-23", "fel": None},
        "postadressOrganisation": {
            "fel": None,
            "postadress": {
                "utdelningsadress": "Storgatan 1",
                "postnummer": "12345",
                "postort": "UMEÅ",
                "land": "Sverige",
            },
        },
        "avregistreradOrganisation": {"avregistreringsdatum": None, "fel": None},
        "pagandeAvvecklingsEllerOmstruktureringsforfarande": {
            "fel": None,
            "pagandeAvvecklingsEllerOmstruktureringsforfarandeLista": [{"kod": "KK", "fromDatum": "2026-10-01"}],
        },
    } | blocks


def bolagsverket(**options: Any) -> Any:
    """The source."""
    token = "http://news.example/oauth2/token"
    values = {"organizations": ["556000-4615"], "token_url": token, **options}
    return spec_of(
        "blv", adapter="bolagsverket", url="http://news.example/v1", size="api", key_env="BLV", options=values
    )


def test_a_swedish_company(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Legal name first, marketing block carried, bankruptcy with its day; the token is asked once and not kept."""
    httpserver.expect_request("/oauth2/token", method="POST").respond_with_json({"access_token": "abc.def-very-secret"})
    httpserver.expect_request(
        "/v1/organisationer", headers={"authorization": "Bearer abc.def-very-secret"}
    ).respond_with_json({"organisationer": [organisation()]})
    outcome = run(httpserver, tmp_path, bolagsverket())
    (record,) = outcome.collected.records
    assert (record.record_id, record.name, record.marketing_block) == ("SE-BLV-5560004615", "Fjällmark AB", True)
    assert [str(i.code) for i in record.industries] == ["47642"]
    assert (record.status, str(record.status_on)) == ("bankrupt", "2026-10-01")
    assert {c.field for c in outcome.collected.changes} == {"name", "status"}
    stored = b"".join(p.read_bytes() for p in (tmp_path / "raw").rglob("*") if p.is_file())
    assert b"very-secret" not in stored


def test_a_block_that_its_producer_could_not_give_is_unknown(httpserver: HTTPServer, tmp_path: Path) -> None:
    """It is noted and told as unknown, never as "no"; without a name there is no record; 404 is "not there"."""
    failed = {"fel": {"typ": "OTILLGANGLIG_UPPGIFTSKALLA", "felBeskrivning": "x"}}
    httpserver.expect_request("/oauth2/token").respond_with_json({"access_token": "abcdef"})
    rows = [
        organisation(
            reklamsparr={**failed, "kod": None},
            avregistreradOrganisation={**failed, "avregistreringsdatum": None},
            pagandeAvvecklingsEllerOmstruktureringsforfarande=failed,
        )
    ]
    httpserver.expect_oneshot_request("/v1/organisationer").respond_with_json({"organisationer": rows})
    httpserver.expect_oneshot_request("/v1/organisationer").respond_with_json(
        {"organisationer": [organisation(organisationsnamn={**failed, "organisationsnamnLista": None})]}
    )
    httpserver.expect_oneshot_request("/v1/organisationer").respond_with_json({"status": 404}, status=404)
    outcome = run(httpserver, tmp_path, bolagsverket(organizations=["5560004615", "5560125790", "5567037485"]))
    (record,) = outcome.collected.records
    assert (record.marketing_block, record.status) == (None, None)
    assert outcome.collected.notes[0].startswith("5560004615: not told by its producer: reklamsparr")
    assert [reason for _, reason in outcome.collected.set_aside] == [
        "a record without a number or a name",
        "not in the register",
    ]


def test_a_refused_login(httpserver: HTTPServer, tmp_path: Path) -> None:
    """A token that is not given is a refusal."""
    httpserver.expect_request("/oauth2/token").respond_with_json({"error": "invalid_client"}, status=401)
    assert run(httpserver, tmp_path, bolagsverket()).status == "refused"


def danish(number: int, name: str, **values: Any) -> dict[str, Any]:
    """One hit of the index."""
    period = {"gyldigFra": "2001-01-01", "gyldigTil": None}
    newest = {
        "nyesteNavn": {"navn": name},
        "sammensatStatus": "NORMAL",
        "stiftelsesDato": "2001-01-01",
        "nyesteVirksomhedsform": {"kortBeskrivelse": "APS"},
        "nyesteHovedbranche": {"branchekode": "325000"},
        "nyesteErstMaanedsbeskaeftigelse": {"aar": 2026, "maaned": 8, "intervalKodeAntalAnsatte": "ANTAL_2_4"},
        "nyesteBeliggenhedsadresse": {
            "vejnavn": "Hovedgaden",
            "husnummerFra": 12,
            "bogstavFra": "A",
            "etage": "2",
            "sidedoer": "tv",
            "postnummer": 800,
            "postdistrikt": "Høje Taastrup",
            "kommune": {"kommuneKode": 169, "kommuneNavn": "HØJE-TAASTRUP"},
        },
    } | values.pop("newest", {})
    company = {
        "cvrNummer": number,
        "reklamebeskyttet": True,
        "virksomhedMetadata": newest,
        "livsforloeb": [{"periode": period}],
    }
    return {"_id": str(number), "_source": {"Vrvirksomhed": company | values}, "sort": [number]}


def cvr(**options: Any) -> Any:
    """The source."""
    return spec_of("cvr", adapter="cvr", url="http://news.example/_search", size="api", key_env="CVR", options=options)


def test_a_danish_company(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Numbers are strings, employees a band, no marketing is carried, periods of the last weeks are news."""
    hit = danish(
        10150817,
        "Fjordmark ApS",
        newest={"sammensatStatus": "UNDERKONKURS"},
        navne=[
            {"navn": "Fjord ApS", "periode": {"gyldigFra": "2001-01-01", "gyldigTil": "2026-09-29"}},
            {"navn": "Fjordmark ApS", "periode": {"gyldigFra": "2026-09-30", "gyldigTil": None}},
        ],
        virksomhedsstatus=[{"status": "UNDER KONKURS", "periode": {"gyldigFra": "2026-10-01", "gyldigTil": None}}],
    )
    httpserver.expect_request("/_search", method="POST").respond_with_json({"hits": {"hits": [hit]}})
    outcome = run(httpserver, tmp_path, cvr(mode="watch", organizations=["10150817"]))
    (record,) = outcome.collected.records
    assert (record.record_id, record.legal_form, record.marketing_block) == ("DK-CVR-10150817", "APS", True)
    assert (record.employees.low, record.employees.high) == (2, 4) if record.employees else False
    assert (record.addresses[0].lines, record.addresses[0].postcode) == (("Hovedgaden 12A, 2. tv",), "0800")
    assert record.addresses[0].municipality_code == "0169"
    assert record.status == "bankrupt"
    told = {c.field: c for c in outcome.collected.changes}
    assert (told["name"].before, told["status"].details["kind"]) == ("Fjord ApS", "konkurs")


def test_changes_page_by_number_and_go_on(httpserver: HTTPServer, tmp_path: Path) -> None:
    """Pages follow the last number; sole proprietors are left out; the next run asks since this one began."""
    hits = [danish(10150817 + n, f"Fjord {n} ApS") for n in range(5)]
    hits[2]["_source"]["Vrvirksomhed"]["virksomhedMetadata"]["nyesteVirksomhedsform"] = {"kortBeskrivelse": "ENK"}
    asked: list[dict[str, Any]] = []

    def search(request: Request) -> Response:
        body = json.loads(request.data)
        asked.append(body)
        after = body.get("search_after", [0])[0]
        page = [hit for hit in hits if hit["sort"][0] > after][: body["size"]]
        return Response(json.dumps({"hits": {"hits": page}}))

    httpserver.expect_request("/_search").respond_with_handler(search)
    outcome = run(httpserver, tmp_path, cvr(mode="changed", page_size=2))
    assert (len(outcome.collected.records), len(asked)) == (4, 3)
    assert (
        asked[0]["query"]["bool"]["filter"][0]["range"]["Vrvirksomhed.sidstOpdateret"]["gte"]
        == "2026-10-03T08:00:00.000Z"
    )
    assert all("deltagerRelation" not in field for field in asked[0]["_source"])
    assert outcome.collected.cursor["state"]["since"] == "2026-10-05T08:00:00+00:00"
    capped = run(httpserver, tmp_path, cvr(mode="changed", page_size=2, max_companies=2))
    assert capped.collected.cursor["state"]["after"] == [10150818]
    rest = run(httpserver, tmp_path, cvr(mode="changed", page_size=2), cvr=capped.collected.cursor)
    assert {r.identifier for r in (*capped.collected.records, *rest.collected.records)} == {
        r.identifier for r in outcome.collected.records
    }


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ('{"error": "x"}', 200, "malformed"),
        ('{"timed_out": true, "hits": {"hits": []}}', 200, "malformed"),
        ("no", 401, "refused"),
        ('{"hits": {"hits": []}}', 200, "empty"),
    ],
)
def test_what_is_no_answer(httpserver: HTTPServer, tmp_path: Path, body: str, status: int, expected: str) -> None:
    """An incomplete search is no answer."""
    httpserver.expect_request("/_search").respond_with_data(body, status=status)
    assert run(httpserver, tmp_path, cvr(mode="changed")).status == expected
