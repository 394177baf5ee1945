"""The language of watchlists: text in, a tree out, or BadQuery with the place of the mistake and a suggestion.

Words match whole words, without stemming: `robot` does not find "robots", `robot*` does. In scripts without spaces they
match anywhere. The words of a phrase may have anything between them that is neither letter nor digit, but not the end of
a sentence. `SYNTAX` tells people the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.query import grammar
from bot.classify.query.grammar import Group, Node
from bot.classify.query.syntax import (
    Everything,
    Leaf,
    ManySources,
    Near,
    Or,
    Phrase,
    Prefix,
    Query,
    Word,
    both,
    either,
    leaves,
    negated,
)
from bot.classify.query.terms import read_term
from bot.errors import BadQuery

MAX_LENGTH = 1000
MAX_TERMS = 100
_LIMITS = f"a query has at most {MAX_LENGTH:,} characters and {MAX_TERMS} terms"

SYNTAX = """\
robot humanoid            both words            robot OR humanoid         either
robot -vacuum             without (also NOT)    "legged robot"            in sequence
robot*                    robots, robotics      (a OR b) c                NOT before AND before OR
robot NEAR/5 funding      5 words apart at most "robot funding"~5         the same
title:x  text:x  source:x where the words stand lang:zh                   the language
topic:robotics            what it is about      event:funding             what happened
company:x investor:x person:x entity:x          region:cn  region:gulf    where somebody named sits
round:A+  amount:>=50m  amount:10m..50m         of one deal, in US dollars
role:lead                 who led; beside company: or investor:, whether they did (investor acquirer target investee)
sources:>=2               only once so many outlets report it
*                         everything"""
"""What can be said, for people; plain text of at most 120 columns."""


def parse_query(text: str, knowledge: Knowledge) -> Query:
    """Read a query; topics and entities are looked up in `knowledge` and become their ids.

    Raises BadQuery and nothing else, whatever the text: `at` is the place of the mistake, the message helps to mend it.
    Longer than 1,000 characters, nested deeper than 20 parentheses or more than 100 terms is a mistake too. Sums in other
    currencies are turned into US dollars at the last rate that `knowledge` has.
    """
    try:
        query = _Reader(grammar.typed(text), knowledge).query()
    except BadQuery as error:  # `typed` stands place by place for what was typed
        raise BadQuery(str(error), text, min(error.at, len(text))) from None
    spelt, terms = len(str(query)), sum(1 for _ in leaves(query))
    if spelt > MAX_LENGTH or terms > MAX_TERMS:
        raise BadQuery(f"spelt out, this has {spelt:,} characters and {terms} terms; {_LIMITS}", text)
    return query


class _Reader:
    """Builds the tree of one query."""

    def __init__(self, text: str, knowledge: Knowledge) -> None:
        self._text, self._knowledge = text, knowledge
        self._places: list[tuple[int, int]] = []

    def query(self) -> Query:
        """The tree."""
        text = self._text
        if len(text) > MAX_LENGTH:
            raise self._bad(f"a query has at most {MAX_LENGTH:,} characters; this one has {len(text):,}", MAX_LENGTH)
        if not text.strip():
            raise self._bad("the query is empty; give it words, or * for everything", 0)
        if text.strip() == "*":
            return Everything()
        shape, terms = grammar.split(text)
        self._places = list(grammar.places(text))
        known = grammar.shape_of(text, shape)
        if len(terms) > MAX_TERMS:
            raise self._bad(f"a query has at most {MAX_TERMS} terms", self._places[MAX_TERMS][0])
        found = [self._leaf(number, term) for number, term in enumerate(terms)]
        self._check_sources(known.node, found)
        for number in known.near:
            if not isinstance(found[number], Word | Phrase | Prefix):
                raise self._bad(grammar.NOT_NEAR, self._places[number][0])
        return build(known.node, found)

    def _leaf(self, number: int, term: str) -> Leaf:
        try:
            return read_term(term, self._knowledge)
        except BadQuery as error:
            raise self._bad(str(error), self._places[number][0] + error.at) from None

    def _check_sources(self, node: Node, found: Sequence[Leaf]) -> None:
        """How many outlets report it is asked of the story: only beside something that the items are asked."""
        asked = [number for number, leaf in enumerate(found) if isinstance(leaf, ManySources)]
        if not asked:
            return
        row = node.parts if isinstance(node, Group) and node.kind == "all" else ()
        for number in asked:
            if number not in row:
                raise self._bad(
                    "sources: stands beside something else, outside of ( ), OR and NOT", self._places[number][0]
                )
        others = [part for part in row if part not in asked and not (isinstance(part, Group) and part.kind == "not")]
        if len(asked) > 1 or not others:
            says = "sources: is said once" if len(asked) > 1 else "sources: stands beside something to look for"
            raise self._bad(says, self._places[asked[-1]][0])

    def _bad(self, text: str, at: int) -> BadQuery:
        return BadQuery(text, self._text, at)


def build(node: Node, found: Sequence[Leaf]) -> Query:
    """The tree of a shape with these terms."""
    if isinstance(node, int):
        return found[node]
    parts = [build(part, found) for part in node.parts]
    if node.kind == "not":
        return negated(parts[0])
    if node.kind != "near":
        return both(parts) if node.kind == "all" else either(parts)
    sides = [part.parts if isinstance(part, Or) else (part,) for part in parts]
    ones, twos = ([one for one in side if isinstance(one, Word | Phrase | Prefix)] for side in sides)
    return either([Near((one, two), node.distance) for one in ones for two in twos])
