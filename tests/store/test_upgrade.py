"""A database that an earlier release made keeps everything when this one opens it."""

from __future__ import annotations

import copy
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.errors import NotFound, StoreError
from bot.model import TERMINAL, Item, MessageRef, Person, StoredItem
from bot.people import Hours
from bot.store.open import open_store
from bot.store.schema import MIGRATIONS
from bot.store.sqlite import SqliteStore
from tests.contract.makers import ROUND

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
US = 1_772_366_400_000_000
ALERT = (
    '{"kind":"story","place":"terminal:","watchlists":["Robots"],"items":[{"story_id":1,"title":"Robots walk","link":'
    '"https://example.org/1","source":"Ex","published":"2026-03-01T12:00:00Z","summary":"","lang":"","image":"",'
    '"topics":[],"entities":[],"spans":[],"words":[]}],"count":1,"feed":""}'
)

# rows as the first release wrote them: one item is understood and indexed, one is of a silent baseline
ROWS = f"""
INSERT INTO feeds (id, url, title, category, lang, interval, due_at, baselined)
    VALUES (1, 'https://example.org/feed', '', '', '', 900, {US}, 1);
INSERT INTO seen VALUES (1, 5), (1, 6);
INSERT INTO items VALUES
    (1, 1, 'a1', 1, {US}, {US}, 'Robots walk', 'https://example.org/1', '', '', 'en', 'Ex', '', NULL, 1, 2, NULL,
     '["robotics"]', '["qwen"]'),
    (2, 1, 'a2', 0, {US}, {US}, 'Nobody looked', 'https://example.org/2', '', '', 'en', 'Ex', '', NULL, 2, NULL, NULL, '', '');
INSERT INTO item_hours VALUES (492324, 1);
INSERT INTO found (rowid, terms) VALUES (1, 'robots walk t_robotics e_qwen');
INSERT INTO stories VALUES (1, 'Robots walk', {US}, {US}, 1, '["Ex"]');
INSERT INTO story_keys VALUES (9, 1, {US});
INSERT INTO watchlists VALUES (1, 'terminal:', 'Robots', 'robots', 'robot', 'terminal:me', {US});
INSERT INTO settings VALUES ('begun', 'yes');
UPDATE counters SET value = CASE name WHEN 'items' THEN 2 ELSE 1 END;
INSERT INTO queues (id, place, head) VALUES (1, 'terminal:', 2);
INSERT INTO outbox VALUES (1, 1, 'done', 'n1', {US}, '', 'terminal:', '7', {US}, '{ALERT}'),
    (2, 1, 'waiting', 'n2', {US}, '', NULL, NULL, NULL, '{ALERT}');
INSERT INTO told VALUES (1, 1);
"""
WALK = StoredItem(
    Item("a1", "Robots walk", "https://example.org/1", "", NOON, "", "en", "Ex", "", None, 1, 2, None),
    1,
    1,
    NOON,
    ("robotics",),
    ("qwen",),
)


NAMES = [
    "0001_first",
    "0002_understanding",
    "0003_people",
    "0004_cards",
    "0005_stories",
    "0006_living",
    "0007_trust",
    "0008_limits",
]


