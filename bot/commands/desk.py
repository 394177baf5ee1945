"""What every command works with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.classify.knowledge.seeds import Knowledge
from bot.command import Call, Handler, Reply
from bot.config import Limits
from bot.log import masked
from bot.merged import Merged
from bot.model import Place, is_own
from bot.people import Change
from bot.ports import Clock, Fetcher, Parser, Store, Transaction
from bot.text import one_line, shorten

T = TypeVar("T")
UTC_ZONE = ZoneInfo("UTC")
USUAL = Limits()
_LONGEST_ARGS = 1000


@dataclass(frozen=True, slots=True)
class Desk:
    """The ports and the knowledge that commands use.

    `seeds` is the folder of what travels with the program; `catch_up` makes all stored items findable; `zone` is the time zone
    of places that have not said theirs; `limits` is how much people may ask for.
    """

    store: Store
    fetcher: Fetcher
    parser: Parser
    clock: Clock
    merged: Merged
    seeds: Path
    catch_up: Callable[[], Awaitable[object]]
    zone: ZoneInfo = UTC_ZONE
    limits: Limits = USUAL

    @property
    def knowledge(self) -> Knowledge:
        """What is known now, what people here added included."""
        return self.merged.latest

    def informed(self, handler: Handler) -> Handler:
        """The handler, which finds `knowledge` as it is in the store when it is called."""

        async def act(call: Call) -> Reply:
            await self.read(self.merged.heed)
            return await handler(call)

        return act

    async def read(self, act: Callable[[Transaction], T]) -> T:
        """Run a look-up in a thread, over one moment of the store."""

        def run() -> T:
            with self.store.read() as tx:
                return act(tx)

        return await asyncio.to_thread(run)

    async def change(self, call: Call, act: Callable[[Transaction], T]) -> T:
        """Carry out what a command changes, in one transaction with the note of who said it.

        Somebody who sets something at a place can read what is posted there: a place that was given up is told again.
        """
        at = self.clock.now()

        def run() -> T:
            with self.store.write() as tx:
                result = act(tx)
                tx.outbox.enable(call.place)
                tx.audit.add(noted(call, at))
                return result

        return await asyncio.to_thread(run)


def noted(call: Call, at: datetime) -> Change:
    """Who said what, where and when: without secrets. What belongs to all places is noted for the whole workspace."""
    place = Place(workspace(call.place)) if call.shared and is_own(call.place) else call.place
    return Change(at, place, call.person, " ".join(call.path), shorten(masked(one_line(call.said)), _LONGEST_ARGS))


def workspace(place: Place) -> str:
    """The workspace or server of a place (`slack:T0`); the place itself if it is in none."""
    return place.partition("/")[0]
