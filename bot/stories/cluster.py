"""Which story an item belongs to: exact and near-exact copies, by canonical link and normalised title."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.model import Item

WINDOW = timedelta(days=7)
"""How long a story's link and title lead to it; after that the same words are another event."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The story decision for one item: `story_id` is None for a new story; `why` says which key led there."""

    story_id: int | None
    why: Literal["new", "same link", "same title"]


def keys(item: Item) -> list[int]:
    """The keys by which copies of this item find its story."""
    return [key for key in (item.link_key, item.title_key) if key is not None]


def decide(item: Item, known: Mapping[int, int], outlets: Callable[[int], Collection[str]]) -> Decision:
    """Find the item's story among `known` (key to story id); `outlets` answers who reported a story so far.

    A link is an identity: an outlet that edits a headline keeps its link. A title is one only across outlets: one that
    uses a title again for another link ("The week in robots") means another story.
    """
    if item.link_key is not None and item.link_key in known:
        return Decision(known[item.link_key], "same link")
    if item.title_key is not None and item.title_key in known:
        story = known[item.title_key]
        if item.source not in outlets(story):
            return Decision(story, "same title")
    return Decision(None, "new")
