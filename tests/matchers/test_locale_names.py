"""The names of countries, months, days and cities that are kept in a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from salestrigger.matchers import locale_names as module
from salestrigger.matchers.locale_names import locale_names, zone_names


def test_the_file_is_what_babel_says() -> None:
    """After another version of babel: python -m benchmarks.locale_names.

    Asked in a process of its own: what babel answers depends on what others asked it before.
    """
    kept = json.loads(Path(module.__file__).with_name("locale_names.json").read_text(encoding="utf-8"))
    asked = "import json; from benchmarks.locale_names import locale_data; print(json.dumps(locale_data()))"
    root = Path(module.__file__).parents[2]
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=root)
    assert kept == json.loads(said.stdout)


def test_names_stand_in_the_order_of_the_calendar() -> None:
    """January and Monday come first."""
    assert (locale_names("nl").months["wide"][0], locale_names("nb").days["wide"][0]) == ("januari", "mandag")
    assert locale_names("de").countries["NO"] == "Norwegen"
    assert "Kopenhagen" in locale_names("nl").cities
    assert "Oslo" in zone_names()
