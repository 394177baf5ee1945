"""The door to the web, against those who want in: proxies of the environment, names that change, every form of an address."""

from __future__ import annotations

import gzip
import ipaddress
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pycurl
import pytest

from bot.errors import FetchError, Refused
from bot.feeds.fetch import HttpFetcher, Limits, checked, is_open
from bot.feeds.handles import Handle
from bot.loopback import Loopback, Reply
from bot.loopback import Request as Asked
from bot.model import Page, Request

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PUBLIC = [ipaddress.ip_network("127.0.0.1/32")]
"""What stands for the public web here; all else of loopback is as closed as anywhere."""

FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@asynccontextmanager
async def door(keep_alive: bool = True, limits: Limits | None = None) -> AsyncIterator[HttpFetcher]:
    fetcher = HttpFetcher(lambda: NOW, limits or Limits(seconds=5), "test", PUBLIC)
    fetcher.keep_alive = keep_alive
    try:
        yield fetcher
    finally:
        await fetcher.close()


def port_of(server: Loopback) -> int:
    return int(server.url("/").rsplit(":", 1)[1].strip("/"))


# -- proxies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exempt", ["", "127.0.0.1"])
async def test_a_proxy_of_the_environment_sees_nothing(exempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Loopback() as proxy, Loopback({"/a": Reply(FEED)}) as server, door() as fetcher:
        for name in PROXIES:
            monkeypatch.setenv(name, proxy.url("/"))
        monkeypatch.setenv("no_proxy", exempt)
        assert (await fetcher.fetch(Request(server.url("/a")))).body == FEED
        for closed in ("https://127.0.0.2/", "http://127.0.0.2/", "http://closed.invalid/"):
            with pytest.raises(FetchError):
                await fetcher.fetch(Request(closed))
        assert proxy.connections == 0


# -- names that lead somewhere else the second time ----------------------------------------------------------------------


def resolving(monkeypatch: pytest.MonkeyPatch, port: int, answers: Sequence[str]) -> None:
    """Let `rebind.example` lead to these addresses, one answer after another, as a resolver of an attacker would."""
    left, load = list(answers), Handle.load

    def loaded(self: Handle, url: str, headers: Sequence[bytes], seconds: float) -> None:
        load(self, url, headers, seconds)
        if "rebind.example" in url:
            self.curl.setopt(pycurl.RESOLVE, [f"-rebind.example:{port}", f"rebind.example:{port}:{left.pop(0)}"])

    monkeypatch.setattr(Handle, "load", loaded)


async def test_a_name_that_turns_private_is_refused_at_the_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Loopback({"/a": Reply(FEED)}, hosts=("127.0.0.1", "127.0.0.2")) as server, door(False) as fetcher:
        url = server.url("/a").replace("127.0.0.1", "rebind.example")
        resolving(monkeypatch, port_of(server), ["127.0.0.1", "127.0.0.2", "::1", "10.0.0.1"])
        assert (await fetcher.fetch(Request(url))).body == FEED
        for _ in range(3):
            with pytest.raises(Refused, match="private network"):
                await fetcher.fetch(Request(url))
        assert server.hits == {"/a": 1}


async def test_a_name_with_a_private_and_a_public_address_reaches_the_public_one_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hosts: list[str] = []

    def told(asked: Asked) -> Reply:
        hosts.append(asked.header(b"host"))
        return Reply(FEED)

    async with Loopback({"/a": told}) as server, Loopback(hosts=("127.0.0.2",), port=port_of(server)) as canary:
        resolving(monkeypatch, port_of(server), ["127.0.0.2,127.0.0.1"])
        async with door(False) as fetcher:
            page = await fetcher.fetch(Request(server.url("/a").replace("127.0.0.1", "rebind.example")))
        assert (page.body, len(hosts), canary.connections) == (FEED, 1, 0)


async def test_a_redirect_to_a_name_that_is_private_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Loopback({"/b": Reply(FEED)}, hosts=("127.0.0.1", "127.0.0.2")) as server:
        port = port_of(server)
        server.pages["/a"] = Reply(status=307, headers={"Location": f"http://rebind.example:{port}/b"})
        resolving(monkeypatch, port, ["127.0.0.2"])
        async with door() as fetcher:
            with pytest.raises(Refused, match="private network"):
                await fetcher.fetch(Request(server.url("/a")))
        assert server.hits == {"/a": 1}


# -- every form of an address --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.255.255.255", "100.127.0.1", "127.255.255.254", "169.254.170.2", "172.31.0.1"),
        *("192.0.0.192", "192.168.255.255", "198.19.0.1", "233.252.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::7f00:1", "::ffff:0:127.0.0.1", "0:0:0:0:0:ffff:7f00:1", "::ffff:192.168.0.1"),
        *(
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::8.8.8.8",
            "64:ff9b:1::a00:1",
            "100::1",
            "100:0:0:1::1",
            "2001::1",
            "2001:2::1",
        ),
        *(
            "2001:20::1",
            "2001:db8::1",
            "2002:a9fe:a9fe::1",
            "2002:808:808::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
        ),
        *("fe80::1", "fe80::1%lo", "fec0::1", "ff02::1", "4000::1", "e000::1"),
    ],
)
def test_no_form_of_a_closed_address_is_open(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_public_addresses_stay_open(address: str) -> None:
    assert is_open(address)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.2", "127.1.1.1", "0177.0.0.2", "0x7f.0.0.2", "0x7f000002", "2130706434", "127.2", "017700000002"),
        *("[::ffff:127.0.0.2]", "[::ffff:7f00:2]", "[::127.0.0.2]", "[::1]", "[::]", "[64:ff9b::127.0.0.2]", "0"),
        *(
            "127.0.0.2.",
            "１２７．０．０．２",
            "127。0。0。2",
            "①②⑦.0.0.2",
            "%31%32%37.0.0.2",
            "localhost",
            "LOCALHOST.",
        ),
    ],
)
async def test_no_way_of_writing_an_address_leads_to_a_closed_one(host: str) -> None:
    hosts = ("127.0.0.2", "127.1.1.1")
    async with Loopback(hosts=hosts) as canary:
        port = port_of(canary)
        away = Reply(status=302, headers={"Location": f"http://{host}:{port}/"})
        async with Loopback({"/a": away}) as server, door(limits=Limits(seconds=2)) as fetcher:
            for url in (f"http://{host}:{port}/", server.url("/a")):
                with pytest.raises(FetchError):
                    await fetcher.fetch(Request(url))
        assert canary.connections == 0


