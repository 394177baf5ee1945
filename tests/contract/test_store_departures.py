"""What bot.repositories.Departures promises."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.errors import NotFound
from bot.model import TERMINAL, MessageRef, NewFeed, Person, Place, own_place
from bot.people import Alias, Change, DigestEntry, Hours, Mute, OwnEntity, Proposal, Sent, Verdict
from bot.ports import Store, Transaction
from tests.contract.makers import HERE, HOUR, NOW, THERE, alert

ME, OTHER, LOOKALIKE = Person("slack:T0/U_1"), Person("slack:T0/UX1"), Person("slack:T00/U_1")
MINE = own_place(ME)
PLACES = (HERE, THERE, MINE, own_place(OTHER), Place("slack:T0/C1x"), Place("slack:T00/C1"))
EMPTY = {"watchlists": 0, "stories": 0, "mutes": 0, "verdicts": 0, "waiting": 0}


def fill(tx: Transaction, place: Place, person: Person = ME) -> int:
    """Something of everything at a place; answers the id of its watchlist."""
    watchlist = tx.watches.add(place, "robots", "robot", person, NOW)
    tx.verdicts.add(Verdict(watchlist.id, 1, person, True, {}, NOW))
    tx.hours.set(Hours(place, digest=time(6)))
    tx.mutes.add(Mute(place, "watchlist", str(watchlist.id), "robots", None, person, NOW))
    tx.follows.add(1, place, NOW)
    tx.digests.clear(place, Sent(NOW, date(2026, 3, 1)))
    tx.digests.add([DigestEntry(place, alert(place, 5).items[0], (watchlist.id,), NOW)])
    tx.outbox.add([alert(place, 1), alert(place, 2)], NOW)
    return watchlist.id


def seen(tx: Transaction, place: Place) -> tuple[object, ...]:
    """What is left of it."""
    return (
        [(one.name, len(tx.verdicts.of(one.id))) for one in tx.watches.all(place)],
        tx.hours.get(place) != Hours(place),
        len(tx.mutes.of([place], NOW)),
        tx.follows.at(place),
        len(tx.digests.entries(place)),
        tx.digests.sent(place) is not None,
        {story for story, there in tx.outbox.told([1, 2, 5]) if there == place},
    )


FULL: tuple[object, ...] = ([("robots", 1)], True, 1, [1], 1, True, {1, 2})
GONE: tuple[object, ...] = ([], False, 0, [], 0, False, set())


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("slack:T0", {THERE, PLACES[5]}),
        ("discord:G0", set(PLACES) - {THERE}),
        (HERE, set(PLACES) - {HERE}),
        (PLACES[3], set(PLACES) - {PLACES[3]}),
        ("slack:T", set(PLACES)),
        ("terminal:", set(PLACES)),
    ],
)
def test_all_that_is_there_goes_and_nothing_else(store: Store, where: str, left: set[Place]) -> None:
    with store.write() as tx:
        for place in PLACES:
            fill(tx, place, LOOKALIKE)
        revisions = tx.watches.revision(), tx.verdicts.revision()
    with store.write() as tx:
        counted = tx.departures.forget(where)
    with store.read() as tx:
        assert {place: seen(tx, place) for place in PLACES} == {
            place: FULL if place in left else GONE for place in PLACES
        }
        gone = len(PLACES) - len(left)
        assert counted == {"watchlists": gone, "stories": gone, "mutes": gone, "verdicts": gone, "waiting": 3 * gone}
        assert tx.departures.count(where) == EMPTY
        assert tx.outbox.waiting() == 2 * len(left)
        assert not gone or (tx.watches.revision() > revisions[0] and tx.verdicts.revision() > revisions[1])


def test_a_person_who_leaves_is_named_nowhere(store: Store) -> None:
    with store.write() as tx:
        fill(tx, MINE)
        there = fill(tx, HERE)
        tx.verdicts.add(Verdict(there, 1, OTHER, False, {}, NOW))
        tx.entities.add(OwnEntity("norrland", "company", "Norrland", ME, NOW))
        tx.entities.alias(Alias("unitree", "Yushu", OTHER, NOW))
        tx.suggestions.add([Proposal("unitree", "Yushu Robotics", 1, ("a", "b"))], NOW)
        suggestion = tx.suggestions.all()[0].id
        tx.suggestions.decide(suggestion, "accepted", ME, NOW)
        assert tx.departures.count(MINE) == {"watchlists": 1, "stories": 1, "mutes": 1, "verdicts": 2, "waiting": 3}
        tx.departures.forget(MINE)
    with store.read() as tx:
        assert (seen(tx, MINE), seen(tx, HERE)) == (GONE, FULL)
        assert [one.person for one in tx.verdicts.of(there)] == [OTHER]
        assert [one.owner for one in tx.watches.all(HERE)] == [""]
        assert [one.by for one in tx.mutes.of([HERE], NOW)] == [""]
        assert [one.by for one in tx.entities.all()] == [""]
        assert {one.name: one.by for one in tx.entities.aliases()} == {"Norrland": "", "Yushu": OTHER}
        assert tx.suggestions.get(suggestion).by == ""


def test_feeds_stay_when_those_leave_who_asked_for_them_and_what_was_changed_there_goes(store: Store) -> None:
    with store.write() as tx:
        (mine,) = tx.feeds.add([NewFeed("https://example.org/1", place=HERE, person=ME)], NOW)
        tx.feeds.add([NewFeed("https://example.org/2", place=THERE, person=Person("discord:G0/77"))], NOW)
        for place in (HERE, THERE):
            tx.audit.add(Change(NOW, place, ME, "feed add"))
        tx.departures.forget(MINE)
        assert (tx.feeds.get(mine.id).place, tx.feeds.get(mine.id).person) == (HERE, "")
        assert [one.person for one in tx.audit.recent("", 9)] == ["", ""]
        tx.departures.forget(HERE)
        assert [(one.place, one.person) for one in tx.feeds.all()] == [(TERMINAL, ""), (THERE, "discord:G0/77")]
        assert [one.place for one in tx.audit.recent("", 9)] == [THERE]


def test_on_discord_a_person_is_the_same_in_every_server(store: Store) -> None:
    here, elsewhere, other = (Person(f"discord:{one}") for one in ("G0/77", "G1/77", "G0/277"))
    with store.write() as tx:
        channel = fill(tx, THERE, other)
        for person in (here, elsewhere):
            tx.verdicts.add(Verdict(channel, 1, person, False, {}, NOW))
        fill(tx, own_place(here), here)
        assert tx.departures.forget(own_place(elsewhere))["verdicts"] == 3
        assert [one.person for one in tx.verdicts.of(channel)] == [other]
        assert (seen(tx, own_place(here)), seen(tx, THERE)) == (GONE, FULL)


def test_what_was_being_posted_meanwhile_is_not_found(store: Store) -> None:
    with store.write() as tx:
        (delivery,) = tx.outbox.add([alert(MINE)], NOW)
        tx.outbox.claim(NOW, NOW + HOUR, 9)
        tx.departures.forget(MINE)
        assert tx.outbox.claim(NOW + 2 * HOUR, NOW + 3 * HOUR, 9) == []
        with pytest.raises(NotFound):
            tx.outbox.done(delivery, MessageRef(MINE, "1"), NOW)
        with pytest.raises(NotFound):
            tx.outbox.hold(delivery, NOW)
        (again,) = tx.outbox.add([alert(MINE)], NOW)
        assert [one.id for one in tx.outbox.claim(NOW, NOW + HOUR, 9)] == [again]


def test_the_terminal_is_one_person(store: Store) -> None:
    terminal = Place("terminal:")
    with store.write() as tx:
        fill(tx, terminal, Person("terminal:owner"))
        there = fill(tx, HERE, Person("terminal:me"))
        tx.departures.forget("terminal:")
        assert (seen(tx, terminal), tx.verdicts.of(there)) == (GONE, [])