def first_release() -> Migrations:
    migrations = copy.deepcopy(MIGRATIONS)
    del migrations._migrations[1:]
    return migrations


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of the first release, in use."""
    path = tmp_path / "robowire.db"
    SqliteStore(str(path), first_release()).close()
    database = sqlite3.connect(path)
    database.executescript(ROWS)
    database.close()
    return path


def test_everything_is_there_after_the_upgrade(path: Path) -> None:
    store = open_store(str(path))
    with store.read() as tx:
        assert [(feed.url, feed.baselined) for feed in tx.feeds.all()] == [("https://example.org/feed", True)]
        assert tx.items.seen({1: [4, 5, 6]}) == {1: {5, 6}}
        assert tx.items.search() == tx.items.search("robots", topics=["robotics"]) == tx.items.of_story(1) == [WALK]
        assert (tx.items.count(), [one.item.title for one in tx.items.unread(9)]) == (2, ["Nobody looked"])
        assert tx.stories.get(1).sources == ("Ex",)
        assert [one.query for one in tx.watches.all(TERMINAL)] == ["robot"]
        assert (tx.settings.get("begun"), tx.watches.revision()) == ("yes", 1)
        assert (tx.outbox.waiting(), tx.outbox.told([1])) == (1, {(1, TERMINAL)})
        (living,) = tx.outbox.living([1])[1, TERMINAL]
        assert (living.id, living.story_id, living.sent) == (1, 1, True)
        assert [(one.id, one.ref) for one in tx.outbox.recent(TERMINAL, 9)] == [(1, MessageRef(TERMINAL, "7"))]
    store.close()


def test_the_new_works_on_the_old(path: Path) -> None:
    store = open_store(str(path))
    with store.write() as tx:
        (unread,) = tx.items.unread(9)
        tx.items.index([StoredItem(unread.item, 1, 2, NOON, event="funding", deals=(ROUND,))])
        assert [one.item.id for one in tx.items.search(deals=True, event="funding")] == ["a2"]
        assert [one.item.id for one in tx.items.search(event="other")] == ["a1"]
        assert (tx.entities.revision(), tx.verdicts.revision(), tx.verdicts.of(1)) == (0, 0, [])
        assert [one.id for one in tx.outbox.claim(NOON, NOON, 9)] == [2]
        with pytest.raises(NotFound):
            tx.suggestions.decide(1, "accepted", Person("terminal:me"), NOON)
    store.close()


def test_watchlists_tell_at_once_as_they_did_and_the_queue_goes_on(path: Path) -> None:
    store = open_store(str(path))
    with store.write() as tx:
        assert [one.mode for one in tx.watches.all()] == ["instant"]
        assert (tx.hours.get(TERMINAL), tx.mutes.of([TERMINAL], NOON)) == (Hours(TERMINAL), [])
        (waiting,) = tx.outbox.claim(NOON, NOON, 9)
        tx.outbox.hold(waiting.id, NOON + timedelta(hours=1))
        tx.outbox.resume(TERMINAL)
        assert [one.id for one in tx.outbox.claim(NOON, NOON, 9)] == [waiting.id]
        assert tx.departures.forget(TERMINAL)["waiting"] == 1
    store.close()


@pytest.mark.parametrize("release", range(1, 1 + len(NAMES)))
def test_every_release_is_upgraded(tmp_path: Path, release: int) -> None:
    migrations = copy.deepcopy(MIGRATIONS)
    del migrations._migrations[release:]
    path = tmp_path / "robowire.db"
    old = SqliteStore(str(path), migrations)
    old.close()
    open_store(str(path)).close()
    with Database(path) as db:
        assert [each.name for each in MIGRATIONS.applied(db)] == NAMES


def test_a_copy_of_before_is_kept_that_the_earlier_release_can_use(path: Path) -> None:
    open_store(str(path)).close()
    backup = path.with_name("robowire.db.before-0002_understanding.bak")
    with Database(backup) as db:
        assert [each.name for each in MIGRATIONS.applied(db)] == ["0001_first"]
        assert db.execute("SELECT title FROM items ORDER BY n").fetchall() == [("Robots walk",), ("Nobody looked",)]
        assert "event" not in db.table("items").columns_dict
    SqliteStore(str(backup), first_release()).close()


def test_the_earlier_release_refuses_what_was_upgraded(path: Path) -> None:
    open_store(str(path)).close()
    with pytest.raises(StoreError, match=r"newer than this program.*0002_understanding"):
        SqliteStore(str(path), first_release())


def test_an_upgrade_that_fails_halfway_changes_nothing(path: Path) -> None:
    migrations = copy.deepcopy(MIGRATIONS)

    @migrations(name="9001_broken")
    def _(db: Database) -> None:
        db.executescript("CREATE TABLE half (x INTEGER); SELECT * FROM nowhere;")

    with pytest.raises(StoreError, match="nowhere"):
        SqliteStore(str(path), migrations)
    with Database(path) as db:
        assert [each.name for each in MIGRATIONS.applied(db)] == ["0001_first"]
        assert "event" not in db.table("items").columns_dict
        assert not {"half", "entities", "verdicts"} & set(db.table_names())
    store = open_store(str(path))
    with store.read() as tx:
        assert tx.items.search() == [WALK]
    store.close()
