"""A document that was cut on its way changes nothing, until it is how the feed always is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.model import Page, Parsed
from bot.ports import Store
from tests.fakes.world import FakeChat, FakeClock, FakeFetcher, FakeParser
from tests.flow.conftest import Bot

A = "https://a.example/feed"


@dataclass
class CutParser(FakeParser):
    """Reads documents that were cut, while `cut`."""

    cut: bool = False

    async def parse(self, page: Page, feed_url: str) -> Parsed:
        return replace(await super().parse(page, feed_url), cut=self.cut)


async def bot_of(store: Store) -> tuple[Bot, CutParser]:
    clock, parser = FakeClock(), CutParser()
    bot = Bot(store, clock, FakeFetcher(clock), FakeChat(), parser=parser)
    bot.watch()
    bot.feed(A, "seed", "older")
    return bot, parser


async def test_a_cut_document_is_a_failed_poll_and_the_whole_one_is_read_next(store: Store) -> None:
    bot, parser = await bot_of(store)
    parser.cut = True
    await bot.poll()
    with store.read() as tx:
        feed = tx.feeds.all()[0]
    assert (feed.baselined, feed.failures, feed.etag, feed.body_key) == (False, 1, "", 0)
    assert "cut" in feed.error
    parser.cut = False
    await bot.poll()
    bot.news(A, "robot one walks")
    await bot.poll()
    assert bot.texts == ["robot one walks"]
    await bot.close()


async def test_a_feed_that_is_always_cut_is_read_all_the_same(store: Store) -> None:
    bot, parser = await bot_of(store)
    parser.cut = True
    for _ in range(12):
        await bot.poll()
    bot.news(A, "robot one walks")
    for _ in range(12):
        await bot.poll()
    assert bot.texts == ["robot one walks"]
    await bot.close()
