"""What people changed."""

from __future__ import annotations

from bot.model import Person, Place
from bot.people import AUDIT_KEPT, Change
from bot.store.connect import Session
from bot.store.rows import Row, micros, moment

_COLUMNS = "at, place, person, command, args"


class AuditTable:
    """bot.repositories.Audit over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, change: Change) -> None:
        """As bot.repositories.Audit."""
        row = (micros(change.at), change.place, change.person, change.command, change.args)
        self._session.insert(f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", row)
        self._session.run("DELETE FROM audit WHERE at < ?", (micros(change.at - AUDIT_KEPT),))

    def recent(self, where: str, limit: int, private: bool = True) -> list[Change]:
        """As bot.repositories.Audit."""
        sql = (
            f"SELECT {_COLUMNS} FROM audit WHERE (?1 IN ('', place) OR substr(place, 1, length(?1) + 1) = ?1 || '/') "
            "AND (?3 OR instr(place, '@') = 0) ORDER BY n DESC LIMIT ?2"
        )
        return [_change(row) for row in self._session.rows(sql, (where, max(limit, 0), private))]


def _change(row: Row) -> Change:
    at, place, person, command, args = row
    return Change(moment(at), Place(place), Person(person), command, args)
