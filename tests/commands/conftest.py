"""A desk over fakes, and somebody who types."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.classify.knowledge.seeds import Classes, Entity, Knowledge, Terms, Topic
from bot.command import Book, Reply, Rights
from bot.commands.book import all_commands
from bot.commands.desk import Desk
from bot.flow.index import Indexer
from bot.flow.stories import Placer
from bot.merged import Merged
from bot.model import TERMINAL, NewStory, Person, Place, StoredItem
from bot.ports import Store
from tests.contract.makers import stored
from tests.fakes.world import FakeClock, FakeFetcher, FakeParser

KNOWLEDGE = Knowledge(
    (
        Entity("alibaba", "company", "Alibaba", ("Alibaba", "阿里巴巴")),
        Entity("qwen", "lab", "Qwen", ("Qwen", "通义千问"), parent="alibaba"),
        Entity("unitree", "company", "Unitree", ("Unitree", "宇树科技"), classes=("robotics",)),
    ),
    (
        Topic(
            "robotics",
            "Robotics",
            ("机器人",),
            groups=(Terms(0.7, ("robot", "robots", "机器人")),),
            classes=(Classes(0.6, ("robotics",)),),
        ),
    ),
)


@dataclass
class Typist:
    """Types lines at a place and keeps the answers."""

    book: Book
    store: Store
    fetcher: FakeFetcher
    seeds: Path
    desk: Desk

    async def type(
        self, line: str, place: str = TERMINAL, person: str = "terminal:me", rights: Rights = "manager"
    ) -> Reply:
        return await self.book.answer(line, Place(place), Person(person), rights)

    def limited(self, **limits: int) -> Typist:
        """The same desk, with these limits instead of the usual ones."""
        desk = replace(self.desk, limits=replace(self.desk.limits, **limits))
        return replace(self, desk=desk, book=all_commands(desk))

    @property
    def clock(self) -> FakeClock:
        return self.fetcher.clock

    def holds(self, *items: StoredItem) -> None:
        """Put items into the store that nobody has looked at yet."""
        with self.store.write() as tx:
            tx.items.add(items)

    def tells(self, *reports: StoredItem, follows: int = 0, story: int = 0) -> int:
        """Put a story with its reports into the store, or more reports of one that is there; answers its id."""
        first, rest = reports[0], reports if story else reports[1:]
        with self.store.write() as tx:
            new = NewStory(first.item.title, first.item.source, first.fetched, follows)
            story_id = story or tx.stories.add([new])[0]
            for one in rest:
                tx.stories.join(story_id, one.fetched, one.item.source, one.copy)
            tx.items.add([replace(one, story_id=story_id) for one in reports])
        return story_id


@pytest.fixture
async def typist(store: Store, tmp_path: Path) -> AsyncIterator[Typist]:
    clock = FakeClock()
    fetcher = FakeFetcher(clock)
    with ThreadPoolExecutor(1) as thread:
        merged = Merged(KNOWLEDGE)
        indexer = Indexer(store, merged, Placer(), clock, thread)
        desk = Desk(store, fetcher, FakeParser(), clock, merged, tmp_path, indexer.catch_up)
        yield Typist(all_commands(desk), store, fetcher, tmp_path, desk)


def new(title: str, story_id: int = 0) -> StoredItem:
    """An item that nobody has looked at."""
    return replace(stored(title, story_id=story_id), known=False)
