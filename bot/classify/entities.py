"""Which entities of the gazetteer an item names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from bot.classify.knowledge import Entity
from bot.classify.lexicon import Hit, Lexicon


class Named(NamedTuple):
    """An entity named at [start, end) of the normal text."""

    entity: Entity
    start: int
    end: int


class EntityIndex:
    """Names by their numbers in the lexicon, and the context words that ambiguous entities need or must not have."""

    def __init__(self, entities: Iterable[Entity], lexicon: Lexicon) -> None:
        self._named: dict[int, list[Entity]] = {}
        self._context: dict[str, frozenset[int]] = {}
        self._forbid: dict[str, frozenset[int]] = {}
        for entity in entities:
            for words in entity.spellings():
                self._named.setdefault(lexicon.add(words), []).append(entity)
            if entity.context:
                self._context[entity.id] = lexicon.add_all(entity.context)
            if entity.forbid:
                self._forbid[entity.id] = lexicon.add_all(entity.forbid)

    def find(self, hits: Sequence[Hit], present: Set[int]) -> list[Named]:
        """The entities named, in the order of the text; where names overlap the longest wins.

        `present` are the numbers of all hits.
        """
        named = [
            Named(entity, start, end)
            for number, start, end in hits
            if number in self._named
            for entity in self._named[number]
            if not (entity.context or entity.forbid) or self._counts(entity.id, present)
        ]
        return longest(named) if len(named) > 1 else named

    def _counts(self, entity_id: str, present: Set[int]) -> bool:
        context, forbid = self._context.get(entity_id), self._forbid.get(entity_id)
        return (context is None or not context.isdisjoint(present)) and (forbid is None or forbid.isdisjoint(present))


def longest(named: list[Named]) -> list[Named]:
    """Without what overlaps something longer (or as long, and earlier); several entities at one place all stay."""
    kept: list[Named] = []
    for one in sorted(named, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= k.start or k.end <= one.start or (one.start, one.end) == (k.start, k.end) for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
