"""The environment is read once, strictly, into a frozen value."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestrigger.flows.settings import prefect_environment, read_keys, read_settings
from salestrigger.sources.errors import DeclarationError
from tests.sources.adapters.running import spec_of


def test_defaults(tmp_path: Path) -> None:
    """Without variables, a run is local, in the folder given."""
    settings = read_settings({}, home=tmp_path)
    assert (settings.home, settings.runner, settings.memory_limit) == (tmp_path.resolve(), "local", "1GB")


def test_the_option_wins_over_the_variable(tmp_path: Path) -> None:
    """--home is nearer to the person than the environment."""
    assert read_settings({"SALESTRIGGER_HOME": "/nowhere"}, home=tmp_path).home == tmp_path.resolve()


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SALESTRIGGER_RUNNER", "ray", "allowed: dask or local"),
        ("SALESTRIGGER_WORKERS", "0", "a number from 1 to 64"),
        ("SALESTRIGGER_WORKERS", "many", "a number from 1 to 64"),
        ("SALESTRIGGER_MEMORY", "lots", "a size such as 512MB or 2GB"),
        ("SALESTRIGGER_LOG", "loud", "debug or error or info or warning"),
        ("SALESTRIGGER_HOME", "/does/not/exist", "is not a folder"),
        ("SALESTRIGGER_RUNER", "dask", "known: SALESTRIGGER_HOME"),
    ],
)
def test_a_wrong_variable_is_named_with_what_is_allowed(variable: str, value: str, says: str) -> None:
    """The message names the variable, the value and what is allowed, and the exit code is 2."""
    with pytest.raises(DeclarationError) as caught:
        read_settings({variable: value})
    assert variable in str(caught.value)
    assert says in str(caught.value)
    assert caught.value.exit_code == 2


def test_prefect_neither_phones_home_nor_persists(tmp_path: Path) -> None:
    """Telemetry is off, results are not pickled, and Prefect's files stay in the home."""
    environment = prefect_environment(read_settings({}, home=tmp_path))
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["PREFECT_RESULTS_PERSIST_BY_DEFAULT"] == "false"
    assert Path(environment["PREFECT_HOME"]).is_relative_to(tmp_path.resolve())


def test_keys_are_read_where_a_source_names_a_variable() -> None:
    """A key goes to the source that asks for it and to no other."""
    named = spec_of("tenders", key_env="TENDERS_KEY")
    keys = read_keys({"TENDERS_KEY": " k-1\n", "OTHER_KEY": "k-2"}, [named, spec_of("news")])
    assert keys == {"tenders": "k-1"}
