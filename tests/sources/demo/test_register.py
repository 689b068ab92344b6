"""The demo register answers as the Norwegian register does, and its feeds tell what changed."""

import copy
import gzip
import itertools
import json

import pytest

from salestrigger.sources.demo import DAYS, DemoMarket
from salestrigger.sources.demo.changes import changes, codes, operations
from salestrigger.sources.demo.growth import Growth
from salestrigger.sources.demo.market import register_answer
from salestrigger.sources.demo.organisations import organisations
from salestrigger.sources.demo.register import apply
from salestrigger.sources.demo.register_api import BadQueryError, RegisterApi
from salestrigger.sources.demo.timeline import FIRST_DAY

PREFIX = "/enhetsregisteret/api"


def api(day, size=0):
    return RegisterApi(day, Growth(size))


def ask(day, path, **query):
    answer = register_answer(api(day), PREFIX + path, {key: str(value) for key, value in query.items()})
    return answer.status, json.loads(answer.body) if answer.body else None


def number(key):
    return organisations()[key].number


def test_a_search_has_the_registers_envelope():
    """Units under _embedded, links for the pages, counts in page."""
    status, page = ask(1, "/enheter", size=50, page=1)
    assert status == 200
    assert len(page["_embedded"]["enheter"]) == 50
    assert set(page["_links"]) == {"first", "self", "next", "last"}
    assert page["page"] == {"size": 50, "totalElements": 125, "totalPages": 3, "number": 1}


def test_a_search_that_finds_nothing_has_no_embedded():
    """The real register leaves the key out."""
    status, page = ask(1, "/enheter", navn="finnesikke")
    assert status == 200
    assert "_embedded" not in page
    assert page["page"]["totalElements"] == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"organisasjonsnummer": "800000106,800000009"}, {"TINDRAKER ELEKTRO AS", "SKODDFJELL ENTREPRENØR AS"}),
        ({"navn": "rimstad"}, {"RIMSTAD BYGG AS", "RIMSTAD BYGG VEST AS"}),
        ({"organisasjonsform": "KF"}, {"ØSTBRYGGA PARKERING KF"}),
        ({"kommunenummer": "3316"}, {"VINDHARPE BRYGGERI AS", "IDAR TROLLBÆRMO SNEKKERSERVICE"}),
        ({"naeringskode": "25.620"}, {"BJØRGTIND PRESISJON AS"}),
        ({"fraAntallAnsatte": "300"}, {"VESTADUR REDERI AS", "FJELLREV SPORT ASA"}),
        ({"konkurs": "true"}, {"FONNLAND TAK AS", "BLÅHAMMER INDUSTRIMALING AS", "HALDVIK VERFT AS"}),
        ({"fraRegistreringsdatoEnhetsregisteret": "2026-01-01"}, {"NYFOT BYGG AS"}),
    ],
)
def test_searches_narrow(query, found):
    """Each parameter of the register narrows by what it says."""
    _, page = ask(1, "/enheter", size=100, **query)
    assert {unit["navn"] for unit in page["_embedded"]["enheter"]} == found


def test_paging_beyond_the_window_is_refused():
    """size × (page + 1) may not exceed 10 000."""
    status, error = ask(1, "/enheter", size=1000, page=10)
    assert status == 400
    assert "10000" in error["feilmelding"]


def test_one_unit_is_found_unknown_removed_or_deleted():
    """200, 404, 410 with nothing in it, and a deleted unit that is almost empty."""
    assert ask(5, f"/enheter/{number('skoddfjell')}")[1]["navn"] == "SKODDFJELL ENTREPRENØR AS"
    assert ask(5, "/enheter/999999999")[0] == 404
    assert ask(4, f"/enheter/{number('tre-soestre')}")[0] == 200
    assert ask(5, f"/enheter/{number('tre-soestre')}") == (410, None)
    deleted = ask(11, f"/enheter/{number('gullfaks')}")[1]
    assert deleted["respons_klasse"] == "SlettetEnhet"
    assert deleted["slettedato"] == "2026-09-17"


def test_a_unit_does_not_exist_before_it_is_registered():
    """A new company appears on its day, in search and alone."""
    assert ask(8, f"/enheter/{number('gryvoll')}")[0] == 404
    assert ask(9, f"/enheter/{number('gryvoll')}")[0] == 200
    assert "_embedded" not in ask(8, "/enheter", organisasjonsnummer=number("gryvoll"))[1]


