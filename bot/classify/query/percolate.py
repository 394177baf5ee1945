"""Queries by the hundred thousand, each asked only of the items that have what it needs most.

When it is added, a query is only taken apart into terms, and its anchors are noted: its rarest term, or the alternatives of
which it must have one. Beside the anchor stands a check, its next rarest term: an item that lacks either is never asked
more. What a query asks in full is worked out the first time an item has both. So a hundred thousand are ready in less
than a second, and most are never read at all.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import islice
from operator import itemgetter

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.lexicon import Hit, Lexicon
from bot.classify.query import grammar
from bot.classify.query.anchors import COMMON, NEVER, OF_COMMON, anchors, rarest, share, share_of_words
from bot.classify.query.conditions import holds, key
from bot.classify.query.facts import SOME_AMOUNT
from bot.classify.query.near import pattern
from bot.classify.query.parse import MAX_LENGTH, MAX_TERMS, build, parse_query
from bot.classify.query.syntax import (
    And,
    Everything,
    HasAmount,
    InField,
    Leaf,
    ManySources,
    Near,
    Needle,
    Phrase,
    Prefix,
    Query,
    Word,
)
from bot.classify.query.syntax import words as to_leaf
from bot.classify.query.terms import quick_needle, read_term
from bot.classify.query.view import View
from bot.errors import BadQuery

_SOURCES = 10_000
"""How many outlets' names are remembered with what they light."""

_PAIRS = 64
"""How many pairs of an anchor and a check one query may have; with more it goes without a check."""

_ALWAYS = -1
"""The atom that every item lights."""

_Term = tuple[float, str, Leaf | None]
"""The share of items that have a term; its needle if it is a word or phrase, else the empty string and what it means."""

_Ask = Callable[[View], bool] | tuple[str, ...]
"""What a query asks of an item; of plain words alone the patterns that must all be in its text."""

_Bounds = dict[int, list[tuple[int, int]]]
"""Anchors, and what amounts are asked for beside them, by which queries."""

_first, _end = itemgetter(0), itemgetter(2)


class _Pairs:
    """Queries by pairs of atoms that an item must have both: numbers alone, which cost the garbage collector nothing.

    Which atom of a pair has the row and which stands in it makes no difference to what is found. The one with more partners
    has it, so that there are few rows, and most items that lack what many ask for (a word of the trade) touch none.
    """

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, int]] = {}  # atom, atom: a query, or -1 - the place of several
        self._several: list[array[int]] = []

    def add(self, one: int, two: int, query: int) -> None:
        """A query needs these two."""
        rows = self._rows
        of_one, of_two = rows.get(one), rows.get(two)
        if of_one is None:
            if of_two is None:
                rows[two] = {one: query}
                return
            row, other = of_two, one
        elif of_two is None or len(of_two) < len(of_one):
            row, other = of_one, two
        else:
            row, other = of_two, one
        known = row.setdefault(other, query)
        if known < 0:
            self._several[-1 - known].append(query)
        elif known != query:
            self._several.append(array("l", (known, query)))
            row[other] = -len(self._several)

    def lit(self, atoms: Set[int]) -> set[int]:
        """The queries of which both atoms are among these."""
        found: set[int] = set()
        rows = self._rows
        for one in rows.keys() & atoms:
            row = rows[one]
            for two in row.keys() & atoms:
                query = row[two]
                if query >= 0:
                    found.add(query)
                else:
                    found.update(self._several[-1 - query])
        return found


