"""A second reader's answer → events, or the reason why it is not believed. Nothing is taken on trust.

::

    text ─► JSON (alone or in one code fence) ─► each event: declared type, modality and roles?
         ─► quote, names and values literally in the article? ─► grounded in the title or beside the quote? ─► Event

Offsets are found here, never taken from the answer; numbers are copied as text by the reader and read here, by the same
code that reads them for the rules. An event that fails is left out and counted; its siblings stand. Pure; bounded for
any answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from salestrigger.matchers.amounts import scan_values
from salestrigger.matchers.answer_form import events_of, find, pairs_of
from salestrigger.matchers.attributes import plain
from salestrigger.matchers.dates import find_date
from salestrigger.matchers.event_choice import fold_name
from salestrigger.matchers.lexicon import EventType, Lexicon
from salestrigger.matchers.near_copies import signature
from salestrigger.matchers.quotes import quote
from salestrigger.matchers.reader import Reader, reader_of
from salestrigger.matchers.second_prompt import ATTRIBUTES, MEASURES
from salestrigger.matchers.sentences import Sentence, full_text, split_sentences
from salestrigger.matchers.types import Attribute, Event, EventSource, Evidence, Mention, Modality, Role
from salestrigger.sources.records import Document, content_id

MOST_EVENTS = 12  #: of one article; what is more is no news item but a list
#: confidence in an event that the second reader alone found; both readers: at least ``BOTH``
ALONE, BOTH = 0.85, 0.95
_NUMBERS = {"amount": "M", "percent": "R", "headcount": "N", "count": "N"}
_UNITS = {"percent": "per cent", "headcount": "persons"}


@dataclass(frozen=True, slots=True)
class Read:
    """What an answer came to."""

    events: tuple[Event, ...]
    refused: tuple[tuple[str, str], ...]  #: (event type as said, why the event was left out)
    dropped: Mapping[str, int] = field(default_factory=dict)  #: why → roles and attributes that were left out


@dataclass(slots=True)
class _Article:
    document: Document
    full: str
    title_end: int
    sentences: Sequence[Sentence]
    reader: Reader
    lexicon: Lexicon
    mentions: Sequence[Mention]
    model: str
    dropped: Counter[str]


def read_answer(
    text: str, document: Document, *, lexicon: Lexicon, language: str, mentions: Sequence[Mention], model: str
) -> Read:
    """The events of an answer about ``document``.

    Raises:
        AnswerError: it is no JSON, or not of the agreed form.
    """
    said = events_of(text)
    full = full_text(document.title, document.text)
    reader = reader_of(lexicon, language)
    sentences = split_sentences(full, len(document.title), reader.abbreviations)
    article = _Article(
        document, full, len(document.title), sentences, reader, lexicon, mentions, model, Counter()
    )  # fmt: skip
    found: dict[str, Event] = {}
    refused = [("", "too_many")] * (len(said) > MOST_EVENTS)
    for item in said[:MOST_EVENTS]:
        event = _event(item, article)
        if isinstance(event, str):
            refused.append((str(item.get("type"))[:40], event))
        else:
            found.setdefault(event.event_id, event)
    return Read(tuple(found.values()), tuple(refused), dict(sorted(article.dropped.items())))


def _event(item: Mapping[str, Any], article: _Article) -> Event | str:
    """The event, or why it is left out."""
    event_type = article.lexicon.types.get(item["type"]) if isinstance(item.get("type"), str) else None
    if event_type is None:
        return "unknown_type"
    modality: Modality | None = next((m for m in get_args(Modality) if m == item.get("modality")), None)
    if modality is None:
        return "unknown_modality"
    cue = find(article.full, item.get("quote"))
    if cue is None:
        return "quote_not_in_text"
    place = _place(cue, article)
    roles = _roles(pairs_of(item.get("roles"), "role", "name"), event_type, place, article)
    if isinstance(roles, str):
        return roles
    if not any(role.name in event_type.roles[:2] for role in roles):
        return "no_subject"
    if not {role.name for role in roles}.issuperset(event_type.needs):
        return "no_subject"
    attributes = _attributes(pairs_of(item.get("attributes"), "key", "text"), event_type, place, article)
    return _built(event_type, modality, roles, attributes, article=article, cue=cue, sentence=_around(place, roles))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an event is told: its sentence, and those beside it."""

    own: Sentence
    beside: tuple[Sentence, ...]


def _place(cue: tuple[int, int], article: _Article) -> _Place:
    at = next((i for i, s in enumerate(article.sentences) if s.start <= cue[0] < s.end), None)
    if at is None:  # between two sentences, or behind the last one that was cut short
        at = max((i for i, s in enumerate(article.sentences) if s.start <= cue[0]), default=0)
    own = article.sentences[at]
    near = [s for s in article.sentences[max(0, at - 1) : at + 2] if s is not own and s.number != 0]
    return _Place(own, tuple(near))


