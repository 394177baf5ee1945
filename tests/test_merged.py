"""The gazetteer with what people here added."""

from __future__ import annotations

import pytest

from bot.classify.knowledge.seeds import Entity, Knowledge
from bot.errors import Conflict
from bot.merged import Merged
from bot.people import Alias, OwnEntity
from bot.ports import Store, Transaction
from tests.contract.makers import ME, NOW
from tests.fakes.store import FakeStore

SEEDS = Knowledge((Entity("qwen", "lab", "Qwen", ("通义千问",)),))


def found(knowledge: Knowledge, name: str) -> str:
    entity = knowledge.find_entity(name)
    return entity.id if entity else ""


def add(tx: Transaction) -> None:
    tx.entities.add(OwnEntity("norrland", "company", "Norrland Robotics", ME, NOW, "qwen"), ["诺兰"])
    tx.entities.alias(Alias("qwen", "Qianwen", ME, NOW))


@pytest.fixture
def store() -> Store:
    return FakeStore()


def test_as_long_as_nothing_is_added_it_is_the_seeds_knowledge_itself(store: Store) -> None:
    merged = Merged(SEEDS)
    with store.read() as tx:
        assert merged.of(tx) is SEEDS
    assert merged.latest is SEEDS


def test_what_was_added_is_known_by_every_name(store: Store) -> None:
    merged = Merged(SEEDS)
    with store.write() as tx:
        add(tx)
    with store.read() as tx:
        knowledge = merged.of(tx)
        assert merged.of(tx) is knowledge
    assert [found(knowledge, name) for name in ("norrland robotics", "诺蘭", "qianwen", "通义千问", "x")] == [
        "norrland",
        "norrland",
        "qwen",
        "qwen",
        "",
    ]
    assert knowledge.children("qwen") == {"norrland"}
    assert merged.latest is knowledge
    assert SEEDS.find_entity("norrland") is None


def test_what_was_removed_is_unknown_again(store: Store) -> None:
    merged = Merged(SEEDS)
    with store.write() as tx:
        add(tx)
    with store.read() as tx:
        merged.of(tx)
    with store.write() as tx:
        tx.entities.remove("norrland")
        tx.entities.unalias("qwen", "Qianwen")
    with store.read() as tx:
        assert merged.of(tx) == SEEDS


def test_a_change_that_was_undone_leaves_no_trace(store: Store) -> None:
    merged = Merged(SEEDS)

    def twice() -> None:
        with store.write() as tx:
            merged.of(tx)
            add(tx)
            add(tx)

    with pytest.raises(Conflict):
        twice()
    with store.write() as tx:
        tx.entities.alias(Alias("qwen", "Tongyi", ME, NOW))
    with store.read() as tx:
        knowledge = merged.of(tx)
    assert (found(knowledge, "Tongyi"), found(knowledge, "Qianwen")) == ("qwen", "")


def test_a_look_at_an_earlier_moment_does_not_take_back_the_latest() -> None:
    before, after, merged = FakeStore(), FakeStore(), Merged(SEEDS)
    with before.write() as tx:
        tx.entities.alias(Alias("qwen", "Tongyi", ME, NOW))
    with after.write() as tx:
        tx.entities.alias(Alias("qwen", "Tongyi", ME, NOW))
        tx.entities.alias(Alias("qwen", "Qianwen", ME, NOW))
    with after.read() as tx:
        latest = merged.of(tx)
    with before.read() as tx:
        assert found(merged.of(tx), "Qianwen") == ""
    assert merged.latest is latest
