"""The stories of many reports at once: each is placed, all are looked at again now and then, and the end is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.model import StoryStatus
from bot.stories.cluster import Clusterer, Placing, Refinement
from bot.stories.signature import Signature

LOOK_AGAIN = 300
"""After so many reports stories are merged and split, as the running bot does between polls."""

_MERGED = "on a second look the same event as another story"
_APART = "on a second look another event"
_FIRST = "the first report of its story"


class Places(Protocol):
    """What gives reports their stories, as `Clusterer` does."""

    def place(self, signature: Signature) -> Placing:
        """Find the story of a report."""

    def refine(self) -> Refinement:
        """Merge stories found to be one, and put apart what does not belong."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a report is in the end.

    `event` is the number of what it reports, `story` that of the event which this follows, the same number if it follows none.
    """

    story: int
    event: int
    status: StoryStatus
    why: tuple[str, ...]


def tell_all(signatures: Iterable[Signature], places: Places | None = None) -> list[Told]:
    """What each report is, in their order; no two of them may have one item id.

    Exactly one report of a story is "new": the first of its event. Reports of later developments are updates, all others
    the same. If a story has nothing but updates left, the first of them is what is new.
    """
    ledger = _Ledger(Clusterer() if places is None else places)
    for signature in signatures:
        ledger.add(signature)
    return ledger.told()


class _Ledger:
    """Where reports were placed, and what became of the stories since."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._placed: dict[str, Placing] = {}
        self._now: dict[str, int] = {}  # those that were put into another story, and which
        self._became: dict[int, int] = {}
        self._follows: dict[int, int] = {}

    def add(self, signature: Signature) -> None:
        """Place one more report."""
        placing = self._places.place(signature)
        self._placed[signature.item_id] = placing
        if placing.follows:
            self._follows[placing.story] = placing.follows
        if len(self._placed) % LOOK_AGAIN == 0:
            self._refine()

    def told(self) -> list[Told]:
        """How it ended, after a last look."""
        self._refine()
        events = {item: self._event(item) for item in self._placed}
        roots = {event: self._root(event) for event in set(events.values())}
        first = _firsts([(roots[event], event) for event in events.values()])
        return [
            self._told(item, roots[event], event, at == first[roots[event]])
            for at, (item, event) in enumerate(events.items())
        ]

    def _refine(self) -> None:
        refined = self._places.refine()
        self._became.update({other: into for into, other in refined.merged})
        self._now.update({item: story for item, _, story in refined.apart})

    def _event(self, item: str) -> int:
        return _end(self._now.get(item, self._placed[item].story), self._became)

    def _root(self, event: int) -> int:
        """The story that an event belongs to: what it follows, and what that does, if stories were merged since."""
        way = [event]
        while after := _end(self._follows.get(way[-1], 0), self._became):
            if after in way:
                return min(way)  # merges can make a ring of developments
            way.append(after)
        return way[-1]

    def _told(self, item: str, story: int, event: int, first: bool) -> Told:
        placing = self._placed[item]
        status: StoryStatus = "new" if first else "same" if event == story else "update"
        why = list(placing.why)
        if item in self._now:
            why.append(_APART)
        elif event != placing.story:
            why.append(_MERGED)
        if first and placing.status != "new":
            why.append(_FIRST)
        return Told(story, event, status, tuple(why))


def _firsts(places: Sequence[tuple[int, int]]) -> dict[int, int]:
    """For each story where its first report stands: that of its own event, else of whatever there is."""
    found: dict[int, int] = {}
    for at, (story, event) in enumerate(places):
        if event == story:
            found.setdefault(story, at)
    for at, (story, _) in enumerate(places):
        found.setdefault(story, at)
    return found


def _end(story: int, became: Mapping[int, int]) -> int:
    """The story that this one is now."""
    while story in became:
        story = became[story]
    return story
