"""How well the demo market is read: `python -m benchmarks.demo [--days N] [--language nl] [--wrong]`.

Runs the demo days one after the other into a home of its own that is deleted afterwards, and compares what the
warehouse then holds with what is declared to be true (``sources/demo/truth.py``): per document that was collected, the
types of the events that have it as a source. Prints precision, recall and F1 per language and per type, with the number
of declared events and the false alarms on documents that tell of nothing; with ``--wrong`` the documents that differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.detecting import Tally, figures
from salestrigger.flows.place import RunRequest
from salestrigger.flows.settings import Settings
from salestrigger.flows.steps import open_run, run_plain
from salestrigger.sources.demo.truth import Truth, truth

_LAST_DAY = 15
_STORED = """
SELECT document.source_id, document.document_key, list(event.type) FILTER (event.type IS NOT NULL)
FROM documents AS document
LEFT JOIN event_sources AS source USING (document_id)
LEFT JOIN events AS event ON event.event_id = source.event_id AND event.merged_into_id IS NULL
WHERE document.state = 'analysed'
GROUP BY ALL
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One document: what is true and what was stored."""

    truth: Truth
    said: Counter[str]

    @property
    def true(self) -> Counter[str]:
        """The declared types."""
        return Counter(event.type for event in self.truth.events)


def compared(home: Path, days: int) -> list[Compared]:
    """Every declared document that was read within so many days."""
    for day in range(1, days + 1):
        with open_run(Settings(home=home, runner="local"), RunRequest(demo_day=day)) as run:
            run_plain(run)
    declared = {(item.source_id, item.key): item for item in truth()}
    with duckdb.connect(str(home / "var/demo/published/salestrigger.duckdb"), read_only=True) as connection:
        rows = connection.execute(_STORED).fetchall()
    return [
        Compared(declared[source, key], Counter(types or ()))
        for source, key, types in sorted(rows)
        if (source, key) in declared
    ]


def tallies(documents: Sequence[Compared]) -> dict[str, list[Tally]]:
    """``all``, each language and each type → one tally per document that has anything to do with it."""
    found: dict[str, list[Tally]] = defaultdict(list)
    for document in documents:
        said, true = document.said, document.true
        for group in ("all", document.truth.language):
            found[group].append(_tally(said, true))
        for name in said.keys() | true.keys():
            found[f"  {name}"].append(_tally(Counter({name: said[name]}), Counter({name: true[name]})))
    return found


def _tally(said: Counter[str], true: Counter[str]) -> Tally:
    return (said & true).total(), (said - true).total(), (true - said).total()


def wrong(documents: Sequence[Compared]) -> Iterator[str]:
    """One line per document of which something else is stored than is true."""
    for document in documents:
        false, missed = document.said - document.true, document.true - document.said
        if false or missed:
            item = document.truth
            yield f"{item.language} {item.source_id} {item.title!r}: false {dict(false)}, missed {dict(missed)}"


def main(arguments: Sequence[str]) -> int:
    """Print one line per group."""
    parser = argparse.ArgumentParser(description="precision, recall and F1 of the event types of the demo market")
    parser.add_argument("--days", type=int, default=_LAST_DAY, choices=range(1, _LAST_DAY + 1), metavar="1-15")
    parser.add_argument("--language", help="only documents in it")
    parser.add_argument("--wrong", action="store_true", help="print the documents that differ")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        documents = compared(Path(folder), options.days)
    documents = [d for d in documents if options.language in (None, d.truth.language)]
    for name, counts in sorted(tallies(documents).items()):
        precision, recall, f1 = figures(counts)
        support = sum(found + missed for found, _, missed in counts)
        print(f"{name:28} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  n {support}")
    quiet = [d for d in documents if not d.true]
    print(f"false alarms: {sum(bool(d.said) for d in quiet)} of {len(quiet)} documents that tell of nothing")
    for line in wrong(documents) if options.wrong else ():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
