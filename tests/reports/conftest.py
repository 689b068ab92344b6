"""Reports that several tests look at."""

from __future__ import annotations

import pytest

from salestrigger.reports.report import Report
from tests.reports.examples import full_report, quiet_report, small_report


@pytest.fixture(scope="session")
def full() -> Report:
    return full_report()


@pytest.fixture(scope="session")
def quiet() -> Report:
    return quiet_report()


@pytest.fixture(scope="session")
def small() -> Report:
    return small_report()
