"""Why an item does or does not answer a query, term by term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.query.conditions import NOTHING, Bound, Condition, binding, condition, holds
from bot.classify.query.facts import Facts, Kin
from bot.classify.query.reasons import reason, words_of
from bot.classify.query.syntax import (
    And,
    Everything,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Word,
    is_of_deal,
    leaves,
    sources_wanted,
    wanted,
)
from bot.classify.query.view import View
from bot.classify.reading import Reading
from bot.model import Classification, Evidence, Item

_ALTERNATIVES = 3
"""How many alternatives that all failed are gone into."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of a query, in its canonical spelling, that does not hold, and why: a few words that can follow a colon."""

    term: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether the query holds; if so what shows it, if not what is missing, in the order of the query."""

    matched: bool
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()


def explain(query: Query, item: Item, about: Classification, knowledge: Knowledge) -> Explanation:
    """Ask one query of one item; `about` is what `Matcher.read` found the item to be about.

    Where an item reports several deals, what is missing is missing of the deal that comes nearest.
    """
    view = View(item, Reading(item), about, Kin(knowledge))
    if holds(query)(view):
        return Explanation(True, answer(query).evidence(view, {}))
    tried = [tuple(_missing(query, Bound(), view, facts, knowledge)) for facts in view.facts]
    return Explanation(False, missing=min(tried, key=len))


# -- what holds ----------------------------------------------------------------------------------------------------------

_Seen = dict[object, tuple[Evidence, ...]]


class Shown(NamedTuple):
    """A term to show: its leaf, what roles are bound to, whether it holds, whether it is words alone, and all as a key."""

    leaf: Leaf
    bound: Bound
    true: Condition
    textual: bool
    key: tuple[str, Bound]


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show of a query that matched: each term that is asked for, and how many outlets must report the story.

    `whole` is the query if it asks for something of a deal, `textual` says that it asks for words alone.
    """

    terms: tuple[Shown, ...]
    whole: Condition | None
    textual: bool
    sources: int

    def evidence(self, view: View, seen: _Seen) -> tuple[Evidence, ...]:
        """The evidence of all terms that hold; `seen` remembers what was shown of the item for other queries."""
        facts = NOTHING if self.textual else view.facts[0]
        if self.whole is not None:
            facts = next((one for one in view.facts if self.whole(view, one)), facts)
        found: list[Evidence] = []
        for leaf, bound, true, textual, name in self.terms:
            key = name if textual else (*name, id(facts))
            if key not in seen:
                seen[key] = tuple(view.evidence(leaf, bound, facts.deal)) if true(view, facts) else ()
            found += seen[key]
        # two terms of a deal may have been read from the same words
        return tuple(found) if self.textual or len(self.terms) == 1 else tuple(dict.fromkeys(found))


def answer(query: Query) -> Answer:
    """What to show of a query once it matched."""
    terms = []
    for leaf, bound in dict.fromkeys(_terms(query, Bound())):
        textual = isinstance(leaf, Word | Phrase | Prefix | Near)
        terms.append(Shown(leaf, bound, condition(leaf, bound), textual, (str(leaf), bound)))
    of_deals = any(is_of_deal(one.leaf) for one in terms)
    whole = condition(query, Bound()) if of_deals else None
    return Answer(tuple(terms), whole, all(one.textual for one in terms), sources_wanted(query))


def _terms(query: Query, bound: Bound) -> Iterator[tuple[Leaf, Bound]]:
    """The terms that are asked for, each with the entities that a role there is bound to."""
    match query:
        case And(parts):
            inner = binding(query, bound)
            for part in parts:
                yield from _terms(part, inner)
        case Or(parts):
            for part in parts:
                yield from _terms(part, bound)
        case Not() | Everything():
            return
        case _:
            yield query, bound


# -- what is missing -----------------------------------------------------------------------------------------------------


def _missing(query: Query, bound: Bound, view: View, facts: Facts, knowledge: Knowledge) -> Iterator[Missing]:
    if condition(query, bound)(view, facts):
        return
    match query:
        case And(parts):
            inner = binding(query, bound)
            for part in parts:
                yield from _missing(part, inner, view, facts, knowledge)
        case Or(parts):
            yield _none_of(query, parts, bound, view, facts, knowledge)
        case Not(part):
            yield Missing(str(query), _unwanted(part, view))
        case Everything():
            return
        case _:
            yield Missing(str(query), reason(query, bound, view, facts, knowledge))


def _none_of(
    query: Or, parts: tuple[Query, ...], bound: Bound, view: View, facts: Facts, knowledge: Knowledge
) -> Missing:
    if all(isinstance(part, Word | Phrase | Prefix) for part in parts):
        return Missing(str(query), "none of these words is there")
    tried = [one for part in parts[:_ALTERNATIVES] for one in _missing(part, bound, view, facts, knowledge)]
    more = [f"and {len(parts) - _ALTERNATIVES} more"] if len(parts) > _ALTERNATIVES else []
    return Missing(
        str(query), "none of these holds: " + "; ".join([*(f"{one.term}: {one.why}" for one in tried), *more])
    )


def _unwanted(part: Query, view: View) -> str:
    """What is there and should not be."""
    for leaf in wanted(part):
        for facts in view.facts:
            if condition(leaf, Bound())(view, facts) and (
                shown := next(view.evidence(leaf, Bound(), facts.deal), None)
            ):
                return f"“{shown.words}” is there"
    return f"{words_of(part)} is so" if len(list(leaves(part))) == 1 else "this is so"
