"""Read documents one by one: spot → detect → resolve → Detection. No document knows of another here.

That is what makes the stage splittable: any cut of the documents over processes gives the same detections. Merging and
qualifying, which look across documents, are in ``analyse.py``.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from salestrigger.matchers.detect import detect
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.language import language_of
from salestrigger.matchers.lexicon import Lexicon, load_lexicon
from salestrigger.matchers.near_copies import signature
from salestrigger.matchers.resolve import resolve
from salestrigger.matchers.spot import spot
from salestrigger.matchers.stated import stated_events
from salestrigger.matchers.types import Detection, Event, Match, Mention, Prominence, Role
from salestrigger.sources.records import Document, content_id


def read_documents(
    documents: Sequence[Document], *, index_path: Path, index_version: str, countries: Mapping[str, str]
) -> list[Detection]:
    """A batch of documents against the saved index; picklable, so that a worker of a cluster can be given it.

    ``countries`` says where a source is from (source id → ISO 3166-1), which speaks for companies of that country.
    """
    index = _index(index_path, index_version)
    lexicon = load_lexicon()
    return [
        read_document(document, lexicon=lexicon, index=index, country=countries.get(document.source_id))
        for document in documents
    ]


def read_document(
    document: Document, *, lexicon: Lexicon, index: OrganizationIndex, country: str | None = None
) -> Detection:
    """Mentions, matches and events of one text, or the outcome that says why there is no event."""
    language = language_of(document)
    mentions = spot(document, index, lexicon, language)
    if document.stated:
        events, stated = stated_events(document, index, lexicon, language=language)
        outcome = "event" if events else "no_subject"
        mentions = _instead(mentions, stated)
    else:
        events, outcome = detect(document, mentions, lexicon, language)
        events, mentions = _with_role_mentions(document, events, mentions)
    blank = Detection(document.document_id, language, mentions, {}, (), outcome, signature(document))
    return _resolved(blank, document, events, index=index, country=country)


def with_events(
    detection: Detection, document: Document, events: Sequence[Event], *, index: OrganizationIndex, country: str | None
) -> Detection:
    """The detection with these events: whoever has a part in one is looked up like any other mention."""
    events, mentions = _with_role_mentions(document, events, detection.mentions)
    blank = dataclasses.replace(detection, mentions=mentions)
    return _resolved(blank, document, events, index=index, country=country)


def _resolved(
    detection: Detection, document: Document, events: Sequence[Event], *, index: OrganizationIndex, country: str | None
) -> Detection:
    matches = resolve(document, detection.mentions, index, source_country=country)
    return dataclasses.replace(detection, matches=matches, events=tuple(_linked(event, matches) for event in events))


def _instead(mentions: tuple[Mention, ...], stated: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """What the source states stands for whatever else was found at the same place."""
    kept = [m for m in mentions if not any(m.start < s.end and s.start < m.end for s in stated)]
    return tuple(sorted((*kept, *stated), key=lambda m: (m.start, m.end)))


@functools.lru_cache(maxsize=1)
def _index(path: Path, version: str) -> OrganizationIndex:
    """The index of this process; another version replaces it."""
    del version  # only the key of the cache
    return OrganizationIndex.load(path)


def _with_role_mentions(
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


def _linked(event: Event, matches: Mapping[str, Match]) -> Event:
    """The event with each role's match: rejected candidates leave the role with its words alone."""
    return dataclasses.replace(event, roles=tuple(_linked_role(role, matches) for role in event.roles))


def _linked_role(role: Role, matches: Mapping[str, Match]) -> Role:
    match = matches.get(role.mention_id or "")
    if match is None or match.decision == "reject" or match.organization_id is None:
        return role
    return dataclasses.replace(
        role, organization_id=match.organization_id, probability=match.probability, decision=match.decision
    )
