"""Our side of `bench poll`, in a process of its own: the real bot, with its store on disk, over many feeds."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot.app import Hearing, Robowire, begin, opened, run_once, settle_memory
from bot.bench.corpus import open_files
from bot.bench.memory import resident
from bot.config import Config, Fetch, Start
from bot.model import NewFeed

_BEAT = 0.002
_SAMPLE = 0.25


@dataclass(frozen=True, slots=True)
class Task:
    """What to poll: feeds with the validators we are to have already ("" for none), and how."""

    feeds: list[tuple[str, str]]
    database: str
    rounds: int
    concurrency: int
    keep_alive: bool


@dataclass(frozen=True, slots=True)
class Round:
    """One poll of all feeds: wall seconds until the last commit, polls that failed, new items.

    `indexed` is the seconds until all of it can be looked up as well; `stall` is the longest time in seconds that the
    event loop was held up.
    """

    seconds: float
    polls: int
    failed: int
    new: int
    indexed: float
    stall: float


@dataclass(frozen=True, slots=True)
class OurResult:
    """The rounds; and the most resident memory in bytes of the bot and its children together, over all rounds."""

    rounds: list[Round]
    memory_bytes: int


class Pulse:
    """Measures how late the event loop is: a callback that should come every two milliseconds."""

    def __init__(self) -> None:
        self.worst = 0.0
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_BEAT)
            self.worst = max(self.worst, time.perf_counter() - before - _BEAT)

    def stop(self) -> float:
        """The longest stall in seconds."""
        self._task.cancel()
        return self.worst


class Memory(threading.Thread):
    """Samples the resident memory of this process and of the given children, pages that they share counted once."""

    def __init__(self, children: Callable[[], Sequence[int]]) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self._children = children
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(_SAMPLE):
            self.most = max(self.most, sum(map(resident, (os.getpid(), *self._children()))))

    def stop(self) -> int:
        """The most bytes seen."""
        self._done.set()
        self.join()
        return self.most


async def measure(task: Task) -> OurResult:
    """Poll all feeds so many times."""
    config = Config(
        database=task.database,
        fetch=Fetch(allow_networks=["127.0.0.0/8"], concurrency=task.concurrency, per_host=1000),
        start=Start(feeds=""),
    )
    hearing = Hearing()
    async with opened(config, io.StringIO(), None, hearing) as robot:
        if not task.keep_alive:
            robot.fetcher.keep_alive = False
        prepare(robot, task.feeds)
        settle_memory()
        await robot.parser.start()
        memory = Memory(lambda: robot.parser.pids)
        memory.start()
        rounds = [await one_round(robot, hearing) for _ in range(task.rounds)]
        return OurResult(rounds, memory.stop())


def prepare(robot: Robowire, feeds: Sequence[tuple[str, str]]) -> None:
    """Put the feeds into the store; those with a validator as if they had been polled before."""
    now = robot.clock.now()
    begin(robot.store, robot.config, robot.desk.knowledge, now)
    with robot.store.write() as tx:
        added = tx.feeds.add([NewFeed(url) for url, _ in feeds], now)
        known = [replace(feed, etag=etag, baselined=True) for feed, (_, etag) in zip(added, feeds, strict=True) if etag]
        tx.feeds.save(known)


async def one_round(robot: Robowire, hearing: Hearing) -> Round:
    """Poll every feed once."""
    pulse, start = Pulse(), time.perf_counter()
    await run_once(robot, hearing)
    seconds = time.perf_counter() - start
    await robot.indexer.catch_up()
    indexed = time.perf_counter() - start
    return Round(seconds, hearing.polls, hearing.failed, hearing.new, indexed, pulse.stop())


def main() -> None:
    """Read a Task as JSON from standard input, print the OurResult as JSON."""
    import uvloop  # noqa: PLC0415 - not there on Windows

    said: dict[str, Any] = json.load(sys.stdin)
    task = Task(**said | {"feeds": [tuple(feed) for feed in said["feeds"]]})
    open_files()
    Path(task.database).unlink(missing_ok=True)
    print(json.dumps(asdict(uvloop.run(measure(task)))))  # noqa: T201 - read by the process that started us


if __name__ == "__main__":
    main()
