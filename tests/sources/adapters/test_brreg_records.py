"""Entities of the Norwegian register as records, and what changed as changes: pure functions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pytest

from salestrigger.sources.adapters.brreg_changes import changes_of_entity, changes_of_update
from salestrigger.sources.adapters.brreg_feed import Update, read_patches, read_role_events, read_updates
from salestrigger.sources.adapters.brreg_maker import Maker
from salestrigger.sources.adapters.brreg_records import record_of
from salestrigger.sources.adapters.brreg_roles import changes_of_roles
from salestrigger.sources.adapters.brreg_yield import mark_recoding
from salestrigger.sources.errors import ShapeError
from salestrigger.sources.records import Headcount, Identifier, IndustryCode, OrgChange, OrgRecord
from tests.sources.adapters.brreg_data import deleted, entity, event, feed_page, put, role, roles
from tests.sources.adapters.running import NOW

MAKER = Maker("register", NOW)
NUMBER = "999000101"


def record(**values: Any) -> OrgRecord:
    """The entity with these values as a record."""
    found = record_of(entity(**values), source_id="register", fetched_at=NOW)
    assert found is not None
    return found


def update_of(*changes: Any, kind: str = "Endring", number: int = 7) -> Update:
    """A feed event with this patch."""
    (update,), aside = read_updates(feed_page(event(number, NUMBER, kind, list(changes))), "u")
    assert aside == ()
    return update


def patched(*changes: Any, of: dict[str, Any] | None = None, kind: str = "Endring") -> tuple[OrgChange, ...]:
    """The changes of a feed event, with the entity as it is now."""
    return changes_of_update(update_of(*changes, kind=kind), entity() if of is None else of, MAKER)


def test_a_record_has_what_the_register_says() -> None:
    """Names, form, address, industry with its code set, headcount with its day, website with a scheme."""
    found = record(
        overordnetEnhet="999000199", historiskeNavn=[{"navn": "GAMMELT AS", "tilDato": "2020-01-02 10:11:12"}]
    )
    assert found.record_id == "NO-BRC-999000101"
    assert [(name.text, name.kind) for name in found.names] == [
        ("FJELLMØRK DRIFT AS", "legal"),
        ("GAMMELT AS", "former"),
    ]
    assert found.names[1].valid_to == date(2020, 1, 2)
    assert found.industries == (IndustryCode("41.000", "SN2025"),)
    assert found.employees == Headcount(42, 42, date(2026, 9, 14))
    assert found.addresses[0].lines == ("Oppdiktet vei 1",)
    assert (found.addresses[0].city, found.addresses[0].municipality_code) == ("FLATÅSEN", "5001")
    assert found.website == "https://www.fjellmork.example/"
    assert found.parent == Identifier("NO-BRC", "999000199")
    assert found.description == "Bygg- og anleggsvirksomhet og alt som hører til."
    assert (found.status, found.legal_form, found.country) == ("active", "AS", "NO")
    assert (found.founded_on, found.registered_on) == (date(2012, 2, 1), date(2012, 3, 1))


def test_what_is_personal_is_not_taken() -> None:
    """E-mail and telephone numbers are nowhere in a record."""
    assert "post@" not in str(asdict(record()))
    assert "000 00" not in str(asdict(record()))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"antallAnsatte": None, "harRegistrertAntallAnsatte": True}, (0, 4)),
        ({"antallAnsatte": None, "harRegistrertAntallAnsatte": False}, None),
        ({"antallAnsatte": None, "harRegistrertAntallAnsatte": None}, None),
        ({"antallAnsatte": 0}, (0, 0)),
        ({"antallAnsatte": "many", "harRegistrertAntallAnsatte": None}, None),
    ],
)
def test_withheld_is_not_unknown(values: dict[str, Any], expected: tuple[int, int] | None) -> None:
    """One to four employees are withheld, which is a range; nothing stated is unknown."""
    found = record(**values).employees
    assert (None if found is None else (found.low, found.high)) == expected


@pytest.mark.parametrize(
    ("values", "status", "since"),
    [
        ({"konkurs": True, "konkursdato": "2026-08-26"}, "bankrupt", date(2026, 8, 26)),
        ({"konkurs": True}, "bankrupt", None),
        ({"konkursdato": ""}, "active", None),
        ({"konkurs": False, "konkursdato": "2019-01-01"}, "active", None),
        ({"underAvvikling": True, "underAvviklingDato": "2026-09-01"}, "winding_up", date(2026, 9, 1)),
        (
            {"underTvangsavviklingEllerTvangsopplosning": True, "tvangsopplostPgaManglendeRegnskapDato": "2026-06-04"},
            "winding_up",
            date(2026, 6, 4),
        ),
        ({"underRekonstruksjonsforhandlingDato": "2026-09-02"}, "restructuring", date(2026, 9, 2)),
    ],
)
def test_status_is_the_gravest_that_holds(values: dict[str, Any], status: str, since: date | None) -> None:
    """The status and since when; reconstruction has a date and no flag."""
    found = record(**values)
    assert (found.status, found.status_on) == (status, since)


def test_deleted_entities_and_sole_proprietors_are_marked() -> None:
    """A deleted entity is dissolved; an ENK bears a person's name."""
    gone = record_of(deleted(), source_id="register", fetched_at=NOW)
    assert gone is not None
    assert (gone.status, gone.status_on) == ("dissolved", date(2026, 9, 15))
    assert record(organisasjonsform={"kode": "ENK"}).is_sole_proprietor
    assert not record().is_sole_proprietor