def test_employees_below_five_are_withheld():
    """The number is absent, whether or not some are registered."""
    withheld = [org for org in organisations().values() if org.country == "NO" and org.employees is None]
    units = [ask(1, f"/enheter/{org.number}")[1] for org in withheld]
    assert all("antallAnsatte" not in unit for unit in units)
    assert {unit["harRegistrertAntallAnsatte"] for unit in units} == {True, False}


def test_the_feed_explains_every_difference_between_two_days():
    """Applying the patches of the feed to yesterday's documents gives today's, for everybody and every day."""
    known = {}
    for day in range(FIRST_DAY, DAYS + 1):
        for event in (
            api(day)
            .updates({"size": "10000", "includeChanges": "true"})
            .get("_embedded", {})
            .get("oppdaterteEnheter", [])
        ):
            if event["dato"][:10] == _date(day) and event["organisasjonsnummer"] in known:
                patch = [(row["op"], row["path"], row["value"]) for row in event.get("endringer", ())]
                apply(known[event["organisasjonsnummer"]], patch)
        today = {u["organisasjonsnummer"]: u for u in api(day).bulk()}
        for key in known.keys() & today.keys():
            assert known[key] == today[key], day
        known = copy.deepcopy(today)


def _date(day):
    from salestrigger.sources.demo.timeline import date_of

    return date_of(day).isoformat()


def test_the_update_id_is_inclusive_and_the_date_needs_its_z():
    """Asking from the last id gives that event again; a bare date is refused."""
    _, page = ask(3, "/oppdateringer/enheter", size=100)
    ids = [event["oppdateringsid"] for event in page["_embedded"]["oppdaterteEnheter"]]
    assert ids == sorted(set(ids))
    assert max(b - a for a, b in itertools.pairwise(ids)) > 1
    _, again = ask(3, "/oppdateringer/enheter", oppdateringsid=ids[-1])
    assert [event["oppdateringsid"] for event in again["_embedded"]["oppdaterteEnheter"]] == ids[-1:]
    assert ask(3, "/oppdateringer/enheter", dato="2026-09-08")[0] == 400
    _, since = ask(3, "/oppdateringer/enheter", dato="2026-09-09T00:00:00.000Z", size=100)
    assert {event["dato"][:10] for event in since["_embedded"]["oppdaterteEnheter"]} == {"2026-09-09"}
    assert "_embedded" not in ask(3, "/oppdateringer/enheter", oppdateringsid=ids[-1] + 1)[1]


def test_changes_come_only_when_asked_for_and_only_on_changes():
    """A new or removed unit has no patch; a removed one not even a link."""
    _, plain = ask(5, "/oppdateringer/enheter", size=100)
    assert not any("endringer" in event for event in plain["_embedded"]["oppdaterteEnheter"])
    _, full = ask(5, "/oppdateringer/enheter", size=100, includeChanges="true")
    kinds = {event["endringstype"]: event for event in full["_embedded"]["oppdaterteEnheter"]}
    assert set(kinds) == {"Ny", "Endring", "Fjernet"}
    assert kinds["Endring"]["endringer"]
    assert "endringer" not in kinds["Ny"]
    assert "_links" not in kinds["Fjernet"]


def test_the_feed_can_be_sorted_narrowed_and_paged():
    """Newest first, one organisation, two to a page."""
    _, newest = ask(9, "/oppdateringer/enheter", size=3, sort="id,DESC")
    ids = [event["oppdateringsid"] for event in newest["_embedded"]["oppdaterteEnheter"]]
    assert ids == sorted(ids, reverse=True)
    _, one = ask(9, "/oppdateringer/enheter", organisasjonsnummer=number("kvernsund"), size=50)
    assert {event["organisasjonsnummer"] for event in one["_embedded"]["oppdaterteEnheter"]} == {number("kvernsund")}
    _, second = ask(9, "/oppdateringer/enheter", size=2, page=1)
    assert len(second["_embedded"]["oppdaterteEnheter"]) == 2


