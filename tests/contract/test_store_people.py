"""What bot.repositories.HourBook, Mutes and Follows promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pytest

from bot.errors import NotFound, StoreError
from bot.model import Place
from bot.people import Hours, Mute
from bot.ports import Store, Transaction
from tests.contract.makers import HERE, HOUR, ME, NOW, SECOND, THERE

MUTE = Mute(HERE, "source", "robot ledger", "Robot Ledger", NOW + HOUR, ME, NOW)


def test_a_place_that_said_nothing_has_the_usual_hours(store: Store) -> None:
    with store.read() as tx:
        assert tx.hours.get(HERE) == Hours(HERE, "", time(8), True, None, None)


@pytest.mark.parametrize(
    "hours",
    [
        Hours(HERE, "Asia/Kolkata", time(0), False, time(22, 30), time(0)),
        Hours(HERE, digest=time(23, 59), quiet_from=time(0), quiet_to=time(7)),
    ],
)
def test_hours_are_written_over(store: Store, hours: Hours) -> None:
    with store.write() as tx:
        tx.hours.set(replace(hours, zone="Europe/Berlin"))
        tx.hours.set(hours)
        tx.hours.set(Hours(THERE))
    with store.read() as tx:
        assert (tx.hours.get(HERE), tx.hours.get(THERE)) == (hours, Hours(THERE))


def test_mutes_are_those_of_the_places_in_the_order_of_adding(store: Store) -> None:
    ever = replace(MUTE, kind="story", what="7", name="A story", until=None)
    other = replace(MUTE, place=THERE)
    with store.write() as tx:
        for one in (MUTE, other, ever):
            tx.mutes.add(one)
    with store.read() as tx:
        assert tx.mutes.of([HERE], NOW) == [MUTE, ever]
        assert tx.mutes.of([THERE, HERE], NOW) == [MUTE, other, ever]
        assert tx.mutes.of([], NOW) == tx.mutes.of([Place("slack:T0/C9")], NOW) == []


def test_a_mute_is_over_at_its_time(store: Store) -> None:
    with store.write() as tx:
        tx.mutes.add(MUTE)
        tx.mutes.add(replace(MUTE, what="other", until=None))
        assert [one.what for one in tx.mutes.of([HERE], NOW + HOUR - SECOND)] == ["robot ledger", "other"]
        assert [one.what for one in tx.mutes.of([HERE], NOW + HOUR)] == ["other"]


def test_the_same_is_muted_once_and_what_is_over_is_forgotten(store: Store) -> None:
    longer = replace(MUTE, until=NOW + 3 * HOUR, at=NOW + SECOND)
    later = replace(MUTE, what="other", until=None, at=NOW + 3 * HOUR)
    with store.write() as tx:
        tx.mutes.add(MUTE)
        tx.mutes.add(longer)
        assert tx.mutes.of([HERE], NOW) == [longer]
        tx.mutes.add(later)
        assert tx.mutes.of([HERE], NOW) == [later]


def test_what_is_not_muted_cannot_be_unmuted(store: Store) -> None:
    with store.write() as tx:
        tx.mutes.add(MUTE)
        for place, kind, what in (
            (THERE, "source", "robot ledger"),
            (HERE, "story", "robot ledger"),
            (HERE, "source", "x"),
        ):
            with pytest.raises(NotFound):
                tx.mutes.remove(place, kind, what)  # type: ignore[arg-type]
        tx.mutes.remove(HERE, "source", "robot ledger")
        assert tx.mutes.of([HERE], NOW) == []


def test_a_removed_watchlist_is_muted_no_more(store: Store) -> None:
    with store.write() as tx:
        one, two = (tx.watches.add(HERE, name, "robot", ME, NOW) for name in ("a", "b"))
        for watchlist in (one, two):
            tx.mutes.add(replace(MUTE, kind="watchlist", what=str(watchlist.id)))
        kept = replace(MUTE, kind="story", what=str(one.id))
        tx.mutes.add(kept)
        tx.watches.remove(one.id)
        assert [(mute.kind, mute.what) for mute in tx.mutes.of([HERE], NOW)] == [
            ("watchlist", str(two.id)),
            ("story", str(one.id)),
        ]


def test_stories_are_followed_by_places_each_once(store: Store) -> None:
    with store.write() as tx:
        assert tx.follows.of([7]) == set()
        for story_id, place in ((9, HERE), (7, HERE), (7, THERE), (9, HERE)):
            tx.follows.add(story_id, place, NOW)
    with store.read() as tx:
        assert tx.follows.of([7, 8]) == {(7, HERE), (7, THERE)}
        assert tx.follows.of([]) == set()
        assert (tx.follows.at(HERE), tx.follows.at(THERE)) == ([9, 7], [7])


def test_a_story_is_followed_until_it_is_not(store: Store) -> None:
    with store.write() as tx:
        tx.follows.add(7, HERE, NOW)
        tx.follows.add(7, THERE, NOW)
        tx.follows.remove(7, HERE)
        assert tx.follows.of([7]) == {(7, THERE)}
        with pytest.raises(NotFound):
            tx.follows.remove(7, HERE)


def test_none_of_it_is_changed_through_a_view(store: Store) -> None:
    with store.write() as tx:
        tx.mutes.add(MUTE)
        tx.follows.add(7, HERE, NOW)
    acts: tuple[Callable[[Transaction], object], ...] = (
        lambda tx: tx.hours.set(Hours(HERE)),
        lambda tx: tx.mutes.add(MUTE),
        lambda tx: tx.follows.remove(7, HERE),
        lambda tx: tx.departures.forget(HERE),
    )
    for act in acts:
        with store.read() as tx, pytest.raises(StoreError):
            act(tx)
