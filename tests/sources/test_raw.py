"""The raw store: what goes in comes out, under names of our own, whole or not at all, and not longer than allowed."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestrigger.sources.errors import StorageError
from salestrigger.sources.http import Response
from salestrigger.sources.raw import RawStore
from salestrigger.sources.records import Document, Identifier, Money, StatedEvent, StatedRole
from tests.sources.site import NOW


def response(body: bytes, path: Path | None = None) -> Response:
    url = "https://news.example/feed"
    return Response(url, url, 200, {}, body, NOW, body_path=path)


def document(key: str, text: str = "") -> Document:
    return Document(
        f"doc_{key}",
        "news",
        key,
        "https://news.example/1",
        "Title",
        text,
        fetched_at=NOW,
        language="nb",
        published_at=datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC),
        kind="notice",
        identifiers=(Identifier("NO-BRC", "001"),),
        stated=(
            StatedEvent(
                "contract_award",
                (StatedRole("winner", "Vinner AS", Identifier("NO-BRC", "001")), StatedRole("authority", "Kommune")),
                event_on=date(2026, 2, 1),
                amount=Money(Decimal("10.50"), "NOK"),
                attributes=(("product", "roads"),),
            ),
            StatedEvent("tender", ()),
        ),
    )


def test_a_body_comes_back_as_it_came(tmp_path: Path) -> None:
    """Any bytes; the same body on the same day is one file, and the reference is relative."""
    store, body = RawStore(tmp_path), bytes(range(256)) * 99
    ref = store.put_body("news-no", response(body))
    assert store.body(ref) == body
    assert ref == store.put_body("news-no", response(body))
    assert ref.startswith("2026-03-02/news-no-")
    assert gzip.decompress((tmp_path / ref).read_bytes()) == body
    assert store.put_body("news-no", response(b"other")) != ref


def test_a_body_in_a_file_is_stored_too(tmp_path: Path) -> None:
    """A register's file need not fit into memory."""
    file = tmp_path / "bulk"
    file.write_bytes(b"{}\n" * 1_000_000)
    store = RawStore(tmp_path / "raw")
    assert store.body(store.put_body("register", response(b"", file))) == file.read_bytes()


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text(), max_size=4))
def test_documents_come_back_equal(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Every field, also times with microseconds and texts with line breaks, quotes and lone surrogates."""
    store = RawStore(tmp_path_factory.mktemp("raw"))
    documents = tuple(document(str(n), text) for n, text in enumerate([*texts, "\ud800\n\u2028\x00\"'"]))
    assert store.documents(store.put_all("news", (), NOW, documents)) == documents


@pytest.mark.parametrize(
    "source",
    ["../../etc/passwd", "/etc", "a/b", "", ".", "..", "CON", "nul\x00", "x" * 300, "Ærø", "💥", "a\nb", "-", "a b"],
)
def test_no_source_name_leaves_the_store(tmp_path: Path, source: str) -> None:
    """File names are ours whatever a source is called, and different sources have different files."""
    root = tmp_path / "raw"
    store = RawStore(root)
    refs = {store.put_body(name, response(b"x")) for name in (source, source + "x", "plain")}
    assert len(refs) == 3
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert all(path.resolve().is_relative_to(root) for path in files)
    assert all(store.body(ref) == b"x" for ref in refs)


@pytest.mark.parametrize(
    "ref",
    ["../x", "/etc/passwd", "2026-03-02/../../x", "2026-03-02/x.gz", "", "2026-03-02/a-" + "0" * 20 + ".body.gz\n"],
)
def test_references_are_checked(tmp_path: Path, ref: str) -> None:
    """A reference from a damaged database opens nothing outside the store."""
    with pytest.raises(StorageError):
        RawStore(tmp_path).body(ref)


def test_bodies_and_documents_of_a_source_are_stored_together(tmp_path: Path) -> None:
    """One wait for the disk; each has its own file, and what is there already stays as it is."""
    store, bodies = RawStore(tmp_path), [response(b"one"), response(b"two"), response(b"one")]
    ref = store.put_all("news", bodies, NOW, [document("1")])
    assert store.documents(ref) == (document("1"),)
    assert sorted(store.body(f"{path.parent.name}/{path.name}") for path in tmp_path.rglob("*.body.gz")) == [
        b"one",
        b"two",
    ]
    assert store.put_all("news", bodies, NOW, None) == ""
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3


def test_a_damaged_or_absent_file_is_a_storage_error(tmp_path: Path) -> None:
    """Cut, overwritten or gone: said, with its name."""
    store = RawStore(tmp_path)
    ref = store.put_all("news", (), NOW, [document("1")])
    packed = (tmp_path / ref).read_bytes()
    for damaged in (packed[:-12], b"no gzip", gzip.compress(b"no json\n"), gzip.compress(b"{}\n")):
        (tmp_path / ref).write_bytes(damaged)
        with pytest.raises(StorageError):
            store.documents(ref)
    (tmp_path / ref).unlink()
    with pytest.raises(StorageError):
        store.documents(ref)


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fails before the rename there is no file under the final name, and no temporary one."""

    def fail(descriptor: int) -> None:
        raise OSError(28, "no space left on device")

    store = RawStore(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(StorageError):
            store.put_body("news", response(b"x"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert store.body(store.put_body("news", response(b"x"))) == b"x"


def stored(root: Path, source: str, day: str) -> str:
    at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    return RawStore(root).put_all(source, (), at, [document(source + day)])


def test_each_source_expires_after_its_own_retention(tmp_path: Path) -> None:
    """Thirty days unless said otherwise; 0 means now; what still waits to be analysed stays."""
    kept = [
        stored(tmp_path, "long", "2026-01-01"),
        stored(tmp_path, "plain", "2026-02-01"),
        stored(tmp_path, "none-0", "2026-03-01"),
    ]
    gone = [
        stored(tmp_path, "plain", "2026-01-31"),
        stored(tmp_path, "none", "2026-03-02"),
        stored(tmp_path, "none", "2026-02-01"),
    ]
    waiting = stored(tmp_path, "none", "2026-03-01")
    retention = {"long": 90, "none": 0}
    store = RawStore(tmp_path)
    assert store.expire(date(2026, 3, 2), retention, keep={waiting}) == 3
    assert [(tmp_path / ref).exists() for ref in gone] == [False] * 3
    assert all(store.documents(ref) for ref in (*kept, waiting))
    assert store.expire(date(2026, 3, 2), retention, keep={waiting}) == 0
    assert not (tmp_path / "2026-01-31").exists()


def test_expiry_touches_only_what_is_ours(tmp_path: Path) -> None:
    """Leftovers of an interrupted write of an earlier day go; foreign files and an absent store are no matter."""
    folder = tmp_path / "2026-02-01"
    folder.mkdir()
    for name in ("notes.txt", ".writing-abc"):
        (folder / name).write_text("x")
    assert RawStore(tmp_path).expire(date(2026, 3, 2), {}) == 0
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert RawStore(tmp_path / "none").expire(date(2026, 3, 2), {}) == 0


def test_what_must_be_forgotten_goes_whatever_its_retention(tmp_path: Path) -> None:
    """Bodies with the number go whole, lists only lose what is about it; other sources and longer numbers stay."""
    store, number = RawStore(tmp_path), Identifier("NO-BRC", "999000101")
    gone = store.put_body("register", response(b'{"organisasjonsnummer":"999000101"}'))
    longer = store.put_body("register", response(b'{"id":"9990001012"}'))
    other = store.put_body("news-no", response(b"999000101"))
    about = replace(document("a"), identifiers=(number,))
    named = replace(document("999000101:opened"), identifiers=())
    kept = replace(document("b", "mentions 999000101"), identifiers=())
    mixed = store.put_all("register", (), NOW, [about, kept, named])
    alone = store.put_all("register", (), NOW, [about])
    assert store.forget(["register"], [number]) == 3
    assert (store.body(longer), store.body(other)) == (b'{"id":"9990001012"}', b"999000101")
    assert store.documents(mixed) == (kept,)
    for ref in (gone, alone):
        with pytest.raises(StorageError):
            store.body(ref)
    assert store.forget(["register"], []) == 0
