"""What every command works with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.classify.knowledge import Knowledge
from bot.ports import Clock, Fetcher, Parser, Store, Transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """The ports and the knowledge that commands use.

    `seeds` is the folder of what travels with the program; `catch_up` makes all stored items findable.
    """

    store: Store
    fetcher: Fetcher
    parser: Parser
    clock: Clock
    knowledge: Knowledge
    seeds: Path
    catch_up: Callable[[], Awaitable[object]]

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
