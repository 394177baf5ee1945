"""What bot.repositories.Watches and bot.repositories.Settings promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import Conflict, NotFound
from bot.model import Person, Watchlist
from bot.ports import Store
from tests.contract.makers import HERE, NOW, THERE

ME = Person("slack:T0/U1")


def test_add_answers_the_watchlist(store: Store) -> None:
    with store.write() as tx:
        added = tx.watches.add(HERE, "Robots 机器人", 'robot OR "physical ai"', ME, NOW)
        assert added == Watchlist(added.id, HERE, "Robots 机器人", 'robot OR "physical ai"', ME, NOW)
        assert tx.watches.all() == [added]


@pytest.mark.parametrize("again", ["Straße", "STRASSE", "strasse", "ｓｔｒａｓｓｅ"])
def test_names_are_unique_at_a_place_compared_folded(store: Store, again: str) -> None:
    with store.write() as tx:
        first = tx.watches.add(HERE, "Straße", "robot", ME, NOW)
        with pytest.raises(Conflict):
            tx.watches.add(HERE, again, "other", ME, NOW)
        other = tx.watches.add(THERE, again, "other", ME, NOW)
        assert tx.watches.all() == [first, other]
        assert tx.watches.find(HERE, again) == first
        assert tx.watches.find(THERE, again) == other


def test_all_answers_those_of_one_place_or_of_all_in_order(store: Store) -> None:
    with store.write() as tx:
        one = tx.watches.add(HERE, "z", "robot", ME, NOW)
        two = tx.watches.add(THERE, "y", "robot", ME, NOW)
        three = tx.watches.add(HERE, "x", "robot", ME, NOW)
        tx.watches.edit(one.id, "robot")
        assert tx.watches.all() == [one, two, three]
        assert tx.watches.all(HERE) == [one, three]
        assert tx.watches.all(THERE) == [two]


def test_a_name_that_is_not_there_is_none(store: Store) -> None:
    with store.write() as tx:
        tx.watches.add(HERE, "robots", "robot", ME, NOW)
        assert tx.watches.find(THERE, "robots") is None
        assert tx.watches.find(HERE, "robot") is None


def test_edit_replaces_the_query(store: Store) -> None:
    with store.write() as tx:
        old = tx.watches.add(HERE, "robots", "robot", ME, NOW)
        new = tx.watches.edit(old.id, "robot -toy")
        assert new == Watchlist(old.id, HERE, "robots", "robot -toy", ME, NOW)
        assert tx.watches.find(HERE, "robots") == new


def test_a_watchlist_has_the_usual_cards_until_it_is_given_others(store: Store) -> None:
    with store.write() as tx:
        usual = tx.watches.add(HERE, "robots", "robot", ME, NOW)
        before = tx.watches.revision()
        dressed = tx.watches.dress(usual.id, "fields=deal,why")
        assert (usual.template, dressed) == ("", replace(usual, template="fields=deal,why"))
        assert tx.watches.all() == [dressed]
        assert tx.watches.revision() > before
        assert tx.watches.edit(usual.id, "robot -toy").template == "fields=deal,why"
        with pytest.raises(NotFound):
            tx.watches.dress(usual.id + 1, "")


def test_a_watchlist_tells_at_once_or_in_the_digest(store: Store) -> None:
    with store.write() as tx:
        one = tx.watches.add(HERE, "robots", "robot", ME, NOW)
        two = tx.watches.add(HERE, "money", "fund", ME, NOW, "digest")
        before = tx.watches.revision()
        assert (one.mode, two.mode) == ("instant", "digest")
        assert tx.watches.switch(one.id, "digest") == Watchlist(one.id, HERE, "robots", "robot", ME, NOW, "digest")
        tx.watches.switch(two.id, "instant")
        assert tx.watches.edit(one.id, "robots").mode == "digest"
        assert [each.mode for each in tx.watches.all(HERE)] == ["digest", "instant"]
        assert tx.watches.revision() > before
        with pytest.raises(NotFound):
            tx.watches.switch(two.id + one.id, "digest")


def test_a_removed_watchlist_is_gone_and_its_name_free(store: Store) -> None:
    with store.write() as tx:
        old = tx.watches.add(HERE, "robots", "robot", ME, NOW)
        tx.watches.remove(old.id)
        assert tx.watches.all() == []
        assert tx.watches.add(HERE, "robots", "robot", ME, NOW).id != old.id


def test_what_is_not_there_is_not_found(store: Store) -> None:
    with store.write() as tx:
        with pytest.raises(NotFound):
            tx.watches.edit(1, "robot")
        with pytest.raises(NotFound):
            tx.watches.remove(1)


def test_the_revision_grows_with_every_change_and_only_then(store: Store) -> None:
    with store.write() as tx:
        revisions = [tx.watches.revision()]
        added = tx.watches.add(HERE, "robots", "robot", ME, NOW)
        revisions.append(tx.watches.revision())
        tx.watches.edit(added.id, "robot -toy")
        revisions.append(tx.watches.revision())
        tx.watches.remove(added.id)
        revisions.append(tx.watches.revision())
        assert revisions == sorted(set(revisions))
        with pytest.raises(NotFound):
            tx.watches.remove(added.id)
        tx.watches.all()
        assert tx.watches.revision() == revisions[-1]


def test_the_revision_of_a_block_that_raised_is_taken_back(store: Store) -> None:
    with store.read() as tx:
        before = tx.watches.revision()

    def fail() -> None:
        with store.write() as tx:
            tx.watches.add(HERE, "robots", "robot", ME, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as tx:
        assert tx.watches.revision() == before


def test_settings_are_written_over(store: Store) -> None:
    with store.write() as tx:
        assert tx.settings.get("digest") is None
        tx.settings.set("digest", "")
        assert tx.settings.get("digest") == ""
        tx.settings.set("digest", "08:00 上海")
        tx.settings.set("Digest", "other")
    with store.read() as tx:
        assert tx.settings.get("digest") == "08:00 上海"


def test_a_person_owns_what_they_made_wherever_that_was(store: Store) -> None:
    makers = ("slack:T0/U1", "slack:T0/U1", "slack:T0/U10", "slack:T1/U1", "", "terminal:owner", "terminal:me")
    discord = ("discord:5/9", "discord:6/9", "discord:/9", "discord:5/19", "discord:5/90")
    with store.write() as tx:
        for number, maker in enumerate((*makers, *discord)):
            tx.watches.add((HERE, THERE)[number % 2], f"n{number}", "robot", Person(maker), NOW)
        counted = {who: tx.watches.owned(Person(who)) for who in ("slack:T0/U1", "slack:T0/U_", "discord:7/9")}
        assert counted == {"slack:T0/U1": 2, "slack:T0/U_": 0, "discord:7/9": 3}
        assert tx.watches.owned(Person("discord:/19")) == 1
        tx.watches.remove(tx.watches.all()[0].id)
        assert tx.watches.owned(Person("slack:T0/U1")) == 1
