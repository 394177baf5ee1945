"""Asking a language model about what is about to be posted: within a budget and a time, and never in the way."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.classify.fill import SYSTEM, empty_fields, fill, question
from bot.errors import AssistError, StoreError
from bot.log import logger
from bot.model import Alert, AlertItem
from bot.ports import Assistant, Clock, Store

log = logger(__name__)

_SPENT = "assist.spent"
_REST = timedelta(minutes=1)
_REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """How much may be asked: seconds for one answer, questions for one UTC day, and whether summaries are wanted."""

    seconds: float = 8.0
    per_day: int = 200
    summaries: bool = True


class Enricher:
    """Adds to a story what the model can prove. Whatever fails, the alert goes out as it is.

    One question a story, whatever the number of places. After a failure nothing is asked for a minute, so that a dead
    endpoint delays one alert and not all.
    """

    def __init__(self, assistant: Assistant, store: Store, clock: Clock, thread: Executor, terms: Terms) -> None:
        self._assistant, self._store, self._clock, self._thread = assistant, store, clock, thread
        self._terms = terms
        self._answers: OrderedDict[tuple[int, str], asyncio.Task[AlertItem]] = OrderedDict()
        self._resting_until: datetime | None = None

    async def enrich(self, alert: Alert) -> Alert:
        """The alert, with more in it where the model had more to say."""
        if alert.kind != "story" or not self._worth(alert.items[0]):
            return alert
        item = alert.items[0]
        key = (item.story_id, item.link)
        if key not in self._answers:
            self._answers[key] = asyncio.create_task(self._ask(item))
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        try:
            answered = await asyncio.shield(self._answers[key])
        except Exception:
            log.exception("the language model's answer could not be used")
            return alert
        return replace(alert, items=(_merged(item, answered),))

    def _worth(self, item: AlertItem) -> bool:
        return self._terms.summaries or any(map(empty_fields, item.deals))

    async def _ask(self, item: AlertItem) -> AlertItem:
        now = self._clock.now()
        if self._resting_until is not None and now < self._resting_until:
            return item
        try:
            async with asyncio.timeout(self._terms.seconds):
                if not await asyncio.get_running_loop().run_in_executor(self._thread, self._spend, now):
                    return item
                answer = await self._assistant.complete(SYSTEM, question(item.title, item.summary, item.deals))
        except (AssistError, StoreError, TimeoutError) as error:
            log.warning("the language model gave nothing (%s); not asked again for a minute", error or "too slow")
            self._resting_until = self._clock.now() + _REST
            return item
        filled = fill(item.title, item.summary, item.deals, answer)
        return replace(item, deals=filled.deals, brief=filled.brief if self._terms.summaries else ())

    def _spend(self, now: datetime) -> bool:
        """Take one question out of the day's budget, durably; False if there is none left."""
        today = now.date().isoformat()
        with self._store.write() as tx:
            day, _, count = (tx.settings.get(_SPENT) or "").partition(" ")
            spent = int(count) if day == today and count.isdigit() else 0
            if spent >= self._terms.per_day:
                return False
            tx.settings.set(_SPENT, f"{today} {spent + 1}")
            return True


def _merged(item: AlertItem, answered: AlertItem) -> AlertItem:
    """The item of this place's alert (its own spans and words) with what was added."""
    return replace(item, deals=answered.deals, brief=answered.brief)
