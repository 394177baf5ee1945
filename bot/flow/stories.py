"""Giving new items their stories in the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.log import logger
from bot.model import Classification, Item, NewStory, StoryStatus
from bot.ports import Transaction
from bot.stories.cluster import DEALS_KEPT, WINDOW, Clusterer, Refinement
from bot.stories.signature import brief, sign, sign_stored

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Placed:
    """The story of one item, and why; `follows` is the story of which that is a development, 0 for none."""

    story_id: int
    status: StoryStatus = "new"
    why: tuple[str, ...] = ()
    copy: bool = False
    follows: int = 0


GROWTH = 1_000
"""Reports; what they are kept as is some ten thousand objects."""

NOWHERE = Placed(0)
"""The place of what nobody has placed yet."""


class Placer:
    """The window of stories in memory, as of the last transaction it took part in. For one thread at a time.

    What it remembers of a transaction that failed is forgotten: the store's revision is not the one it left. `grown` is called
    whenever the window has `GROWTH` reports more.
    """

    def __init__(self, grown: Callable[[], None] = lambda: None) -> None:
        self._clusterer = Clusterer()
        self._revision = -1
        self._grown, self._added = grown, 0

    def place(self, tx: Transaction, reports: Sequence[tuple[Item, Classification, datetime]]) -> list[Placed]:
        """The story of each report (with the time it was fetched), in their order; stories are added and joined in `tx`."""
        if not reports:
            return []
        self._heed(tx, min(at for _, _, at in reports))
        self._revision = -1  # what fails from here on is not in the store
        placed = [self._place(tx, item, about, at) for item, about, at in reports]
        self._revision = tx.stories.revision()
        return placed

    def refine(self, tx: Transaction, at: datetime) -> Refinement:
        """Look again at what was placed since the last time: merge stories found to be one, put out what is none of theirs."""
        self._heed(tx, at)
        self._revision = -1

        def add(follows: int) -> int:
            return tx.stories.add([NewStory("", "", at, follows)])[0]  # its reports are moved there, and name it

        found = self._clusterer.refine(add)
        for into, other in found.merged:
            tx.stories.merge(into, other)
        for new in dict.fromkeys(new for _, _, new in found.apart):
            tx.stories.move([item_id for item_id, _, story in found.apart if story == new], new)
        self._clusterer.forget()
        self._revision = tx.stories.revision()
        return found

    def _place(self, tx: Transaction, item: Item, about: Classification, at: datetime) -> Placed:
        def add(follows: int) -> int:
            return tx.stories.add([NewStory(item.title, item.source, at, follows)])[0]

        old = item.published < at - WINDOW and not about.deals  # as most of a silent baseline is
        placing = self._clusterer.place(brief(item) if old else sign(item, about), add)
        self._count()
        if not placing.opened:
            tx.stories.join(placing.story, at, item.source, placing.copy)
        return Placed(placing.story, placing.status, placing.why, placing.copy, placing.follows)

    def _heed(self, tx: Transaction, at: datetime) -> None:
        """Read the window anew if it is not as this memory has it."""
        if tx.stories.revision() == self._revision:
            return
        if self._revision >= 0:
            log.info("reading the reports of the last week anew")
        self._clusterer = Clusterer()
        follows: dict[int, int] = {}
        for stored in tx.items.window(at - WINDOW, at - DEALS_KEPT):
            if stored.story_id not in follows:
                follows[stored.story_id] = tx.stories.get(stored.story_id).follows
            old = stored.item.published < at - WINDOW and not stored.deals
            signature = brief(stored.item) if old else sign_stored(stored)
            self._clusterer.put(signature, stored.story_id, follows[stored.story_id])
            self._count()

    def _count(self) -> None:
        self._added += 1
        if self._added % GROWTH == 0:
            self._grown()
