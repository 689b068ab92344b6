"""Read a procurement notice's XML: eForms (UBL, since 2022) and TED_EXPORT (before). Pure; to be called in the sandbox.

eForms: NoticeResult → LotResult → LotTender → TenderingParty → Tenderer → Organization (ORG-xxxx) → Company; see
https://docs.ted.europa.eu/eforms/latest/. A tender is a winning one when a SettledContract names it, else when its
LotResult says ``selec-w`` and it is ranked first or not at all. TED_EXPORT (R2.0.8 and R2.0.9): only
ADDRESS_CONTRACTOR is the winner. Contact persons, e-mail and telephone are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

from lxml import etree

from salestrigger.sources.adapters.national_ids import country_of, national_id
from salestrigger.sources.adapters.notice_build import Award, Notice, Party, amount_of
from salestrigger.sources.adapters.notice_terms import Term, earliest, eforms_terms, old_terms
from salestrigger.sources.records import Money

#: language of a notice (ISO 639-3) → BCP 47
LANGUAGES: Mapping[str, str] = {
    "ENG": "en", "NLD": "nl", "NOR": "no", "NOB": "nb", "NNO": "nn", "SWE": "sv", "DAN": "da", "FIN": "fi",
    "DEU": "de", "FRA": "fr", "SPA": "es", "ITA": "it", "POL": "pl", "EST": "et", "ISL": "is",
}  # fmt: skip
Kind = Literal["award", "intended_award", "tender", "planned_tender", "other"]

#: a date that means "none": eForms demands one where there is none
DUMMY_DATE = date(2000, 1, 1)
_UNPUBLISHED = {"unpublished", "-1"}
Node = Any  #: lxml's element


def read_notice(body: bytes, context: dict[str, Any]) -> Notice:
    """The notice; ``context`` has its ``number``. A document of another kind is ``other`` without a subject."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return Notice(context["number"], "other", "")
    if _name(root) == "TED_EXPORT":
        return _old_notice(root, context["number"])
    return _eforms(root, context["number"])


def kind_of(code: str) -> Kind:
    """What a notice type (``can-standard``, ``cn-social``, ``pin-only`` …) says."""
    if code.startswith("can-"):
        return "other" if code == "can-modif" else "award"
    if code == "veat":
        return "intended_award"
    if code.startswith(("cn-", "pin-cfc")) or code in {"subco", "qu-sy"}:
        return "tender"
    return "planned_tender" if code.startswith("pin-") else "other"


def day_of(text: str) -> date | None:
    """``2026-04-30+02:00``, ``2026-04-30Z``: the day; None for none and for the dummy."""
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    return None if day == DUMMY_DATE else day


def _eforms(root: Node, number: str) -> Notice:
    language = _text(root, "NoticeLanguageCode")
    kind = kind_of(_text(root, "NoticeTypeCode"))
    parties = {key: party for node in _deep(root, "Organization") for key, party in _organization(node, language)}
    buyers = [parties[ref] for node in _children(root, "ContractingParty") if (ref := _ref(node, "Party")) in parties]
    result = next(_deep(root, "NoticeResult"), None)
    project = next(iter(_children(root, "ProcurementProject")), None)
    amount = _money(result, "TotalAmount") if result is not None else None
    if amount is None and project is not None:
        amount = _money(project, "RequestedTenderTotal", "EstimatedOverallContractAmount")
    return Notice(
        number=number,
        kind=kind,
        subject=_spoken(project, "Name", language),
        buyers=tuple(dict.fromkeys(buyers)),
        awards=tuple(_awards(root, result, parties)) if result is not None and kind != "other" else (),
        amount=amount,
        description=_spoken(project, "Description", language),
        language=LANGUAGES.get(language.upper()),
        codes=tuple(dict.fromkeys(_all_text(project, "MainCommodityClassification", "ItemClassificationCode"))),
        deadline=next(filter(None, map(day_of, _all_text(root, "TenderSubmissionDeadlinePeriod", "EndDate"))), None),
        withheld=next(_deep(root, "FieldsPrivacy"), None) is not None,
    )


