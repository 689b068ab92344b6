"""The guard: address table, hostile forms of addresses, names that change their mind; counted on a fake connection."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestrigger.sources.addresses import why_denied
from salestrigger.sources.errors import FetchError
from salestrigger.sources.http import Fetcher, FetchPolicy, Request, Seams
from salestrigger.sources.reasons import Refusal
from salestrigger.sources.sockets import AsyncioBackend
from salestrigger.sources.urls import parse_url
from salestrigger.sources.wire import GuardedBackend

DENIED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.1.2.3
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1
168.63.129.16 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::a9fe:a9fe 64:ff9b:1::1
100::1 2001::1 2001:20::1 2001:1ff::1 2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254
fe80::1 fe80::1%eth0 2600::1%1 fec0::1 ff02::1 4000::1
"""
PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1
169.253.255.255 172.15.0.1 172.32.0.1 192.0.1.1 192.167.0.1 198.17.0.1 198.20.0.1 223.255.255.255
2001:200::1 2001:4860::8888 2606:4700::1111 2a00:1450::1 2003::1 3ffe::1
"""


@pytest.mark.parametrize("address", DENIED.split())
def test_special_addresses_are_denied_with_a_reason(address: str) -> None:
    """Private, local, translated, documentation and reserved addresses are refused, and the answer says why."""
    assert why_denied(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_addresses_are_allowed(address: str) -> None:
    """The neighbours of every special range are not special."""
    assert why_denied(address) == ""


@given(st.ip_addresses())
def test_whatever_python_calls_private_is_denied(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Our table is never more lenient than the standard library's properties."""
    special = not address.is_global or address.is_multicast or address.is_reserved or address.is_loopback
    assert why_denied(str(address)) or not special


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "1.2.3", "1.2.3.4.5", "[::1]", "::g"])
def test_what_is_no_address_is_denied(text: str) -> None:
    """The table is asked about addresses only."""
    assert why_denied(text)


class Fake(httpcore.AsyncNetworkBackend):
    """Remembers every connection that would have been made, and makes none."""

    def __init__(self) -> None:
        self.connects: list[tuple[str, int]] = []

    async def connect_tcp(self, host: str, port: int, timeout: float | None = None, *_: Any, **__: Any) -> Any:
        self.connects.append((host, port))
        raise httpcore.ConnectError("a fake")


