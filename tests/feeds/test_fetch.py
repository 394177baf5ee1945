"""The door to the web, over real HTTP on loopback."""

from __future__ import annotations

import gzip
import ipaddress
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.errors import FetchError, Refused
from bot.feeds.fetch import HttpFetcher, Limits, checked, is_open, max_age, retry_after
from bot.loopback import Loopback, Reply
from bot.loopback import Request as Asked
from bot.model import Page, Request

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOOPBACK = [ipaddress.ip_network("127.0.0.1/32")]
FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"


@asynccontextmanager
async def fetching(
    pages: dict[str, Reply | Callable[[Asked], Reply]], limits: Limits | None = None, closed: bool = False
) -> AsyncIterator[tuple[HttpFetcher, Loopback]]:
    fetcher = HttpFetcher(lambda: NOW, limits or Limits(), "test", () if closed else LOOPBACK)
    async with Loopback(pages) as server:
        try:
            yield fetcher, server
        finally:
            await fetcher.close()


async def get(pages: dict[str, Reply | Callable[[Asked], Reply]], path: str = "/a", **limits: float) -> Page:
    async with fetching(pages, Limits(**limits)) as (fetcher, server):  # type: ignore[arg-type]
        return await fetcher.fetch(Request(server.url(path)))


async def test_a_page_comes_with_what_the_next_poll_needs() -> None:
    headers = {"Cache-Control": "public, max-age=1800"}
    page = await get(
        {"/a": Reply(FEED, "application/rss+xml", '"v1"', "Sun, 01 Mar 2026 10:00:00 GMT", headers=headers)}
    )
    assert (page.status, page.body, page.content_type) == (200, FEED, "application/rss+xml")
    assert (page.etag, page.modified) == ('"v1"', "Sun, 01 Mar 2026 10:00:00 GMT")
    assert (page.max_age, page.moved_to, page.fetched) == (1800, None, NOW)


async def test_validators_are_sent_back_and_a_304_has_no_body() -> None:
    async with fetching({"/a": Reply(FEED, etag='"v1"')}) as (fetcher, server):
        page = await fetcher.fetch(Request(server.url("/a"), etag='"v1"'))
    assert (page.status, page.body) == (304, b"")


async def test_a_permanent_move_is_reported_and_a_temporary_one_is_not() -> None:
    pages: dict[str, Reply | Callable[[Asked], Reply]] = {
        "/a": Reply(status=301, headers={"Location": "/b"}),
        "/b": Reply(status=308, headers={"Location": "/c"}),
        "/t": Reply(status=302, headers={"Location": "/c"}),
        "/c": Reply(FEED),
    }
    assert (await get(pages, "/a")).moved_to is not None
    assert (await get(pages, "/t")).moved_to is None
    assert (await get(pages, "/c")).moved_to is None


@pytest.mark.parametrize("status", [404, 410, 500, 503])
async def test_other_answers_are_errors_with_their_status(status: int) -> None:
    with pytest.raises(FetchError) as caught:
        await get({"/a": Reply(status=status)})
    assert caught.value.status == status


async def test_retry_after_reaches_the_caller() -> None:
    with pytest.raises(FetchError) as caught:
        await get({"/a": Reply(status=429, headers={"Retry-After": "3600"})})
    assert caught.value.retry_after == 3600


async def test_a_redirect_loop_ends() -> None:
    with pytest.raises(FetchError, match="redirects"):
        await get({"/a": Reply(status=302, headers={"Location": "/a"})})


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://127.0.0.1:22/", "javascript:alert(1)", "//127.0.0.1:25/"],
)
async def test_a_redirect_out_of_the_web_is_refused(target: str) -> None:
    with pytest.raises(Refused):
        await get({"/a": Reply(status=302, headers={"Location": target})})


@pytest.mark.parametrize("target", ["http:///nohost", "http://[::bad/", ""])
async def test_a_redirect_to_nonsense_is_an_error(target: str) -> None:
    with pytest.raises(FetchError):
        await get({"/a": Reply(status=302, headers={"Location": target})})


