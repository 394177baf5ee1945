"""Feeds and their queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.errors import NotFound
from bot.model import Feed, NewFeed
from bot.store.connect import Session
from bot.store.rows import Row, integers, maybe_micros, maybe_moment, micros, moment

_COLUMNS = (
    "id, url, title, site, category, lang, status, etag, modified, body_key, baselined, interval, failures, error, "
    "due_at, checked_at, changed_at, place, person, kills"
)
_ALL = f"SELECT {_COLUMNS} FROM feeds"
_FREE = "status = 'active' AND lease IS NULL"
_EVERY = Feed(0, "").interval
_INSERT = (
    "INSERT OR IGNORE INTO feeds (url, title, category, lang, place, person, interval, due_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_SAVE = (
    "UPDATE feeds SET title = ?, site = ?, category = ?, lang = ?, status = ?, etag = ?, modified = ?, body_key = ?, "
    "baselined = ?, interval = ?, failures = ?, error = ?, due_at = ?, checked_at = ?, changed_at = ?, kills = ?, "
    "lease = NULL WHERE id = ?"
)


class FeedTable:
    """bot.repositories.Feeds over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, feeds: Iterable[NewFeed], due: datetime) -> list[Feed]:
        """As bot.repositories.Feeds."""
        added = []
        for feed in feeds:
            about = (feed.url, feed.title, feed.category, feed.lang, feed.place, feed.person)
            feed_id = self._session.insert(_INSERT, (*about, _EVERY, micros(due)))
            if feed_id:
                added.append(self.get(feed_id))
        return added

    def get(self, feed_id: int) -> Feed:
        """As bot.repositories.Feeds."""
        row = self._session.row(f"{_ALL} WHERE id = ?", (feed_id,))
        if row is None:
            raise NotFound(f"there is no feed {feed_id}")
        return _feed(row)

    def find(self, url: str) -> Feed | None:
        """As bot.repositories.Feeds."""
        row = self._session.row(f"{_ALL} WHERE url = ?", (url,))
        return None if row is None else _feed(row)

    def count(self, where: str) -> int:
        """As bot.repositories.Feeds."""
        sql = "SELECT count(*) FROM feeds WHERE place = ?1 OR substr(place, 1, length(?1) + 1) = ?1 || '/'"
        row = self._session.row(sql, (where,))
        return row[0] if row else 0

    def all(self) -> list[Feed]:
        """As bot.repositories.Feeds."""
        return [_feed(row) for row in self._session.rows(f"{_ALL} ORDER BY id")]

    def remove(self, feed_id: int) -> None:
        """As bot.repositories.Feeds."""
        if not self._session.run("DELETE FROM feeds WHERE id = ?", (feed_id,)):
            raise NotFound(f"there is no feed {feed_id}")
        self._session.run("DELETE FROM seen WHERE feed_id = ?", (feed_id,))

    def claim(self, now: datetime, lease: datetime, limit: int) -> list[Feed]:
        """As bot.repositories.Feeds."""
        at = micros(now)
        self._session.run("UPDATE feeds SET lease = NULL WHERE lease <= ?", (at,))
        rows = self._session.rows(f"{_ALL} WHERE {_FREE} AND due_at <= ? ORDER BY due_at, id LIMIT ?", (at, limit))
        if rows:
            self._session.run(
                "UPDATE feeds SET lease = ? WHERE id IN (SELECT value FROM json_each(?))",
                (micros(lease), integers(row[0] for row in rows)),
            )
        return [_feed(row) for row in rows]

    def save(self, feeds: Sequence[Feed]) -> None:
        """As bot.repositories.Feeds. A url that another feed has already is not taken over: the feed keeps its own."""
        self._session.many(_SAVE, [_saved(feed) for feed in feeds])
        # apart from the rest, so that the index of urls is touched for moved feeds only
        sql = "SELECT id, url FROM feeds WHERE id IN (SELECT value FROM json_each(?))"
        urls: dict[int, str] = dict(self._session.rows(sql, (integers(feed.id for feed in feeds),)))
        moved = [(feed.url, feed.id) for feed in feeds if urls.get(feed.id, feed.url) != feed.url]
        self._session.many("UPDATE OR IGNORE feeds SET url = ? WHERE id = ?", moved)

    def rewind(self, now: datetime) -> timedelta:
        """As bot.repositories.Feeds. Their leases go too."""
        at = micros(now)
        row = self._session.row("SELECT max(checked_at) - ?1 FROM feeds WHERE checked_at > ?1", (at,))
        if row is None or row[0] is None:
            return timedelta()
        self._session.run(
            "UPDATE feeds SET due_at = ?1 + max(due_at - checked_at, 0), checked_at = ?1, "
            "changed_at = min(changed_at, ?1), lease = NULL WHERE checked_at > ?1",
            (at,),
        )
        self._session.run("UPDATE feeds SET due_at = ?1, lease = NULL WHERE checked_at IS NULL AND due_at > ?1", (at,))
        return timedelta(microseconds=row[0])

    def hasten(self, now: datetime) -> int:
        """As bot.repositories.Feeds."""
        good = "status = 'active' AND failures = 0"
        self._session.run(f"UPDATE feeds SET due_at = ?1 WHERE {good} AND due_at > ?1", (micros(now),))
        row = self._session.row("SELECT count(*) FROM feeds WHERE status = 'active' AND due_at <= ?", (micros(now),))
        return row[0] if row else 0

    def next_due(self) -> datetime | None:
        """As bot.repositories.Feeds."""
        row = self._session.row(f"SELECT due_at FROM feeds WHERE {_FREE} ORDER BY due_at LIMIT 1")
        return None if row is None else moment(row[0])

    def release(self) -> None:
        """Let go of every lease."""
        self._session.run("UPDATE feeds SET lease = NULL WHERE lease IS NOT NULL")


def _feed(row: Row) -> Feed:
    values = list(row)
    values[10] = bool(row[10])
    values[14:17] = moment(row[14]), maybe_moment(row[15]), maybe_moment(row[16])
    return Feed(*values)


def _saved(feed: Feed) -> Row:
    return (
        feed.title,
        feed.site,
        feed.category,
        feed.lang,
        feed.status,
        feed.etag,
        feed.modified,
        feed.body_key,
        feed.baselined,
        feed.interval,
        feed.failures,
        feed.error,
        micros(feed.due_at),
        maybe_micros(feed.checked_at),
        maybe_micros(feed.changed_at),
        feed.kills,
        feed.id,
    )
