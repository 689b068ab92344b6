"""What is built is what is declared: packages, data files, lock, layers."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_folder_with_code_is_a_listed_package() -> None:
    """A package that is forgotten in pyproject.toml would be missing from an installation."""
    found = {str(p.parent.relative_to(ROOT)).replace("/", ".") for p in (ROOT / "salestrigger").rglob("__init__.py")}
    assert found == set(PROJECT["tool"]["setuptools"]["packages"])


def test_every_data_file_is_covered() -> None:
    """Each TOML, SQL, template and data file matches a declared pattern of its package."""
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    for path in (ROOT / "salestrigger").rglob("*"):
        if path.is_file() and path.suffix not in (".py", ".pyc") and path.name != "py.typed":
            package = str(path.parent.relative_to(ROOT)).replace("/", ".")
            assert any(path.match(pattern) for pattern in patterns.get(package, [])), path


def test_the_lock_has_hashes_and_no_address() -> None:
    """Every package is pinned with hashes; no index, find-links or file address leaks into the lock."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", lock)
    blocks = re.split(r"\n(?=[a-z0-9])", lock.strip())
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(r"[a-z0-9][a-z0-9._-]*(\[[a-z,-]+\])?==", block), block[:60]
        assert "--hash=sha256:" in block, block[:60]


def test_the_lock_satisfies_what_is_declared() -> None:
    """Every direct dependency is in the lock."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    extras = PROJECT["project"]["optional-dependencies"].values()
    for requirement in PROJECT["project"]["dependencies"] + [r for extra in extras for r in extra]:
        name = re.match(r"[A-Za-z0-9-]+", requirement)
        assert name
        assert re.search(rf"^{re.escape(name.group().lower())}==", lock, re.MULTILINE), requirement


def test_help_needs_neither_prefect_nor_the_database() -> None:
    """`salestrigger --help` imports nothing heavy."""
    code = (
        "import sys; sys.argv = ['salestrigger', '--help']\n"
        "from salestrigger.flows.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'prefect', 'duckdb', 'distributed', 'pyarrow', 'rapidfuzz', 'httpx'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for command in ("run", "report", "explain", "match", "detect", "fit", "sources", "warehouse", "schedule", "init"):
        assert command in done.stdout


def test_detecting_needs_no_libraries_of_tables_and_lists(tmp_path: Path) -> None:
    """`salestrigger detect` without a universe starts without what only looking up names or storing needs."""
    given = tmp_path / "one.jsonl"
    text = "Kabelhof BV neemt alle aandelen van Windmeer BV over."
    given.write_text(f'{{"document_id": "1", "title": "", "text": "{text}", "language": "nl"}}', encoding="utf-8")
    code = (
        f"import sys; sys.argv = ['salestrigger', 'detect', {str(given)!r}, '-o', {str(tmp_path / 'out.jsonl')!r}]\n"
        "from salestrigger.flows.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'prefect', 'duckdb', 'pyarrow', 'rapidfuzz', 'httpcore', 'py3langid'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "acquisition" in (tmp_path / "out.jsonl").read_text(encoding="utf-8")
