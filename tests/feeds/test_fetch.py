"""The door to the web, over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import os
import shutil
import ssl
import subprocess
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import FetchError, Refused
from bot.feeds.fetch import HttpFetcher, Limits, checked, is_open, max_age, retry_after
from bot.feeds.networks import is_web_port
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


# -- servers that do not keep to the rules, and what is between us and them


class Log(list[bytes]):
    """A list that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._grew = asyncio.Event()

    def append(self, entry: bytes) -> None:
        super().append(entry)
        self._grew.set()

    async def until(self, length: int) -> None:
        while len(self) < length:
            self._grew.clear()
            await self._grew.wait()


@asynccontextmanager
async def raw(
    answer: bytes, hang: bool = False, context: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[str, Log]]:
    """A server that says just these octets to everybody; with `hang` it then keeps the connection until the other end goes."""
    asked = Log()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)
            await writer.drain()
            if hang:
                try:
                    await reader.read()
                finally:
                    asked.append(b"gone")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}/a", asked


@asynccontextmanager
async def door(connections: int = 100, keep_alive: bool = True, **limits: float) -> AsyncIterator[HttpFetcher]:
    fetcher = HttpFetcher(lambda: NOW, Limits(**limits), "robowire-test", LOOPBACK, connections)  # type: ignore[arg-type]
    fetcher.keep_alive = keep_alive
    try:
        yield fetcher
    finally:
        await fetcher.close()


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>", "broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n", "broke"),
        (b"HTTP/1.1 200 OK\r\nContent-Ty", "without an answer|broke|cut"),
        (b"<rss version='2.0'></rss>\r\n\r\n", "not HTTP"),
        (b"", "without an answer"),
        (
            b"HTTP/1.1 200 OK\r\n"
            + b"X-A: "
            + b"a" * 60_000
            + b"\r\n"
            + (b"X-B: " + b"b" * 60_000 + b"\r\n") * 9
            + b"\r\n",
            "headers",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nthis is no gzip", "content encoding"),
    ],
)
async def test_a_broken_answer_is_an_error_with_a_plain_text(answer: bytes, text: str) -> None:
    async with raw(answer) as (url, _), door() as fetcher:
        with pytest.raises(FetchError, match=text):
            await fetcher.fetch(Request(url))


async def test_too_large_a_body_is_refused_by_its_announcement() -> None:
    async with raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99000000\r\n\r\n", hang=True) as (url, _), door() as fetcher:
        with pytest.raises(FetchError, match="larger than"):
            await fetcher.fetch(Request(url))


@pytest.mark.parametrize("size", [b"10", b"99000000"])
async def test_the_status_of_an_error_is_known_even_if_its_body_never_ends(size: bytes) -> None:
    answer = b"HTTP/1.1 410 Gone\r\nContent-Length: " + size + b"\r\n\r\nsorry"
    async with raw(answer, hang=True) as (url, _), door(seconds=0.1) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(Request(url))
    assert caught.value.status == 410


async def test_a_dripping_body_costs_the_time_limit_over_all_redirects() -> None:
    async with raw(b"HTTP/1.1 200 OK\r\n\r\n<rss>", hang=True) as (url, _):
        slow = Reply(status=302, headers={"Location": url}, delay=0.06)
        async with Loopback({"/a": slow}) as server, door(seconds=0.1) as fetcher:
            before = asyncio.get_running_loop().time()
            with pytest.raises(FetchError, match=r"within 0\.1 s"):
                await fetcher.fetch(Request(server.url("/a")))
            assert asyncio.get_running_loop().time() - before < 0.16


async def test_interim_answers_and_trailers_are_passed_over() -> None:
    answer = (
        b'HTTP/1.1 103 Early Hints\r\nETag: "no"\r\n\r\n'
        b'HTTP/1.1 200 OK\r\nETag: "yes"\r\nTransfer-Encoding: chunked\r\n\r\n'
        b'5\r\n<rss>\r\n0\r\nETag: "late"\r\n\r\n'
    )
    async with raw(answer) as (url, _), door() as fetcher:
        page = await fetcher.fetch(Request(url))
    assert (page.body, page.etag) == (b"<rss>", '"yes"')


async def test_a_validator_goes_back_octet_by_octet_and_never_makes_a_header() -> None:
    etag = b'"caf\xc3\xa9"'
    async with (
        raw(b"HTTP/1.1 200 OK\r\nETag: " + etag + b"\r\nContent-Length: 0\r\n\r\n") as (url, asked),
        door() as fetcher,
    ):
        page = await fetcher.fetch(Request(url))
        await fetcher.fetch(Request(url, page.etag, "x\r\nX-Evil: 1"))
    assert b"If-None-Match: " + etag + b"\r\n" in asked[1]
    assert b"Evil" not in asked[1]


