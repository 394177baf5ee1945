"""The language model on the way of an alert: it may add, it may fail, it is never in the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from bot.errors import AssistError
from bot.flow.assist import Enricher, Terms
from bot.model import TERMINAL, Alert, AlertItem, Deal, Party, Place
from tests.fakes.store import FakeStore
from tests.fakes.world import START, FakeClock

ITEM = AlertItem(
    story_id=7,
    title="Corvid Robotics raises money",
    link="https://news.example/corvid",
    source="News",
    published=START,
    summary="It has taken $31 million in a Series B round.",
    deals=(Deal("funding", Party("Corvid Robotics")),),
)
ALERT = Alert("story", TERMINAL, ("robots",), (ITEM,))
GOOD = json.dumps(
    {
        "deals": [{"deal": 1, "field": "round", "value": "B", "quote": "a Series B round"}],
        "summary": [{"line": "Corvid takes $31 million.", "quote": "$31 million"}],
    }
)


@dataclass
class FakeAssistant:
    """Says the same each time, raises, or never answers; `asked` is the transcript."""

    answer: str | Exception | None = GOOD
    asked: list[str] = field(default_factory=list)

    async def complete(self, system: str, user: str) -> str:
        self.asked.append(user)
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer is None:
            await asyncio.Event().wait()
        assert self.answer is not None
        return self.answer


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@dataclass
class Bench:
    thread: ThreadPoolExecutor
    assistant: FakeAssistant = field(default_factory=FakeAssistant)
    store: FakeStore = field(default_factory=FakeStore)
    clock: FakeClock = field(default_factory=FakeClock)

    def enricher(self, terms: Terms | None = None) -> Enricher:
        return Enricher(self.assistant, self.store, self.clock, self.thread, terms or Terms())


@pytest.fixture
def bench(thread: ThreadPoolExecutor) -> Bench:
    return Bench(thread)


async def test_what_verifies_is_added(bench: Bench) -> None:
    item = (await bench.enricher().enrich(ALERT)).items[0]
    assert (item.deals[0].round, item.brief) == ("B", ("Corvid takes $31 million.",))


async def test_two_places_cost_one_question_and_keep_their_own_words(bench: Bench) -> None:
    enricher = bench.enricher()
    other = Alert("story", Place("slack:T0/C1"), ("money",), (replace(ITEM, words=("Series B",)),))
    both = await asyncio.gather(enricher.enrich(ALERT), enricher.enrich(other))
    assert len(bench.assistant.asked) == 1
    assert [one.items[0].words for one in both] == [(), ("Series B",)]
    assert [one.items[0].brief for one in both] == [("Corvid takes $31 million.",)] * 2


@pytest.mark.parametrize("trouble", [AssistError("HTTP 500"), RuntimeError("a bug"), "no JSON at all"], ids=repr)
async def test_a_failure_changes_nothing(bench: Bench, trouble: str | Exception) -> None:
    bench.assistant.answer = trouble
    assert await bench.enricher().enrich(ALERT) == ALERT


async def test_an_answer_that_never_comes_is_not_waited_for(bench: Bench) -> None:
    bench.assistant.answer = None
    assert await bench.enricher(Terms(seconds=0.05)).enrich(ALERT) == ALERT


async def test_after_a_failure_nothing_is_asked_for_a_minute(bench: Bench) -> None:
    enricher, bench.assistant.answer = bench.enricher(), AssistError("HTTP 500")
    alerts = [replace(ALERT, items=(replace(ITEM, story_id=number),)) for number in range(3)]
    await enricher.enrich(alerts[0])
    bench.clock.pass_(59)
    await enricher.enrich(alerts[1])
    assert len(bench.assistant.asked) == 1
    bench.clock.pass_(2)
    await enricher.enrich(alerts[2])
    assert len(bench.assistant.asked) == 2


async def test_the_budget_of_a_day_holds_over_a_restart_and_ends_with_the_day(bench: Bench) -> None:
    terms = Terms(per_day=2)
    alerts = [replace(ALERT, items=(replace(ITEM, story_id=number),)) for number in range(5)]
    first = bench.enricher(terms)
    await first.enrich(alerts[0])
    await first.enrich(alerts[1])
    assert await bench.enricher(terms).enrich(alerts[2]) == alerts[2]
    bench.clock.pass_(24 * 3600)
    assert await bench.enricher(terms).enrich(alerts[3]) != alerts[3]
    assert len(bench.assistant.asked) == 3


async def test_a_summary_and_a_full_deal_ask_for_nothing(bench: Bench) -> None:
    enricher = bench.enricher(Terms(summaries=False))
    summary = replace(ALERT, kind="summary")
    quiet = replace(ALERT, items=(replace(ITEM, deals=()),))
    assert [await enricher.enrich(summary), await enricher.enrich(quiet)] == [summary, quiet]
    assert bench.assistant.asked == []


async def test_without_summaries_only_deals_are_filled(bench: Bench) -> None:
    item = (await bench.enricher(Terms(summaries=False)).enrich(ALERT)).items[0]
    assert (item.deals[0].round, item.brief) == ("B", ())
