"""The lives of a bot in a faulty world: process after process on one database, each ended by its death or by the end of all."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.app import pass_over
from bot.bench.faulty import (
    STEPS,
    Broken,
    Dice,
    Disk,
    Fate,
    FaultyChat,
    FaultyFetcher,
    FaultyParser,
    FaultyStore,
    Killed,
    PatientStore,
    Platform,
    Web,
)
from bot.bench.memory import resident
from bot.bench.newsroom import RARE, SUBJECTS, SUBJECTS_ZH, newsroom
from bot.bench.simulated import AtOnce, SimulatedClock
from bot.cards import compose
from bot.classify.knowledge.seeds import Knowledge
from bot.config import Limits
from bot.errors import StoreError
from bot.feeds.rhythm import Rhythm
from bot.flow.deliver import Deliverer
from bot.flow.digest import Digester
from bot.flow.index import Indexer
from bot.flow.ingest import Ingest, Pace
from bot.flow.outage import LONGEST, Outage
from bot.flow.stories import Placer
from bot.flow.write import Polled, Writer
from bot.merged import Merged
from bot.model import TERMINAL, Mode, NewFeed, Person, Place
from bot.people import Hours
from bot.ports import Store

START = datetime(2026, 3, 1, tzinfo=UTC)

BLIND = "blind"
"""A platform that neither honours nonces nor can be searched: Slack without a history scope."""

LATE = timedelta(seconds=60)
"""From then on a poll counts as missed: the bot looks every second, and a disk that is full costs it some more."""

_LOOK = 120.0
_TICK, _LONGEST_TICK = 1.0, 30.0
_SILENCE = timedelta(hours=7)
"""Longer than the longest interval with its jitter (`Rhythm`): 6.6 hours."""

_FAILING = 3  # so many failures in a row make nobody wait that long
_NIGHT = (time(22), time(7))
_ME = Person("terminal:me")


@dataclass(frozen=True, slots=True)
class Task:
    """How many feeds, for how many hours and how many quiet ones after them, and the share of each fault."""

    feeds: int = 500
    hours: float = 24.0
    rest: float = 10.0
    share: float = 0.01
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """A watchlist, and the subjects that whoever made it waits for."""

    place: Place
    name: str
    query: str
    subjects: tuple[str, ...]
    mode: Mode = "instant"


WISHES = (
    Wish(Place("slack:T0/C1"), "humanoids", "humanoid OR 人形机器人", ("humanoid", "人形机器人")),
    Wish(Place("slack:T0/C1"), "driverless", "robotaxi", ("robotaxi",)),
    Wish(Place("slack:T0/C2"), "wearable", RARE, (RARE,), "digest"),
    Wish(Place(f"{BLIND}:T1/C1"), "hands", "gripper OR 灵巧手", ("gripper", "灵巧手")),
    Wish(Place("discord:G0/C1"), "robots", 'topic:robotics OR topic:"physical ai"', (*SUBJECTS, *SUBJECTS_ZH)),
    Wish(Place("discord:G0/C2"), "surgery", '"surgical robot"', ("surgical",)),
    Wish(TERMINAL, "rare and driverless", f"{RARE} OR robotaxi", (RARE, "robotaxi")),
)
_SLEEPER = Place("discord:G0/C2")


def usual_platforms(dice: Dice) -> dict[str, Platform]:
    """One that can be searched by nonce, one that cannot, one that honours nonces, and the terminal with its transcript."""
    return {
        "slack": Platform(dice, searches=True),
        BLIND: Platform(dice),
        "discord": Platform(dice, honours=True),
        "terminal": Platform(dice, searches=True),
    }


class World:
    """Everything that outlives a process of the bot, and what is known of the processes.

    `baselined` says since when at the latest each feed has a baseline. `memory` is bytes hour by hour, without
    what outlets are to publish; `hear` hears of each hour.
    """

    def __init__(
        self,
        task: Task,
        database: Path,
        wishes: Sequence[Wish] = WISHES,
        platforms: Callable[[Dice], dict[str, Platform]] = usual_platforms,
        hear: Callable[[int], None] = lambda hour: None,
    ) -> None:
        self.task, self.database, self.wishes, self._hear = task, database, wishes, hear
        before = resident(os.getpid())
        self.clock, self.dice = SimulatedClock(START), Dice(task.seed, task.share)
        self.outlets = newsroom(task.feeds, START, task.hours)
        self._own = resident(os.getpid()) - before
        self.web = Web(self.outlets, self.clock, self.dice)
        self.platforms, self.disk = platforms(self.dice), Disk()
        self.baselined: dict[int, datetime] = {}
        self.missed: dict[tuple[int, datetime], str] = {}
        self.surprises: list[str] = []
        self.memory: list[int] = []
        self.items = self.deaths = 0
        self.ended = asyncio.Event()
        self._process: Process | None = None

    async def live(self, knowledge: Knowledge) -> None:
        """Let process after process live on the database until all is over."""
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: self._heard(context.get("exception"), context)
        )
        self._settle()
        own = [asyncio.create_task(job) for job in (self._chance(), self._watch())]
        with _listening(self):
            while not self.ended.is_set():
                self._process = process = Process(self, knowledge)
                self.web.awake = max(self.web.awake, self.clock.now())
                await process.live()
                self._process = None
                await _bury({*own, asyncio.current_task()})
                process.close()
                await asyncio.sleep(self.dice.stream("downtime").uniform(5, 60))
        await _bury({asyncio.current_task()})

    def _settle(self) -> None:
        """Give an empty store the feeds and what places wait for."""
        store = PatientStore(self.database)
        with store.write() as tx:
            tx.feeds.add([NewFeed(one.url) for one in self.outlets], START)
            for wish in self.wishes:
                tx.watches.add(wish.place, wish.name, wish.query, _ME, START, wish.mode)
            tx.hours.set(Hours(_SLEEPER, quiet_from=_NIGHT[0], quiet_to=_NIGHT[1]))
        store.close()

    async def _chance(self) -> None:
        """Every minute a process may be about to die, the clock about to jump (in the next call of some kind), the disk full."""
        rng = self.dice.stream("chance")
        while True:
            await asyncio.sleep(60)
            fate = self._process.fate if self._process else None
            if self.dice.strikes("death") and fate:
                fate.plan(rng.choice(STEPS), fate.die)
            if self.dice.strikes("clock jump") and fate:
                fate.plan(rng.choice(STEPS), self._jump)
            if self.dice.strikes("disk full"):
                self._fill(rng.uniform(30, 600))

    def _jump(self) -> None:
        """The clock is up to a quarter of an hour later, as after a suspension; nobody can have polled meanwhile."""
        jump = self.dice.stream("jumps").uniform(30, 900)
        self.clock.jump(jump)
        self.web.awake = max(self.web.awake + timedelta(seconds=jump), self.clock.now())

    def _fill(self, seconds: float) -> None:
        """The disk is full for so long; the bot may take its time until it looks again."""
        self.disk.full_until = asyncio.get_running_loop().time() + seconds
        self.web.awake = self.clock.now() + timedelta(seconds=seconds) + LONGEST

    async def _watch(self) -> None:
        """Look at the feeds now and then, and at the memory every hour; end the day, and the rest."""
        task, hour = self.task, 0
        while True:
            await asyncio.sleep(_LOOK)
            past = (self.clock.now() - START) / timedelta(hours=1)
            if self._process:
                self._look(self._process.inner)
            if hour < min(past - 1, task.hours):
                hour += 1
                gc.collect()
                self.memory.append(resident(os.getpid()) - self._own)
                self._hear(hour)
            self.dice.quiet = past >= task.hours
            if past >= task.hours + task.rest:
                self.ended.set()

    def _look(self, store: Store) -> None:
        """Note feeds that should have been polled by now, and those that have a baseline."""
        with store.read() as tx:
            feeds = tx.feeds.all()
            if not self.dice.quiet:
                self.items = tx.items.count()
        now = self.clock.now()
        for feed in feeds:
            log = self.web.logs[feed.id - 1]
            if feed.baselined:
                self.baselined.setdefault(feed.id - 1, now)
            asked, free = log.asked or START, max(feed.due_at, self.web.awake)
            if feed.status != "active":
                self.missed[feed.id, feed.due_at] = f"{feed.url} is {feed.status}"
            elif asked < feed.due_at and now > free + LATE:
                self.missed[feed.id, feed.due_at] = f"{feed.url} was due at {feed.due_at}, and is not polled at {now}"
            elif now - asked > _SILENCE and log.failing <= _FAILING:
                self.missed[feed.id, asked] = f"{feed.url} was polled at {asked}, and is not again at {now}"

    def surprise(self, error: BaseException | None, what: str) -> None:
        """Note what went wrong without our doing."""
        if not isinstance(error, (Broken, Killed, StoreError)):
            self.surprises.append(f"{what}: {error!r}" if error else what)

    def _heard(self, error: BaseException | None, context: Mapping[str, Any]) -> None:
        self.surprise(error, str(context.get("message", "")))


class Process:
    """One process of the bot, as `bot.app` puts it together, in this world."""

    def __init__(self, world: World, knowledge: Knowledge) -> None:
        self._world, self.fate, dice = world, Fate(), world.dice
        self.inner = PatientStore(world.database)
        store, thread, clock = FaultyStore(self.inner, world.disk, dice, self.fate), AtOnce(), world.clock
        outage = Outage(store, clock, thread)
        merged, placer = Merged(knowledge), Placer(pass_over)
        writer = Writer(merged, placer, Rhythm(), per_poll=10)
        fetcher, parser = FaultyFetcher(world.web, self.fate), FaultyParser(dice, self.fate)
        self._ingest = Ingest(store, fetcher, parser, clock, writer, thread, Pace(200, 4), self._hear, outage)
        chats = {name: FaultyChat(platform, self.fate) for name, platform in world.platforms.items()}
        self._deliver = Deliverer(store, chats, clock, compose, thread, None, UTC, Limits().messages_per_hour, outage)
        self._digester = Digester(store, clock, thread, UTC, self._deliver.wake, outage)
        self._indexer = Indexer(store, merged, placer, clock, thread, outage)

    def _hear(self, polled: Polled) -> None:
        if polled.alerts:
            self._deliver.wake()
        if polled.new:
            self._indexer.wake()

    async def live(self) -> None:
        """Do what `robowire run` does, until death or the end of all."""
        self.inner.release()
        ends = [asyncio.create_task(end.wait()) for end in (self.fate.died, self._world.ended)]
        jobs = [asyncio.create_task(job) for job in (self._tick(), self._deliver.run(), self._indexer.run())]
        await asyncio.wait([*ends, *jobs], return_when=asyncio.FIRST_COMPLETED)
        for job in jobs:
            if job.done() and not job.cancelled():
                self._world.surprise(job.exception(), "a job ended")
        if self.fate.dead:
            self._world.deaths += 1
            self._world.dice.troubles.append(asyncio.get_running_loop().time())
        else:
            await self._ingest.stop(10)
            await self._deliver.stop(10)
        self.fate.die()

    def close(self) -> None:
        """Let go of the database."""
        self.inner.close()

    async def _tick(self) -> None:
        """As the schedule does it every second, but that seconds in which nothing is due are skipped."""
        while True:
            with contextlib.suppress(StoreError):
                await self._digester.tick()
                self._deliver.wake()
                await self._ingest.tick()
            await asyncio.sleep(self._pause())

    def _pause(self) -> float:
        with self.inner.read() as tx:
            dues = [due for due in (tx.feeds.next_due(), tx.outbox.next_due()) if due is not None]
        wait = (min(dues) - self._world.clock.now()).total_seconds() if dues else _LONGEST_TICK
        return min(max(wait, _TICK), _LONGEST_TICK)


async def _bury(living: Set[asyncio.Task[Any] | None]) -> None:
    """End all tasks but these."""
    tasks = asyncio.all_tasks() - living
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Ears(logging.Handler):
    """Hears what the bot logs and people would have to see to."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.WARNING)
        self._world = world

    def emit(self, record: logging.LogRecord) -> None:
        """Note errors that nobody injected; others are what the bot is to say of the world."""
        if record.exc_info and record.exc_info[1] is not None:
            self._world.surprise(record.exc_info[1], record.getMessage())
        elif "nothing more is posted" in record.msg:
            self._world.surprise(None, record.getMessage())


@contextlib.contextmanager
def _listening(world: World) -> Iterator[None]:
    """Let nothing be printed of thousands of faults, but hear of those that are none of ours."""
    log, ears = logging.getLogger("robowire"), _Ears(world)
    propagated, log.propagate = log.propagate, False
    log.addHandler(ears)
    try:
        yield
    finally:
        log.removeHandler(ears)
        log.propagate = propagated