def _organization(node: Node, language: str) -> Iterator[tuple[str, Party]]:
    """The key (ORG-0001) and the company of one organisation."""
    for company in _children(node, "Company"):
        key = _all_text(company, "PartyIdentification", "ID")
        names = [name for holder in _children(company, "PartyName") for name in _children(holder, "Name")]
        name = _preferred(names, language)
        country = country_of(next(iter(_all_text(company, "Country", "IdentificationCode")), ""))
        raw = next(iter(_all_text(company, "PartyLegalEntity", "CompanyID")), "")
        if key and name and name.casefold() not in _UNPUBLISHED:
            yield key[0], Party(name, national_id(country, raw), country)


def _awards(root: Node, result: Node, parties: Mapping[str, Party]) -> Iterator[Award]:
    """Every winning tender's tenderers; the value is told only where the tender has a single one."""
    tenders = {key: node for node in _children(result, "LotTender") if (key := _text(node, "ID"))}
    groups = {_text(node, "ID"): node for node in _children(result, "TenderingParty")}
    contracts = _children(result, "SettledContract")
    decided = next(filter(None, map(day_of, _all_text(root, "TenderResult", "AwardDate"))), None)
    days = {
        tender: day
        for contract in contracts
        for tender in _all_text(contract, "LotTender", "ID")
        if (day := day_of(_text(contract, "AwardDate")) or day_of(_text(contract, "IssueDate")))
    }
    terms, issued = eforms_terms(root), day_of(_text(root, "IssueDate"))
    for key in _winning(result, tenders, contracts):
        node = tenders[key]
        group = groups.get(next(iter(_all_text(node, "TenderingParty", "ID")), ""))
        members = [parties[ref] for ref in _tenderers(group) if ref in parties]
        amount = _money(node, "LegalMonetaryTotal", "PayableAmount") if len(members) == 1 else None
        day = days.get(key) or decided
        lots = _all_text(node, "TenderLot", "ID") or [""]
        end = earliest(_end(terms.get(lot) or terms.get("") or Term(), day or issued) for lot in lots)
        yield from (Award(member, amount, day, *end) for member in members)


def _end(term: Term, signed_on: date | None) -> tuple[date | None, bool, int]:
    return (*term.end(signed_on), term.renewals)


def _winning(result: Node, tenders: Mapping[str, Node], contracts: Iterable[Node]) -> list[str]:
    chosen = {
        key
        for lot in _children(result, "LotResult")
        if _text(lot, "TenderResultCode") in {"selec-w", ""}
        for key in _all_text(lot, "LotTender", "ID")
    }
    signed = {key for contract in contracts for key in _all_text(contract, "LotTender", "ID")}
    if signed & chosen:
        chosen &= signed
    else:
        chosen = {key for key in chosen if key in tenders and _text(tenders[key], "RankCode") in {"", "1"}}
    return [key for key in tenders if key in chosen]


def _tenderers(group: Node | None) -> list[str]:
    """Those who tendered together; subcontractors are no winners."""
    return [] if group is None else _all_text(group, "Tenderer", "ID")


def _old_notice(root: Node, number: str) -> Notice:
    """A TED_EXPORT notice: its form in the original language."""
    forms = [form for holder in _deep(root, "FORM_SECTION") for form in holder]
    form = next((f for f in forms if f.get("CATEGORY") == "ORIGINAL"), forms[0] if forms else None)
    if form is None:
        return Notice(number, "other", "")
    buyers = [p for a in ("ADDRESS_CONTRACTING_BODY", "CONTACTING_BODY", "CA_CE_CONCESSIONAIRE_PROFILE")
              for node in _deep(form, a) if (p := _old_party(node))]  # fmt: skip
    awards = tuple(_old_awards(form))
    project = next(_deep(form, "OBJECT_CONTRACT"), form)
    code = next((node.get("CODE", "") for node in _deep(root, "TD_DOCUMENT_TYPE")), "")
    kind: Kind = "award" if awards or code == "7" else "tender" if code == "3" else "other"
    return Notice(
        number=number,
        kind=kind,
        subject=next((" ".join(node.itertext()).strip()[:500] for node in _deep(project, "TITLE")), ""),
        buyers=tuple(dict.fromkeys(buyers)),
        awards=awards,
        amount=_old_money(project),
        language={"NL": "nl", "NO": "no", "SV": "sv", "DA": "da", "FI": "fi", "EN": "en"}.get(form.get("LG", "")),
        codes=tuple(dict.fromkeys(node.get("CODE", "") for node in _deep(project, "CPV_CODE"))),
    )


