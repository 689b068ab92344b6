"""Which IP addresses we connect to: a table of our own, because ``ipaddress.is_global`` says yes to 192.0.0.8,
192.88.99.1, 64:ff9b::a9fe:a9fe, 2002:7f00:1:: and others (Python 3.11).

Pure. The check is made on the very address that is connected to (``wire``), never on a name.
Source: the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and its updates).
"""

from __future__ import annotations

import ipaddress

_DENIED_V4 = {
    ipaddress.IPv4Network(network): why
    for network, why in {
        "0.0.0.0/8": "this network",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "carrier-grade NAT",
        "127.0.0.0/8": "loopback",
        "169.254.0.0/16": "link-local",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "protocol assignments",
        "192.0.2.0/24": "documentation",
        "192.88.99.0/24": "6to4 relay",
        "192.168.0.0/16": "private",
        "168.63.129.16/32": "cloud host agent",  # public by number, but answers only inside a cloud machine
        "198.18.0.0/15": "benchmarking",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved",
    }.items()
}
#: all that is handed out for the public internet; mapped, translated, unique-local and link-local lie outside
_ALLOWED_V6 = ipaddress.IPv6Network("2000::/3")
_DENIED_V6 = {
    ipaddress.IPv6Network(network): why
    for network, why in {
        "2001::/23": "protocol assignments (Teredo, ORCHID)",
        "2001:db8::/32": "documentation",
        "2002::/16": "6to4",
        "3fff::/20": "documentation",
    }.items()
}


def why_denied(address: str) -> str:
    """Why we do not connect to ``address`` (an IP address as text); empty when we may."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "no IP address"
    if isinstance(ip, ipaddress.IPv4Address):
        return next((why for network, why in _DENIED_V4.items() if ip in network), "")
    if ip.scope_id is not None:
        return "scoped"
    if ip not in _ALLOWED_V6:
        return "not public IPv6"
    return next((why for network, why in _DENIED_V6.items() if ip in network), "")
