"""Stories and the keys that lead to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.errors import NotFound
from bot.model import NewStory, Story
from bot.store.connect import Session
from bot.store.rows import Row, dump_names, integers, load_names, micros, moment


class StoryTable:
    """bot.repositories.Stories over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_keys(self, keys: Collection[int], since: datetime) -> dict[int, int]:
        """As bot.repositories.Stories."""
        if not keys:
            return {}
        return dict(
            self._session.rows(
                "SELECT key, story_id FROM story_keys WHERE key IN (SELECT value FROM json_each(?)) AND at >= ?",
                (integers(keys), micros(since)),
            )
        )

    def add(self, stories: Sequence[NewStory]) -> list[int]:
        """As bot.repositories.Stories."""
        last = self._session.row("SELECT seq FROM sqlite_sequence WHERE name = 'stories'")
        ids = [(last[0] if last else 0) + at for at in range(1, len(stories) + 1)]
        self._session.many(
            "INSERT INTO stories (id, title, created, updated, sources) VALUES (?1, ?2, ?3, ?3, ?4)",
            [
                (n, new.title, micros(new.created), dump_names((new.source,)))
                for n, new in zip(ids, stories, strict=True)
            ],
        )
        return ids

    def join(self, story_id: int, updated: datetime, source: str) -> None:
        """As bot.repositories.Stories. Raises NotFound. A late report does not make the story older."""
        sources = load_names(self._row(story_id)[5])
        self._session.run(
            "UPDATE stories SET items = items + 1, updated = max(updated, ?), sources = ? WHERE id = ?",
            (micros(updated), dump_names(dict.fromkeys((*sources, source))), story_id),
        )

    def tag(self, keys: Mapping[int, int], at: datetime) -> None:
        """As bot.repositories.Stories."""
        when = micros(at)
        self._session.many(
            "INSERT OR REPLACE INTO story_keys VALUES (?, ?, ?)",
            [(key, story_id, when) for key, story_id in keys.items()],
        )

    def get(self, story_id: int) -> Story:
        """As bot.repositories.Stories."""
        found, title, created, updated, items, sources = self._row(story_id)
        return Story(found, title, moment(created), moment(updated), items, load_names(sources))

    def _row(self, story_id: int) -> Row:
        sql = "SELECT id, title, created, updated, items, sources FROM stories WHERE id = ?"
        row = self._session.row(sql, (story_id,))
        if row is None:
            raise NotFound(f"there is no story {story_id}")
        return row
