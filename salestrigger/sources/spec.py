"""What a catalogue file may say about a source, and nothing else.

The id of a source is its file's name; ``options`` belong to the adapter, which checks them with a model of its own.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from salestrigger.sources.declare import Declaration

Trust = Literal["register", "wire", "newsroom", "press", "aggregator", "user"]
SizeKind = Literal["feed", "page", "api", "bulk"]
#: How an address was checked without asking it: somebody's dated record of an answer (``tested``); two or more public
#: feed lists or programs that read it (``lists``), or one (``list``); only the publisher's scheme is known (``form``).
Seen = Literal["", "tested", "lists", "list", "form"]


#: What an id may be: it names files and rows.
ID_PATTERN = r"[a-z0-9][a-z0-9-]{0,59}"


class SourceSpec(Declaration):
    """One source: where it is, how to read it, how politely, under which terms."""

    id: str = Field(pattern=f"^{ID_PATTERN}$", description="the file's name without .toml")
    title: str = Field(min_length=1, description="as a person knows it")
    adapter: str = Field(description="a module of sources/adapters")
    url: str = Field(description="http(s) address, or a file's path for the user's own lists")
    enabled: bool = True
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")
    language: str | None = Field(default=None, description="BCP 47, when all its texts are in one language")
    trust: Trust = Field(description="register over wire and newsroom over press over aggregator")
    size: SizeKind = Field(default="feed", description="which size limits apply")
    pace_s: float = Field(default=5.0, ge=0, le=3600, description="seconds between two requests to its host")
    every_hours: float = Field(default=0, ge=0, le=24 * 366, description="not asked again sooner; 0: at every run")
    also_hosts: tuple[str, ...] = Field(default=(), description="further hosts that it asks, at the same pace")
    obey_robots: bool = Field(default=True, description="false only for documented APIs")
    retention_days: int = Field(default=30, ge=0, le=365, description="how long bodies stay in the raw store")
    per_day: float | None = Field(default=None, ge=0, description="items expected on an ordinary day, if known")
    licence: str = Field(min_length=1, description="under which terms its content may be used")
    terms_url: str = ""
    cost: Literal["free", "key", "paid"] = "free"
    key_env: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$", description="the variable with the key")
    key_from: str = Field(default="", description="where to get the key")
    personal_data: str = Field(default="none", description="what personal data it has and what is dropped")
    event_types: tuple[str, ...] = Field(default=(), description="event types it usually yields")
    verified: bool = Field(default=False, description="whether the address was seen to answer as described")
    seen: Seen = Field(default="", description="how the address was checked, without asking it ourselves")
    options: dict[str, Any] = Field(default_factory=dict, description="the adapter's own settings")
