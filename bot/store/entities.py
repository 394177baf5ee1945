"""What people here added to the gazetteer, and the spellings that stories propose."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from bot.classify.normal import needle
from bot.errors import Conflict, NotFound
from bot.model import Person
from bot.people import Alias, OwnEntity, Proposal, Suggestion, SuggestionStatus
from bot.store.connect import Session
from bot.store.rows import Row, maybe_moment, micros, moment


class EntityTable:
    """bot.repositories.Entities over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entity: OwnEntity, names: Collection[str] = ()) -> None:
        """As bot.repositories.Entities."""
        self._session.run("SAVEPOINT entity")  # a spelling that is taken undoes the whole entity
        try:
            self._insert(entity)
            spellings: dict[str, str] = {}
            for name in (entity.name, *names):
                spellings.setdefault(needle(name), name)
            for name in spellings.values():
                self._alias(Alias(entity.id, name, entity.by, entity.at))
        except Conflict:
            self._session.run("ROLLBACK TO entity")
            raise
        finally:
            self._session.run("RELEASE entity")
        self._changed()

    def all(self) -> list[OwnEntity]:
        """As bot.repositories.Entities."""
        return [
            _own(row)
            for row in self._session.rows("SELECT id, kind, name, person, at, parent FROM entities ORDER BY n")
        ]

    def remove(self, entity_id: str) -> None:
        """As bot.repositories.Entities."""
        if not self._session.run("DELETE FROM entities WHERE id = ?", (entity_id,)):
            raise NotFound(f"there is no own entity {entity_id}")
        self._session.run("DELETE FROM aliases WHERE entity = ?", (entity_id,))
        self._session.run("DELETE FROM suggestions WHERE entity = ?", (entity_id,))
        self._changed()

    def alias(self, alias: Alias) -> None:
        """As bot.repositories.Entities."""
        self._alias(alias)
        self._changed()

    def unalias(self, entity_id: str, name: str) -> None:
        """As bot.repositories.Entities."""
        sql = "DELETE FROM aliases WHERE entity = ? AND normal = ?"
        if not self._session.run(sql, (entity_id, needle(name))):
            raise NotFound(f"{name} was not added to {entity_id}")
        self._changed()

    def aliases(self) -> list[Alias]:
        """As bot.repositories.Entities."""
        rows = self._session.rows("SELECT entity, name, person, at FROM aliases ORDER BY n")
        return [Alias(entity, name, Person(person), moment(at)) for entity, name, person, at in rows]

    def revision(self) -> int:
        """As bot.repositories.Entities."""
        row = self._session.row("SELECT value FROM counters WHERE name = 'entities'")
        return row[0] if row else 0

    def _insert(self, entity: OwnEntity) -> None:
        added = self._session.insert(
            "INSERT OR IGNORE INTO entities (id, kind, name, parent, person, at) VALUES (?, ?, ?, ?, ?, ?)",
            (entity.id, entity.kind, entity.name, entity.parent, entity.by, micros(entity.at)),
        )
        if not added:
            raise Conflict(f"there is an entity {entity.id} already")

    def _alias(self, alias: Alias) -> None:
        normal = needle(alias.name)
        added = self._session.insert(
            "INSERT OR IGNORE INTO aliases (entity, name, normal, person, at) VALUES (?, ?, ?, ?, ?)",
            (alias.entity, alias.name, normal, alias.by, micros(alias.at)),
        )
        if not added:
            row = self._session.row("SELECT entity FROM aliases WHERE normal = ?", (normal,))
            raise Conflict(f"{alias.name} is a name of {row[0] if row else 'another'} already")

    def _changed(self) -> None:
        self._session.run("UPDATE counters SET value = value + 1 WHERE name = 'entities'")


_ALL = "SELECT id, entity, alias, status, at, person, decided FROM suggestions"


class SuggestionTable:
    """bot.repositories.Suggestions over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, proposals: Collection[Proposal], at: datetime) -> None:
        """As bot.repositories.Suggestions."""
        for one in proposals:
            key = (one.entity, needle(one.alias))
            self._session.run(
                "INSERT OR IGNORE INTO suggestions (entity, alias, normal, at) VALUES (?, ?, ?, ?)",
                (one.entity, one.alias, key[1], micros(at)),
            )
            self._session.many(
                "INSERT OR IGNORE INTO suggestion_reports SELECT id, ?, ? FROM suggestions "
                "WHERE entity = ? AND normal = ? AND status = 'proposed'",
                [(one.story_id, item, *key) for item in one.items],
            )

    def all(self, status: SuggestionStatus = "proposed") -> list[Suggestion]:
        """As bot.repositories.Suggestions."""
        found = self._read(self._session.rows(f"{_ALL} WHERE status = ? ORDER BY id", (status,)))
        return sorted(found, key=lambda one: -len(one.stories))

    def get(self, suggestion_id: int) -> Suggestion:
        """As bot.repositories.Suggestions."""
        found = self._read(self._session.rows(f"{_ALL} WHERE id = ?", (suggestion_id,)))
        if not found:
            raise NotFound(f"there is no suggestion {suggestion_id}")
        return found[0]

    def decide(self, suggestion_id: int, status: SuggestionStatus, by: Person, at: datetime) -> Suggestion:
        """As bot.repositories.Suggestions."""
        self._session.run(
            "UPDATE suggestions SET status = ?, person = ?, decided = ? WHERE id = ?",
            (status, by, micros(at), suggestion_id),
        )
        return self.get(suggestion_id)

    def _read(self, rows: Iterable[Row]) -> list[Suggestion]:
        sql = "SELECT story_id, item FROM suggestion_reports WHERE suggestion = ? ORDER BY story_id, item"
        found = []
        for number, entity, alias, status, at, person, decided in rows:
            reports = self._session.rows(sql, (number,))
            stories = tuple(dict.fromkeys(story_id for story_id, _ in reports))
            items = tuple(dict.fromkeys(item for _, item in reports))
            by = None if person is None else Person(person)
            found.append(
                Suggestion(number, entity, alias, status, stories, items, moment(at), by, maybe_moment(decided))
            )
        return found


def _own(row: Row) -> OwnEntity:
    entity_id, kind, name, person, at, parent = row
    return OwnEntity(entity_id, kind, name, Person(person), moment(at), parent)
