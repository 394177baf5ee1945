"""The composition root: from a Config to a running Robowire. Nothing is built anywhere else."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import ipaddress
import logging
import os
import sys
import time
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol, TextIO
from zoneinfo import ZoneInfo

from bot.cards import compose
from bot.chat.terminal import Terminal
from bot.chat.terminal_progress import Meter
from bot.chats import Connected, chats_of, front_of
from bot.classify.knowledge.seeds import Knowledge, load_knowledge
from bot.classify.query.parse import parse_query
from bot.command import Book
from bot.commands.book import all_commands
from bot.commands.desk import Desk
from bot.config import Config, seconds, size
from bot.errors import BadConfig, BadInput, BadQuery, StoreError
from bot.feeds import opml
from bot.feeds.fetch import HttpFetcher, Limits
from bot.feeds.rhythm import Rhythm
from bot.feeds.workers import Workers
from bot.flow.assist import Enricher, Terms
from bot.flow.deliver import Deliverer
from bot.flow.digest import Digester
from bot.flow.index import Indexer
from bot.flow.ingest import Ingest, Pace
from bot.flow.outage import Outage
from bot.flow.stories import Placer
from bot.flow.write import Polled, Writer
from bot.log import logger
from bot.merged import Merged
from bot.message import Message, say
from bot.model import EPOCH, TERMINAL, NewFeed, Person
from bot.ports import Assistant, Chat, Store
from bot.resources import seeds
from bot.store.open import file_of, open_store
from bot.throttle import Throttle

log = logger(__name__)

OWNER = Person("terminal:owner")
CLOSING = 1.5
"""Seconds in which connections and children are let go of."""

GRACE = 8.0
"""Seconds that polls and posts in flight have to finish when the bot is told to stop: two of ten are for letting go."""


class WallClock:
    """The real time; satisfies `ports.Clock`."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Sleep on the event loop."""
        await asyncio.sleep(seconds)


class Hearing:
    """Hears of every poll: logs it, counts it, wakes the deliverer, and moves the progress bar where one is shown."""

    def __init__(self) -> None:
        self.on_alerts: Callable[[], None] = lambda: None
        self.on_items: Callable[[], None] = lambda: None
        self.polls = self.failed = self.new = self.stories = 0
        self._meter: Meter | None = None
        self._total = 0

    def __call__(self, polled: Polled) -> None:
        """Take note of one poll."""
        feed = polled.feed
        self.polls += 1
        self.failed += bool(polled.error)
        self.new += polled.new
        self.stories += polled.stories
        if polled.alerts:
            self.on_alerts()
        if polled.new:
            self.on_items()
        if polled.error:
            # on a terminal the bar over a sweep counts failures; a line for each would bury the prompt
            level = logging.DEBUG if self._meter and sys.stderr.isatty() else logging.INFO
            when = f"{feed.due_at:%d %b %H:%M:%S}"
            log.log(level, "feed %d %s: %s; next try %s", feed.id, feed.url, polled.error, when)
        else:
            log.debug("feed %d %s: %d new, %d to tell", feed.id, feed.url, polled.new, polled.stories)
        if self._meter:
            self._meter.update(self.polls, max(self._total, self.polls), f"{self.new} new, {self.failed} failed")

    @contextlib.contextmanager
    def following(self, terminal: Terminal, label: str, total: int) -> Iterator[None]:
        """Count anew, and show a bar over so many polls meanwhile."""
        self.polls = self.failed = self.new = self.stories = 0
        with terminal.progress(label) as meter:
            self._meter, self._total = meter, total
            try:
                yield
            finally:
                self._meter = None


@dataclass(frozen=True, slots=True)
class Robowire:
    """All parts, put together; `thread` is where the store is written."""

    config: Config
    store: Store
    clock: WallClock
    fetcher: HttpFetcher
    parser: Workers
    ingest: Ingest
    deliver: Deliverer
    digester: Digester
    indexer: Indexer
    desk: Desk
    book: Book
    terminal: Terminal
    connected: dict[str, Connected]
    outage: Outage
    thread: ThreadPoolExecutor
    assistant: Assisting | None

    async def rest(self) -> None:
        """Start nothing more, and finish the polls and posts in flight, for a few seconds. A second time does nothing."""
        await asyncio.gather(self.ingest.stop(GRACE), self.deliver.stop(GRACE))


class SteadyClock(WallClock):
    """A time that only runs forward, whoever sets the clock: for measuring how long; satisfies `ports.Clock`."""

    def now(self) -> datetime:
        """The time since the machine was started, as if that had been in 1970."""
        return EPOCH + timedelta(seconds=time.monotonic())


