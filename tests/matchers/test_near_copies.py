"""Signatures of texts: the same ones for ever, since they are stored."""

from __future__ import annotations

import pytest

from salestrigger.matchers.near_copies import signature, similarity
from tests.matchers.event_texts import document

PIES = "Brackwater Foods has acquired Pennine Pies, the maker of pork pies, for fourteen million pounds in cash today."


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (
            "Some title",
            "some words here",
            (
                "e377e6cd0f67b4f2174429ce9ae900ac314f5616504900a4e0a60170a04479fb"
                "3238931aa03bc8087f4f1180edbde035181c207b4fe325860350956673682951"
            ),
        ),
        (
            "",
            PIES,
            (
                "d6a6f3165ab1f385522dfc595800d7c0f918defb31e009825f7767e340a5993c"
                "d93532753bcf9d8cc2f9f0400500191557ea5d4add637cf23a1640ab43e8b876"
            ),
        ),
        ("", "", ""),
    ],
)
def test_a_signature_is_that_of_datasketch_2(title: str, text: str, expected: str) -> None:
    """What datasketch 2.0.0 gave (affine32, 64 permutations, crc32, the lowest 8 bits): warehouses hold such ones."""
    assert signature(document(title, text)) == expected


def test_a_text_with_half_a_surrogate_has_a_signature() -> None:
    """What cannot be encoded is hashed all the same, and differs from what it resembles."""
    broken = signature(document("", PIES.replace("cash", "ca\ud800sh")))
    assert len(broken) == 128
    assert 0.5 < similarity(broken, signature(document("", PIES))) < 1.0
