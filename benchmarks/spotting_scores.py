"""What of a text's mentions is right: the scores of spotting, and the dictionary that it is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import ahocorasick_rs

from benchmarks.spotting_data import Labelled
from salestrigger.matchers.index import OrganizationIndex
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.spot import spot_all
from salestrigger.matchers.types import Mention

#: What labelled sets call organisations, and what may be one as well: neither right nor wrong when it is found.
ORG = frozenset({"ORG"})
MAYBE = frozenset({"ORG", "PROD", "PRO", "GPE_ORG", "EVT", "EVENT", "MISC", "OTH", "ORGpart", "ORGderiv"})
Span = tuple[int, int, frozenset[str]]  #: start, end, org ids


class Dictionary:
    """The baseline: names in lower case, longest first, whole words."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        self.owners: dict[str, set[str]] = defaultdict(set)
        for key, name in names:
            if len(name) > 1:
                self.owners[name.lower()].add(key)
        self.patterns = list(self.owners)
        kind = ahocorasick_rs.MatchKind.Standard
        self.machine = ahocorasick_rs.AhoCorasick(self.patterns, matchkind=kind)

    def spans(self, full: str) -> list[Span]:
        """The longest names that begin and end with a word, left to right."""
        low = full.lower()
        if len(low) != len(full):
            low = "".join(c.lower() if len(c.lower()) == 1 else c for c in full)
        found = [
            (a, b, n)
            for n, a, b in self.machine.find_matches_as_indexes(low, overlapping=True)
            if not (a and low[a - 1].isalnum() and low[a].isalnum()) and not (b < len(low) and low[b].isalnum())
        ]
        out: list[Span] = []
        for a, b, n in sorted(found, key=lambda f: (f[0], -f[1])):
            if not out or a >= out[-1][1]:
                out.append((a, b, frozenset(self.owners[self.patterns[n]])))
        return out


def ours(texts: Sequence[Labelled], index: OrganizationIndex) -> list[list[Mention]]:
    """What spotting finds in the texts."""
    lexicon = load_lexicon()
    found = spot_all([t.document for t in texts], index, lexicon, [t.language for t in texts])
    return [[m for m in some if m.start >= 0] for some in found]


def known_spans(texts: Sequence[Labelled], index: OrganizationIndex) -> list[list[Span]]:
    """Mentions of listed names."""
    return [[(m.start, m.end, frozenset(m.candidates)) for m in some if m.candidates] for some in ours(texts, index)]


def full_of(text: Labelled) -> str:
    """The text in which places are counted."""
    return f"{text.document.title}\n{text.document.text}"


def overlap(a: int, b: int, c: int, d: int) -> bool:
    """Whether two spans share a character."""
    return a < d and c < b


def score_injected(texts: Sequence[Labelled], spans: Sequence[Sequence[Span]], errors: list[str]) -> dict[str, object]:
    """Recall over injected names; precision over the spans that lie on no entity of the text's own."""
    right = exact = total = wrong = strict = 0
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for text, some in zip(texts, spans, strict=True):
        used = set()
        for a, b, key, kind in text.injected:
            hit = [s for s in some if overlap(a, b, s[0], s[1])]
            good = [s for s in hit if key in s[2]]
            total, right = total + 1, right + bool(good)
            exact += any(s[:2] == (a, b) or (s[0] == a and 0 <= s[1] - b <= 1) for s in good)
            kinds[kind][0] += bool(good)
            kinds[kind][1] += 1
            used.update(good)
            if not good:
                errors.append(
                    f"missed [{kind}] {full_of(text)[a:b]!r} in {full_of(text)[max(0, a - 30) : b + 30]!r} {hit}"
                )
        for span in some:
            if span in used:
                continue
            strict += 1
            if not any(overlap(a, b, span[0], span[1]) for a, b, kind in text.entities if kind in MAYBE):
                wrong += 1
                a, b, _ = span
                errors.append(f"wrong {full_of(text)[a:b]!r} in {full_of(text)[max(0, a - 30) : b + 30]!r}")
    return {
        "names": total, "recall": right / max(total, 1), "precision": right / max(right + wrong, 1),
        "all others wrong": right / max(right + strict, 1), "exact": exact / max(right, 1),
    } | {f"{kind}": a / b for kind, (a, b) in sorted(kinds.items())}  # fmt: skip


def own_names(texts: Sequence[Labelled]) -> list[tuple[str, str]]:
    """Every distinct organisation of a set as it is written there: id, name."""
    written = sorted({full_of(t)[a:b] for t in texts for a, b, kind in t.entities if kind in ORG})
    return [(f"own-{name.lower()}", name) for name in written if sum(c.isalnum() for c in name) > 1]


def score_ner(texts: Sequence[Labelled], spans: Sequence[Sequence[Span]], errors: list[str]) -> tuple[float, float]:
    """Precision and recall of listed organisations; a find on a name that may be one as well is not counted."""
    right = total = wrong = 0
    for text, some in zip(texts, spans, strict=True):
        used = set()
        for a, b, kind in text.entities:
            if kind not in ORG:
                continue
            name = f"own-{full_of(text)[a:b].lower()}"
            good = [s for s in some if overlap(a, b, s[0], s[1]) and name in s[2]]
            total, right = total + 1, right + bool(good)
            used.update(good)
            if not good:
                errors.append(f"missed {full_of(text)[a:b]!r} in {full_of(text)[max(0, a - 40) : b + 40]!r}")
        for span in some:
            near = [k for a, b, k in text.entities if overlap(a, b, span[0], span[1])]
            if span in used or any(k in MAYBE - ORG for k in near):
                continue
            wrong += 1
            a, b, _ = span
            errors.append(f"wrong {full_of(text)[a:b]!r} {near} in {full_of(text)[max(0, a - 40) : b + 40]!r}")
    return right / max(right + wrong, 1), right / max(total, 1)


def f1(precision: float, recall: float) -> float:
    """The harmonic mean of the two."""
    return 2 * precision * recall / max(precision + recall, 1e-9)


def score_sets(gold: Sequence[set[str]], said: Sequence[set[str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of sets of companies."""
    right = sum(len(a & b) for a, b in zip(gold, said, strict=True))
    precision, recall = right / max(sum(map(len, said)), 1), right / max(sum(map(len, gold)), 1)
    return precision, recall, f1(precision, recall)