async def test_what_is_asked_is_a_plain_get(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    pages = {"/a": Reply(FEED, headers={"Set-Cookie": "a=1"})}
    async with Loopback(pages) as server, door() as fetcher:
        for _ in range(2):
            await fetcher.fetch(Request(server.url("/a?x=1&y=%20")))
        headers = server.last["/a?x=1&y=%20"].headers
    assert sorted(headers) == ["accept", "accept-encoding", "host", "user-agent"]
    assert (headers["user-agent"], headers["accept-encoding"]) == ("robowire-test", "gzip, deflate")
    assert headers["accept"].startswith("application/rss+xml")


@pytest.mark.parametrize("packed", [zlib.compress(FEED), zlib.compress(FEED)[2:-4]])
async def test_deflate_is_unpacked_with_and_without_its_wrapper(packed: bytes) -> None:
    page = await get({"/a": Reply(packed, headers={"Content-Encoding": "deflate"})})
    assert page.body == FEED


async def test_a_fragment_is_not_sent_and_an_international_host_is_no_way_around() -> None:
    async with Loopback({"/a": Reply(FEED)}) as server, door() as fetcher:
        page = await fetcher.fetch(Request(server.url("/a") + "#part"))
        assert page.url == server.url("/a")
        with pytest.raises(FetchError):
            await fetcher.fetch(Request("http://xn--/"))


async def test_a_name_that_leads_into_a_closed_network_is_refused() -> None:
    async with fetching({"/a": Reply(FEED)}, closed=True) as (fetcher, server):
        with pytest.raises(Refused, match="private network"):
            await fetcher.fetch(Request(server.url("/a").replace("127.0.0.1", "localhost")))


async def test_connections_are_kept_or_not() -> None:
    for keep_alive, expected in ((True, 1), (False, 3)):
        async with Loopback({"/a": Reply(FEED)}) as server, door(keep_alive=keep_alive) as fetcher:
            for _ in range(3):
                await fetcher.fetch(Request(server.url("/a")))
            assert server.connections == expected


async def test_more_fetches_than_connections_wait_for_their_turn() -> None:
    async with Loopback({"/a": Reply(FEED, delay=0.005)}) as server, door(connections=3) as fetcher:
        pages = await asyncio.gather(*(fetcher.fetch(Request(server.url("/a"))) for _ in range(20)))
        assert {page.body for page in pages} == {FEED}
        assert server.connections == 3


async def test_who_waits_for_a_connection_waits_no_longer_than_the_limit() -> None:
    async with Loopback({"/a": Reply(FEED, delay=30)}) as server, door(connections=1, seconds=0.05) as fetcher:
        waiting = [fetcher.fetch(Request(server.url("/a"))) for _ in range(5)]
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert {str(result) for result in results} == {"no whole answer within 0.05 s"}


async def test_a_cancelled_caller_ends_the_transfer_and_frees_its_connection() -> None:
    async with raw(b"HTTP/1.1 200 OK\r\n\r\n<rss>", hang=True) as (url, asked), door(connections=1) as fetcher:
        task = asyncio.create_task(fetcher.fetch(Request(url)))
        async with asyncio.timeout(5):
            await asked.until(1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asked.until(2)
        assert asked[-1] == b"gone"
        async with Loopback({"/a": Reply(FEED)}) as server:
            assert (await fetcher.fetch(Request(server.url("/a")))).body == FEED


async def test_closing_fails_what_is_in_flight_and_the_next_fetch_opens_again() -> None:
    async with Loopback({"/slow": Reply(FEED, delay=30), "/a": Reply(FEED)}) as server, door(connections=2) as fetcher:
        tasks = [asyncio.create_task(fetcher.fetch(Request(server.url("/slow")))) for _ in range(5)]
        await asyncio.sleep(0)
        await fetcher.close()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert {str(result) for result in results} == {"the fetcher was closed"}
        assert (await fetcher.fetch(Request(server.url("/a")))).body == FEED


async def test_a_password_is_in_no_error() -> None:
    async with (
        raw(b"HTTP/1.1 302 Found\r\nLocation: ftp://me:secret@x/\r\nContent-Length: 0\r\n\r\n") as (url, _),
        door() as fetcher,
    ):
        with pytest.raises(Refused) as caught:
            await fetcher.fetch(Request(url))
    assert "secret" not in str(caught.value)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("needs the openssl program")
    path = tmp_path / "cert.pem"
    order = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [openssl, *order.split(), "-keyout", path.with_name("key.pem"), "-out", path], check=True, capture_output=True
    )
    path.write_bytes(path.read_bytes() + path.with_name("key.pem").read_bytes())
    return path


@pytest.mark.parametrize("trusted", [True, False])
async def test_only_a_certificate_of_a_known_authority_will_do(
    certificate: Path, trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<rss>"
    async with raw(answer, context=context) as (url, _), door() as fetcher:
        if trusted:
            assert (await fetcher.fetch(Request(url))).body == b"<rss>"
        else:
            with pytest.raises(FetchError, match="certificate"):
                await fetcher.fetch(Request(url))


@pytest.mark.parametrize(
    ("port", "expected"), [(80, True), (443, True), (8080, True), (22, False), (25, False), (1023, False)]
)
def test_a_connect_goes_to_ports_of_the_web_only(port: int, expected: bool) -> None:
    assert is_web_port(port) is expected


def fill(files: ExitStack, upto: int) -> None:
    """Take all descriptors up to a number."""
    number = 0
    while number < upto:
        number = os.open(os.devnull, os.O_RDONLY)
        files.callback(os.close, number)


async def test_descriptors_beyond_the_reach_of_select_do_no_harm() -> None:
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 1_300:
        pytest.skip("this machine allows too few open files")
    with ExitStack() as files:
        fill(files, 1_100)
        async with Loopback({"/a": Reply(FEED)}) as server, door() as fetcher:
            pages = await asyncio.gather(*(fetcher.fetch(Request(server.url("/a"))) for _ in range(5)))
    assert {page.body for page in pages} == {FEED}
