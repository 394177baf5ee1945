"""What mutes silence. Pure: the same answer for what is told, for digests, and for `why`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.model import Classification, Mention, Role
from bot.people import Mute
from bot.text import fold

Lineage = Callable[[str], Iterable[str]]
"""An entity and all that it belongs to (classify.knowledge.Knowledge.lineage)."""

_TELLING: tuple[Role, ...] = ("investee", "target", "subject", "acquirer", "lead", "investor", "mention")
"""Roles by how much a piece of news is about who has them: a round is news of the company before it is its investors'."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What an item can be muted by."""

    story_id: int
    source: str
    companies: tuple[str, ...]


def traits(story_id: int, source: str, about: Classification, lineage: Lineage) -> Traits:
    """Those of an item; its companies are all that it is about, and whom they belong to."""
    mine = (one for mention in players(about) for one in lineage(mention.entity))
    return Traits(story_id, source, tuple(dict.fromkeys(mine)))


def players(about: Classification) -> list[Mention]:
    """Whom an item is about, first whom it is most about: who has a part in what happened, or is named in the title.

    Somebody who is only mentioned in passing is not: an alert too many is cheaper than one that is swallowed.
    """
    playing = [one for one in about.mentions if one.role != "mention" or one.evidence.field == "title"]
    return sorted(playing, key=lambda one: (one.kind == "person", _TELLING.index(one.role)))


def silencing(mutes: Iterable[Mute], item: Traits, watchlists: Iterable[int] = ()) -> Mute | None:
    """The mute that silences an item for the place of these mutes, if one does; `watchlists` are the ids of who asks.

    A muted watchlist silences only if no other asks too.
    """
    asking = {str(one) for one in watchlists}
    lists: list[Mute] = []
    for mute in mutes:
        if mute.kind == "watchlist":
            lists += [mute] if mute.what in asking else []
        elif _concerns(mute, item):
            return mute
    return lists[0] if asking and len(lists) == len(asking) else None


def _concerns(mute: Mute, item: Traits) -> bool:
    if mute.kind == "story":
        return mute.what == str(item.story_id)
    if mute.kind == "source":
        return mute.what == source_key(item.source)
    return mute.what in item.companies


def source_key(source: str) -> str:
    """The name of an outlet as it is compared."""
    return " ".join(fold(source).split())
