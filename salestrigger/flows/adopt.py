"""What ``sources discover`` proposed and a person confirmed: feeds and boards become sources, numbers go into the list.

A row is confirmed by ``yes`` in its column ``take``, or all rows of a kind at once. The file may come back from a
spreadsheet: any usual delimiter and encoding is read. Nothing is fetched here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from salestrigger.flows.discover import HEADINGS
from salestrigger.flows.import_lists import COLUMNS, delimited_rows, list_rows, write_list
from salestrigger.sources.adapters.job_boards import reader
from salestrigger.sources.discover import BOARD_DOMAINS, BOARDS
from salestrigger.sources.errors import DeclarationError, UsageError
from salestrigger.sources.registry import CATALOG, declare, load_spec
from salestrigger.sources.spec import SourceSpec
from salestrigger.sources.text import slug

Row = dict[str, str]
BOARD_KINDS = frozenset(BOARDS.values()) | frozenset(BOARD_DOMAINS.values())
#: what can be taken at once; ``board`` stands for every kind of job board, a doubtful number is taken one by one
KINDS = ("feed", "number", "board")
NUMBER_KINDS = ("number", "number?")
_YES = frozenset({"yes", "y", "ja", "kyllä", "x", "1", "true"})


def adopt_proposals(home: Path, proposals: Path, *, kinds: Collection[str] = ()) -> list[str]:
    """Make what is confirmed so, rows that say yes and all of ``kinds``; says what was done, line by line.

    Raises:
        DeclarationError: the file is missing or lacks a column. UsageError: an unknown kind. OSError: the home cannot
            be written.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"unknown kind {kind!r} of proposal; allowed: {', '.join(KINDS)}")
    rows = [row for row in _read(proposals) if row["take"].strip().casefold() in _YES or _group(row["kind"]) in kinds]
    found = [row for row in rows if row["kind"] in NUMBER_KINDS]
    said = [_add_numbers(home / "accounts.csv", found)] if found else []
    numbers = _numbers_of(home / "accounts.csv")
    said += [_adopt_source(home, row, numbers) for row in rows if row["kind"] not in NUMBER_KINDS]
    return said or ["nothing says yes in the column take"]


def _group(kind: str) -> str:
    return "board" if kind in BOARD_KINDS else kind


def _read(proposals: Path) -> list[Row]:
    if not proposals.is_file():
        raise DeclarationError(proposals, "no such file")
    lines = [cells for _, cells in delimited_rows(proposals)]
    headings = [heading.strip() for heading in lines[0]] if lines else []
    missing = [heading for heading in HEADINGS if heading not in headings]
    if missing:
        raise DeclarationError(proposals, f"line 1: no column {missing[0]!r}; needed: {', '.join(HEADINGS)}")
    padded = ([*cells, *[""] * (len(headings) - len(cells))] for cells in lines[1:])
    return [dict(zip(headings, cells, strict=False)) for cells in padded]


def _adopt_source(home: Path, row: Row, numbers: dict[str, str]) -> str:
    """A feed or job board as a source of its own, switched on: a person has just said so."""
    kind, number = row["kind"], numbers.get(row["org_id"]) or numbers.get(row["account"], "")
    if kind != "feed" and kind not in BOARD_KINDS:
        allowed = ", ".join(("feed", *NUMBER_KINDS, *sorted(BOARD_KINDS)))
        return f"{row['account']}: {kind!r} is no kind of proposal; allowed: {allowed}"
    base = f"{slug(row['account'])[:45].strip('-')}-{'news' if kind == 'feed' else kind}"
    spec = _feed(base, row, number) if kind == "feed" else _board(base, row, number)
    taken = 1
    while (path := home / "sources" / f"{spec.id}.toml").exists():
        if _same(load_spec(path, home=home), spec):
            return f"{spec.id}: is there already"
        taken += 1
        spec = spec.model_copy(update={"id": f"{base}-{taken}"})
    declare(spec, home / "sources")
    return f"{spec.id}: {row['value']}; check it with: salestrigger sources check {spec.id}"


def _same(there: SourceSpec, spec: SourceSpec) -> bool:
    """Whether a file of the home asks the same already, whatever else a person has changed in it."""
    return (there.adapter, there.url, there.options.get("token")) == (spec.adapter, spec.url, spec.options.get("token"))


def _feed(name: str, row: Row, number: str) -> SourceSpec:
    """The newsroom of one company: whatever it publishes is by that company."""
    identifier = {"identifier": number} if number else {}
    return SourceSpec(
        id=name, title=f"{row['account']}: news", adapter="feed", url=row["value"], trust="newsroom",
        licence="the company's own site; headline, link and a short quote",
        options={"issuer": row["account"]} | identifier,
        personal_data="names in the news; nothing is extracted from them but the news",
    )  # fmt: skip


def _board(name: str, row: Row, number: str) -> SourceSpec:
    """The job board of one company, as the shipped file of its kind asks it."""
    kind, parts = row["kind"], urlsplit(row["value"])
    shipped = load_spec(CATALOG / f"jobs-{kind}.toml")
    options = {"board": kind, "company": row["account"]} | ({"identifier": number} if number else {})
    url = f"https://{parts.hostname}"
    if "{token}" in reader(kind).PATH:
        options["token"] = next((part for part in parts.path.split("/") if part), "")
        url = shipped.url.replace("api.lever.co", "api.eu.lever.co") if ".eu." in url else shipped.url
    changed = {"id": name, "title": f"{row['account']}: vacancies", "url": url, "options": options, "enabled": True}
    return shipped.model_copy(update=changed)


def _numbers_of(target: Path) -> dict[str, str]:
    """Account (its id, and its name) → the first number that the list states, as NO-BRC:999999999."""
    found: dict[str, str] = {}
    for row in list_rows(target):
        first = (row.get("identifiers") or "").split("|")[0].strip()
        for key in (row.get("org_id"), row.get("name")):
            if key and first:
                found.setdefault(key, first)
    return found


def _add_numbers(target: Path, found: Iterable[Row]) -> str:
    """Numbers into the column identifiers of accounts.csv."""
    numbers: dict[str, list[str]] = {}
    for row in found:
        for key in (row["org_id"], row["account"]):
            numbers.setdefault(key, []).append(row["value"])
    rows = list_rows(target)
    columns = list(dict.fromkeys([*(rows[0] if rows else COLUMNS), "identifiers"]))
    added = 0
    for row in rows:
        for full in numbers.get(row.get("org_id") or row.get("name") or "", ()):
            country, register, number = full.split("-", 2)
            stated = f"{country}-{register}:{number}"
            if stated not in (row.get("identifiers") or "").split("|"):
                row["identifiers"] = "|".join(filter(None, [row.get("identifiers") or "", stated]))
                added += 1
    write_list(target, columns, rows)
    return f"{target}: {added} numbers added"