def folder(text: str, name: str = "") -> Path:
    """A configured path: `seeds` (or `seeds/NAME`) is what travels with Robowire, all else a path of this machine."""
    return seeds() / name if text == "seeds" else Path(text).expanduser()


def knowledge_of(config: Config) -> Knowledge:
    """The gazetteer and topics. Raises BadConfig with every fault in them."""
    path = folder(config.knowledge)
    if not path.is_dir():
        raise BadConfig([f"`knowledge`: there is no folder {path}"])
    return load_knowledge(path)


def fetcher_of(config: Config, clock: WallClock) -> HttpFetcher:
    """The one door to the web, as configured."""
    fetch = config.fetch
    limits = Limits(seconds(fetch.timeout), size(fetch.max_size), fetch.max_redirects)
    allowed = [ipaddress.ip_network(network) for network in fetch.allow_networks]
    return HttpFetcher(clock.now, limits, fetch.user_agent, allowed, fetch.concurrency)


class Assisting(Assistant, Protocol):
    """A language model with connections to let go of."""

    async def close(self) -> None:
        """Close all connections."""


def assistant_of(config: Config) -> Assisting | None:
    """The language model, if one is configured."""
    assist = config.assist
    if not assist.url:
        return None
    from bot.assist.endpoint import Endpoint  # noqa: PLC0415 - its HTTP client takes 0.1 s to load

    return Endpoint(assist.url, assist.model, os.environ.get("ASSIST_API_KEY", ""), seconds(assist.timeout))


def parser_of(config: Config) -> Workers:
    """The children that read documents, as configured."""
    parse = config.parse
    return Workers(parse.workers, wall_seconds=seconds(parse.timeout), memory_bytes=size(parse.max_memory))


def rhythm_of(config: Config) -> Rhythm:
    """The polling rhythm, as configured."""
    poll = config.poll
    return Rhythm(seconds(poll.every), seconds(poll.shortest), seconds(poll.longest), poll.jitter)


def transcript_of(config: Config) -> Path | None:
    """Where the terminal keeps what it posted: configured, else beside the database; None for one in memory."""
    if config.terminal.transcript:
        return Path(config.terminal.transcript).expanduser()
    file = file_of(config.database)
    return file.with_suffix(".transcript") if file else None


def terminal_of(config: Config, stream: TextIO, source: TextIO | None) -> Terminal:
    """The terminal, with its transcript and the history of its prompt beside the database."""
    zone = ZoneInfo(config.alerts.timezone)
    transcript = transcript_of(config)
    history = transcript.with_suffix(".history") if transcript else None
    return Terminal(transcript, stream, source=source, history=history, zone=zone)


@contextlib.asynccontextmanager
async def opened(
    config: Config, stream: TextIO, source: TextIO | None, hearing: Hearing, *, listening: bool = False
) -> AsyncIterator[Robowire]:
    """Everything built, the terminal between `source` and `stream`; at the end everything let go.

    `listening` builds the chats too whose tokens are set.
    """
    robot = _built(config, terminal_of(config, stream, source), hearing, listening=listening)
    try:
        yield robot
    finally:
        await robot.rest()
        letting_go: list[Closing] = [*robot.connected.values(), robot.fetcher, robot.parser]
        await asyncio.gather(*map(_close, [*letting_go, *([robot.assistant] if robot.assistant else [])]))
        robot.thread.shutdown()
        robot.store.close()


def _built(config: Config, terminal: Terminal, hearing: Hearing, *, listening: bool) -> Robowire:
    clock, merged = WallClock(), Merged(partial(knowledge_of, config))
    store = open_store(config.database)
    thread = ThreadPoolExecutor(1, thread_name_prefix="store")
    fetcher, parser = fetcher_of(config, clock), parser_of(config)
    zone = ZoneInfo(config.alerts.timezone)
    # twice as many polls as connections: while one is parsed or its answer handed over, its connection serves the next
    pace = Pace(2 * config.fetch.concurrency, config.fetch.per_host)
    placer = Placer(pass_over)
    writer = Writer(merged, placer, rhythm_of(config), config.alerts.per_poll)
    steady = SteadyClock()
    outage = Outage(store, steady, thread)
    ingest = Ingest(store, fetcher, parser, clock, writer, thread, pace, hearing, outage)
    assistant, assist = assistant_of(config), config.assist
    terms = Terms(seconds(assist.timeout), assist.per_day, assist.summaries)
    enrich = Enricher(assistant, store, clock, thread, terms).enrich if assistant else None
    chats: dict[str, Chat] = {"terminal": terminal}
    deliver = Deliverer(store, chats, clock, compose, thread, enrich, zone, config.limits.messages_per_hour, outage)
    digester = Digester(store, clock, thread, zone, deliver.wake, outage)
    indexer = Indexer(store, merged, placer, clock, thread, outage)
    hearing.on_alerts, hearing.on_items = deliver.wake, indexer.wake
    desk = Desk(store, fetcher, parser, clock, merged, seeds(), indexer.catch_up_if_possible, zone, config.limits)
    book = all_commands(desk, Throttle(config.limits.commands_per_minute, steady.now))
    connected = chats_of(config, front_of(desk, book), store, clock.now) if listening else {}
    chats.update(connected)
    return Robowire(
        config,
        store,
        clock,
        fetcher,
        parser,
        ingest,
        deliver,
        digester,
        indexer,
        desk,
        book,
        terminal,
        connected,
        outage,
        thread,
        assistant,
    )


