"""Write ``salestrigger/matchers/locale_names.json``: ``python -m benchmarks.locale_names``.

Countries, months, days of the week and cities in our languages, out of the locale data that babel brings (Unicode
CLDR). Reading that data takes longer than reading a text, which is why the names are kept.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LANGUAGES = ("da", "de", "en", "fi", "nb", "nl", "nn", "sv")
TARGET = Path(__file__).resolve().parents[1] / "salestrigger" / "matchers" / "locale_names.json"


def locale_data() -> dict[str, Any]:
    """What the file holds."""
    from babel.core import get_global

    zones = {zone.rpartition("/")[2].replace("_", " ") for zone in get_global("zone_territories")}
    return {"zones": sorted(zones), "languages": {language: _of(language) for language in LANGUAGES}}


def _of(language: str) -> dict[str, Any]:
    from babel import Locale

    locale = Locale.parse(language)
    return {
        "countries": {code: name for code, name in sorted(locale.territories.items()) if name},
        "months": {width: _in_order(locale.months["format"][width]) for width in ("wide", "abbreviated")},
        "days": {width: _in_order(locale.days["format"][width]) for width in ("wide", "abbreviated")}
        | {"alone": _in_order(locale.days["stand-alone"]["wide"])},
        "cities": sorted({zone["city"] for zone in locale.time_zones.values() if "city" in zone}),
    }


def _in_order(names: Any) -> list[str]:
    return [names[number] for number in sorted(names)]


if __name__ == "__main__":
    lines = json.dumps(locale_data(), ensure_ascii=False, indent=0).replace(",\n", ", ").replace("}, ", "},\n")
    TARGET.write_text(lines + "\n", encoding="utf-8")