def test_unstated_industry_is_none() -> None:
    """00.000 means that nothing is stated."""
    assert record(naeringskode1={"kode": "00.000"}).industries == ()


@pytest.mark.parametrize("broken", [{}, {"organisasjonsnummer": "12", "navn": "X"}, {"organisasjonsnummer": 999000101}])
def test_an_entity_without_identity_is_no_record(broken: dict[str, Any]) -> None:
    """Without nine digits and a name there is nothing to be known by."""
    assert record_of(broken, source_id="register", fetched_at=NOW) is None


def test_odd_types_lose_a_field_not_the_run() -> None:
    """A field of another type than documented is unknown."""
    found = record(forretningsadresse="x", historiskeNavn="x", naeringskode1="x", aktivitet=3, hjemmeside=["x"])
    assert (found.addresses, len(found.names), found.industries, found.website) == ((), 1, (), None)


def test_dated_fields_are_news_within_the_window() -> None:
    """The register dates a bankruptcy itself, so it is news at first sight, and not when it is old."""
    (change,) = changes_of_entity(NUMBER, entity(konkurs=True, konkursdato="2026-08-26"), MAKER)
    assert (change.field, change.after, change.effective_on) == ("status", "bankrupt", date(2026, 8, 26))
    assert change.details == {"kind": "konkurs"}
    assert change.url == "https://virksomhet.brreg.no/nb/oppslag/enheter/999000101"
    assert change.published_at == datetime(2026, 8, 26, 10, tzinfo=UTC), "noon in Oslo: the same day everywhere"
    assert changes_of_entity(NUMBER, entity(konkurs=True, konkursdato="2026-06-26"), MAKER) == ()


def test_a_recent_incorporation_is_news_and_its_set_up_is_not() -> None:
    """A new organisation is one change, whatever else its registration dated."""
    new = entity(registreringsdatoEnhetsregisteret="2026-09-20", underAvviklingDato="2026-09-20", underAvvikling=True)
    (change,) = changes_of_entity(NUMBER, new, MAKER)
    assert (change.field, change.effective_on) == ("created", date(2026, 9, 20))


def test_former_names_tell_of_renames() -> None:
    """The name that followed is the new one."""
    history = [
        {"navn": "ANDRE AS", "fraDato": "2026-08-01 10:00:00", "tilDato": "2026-09-01 12:29:08"},
        {"navn": "FØRSTE AS", "fraDato": "2012-03-01 10:00:00", "tilDato": "2026-08-01 10:00:00"},
    ]
    first, second = changes_of_entity(NUMBER, entity(historiskeNavn=history), MAKER)
    assert (first.before, first.after) == ("FØRSTE AS", "ANDRE AS")
    assert (second.before, second.after, second.effective_on) == ("ANDRE AS", "FJELLMØRK DRIFT AS", date(2026, 9, 1))


