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


# `deals` is JSON, empty for none. Both indexes have known items alone, so that a silent baseline of thousands of items is
# stored without touching them; they are filled as those items are indexed, behind the polls.
_UNDERSTOOD = """
ALTER TABLE items ADD COLUMN event TEXT NOT NULL DEFAULT 'other';
ALTER TABLE items ADD COLUMN deals TEXT NOT NULL DEFAULT '';
CREATE INDEX items_story ON items (story_id) WHERE story_id > 0;
CREATE INDEX items_link ON items (link_key) WHERE link_key IS NOT NULL AND story_id > 0;
CREATE INDEX outbox_done ON outbox (queue, id) WHERE state = 'done';
"""

# `normal` is the normal form of a spelling (classify.normal.needle).
_OWN_KNOWLEDGE = """
CREATE TABLE entities (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    parent TEXT NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE aliases (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    entity TEXT NOT NULL,
    name TEXT NOT NULL,
    normal TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX aliases_entity ON aliases (entity);
CREATE TABLE suggestions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entity TEXT NOT NULL,
    alias TEXT NOT NULL,
    normal TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'proposed',
    at INTEGER NOT NULL,
    person TEXT,
    decided INTEGER,
    UNIQUE (entity, normal)
) STRICT;
CREATE TABLE suggestion_reports (
    suggestion INTEGER NOT NULL REFERENCES suggestions (id) ON DELETE CASCADE,
    story_id INTEGER NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (suggestion, story_id, item)
) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('entities', 0);
"""

_VERDICTS = """
CREATE TABLE verdicts (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    watchlist INTEGER NOT NULL REFERENCES watchlists (id) ON DELETE CASCADE,
    story_id INTEGER NOT NULL,
    person TEXT NOT NULL,
    good INTEGER NOT NULL,
    features TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (watchlist, story_id, person)
) STRICT;
CREATE INDEX verdicts_time ON verdicts (watchlist, at, n);
INSERT INTO counters VALUES ('verdicts', 0);
"""


@MIGRATIONS(name="0002_understanding")
def _understanding(db: Database) -> None:
    for script in (_UNDERSTOOD, _OWN_KNOWLEDGE, _VERDICTS):
        db.executescript(script)


# Times of day are minutes since midnight. `quiet` of a queue says that `until` is the end of quiet hours. A place is looked at
# for its digest at `due`, NULL if nothing waits for it. The index over queue and state finds what waits and what is done, in
# the order of ids, and all of a place that leaves.
_PEOPLE = """
ALTER TABLE watchlists ADD COLUMN mode TEXT NOT NULL DEFAULT 'instant';
ALTER TABLE queues ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;
DROP INDEX outbox_waiting;
DROP INDEX outbox_done;
CREATE INDEX outbox_state ON outbox (queue, state, id);
CREATE INDEX told_queue ON told (queue);
CREATE TABLE hours (
    place TEXT PRIMARY KEY,
    zone TEXT NOT NULL,
    digest INTEGER NOT NULL,
    digesting INTEGER NOT NULL,
    quiet_from INTEGER,
    quiet_to INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE mutes (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    name TEXT NOT NULL,
    until INTEGER,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (place, kind, what)
) STRICT;
CREATE INDEX mutes_what ON mutes (what);
CREATE TABLE follows (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    story_id INTEGER NOT NULL,
    place TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (story_id, place)
) STRICT;
CREATE INDEX follows_place ON follows (place);
CREATE TABLE digest_entries (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL,
    story_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    watchlists TEXT NOT NULL,
    companies TEXT NOT NULL,
    item TEXT NOT NULL,
    UNIQUE (story_id, place)
) STRICT;
CREATE INDEX digest_entries_place ON digest_entries (place);
CREATE TABLE digests (
    place TEXT PRIMARY KEY,
    due INTEGER,
    sent_at INTEGER,
    sent_day TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX digests_due ON digests (due) WHERE due IS NOT NULL;
"""


