"""One row of ``trigger_feed`` → one ReportLine: values are carried over, only the sentence is made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.owners import Owned
from salestrigger.reports import wording
from salestrigger.reports.filters import criterion as criterion_text
from salestrigger.reports.report import EvidenceLine, FitLine, MatchLine, RankLine, ReportLine, SourceLink
from salestrigger.reports.sentences import Happening, money_words, sentence

Row = Mapping[str, Any]
_NOBODY = Owned("")


def report_line(row: Row, source_titles: Mapping[str, str], owned: Owned = _NOBODY) -> ReportLine:
    """The line of one trigger; ``source_titles`` names sources as a person knows them, ``owned`` says whose it is."""
    label = type_label(row["event_type"])
    sources = _sources(row, source_titles)
    fit = tuple(_fit_line(c, source_titles) for c in row["criteria"] or ())
    published = row["first_published_at"]
    return ReportLine(
        trigger_id=row["trigger_id"],
        organization_id=row["organization_id"],
        company=row["company"] or row["mention"] or "Unnamed company",
        profile=row["profile"],
        event_type=row["event_type"],
        type_label=label,
        happened=_happened(row, label),
        effect=row["effect"],
        rank=float(row["rank"]),
        modality=row["modality"] or "completed",  # a bare register change has happened
        role=row["role"] or "",
        place=wording.place(row["city"] or row["municipality"], row["country"]),
        owner=owned.owner,
        stands_in_for=owned.stands_in_for,
        identifiers=tuple(row["identifiers"] or ()),
        website=row["website"] or "",
        cause=row["cause"],
        quote="" if _is_stated(row) else row["quote"] or "",
        stated=_stated(row),
        language="" if _is_stated(row) else row["language"] or "",
        sources=sources,
        independent_sources=row["independent_source_count"] or 1,
        event_on=row["event_on"],
        effective_on=row["effective_on"],
        precision=row["event_precision"],
        published_on=published.astimezone(UTC).date() if published else None,
        confidence=row["confidence"],
        flipped=_flipped(row["flipped"] or "", fit),
        verdict=row["verdict"],
        fit_lower=float(row["fit_lower"]),
        fit_upper=float(row["fit_upper"]),
        fit=fit,
        why_now=row["why_now"] or "",
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        rank_terms=tuple(RankLine(t["name"], float(t["value"]), t["says"] or "") for t in row["rank_terms"] or ()),
        match=_match(row),
        held_back=row["held_back"] or "",
        advice=wording.DO_NOT_PURSUE.get(row["held_back"] or "", ""),
        first_told_at=row["first_reported_at"],
        # a file that was published before this was asked has no such column
        marketing_block=wording.marketing_block(row["country"] or "") if row.get("has_marketing_block") else "",
    )


def _is_stated(row: Row) -> bool:
    """Whether the words are ours for what a register states; an event that the press told first has its words."""
    told = [s for s in row["sources"] or () if s["quote"] == row["quote"]]
    return bool(row["change_field"]) and all(s["document_id"].startswith("chg_") for s in told)


def _stated(row: Row) -> str:
    """What the register states, without the company's name and the word "register" that the event puts before it."""
    if not _is_stated(row):
        return ""
    return str(row["quote"] or "").rpartition("register: ")[2]


def type_label(event_type: str) -> str:
    """The type's English label; a bare register change is told by its field."""
    declared = load_lexicon().types.get(event_type)
    if declared is not None:
        return declared.label.en
    if event_type.startswith("change_"):
        return f"Register change: {wording.plain(event_type.removeprefix('change_')).lower()}"
    return wording.plain(event_type)


def _happened(row: Row, label: str) -> str:
    roles = tuple((str(r["role"]), str(r["surface"])) for r in row["roles"] or () if r["surface"])
    company = row["company"] or row["mention"] or "Unnamed company"
    attributes = tuple((str(a["key"]), str(a["value"]), str(a["unit"] or "")) for a in row["attributes"] or ())
    kind = (row["change_details"] or {}).get("kind", "")
    return sentence(
        Happening(
            company=company,
            event_type=row["event_type"],
            role=row["role"] or "",
            modality=row["modality"] or "completed",
            roles=roles,
            attributes=attributes,
            own_surface=row["mention"] or "",
            before=row["change_before"] or "",
            after=row["change_after"] or "",
            kind=kind,
        ),
        label,
    )


def _sources(row: Row, titles: Mapping[str, str]) -> tuple[SourceLink, ...]:
    seen: set[str] = set()
    links = []
    for source in row["sources"] or ():
        group = source["copy_group"] or source["url"]
        links.append(_source(source, titles, is_copy=group in seen))
        seen.add(group)
    if not links and row["change_url"]:
        return (SourceLink(row["change_url"], "Entry in the register", "Register", row["first_published_at"]),)
    return tuple(links)


def _source(source: Row, titles: Mapping[str, str], *, is_copy: bool) -> SourceLink:
    publisher = source["publisher"] or titles.get(source["source_id"]) or source["source_id"]
    published = source["published_at"]
    at = datetime.fromisoformat(published) if isinstance(published, str) else published
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return SourceLink(source["url"] or "", source["title"] or "", publisher, at, is_copy)


def _fit_line(criterion: Row, titles: Mapping[str, str]) -> FitLine:
    as_of = criterion.get("as_of")
    return FitLine(
        name=criterion["name"],
        need=criterion["need"],
        state=criterion["state"],
        value=money_words(criterion.get("value") or ""),
        wanted=money_words(criterion.get("wanted") or ""),
        source=titles.get(criterion.get("source_id") or "", criterion.get("source_id") or ""),
        as_of=date.fromisoformat(as_of[:10]) if isinstance(as_of, str) and as_of else as_of or None,
        lookup=criterion.get("lookup") or "",
    )


def _flipped(name: str, fit: Sequence[FitLine]) -> str:
    """The criterion that decided, with what is known about it now."""
    deciding = next((line for line in fit if line.name == name), None)
    return criterion_text(deciding) if deciding else wording.plain(name)


def _match(row: Row) -> MatchLine | None:
    """None when the register itself named the company, by its number."""
    if row["match_probability"] is None:
        return None
    evidence: Sequence[Row] = row["match_evidence"] or ()
    return MatchLine(
        probability=float(row["match_probability"]),
        decision=row["match_decision"] or "review",
        mention=row["mention"] or "",
        namesakes=row["namesakes_count"] or 0,
        runner_up=row["runner_up"] or "",
        evidence=tuple(EvidenceLine(e["says"], float(e["weight"])) for e in evidence),
    )