@pytest.mark.parametrize("host", ["127.0.0.2", "[::ffff:127.0.0.2]", "0.0.0.0", "127.2", "2130706434", "１２７.0.0.2"])
async def test_a_redirect_into_a_private_network_never_connects(host: str) -> None:
    hits: list[str] = []

    def canary(asked: Asked) -> Reply:
        hits.append(asked.target)
        return Reply(FEED)

    async with Loopback({"/canary": canary}, hosts=("127.0.0.1", "127.0.0.2")) as bait:
        port = bait.url("/").rsplit(":", 1)[1].strip("/")
        with pytest.raises(FetchError):
            await get({"/a": Reply(status=302, headers={"Location": f"http://{host}:{port}/canary"})})
    assert hits == []


async def test_loopback_itself_is_closed_unless_opened() -> None:
    async with fetching({"/a": Reply(FEED)}, closed=True) as (fetcher, server):
        with pytest.raises(Refused, match="private network"):
            await fetcher.fetch(Request(server.url("/a")))


async def test_a_bomb_is_stopped_by_its_unpacked_size() -> None:
    bomb = gzip.compress(b"a" * 5_000_000)
    assert len(bomb) < 20_000
    with pytest.raises(FetchError, match="larger than"):
        await get({"/a": Reply(bomb, headers={"Content-Encoding": "gzip"})}, max_bytes=1_000_000)


async def test_gzip_is_unpacked() -> None:
    page = await get({"/a": Reply(gzip.compress(FEED), headers={"Content-Encoding": "gzip"})})
    assert page.body == FEED


async def test_a_silent_server_costs_the_time_limit_and_no_more() -> None:
    with pytest.raises(FetchError, match=r"within 0\.05 s"):
        await get({"/a": Reply(FEED, delay=30)}, seconds=0.05)


async def test_nobody_there_is_a_plain_error() -> None:
    async with fetching({}) as (fetcher, server):
        gone = server.url("/a")
    fetcher = HttpFetcher(lambda: NOW, Limits(), "test", LOOPBACK)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(Request(gone))
    await fetcher.close()
    assert not isinstance(caught.value, Refused)


async def test_credentials_stay_with_their_host() -> None:
    seen: list[str] = []

    def echo(asked: Asked) -> Reply:
        seen.append(asked.header(b"authorization"))
        return Reply(FEED)

    async with Loopback({"/b": echo}) as other:
        move = Reply(status=302, headers={"Location": other.url("/b")})
        async with fetching({"/a": move, "/same": echo}) as (fetcher, server):
            for path in ("/a", "/same"):
                await fetcher.fetch(Request(server.url(path).replace("://", "://me:secret@")))
    assert seen == ["", "Basic bWU6c2VjcmV0"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("2606:2800:220:1::1", True),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:db8::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fc00::1", False),
    ],
)
def test_only_public_addresses_are_open(address: str, expected: bool) -> None:
    assert is_open(address) is expected


def test_single_networks_can_be_opened() -> None:
    assert is_open("127.0.0.1", LOOPBACK)
    assert is_open("::ffff:127.0.0.1", LOOPBACK)
    assert not is_open("127.0.0.2", LOOPBACK)


@pytest.mark.parametrize("port", [22, 25, 110, 0])
def test_ports_of_other_services_are_refused(port: int) -> None:
    with pytest.raises(Refused):
        checked(f"http://example.com:{port}/")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("max-age=60", 60),
        ("public, Max-Age=600, must-revalidate", 600),
        ("s-maxage=99, max-age=1", 1),
        ("no-cache, max-age=60", None),
        ("no-store", None),
        ("max-age=soon", None),
        ("", None),
    ],
)
def test_cache_control_is_read(header: str, expected: int | None) -> None:
    assert max_age(header) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", 120.0),
        ("Sun, 01 Mar 2026 12:10:00 GMT", 600.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("99999999999", 604_800.0),
        ("soon", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str | None, expected: float | None) -> None:
    assert retry_after(header, NOW) == expected