@pytest.mark.parametrize(
    ("changes", "now"),
    [
        ([put("/konkurs", True)], entity(konkurs=True, konkursdato="2026-10-02")),
        (
            [put("/konkurs", True), put("/konkursdato", "2026-10-02", "add")],
            entity(konkurs=True, konkursdato="2026-10-02"),
        ),
        (
            [put("/underRekonstruksjonsforhandlingDato", "2026-10-02", "add")],
            entity(underRekonstruksjonsforhandlingDato="2026-10-02"),
        ),
        (
            [put("/tvangsavvikletPgaManglendeSlettingDato", "2026-10-02", "add")],
            entity(tvangsavvikletPgaManglendeSlettingDato="2026-10-02", underTvangsavviklingEllerTvangsopplosning=True),
        ),
        (
            [put("/navn", "FJELLMØRK DRIFT AS"), put("/historiskeNavn/-", {"navn": "FØR AS"}, "add")],
            entity(historiskeNavn=[{"navn": "FØR AS", "tilDato": "2026-10-03 23:59:00"}]),
        ),
    ],
)
def test_the_same_fact_by_two_ways_is_one_change(changes: list[Any], now: dict[str, Any]) -> None:
    """A patch of the feed and the dated field of the entity make the same id."""
    by_patch, by_field = patched(*changes, of=now), changes_of_entity(NUMBER, now, MAKER)
    assert [c.change_id for c in by_patch] == [c.change_id for c in by_field]
    assert by_patch[0].published_at == datetime(2026, 10, 4, 4, 5, 11, 193000, tzinfo=UTC)
    assert by_patch[0].effective_on == by_field[0].effective_on


def test_deletion_by_event_patch_and_date_is_one_change() -> None:
    """Sletting, /slettedato and slettedato are the same fact."""
    gone = deleted(NUMBER)
    by_event = patched(of=gone, kind="Sletting")
    by_patch = patched(
        put("/slettedato", "2026-09-15", "add"), put("/konkurs", None, "remove"), of=gone, kind="Sletting"
    )
    by_field = changes_of_entity(NUMBER, gone, MAKER)
    assert len({change.change_id for change in by_event + by_patch + by_field}) == 1
    assert by_event[0].details == {"kind": "sletting"}


@pytest.mark.parametrize(
    ("changes", "field", "after", "details"),
    [
        ([put("/antallAnsatte", 57)], "employees", "57", {"low": "57", "high": "57"}),
        ([put("/antallAnsatte", None, "remove")], "employees", "below 5", {"low": "0", "high": "4"}),
        (
            [put("/kapital/belop", 5976872600.0)],
            "capital",
            "5,976,872,600 NOK",
            {"amount": "5976872600", "currency": "NOK"},
        ),
        ([put("/sisteInnsendteAarsregnskap", "2025")], "accounts", "2025", {}),
        ([put("/hjemmeside", "www.nytt.example")], "website", "www.nytt.example", {}),
        ([put("/organisasjonsform/kode", "ASA")], "legal_form", "ASA", {"new_code": "ASA"}),
        (
            [put("/naeringskode1", {"kode": "43.210", "beskrivelse": "Elektrisk arbeid"})],
            "industry",
            "43.210 Elektrisk arbeid",
            {"kind": "industry_1", "new_code": "43.210", "codeset": "SN2025", "rank": "1"},
        ),
        ([put("/konkurs", False)], "status", "active", {"kind": "konkurs_ended"}),
    ],
)
def test_patches_become_changes(changes: list[Any], field: str, after: str, details: dict[str, str]) -> None:
    """Each path of interest is one change, with the new value as a person reads it."""
    (change,) = patched(*changes)
    assert (change.field, change.before, change.after, change.details) == (field, None, after, details)
    assert change.effective_on == date(2026, 10, 4)


def test_a_move_is_told_with_the_whole_address() -> None:
    """Changed lines and place are one change; the address is the entity's as it is now."""
    (change,) = patched(
        put("/forretningsadresse/adresse/0", "Oppdiktet vei 1"), put("/forretningsadresse/postnummer", "7079")
    )
    assert (change.field, change.after) == ("address", "Oppdiktet vei 1, 7079 FLATÅSEN")
    assert change.details["kind"] == "business"
    assert change.details["parts"] == "adresse,postnummer"
    assert change.details["city"] == "FLATÅSEN"


@pytest.mark.parametrize(
    "changes",
    [
        [put("/forretningsadresse/kommunenummer", "5501"), put("/forretningsadresse/kommune", "TROMSØ")],
        [put("/forretningsadresse", None, "remove")],
        [put("/kapital/antallAksjer", 12)],
        [put("/naeringskode1", {"kode": "00.000"})],
        [put("/vedtektsdato", "2026-10-01")],
        [],
    ],
)
def test_what_is_no_news_is_left_out(changes: list[Any]) -> None:
    """A renumbered municipality, a removed address and fields without use make no change."""
    assert patched(*changes) == ()


def test_set_up_makes_no_change() -> None:
    """What is dated on or before the registration belongs to it."""
    new = entity(registreringsdatoEnhetsregisteret="2026-10-04")
    assert patched(put("/antallAnsatte", 7), put("/hjemmeside", "x.example"), of=new) == ()


