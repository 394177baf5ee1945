"""What bot.ports.Store promises of transactions, moments, leases and copies."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.errors import NotFound, StoreError
from bot.model import Feed, NewFeed, Person
from bot.ports import Store, Transaction
from tests.contract.makers import HERE, HOUR, MINUTE, NOW, add_story, alert, index, stored


def fill(tx: Transaction) -> None:
    """Something in every table."""
    feed = tx.feeds.add([NewFeed("https://example.org/feed")], NOW)[0]
    tx.items.remember({feed.id: [1, 2]})
    story = add_story(tx, "A story", NOW, "Example")
    tx.items.add([stored("An item", story_id=story)])
    index(tx, 10)
    tx.watches.add(HERE, "robots", "robot", Person("slack:T0/U1"), NOW)
    tx.outbox.add([alert(HERE, story)], NOW)
    tx.settings.set("key", "value")


def look(tx: Transaction) -> tuple[object, ...]:
    """What can be seen of all tables."""
    return (
        tx.feeds.all(),
        tx.items.seen({1: [1, 2]})[1],
        tx.items.search(),
        tx.items.search("item"),
        tx.items.count(),
        tx.stories.revision(),
        tx.watches.all(),
        tx.watches.revision(),
        tx.outbox.waiting(),
        tx.outbox.told(range(10)),
        tx.outbox.disabled(),
        tx.outbox.next_due(),
        tx.settings.get("key"),
    )


def change(tx: Transaction) -> None:
    """Change what `fill` wrote."""
    tx.feeds.claim(NOW, NOW + MINUTE, 10)
    tx.feeds.remove(1)
    tx.watches.edit(tx.watches.all()[0].id, "other")
    tx.outbox.claim(NOW, NOW + MINUTE, 10)
    tx.outbox.disable(HERE, "gone", NOW)
    tx.settings.set("key", "other")


def spoil(store: Store, act: Callable[[Transaction], None], error: BaseException) -> None:
    """A transaction that does `act` and then raises."""

    def run() -> None:
        with store.write() as tx:
            act(tx)
            raise error

    with pytest.raises(type(error)):
        run()


EMPTY: tuple[object, ...] = ([], set(), [], [], 0, 0, [], 0, 0, set(), {}, None, None)


def test_an_empty_store_has_nothing(store: Store) -> None:
    with store.read() as tx:
        assert look(tx) == EMPTY


def test_what_is_written_is_there_afterwards(store: Store) -> None:
    with store.write() as tx:
        fill(tx)
        inside = look(tx)
    with store.read() as tx:
        assert look(tx) == inside
    assert [(new, old) for new, old in zip(inside, EMPTY, strict=True) if new == old] == [({}, {})]


def test_a_block_that_raises_leaves_nothing_behind(store: Store) -> None:
    spoil(store, fill, ZeroDivisionError())
    with store.read() as tx:
        assert look(tx) == EMPTY


def test_a_block_that_raises_undoes_changes_of_what_was_there(store: Store) -> None:
    with store.write() as tx:
        fill(tx)
        before = look(tx)
    spoil(store, change, KeyboardInterrupt())
    with store.write() as tx:
        assert look(tx) == before
        assert [each.attempts for each in tx.outbox.claim(NOW, NOW + MINUTE, 10)] == [1]


def test_the_store_is_sound_after_a_block_that_raised(store: Store) -> None:
    with pytest.raises(NotFound), store.write() as tx:
        tx.feeds.get(1)
    with store.write() as tx:
        fill(tx)
    with store.read() as tx:
        assert tx.items.count() == 1


def test_an_expected_error_that_is_caught_does_not_spoil_the_transaction(store: Store) -> None:
    with store.write() as tx:
        tx.settings.set("key", "value")
        with pytest.raises(NotFound):
            tx.feeds.remove(99)
    with store.read() as tx:
        assert tx.settings.get("key") == "value"


ACTS: dict[str, Callable[[Transaction], object]] = {
    "feeds": lambda tx: tx.feeds.add([NewFeed("https://example.org/feed")], NOW),
    "claims": lambda tx: tx.feeds.claim(NOW, NOW, 1),
    "items": lambda tx: tx.items.add([stored("An item")]),
    "stories": lambda tx: add_story(tx, "A story", NOW, "Example"),
    "watches": lambda tx: tx.watches.add(HERE, "robots", "robot", Person("slack:T0/U1"), NOW),
    "outbox": lambda tx: tx.outbox.add([alert()], NOW),
    "settings": lambda tx: tx.settings.set("key", "value"),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_changing_through_a_view_is_an_error(store: Store, act: Callable[[Transaction], object]) -> None:
    with store.read() as tx:
        with pytest.raises(StoreError):
            act(tx)
        assert look(tx) == EMPTY
    with store.write() as tx:
        fill(tx)


def test_a_thread_cannot_open_a_transaction_inside_another(store: Store) -> None:
    with store.write() as tx:
        for inner in (store.read, store.write):
            with pytest.raises(StoreError), inner():
                pass
        tx.settings.set("key", "value")
    with store.read() as tx:
        assert tx.settings.get("key") == "value"


def test_threads_that_write_at_once_lose_nothing(store: Store) -> None:
    together = threading.Barrier(4)

    def count() -> None:
        together.wait()
        for _ in range(25):
            with store.write() as tx:
                tx.settings.set("count", str(int(tx.settings.get("count") or "0") + 1))
                add_story(tx, "A story", NOW, "Example")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as tx:
        assert tx.settings.get("count") == "100"


def test_threads_that_read_see_whole_transactions_only(store: Store) -> None:
    stop, odd = threading.Event(), []

    def watch() -> None:
        while not stop.is_set():
            with store.read() as tx:
                left, right = tx.settings.get("left"), tx.settings.get("right")
            if left != right:
                odd.append((left, right))

    reader = threading.Thread(target=watch)
    reader.start()
    for number in range(50):
        with store.write() as tx:
            tx.settings.set("left", str(number))
            tx.settings.set("right", str(number))
    stop.set()
    reader.join()
    assert odd == []


def test_release_frees_feeds_and_makes_held_deliveries_ambiguous(store: Store) -> None:
    with store.write() as tx:
        fill(tx)
        feeds = tx.feeds.claim(NOW, NOW + HOUR, 10)
        held = tx.outbox.claim(NOW, NOW + HOUR, 10)
        assert (tx.feeds.claim(NOW, NOW + HOUR, 10), tx.outbox.claim(NOW, NOW + HOUR, 10)) == ([], [])
    store.release()
    with store.write() as tx:
        assert tx.feeds.claim(NOW, NOW + HOUR, 10) == feeds
        again = tx.outbox.claim(NOW, NOW + HOUR, 10)
    assert [(each.id, each.nonce, each.ambiguous) for each in again] == [(each.id, each.nonce, True) for each in held]
    assert [each.ambiguous for each in held] == [False]


def test_release_does_not_end_the_wait_of_a_place(store: Store) -> None:
    with store.write() as tx:
        fill(tx)
        (held,) = tx.outbox.claim(NOW, NOW + MINUTE, 1)
        tx.outbox.retry(held.id, NOW + HOUR, "slow down")
    store.release()
    with store.write() as tx:
        assert tx.outbox.claim(NOW, NOW + MINUTE, 1) == []
        (later,) = tx.outbox.claim(NOW + HOUR, NOW + HOUR + MINUTE, 1)
    assert later.ambiguous is False


@pytest.mark.parametrize(
    "at",
    [
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 1, 8, 0, tzinfo=timezone(timedelta(hours=8))),
    ],
)
def test_times_come_back_to_the_microsecond_and_in_utc(store: Store, at: datetime) -> None:
    with store.write() as tx:
        feed = tx.feeds.add([NewFeed("https://example.org/feed")], at)[0]
        tx.feeds.save([Feed(feed.id, feed.url, due_at=at, checked_at=at, changed_at=None)])
        saved = tx.feeds.get(feed.id)
        story = tx.stories.get(add_story(tx, "A story", at, "Example"))
    assert (feed.due_at, saved.due_at, saved.checked_at, saved.changed_at) == (at, at, at, None)
    assert story.created == at
    assert saved.due_at.utcoffset() == story.created.utcoffset()


def test_a_backup_is_written_to_a_new_file(store: Store, tmp_path: Path) -> None:
    with store.write() as tx:
        fill(tx)
    store.backup(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_size > 0
    with store.write() as tx:
        tx.settings.set("key", "other")


def test_a_backup_never_overwrites(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(StoreError):
        store.backup(target)
    assert target.read_text() == "precious"


def test_a_backup_into_a_missing_folder_is_a_store_error(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        store.backup(tmp_path / "missing" / "copy.db")


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError), store.write():
        pass
    with pytest.raises(StoreError), store.read():
        pass
    store.close()
