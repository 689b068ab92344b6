"""What the declarations of types and languages must hold to, one with another; what one key may be, the models say.

Phrases are read piece by piece, not compiled: a process compiles those of the languages that it meets.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from salestrigger.matchers.event_type import EventType
from salestrigger.matchers.patterns import PatternError, anchors_phrase, check_pattern
from salestrigger.sources.errors import DeclarationError

if TYPE_CHECKING:
    from salestrigger.matchers.lexicon import Lexicon

EXAMPLE_LANGUAGES = ("nl", "nb", "en")  #: those in which every type must show examples


def check_lexicon(lexicon: Lexicon, type_files: Mapping[str, Path], language_files: Mapping[str, Path]) -> None:
    """Refuse what is wrong.

    Raises:
        DeclarationError: names file, key, value and what is allowed.
    """
    _check_languages(lexicon, language_files)
    seen: dict[str, str] = {}
    for name, event_type in lexicon.types.items():
        _check_type(lexicon, event_type, type_files[name], seen)


def _check_languages(lexicon: Lexicon, files: Mapping[str, Path]) -> None:
    for name, language in lexicon.languages.items():
        if language.falls_back_on and language.falls_back_on not in lexicon.languages:
            known = ", ".join(lexicon.languages)
            raise DeclarationError(
                files[name], f"{language.falls_back_on!r} is not declared; known: {known}", key="falls_back_on"
            )
    seen: dict[str, str] = {}
    for name, language in lexicon.languages.items():
        _check_fallback(lexicon, name, files[name])
        other = seen.setdefault(language.name.casefold(), name)
        if other != name:
            raise DeclarationError(files[name], f"{language.name!r} is already the name of {other!r}", key="name")
    for name, language in lexicon.languages.items():
        for key, phrases in language.markers.model_dump().items():
            _check_phrases(lexicon, files[name], f"markers.{key}", name, phrases)


def _check_fallback(lexicon: Lexicon, name: str, path: Path) -> None:
    """No language falls back on itself, also not by way of others."""
    way = [name]
    while after := lexicon.languages[way[-1]].falls_back_on:
        way.append(after)
        if after in way[:-1]:
            raise DeclarationError(path, f"leads back to itself: {' → '.join(way)}", key="falls_back_on")


def _check_type(lexicon: Lexicon, event_type: EventType, path: Path, seen: dict[str, str]) -> None:
    for language in EXAMPLE_LANGUAGES:
        shown = event_type.examples.get(language)  # type: ignore[call-overload]
        if shown is None or not shown.no_match:
            what = "examples" if shown is None else "counter-examples"
            needed = ", ".join(EXAMPLE_LANGUAGES)
            raise DeclarationError(path, f"no {what} in {language!r}; needed in {needed}", key="examples")
    folded = " ".join(event_type.definition.casefold().rstrip(".").split())
    other = seen.setdefault(folded, event_type.id)
    if other != event_type.id:
        raise DeclarationError(
            path, f"{event_type.definition!r} is already the definition of {other!r}", key="definition"
        )
    for stray in set(event_type.yields_to) - set(lexicon.types):
        raise DeclarationError(path, f"{stray!r} is no event type; known: {', '.join(lexicon.types)}", key="yields_to")
    _check_source(lexicon, event_type, path)
    _check_recast(lexicon, event_type, path)
    strays = set(event_type.needs) - set(event_type.roles)
    if strays:
        raise DeclarationError(
            path, f"{min(strays)!r} is no role of it; roles: {', '.join(event_type.roles)}", key="needs"
        )
    for part, by_language in (("phrases", event_type.phrases), ("exclude", event_type.exclude)):
        for language, phrases in by_language.items():
            _check_phrases(lexicon, path, f"{part}.{language}", language, phrases, event_type.roles)


def _check_source(lexicon: Lexicon, event_type: EventType, path: Path) -> None:
    """A type is read in texts by its phrases, or comes of another type."""
    if event_type.derived_from and event_type.derived_from not in lexicon.types:
        known = ", ".join(lexicon.types)
        raise DeclarationError(
            path, f"{event_type.derived_from!r} is no event type; known: {known}", key="derived_from"
        )
    if bool(event_type.phrases) == bool(event_type.derived_from):
        raise DeclarationError(path, "has phrases, or is derived_from another type: one of the two", key="phrases")


def _check_recast(lexicon: Lexicon, event_type: EventType, path: Path) -> None:
    for rule in event_type.recast:
        if rule.to not in lexicon.types:
            known = ", ".join(lexicon.types)
            raise DeclarationError(path, f"{rule.to!r} is no event type; known: {known}", key="recast")
        strays = {rule.role, rule.public, rule.private, *rule.rename} - {"", *event_type.roles}
        strays |= set(rule.rename.values()) - set(lexicon.types[rule.to].roles)
        if strays:
            raise DeclarationError(path, f"{min(strays)!r} is no role of {event_type.id} or {rule.to}", key="recast")
        for language in rule.languages:
            _check_phrases(lexicon, path, "recast.languages", language, ())
        for language, phrases in rule.phrases.items():
            _check_phrases(lexicon, path, f"recast.phrases.{language}", language, phrases)


def _check_phrases(
    lexicon: Lexicon, path: Path, key: str, language: str, phrases: tuple[str, ...], roles: tuple[str, ...] = ()
) -> None:
    if language not in lexicon.languages:
        known = ", ".join(lexicon.languages)
        raise DeclarationError(path, f"language {language!r} is not declared; known: {known}", key=key)
    seen = set()
    anchors = _anchors_in(lexicon, language, roles)
    for phrase in phrases:
        if phrase in seen:
            raise DeclarationError(path, f"{phrase!r} is there twice", key=key)
        seen.add(phrase)
        try:
            check_pattern(phrase, anchors)
        except PatternError as error:
            raise DeclarationError(path, f"{phrase!r}: {error}", key=key) from None


@functools.lru_cache(maxsize=1024)
def _anchors_in(lexicon: Lexicon, language: str, roles: tuple[str, ...]) -> Callable[[str], bool]:
    """``anchors_phrase`` for phrases of a language that may name these roles; most pieces stand in many phrases."""
    sets = lexicon.sets(language)
    return functools.cache(lambda piece: anchors_phrase(piece, sets, roles.__contains__))
