"""The outlets of the demo market and the items that each carries on a day: the rolling window of a real feed."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from salestrigger.sources.declare import Declaration, load_toml, read_toml, validate
from salestrigger.sources.demo.organisations import FOLDER
from salestrigger.sources.demo.stories import Story, stories
from salestrigger.sources.demo.timeline import day_clock, moment, number_of
from salestrigger.sources.spec import SourceSpec

Format = Literal["rss", "atom", "rdf", "json", "html", "globe"]
#: how an outlet treats a text that it has from a wire
CopyStyle = Literal["same", "credited", "shortened"]


class Outlet(Declaration):
    """One outlet as ``outlets.toml`` has it."""

    format: Format
    window_days: int = 7
    limit: int = 40
    copy_style: CopyStyle = "same"
    behaviour: Literal["", "busy", "moved"] = ""
    generator: str = Field(default="", description="what the feed says it was made with")


@dataclass(frozen=True, slots=True)
class Item:
    """One story in one outlet."""

    source_id: str
    key: str  #: what the feed gives as the item's identity
    url: str
    number: int
    title: str
    text: str
    published_at: datetime
    story: Story


@functools.cache
def outlets() -> Mapping[str, Outlet]:
    """Every outlet by source id."""
    path = FOLDER / "outlets.toml"
    return {source: validate(path, Outlet, row) for source, row in read_toml(path).items()}


@functools.cache
def demo_specs() -> dict[str, SourceSpec]:
    """Every source of the demo market by id: the ``demo-*.toml`` of this folder, in name order."""
    specs = {path.stem: load_toml(path, SourceSpec, id=path.stem) for path in sorted(FOLDER.glob("demo-*.toml"))}
    return {key: spec if "://" in spec.url else _beside(spec) for key, spec in specs.items()}


def _beside(spec: SourceSpec) -> SourceSpec:
    """A list that lies in this folder, by its absolute path."""
    return spec.model_copy(update={"url": str(FOLDER / spec.url)})


@functools.cache
def all_items(source_id: str) -> tuple[Item, ...]:
    """Everything an outlet publishes over the whole calendar, the oldest first."""
    carried = [_item(source_id, story) for story in stories() if source_id in story.outlets]
    return tuple(sorted(carried, key=lambda item: (item.published_at, item.key)))


def items_on(source_id: str, day: int) -> tuple[Item, ...]:
    """What the outlet's feed shows at the time of the run of ``day``, the newest first."""
    outlet, now = outlets()[source_id], day_clock(day)
    since = now - timedelta(days=outlet.window_days)
    shown = [item for item in all_items(source_id) if since < item.published_at <= now]
    return tuple(reversed(shown[-outlet.limit :]))


def _item(source_id: str, story: Story) -> Item:
    outlet = outlets()[source_id]
    position = story.outlets.index(source_id)
    published = moment(story.day, story.story_id, last_hour=13)
    published += timedelta(minutes=position * (11 + number_of(source_id, story.story_id) % 40))
    number = 1_000_000 + number_of(source_id, story.story_id) % 8_000_000
    title = story.retitled.get(source_id, story.title)
    host = urlsplit(demo_specs()[source_id].url).netloc
    url = f"http://{host}{_path(outlet.format, story, title, published=published, number=number)}"
    text = _copied(story, outlet.copy_style) if position else story.text
    key = url if outlet.format in ("globe", "html", "rdf", "rss") and number % 2 == 0 else f"{host}:{number}"
    if outlet.format in ("globe", "html", "rdf"):
        key = url
    return Item(source_id, key, url, number, title, text, published, story)


def _copied(story: Story, style: CopyStyle) -> str:
    """The text as an outlet prints it that took it from another."""
    if style == "credited" and story.text:
        credit = demo_specs()[story.outlets[0]].title
        return f"({credit}): {story.text}"
    sentences = re.split(r"(?<=[.!?»])\s+(?=[A-ZÆØÅ«–])", story.text)
    return " ".join(sentences[:-1]) if style == "shortened" and len(sentences) > 2 else story.text


def _path(kind: Format, story: Story, title: str, *, published: datetime, number: int) -> str:
    slug = _slug(title)
    if kind == "globe":
        return f"/news-release/{published:%Y/%m/%d}/{number}/0/{story.language}/{slug}.html"
    if kind in ("html", "json"):
        return f"/nyheter/{published:%Y}/{slug}-{number}"
    return f"/{published:%Y/%m}/{slug}/{number}"


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.lower().replace("ø", "o").replace("æ", "ae"))
    return "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))[:60].strip("-")
