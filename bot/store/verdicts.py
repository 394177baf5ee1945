"""What people said of the stories that watchlists found."""

from __future__ import annotations

from bot.errors import NotFound
from bot.model import Person
from bot.people import Verdict
from bot.store.connect import Session
from bot.store.rows import Row, dump_features, load_features, micros, moment

_COLUMNS = "watchlist, story_id, person, good, features, at"


class VerdictTable:
    """bot.repositories.Verdicts over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, verdict: Verdict) -> None:
        """As bot.repositories.Verdicts."""
        # SELECT finds no row for a watchlist that was removed; a foreign key would make the whole transaction void
        added = self._session.run(
            f"INSERT OR REPLACE INTO verdicts ({_COLUMNS}) SELECT id, ?, ?, ?, ?, ? FROM watchlists WHERE id = ?",
            (
                verdict.story_id,
                verdict.person,
                verdict.good,
                dump_features(verdict.features),
                micros(verdict.at),
                verdict.watchlist_id,
            ),
        )
        if not added:
            raise NotFound(f"there is no watchlist {verdict.watchlist_id}")
        self._changed()

    def of(self, watchlist_id: int) -> list[Verdict]:
        """As bot.repositories.Verdicts. Of one time, in the order of adding."""
        sql = f"SELECT {_COLUMNS} FROM verdicts WHERE watchlist = ? ORDER BY at, n"
        return [_verdict(row) for row in self._session.rows(sql, (watchlist_id,))]

    def reset(self, watchlist_id: int) -> int:
        """As bot.repositories.Verdicts."""
        count = self._session.run("DELETE FROM verdicts WHERE watchlist = ?", (watchlist_id,))
        if count:
            self._changed()
        return count

    def revision(self) -> int:
        """As bot.repositories.Verdicts."""
        row = self._session.row("SELECT value FROM counters WHERE name = 'verdicts'")
        return row[0] if row else 0

    def _changed(self) -> None:
        self._session.run("UPDATE counters SET value = value + 1 WHERE name = 'verdicts'")


def _verdict(row: Row) -> Verdict:
    watchlist_id, story_id, person, good, features, at = row
    return Verdict(watchlist_id, story_id, Person(person), bool(good), load_features(features), moment(at))
