"""A whole pipeline over fakes, on every store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC

import pytest

from bot.cards import compose
from bot.classify.knowledge.seeds import Knowledge
from bot.feeds.rhythm import Rhythm
from bot.flow.deliver import Deliverer
from bot.flow.digest import Digester
from bot.flow.index import Indexer
from bot.flow.ingest import Ingest, Pace
from bot.flow.outage import Outage
from bot.flow.stories import Placer
from bot.flow.write import Polled, Writer
from bot.merged import Merged
from bot.model import TERMINAL, Alert, Mode, NewFeed, Person, Place
from bot.ports import Store
from tests.fakes.placer import ScriptedPlacer
from tests.fakes.world import FakeChat, FakeClock, FakeFetcher, FakeParser

RHYTHM = Rhythm(jitter=0.0)


@dataclass
class Bot:
    """One process of the bot: what dies with it is here, what outlives it (store, chat, world) is handed in."""

    store: Store
    clock: FakeClock
    fetcher: FakeFetcher
    chat: FakeChat
    parser: FakeParser = field(default_factory=FakeParser)
    heard: list[Polled] = field(default_factory=list)
    per_poll: int = 10
    pace: Pace = field(default_factory=Pace)
    placer: Placer = field(default_factory=ScriptedPlacer)
    knowledge: Knowledge = field(default_factory=Knowledge)
    enrich: Callable[[Alert], Awaitable[Alert]] | None = None

    def __post_init__(self) -> None:
        self.thread = ThreadPoolExecutor(1)
        writer = Writer(Merged(self.knowledge), self.placer, RHYTHM, self.per_poll)
        outage = Outage(self.store, self.clock, self.thread)
        self.ingest = Ingest(
            self.store,
            self.fetcher,
            self.parser,
            self.clock,
            writer,
            self.thread,
            self.pace,
            self.heard.append,
            outage,
        )
        self.indexer = Indexer(self.store, Merged(self.knowledge), self.placer, self.clock, self.thread, outage)
        chats = {"terminal": self.chat, "slack": self.chat}
        self.deliver = Deliverer(self.store, chats, self.clock, compose, self.thread, self.enrich, outage=outage)
        self.digester = Digester(self.store, self.clock, self.thread, UTC, self.deliver.wake, outage)

    def feed(self, url: str, *titles: str) -> None:
        """Add a feed that has these entries."""
        self.fetcher.pages[url] = list(titles)
        with self.store.write() as tx:
            tx.feeds.add([NewFeed(url)], self.clock.now())

    def watch(self, query: str = "*", place: str = TERMINAL, name: str = "all", mode: Mode = "instant") -> int:
        with self.store.write() as tx:
            return tx.watches.add(Place(place), name, query, Person("terminal:me"), self.clock.now(), mode).id

    def news(self, url: str, *titles: str) -> None:
        """The feed has these entries now, before what it had."""
        there = self.fetcher.pages[url]
        self.fetcher.pages[url] = [*titles, *(there if isinstance(there, list) else [])]

    async def poll(self) -> None:
        """Let an hour pass, poll what is due, and post."""
        self.clock.pass_(3600)
        await self.ingest.drain()
        await self.digester.tick()
        await self.deliver.drain()
        await self.indexer.catch_up()

    async def close(self) -> None:
        await self.ingest.stop(1)
        await self.deliver.stop(1)
        self.thread.shutdown()

    @property
    def texts(self) -> list[str]:
        """The headlines that were posted, in order."""
        return [text.partition(" · ")[0] for _, text, _ in self.chat.posted]


@pytest.fixture
async def bot(store: Store) -> AsyncIterator[Bot]:
    clock = FakeClock()
    made = Bot(store, clock, FakeFetcher(clock), FakeChat())
    yield made
    await made.close()
