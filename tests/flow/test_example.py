"""The story that everything must get right: three reports that share almost no words, and what came of it months later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.classify.knowledge.seeds import Knowledge, load_knowledge
from bot.demo import pages
from bot.feeds.normalise import normalise
from bot.feeds.parse import parse
from bot.flow.stories import Placer
from bot.model import Document, Entry, Page, Parsed, Place
from bot.store.open import open_store
from tests.fakes.placer import ScriptedPlacer
from tests.fakes.world import FakeChat, FakeClock, FakeFetcher, FakeParser
from tests.flow.conftest import Bot

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
HERE = Place("slack:T0/C1")
ENGLISH = ("https://gulf-tech-review.example/feed", "https://gulf-tech-review.example/?p=4110")
TRANSLATED = ("https://embodied-daily.example/feed", "ed-710")
CHINESE = ("https://juxing-robotics.example/feed", "tag:juxing-robotics.example,2024:41")
APPROVED = ("https://venture-brief.example/feed", "https://venture-brief.example/b/893")
BEGAN = datetime(2025, 10, 8, 6, tzinfo=UTC)


@dataclass
class Reading(FakeParser):
    """Every line of a body is the guid of one of these entries."""

    entries: dict[str, Entry] = field(default_factory=dict)

    async def parse(self, page: Page, feed_url: str) -> Parsed:
        shown = [self.entries[line] for line in page.body.decode().splitlines() if line in self.entries]
        dated = [replace(entry, published=page.fetched.isoformat()) for entry in shown]
        document = Document(feed_url.split("/")[2].partition(".")[0], entries=tuple(dated))
        return normalise(document, feed_url, page.url, page.fetched)


class Known(ScriptedPlacer):
    """The stories as a person would say."""

    def event(self, title: str) -> str:
        return "team>approved" if "Brazil" in title else "team"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(SEEDS)


def entries() -> dict[str, Entry]:
    """Those of the demo's second poll, by their guids."""
    documents = [
        parse(bytes(reply.body), reply.content_type)
        for reply in pages(SEEDS / "demo" / "second", BEGAN).values()
        if isinstance(reply.body, bytes)
    ]
    return {entry.guid: entry for document in documents for entry in document.entries}


async def lived(knowledge: Knowledge, placer: Placer, query: str) -> Bot:
    """The feeds report one by one, an hour apart; the approval comes three months later."""
    clock = FakeClock(BEGAN)
    parser = Reading(entries=entries())
    bot = Bot(open_store(":memory:"), clock, FakeFetcher(clock), FakeChat(), parser, placer=placer, knowledge=knowledge)
    bot.watch(query, HERE)
    for url, _ in (ENGLISH, TRANSLATED, CHINESE, APPROVED):
        bot.feed(url, "nothing yet")
    await bot.poll()
    for url, guid in (ENGLISH, TRANSLATED, CHINESE):
        bot.news(url, guid)
        await bot.poll()
    clock.pass_(timedelta(days=90).total_seconds())
    bot.news(APPROVED[0], APPROVED[1])
    await bot.poll()
    await bot.close()
    return bot


def check(bot: Bot) -> None:
    assert [place for place, _, _ in bot.chat.posted] == [HERE, HERE]
    (_, alert, nonce), (_, reply, under) = bot.chat.posted
    assert "qwen" in alert.lower()
    assert "Brazil" in reply
    assert bot.chat.threads[under].id == nonce
    assert {ref.id for ref, _ in bot.chat.edits} == {nonce}
    assert "and 2 more" in bot.chat.edits[-1][1]
    with bot.store.read() as tx:
        (said,) = [one.alert.items[0] for one in tx.outbox.recent(HERE, 9) if one.alert.kind == "story"]
        assert [name for name, _ in said.outlets] == ["embodied-daily", "juxing-robotics"]
        rounds = [deal for deal in said.deals if deal.type == "funding"]
        assert [(deal.amount, deal.currency, deal.round, [lead.name for lead in deal.lead][:1]) for deal in rounds] == [
            (140_000_000, "USD", "A+", ["Alibaba Cloud"])
        ]
        assert said.disputed == ()


QUERIES: Sequence[str] = ("topic:robotics", "qwen OR softbank")


@pytest.mark.parametrize("query", QUERIES)
async def test_told_which_story_each_belongs_to_it_is_one_alert_with_edits_and_one_reply(
    knowledge: Knowledge, query: str
) -> None:
    check(await lived(knowledge, Known(), query))


@pytest.mark.parametrize("query", QUERIES)
async def test_left_alone_it_is_the_same(knowledge: Knowledge, query: str) -> None:
    check(await lived(knowledge, Placer(), query))
