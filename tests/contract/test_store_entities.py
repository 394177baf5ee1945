"""What bot.repositories.Entities and bot.repositories.Suggestions promise."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.errors import Conflict, NotFound, StoreError
from bot.model import Person
from bot.people import Alias, OwnEntity, Proposal, Suggestion
from bot.ports import Store, Transaction
from tests.contract.makers import HOUR, ME, NOW

YOU = Person("discord:G0/U2")
NORRLAND = OwnEntity("norrland", "company", "Norrland Robotics", ME, NOW, "softbank")
GRIPPER = OwnEntity("gripper", "lab", "Gripper Lab", YOU, NOW + HOUR)


def names(tx: Transaction, entity_id: str) -> list[str]:
    return [one.name for one in tx.entities.aliases() if one.entity == entity_id]


def test_entities_come_back_as_they_were_in_order(store: Store) -> None:
    with store.write() as tx:
        assert (tx.entities.all(), tx.entities.aliases()) == ([], [])
        tx.entities.add(NORRLAND, ["诺兰机器人", "Norrland"])
        tx.entities.add(GRIPPER)
    with store.read() as tx:
        assert tx.entities.all() == [NORRLAND, GRIPPER]
        assert tx.entities.aliases() == [
            Alias("norrland", "Norrland Robotics", ME, NOW),
            Alias("norrland", "诺兰机器人", ME, NOW),
            Alias("norrland", "Norrland", ME, NOW),
            Alias("gripper", "Gripper Lab", YOU, NOW + HOUR),
        ]


def test_an_entity_keeps_each_spelling_once_as_it_was_given_first(store: Store) -> None:
    with store.write() as tx:
        tx.entities.add(NORRLAND, ["norrland-robotics", "NORRLAND", "诺兰機器人", "Norrland", "诺兰机器人"])
        assert names(tx, "norrland") == ["Norrland Robotics", "NORRLAND", "诺兰機器人"]


def test_an_id_or_a_spelling_that_is_taken_adds_nothing(store: Store) -> None:
    with store.write() as tx:
        tx.entities.add(NORRLAND, ["诺兰"])
        revision = tx.entities.revision()
        with pytest.raises(Conflict, match="norrland already"):
            tx.entities.add(OwnEntity("norrland", "lab", "Other", ME, NOW))
        for name in ("NORRLAND  robotics", "諾蘭"):
            with pytest.raises(Conflict, match="of norrland already"):
                tx.entities.add(GRIPPER, ["Grip", name])
            with pytest.raises(Conflict, match="of norrland already"):
                tx.entities.alias(Alias("unitree", name, ME, NOW))
        assert tx.entities.revision() == revision
    with store.read() as tx:
        assert tx.entities.all() == [NORRLAND]
        assert [one.name for one in tx.entities.aliases()] == ["Norrland Robotics", "诺兰"]


def test_spellings_are_added_to_any_entity_and_removed(store: Store) -> None:
    with store.write() as tx:
        alias = Alias("unitree", "Yushu Dynamics", YOU, NOW)
        tx.entities.alias(alias)
        assert tx.entities.aliases() == [alias]
        for entity, name in (("qwen", "Yushu Dynamics"), ("unitree", "Yushu")):
            with pytest.raises(NotFound):
                tx.entities.unalias(entity, name)
        tx.entities.unalias("unitree", "yushu-dynamics")
        assert tx.entities.aliases() == []
        tx.entities.alias(Alias("qwen", "Yushu Dynamics", ME, NOW))


def test_a_removed_entity_takes_its_spellings_and_suggestions_with_it(store: Store) -> None:
    with store.write() as tx:
        tx.entities.add(NORRLAND, ["诺兰"])
        tx.entities.alias(Alias("unitree", "Yushu", ME, NOW))
        tx.suggestions.add(
            [Proposal("norrland", "Nordland", 1, ("x",)), Proposal("unitree", "Yushu Robot", 1, ("x",))], NOW
        )
        tx.entities.remove("norrland")
        assert (tx.entities.all(), names(tx, "unitree"), names(tx, "norrland")) == ([], ["Yushu"], [])
        assert [one.entity for one in tx.suggestions.all()] == ["unitree"]
        for unknown in ("norrland", "unitree"):
            with pytest.raises(NotFound):
                tx.entities.remove(unknown)
        tx.entities.add(GRIPPER, ["诺兰"])


def test_the_revision_of_entities_grows_with_every_change_and_only_then(store: Store) -> None:
    with store.write() as tx:
        revisions = [tx.entities.revision()]
        acts: list[Callable[[], None]] = [
            lambda: tx.entities.add(NORRLAND, ["诺兰"]),
            lambda: tx.entities.alias(Alias("unitree", "Yushu", ME, NOW)),
            lambda: tx.entities.unalias("unitree", "Yushu"),
            lambda: tx.entities.remove("norrland"),
        ]
        for act in acts:
            act()
            revisions.append(tx.entities.revision())
        tx.suggestions.add([Proposal("unitree", "Yushu", 1, ("x",))], NOW)
        tx.entities.all()
        assert tx.entities.revision() == revisions[-1]
    assert revisions == sorted(set(revisions))


def test_proposals_of_one_spelling_are_one_suggestion_with_all_that_speaks_for_it(store: Store) -> None:
    with store.write() as tx:
        tx.suggestions.add([Proposal("unitree", "Yushu", 4, ("a", "b"))], NOW)
        tx.suggestions.add(
            [Proposal("unitree", "YUSHU", 3, ("c", "a")), Proposal("unitree", "Yushu", 4, ("a",))], NOW + HOUR
        )
        tx.suggestions.add([Proposal("qwen", "Yushu", 4, ("b",)), Proposal("qwen", "千问", 9, ("d",))], NOW + HOUR)
        first, second, third = tx.suggestions.all()
    assert (first.entity, first.alias, first.status, first.stories, first.at) == (
        "unitree",
        "Yushu",
        "proposed",
        (3, 4),
        NOW,
    )
    assert sorted(first.items) == ["a", "b", "c"]
    assert second == Suggestion(second.id, "qwen", "Yushu", "proposed", (4,), ("b",), NOW + HOUR)
    assert (third.alias, third.stories) == ("千问", (9,))


def test_suggestions_with_more_stories_come_first(store: Store) -> None:
    with store.write() as tx:
        tx.suggestions.add([Proposal(name, name, 1, ("x", "z")) for name in ("one", "two", "three")], NOW)
        tx.suggestions.add([Proposal("three", "three", 2, ("y",))], NOW)
        assert [one.entity for one in tx.suggestions.all()] == ["three", "one", "two"]


def test_what_a_person_decided_stays_decided(store: Store) -> None:
    with store.write() as tx:
        tx.suggestions.add([Proposal("unitree", "Yushu", 1, ("a",)), Proposal("qwen", "千问", 1, ("a",))], NOW)
        yes, no = tx.suggestions.all()
        accepted = tx.suggestions.decide(yes.id, "accepted", YOU, NOW + HOUR)
        rejected = tx.suggestions.decide(no.id, "rejected", ME, NOW)
        assert accepted == Suggestion(yes.id, "unitree", "Yushu", "accepted", (1,), ("a",), NOW, YOU, NOW + HOUR)
        tx.suggestions.add([Proposal("unitree", "Yushu", 2, ("b",)), Proposal("qwen", "千问", 2, ("b",))], NOW)
        assert (tx.suggestions.all(), tx.suggestions.all("accepted")) == ([], [accepted])
        assert (tx.suggestions.get(no.id), tx.suggestions.all("rejected")) == (rejected, [rejected])


def test_a_suggestion_that_is_not_there_is_not_found(store: Store) -> None:
    with store.write() as tx:
        with pytest.raises(NotFound):
            tx.suggestions.get(7)
        with pytest.raises(NotFound):
            tx.suggestions.decide(7, "accepted", ME, NOW)


def test_own_knowledge_is_not_changed_through_a_view(store: Store) -> None:
    with store.read() as tx, pytest.raises(StoreError):
        tx.entities.add(NORRLAND)
