"""The one door to the web: conditional GETs over aiohttp, bounded in time, size and redirects, closed to private networks."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from bot.errors import FetchError, Refused
from bot.log import masked
from bot.model import Page, Request

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Explicit tables, because `is_global` of Python 3.11 calls several of these global.
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

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_PRIVILEGED = 1024
_WEB_PORTS = frozenset({80, 443})
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})")
_LONGEST_RETRY_AFTER = 7 * 86_400.0
_AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take: seconds in all, decoded bytes, redirects."""

    seconds: float = 20.0
    max_bytes: int = 10 * 1024 * 1024
    redirects: int = 5


class _Closed(OSError):
    """A connection to an address in a closed network was stopped."""


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


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header (a number or a date), at most seven days; None if absent or unreadable."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return min(float(value), _LONGEST_RETRY_AFTER)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max((when - now).total_seconds(), 0.0), _LONGEST_RETRY_AFTER)


def max_age(cache_control: str) -> int | None:
    """Seconds of `max-age` in a Cache-Control header; None where it says none, or forbids caching."""
    lowered = cache_control.lower()
    if not lowered or "no-cache" in lowered or "no-store" in lowered:
        return None
    found = _MAX_AGE.search(lowered)
    return int(found.group(1)) if found else None


class HttpFetcher:
    """Fetches pages; satisfies `ports.Fetcher`.

    Use it inside one event loop and close it. `connections` bounds open sockets; politeness to one host is the caller's.
    Without `keep_alive` (to be set before the first fetch) every request has a connection of its own.
    """

    keep_alive = True

    def __init__(
        self,
        now: Callable[[], datetime],
        limits: Limits,
        user_agent: str,
        allowed: Sequence[Network] = (),
        connections: int = 100,
    ) -> None:
        self._now = now
        self._limits = limits
        self._agent = user_agent
        self._allowed = tuple(allowed)
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, request: Request) -> Page:
        """See `ports.Fetcher.fetch`."""
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._follow(request)
        except TimeoutError as error:
            raise FetchError(f"no whole answer within {self._limits.seconds:g} s") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if _was_closed(error):
                raise Refused("the address is in a private network (see fetch.allow_networks)") from error
            raise FetchError(_plain(error)) from error

    async def close(self) -> None:
        """Close all connections."""
        if self._session:
            await self._session.close()
            self._session = None

    async def _follow(self, request: Request) -> Page:
        url = checked(request.url)
        headers = _headers(request, url)
        url, moved, permanent = url.with_user(None), False, True
        for _ in range(self._limits.redirects + 1):
            async with self._opened().get(url, headers=headers, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    # credentials belong to the address as it was given: with them a move is not taken over
                    lasting = moved and permanent and "@" not in request.url
                    return await self._page(response, str(url) if lasting else None)
                moved, permanent = True, permanent and response.status in _PERMANENT
                target = checked(urljoin(str(url), response.headers.get("Location", "")))
            if target.origin() != url.origin():
                headers.pop("Authorization", None)
            url = target.with_user(None)
        raise FetchError(f"more than {self._limits.redirects} redirects")

    async def _page(self, response: aiohttp.ClientResponse, moved_to: str | None) -> Page:
        now, status, headers = self._now(), response.status, response.headers
        if status not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            raise FetchError(_phrase(status), status, retry_after(headers.get("Retry-After"), now))
        return Page(
            url=str(response.url),
            status=status,
            fetched=now,
            body=await self._body(response) if status == HTTPStatus.OK else b"",
            content_type=headers.get("Content-Type", "")[:200],
            etag=headers.get("ETag", ""),
            modified=headers.get("Last-Modified", ""),
            moved_to=moved_to,
            max_age=max_age(headers.get("Cache-Control", "")),
        )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        most = self._limits.max_bytes
        if (response.content_length or 0) > most:
            raise FetchError(f"larger than {most:,} bytes")
        chunks, size = [], 0
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if size > most:
                response.close()
                raise FetchError(f"larger than {most:,} bytes when unpacked")
            chunks.append(chunk)
        return b"".join(chunks)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=self._connections,
                ttl_dns_cache=300,
                **({"keepalive_timeout": 10} if self.keep_alive else {"force_close": True}),
                socket_factory=self._socket,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=None),  # one clock around the whole fetch is enough
                headers={
                    "User-Agent": self._agent,
                    "Accept": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8",
                    "Accept-Encoding": "gzip, deflate",
                },
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session

    @lru_cache(maxsize=10_000)  # noqa: B019 - lives as long as the bot
    def _may_connect(self, address: str) -> bool:
        return is_open(address, self._allowed)

    def _socket(self, info: _AddrInfo) -> socket.socket:
        """Called by aiohttp before every connect, whatever the address came from: name, literal, redirect, rebinding."""
        family, kind, proto, _, address = info
        if not self._may_connect(str(address[0])):
            raise _Closed(f"{address[0]} is in a closed network")
        return socket.socket(family, kind, proto)


def checked(address: str) -> URL:
    """The address as a URL that may be fetched: http or https, a host, a port of the web. Raises Refused."""
    try:
        url = URL(address)
        port = url.port
    except ValueError as error:
        raise Refused(f"not an address: {masked(address)[:200]}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise Refused(f"only http and https addresses are fetched, not {masked(address)[:200]}")
    if port not in _WEB_PORTS and (port or 0) < _PRIVILEGED:
        raise Refused(f"port {port} is not a port of the web")
    return url


def _headers(request: Request, url: URL) -> dict[str, str]:
    """Validators, and the credentials of the address, if it has any, as Basic ones (RFC 7617)."""
    headers = {}
    if url.user:
        pair = f"{url.user}:{url.password or ''}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    if request.etag:
        headers["If-None-Match"] = request.etag
    if request.modified:
        headers["If-Modified-Since"] = request.modified
    return headers


def _phrase(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def _was_closed(error: BaseException) -> bool:
    """Whether a closed network stopped the connection; aiohttp wraps the error, or groups one for each address."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, _Closed) or "is in a closed network" in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _plain(error: BaseException) -> str:
    text = masked(str(error)).strip() or type(error).__name__
    return text[:300]
