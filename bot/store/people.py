"""What places and people have asked for: hours, mutes, stories that they follow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from bot.errors import NotFound
from bot.model import Person, Place
from bot.people import Hours, Mute, MuteKind
from bot.store.connect import Session
from bot.store.rows import Row, clock, dump_names, integers, maybe_micros, maybe_moment, micros, minutes, moment

_MUTES = "SELECT place, kind, what, name, until, person, at FROM mutes"


class HourTable:
    """bot.repositories.HourBook over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, place: Place) -> Hours:
        """As bot.repositories.HourBook."""
        sql = "SELECT zone, digest, digesting, quiet_from, quiet_to FROM hours WHERE place = ?"
        row = self._session.row(sql, (place,))
        if row is None:
            return Hours(place)
        zone, digest, digesting, quiet_from, quiet_to = row
        return Hours(place, zone, time(*divmod(digest, 60)), bool(digesting), clock(quiet_from), clock(quiet_to))

    def set(self, hours: Hours) -> None:
        """As bot.repositories.HourBook."""
        self._session.run(
            "INSERT OR REPLACE INTO hours VALUES (?, ?, ?, ?, ?, ?)",
            (
                hours.place,
                hours.zone,
                minutes(hours.digest),
                hours.digesting,
                minutes(hours.quiet_from),
                minutes(hours.quiet_to),
            ),
        )


class MuteTable:
    """bot.repositories.Mutes over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, mute: Mute) -> None:
        """As bot.repositories.Mutes."""
        at = micros(mute.at)
        self._session.run("DELETE FROM mutes WHERE place = ? AND until <= ?", (mute.place, at))
        self._session.run(
            "INSERT OR REPLACE INTO mutes (place, kind, what, name, until, person, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (mute.place, mute.kind, mute.what, mute.name, maybe_micros(mute.until), mute.by, at),
        )

    def of(self, places: Collection[Place], now: datetime) -> list[Mute]:
        """As bot.repositories.Mutes."""
        if not places:
            return []
        sql = f"{_MUTES} WHERE place IN (SELECT value FROM json_each(?)) AND (until IS NULL OR until > ?)"
        rows = self._session.rows(f"{sql} ORDER BY +n", (dump_names(places), micros(now)))
        return [_mute(row) for row in rows]

    def remove(self, place: Place, kind: MuteKind, what: str) -> None:
        """As bot.repositories.Mutes."""
        sql = "DELETE FROM mutes WHERE place = ? AND kind = ? AND what = ?"
        if not self._session.run(sql, (place, kind, what)):
            raise NotFound(f"there is no mute of {kind} {what}")


class FollowTable:
    """bot.repositories.Follows over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, story_id: int, place: Place, at: datetime) -> None:
        """As bot.repositories.Follows."""
        self._session.run(
            "INSERT OR IGNORE INTO follows (story_id, place, at) VALUES (?, ?, ?)", (story_id, place, micros(at))
        )

    def of(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        """As bot.repositories.Follows."""
        if not story_ids or self._session.row("SELECT 1 FROM follows LIMIT 1") is None:
            return set()
        sql = "SELECT story_id, place FROM follows WHERE story_id IN (SELECT value FROM json_each(?))"
        return {(story_id, Place(place)) for story_id, place in self._session.rows(sql, (integers(story_ids),))}

    def at(self, place: Place) -> list[int]:
        """As bot.repositories.Follows."""
        return [
            row[0] for row in self._session.rows("SELECT story_id FROM follows WHERE place = ? ORDER BY n", (place,))
        ]

    def remove(self, story_id: int, place: Place) -> None:
        """As bot.repositories.Follows."""
        if not self._session.run("DELETE FROM follows WHERE story_id = ? AND place = ?", (story_id, place)):
            raise NotFound(f"story {story_id} is not followed there")

    def merge(self, into: int, other: int) -> None:
        """As bot.repositories.Follows."""
        self._session.run("UPDATE OR IGNORE follows SET story_id = ? WHERE story_id = ?", (into, other))
        self._session.run("DELETE FROM follows WHERE story_id = ?", (other,))


def _mute(row: Row) -> Mute:
    place, kind, what, name, until, person, at = row
    return Mute(Place(place), kind, what, name, maybe_moment(until), Person(person), moment(at))
