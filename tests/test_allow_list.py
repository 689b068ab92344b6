"""Who may touch a socket: a short list, each with its reason. A new path around the guard fails here."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from salestrigger.sources.reasons import is_known

PACKAGE = Path(__file__).resolve().parent.parent / "salestrigger"

#: modules that open or accept connections, or fetch by themselves
NETWORK = {
    "aiohttp",
    "ftplib",
    "http.client",
    "http.server",
    "httpcore",
    "httpx",
    "imaplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "uvicorn",
    "websockets",
    "xmlrpc",
}
#: calls that open or accept connections without such an import
CALLS = {
    "open_connection",
    "open_unix_connection",
    "start_server",
    "start_unix_server",
    "create_connection",
    "create_server",
    "create_datagram_endpoint",
    "create_unix_connection",
    "create_unix_server",
    "sock_connect",
    "connect_tcp",
}
#: file → why it may
ALLOWED = {
    "sources/http.py": "the door itself: its test seam is a httpcore backend",
    "sources/http1.py": "the door's protocol, over a connection that it is given",
    "sources/sending.py": "the door's one exchange: names what went wrong with the connection",
    "sources/sockets.py": "the door's sockets, opened by wire alone",
    "sources/wire.py": "the door's connections: resolver, address check, pool",
    "sources/demo/server.py": "serves the demo market on loopback",
    "matchers/forked.py": "a socket pair between a process and those it forked: no address, nothing leaves the machine",
    "flows/schedule.py": "asks whether the Prefect server on loopback answers",
}
#: feedparser fetches when it is given an address, and its links and titles are unsafe: one module deals with that
FEEDPARSER = {"sources/adapters/feed_xml.py"}


@functools.cache
def files() -> list[tuple[str, ast.Module]]:
    """Every module of the package, parsed, by its path from the package."""
    return [
        (str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module name that a file imports, anywhere in it, by statement or by importlib."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _name(node.func) in {"import_module", "__import__"}:
            yield from (str(value.value) for value in node.args[:1] if isinstance(value, ast.Constant))


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def network_uses(tree: ast.Module) -> set[str]:
    """What a file has of NETWORK and CALLS."""
    names = {name for name in imported(tree) if any(name == n or name.startswith(n + ".") for n in NETWORK)}
    return names | {_name(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n.func) in CALLS}


def test_only_the_listed_modules_touch_the_network() -> None:
    """Everything else goes through Fetcher.fetch."""
    found = {path: uses for path, tree in files() if (uses := network_uses(tree)) and path not in ALLOWED}
    assert found == {}


def test_only_the_feed_reader_knows_feedparser() -> None:
    """What it returns is not safe to use as it is."""
    found = {path for path, tree in files() if any(name.split(".")[0] == "feedparser" for name in imported(tree))}
    assert found == FEEDPARSER


def test_the_list_has_no_entry_that_is_not_needed() -> None:
    """A permission that nobody uses is one that somebody will misuse."""
    trees = dict(files())
    assert [path for path in ALLOWED if path in trees and not network_uses(trees[path])] == []
    assert all(ALLOWED.values())


@pytest.mark.parametrize(
    "code",
    [
        "import httpx",
        "from urllib import request",
        "from http.client import HTTPConnection",
        "import urllib.request as u",
        "def f():\n    import socket",
        "import importlib\nimportlib.import_module('requests')",
        "__import__('smtplib')",
        "import asyncio\nasyncio.open_connection('a', 1)",
        "loop.create_connection(None)",
    ],
)
def test_the_check_sees_each_way_around(code: str) -> None:
    """Imports inside functions, renamed ones, dynamic ones, and asyncio's own connections are found."""
    assert network_uses(ast.parse(code))


def test_reading_addresses_is_no_network() -> None:
    """urllib.parse and http statuses are free."""
    assert not network_uses(ast.parse("from urllib.parse import urlsplit\nimport http\nfrom http import HTTPStatus"))


def test_every_reason_is_one_of_the_documented_words() -> None:
    """Reports and the warehouse count these words, so a new one has to be written down."""
    position = {"Refusal": 0, "FetchError": 1}
    words = [
        (path, word.value)
        for path, tree in files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node.func) in position
        for word in node.args[position[_name(node.func)] :][:1]
        if isinstance(word, ast.Constant)
    ]
    assert len(words) > 20
    assert [found for found in words if not is_known(str(found[1]))] == []
