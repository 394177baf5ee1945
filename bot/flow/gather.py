"""What follows from new items beside alerts: what mutes silence, what waits for digests, reports of followed stories."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.flow.decide import Found, item_of
from bot.model import Alert, AlertItem, Place
from bot.muted import Lineage, Traits, silencing, traits
from bot.people import DigestEntry, Mute


def by_place(mutes: Iterable[Mute]) -> dict[Place, list[Mute]]:
    """The mutes of each place."""
    found: dict[Place, list[Mute]] = {}
    for mute in mutes:
        found.setdefault(mute.place, []).append(mute)
    return found


def of_roots(mutes: Iterable[Mute], root_of: Callable[[int], int]) -> list[Mute]:
    """The mutes, those of stories as mutes of the stories that people know: of the first event for its developments too."""
    return [
        replace(one, what=str(root_of(int(one.what)))) if one.kind == "story" and one.what.isdigit() else one
        for one in mutes
    ]


def traits_of(found: Found, lineage: Lineage) -> Traits:
    """What a new item can be muted by."""
    return traits(found.family, found.item.source, found.classification, lineage)


def audible(found: Found, mutes: Mapping[Place, Sequence[Mute]], lineage: Lineage) -> Found:
    """The item without the matches that a mute of their place silences."""
    places = {match.watchlist.place for match in found.matches} & mutes.keys()
    if not places:
        return found
    mine = traits_of(found, lineage)
    kept = [
        match
        for match in found.matches
        if match.watchlist.place not in places
        or silencing(mutes[match.watchlist.place], mine, (match.watchlist.id,)) is None
    ]
    return replace(found, matches=tuple(kept))


def gather(
    found: Iterable[Found], told: Collection[tuple[int, Place]], at: datetime, lineage: Lineage
) -> list[DigestEntry]:
    """What waits for digests: each story once for each place that asked for it and was not told of it."""
    entries: dict[tuple[int, Place], DigestEntry] = {}
    for one in found:
        for place in dict.fromkeys(match.watchlist.place for match in one.matches):
            key = (one.story_id, place)
            if key in told:
                continue
            mine = tuple(match for match in one.matches if match.watchlist.place == place)
            asking = tuple(match.watchlist.id for match in mine)
            if key in entries:
                asking = tuple(dict.fromkeys((*entries[key].watchlists, *asking)))
                entries[key] = replace(entries[key], watchlists=asking)
            else:
                companies = traits_of(one, lineage).companies
                entries[key] = DigestEntry(place, item_of(one, mine), asking, at, companies)
    return list(entries.values())


def reports(
    found: Iterable[Found],
    followed: Collection[tuple[int, Place]],
    told: Collection[tuple[int, Place]],
    mutes: Mapping[Place, Sequence[Mute]],
    lineage: Lineage,
    most: int,
) -> list[Alert]:
    """Further reports of followed stories, but of those `told` just now: one message for a story and place.

    A place that follows more than `most` of these stories gets the rest in one message.
    """
    new: dict[Place, dict[int, list[AlertItem]]] = {}
    for one in found:
        for place in sorted({place for story_id, place in followed if story_id in (one.story_id, one.root)}):
            if (one.story_id, place) in told or silencing(mutes.get(place, ()), traits_of(one, lineage)):
                continue
            new.setdefault(place, {}).setdefault(one.story_id, []).append(item_of(one, ()))
    alerts = []
    for place, stories in new.items():
        rows = list(stories.values())
        rest = [item for items in rows[most:] for item in items]
        told_apart = [*rows[:most], *([rest] if rest else [])]
        alerts += [Alert("report", place, (), tuple(items), len(items)) for items in told_apart]
    return alerts
