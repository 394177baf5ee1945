"""Items: the keys that were seen, the items themselves and the index in which they are looked up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice

from bot.feeds.links import link_key
from bot.model import Item, StoredItem
from bot.store.connect import Session
from bot.store.rows import Row, dump_deals, dump_names, hour, integers, load_deals, load_names, micros, moment
from bot.store.terms import USUAL_EVENT, index_terms, match_query, searched

_COLUMNS = (
    "n, feed_id, id, story_id, fetched, published, title, link, summary, author, lang, source, image, "
    "guid_key, pair_key, link_key, title_key, topics, entities, event, deals, status, placed, copy, actors"
)
_INSERT = f"INSERT OR IGNORE INTO items ({_COLUMNS}) VALUES (?{', ?' * _COLUMNS.count(',')})"
_EVENT = _COLUMNS.split(", ").index("event") - 1  # in a row that was read, which has no n
_DEALS = _EVENT + 1
_AT_ONCE = 500
_READ = ", ".join(f"items.{column}" for column in _COLUMNS.split(", ")[1:])


class ItemTable:
    """bot.repositories.Items over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def seen(self, keys: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
        """As bot.repositories.Items."""
        sql = "SELECT key FROM seen WHERE feed_id = ? AND key IN (SELECT value FROM json_each(?))"
        return {
            feed_id: {key for (key,) in self._session.rows(sql, (feed_id, integers(mine)))}
            for feed_id, mine in keys.items()
        }

    def remember(self, keys: Mapping[int, Collection[int]]) -> None:
        """As bot.repositories.Items."""
        # one statement a feed, whose rows SQLite inserts without coming back to the interpreter for each
        sql = "INSERT OR IGNORE INTO seen SELECT feeds.id, value FROM feeds, json_each(?2) WHERE feeds.id = ?1"
        for feed_id, mine in keys.items():
            if mine:
                self._session.run(sql, (feed_id, integers(sorted(mine))))

    def add(self, items: Sequence[StoredItem]) -> None:
        """As bot.repositories.Items."""
        if not items:
            return
        first = self._last() + 1
        added = self._session.many(_INSERT, [_row(first + at, stored) for at, stored in enumerate(items)])
        hours = {hour(micros(one.fetched)): n for n, one in reversed(list(enumerate(items, first)))}
        self._session.many("INSERT OR IGNORE INTO item_hours VALUES (?, ?)", hours.items())
        self._session.run("UPDATE counters SET value = value + ? WHERE name = 'items'", (added,))

    def _last(self) -> int:
        row = self._session.row("SELECT max(n) FROM items")
        return row[0] or 0 if row else 0

    def unread(self, limit: int) -> list[StoredItem]:
        """As bot.repositories.Items."""
        sql = f"SELECT {_READ} FROM items WHERE n > ? ORDER BY n LIMIT ?"
        return [_stored(row) for row in self._session.rows(sql, (self._indexed(), limit))]

    def index(self, items: Sequence[StoredItem]) -> None:
        """As bot.repositories.Items. Raises ValueError for others than the first unread."""
        sql = "SELECT n, feed_id, id, topics FROM items WHERE n > ? ORDER BY n LIMIT ?"
        rows = self._session.rows(sql, (self._indexed(), len(items)))
        if [(row[1], row[2]) for row in rows] != [(one.feed_id, one.item.id) for one in items]:
            raise ValueError("only the first unread items can be indexed, in their order")
        if not rows:
            return
        pairs = [(row[0], one) for row, one in zip(rows, items, strict=True)]
        self._session.many(
            "UPDATE items SET story_id = ?, topics = ?, entities = ?, event = ?, deals = ?, status = ?, placed = ?, "
            "copy = ?, actors = ? WHERE n = ?",
            [
                (one.story_id, *_understood(one), n)
                for (n, _, _, topics), one in zip(rows, items, strict=True)
                if topics == ""
            ],
        )
        self._session.many(
            "INSERT INTO found (rowid, terms) VALUES (?, ?)",
            [(n, _terms(one)) for n, one in pairs],
        )
        self._session.run("UPDATE counters SET value = ? WHERE name = 'indexed'", (rows[-1][0],))

    def _indexed(self) -> int:
        row = self._session.row("SELECT value FROM counters WHERE name = 'indexed'")
        return row[0] if row else 0

    def search(
        self,
        text: str = "",
        topics: Collection[str] = (),
        entities: Collection[str] = (),
        since: datetime | None = None,
        limit: int = 10,
        deals: bool = False,
        event: str = "",
    ) -> list[StoredItem]:
        """As bot.repositories.Items. `since` is compared with the time at which an item was fetched."""
        query, runs = match_query(text, topics, entities, event, deals)
        start = 0 if since is None else micros(since)
        first = 1 if since is None else self._first_since(start)
        if first is None or limit < 1:
            return []
        rows = self._newest(query, first, limit)
        hits = (row for row in rows if row[3] >= start and _has(row, runs))
        if event == USUAL_EVENT:
            hits = (row for row in hits if row[_EVENT] == event)
        return [_stored(row) for row in islice(hits, limit)]

    def _first_since(self, start: int) -> int | None:
        row = self._session.row("SELECT min(first) FROM item_hours WHERE hour >= ?", (hour(start),))
        return row[0] if row else None

    def _newest(self, query: str, first: int, limit: int) -> Iterator[Row]:
        if not query:
            sql = f"SELECT {_READ} FROM items WHERE n BETWEEN ? AND ? ORDER BY n DESC"
            return self._session.each(sql, (first, self._indexed()), limit)
        # CROSS JOIN fixes the order of the loops: the index gives rowids newest first, and we stop at the limit
        sql = (
            f"SELECT {_READ} FROM found CROSS JOIN items ON items.n = found.rowid "
            "WHERE found MATCH ? AND found.rowid >= ? ORDER BY found.rowid DESC"
        )
        return self._session.each(sql, (query, first), limit)

    def by_link(self, link: str) -> list[StoredItem]:
        """As bot.repositories.Items."""
        sql = f"SELECT {_READ} FROM items WHERE link_key = ? AND story_id > 0 ORDER BY n DESC"
        return [_stored(row) for row in self._session.rows(sql, (link_key(link),))]

    def of_story(self, story_id: int) -> list[StoredItem]:
        """As bot.repositories.Items."""
        sql = f"SELECT {_READ} FROM items WHERE story_id = ? AND story_id > 0 ORDER BY n"
        return [_stored(row) for row in self._session.rows(sql, (story_id,))]

    def window(self, since: datetime, dealing: datetime) -> Iterator[StoredItem]:
        """As bot.repositories.Items."""
        first, start = self._first_since(micros(since)), micros(dealing)
        recent = self._session.row("SELECT max(n) FROM items") if first is None else (first - 1,)
        sql = f"SELECT {_READ} FROM items WHERE n <= ? AND deals != '' AND fetched >= ? AND story_id > 0 ORDER BY n"
        old = self._session.each(sql, (recent[0] if recent else 0, start), _AT_ONCE)
        sql = f"SELECT {_READ} FROM items WHERE n > ? AND story_id > 0 ORDER BY n"
        new = self._session.each(sql, (recent[0] if recent else 0,), _AT_ONCE)
        keeping = (row for row in new if row[3] >= micros(since) or (row[_DEALS] and row[3] >= start))
        yield from (_stored(row) for row in chain(old, keeping))

    def count(self) -> int:
        """As bot.repositories.Items."""
        row = self._session.row("SELECT value FROM counters WHERE name = 'items'")
        return row[0] if row else 0


def _terms(one: StoredItem) -> str:
    return index_terms(one.item.title, one.item.summary, one.topics, one.entities, one.event, bool(one.deals))


def _has(row: Row, runs: Sequence[str]) -> bool:
    """Whether the text of a row of items has each of the runs."""
    if not runs:
        return True
    text = searched(row[5], row[7])
    return all(run in text for run in runs)


def _row(n: int, stored: StoredItem) -> Row:
    item = stored.item
    return (
        n,
        stored.feed_id,
        item.id,
        stored.story_id,
        micros(stored.fetched),
        micros(item.published),
        item.title,
        item.link,
        item.summary,
        item.author,
        item.lang,
        item.source,
        item.image,
        item.guid_key,
        item.pair_key,
        item.link_key,
        item.title_key,
        *(_understood(stored) if stored.known else _NOTHING),
    )


_NOTHING = ("", "", "other", "", "new", "", 0, "")


def _understood(stored: StoredItem) -> Row:
    """What was understood of an item and why it is where it is, as its columns have it."""
    return (
        dump_names(stored.topics),
        dump_names(stored.entities),
        stored.event,
        dump_deals(stored.deals),
        stored.status,
        dump_names(stored.placed),
        int(stored.copy),
        dump_names(stored.actors),
    )


def _stored(row: Row) -> StoredItem:
    (
        feed_id,
        item_id,
        story_id,
        fetched,
        published,
        title,
        link,
        summary,
        author,
        lang,
        source,
        image,
        *keys,
        topics,
        entities,
        event,
        deals,
        status,
        placed,
        copy,
        actors,
    ) = row
    item = Item(item_id, title, link, summary, moment(published), author, lang, source, image, *keys)
    names = load_names(topics), load_names(entities)
    about = (*names, topics != "", event, load_deals(deals))
    placing = (status, load_names(placed), bool(copy), load_names(actors))
    return StoredItem(item, feed_id, story_id, moment(fetched), *about, *placing)
