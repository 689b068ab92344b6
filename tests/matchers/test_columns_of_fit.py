"""A column judged and written at once says what each value says by itself."""

from __future__ import annotations

import json

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.icp_profiles.criteria import KeywordsCriterion
from salestrigger.matchers.judge_words import keywords, keywords_column
from salestrigger.matchers.qualify import fit_table
from tests.matchers.qualifying import NOW, profile

WORDS = ("kontor", "Straße", "rør-legger", "3D", "ﬁsk", "İstanbul", "++", "større")
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.lists(st.sampled_from([*WORDS, "KONTOR", "kontoret", "STRASSE", "strasse", "rør legger", "FISK", "x", " "]))
        .map(" ".join),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(deadline=None)
@given(TEXTS, st.lists(st.sampled_from(WORDS), max_size=3), st.lists(st.sampled_from(WORDS), max_size=2))
def test_words_in_a_column_are_those_of_each_text(texts: list[str], some: list[str], every: list[str]) -> None:
    """Whatever the letters, their case and what stands between them."""
    if not some + every:
        some = ["kontor"]
    criterion = KeywordsCriterion(kind="keywords", any=tuple(some), all=tuple(every))
    one = keywords(criterion)
    column = keywords_column(criterion, pa.array(texts, pa.string()))
    assert column.tolist() == [one(text) for text in texts]


def test_many_values_are_written_as_few_are() -> None:
    """Quotes, control characters, long and unknown ones among them."""
    odd = ['say "hei"', "back\\slash", "tab\there", "å" * 130, "", "nul\x1f.", "ordinary"]
    wanted = profile(criteria=[{"kind": "keywords", "any": ["drift"]}, {"kind": "country", "values": ["NO"]}])
    many = odd + [f"Drift {n}" for n in range(1500)]

    def written(texts: list[str]) -> list[dict[str, str]]:
        table = pa.table({"org_id": [str(n) for n in range(len(texts))], "description": texts})
        return [json.loads(row)[0] for row in fit_table(table, wanted, NOW).column("criteria").to_pylist()]

    assert written(many)[: len(odd)] == written(odd)
    assert written(many)[len(odd)] == written(["Drift 0"])[0]
    assert {row["state"] for row in written(many)} == {"met", "not_met", "unknown"}
