"""From due feeds to the outbox: fetch and parse side by side, then decide and write, many polls to a transaction."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import FetchError, ParseError, Unwritable
from bot.flow.decide import NOT_MODIFIED, Answer
from bot.flow.outage import Outage
from bot.flow.setback import Setback
from bot.flow.write import Polled, Writer
from bot.log import logger
from bot.model import Feed, Request
from bot.ports import Clock, Fetcher, Parser, Store
from bot.text import hash63

log = logger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than the longest poll; a feed whose poll was lost with its process is taken again after it."""

_CUTS = 3  # polls in a row whose document was cut: then it is how the feed is, and what came of it is taken

_BATCH, _ITEMS = 512, 2_000
"""Answers, and items in them, that one transaction takes at most."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once: polls in flight, and polls of one host."""

    concurrency: int = 100
    per_host: int = 4


class Ingest:
    """The straight line from the due-queue to the outbox.

    `tick` starts what is due and returns; polls go on beside each other. Writing happens in `thread`, one batch after
    another. `hear` is told of every poll once it is committed. While the database cannot be written nothing is polled; what
    was polled and not stored then is due as it was before.
    """

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        parser: Parser,
        clock: Clock,
        writer: Writer,
        thread: Executor,
        pace: Pace,
        hear: Callable[[Polled], None],
        outage: Outage | None = None,
    ) -> None:
        self._store, self._fetcher, self._parser, self._clock = store, fetcher, parser, clock
        self._writer, self._thread, self._pace, self._hear = writer, thread, pace, hear
        self._outage = outage or Outage(store, clock, thread)
        self._setback = Setback()
        self._unstored: dict[int, Feed] = {}
        self._slots = asyncio.Semaphore(pace.concurrency)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._busy: set[int] = set()
        self._polls: set[asyncio.Task[None]] = set()
        self._answers: asyncio.Queue[Answer] = asyncio.Queue()
        self._written = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None
        self._claiming = asyncio.Lock()
        self._stopping = False

    @property
    def busy(self) -> int:
        """Polls that were started and are not written yet."""
        return len(self._busy)

    async def tick(self) -> int:
        """Start polls of due feeds while there is room; answers how many were started. Raises what ended the writing."""
        async with self._claiming:
            if self._writing is not None and self._writing.done():
                ended, self._writing = self._writing, None  # the next tick starts it anew
                ended.result()
            room = 4 * self._pace.concurrency - self.busy
            if self._stopping or room < self._pace.concurrency or not await self._outage.over():
                return 0
            feeds = await asyncio.get_running_loop().run_in_executor(self._thread, self._claim, room)
            started = [feed for feed in feeds if feed.id not in self._busy]
            for feed in started:
                self._busy.add(feed.id)
                task = asyncio.create_task(self._poll(feed))
                self._polls.add(task)
                task.add_done_callback(self._ended)
            if started and self._writing is None:
                self._writing = asyncio.create_task(self._write())
            return len(started)

    async def drain(self) -> None:
        """Poll until nothing is due and everything is written."""
        while await self.tick() or self._busy:
            self._written.clear()
            await self._written.wait()

    async def stop(self, grace: float) -> None:
        """Start nothing more, finish what is in flight within `grace` seconds, abandon the rest: its leases run out."""
        self._stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while self._busy:
                    self._written.clear()
                    await self._written.wait()
        ending = [*self._polls, *([self._writing] if self._writing else [])]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        self._let_go([*self._busy])  # answers that nobody writes any more

    def _claim(self, room: int) -> list[Feed]:
        now = self._clock.now()
        try:
            with self._store.write() as tx:
                tx.feeds.save(list(self._unstored.values()))
                self._setback.heed(tx, now)
                feeds = tx.feeds.claim(now, now + LEASE, room)
            self._setback.seen(now)
        except Unwritable as error:
            self._outage.begin(error)
            return []
        self._unstored.clear()
        return feeds

    async def _poll(self, feed: Feed) -> None:
        """One poll from the claim to the commit. The gate of the host comes first, so that waiting takes no slot."""
        host = feed.url.partition("://")[2].partition("/")[0].rpartition("@")[2]
        gate = self._hosts.setdefault(host, asyncio.Semaphore(self._pace.per_host))
        answer = None
        try:
            async with gate, self._slots:
                answer = await self._ask(feed)
        finally:
            if answer is None:  # a bug or a cancellation: the feed comes again when its lease runs out
                self._let_go([feed.id])
        self._answers.put_nowait(answer)

    async def _ask(self, feed: Feed) -> Answer:
        """Fetch and parse one feed; expected failures become part of the answer."""
        try:
            page = await self._fetcher.fetch(Request(feed.url, feed.etag, feed.modified))
            if page.status == NOT_MODIFIED:
                return Answer(feed, page.fetched, page)
            body_key = hash63(page.body)
            if body_key == feed.body_key:
                return Answer(feed, page.fetched, page)
            parsed = await self._parser.parse(page, feed.url)
            if parsed.cut and feed.failures < _CUTS:
                raise FetchError("the document ends before its end: it was cut on its way")
        except FetchError as error:
            return Answer(feed, self._clock.now(), error=error)
        except ParseError as error:
            return Answer(feed, self._clock.now(), error=FetchError(str(error)), killed=error.killed)
        return Answer(feed, page.fetched, page, parsed, body_key)

    async def _write(self) -> None:
        """Commit answers as they come: while one batch is being written the next one gathers."""
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._answers.get()]
            items = 0
            while len(batch) < _BATCH and items < _ITEMS and not self._answers.empty():
                batch.append(self._answers.get_nowait())
                items += len(batch[-1].items)
            try:
                for polled in await loop.run_in_executor(self._thread, self._commit, batch):
                    self._hear(polled)
            finally:
                self._let_go([answer.feed.id for answer in batch])

    def _let_go(self, feed_ids: Sequence[int]) -> None:
        self._busy.difference_update(feed_ids)
        if not self._busy:
            self._hosts.clear()
        self._written.set()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._polls.discard(task)
        if not task.cancelled() and (bug := task.exception()) is not None:
            log.error("a poll failed in an unknown way", exc_info=bug)

    def _commit(self, answers: Sequence[Answer]) -> list[Polled]:
        """Write a batch; where that fails, each answer by itself, so that one bad feed harms no other."""
        try:
            with self._store.write() as tx:
                return self._writer.write(tx, answers)
        except Unwritable as error:
            self._outage.begin(error)
            log.info("%d polls were not stored; they will be repeated", len(answers))
            self._unstored.update((answer.feed.id, answer.feed) for answer in answers)
            return []
        except Exception:
            if len(answers) == 1:
                log.exception("a poll could not be stored: %s", answers[0].feed.url)
                return [Polled(answers[0].feed, error="could not be stored; see the log")]
            return [polled for answer in answers for polled in self._commit([answer])]
