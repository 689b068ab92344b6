"""The words that ``FetchError.reason`` may be: stable, because the report and the warehouse show and count them.

Besides these there is ``http_<status>`` for an answer that is neither 2xx nor 304, 404 or 410. A test holds the door to
this list. :class:`Refusal` is how the door's own modules say no to each other; outside they are ``FetchError``.
"""

from __future__ import annotations

from collections.abc import Mapping

#: word → what happened. The guard's own refusals come first; none of them is ever retried.
REASONS: Mapping[str, str] = {
    "bad_url": "the address is not one we would give to a browser either: syntax, control character, backslash",
    "bad_scheme": "only http and https are fetched",
    "bad_port": "only the ports of the policy are fetched (80 and 443)",
    "userinfo": "the address carries a user name or password",
    "bad_host": "the host is no name or plain IP address",
    "no_key": "the source wants a key and the variable that should hold it is empty",
    "bad_header": "a request header is malformed, or one that only the door may set",
    "denied_address": "the name resolves to a private, local or reserved address",
    "unknown_host": "the local route does not name this host",
    "not_recorded": "the recording holds no answer for this address",
    "robots": "robots.txt disallows this address",
    "robots_unreachable": "robots.txt could not be read, which means: stay away for now",
    "bad_redirect": "a redirect without a usable target",
    "too_many_redirects": "more redirects than the policy follows, or a loop",
    "downgrade": "a redirect from https to http of a request that carries credentials",
    "body_redirect": "a redirect that would send the request's body to another origin",
    "too_large": "the answer is larger than its kind may be",
    "bad_encoding": "a content encoding other than one layer of gzip",
    "bad_gzip": "the compressed body is damaged",
    "bomb": "the compressed body expands more than any honest one",
    "truncated": "the body ended before it was complete",
    "deadline": "the whole exchange took longer than the policy allows",
    "retry_after": "the host asked us to stay away for longer than we wait",
    "dns": "the name cannot be resolved",
    "connect": "no connection: refused, unreachable, TLS",
    "reset": "the connection broke",
    "protocol": "the answer is not HTTP, or its header is too large",
}

#: reasons that may pass by themselves within seconds; 5xx and a short ``Retry-After`` are too
TRANSIENT = frozenset({"dns", "connect", "reset", "truncated"})


def is_known(reason: str) -> bool:
    """Whether ``reason`` is one of ours: a word of the list, or ``http_`` and three digits."""
    return reason in REASONS or (reason.startswith("http_") and reason[5:].isdigit() and len(reason) == 8)


class Refusal(Exception):  # noqa: N818 - it is an answer of the guard, not a fault of the program
    """No, with the reason in a word and the detail for a person; ``retry_after`` seconds when the server said so."""

    def __init__(self, reason: str, detail: str = "", *, retry_after: float | None = None) -> None:
        self.reason, self.detail, self.retry_after = reason, detail, retry_after
        super().__init__(f"{reason}: {detail}" if detail else reason)
