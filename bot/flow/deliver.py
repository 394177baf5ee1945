"""From the outbox to the chats: claim with a lease, post, record; first in first out in each place, places side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import TypeVar

from bot.errors import NeverAgain, StoreError, TryAgain
from bot.log import logger
from bot.message import Message
from bot.model import Alert, Delivery, MessageRef, platform
from bot.ports import Chat, Clock, Store, Transaction

log = logger(__name__)
T = TypeVar("T")

LEASE = timedelta(seconds=90)
"""Longer than the longest post; a delivery that was not recorded by then counts as ambiguous."""

_PLACES = 50


class Deliverer:
    """Posts what waits in the outbox.

    At least once, and effectively once: a delivery that was claimed before and never recorded is looked up in the chat by
    its nonce before it is posted again.
    """

    def __init__(
        self,
        store: Store,
        chats: Mapping[str, Chat],
        clock: Clock,
        compose: Callable[[Alert, datetime], Message],
        thread: Executor,
    ) -> None:
        self._store, self._chats, self._clock, self._compose, self._thread = store, chats, clock, compose, thread
        self._posts: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """There may be something to post: called when alerts were queued, when a post is done, and now and then."""
        self._awake.set()

    async def run(self) -> None:
        """Post whenever woken, until cancelled."""
        while True:
            self._awake.clear()
            if not await self.tick():
                await self._awake.wait()

    async def tick(self) -> int:
        """Start posting what can be posted now; answers how many posts were started."""
        if self._stopping or len(self._posts) >= _PLACES:
            return 0
        now = self._clock.now()
        claimed = await self._write(lambda tx: tx.outbox.claim(now, now + LEASE, _PLACES)) or []
        for delivery in claimed:
            task = asyncio.create_task(self._deliver(delivery))
            self._posts.add(task)
            task.add_done_callback(self._posted)
        return len(claimed)

    async def drain(self) -> None:
        """Post until nothing can be posted now."""
        while await self.tick() or self._posts:
            if self._posts:
                await asyncio.wait(set(self._posts), return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, grace: float) -> None:
        """Start nothing more and finish what is being posted within `grace` seconds."""
        self._stopping = True
        if self._posts:
            _, late = await asyncio.wait(set(self._posts), timeout=grace)
            for task in late:
                task.cancel()

    def _posted(self, task: asyncio.Task[None]) -> None:
        self._posts.discard(task)
        self.wake()

    async def _deliver(self, delivery: Delivery) -> None:
        """One delivery, from the claim to the record; what cannot be recorded comes back when its lease runs out."""
        place = delivery.alert.place
        try:
            ref = await self._post(delivery)
        except TryAgain as error:
            due, reason = self._clock.now() + timedelta(seconds=error.after), str(error)
            await self._write(lambda tx: tx.outbox.retry(delivery.id, due, reason))
        except NeverAgain as error:
            log.warning("nothing more is posted to %s: %s", place, error)
            at, reason = self._clock.now(), str(error)
            await self._write(lambda tx: tx.outbox.disable(place, reason, at))
        except Exception:
            log.exception("delivery %d to %s failed in an unknown way; it comes back", delivery.id, place)
        else:
            at = self._clock.now()
            await self._write(lambda tx: tx.outbox.done(delivery.id, ref, at))

    async def _post(self, delivery: Delivery) -> MessageRef:
        place = delivery.alert.place
        chat = self._chats.get(platform(place))
        if chat is None:
            raise TryAgain(f"no chat for {platform(place)} is running", after=300)
        if delivery.ambiguous:
            ref = await chat.find(place, delivery.nonce)
            if ref is not None:
                return ref
        return await chat.post(place, self._compose(delivery.alert, self._clock.now()), delivery.nonce)

    async def _write(self, act: Callable[[Transaction], T]) -> T | None:
        def run() -> T | None:
            try:
                with self._store.write() as tx:
                    return act(tx)
            except StoreError as error:
                log.error("the outbox could not be written: %s", error)
                return None

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)