class Names:
    """A resolver that follows a script: for each look-up the next list of addresses; the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), list[str]()

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def nowhere(seconds: float) -> None:
    """Waiting, without waiting."""


def ask(*urls: str, names: Names, times: int = 1, **request: Any) -> tuple[list[str], Fake]:
    """Fetch the addresses over the live route with a fake connection; the reasons, and the connections made."""
    fake, reasons = Fake(), list[str]()

    async def run() -> None:
        seams = Seams(sleep=nowhere, jitter=lambda: 1.0, backend=GuardedBackend(names, fake))
        async with Fetcher(FetchPolicy(default_pace_s=0.0), seams=seams) as fetcher:
            for url in urls * times:
                with pytest.raises(FetchError) as caught:
                    await fetcher.fetch(Request(url, **request))
                reasons.append(caught.value.reason)

    asyncio.run(run())
    return reasons, fake


HOSTS = """
127.0.0.1 127.1 127.0.1 0 0.0.0.0 2130706433 017700000001 0x7f000001 0x7f.0.0.1 0X7F.1 0177.0.0.1
127.0.0.01 127.000.000.001 0x7f.0x0.0x0.0x1 127.0.0.1. 127.0.0.0x1 127.0.0.256 256.0.0.1 1.2.3 1.2.3.4.5
1.1.1.1.1 4294967296 99999999999 0xffffffff 0x 127.0.0.1:80 127.0.0.1:443 127.0.0.1:0080 [::1] [::]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [0:0:0:0:0:0:0:1] [fe80::1] [fe80::1%25eth0]
[fe80::1%eth0] [fc00::1] [fd00:ec2::254] [64:ff9b::7f00:1] [64:ff9b::169.254.169.254] [2002:7f00:1::]
[2001::1] [2001:db8::1] [ff02::1] [::ffff:10.0.0.1] [::ffff:169.254.169.254] [v1.fe] [::1 [::1]] ::1 []
[127.0.0.1] [localhost] 169.254.169.254 169.254.43518 0xa9fea9fe 2852039166 0251.0376.0251.0376 10.0.0.1
10.1 192.168.1 192.168.0.1 172.16.0.1 100.64.0.1 100.100.100.200 192.0.0.192 198.18.0.1 168.63.129.16
192.88.99.1 224.0.0.1 255.255.255.255 １２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.① 𝟏𝟐𝟕.0.0.1
٠.٠.٠.٠ [::１] %31%32%37.0.0.1 127%2e0%2e0%2e1 127.0.0.1%00.news.example 127.0.0.1%2f news.example%00
a..news.example .news.example -a.example a-.example a_b-.example news.example@127.0.0.1
user@news.example user:pass@news.example :@news.example news.example:80@127.0.0.1
127.0.0.1:80@news.example news.example:22 news.example:25 news.example:8080 news.example:0
news.example:65536 news.example:99999 news.example:-1 news.example:80:80 news.example:８０
news.example:+80 news.example:0x50 news.example:6379 news.example\\@127.0.0.1 127.0.0.1\\.news.example
news.example\\.127.0.0.1 news.example\x00 \x00news.example news.exam\u200bple news.exam\u202eple
news.example\u2028 news.example\ufeff xn--☃ \xad \ud800.example *.example <b>.example a^b.example
a|b.example a{b}.example
"""
PLAIN_FORMS = """
file:///etc/passwd file://localhost/etc/passwd ftp://news.example/ gopher://127.0.0.1:70/_x
dict://127.0.0.1:11211/ ldap://127.0.0.1/ data:text/html,x javascript:alert(1) jar:http://news.example!/
view-source:http://news.example ws://news.example/ unix:/run/x http+unix://%2frun%2fx/ //news.example/
/feed feed news.example http: http:/ http:// http:/// http:news.example http:/news.example
https:///news.example ttp://news.example/ http//news.example http:\\\\news.example http:/\\127.0.0.1
HTTP:\\\\127.0.0.1 http://?x http://#x http://:80/ http://@/ http://:@/ http://. http://.. http://../
about:blank blob:http://a/
"""
ODD_FORMS = [
    "http://news.exam\tple/",
    "http://news.exam\nple/",
    "http://ex ample.com/",
    "http://127.0.0.1 .example/",
    "",
    " ",
    "http://news.example/\r\nX: y",
    "http://news.example\r\nHost:127.0.0.1/",
    "http://news.example/\tx",
    "\thttp://news.example/",
    " http://news.example/",
    "http://news.example/ ",
    "ht\ntp://news.example/",
    "http://news.example/a\x7f",
    "http://news.example/\\..\\x",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 130 + "example/",
    "http://news.example/" + "a" * 9_000,
    "http://news.example/\ud800",
    "http://news.example/\u2029",
    "http://news.example/\x85",
]
FORMS = (
    [f"http://{host}/x" for host in HOSTS.strip("\n").replace("\n", " ").split(" ")] + PLAIN_FORMS.split() + ODD_FORMS
)


def test_hostile_forms_of_addresses_make_no_connection() -> None:
    """Each of them is refused by the guard with a reason of its own, whatever the resolver would say, unsent."""
    assert len(set(FORMS)) >= 120
    names = Names(["127.0.0.1"])
    reasons, fake = ask(*FORMS, names=names)
    allowed = {"bad_url", "bad_scheme", "bad_port", "userinfo", "bad_host", "denied_address", "dns"}
    assert {form: reason for form, reason in zip(FORMS, reasons, strict=True) if reason not in allowed} == {}
    assert fake.connects == []


def test_hostile_forms_are_refused_even_by_a_resolver_that_likes_them() -> None:
    """No form of a number or a broken name reaches a resolver that would turn it into something public."""
    names = Names(["8.8.8.8"])
    reasons, fake = ask(*(form for form in FORMS), names=names, obey_robots=False)
    assert fake.connects == []
    assert names.asked == []
    assert "connect" not in reasons


@pytest.mark.parametrize(
    "answers",
    [
        ["10.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["10.0.0.1", "8.8.8.8"],
        ["8.8.8.8", "::1"],
        ["2606:4700::1", "fe80::1%2"],
        ["8.8.8.8", "::ffff:8.8.8.8"],
        ["8.8.8.8"] * 9 + ["127.0.0.1"],
        ["8.8.8.8", "nonsense"],
    ],
)
def test_one_denied_answer_refuses_the_name(answers: list[str]) -> None:
    """A name that is partly private is not half trusted."""
    reasons, fake = ask("https://news.example/feed", names=Names(answers))
    assert reasons == ["denied_address"]
    assert fake.connects == []


def test_no_answer_is_a_failed_lookup() -> None:
    """An empty answer connects to nothing, and is asked again before giving up."""
    reasons, fake = ask("https://news.example/feed", names=Names([]), obey_robots=False)
    assert reasons == ["dns"]
    assert fake.connects == []


@pytest.mark.parametrize("turn", range(8))
def test_a_name_that_changes_its_mind_never_gets_a_private_connection(turn: int) -> None:
    """Rebinding: whichever look-up turns private, every connection made is to a checked public address."""
    script = [["8.8.8.8"]] * turn + [["127.0.0.1"], ["8.8.8.8", "169.254.169.254"], ["8.8.4.4"]] * 3
    _, fake = ask("http://news.example/feed", names=Names(*script), times=6, obey_robots=False)
    assert {address for address, _ in fake.connects} <= {"8.8.8.8", "8.8.4.4"}
    assert fake.connects


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    """The connection gets the literal address, not the name, so that nobody can resolve it again; IPv6 too."""
    names = Names(["2606:4700::1111", "1.1.1.1"])
    reasons, fake = ask("https://news.example/feed", names=names, obey_robots=False)
    assert reasons == ["connect"]
    assert fake.connects[:2] == [("2606:4700::1111", 443), ("1.1.1.1", 443)]
    assert len(names.asked) == 3  # once per attempt


def self_signed(folder: Path) -> Path:
    """A certificate for news.example that nobody vouches for, with its key, in one file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.example")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(secret + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


