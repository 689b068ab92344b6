"""Write ``salestrigger/matchers/country_words.json``: ``python benchmarks/country_words.py``.

The countries of one word in our languages, normalised, out of the locale data that babel brings (Unicode CLDR). Reading
that data takes longer than matching a small list, which is why the words are kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

LOCALES = ("en", "nb", "nn", "nl", "sv", "da", "de", "fi")


def country_words() -> list[str]:
    """The words, ascending."""
    from babel import Locale

    from salestrigger.matchers.names import normalise_column

    countries = [name for code in LOCALES for name in Locale(code).territories.values() if name]
    return sorted({word for word in normalise_column(countries) if word and " " not in word})


if __name__ == "__main__":
    target = ROOT / "salestrigger" / "matchers" / "country_words.json"
    target.write_text(json.dumps(country_words(), indent=0) + "\n", encoding="utf-8")
