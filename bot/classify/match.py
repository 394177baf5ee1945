"""The matcher: one call reads one item, and answers what it is about and who asked for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.lexicon import Hit, Lexicon
from bot.classify.query.explain import Answer, answer
from bot.classify.query.facts import Kin
from bot.classify.query.percolate import Percolator
from bot.classify.query.view import View
from bot.classify.reading import Reading
from bot.classify.understand import Glance, Understander
from bot.errors import BadQuery
from bot.model import Classification, Evidence, Item, Match, Watchlist

_ANSWERS = 20_000
"""How many queries that matched are kept in full."""


class Matcher:
    """All knowledge and all watchlists, compiled. `faults` has those whose query cannot be read (any more), by id.

    Reading an item does not get slower with the number of watchlists, but with the number of those that have their
    rarest term in it. Not to be changed once built: build a new one. For one thread at a time.
    """

    def __init__(self, knowledge: Knowledge, watchlists: Sequence[Watchlist] = ()) -> None:
        self.faults: dict[int, BadQuery] = {}
        self._lexicon = Lexicon()
        with _uncollected():
            self._understander = Understander(knowledge, self._lexicon)
            self._percolator = Percolator(knowledge, self._lexicon)
            self._asked: list[Watchlist] = []  # by the number of its query
            self._also: dict[int, list[Watchlist]] = {}  # others with the same query
            self._compile(watchlists)
        self._kin = Kin(knowledge)
        self._answers: dict[int, Answer] = {}

    def read(self, item: Item) -> tuple[Classification, tuple[Match, ...]]:
        """What the item is about, and the watchlists that it matches in the order of their ids, each with its evidence.

        Evidence of a topic is one place for each distinct term or entity; of an entity its first place; of a query's
        word each place in the title and the first in the summary; of what a deal must be, what that was read from. All
        offsets are in the item's own text.
        """
        reading = Reading(item)
        hits = self._lexicon.search(reading.text)
        about = self._understander.classify(item, reading, self._understander.glance(reading, hits))
        return about, self._matches(item, reading, hits, about)

    def matches(self, item: Item, about: Classification) -> tuple[Match, ...]:
        """The same for an item of which is known what it is about."""
        reading = Reading(item)
        return self._matches(item, reading, self._lexicon.search(reading.text), about)

    def about(self, item: Item) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The topics that count as matched and the entities named, as `read` finds them, without evidence."""
        _, glance = self.look(item)
        return glance.topics, glance.entities

    def look(self, item: Item) -> tuple[Reading, Glance]:
        """A first look at an item: what its words alone tell. `understood` goes on from there."""
        reading = Reading(item)
        return reading, self._understander.glance(reading, self._lexicon.search(reading.text))

    def understood(self, item: Item, reading: Reading, glance: Glance) -> Classification:
        """What the item is about, as `read` finds it, after a first look at it."""
        return self._understander.classify(item, reading, glance)

    def _matches(self, item: Item, reading: Reading, hits: Sequence[Hit], about: Classification) -> tuple[Match, ...]:
        if not self._asked:
            return ()
        view = View(item, reading, about, self._kin)
        matches: list[Match] = []
        shown: dict[object, tuple[Evidence, ...]] = {}
        for number in self._percolator.matching(view, hits):
            known = self._answer(number)
            evidence = known.evidence(view, shown)
            asked = (self._asked[number], *self._also.get(number, ()))
            matches += [Match(watchlist, evidence, known.sources) for watchlist in asked]
        return tuple(sorted(matches, key=lambda one: one.watchlist.id))

    def _answer(self, number: int) -> Answer:
        found = self._answers.get(number)
        if found is None:
            if len(self._answers) >= _ANSWERS:
                self._answers.clear()
            found = self._answers[number] = answer(self._percolator.query(number))
        return found

    def _compile(self, watchlists: Sequence[Watchlist]) -> None:
        """A fault is a value here, so that one query of a changed gazetteer does not silence all others."""
        numbers: dict[str, int | BadQuery] = {}
        for watchlist in watchlists:
            query = watchlist.query
            number = numbers.get(query)
            if number is None:
                try:
                    number = self._percolator.add(query)
                    self._asked.append(watchlist)
                except BadQuery as fault:
                    number = fault
                numbers[query] = number
            elif isinstance(number, int):
                self._also.setdefault(number, []).append(watchlist)
            if isinstance(number, BadQuery):
                self.faults[watchlist.id] = number
        self.faults = dict(sorted(self.faults.items()))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would go through all that is being built again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
