"""A report written by hand, of clearly fictional companies, with something of everything a report can hold."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

from salestrigger.reports.report import (
    SECTIONS,
    Account,
    EvidenceLine,
    FailedSource,
    FitLine,
    FunnelRow,
    HeldBack,
    MatchLine,
    NewlyKnown,
    RankLine,
    Report,
    ReportLine,
    Section,
    SourceLink,
)

NOW = datetime(2026, 9, 8, 6, 30, tzinfo=UTC)
PROFILE = "nordic-logistics"
FIT = (
    FitLine("territory", "must", "met", "Vestland", "Vestland, Rogaland or Agder", "Demo register", date(2026, 9, 1)),
    FitLine("industry", "must", "met", "52.100 Warehousing (SN2025)", "transport and storage", "Demo register"),
    FitLine("employees", "must", "met", "120", "50 or more", "Demo register", date(2026, 8, 31)),
    FitLine("revenue", "nice", "unknown", "", "NOK 100 million or more", lookup="annual accounts in the register"),
    FitLine("cold chain", "nice", "met", "refrigerated storage", "handles chilled goods", "own website"),
    FitLine("competitor's customer", "exclude", "not_met", "no", "already under contract elsewhere"),
)
RANK = (
    RankLine("fit", 0.9, "fits between 82 and 97 of 100"),
    RankLine("impact", 0.7, "a new site usually changes what is bought"),
    RankLine("company", 0.97, "name, legal form and municipality agree"),
    RankLine("event", 0.9, "two independent sources state it"),
    RankLine("freshness", 1.0, "told one day ago; best until 6 Dec 2026"),
)
MATCH = MatchLine(
    0.97,
    "accept",
    "Fjordkast Logistikk",
    1,
    "Fjordkast Eiendom AS",
    (
        EvidenceLine("same name as in the register, legal form left out", 4.1),
        EvidenceLine("the text names its municipality, Bergen", 2.2),
        EvidenceLine("1 other active company in NO shares the first word", -0.6),
    ),
)


def source(host: str, publisher: str, title: str, *, day: int = 7, is_copy: bool = False) -> SourceLink:
    at = datetime(2026, 9, day, 9, 15, tzinfo=UTC)
    return SourceLink(f"https://{host}/2026/09/sak-{day}?id=1", title, publisher, at, is_copy)


def line(number: int, company: str, happened: str, **other: object) -> ReportLine:
    base = ReportLine(
        trigger_id=f"trg_{number:020x}",
        organization_id=f"org_{number:020x}",
        company=company,
        profile=PROFILE,
        event_type="site_opening",
        type_label="Opens a site",
        happened=happened,
        effect="hook",
        rank=round(91.4 - number * 3.1, 1),
        role="organization",
        place="Bergen, Norway",
        identifiers=(f"NO-BRC-9990000{number:02d}",),
        website="https://www.fjordkast.example/",
        quote="Vi åpner et nytt kjølelager på Kokstad i høst, med plass til 14 000 paller.",
        language="nb",
        sources=(
            source("nyheter.fjordkast.example", "Fjordkast newsroom", "Fjordkast åpner nytt kjølelager"),
            source("vestkysten.example", "Vestkysten Dagblad", "Nytt kjølelager til Kokstad", day=8),
            source("wire.demo.example", "Demo Wire", "Fjordkast åpner nytt kjølelager", is_copy=True),
        ),
        independent_sources=2,
        event_on=date(2026, 9, 7),
        effective_on=date(2026, 10, 1),
        precision="day",
        published_on=date(2026, 9, 7),
        confidence=0.93,
        verdict="fits",
        fit_lower=82.0,
        fit_upper=97.0,
        fit=FIT,
        why_now="The site opens in three weeks; racking and cooling are bought now.",
        valid_from=date(2026, 7, 9),
        valid_until=date(2026, 12, 6),
        rank_terms=RANK,
        match=MATCH,
    )
    return dataclasses.replace(base, **other)  # type: ignore[arg-type]


def account(*lines: ReportLine) -> Account:
    first = lines[0]
    return Account(first.organization_id, first.company, first.place, first.identifiers, first.website, lines)


def section(position: int, *accounts: Account) -> Section:
    key, title, advice = SECTIONS[position]
    return Section(key, title, advice, accounts)


def _enters() -> Section:
    moved = line(
        1,
        "Nordlys Kulde og Transport AS",
        "Nordlys Kulde og Transport AS moved from Tromsø to Bergen.",
        event_type="relocation",
        type_label="Relocates",
        effect="enters_icp",
        flipped="Territory: Troms before, Vestland now",
        quote="",
        language="",
        stated="business address moved from Tromsø to Bergen on 7 September 2026",
        match=None,
        independent_sources=1,
        sources=(source("register.demo.example", "Demo register", "Change of business address"),),
        why_now="It is new in your territory and has no supplier here yet.",
        identifiers=("NO-BRC-999000001",),
        website="",
    )
    grown = line(
        2,
        "Van der Zandt Koel- en Vrieslogistiek Internationaal Beheer en Exploitatie B.V.",
        "Van der Zandt Koel- en Vrieslogistiek Internationaal Beheer en Exploitatie B.V. is growing in staff.",
        event_type="headcount_growth",
        type_label="Adds staff",
        effect="enters_icp",
        modality="planned",
        flipped="Employees: 42 before, 102 now",
        quote="Het bedrijf groeit dit najaar naar ruim honderd medewerkers, verdeeld over drie vestigingen.",
        language="nl",
        place="Barendrecht, Netherlands",
        identifiers=("NL-KVK-99000002", "XI-LEI-9990FICTIONAL00000002"),
        website="https://www.vanderzandt.example/over-ons",
    )
    return section(0, account(moved), account(grown))


def _hooks() -> Section:
    first = line(3, "Fjordkast Logistikk AS", "Fjordkast Logistikk AS is opening a site in Kokstad.")
    second = line(
        4,
        "Fjordkast Logistikk AS",
        "Fjordkast Logistikk AS appointed Kari Eksempel as head of operations.",
        organization_id=first.organization_id,
        event_type="executive_hire",
        type_label="Appoints an executive",
        quote="Kari Eksempel tiltrer som ny driftsdirektør 15. september.",
        sources=(source("vestkysten.example", "Vestkysten Dagblad", "Ny driftsdirektør"),),
        independent_sources=1,
        effective_on=date(2026, 9, 15),
        first_told_at=datetime(2026, 9, 7, 6, 30, tzinfo=UTC),
    )
    raised = line(
        5,
        "Brugge & Dam Vastgoed N.V.",
        "Brugge & Dam Vastgoed N.V. raised EUR 12.5 million from Havenfonds.",
        event_type="funding",
        type_label="Raises capital",
        quote="Met de investering van 12,5 miljoen euro bouwt het bedrijf twee nieuwe distributiecentra.",
        language="nl",
        precision="month",
        place="Utrecht, Netherlands",
        website="",
    )
    return section(1, account(first, second), account(raised))


def _others() -> tuple[Section, ...]:
    unknown_fit = line(
        6,
        "Østfold Pallesentral SA",
        "Østfold Pallesentral SA won a contract with Skogheim kommune worth NOK 8 million.",
        effect="hook_unknown_fit",
        verdict="unknown",
        fit_lower=35.0,
        fit_upper=88.0,
        fit=(
            FIT[0],
            FitLine("employees", "must", "unknown", "", "50 or more", lookup="headcount in the register"),
            FitLine("industry", "must", "unknown", "", "transport and storage", lookup="industry code in the register"),
        ),
    )
    leaving = line(
        7,
        "Havbris Frakt AS",
        "Havbris Frakt AS was declared bankrupt.",
        event_type="insolvency",
        type_label="Insolvency",
        effect="leaves_icp",
        flipped="Status: active before, bankrupt now",
        quote="",
        language="",
        stated="bankruptcy opened on 4 September 2026",
        match=None,
        verdict="does_not_fit",
        fit=(FIT[0], FitLine("status", "exclude", "met", "bankrupt", "bankrupt or winding up", "Demo register")),
        fit_lower=0.0,
        fit_upper=0.0,
        why_now="Open offers and deliveries are at risk.",
        sources=(source("register.demo.example", "Demo register", "Bankruptcy opened"),),
        independent_sources=1,
        event_on=None,
        effective_on=date(2026, 9, 4),
    )
    distress = line(
        8,
        "Tulpveld Transport B.V.",
        "Tulpveld Transport B.V. is cutting 35 jobs.",
        event_type="layoffs",
        type_label="Cuts jobs",
        held_back="distress",
        advice="The company is in difficulty. Do not use this as an opening.",
        language="nl",
        quote="Bij Tulpveld verdwijnen dit jaar 35 banen.",
    )
    customer = line(
        9,
        "Kystlager Demo AS",
        "Kystlager Demo AS plans to expand a site in Stavanger for NOK 40 million.",
        modality="planned",
        held_back="customer",
        advice="This is a customer. Tell the owner of the account instead.",
    )
    return (
        section(2, account(unknown_fit)),
        section(3, account(leaving)),
        section(4, account(distress), account(customer)),
    )


def _held_back() -> tuple[HeldBack, ...]:
    wrong = tuple(
        line(
            10 + offset,
            company,
            f"{company} is opening a site in Oslo.",
            held_back="wrong_company_risk",
            match=MatchLine(0.58, "review", company.split()[0], 14, "", MATCH.evidence[:1]),
        )
        for offset, company in enumerate(("Solvik Eksempel AS", "Bakkely Fiktiv AS", "Lindedal Verzonnen B.V."))
    )
    rumour = line(
        13,
        "Polarsalt ASA",
        "Rumour: Polarsalt ASA may be bought by Isfront ASA.",
        modality="rumour",
        held_back="rumour",
        event_on=None,
    )
    return (
        HeldBack("wrong_company_risk", "It may be another company", "The name fits, but little else does.", wrong),
        HeldBack("rumour", "Only a rumour", "No source states it as a fact yet.", (rumour,)),
    )


def full_report() -> Report:
    """Nine reported triggers, four held back, and everything else that a report can hold."""
    return Report(
        title="Sales triggers",
        generated_at=NOW,
        profiles=(PROFILE,),
        sections=(_enters(), _hooks(), *_others()),
        run_id="run_0000000000000000002a",
        held_back=_held_back(),
        newly_known=(
            NewlyKnown("org_a", "Midtfjord Spedisjon AS", "Ålesund, Norway", PROFILE, "learned", ("Employees: 88",)),
            NewlyKnown("org_b", "Veenland Opslag B.V.", "Assen, Netherlands", PROFILE, "first_load"),
        ),
        newly_known_count=17,
        failed_sources=(
            FailedSource(
                "demo-drip",
                "Drypp Nyheter (demo)",
                "failed",
                "deadline",
                "the whole exchange took longer than the policy allows",
                datetime(2026, 9, 6, 6, 31, tzinfo=UTC),
            ),
            FailedSource(
                "demo-login", "Poortwachter (demo)", "malformed", "malformed", "it answered with a login page"
            ),
            FailedSource(
                "demo-quiet", "Stille Havn (demo)", "silent", "silent", "nothing new for 9 days; usually 4 a day"
            ),
        ),
        sources_ok=7,
        funnel=(
            FunnelRow("", "documents", "event", "told of an event", 31),
            FunnelRow("", "documents", "no_cue_word", "no word that points to an event", 181),
            FunnelRow("", "events", "resolved", "company found", 22),
            FunnelRow("", "events", "unresolved", "company not in the registers", 9),
            FunnelRow(PROFILE, "subjects", "trigger", "became a trigger", 13),
            FunnelRow(PROFILE, "subjects", "outside_icp", "outside the ICP", 9),
        ),
        still_open=4,
    )


def quiet_report() -> Report:
    """A day on which nothing was new."""
    return dataclasses.replace(
        full_report(),
        sections=(),
        held_back=(),
        newly_known=(),
        newly_known_count=0,
        quiet="Quiet because: 212 documents, of which 31 told of an event; 9 events, all of companies outside the ICP.",
    )


def small_report() -> Report:
    """Three lines (from the register, from news, held back) and one of everything else: for tests with many texts."""
    full = full_report()
    register, news = full.sections[0], full.sections[1]
    return dataclasses.replace(
        full,
        sections=(
            dataclasses.replace(register, accounts=register.accounts[:1]),
            dataclasses.replace(news, accounts=(account(news.accounts[0].lines[1]),)),
        ),
        held_back=(dataclasses.replace(full.held_back[0], lines=full.held_back[0].lines[:1]),),
        newly_known=full.newly_known[:1],
        failed_sources=full.failed_sources[:1],
        funnel=full.funnel[:1],
        quiet="Also said.",
    )
