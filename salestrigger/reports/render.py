"""A Report as HTML, Markdown, CSV or JSON: the same triggers in each, and nothing from the web can act in any of them.

::

    Report ─► safe.clean (control, bidi and zero-width characters out; long texts cut)
           ├─► HTML      jinja2, autoescape on, StrictUndefined; links only through safe_link; a CSP that loads nothing
           ├─► Markdown  jinja2, every value escaped by ``finalize``
           ├─► CSV       one row per trigger; no cell is a formula; UTF-8 with BOM, everything quoted
           └─► JSON      the whole report; ``schema_version`` grows when a field changes its meaning
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from salestrigger.reports import filters, safe
from salestrigger.reports.report import FORMATS, Format, Report, ReportLine, SourceLink
from salestrigger.sources.errors import StorageError, UsageError

SCHEMA = "salestrigger.report"
SCHEMA_VERSION = 1
_BLANK_LINES = re.compile(r"\n{3,}")

#: columns of the CSV, in order; grain: one row per trigger, held-back ones included
COLUMNS = (
    "trigger_id", "section", "rank", "company", "place", "identifiers", "website", "profile", "event_type", "role",
    "happened", "effect", "modality", "event_on", "effective_on", "precision", "article_on", "quote", "register_states",
    "language",
    "link", "publisher", "independent_sources", "verdict", "fit_lower", "fit_upper", "why_it_fits", "unknown",
    "decided_by", "why_now", "valid_from", "valid_until", "right_company", "match_decision", "namesakes", "advice",
    "held_back", "first_told_at", "organization_id", "owner", "marketing_block",
)  # fmt: skip


def render(report: Report, format: Format) -> str:  # noqa: A002 - the command line's own word
    """The report as text in ``format``: html, md, csv (begins with a BOM) or json. Raises UsageError on another one."""
    renderers: Mapping[str, Callable[[Report], str]] = {"html": _html, "md": _markdown, "csv": _csv, "json": _json}
    if format not in renderers:
        raise UsageError(f"unknown report format {format!r}; allowed: {', '.join(FORMATS)}")
    return renderers[format](safe.clean(report))


def write(report: Report, path: Path, format: Format) -> Path:  # noqa: A002 - the command line's own word
    """Render into ``path``, whole or not at all (temporary name, then rename); returns the path.

    Raises StorageError when the folder cannot be made or written.
    """
    body = render(report, format).encode("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".report-")
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise StorageError(f"cannot write the report: {str(path)!r}: {error.strerror or error}") from error
    return path


@cache
def _environment(*, markdown: bool) -> Environment:
    env = Environment(
        loader=PackageLoader("salestrigger.reports"),
        autoescape=not markdown,  # noqa: S701 - in Markdown, finalize escapes every value instead
        undefined=StrictUndefined,
        trim_blocks=not markdown,
        lstrip_blocks=not markdown,
        line_statement_prefix="%%" if markdown else None,
        keep_trailing_newline=True,
        finalize=_md_value if markdown else None,
    )
    env.filters.update(filters.FILTERS)
    env.filters["md_link"], env.filters["md_code"] = _md_link, _md_code
    return env


def _md_value(value: Any) -> Any:
    return value if isinstance(value, Markup) else safe.md_text(str(value))


def _md_link(source: SourceLink) -> Markup:
    name, link = safe.md_text(source.publisher or "Source"), safe.safe_link(source.url)
    if link is None:
        text = f"{name} · {safe.md_text(safe.shown(source.url))}" if source.url else name
    else:
        text = f"[{name} · {safe.md_text(link.domain)}](<{safe.md_href(link)}>)"
    return Markup(text)  # noqa: S704 - every part was escaped above; Markup only keeps it from being escaped twice


def _md_code(text: str) -> Markup:
    return Markup(f"`{text.replace('`', '')}`" if text.strip("` ") else "")  # noqa: S704 - no backtick can end it


def _html(report: Report) -> str:
    return _environment(markdown=False).get_template("report.html.j2").render(report=report)


def _markdown(report: Report) -> str:
    text = _environment(markdown=True).get_template("report.md.j2").render(report=report)
    return _BLANK_LINES.sub("\n\n", text).strip() + "\n"


def _csv(report: Report) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for section, line in report.every_line():
        writer.writerow(_cell(value) for value in _row(section, line))
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return safe.csv_cell(value)


def _row(section: str, line: ReportLine) -> tuple[Any, ...]:
    first = line.sources[0] if line.sources else SourceLink("", "", "")
    link, website, match = safe.safe_link(first.url), safe.safe_link(line.website), line.match
    return (
        line.trigger_id, section, round(line.rank, 1), line.company, line.place, " ".join(line.identifiers),
        website.href if website else "", line.profile, line.event_type, line.role,
        line.happened, line.effect, line.modality, line.event_on, line.effective_on, line.precision, line.published_on,
        line.quote, line.stated, line.language, link.href if link else "", first.publisher, line.independent_sources,
        line.verdict, round(line.fit_lower, 1), round(line.fit_upper, 1),
        _listed(map(filters.criterion, line.met)), _listed(map(filters.criterion, line.unknown)),
        line.flipped, line.why_now, line.valid_from, line.valid_until,
        round(match.probability, 4) if match else None, match.decision if match else "register",
        match.namesakes if match else None, line.advice, line.held_back, line.first_told_at, line.organization_id,
        line.owner, line.marketing_block,
    )  # fmt: skip


def _listed(items: Iterable[str]) -> str:
    return " | ".join(items)


def _json(report: Report) -> str:
    head = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION}
    return json.dumps(head | _plain(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _plain(value: Any, field: str = "") -> Any:
    if field in safe.ADDRESS_FIELDS:
        return _address(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name), f.name) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _address(url: str) -> dict[str, str] | None:
    """An address in JSON: ``href`` only when it may be a link; ``text`` is how it was written."""
    link = safe.safe_link(url)
    if not url:
        return None
    return {"href": link.href if link else "", "domain": link.domain if link else "", "text": safe.shown(url)}
