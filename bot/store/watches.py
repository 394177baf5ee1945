"""What people set up: watchlists and settings."""

from __future__ import annotations

from datetime import datetime

from bot.errors import Conflict, NotFound
from bot.model import Mode, Person, Place, Watchlist, platform
from bot.store.connect import Session
from bot.store.rows import Row, micros, moment
from bot.text import fold

_ALL = "SELECT id, place, name, query, owner, created, mode, template FROM watchlists"


class WatchTable:
    """bot.repositories.Watches over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, place: Place, name: str, query: str, owner: Person, at: datetime, mode: Mode = "instant"
    ) -> Watchlist:
        """As bot.repositories.Watches."""
        there = self.find(place, name)
        if there is not None:
            raise Conflict(f"there is a watchlist {there.name} here already")
        new = self._session.insert(
            "INSERT INTO watchlists (place, name, folded, query, owner, created, mode) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (place, name, fold(name), query, owner, micros(at), mode),
        )
        self._changed()
        return self._get(new)

    def all(self, place: Place | None = None) -> list[Watchlist]:
        """As bot.repositories.Watches."""
        if place is None:
            return [_watchlist(row) for row in self._session.rows(f"{_ALL} ORDER BY id")]
        return [_watchlist(row) for row in self._session.rows(f"{_ALL} WHERE place = ? ORDER BY id", (place,))]

    def find(self, place: Place, name: str) -> Watchlist | None:
        """As bot.repositories.Watches."""
        row = self._session.row(f"{_ALL} WHERE place = ? AND folded = ?", (place, fold(name)))
        return None if row is None else _watchlist(row)

    def owned(self, person: Person) -> int:
        """As bot.repositories.Watches."""
        begin, end = person, ""
        if platform(person) == "discord":
            begin, end = Person("discord:"), f"/{person.rpartition('/')[2]}"
        sql = (
            "SELECT count(*) FROM watchlists "
            "WHERE CASE ?2 WHEN '' THEN owner = ?1 ELSE substr(owner, 1, length(?1)) = ?1 AND substr(owner, -length(?2)) = ?2 END"
        )
        row = self._session.row(sql, (begin, end))
        return row[0] if row else 0

    def edit(self, watchlist_id: int, query: str) -> Watchlist:
        """As bot.repositories.Watches."""
        return self._set("query", query, watchlist_id)

    def switch(self, watchlist_id: int, mode: Mode) -> Watchlist:
        """As bot.repositories.Watches."""
        return self._set("mode", mode, watchlist_id)

    def dress(self, watchlist_id: int, template: str) -> Watchlist:
        """As bot.repositories.Watches."""
        return self._set("template", template, watchlist_id)

    def _set(self, column: str, value: str, watchlist_id: int) -> Watchlist:
        self._session.run(f"UPDATE watchlists SET {column} = ? WHERE id = ?", (value, watchlist_id))
        edited = self._get(watchlist_id)
        self._changed()
        return edited

    def remove(self, watchlist_id: int) -> None:
        """As bot.repositories.Watches."""
        if not self._session.run("DELETE FROM watchlists WHERE id = ?", (watchlist_id,)):
            raise NotFound(f"there is no watchlist {watchlist_id}")
        self._session.run("DELETE FROM mutes WHERE what = ? AND kind = 'watchlist'", (str(watchlist_id),))
        self._changed()

    def revision(self) -> int:
        """As bot.repositories.Watches."""
        row = self._session.row("SELECT value FROM counters WHERE name = 'watches'")
        return row[0] if row else 0

    def _get(self, watchlist_id: int) -> Watchlist:
        row = self._session.row(f"{_ALL} WHERE id = ?", (watchlist_id,))
        if row is None:
            raise NotFound(f"there is no watchlist {watchlist_id}")
        return _watchlist(row)

    def _changed(self) -> None:
        self._session.run("UPDATE counters SET value = value + 1 WHERE name = 'watches'")


class SettingTable:
    """bot.repositories.Settings over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, key: str) -> str | None:
        """As bot.repositories.Settings."""
        row = self._session.row("SELECT value FROM settings WHERE key = ?", (key,))
        return None if row is None else row[0]

    def set(self, key: str, value: str) -> None:
        """As bot.repositories.Settings."""
        self._session.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))


def _watchlist(row: Row) -> Watchlist:
    watchlist_id, place, name, query, owner, created, mode, template = row
    return Watchlist(watchlist_id, Place(place), name, query, Person(owner), moment(created), mode, template)
