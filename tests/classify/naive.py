"""Queries asked in the plainest way there is: what the percolator must agree with."""

from __future__ import annotations

import re
from itertools import pairwise, permutations, product

from bot.classify.knowledge.regions import regions_of
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.normal import normal
from bot.classify.query.syntax import (
    And,
    Everything,
    HasAmount,
    HasEntity,
    HasEvent,
    HasRole,
    HasRound,
    HasTopic,
    InField,
    InRegion,
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
)
from bot.model import Classification, Deal, Item, Role
from bot.text import unspaced


def matches(query: Query, item: Item, about: Classification, knowledge: Knowledge) -> bool:
    """Whether the query is true of the item and one of its deals."""
    return any(_true(query, frozenset(), Asked(item, about, deal, knowledge)) for deal in about.deals or (None,))


class Asked:
    """An item, and the deal that is looked at."""

    def __init__(self, item: Item, about: Classification, deal: Deal | None, knowledge: Knowledge) -> None:
        self.item, self.about, self.deal, self.knowledge = item, about, deal, knowledge

    def line(self, entity: str) -> set[str]:
        return set(self.knowledge.lineage(entity))


def _true(query: Query, bound: frozenset[str], asked: Asked) -> bool:
    match query:
        case Everything() | ManySources():
            return True
        case And(parts):
            inner = _entities(query) or bound
            return all(_true(part, inner, asked) for part in parts)
        case Or(parts):
            return any(_true(part, bound, asked) for part in parts)
        case Not(part):
            deals = asked.about.deals or (None,)
            return not any(_true(part, bound, Asked(asked.item, asked.about, deal, asked.knowledge)) for deal in deals)
    return _leaf(query, bound, asked)


def _entities(query: Query) -> frozenset[str]:
    match query:
        case HasEntity(_, entity):
            return frozenset({entity})
        case And(parts):
            return frozenset().union(*map(_entities, parts))
        case Or(parts):
            every = [_entities(part) for part in parts]
            return frozenset().union(*every) if all(every) else frozenset()
    return frozenset()


def _leaf(leaf: Leaf, bound: frozenset[str], asked: Asked) -> bool:  # noqa: PLR0911 - one line a kind of term
    item, about, deal = asked.item, asked.about, asked.deal
    match leaf:
        case Word() | Phrase() | Prefix() | Near():
            return _in(leaf, item.title) or _in(leaf, item.summary)
        case InField("title", value):
            return _in(value, item.title)
        case InField("source", value):
            return _in(value, item.source)
        case InField(_, value):
            return f"{item.lang.lower()}-".startswith(f"{value.text}-") if not isinstance(value, Near) else False
        case HasTopic(topic):
            return about.topics.get(topic, 0.0) > 0.5
        case HasEntity(_, entity):
            return any(entity in asked.line(one.entity) for one in about.mentions)
        case InRegion(region):
            return any(region in regions_of(_country(one.entity, asked)) for one in about.mentions)
        case HasEvent(event):
            reported = {one.type for one in about.deals}
            return (deal is not None and deal.type == event) or (about.event == event and event not in reported)
        case HasRound(name):
            return deal is not None and (
                name in {deal.round, *deal.round.split("/")} or (name, deal.type) == ("IPO", "ipo")
            )
        case HasAmount(low, high):
            if deal is None or deal.amount_usd is None:
                return False
            return (low is None or deal.amount_usd >= low) and (high is None or deal.amount_usd <= high)
        case HasRole(role):
            return any(_has_role(entity, role, bound, asked) for entity in _somebody(asked))
    raise AssertionError(leaf)


def _country(entity: str, asked: Asked) -> str:
    countries = [asked.knowledge.entity(one).country for one in asked.knowledge.lineage(entity)]
    return next(filter(None, countries), "")


def _somebody(asked: Asked) -> set[str]:
    in_deals = {entity for deal in asked.about.deals for entity, _ in _parties(deal)}
    return in_deals | {one.entity for one in asked.about.mentions}


def _has_role(entity: str, role: Role, bound: frozenset[str], asked: Asked) -> bool:
    if bound and bound.isdisjoint(asked.line(entity)):
        return False
    roles = {"lead", "investor"} if role == "investor" else {role}
    elsewhere = {party for deal in asked.about.deals for party in _parties(deal)}
    own = {one.role for one in asked.about.mentions if one.entity == entity and (entity, one.role) not in elsewhere}
    here = {one for who, one in _parties(asked.deal) if who == entity} if asked.deal else set()
    return not roles.isdisjoint(own | here)


def _parties(deal: Deal) -> set[tuple[str, Role]]:
    targets: dict[str, Role] = {"funding": "investee", "acquisition": "target", "ipo": "subject"}
    found: set[tuple[str, Role]] = {(one.entity, "lead") for one in deal.lead}
    found |= {(one.entity, "investor") for one in deal.investors if one not in deal.lead}
    found |= {(deal.acquirer.entity, "acquirer")} if deal.acquirer else set()
    found |= {(deal.target.entity, targets[deal.type])} if deal.target else set()
    return {(entity, role) for entity, role in found if entity}


def _in(value: Needle | Near, text: str) -> bool:
    padded = f" {normal(text)} "
    if isinstance(value, Near):
        return _near(value, padded)
    return bool(_places(value, padded))


def _places(value: Needle, padded: str) -> list[tuple[int, int]]:
    before = "" if unspaced(value.text[0]) else "(?<= )"
    after = r"[^ ]*" if isinstance(value, Prefix) else "" if unspaced(value.text[-1]) else "(?= )"
    return [found.span(1) for found in re.finditer(f"(?=({before}{re.escape(value.text)}{after}))", padded)]


def _near(near: Near, padded: str) -> bool:
    """Every choice of places in every order."""
    for chosen in product(*(_places(part, padded) for part in near.parts)):
        for row in permutations(chosen):
            apart = all(one[1] <= two[0] for one, two in pairwise(row))
            if apart and _words(padded[row[0][1] : row[-1][0]]) + 1 <= near.distance:
                return True
    return False


def _words(between: str) -> int:
    """How many words are between; half words of scripts without spaces are rounded up."""
    halves = 0
    for token in between.split():
        halves += len(token) if unspaced(token[0]) else 0 if token == "|" else 2
    return (halves + 1) // 2
