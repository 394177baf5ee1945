"""Making stored items findable, behind the polls.

What the items of a silent baseline are about, and which stories they belong to, is asked here: nobody waits for it.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import replace

from bot.alerted import acting_entities, matched_topics, named_entities
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.errors import StoreError, Unwritable
from bot.flow.decide import oldest_first
from bot.flow.outage import Outage
from bot.flow.stories import Placed, Placer
from bot.flow.suggest import suggest
from bot.log import logger
from bot.merged import Merged
from bot.model import Classification, StoredItem
from bot.ports import Clock, Store

log = logger(__name__)

_CHUNK = 200
_PATIENCE = 30.0


class Indexer:
    """Indexes what was stored, a chunk to a transaction, in the thread in which polls are written."""

    def __init__(
        self,
        store: Store,
        merged: Merged,
        placer: Placer,
        clock: Clock,
        thread: Executor,
        outage: Outage | None = None,
    ) -> None:
        self._store, self._clock, self._thread, self._merged, self._placer = store, clock, thread, merged, placer
        self._outage = outage or Outage(store, clock, thread)
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

    async def catch_up_if_possible(self) -> None:
        """The same for who asks: where nothing can be written, what is indexed is all that is found."""
        if not await self._outage.over():
            return
        try:
            await self.catch_up()
        except Unwritable as error:
            self._outage.begin(error)

    async def run(self) -> None:
        """Index whenever woken, until cancelled; after trouble with the store try again a little later."""
        while True:
            self._awake.clear()
            try:
                if await self._outage.over():
                    await self.catch_up()
                    await self._awake.wait()
                    continue
            except Unwritable as error:
                self._outage.begin(error)
            except StoreError as error:
                log.error("new items cannot be looked up yet: %s", error)
            await self._clock.sleep(_PATIENCE)

    def _chunk(self) -> int:
        with self._store.write() as tx:
            unread = tx.items.unread(_CHUNK)
            if not unread:
                return 0
            knowledge = self._merged.of(tx)
            matcher = self._matcher(knowledge)
            read = [(one.item, matcher.read(one.item)[0], one.fetched) for one in unread if not one.known]
            order = oldest_first([item for item, *_ in read])
            places = dict(zip(order, self._placer.place(tx, [read[n] for n in order]), strict=True))
            placed = iter([(about, places[n]) for n, (_, about, _) in enumerate(read)])
            known = [one if one.known else _understood(one, *next(placed)) for one in unread]
            tx.items.index(known)
            suggest(tx, {one.story_id for one in known if one.deals}, knowledge, self._clock.now())
            return len(unread)

    def _matcher(self, knowledge: Knowledge) -> Matcher:
        """Compiled with what people have added to the gazetteer since the last chunk."""
        if self._compiled is None or self._compiled[0] is not knowledge:
            self._compiled = (knowledge, Matcher(knowledge))
        return self._compiled[1]


def _understood(stored: StoredItem, about: Classification, placed: Placed) -> StoredItem:
    return replace(
        stored,
        story_id=placed.story_id,
        topics=matched_topics(about),
        entities=named_entities(about),
        known=True,
        event=about.event,
        deals=about.deals,
        status=placed.status,
        placed=placed.why,
        copy=placed.copy,
        actors=acting_entities(about),
    )
