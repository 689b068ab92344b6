"""How much of one's own list can be watched, before the first run and after: ``salestrigger sources coverage``."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from salestrigger.flows.place import fetch_policy, in_home
from salestrigger.flows.settings import Settings
from salestrigger.sources.adapters.accounts import read_bytes
from salestrigger.sources.adapters.accounts_rows import read_accounts
from salestrigger.sources.records import OrgRecord
from salestrigger.sources.spec import SourceSpec
from salestrigger.sources.text import registrable_domain
from salestrigger.warehouse import read
from salestrigger.warehouse.connect import Warehouse

#: adapter → the register whose organisations it watches by number
REGISTERS = {
    "brreg": "NO-BRC", "prh": "FI-PRO", "cvr": "DK-CVR", "companieshouse": "GB-COH", "bolagsverket": "SE-BLV",
    "kvk": "NL-KVK", "cir": "NL-KVK", "sec": "US-CIK", "gleif": "XI-LEI",
}  # fmt: skip


def coverage_lines(settings: Settings, accounts: Path) -> list[str]:
    """The coverage in words; the first line says it all.

    Raises:
        DeclarationError: the list is wrong. UsageError: the home has no sources.
    """
    records = read_accounts(accounts, read_bytes(accounts), source_id="accounts", fetched_at=datetime.now(UTC))
    enabled = [spec for spec in in_home(settings.home).values() if spec.enabled]
    keys = fetch_policy(settings, enabled).keys
    keyless = [spec for spec in enabled if spec.key_env and spec.id not in keys]
    specs = [spec for spec in enabled if spec not in keyless]
    linked = _linked(settings.home / "var" / "published" / "salestrigger.duckdb")
    schemes = {record.record_id: _schemes(record) | linked.get(record.record_id, set()) for record in records}
    domains = {registrable_domain(spec.url) for spec in specs if spec.adapter in {"feed", "page"}} - {""}
    registers = {REGISTERS[spec.adapter] for spec in specs if spec.adapter in REGISTERS}
    named = _named(specs)
    identified = [r for r in records if schemes[r.record_id]]
    own = [r for r in records if _has_own(r, domains, named)]
    live = [r for r in records if r in own or schemes[r.record_id] & registers]
    lines = [f"of {len(records)} accounts {len(identified)} identified, {len(live)} with a live source"]
    nameless = len(records) - len(identified)
    if nameless:
        lines.append(f"{nameless} have no number: add it in the column identifiers, or see: salestrigger links list")
    without = [r for r in records if not r.website]
    if without:
        lines.append(f"{len(without)} have no website: with one, sources discover can look for feeds and numbers")
    quiet = [r for r in records if r.website and r not in own]
    if quiet:
        lines.append(
            f"{len(quiet)} have a website but no source of their own: salestrigger sources discover {accounts}"
        )
    for spec in keyless:
        more = sum(REGISTERS.get(spec.adapter) in schemes[r.record_id] for r in records if r not in live)
        lines += [f"{more} more with a key for {spec.id}: {spec.key_env}, from {spec.key_from}"] if more else []
    dark = Counter(r.country or "?" for r in identified if r not in live)
    if dark:
        told = ", ".join(f"{country} {count}" for country, count in sorted(dark.items()))
        lines.append(f"identified, but no register of theirs is switched on: {told}")
    return lines


def _linked(published: Path) -> dict[str, set[str]]:
    """Account record → the registers that its organisation is known by, from the last run, if there was one."""
    if not published.exists():
        return {}
    with Warehouse.open(published, read_only=True) as warehouse:
        of = read.organization_of(warehouse)
        ids = warehouse.relation("organization_ids").select(["organization_id", "scheme"]).to_pylist()
    known: dict[str, set[str]] = {}
    for row in ids:
        if row["scheme"] != "ACCOUNT":
            known.setdefault(row["organization_id"], set()).add(row["scheme"])
    return {record: known[org] for record, org in of.items() if record.startswith("ACCOUNT-") and org in known}


def _schemes(record: OrgRecord) -> set[str]:
    return {identifier.scheme for identifier in record.other_ids}


def _named(specs: list[SourceSpec]) -> set[str]:
    """What the sources' own settings name: boards and numbers that were adopted for an account."""
    return {spec.title.casefold() for spec in specs}


def _has_own(record: OrgRecord, domains: set[str], titles: set[str]) -> bool:
    """A feed or page on its own domain, or a source that was adopted for it (its title begins with the name)."""
    if record.website and registrable_domain(record.website) in domains:
        return True
    return any(title.startswith(f"{record.name.casefold()}:") for title in titles)
