"""What bot.repositories.Verdicts promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import NotFound, StoreError
from bot.model import Person
from bot.people import Verdict
from bot.ports import Store, Transaction
from tests.contract.makers import HERE, HOUR, ME, NOW

YOU = Person("slack:T0/U2")


def watching(tx: Transaction, name: str = "robots") -> int:
    return tx.watches.add(HERE, name, "robot", ME, NOW).id


def test_verdicts_come_back_as_they_were_in_order_of_time(store: Store) -> None:
    with store.write() as tx:
        one, two = watching(tx), watching(tx, "money")
        late = Verdict(one, 5, ME, True, {"topic:robotics": 0.97, "来源:示例": -1.0, "": 1e-300}, NOW + HOUR)
        early, same = Verdict(one, 6, ME, False, {}, NOW), Verdict(one, 6, YOU, True, {"a": 0.1}, NOW)
        other = Verdict(two, 5, ME, False, {}, NOW)
        for verdict in (late, early, same, other):
            tx.verdicts.add(verdict)
    with store.read() as tx:
        assert tx.verdicts.of(one) == [early, same, late]
        assert tx.verdicts.of(two) == [other]
        assert tx.verdicts.of(two + 1) == []


def test_a_changed_mind_replaces_the_verdict(store: Store) -> None:
    with store.write() as tx:
        one = watching(tx)
        first = Verdict(one, 5, ME, True, {"a": 1.0}, NOW)
        second = replace(first, good=False, features={"b": 2.0}, at=NOW + HOUR)
        other = Verdict(one, 7, ME, True, {}, NOW + HOUR / 2)
        for verdict in (first, other, second):
            tx.verdicts.add(verdict)
        assert tx.verdicts.of(one) == [other, second]


def test_a_reset_forgets_those_of_one_watchlist(store: Store) -> None:
    with store.write() as tx:
        one, two = watching(tx), watching(tx, "money")
        kept = Verdict(two, 5, ME, True, {}, NOW)
        for verdict in (Verdict(one, 5, ME, True, {}, NOW), Verdict(one, 6, ME, True, {}, NOW), kept):
            tx.verdicts.add(verdict)
        assert [tx.verdicts.reset(one), tx.verdicts.reset(one)] == [2, 0]
        assert (tx.verdicts.of(one), tx.verdicts.of(two)) == ([], [kept])


def test_a_removed_watchlist_takes_its_verdicts_with_it(store: Store) -> None:
    with store.write() as tx:
        one, two = watching(tx), watching(tx, "money")
        kept = Verdict(two, 5, ME, True, {}, NOW)
        tx.verdicts.add(Verdict(one, 5, ME, True, {}, NOW))
        tx.verdicts.add(kept)
        tx.watches.remove(one)
        assert (tx.verdicts.of(one), tx.verdicts.of(two)) == ([], [kept])


def test_a_verdict_on_an_unknown_watchlist_is_not_taken_and_harms_nothing(store: Store) -> None:
    with store.write() as tx:
        one = watching(tx)
        with pytest.raises(NotFound):
            tx.verdicts.add(Verdict(one + 1, 5, ME, True, {}, NOW))
    with store.read() as tx:
        assert [each.id for each in tx.watches.all()] == [one]


def test_the_revision_of_verdicts_grows_with_every_change_and_only_then(store: Store) -> None:
    with store.write() as tx:
        one = watching(tx)
        revisions = [tx.verdicts.revision()]
        for act in (
            lambda: tx.verdicts.add(Verdict(one, 5, ME, True, {}, NOW)),
            lambda: tx.verdicts.add(Verdict(one, 5, ME, False, {}, NOW)),
            lambda: tx.verdicts.reset(one),
        ):
            act()
            revisions.append(tx.verdicts.revision())
        tx.verdicts.reset(one)
        tx.verdicts.of(one)
        assert tx.verdicts.revision() == revisions[-1]
    assert revisions == sorted(set(revisions))


def test_verdicts_are_not_changed_through_a_view(store: Store) -> None:
    with store.write() as tx:
        one = watching(tx)
    with store.read() as tx, pytest.raises(StoreError):
        tx.verdicts.add(Verdict(one, 5, ME, True, {}, NOW))
