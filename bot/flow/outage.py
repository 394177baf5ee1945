"""When the database cannot be written: nobody tries in vain, and all go on by themselves once it can be again."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from datetime import datetime, timedelta

from bot.errors import StoreError, Unwritable
from bot.log import logger
from bot.ports import Clock, Store

log = logger(__name__)

SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=5)
"""How long after an error the database is tried again: each time twice as long."""

_ROOM = "room"
_SIZE = 1 << 16  # characters; what polls of a few feeds need


class Outage:
    """Whether the database can be written, for all who write it unasked.

    Who fails calls `begin`; who is about to write, or to fetch or post what must then be written, asks `over` first. When it
    is time `over` writes a little to see. The log hears of the beginning and of the end. An outage that follows another one
    at once lasts longer: there was room for a little, and not for all.
    """

    def __init__(self, store: Store, clock: Clock, thread: Executor) -> None:
        self._store, self._clock, self._thread = store, clock, thread
        self._error: Unwritable | None = None
        self._wait, self._next = SHORTEST, clock.now()
        self._ended: datetime | None = None
        self._looking = False

    @property
    def error(self) -> Unwritable | None:
        """Why the database cannot be written; None if it can, as far as is known."""
        return self._error

    def begin(self, error: Unwritable) -> None:
        """Nothing could be written. May be called in the thread that writes, and while an outage goes on."""
        if self._error is not None:
            return
        now = self._clock.now()
        again = self._ended is not None and now - self._ended < 2 * LONGEST
        self._wait = min(2 * self._wait, LONGEST) if again else SHORTEST
        self._next = now + self._wait
        self._error = error
        log.error("%s. Polling and posting pause until it can be written again", error)

    async def over(self) -> bool:
        """Whether there is no outage, as far as is known."""
        if self._error is None:
            return True
        now = self._clock.now()
        if self._looking or self._next - self._wait <= now < self._next:  # before that only if the clock was set back
            return False
        self._looking = True
        try:
            error = await asyncio.get_running_loop().run_in_executor(self._thread, self._look)
        finally:
            self._looking = False
        if error is not None:
            self._wait = min(2 * self._wait, LONGEST)
            self._next = self._clock.now() + self._wait
            return False
        self._error, self._ended = None, now
        log.warning("the database can be written again: polling and posting go on")
        return True

    def _look(self) -> StoreError | None:
        try:
            probe(self._store)
        except StoreError as error:
            return error
        return None


def probe(store: Store) -> None:
    """Write a little, and take it back. Raises StoreError if that cannot be."""
    for text in ("-" * _SIZE, ""):
        with store.write() as tx:
            tx.settings.set(_ROOM, text)
