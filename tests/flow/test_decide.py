"""What follows from a poll."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import FetchError
from bot.feeds.rhythm import Rhythm
from bot.flow.decide import Answer, Found, fresh, oldest_first, settle, tell
from bot.model import Classification, Evidence, Feed, Item, Match, Page, Parsed, Person, Place, Watchlist
from tests.fakes.world import START

HERE, THERE = Place("slack:T0/C1"), Place("discord:G0/C1")
RHYTHM = Rhythm(jitter=0.0)


def item(number: int, guid: int | None = None, pair: int | None = None) -> Item:
    at = START - timedelta(hours=100 - number)
    mine = pair if pair is not None else 1000 + number
    return Item(
        f"{number:024}",
        f"Title {number}",
        f"https://x.example/{number}",
        "",
        at,
        "",
        "en",
        "X",
        "",
        guid,
        mine,
        None,
        None,
    )


def watch(name: str, place: Place = HERE) -> Match:
    evidence = (Evidence(f"word:{name}", "Title", "title", 0, 5),)
    return Match(Watchlist(1, place, name, name, Person("slack:T0/U1"), START), evidence)


def found(number: int, *matches: Match, story: int | None = None) -> Found:
    return Found(item(number), number if story is None else story, Classification(), matches)


def test_an_item_is_new_if_neither_guid_nor_pair_was_seen() -> None:
    known_guid, known_pair, new = item(1, guid=11), item(2, guid=12, pair=22), item(3, guid=13)
    assert fresh([known_guid, known_pair, new], {11, 22}) == [new]


def test_a_repetition_inside_one_document_is_not_new_twice() -> None:
    assert fresh([item(1, guid=5), item(2, guid=5), item(3, guid=6, pair=1001)], set()) == [item(1, guid=5)]


def test_stories_are_found_in_the_order_of_publication_and_documents_begin_with_the_newest() -> None:
    old, new = item(1), item(2)
    same = replace(item(3), published=old.published)
    assert oldest_first([new, old, same]) == [2, 1, 0]
    assert oldest_first([]) == []


def test_a_poll_that_fails_keeps_validators_and_backs_off() -> None:
    feed = Feed(1, "https://x.example/f", etag='"v1"', baselined=True, interval=900, body_key=7)
    after = settle(Answer(feed, START, error=FetchError("no answer")), RHYTHM, news=False)
    assert (after.etag, after.baselined, after.body_key, after.interval) == ('"v1"', True, 7, 900)
    assert (after.failures, after.error, after.checked_at) == (1, "no answer", START)
    assert after.due_at == START + timedelta(seconds=900)


def test_retry_after_sets_the_next_poll() -> None:
    answer = Answer(Feed(1, "https://x.example/f"), START, error=FetchError("HTTP 429", 429, 3600))
    after = settle(answer, RHYTHM, news=False)
    assert (after.status, after.due_at) == ("active", START + timedelta(hours=1))


def test_a_gone_feed_is_left_alone() -> None:
    after = settle(Answer(Feed(1, "https://x.example/f"), START, error=FetchError("HTTP 410", 410)), RHYTHM, news=False)
    assert (after.status, "410" in after.error) == ("gone", True)


def test_a_304_without_validators_keeps_those_we_had() -> None:
    feed = Feed(1, "https://x.example/f", etag='"v1"', modified="yesterday", failures=3, error="old")
    after = settle(Answer(feed, START, Page(feed.url, 304, START)), RHYTHM, news=False)
    assert (after.etag, after.modified, after.failures, after.error) == ('"v1"', "yesterday", 0, "")


def test_a_200_without_validators_forgets_those_we_had() -> None:
    feed = Feed(1, "https://x.example/f", etag='"v1"', modified="yesterday")
    after = settle(Answer(feed, START, Page(feed.url, 200, START, b"x"), _parsed(), 9), RHYTHM, news=True)
    assert (after.etag, after.modified, after.body_key, after.baselined) == ("", "", 9, True)


def test_a_permanent_move_is_taken_over() -> None:
    feed = Feed(1, "http://x.example/f")
    page = Page("https://x.example/new", 200, START, b"x", moved_to="https://x.example/new")
    assert settle(Answer(feed, START, page, _parsed()), RHYTHM, news=False).url == "https://x.example/new"


def _parsed() -> Parsed:
    return Parsed("Their title", "https://x.example/", "en", None, ())


def test_our_title_wins_over_the_feeds() -> None:
    answer = Answer(Feed(1, "https://x.example/f", title="Ours"), START, Page("u", 200, START, b"x"), _parsed())
    assert settle(answer, RHYTHM, news=True).title == "Ours"


def test_one_message_names_all_watchlists_of_a_place() -> None:
    alerts = tell("Feed", [found(1, watch("a"), watch("b"), watch("c", THERE))], (), 10)
    assert [(a.place, a.watchlists) for a in alerts] == [(HERE, ("a", "b")), (THERE, ("c",))]


def test_what_a_place_was_told_is_not_told_again() -> None:
    items = [found(1, watch("a"), watch("c", THERE))]
    assert [a.place for a in tell("Feed", items, {(1, HERE)}, 10)] == [THERE]


def test_two_items_of_one_story_are_one_message() -> None:
    alerts = tell("Feed", [found(1, watch("a"), story=7), found(2, watch("b"), story=7)], (), 10)
    assert [(len(a.items), a.watchlists) for a in alerts] == [(1, ("a", "b"))]


@pytest.mark.parametrize(("many", "messages", "counted"), [(10, 10, 0), (11, 11, 1), (500, 11, 490)])
def test_above_the_cap_the_rest_is_one_summary_with_its_count(many: int, messages: int, counted: int) -> None:
    alerts = tell("Feed", [found(n, watch("a")) for n in range(1, many + 1)], (), 10)
    summaries = [a for a in alerts if a.kind == "summary"]
    assert len(alerts) == messages
    assert sum(a.count for a in summaries) == counted
    assert sum(a.count for a in alerts) == many


def test_the_newest_have_messages_of_their_own_oldest_first() -> None:
    alerts = tell("Feed", [found(n, watch("a")) for n in (3, 1, 2)], (), 2)
    assert [a.items[0].title for a in alerts if a.kind == "story"] == ["Title 2", "Title 3"]


def test_matched_words_are_marked_in_the_title() -> None:
    alert = tell("Feed", [found(1, watch("a"))], (), 10)[0]
    assert (alert.items[0].spans, alert.items[0].words) == (((0, 5),), ("Title",))


def test_the_place_of_a_word_in_the_summary_is_not_marked_in_the_title() -> None:
    match = replace(watch("a"), evidence=(Evidence("word:a", "Title", "summary", 0, 5),))
    assert tell("Feed", [found(1, match)], (), 10)[0].items[0].spans == ()
