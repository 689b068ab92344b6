"""When a finding of one event type is one of another: a fund that buys makes a change of owner, not an acquisition.

A declaration of a type's file only; ``event_choice.py`` applies it.
"""

from __future__ import annotations

from pydantic import Field, model_validator

from salestrigger.sources.declare import Declaration


class Recast(Declaration):
    """What makes it the other type: the holder of a role has a name that ends so, or the head of the text says so."""

    to: str = Field(description="the type that it is then")
    role: str = Field(default="", description="the role whose holder's last word is looked at")
    words: tuple[str, ...] = Field(default=(), description="that last word, in lower case")
    phrases: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="per language: patterns without slots, in the title or the first sentences"
    )
    rename: dict[str, str] = Field(default_factory=dict, description="role of this type → role of the other")

    @model_validator(mode="after")
    def _says_when(self) -> Recast:
        if bool(self.role) != bool(self.words):
            raise ValueError("role and words belong together")
        if not (self.words or self.phrases):
            raise ValueError("say when: role and words, or phrases")
        return self
