"""Noise over company names, for training: the same company spelled otherwise, and other companies that look alike.

`benchmarks/name_tasks.py` draws from it; the kinds are our own.
"""

from __future__ import annotations

import random
import unicodedata

from salestrigger.matchers.legal_forms import form_table, split_legal_form
from salestrigger.matchers.weights import name_words

EXTRA = (
    "Group", "Holding", "International", "Nederland", "Norge", "Sverige", "Danmark", "UK", "Europe", "Deutschland",
    "Services", "Global", "(Germany)", "USA", "Solutions", "Benelux", "Nordic", "France", "India", "Asia",
)  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def typo(rng: random.Random, name: str) -> str:
    """One letter deleted, inserted, replaced or swapped, seldom two."""
    for _ in range(2 if rng.random() < 0.15 else 1):
        if len(name) < 3:
            return name
        i = rng.randrange(len(name) - 1)
        kind = rng.randrange(4)
        if kind == 0:
            name = name[:i] + name[i + 1 :]
        elif kind == 1:
            name = name[:i] + rng.choice(LETTERS) + name[i:]
        elif kind == 2:
            name = name[:i] + rng.choice(LETTERS) + name[i + 1 :]
        else:
            name = name[:i] + name[i + 1] + name[i] + name[i + 2 :]
    return name


def change_form(rng: random.Random, name: str) -> str:
    """The legal form dropped, spelled otherwise or replaced."""
    core, form = split_legal_form(name)
    size = len(core.split())
    words = name.split()
    base = " ".join(words[:size]) if len(words) > size else name
    kind = rng.random()
    if kind < 0.5 or not form:
        return base
    forms = form_table().forms
    own = next(f for f in forms if f.id == form)
    chosen = own if kind < 0.75 else rng.choice(forms)
    return f"{base}{rng.choice([' ', ', '])}{rng.choice(chosen.spellings)}"


def join_or_split(rng: random.Random, name: str) -> str:
    words = name.split()
    if len(words) > 1 and rng.random() < 0.6:
        i = rng.randrange(len(words) - 1)
        return " ".join([*words[:i], words[i] + words[i + 1].lower(), *words[i + 2 :]])
    i = rng.randrange(len(words))
    if len(words[i]) < 6:
        return name
    cut = rng.randrange(2, len(words[i]) - 2)
    return " ".join([*words[:i], words[i][:cut], words[i][cut:], *words[i + 1 :]])


