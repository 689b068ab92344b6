"""What a file of ``triggers/`` declares: one event type, its roles, windows, phrases and examples.

A declaration only; ``lexicon.py`` loads and checks it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from salestrigger.matchers.types import Polarity
from salestrigger.sources.declare import Declaration
from salestrigger.sources.records import DocumentKind

RoleName = Literal[
    "acquirer", "target", "seller", "party", "buyer", "organization", "new_owner", "old_owner", "investee", "investor",
    "recipient", "provider", "issuer", "parent", "counterparty", "vendor", "customer", "authority", "winner",
    "plaintiff", "defendant",
]  # fmt: skip
AttributeName = Literal[
    "amount", "currency", "measure", "percent", "headcount", "count", "location", "from_location", "person", "title",
    "previous_organization", "product", "market",
]  # fmt: skip
LanguageId = Literal["nl", "nb", "nn", "en", "sv", "da", "de", "fi"]
ExampleText = Annotated[str, Field(min_length=1)]


class Labels(Declaration):
    """What a reader sees, in the three languages of the reports."""

    nl: str = Field(min_length=1)
    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Window(Declaration):
    """Days after the event's date; negative is before it. No ``expires``: the trigger stays until it is closed."""

    not_before: int = Field(description="from this day on")
    best: int | None = Field(default=None, description="best used until this day")
    expires: int | None = Field(default=None, description="of no use after this day")

    @model_validator(mode="after")
    def _is_in_order(self) -> Window:
        days = [day for day in (self.not_before, self.best, self.expires) if day is not None]
        if days != sorted(days):
            raise ValueError(f"not_before, best and expires must not go back in time: {', '.join(map(str, days))}")
        return self


class Examples(Declaration):
    """Texts that must, and texts that must not, yield the type; they run as tests."""

    match: tuple[ExampleText, ...] = Field(min_length=1)
    no_match: tuple[ExampleText, ...] = ()

    @model_validator(mode="after")
    def _is_one_of_the_two(self) -> Examples:
        if both := set(self.match) & set(self.no_match):
            raise ValueError(f"{min(both)!r} cannot be a match and no match")
        return self


class Recast(Declaration):
    """What makes it the other type: the holder of a role has a name that ends so, or the head of the text says so."""

    to: str = Field(description="the type that it is then")
    role: str = Field(default="", description="the role whose holder's last word is looked at")
    words: tuple[str, ...] = Field(default=(), description="that last word, in lower case")
    phrases: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="per language: patterns without slots, in the title or the first sentences"
    )
    public: str = Field(default="", description="the role that a public body has")
    private: str = Field(default="", description="the role that an organisation has that is no public body")
    languages: tuple[str, ...] = Field(default=(), description="the only languages that it holds for; default all")
    rename: dict[str, str] = Field(default_factory=dict, description="role of this type → role of the other")

    @model_validator(mode="after")
    def _says_when(self) -> Recast:
        if bool(self.role) != bool(self.words):
            raise ValueError("role and words belong together")
        if not (self.words or self.phrases or self.public or self.private):
            raise ValueError("say when: role and words, phrases, public or private")
        return self


class EventType(Declaration):
    """One type of event."""

    id: str = Field(pattern=r"^[a-z][a-z_]{2,39}$", description="the file's name without .toml")
    label: Labels
    definition: str = Field(min_length=10, description="completes 'an organisation …'")
    roles: tuple[RoleName, ...] = Field(min_length=1, description="the subject first")
    attributes: tuple[AttributeName, ...] = ()
    polarity: Polarity
    window: Window
    impact: int = Field(ge=0, le=100, description="weight in the rank")
    hook: Literal["safe", "careful", "never"] = Field(description="whether a rep may open with it")
    future: Literal["planned", "announced"] = Field(
        default="announced", description="what an act that the text dates in the future is"
    )
    needs: tuple[RoleName, ...] = Field(default=(), description="roles without which it is no event of this type")
    yields_to: tuple[str, ...] = Field(default=(), description="types that, told of the same subject, take its place")
    recast: tuple[Recast, ...] = Field(default=(), description="when it is another type")
    kinds: tuple[DocumentKind, ...] = Field(
        default=("news", "notice", "filing", "tender"), min_length=1, description="kinds of documents it is read in"
    )
    waits: bool = Field(
        default=False, description="whether it is told only when its window opens, not when it is first known"
    )
    headline_only: bool = Field(default=False, description="whether only a headline tells of it")
    derived_from: str = Field(
        default="", description="the type that becomes this one by the user's own data; it needs no phrases then"
    )
    unsaid: RoleName | None = Field(
        default=None, description="the part of whoever a source states has one, without saying which; no text gives it"
    )
    public_subject: bool = Field(default=False, description="whether a public body may be its subject")
    phrases: dict[LanguageId, tuple[str, ...]] = Field(
        default_factory=dict, description="patterns per language; see patterns.py"
    )
    exclude: dict[LanguageId, tuple[str, ...]] = Field(
        default_factory=dict, description="patterns that make a sentence no event of this type"
    )
    examples: dict[LanguageId, Examples] = Field(description="at least in nl, nb and en")

    @field_validator("roles", "attributes")
    @classmethod
    def _names_each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if twice := [name for at, name in enumerate(names) if name in names[:at]]:
            raise ValueError(f"{twice[0]!r} is there twice")
        return names

    @property
    def subject(self) -> RoleName:
        """The role whose holder the event is about."""
        return self.roles[0]