class Rerouted(AsyncioBackend):
    """Connects every address to one local port."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def connect_tcp(self, host: str, port: int, timeout: float | None = None, *_: Any, **__: Any) -> Any:
        return await super().connect_tcp("127.0.0.1", self.port, timeout=timeout)


def test_tls_is_checked_against_the_name_not_the_address(tmp_path: Path) -> None:
    """The server is asked for the name although an address is connected to, and an unknown certificate is refused."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    context.sni_callback = lambda _socket, name, _context: asked.append(name)

    async def run() -> str:
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
        backend = GuardedBackend(Names(["8.8.8.8"]), Rerouted(server.sockets[0].getsockname()[1]))
        policy = FetchPolicy(default_pace_s=0.0, retries=0)
        try:
            async with Fetcher(policy, seams=Seams(backend=backend)) as fetcher:
                await fetcher.fetch(Request("https://news.example/feed", obey_robots=False))
        except FetchError as error:
            return f"{error.reason} {error}"
        finally:
            server.close()
        return "fetched"

    said = asyncio.run(run())
    assert said.startswith("connect ")
    assert "CERTIFICATE_VERIFY_FAILED" in said
    assert asked == ["news.example"]


def test_literal_addresses_are_not_resolved() -> None:
    """A public literal is connected to as it stands."""
    names = Names(["127.0.0.1"])
    reasons, fake = ask("http://8.8.8.8/", "http://[2606:4700::1111]/", names=names, obey_robots=False)
    assert reasons == ["connect", "connect"]
    assert {address for address, _ in fake.connects} == {"8.8.8.8", "2606:4700::1111"}
    assert names.asked == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HTTP://News.Example", "http://news.example/"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:443/a", "http://news.example:443/a"),
        ("http://news.example./", "http://news.example/"),
        ("http://bücher.example/ø?q=å b#f", "http://xn--bcher-kva.example/%C3%B8?q=%C3%A5%20b"),
        ("http://news.example/%C3%B8%2F?a=%20", "http://news.example/%C3%B8%2F?a=%20"),
        ("http://[2606:4700:0:0:0:0:0:1111]/", "http://[2606:4700::1111]/"),
        ("http://news.example:/", "http://news.example/"),
        ("http://news.example?a=1", "http://news.example/?a=1"),
        ("http://_dmarc.a_b.example/", "http://_dmarc.a_b.example/"),
    ],
)
def test_an_address_has_one_spelling(text: str, expected: str) -> None:
    """Case, default port, trailing dot, IDN, fragment and encoding are settled once and for all."""
    assert str(parse_url(text)) == expected
    assert str(parse_url(expected)) == expected


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://news.example/", "http://news.example:"]))
def test_any_text_is_an_address_or_refused(text: str, start: str) -> None:
    """Nothing but a refusal comes out, and what passes is ASCII and stable."""
    try:
        url = parse_url(start + text)
    except Refusal:
        return
    assert str(url).isascii()
    assert parse_url(str(url)) == url
