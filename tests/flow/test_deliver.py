"""What the deliverer makes of each fault of a chat: who waits, how long, and that nothing is lost by it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import pytest

from bot.cards import compose
from bot.errors import ChatError, NeverAgain, Revoked, TryAgain
from bot.flow.deliver import LEASE, Deliverer
from bot.message import Message
from bot.model import TERMINAL, Alert, AlertItem, MessageRef, Place, platform
from bot.ports import Store
from tests.fakes.world import START, FakeChat, FakeClock
from tests.flow.mortal import headline

C1, C2 = Place("slack:T0/C1"), Place("slack:T0/C2")


def alert(place: Place, title: str, story: int) -> Alert:
    item = AlertItem(story_id=story, title=title, link=f"https://news.example/{story}", source="News", published=START)
    return Alert("story", place, ("all",), (item,))


@dataclass
class Platform(FakeChat):
    """A chat of which places are in trouble: the next calls raise these, or hang; `tries` is when each was called."""

    clock: FakeClock = field(default_factory=FakeClock)
    troubles: dict[Place, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    hangs: set[str] = field(default_factory=set)
    spoke: asyncio.Event = field(default_factory=asyncio.Event)
    tries: dict[Place, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        self.tries[place].append(self.clock.now())
        if platform(place) in self.hangs:
            await asyncio.Event().wait()
        if self.troubles[place]:
            raise self.troubles[place].pop(0)
        self.spoke.set()
        return await super().post(place, message, nonce, thread)


@dataclass
class Post:
    """A deliverer and what it is to deliver."""

    store: Store
    clock: FakeClock = field(default_factory=FakeClock)
    number: int = 0

    def __post_init__(self) -> None:
        self.thread = ThreadPoolExecutor(1)
        self.chat = Platform(clock=self.clock)
        chats = dict.fromkeys(("terminal", "slack", "discord"), self.chat)
        self.deliverer = Deliverer(self.store, chats, self.clock, compose, self.thread)

    def queue(self, place: Place, *titles: str) -> None:
        with self.store.write() as tx:
            for title in titles:
                self.number += 1
                tx.outbox.add([alert(place, title, self.number)], self.clock.now())

    async def pass_(self, seconds: float) -> None:
        """Let time pass and post what can be posted then."""
        self.clock.pass_(seconds)
        await self.deliverer.drain()

    def said(self, place: Place) -> list[str]:
        return [headline(text) for at, text, _ in self.chat.posted if at == place]

    def waits(self, place: Place) -> list[float]:
        """Seconds between attempts there."""
        tries = self.chat.tries[place]
        return [(later - before).total_seconds() for before, later in pairwise(tries)]

    def disabled(self) -> Sequence[Place]:
        with self.store.read() as tx:
            return [*tx.outbox.disabled()]

    def waiting(self) -> int:
        with self.store.read() as tx:
            return tx.outbox.waiting()


@pytest.fixture
async def post(store: Store) -> AsyncIterator[Post]:
    made = Post(store)
    yield made
    await made.deliverer.stop(0)
    made.thread.shutdown()


async def test_in_a_storm_each_wait_is_kept_to_the_second_and_no_other_place_waits(post: Post) -> None:
    post.queue(C1, "one", "two")
    post.queue(C2, "one")
    waits = [7.0, 3.0, 11.0, 1.0, 60.0]
    post.chat.troubles[C1] = [TryAgain("429", after) for after in waits]
    await post.pass_(0)
    assert post.said(C2) == ["one"]
    for after in waits:
        await post.pass_(after - 0.001)
        await post.pass_(0.001)
    assert post.waits(C1) == [*waits, 0.0]
    assert (post.said(C1), post.waiting()) == (["one", "two"], 0)


async def test_what_was_surely_not_posted_is_posted_without_a_look_and_with_its_nonce(post: Post) -> None:
    post.queue(C1, "one")
    post.chat.troubles[C1] = [TryAgain("429", 5)]
    post.chat.can_find = False
    await post.pass_(0)
    await post.pass_(5)
    assert post.said(C1) == ["one"]


async def test_a_refused_token_stops_its_platform_alone_and_all_is_said_in_order_with_a_new_one(post: Post) -> None:
    post.queue(C1, "one", "two")
    post.queue(C2, "one", "two")
    post.queue(TERMINAL, "one", "two")
    post.chat.troubles |= {place: [Revoked("token_revoked", 300)] * 2 for place in (C1, C2)}
    await post.pass_(0)
    assert (post.said(TERMINAL), post.disabled(), post.waiting()) == (["one", "two"], [], 4)
    await post.pass_(300)
    assert (post.said(C1), post.waiting()) == ([], 4)
    await post.pass_(300)
    assert (post.said(C1), post.said(C2), post.waiting()) == (["one", "two"], ["one", "two"], 0)


async def test_a_dead_place_is_asked_once_and_no_other_is_given_up(post: Post) -> None:
    post.queue(C1, "one", "two")
    post.queue(C2, "one")
    post.chat.troubles[C1] = [NeverAgain("channel_not_found")]
    await post.pass_(0)
    post.queue(C1, "three")
    await post.pass_(86_400)
    assert (len(post.chat.tries[C1]), post.said(C1), post.said(C2)) == (1, [], ["one"])
    assert (post.disabled(), post.waiting()) == ([C1], 0)


@pytest.mark.parametrize("finds", [True, False])
async def test_an_unknown_outcome_holds_its_place_for_a_lease_and_is_looked_up_then(post: Post, finds: bool) -> None:
    post.queue(C1, "one", "two")
    post.queue(C2, "one")
    post.chat.can_find, post.chat.lost = finds, [ChatError("no answer")]
    await post.pass_(0)
    assert (post.said(C1), post.said(C2)) == (["one"], ["one"])
    await post.pass_(LEASE.total_seconds() - 1)
    assert post.said(C1) == ["one"]
    await post.pass_(1)
    assert post.said(C1) == (["one", "two"] if finds else ["one", "one", "two"])


async def test_a_platform_that_does_not_answer_keeps_no_other_waiting_whatever_its_places(post: Post) -> None:
    post.chat.hangs = {"discord"}
    for number in range(120):
        post.queue(Place(f"discord:5/{number}"), "one")
    post.queue(C1, "one", "two")
    post.queue(TERMINAL, "one")
    running = asyncio.create_task(post.deliverer.run())
    try:
        async with asyncio.timeout(5):
            while post.said(C1) != ["one", "two"] or post.said(TERMINAL) != ["one"]:
                await post.chat.spoke.wait()
                post.chat.spoke.clear()
    finally:
        running.cancel()
