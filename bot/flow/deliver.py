"""From the outbox to the chats: claim with a lease, post, record; first in first out in each place, places side by side."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol, TypeVar

from bot.daytime import quiet_until, zone_of
from bot.errors import ChatError, Gone, NeverAgain, NotFound, StoreError, TryAgain, Unwritable
from bot.flow.fold import FOLDED, folded
from bot.flow.living import enriched
from bot.flow.outage import Outage
from bot.log import logger
from bot.message import Message
from bot.model import TERMINAL, Alert, Delivery, MessageRef, Place, own_place, platform
from bot.people import Hours
from bot.ports import Chat, Clock, Store, Transaction

log = logger(__name__)
T = TypeVar("T")

LEASE = timedelta(seconds=90)
"""Longer than the longest post; a delivery that was not recorded by then counts as ambiguous."""

_HOUR = timedelta(hours=1)
_PLACES = 50  # of each platform, so that one that does not answer keeps no other waiting
_EDIT_TRIES = 5  # failures of an unknown kind after which an edit is given up: a post is never


_OWNERS = 5  # people who are told that a place is gone


class Composer(Protocol):
    """Makes the message of an alert; `delivery_id` is what its buttons name it by."""

    def __call__(self, alert: Alert, now: datetime, *, zone: tzinfo, delivery_id: int) -> Message:
        """Times are shown in `zone`."""


class Deliverer:
    """Posts what waits in the outbox.

    At least once, and effectively once: a delivery that was claimed before and never recorded is looked up in the chat by
    its nonce before it is posted again; an edit is simply done again. What was posted while the database could not be
    written is remembered, and recorded as soon as it can be. `enrich` may add to an alert before it is composed; it must
    not fail. `zone` is that of places that have not said theirs. In quiet hours nothing but digests is posted: it waits, in
    order. Edits make no sound, so they need not wait. A place gets at most `hourly` messages within an hour, 0 for any
    number: the last of them has all that waits there by then, what comes later waits. Digests and notices always go, and
    count.
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
        hourly: int = 0,
        outage: Outage | None = None,
    ) -> None:
        self._store, self._chats, self._clock, self._compose, self._thread = store, chats, clock, compose, thread
        self._enrich, self._zone, self._hourly = enrich, zone, hourly
        self._outage = outage or Outage(store, clock, thread)
        self._unrecorded: dict[int, tuple[Delivery, MessageRef | None, Alert]] = {}
        self._posts: dict[asyncio.Task[None], str] = {}  # each with its platform
        self._posting: set[int] = set()
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
        if self._stopping or not await self._outage.over():
            return 0
        await self._record_late()
        full = {name for name, count in Counter(self._posts.values()).items() if count >= _PLACES}
        if full.issuperset(self._chats):
            return 0
        claimed = await self._write(lambda tx: self._claim(tx, full)) or []
        for delivery, hours in claimed:
            if hours is None or delivery.id in self._posting:  # its lease ran out meanwhile: the clock may have jumped
                continue
            self._posting.add(delivery.id)
            task = asyncio.create_task(self._deliver(delivery, hours))
            self._posts[task] = platform(delivery.alert.place)
            task.add_done_callback(self._posted)
        return len(claimed)

    def _claim(self, tx: Transaction, full: set[str]) -> list[tuple[Delivery, Hours | None]]:
        """What is to be posted at each place, with the hours of the place; without them what has to wait."""
        now = self._clock.now()
        claimed: list[tuple[Delivery, Hours | None]] = []
        for head in tx.outbox.claim(now, now + LEASE, _PLACES, full):
            hours = tx.hours.get(head.alert.place)
            delivery, end = self._turn(tx, head, hours, now)
            if end is not None:
                tx.outbox.hold(delivery.id, end)
            claimed.append((delivery, hours if end is None else None))
        return claimed

    def _turn(self, tx: Transaction, head: Delivery, hours: Hours, now: datetime) -> tuple[Delivery, datetime | None]:
        """What is to be posted, and until when it must wait, if it must."""
        if head.edits or head.alert.kind == "digest":
            return head, None
        end = quiet_until(hours, now, zone_of(hours, self._zone))
        return (head, end) if end is not None else self._limited(tx, head, now)

    def _limited(self, tx: Transaction, head: Delivery, now: datetime) -> tuple[Delivery, datetime | None]:
        """The same, where a place was told as much within an hour as it may be: the last message has all that waits.

        What may have been posted already stays as it was: it is looked for by what it is.
        """
        place = head.alert.place
        if not self._hourly or platform(place) == "terminal" or head.alert.kind not in FOLDED:
            return head, None
        posted = tx.outbox.posted(place, now - _HOUR)
        left = self._hourly - len(posted)
        if left <= 0:
            return head, posted[-left] + _HOUR
        if left > 1 or head.ambiguous:
            return head, None
        behind = {number: alert for number, alert in tx.outbox.behind(place).items() if alert.kind in FOLDED}
        if not behind:
            return head, None
        alert = folded((head.alert, *behind.values()), self._hourly)
        tx.outbox.fold(head.id, [*behind], alert)
        return replace(head, alert=alert, anchor=None), None

    async def drain(self) -> None:
        """Post until nothing can be posted now."""
        while await self.tick() or self._posts:
            if self._posts:
                await asyncio.wait(set(self._posts), return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, grace: float) -> None:
        """Start nothing more, finish what is being posted within `grace` seconds, abandon the rest: it is ambiguous then."""
        self._stopping = True
        if self._posts:
            _, late = await asyncio.wait(set(self._posts), timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._record_late()

    def _posted(self, task: asyncio.Task[None]) -> None:
        del self._posts[task]
        self.wake()

    async def _deliver(self, delivery: Delivery, hours: Hours) -> None:
        """One delivery, from the claim to the record; what cannot be recorded comes back when its lease runs out."""
        place, said = delivery.alert.place, delivery.alert
        try:
            if delivery.id in self._unrecorded:
                _, ref, said = self._unrecorded[delivery.id]
            elif delivery.edits:
                ref = await self._edit(delivery, hours)
            else:
                ref, said = await self._post(delivery, hours)
        except TryAgain as error:
            due, reason = self._clock.now() + timedelta(seconds=error.after), str(error)
            await self._write(lambda tx: tx.outbox.retry(delivery.id, due, reason))
        except NeverAgain as error:
            log.warning("nothing more is posted to %s: %s", place, error)
            at, reason = self._clock.now(), str(error)
            await self._write(lambda tx: _close(tx, place, reason, at))
            self.wake()
        except Exception as error:
            if isinstance(error, ChatError):
                log.warning("whether delivery %d reached %s is not known, it comes back: %s", delivery.id, place, error)
            else:
                log.exception("delivery %d to %s failed in an unknown way; it comes back", delivery.id, place)
            if delivery.edits and delivery.attempts >= _EDIT_TRIES:
                await self._write(lambda tx: tx.outbox.done(delivery.id, MessageRef(place, ""), self._clock.now()))
        else:
            await self._note(delivery, ref, said)
        finally:
            self._posting.discard(delivery.id)

    async def _note(self, delivery: Delivery, ref: MessageRef | None, said: Alert) -> bool:
        """Record what was posted; answers whether that could be done, and remembers it if not."""
        if await self._write(lambda tx: self._record(tx, delivery, ref, said)):
            self._unrecorded.pop(delivery.id, None)
            return True
        self._unrecorded[delivery.id] = (delivery, ref, said)
        return False

    async def _record_late(self) -> None:
        """Record what was posted and could not be recorded then."""
        for late in [*self._unrecorded.values()]:
            if not await self._note(*late):
                return

    def _record(self, tx: Transaction, delivery: Delivery, ref: MessageRef | None, said: Alert) -> bool:
        """That it is done, and what was said beyond what was queued; an edit without a message is dropped."""
        try:
            tx.outbox.done(delivery.id, ref or MessageRef(delivery.alert.place, ""), self._clock.now())
        except NotFound as error:  # everything of its place was deleted while it was being posted
            log.info("%s any more", error)
            return True
        if delivery.edits and ref is None:
            tx.outbox.gone(delivery.edits)
        elif said != delivery.alert:
            tx.outbox.amend(delivery.id, enriched(tx.outbox.alert(delivery.id), said))
        return True

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
            except Unwritable as error:
                self._outage.begin(error)
                return None
            except StoreError as error:
                log.error("the outbox could not be written: %s", error)
                return None

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)


def _close(tx: Transaction, place: Place, reason: str, at: datetime) -> None:
    """Give a place up, and tell who made its watchlists, once; where nobody did, whoever runs the bot."""
    if place in tx.outbox.disabled():
        return
    tx.outbox.disable(place, reason, at)
    lists = tx.watches.all(place)
    owners = dict.fromkeys(own_place(one.owner) for one in lists if one.owner and own_place(one.owner) != place)
    names = ", ".join(one.name for one in lists) or "none"
    text = (
        f"I cannot post to {place} any more ({reason}), and have stopped trying. Its watchlists: {names}. "
        "What waited to be posted there is dropped. A command that I am given there lets me post again."
    )
    told = [*owners][:_OWNERS] or [TERMINAL]
    tx.outbox.add([Alert("notice", one, (), (), 0, about=text) for one in told if one != place], at)
