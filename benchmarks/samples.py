"""Run every recorded payload under a directory through its adapter's reader, and account for every one.

Per source: files, what came out (documents, records, changes, roles …), what was set aside and why. A file is explained
when its reader took it as what it is, an empty or refused answer included, or when it is no payload (documentation,
code lists, expected output of others). Anything else is unexplained, and makes the exit code 1.

    python -m benchmarks.samples DIR [-v]
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from benchmarks import samples_europe
from benchmarks.samples_outcome import NOW, Outcome
from salestrigger.sources.adapters import Session, cir, doffin, gdelt, kvk_records, nav, regnskap, sru, tenderned
from salestrigger.sources.adapters.article_read import read_article_page
from salestrigger.sources.adapters.brreg_changes import changes_of_entity
from salestrigger.sources.adapters.brreg_feed import read_role_events, read_updates
from salestrigger.sources.adapters.brreg_maker import Maker
from salestrigger.sources.adapters.brreg_records import number_of, record_of
from salestrigger.sources.adapters.brreg_roles import changes_of_roles
from salestrigger.sources.adapters.feed_xml import read_xml_feed
from salestrigger.sources.adapters.item_build import Reading
from salestrigger.sources.adapters.job_boards import reader
from salestrigger.sources.adapters.sitemap_read import read_sitemap

SESSION = cast(Session, SimpleNamespace(spec=SimpleNamespace(id="sample", language=None), now=NOW))


def context(**values: Any) -> dict[str, Any]:
    """What a reader is told of its source."""
    return {
        "source_id": "sample", "base_url": "https://recorded.example/", "content_type": "", "language": None,
        "is_aggregator": False, "kind": "news", "skip_titles": (), "fetched_at": NOW, "now": NOW,
    } | values  # fmt: skip


def of_reading(reading: Reading) -> Outcome:
    """Documents, or the problem that the reader named."""
    said = f"{reading.problem} expected, got {reading.got}" if reading.problem else ""
    if not reading.items and not reading.documents and not said:
        said = "empty"
    counts = Counter({"documents": len(reading.documents)}) if reading.documents else Counter()
    return Outcome(counts, Counter(reason for _, reason in reading.set_aside), said)


def feed(body: bytes) -> Outcome:
    """RSS, Atom, RDF."""
    return of_reading(read_xml_feed(body, context()))


def board(kind: str) -> Callable[[bytes], Outcome]:
    """A job board."""

    def read(body: bytes) -> Outcome:
        found = reader(kind).read(body, {"now": NOW, "base_url": "https://recorded.example/", "content_type": ""})
        aside = Counter(reason for _, reason in found.set_aside)
        return Outcome(Counter(roles=len(found.ads)) if found.ads else Counter(), aside, found.problem and found.got)

    return read


def recruitee_by_host(body: bytes) -> Outcome:
    """The answers of several hosts in one file: each is one answer."""
    total = Outcome()
    for answer in json.loads(body)["subdomains"].values():
        total.counts += board("recruitee")(json.dumps(answer).encode()).counts
    return total


def entities(body: bytes) -> Outcome:
    """Entities of the Norwegian register: one, a page or the bulk file."""
    data = json.loads(body)
    embedded = data.get("_embedded", {}) if isinstance(data, dict) else {}
    found = data if isinstance(data, list) else embedded.get("enheter") or embedded.get("underenheter")
    found = [data] if found is None and "organisasjonsnummer" in data else found or []
    outcome, maker = Outcome(said="" if found else "empty"), Maker("sample", NOW, 3650)
    for entity in found:
        record = record_of(entity, source_id="sample", fetched_at=NOW)
        if record is None:
            outcome.aside["an entity without a number or a name"] += 1
        else:
            outcome.counts["records"] += 1
            outcome.counts["changes"] += len(changes_of_entity(str(number_of(entity)), entity, maker))
    return outcome


def updates(body: bytes) -> Outcome:
    """The change feed of the Norwegian register."""
    found, aside = read_updates(json.loads(body), "sample")
    said = "" if found or aside else "empty"
    return Outcome(Counter({"updates": len(found)} if found else {}), Counter(reason for _, reason in aside), said)


def role_events(body: bytes) -> Outcome:
    """The feed of roles."""
    found, aside = read_role_events(json.loads(body), "sample")
    return Outcome(Counter({"events of roles": len(found)}), Counter(reason for _, reason in aside))


def roles(body: bytes) -> Outcome:
    """The roles of one organisation."""
    found = changes_of_roles("923609016", json.loads(body), Maker("sample", NOW, 36500))
    return Outcome(Counter({"changes": len(found)} if found else {}), said="" if found else "no group that we follow")


def vacancies(body: bytes) -> Outcome:
    """A page of NAV's feed."""
    items = json.loads(body)["items"]
    return Outcome(Counter(f"entries {row['_feed_entry']['status']}" for row in items))


