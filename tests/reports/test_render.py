"""Every format tells the same triggers, and says them in words a person reads."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import json
import re
from pathlib import Path

import pytest

from salestrigger.reports.render import COLUMNS, SCHEMA, SCHEMA_VERSION, render, write
from salestrigger.reports.report import FORMATS, FailedSource, FitLine, Format, Report
from salestrigger.sources.errors import StorageError, UsageError
from tests.reports.examples import account, section
from tests.reports.examples import line as example
from tests.reports.inspect_html import elements, hrefs


def ids(report: Report) -> set[str]:
    return {line.trigger_id for _, line in report.every_line()}


@pytest.mark.parametrize("form", FORMATS)
def test_every_trigger_is_in_every_format(full: Report, form: Format) -> None:
    """A trigger that one format tells, all tell: reported and held-back ones alike."""
    text = render(full, form)
    assert len(ids(full)) == 13
    assert set(re.findall(r"trg_[0-9a-f]{20}", text)) == ids(full)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_the_same_facts(full: Report, form: Format) -> None:
    """Companies, sentences, quotes and addresses of the reported lines are in each format."""
    text = render(full, form).replace("&amp;", "&").replace("\\", "")
    for line in full.lines:
        assert line.company in text
        assert line.quote in text
        assert line.stated in text
        assert line.sources[0].url in text


def test_a_csv_has_one_row_per_trigger_and_all_columns(full: Report) -> None:
    """The CSV opens in a spreadsheet: BOM, everything quoted, one row per trigger."""
    text = render(full, "csv")
    assert text.startswith('\ufeff"trigger_id"')
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["trigger_id"] for row in rows] == [line.trigger_id for _, line in full.every_line()]
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["section"] == "enters_icp"
    assert rows[0]["rank"] == "88.3"
    assert rows[-1]["held_back"] == "rumour"
    assert float(rows[1]["right_company"]) == 0.97


def test_json_is_versioned_and_complete(full: Report) -> None:
    """A program reads the whole report from JSON and knows which version it is."""
    data = json.loads(render(full, "json"))
    assert (data["schema"], data["schema_version"]) == (SCHEMA, SCHEMA_VERSION)
    assert data["generated_at"] == "2026-09-08T06:30:00+00:00"
    assert {field.name for field in dataclasses.fields(Report)} <= set(data)
    first = data["sections"][1]["accounts"][0]["lines"][0]
    assert first["sources"][0]["url"]["href"] == full.lines[2].sources[0].url
    assert first["event_on"] == "2026-09-07"
    assert first["rank_terms"][0] == {"name": "fit", "value": 0.9, "says": "fits between 82 and 97 of 100"}


def test_a_page_loads_nothing_and_runs_nothing(full: Report) -> None:
    """No script, no remote content; a policy says so, and every link to the outside keeps the reader private."""
    page = render(full, "html")
    found = list(elements(page))
    assert not {name for name, _ in found} & {"script", "img", "link", "iframe", "object", "form", "input", "base"}
    policy = next(a["content"] for n, a in found if n == "meta" and a.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    outside = [a for n, a in found if n == "a" and not a["href"].startswith("#")]
    assert outside
    assert all(a["rel"] == "noopener noreferrer nofollow" for a in outside)
    assert "url(" not in page
    assert "@import" not in page


def test_headings_form_an_outline(full: Report) -> None:
    """One h1, no level skipped: a screen reader can jump."""
    levels = [int(name[1]) for name, _ in elements(render(full, "html")) if re.fullmatch(r"h[1-6]", name)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_links_within_the_page_lead_somewhere_and_ids_are_unique(full: Report) -> None:
    """Every anchor of the summary exists once."""
    page = render(full, "html")
    known = [a["id"] for _, a in elements(page) if "id" in a]
    assert len(known) == len(set(known))
    assert {href[1:] for href in hrefs(page) if href.startswith("#")} <= set(known)


def test_a_quiet_day_is_explained(quiet: Report) -> None:
    """An empty report says why, in each format that a person reads, and still shows failing sources and the funnel."""
    for form in ("html", "md"):
        text = render(quiet, form)  # type: ignore[arg-type]
        assert "Quiet today" in text
        assert "of companies outside the ICP" in text
        assert "Drypp Nyheter" in text
        assert "212" in text
    assert json.loads(render(quiet, "json"))["quiet"] == quiet.quiet
    assert len(render(quiet, "csv").splitlines()) == 1


def test_event_date_and_article_date_stand_apart(full: Report) -> None:
    """The day something happened is never confused with the day it was told; precision is not invented."""
    page = render(full, "html")
    assert re.search(r"Event <time[^>]*>Mon 7 Sep 2026</time>.*Article <time[^>]*>Mon 7 Sep 2026</time>", page)
    assert re.search(r"Event <time[^>]*>Sep 2026</time>", page)
    assert "Event date not stated" in page


def test_what_is_ours_is_not_set_as_a_quotation(full: Report) -> None:
    """A register's statement is put into words by us, so it stands outside the quotation marks."""
    page = render(full, "html")
    assert "The register states: bankruptcy opened on 4 September 2026" in page
    assert "“bankruptcy" not in page


