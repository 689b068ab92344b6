"""Write what our own legal forms lack: `python benchmarks/legal_forms.py ELF.csv`.

ELF.csv is GLEIF's published list of entity legal forms (ISO 20275, CC0). Our own forms, with the spellings that people
use and which of them are ordinary words, stand in `legal_forms.toml`; this command adds, to
`legal_forms_listed.json`, the abbreviations of the list that they lack, by country, and prints how much of the list is
covered. A listed abbreviation is read as a form only where the name's country is known to have it.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from salestrigger.matchers.legal_forms import LISTED, LegalForm, own_forms  # noqa: E402
from salestrigger.matchers.names import normalise_column  # noqa: E402

_COUNTRY, _NAME, _STATUS = "Country Code (ISO 3166-1)", "Entity Legal Form name Local name", "ELF Status ACTV/INAC"
_SHORT = "Abbreviations Local language"
_OURS = ("NL", "NO", "SE", "DK", "FI", "DE", "GB", "US")
#: Abbreviations that are names or words of their own wherever they stand.
_NEVER = frozenset({"and", "i", "co op", "coop", "chartered", "series", "limited", "bank", "trust", "region", "dba",
                    "emc", "ca", "cdc", "bc", "bt", "gp"})  # fmt: skip


def spellings(row: dict[str, str]) -> list[str]:
    """The normalised abbreviations of one form: two to eight letters, at most three words."""
    listed = [part.strip() for part in row[_SHORT].replace(",", ";").split(";")]
    forms = normalise_column([part for part in listed if part])
    good = [f for f in forms if 2 <= len(f.replace(" ", "")) <= 8 and f.count(" ") < 3 and f not in _NEVER]
    return sorted({f for f in good if not any(c.isdigit() for c in f) and not f.startswith("or ")})


def lacking(rows: list[dict[str, str]], known: dict[str, dict[str, LegalForm]]) -> list[dict[str, object]]:
    """The forms to add: with the kind of our form that spells the same row's name or another abbreviation."""
    out: list[dict[str, object]] = []
    taken: set[tuple[str, str]] = set()
    for row in sorted(rows, key=lambda r: (r[_COUNTRY], r["ELF Code"], r[_NAME])):
        country = row[_COUNTRY]
        said = spellings(row)
        new = [s for s in said if s not in known[country] and s not in known[""] and (country, s) not in taken]
        if not new:
            continue
        taken.update((country, s) for s in new)
        names = [*said, *normalise_column([row[_NAME]])]
        kin = [known[place][s] for place in (country, "") for s in names if s in known[place]]
        out.append({"id": f"{country}.{row['ELF Code']}", "countries": [country], "spellings": new,
                    "kind": kin[0].kind if kin else f"listed {row['ELF Code']}"})  # fmt: skip
    return out


def main(path: str) -> None:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[_STATUS] == "ACTV" and len(row[_COUNTRY]) == 2]
    known: dict[str, dict[str, LegalForm]] = defaultdict(dict)
    for form in own_forms():
        unclear = set(normalise_column(form.ambiguous))
        known[""] |= {s: form for s in normalise_column(form.spellings) if s not in unclear}  # read in any country
        for country in form.countries:
            known[country] |= dict.fromkeys(normalise_column(form.spellings), form)
    added = lacking(rows, known)
    merged: dict[str, dict[str, object]] = {}
    for form in added:
        same = merged.setdefault(str(form["id"]), form)
        if same is not form:
            same["spellings"] = sorted({*same["spellings"], *form["spellings"]})  # type: ignore[misc]
    lines = [json.dumps([form["id"], form["kind"], form["spellings"]], ensure_ascii=False) for form in merged.values()]
    LISTED.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    told(rows, known, merged)


def told(
    rows: list[dict[str, str]], known: dict[str, dict[str, LegalForm]], added: dict[str, dict[str, object]]
) -> None:
    """How many of the list's abbreviations are read, by country."""
    extra: dict[str, set[str]] = defaultdict(set)
    for form in added.values():
        extra[str(form["countries"][0])] |= set(form["spellings"])  # type: ignore[index,call-overload]
    count: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for spelled in spellings(row):
            group = row[_COUNTRY] if row[_COUNTRY] in _OURS else "other"
            count[group, "all"] += 1
            own = spelled in known[row[_COUNTRY]] or spelled in known[""]
            count[group, "own"] += own
            count[group, "with"] += own or spelled in extra[row[_COUNTRY]]
    for group in (*_OURS, "other"):
        print(f"{group}: {count[group, 'all']} abbreviations, {count[group, 'own']} ours, {count[group, 'with']} now")
    print(f"wrote {LISTED}: {len(added)} forms")


if __name__ == "__main__":
    main(*sys.argv[1:])