@MIGRATIONS(name="0003_people")
def _people(db: Database) -> None:
    db.executescript(_PEOPLE)


@MIGRATIONS(name="0004_cards")
def _cards(db: Database) -> None:
    db.executescript("ALTER TABLE watchlists ADD COLUMN template TEXT NOT NULL DEFAULT '';")


# The window of stories is made anew from the items when a program starts, so nothing leads to a story but its items. `merged`
# is the story that this one was found to be.
_STORIES_LIVE = """
ALTER TABLE items ADD COLUMN status TEXT NOT NULL DEFAULT 'new';
ALTER TABLE items ADD COLUMN placed TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN copy INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN actors TEXT NOT NULL DEFAULT '';
CREATE INDEX items_id ON items (id) WHERE story_id > 0;
CREATE INDEX items_dealing ON items (n, fetched) WHERE deals != '' AND story_id > 0;
ALTER TABLE stories ADD COLUMN copied TEXT NOT NULL DEFAULT '';
ALTER TABLE stories ADD COLUMN follows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN merged INTEGER;
CREATE INDEX stories_follows ON stories (follows) WHERE follows > 0;
DROP TABLE story_keys;
INSERT INTO counters VALUES ('stories', 0);
"""


@MIGRATIONS(name="0005_stories")
def _stories(db: Database) -> None:
    db.executescript(_STORIES_LIVE)


# A row of the outbox that `edits` another has no alert of its own: the message of that one is to say what its row says.
# `thread` is the delivery under whose message a row goes. `delivery` is the message of its own by which a place was told of a
# story, NULL for none; `root` is the story of which that is a development, or the story itself.
_LIVING = """
ALTER TABLE outbox ADD COLUMN edits INTEGER;
ALTER TABLE outbox ADD COLUMN thread INTEGER;
CREATE INDEX outbox_edits ON outbox (edits) WHERE edits IS NOT NULL AND state = 'waiting';
ALTER TABLE told ADD COLUMN root INTEGER NOT NULL DEFAULT 0;
ALTER TABLE told ADD COLUMN delivery INTEGER;
UPDATE told SET root = story_id;
UPDATE told SET delivery = message.id FROM (
    SELECT min(id) AS id, queue, json_extract(alert, '$.items[0].story_id') AS story_id FROM outbox
    WHERE state != 'dropped' AND json_extract(alert, '$.kind') = 'story' GROUP BY 2, 3
) AS message WHERE told.story_id = message.story_id AND told.queue = message.queue;
CREATE INDEX told_root ON told (root);
CREATE INDEX told_delivery ON told (delivery) WHERE delivery IS NOT NULL;
"""


@MIGRATIONS(name="0006_living")
def _living(db: Database) -> None:
    db.executescript(_LIVING)


# `kills` counts children that a feed's documents killed, one after another. `audit` has what people changed, in their words.
_TRUST = """
ALTER TABLE feeds ADD COLUMN place TEXT NOT NULL DEFAULT 'terminal:';
ALTER TABLE feeds ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN kills INTEGER NOT NULL DEFAULT 0;
CREATE TABLE audit (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    place TEXT NOT NULL,
    person TEXT NOT NULL,
    command TEXT NOT NULL,
    args TEXT NOT NULL
) STRICT;
"""


@MIGRATIONS(name="0007_trust")
def _trust(db: Database) -> None:
    db.executescript(_TRUST)


# What was posted to a place within the last hour is counted whenever it is that place's turn; old changes go as new ones come.
_LIMITS = """
CREATE INDEX outbox_posted ON outbox (queue, done_at) WHERE state = 'done' AND edits IS NULL;
CREATE INDEX audit_at ON audit (at);
"""


@MIGRATIONS(name="0008_limits")
def _limits(db: Database) -> None:
    db.executescript(_LIMITS)


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
        for name in ("feeds", "items", "watchlists", "outbox", "settings", "aliases")
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