def test_rendering_twice_gives_the_same_bytes(full: Report) -> None:
    """No clock and no chance in any format."""
    for form in FORMATS:
        assert render(full, form) == render(full, form)


def test_an_unknown_format_is_refused(full: Report) -> None:
    """The message lists what is allowed."""
    with pytest.raises(UsageError) as error:
        render(full, "pdf")  # type: ignore[arg-type]
    assert str(error.value) == "unknown report format 'pdf'; allowed: html, md, csv, json"


def test_a_report_is_written_whole(full: Report, tmp_path: Path) -> None:
    """The file appears under its name only when it is complete, and nothing else is left in the folder."""
    path = write(full, tmp_path / "deep" / "report.csv", "csv")
    assert path.read_bytes() == render(full, "csv").encode("utf-8")
    assert [p.name for p in path.parent.iterdir()] == ["report.csv"]


def test_a_folder_that_cannot_be_made_is_a_storage_error(full: Report, tmp_path: Path) -> None:
    """One clear message with the path."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError) as error:
        write(full, tmp_path / "file" / "report.html", "html")
    assert "cannot write the report" in str(error.value)


def test_what_is_only_welcome_rules_nobody_out(small: Report) -> None:
    """It stands apart from what speaks against the company; and only a reason to call is of use until a day."""
    told = example(
        1, "Fjordkast AS", "Fjordkast AS moved.", why_now="It moved",
        fit=(FitLine("premises", "nice", "not_met"), FitLine("size", "must", "not_met", "3")),
    )  # fmt: skip
    report = dataclasses.replace(small, sections=(section(1, account(told)),))
    assert "Against it: ✕ Size: 3\n- Welcome, but not so: ✕ Premises\n" in render(report, "md")
    assert "<h5>Welcome, but not so</h5>" in render(report, "html")
    assert "Useful until" in render(report, "md")
    gone = dataclasses.replace(small, sections=(section(1, account(dataclasses.replace(told, effect="leaves_icp"))),))
    assert "Useful until" not in render(gone, "md") + render(gone, "html")


def test_many_sources_with_one_trouble_share_a_line(small: Report) -> None:
    """Without a connection nobody reads twenty times the same; each is still named, and escaped."""
    down = tuple(
        FailedSource(f"feed-{n}", f"Feed <{n}>", "failed", "dns", "the name cannot be resolved") for n in range(4)
    )
    odd = FailedSource("odd", "Odd", "malformed", "malformed", "it answered with something that we cannot read")
    report = dataclasses.replace(small, failed_sources=(*down, odd))
    html = render(report, "html")
    assert html.count("The name cannot be resolved") == 1
    assert "<b>4 sources</b>" in html
    assert "Feed &lt;0&gt;, Feed &lt;1&gt;, Feed &lt;2&gt;, Feed &lt;3&gt;" in html
    assert "salestrigger sources check odd" in html
    assert render(report, "md").count("the name cannot be resolved") == 1
    assert render(dataclasses.replace(report, failed_sources=down[:2]), "md").count("the name cannot be resolved") == 2
