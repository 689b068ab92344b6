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
                "23106c191201d24cdb73bccbeb9bb1bcb14e9ba692b21b618052bdef24a816dd"
                "13f35d77f8269a9afa61cdd98d8ea880fc333d53308f2f553411ec3e86ffd139"
            ),
        ),
        (
            "",
            PIES,
            (
                "7a7d1ad9cfe462b15aeab4011543c5eaac2db936ac8d5753eb6d7514ca3ddb0f"
                "e173600c032311d11106b8e31c3f4cda06c6f5b2b638bf01f0ad740d12a8beab"
            ),
        ),
        ("", "", ""),
    ],
)
def test_a_signature_stays_what_it_is(title: str, text: str, expected: str) -> None:
    """Warehouses hold signatures: another version of the library must give the same ones."""
    assert signature(document(title, text)) == expected


def test_a_text_with_half_a_surrogate_has_a_signature() -> None:
    """What cannot be encoded is hashed all the same, and differs from what it resembles."""
    broken = signature(document("", PIES.replace("cash", "ca\ud800sh")))
    assert len(broken) == 128
    assert 0.5 < similarity(broken, signature(document("", PIES))) < 1.0