def _old_awards(form: Node) -> Iterator[Award]:
    names = ("ADDRESS_CONTRACTOR", "ECONOMIC_OPERATOR_NAME_ADDRESS")
    terms = old_terms(form)
    for award in (node for name in ("AWARD_CONTRACT", "AWARD_OF_CONTRACT") for node in _deep(form, name)):
        winners = [p for name in names for node in _deep(award, name) if (p := _old_party(node))]
        day = next((d for n in _deep(award, "DATE_CONCLUSION_CONTRACT") if (d := day_of(n.text or ""))), None)
        amount = _old_money(award) if len(winners) == 1 else None
        end = _end(terms.get(_text(award, "LOT_NO")) or terms.get("") or Term(), day)
        yield from (Award(winner, amount, day, *end) for winner in winners)


def _old_party(node: Node) -> Party | None:
    name = next((" ".join(n.itertext()).strip() for n in _deep(node, "OFFICIALNAME")), "")
    land = next((n.get("VALUE", "") for n in _deep(node, "COUNTRY")), "")
    raw = next((n.text or "" for n in _deep(node, "NATIONALID")), "")
    country = country_of(land)
    return Party(name, national_id(country, raw), country) if name else None


def _old_money(node: Node) -> Money | None:
    """VAL_TOTAL is what was awarded; estimates are not."""
    found = (amount_of(n.text or "", n.get("CURRENCY", "")) for n in _deep(node, "VAL_TOTAL"))
    return next(filter(None, found), None)


def _name(node: Node) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _deep(node: Node, name: str) -> Iterator[Node]:
    return (child for child in node.iter("{*}" + name))


def _children(node: Node | None, name: str) -> list[Node]:
    return [] if node is None else [child for child in node if _name(child) == name]


def _text(node: Node | None, name: str) -> str:
    """The text of the first child of that name."""
    found = _children(node, name)
    return (found[0].text or "").strip() if found else ""


def _all_text(node: Node | None, holder: str, name: str) -> list[str]:
    """The texts of ``name`` directly in any ``holder`` below the node."""
    if node is None:
        return []
    return [(leaf.text or "").strip() for h in _deep(node, holder) for leaf in _children(h, name)]


def _ref(node: Node, name: str) -> str:
    """The organisation that a party refers to (not those that only serve it)."""
    for party in _children(node, name):
        for holder in _children(party, "PartyIdentification"):
            return _text(holder, "ID")
    return ""


def _spoken(node: Node | None, name: str, language: str) -> str:
    return _preferred(_children(node, name), language)


def _preferred(nodes: list[Node], language: str) -> str:
    """The text in the notice's own language, else the first."""
    best = next((node for node in nodes if node.get("languageID", "").upper() == language.upper()), None)
    chosen = best if best is not None else (nodes[0] if nodes else None)
    return (chosen.text or "").strip() if chosen is not None else ""


def _money(node: Node | None, *path: str) -> Money | None:
    """The amount at ``path``; none where the notice says that some field of this node is withheld for now."""
    if _children(node, "FieldsPrivacy"):
        return None
    for name in path[:-1]:
        node = next(iter(_children(node, name)), None)
    found = _children(node, path[-1])
    return amount_of(found[0].text or "", found[0].get("currencyID", "")) if found else None
