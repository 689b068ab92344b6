"""What must not be written down: which headers and query parameters are secrets, and how they are hidden.

Used for messages, for recordings and for redirects (a header with a secret never follows to another origin). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_plus

MASK = "MASKED"
#: shorter values would be found everywhere in a body
_SHORTEST_SECRET = 6

_HEADER = re.compile(r"auth|cookie|token|secret|key|session|passw|credential|signature", re.IGNORECASE)
#: names of query parameters in lower case without punctuation; ``pageToken`` and ``sortKey`` are none
_PARAMETERS = frozenset({
    "token", "accesstoken", "authtoken", "idtoken", "refreshtoken", "apitoken", "key", "apikey", "xapikey",
    "appkey", "accesskey", "subscriptionkey", "ocpapimsubscriptionkey", "sig", "signature", "hmac", "password",
    "passwd", "pwd", "pass", "secret", "clientsecret", "appsecret", "auth", "authorization",
})  # fmt: skip
_QUERY = re.compile(r"([?&;])([^=&;#?]{1,64})=([^&;#]*)")
_USERINFO = re.compile(r"(?<=//)[^/?#@]*@")


def is_secret_header(name: str) -> bool:
    """Whether a header of this name carries a secret: Authorization, Cookie, Set-Cookie, X-Api-Key and their like."""
    return bool(_HEADER.search(name))


def is_secret_parameter(name: str) -> bool:
    """Whether a query parameter of this name carries a secret: token, key, sig, password, apikey and their like."""
    return re.sub(r"[^a-z0-9]", "", unquote_plus(name).lower()) in _PARAMETERS


def mask_url(url: str) -> str:
    """``url`` with the values of secret parameters, and user name and password, hidden."""

    def hide(match: re.Match[str]) -> str:
        return f"{match[1]}{match[2]}={MASK}" if is_secret_parameter(match[2]) else match[0]

    return _QUERY.sub(hide, _USERINFO.sub(f"{MASK}@", url))


def secrets_of(url: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    """The secret values that a request with this address and these headers carries, the longest first."""
    values = [value for name, value in headers.items() if is_secret_header(name)]
    values += [value.partition(" ")[2] for value in values]  # the token after "Bearer "
    for _, name, value in _QUERY.findall(url):
        if is_secret_parameter(name):
            values += [value, unquote_plus(value)]
    return tuple(sorted({value for value in values if len(value) >= _SHORTEST_SECRET}, key=len, reverse=True))


def mask_text(text: str, secrets: tuple[str, ...]) -> str:
    """``text`` with every secret value hidden: servers like to repeat a key in their links."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text


def mask_bytes(body: bytes, secrets: tuple[str, ...]) -> bytes:
    """``body`` with every secret value hidden."""
    for secret in secrets:
        body = body.replace(secret.encode(), MASK.encode())
    return body
