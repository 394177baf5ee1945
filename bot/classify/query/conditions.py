"""A query as a function of an item. Terms of deals must hold of one deal; what is not wanted must hold of none."""

from __future__ import annotations

from collections.abc import Callable

from bot.classify.query.facts import Facts
from bot.classify.query.near import near, pattern
from bot.classify.query.syntax import (
    And,
    Everything,
    HasAmount,
    HasEntity,
    HasRole,
    HasRound,
    InField,
    Leaf,
    ManySources,
    Near,
    Needle,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Word,
    is_of_deal,
    leaves,
    wanted,
)
from bot.classify.query.view import View

Bound = frozenset[str]
"""The entities that a role is asked of: those named in its AND group; none means any."""

Condition = Callable[[View, Facts], bool]
"""Whether something is true of an item and one of its deals."""


NOTHING = Facts(frozenset())
"""For queries of words alone, which need no facts."""


def holds(query: Query) -> Callable[[View], bool]:
    """Whether a query is true of an item: of one of its deals, if it asks for something of a deal."""
    inner = condition(query, Bound())
    if any(map(is_of_deal, wanted(query))):
        return lambda view: any(inner(view, facts) for facts in view.facts)
    if all(isinstance(leaf, Word | Phrase | Prefix | Near) for leaf in leaves(query)):
        return lambda view: inner(view, NOTHING)  # words alone need no facts
    return lambda view: inner(view, view.facts[0])


def condition(query: Query, bound: Bound) -> Condition:
    """The same for a part of a query; `bound` is what the groups around it bind roles to."""
    match query:
        case And(parts):
            bound = binding(query, bound)
            return _all([condition(part, bound) for part in parts])
        case Or(parts):
            return _any([condition(part, bound) for part in parts])
        case Not(part):
            inner = condition(part, bound)
            if any(map(is_of_deal, leaves(part))):
                return lambda view, _: not any(inner(view, facts) for facts in view.facts)
            return lambda view, facts: not inner(view, facts)
        case Everything() | ManySources():
            return lambda view, facts: True
    return _leaf(query, bound)


def binding(group: And, around: Bound) -> Bound:
    """What roles in an AND group are bound to: the entities that it asks for, or else those of the group around it."""
    return _entities(group) or around


def _entities(query: Query) -> Bound:
    """The entities of which every match names one or more."""
    match query:
        case HasEntity(_, entity):
            return Bound((entity,))
        case And(parts):
            return Bound().union(*map(_entities, parts))
        case Or(parts):
            each = list(map(_entities, parts))
            return Bound().union(*each) if all(each) else Bound()
    return Bound()


def key(leaf: Leaf, entity: str = "") -> str:
    """The fact that a term is; of a role that is bound to an entity the entity's own."""
    match leaf:
        case HasEntity(_, one):
            return f"entity:{one}"
        case HasRound(name):
            return f"round:{name.lower()}"
        case HasRole(role):
            return f"role:{role}:{entity}" if entity else f"role:{role}"
    return str(leaf)


def _leaf(leaf: Leaf, bound: Bound) -> Condition:
    match leaf:
        case Word() | Phrase() | Prefix():
            words = pattern(leaf)
            return lambda view, _: words in view.text
        case Near():
            patterns = list(map(pattern, leaf.parts))
            return lambda view, _: all(words in view.text for words in patterns) and view.near(leaf)
        case InField("title" | "source", value):
            return _in_field(leaf, value)
        case HasAmount(low, high):
            least, most = low or 0, float("inf") if high is None else high
            return lambda _, facts: facts.amount is not None and least <= facts.amount <= most
        case HasRole() if bound:
            keys = frozenset(key(leaf, entity) for entity in bound)
            return lambda _, facts: not keys.isdisjoint(facts.keys)
    wanted = key(leaf)
    return lambda _, facts: wanted in facts.keys


def _in_field(leaf: InField, value: Needle | Near) -> Condition:
    in_title = leaf.field == "title"
    if isinstance(value, Near):
        parts, distance = value.parts, value.distance
        return lambda view, _: bool(near(view.title if in_title else view.source, parts, distance))
    words = pattern(value)
    if in_title:
        return lambda view, _: words in view.title
    return lambda view, _: words in view.source


def _all(conditions: list[Condition]) -> Condition:
    def every(view: View, facts: Facts) -> bool:
        for one in conditions:  # noqa: SIM110 - takes half the time of all() over a generator
            if not one(view, facts):
                return False
        return True

    return every


def _any(conditions: list[Condition]) -> Condition:
    def some(view: View, facts: Facts) -> bool:
        for one in conditions:  # noqa: SIM110 - the same
            if one(view, facts):
                return True
        return False

    return some
