"""Which addresses may be connected to: explicit tables, because `is_global` of Python 3.11 calls several closed ones global."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# https://www.iana.org/assignments/iana-ipv4-special-registry/
_V4_CLOSED = tuple(
    ipaddress.IPv4Network(n)
    for n in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Of IPv6 only global unicast is open, less its protocol, documentation and tunnel blocks (a tunnel hides an IPv4 address).
# https://www.iana.org/assignments/iana-ipv6-special-registry/
_V6_OPEN = ipaddress.IPv6Network("2000::/3")
_V6_CLOSED = tuple(ipaddress.IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))

_PRIVILEGED = 1024
_WEB_PORTS = frozenset({80, 443})


def is_open(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether an IP address may be connected to: public, or in one of the `allowed` networks."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip in network for network in allowed if network.version == ip.version):
        return True
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _V4_CLOSED)
    return ip in _V6_OPEN and not any(ip in network for network in _V6_CLOSED)


def is_web_port(port: int) -> bool:
    """Whether a port may be connected to: 80, 443, or one that is not reserved for another service (below 1024)."""
    return port in _WEB_PORTS or port >= _PRIVILEGED
