"""The queries that run all the time find their rows by an index, whatever the size of the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.model import NewFeed, NewStory, Person, Place
from bot.people import Alias, Change, Mute, Proposal, Verdict
from bot.store.sqlite import SqliteStore, Tables
from tests.contract.makers import HERE, HOUR, NOW, THERE, add_story, alert, index, stored
from tests.contract.test_store_digests import entry

ME = Person("slack:T0/U1")

ACTS: dict[str, Callable[[Tables], object]] = {
    "feeds.claim": lambda tx: tx.feeds.claim(NOW, NOW + HOUR, 10),
    "feeds.save": lambda tx: tx.feeds.save([tx.feeds.get(1)]),
    "feeds.next_due": lambda tx: tx.feeds.next_due(),
    "items.seen": lambda tx: tx.items.seen({1: [1]}),
    "items.remember": lambda tx: tx.items.remember({1: [1]}),
    "items.add": lambda tx: tx.items.add([stored("new")]),
    "items.unread": lambda tx: tx.items.unread(10),
    "items.index": lambda tx: index(tx, 10),
    "items.search": lambda tx: tx.items.search("robot", since=NOW),
    "items.newest": lambda tx: tx.items.search(since=NOW),
    "items.deals": lambda tx: tx.items.search("robot", deals=True, event="funding", since=NOW),
    "items.by_link": lambda tx: tx.items.by_link("https://example.org/1"),
    "items.of_story": lambda tx: tx.items.of_story(1),
    "items.count": lambda tx: tx.items.count(),
    "items.window": lambda tx: list(tx.items.window(NOW, NOW - HOUR)),
    "stories.get": lambda tx: tx.stories.get(1),
    "stories.developments": lambda tx: tx.stories.developments(1),
    "stories.merge": lambda tx: tx.stories.merge(1, tx.stories.add([NewStory("two", "B", NOW)])[0]),
    "stories.move": lambda tx: tx.stories.move(["a"], 1),
    "stories.join": lambda tx: tx.stories.join(1, NOW, "B"),
    "watches.find": lambda tx: tx.watches.find(HERE, "robots"),
    "outbox.add": lambda tx: tx.outbox.add([alert(THERE, 2)], NOW),
    "outbox.claim": lambda tx: tx.outbox.claim(NOW, NOW + HOUR, 10),
    "outbox.posted": lambda tx: tx.outbox.posted(HERE, NOW),
    "outbox.behind": lambda tx: tx.outbox.behind(HERE),
    "outbox.fold": lambda tx: tx.outbox.fold(1, [2], alert(HERE, 1, 2)),
    "audit.add": lambda tx: tx.audit.add(Change(NOW, HERE, ME, "watch add")),
    "outbox.told": lambda tx: tx.outbox.told([1]),
    "outbox.living": lambda tx: tx.outbox.living([1]),
    "outbox.reply": lambda tx: tx.outbox.add([replace(alert(HERE), kind="update")], NOW),
    "outbox.revise": lambda tx: tx.outbox.revise(1, alert(HERE), NOW),
    "outbox.gone": lambda tx: tx.outbox.gone(1),
    "outbox.merge": lambda tx: tx.outbox.merge(1, 2, 1),
    "follows.merge": lambda tx: tx.follows.merge(1, 2),
    "digests.merge": lambda tx: tx.digests.merge(1, 2),
    "outbox.next_due": lambda tx: tx.outbox.next_due(),
    "outbox.alert": lambda tx: tx.outbox.alert(1),
    "outbox.recent": lambda tx: tx.outbox.recent(HERE, 10),
    "verdicts.add": lambda tx: tx.verdicts.add(Verdict(1, 1, ME, True, {}, NOW)),
    "verdicts.of": lambda tx: tx.verdicts.of(1),
    "entities.alias": lambda tx: tx.entities.alias(Alias("unitree", "宇树", ME, NOW)),
    "entities.unalias": lambda tx: tx.entities.unalias("unitree", "Yushu"),
    "suggestions.add": lambda tx: tx.suggestions.add([Proposal("unitree", "Yushu", 1, ("a", "b"))], NOW),
    "suggestions.get": lambda tx: tx.suggestions.get(1),
    "outbox.hold": lambda tx: tx.outbox.hold(1, NOW),
    "outbox.resume": lambda tx: tx.outbox.resume(HERE),
    "watches.switch": lambda tx: tx.watches.switch(1, "digest"),
    "watches.remove": lambda tx: tx.watches.remove(1),
    "hours.get": lambda tx: tx.hours.get(HERE),
    "mutes.add": lambda tx: tx.mutes.add(Mute(HERE, "story", "7", "A", None, ME, NOW)),
    "follows.add": lambda tx: tx.follows.add(7, HERE, NOW),
    "digests.add": lambda tx: tx.digests.add([entry(7), entry(1)]),
    "digests.waiting": lambda tx: tx.digests.waiting([1]),
    "digests.due": lambda tx: tx.digests.due(NOW, 10),
    "digests.entries": lambda tx: tx.digests.entries(Place("slack:T0/C9")),
    "digests.clear": lambda tx: tx.digests.clear(HERE),
    "outbox.retry": lambda tx: tx.outbox.retry(1, NOW, "slow down"),
}


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    opened = SqliteStore(":memory:")
    with opened.write() as tx:
        tx.feeds.add([NewFeed("a"), NewFeed("b")], NOW)
        tx.items.add([stored("robot")])
        add_story(tx, "robot", NOW, "A")
        tx.outbox.add([alert(HERE), alert(HERE)], NOW)
        tx.watches.add(HERE, "robots", "robot", ME, NOW)
        tx.entities.alias(Alias("unitree", "Yushu", ME, NOW))
        tx.suggestions.add([Proposal("unitree", "Yushu Robotics", 1, ("a",))], NOW)
        tx.digests.add([entry(1)])
    yield opened
    opened.close()


def plans(tx: Tables, act: Callable[[Tables], object]) -> dict[str, list[str]]:
    """Each statement that `act` runs, and the steps of its plan."""
    statements: list[str] = []
    tx.session.db.conn.set_trace_callback(statements.append)
    act(tx)
    tx.session.db.conn.set_trace_callback(None)
    return {
        sql: [row[3] for row in tx.session.rows(f"EXPLAIN QUERY PLAN {sql}")] for sql in statements if sql[:2] != "--"
    }


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_no_table_is_scanned(store: SqliteStore, act: Callable[[Tables], object]) -> None:
    with store.write() as tx:
        steps = {sql: [step for step in plan if _slow(step)] for sql, plan in plans(tx, act).items()}
    assert steps
    assert {sql: slow for sql, slow in steps.items() if slow} == {}


def _slow(step: str) -> bool:
    """A scan of a table, or a sort; json_each and the full-text index are virtual, an index in its order is no scan.

    The full-text index reads its settings, a handful of rows, when it is used first.
    """
    if step == "SCAN main.found_config":
        return False
    scan = step.startswith("SCAN") and "VIRTUAL TABLE" not in step and "USING" not in step and "CONSTANT" not in step
    return (scan and "(subquery" not in step) or "TEMP B-TREE FOR ORDER BY" in step


def test_claims_read_the_queues_in_order(store: SqliteStore) -> None:
    with store.write() as tx:
        feeds = [step for plan in plans(tx, ACTS["feeds.claim"]).values() for step in plan]
        outbox = [step for plan in plans(tx, ACTS["outbox.claim"]).values() for step in plan]
    assert "SEARCH feeds USING INDEX feeds_free (due_at<?)" in feeds
    assert "SEARCH feeds USING INDEX feeds_held (lease<?)" in feeds
    assert any(step.startswith("SEARCH queues USING INDEX queues_free") for step in outbox)
    assert any(step.startswith("SEARCH queues USING INDEX queues_until") for step in outbox)
