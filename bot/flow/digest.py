"""Daily digests: when each is due, what is in it, and queueing it exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from bot.cards import DIGEST_STORIES
from bot.daytime import instant, zone_of
from bot.errors import StoreError, Unwritable
from bot.flow.gather import of_roots
from bot.flow.outage import Outage
from bot.flow.telling import root_of
from bot.log import logger
from bot.model import Alert, Place
from bot.muted import Traits, silencing
from bot.people import DigestEntry, Hours, Mute, Sent
from bot.ports import Clock, Store, Transaction

log = logger(__name__)

KEPT = timedelta(days=30)
"""So long a story waits for a digest that is off."""

_AGAIN, _SOON = timedelta(days=1), timedelta(hours=1)
_PLACES = 50
_DAY = timedelta(days=1)


# -- decisions ---------------------------------------------------------------------------------------------------------


def due(hours: Hours, last: Sent | None, after: datetime, zone: tzinfo) -> datetime | None:
    """The first time from `after` on at which the place's digest is due; None if it wants none.

    It is the time of day that `hours` say, in `zone`, at most once in a local day: days that the clocks shorten or lengthen
    have one, and after a move to another zone no day that had one, there or here, has another.
    """
    if not hours.digesting:
        return None
    day = after.astimezone(zone).date()
    if last is not None:
        day = max(day, last.day + _DAY, last.at.astimezone(zone).date() + _DAY)
    while (at := instant(day, hours.digest, zone)) is None or at < after:
        day += _DAY
    return at


def digest(
    place: Place, entries: Sequence[DigestEntry], watchlists: Mapping[int, str], mutes: Sequence[Mute]
) -> Alert | None:
    """One message with all that waits, newest first; None if mutes and removed watchlists leave nothing.

    Of the stories that are only counted as little is kept as tells which they were.
    """
    items = []
    for one in entries:
        asking = [number for number in one.watchlists if number in watchlists]
        mine = Traits(one.item.root, one.item.source, one.companies)
        if asking and silencing(mutes, mine, asking) is None:
            items.append(replace(one.item, watchlists=tuple(watchlists[number] for number in asking)))
    if not items:
        return None
    items.sort(key=lambda item: item.published, reverse=True)
    shown = [replace(item, words=()) for item in items[:DIGEST_STORIES]]
    rest = [
        replace(item, summary="", image="", words=(), spans=(), topics=(), entities=(), deals=())
        for item in items[DIGEST_STORIES:]
    ]
    wanted = {name for item in items for name in item.watchlists}
    names = tuple(name for name in watchlists.values() if name in wanted)
    return Alert("digest", place, names, (*shown, *rest), len(items))


# -- acting on them ----------------------------------------------------------------------------------------------------


class Digester:
    """Puts digests that are due into the outbox.

    That a digest is queued, that it was sent, and that nothing waits for it any more is written in one transaction, so a
    process that dies neither loses nor repeats one. What became due while none ran is one digest at the next start.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        thread: Executor,
        zone: tzinfo,
        hear: Callable[[], None] = lambda: None,
        outage: Outage | None = None,
    ) -> None:
        self._store, self._clock, self._thread, self._zone, self._hear = store, clock, thread, zone, hear
        self._outage = outage or Outage(store, clock, thread)

    async def tick(self) -> int:
        """Queue what is due by now; answers how many digests that were."""
        if not await self._outage.over():
            return 0
        count = await asyncio.get_running_loop().run_in_executor(self._thread, self._queue)
        if count:
            self._hear()
        return count

    def _queue(self) -> int:
        now = self._clock.now()
        try:
            with self._store.read() as view:
                places = view.digests.due(now, _PLACES)
            return self._together(places, now)
        except Unwritable as error:
            self._outage.begin(error)
            return 0
        except StoreError as error:
            log.error("digests could not be queued, they will be tried again: %s", error)
            return 0

    def _together(self, places: Sequence[Place], now: datetime) -> int:
        """In one transaction; where that fails, each by itself, so that one bad row keeps no other place waiting."""
        if not places:
            return 0
        try:
            with self._store.write() as tx:
                return sum(self._one(tx, place, now) for place in places)
        except Unwritable:
            raise
        except StoreError as error:
            if len(places) > 1:
                return sum(self._together([place], now) for place in places)
            log.error("the digest of %s could not be queued; it is tried again in an hour: %s", places[0], error)
            with self._store.write() as tx:
                tx.digests.look(places[0], now + _SOON)
            return 0

    def _one(self, tx: Transaction, place: Place, now: datetime) -> bool:
        """Look at one place: queue its digest, or note when to look again."""
        hours, entries = tx.hours.get(place), tx.digests.entries(place)
        if not entries:
            tx.digests.clear(place)
            return False
        zone = zone_of(hours, self._zone)
        last = tx.digests.sent(place)
        if last is not None and last.at > now + _AGAIN:
            last = None  # by a clock that was wrong: it must not silence the place until then
        at = due(hours, last, min(now, *(one.at for one in entries)), zone)
        if at is None:
            tx.digests.drop({(one.item.story_id, place) for one in entries if one.at < now - KEPT})
            tx.digests.look(place, now + _AGAIN)
            return False
        if at > now:
            tx.digests.look(place, at)
            return False
        names = {one.id: one.name for one in tx.watches.all(place)}
        mutes = of_roots(tx.mutes.of([place], now), lambda story: root_of(tx, story))
        alert = digest(place, entries, names, mutes)
        if alert is None:
            tx.digests.clear(place)
            return False
        tx.outbox.add([alert], now)
        tx.digests.clear(place, Sent(now, now.astimezone(zone).date()))
        return True
