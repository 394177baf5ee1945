"""What every command works with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.classify.knowledge.seeds import Knowledge
from bot.command import Call, Handler, Reply
from bot.merged import Merged
from bot.ports import Clock, Fetcher, Parser, Store, Transaction

T = TypeVar("T")
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Desk:
    """The ports and the knowledge that commands use.

    `seeds` is the folder of what travels with the program; `catch_up` makes all stored items findable; `zone` is the time zone
    of places that have not said theirs.
    """

    store: Store
    fetcher: Fetcher
    parser: Parser
    clock: Clock
    merged: Merged
    seeds: Path
    catch_up: Callable[[], Awaitable[object]]
    zone: ZoneInfo = UTC_ZONE

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

    async def write(self, act: Callable[[Transaction], T]) -> T:
        """Run a change in a thread, in one transaction."""

        def run() -> T:
            with self.store.write() as tx:
                return act(tx)

        return await asyncio.to_thread(run)
