"""Every kind of criterion by its name: the one list that a profile is read with."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from salestrigger.icp_profiles.criteria import (
    AgeCriterion,
    CityCriterion,
    CountryCriterion,
    EmployeesCriterion,
    IndustryCriterion,
    KeywordsCriterion,
    LegalFormCriterion,
    MunicipalityCriterion,
    PostcodeCriterion,
    RegionCriterion,
    RevenueCriterion,
    StatusCriterion,
    _Criterion,
)
from salestrigger.icp_profiles.criteria_more import (
    GroupCriterion,
    GrowthCriterion,
    HistoryCriterion,
    RadiusCriterion,
    TechnologiesCriterion,
)

CRITERIA: dict[str, type[_Criterion]] = {
    "industry": IndustryCriterion, "employees": EmployeesCriterion, "revenue": RevenueCriterion, "age": AgeCriterion,
    "growth": GrowthCriterion, "country": CountryCriterion, "region": RegionCriterion,
    "municipality": MunicipalityCriterion, "city": CityCriterion, "postcode": PostcodeCriterion,
    "radius": RadiusCriterion, "legal_form": LegalFormCriterion, "status": StatusCriterion, "group": GroupCriterion,
    "keywords": KeywordsCriterion, "technologies": TechnologiesCriterion, "history": HistoryCriterion,
}  # fmt: skip

Criterion = Annotated[
    IndustryCriterion | EmployeesCriterion | RevenueCriterion | AgeCriterion | GrowthCriterion | CountryCriterion
    | RegionCriterion | MunicipalityCriterion | CityCriterion | PostcodeCriterion | RadiusCriterion
    | LegalFormCriterion | StatusCriterion | GroupCriterion | KeywordsCriterion | TechnologiesCriterion
    | HistoryCriterion,
    Field(discriminator="kind"),
]  # fmt: skip