@pytest.mark.parametrize(
    "address",
    [
        *("ftp://h/", "file:///etc/passwd", "gopher://h/", "dict://h:11211/", "data:text/xml,x", "javascript:alert(1)"),
        *(
            "//h/",
            "/etc/passwd",
            "",
            "http://",
            "http:///x",
            "http://h:22/",
            "http://h:0/",
            "http://h:70000/",
            "HTTPS://h:25/",
        ),
        *("http://h/" + "a" * 4_100, "http://" + "a" * 300 + ".example:53/"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused_before_anything_is_asked(address: str) -> None:
    with pytest.raises(Refused):
        checked(address)


# -- logins --------------------------------------------------------------------------------------------------------------


class Heard(list[tuple[str, str]]):
    """What a server was told: the login and where it was said to come from."""

    def __call__(self, asked: Asked) -> Reply:
        self.append((asked.header(b"authorization"), asked.header(b"referer")))
        return Reply(FEED)


async def moved(path: Sequence[str], login: str = "me:secret@") -> Page:
    """Fetch `path[0]` with a login; each address redirects to the next."""
    async with door() as fetcher:
        return await fetcher.fetch(Request(path[0].replace("://", f"://{login}")))


async def test_a_login_goes_to_no_other_port_or_host_and_not_back_again() -> None:
    there, back = Heard(), Heard()
    async with Loopback({"/b": there}) as other, Loopback({"/c": back}) as server:
        server.pages["/a"] = Reply(status=302, headers={"Location": other.url("/b")})
        page = await moved([server.url("/a")])
        assert (page.body, there) == (FEED, [("", "")])
        other.pages["/b"] = Reply(status=302, headers={"Location": server.url("/c")})
        await moved([server.url("/a")])
    assert back == [("", "")]


async def test_a_login_in_a_redirect_is_not_taken_over() -> None:
    there = Heard()
    async with Loopback({"/b": there}) as server:
        target = server.url("/b").replace("://", "://you:other@")
        server.pages["/a"] = Reply(status=301, headers={"Location": target})
        page = await moved([server.url("/a")], login="")
    assert there == [("", "")]
    assert page.moved_to == server.url("/b")


async def test_an_address_with_a_login_is_kept_though_it_moved_for_good() -> None:
    async with Loopback({"/b": Reply(FEED)}) as server:
        server.pages["/a"] = Reply(status=301, headers={"Location": "/b"})
        assert (await moved([server.url("/a")])).moved_to is None


# -- limits --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layers", [1, 2])
async def test_what_is_packed_counts_as_it_is_unpacked(layers: int) -> None:
    body, coding = b"a" * 3_000_000, ", ".join(["gzip"] * layers)
    for _ in range(layers):
        body = gzip.compress(body)
    bomb = Reply(body, headers={"Content-Encoding": coding})
    async with Loopback({"/a": bomb}) as server, door(limits=Limits(seconds=5, max_bytes=1_000_000)) as fetcher:
        with pytest.raises(FetchError, match="larger than"):
            await fetcher.fetch(Request(server.url("/a")))


async def test_one_redirect_too_many_is_an_error() -> None:
    pages = {f"/{n}": Reply(status=302, headers={"Location": f"/{n + 1}"}) for n in range(6)}
    async with Loopback({**pages, "/6": Reply(FEED)}) as server, door() as fetcher:
        assert (await fetcher.fetch(Request(server.url("/1")))).body == FEED
        with pytest.raises(FetchError, match="more than 5 redirects"):
            await fetcher.fetch(Request(server.url("/0")))
        assert server.hits["/6"] == 1
