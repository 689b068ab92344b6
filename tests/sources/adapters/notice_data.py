"""Procurement notices in the true shape, with invented buyers and companies."""

from __future__ import annotations

_SPACES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:ContractAwardNotice-2" '
    'xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:efext="http://data.europa.eu/p27/eforms-ubl-extensions/1" '
    'xmlns:efbc="http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1" '
    'xmlns:efac="http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1"'
)


def organization(key: str, name: str, number: str = "", country: str = "NOR") -> str:
    """One entry of the notice's list of organisations, with a contact that nobody may read."""
    return f"""<efac:Organization><efac:Company>
      <cac:PartyIdentification><cbc:ID>{key}</cbc:ID></cac:PartyIdentification>
      <cac:PartyName><cbc:Name languageID="NOB">{name}</cbc:Name></cac:PartyName>
      <cac:PostalAddress><cac:Country><cbc:IdentificationCode>{country}</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
      <cac:PartyLegalEntity><cbc:CompanyID>{number}</cbc:CompanyID></cac:PartyLegalEntity>
      <cac:Contact><cbc:Name>Kari Eksempel</cbc:Name><cbc:ElectronicMail>kari@example.com</cbc:ElectronicMail>
      </cac:Contact></efac:Company></efac:Organization>"""


def tender(key: str, amount: str, party: str, *, rank: str = "", withheld: bool = False, lot: str = "") -> str:
    """One tender for a lot."""
    privacy = (
        "<efac:FieldsPrivacy><efbc:FieldIdentifierCode>win-ten-val</efbc:FieldIdentifierCode></efac:FieldsPrivacy>"
    )
    return f"""<efac:LotTender>{privacy if withheld else ""}<cbc:ID>{key}</cbc:ID>
      {f"<cbc:RankCode>{rank}</cbc:RankCode>" if rank else ""}
      <cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="NOK">{amount}</cbc:PayableAmount></cac:LegalMonetaryTotal>
      <efac:TenderingParty><cbc:ID>{party}</cbc:ID></efac:TenderingParty>
      {f"<efac:TenderLot><cbc:ID>{lot}</cbc:ID></efac:TenderLot>" if lot else ""}</efac:LotTender>"""


def period(*, lot: str = "LOT-0001", start: str = "", end: str = "", length: tuple[str, str] = ("", "")) -> str:
    """How long the contract of a lot runs: length as (number, unit)."""
    parts = f"<cbc:StartDate>{start}</cbc:StartDate>" if start else ""
    parts += f"<cbc:EndDate>{end}</cbc:EndDate>" if end else ""
    parts += f'<cbc:DurationMeasure unitCode="{length[1]}">{length[0]}</cbc:DurationMeasure>' if length[0] else ""
    return f"""<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">{lot}</cbc:ID><cac:ProcurementProject>
      <cac:PlannedPeriod>{parts}</cac:PlannedPeriod><cac:ContractExtension>
      <cbc:MaximumNumberNumeric>2</cbc:MaximumNumberNumeric></cac:ContractExtension>
      </cac:ProcurementProject></cac:ProcurementProjectLot>"""


def award(
    *, kind: str = "can-standard", result: str = "", organizations: str = "", subject: str = "Brøyting", lots: str = ""
) -> bytes:
    """An eForms notice; ``result`` is what stands in its NoticeResult."""
    return f"""<?xml version="1.0"?><ContractAwardNotice {_SPACES}>
    <ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>
      <efac:NoticeResult>{result}</efac:NoticeResult><efac:Organizations>{organizations}</efac:Organizations>
    </efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
    <cbc:NoticeTypeCode listName="result">{kind}</cbc:NoticeTypeCode>
    <cbc:NoticeLanguageCode>NOB</cbc:NoticeLanguageCode>
    <cac:ContractingParty><cac:Party><cac:PartyIdentification><cbc:ID>ORG-0001</cbc:ID></cac:PartyIdentification>
      <cac:ServiceProviderParty><cac:Party><cac:PartyIdentification><cbc:ID>ORG-0009</cbc:ID></cac:PartyIdentification>
      </cac:Party></cac:ServiceProviderParty></cac:Party></cac:ContractingParty>
    <cac:ProcurementProject><cbc:Name languageID="ENG">Snow clearing</cbc:Name>
      <cbc:Name languageID="NOB">{subject}</cbc:Name>
      <cac:MainCommodityClassification><cbc:ItemClassificationCode>90620000</cbc:ItemClassificationCode>
      </cac:MainCommodityClassification></cac:ProcurementProject>{lots}
    <cac:TenderResult><cbc:AwardDate>2000-01-01Z</cbc:AwardDate></cac:TenderResult>
    </ContractAwardNotice>""".encode()


