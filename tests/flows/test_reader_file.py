"""``second_reader.toml``: off without it, strict with it, and no key in clear over the internet."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestrigger.flows.reader_file import ReaderFile, read_reader_file, reader_from_options
from salestrigger.flows.second_reader import declared_reader
from salestrigger.flows.settings import Settings
from salestrigger.sources.errors import DeclarationError

GOOD = 'mode = "doubtful"\nurl = "http://127.0.0.1:11434/v1/"\nmodel = "tiny"\n'


def written(home: Path, text: str) -> Path:
    (home / "second_reader.toml").write_text(text, encoding="utf-8")
    return home


def test_without_the_file_or_with_mode_rules_there_is_none(tmp_path: Path) -> None:
    """Nobody is asked unless somebody says so."""
    assert read_reader_file(tmp_path) is None
    assert read_reader_file(written(tmp_path, GOOD.replace("doubtful", "rules"))) is None
    assert reader_from_options("http://localhost:1/v1", "tiny", "rules") is None


def test_a_local_server_needs_three_lines(tmp_path: Path) -> None:
    """Mode, address and model; the rest has defaults."""
    declared = read_reader_file(written(tmp_path, GOOD))
    assert declared is not None
    assert (declared.url, declared.origin.port, declared.parallel) == ("http://127.0.0.1:11434/v1", 11434, 4)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('mode = "sometimes"', "allowed: 'rules', 'doubtful' or 'wide'"),
        ('url = "ftp://host/v1"', "bad_scheme"),
        ('url = "http://user:pass@host/v1"', "userinfo"),
        ('model = ""', "model"),
        ("parallel = 0", "parallel"),
        ("timout_s = 5", "unknown key"),
        ('key = "sk-1"', "unknown key"),
        ("max_cost = 1.0", "max_cost needs price_input and price_output"),
        ("parameters = {messages = []}", "'messages' is set by us"),
        ('currency = "euro"', "currency"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, line: str, says: str) -> None:
    """File, key, value and what is allowed; a key in the file is refused."""
    kept = "".join(f"{one}\n" for one in GOOD.splitlines() if one.split(maxsplit=1)[0] != line.split(maxsplit=1)[0])
    with pytest.raises(DeclarationError) as caught:
        read_reader_file(written(tmp_path, kept + line + "\n"))
    assert "second_reader.toml" in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://models.example/v1", True),
        ("http://127.0.0.1:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://192.168.1.20:8000/v1", True),
        ("http://localhost:8000/v1", True),
        ("http://gpubox:8000/v1", True),
        ("http://gpubox.lan:8000/v1", True),
        ("http://models.example/v1", False),
        ("http://93.184.216.34/v1", False),
    ],
)
def test_a_key_never_travels_in_clear_over_the_internet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, safe: bool
) -> None:
    """TLS, or one's own network; without a key any address will do."""
    home = written(tmp_path, GOOD.replace("http://127.0.0.1:11434/v1/", url))
    assert isinstance(declared_reader(Settings(home=home)), ReaderFile)
    monkeypatch.setenv("SALESTRIGGER_READER_KEY", "sk-1234567")
    if safe:
        assert isinstance(declared_reader(Settings(home=home)), ReaderFile)
        return
    with pytest.raises(DeclarationError) as caught:
        declared_reader(Settings(home=home))
    assert "unencrypted" in str(caught.value)
    assert "sk-1234567" not in str(caught.value)