class Closing(Protocol):
    """What is let go of at the end."""

    async def close(self) -> None:
        """Let go of everything."""


async def _close(one: Closing) -> None:
    """Let go of one thing; what takes too long is left to the operating system."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSING):
            await one.close()


def settle_memory() -> None:
    """Let the garbage collector pass over what is there: for a process that polls on, once its knowledge is read.

    With thousands of polls in flight it would look at all that often. Measured on 10,000 polls: a third of the time, and
    stalls of 15 ms instead of 70.
    """
    pass_over()
    gc.set_threshold(20_000, 20, 50)


def pass_over() -> None:
    """Let the collector look at what is there once, and never again: at what lives as long as the window of stories.

    It stops the whole process meanwhile: with 40,000 reports in the window a collection of all took 0.3 s.
    """
    gc.collect()
    gc.freeze()


def begin(store: Store, config: Config, knowledge: Knowledge, now: datetime) -> tuple[int, int]:
    """Give a new database the configured feeds and watchlists, once; answers how many of each.

    A database that had feeds at its first start keeps just those.
    """
    with store.write() as tx:
        if tx.settings.get("begun"):
            return 0, 0
        tx.settings.set("begun", now.isoformat())
        if tx.feeds.all():
            return 0, 0
        added = tx.feeds.add(starting_feeds(config), now)
        watchlists = starting_watchlists(config, knowledge) if not tx.watches.all(TERMINAL) else []
        for name, query in watchlists:
            tx.watches.add(TERMINAL, name, query, OWNER, now)
        return len(added), len(watchlists)


def starting_feeds(config: Config) -> list[NewFeed]:
    """The configured first feeds. Raises BadConfig for a file that cannot be read."""
    source = config.start.feeds
    if not source:
        return []
    path = folder(source, "feeds.opml")
    try:
        return opml.read(path.read_bytes())
    except (OSError, BadInput) as error:
        raise BadConfig([f"`start.feeds`: {path.name}: {error}"]) from error


def starting_watchlists(config: Config, knowledge: Knowledge) -> list[tuple[str, str]]:
    """Names and queries of the configured first watchlists. Raises BadConfig for a file or query that cannot be read."""
    source = config.start.watchlists
    if not source:
        return []
    path = folder(source, "watchlists.toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = [(str(row["name"]), str(row["query"])) for row in table["watchlist"]]
        for _, query in rows:
            parse_query(query, knowledge)
    except (OSError, KeyError, tomllib.TOMLDecodeError, BadQuery) as error:
        raise BadConfig([f"`start.watchlists`: {path.name}: {error}"]) from error
    return rows


async def run_once(robot: Robowire, hearing: Hearing) -> None:
    """Poll every feed once, post what follows, and return. A feed whose server asked for patience is left in peace."""
    now = robot.clock.now()

    def hasten() -> int:
        with robot.store.write() as tx:
            return tx.feeds.hasten(now)

    total = await asyncio.to_thread(hasten)
    with hearing.following(robot.terminal, "polling", total):
        await robot.ingest.drain()
    await robot.digester.tick()
    await robot.deliver.drain()
    if robot.outage.error:
        raise robot.outage.error
    if hearing.polls < total:
        raise StoreError(f"{total - hearing.polls} of {total} polls could not be stored; see the log above")


async def answer(robot: Robowire, line: str) -> Message:
    """What the terminal says to a line."""
    return (await robot.book.answer(line, TERMINAL, OWNER)).message


def greeting(robot: Robowire) -> Message:
    """The first words at the prompt."""
    with robot.store.read() as tx:
        feeds, watchlists = len(tx.feeds.all()), len(tx.watches.all(TERMINAL))
    return say(f"Robowire polls {feeds} feeds for {watchlists} watchlists. Alerts appear here; `help` lists commands.")