def abbreviate(rng: random.Random, name: str) -> str:
    words = name.split()
    short = {v: k for k, v in name_words().same.items()}
    hits = [i for i, w in enumerate(words) if w.lower().strip(".,") in short]
    if hits:
        i = rng.choice(hits)
        words[i] = short[words[i].lower().strip(".,")].capitalize()
        return " ".join(words)
    i = max(range(len(words)), key=lambda j: len(words[j]))
    return " ".join([*words[:i], words[i][: max(3, len(words[i]) // 2)] + rng.choice([".", ""]), *words[i + 1 :]])


def swap_amp(rng: random.Random, name: str) -> str:
    joining = ["&", "and", "og", "en", "und", "och"]
    return " ".join(rng.choice(joining) if w.lower() in joining else w for w in name.split())


def plain(_: random.Random, name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def reorder(rng: random.Random, name: str) -> str:
    words = name.split()
    i = rng.randrange(1, len(words)) if len(words) > 1 else 0
    return " ".join(words[i:] + words[:i])


def extra_word(rng: random.Random, name: str) -> str:
    words = name.split()
    i = len(words) if rng.random() < 0.7 else rng.randrange(len(words) + 1)
    added = typo(rng, rng.choice(EXTRA)) if rng.random() < 0.1 else rng.choice(EXTRA)
    return " ".join([*words[:i], added, *words[i:]])


def shorten(rng: random.Random, name: str) -> str:
    words = split_legal_form(name)[0].split()
    return " ".join(words[: max(1, rng.randrange(1, len(words) + 1))])


SHARES = (
    "O.N.", "ON", "INH O.N.", "NA O.N.", "ADR", "ADR/1", "SP.ADR", "ADS", "GDR", "DL-,01", "DL 1", "DL-,001", "EO 1",
    "EO-,10", "SK 10", "NK 1", "DK 10", "HD-,10", "YC 1", "H YC 1", "LS-,05", "CL.A", "A", "B", "CLASS A", "COM", "VZ",
    "RP 100", "SF-,01", "SHS", "REG.", "/DE/", "PLC",
)  # fmt: skip


def cut_words(rng: random.Random, words: list[str], most: int) -> list[str]:
    """Some words cut short, often with a dot, until the whole is short enough."""
    out = list(words)
    order = list(range(len(out)))
    rng.shuffle(order)
    for i in order:
        if len(" ".join(out)) <= most and rng.random() < 0.7:
            break
        if len(out[i]) > 4:
            out[i] = out[i][: rng.randrange(2 if i else 3, min(len(out[i]) - 1, 8))] + rng.choice([".", ".", ""])
    return out


def listing(rng: random.Random, name: str) -> str:
    """As an exchange lists it: capitals, words cut short, the share's class and nominal value."""
    core = change_form(rng, name).replace(" and ", rng.choice([" + ", "+", " & "])).replace("&", rng.choice(["&", "+"]))
    text = " ".join(cut_words(rng, core.split(), rng.choice([12, 16, 18, 22, 40])))
    if rng.random() < 0.7:
        text = f"{text} {rng.choice(SHARES)}"
    if rng.random() < 0.3:
        text = text.replace(". ", ".")
    return text.upper()


def register(rng: random.Random, name: str) -> str:
    """As a form's field holds it: capitals, no signs, usual abbreviations, cut at its width; trading-as names."""
    text = abbreviate(rng, name) if rng.random() < 0.5 else name
    if rng.random() < 0.25:
        marks = ["DBA", "D/B/A", "D B A", "t/a", "c/o"]
        text = f"{text} {rng.choice(marks)} {typo(rng, name.split(maxsplit=1)[0])} {rng.choice(EXTRA)}"
    if rng.random() < 0.3:
        text = change_form(rng, text) if text.strip() else text
    text = "".join(c if c.isalnum() or c == " " else " " for c in text)
    width = rng.choice([20, 24, 28, 30, 34, 40, 60])
    return " ".join(text.upper().split())[:width]


def without_vowels(rng: random.Random, name: str) -> str:
    """Long words as their consonants (MGMT, SVCS)."""
    words = name.split()
    i = rng.randrange(len(words))
    if len(words[i]) > 5:
        words[i] = words[i][0] + "".join(c for c in words[i][1:] if c.lower() not in "aeiouy")[:5]
    return " ".join(words)


def region(_: random.Random, name: str) -> str:
    """Without its article, or without a word of the kind or place at the end."""
    words = split_legal_form(name)[0].split()
    if words and words[0] in {"the", "de", "het", "koninklijke"}:
        return " ".join(words[1:]) or name
    return " ".join(words[:-1]) if len(words) > 2 else f"The {name}"


def same(_: random.Random, name: str) -> str:
    return name


KINDS = ((same, 15), (typo, 16), (change_form, 24), (swap_amp, 5), (plain, 7), (reorder, 8), (extra_word, 14),
         (shorten, 4), (join_or_split, 4), (abbreviate, 4), (listing, 6), (register, 8), (without_vowels, 2),
         (region, 3))  # fmt: skip


def near_miss(rng: random.Random, name: str, other: str) -> str:
    """A different company that looks like the name."""
    words, more = name.split(), other.split()
    kind = rng.random()
    i = rng.randrange(len(words))
    if kind < 0.45 and len(words) > 1:
        return " ".join([*words[:i], rng.choice(more), *words[i + 1 :]])
    if kind < 0.6:
        j = rng.randrange(len(words) + 1)
        return " ".join([*words[:j], rng.choice(more), *words[j:]])
    if kind < 0.75 and len(words) > 2:
        return " ".join(words[:i] + words[i + 1 :]) if rng.random() < 0.5 else " ".join([*words[: i + 1], *more[:2]])
    if kind < 0.85:
        return f"{name} {rng.choice(['II', 'III', '2', '3', '10', 'Fund'])}"
    hard = words[i]
    if len(hard) > 4:
        hard = (
            hard[:2] + "".join(rng.choice(LETTERS) for _ in range(len(hard) // 2 - 1)) + hard[2 + len(hard) // 2 - 1 :]
        )
    return " ".join([*words[:i], hard, *words[i + 1 :]])