def vacancy(body: bytes) -> Outcome:
    """NAV's internal shape of an ad: its properties are the public one's fields."""
    ad = json.loads(body)
    public = {"title": ad["title"], "employer": {"name": ad["properties"]["employer"]}}
    return Outcome(Counter(documents=int(nav.document_of("1", public, SESSION) is not None)))


def notices(body: bytes) -> Outcome:
    """Doffin's hits."""
    data = json.loads(body)
    found = [doffin.document_of(hit, SESSION) for hit in data.get("hits", [data])]
    return Outcome(Counter(f"documents {d.stated[0].type if d.stated else ''}".strip() for d in found if d))


def accounts(body: bytes) -> Outcome:
    """Regnskapsregisteret."""
    found = regnskap.latest(json.loads(body))
    return Outcome(Counter(changes=1) if found else Counter(), said="" if found else "no accounts")


def kvk(body: bytes) -> Outcome:
    """A profile of KVK, or its word that there is none."""
    data = json.loads(body)
    if isinstance(data, dict) and "fout" in data:
        return Outcome(said=f"no hit ({data['fout'][0]['code']})")
    found = [
        kvk_records.record_of(row, SESSION, codeset="SBI2025") for row in ([data] if isinstance(data, dict) else data)
    ]
    return Outcome(Counter(records=sum(1 for record in found if record)))


def signals(body: bytes) -> Outcome:
    """KVK's Mutatieservice."""
    found = json.loads(body)["signalen"]
    changed = [kvk_records.change_of(row, None, SESSION) for row in found]
    asks = sum(1 for change in changed if change is None)
    return Outcome(Counter({"changes": len(found) - asks, "signals to look again": asks}))


def insolvencies(body: bytes) -> Outcome:
    """A day of the Dutch insolvency register."""
    found = cir.notices_of(json.loads(body), "20260904000000", SESSION)
    dropped = Counter({"a natural person": found.persons, "not a new insolvency": found.ongoing})
    return Outcome(Counter(documents=len(found.documents)), +dropped + Counter(r for _, r in found.set_aside))


def tenders(body: bytes) -> Outcome:
    """TenderNed's list or detail."""
    data = json.loads(body)
    found = [tenderned.document_of(row, SESSION) for row in data.get("content", [data])]
    return Outcome(Counter(documents=sum(1 for document in found if document)))


def sitemap(body: bytes) -> Outcome:
    """A sitemap, an index, or the feeds that the protocol allows beside them."""
    page = read_sitemap(body, {"now": NOW})
    if page.problem in {"urlset or sitemapindex"} and page.got in {"rss", "feed"}:
        return feed(body)
    return Outcome(+Counter(addresses=len(page.items), sitemaps=len(page.sitemaps)), said=page.got)


def article(body: bytes) -> Outcome:
    """An article's page."""
    found = read_article_page(gzip.decompress(body), {"now": NOW, "content_type": "text/html; charset=utf-8"})
    have = {"headlines": found.title, "dates": found.published_at, "texts": found.text}
    return Outcome(Counter(name for name, value in have.items() if value), said=found.reserved)


def headlines(body: bytes) -> Outcome:
    """GDELT's articles, or its refusal in words."""
    reading = gdelt.read_articles(body, context())
    return Outcome(said=f"refused: {reading.got}") if reading.problem == "words" else of_reading(reading)


#: pattern under the directory → source, reader; the first that fits is taken
READERS: tuple[tuple[str, str, Callable[[bytes], Outcome]], ...] = (
    ("news-*/*", "feed", feed),
    ("ats/cjr-recruitee.json", "jobs: recruitee", recruitee_by_host),
    *(
        (f"ats/*-{kind}.*", f"jobs: {kind}", board(kind))
        for kind in (
            "greenhouse",
            "lever",
            "ashby",
            "teamtailor",
            "recruitee",
            "smartrecruiters",
            "workable",
            "personio",
            "workday",
            "bamboohr",
            "pinpoint",
        )
    ),
    ("html-jobposting/*.html", "jobs: jobposting", board("jobposting")),
    ("html-jobposting/*.json", "jobs: jobposting", board("jobposting")),
    ("no-brreg/oppdateringer-roller*", "brreg", role_events),
    ("no-brreg/oppdatering*", "brreg", updates),
    ("no-brreg/roles_*", "brreg", roles),
    ("no-brreg/*roller*", "brreg", roles),
    ("no-brreg/enhetsregisteret.json", "", lambda _: Outcome(said="documentation")),
    ("no-brreg/*.json", "brreg", entities),
    ("no-nav/feed-page*", "nav", vacancies),
    ("no-nav/ad_dto.json", "nav", vacancy),
    ("no-doffin/*.json", "doffin", notices),
    ("no-regnskap/OrgnrResponseDefault.json", "regnskap", accounts),
    ("nl-kvk/*mutatiesignalen*", "kvk", signals),
    ("nl-kvk/derived-json/*", "kvk", kvk),
    ("nl-kvk/*basisprofiel_response*", "kvk", kvk),
    ("nl-kvk/kvkconnect-test_input_basisprofiel*", "kvk", kvk),
    ("nl-kvk/kvkconnect-test_input_vestigingsprofielen*", "kvk", kvk),
    ("nl-cir/haalOp*", "cir", insolvencies),
    ("nl-cir/getAll*", "cir", lambda body: Outcome(Counter(days=len(json.loads(body))))),
    ("nl-tenderned/*.json", "tenderned", tenders),
    ("nl-sru/*.xml", "sru", lambda body: of_reading(sru.read_sru(body, context()))),
    ("sitemap/*.xml", "sitemap", sitemap),
    ("html-newsarticle/*.html.gz", "article", article),
    ("gdelt/*", "gdelt", headlines),
)

