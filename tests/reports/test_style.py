"""The page can be read: text stands out from its ground in both colour schemes."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

import salestrigger.reports

CSS = (Path(salestrigger.reports.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
SCHEMES = dict(zip(("light", "dark"), re.findall(r":root\{(.*?)\}", CSS, re.DOTALL)[:2], strict=True))
SECTIONS = ("enters", "hook", "unknown", "leaves", "stop")
PAIRS = (
    *product(("ink", "soft", "link"), ("bg", "card")),
    ("ink", "tint"),
    ("soft", "tint"),
    *((name, ground) for name in SECTIONS for ground in (f"{name}-bg", "card", "bg")),
)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_text_contrast_is_at_least_that_of_wcag_aa(scheme: str, pair: tuple[str, str]) -> None:
    """4.5 to 1 for every pair of text and ground that the page uses."""
    colours = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", SCHEMES[scheme]))
    light, dark = sorted((luminance(colours[name]) for name in pair), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
