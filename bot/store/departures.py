"""Forgetting those who leave."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.connect import Session

_VERDICTS = "watchlist IN (SELECT id FROM watchlists WHERE {place}) OR {person}"
_QUEUES = "queue IN (SELECT id FROM queues WHERE {place})"

# What is counted, by name. {place} and {person} are conditions on the columns of these names.
_COUNTS = {
    "watchlists": "SELECT count(*) FROM watchlists WHERE {place}",
    "stories": "SELECT count(*) FROM follows WHERE {place}",
    "mutes": "SELECT count(*) FROM mutes WHERE {place}",
    "verdicts": f"SELECT count(*) FROM verdicts WHERE {_VERDICTS}",
    "waiting": f"SELECT (SELECT count(*) FROM outbox WHERE state = 'waiting' AND {_QUEUES})"
    " + (SELECT count(*) FROM digest_entries WHERE {place})",
}
_DELETIONS = (
    f"DELETE FROM verdicts WHERE {_VERDICTS}",
    "DELETE FROM mutes WHERE kind = 'watchlist' AND what IN (SELECT CAST(id AS TEXT) FROM watchlists WHERE {place})",
    "DELETE FROM watchlists WHERE {place}",
    "DELETE FROM hours WHERE {place}",
    "DELETE FROM mutes WHERE {place}",
    "DELETE FROM follows WHERE {place}",
    "DELETE FROM digest_entries WHERE {place}",
    "DELETE FROM digests WHERE {place}",
    "DELETE FROM audit WHERE {place}",
    f"DELETE FROM told WHERE {_QUEUES}",
    f"DELETE FROM outbox WHERE {_QUEUES}",
    "DELETE FROM queues WHERE {place}",
    "UPDATE feeds SET place = 'terminal:' WHERE {place}",
    "UPDATE feeds SET person = '' WHERE {person}",
    "UPDATE audit SET person = '' WHERE {person}",
    "UPDATE mutes SET person = '' WHERE {person}",
    "UPDATE entities SET person = '' WHERE {person}",
    "UPDATE aliases SET person = '' WHERE {person}",
    "UPDATE suggestions SET person = '' WHERE {person}",
    "UPDATE watchlists SET owner = '' WHERE {owner}",
    "UPDATE counters SET value = value + 1 WHERE name IN ('watches', 'verdicts')",
)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Whose it is: conditions in SQL on a column, over the named values in `given`."""

    place: str
    person: str
    given: dict[str, str | int]

    def sql(self, statement: str) -> str:
        person = self.person.replace("{column}", "person")
        return statement.format(place=self.place, person=person, owner=self.person.replace("{column}", "owner"))


def _scope(where: str) -> _Scope:
    """Beginnings and ends are compared exactly: an id may have a `_` in it, which LIKE would take for any character."""
    chat, _, rest = where.partition(":")
    begins = "substr({column}, 1, :size) = :begin"
    if rest and "/" not in rest and "@" not in rest:  # a workspace or server
        return _Scope(begins.replace("{column}", "place"), begins, {"begin": f"{where}/", "size": len(where) + 1})
    given: dict[str, str | int] = {"where": where}
    user = rest.partition("@")[2]
    if not rest:  # the terminal, and who sits at it
        return _Scope("place = :where", begins, {**given, "begin": where, "size": len(where)})
    if not user:
        return _Scope("place = :where", "0", given)
    if chat == "discord":  # one person in every server
        ends = "substr({column}, -:tail) = :end"
        given |= {"begin": f"{chat}:", "size": len(chat) + 1, "end": f"/{user}", "tail": len(user) + 1}
        return _Scope("place = :where", f"({begins} AND {ends})", given)
    return _Scope("place = :where", "{column} = :person", {**given, "person": where.replace("/@", "/")})


class DepartureTable:
    """bot.repositories.Departures over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, where: str) -> dict[str, int]:
        """As bot.repositories.Departures."""
        scope = _scope(where)
        counts = ", ".join(f"({scope.sql(sql)})" for sql in _COUNTS.values())
        row = self._session.row(f"SELECT {counts}", scope.given)
        return dict(zip(_COUNTS, row or (), strict=True))

    def forget(self, where: str) -> dict[str, int]:
        """As bot.repositories.Departures."""
        scope, counted = _scope(where), self.count(where)
        for sql in _DELETIONS:
            self._session.run(scope.sql(sql), scope.given)
        return counted
