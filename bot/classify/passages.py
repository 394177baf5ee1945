"""What deals, events and roles are read from: the item's own text, level, with the names that were found in it."""

from __future__ import annotations

from typing import NamedTuple

from bot.model import Evidence, Field


class Name(NamedTuple):
    """An entity of the gazetteer named at [start, end) of a passage."""

    entity: str
    kind: str
    start: int
    end: int


class Passage(NamedTuple):
    """A title or summary: `text` is `level(original)`, so every offset in it is one in `original` too.

    `names` are in the order of the text and do not overlap (several entities of one spelling share a place).
    """

    field: Field
    original: str
    text: str
    names: tuple[Name, ...] = ()

    def evidence(self, what: str, start: int, end: int, weight: float = 1.0) -> Evidence:
        """What [start, end) shows, in the original's words."""
        return Evidence(what, self.original[start:end], self.field, start, end, weight)

    def entity_at(self, start: int, end: int) -> str:
        """The entity named by exactly these words, or, failing that, by the longest name inside them; "" if none is."""
        inside = [name for name in self.names if start <= name.start and name.end <= end]
        return max(inside, key=lambda name: (name.end - name.start, -name.start)).entity if inside else ""