def party(key: str, *members: str, subcontractor: str = "") -> str:
    """Those who tendered together."""
    inner = "".join(f"<efac:Tenderer><cbc:ID>{member}</cbc:ID></efac:Tenderer>" for member in members)
    if subcontractor:
        inner += f"<efac:SubContractor><cbc:ID>{subcontractor}</cbc:ID></efac:SubContractor>"
    return f"<efac:TenderingParty><cbc:ID>{key}</cbc:ID>{inner}</efac:TenderingParty>"


def lot(code: str, *tenders: str) -> str:
    """The result of one lot."""
    inner = "".join(f"<efac:LotTender><cbc:ID>{key}</cbc:ID></efac:LotTender>" for key in tenders)
    return f"<efac:LotResult><cbc:TenderResultCode>{code}</cbc:TenderResultCode>{inner}</efac:LotResult>"


def contract(key: str, day: str = "2026-09-20+02:00") -> str:
    """A signed contract for a tender."""
    return (
        f"<efac:SettledContract><cbc:IssueDate>{day}</cbc:IssueDate>"
        f"<efac:LotTender><cbc:ID>{key}</cbc:ID></efac:LotTender></efac:SettledContract>"
    )


OLD_AWARD = b"""<TED_EXPORT xmlns="http://publications.europa.eu/resource/schema/ted/R2.0.9/publication">
<CODED_DATA_SECTION><CODIF_DATA><TD_DOCUMENT_TYPE CODE="7">Contract award</TD_DOCUMENT_TYPE></CODIF_DATA>
</CODED_DATA_SECTION><FORM_SECTION>
<F03_2014 CATEGORY="TRANSLATION" LG="EN"><OBJECT_CONTRACT><TITLE><P>Cleaning</P></TITLE></OBJECT_CONTRACT></F03_2014>
<F03_2014 CATEGORY="ORIGINAL" LG="NL">
<CONTRACTING_BODY><ADDRESS_CONTRACTING_BODY><OFFICIALNAME>Gemeente Duinbroek</OFFICIALNAME>
<COUNTRY VALUE="NL"/></ADDRESS_CONTRACTING_BODY></CONTRACTING_BODY>
<OBJECT_CONTRACT><TITLE><P>Schoonmaak</P></TITLE><CPV_MAIN><CPV_CODE CODE="90910000"/></CPV_MAIN></OBJECT_CONTRACT>
<AWARD_CONTRACT><AWARDED_CONTRACT><DATE_CONCLUSION_CONTRACT>2019-03-04</DATE_CONCLUSION_CONTRACT>
<CONTRACTORS><CONTRACTOR><ADDRESS_CONTRACTOR><OFFICIALNAME>Poldervink Schoonmaak B.V.</OFFICIALNAME>
<NATIONALID>01234567</NATIONALID><COUNTRY VALUE="NL"/></ADDRESS_CONTRACTOR></CONTRACTOR></CONTRACTORS>
<VALUES><VAL_ESTIMATED_TOTAL CURRENCY="EUR">1</VAL_ESTIMATED_TOTAL><VAL_TOTAL CURRENCY="EUR">250000.00</VAL_TOTAL>
</VALUES></AWARDED_CONTRACT></AWARD_CONTRACT>
<COMPLEMENTARY_INFO><ADDRESS_REVIEW_BODY><OFFICIALNAME>Rechtbank Duinbroek</OFFICIALNAME></ADDRESS_REVIEW_BODY>
</COMPLEMENTARY_INFO></F03_2014></FORM_SECTION></TED_EXPORT>"""
