"""Read documents: spot → detect → resolve → Detection. No document knows of another here.

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
from salestrigger.matchers.read_texts import with_role_mentions
from salestrigger.matchers.resolve import Asked, resolve, resolve_all
from salestrigger.matchers.spot import spot_all
from salestrigger.matchers.stated import stated_events
from salestrigger.matchers.types import Detection, Event, Match, Mention, Role
from salestrigger.sources.records import Document


def read_documents(
    documents: Sequence[Document], *, index_path: Path, index_version: str, countries: Mapping[str, str]
) -> list[Detection]:
    """A batch of documents against the saved index; picklable, so that a worker of a cluster can be given it.

    ``countries`` says where a source is from (source id → ISO 3166-1), which speaks for companies of that country.
    """
    index = _index(index_path, index_version)
    return read_all(documents, lexicon=load_lexicon(), index=index, countries=countries)


def read_all(
    documents: Sequence[Document], *, lexicon: Lexicon, index: OrganizationIndex, countries: Mapping[str, str]
) -> list[Detection]:
    """Mentions, matches and events of each text, or the outcome that says why there is no event; as if each were read
    alone, only faster: names are looked up for all texts at once."""
    languages = [language_of(document) for document in documents]
    spotted = spot_all(documents, index, lexicon, languages)
    told = [
        (document, language, *_events_of(document, mentions, index, lexicon, language=language))
        for document, language, mentions in zip(documents, languages, spotted, strict=True)
    ]
    asked = [Asked(document, mentions, countries.get(document.source_id)) for document, _, _, mentions, _ in told]
    return [
        Detection(
            document_id=document.document_id,
            language=language,
            mentions=mentions,
            matches=matches,
            events=tuple(_linked(event, matches) for event in events),
            outcome=outcome,
            signature=signature(document),
        )
        for (document, language, events, mentions, outcome), matches in zip(
            told, resolve_all(asked, index), strict=True
        )
    ]


def read_document(
    document: Document, *, lexicon: Lexicon, index: OrganizationIndex, country: str | None = None
) -> Detection:
    """One text by itself."""
    countries = {document.source_id: country} if country else {}
    return read_all([document], lexicon=lexicon, index=index, countries=countries)[0]


def with_events(
    detection: Detection, document: Document, events: Sequence[Event], *, index: OrganizationIndex, country: str | None
) -> Detection:
    """The detection with these events: whoever has a part in one is looked up like any other mention."""
    events, mentions = with_role_mentions(document, events, detection.mentions)
    matches = resolve(document, mentions, index, source_country=country)
    return dataclasses.replace(
        detection, mentions=mentions, matches=matches, events=tuple(_linked(event, matches) for event in events)
    )


def _events_of(
    document: Document, mentions: tuple[Mention, ...], index: OrganizationIndex, lexicon: Lexicon, *, language: str
) -> tuple[tuple[Event, ...], tuple[Mention, ...], str]:
    """Events, all mentions and the outcome: what the source states, else what its text tells."""
    if document.stated:
        events, stated = stated_events(document, index, lexicon, language=language)
        return events, _instead(mentions, stated), "event" if events else "no_subject"
    found, outcome = detect(document, mentions, lexicon, language)
    return *with_role_mentions(document, found, mentions), outcome


def _instead(mentions: tuple[Mention, ...], stated: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """What the source states stands for whatever else was found at the same place."""
    kept = [m for m in mentions if not any(m.start < s.end and s.start < m.end for s in stated)]
    return tuple(sorted((*kept, *stated), key=lambda m: (m.start, m.end)))


@functools.lru_cache(maxsize=1)
def _index(path: Path, version: str) -> OrganizationIndex:
    """The index of this process; another version replaces it."""
    del version  # only the key of the cache
    return OrganizationIndex.load(path)


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
