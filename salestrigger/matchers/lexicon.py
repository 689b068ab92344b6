"""What the matchers know of event types and languages: strict TOML, one file per type and one per language.

The id is the file's name. A folder of one's own overlays the shipped files by file name (``triggers/*.toml`` and
``languages/*.toml`` in it). Everything is checked when it is loaded, before any document is read: an unknown key, role
or attribute, a phrase that cannot be read, the same phrase or definition twice, a type without examples in Dutch,
Norwegian or English is refused by file, key and value. This module detects nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import Field

from salestrigger.matchers.anchors import SHORTEST
from salestrigger.matchers.event_type import AttributeName, EventType, LanguageId, RoleName, Window
from salestrigger.matchers.lasting import lasting
from salestrigger.matchers.lexicon_checks import check_lexicon
from salestrigger.matchers.patterns import Infinitives, Pattern, compile_pattern
from salestrigger.sources.declare import Declaration, load_toml

__all__ = ["AttributeName", "EventType", "Language", "LanguageId", "Lexicon", "RoleName", "Window", "load_lexicon"]
CurrencyCode = Annotated[str, Field(pattern="^([0-9]{1,15} )?[A-Z]{3}$")]  #: "MDKK" is "1000000 DKK"
Infinitive = Annotated[str, Field(min_length=SHORTEST)]
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
    infinitives: dict[str, Infinitive] = Field(
        default_factory=dict, description="present tense → infinitive, of phrases' verbs"
    )
    purpose: str = Field(default="", description="what makes an infinitive a purpose: 'for å'")
    drops_subject: bool = Field(default=False, description="whether headlines open with a verb, without its subject")
    position_before_company: bool = Field(
        default=False, description="whether headlines write a position right before the company: 'Topman Kokvik'"
    )
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
        turned = (_inverted(phrase) for phrase in phrases)
        return tuple(dict.fromkeys((*phrases, *(phrase for phrase in turned if phrase))))

    def compiled(self, phrase: str, language: str, roles: tuple[str, ...]) -> Pattern:
        """The pattern of a phrase that may name these roles; made once, when it is asked for.

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

    def exclusions(self, type_id: str, language: str) -> tuple[Pattern, ...]:
        """What a sentence may not have, to tell of an event of the type: the patterns of one language."""
        event_type = self.types[type_id]
        return self.patterns(event_type.exclude.get(language, ()), language, event_type.roles)  # type: ignore[call-overload]

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
    check_lexicon(lexicon, type_files, language_files)
    return lexicon


def _files(folders: Iterable[Path]) -> dict[str, Path]:
    found = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    return dict(sorted(found.items()))


def _load(path: Path, model: type[_ModelT], name: str) -> _ModelT:
    return load_toml(path, model, id=name)


def _inverted(source: str) -> str:
    """``(opent|opende) {organization} …`` for ``{organization} .. (opent|opende) …``: the verb comes first when
    something else opens the sentence. Empty for a phrase of another form, or with more than one role."""
    found = re.match(r"(\{[a-z_]+\}) (?:\.\. )?(\([^()]*\)) ?(.*)\Z", source)
    if not found or found[3].startswith("?") or re.search(r"\{(?!place|n\}|money|percent|from)", found[3]):
        return ""
    return f"{found[2]} {found[1]} {found[3]}".strip()
