"""What bot.repositories.Digests promises."""

from __future__ import annotations

from datetime import date, datetime

from bot.model import Place
from bot.people import DigestEntry, Sent
from bot.ports import Store
from tests.contract.makers import HERE, HOUR, NOW, SECOND, THERE, alert


def entry(story_id: int, place: Place = HERE, *watchlists: int, at: datetime = NOW, title: str = "A") -> DigestEntry:
    return DigestEntry(place, alert(place, story_id, title=title).items[0], watchlists or (1,), at, ("qwen",))


def test_what_waits_comes_back_as_it_was_in_order(store: Store) -> None:
    one, two, other = entry(9, HERE, 3, 1, title="“Zwölf” 机器人"), entry(2), entry(9, THERE)
    with store.write() as tx:
        tx.digests.add([one, other])
        tx.digests.add([two])
    with store.read() as tx:
        assert tx.digests.entries(HERE) == [one, two]
        assert tx.digests.waiting([9, 2, 5]) == {(9, HERE), (2, HERE), (9, THERE)}
        assert (tx.digests.waiting([]), tx.digests.entries(Place("slack:T0/C9"))) == (set(), [])


def test_a_story_waits_once_and_gains_watchlists(store: Store) -> None:
    with store.write() as tx:
        tx.digests.add([entry(9, HERE, 1, title="first")])
        tx.digests.add([entry(9, HERE, 2, 1, at=NOW + HOUR, title="second")])
        assert tx.digests.entries(HERE) == [entry(9, HERE, 1, 2, title="first")]


def test_what_was_told_otherwise_waits_no_longer(store: Store) -> None:
    with store.write() as tx:
        tx.digests.add([entry(9), entry(9, THERE), entry(2)])
        tx.digests.drop({(9, HERE), (7, HERE)})
        assert tx.digests.waiting([9, 2]) == {(9, THERE), (2, HERE)}


def test_a_place_is_looked_at_from_the_first_that_waits(store: Store) -> None:
    with store.write() as tx:
        tx.digests.add([entry(1, at=NOW + HOUR), entry(1, THERE, at=NOW)])
        tx.digests.add([entry(2, at=NOW)])
        assert tx.digests.due(NOW - SECOND, 9) == []
        assert tx.digests.due(NOW, 9) == [THERE]
        assert tx.digests.due(NOW + HOUR, 9) == [THERE, HERE]
        assert tx.digests.due(NOW + HOUR, 1) == [THERE]


def test_a_look_can_be_put_off_and_what_comes_meanwhile_does_not_hasten_it(store: Store) -> None:
    with store.write() as tx:
        tx.digests.look(THERE, NOW)
        tx.digests.add([entry(1)])
        tx.digests.look(HERE, NOW + HOUR)
        tx.digests.add([entry(2)])
        assert tx.digests.due(NOW + HOUR - SECOND, 9) == []
        assert tx.digests.due(NOW + HOUR, 9) == [HERE]


def test_a_digest_that_was_sent_is_remembered_and_nothing_waits(store: Store) -> None:
    sent = Sent(NOW, date(2026, 3, 2))
    with store.write() as tx:
        assert tx.digests.sent(HERE) is None
        tx.digests.add([entry(1), entry(2, THERE)])
        tx.digests.clear(HERE, sent)
        assert (tx.digests.entries(HERE), tx.digests.due(NOW, 9), tx.digests.sent(HERE)) == ([], [THERE], sent)
        tx.digests.look(HERE, NOW)
        assert tx.digests.due(NOW, 9) == [THERE]
        tx.digests.add([entry(3)])
        tx.digests.clear(HERE)
        assert (tx.digests.entries(HERE), tx.digests.sent(HERE)) == ([], sent)
        tx.digests.add([entry(4, at=NOW + HOUR)])
        assert tx.digests.due(NOW + HOUR, 9) == [THERE, HERE]
