"""What is true of an item besides its words, as short keys: `topic:robotics`, `entity:unitree`, `role:lead:softbank`.

Some facts belong to one of the deals that an item reports. A query that asks for several of them asks one deal.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bot.classify.knowledge.regions import regions_of
from bot.classify.knowledge.seeds import Entity, Knowledge
from bot.classify.knowledge.topics import MATCHED
from bot.model import Classification, Deal, DealType, EventType, Item, Role

SOME_AMOUNT = "amount:"
"""The fact that the amount of a deal is known."""


class Facts(NamedTuple):
    """What is true of an item and of one of its deals. `deal` is None, and `amount` with it, where it reports none."""

    keys: frozenset[str]
    amount: int | None = None
    deal: Deal | None = None


_TARGETS: dict[DealType, Role] = {"funding": "investee", "acquisition": "target", "ipo": "subject"}


class Kin:
    """What naming an entity says: its id, those of all that it belongs to, and where it sits. Asked again and again."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._lines: dict[str, tuple[str, ...]] = {}
        self._keys: dict[str, tuple[str, ...]] = {}

    def line(self, entity_id: str) -> tuple[str, ...]:
        """The entity and all that it belongs to."""
        found = self._lines.get(entity_id)
        if found is None:
            found = self._lines[entity_id] = (
                self._knowledge.lineage(entity_id) if self._entity(entity_id) else (entity_id,)
            )
        return found

    def regions(self, entity_id: str) -> tuple[str, ...]:
        """The country and regions in which it sits, or, where that is not known, the nearest that it belongs to."""
        for one in self.line(entity_id):
            if (known := self._entity(one)) and known.country:
                return regions_of(known.country)
        return ()

    def keys(self, entity_id: str) -> tuple[str, ...]:
        """The facts that naming it makes true."""
        found = self._keys.get(entity_id)
        if found is None:
            entities = [f"entity:{one}" for one in self.line(entity_id)]
            found = self._keys[entity_id] = (*entities, *(f"region:{one}" for one in self.regions(entity_id)))
        return found

    def _entity(self, entity_id: str) -> Entity | None:
        """None for one that was in the gazetteer when the item was read, and is not any more."""
        try:
            return self._knowledge.entity(entity_id)
        except KeyError:
            return None


def facts_of(item: Item, about: Classification, kin: Kin) -> tuple[Facts, ...]:
    """What is true: once for each deal of the item, or once if it reports none."""
    if not (about.topics or about.mentions or about.deals):  # as most items are
        return _of_nothing(item.lang, about.event)
    common = set(_common(item, about, kin))
    deals = about.deals
    if not deals:
        return (Facts(frozenset((*common, f"event:{about.event}", *_roles(about, frozenset(), kin)))),)
    parties = [frozenset(_parties(deal)) for deal in deals]
    common.update(_roles(about, frozenset[tuple[str, Role]]().union(*parties), kin))
    if about.event not in {deal.type for deal in deals}:
        common.add(f"event:{about.event}")
    return tuple(
        Facts(frozenset(common.union(_of_deal(deal, inside, kin))), deal.amount_usd, deal)
        for deal, inside in zip(deals, parties, strict=True)
    )


@lru_cache(1_000)
def _of_nothing(lang: str, event: EventType) -> tuple[Facts, ...]:
    return (Facts(frozenset((*_langs(lang), f"event:{event}"))),)


def _common(item: Item, about: Classification, kin: Kin) -> Iterator[str]:
    """What does not depend on a deal."""
    for topic, score in about.topics.items():
        if score > MATCHED:
            yield f"topic:{topic}"
    for mention in about.mentions:
        yield from kin.keys(mention.entity)
    yield from _langs(item.lang)


def _langs(lang: str) -> Iterator[str]:
    """The language, and what it is a kind of: zh-hans-cn is also zh-hans, and zh."""
    tag = lang.strip().lower().replace("_", "-")
    while tag:
        yield f"lang:{tag}"
        tag = tag.rpartition("-")[0]


def _roles(about: Classification, in_deals: frozenset[tuple[str, Role]], kin: Kin) -> Iterator[str]:
    """The roles of those named, but for what the deals say themselves."""
    for mention in about.mentions:
        if (mention.entity, mention.role) not in in_deals:
            yield from role_keys(mention.entity, mention.role, kin)


def _of_deal(deal: Deal, parties: frozenset[tuple[str, Role]], kin: Kin) -> Iterator[str]:
    yield f"event:{deal.type}"
    if deal.amount_usd is not None:
        yield SOME_AMOUNT
    if deal.round:
        yield f"round:{deal.round.lower()}"
        for one in deal.round.split("/"):  # rounds raised together are "A/A+"
            yield f"round:{one.lower()}"
    if deal.type == "ipo":
        yield "round:ipo"
    for entity, role in parties:
        yield from role_keys(entity, role, kin)


def _parties(deal: Deal) -> Iterator[tuple[str, Role]]:
    """Who of those we know has which role in a deal."""
    for party in deal.lead:
        yield party.entity, "lead"
    for party in deal.investors:
        if party not in deal.lead:
            yield party.entity, "investor"
    if deal.acquirer:
        yield deal.acquirer.entity, "acquirer"
    if deal.target:
        yield deal.target.entity, _TARGETS[deal.type]


def role_keys(entity: str, role: Role, kin: Kin) -> Iterator[str]:
    """The facts that an entity's role makes true, of it and of all that it belongs to; none for one that we do not know."""
    if not entity:
        return
    for one in (role, "investor") if role == "lead" else (role,):
        yield f"role:{one}"
        for each in kin.line(entity):
            yield f"role:{one}:{each}"
