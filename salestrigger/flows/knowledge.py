"""What a run analyses, and what it knows before it does: both read from the warehouse and the raw store."""

from __future__ import annotations

from salestrigger.flows.place import Place
from salestrigger.flows.progress import progress
from salestrigger.flows.saved_index import brought_up_to_date
from salestrigger.flows.universe import Universe
from salestrigger.matchers.analyse import Knowledge
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.sources.errors import StorageError
from salestrigger.sources.raw import RawStore
from salestrigger.sources.records import Document
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse
from salestrigger.warehouse.owners import read_owners


def pending_documents(warehouse: Warehouse, place: Place) -> tuple[list[Document], list[str]]:
    """What is pending, from the raw store (the warehouse keeps no bodies), and the ids of what is gone from there."""
    raw = RawStore(place.raw)
    wanted: dict[str, set[str]] = {}
    for document_id, ref, _source in read.pending_documents(warehouse):
        wanted.setdefault(ref, set()).add(document_id)
    found: list[Document] = []
    for ref, ids in sorted(wanted.items()):
        try:
            found += [document for document in raw.documents(ref) if document.document_id in ids]
        except StorageError as error:
            progress().warn(f"{len(ids)} documents are set aside, their texts are gone: {error}")
    here = {document.document_id for document in found}
    return found, sorted(key for ids in wanted.values() for key in ids - here)


def knowledge_of(warehouse: Warehouse, place: Place, lexicon: Lexicon, *, universe: Universe, run_id: str) -> Knowledge:
    """What was known before this run, as the matchers want it; what it says of organisations is read when asked for."""
    return Knowledge(
        lexicon=lexicon,
        index=brought_up_to_date(warehouse, place, run_id=run_id),
        profiles=place.profiles,
        organizations=universe.organizations,
        organizations_before=universe.before,
        organization_of=universe.links,
        open_events=read.open_events(warehouse, place.now),
        fits=universe.fits,
        triggers=read.triggers(warehouse),
        trust={spec.id: spec.trust for spec in place.specs.values()},
        countries={spec.id: spec.country for spec in place.specs.values() if spec.country},
        last_analysed_on=read.last_analysed_on(warehouse),
        now=place.now,
        owners=read_owners(warehouse),
        survey=universe.survey,
    )
