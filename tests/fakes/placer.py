"""Stories by what titles say: the story decision of tests that are about what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.flow.stories import Placed, Placer
from bot.model import Classification, Item, NewStory
from bot.ports import Transaction
from bot.stories.cluster import Refinement
from bot.text import bare


@dataclass
class ScriptedPlacer(Placer):
    """`sale | words` is a report of the event `sale`, `sale>approved | words` one of a development of it.

    Other titles are events by their words. The same title again is a copy. `merges` are (into, other), `splits` (title, new
    event); both happen at the next second look. It remembers in the store, so that it outlives a process.
    """

    merges: list[tuple[str, str]] = field(default_factory=list)
    splits: list[tuple[str, str]] = field(default_factory=list)
    looks: int = 0

    def place(self, tx: Transaction, reports: Sequence[tuple[Item, Classification, datetime]]) -> list[Placed]:
        return [self._one(tx, item, at) for item, _, at in reports]

    def refine(self, tx: Transaction, at: datetime) -> Refinement:
        self.looks += 1
        merged, apart = [], []
        for into, other in self.merges:
            pair = self._id(tx, into), self._id(tx, other)
            tx.stories.merge(*pair)
            merged.append(pair)
        for title, event in self.splits:
            old = self._id(tx, self.event(title))
            item = next(one.item for one in tx.items.of_story(tx.stories.get(old).id) if one.item.title == title)
            new = self._open(tx, event, item, at)
            tx.stories.move([item.id], new)
            apart.append((item.id, old, new))
        self.merges, self.splits = [], []
        return Refinement(tuple(merged), tuple(apart))

    def event(self, title: str) -> str:
        """The event that a report with this title is of."""
        event, bar, _ = title.partition(" | ")
        return event if bar else bare(title)

    def _one(self, tx: Transaction, item: Item, at: datetime) -> Placed:
        event = self.event(item.title)
        known = self._id(tx, event)
        copy = tx.settings.get(f"title {bare(item.title)}") is not None
        tx.settings.set(f"title {bare(item.title)}", "told")
        if not known:
            return Placed(
                self._open(tx, event, item, at), "update" if ">" in event else "new", follows=self._root(tx, event)
            )
        tx.stories.join(known, at, item.source, copy)
        return Placed(known, "same", copy=copy, follows=self._root(tx, event))

    def _open(self, tx: Transaction, event: str, item: Item, at: datetime) -> int:
        story = tx.stories.add([NewStory(item.title, item.source, at, self._root(tx, event))])[0]
        tx.settings.set(f"event {event}", str(story))
        return story

    def _id(self, tx: Transaction, event: str) -> int:
        known = int(tx.settings.get(f"event {event}") or 0)
        return tx.stories.get(known).id if known else 0

    def _root(self, tx: Transaction, event: str) -> int:
        return self._id(tx, event.partition(">")[0]) if ">" in event else 0
