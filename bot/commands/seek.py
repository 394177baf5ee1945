"""Finding stored items by what people call them: a topic, a company, a watchlist's name, or any query."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.classify.query.parse import parse_query
from bot.commands.desk import Desk
from bot.model import Place, StoredItem
from bot.ports import Transaction

_SCANNED = 5_000
_COPIES = 4
"""Items looked at for each story that is wanted: most stories are told by fewer outlets."""


def newest(
    tx: Transaction,
    desk: Desk,
    place: Place,
    text: str,
    limit: int,
    since: datetime | None = None,
    deals: bool = False,
) -> list[StoredItem]:
    """The newest item of each of the newest stories that `text` asks for; with `deals`, of those that report one."""
    look = limit * _COPIES
    topic, entity = desk.knowledge.find_topic(text), desk.knowledge.find_entity(text)
    if not text:
        found = tx.items.search(since=since, limit=look, deals=deals)
    elif topic is not None:
        found = tx.items.search(topics=[topic.id], since=since, limit=look, deals=deals)
    elif entity is not None:
        found = tx.items.search(entities=family(desk, entity.id), since=since, limit=look, deals=deals)
    else:
        watchlist = tx.watches.find(place, text)
        query = watchlist.query if watchlist else text
        parse_query(query, desk.knowledge)
        if _plain(query):
            found = tx.items.search(query, since=since, limit=look, deals=deals)
        else:
            found = desk.matching(query, tx.items.search(since=since, limit=_SCANNED, deals=deals))
    return one_each(found)[:limit]


def family(desk: Desk, entity_id: str) -> frozenset[str]:
    """An entity and everything that belongs to it."""
    return desk.knowledge.children(entity_id) | {entity_id}


def one_each(stored: Iterable[StoredItem]) -> list[StoredItem]:
    """The first item of each story, in their order."""
    first: dict[int, StoredItem] = {}
    for one in stored:
        first.setdefault(one.story_id, one)
    return list(first.values())


def _plain(query: str) -> bool:
    """Whether it is words alone, which the index finds by itself."""
    return all(word.isalnum() and word not in ("AND", "OR", "NOT") for word in query.split())
