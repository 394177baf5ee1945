"""Stories: their rows, and which of them became which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.errors import NotFound
from bot.model import NewStory, Story
from bot.repositories import LEAP
from bot.store.connect import Session
from bot.store.rows import Row, dump_names, load_names, micros, moment

_COLUMNS = "id, title, created, updated, items, sources, copied, follows, merged"
_HOPS = 100  # merged into a story that was merged in turn


class StoryTable:
    """bot.repositories.Stories over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, stories: Sequence[NewStory]) -> list[int]:
        """As bot.repositories.Stories."""
        ids = [
            self._session.insert(
                "INSERT INTO stories (title, created, updated, sources, follows) VALUES (?1, ?2, ?2, ?3, ?4)",
                (new.title, micros(new.created), dump_names((new.source,)), new.follows),
            )
            for new in stories
        ]
        self._changed()
        return ids

    def join(self, story_id: int, updated: datetime, source: str, copied: bool = False) -> None:
        """As bot.repositories.Stories. A late report does not make the story older."""
        story = self.get(story_id)
        copiers = set(story.copied)
        if not copied:
            copiers.discard(source)
        elif source not in story.sources:
            copiers.add(source)
        sources = tuple(dict.fromkeys((*story.sources, source)))
        self._session.run(
            "UPDATE stories SET items = items + 1, updated = max(updated, ?), sources = ?, copied = ? WHERE id = ?",
            (micros(updated), dump_names(sources), dump_names(one for one in sources if one in copiers), story.id),
        )
        self._changed()

    def get(self, story_id: int) -> Story:
        """As bot.repositories.Stories."""
        row = self._row(story_id)
        for _ in range(_HOPS):
            if row[-1] is None:
                break
            row = self._row(row[-1])
        return _story(row)

    def developments(self, story_id: int) -> list[Story]:
        """As bot.repositories.Stories."""
        sql = f"SELECT {_COLUMNS} FROM stories WHERE follows = ? AND follows > 0 AND merged IS NULL ORDER BY id"
        return [_story(row) for row in self._session.rows(sql, (story_id,))]

    def merge(self, into: int, other: int) -> None:
        """As bot.repositories.Stories."""
        kept, gone = self.get(into), self.get(other)
        if kept.id == gone.id:
            return
        self._session.run("UPDATE items SET story_id = ? WHERE story_id = ? AND story_id > 0", (kept.id, gone.id))
        self._session.run(
            "UPDATE stories SET follows = ?1 WHERE follows = ?2 AND follows > 0 AND id != ?1", (kept.id, gone.id)
        )
        self._session.run("UPDATE stories SET merged = ? WHERE id = ?", (kept.id, gone.id))
        self._recount(kept.id)
        self._changed()

    def move(self, items: Collection[str], story_id: int) -> None:
        """As bot.repositories.Stories."""
        here = self.get(story_id).id
        names = dump_names(items)
        sql = "SELECT DISTINCT story_id FROM items WHERE id IN (SELECT value FROM json_each(?)) AND story_id > 0"
        left = {row[0] for row in self._session.rows(sql, (names,))}
        sql = "UPDATE items SET story_id = ? WHERE id IN (SELECT value FROM json_each(?)) AND story_id > 0"
        self._session.run(sql, (here, names))
        for story in left | {here}:
            self._recount(story)
        self._changed()

    def leap(self) -> None:
        """As bot.repositories.Stories."""
        self._session.leap("stories", LEAP)

    def revision(self) -> int:
        """As bot.repositories.Stories."""
        row = self._session.row("SELECT value FROM counters WHERE name = 'stories'")
        return row[0] if row else 0

    def _changed(self) -> None:
        self._session.run("UPDATE counters SET value = abs(random() / 2) WHERE name = 'stories'")

    def _recount(self, story_id: int) -> None:
        """Let a story's row say what its reports say."""
        sql = "SELECT source, copy, fetched, title FROM items WHERE story_id = ? AND story_id > 0 ORDER BY n"
        rows = self._session.rows(sql, (story_id,))
        if not rows:
            return
        sources = dict.fromkeys(row[0] for row in rows)
        own = {row[0] for row in rows if not row[1]}
        self._session.run(
            "UPDATE stories SET title = ?, items = ?, sources = ?, copied = ?, created = ?, updated = ? WHERE id = ?",
            (
                rows[0][3],
                len(rows),
                dump_names(sources),
                dump_names(one for one in sources if one not in own),
                min(row[2] for row in rows),
                max(row[2] for row in rows),
                story_id,
            ),
        )

    def _row(self, story_id: int) -> Row:
        row = self._session.row(f"SELECT {_COLUMNS} FROM stories WHERE id = ?", (story_id,))
        if row is None:
            raise NotFound(f"there is no story {story_id}")
        return row


def _story(row: Row) -> Story:
    found, title, created, updated, items, sources, copied, follows, _ = row
    names = load_names(sources), load_names(copied)
    return Story(found, title, moment(created), moment(updated), items, *names, follows)
