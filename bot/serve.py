"""`robowire run`: the bot from its start to its end, whatever ends it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from functools import partial
from zoneinfo import ZoneInfo

from bot.app import Hearing, Robowire, answer, begin, greeting, opened, run_once, settle_memory
from bot.chats import listen
from bot.config import Config
from bot.errors import Unwritable
from bot.flow.outage import LONGEST, SHORTEST, probe
from bot.flow.restore import resume
from bot.flow.schedule import Schedule
from bot.log import logger
from bot.store.lock import alone
from bot.store.open import file_of, open_store

log = logger(__name__)

MANY = 20
"""Feeds due at once that are worth a progress bar."""

CONNECTING = 30.0
"""Seconds that `run --once` waits for the chats; what cannot be posted then waits for the next run."""


def told_to_stop() -> asyncio.Event:
    """What SIGTERM and SIGINT set from now on; impatience, a second one, changes nothing."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on its loop
            loop.add_signal_handler(number, stop.set)
    return stop


async def run_on(robot: Robowire, hearing: Hearing, stop: asyncio.Event) -> None:
    """Poll, post and answer until told to stop: by a signal, or because the person at the prompt left."""
    sweeps: set[asyncio.Task[None]] = set()

    async def sweep() -> None:
        with hearing.following(robot.terminal, "polling", robot.ingest.busy):
            await robot.ingest.drain()

    async def tick() -> None:
        await robot.digester.tick()
        robot.deliver.wake()
        if not sweeps and await robot.ingest.tick() >= MANY:
            task = asyncio.create_task(sweep())
            sweeps.add(task)
            task.add_done_callback(sweeps.discard)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            stop.set()  # a bot of which a part is dead must not look alive

    schedule = Schedule(tick)
    schedule.start()
    own = (robot.deliver.run(), robot.indexer.run(), talk(robot, stop))
    jobs = [asyncio.create_task(job) for job in (*own, *_listeners(robot))]
    for job in jobs:
        job.add_done_callback(ended)
    await stop.wait()
    schedule.stop()
    log.info("stopping: polls and posts in flight are finished first")
    await robot.rest()  # while the chats are connected
    for task in (*jobs, *sweeps):
        task.cancel()
    for outcome in await asyncio.gather(*jobs, *sweeps, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


def _listeners(robot: Robowire) -> list[Coroutine[None, None, None]]:
    return [listen(name, chat) for name, chat in robot.connected.items()]


@contextlib.asynccontextmanager
async def _heard(robot: Robowire) -> AsyncIterator[None]:
    """The chats connected meanwhile. Raises BadConfig for tokens that are refused."""
    jobs = [asyncio.create_task(job) for job in _listeners(robot)]
    ready = asyncio.create_task(_ready(robot))
    try:
        if jobs:
            await asyncio.wait({*jobs, ready}, timeout=CONNECTING, return_when=asyncio.FIRST_COMPLETED)
        for job in jobs:
            if job.done():
                job.result()
        yield
    finally:
        for task in (ready, *jobs):
            task.cancel()
        await asyncio.gather(ready, *jobs, return_exceptions=True)


async def _ready(robot: Robowire) -> None:
    for chat in robot.connected.values():
        await chat.ready.wait()


async def talk(robot: Robowire, left: asyncio.Event) -> None:
    """Answer at the terminal; sets `left` when a person at a prompt leaves. The end of piped input ends nothing."""
    await robot.terminal.converse(partial(answer, robot), robot.book.complete, greeting(robot))
    if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        left.set()


async def serve(config: Config, once: bool) -> None:
    """`robowire run`: the bot on its database, talking in the terminal. Raises Locked if another one runs on it."""
    stop = told_to_stop()
    with alone(config.database):
        if not once:
            await writable(config.database, stop)
        if stop.is_set():
            return
        hearing = Hearing()
        async with opened(config, sys.stdout, sys.stdin, hearing, listening=True) as robot:
            robot.store.release()
            added, watching = begin(robot.store, config, robot.desk.knowledge, robot.clock.now())
            if added:
                log.info("a new database: %d feeds and %d watchlists to begin with", added, watching)
            if restored := _resumed(robot):
                log.warning("%s", restored)
            settle_memory()
            await robot.parser.start()
            if once and not stop.is_set():
                await _unless(stop, robot, _once(robot, hearing))
            elif not stop.is_set():
                await run_on(robot, hearing, stop)


def _resumed(robot: Robowire) -> str:
    with robot.store.write() as tx:
        return resume(tx, robot.clock.now(), ZoneInfo(robot.config.alerts.timezone))


async def writable(database: str, stop: asyncio.Event) -> None:
    """Return once the database can be opened and written, or when told to stop.

    A bot that ends because the disk is full is started again at once, over and over. Raises StoreError for what does not pass.
    """
    if file_of(database) is None:
        return
    wait = SHORTEST.total_seconds()
    while not stop.is_set():
        try:
            with contextlib.closing(open_store(database)) as store:
                probe(store)
            return
        except Unwritable as error:
            if not error.passing:
                raise
            log.error("%s. Next try in %.0f s", error, wait)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await stop.wait()
        wait = min(2 * wait, LONGEST.total_seconds())


async def _once(robot: Robowire, hearing: Hearing) -> None:
    async with _heard(robot):
        await run_once(robot, hearing)
        await robot.indexer.catch_up()


async def _unless(stop: asyncio.Event, robot: Robowire, work: Coroutine[None, None, None]) -> None:
    """Do it, or leave off when told to stop, with what is in flight finished."""
    doing, told = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({doing, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if doing.done():
        return doing.result()
    log.info("stopping: polls and posts in flight are finished first")
    await robot.rest()  # while the chats are connected
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)
    return None