#: pattern → why such a file is no payload of an adapter here
NO_PAYLOAD: tuple[tuple[str, str], ...] = (
    ("*PROVENANCE.md", "documentation"),
    ("*.markdown", "documentation"),
    ("no-regnskap/regnskapsregister.json", "documentation"),
    ("no-regnskap/*.xml", "the same answer as XML, which is not asked for"),
    ("nl-kvk/*.yaml", "recorded exchanges whose bodies are in derived-json"),
    ("nl-kvk/*expected_output*", "expected output of another program"),
    ("nl-kvk/kvkconnect-*abonnement*", "the list of subscriptions: no records"),
    ("nl-kvk/kvkconnect-test_input_vestigingen.json", "the list of branches: numbers that are compared"),
    ("nl-kvk/GetCompanies*", "version 2 of the interface, which was retired"),
    ("nl-sbi/*", "code lists"),
    ("html-newsarticle/*.json", "expected extractions of another program"),
    ("ats/*gh_departments*", "departments are in the roles already"),
    ("ats/eures*", "a search over other services, which is not asked"),
    ("company-extracts/*", "lists for load tests"),
)


def outcome_of(name: str, path: Path) -> tuple[str, Outcome]:
    """The source of a file and what its reader made of it; a crash is unexplained."""
    why = next((reason for pattern, reason in NO_PAYLOAD if fnmatch(name, pattern)), "")
    if why:
        return "no payload", Outcome(said=why)
    for pattern, source, read in (*READERS, *samples_europe.READERS):
        if fnmatch(name, pattern):
            try:
                return source or "no payload", read(path.read_bytes())
            except Exception as error:  # noqa: BLE001 - a crash is what this command looks for
                print(f"CRASH {name}: {type(error).__name__}: {error}")
                return source, Outcome()
    why = next((reason for pattern, reason in samples_europe.NO_PAYLOAD if fnmatch(name, pattern)), "")
    return ("no payload", Outcome(said=why)) if why else ("unknown", Outcome())


def lines(found: Mapping[str, list[tuple[str, Outcome]]]) -> Iterator[str]:
    """One line per source."""
    for source, files in sorted(found.items()):
        counts: Counter[str] = sum((outcome.counts for _, outcome in files), Counter())
        aside: Counter[str] = sum((outcome.aside for _, outcome in files), Counter())
        said = Counter(outcome.said[:90] for _, outcome in files if outcome.said and not outcome.counts)
        unexplained = [name for name, outcome in files if not outcome.is_explained]
        parts = [", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "nothing"]
        parts += [f"set aside {count}: {reason}" for reason, count in aside.most_common()]
        parts += [f"{count} said: {what}" for what, count in said.most_common()]
        yield f"{source:24} {len(files):3} files, unexplained {len(unexplained)}: {'; '.join(parts)}"


def main() -> int:
    """Read everything; 1 when a file is unexplained."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for every file")
    arguments = parser.parse_args()
    if not arguments.directory.is_dir():
        print(f"no samples at {str(arguments.directory)!r}", file=sys.stderr)
        return 2
    found: dict[str, list[tuple[str, Outcome]]] = defaultdict(list)
    for path in sorted(p for p in arguments.directory.rglob("*") if p.is_file()):
        name = path.relative_to(arguments.directory).as_posix()
        source, outcome = outcome_of(name, path)
        found[source].append((name, outcome))
        if arguments.verbose or not outcome.is_explained:
            print(f"{name}: {source}: {dict(outcome.counts)} {dict(outcome.aside)} {outcome.said}")
    print("\n".join(lines(found)))
    unexplained = sum(not outcome.is_explained for files in found.values() for _, outcome in files)
    print(f"{sum(map(len, found.values()))} files, unexplained {unexplained}")
    return int(unexplained > 0)


if __name__ == "__main__":
    sys.exit(main())
