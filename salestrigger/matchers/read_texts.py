"""Read texts of which nobody is looked up: spot → detect → Detection. No text knows of another here.

What is listed is looked up in ``read_documents.py``, whose imports take longer than reading a text: without a universe
they are not needed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from salestrigger.matchers.detect import detect
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.language import language_of
from salestrigger.matchers.lexicon import Lexicon
from salestrigger.matchers.spot import spot_all
from salestrigger.matchers.types import Detection, Event, Mention, Prominence, Role
from salestrigger.sources.records import Document, content_id


def read_texts(documents: Sequence[Document], *, lexicon: Lexicon) -> list[Detection]:
    """Mentions and events of each text, without matches and without a signature; what a source states is not read."""
    nobody = OrganizationIndex.build(())
    languages = [language_of(document) for document in documents]
    spotted = spot_all(documents, nobody, lexicon, languages)
    out = []
    for document, language, mentions in zip(documents, languages, spotted, strict=True):
        found, outcome = detect(document, mentions, lexicon, language)
        events, together = with_role_mentions(document, found, mentions)
        out.append(Detection(document.document_id, language, together, {}, events, outcome, signature=""))
    return out


def with_role_mentions(
    document: Document, events: Sequence[Event], mentions: tuple[Mention, ...]
) -> tuple[tuple[Event, ...], tuple[Mention, ...]]:
    """A role that detecting found by its form alone becomes a mention too, so that it is looked up like any other."""
    found = {mention.mention_id: mention for mention in mentions}
    out = []
    for event in events:
        roles = []
        for role in event.roles:
            if role.mention_id is None and role.end > role.start >= 0:
                mention = _role_mention(document, role)
                found.setdefault(mention.mention_id, mention)
                roles.append(dataclasses.replace(role, mention_id=mention.mention_id))
            else:
                roles.append(role)
        out.append(dataclasses.replace(event, roles=tuple(roles)))
    return tuple(out), tuple(sorted(found.values(), key=lambda m: (m.start, m.end)))


def _role_mention(document: Document, role: Role) -> Mention:
    return Mention(
        mention_id=content_id("men", document.document_id, str(role.start), str(role.end)),
        document_id=document.document_id,
        text=role.surface,
        start=role.start,
        end=role.end,
        prominence=_prominence(document, role.start),
        basis="form",
    )


def _prominence(document: Document, start: int) -> Prominence:
    """Title, the first 300 characters of the text (about two sentences of a lead), or the body."""
    title = len(document.title)
    return "title" if start <= title else "lead" if start <= title + 300 else "body"
