"""Migrations: numbered, whole, unaltered, never from the future; and the schema explains itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

import salestrigger.warehouse
from salestrigger.sources.errors import SchemaError
from salestrigger.warehouse import migrate as module
from salestrigger.warehouse import staging
from salestrigger.warehouse.connect import Warehouse, sql_names, sql_text
from salestrigger.warehouse.migrate import migrate, schema_version
from salestrigger.warehouse.staging import staged

FOLDER = Path(salestrigger.warehouse.__file__).parent


def with_migrations(monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], *, dropped: tuple[str, ...] = ()) -> None:
    """As if the migrations' folder had these files too, or other texts in them."""
    names = sorted({*sql_names("migrations"), *changed} - set(dropped))
    monkeypatch.setattr(module, "sql_names", lambda package: names if package == "migrations" else sql_names(package))
    monkeypatch.setattr(
        module,
        "sql_text",
        lambda package, name: (changed.get(name) if package == "migrations" else None) or sql_text(package, name),
    )


def test_migrating_twice_does_nothing_the_second_time(path: Path) -> None:
    """All migrations and the views, then nothing."""
    with Warehouse.open(path) as wh:
        assert migrate(wh) == [*sql_names("migrations"), "views"]
        assert migrate(wh) == []
        assert schema_version(wh) == len(sql_names("migrations"))


def test_a_database_of_a_newer_version_is_refused_with_both_versions(wh: Warehouse) -> None:
    """The message names the version it has and the one we know."""
    known = len(sql_names("migrations"))
    wh.execute_file("record_migration", {"version": known + 1, "name": "0099_future", "checksum": "abc"})
    with pytest.raises(SchemaError, match=rf"version {known + 1} \(0099_future\).*up to version {known}"):
        migrate(wh)


