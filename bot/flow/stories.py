"""Giving new items their stories in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import Item, NewStory
from bot.ports import Transaction
from bot.stories import cluster


def assign(tx: Transaction, new: Sequence[tuple[Item, datetime]]) -> list[int]:
    """The story of each new item (with the time of its report), in their order.

    It is an old one, one that an item before it in `new` opened, or one of its own.
    """
    if not new:
        return []
    since = min(at for _, at in new) - cluster.WINDOW
    known = tx.stories.by_keys({key for item, _ in new for key in cluster.keys(item)}, since)
    opened: list[NewStory] = []  # the n-th of them is called -n until it has an id
    outlets: dict[int, list[str]] = {}

    def heard(story: int) -> list[str]:
        if story not in outlets:
            outlets[story] = list(tx.stories.get(story).sources)
        return outlets[story]

    places, joins, tags = [], [], {}
    for item, at in new:
        story = cluster.decide(item, known, heard).story_id
        if story is None:
            opened.append(NewStory(item.title, item.source, at))
            story = -len(opened)
            outlets[story] = [item.source]
        else:
            heard(story).append(item.source)
            joins.append((story, at, item.source))
        for key in cluster.keys(item):
            known[key] = tags[key] = story
        places.append(story)
    ids = tx.stories.add(opened)
    for story, at, source in joins:
        tx.stories.join(_id(story, ids), at, source)
    tx.stories.tag({key: _id(story, ids) for key, story in tags.items()}, max(at for _, at in new))
    return [_id(story, ids) for story in places]


def _id(story: int, ids: Sequence[int]) -> int:
    return story if story > 0 else ids[-story - 1]
