"""Making stored items findable, behind the polls.

What the items of a silent baseline are about, and which stories they belong to, is asked here: nobody waits for it.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import replace

from bot.alerted import matched_topics, named_entities
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.errors import StoreError
from bot.flow.stories import assign
from bot.flow.suggest import suggest
from bot.log import logger
from bot.merged import Merged
from bot.model import StoredItem
from bot.ports import Clock, Store

log = logger(__name__)

_CHUNK = 200
_PATIENCE = 30.0


class Indexer:
    """Indexes what was stored, a chunk to a transaction, in the thread in which polls are written."""

    def __init__(self, store: Store, merged: Merged, clock: Clock, thread: Executor) -> None:
        self._store, self._clock, self._thread, self._merged = store, clock, thread, merged
        self._compiled: tuple[Knowledge, Matcher] | None = None
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
            if not unread:
                return 0
            knowledge = self._merged.of(tx)
            stories = iter(assign(tx, [(one.item, one.fetched) for one in unread if not one.known]))
            matcher = self._matcher(knowledge)
            known = [one if one.known else _understood(matcher, one, next(stories)) for one in unread]
            tx.items.index(known)
            suggest(tx, {one.story_id for one in known if one.deals}, knowledge, self._clock.now())
            return len(unread)

    def _matcher(self, knowledge: Knowledge) -> Matcher:
        """Compiled with what people have added to the gazetteer since the last chunk."""
        if self._compiled is None or self._compiled[0] is not knowledge:
            self._compiled = (knowledge, Matcher(knowledge))
        return self._compiled[1]


def _understood(matcher: Matcher, stored: StoredItem, story_id: int) -> StoredItem:
    about, _ = matcher.read(stored.item)
    return replace(
        stored,
        story_id=story_id,
        topics=matched_topics(about),
        entities=named_entities(about),
        known=True,
        event=about.event,
        deals=about.deals,
    )