class Percolator:
    """Numbers queries from 0 and answers which of them an item matches. All must be added before the first item.

    An atom is a number for something that an item may have: that of a needle in its text, or a negative one for a needle in
    its title or source or for a fact.
    """

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        self._knowledge, self._lexicon = knowledge, lexicon
        self._queries: list[str] = []
        self._asks: list[_Ask | None] = []
        self._terms: dict[str, _Term] = {word: (OF_COMMON, word, None) for word in COMMON}
        self._pairs = _Pairs()
        self._titles: dict[int, int] = {}  # atoms by their needles
        self._sources: dict[int, int] = {}
        self._facts: dict[str, int] = {}
        self._by_low: _Bounds = {}
        self._by_high: _Bounds = {}
        self._sorted = False
        self._lit_by_source: dict[str, frozenset[int]] = {}

    def add(self, text: str) -> int:
        """Take in one query; answers its number. Raises BadQuery."""
        number, learnt = len(self._queries), self._terms
        ask: _Ask | None = None
        shape, words = grammar.split(text if text.isascii() else grammar.typed(text))
        known = grammar.SHAPES.get(shape)
        try:
            if known is None or len(text) > MAX_LENGTH or words[0] == "*":
                self._add_rare(number, text, shape, words)
            else:
                terms = [learnt.get(word) or self._term(word) for word in words]
                if known.plain and terms[0][1] and terms[-1][1]:
                    self._place_words(number, terms)
                    ask = ()
                elif not (known.terms and self._place_terms(number, known.terms, terms)):
                    self._place(number, text, known, terms)
        except BadQuery:  # of a term alone: say it of the query
            parse_query(text, self._knowledge)
            raise
        self._queries.append(text)
        self._asks.append(ask)
        return number

    def query(self, number: int) -> Query:
        """The tree of a query."""
        typed = grammar.typed(self._queries[number])
        shape, words = grammar.split(typed)
        if words[0] == "*":
            return Everything()
        terms = [self._terms.get(word) or self._term(word) for word in words]
        return build(grammar.shape_of(typed, shape).node, list(map(_leaf, terms)))

    def matching(self, view: View, hits: Sequence[Hit]) -> list[int]:
        """The queries that an item matches; `hits` are those of the lexicon in its text."""
        found: list[int] = []
        text, asks = view.text, self._asks
        for number in self._touched(view, hits):
            ask = asks[number]
            if ask is None:
                ask = self._read(number)
            if isinstance(ask, tuple):
                for words in ask:
                    if words not in text:
                        break
                else:
                    found.append(number)
            elif ask(view):
                found.append(number)
        return found

    # -- adding ----------------------------------------------------------------------------------------------------------

    def _add_rare(self, number: int, text: str, shape: str, words: list[str]) -> None:
        """A query of a new shape, one for everything, or none at all. Raises BadQuery."""
        parse_query(text, self._knowledge)
        if len(words) == 1 and words[0] == "*" and shape.strip() == "t":
            self._note(number, _ALWAYS, _ALWAYS)
            return
        known = grammar.shape_of(grammar.typed(text), shape)
        self._place(number, text, known, [self._terms.get(word) or self._term(word) for word in words])

    def _place(self, number: int, text: str, known: grammar.Shape, terms: Sequence[_Term]) -> None:
        """Note the anchors of a query, and what to check beside them. Raises BadQuery."""
        shares = [term[0] for term in terms]
        if NEVER in shares or len(terms) > MAX_TERMS or not all(_is_text(terms[one]) for one in known.near):
            parse_query(text, self._knowledge)  # here are rules beyond shapes and single terms
        found = [(shares[row], (row,)) if isinstance(row, int) else anchors(row, shares) for row in known.rows]
        rows = [[terms[one] for one in row] for _, row in (sorted(found, key=_first) if len(found) > 1 else found)]
        first, second = rows[0], rows[1] if len(rows) > 1 else ()
        if second and _amount(first):
            first, second = second, first
        amount = _amount(second or first)
        if amount is None and 0 < len(first) * len(second) <= _PAIRS:
            checks: Sequence[int | HasAmount] = [self._atom(term) for term in second]
        else:
            checks = (amount or _ALWAYS,)
        for term in first:
            anchor = self._atom(term)
            for check in checks:
                self._note(number, anchor, check)

    def _place_words(self, number: int, terms: Sequence[_Term]) -> None:
        """The same for one or two words or phrases, as most queries are: an item that has both needs no more asking."""
        numbered = self._lexicon.add
        two = numbered(terms[1][1]) if len(terms) > 1 else _ALWAYS
        self._pairs.add(numbered(terms[0][1]), two, number)

    def _place_terms(self, number: int, needed: Sequence[int], terms: Sequence[_Term]) -> bool:
        """The same where each part of a query that must be there is one term. False for what only `_place` knows."""
        for share_of, _, leaf in terms:
            if share_of == NEVER or leaf.__class__ is HasAmount:
                return False
        if len(terms) > MAX_TERMS:
            return False
        rows = [terms[one] for one in needed]
        if len(rows) > 2:
            rows.sort(key=_first)
        one, two = rows[0], rows[1] if len(rows) > 1 else None
        self._pairs.add(self._atom(one), self._atom(two) if two else _ALWAYS, number)
        return True

    def _term(self, word: str) -> _Term:
        """What a term is; remembered. Most are words and phrases without anything odd, which need no second look."""
        quick = quick_needle(word[1:-1] if word[0] == word[-1] == '"' else word)
        if quick and word != "NEAR":
            found: _Term = share_of_words(quick), quick, None
        else:
            leaf = read_term(word, self._knowledge)
            words = leaf.text if isinstance(leaf, Word | Phrase) else ""
            found = share(leaf), words, None if words else leaf
        self._terms[word] = found
        return found

    def _note(self, number: int, anchor: int, check: int | HasAmount) -> None:
        """A query has this anchor and this check."""
        if not isinstance(check, HasAmount):
            self._pairs.add(anchor, check, number)
        elif check.low is not None:
            self._by_low.setdefault(anchor, []).append((check.low, number))
        else:
            self._by_high.setdefault(anchor, []).append((check.high or 0, number))

    def _atom(self, term: _Term) -> int:
        """The atom of a term; one that every item has if only asking in full can tell."""
        _, words, leaf = term
        if leaf is None:
            return self._lexicon.add(words)
        if isinstance(leaf, ManySources):
            return _ALWAYS
        if isinstance(leaf, Word | Phrase | Prefix | Near):
            return self._number(leaf)
        if isinstance(leaf, InField) and leaf.field != "lang":
            atoms = self._titles if leaf.field == "title" else self._sources
            return atoms.setdefault(self._number(leaf.value), self._next())
        fact = SOME_AMOUNT if isinstance(leaf, HasAmount) else key(leaf)
        return self._facts.setdefault(fact, self._next())

    def _next(self) -> int:
        return -2 - len(self._titles) - len(self._sources) - len(self._facts)

    def _number(self, value: Needle | Near) -> int:
        """The number in the lexicon of words, or of the rarest that must stand near each other."""
        words = rarest(value)
        return self._lexicon.add_prefix(words.text) if isinstance(words, Prefix) else self._lexicon.add(words.text)

    # -- asking ----------------------------------------------------------------------------------------------------------

    def _touched(self, view: View, hits: Sequence[Hit]) -> set[int]:
        """The queries that have an anchor and their check in the item."""
        lit = self._lit(view, hits)
        touched = self._pairs.lit(lit)
        if self._by_low or self._by_high:
            touched.update(self._of_amounts(lit, [facts.amount for facts in view.facts if facts.amount is not None]))
        return touched

    def _lit(self, view: View, hits: Sequence[Hit]) -> set[int]:
        """The atoms that an item has."""
        lit = set(map(_first, hits))
        lit.add(_ALWAYS)
        if self._titles:
            in_title = bisect_right(hits, view.reading.title_end, key=_end)  # hits are in the order of their ends
            lit.update([self._titles[hit[0]] for hit in hits[:in_title] if hit[0] in self._titles])
        if self._sources:
            lit |= self._of_source(view.item.source, view.source)
        if self._facts:
            for facts in view.facts:
                lit.update(map(self._facts.__getitem__, self._facts.keys() & facts.keys))
        return lit

    def _of_source(self, source: str, words: str) -> frozenset[int]:
        """The atoms that an outlet's name lights; names repeat, so they are remembered."""
        found = self._lit_by_source.get(source)
        if found is None:
            numbers = {number for number, _, _ in self._lexicon.search(words)}
            found = frozenset(self._sources[one] for one in numbers & self._sources.keys())
            if len(self._lit_by_source) >= _SOURCES:
                self._lit_by_source.clear()
            self._lit_by_source[source] = found
        return found

    def _of_amounts(self, lit: set[int], amounts: Sequence[int]) -> Iterator[int]:
        """Those that ask for at least so much as the highest amount has, or at most so much as the lowest."""
        if not amounts:
            return
        if not self._sorted:
            for bounds in (*self._by_low.values(), *self._by_high.values()):
                bounds.sort()
            self._sorted = True
        for anchor in self._by_low.keys() & lit:
            bounds = self._by_low[anchor]
            yield from _numbers(islice(bounds, bisect_right(bounds, max(amounts), key=_first)))
        for anchor in self._by_high.keys() & lit:
            bounds = self._by_high[anchor]
            yield from _numbers(islice(bounds, bisect_left(bounds, min(amounts), key=_first), None))

    def _read(self, number: int) -> _Ask:
        """Work out what a query asks, the first time that it is asked."""
        query = self.query(number)
        plain = query.parts if isinstance(query, And) else (query,)
        words = [part for part in plain if isinstance(part, Word | Phrase | Prefix)]
        if len(words) == len(plain):  # the rarest first: most fail there
            ask: _Ask = tuple(map(pattern, sorted(words, key=share)))
        else:
            ask = holds(query)
        self._asks[number] = ask
        return ask


def _numbers(bounds: Iterable[tuple[int, int]]) -> Iterator[int]:
    return (number for _, number in bounds)


def _leaf(term: _Term) -> Leaf:
    return term[2] or to_leaf(term[1])


def _is_text(term: _Term) -> bool:
    return bool(term[1]) or isinstance(term[2], Prefix)


def _amount(row: Sequence[_Term]) -> HasAmount | None:
    """The amount that a row asks for, if it asks for nothing else."""
    leaf = row[0][2] if len(row) == 1 else None
    return leaf if isinstance(leaf, HasAmount) else None
