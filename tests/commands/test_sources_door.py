"""Addresses that people type lead through the same door as polls: to add, to discover, to import; with limits on all of it."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.command import Reply as Answer
from bot.commands.book import all_commands
from bot.feeds import opml
from bot.feeds.fetch import HttpFetcher, Limits
from bot.feeds.workers import Workers
from bot.loopback import Loopback, Reply
from bot.model import Person, Place
from tests.commands.conftest import Typist

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PUBLIC = [ipaddress.ip_network("127.0.0.1/32")]
FEED = b"<rss version='2.0'><channel><title>News</title><item><title>One</title></item></channel></rss>"
LIST = b"<opml version='2.0'><body><outline text='a' xmlUrl='https://a.example/feed'/></body></opml>"
CHANNEL = "slack:T0/C1"


@dataclass
class Asking:
    """Somebody in a channel, a server of the public web, and one in a private network."""

    typist: Typist
    web: Loopback
    private: Loopback

    async def type(self, line: str) -> Answer:
        return await self.typist.book.answer(line, Place(CHANNEL), Person("slack:T0/U1"), "manager")

    def feeds(self) -> list[str]:
        with self.typist.store.read() as tx:
            return [feed.url for feed in tx.feeds.all()]


@pytest.fixture
async def asking(typist: Typist) -> AsyncIterator[Asking]:
    fetcher = HttpFetcher(lambda: NOW, Limits(seconds=5, max_bytes=7_000_000), "test", PUBLIC)
    parser = Workers(count=1, wall_seconds=3, cpu_seconds=3)
    desk = replace(typist.desk, fetcher=fetcher, parser=parser)
    private = {"/feed": Reply(FEED), "/list": Reply(LIST), "/": Reply(FEED)}
    async with Loopback() as web, Loopback(private, hosts=("127.0.0.2",)) as inside:
        yield Asking(replace(typist, desk=desk, book=all_commands(desk)), web, inside)
        assert inside.connections == 0
    await fetcher.close()
    await parser.close()


@pytest.mark.parametrize("command", ["feed add {}", "feed import {}"])
async def test_a_private_address_is_refused(asking: Asking, command: str) -> None:
    for path in ("/feed", "/list"):
        asking.web.pages["/away"] = Reply(status=302, headers={"Location": asking.private.url(path)})
        for url in (asking.private.url(path), asking.web.url("/away")):
            answer = await asking.type(command.format(url))
            assert (answer.ok, "private network" in answer.message.text) == (False, True)
    assert asking.feeds() == []


@pytest.mark.parametrize("source", ["file:///etc/passwd", "/etc/passwd", "seeds/../../secret", "http://127.0.0.1:22/x"])
async def test_nothing_of_this_machine_is_imported_from_a_chat(asking: Asking, source: str) -> None:
    assert not (await asking.type(f"feed import {source}")).ok


async def test_a_page_that_offers_private_feeds_does_not_get_them_asked(asking: Asking) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    page = "<html><head>" + link.format(asking.private.url("/feed")) + link.format(asking.web.url("/feed"))
    asking.web.pages |= {"/": Reply(page.encode(), "text/html"), "/feed": Reply(FEED)}
    answer = await asking.type(f"feed add {asking.web.url('/')}")
    assert answer.ok
    assert asking.feeds() == [asking.web.url("/feed")]


async def test_of_the_feeds_that_a_page_offers_only_a_few_are_asked(asking: Asking) -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{asking.web.url(f"/{n}")}">' for n in range(50)
    )
    asking.web.pages["/"] = Reply(f"<html><head>{links}".encode(), "text/html")
    answer = await asking.type(f"feed add {asking.web.url('/')}")
    assert (answer.ok, "no feed at" in answer.message.text) == (False, True)
    assert sum(asking.web.hits.values()) == 1 + 5


async def test_a_page_made_to_stop_its_reader_is_only_refused(asking: Asking) -> None:
    asking.web.pages["/"] = Reply(b"<html><body>" + b"<div>" * 400_000, "text/html")
    assert not (await asking.type(f"feed add {asking.web.url('/')}")).ok


def listing(*outlines: str) -> bytes:
    return f"<opml version='2.0'><body>{''.join(outlines)}</body></opml>".encode()


LAUGHS = (
    "<!DOCTYPE opml [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {name} '{f'&{of};' * 10}'>" for of, name in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
BAD = {
    "no opml": (b"<rss/>", "begins with <rss>"),
    "no xml": (b"hello", "not an OPML file"),
    "too large": (listing("<outline/>" * 600_000), "over 5 MiB"),
    "too many": (listing(*(f"<outline xmlUrl='https://h{n}.example/'/>" for n in range(10_001))), "over 10,000 feeds"),
    "too deep": (b"<opml><body>" + b"<outline>" * 10_000 + b"</outline>" * 10_000 + b"</body></opml>", "not an OPML"),
    "laughs": (
        (LAUGHS + "<opml><body><outline text='&j;' xmlUrl='https://a.example/'/></body></opml>").encode(),
        "not",
    ),
    "laughs in text": ((LAUGHS + "<opml><head><title>&j;</title></head><body>&j;</body></opml>").encode(), ""),
    "a file": (
        b"<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
        b"<opml><body><outline text='&x;' xmlUrl='https://a.example/'/></body></opml>",
        "not an OPML",
    ),
    "attributes": (b"<opml " + b" ".join(b'a%d=""' % n for n in range(400_000)) + b"/>", ""),
}


@pytest.mark.parametrize("name", BAD)
async def test_an_import_has_limits(asking: Asking, name: str) -> None:
    body, says = BAD[name]
    asking.web.pages["/list"] = Reply(body)
    answer = await asking.type(f"feed import {asking.web.url('/list')}")
    assert says in answer.message.text
    assert asking.feeds() == []


async def test_of_a_list_only_what_can_be_fetched_is_taken(asking: Asking) -> None:
    outlines = [
        "<outline text='good' xmlUrl='https://good.example/feed'/>",
        f"<outline text='long' xmlUrl='https://long.example/{'a' * 5_000}'/>",
        "<outline text='file' xmlUrl='file:///etc/passwd'/>",
        "<outline text='port' xmlUrl='https://port.example:25/'/>",
    ]
    asking.web.pages["/list"] = Reply(listing(*outlines))
    answer = await asking.type(f"feed import {asking.web.url('/list')}")
    assert answer.message.text.startswith("1 feeds added, 0 were there already. 3 addresses cannot be fetched")
    assert asking.feeds() == ["https://good.example/feed"]


async def test_an_export_hands_out_no_login_and_says_so(typist: Typist) -> None:
    for url in (
        "https://me:pa@ss@a.example/feed?x=1",
        "https://b.example/feed?api_key=s3cr3t&y=2",
        "https://c.example/",
    ):
        assert (await typist.type(f"feed add {url} unchecked")).ok
    answer = await typist.type("feed export", CHANNEL, "slack:T0/U9", "guest")
    assert [feed.url for feed in opml.read(answer.message.text.encode())] == [
        *("https://a.example/feed?x=1", "https://b.example/feed?api_key=&y=2", "https://c.example/")
    ]
    shown = repr(answer)
    assert "2 of the addresses have a login or a key" in shown
    assert [secret for secret in ("me:", "pa@ss", "ss@a", "s3cr3t") if secret in shown] == []


@pytest.mark.parametrize(
    "line",
    [
        *("feed list", "feed check 1", "feed remove 1", "feed remove https://me:secret@x.example/", "feed export"),
        *("feed add https://me:secret@a.example/ unchecked", "feed add https://me:secret@a.example:22/"),
        *(
            "feed add https://me:secret@b.example/",
            "feed import https://me:secret@b.example/",
            "why https://a.example/x",
        ),
        "feed add me:secret@a.example/feed",
    ],
)
async def test_a_login_is_in_no_answer(typist: Typist, line: str, tmp_path: Path) -> None:
    await typist.type("feed add https://me:secret@a.example/ unchecked")
    from bot.errors import FetchError  # noqa: PLC0415

    for host in "ab":
        typist.fetcher.pages[f"https://me:secret@{host}.example/"] = FetchError("HTTP 404 Not Found", 404)
    assert "secret" not in repr(await typist.type(line))
