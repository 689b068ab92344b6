"""German register numbers: which court, which register, which number; every court counts from one. Pure.

Read as pages write them ("Amtsgericht München, HRB 12345", "HRB 12 345 B beim Amtsgericht Charlottenburg (Berlin)") and
spelled one way: ``München HRB 12345``. There is no check digit, so a number counts only with a court that keeps
registers: the code list "Registergerichte" of XUnternehmen, version 12 (https://www.xrepository.de).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final

COURTS: Final = re.split(
    r"\||\n\s*",
    """
    Aachen|Ahlen|Altenburg|Amberg|Ansbach|Apolda|Arnsberg|Arnstadt|Aschaffenburg|Augsburg|Aurich|Bad Hersfeld
    Bad Homburg v.d. Höhe|Bad Kreuznach|Bad Oeynhausen|Bad Salzungen|Bamberg|Bayreuth|Bielefeld|Bochum|Bonn
    Braunschweig|Bremen|Bünde|Charlottenburg|Chemnitz|Coburg|Coesfeld|Cottbus|Darmstadt|Deggendorf|Dortmund|Dresden
    Duisburg|Düren|Düsseldorf|Eisenach|Erfurt|Erkelenz|Eschwege|Essen|Flensburg|Frankfurt (Oder)|Frankfurt am Main
    Freiburg|Friedberg (Hessen)|Fritzlar|Fulda|Fürth|Geldern|Gelsenkirchen|Gera|Gießen|Gotha|Göttingen|Greifswald
    Greiz|Güstrow|Gütersloh|Hagen|Hamburg|Hamm|Hanau|Hannover|Heilbad Heiligenstadt|Herford|Herne|Hildburghausen
    Hildesheim|Hof|Homburg|Ingolstadt|Iserlohn|Jena|Kaiserslautern|Kassel|Kempten (Allgäu)|Kiel|Kleve|Koblenz|Köln
    Königstein im Taunus|Korbach|Krefeld|Landau in der Pfalz|Landshut|Lebach|Leipzig|Lemgo|Limburg a. d. Lahn
    Ludwigshafen am Rhein|Ludwigslust|Lübeck|Lüneburg|Lünen|Mainz|Mannheim|Marburg|Meiningen|Memmingen|Merzig
    Mönchengladbach|Montabaur|Mühlhausen|München|Münster|Neubrandenburg|Neunkirchen|Neuruppin|Neuss|Nordhausen
    Nürnberg|Oberhausen|Offenbach am Main|Oldenburg (Oldenburg)|Osnabrück|Ottweiler|Paderborn|Pasewalk|Passau
    Pinneberg|Pößneck|Potsdam|Ratingen|Recklinghausen|Regensburg|Remscheid|Rostock|Rudolstadt|Saarbrücken|Saarlouis
    Sankt Ingbert|Sankt Wendel|Schleiden|Schweinfurt|Schwerin|Siegburg|Siegen|Soest|Solingen|Sömmerda|Sondershausen
    Sonneberg|Stadthagen|Stadtroda|Steinfurt|Stendal|Stralsund|Straubing|Stuttgart|Suhl|Tostedt|Traunstein|Ulm
    Völklingen|Walsrode|Warburg|Waren (Müritz)|Warstein|Weiden i.d. OPf.|Weimar|Wetzlar|Wiesbaden|Wismar|Witten
    Wittlich|Wuppertal|Würzburg|Zweibrücken
    """.strip(),
)  # fmt: skip

#: how pages also call a court → its name in the list; a place in brackets or after "am" may be missing
_ALSO: Final = {
    "Berlin": "Charlottenburg", "Berlin-Charlottenburg": "Charlottenburg", "Berlin (Charlottenburg)": "Charlottenburg",
    "Charlottenburg (Berlin)": "Charlottenburg", "Frankfurt": "Frankfurt am Main",
    "Frankfurt/Main": "Frankfurt am Main", "Frankfurt a. M.": "Frankfurt am Main",
    "Frankfurt/Oder": "Frankfurt (Oder)", "Munich": "München",
    "Cologne": "Köln", "Nuremberg": "Nürnberg", "Hanover": "Hannover", "Brunswick": "Braunschweig",
    "Bad Homburg": "Bad Homburg v.d. Höhe", "Offenbach": "Offenbach am Main", "Königstein": "Königstein im Taunus",
    "Limburg": "Limburg a. d. Lahn", "Ludwigshafen": "Ludwigshafen am Rhein", "Landau": "Landau in der Pfalz",
    "Weiden": "Weiden i.d. OPf.", "Weiden in der Oberpfalz": "Weiden i.d. OPf.", "St. Ingbert": "Sankt Ingbert",
    "St. Wendel": "Sankt Wendel", "Freiburg im Breisgau": "Freiburg", "Freiburg i. Br.": "Freiburg",
    "Heiligenstadt": "Heilbad Heiligenstadt",
}  # fmt: skip

#: what some courts add to numbers that were given out twice before registers were joined
_ADDED = "B|HB|BHV|CB|FF|NP|P|FL|HL|KI|PI|IZ|EL|ME|RD|SE|NO|SL|HU|OD"
_NUMBER = re.compile(
    r"(?<!\w)(HRA|HRB|GnR)(?![^\W\d_])[\s.:-]{0,4}(?:(?:Nr|No|Nummer|number)\b[\s.:]{0,4})?"
    rf"(\d{{1,3}}[ .]\d{{3}}(?![ .]?\d)|\d{{1,6}}(?![ .]?\d{{3}}\b)(?!\d))(?:\s?({_ADDED})(?!\w))?",
    re.IGNORECASE,
)
_COURT = re.compile(
    r"(?:\bamtsgerichte?s?|\bregistergericht|\bhandelsregister(?:\s+(?:in|von))?|(?<=[:,;(|/])\s?AG\b|\A\s*AG\b"
    r"|\bregister\s+court|\b(?:local|district)\s+court(?:\s+(?:of|in))?|\bcommercial\s+register(?:\s+(?:of|in))?"
    r"|\bbeim\s+AG\b)[\s:]{0,3}(?:AG\s)?",
    re.IGNORECASE,
)
#: letters between a number and its court, before and behind
_BEFORE, _BEHIND = 90, 70
#: numbers and courts that are looked at on one page
MOST = 200


def register_numbers(text: str) -> Iterator[tuple[str, int]]:
    """``München HRB 12345`` and where it stands, for every number whose court is said with it.

    A page says its courts all before or all behind its numbers; where both could be meant, what comes first on the
    page tells which.
    """
    numbers, courts = list(islice(_NUMBER.finditer(text), MOST)), list(islice(_courts_in(text), MOST))
    courts_first = bool(courts and numbers) and courts[0][0] < numbers[0].start()
    for at, number in enumerate(numbers):
        floor = numbers[at - 1].end() if at else 0
        ceiling = numbers[at + 1].start() if at + 1 < len(numbers) else len(text)
        begin = max(floor, number.start() - _BEFORE)
        before = [name for start, end, name in courts if begin <= start and end <= number.start()]
        behind = [name for start, _, name in courts if number.end() <= start < min(ceiling, number.end() + _BEHIND)]
        nearest = before[-1:] + behind[:1] if courts_first else behind[:1] + before[-1:]
        if nearest:
            yield f"{nearest[0]} {_spelled(number)}", number.start()


def german_number(text: str) -> str | None:
    """The one register number in a short text, with its court; the court may stand there by its name alone."""
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return None
    rest = f"{text[: found[0].start()]} {text[found[0].end() :]}"
    court = next((name for *_, name in _courts_in(rest)), None) or _court_at(rest.strip(" ,;:."))
    return f"{court} {_spelled(found[0])}" if court else None


def _spelled(match: re.Match[str]) -> str:
    kind = {"hra": "HRA", "hrb": "HRB", "gnr": "GnR"}[match[1].lower()]
    digits = re.sub(r"\D", "", match[2]).lstrip("0") or "0"
    return f"{kind} {digits}{f' {match[3].upper()}' if match[3] else ''}"


def _courts_in(text: str) -> Iterator[tuple[int, int, str]]:
    """(begin, end, name) of every court that words name as one."""
    for match in _COURT.finditer(text):
        name = _court_at(text[match.end() : match.end() + 40])
        if name:
            yield match.start(), match.end(), name


def _court_at(text: str) -> str | None:
    """The court whose name the text begins with: the longest."""
    folded = _folded(text)
    table = _names()
    words = re.finditer(r"\S+", folded)
    ends = [match.end() for match in words][:6]
    return next((table[name] for end in reversed(ends) if (name := folded[:end]) in table), None)


@cache
def _names() -> dict[str, str]:
    names = {name: name for name in COURTS}
    bare = {name.split(" (")[0]: name for name in COURTS if " (" in name and name != "Frankfurt (Oder)"}
    return {_folded(name): court for name, court in (bare | names | _ALSO).items()}


def _folded(text: str) -> str:
    """Small letters without umlauts or signs, words between blanks."""
    text = text.casefold()
    for sign, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        text = text.replace(sign, plain)
    return " ".join(re.findall(r"[^\W\d_]+", text))
