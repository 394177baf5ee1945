"""The matcher: one call reads one item, and answers what it is about and who asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.classify.anchors import Condition, holds, plan
from bot.classify.atoms import Atoms, Understood
from bot.classify.entities import EntityIndex, Named
from bot.classify.knowledge import Knowledge
from bot.classify.lexicon import Hit, Lexicon
from bot.classify.query import parse_query
from bot.classify.reading import Reading
from bot.classify.syntax import Query
from bot.classify.topics import MATCHED, Scored, TopicIndex
from bot.errors import BadQuery
from bot.model import Classification, Evidence, Item, Match, Mention, Watchlist


class _Asked(NamedTuple):
    """A watchlist's query, ready; fields as in anchors.Plan."""

    watchlist: Watchlist
    condition: Condition | None
    wanted: tuple[int, ...]


class Matcher:
    """All knowledge and all watchlists, compiled. `faults` has those whose query cannot be read (any more), by id.

    Reading an item does not get slower with the number of watchlists, but with the number of those that have their
    rarest term in it. Not to be changed once built: build a new one. For one thread at a time.
    """

    def __init__(self, knowledge: Knowledge, watchlists: Sequence[Watchlist] = ()) -> None:
        self.faults: dict[int, BadQuery] = {}
        self._lexicon = Lexicon()
        self._entities = EntityIndex(knowledge.entities, self._lexicon)
        self._topics = TopicIndex(knowledge.topics, knowledge.entities, self._lexicon)
        self._known = len(self._lexicon)  # needles below this number are of the knowledge
        self._lineage = {entity.id: knowledge.lineage(entity.id) for entity in knowledge.entities if entity.parent}
        self._atoms = Atoms(self._lexicon)
        self._asked: list[_Asked] = []
        self._by_anchor: dict[int, list[int]] = {}
        self._always: list[int] = []
        self._compile(knowledge, watchlists)

    def read(self, item: Item) -> tuple[Classification, tuple[Match, ...]]:
        """What the item is about, and the watchlists that it matches in the order of their ids, each with its evidence.

        Evidence of a topic is one place for each distinct term or entity; of an entity its first place; of a query's
        word each place in the title and the first in the summary. All offsets are in the item's own text.
        """
        reading = Reading(item)
        hits = self._lexicon.search(reading.text)
        understood, classification = self._understand(reading, hits)
        if not self._asked:
            return classification, ()
        lit = self._atoms.lit(item, reading, hits, understood)
        found = self._matching(lit)
        if not found:
            return classification, ()
        shown: dict[int, tuple[Evidence, ...]] = {}
        matches: list[Match] = []
        for asked in found:
            wanted = [atom for atom in asked.wanted if atom in lit]
            for atom in wanted:
                if atom not in shown:
                    shown[atom] = tuple(self._atoms.evidence(atom, item, reading, hits, understood))
            evidence = shown[wanted[0]] if len(wanted) == 1 else tuple(one for atom in wanted for one in shown[atom])
            matches.append(Match(asked.watchlist, evidence))
        return classification, tuple(matches)

    def about(self, item: Item) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The topics that count as matched and the entities named, as `read` finds them, without evidence."""
        reading = Reading(item)
        named, scored = self._recognise(reading, self._lexicon.search(reading.text))
        topics = tuple(one.topic for one in scored if one.score > MATCHED)
        return topics, tuple(dict.fromkeys(one.entity.id for one in named))

    def _recognise(self, reading: Reading, hits: list[Hit]) -> tuple[list[Named], list[Scored]]:
        known = [self._lexicon.exact(hit) for hit in hits if hit[0] < self._known]
        if not known:
            return [], []
        named = self._entities.find(known, {number for number, _, _ in known})
        return named, self._topics.score(known, named, reading.title_end)

    def _understand(self, reading: Reading, hits: list[Hit]) -> tuple[Understood, Classification]:
        named, scored = self._recognise(reading, hits)
        if not (named or scored):
            return _NOTHING
        mentions = _mentions(reading, named)
        evidence = tuple(reading.evidence(f"topic:{one.topic}", *reason) for one in scored for reason in one.reasons)
        topics = [one.topic for one in scored if one.score > MATCHED]
        classification = Classification({one.topic: one.score for one in scored}, mentions, evidence)
        return Understood(topics, mentions, self._lineage, evidence), classification

    def _matching(self, lit: set[int]) -> list[_Asked]:
        """The queries that hold, asking only those that have a lit anchor."""
        touched = [self._by_anchor[atom] for atom in lit if atom in self._by_anchor]
        asked = [self._asked[number] for number in sorted(set(self._always).union(*touched))]
        return [one for one in asked if one.condition is None or holds(one.condition, lit)]

    def _compile(self, knowledge: Knowledge, watchlists: Sequence[Watchlist]) -> None:
        parsed: dict[str, Query | BadQuery] = {}
        for watchlist in sorted(watchlists, key=lambda one: one.id):
            text = watchlist.query
            if text not in parsed:
                parsed[text] = _parse(text, knowledge)
            query = parsed[text]
            if isinstance(query, BadQuery):
                self.faults[watchlist.id] = query
                continue
            ready = plan(query, self._atoms.number)
            for anchor in ready.anchors:
                self._by_anchor.setdefault(anchor, []).append(len(self._asked))
            if not ready.anchors:
                self._always.append(len(self._asked))
            self._asked.append(_Asked(watchlist, ready.condition, ready.wanted))


_NOTHING = (Understood((), (), {}, ()), Classification())


def _parse(text: str, knowledge: Knowledge) -> Query | BadQuery:
    """A fault is a value here, so that one query of a changed gazetteer does not silence all others."""
    try:
        return parse_query(text, knowledge)
    except BadQuery as fault:
        return fault


def _mentions(reading: Reading, named: Sequence[Named]) -> tuple[Mention, ...]:
    """Each entity once, at its first place."""
    first: dict[str, Named] = {}
    for one in named:
        first.setdefault(one.entity.id, one)
    return tuple(
        Mention(entity.id, entity.name, entity.kind, reading.evidence(f"entity:{entity.id}", start, end))
        for entity, start, end in first.values()
    )
