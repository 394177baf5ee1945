"""Which entities of the gazetteer an item names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from bot.classify.knowledge.gazetteer import Entity
from bot.classify.knowledge.tickers import Written, written
from bot.classify.lexicon import Hit, Lexicon
from bot.classify.normal import needle
from bot.classify.reading import Reading


class Named(NamedTuple):
    """An entity named at [start, end) of the normal text."""

    entity: Entity
    start: int
    end: int


class _Doubt(NamedTuple):
    """An ambiguous spelling; where it stands so many of its words must have a capital, and so many nothing but capitals."""

    entity: Entity
    capitals: tuple[int, int]


class _Ticker(NamedTuple):
    """A way to write a ticker, whose signs and capitals the normal text does not have."""

    entity: Entity
    written: Written


class EntityIndex:
    """Names by their numbers in the lexicon: plain ones count at once, the others by what else the item says."""

    def __init__(self, entities: Iterable[Entity], lexicon: Lexicon) -> None:
        self._plain: dict[int, list[Entity]] = {}
        self._doubts: dict[int, list[_Doubt]] = {}
        self._tickers: dict[int, list[_Ticker]] = {}
        self._context: dict[str, frozenset[int]] = {}
        self._forbid: dict[str, frozenset[int]] = {}
        masks: set[int] = set()
        sets: dict[tuple[str, ...], frozenset[int]] = {}  # many entities share their context
        for entity in entities:
            for words in entity.plain():
                self._plain.setdefault(lexicon.add(words), []).append(entity)
            for one in (one for ticker in entity.tickers for one in written(ticker)):
                self._tickers.setdefault(lexicon.add(needle(one.text)), []).append(_Ticker(entity, one))
            masks |= lexicon.add_all(entity.mask)
            if entity.ambiguous:
                for number, doubt in _doubts(entity, lexicon):
                    self._doubts.setdefault(number, []).append(doubt)
                if entity.context not in sets:
                    sets[entity.context] = lexicon.add_all(entity.context)
                self._context[entity.id] = sets[entity.context]
                self._forbid[entity.id] = lexicon.add_all(entity.forbid)
        self._masks = frozenset(masks)
        self._unsure = frozenset({*self._doubts, *self._tickers, *masks})

    def find(self, hits: Sequence[Hit], present: Set[int], reading: Reading) -> list[Named]:
        """The entities named, in the order of the text; where names overlap the longest wins.

        `present` are the numbers of all hits. Several entities have one place only if nothing tells which is meant.
        """
        named = [
            Named(entity, start, end)
            for number, start, end in hits
            if number in self._plain
            for entity in self._plain[number]
        ]
        if not self._unsure.isdisjoint(present):
            return self._settled(named, hits, present, reading)
        return longest(named) if len(named) > 1 else named

    def _settled(self, named: list[Named], hits: Sequence[Hit], present: Set[int], reading: Reading) -> list[Named]:
        """The plain names and those of the others that count."""
        unsure = [hit for hit in hits if hit[0] in self._unsure]
        masks = [Named(_MASK, start, end) for number, start, end in unsure if number in self._masks]
        sure = longest(named + masks + self._by_ticker(unsure, reading))
        taken = _Spans(sure)
        clear = {one.entity.id for one in sure}
        ranks: dict[str, _Around] = {}
        best: dict[tuple[int, int], tuple[int, list[Named]]] = {}
        for number, start, end in unsure:
            for doubt in () if taken.around(start, end) else self._doubts.get(number, ()):
                entity_id = doubt.entity.id
                if entity_id not in ranks:
                    ranks[entity_id] = self._around(entity_id, clear, hits, present)
                rank = ranks[entity_id].rank(start, end)
                top, those = best.get((start, end), (1, []))
                if rank >= top and _written(reading, doubt, start, end):
                    best[start, end] = (rank, [*(those if rank == top else ()), Named(doubt.entity, start, end)])
        found = sure + [one for _, those in best.values() for one in those]
        return [one for one in longest(found) if one.entity is not _MASK]

    def _by_ticker(self, unsure: Iterable[Hit], reading: Reading) -> list[Named]:
        """Those named by a ticker, written as one is."""
        found: list[Named] = []
        for number, start, end in unsure:
            if number in self._tickers:
                words = reading.evidence("", start, end).words
                found += [Named(one.entity, start, end) for one in self._tickers[number] if one.written.fits(words)]
        return found

    def _around(self, entity_id: str, clear: Set[str], hits: Sequence[Hit], present: Set[int]) -> _Around:
        """What the item says for the ambiguous spellings of an entity."""
        context = self._context[entity_id]
        if not self._forbid[entity_id].isdisjoint(present):
            return _NEVER
        if entity_id in clear or not context:
            return _ANYWHERE if entity_id in clear else _ANYWHERE._replace(sure=1)
        if context.isdisjoint(present):
            return _NEVER
        words = [hit for hit in hits if hit[0] in context]
        return _Around(1, min(end for _, _, end in words), max(start for _, start, _ in words))


class _Around(NamedTuple):
    """What an item says for the ambiguous spellings of one entity: how much, and from where to where.

    `sure` is 2 if it has a plain spelling, too, 1 if it has a word of the context, 0 if nothing counts. A word of the context
    must stand outside the spelling: the first ends at `first_end`, the last begins at `last_start`.
    """

    sure: int
    first_end: int
    last_start: int

    def rank(self, start: int, end: int) -> int:
        """The same for a spelling at [start, end)."""
        return self.sure if self.first_end <= start or end <= self.last_start else 0


_NEVER = _Around(0, 0, 0)
_ANYWHERE = _Around(2, 0, 0)


class _Spans:
    """Spans that do not overlap, in the order of the text."""

    def __init__(self, named: Iterable[Named] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for one in named:
            self.take(one.start, one.end)

    def around(self, start: int, end: int) -> bool:
        """Whether [start, end) is one of them, or inside one."""
        at = bisect_right(self._starts, start)
        return at > 0 and self._ends[at - 1] >= end

    def take(self, start: int, end: int) -> bool:
        """Add a span if it overlaps none; whether it is one of them now."""
        at = bisect_right(self._starts, start)
        if at and self._ends[at - 1] > start:
            return (self._starts[at - 1], self._ends[at - 1]) == (start, end)
        if at < len(self._starts) and self._starts[at] < end:
            return False
        self._starts.insert(at, start)
        self._ends.insert(at, end)
        return True


_MASK = Entity("", "", "")
_WORD = re.compile(r"[^\W_]+")


def _doubts(entity: Entity, lexicon: Lexicon) -> Iterable[tuple[int, _Doubt]]:
    """The entity's ambiguous spellings by their numbers."""
    for name in entity.ambiguous:
        if words := needle(name):
            capitals = (0, 0) if entity.loose else _capitals(name.removeprefix("The "))
            yield lexicon.add(words), _Doubt(entity, capitals)


def _written(reading: Reading, doubt: _Doubt, start: int, end: int) -> bool:
    """Whether the original has the capitals there that the spelling has in the seeds: Figure, FAIR."""
    wanted, upper = doubt.capitals
    if not wanted:
        return True
    has, has_upper = _capitals(reading.evidence("", start, end).words)
    return has >= wanted and has_upper >= upper


def _capitals(text: str) -> tuple[int, int]:
    """How many words have a capital, and how many have two and nothing else."""
    words = [word for word in _WORD.findall(text) if word != word.lower()]
    return len(words), sum(word.isupper() and word.isalpha() and len(word) > 1 for word in words)


def longest(named: list[Named]) -> list[Named]:
    """Without what overlaps something longer (or as long, and earlier); several entities at one place all stay."""
    spans = _Spans()
    kept = [
        one for one in sorted(named, key=lambda one: (one.start - one.end, one.start)) if spans.take(one.start, one.end)
    ]
    return sorted(kept, key=lambda one: one.start)
