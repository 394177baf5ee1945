"""The tables, as migrations that are each applied once.

A migration that has been released is never edited: add the next one below it.
Times are microseconds since the epoch. AUTOINCREMENT where an id must not come back after its row was removed.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from bot.errors import StoreError

MIGRATIONS = Migrations("robowire")

_FEEDS = """
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    site TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL,
    lang TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active',
    etag TEXT NOT NULL DEFAULT '',
    modified TEXT NOT NULL DEFAULT '',
    body_key INTEGER NOT NULL DEFAULT 0,
    baselined INTEGER NOT NULL DEFAULT 0,
    interval INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    due_at INTEGER NOT NULL,
    checked_at INTEGER,
    changed_at INTEGER,
    lease INTEGER
) STRICT;
CREATE INDEX feeds_free ON feeds (due_at) WHERE status = 'active' AND lease IS NULL;
CREATE INDEX feeds_held ON feeds (lease) WHERE lease IS NOT NULL;
CREATE TABLE seen (
    feed_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    PRIMARY KEY (feed_id, key)
) STRICT, WITHOUT ROWID;
"""

# `n` is the order of storing. `found` keeps no texts and no places of words: it answers "which items have these terms",
# newest first, and nothing else; it has the items up to the counter `indexed`. Empty `topics`: nobody looked yet.
# `item_hours` gives for each hour the first item that was fetched in it, whatever order
# hours came in: a lower bound for searches since a time.
_ITEMS = """
CREATE TABLE items (
    n INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    story_id INTEGER NOT NULL,
    fetched INTEGER NOT NULL,
    published INTEGER NOT NULL,
    title TEXT NOT NULL,
    link TEXT NOT NULL,
    summary TEXT NOT NULL,
    author TEXT NOT NULL,
    lang TEXT NOT NULL,
    source TEXT NOT NULL,
    image TEXT NOT NULL,
    guid_key INTEGER,
    pair_key INTEGER NOT NULL,
    link_key INTEGER,
    title_key INTEGER,
    topics TEXT NOT NULL,
    entities TEXT NOT NULL,
    UNIQUE (feed_id, id)
) STRICT;
CREATE TABLE item_hours (
    hour INTEGER PRIMARY KEY,
    first INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE found USING fts5 (
    terms, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '_'"
);
"""

_STORIES = """
CREATE TABLE stories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    items INTEGER NOT NULL DEFAULT 1,
    sources TEXT NOT NULL
) STRICT;
CREATE TABLE story_keys (
    key INTEGER PRIMARY KEY,
    story_id INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
"""

_WATCHES = """
CREATE TABLE watchlists (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    query TEXT NOT NULL,
    owner TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (place, folded)
) STRICT;
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('items', 0), ('indexed', 0), ('watches', 0);
"""

# A queue is a place. `head` is its first delivery that is not done, NULL if none waits. `until` is NULL where the head
# can be claimed now, else the end of a lease (`held`) or of a wait. `attempts` and `ambiguous` are about the head.
_OUTBOX = """
CREATE TABLE queues (
    id INTEGER PRIMARY KEY,
    place TEXT NOT NULL UNIQUE,
    head INTEGER,
    until INTEGER,
    held INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    ambiguous INTEGER NOT NULL DEFAULT 0,
    disabled TEXT,
    disabled_at INTEGER
) STRICT;
CREATE INDEX queues_free ON queues (head) WHERE head IS NOT NULL AND until IS NULL;
CREATE INDEX queues_until ON queues (until) WHERE until IS NOT NULL;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue INTEGER NOT NULL REFERENCES queues (id),
    state TEXT NOT NULL,
    nonce TEXT NOT NULL,
    created INTEGER NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    ref_place TEXT,
    ref_id TEXT,
    done_at INTEGER,
    alert TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_waiting ON outbox (queue, id) WHERE state = 'waiting';
CREATE TABLE told (
    story_id INTEGER NOT NULL,
    queue INTEGER NOT NULL REFERENCES queues (id),
    PRIMARY KEY (story_id, queue)
) STRICT, WITHOUT ROWID;
"""


@MIGRATIONS(name="0001_first")
def _first(db: Database) -> None:
    for script in (_FEEDS, _ITEMS, _STORIES, _WATCHES, _OUTBOX):
        db.executescript(script)


def pending(db: Database, migrations: Migrations) -> list[str]:
    """Names of the migrations that this database still needs; all of them for a new one.

    Raises StoreError if a newer program or another one made it.
    """
    known = [migration.name for migration in migrations.pending(db)]
    applied = {migration.name for migration in migrations.applied(db)}
    newer = sorted(applied - _names(migrations))
    if newer:
        raise StoreError(f"the database is newer than this program: it has {', '.join(newer)}. Update robowire")
    foreign = [name for name in db.table_names() if name != migrations.migrations_table]
    if foreign and not applied:
        raise StoreError(f"the database belongs to another program: it has the table {foreign[0]}. Choose another file")
    return known


def has_rows(db: Database) -> bool:
    """Whether somebody's data would be lost with this database."""
    return any(
        db.table(name).count
        for name in ("feeds", "items", "watchlists", "outbox", "settings")
        if name in db.table_names()
    )


def _names(migrations: Migrations) -> set[str]:
    with Database(memory=True, execute_plugins=False) as empty:
        return {migration.name for migration in migrations.pending(empty)}


def migrate(db: Database, migrations: Migrations) -> None:
    """Apply what is pending, all of it or nothing; two programs may try at once."""
    db.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db)
    except BaseException:
        db.rollback()
        raise
    db.commit()
