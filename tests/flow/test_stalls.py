"""The event loop goes on while the worst documents are read, stored and understood."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.classify.knowledge.seeds import Knowledge
from bot.feeds.normalise import MOST_ITEMS
from bot.feeds.workers import Workers
from bot.flow.ingest import Ingest, Pace
from bot.flow.stories import Placer
from bot.flow.write import Polled, Writer
from bot.merged import Merged
from bot.model import TERMINAL, NewFeed, Page, Person
from bot.ports import Store
from bot.store.open import open_store
from tests.fakes.world import FakeClock, FakeFetcher
from tests.flow.conftest import RHYTHM

STALL = 0.25
"""Seconds of processor time that one step of the loop may take. Not of the clock: other programs share the machine."""

WAIT = 2.5
"""Seconds of the clock between two beats: what holds the loop without computing, on a machine that does other things too."""


@dataclass
class Pulse:
    """The longest that the loop took from one beat to the next, in its own processor time and by the clock."""

    computed: float = 0.0
    waited: float = 0.0
    beats: int = 0

    async def beat(self) -> None:
        while True:
            computed, waited = time.thread_time(), time.perf_counter()
            await asyncio.sleep(0.001)
            self.computed = max(self.computed, time.thread_time() - computed)
            self.waited = max(self.waited, time.perf_counter() - waited)
            self.beats += 1


@asynccontextmanager
async def pulse() -> AsyncIterator[Pulse]:
    felt = Pulse()
    task = asyncio.create_task(felt.beat())
    await asyncio.sleep(0.01)
    felt.computed = felt.waited = 0.0
    yield felt
    task.cancel()
    assert felt.beats > 10
    assert felt.computed < STALL
    assert felt.waited < WAIT


async def test_a_loop_that_stalls_is_noticed() -> None:
    with pytest.raises(AssertionError):
        await _stalled()


async def _stalled() -> None:
    async with pulse():
        end = time.thread_time() + STALL
        while time.thread_time() < end:
            pass
        await asyncio.sleep(0.05)


def document(count: int, text: str = "", first: int = 0) -> bytes:
    rows = "".join(
        f"<item><title>Robots number {n} walk</title><link>https://n.example/{n}</link><guid>g{n}</guid>"
        f"<description>{text}</description></item>"
        for n in range(first, first + count)
    )
    return f"<rss version='2.0'><channel><title>t</title>{rows}</channel></rss>".encode()


def laughs() -> bytes:
    names = [f"e{n}" for n in range(30)]
    lines = [f"<!ENTITY {names[0]} 'aaaaaaaaaa'>"]
    lines += [f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in pairwise(names)]
    item = f"<item><title>&{names[-1]};</title></item>"
    return f"<!DOCTYPE rss [{''.join(lines)}]><rss version='2.0'><channel>{item}</channel></rss>".encode()


def quadratic() -> bytes:
    head = f"<!DOCTYPE rss [<!ENTITY a '{'a' * 55_000}'>]>"
    return f"{head}<rss version='2.0'><channel><item><title>{'&a;' * 18_000}</title></item></channel></rss>".encode()


ENDLESS = b"<rss " + b" ".join(b'a%d=""' % number for number in range(300_000)) + b"><channel/></rss>"
HOSTILE = {
    "laughs": laughs(),
    "quadratic": quadratic(),
    "attributes": ENDLESS,
    "newlines": b"\n" * 40_000 + b"<rss version='2.0'><channel><item/></channel></rss>",
    "comments": b"<rss><!--" * 20_000,
    "deep": b"<rss version='2.0'><channel>" + b"<item>" * 20_000,
    "author": document(1).replace(b"<guid>", b"<author>" + b"a@" * 50_000 + b"</author><guid>"),
    "categories": document(1).replace(b"<guid>", b"<category>x</category>" * 5_000 + b"<guid>"),
    "tiny entries": b"<rss version='2.0'><channel>" + b"<item/>" * 1_000_000 + b"</channel></rss>",
    "a long base": b"<rss version='2.0'><channel>" + b"<item><link>x</link></item>" * 9_000 + b"</channel></rss>",
    "zeroes": b"<rss>" + b"\0" * 5_000_000,
    "JSON": b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 100_000,
}
LEGAL = {
    "50,000 entries": document(50_000, "x" * 60),
    "10 MiB of text": document(5_000, "lorem ipsum " * 160),
}


@dataclass
class Newsroom:
    """Polls for which everything is real but the web and the time."""

    ingest: Ingest
    store: Store
    fetcher: FakeFetcher
    clock: FakeClock
    heard: list[Polled]

    async def poll(self, bodies: Mapping[str, bytes]) -> None:
        """Poll a feed for each of these documents, at once."""
        with self.store.write() as tx:
            if not tx.watches.all():
                tx.watches.add(TERMINAL, "all", "robots", Person("terminal:me"), self.clock.now())
            urls = [f"https://{number}.example/feed" for number in range(len(bodies))]
            tx.feeds.add([NewFeed(url) for url in urls], self.clock.now())
        for url, (name, body) in zip(urls, bodies.items(), strict=True):
            base = "a" * 3_000 + "/" if name == "a long base" else ""
            self.fetcher.pages[url] = Page(f"https://n.example/{base}", 200, self.clock.now(), body)
        await self.ingest.drain()
        self.clock.time += timedelta(hours=8)


@pytest.fixture
async def newsroom(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Newsroom]:
    clock, heard = FakeClock(), list[Polled]()
    # a minute: the machine may be busy with something else, and a bomb ends by its processor time
    fetcher, parser = FakeFetcher(clock), Workers(count=2, wall_seconds=60, cpu_seconds=request.param)
    store = open_store(str(tmp_path / "stalls.db"))
    gc.collect()
    gc.freeze()  # as the bot does (app.settle_memory): what other tests left is not looked through meanwhile
    with ThreadPoolExecutor(1) as thread:
        writer = Writer(Merged(Knowledge()), Placer(), RHYTHM, 10)
        ingest = Ingest(store, fetcher, parser, clock, writer, thread, Pace(), heard.append)
        await parser.start()
        yield Newsroom(ingest, store, fetcher, clock, heard)
        await ingest.stop(5)
        await parser.close()
        store.close()
    gc.unfreeze()


@pytest.mark.parametrize("newsroom", [1], indirect=True)
async def test_hostile_documents_stall_nothing(newsroom: Newsroom) -> None:
    async with pulse():
        await newsroom.poll(HOSTILE)
    assert len(newsroom.heard) == len(HOSTILE)
    assert any("processor time" in one.error for one in newsroom.heard)


@pytest.mark.parametrize("newsroom", [60], indirect=True)
async def test_the_largest_documents_stall_nothing(newsroom: Newsroom) -> None:
    async with pulse():
        await newsroom.poll(LEGAL)
    assert [one.error for one in newsroom.heard] == ["", ""]
    assert {one.new for one in newsroom.heard} == {MOST_ITEMS, 5_000}


@pytest.mark.parametrize("newsroom", [60], indirect=True)
async def test_thousands_of_news_at_once_stall_nothing(newsroom: Newsroom) -> None:
    await newsroom.poll({"news": document(10)})
    async with pulse():
        await newsroom.poll({"news": document(3_000, "They do.", 10)})
    assert [(one.new, one.stories, len(one.alerts)) for one in newsroom.heard] == [(10, 0, 0), (3_000, 3_000, 11)]
