"""Switch sources of a home on and off: ``salestrigger sources enable|disable``. Only the line ``enabled`` changes.

A name is a source, a pattern (``svt-*``), or a kind of news, which stands for all sources of that trust in the home.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from salestrigger.flows.place import in_home
from salestrigger.sources.errors import UsageError
from salestrigger.sources.market import UNREAD
from salestrigger.sources.registry import CATALOG, load_spec, set_enabled
from salestrigger.sources.spec import SourceSpec
from salestrigger.warehouse.whole_file import whole_file

#: what stands for many sources; registers are switched one by one, since each is another way to the same companies
KINDS = ("wire", "newsroom", "press")


def switch(home: Path, names: Sequence[str], *, on: bool) -> list[str]:
    """Switch what is named on or off; says what was done, line by line. A source of the shipped catalogue that the
    home does not have is copied into it when it is switched on.

    Raises:
        UsageError: a name stands for no source, before anything is changed. DeclarationError: a file is wrong.
        StorageError: the home cannot be written.
    """
    own = in_home(home)
    known = own | {p.stem: load_spec(p) for p in sorted(CATALOG.glob("*.toml")) if on and p.stem not in own}
    chosen = {name: known[name] for asked in names for name in _meant(asked, known, own)}
    changed = {name: spec for name, spec in chosen.items() if spec.enabled is not on or name not in own}
    for name in changed:
        target = home / "sources" / f"{name}.toml"
        shipped = CATALOG / f"{name}.toml"
        text = (target if target.is_file() else shipped).read_text(encoding="utf-8")
        with whole_file(target) as temporary:
            temporary.write_text(set_enabled(text, on), encoding="utf-8")
    return _told(changed, len(chosen) - len(changed), on=on)


def _meant(asked: str, known: dict[str, SourceSpec], own: dict[str, SourceSpec]) -> list[str]:
    """The sources that a name stands for."""
    if asked in known:
        return [asked]
    found = [
        name for name, spec in sorted(own.items())
        if (spec.trust == asked and asked in KINDS) or fnmatchcase(name, asked)
    ]  # fmt: skip
    if not found:
        raise UsageError(
            f"no source {asked!r}; allowed: a name of `salestrigger sources list --all`, a pattern as 'svt-*', "
            f"or {', '.join(KINDS)}"
        )
    return found


def _told(changed: dict[str, SourceSpec], already: int, *, on: bool) -> list[str]:
    word = "on" if on else "off"
    lines = [f"switched {word}: {', '.join(sorted(changed)) or 'nothing'}"]
    if already:
        lines.append(f"{already} were {word} already")
    if not on:
        return lines
    unread = sum(1 for spec in changed.values() if spec.licence == UNREAD)
    if unread:
        lines.append(f"nobody read the terms of {unread} of them: they are yours to read, and to fill in as licence")
    lines += [f"{name} wants a key: {s.key_env}, from {s.key_from}" for name, s in sorted(changed.items()) if s.key_env]
    return lines
