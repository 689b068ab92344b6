"""match, detect and fit: the three commands that work on files, without a home or a database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

Output = Annotated[Path, typer.Option("-o", help="file to write")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command(name="match")(match)
    app.command(name="detect")(detect)
    app.command(name="fit")(fit)


def match(
    universe: Annotated[Path, typer.Argument(help="org_id,name[,aliases][,country][,city][,website][,identifiers]")],
    queries: Annotated[Path | None, typer.Argument(help="query_id,name[,country][,city][,website]")] = None,
    output: Annotated[Path | None, typer.Option("-o", help="csv, tsv, parquet or jsonl by suffix")] = None,
    explain: Annotated[str | None, typer.Option("--explain", help="one name instead of a file: say why")] = None,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="match UNIVERSE with itself")] = False,
    never: Annotated[Path | None, typer.Option("--never", help="name,org_id: pairs known to be different")] = None,
    one_to_one: Annotated[bool, typer.Option("--one-to-one", help="accept one query per organisation")] = False,
) -> None:
    """Which organisation of UNIVERSE does each name of QUERIES mean, how sure is that, and why."""
    from salestrigger.flows.match_files import MatchRules, explain_match, match_files
    from salestrigger.sources.errors import UsageError

    if explain is not None:
        if queries or output or duplicates or never or one_to_one:
            raise UsageError("--explain takes UNIVERSE alone and writes no file")
        print(explain_match(universe, explain))
        return
    if output is None or (queries is None) != duplicates:
        raise UsageError("give UNIVERSE QUERIES -o OUT, UNIVERSE --duplicates -o OUT, or UNIVERSE --explain NAME")
    if duplicates and one_to_one:
        raise UsageError("--one-to-one chooses among queries; --duplicates has none")
    rules = MatchRules(never, one_to_one)
    if not sys.stderr.isatty():
        _say(match_files(universe, queries, output, rules))
        return
    from rich.console import Console  # a bar where a person looks on; loaded for nobody else

    from salestrigger.flows.progress import shown_on

    with shown_on(Console(stderr=True)):
        match_files(universe, queries, output, rules)


def detect(
    documents: Annotated[Path, typer.Argument(help="jsonl: document_id, title, text[, language][, published_at]")],
    output: Annotated[Path | None, typer.Option("-o", help="file to write, jsonl")] = None,
    universe: Annotated[Path | None, typer.Option("--universe", help="link mentions to these organisations")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="say why; with -o as JSON, else for a person")] = False,
    reader: Annotated[str | None, typer.Option("--reader", help="base address of a model that reads again")] = None,
    model: Annotated[str, typer.Option("--model", help="the model, as its server calls it")] = "",
    mode: Annotated[str, typer.Option("--mode", help="what it reads: rules (nothing), doubtful or wide")] = "doubtful",
) -> None:
    """Which events the documents tell of, who has which role, with which values, in which words."""
    from salestrigger.sources.errors import UsageError

    if explain:
        from salestrigger.flows.explain_documents import explain_file

        if reader is not None:
            raise UsageError("--explain tells of the rules; it cannot be joined with --reader")
        for line in explain_file(documents, output, universe=universe):
            print(line)
        return
    if output is None:
        raise UsageError("give DOCUMENTS -o OUT, or DOCUMENTS --explain")
    from salestrigger.flows.detect_files import detect_file

    second = None
    if reader is not None:
        from salestrigger.flows.reader_file import reader_from_options

        second = reader_from_options(reader, model, mode)
    _say(detect_file(documents, output, universe=universe, reader=second))


def fit(
    universe: Annotated[Path, typer.Argument(help="the columns of match, plus industry, employees, revenue, …")],
    output: Output,
    profile: Annotated[str, typer.Option("--profile", help="a profile's name, or the path of its TOML file")],
) -> None:
    """How well each organisation fits a profile: bounds, verdict, and each criterion with its reason."""
    from salestrigger.flows.fit_files import fit_file

    _say(fit_file(universe, output, profile=profile))


def _say(line: str) -> None:
    print(line, file=sys.stderr)
