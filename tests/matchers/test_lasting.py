"""Building without looking for garbage."""

from __future__ import annotations

import gc

import pytest

from salestrigger.matchers.lasting import lasting


def test_looking_for_garbage_goes_on_afterwards() -> None:
    """Also after an error, also where one thing is built while another is."""

    @lasting()
    def build() -> bool:
        return gc.isenabled()

    with lasting():
        assert not build()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="no"), lasting():
        raise ValueError("no")
    assert gc.isenabled()


def test_who_switched_it_off_finds_it_off() -> None:
    """It is switched on only where it was on."""
    gc.disable()
    try:
        with lasting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
