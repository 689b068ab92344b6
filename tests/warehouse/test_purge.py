"""What a register removes goes with all that only it told; what others told stays, and stays consistent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from salestrigger.matchers.types import Role
from salestrigger.sources.records import Collected, Document, Identifier, content_id
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse import write
from salestrigger.warehouse.checks import run_checks
from salestrigger.warehouse.connect import Warehouse
from tests.warehouse import examples as ex

#: a second way to ask the same register
BRANCHES = SourceSpec(
    id="fjord-branches", title="Branches", adapter="brreg", url="http://register.example/api", trust="register",
    licence="invented",
)  # fmt: skip
GONE = Collected(removed=("NO-BRC-800000001",))


def store(wh: Warehouse, spec: SourceSpec, collected: Collected) -> None:
    """One source's yield in a run of its own."""
    run_id = write.start_run(wh, as_of=ex.DAY1)
    write.store_collected(wh, run_id, ex.outcome(spec, collected), spec)


def notice(key: str, *identifiers: str) -> Document:
    """A notice of the register about organisations."""
    return replace(
        ex.document(key, "Nordlys Maskin AS avd Bodø: ny underenhet"),
        document_id=content_id("doc", BRANCHES.id, key),
        source_id=BRANCHES.id,
        identifiers=tuple(Identifier("NO-BRC", number) for number in identifiers),
    )


def document_keys(wh: Warehouse) -> list[str]:
    """The keys of all documents."""
    return sorted(row["document_key"] for row in wh.relation("documents").to_pylist())


def consistent(wh: Warehouse) -> bool:
    """Whether the snapshot could be published (these tests write no funnel)."""
    return [failure for failure in run_checks(wh) if failure.check != "funnel_sums"] == []


def test_the_registers_own_notices_go_and_do_not_come_back(wh: Warehouse) -> None:
    """Whichever way of asking the register told them; the press's articles and notices about others stay."""
    store(wh, ex.REGISTER, Collected(records=(ex.record(), ex.record("800000002", "Sørvind AS"))))
    notices = (notice("800000301:opened", "800000001"), notice("800000302:opened", "800000002"))
    store(wh, BRANCHES, Collected(documents=notices))
    store(wh, ex.NEWS, Collected(documents=(ex.document(),)))
    store(wh, ex.REGISTER, GONE)
    assert document_keys(wh) == ["800000302:opened", "a1"]
    store(wh, BRANCHES, Collected(documents=notices))
    assert document_keys(wh) == ["800000302:opened", "a1"]
    assert consistent(wh)


def test_a_notice_goes_with_the_unit_that_it_is_named_after(wh: Warehouse) -> None:
    """A branch has no record of its own; its notice's key begins with its number."""
    store(wh, BRANCHES, Collected(documents=(notice("800000301:opened", "800000001"),)))
    store(wh, BRANCHES, Collected(removed=("NO-BRC-800000301",)))
    assert document_keys(wh) == []


def test_an_event_that_the_press_tells_too_keeps_no_word_of_the_register(wh: Warehouse) -> None:
    """Its source, quote, value and part that stood in no text go; the event and the press's telling stay."""
    change, article = ex.change(), ex.document()
    store(wh, ex.REGISTER, Collected(records=(ex.record(),), changes=(change,)))
    store(wh, ex.NEWS, Collected(documents=(article,)))
    told = replace(ex.event_source(article), document_id=change.change_id, quote="registered name is now Nordlys Robot")
    known = ex.event(article)
    value = replace(known.attributes[1], document_id=change.change_id)
    merged = replace(
        known, sources=(*known.sources, told), quote=told.quote, attributes=(known.attributes[0], value),
        roles=(*known.roles, Role("organization", "Nordlys Maskin AS", -1, -1)),
    )  # fmt: skip
    run_id = write.start_run(wh, as_of=ex.DAY1)
    write.store_findings(
        wh, run_id, ex.findings(detections=(ex.detection(article, events=(known,)),), events=(merged,))
    )
    assert consistent(wh)
    store(wh, ex.REGISTER, GONE)
    assert [row["document_id"] for row in wh.relation("event_sources").to_pylist()] == [article.document_id]
    assert [row["quote"] for row in wh.relation("events").to_pylist()] == [""]
    assert [row["attribute"] for row in wh.relation("event_attributes").to_pylist()] == ["location"]
    assert [row["char_start"] for row in wh.relation("event_roles").to_pylist()] == [0]
    assert consistent(wh)


def test_what_stands_without_it_is_judged_anew(wh: Warehouse) -> None:
    """One's own account keeps its triggers, without why the register's word made it fit."""
    store(wh, ex.REGISTER, Collected(records=(ex.record(),)))
    store(wh, ex.ACCOUNTS, Collected(records=(ex.account("7", "Nordlys", Identifier("NO-BRC", "800000001")),)))
    store(wh, ex.NEWS, Collected(documents=(ex.document(),)))
    run_id = write.start_run(wh, as_of=ex.DAY1)
    write.store_findings(wh, run_id, ex.relocated(ex.document()))
    assert wh.relation("fits").num_rows
    store(wh, ex.REGISTER, GONE)
    assert wh.relation("fits").num_rows == wh.relation("fit_changes").num_rows == 0
    assert [row["criteria"] for row in wh.relation("trigger_versions").to_pylist()] == ["[]"]
    assert consistent(wh)


@pytest.mark.parametrize(
    ("removed", "expected"), [(("NO-BRC-800000001",), {"fjord-register", "fjord-branches"}), ((), set())]
)
def test_whose_bodies_may_hold_it(wh: Warehouse, removed: tuple[str, ...], expected: set[str]) -> None:
    """Those of every way of asking the register; of the press none."""
    store(wh, BRANCHES, Collected())
    store(wh, ex.NEWS, Collected(documents=(ex.document(),)))
    store(wh, ex.REGISTER, Collected(records=(ex.record(),)))
    found = write.told_by(wh, ex.outcome(ex.REGISTER, Collected(removed=removed)), ex.REGISTER)
    assert set(found) == expected
