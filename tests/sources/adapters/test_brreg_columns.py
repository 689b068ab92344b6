"""Entities as columns: the same rows as by way of a record each."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.sources.adapters.brreg_columns import columns, row_of
from salestrigger.sources.adapters.brreg_records import record_of
from salestrigger.sources.record_columns import table_of
from tests.sources.adapters.brreg_data import deleted, entity
from tests.sources.adapters.running import NOW

TEXTS = st.sampled_from(["", " ", 'Blå "Å" \\ \t AS', "Å\u0301s  to\u200b", "9" * 120, None, 7, ["x"], {"kode": "y"}])
DATES = st.sampled_from(["2026-09-30", "2026-09-30T10:00:00", "2026-13-01", "", None, 20260930])
FLAGS = st.sampled_from([True, False, None, "true"])
ADDRESSES = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "adresse": st.lists(TEXTS, max_size=3) | TEXTS, "postnummer": TEXTS, "poststed": TEXTS, "kommune": TEXTS,
        "kommunenummer": TEXTS, "landkode": st.sampled_from(["NO", "SE", "", None]),
    },
)  # fmt: skip
CODES = st.none() | st.fixed_dictionaries({"kode": st.sampled_from(["41.000", "00.000", 'x"y', "", None, 7])})
FORMER = st.fixed_dictionaries({"navn": TEXTS}, optional={"fraDato": DATES, "tilDato": DATES})
ODD: dict[str, st.SearchStrategy[Any]] = {
    "navn": TEXTS, "organisasjonsform": CODES | st.just({"kode": "ENK"}), "hjemmeside": TEXTS,
    "overordnetEnhet": st.sampled_from(["999000109", " 999000109 ", "12", None, 999000109]),
    "historiskeNavn": st.lists(FORMER, max_size=3) | TEXTS, "naeringskode1": CODES, "naeringskode2": CODES,
    "naeringskode3": CODES | TEXTS, "antallAnsatte": st.sampled_from([0, 5, 12.0, -1, True, "5", None]),
    "harRegistrertAntallAnsatte": FLAGS, "forretningsadresse": ADDRESSES, "postadresse": ADDRESSES,
    "beliggenhetsadresse": ADDRESSES | TEXTS, "stiftelsesdato": DATES, "registreringsdatoEnhetsregisteret": DATES,
    "konkurs": FLAGS, "konkursdato": DATES, "underAvvikling": FLAGS, "underAvviklingDato": DATES,
    "underTvangsavviklingEllerTvangsopplosning": FLAGS, "tvangsopplostPgaManglendeRevisorDato": DATES,
    "underRekonstruksjonsforhandlingDato": DATES, "slettedato": DATES, "aktivitet": st.lists(TEXTS, max_size=2) | TEXTS,
    "respons_klasse": st.sampled_from(["Enhet", "SlettetEnhet", None]),
}  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(st.fixed_dictionaries({}, optional=ODD), min_size=1, max_size=4))
def test_columns_are_those_of_the_records(changes: list[dict[str, Any]]) -> None:
    """Whatever an entity holds, both ways give the same row, or none."""
    units = [entity(f"{999000100 + n}", **change) for n, change in enumerate(changes)]
    units += [entity(), deleted(), entity("12", name=""), {}]
    records = [record_of(unit, source_id="a-source", fetched_at=NOW) for unit in units]
    rows = [row_of(unit) for unit in units]
    assert [row is None for row in rows] == [record is None for record in records]
    table = columns([row for row in rows if row], source_id="a-source", fetched_at=NOW)
    assert table.to_pylist() == table_of(record for record in records if record).to_pylist()
