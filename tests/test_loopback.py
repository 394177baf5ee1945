"""The loopback server speaks HTTP/1.1 well enough to be trusted by the tests and benchmarks that stand on it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.loopback import MAX_HEAD, Handler, Loopback, Reply, Request

DATE = "Wed, 08 Oct 2025 08:00:00 GMT"
FEED = Reply(b"<rss/>", "application/rss+xml", '"v1"', DATE)


@asynccontextmanager
async def connected(server: Loopback) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(server.hosts[0], server.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


async def say(server: Loopback, raw: bytes) -> bytes:
    """Everything that comes back until the server closes."""
    async with connected(server) as (reader, writer):
        writer.write(raw)
        return await asyncio.wait_for(reader.read(), 10)


def get(target: str, *headers: str, method: str = "GET", close: bool = True) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: x", *headers, *(["Connection: close"] if close else [])]
    return "\r\n".join([*lines, "", ""]).encode()


async def ask(pages: dict[str, Reply | Handler], raw: bytes) -> tuple[int, str, bytes]:
    """Status, head and body of the one answer."""
    async with Loopback(pages) as server:
        head, _, body = (await say(server, raw)).partition(b"\r\n\r\n")
    return int(head[9:12]), head.decode(), body


async def test_answers_a_page_with_its_type_and_validators() -> None:
    status, head, body = await ask({"/feed": FEED}, get("/feed"))
    assert (status, body) == (200, b"<rss/>")
    assert head.split("\r\n") == [
        "HTTP/1.1 200 OK",
        "Content-Type: application/rss+xml",
        "Content-Length: 6",
        'ETag: "v1"',
        f"Last-Modified: {DATE}",
        "Connection: close",
    ]


async def test_head_is_get_without_the_body() -> None:
    whole = await ask({"/feed": FEED}, get("/feed"))
    assert await ask({"/feed": FEED}, get("/feed", method="HEAD")) == (*whole[:2], b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (['If-None-Match: "v1"'], 304),
        (['if-none-match:"v1"'], 304),
        (['If-None-Match: W/"v1"'], 304),
        (['If-None-Match: "v0", "v1"'], 304),
        (["If-None-Match: *"], 304),
        (['If-None-Match: "v2"'], 200),
        (['X-If-None-Match: "v1"'], 200),
        ([f"If-Modified-Since: {DATE}"], 304),
        (["If-Modified-Since: Tue, 07 Oct 2025 08:00:00 GMT"], 200),
        (['If-None-Match: "v2"', f"If-Modified-Since: {DATE}"], 200),
        ([], 200),
    ],
)
async def test_a_matching_validator_gets_304_without_a_body(headers: list[str], status: int) -> None:
    said, head, body = await ask({"/feed": FEED}, get("/feed", *headers))
    assert said == status
    assert body == (b"" if status == 304 else b"<rss/>")
    assert ("Content-Length" in head) == (status == 200)


async def test_a_page_without_validators_is_never_304() -> None:
    status, _, _ = await ask({"/": Reply(b"hi")}, get("/", "If-None-Match: *", "If-Modified-Since: "))
    assert status == 200


async def test_only_200_becomes_304() -> None:
    status, _, _ = await ask({"/": Reply(b"gone", etag='"v1"', status=410)}, get("/", 'If-None-Match: "v1"'))
    assert status == 410


async def test_a_lazy_body_is_made_only_when_it_is_sent() -> None:
    made = []

    def body() -> bytes:
        made.append("body")
        return b"late"

    page = Reply(body, etag='"v1"')
    assert (await ask({"/": page}, get("/", 'If-None-Match: "v1"')))[0] == 304
    assert made == []
    assert (await ask({"/": page}, get("/")))[2] == b"late"


async def test_an_unknown_target_is_404_and_a_query_falls_back_to_its_path() -> None:
    pages: dict[str, Reply | Handler] = {"/a": Reply(b"plain"), "/a?b=1": Reply(b"query")}
    assert (await ask(pages, get("/nothing")))[0] == 404
    assert (await ask(pages, get("/a?b=1")))[2] == b"query"
    assert (await ask(pages, get("/a?b=2")))[2] == b"plain"


async def test_pages_change_while_it_runs() -> None:
    async with Loopback() as server:
        assert b" 404 " in await say(server, get("/a"))
        server.pages["/a"] = Reply(b"one")
        assert (await say(server, get("/a"))).endswith(b"one")
        server.pages = {"/a": Reply(b"two")}
        assert (await say(server, get("/a"))).endswith(b"two")


async def test_a_function_answers_by_the_request() -> None:
    def moved(request: Request) -> Reply:
        return Reply(status=301, headers={"Location": request.headers["x-to"], "Retry-After": "7"})

    status, head, _ = await ask({"/old": moved}, get("/old", "X-To: /new"))
    assert (status, head.split("\r\n")[0]) == (301, "HTTP/1.1 301 Moved Permanently")
    assert "Location: /new\r\nRetry-After: 7" in head


async def test_one_connection_serves_many_requests() -> None:
    async with Loopback({"/a": Reply(b"aa"), "/b": Reply(b"bb")}) as server, connected(server) as (reader, writer):
        for target, body in (("/a", b"aa"), ("/b", b"bb")):
            writer.write(get(target, close=False))
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\n")
            assert await reader.readexactly(2) == body
        assert server.connections == 1


async def test_pipelined_answers_keep_their_order_behind_a_delayed_one() -> None:
    async with Loopback({"/slow": Reply(b"first;", delay=0.02), "/fast": Reply(b"second;")}) as server:
        said = await say(server, get("/slow", close=False) + get("/fast", close=False) + get("/nothing"))
    assert said.index(b"first;") < said.index(b"second;") < said.index(b"404")


async def test_a_request_may_come_octet_by_octet() -> None:
    raw = get("/feed")
    async with Loopback({"/feed": FEED}) as server, connected(server) as (reader, writer):
        for at in range(len(raw)):
            writer.write(raw[at : at + 1])
            await writer.drain()
            await asyncio.sleep(0)
        assert (await reader.read()).endswith(b"<rss/>")


async def test_http_1_0_closes_unless_asked_to_keep_alive() -> None:
    async with Loopback({"/": Reply(b"old")}) as server:
        assert (await say(server, b"GET / HTTP/1.0\r\n\r\n")).endswith(b"\r\nConnection: close\r\n\r\nold")
        async with connected(server) as (reader, writer):
            writer.write(b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n" * 2)
            assert len(await reader.readuntil(b"old")) == len(await reader.readuntil(b"old"))


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi", 405),
        (b"GET / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\r\n\r\n", 400),
        (b"GET / HTTP/2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * MAX_HEAD, 431),
    ],
)
async def test_what_it_does_not_serve_is_refused_and_the_connection_closed(raw: bytes, status: int) -> None:
    said = await ask({"/": Reply(b"hi")}, raw)
    assert said[0] == status
    assert said[2].count(b"HTTP/1.1") == 0  # nothing of the body was taken for another request


async def test_a_client_that_reads_late_gets_every_pipelined_answer() -> None:
    body, many = b"z" * 1_000, 15_000
    async with Loopback({"/big": Reply(body), "/slow": Reply(b"", delay=0.02)}) as server:
        raw = get("/slow", close=False) + get("/big", close=False) * (many - 1) + get("/big")
        assert len(raw) > 6 * MAX_HEAD  # more than the server reads ahead, and than asyncio reads at once
        said = await say(server, raw)
    assert said.count(body) == many


async def test_counts_hits_and_keeps_the_last_request() -> None:
    async with Loopback({"/feed": FEED}) as server:
        await say(server, get("/feed", "X-Turn: one"))
        await say(server, get("/feed", "X-Turn: two", 'If-None-Match: "v1"'))
        await say(server, get("/nothing"))
        assert server.hits == {"/feed": 2, "/nothing": 1}
        assert server.last["/feed"].headers["x-turn"] == "two"
        assert server.statuses == {200: 1, 304: 1, 404: 1}
        assert server.connections == 3


async def test_holds_many_connections_at_once() -> None:
    many = 400
    async with Loopback({"/": Reply(b"hi", delay=0.05)}) as server:
        said = await asyncio.gather(*(say(server, get("/")) for _ in range(many)))
        assert server.connections == many
    assert all(one.endswith(b"hi") for one in said)


async def test_leaving_drops_the_clients_that_still_wait() -> None:
    asked = asyncio.Event()

    def page(_: Request) -> Reply:
        asked.set()
        return Reply(b"never", delay=3_600)

    server = Loopback({"/": page})
    async with server:
        waiting = asyncio.create_task(say(server, get("/")))
        await asyncio.wait_for(asked.wait(), 10)
        assert server.open == 1
    assert await waiting == b""
    assert server.open == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "8.8.8.8", "::", "localhost", ""])
def test_binds_nothing_but_loopback_addresses(host: str) -> None:
    with pytest.raises(ValueError, match="not a loopback address"):
        Loopback(hosts=["127.0.0.1", host])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux answers on all of 127.0.0.0/8 unasked")
async def test_several_hosts_share_one_port() -> None:
    async with Loopback({"/": Reply(b"hi")}, hosts=["127.0.0.1", "127.0.0.2"]) as server:
        assert server.url("/x", host=1) == f"http://127.0.0.2:{server.port}/x"
        for host in server.hosts:
            _, writer = await asyncio.open_connection(host, server.port)
            writer.close()
            await writer.wait_closed()


async def test_a_taken_port_is_an_error_that_leaves_nothing_open() -> None:
    async with Loopback() as first:
        with pytest.raises(OSError, match="address already in use"):
            async with Loopback(port=first.port):
                pass
        assert b" 404 " in await say(first, get("/"))
