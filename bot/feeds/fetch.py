"""The one door to the web: conditional GETs, bounded in time, size and redirects, closed to private networks."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urljoin

from yarl import URL

from bot.errors import FetchError, Refused
from bot.feeds.handles import Answer, OutOfTime, Terms
from bot.feeds.networks import Network, is_open, is_web_port
from bot.feeds.transfers import Transfers
from bot.log import masked
from bot.model import Page, Request

__all__ = ["HttpFetcher", "Limits", "Network", "checked", "is_open", "max_age", "retry_after"]

_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_WANTED = frozenset({b"content-type", b"etag", b"last-modified", b"cache-control", b"retry-after", b"location"})
_GRACE = 0.25
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})")
_LONGEST_ADDRESS = 4_096
_LONGEST_RETRY_AFTER = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take: seconds in all, decoded bytes, redirects."""

    seconds: float = 20.0
    max_bytes: int = 10 * 1024 * 1024
    redirects: int = 5


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
        self._transfers: Transfers | None = None

    async def fetch(self, request: Request) -> Page:
        """See `ports.Fetcher.fetch`."""
        seconds = self._limits.seconds
        try:
            # libcurl keeps the time; the timer here is for what it cannot: a thread that is stuck, or a long queue
            async with asyncio.timeout(seconds + _GRACE):
                return await self._follow(request, time.monotonic() + seconds)
        except (TimeoutError, OutOfTime) as error:
            raise FetchError(f"no whole answer within {seconds:g} s") from error
        except ValueError as error:
            raise FetchError(f"not an address: {masked(str(error))[:200]}") from error

    async def close(self) -> None:
        """Close all connections; what is in flight fails."""
        if self._transfers:
            await self._transfers.close()
            self._transfers = None

    async def _follow(self, request: Request, deadline: float) -> Page:
        url = checked(request.url)
        headers, login = _validators(request), _login(url)
        url, moved, permanent = _bare(url), False, True
        for _ in range(self._limits.redirects + 1):
            answer = await self._opened().get(str(url), headers + login, deadline)
            if answer.status not in _REDIRECTS:
                # credentials belong to the address as it was given: with them a move is not taken over
                lasting = moved and permanent and "@" not in request.url
                return self._page(answer, url, str(url) if lasting else None)
            moved, permanent = True, permanent and answer.status in _PERMANENT
            target = checked(_joined(url, answer))
            if target.origin() != url.origin():
                login = []
            url = _bare(target)
        raise FetchError(f"more than {self._limits.redirects} redirects")

    def _page(self, answer: Answer, url: URL, moved_to: str | None) -> Page:
        now, status, headers = self._now(), answer.status, answer.headers
        if status not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            raise FetchError(_phrase(status), status, retry_after(headers.get("retry-after"), now))
        return Page(
            url=str(url.with_fragment(None) if url.raw_fragment else url),
            status=status,
            fetched=now,
            body=answer.body,
            content_type=headers.get("content-type", "")[:200],
            etag=headers.get("etag", ""),
            modified=headers.get("last-modified", ""),
            moved_to=moved_to,
            max_age=max_age(headers.get("cache-control", "")),
        )

    def _opened(self) -> Transfers:
        if self._transfers is None or self._transfers.ended:
            terms = Terms(
                may_connect=self._may_connect,
                user_agent=self._agent,
                accept=_ACCEPT,
                wanted=_WANTED,
                max_bytes=self._limits.max_bytes,
                connections=self._connections,
                keep_alive=self.keep_alive,
            )
            self._transfers = Transfers(terms)
        return self._transfers

    @lru_cache(maxsize=10_000)  # noqa: B019 - lives as long as the bot
    def _may_connect(self, address: str, port: int) -> bool:
        return is_web_port(port) and is_open(address, self._allowed)


def checked(address: str) -> URL:
    """The address as a URL that may be fetched: http or https, a host, a port of the web. Raises Refused."""
    if len(address) > _LONGEST_ADDRESS:
        raise Refused(f"an address of {len(address):,} characters is too long")
    try:
        url = URL(address)
        host, port = url.host, url.port
    except ValueError as error:
        raise Refused(f"not an address: {masked(address)[:200]}") from error
    if url.scheme not in ("http", "https") or not host:
        raise Refused(f"only http and https addresses are fetched, not {masked(address)[:200]}")
    if not is_web_port(port or 0):
        raise Refused(f"port {port} is not a port of the web")
    return url


def _validators(request: Request) -> list[bytes]:
    """The validators of a request as header lines."""
    pairs = (("If-None-Match", request.etag), ("If-Modified-Since", request.modified))
    return [f"{name}: {value}".encode("latin-1", "replace") for name, value in pairs if value and value.isprintable()]


def _login(url: URL) -> list[bytes]:
    """The credentials of an address, if it has any, as a header line of Basic ones (RFC 7617)."""
    if not url.user:
        return []
    return [b"Authorization: Basic " + base64.b64encode(f"{url.user}:{url.password or ''}".encode())]


def _bare(url: URL) -> URL:
    """The address without credentials."""
    return url if url.raw_user is None and url.raw_password is None else url.with_user(None)


def _joined(url: URL, answer: Answer) -> str:
    """Where a redirect leads."""
    location = answer.headers.get("location", "")
    if not location:
        raise FetchError("a redirect that leads nowhere", answer.status)
    return urljoin(str(url), location.encode("latin-1").decode("utf-8", "replace"))


def _phrase(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"
