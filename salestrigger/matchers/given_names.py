"""Organisations that a source states in a field of its own: the issuer of a wire text, official numbers."""

from __future__ import annotations

from collections.abc import Sequence

from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.types import Mention
from salestrigger.sources.records import Document, content_id


def given_mentions(document: Document, index: OrganizationIndex, mentions: Sequence[Mention]) -> list[Mention]:
    """Organisations that the source states and that no mention in the text stands for yet."""
    out = []
    named = {candidate for m in mentions for candidate in m.candidates}
    if document.issuer and not any(m.basis == "given" for m in mentions):
        out.append(_unplaced(document, document.issuer, index.ids_named(document.issuer)))
    for identifier in document.identifiers:
        for organization_id in index.ids_by_identifier(str(identifier)):
            entry = index.get(organization_id)
            if organization_id in named or entry is None or any(organization_id in m.candidates for m in out):
                continue
            out.append(_unplaced(document, entry.name, (organization_id,)))
    return out


def _unplaced(document: Document, text: str, candidates: tuple[str, ...]) -> Mention:
    return Mention(
        mention_id=content_id("men", document.document_id, "given", text, *candidates),
        document_id=document.document_id,
        text=text,
        start=-1,
        end=-1,
        prominence="title",
        basis="given",
        candidates=candidates,
    )