def _roles(
    said: Sequence[tuple[str, str]], event_type: EventType, place: _Place, article: _Article
) -> tuple[Role, ...] | str:
    """The roles that can be grounded; a name that is nowhere in the article is a reason not to believe the event."""
    found: dict[tuple[str, str], Role] = {}
    for name, surface in ((name, text.strip()) for name, text in said):
        known = next((role for role in event_type.roles if role == name), None)
        if known is None:
            article.dropped["role_of_another_type"] += 1
        elif find(article.full, surface) is None:
            return "invented_name"
        elif not any(c.isupper() or c.isdigit() for c in surface):
            article.dropped["no_proper_name"] += 1
        elif (span := _grounded(surface, place, article)) is None:
            article.dropped["not_beside_the_quote"] += 1
        else:
            found.setdefault((known, fold_name(surface)), _role(known, span, article))
    order = {role: i for i, role in enumerate(event_type.roles)}
    return tuple(sorted(found.values(), key=lambda r: order[r.name]))  # type: ignore[index]


def _grounded(surface: str, place: _Place, article: _Article) -> tuple[int, int] | None:
    """Where a name stands: in the event's sentence, else in the title, else in a sentence beside it."""
    spans = [(place.own.start, place.own.end), (0, article.title_end), *((s.start, s.end) for s in place.beside)]
    return next((span for area in spans if (span := find(article.full, surface, area)) is not None), None)


def _role(name: str, span: tuple[int, int], article: _Article) -> Role:
    """The role; where it overlaps a spotted mention it carries that mention's id and, when it is longer, its words."""
    start, end = span
    mention = next((m for m in article.mentions if m.start < end and m.end > start), None)
    if mention is not None and mention.start <= start and mention.end >= end:
        start, end = mention.start, mention.end
    whole = mention is not None and (mention.start, mention.end) == (start, end)
    return Role(name, article.full[start:end], start, end, mention.mention_id if mention and whole else None)


def _around(place: _Place, roles: Sequence[Role]) -> tuple[int, int]:
    """The event's sentence, widened to the one beside it in which a role stands."""
    start, end = place.own.start, place.own.end
    for sentence in place.beside:
        if any(sentence.start <= role.start < sentence.end for role in roles):
            start, end = min(start, sentence.start), max(end, sentence.end)
    return start, end


def _attributes(
    said: Sequence[tuple[str, str]], event_type: EventType, place: _Place, article: _Article
) -> tuple[Attribute, ...]:
    found: list[Attribute] = []
    for key, text in said:
        if key not in ATTRIBUTES or key not in event_type.attributes:
            article.dropped["attribute_of_another_type"] += 1
            continue
        if any(a.key == key for a in found) and key != "person":
            article.dropped["attribute_twice"] += 1
            continue
        values = _values(key, text.strip(), place, article)
        if not values:
            article.dropped["value_not_in_text"] += 1
        found += [v for v in values if v.key in event_type.attributes]
    return tuple(found)


def _values(key: str, text: str, place: _Place, article: _Article) -> list[Attribute]:
    """The value as it stands in the article, read by our own code; none when it does not stand there."""
    if key == "measure":
        return [Attribute("measure", text)] if text in MEASURES else []
    span = _grounded(text, place, article) or find(article.full, text)
    if span is None:
        return []
    if key not in _NUMBERS:
        return [Attribute(key, article.full[slice(*span)], None, *span)]
    kind = _NUMBERS[key]
    read = scan_values(article.full[slice(*span)], article.reader, offset=span[0])
    value = next((v for v in read if v.kind == kind), None)
    if value is None or (kind == "N" and value.amount != value.amount.to_integral_value()):
        return []
    if key != "amount":
        return [Attribute(key, plain(value.amount), _UNITS.get(key), value.start, value.end)]
    money = [Attribute("amount", plain(value.amount), value.currency or None, value.start, value.end)]
    return money + [Attribute("currency", value.currency, None, value.start, value.end)] * bool(value.currency)


def _built(
    event_type: EventType,
    modality: Modality,
    roles: tuple[Role, ...],
    attributes: tuple[Attribute, ...],
    *,
    article: _Article,
    cue: tuple[int, int],
    sentence: tuple[int, int],
) -> Event:
    document = article.document
    published = document.published_at or document.fetched_at
    text, span = quote(article.full, sentence, cue)
    moment = find_date(article.full[slice(*sentence)], article.reader, published.date())
    ahead = moment is not None and moment.day > published.date()
    source = EventSource(
        document.document_id, document.url, document.title, document.source_id, document.publisher or "",
        published, text, signature(document), modality,
    )  # fmt: skip
    subject = next((role.surface for name in event_type.roles for role in roles if role.name == name), "")
    return Event(
        event_id=content_id("evt", document.document_id, event_type.id, fold_name(subject)),
        type=event_type.id,
        modality=modality,
        roles=roles,
        attributes=attributes,
        quote=text,
        quote_span=span,
        sentence=sentence,
        confidence=ALONE,
        language=article.reader.language.id,
        sources=(source,),
        event_on=moment.day if moment and not ahead else None,
        effective_on=moment.day if moment and ahead else None,
        precision=moment.precision if moment else None,
        evidence=(Evidence("reader", article.model, ALONE, f"a second reader ({article.model}) found it"),),
    )
