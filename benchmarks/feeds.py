"""The feed adapter on the test corpora of other feed readers: no crash, and agreement with gofeed's expected parse.

What is read without feedparser (feed_plain) must give the same documents as feedparser does.

Every file of the corpora (feedparser, W3C feed validator, gofeed, miniflux, reader; packed as NAME.tar.xz in DIR) goes
through the adapter's reader in the sandbox; anything but an answer is a crash. Of gofeed's pairs X.xml + X.json the
title, link and date of every entry are compared where both give one. A difference is listed, with why it is one where
that is known.

    python -m benchmarks.feeds DIR [-v]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salestrigger.sources.adapters.feed_json import read_json_feed
from salestrigger.sources.adapters.feed_plain import plain_feed
from salestrigger.sources.adapters.feed_xml import (
    DEFAULT_TYPE,
    by_feedparser,
    items_of,
    read_xml_feed,
    within_limits,
)
from salestrigger.sources.adapters.item_build import MAX_TITLE, Item, build, plain
from salestrigger.sources.adapters.item_dates import parse_date
from salestrigger.sources.errors import SourceError
from salestrigger.sources.sandbox import run_sandboxed
from salestrigger.sources.text import canonical_url

CORPORA = ("feedparser-tests", "w3c-feedvalidator", "gofeed-testdata", "miniflux-testdata", "lemon24-reader-data")
SUFFIXES = {".xml", ".rss", ".atom", ".json", ".rdf", ".xml_", ".html"}
NOW = datetime(2026, 11, 1, tzinfo=UTC)
BASE = "http://example.org/feed"

#: (part of a name, field) → why our reading differs from gofeed's
REASONS: tuple[tuple[str, str, str], ...] = ()


def files(directory: Path) -> Iterator[tuple[str, str, bytes]]:
    """Corpus, name and content of every feed."""
    for corpus in CORPORA:
        with tarfile.open(directory / f"{corpus}.tar.xz") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None and Path(member.name).suffix in SUFFIXES:
                    yield corpus, member.name, content.read()


def context() -> dict[str, Any]:
    """What a reader is told of its source."""
    return {
        "source_id": "corpus", "base_url": BASE, "content_type": "", "language": None, "is_aggregator": False,
        "kind": "news", "skip_titles": (), "fetched_at": NOW, "now": NOW,
    }  # fmt: skip


async def crash_of(body: bytes) -> str:
    """Why reading the body did not end in an answer; empty when it did."""
    is_json = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
    try:
        # a busy machine may take its time to start a worker; the limit on processor time is that of a run
        await run_sandboxed(read_json_feed if is_json else read_xml_feed, body, context(), wall_s=60.0)
    except SourceError as error:
        return f"{error.reason}: {error}"[:200]
    return ""


def differs_from_feedparser(body: bytes) -> bool | None:
    """Whether an ordinary feed gives other documents than by feedparser; None when it is not ordinary."""
    told = context()
    short = None if within_limits(body)[2] else plain_feed(body, DEFAULT_TYPE)
    if short is None:
        return None
    mine, theirs = build(short[0], told | {"feed_language": short[1]}), by_feedparser(body, told)
    return (mine.documents, mine.set_aside) != (theirs.documents, theirs.set_aside)


def expected_items(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entries of an expected parse."""
    found = data.get("items") or data.get("entries") or []
    return [row for row in found if isinstance(row, dict)]


def expected_values(row: Mapping[str, Any]) -> dict[str, str]:
    """What gofeed says of an entry, as our adapter would spell it."""
    links = [link.get("href") for link in row.get("links") or () if isinstance(link, dict)]
    link = row.get("link") or next((href for href in links if href), "")
    date = next((row[key] for key in _DATES if row.get(key)), "")
    return {
        "title": plain(str(row.get("title") or ""), limit=MAX_TITLE),
        "link": canonical_url(str(link), BASE) if link else "",
        "date": _second(parse_date(str(date), now=NOW)) if date else "",
    }


_DATES = ("publishedParsed", "pubDateParsed", "updatedParsed")


def values_of(item: Item) -> dict[str, str]:
    """What our adapter says of an entry."""
    return {
        "title": plain(item.title, limit=MAX_TITLE),
        "link": canonical_url(item.link, BASE) if item.link.strip() else "",
        "date": _second(item.published_at or item.updated_at),
    }


def _second(moment: datetime | None) -> str:
    return moment.replace(microsecond=0).isoformat() if moment else ""


def compared(name: str, body: bytes, expected: bytes) -> Iterator[tuple[str, bool, str]]:
    """(field, whether both agree, the difference) for every entry and field that both give."""
    try:
        rows = expected_items(json.loads(expected))
    except ValueError:
        return
    items = items_of(body, context())
    for number, (row, item) in enumerate(zip(rows, items, strict=False)):
        theirs, ours = expected_values(row), values_of(item)
        for field in ("title", "link", "date"):
            if theirs[field] and ours[field]:
                agree = theirs[field] == ours[field]
                yield field, agree, "" if agree else f"{name}#{number} {field}: {ours[field]!r}, not {theirs[field]!r}"


def why(difference: str) -> str:
    """The known reason of a difference."""
    return next((reason for part, field, reason in REASONS if part in difference and f" {field}: " in difference), "")


def report(directory: Path, *, verbose: bool) -> int:
    """Read all, print; how many crashes, and 1 more when too little agrees."""
    held = list(files(directory))
    counts, crashes = Counter(corpus for corpus, _, _ in held), []
    for _, name, body in held:
        if why_not := asyncio.run(crash_of(body)):
            crashes.append(f"{name}: {why_not}")
    print(f"{len(held)} files read, {len(crashes)} crashes: {', '.join(f'{c} {n}' for c, n in counts.items())}")
    print("\n".join(crashes))
    plain_ones = [(name, body) for _, name, body in held if differs_from_feedparser(body) is not None]
    unlike = [name for name, body in plain_ones if differs_from_feedparser(body)]
    print(f"{len(plain_ones)} read without feedparser, {len(unlike)} with other documents: {', '.join(unlike)}")
    by_name = {name: body for corpus, name, body in held if corpus == "gofeed-testdata"}
    agreed, differing = Counter[str](), []
    total = Counter[str]()
    for name, body in sorted(by_name.items()):
        expected = by_name.get(name.removesuffix(".xml") + ".json")
        if not name.endswith(".xml") or expected is None:
            continue
        for field, agree, difference in compared(name.rpartition("/testdata/")[2], body, expected):
            total[field] += 1
            agreed[field] += agree
            differing += [difference] if difference else []
    for field in total:
        print(f"{field:6} {agreed[field]} of {total[field]} agree with gofeed ({agreed[field] / total[field]:.1%})")
    for difference in differing:
        print(f"  {difference}  [{why(difference) or 'no reason known'}]")
    share = agreed.total() / max(1, total.total())
    print(f"all    {agreed.total()} of {total.total()} ({share:.2%})")
    if verbose:
        print(f"{len(by_name)} files of gofeed")
    return len(crashes) + len(unlike) + (share < 0.98)


def main() -> int:
    """Unpack, read, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    missing = [name for name in CORPORA if not (arguments.directory / f"{name}.tar.xz").is_file()]
    if missing:
        print(f"no corpora at {str(arguments.directory)!r}: {', '.join(missing)} missing", file=sys.stderr)
        return 2
    return int(report(arguments.directory, verbose=arguments.verbose) > 0)


if __name__ == "__main__":
    sys.exit(main())
