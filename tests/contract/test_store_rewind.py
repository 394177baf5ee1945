"""Every store takes back what a clock did that was ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.model import TERMINAL, MessageRef, NewFeed, Place
from bot.people import DigestEntry
from bot.ports import Store
from tests.contract.makers import alert

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WRONG = NOW + 3 * HOUR
QUIET, RETRY = Place("slack:T0/C1"), Place("slack:T0/C2")


def test_feeds_that_were_checked_in_the_future_are_due_as_long_from_now(store: Store) -> None:
    with store.write() as tx:
        polled, patient, early = tx.feeds.add([NewFeed(f"https://{n}.example/") for n in "abc"], NOW)
        new = tx.feeds.add([NewFeed("https://d.example/")], WRONG)[0]
        held = tx.feeds.add([NewFeed("https://e.example/")], NOW)[0]
        tx.feeds.save(
            [
                replace(polled, checked_at=WRONG, changed_at=WRONG, due_at=WRONG + 15 * MINUTE),
                replace(patient, checked_at=WRONG - HOUR, due_at=WRONG + 47 * HOUR),
                replace(early, checked_at=NOW - HOUR, due_at=NOW + 5 * HOUR),
                replace(held, checked_at=WRONG, due_at=WRONG),
            ]
        )
        assert [feed.id for feed in tx.feeds.claim(WRONG, WRONG + 5 * MINUTE, 9)] == [new.id, held.id]
        assert tx.feeds.rewind(NOW) == 3 * HOUR
        waits = {feed.id: feed.due_at - NOW for feed in tx.feeds.all()}
        assert [waits[one.id] for one in (polled, patient, early)] == [15 * MINUTE, 48 * HOUR, 5 * HOUR]
        again = tx.feeds.get(polled.id)
        assert (again.checked_at, again.changed_at) == (NOW, NOW)
        assert {feed.id for feed in tx.feeds.claim(NOW, NOW + MINUTE, 9)} == {new.id, held.id}
        assert tx.feeds.rewind(NOW) == timedelta()


def test_a_clock_that_was_right_changes_nothing(store: Store) -> None:
    with store.write() as tx:
        feed = tx.feeds.add([NewFeed("https://a.example/")], NOW + HOUR)[0]
        assert tx.feeds.rewind(NOW) == timedelta()
        assert tx.feeds.get(feed.id) == feed


def test_retries_come_nearer_and_quiet_hours_stay(store: Store) -> None:
    with store.write() as tx:
        for place in (QUIET, RETRY):
            tx.outbox.add([alert(place)], WRONG)
        for one in tx.outbox.claim(WRONG, WRONG + MINUTE, 9):
            if one.alert.place == QUIET:
                tx.outbox.hold(one.id, NOW + 9 * HOUR)
            else:
                tx.outbox.retry(one.id, WRONG + MINUTE, "later")
        tx.outbox.rewind(NOW, 3 * HOUR)
        assert tx.outbox.claim(NOW, NOW + MINUTE, 9) == []
        (retried,) = tx.outbox.claim(NOW + MINUTE, NOW + 2 * MINUTE, 9)
        assert retried.alert.place == RETRY
        tx.outbox.done(retried.id, MessageRef(RETRY, "1"), NOW)
        assert [one.alert.place for one in tx.outbox.claim(NOW + 9 * HOUR, NOW + 10 * HOUR, 9)] == [QUIET]


def test_places_that_wait_for_their_digest_are_looked_at_again(store: Store) -> None:
    item = alert(TERMINAL).items[0]
    with store.write() as tx:
        tx.digests.add([DigestEntry(TERMINAL, item, (1,), WRONG)])
        tx.digests.look(TERMINAL, WRONG + 20 * HOUR)
        assert tx.digests.due(NOW, 9) == []
        tx.digests.rewind(NOW)
        assert tx.digests.due(NOW, 9) == [TERMINAL]
