"""Queries by the hundred thousand: each is asked only of the items that have its rarest needed term.

A term of a query is an atom: a number, the same for the same term in all queries. An item lights some atoms; a query is
a condition on lit atoms. The anchors of a query are atoms of which at least one is lit in every item that it matches.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import NamedTuple

from bot.classify.syntax import And, Everything, HasEntity, HasTopic, InField, Leaf, Not, Or, Phrase, Query, Word
from bot.text import unspaced

Condition = int | tuple["Condition", ...]
"""An atom that must be lit, or (AND | OR | NOT, parts...) with negative numbers for the operators."""

AND, OR, NOT = -1, -2, -3


class Plan(NamedTuple):
    """A query in atoms. No condition: a lit anchor is enough. No anchors: it matches every item.

    `wanted` are the atoms that are not under a negation: those lit explain a match.
    """

    condition: Condition | None
    anchors: tuple[int, ...]
    wanted: tuple[int, ...]


def plan(query: Query, atom: Callable[[Leaf], int]) -> Plan:
    """Turn a query into atoms; `atom` numbers a term."""
    if isinstance(query, Everything):
        return Plan(None, (), ())
    if not isinstance(query, And | Or | Not):
        number = (atom(query),)
        return Plan(None, number, number)
    any_will_do = isinstance(query, Or) and not any(isinstance(part, And | Or | Not) for part in query.parts)
    return Plan(
        None if any_will_do else _condition(query, atom),
        tuple(dict.fromkeys(atom(leaf) for leaf in _anchors(query)[1])),
        tuple(dict.fromkeys(atom(leaf) for leaf in _wanted(query))),
    )


def holds(condition: Condition, lit: Set[int]) -> bool:
    """Whether the condition is true of an item that lit these atoms."""
    if isinstance(condition, int):
        return condition in lit
    operator, *parts = condition
    if operator == AND:
        return all(holds(part, lit) for part in parts)
    if operator == OR:
        return any(holds(part, lit) for part in parts)
    return not holds(parts[0], lit)


def _condition(query: Query, atom: Callable[[Leaf], int]) -> Condition:
    match query:
        case And(parts):
            return (AND, *(_condition(part, atom) for part in parts))
        case Or(parts):
            return (OR, *(_condition(part, atom) for part in parts))
        case Not(part):
            return (NOT, _condition(part, atom))
        case Everything():
            raise AssertionError("* stands alone")
    return atom(query)


def _anchors(query: Query) -> tuple[float, list[Leaf]]:
    """How often the best anchors of a query will be met, and these; (inf, []) if nothing is needed."""
    match query:
        case And(parts):
            return min((_anchors(part) for part in parts), key=lambda found: found[0])
        case Or(parts):
            every = [_anchors(part) for part in parts]
            frequency = sum(found[0] for found in every)
            return frequency, [leaf for found in every for leaf in found[1]] if frequency < float("inf") else []
        case Not() | Everything():
            return float("inf"), []
    return _frequency(query), [query]


def _frequency(leaf: Leaf) -> float:
    """A guess at the share of items that have a term: only the order of such guesses matters, and long is rare."""
    match leaf:
        case Word(text) | Phrase(text):
            letters = len(text) if text.isascii() else sum(2.5 if unspaced(char) else 1 for char in text)
            return 0.5 * 0.62**letters
        case InField(field, value):
            return {"lang": 0.3, "source": 0.02}.get(field, 0.3 * _frequency(value))
        case HasEntity():
            return 0.004
        case HasTopic():
            return 0.1


def _wanted(query: Query) -> list[Leaf]:
    match query:
        case And(parts) | Or(parts):
            return [leaf for part in parts for leaf in _wanted(part)]
        case Not() | Everything():
            return []
    return [query]