def test_an_altered_migration_is_refused(wh: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was applied may not change afterwards."""
    name = sql_names("migrations")[1]
    with_migrations(monkeypatch, {name: sql_text("migrations", name) + "-- harmless\n"})
    with pytest.raises(SchemaError, match=name):
        migrate(wh)


def test_a_migration_that_fails_half_way_leaves_nothing(wh: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its first statement nor its record stays, and the repaired one applies."""
    with_migrations(monkeypatch, {"0099_new": "CREATE TABLE new_things (a INTEGER); CREATE TABLE broken (;"})
    with pytest.raises(duckdb.Error):
        migrate(wh)
    assert "new_things" not in wh.select("SELECT table_name FROM duckdb_tables()").column("table_name").to_pylist()
    with_migrations(monkeypatch, {"0099_new": "CREATE TABLE new_things (a INTEGER);"})
    assert migrate(wh) == ["0099_new"]


def test_no_ddl_waits_in_the_write_ahead_log(path: Path) -> None:
    """Every migration is followed by a checkpoint."""
    with Warehouse.open(path) as wh:
        migrate(wh)
        log = Path(f"{path}.wal")
        assert not log.exists() or log.stat().st_size == 0


def test_views_are_made_anew_when_their_files_changed(wh: Warehouse) -> None:
    """An old text of the views is replaced without a migration."""
    wh.script("CREATE OR REPLACE VIEW run_funnel AS SELECT 1 AS old; UPDATE view_versions SET checksum = 'old'")
    assert migrate(wh) == ["views"]
    assert "unit_count" in wh.relation("run_funnel").column_names


def test_every_table_view_and_column_has_a_comment(wh: Warehouse) -> None:
    """What exists is explained where analysts look."""
    bare = wh.select("""
        SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'warehouse' AND coalesce(comment, '') = ''
        UNION ALL SELECT view_name FROM duckdb_views()
            WHERE database_name = 'warehouse' AND NOT internal AND coalesce(comment, '') = ''
        UNION ALL SELECT table_name || '.' || column_name FROM duckdb_columns()
            WHERE database_name = 'warehouse' AND NOT internal AND coalesce(comment, '') = ''
    """)
    assert bare.column("name").to_pylist() == []


def test_names_follow_the_rules(wh: Warehouse) -> None:
    """Tables are plural, times end in _at, days in _on, truth values begin with is_ or has_."""
    columns = wh.select(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'warehouse'"
    )
    for row in columns.to_pylist():
        name, kind = row["column_name"], row["data_type"]
        where = f"{row['table_name']}.{name}"
        assert (kind == "TIMESTAMP") == name.endswith("_at"), where
        assert (kind == "DATE") == name.endswith("_on"), where
        assert (kind == "BOOLEAN") == name.startswith(("is_", "has_")), where
        assert "TIME ZONE" not in kind, where
    tables = wh.select("SELECT table_name AS t FROM duckdb_tables() WHERE database_name = 'warehouse'").column("t")
    assert [t for t in tables.to_pylist() if not t.endswith(("s", "outbox"))] == []


def test_at_most_one_key_and_no_secondary_index_or_foreign_key(wh: Warehouse) -> None:
    """Indexes together with upserts have damaged databases of others; checks prove uniqueness instead."""
    found = wh.select("""
        SELECT table_name, constraint_type FROM duckdb_constraints()
        WHERE database_name = 'warehouse' AND constraint_type NOT IN ('NOT NULL')
    """).to_pylist()
    assert {row["constraint_type"] for row in found} == {"PRIMARY KEY"}
    assert len({row["table_name"] for row in found}) == len(found)
    assert wh.select("SELECT * FROM duckdb_indexes() WHERE database_name = 'warehouse'").num_rows == 0


def every_query() -> list[tuple[str, str]]:
    """Every SQL file that is one statement."""
    return [(package, name) for package in ("queries", "checks") for name in sql_names(package)]


def test_every_sql_file_can_be_planned(wh: Warehouse) -> None:
    """EXPLAIN accepts each with its staging relations and parameters."""
    relations: dict[str, pa.Table] = {}
    for relation in staging.names():
        relations |= staged(relation, [])
    with wh.staged(relations):
        for package, name in every_query():
            text = sql_text(package, name)
            parameters: dict[str, Any] = dict.fromkeys(re.findall(r"\$([a-z_]+)", text))
            assert wh.select(f"EXPLAIN {text}", parameters).num_rows == 1, name


def test_every_view_can_be_planned(wh: Warehouse) -> None:
    """EXPLAIN accepts each view that the files make, and there is no other."""
    made = [re.search(r"VIEW (\w+) AS", sql_text("views", name))[1] for name in sql_names("views")]  # type: ignore[index]
    have = wh.select("SELECT view_name AS v FROM duckdb_views() WHERE NOT internal AND database_name = 'warehouse'")
    assert sorted(made) == sorted(have.column("v").to_pylist())
    for view in made:
        assert wh.select("EXPLAIN FROM " + view).num_rows == 1


def test_values_reach_sql_as_parameters_only() -> None:
    """No f-string, format or % makes a statement; only connect.py, which quotes addresses, joins texts to SQL."""
    words = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|MERGE|ATTACH|CREATE|COPY|SET|PRAGMA)\b")
    for file in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                text = "".join(v.value for v in node.values if isinstance(v, ast.Constant) and isinstance(v.value, str))
                assert not words.search(text), f"{file.name}:{node.lineno}"
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod) and file.name != "connect.py":
                parts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
                assert not any(words.search(part) for part in parts), f"{file.name}:{node.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr != "executemany", f"{file.name}:{node.lineno}"


def test_only_the_warehouse_modules_that_may_know_duckdb() -> None:
    """The database library is imported where connections are made and errors are told, nowhere else."""
    knowing = set()
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import) and any(alias.name == "duckdb" for alias in node.names):
                knowing.add(file.name)
    assert knowing == {"connect.py", "faults.py", "shell.py"}
