"""What waits for digests, and when each place is to be looked at for its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from bot.model import Place
from bot.people import DigestEntry, Sent
from bot.store.connect import Session
from bot.store.rows import (
    dump_alert_item,
    dump_names,
    integers,
    load_alert_item,
    load_integers,
    load_names,
    micros,
    moment,
)


class DigestTable:
    """bot.repositories.Digests over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entries: Collection[DigestEntry]) -> None:
        """As bot.repositories.Digests."""
        for one in entries:
            key = (one.item.story_id, one.place)
            sql = "SELECT watchlists FROM digest_entries WHERE story_id = ? AND place = ?"
            there = self._session.row(sql, key)
            if there is not None:
                wanted = integers(dict.fromkeys((*load_integers(there[0]), *one.watchlists)))
                sql = "UPDATE digest_entries SET watchlists = ? WHERE story_id = ? AND place = ?"
                self._session.run(sql, (wanted, *key))
                continue
            self._session.insert(
                "INSERT INTO digest_entries (story_id, place, at, watchlists, companies, item) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    *key,
                    micros(one.at),
                    integers(one.watchlists),
                    dump_names(one.companies),
                    dump_alert_item(one.item),
                ),
            )
            self._session.run(
                "INSERT INTO digests (place, due) VALUES (?1, ?2) "
                "ON CONFLICT (place) DO UPDATE SET due = coalesce(due, ?2)",
                (one.place, micros(one.at)),
            )

    def waiting(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        """As bot.repositories.Digests."""
        if not story_ids:
            return set()
        sql = "SELECT story_id, place FROM digest_entries WHERE story_id IN (SELECT value FROM json_each(?))"
        return {(story_id, Place(place)) for story_id, place in self._session.rows(sql, (integers(story_ids),))}

    def drop(self, told: Collection[tuple[int, Place]]) -> None:
        """As bot.repositories.Digests."""
        self._session.many("DELETE FROM digest_entries WHERE story_id = ? AND place = ?", told)

    def merge(self, into: int, other: int) -> None:
        """As bot.repositories.Digests."""
        self._session.run("UPDATE OR IGNORE digest_entries SET story_id = ? WHERE story_id = ?", (into, other))
        self._session.run("DELETE FROM digest_entries WHERE story_id = ?", (other,))

    def entries(self, place: Place) -> list[DigestEntry]:
        """As bot.repositories.Digests."""
        sql = "SELECT story_id, watchlists, companies, item, at FROM digest_entries WHERE place = ? ORDER BY n"
        return [
            DigestEntry(
                place,
                replace(load_alert_item(item), story_id=story_id),  # it may have been merged
                load_integers(watchlists),
                moment(at),
                load_names(companies),
            )
            for story_id, watchlists, companies, item, at in self._session.rows(sql, (place,))
        ]

    def due(self, now: datetime, limit: int) -> list[Place]:
        """As bot.repositories.Digests."""
        sql = "SELECT place FROM digests WHERE due <= ? ORDER BY due LIMIT ?"
        return [Place(row[0]) for row in self._session.rows(sql, (micros(now), limit))]

    def look(self, place: Place, at: datetime) -> None:
        """As bot.repositories.Digests."""
        self._session.run("UPDATE digests SET due = ? WHERE place = ? AND due IS NOT NULL", (micros(at), place))

    def rewind(self, now: datetime) -> None:
        """As bot.repositories.Digests."""
        self._session.run("UPDATE digests SET due = ?1 WHERE due > ?1", (micros(now),))

    def clear(self, place: Place, sent: Sent | None = None) -> None:
        """As bot.repositories.Digests."""
        self._session.run("DELETE FROM digest_entries WHERE place = ?", (place,))
        self._session.run("UPDATE digests SET due = NULL WHERE place = ?", (place,))
        if sent is not None:
            self._session.run(
                "INSERT INTO digests (place, sent_at, sent_day) VALUES (?1, ?2, ?3) "
                "ON CONFLICT (place) DO UPDATE SET sent_at = ?2, sent_day = ?3",
                (place, micros(sent.at), sent.day.isoformat()),
            )

    def sent(self, place: Place) -> Sent | None:
        """As bot.repositories.Digests."""
        sql = "SELECT sent_at, sent_day FROM digests WHERE place = ? AND sent_at IS NOT NULL"
        row = self._session.row(sql, (place,))
        return None if row is None else Sent(moment(row[0]), date.fromisoformat(row[1]))
