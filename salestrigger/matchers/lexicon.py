"""What the matchers know of event types and languages: strict TOML, one file per type and one per language.

The id is the file's name. A folder of one's own overlays the shipped files by file name (``triggers/*.toml`` and
``languages/*.toml`` in it). Everything is checked when it is loaded, before any document is read: an unknown key, role
or attribute, a phrase that cannot be read, the same phrase or definition twice, a type without examples in Dutch,
Norwegian or English is refused by file, key and value. This module detects nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import Field

from salestrigger.matchers.event_type import AttributeName, EventType, LanguageId, RoleName, Window
from salestrigger.matchers.lasting import lasting
from salestrigger.matchers.patterns import Infinitives, Pattern, PatternError, compile_pattern, inverted
from salestrigger.sources.declare import Declaration, load_toml
from salestrigger.sources.errors import DeclarationError

__all__ = ["AttributeName", "EventType", "Language", "LanguageId", "Lexicon", "RoleName", "Window", "load_lexicon"]
EXAMPLE_LANGUAGES = ("nl", "nb", "en")  #: those in which every type must show examples
CurrencyCode = Annotated[str, Field(pattern="^([0-9]{1,15} )?[A-Z]{3}$")]  #: "MDKK" is "1000000 DKK"
_HERE = Path(__file__).parent
_ModelT = TypeVar("_ModelT", bound=Declaration)


class Markers(Declaration):
    """Words around an event that say how final it is, or that it is none. Patterns; see patterns.py."""

    negation: tuple[str, ...] = ()
    hypothetical: tuple[str, ...] = ()
    historical: tuple[str, ...] = ()
    earlier: tuple[str, ...] = Field(default=(), description="had …: in the text's body an earlier act, not the news")
    rumour: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    in_progress: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    sports: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    genre: tuple[str, ...] = Field(default=(), description="in a title: opinion, advice, quiz, obituary …")


class Language(Declaration):
    """What is particular to one language."""

    id: LanguageId
    name: str = Field(min_length=1)
    falls_back_on: LanguageId | None = Field(default=None, description="whose phrases are read as well")
    markers: Markers
    sets: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="named alternatives for patterns")
    abbreviations: tuple[str, ...] = Field(default=(), description="that do not end a sentence, without their dot")
    function_words: tuple[str, ...] = Field(description="frequent words: no names at the start of a sentence")
    nouns_capital: bool = Field(default=False, description="whether every noun has a capital")
    nouns: tuple[str, ...] = Field(default=(), description="where nouns have capitals: which are none of a name")
    determiners: tuple[str, ...] = Field(default=(), description="where nouns have capitals: what stands before nouns")
    finite_verbs: tuple[str, ...] = Field(
        default=(), description="frequent verbs: the capitalised word before is a name"
    )
    common_words: tuple[str, ...] = Field(default=(), description="more words that start sentences and are no names")
    headline_words: tuple[str, ...] = Field(
        default=(), description="words that are no names where a headline writes every word with a capital"
    )
    infinitives: dict[str, str] = Field(
        default_factory=dict, description="present tense → infinitive, of phrases' verbs"
    )
    purpose: str = Field(default="", description="what makes an infinitive a purpose: 'for å'")
    drops_subject: bool = Field(default=False, description="whether headlines open with a verb, without its subject")
    noun_endings: tuple[str, ...] = Field(default=(), description="of words that open sentences as nouns, not as names")
    bodies: tuple[str, ...] = Field(
        default=(), description="after them and a preposition a name is a company's: 'the board of'; * allowed"
    )
    never_names: tuple[str, ...] = Field(
        default=(), description="days, months and other capitalised words: never names"
    )
    telling_words: tuple[str, ...] = Field(default=(), description="frequent words that tell it from its nearest kin")
    telling_forms: tuple[str, ...] = Field(
        default=(), description="spellings that do, in words not told of: *sjon, ut*, *ei*"
    )
    titles: tuple[str, ...] = Field(description="positions of top and budget-holding people; * as in patterns")
    given_names: tuple[str, ...] = Field(default=(), description="frequent first names: a hint that a name is a person")
    place_prepositions: tuple[str, ...] = ()
    places: tuple[str, ...] = Field(default=(), description="countries, regions and large cities, in lower case")
    adjectives: tuple[str, ...] = Field(default=(), description="capitalised words that stand before a name; * allowed")
    name_adjectives: tuple[str, ...] = Field(
        default=(), description="adjectives that have a capital only in names: Deutsche Bahn"
    )
    pronouns: tuple[str, ...] = Field(default=(), description="words of the anaphora that alone stand for somebody")
    trade_words: tuple[str, ...] = Field(default=(), description="what a company is called before its name; * allowed")
    not_companies: tuple[str, ...] = Field(
        default=(), description="words in names of public bodies, clubs, schools; * allowed"
    )
    anaphora: tuple[str, ...] = Field(default=(), description="the company, the group … : the one of the headline")
    speech: tuple[str, ...] = Field(default=(), description='said, told …: the "it" after them is who speaks')
    people: tuple[str, ...] = Field(default=(), description="nouns counted as headcount; * allowed")
    vacancies: tuple[str, ...] = Field(default=(), description="nouns counted as vacancies; * allowed")
    numbers: dict[str, Decimal] = Field(default_factory=dict, description="number words")
    scales: dict[str, Decimal] = Field(default_factory=dict, description="thousand, million … and their abbreviations")
    currencies: dict[str, CurrencyCode] = Field(default_factory=dict, description="word or sign → ISO 4217")
    decimal_comma: bool = True
    verb_second: bool = Field(default=True, description="whether the subject follows the verb when it does not open")
    relative_days: dict[str, int] = Field(default_factory=dict, description="yesterday, today … → days")


class Lexicon:
    """All event types and languages, checked. Safe to pickle: what is compiled is left behind and rebuilt."""

    def __init__(self, types: Mapping[str, EventType], languages: Mapping[str, Language]) -> None:
        self.types: Mapping[str, EventType] = MappingProxyType(dict(sorted(types.items())))
        self.languages: Mapping[str, Language] = MappingProxyType(dict(sorted(languages.items())))
        self._compiled: dict[tuple[str, str, tuple[str, ...]], Pattern] = {}
        self._sets: dict[str, dict[str, tuple[str, ...]]] = {}
        self._phrases: dict[str, tuple[tuple[str, Pattern], ...]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Lexicon, (dict(self.types), dict(self.languages))

    def sets(self, language: str) -> dict[str, tuple[str, ...]]:
        """The named alternatives of a language; ``title`` are its person titles."""
        if language not in self._sets:
            known = self.languages[language]
            inherited = self.sets(known.falls_back_on) if known.falls_back_on else {}
            self._sets[language] = inherited | known.sets | {"title": known.titles}
        return self._sets[language]

    def chain(self, language: str) -> tuple[str, ...]:
        """The language and those whose phrases are read as well; empty for one that is not declared."""
        if language not in self.languages:
            return ()
        after = self.languages[language].falls_back_on
        return (language, *(self.chain(after) if after else ()))

    def _with_inverted(self, event_type: EventType, language: str) -> tuple[str, ...]:
        """The phrases of a type, and their inverted forms where the language puts the verb second."""
        phrases: tuple[str, ...] = event_type.phrases.get(language, ())  # type: ignore[call-overload]
        if not self.languages[language].verb_second or {"product", "person"} & set(event_type.attributes):
            return phrases
        turned = (inverted(phrase) for phrase in phrases)
        return tuple(dict.fromkeys((*phrases, *(phrase for phrase in turned if phrase))))

    def compiled(self, phrase: str, language: str, roles: tuple[str, ...]) -> Pattern:
        """The pattern of a phrase that may name these roles; made once, when its file is checked.

        Raises:
            PatternError: it cannot be read.
        """
        key = (phrase, language, roles)
        if key not in self._compiled:
            known = self.languages[language]
            forms = Infinitives(known.infinitives if roles else {}, known.purpose)
            self._compiled[key] = compile_pattern(phrase, self.sets(language), roles.__contains__, infinitives=forms)
        return self._compiled[key]

    def patterns(self, phrases: Iterable[str], language: str, roles: tuple[str, ...] = ()) -> tuple[Pattern, ...]:
        """The patterns of phrases; without ``roles`` of such as name none, and whose verbs stand as they are."""
        return tuple(self.compiled(phrase, language, roles) for phrase in phrases)

    @property
    def phrases(self) -> tuple[tuple[str, str, Pattern], ...]:
        """(type, language, pattern) of every phrase, in a stated order."""
        every = ((name, language, p) for language in self.languages for name, p in self.phrases_of(language))
        return tuple(sorted(every, key=lambda known: known[:2]))

    def phrases_of(self, language: str) -> tuple[tuple[str, Pattern], ...]:
        """(type, pattern) of every phrase of one language, by type and as its file has them."""
        if language not in self._phrases:
            self._phrases[language] = tuple(
                (name, self.compiled(phrase, language, event_type.roles))
                for name, event_type in self.types.items()
                for phrase in self._with_inverted(event_type, language)
            )
        return self._phrases[language]


@functools.cache
@lasting()
def load_lexicon(*overlays: Path) -> Lexicon:
    """The shipped types and languages, overlaid by file name by those of ``overlays`` (in their order).

    Raises:
        DeclarationError: a file is wrong; names file, key, value and what is allowed.
    """
    folders = (_HERE, *overlays)
    type_files = _files(folder / "triggers" for folder in folders)
    language_files = _files(folder / "languages" for folder in folders)
    languages = {name: _load(path, Language, name) for name, path in language_files.items()}
    types = {name: _load(path, EventType, name) for name, path in type_files.items()}
    lexicon = Lexicon(types, languages)
    _check_languages(lexicon, language_files)
    seen: dict[str, str] = {}
    for name, event_type in types.items():
        _check_type(lexicon, event_type, type_files[name], seen)
    return lexicon


def _files(folders: Iterable[Path]) -> dict[str, Path]:
    found = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    return dict(sorted(found.items()))


def _load(path: Path, model: type[_ModelT], name: str) -> _ModelT:
    return load_toml(path, model, id=name)


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
    for phrase in phrases:
        if phrase in seen:
            raise DeclarationError(path, f"{phrase!r} is there twice", key=key)
        seen.add(phrase)
        try:
            lexicon.compiled(phrase, language, roles)
        except PatternError as error:
            raise DeclarationError(path, f"{phrase!r}: {error}", key=key) from None
