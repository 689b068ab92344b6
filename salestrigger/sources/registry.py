"""Every catalogue file, in name order: the shipped ones, and those of a home over them.

A shipped source is an offer. It is loaded switched off, and runs only when the home has a file of its own with that
name (``salestrigger init`` copies those of a market). This module reads files of declarations; it fetches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from salestrigger.sources.adapters import adapter_module, options_of
from salestrigger.sources.declare import load_toml
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.spec import SourceSpec

CATALOG = Path(__file__).parent / "catalog"

#: adapters that read a file of the user's own instead of an address
LOCAL_ADAPTERS = frozenset({"accounts"})


def load_catalog(*overlays: Path) -> dict[str, SourceSpec]:
    """All sources by id, in name order; a file in a later folder replaces the one of the same name.

    Sources of the shipped catalogue that no overlay names are loaded with ``enabled=False``. A relative file path
    (the user's own lists) is resolved against the folder that holds the overlay, which is the home, else against the
    overlay itself.

    Raises:
        DeclarationError: a file is wrong; it names the file, the key, the value and what is allowed.
    """
    specs = {path.stem: load_spec(path).model_copy(update={"enabled": False}) for path in _files(CATALOG)}
    for folder in overlays:
        specs |= {path.stem: load_spec(path, home=folder.parent) for path in _files(folder)}
    return dict(sorted(specs.items()))


def load_spec(path: Path, *, home: Path | None = None) -> SourceSpec:
    """One catalogue file, with its adapter's options checked as well.

    Raises:
        DeclarationError: see :func:`load_catalog`.
    """
    spec = load_toml(path, SourceSpec, id=path.stem)
    module = adapter_module(spec.adapter, path=path)
    options_of(spec, module.Options, path=path)
    if spec.adapter not in LOCAL_ADAPTERS:
        _check_address(path, spec.url)
        return spec
    if "://" in spec.url:
        raise DeclarationError(path, f"{spec.url!r} is not a file's path, which {spec.adapter!r} reads", key="url")
    return spec if home is None else spec.model_copy(update={"url": str(_local(spec.url, home, path.parent))})


def declare(spec: SourceSpec, folder: Path) -> Path:
    """Write a source as a catalogue file into a folder; what it leaves out are the defaults.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{spec.id}.toml"
    path.write_text(toml_of(spec), encoding="utf-8")
    return path


def toml_of(spec: SourceSpec) -> str:
    """A source as the text of a catalogue file; what it leaves out are the defaults."""
    values = spec.model_dump(mode="json", exclude_defaults=True, exclude={"id", "options"})
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    if spec.options:
        lines += ["", "[options]", *(f"{key} = {_toml(value)}" for key, value in spec.options.items())]
    return "\n".join(lines) + "\n"


def set_enabled(text: str, on: bool) -> str:
    """The text of a catalogue file with its line ``enabled`` set; everything else stays as a person wrote it."""
    line = f"enabled = {'true' if on else 'false'}"
    lines = text.splitlines()
    end = next((n for n, own in enumerate(lines) if own.startswith("[")), len(lines))
    at = next((n for n in range(end) if lines[n].partition("=")[0].strip() == "enabled"), None)
    if at is None:
        lines.insert(end, line)
    else:
        comment = lines[at].partition("#")
        lines[at] = f"{line}  {comment[1]}{comment[2]}".rstrip() if comment[1] else line
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """A value of a catalogue file as TOML: JSON's strings, numbers, booleans and lists are TOML's too."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def _local(url: str, home: Path, folder: Path) -> Path:
    """Where a file of the user's own is: in the home, else beside the catalogue file that names it."""
    beside = (folder / url).expanduser().resolve()
    inside = (home / url).expanduser().resolve()
    return beside if beside.is_file() and not inside.is_file() else inside


def _files(folder: Path) -> list[Path]:
    """The catalogue files of a folder, by name; a folder that does not exist has none."""
    return sorted(folder.glob("*.toml"), key=lambda path: path.name)


def _check_address(path: Path, url: str) -> None:
    """Raise when ``url`` cannot be an address that we fetch."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise DeclarationError(path, f"{url!r} is not an address; it starts with https:// or http://", key="url")
