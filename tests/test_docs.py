"""What is documented exists, and what exists is documented."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from salestrigger.flows.cli import app
from salestrigger.flows.settings import VARIABLES

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> set[str]:
    """Every command of the app, as typed."""
    group = typer.main.get_command(app)
    names: set[str] = set()
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        names |= {f"{name} {sub}" for sub in getattr(command, "commands", {})} or {name}
    return names


def test_every_command_in_the_docs_exists() -> None:
    """A reader who copies `salestrigger X` from a page finds X."""
    known = commands() | {name.split()[0] for name in commands()}
    for page in PAGES:
        for line in re.findall(
            r"(?:^|`)salestrigger ([a-z]+(?: [a-z]+)?)", page.read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert line in known or line.split()[0] in known - {"sources", "warehouse"}, f"{page.name}: {line}"


def test_every_command_is_in_the_readme() -> None:
    """The README's list of commands is complete."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in commands():
        assert f"salestrigger {name.split()[0]}" in text, name


def test_every_variable_is_in_the_docs() -> None:
    """Every variable that is read is explained somewhere."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in VARIABLES:
        assert name in text, name


def test_every_make_target_in_the_docs_exists() -> None:
    """`make X` on a page is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        for name in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert name in targets, f"{page.name}: make {name}"


def test_links_between_pages_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
