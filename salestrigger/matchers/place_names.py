"""One key for a place whatever the language: countries by the Unicode locale data, cities by a short list of exonyms.

For comparing tellings only. The list holds the cities of our languages' countries whose names differ between them.
"""

from __future__ import annotations

import functools
import re

from babel import Locale

_LANGUAGES = ("nl", "nb", "nn", "en", "sv", "da", "de", "fi")
#: the key first, then what other languages say
_CITIES = (
    ("den haag", "the hague", "haag"), ("vlissingen", "flushing"), ("antwerpen", "antwerp"), ("brussel", "brussels",
    "bryssel", "bruxelles", "brüssel"), ("gent", "ghent"), ("luik", "liège", "lüttich", "liege"), ("göteborg",
    "gothenburg", "gøteborg"), ("københavn", "copenhagen", "köpenhamn", "kopenhagen", "kööpenhamina"),
    ("helsinki", "helsingfors"), ("turku", "åbo"), ("tampere", "tammerfors"), ("espoo", "esbo"), ("vantaa", "vanda"),
    ("oulu", "uleåborg"), ("vaasa", "vasa"), ("stockholm", "tukholma"), ("tallinn", "tallinna"), ("köln", "cologne",
    "keulen"), ("münchen", "munich"), ("aachen", "aken"), ("hannover", "hanover"), ("hamburg", "hampuri"), ("berlin",
    "berlijn", "berliini"), ("wien", "vienna", "wenen"), ("zürich", "zurich"), ("warszawa", "warsaw", "warschau"),
    ("praha", "prague", "prag", "praag"), ("london", "londen", "lontoo"), ("paris", "parijs", "pariisi"), ("roma",
    "rome", "rom"), ("milano", "milan", "milaan", "mailand"), ("aarhus", "århus"), ("aalborg", "ålborg"),
)  # fmt: skip
_CITY = {name: names[0] for names in _CITIES for name in names}


def place_key(name: str) -> str:
    """Equal for two names of one country or city; else the name itself, folded."""
    folded = " ".join(re.split(r"[^\w]+", name.casefold())).strip()
    return _countries().get(folded) or _CITY.get(folded, folded)


@functools.cache
def _countries() -> dict[str, str]:
    return {
        " ".join(re.split(r"[^\w]+", said.casefold())).strip(): f"country {code}"
        for language in _LANGUAGES
        for code, said in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
