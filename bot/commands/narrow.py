"""What of a query the index of stored items can answer: the rest is asked of the items that it gives. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from bot.classify.query.syntax import (
    DEAL_TYPES,
    And,
    HasAmount,
    HasEntity,
    HasEvent,
    HasRound,
    HasTopic,
    InField,
    Near,
    Phrase,
    Query,
    Word,
)


@dataclass(frozen=True, slots=True)
class Narrow:
    """Conditions of `Items.search` that hold of whatever the query finds; topics and entities are never both there."""

    text: str = ""
    topics: Collection[str] = ()
    entities: Collection[str] = ()
    event: str = ""
    deals: bool = False


def narrow(query: Query, family: Callable[[str], Collection[str]]) -> Narrow:
    """The conditions of what stands outside of every OR and NOT; `family` answers an entity with what belongs to it.

    An item is one of its event's as it was understood when it was stored; words are those that the index has.
    """
    parts = list(_required(query))
    entities = next((family(one.entity) for one in parts if isinstance(one, HasEntity)), ())
    topics = [one.topic for one in parts if isinstance(one, HasTopic)]
    events = [one.event for one in parts if isinstance(one, HasEvent) and one.event not in ("other", *DEAL_TYPES)]
    return Narrow(
        " ".join(word for one in parts for word in _words(one)),
        () if entities else tuple(topics[:1]),
        entities,
        next(iter(events), ""),
        any(isinstance(one, HasAmount | HasRound) for one in parts),
    )


def _required(query: Query) -> Iterator[Query]:
    if isinstance(query, And):
        for part in query.parts:
            yield from _required(part)
    else:
        yield query


def _words(part: Query) -> Iterator[str]:
    match part:
        case Word(text) | Phrase(text):
            yield text
        case Near(parts, _):
            for one in parts:
                yield from _words(one)
        case InField("title", value):
            yield from _words(value)
