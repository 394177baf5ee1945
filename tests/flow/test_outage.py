"""A full disk, and other times at which nothing can be written: the bot waits, and then nothing is lost and nothing doubled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.errors import StoreError, Unwritable
from bot.flow.decide import Answer
from bot.flow.deliver import LEASE
from bot.flow.outage import LONGEST, SHORTEST, Outage
from bot.flow.write import Polled
from bot.message import Message
from bot.model import MessageRef, Page, Place, Request
from bot.people import Hours
from bot.ports import Store, Transaction
from bot.store.sqlite import SqliteStore
from tests.fakes.store import FakeStore
from tests.fakes.world import FakeChat, FakeClock, FakeFetcher
from tests.flow.conftest import Bot

A, B = "https://a.example/feed", "https://b.example/feed"
HERE = Place("slack:T0/C1")
SOON, LATE, MINUTE = SHORTEST.total_seconds(), LONGEST.total_seconds(), 60.0
FULL = "database wire.db: the disk is full"


@dataclass
class Disk:
    """A store on a disk that is full at a word: transactions that write fail where they begin, or where they end."""

    inner: Store
    at: Literal["begin", "commit"] = "commit"
    full: bool = False
    tries: int = 0

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        self.tries += 1
        self._check("begin")
        with self.inner.write() as tx:
            yield tx
            self._check("commit")

    def _check(self, at: str) -> None:
        if self.full and at == self.at:
            raise Unwritable(FULL)

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)


@dataclass
class Outlets(FakeFetcher):
    """Outlets that something happens at while they are asked."""

    meanwhile: Callable[[], None] = lambda: None

    async def fetch(self, request: Request) -> Page:
        page = await super().fetch(request)
        self.meanwhile()
        return page


@dataclass
class Channel(FakeChat):
    """A chat that something happens at once a message stands there."""

    meanwhile: Callable[[], None] = lambda: None

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        ref = await super().post(place, message, nonce, thread)
        self.meanwhile()
        return ref


@dataclass
class World:
    """One bot after its baseline, whose disk, outlets and channel the test holds."""

    disk: Disk
    bot: Bot
    outlets: Outlets
    channel: Channel
    log: pytest.LogCaptureFixture

    def fill(self) -> None:
        self.disk.full = True

    async def ticks(self, seconds: float, times: int = 10) -> None:
        """What the clockwork does, so many times within so many seconds."""
        for _ in range(times):
            self.bot.clock.pass_(seconds / times)
            await self.bot.ingest.drain()
            await self.bot.digester.tick()
            await self.bot.deliver.drain()

    @property
    def lines(self) -> list[str]:
        """What an operator sees."""
        return [record.message.partition(".")[0] for record in self.log.records if record.levelno > logging.INFO]


BEGAN, OVER = "database wire", "the database can be written again: polling and posting go on"


@pytest.fixture(params=["begin", "commit"])
async def world(request: pytest.FixtureRequest, store: Store, caplog: pytest.LogCaptureFixture) -> AsyncIterator[World]:
    clock, disk = FakeClock(), Disk(store, request.param)
    outlets, channel = Outlets(clock), Channel()
    bot = Bot(disk, clock, outlets, channel)  # type: ignore[arg-type]
    bot.watch("robot", HERE)
    for url in (A, B):
        bot.feed(url, f"seed of {url}")
    await bot.poll()
    bot.clock.pass_(3600)
    outlets.asked.clear()
    yield World(disk, bot, outlets, channel, caplog)
    disk.full = False
    await bot.close()


async def test_nothing_is_polled_while_nothing_can_be_stored_and_all_is_told_when_it_can(world: World) -> None:
    world.bot.news(A, "robot one walks far")
    world.fill()
    await world.ticks(20 * MINUTE, 1200)
    assert world.outlets.asked == []
    assert world.lines == [BEGAN]
    assert world.disk.tries < 30
    world.disk.full = False
    await world.ticks(LATE)
    assert world.bot.texts == ["robot one walks far"]
    assert sorted(request.url for request in world.outlets.asked) == [A, B]
    assert world.lines == [BEGAN, OVER]


async def test_what_was_fetched_and_could_not_be_stored_is_fetched_again_as_soon_as_it_can(world: World) -> None:
    world.bot.news(A, "robot one walks far")
    world.outlets.meanwhile = world.fill
    await world.ticks(1)
    first = {request.url: request for request in world.outlets.asked}
    assert set(first) == {A, B}
    with world.disk.read() as tx:  # type: ignore[operator]
        assert (tx.items.count(), tx.outbox.waiting()) == (2, 0)
    world.outlets.meanwhile = lambda: None
    world.disk.full = False
    await world.ticks(SOON)  # long before their leases run out
    assert world.bot.texts == ["robot one walks far"]
    assert {request.url: request for request in world.outlets.asked[2:]} == first  # with the validators of before
    assert world.lines == [BEGAN, OVER]


@pytest.mark.parametrize("find", [True, False])
async def test_what_was_posted_and_could_not_be_recorded_is_not_posted_again(world: World, find: bool) -> None:
    world.channel.can_find = find
    world.channel.meanwhile = world.fill
    world.bot.news(A, "robot one walks far", "robot two sings")
    await world.ticks(10 * MINUTE, 100)
    assert world.bot.texts == ["robot one walks far"]
    world.channel.meanwhile = lambda: None
    world.disk.full = False
    await world.ticks(LATE)
    assert world.bot.texts == ["robot one walks far", "robot two sings"]
    with world.disk.read() as tx:  # type: ignore[operator]
        assert [one.ref.id for one in tx.outbox.recent(HERE, 9)] == [
            nonce for *_, nonce in reversed(world.channel.posted)
        ]
    assert world.lines == [BEGAN, OVER]


async def test_a_message_whose_record_is_refused_for_itself_is_not_posted_again_when_its_lease_runs_out(
    world: World,
) -> None:
    world.channel.can_find = False
    record, refusals = world.bot.deliver._record, 3

    def refuse(tx: Transaction, *about: Any) -> bool:
        nonlocal refusals
        refusals -= 1
        if refusals >= 0:
            raise StoreError("database wire.db: CHECK constraint failed")
        return record(tx, *about)

    world.bot.deliver._record = refuse  # type: ignore[method-assign, assignment]
    world.bot.news(A, "robot one walks far")
    for _ in range(4):
        await world.ticks(MINUTE, 1)
        world.bot.clock.pass_(LEASE.total_seconds())
    assert (world.bot.texts, refusals < 0) == (["robot one walks far"], True)
    with world.disk.read() as tx:  # type: ignore[operator]
        assert tx.outbox.waiting() == 0


async def test_what_was_posted_is_recorded_at_the_end_if_it_can_be_by_then(world: World) -> None:
    world.channel.can_find = False
    world.channel.meanwhile = world.fill
    world.bot.news(A, "robot one walks far")
    await world.ticks(MINUTE)
    world.disk.full = False
    await world.bot.close()
    world.disk.inner.release()
    later = Bot(world.disk.inner, world.bot.clock, world.outlets, world.channel)
    await later.poll()
    await later.close()
    assert world.bot.texts == ["robot one walks far"]


async def test_an_edit_that_could_not_be_recorded_harms_nothing(world: World) -> None:
    world.bot.news(A, "robot one walks far")
    await world.ticks(MINUTE)
    world.bot.news(B, "robot one walks far")
    edit = world.channel.edit

    async def filling(ref: MessageRef, message: Message) -> None:
        await edit(ref, message)
        world.fill()

    world.channel.edit = filling  # type: ignore[method-assign]
    await world.ticks(7200)
    world.channel.edit = edit  # type: ignore[method-assign]
    world.disk.full = False
    await world.ticks(LATE)
    assert (world.bot.texts, len(world.channel.edits)) == (["robot one walks far"], 1)
    with world.disk.read() as tx:  # type: ignore[operator]
        assert tx.outbox.waiting() == 0


async def test_a_digest_that_is_due_on_a_full_disk_comes_once_there_is_room(world: World) -> None:
    mine, now = Place("slack:T0/@U1"), world.bot.clock.now()
    world.bot.watch("robot", mine, "daily", "digest")
    with world.disk.write() as tx:
        tx.hours.set(Hours(mine, digest=(now + timedelta(hours=3)).time().replace(second=0, microsecond=0)))
    world.bot.news(A, "robot one walks far")
    await world.ticks(MINUTE)
    world.fill()
    world.bot.clock.pass_(4 * 3600)
    await world.bot.digester.tick()  # it is the first to notice
    assert world.lines == [BEGAN]
    await world.ticks(3600, 100)
    assert [place for place, *_ in world.channel.posted] == [HERE]
    world.disk.full = False
    await world.ticks(LATE)
    assert [place for place, *_ in world.channel.posted] == [HERE, mine]
    assert world.lines == [BEGAN, OVER]


async def test_the_index_catches_up_after_a_full_disk(world: World) -> None:
    world.bot.news(A, "robot one walks far")
    await world.ticks(MINUTE)
    world.fill()
    indexing = asyncio.create_task(world.bot.indexer.run())
    try:
        async with asyncio.timeout(10):
            while world.disk.tries < 40:  # noqa: ASYNC110 - the task that sleeps between is what is tested
                await asyncio.sleep(0.001)
            assert (found(world), world.lines) == ([], [BEGAN])
            world.disk.full = False
            while not found(world):  # noqa: ASYNC110
                await asyncio.sleep(0.001)
    finally:
        indexing.cancel()
        with suppress(asyncio.CancelledError):
            await indexing
    assert world.lines == [BEGAN, OVER]


def found(world: World) -> list[str]:
    with world.disk.read() as tx:  # type: ignore[operator]
        return [one.item.title for one in tx.items.search("robot")]


async def test_one_poll_that_cannot_be_stored_pauses_no_other(world: World) -> None:
    world.bot.news(A, "robot one walks far")
    world.bot.news(B, "robot poison")
    poisoned = world.bot.ingest._writer
    write = poisoned.write

    def reluctant(tx: Transaction, answers: Sequence[Answer]) -> list[Polled]:
        if any("poison" in item.title for answer in answers for item in answer.items):
            raise StoreError("database wire.db: UNIQUE constraint failed")
        return write(tx, answers)

    poisoned.write = reluctant  # type: ignore[method-assign]
    await world.ticks(MINUTE)
    assert world.bot.texts == ["robot one walks far"]
    poisoned.write = write  # type: ignore[method-assign]
    await world.ticks(2 * LATE)
    assert world.bot.texts == ["robot one walks far", "robot poison"]


# -- when it is tried again ------------------------------------------------------------------------------------------------


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def probes(outage: Outage, disk: Disk, clock: FakeClock, seconds: int) -> list[int]:
    """After how many seconds of an outage the disk was tried."""
    found, began = [], clock.now()
    for _ in range(seconds):
        before = disk.tries
        await outage.over()
        if disk.tries > before:
            found.append(int((clock.now() - began).total_seconds()))
        clock.pass_(1)
    return found


async def test_a_full_disk_is_tried_ever_more_rarely_and_after_a_long_peace_soon_again(
    thread: ThreadPoolExecutor,
) -> None:
    clock, disk = FakeClock(), Disk(FakeStore())
    outage = Outage(disk, clock, thread)  # type: ignore[arg-type]
    assert await probes(outage, disk, clock, 100) == []
    disk.full = True
    outage.begin(Unwritable(FULL))
    outage.begin(Unwritable("and another part says so"))
    assert str(outage.error) == FULL
    assert await probes(outage, disk, clock, 1500) == [30, 90, 210, 450, 750, 1050, 1350]
    disk.full = False
    clock.pass_(LATE)
    assert (await outage.over(), outage.error) == (True, None)
    outage.begin(Unwritable("there was room for a little only"))
    disk.full = True
    assert await probes(outage, disk, clock, 700) == [300, 600]
    disk.full = False
    clock.pass_(LATE)
    assert await outage.over()
    clock.pass_(3 * LATE)
    outage.begin(Unwritable(FULL))
    disk.full = True
    assert await probes(outage, disk, clock, 100) == [30, 90]


async def test_a_clock_that_is_set_back_does_not_make_an_outage_longer(thread: ThreadPoolExecutor) -> None:
    clock, disk = FakeClock(), Disk(FakeStore())
    outage = Outage(disk, clock, thread)  # type: ignore[arg-type]
    outage.begin(Unwritable(FULL))
    clock.pass_(-86_400)
    assert await outage.over()


async def test_a_look_is_taken_by_one_at_a_time(thread: ThreadPoolExecutor) -> None:
    clock, disk = FakeClock(), Disk(FakeStore())
    outage = Outage(disk, clock, thread)  # type: ignore[arg-type]
    outage.begin(Unwritable(FULL))
    clock.pass_(SOON)
    assert sorted(await asyncio.gather(*(outage.over() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_database_that_may_not_grow_is_found_full_and_later_not(
    tmp_path: Path, thread: ThreadPoolExecutor
) -> None:
    clock, store = FakeClock(), SqliteStore(str(tmp_path / "wire.db"))

    def grow(pages: int) -> None:
        with store.write() as tx:
            tx.session.run(f"PRAGMA max_page_count = {pages}")

    outage = Outage(store, clock, thread)
    grow(1)  # no more than there are
    outage.begin(Unwritable(FULL))
    clock.pass_(SOON)
    assert not await outage.over()
    assert "the disk is full" in str(outage.error)
    grow(1 << 30)
    clock.pass_(LATE)
    assert await outage.over()
    store.close()