def test_new_organisations() -> None:
    """Ny is an incorporation, unless the register has known the organisation for long."""
    (change,) = patched(of=entity(registreringsdatoEnhetsregisteret="2026-10-03"), kind="Ny")
    assert (change.field, change.after, change.effective_on) == ("created", "FJELLMØRK DRIFT AS", date(2026, 10, 3))
    assert patched(of=entity(), kind="Ny") == ()


def test_patches_as_objects_and_as_a_flat_array() -> None:
    """Both forms that ``endringer`` was seen in give the same operations."""
    objects = [put("/navn", "NY AS"), put("/konkursdato", None, "remove"), put("/kapital/belop", 5)]
    flat = ["replace", "/navn", "NY AS", "remove", "/konkursdato", "replace", "/kapital/belop", 5]
    assert read_patches(objects) == read_patches(flat)
    assert [patch.path for patch in read_patches(flat)] == [("navn",), ("konkursdato",), ("kapital", "belop")]
    assert read_patches("x") == read_patches(None) == read_patches([None, 3]) == ()


def test_a_feed_page_without_embedded_is_empty() -> None:
    """Nothing matched is not an error; another shape is."""
    assert read_updates(feed_page(), "u") == ((), ())
    for wrong in ({"x": 1}, [], {"_embedded": {"other": []}}, {"_embedded": []}):
        with pytest.raises(ShapeError):
            read_updates(wrong, "u")


def test_unreadable_events_are_set_aside() -> None:
    """An event without a number, an organisation or a time costs itself only."""
    good = event(5, NUMBER)
    updates, aside = read_updates(feed_page({**good, "oppdateringsid": "5"}, {**good, "dato": None}, good), "u")
    assert ([update.number for update in updates], len(aside)) == ([5], 2)
    events, aside = read_role_events([{"id": "1", "data": {"organisasjonsnummer": NUMBER}}, {"id": "2"}, 3], "u")
    assert ([e.organization for e in events], len(aside)) == ([NUMBER], 2)
    with pytest.raises(ShapeError):
        read_role_events({}, "u")


def test_new_leaders_are_named_and_nothing_else_of_them() -> None:
    """The managing director and the chair of groups that changed lately; no birth date, no other member."""
    answer = roles(
        ("DAGL", "2026-09-20", [role("DAGL", "Forrige", "Leder", fratraadt=True), role("DAGL", "Ny", "Oppdiktet")]),
        ("STYR", "2026-09-21", [role("MEDL", "Et", "Medlem"), role("LEDE", "En", "Påfunnet")]),
        ("REVI", "2026-09-22", [role("REVI", "En", "Revisor")]),
        ("BOBE", "2026-09-22", []),
    )
    director, chair = changes_of_roles(NUMBER, answer, MAKER)
    assert (director.after, director.details["kind"]) == ("managing director: Ny Oppdiktet", "DAGL")
    assert (chair.after, chair.effective_on) == ("chair of the board: En Påfunnet", date(2026, 9, 21))
    assert "1970" not in str(asdict(director)) + str(asdict(chair))
    assert "Medlem" not in str(asdict(chair))


def test_roles_of_long_ago_of_set_up_and_of_the_dead_are_no_news() -> None:
    """Old changes and those of the registration are left out; a dead person is not named."""
    old = roles(("DAGL", "2020-01-01", [role("DAGL", "A", "B")]))
    assert changes_of_roles(NUMBER, old, MAKER) == ()
    new = roles(("DAGL", "2026-09-20", [role("DAGL", "A", "B")]))
    assert changes_of_roles(NUMBER, new, MAKER, registered=date(2026, 9, 20)) == ()
    dead = role("DAGL", "A", "B")
    dead["person"]["erDoed"] = True
    assert changes_of_roles(NUMBER, roles(("DAGL", "2026-09-20", [dead])), MAKER)[0].after is None
    with pytest.raises(ShapeError):
        changes_of_roles(NUMBER, {}, MAKER)


def test_a_bulk_recoding_is_marked() -> None:
    """When many organisations get a new code on a day, it is the register that changed."""
    changes: list[OrgChange] = []
    for index in range(50):
        number = str(999000200 + index)
        code = put("/naeringskode1", {"kode": "43.210"})
        (update,), _ = read_updates(feed_page(event(index, number, "Endring", [code])), "u")
        changes += changes_of_update(update, entity(number), MAKER)
    assert all(change.details["recoding"] == "bulk" for change in mark_recoding(changes))
    assert all("recoding" not in change.details for change in mark_recoding(changes[:39]))