def test_the_role_feed_says_that_and_the_roles_say_what():
    """afterId is exclusive; the new managing director stands in the unit's roles from that day on."""
    _, events = ask(1, "/oppdateringer/roller")
    assert [event["data"]["organisasjonsnummer"] for event in events] == [number("duggheim")]
    assert ask(1, "/oppdateringer/roller", afterId=events[-1]["id"])[1] == []
    _, after = ask(4, "/oppdateringer/roller", afterId=events[-1]["id"], size=1)
    assert len(after) == 1
    before = ask(3, f"/enheter/{number('tindraker')}/roller")[1]["rollegrupper"][0]
    now = ask(4, f"/enheter/{number('tindraker')}/roller")[1]["rollegrupper"][0]
    assert before["type"]["kode"] == now["type"]["kode"] == "DAGL"
    assert now["roller"][0]["person"]["navn"] == {"fornavn": "Vilde", "etternavn": "Snøklokkeng"}
    assert now["sistEndret"] == "2026-09-10"
    assert before["roller"][0]["person"]["navn"] != now["roller"][0]["person"]["navn"]


def test_every_kind_of_change_is_in_the_market():
    """Bankruptcy to mass recoding: what the register can tell, it tells once at least."""
    kinds = {change.kind for change in changes()}
    assert kinds >= {
        "bankruptcy", "reconstruction", "forced_dissolution", "winding_up", "deleted", "removed", "move", "street",
        "postal", "rename", "headcount", "industry", "capital", "accounts", "website", "manager", "chair", "created",
    }  # fmt: skip


def test_the_recoding_changes_codes_and_nothing_else():
    """On its day dozens of units carry a new code for the same trade, and no other path is touched."""
    day = codes().recoding_day
    recoded = [change for change in changes() if change.day == day and change.data.get("recoding")]
    assert len(recoded) >= 40
    for change in recoded:
        unit = api(day - 1).document(organisations()[change.org])
        paths = {path for _, path, _ in operations(change, unit)}
        assert paths == {"/naeringskode1/kode", "/naeringskode1/beskrivelse"}
        assert unit["naeringskode1"]["kode"] == codes().recoded[change.data["code"]]


def test_a_rename_keeps_the_former_name():
    """The old name moves to the historical names with its period."""
    unit = ask(2, f"/enheter/{number('aurlysning')}")[1]
    assert unit["navn"] == "AURLYS ENERGI AS"
    assert unit["historiskeNavn"][-1]["navn"] == "AURLYSNING SOLKRAFT AS"
    assert unit["historiskeNavn"][-1]["tilDato"].startswith("2026-09-08")


def test_the_bulk_file_holds_every_unit_of_the_day():
    """A gzip file of a JSON array, as the register gives it."""
    answer = register_answer(api(1), f"{PREFIX}/enheter/lastned", {})
    units = json.loads(gzip.decompress(answer.body))
    assert len(units) == 125
    assert "last-modified" in answer.headers


def test_a_grown_register_serves_pages_places_and_changes():
    """A search by municipality and the change feed of a large register are arithmetic, not a scan."""
    large = api(2, size=300_000)
    page = large.search({"size": "500", "page": "2"})
    assert len(page["_embedded"]["enheter"]) == 500
    assert page["page"]["totalElements"] == 300_125
    oslo = large.search({"kommunenummer": "0301", "size": "20", "page": "100"})
    assert {unit["forretningsadresse"]["kommunenummer"] for unit in oslo["_embedded"]["enheter"]} == {"0301"}
    feed = large.updates({"dato": "2026-09-08T00:00:00.000Z", "size": "200", "includeChanges": "true"})
    events = feed["_embedded"]["oppdaterteEnheter"]
    assert len(events) == 200
    grown = [e for e in events if large.growth.index_of(e["organisasjonsnummer"]) is not None]
    assert grown
    unit = large.unit(grown[0]["organisasjonsnummer"])[1]
    assert unit["antallAnsatte"] == next(r["value"] for r in grown[0]["endringer"] if r["path"] == "/antallAnsatte")


@pytest.mark.parametrize("query", [{"size": "-1"}, {"size": "x"}, {"page": "１"}, {"fraAntallAnsatte": "many"}])
def test_nonsense_is_a_bad_query(query):
    """A number that is none is refused, not guessed."""
    with pytest.raises(BadQueryError):
        api(1).search(query)


def test_the_market_answers_for_the_register_too():
    """The market sends the register's host where it belongs."""
    answer = DemoMarket.build().answer(1, "register.demo.example", f"{PREFIX}/enheter?size=1&navn=rast%20asa")
    assert json.loads(answer.body)["_embedded"]["enheter"][0]["navn"] == "RAST ASA"
