"""What bot.repositories.Feeds promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import NotFound
from bot.model import EPOCH, Feed, FeedStatus, NewFeed, Place
from bot.ports import Store
from tests.contract.makers import HERE, HOUR, ME, MINUTE, NOW, SECOND


def urls(feeds: list[Feed]) -> list[str]:
    return [feed.url for feed in feeds]


def news(*names: str) -> list[NewFeed]:
    return [NewFeed(name) for name in names]


def test_add_answers_the_added_feeds(store: Store) -> None:
    with store.write() as tx:
        (feed,) = tx.feeds.add([NewFeed("https://example.org/feed", "A title", "vc", "zh", HERE, ME)], NOW)
        about = ("https://example.org/feed", "A title")
        assert feed == Feed(feed.id, *about, category="vc", lang="zh", due_at=NOW, place=HERE, person=ME)
        assert tx.feeds.get(feed.id) == feed


def test_add_passes_over_urls_that_are_there_and_repetitions(store: Store) -> None:
    with store.write() as tx:
        tx.feeds.add(news("a"), NOW)
        assert urls(tx.feeds.add(news("a", "b", "b"), NOW)) == ["b"]
        assert urls(tx.feeds.all()) == ["a", "b"]


def test_add_takes_any_iterable(store: Store) -> None:
    with store.write() as tx:
        assert urls(tx.feeds.add((NewFeed(name) for name in "ab"), NOW)) == ["a", "b"]


def test_a_feed_is_found_by_exactly_its_url(store: Store) -> None:
    with store.write() as tx:
        (feed,) = tx.feeds.add(news("https://example.org/Feed"), NOW)
        assert tx.feeds.find("https://example.org/Feed") == feed
        assert tx.feeds.find("https://example.org/feed") is None
        assert tx.feeds.find("https://example.org/Feed/") is None


def test_what_is_not_there_is_not_found(store: Store) -> None:
    with store.write() as tx:
        with pytest.raises(NotFound):
            tx.feeds.get(1)
        with pytest.raises(NotFound):
            tx.feeds.remove(1)


def test_a_removed_feed_forgets_its_keys_and_keeps_no_others_from_theirs(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.feeds.add(news("a", "b"), NOW)
        tx.items.remember({one.id: [1]})
        tx.items.remember({two.id: [1]})
        tx.feeds.remove(one.id)
        assert urls(tx.feeds.all()) == ["b"]
        assert tx.items.seen({one.id: [1]})[one.id] == set()
        assert tx.items.seen({two.id: [1]})[two.id] == {1}


def test_the_id_of_a_removed_feed_does_not_come_back(store: Store) -> None:
    with store.write() as tx:
        (old,) = tx.feeds.add(news("a"), NOW)
        tx.feeds.remove(old.id)
        (new,) = tx.feeds.add(news("a"), NOW)
    assert new.id != old.id


def test_claim_takes_what_is_due_longest_due_first(store: Store) -> None:
    with store.write() as tx:
        tx.feeds.add(news("late"), NOW)
        tx.feeds.add(news("early"), NOW - HOUR)
        tx.feeds.add(news("future"), NOW + SECOND)
        assert urls(tx.feeds.claim(NOW, NOW + MINUTE, 10)) == ["early", "late"]


def test_claim_takes_no_more_than_the_limit_and_nothing_twice(store: Store) -> None:
    with store.write() as tx:
        tx.feeds.add(news("a", "b", "c"), NOW)
        assert urls(tx.feeds.claim(NOW, NOW + MINUTE, 2)) == ["a", "b"]
        assert urls(tx.feeds.claim(NOW, NOW + MINUTE, 2)) == ["c"]
        assert tx.feeds.claim(NOW, NOW + MINUTE, 2) == []


def test_a_lease_that_ran_out_frees_the_feed_in_its_old_turn(store: Store) -> None:
    with store.write() as tx:
        tx.feeds.add(news("a"), NOW - HOUR)
        tx.feeds.claim(NOW, NOW + MINUTE, 1)
        tx.feeds.add(news("b"), NOW)
        assert urls(tx.feeds.claim(NOW + MINUTE - SECOND, NOW + HOUR, 1)) == ["b"]
        tx.feeds.add(news("c"), NOW)
        assert urls(tx.feeds.claim(NOW + MINUTE, NOW + HOUR, 2)) == ["a", "c"]


@pytest.mark.parametrize("status", ["gone", "quarantined"])
def test_only_active_feeds_are_claimed(store: Store, status: FeedStatus) -> None:
    with store.write() as tx:
        (feed,) = tx.feeds.add(news("a"), NOW)
        tx.feeds.save([replace(feed, status=status)])
        assert tx.feeds.claim(NOW, NOW + MINUTE, 1) == []
        assert tx.feeds.next_due() is None
        tx.feeds.save([feed])
        assert tx.feeds.claim(NOW, NOW + MINUTE, 1) == [feed]


def test_save_writes_everything_and_lets_go(store: Store) -> None:
    with store.write() as tx:
        tx.feeds.add(news("a"), NOW)
        (feed,) = tx.feeds.claim(NOW, NOW + HOUR, 1)
        changed = Feed(
            id=feed.id,
            url="https://example.org/moved",
            title="标题",
            site="https://example.org/",
            category="vc",
            lang="zh",
            status="active",
            etag='W/"x"',
            modified="Sun, 01 Mar 2026 00:00:00 GMT",
            body_key=2**63 - 1,
            baselined=True,
            interval=60,
            failures=3,
            error="HTTP 500",
            due_at=NOW + SECOND,
            checked_at=NOW,
            changed_at=NOW - HOUR,
        )
        tx.feeds.save([changed])
        assert tx.feeds.get(feed.id) == changed
        assert tx.feeds.get(feed.id).baselined is True
        assert tx.feeds.claim(NOW, NOW + HOUR, 1) == []
        assert tx.feeds.claim(NOW + SECOND, NOW + HOUR, 1) == [changed]


def test_save_passes_over_a_feed_that_was_removed(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.feeds.add(news("a", "b"), NOW)
        tx.feeds.remove(one.id)
        tx.feeds.save([replace(one, title="late"), replace(two, title="kept")])
        assert [(feed.url, feed.title) for feed in tx.feeds.all()] == [("b", "kept")]


def test_a_feed_that_moves_to_the_url_of_another_keeps_its_own(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.feeds.add(news("a", "b"), NOW)
        tx.feeds.save([replace(one, url="b", title="moved")])
        assert tx.feeds.all() == [replace(one, title="moved"), two]
        tx.feeds.save([replace(one, url="c")])
        assert urls(tx.feeds.all()) == ["c", "b"]
        assert tx.feeds.find("a") is None


def test_next_due_is_the_earliest_of_those_that_nobody_holds(store: Store) -> None:
    with store.write() as tx:
        assert tx.feeds.next_due() is None
        tx.feeds.add(news("late"), NOW + HOUR)
        tx.feeds.add(news("early"), EPOCH)
        assert tx.feeds.next_due() == EPOCH
        tx.feeds.claim(NOW, NOW + MINUTE, 1)
        assert tx.feeds.next_due() == NOW + HOUR
        tx.feeds.claim(NOW + HOUR, NOW + HOUR + MINUTE, 2)
        assert tx.feeds.next_due() is None


def test_hastening_spares_the_failing_and_the_gone(store: Store) -> None:
    with store.write() as tx:
        late, due, failing, gone = tx.feeds.add(news("late", "due", "failing", "gone"), NOW)
        tx.feeds.save(
            [
                replace(late, due_at=NOW + HOUR),
                replace(failing, due_at=NOW + HOUR, failures=1),
                replace(gone, due_at=NOW + HOUR, status="gone"),
            ]
        )
        assert tx.feeds.hasten(NOW + MINUTE) == 2
        assert [tx.feeds.get(feed.id).due_at - NOW for feed in (late, due, failing, gone)] == [
            MINUTE,
            due.due_at - NOW,
            HOUR,
            HOUR,
        ]
        assert urls(tx.feeds.claim(NOW + MINUTE, NOW + HOUR, 9)) == ["due", "late"]


def test_feeds_are_counted_by_where_they_were_asked_for(store: Store) -> None:
    places = ("slack:T0/C1", "slack:T0/C1", "slack:T0/@U1", "slack:T01/C1", "discord:@9", "terminal:")
    with store.write() as tx:
        tx.feeds.add([NewFeed(str(number), place=Place(place)) for number, place in enumerate(places)], NOW)
        counted = {where: tx.feeds.count(where) for where in ("slack:T0/C1", "slack:T0", "slack:T", "discord:@9")}
    assert counted == {"slack:T0/C1": 2, "slack:T0": 3, "slack:T": 0, "discord:@9": 1}
