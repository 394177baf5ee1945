"""Making stored items findable, behind the polls.

What the items of a silent baseline are about, and which stories they belong to, is asked here: nobody waits for it.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import replace

from bot.classify.knowledge import Knowledge
from bot.classify.match import Matcher
from bot.errors import StoreError
from bot.flow.stories import assign
from bot.log import logger
from bot.model import StoredItem
from bot.ports import Clock, Store

log = logger(__name__)

_CHUNK = 200
_PATIENCE = 30.0


class Indexer:
    """Indexes what was stored, a chunk to a transaction, in the thread in which polls are written."""

    def __init__(self, store: Store, knowledge: Knowledge, clock: Clock, thread: Executor) -> None:
        self._store, self._clock, self._thread = store, clock, thread
        self._matcher = Matcher(knowledge)
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """There are new items."""
        self._awake.set()

    async def catch_up(self) -> int:
        """Index until nothing is left to do; answers how many items there were. Raises StoreError."""
        loop, done = asyncio.get_running_loop(), 0
        while count := await loop.run_in_executor(self._thread, self._chunk):
            done += count
        return done

    async def run(self) -> None:
        """Index whenever woken, until cancelled; after trouble with the store try again a little later."""
        while True:
            self._awake.clear()
            try:
                await self.catch_up()
                await self._awake.wait()
            except StoreError as error:
                log.error("new items cannot be looked up yet: %s", error)
                await self._clock.sleep(_PATIENCE)

    def _chunk(self) -> int:
        with self._store.write() as tx:
            unread = tx.items.unread(_CHUNK)
            stories = iter(assign(tx, [(one.item, one.fetched) for one in unread if not one.known]))
            tx.items.index([one if one.known else self._understood(one, next(stories)) for one in unread])
            return len(unread)

    def _understood(self, stored: StoredItem, story_id: int) -> StoredItem:
        topics, entities = self._matcher.about(stored.item)
        return replace(stored, story_id=story_id, topics=topics, entities=entities, known=True)
