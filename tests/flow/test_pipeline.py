"""From due feeds to posted alerts, over fakes of the world and every store."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.errors import FetchError, NeverAgain, TryAgain
from bot.flow.ingest import Pace
from bot.flow.write import Polled
from bot.model import TERMINAL, Page, Place, Request
from tests.fakes.world import START
from tests.flow.conftest import Bot

A, B, C = "https://a.example/feed", "https://b.example/feed", "https://c.example/feed"


async def test_the_first_poll_is_silent_and_the_second_tells_what_is_new(bot: Bot) -> None:
    bot.watch()
    bot.feed(A, "one robot walks", "two robots walk")
    await bot.poll()
    assert bot.texts == []
    bot.fetcher.pages[A] = ["three robots walk", "one robot walks", "two robots walk"]
    await bot.poll()
    assert bot.texts == ["three robots walk"]
    await bot.poll()
    assert bot.texts == ["three robots walk"]


async def test_a_failed_first_poll_is_no_baseline(bot: Bot) -> None:
    bot.watch()
    bot.feed(A)
    bot.fetcher.pages[A] = FetchError("no answer")
    await bot.poll()
    bot.fetcher.pages[A] = ["old news one", "old news two"]
    await bot.poll()
    assert bot.texts == []


async def test_a_document_that_is_no_feed_changes_no_item(bot: Bot) -> None:
    bot.watch()
    bot.feed(A, "one robot walks")
    await bot.poll()
    bot.fetcher.pages[A] = ["!a login page"]
    await bot.poll()
    bot.fetcher.pages[A] = ["one robot walks"]
    bot.clock.pass_(3600)
    await bot.poll()
    assert bot.texts == []
    assert [polled.error for polled in bot.heard] == ["", "not a feed", ""]


async def test_an_unchanged_body_is_not_parsed_again(bot: Bot) -> None:
    bot.feed(A, "one robot walks")
    await bot.poll()
    await bot.poll()
    assert len(bot.fetcher.asked) == 2
    assert len(bot.parser.read) == 1


async def test_validators_travel_from_poll_to_poll(bot: Bot) -> None:
    bot.feed(A, "one robot walks")
    await bot.poll()
    bot.fetcher.pages[A] = Page(A, 304, bot.clock.now())
    await bot.poll()
    await bot.poll()
    assert [request.etag != "" for request in bot.fetcher.asked] == [False, True, True]


async def test_only_what_matches_is_told_but_all_is_stored(bot: Bot) -> None:
    bot.watch("humanoid")
    bot.feed(A, "seed")
    await bot.poll()
    bot.fetcher.pages[A] = ["a humanoid walks", "a bank opens", "seed"]
    await bot.poll()
    assert bot.texts == ["a humanoid walks"]
    with bot.store.read() as tx:
        assert tx.items.count() == 3


async def test_a_copy_in_another_feed_is_one_story_and_one_alert(bot: Bot) -> None:
    bot.watch()
    bot.feed(A, "seed a")
    bot.feed(B, "seed b")
    await bot.poll()
    bot.fetcher.pages[A] = ["Norrland raises forty million for robots", "seed a"]
    await bot.poll()
    bot.fetcher.pages[B] = ["NORRLAND raises forty million, for robots!", "seed b"]
    await bot.poll()
    assert bot.texts == ["Norrland raises forty million for robots"]
    with bot.store.read() as tx:
        newest = tx.items.search(limit=1)[0]
        assert tx.stories.get(newest.story_id).items == 2


async def test_an_alert_that_asks_for_two_outlets_waits_for_the_second(bot: Bot) -> None:
    bot.watch("robots sources:>=2")
    bot.watch("robots", place="slack:T0/C1", name="at once")
    bot.feed(A, "seed a")
    bot.feed(B, "seed b")
    await bot.poll()
    bot.fetcher.pages[A] = ["round | Norrland raises forty million for robots", "seed a"]
    await bot.poll()
    assert [place for place, _, _ in bot.chat.posted] == ["slack:T0/C1"]
    bot.fetcher.pages[B] = ["round | forty million for the robots of Norrland", "seed b"]
    await bot.poll()
    assert [place for place, _, _ in bot.chat.posted] == ["slack:T0/C1", "terminal:"]


async def test_two_outlets_in_one_poll_are_two(bot: Bot) -> None:
    bot.watch("robots sources:>=2")
    bot.feed(A, "seed a")
    bot.feed(B, "seed b")
    await bot.poll()
    for feed, words in (
        (A, "Norrland raises forty million for robots"),
        (B, "forty million for the robots of Norrland"),
    ):
        bot.fetcher.pages[feed] = [f"round | {words}", "seed"]
    await bot.poll()
    assert len(bot.texts) == 1


async def test_the_same_words_in_two_outlets_are_one_source(bot: Bot) -> None:
    bot.watch("robots sources:>=2")
    for feed in (A, B):
        bot.feed(feed, f"seed of {feed}")
    await bot.poll()
    for feed in (A, B):
        bot.news(feed, "round | Norrland raises forty million for robots")
    await bot.poll()
    assert bot.texts == []
    bot.feed(C, "seed of c")
    await bot.poll()
    bot.news(C, "round | forty million for the robots of Norrland")
    await bot.poll()
    assert bot.texts == ["round | forty million for the robots of Norrland"]


async def test_what_waited_for_outlets_is_told_though_the_last_of_them_has_other_words(bot: Bot) -> None:
    bot.watch("humanoid sources:>=2")
    for feed in (A, B):
        bot.feed(feed, f"seed of {feed}")
    await bot.poll()
    bot.news(A, "round | money for a humanoid robot")
    await bot.poll()
    bot.news(B, "round | Norrland raises forty million")
    await bot.poll()
    assert bot.texts == ["round | Norrland raises forty million"]


async def test_each_place_is_told_once_with_all_its_watchlists(bot: Bot) -> None:
    bot.watch("robots", name="robots")
    bot.watch("walk", name="walking")
    bot.watch("walk", place="slack:T0/C1", name="walking")
    bot.feed(A, "seed")
    await bot.poll()
    bot.fetcher.pages[A] = ["three robots walk", "seed"]
    await bot.poll()
    assert sorted(place for place, _, _ in bot.chat.posted) == ["slack:T0/C1", "terminal:"]
    assert any("[robots, walking]" in text for _, text, _ in bot.chat.posted)


async def test_a_watchlist_made_later_counts_from_then_on(bot: Bot) -> None:
    bot.feed(A, "seed")
    await bot.poll()
    bot.fetcher.pages[A] = ["first news item today", "seed"]
    await bot.poll()
    bot.watch()
    bot.fetcher.pages[A] = ["second news item today", "first news item today", "seed"]
    await bot.poll()
    assert bot.texts == ["second news item today"]


async def test_a_flood_is_ten_messages_and_a_summary_that_counts(bot: Bot) -> None:
    bot.watch()
    bot.feed(A, "seed")
    await bot.poll()
    bot.fetcher.pages[A] = [f"robot number {n} walks" for n in range(40)]
    await bot.poll()
    assert len(bot.texts) == 11
    assert bot.heard[-1].stories == 40
    assert "30 more stories" in bot.texts[0]
    await bot.poll()
    assert len(bot.texts) == 11


async def test_retry_after_is_waited_for(bot: Bot) -> None:
    bot.feed(A, "seed")
    bot.fetcher.pages[A] = FetchError("HTTP 429", 429, 7200)
    await bot.poll()
    await bot.poll()
    assert len(bot.fetcher.asked) == 1
    await bot.poll()
    assert len(bot.fetcher.asked) == 2


async def test_a_gone_feed_is_never_asked_again(bot: Bot) -> None:
    bot.feed(A)
    bot.fetcher.pages[A] = FetchError("HTTP 410", 410)
    for _ in range(3):
        await bot.poll()
    assert len(bot.fetcher.asked) == 1


async def test_many_feeds_are_all_polled_whatever_the_room(bot: Bot) -> None:
    bot.ingest._pace = Pace(concurrency=3, per_host=2)
    for n in range(50):
        bot.feed(f"https://h{n % 7}.example/{n}", f"title {n}")
    await bot.poll()
    assert len(bot.fetcher.asked) == 50
    assert bot.ingest.busy == 0


async def test_try_again_keeps_the_order_and_waits(bot: Bot) -> None:
    bot.watch()
    bot.feed(A, "seed")
    await bot.poll()
    bot.chat.errors = [TryAgain("slow down", 30)]
    bot.fetcher.pages[A] = ["first robot walks", "second robot walks", "seed"]
    await bot.poll()
    assert bot.texts == []
    bot.clock.pass_(29)
    await bot.deliver.drain()
    assert bot.texts == []
    bot.clock.pass_(1)
    await bot.deliver.drain()
    assert bot.texts == ["first robot walks", "second robot walks"]


async def test_a_dead_place_is_disabled_and_others_go_on(bot: Bot) -> None:
    bot.watch(place="slack:T0/C1")
    bot.feed(A, "seed")
    await bot.poll()
    bot.chat.errors = [NeverAgain("channel_not_found")]
    bot.fetcher.pages[A] = ["first robot walks", "second robot walks", "seed"]
    await bot.poll()
    assert [(place, text.partition(" any more")[0]) for place, text, _ in bot.chat.posted] == [
        (TERMINAL, "I cannot post to slack:T0/C1")
    ]
    with bot.store.read() as tx:
        assert tx.outbox.disabled() == {Place("slack:T0/C1"): "channel_not_found"}
        assert tx.outbox.waiting() == 0
    bot.watch(name="here")
    bot.fetcher.pages[A] = ["third robot walks", "seed"]
    await bot.poll()
    assert [(place, text.partition(" · ")[0]) for place, text, _ in bot.chat.posted[1:]] == [
        (TERMINAL, "third robot walks")
    ]


async def test_an_unknown_failure_is_looked_up_before_it_is_posted_again(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.watch()
    bot.feed(A, "seed")
    await bot.poll()
    bot.chat.errors = [RuntimeError("a bug")]
    bot.fetcher.pages[A] = ["first robot walks", "seed"]
    await bot.poll()
    assert "it comes back" in caplog.text
    bot.clock.pass_(300)
    await bot.deliver.drain()
    await bot.deliver.drain()
    assert bot.texts == ["first robot walks"]


async def test_due_times_follow_the_rhythm(bot: Bot) -> None:
    bot.feed(A, "seed")
    await bot.poll()
    with bot.store.read() as tx:
        feed = tx.feeds.all()[0]
    assert feed.checked_at == START + timedelta(hours=1)
    assert feed.due_at == START + timedelta(hours=1, seconds=450)


async def test_a_baseline_can_be_looked_up_and_has_stories_once_it_was_indexed(bot: Bot) -> None:
    bot.feed(A, "one robot walks")
    await bot.ingest.drain()
    bot.clock.pass_(3600)
    await bot.ingest.drain()
    with bot.store.read() as tx:
        assert (tx.items.count(), tx.items.search("robot")) == (1, [])
    assert await bot.indexer.catch_up() == 1
    with bot.store.read() as tx:
        stored = tx.items.search("robot")[0]
        assert tx.stories.get(stored.story_id).title == "one robot walks"
    assert await bot.indexer.catch_up() == 0


async def test_a_report_of_what_a_baseline_had_joins_its_story(bot: Bot) -> None:
    bot.watch()
    bot.feed(A, "Norrland raises forty million for robots")
    bot.feed(B, "seed b")
    await bot.poll()
    bot.fetcher.pages[B] = ["Norrland Raises Forty Million for Robots", "seed b"]
    await bot.poll()
    assert bot.texts == ["Norrland Raises Forty Million for Robots"]
    with bot.store.read() as tx:
        newest = tx.items.search("norrland")[0]
        assert tx.stories.get(newest.story_id).items == 2


async def test_a_host_is_asked_few_things_at_once_and_others_need_not_wait(bot: Bot) -> None:
    running: Counter[str] = Counter()
    most: Counter[str] = Counter()
    fetch = bot.fetcher.fetch

    async def slowly(request: Request) -> Page:
        host = request.url.split("/")[2]
        running[host] += 1
        most[host] = max(most[host], running[host])
        most["all"] = max(most["all"], running.total())
        for _ in range(5):
            await asyncio.sleep(0)
        running[host] -= 1
        return await fetch(request)

    bot.fetcher.fetch = slowly  # type: ignore[method-assign]
    for n in range(20):
        bot.feed(f"https://big.example/{n}", "title")
    for n in range(10):
        bot.feed(f"https://small{n}.example/", "title")
    await bot.poll()
    assert most["big.example"] == 4
    assert most["all"] > 10
    assert len(bot.fetcher.asked) == 30


async def test_a_feed_that_moved_is_asked_at_its_new_address(bot: Bot) -> None:
    bot.watch()
    bot.feed(A, "seed")
    bot.fetcher.pages[A] = Page(B, 200, bot.clock.now(), b"seed", moved_to=B)
    await bot.poll()
    bot.fetcher.pages[B] = ["one robot walks", "seed"]
    await bot.poll()
    assert [request.url for request in bot.fetcher.asked] == [A, B]
    assert bot.texts == ["one robot walks"]


async def test_a_poll_that_breaks_in_an_unknown_way_comes_again(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.feed(A, "seed")
    bot.feed(B, "seed b")
    bot.fetcher.pages[A] = RuntimeError("a bug")
    await bot.poll()
    assert "failed in an unknown way" in caplog.text
    bot.fetcher.pages[A] = ["seed"]
    await bot.poll()
    assert [request.url for request in bot.fetcher.asked].count(A) == 2


async def test_a_listener_that_breaks_does_not_end_the_polling(bot: Bot) -> None:
    bot.feed(A, "seed")

    def broken(polled: Polled) -> None:
        raise RuntimeError("a bug")

    bot.ingest._hear = broken
    with pytest.raises(RuntimeError, match="a bug"):
        await bot.poll()
    bot.ingest._hear = bot.heard.append
    await bot.poll()
    assert [polled.error for polled in bot.heard] == [""]
    assert len(bot.fetcher.asked) == 2
