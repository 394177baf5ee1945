"""From the outbox to the chats: claim with a lease, post, record; first in first out in each place, places side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol, TypeVar

from bot.daytime import quiet_until, zone_of
from bot.errors import Gone, NeverAgain, NotFound, StoreError, TryAgain
from bot.flow.living import enriched
from bot.log import logger
from bot.message import Message
from bot.model import Alert, Delivery, MessageRef, platform
from bot.people import Hours
from bot.ports import Chat, Clock, Store, Transaction

log = logger(__name__)
T = TypeVar("T")

LEASE = timedelta(seconds=90)
"""Longer than the longest post; a delivery that was not recorded by then counts as ambiguous."""

_PLACES = 50
_EDIT_TRIES = 5  # failures of an unknown kind after which an edit is given up: a post is never


class Composer(Protocol):
    """Makes the message of an alert; `delivery_id` is what its buttons name it by."""

    def __call__(self, alert: Alert, now: datetime, *, zone: tzinfo, delivery_id: int) -> Message:
        """Times are shown in `zone`."""


class Deliverer:
    """Posts what waits in the outbox.

    At least once, and effectively once: a delivery that was claimed before and never recorded is looked up in the chat by
    its nonce before it is posted again; an edit is simply done again. `enrich` may add to an alert before it is composed; it
    must not fail. `zone` is that of places that have not said theirs. In quiet hours nothing but digests is posted: it waits,
    in order. Edits make no sound, so they need not wait.
    """

    def __init__(
        self,
        store: Store,
        chats: Mapping[str, Chat],
        clock: Clock,
        compose: Composer,
        thread: Executor,
        enrich: Callable[[Alert], Awaitable[Alert]] | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        self._store, self._chats, self._clock, self._compose, self._thread = store, chats, clock, compose, thread
        self._enrich, self._zone = enrich, zone
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
        """Start posting what can be posted now; answers how many deliveries were posted or put off."""
        if self._stopping or len(self._posts) >= _PLACES:
            return 0
        claimed = await self._write(self._claim) or []
        for delivery, hours in claimed:
            if hours is None:
                continue
            task = asyncio.create_task(self._deliver(delivery, hours))
            self._posts.add(task)
            task.add_done_callback(self._posted)
        return len(claimed)

    def _claim(self, tx: Transaction) -> list[tuple[Delivery, Hours | None]]:
        """The heads of queues, each with the hours of its place; without them those that wait for quiet hours to end."""
        now = self._clock.now()
        claimed: list[tuple[Delivery, Hours | None]] = []
        for delivery in tx.outbox.claim(now, now + LEASE, _PLACES):
            hours = tx.hours.get(delivery.alert.place)
            silent = delivery.alert.kind == "digest" or delivery.edits
            end = None if silent else quiet_until(hours, now, zone_of(hours, self._zone))
            if end is not None:
                tx.outbox.hold(delivery.id, end)
            claimed.append((delivery, hours if end is None else None))
        return claimed

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

    async def _deliver(self, delivery: Delivery, hours: Hours) -> None:
        """One delivery, from the claim to the record; what cannot be recorded comes back when its lease runs out."""
        place, said = delivery.alert.place, delivery.alert
        try:
            if delivery.edits:
                ref = await self._edit(delivery, hours)
            else:
                ref, said = await self._post(delivery, hours)
        except TryAgain as error:
            due, reason = self._clock.now() + timedelta(seconds=error.after), str(error)
            await self._write(lambda tx: tx.outbox.retry(delivery.id, due, reason))
        except NeverAgain as error:
            log.warning("nothing more is posted to %s: %s", place, error)
            at, reason = self._clock.now(), str(error)
            await self._write(lambda tx: tx.outbox.disable(place, reason, at))
        except Exception:
            log.exception("delivery %d to %s failed in an unknown way; it comes back", delivery.id, place)
            if delivery.edits and delivery.attempts >= _EDIT_TRIES:
                await self._write(lambda tx: tx.outbox.done(delivery.id, MessageRef(place, ""), self._clock.now()))
        else:
            await self._write(lambda tx: self._record(tx, delivery, ref, said))

    def _record(self, tx: Transaction, delivery: Delivery, ref: MessageRef | None, said: Alert) -> None:
        """That it is done, and what was said beyond what was queued; an edit without a message is dropped."""
        tx.outbox.done(delivery.id, ref or MessageRef(delivery.alert.place, ""), self._clock.now())
        if delivery.edits and ref is None:
            tx.outbox.gone(delivery.edits)
        elif said != delivery.alert:
            tx.outbox.amend(delivery.id, enriched(tx.outbox.alert(delivery.id), said))

    async def _post(self, delivery: Delivery, hours: Hours) -> tuple[MessageRef, Alert]:
        """Post it, unless it was already; answers where, and what it said."""
        place, chat = delivery.alert.place, self._chat(delivery)
        if delivery.ambiguous:
            ref = await chat.find(place, delivery.nonce, delivery.anchor)
            if ref is not None:
                return ref, delivery.alert
        alert = await self._enrich(delivery.alert) if self._enrich else delivery.alert
        message = self._composed(alert, hours, delivery.id)
        return await chat.post(place, message, delivery.nonce, delivery.anchor), alert

    async def _edit(self, delivery: Delivery, hours: Hours) -> MessageRef | None:
        """Let a posted message say what is known by now; None if it is gone."""
        place, chat = delivery.alert.place, self._chat(delivery)
        if delivery.anchor is None:
            return None
        try:
            await chat.edit(delivery.anchor, self._composed(delivery.alert, hours, delivery.edits))
        except Gone as error:
            log.info("a message at %s cannot be changed any more: %s", place, error)
            return None
        return delivery.anchor

    def _chat(self, delivery: Delivery) -> Chat:
        name = platform(delivery.alert.place)
        if name not in self._chats:
            raise TryAgain(f"no chat for {name} is running", after=300)
        return self._chats[name]

    def _composed(self, alert: Alert, hours: Hours, number: int) -> Message:
        return self._compose(alert, self._clock.now(), zone=zone_of(hours, self._zone), delivery_id=number)

    async def _write(self, act: Callable[[Transaction], T]) -> T | None:
        def run() -> T | None:
            try:
                with self._store.write() as tx:
                    return act(tx)
            except NotFound as error:  # everything of its place was deleted while it was being posted
                log.info("%s any more", error)
                return None
            except StoreError as error:
                log.error("the outbox could not be written: %s", error)
                return None

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)
