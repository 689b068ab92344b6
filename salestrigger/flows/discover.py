"""Look at the sites of one's accounts, politely, and write down what could be watched there: for a person to confirm.

Per account the home page and a few pages that its links name (news, careers, contact): no more than MAX_PAGES. What is
found goes into a CSV with a column ``take``; only what a person confirms is adopted (``adopt.py``).
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from salestrigger.reports.safe import csv_cell
from salestrigger.sources.adapters.accounts import read_bytes
from salestrigger.sources.adapters.accounts_rows import read_accounts
from salestrigger.sources.discover import Seen, look_through
from salestrigger.sources.errors import SalestriggerError
from salestrigger.sources.http import Fetcher, FetchPolicy, NotModified, Request, Route
from salestrigger.sources.records import OrgRecord
from salestrigger.sources.register_numbers import Stated
from salestrigger.sources.sandbox import run_sandboxed
from salestrigger.warehouse.whole_file import whole_file

MAX_PAGES = 5  #: per account: its home page, and one each of what :data:`~salestrigger.sources.discover.LOOK_ON` names
HEADINGS = ("take", "account", "org_id", "kind", "value", "says", "found_on")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that could be watched, or known, of an account."""

    record: OrgRecord
    kind: str  #: feed, number, number? (it may be somebody else's), or the adapter of a job board
    value: str
    says: str
    found_on: str


def discover_accounts(accounts: Path, output: Path, *, policy: FetchPolicy, route: Route, limit: int) -> str:
    """Look, and write the proposals; says what was found.

    Raises:
        DeclarationError: the list is wrong. StorageError: the proposals cannot be written.
    """
    records = read_accounts(accounts, read_bytes(accounts), source_id="accounts", fetched_at=datetime.now(UTC))
    chosen = [record for record in records if record.website][:limit]
    found, silent = asyncio.run(_look_at_all(chosen, policy=policy, route=route))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for p in found:
        writer.writerow(("", p.record.name, p.record.identifier, p.kind, p.value, csv_cell(p.says), p.found_on))
    with whole_file(output) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")
    if not chosen:
        return f"none of {len(records)} accounts has a website: add it in the column website, then discover looks there"
    with_any = len({p.record.record_id for p in found})
    return (
        f"{len(chosen)} of {len(records)} accounts have a website; something was found for {with_any}, "
        f"{silent} did not answer; {len(found)} proposals in {output}: write yes into the column take, then: "
        f"salestrigger sources adopt {output} (--all feed takes every feed; also number, board)"
    )


async def _look_at_all(
    records: Iterable[OrgRecord], *, policy: FetchPolicy, route: Route
) -> tuple[list[Proposal], int]:
    gate = asyncio.Semaphore(policy.concurrency)
    async with Fetcher(policy, route=route) as fetcher:

        async def one(record: OrgRecord) -> list[Proposal] | None:
            async with gate:
                return await _look_at(record, fetcher)

        answers = await asyncio.gather(*(one(record) for record in records))
    return [p for found in answers for p in found or ()], sum(found is None for found in answers)


async def _look_at(record: OrgRecord, fetcher: Fetcher) -> list[Proposal] | None:
    """What the account's pages say; None when its site does not answer."""
    found: dict[tuple[str, str], Proposal] = {}
    queue, looked = [record.website or ""], 0
    while queue and looked < MAX_PAGES:
        url = queue.pop(0)
        looked += 1
        try:
            answer = await fetcher.fetch(Request(url=url, size="page"))
            if isinstance(answer, NotModified) or answer.status != 200:
                continue
            context = {
                "url": answer.url,
                "content_type": answer.headers.get("content-type", ""),
                "country": record.country,
                "name": record.name,
            }
            seen: Seen = await run_sandboxed(look_through, answer.body, context)
        except SalestriggerError:
            if looked == 1:
                return None
            continue
        if looked == 1:
            queue += seen.pages
        known = {str(identifier) for identifier in record.other_ids}
        for kind, value, says in (
            *(("feed", address, title) for address, title in seen.feeds),
            *((adapter, address, "job board") for address, adapter in seen.boards),
            *(_number(stated) for stated in seen.numbers if stated.number not in known),
        ):
            proposal = Proposal(record, kind, value, says, answer.url)
            key = (kind.rstrip("?"), value)
            if kind == "number" and key in found:
                found[key] = replace(found[key], kind=kind, says=says)  # one page's doubt is cleared by another
            found.setdefault(key, proposal)
    return _doubted(list(found.values()))


def _number(stated: Stated) -> tuple[str, str, str]:
    """(kind, value, words) of a number."""
    kind, doubt = ("number?", f", {stated.doubt}") if stated.doubt else ("number", "")
    return kind, stated.number, f"on its own pages{doubt}"


def _doubted(found: list[Proposal]) -> list[Proposal]:
    """A company has one number in a register: of several, none is sure."""
    registers = Counter(p.value[:6] for p in found if p.kind == "number")
    return [
        replace(p, kind="number?", says=f"{p.says}, which state {registers[p.value[:6]]} numbers of this register")
        if p.kind == "number" and registers[p.value[:6]] > 1
        else p
        for p in found
    ]
