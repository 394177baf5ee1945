"""What each report says of the deals of an event, and which value of several is the best supported. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.model import Deal, Evidence, Item, StoredItem
from bot.stories import agree

_VALUE = TypeVar("_VALUE", bound=Hashable)

_MOST_DEALS = 8
"""Deals of one report that are compared; one with more is a round-up, and no report of this event above all."""

_MOST_OTHERS = 3
"""Values that contradict the best one and are kept; what is said in more ways nobody reads."""

_MOST_COMPARED = 12
"""Tellings of a deal with which another is compared, and values of a field that may be the best: a bound for hostile feeds."""

_BEFORE = 14
_ROUGHLY = re.compile(
    r"(?:近|约|超|逾|过|破|数|达|多达|至多|最多|至少|大概|接近|左右|~|>|<|≈|\b(?:about|around|approximately|roughly|nearly|almost|over"
    r"|than|up to|much as|at least|some|estimated|close to|just under|exceeding|above|under|reportedly))[\s(]{0,2}$",
    re.IGNORECASE,
)
_ROUGH_WORDS = re.compile(
    r"近|约|超|逾|数|多|余|级|几|\+|-plus|\babout\b|\bnearly\b|\bover\b|\bmore than\b", re.IGNORECASE
)
_ROUGH_AFTER = re.compile(r"\s?(?:\+|左右|以上|上下|级|多|余|or more\b|-plus\b|plus\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Telling:
    """A deal as one report tells it.

    `voice` is whose knowledge it is: the outlet itself, or the original that it credits; "" for a copy, which has none.
    `main` says that the report tells it as the event. `firm` is False for a plan or a rumour of what others tell as decided;
    `rough` are the sums that it gives roughly: "amount", "valuation", "total".
    """

    deal: Deal
    outlet: str
    voice: str
    primary: bool
    at: datetime
    order: int
    main: bool = False
    rough: frozenset[str] = frozenset()
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Said(Generic[_VALUE]):
    """A value and who says it; `exact` is False for one that is only said roughly."""

    value: _VALUE
    by: Telling
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Stand(Generic[_VALUE]):
    """A value and all who say it, or nothing against it, in the order of reporting."""

    value: _VALUE
    backers: tuple[Said[_VALUE], ...]

    @property
    def voices(self) -> int:
        """How many know it of themselves."""
        return len({said.by.voice for said in self.backers})

    @property
    def outlets(self) -> tuple[str, ...]:
        """Each once; copies only where nobody else says it."""
        return outlets_of(self.backers)


def own(said: Iterable[Said[_VALUE]]) -> list[Said[_VALUE]]:
    """Without copies, unless there are only copies."""
    every = list(said)
    return [one for one in every if one.by.voice] or every


def outlets_of(said: Iterable[Said[_VALUE]]) -> tuple[str, ...]:
    """Who says it, each once; copies only where nobody else does."""
    return tuple(dict.fromkeys(one.by.outlet for one in own(said)))


def tellings(report: StoredItem, outlet: str, voice: str, primary: bool, at: datetime, order: int) -> Iterator[Telling]:
    """The deals of a report; of the kind that the report's event is, the first is the event."""
    main = next((deal for deal in report.deals if deal.type == report.event), None)
    for deal in report.deals[:_MOST_DEALS]:
        rough = frozenset(what for what in ("amount", "valuation", "total") if _is_rough(report.item, deal, what))
        yield Telling(deal, outlet, voice, primary, at, order, deal is main, rough)


def grouped(told: Iterable[Telling]) -> list[list[Telling]]:
    """The tellings of each deal; copies last, so that they change nothing."""
    groups: list[list[Telling]] = []
    for one in sorted(told, key=lambda one: (not one.voice, one.order)):
        scores = [(_score(one, group), -place) for place, group in enumerate(groups)]
        best, place = max(scores, default=(0, 0))
        if best > 0:
            groups[-place].append(one)
        else:
            groups.append([one])
    return [sorted(group, key=lambda one: one.order) for group in groups]


def ranked(said: Sequence[Said[_VALUE]], same: Callable[[_VALUE, _VALUE], int]) -> list[Stand[_VALUE]]:
    """The values by support, the best first, none of which agrees with another.

    Who says it firmly counts before who expects it. Then: how many voices, whether a primary source is one of them, whether
    it is exact, how many say just this, and what was said last.
    """
    last = _latest(own(said))
    counted = [one for one in last if one.by.firm] or last
    stands: list[Stand[_VALUE]] = []
    while counted and len(stands) <= _MOST_OTHERS:
        often = Counter(one.value for one in counted)
        values = sorted(often, key=lambda value: (-often[value], str(value)))
        best = max(values[:_MOST_COMPARED], key=lambda value: _support(value, counted, same))
        mine = [one for one in counted if same(best, one.value) >= 0]
        counted = [one for one in counted if same(best, one.value) < 0]
        stands.append(Stand(best, tuple(mine)))
    return [_with_all(stands[0], said, same), *stands[1:]] if stands else []


def _with_all(
    stand: Stand[_VALUE], said: Iterable[Said[_VALUE]], same: Callable[[_VALUE, _VALUE], int]
) -> Stand[_VALUE]:
    """With those too who expected it, and copies."""
    counted = set(map(id, stand.backers))
    return Stand(stand.value, tuple(one for one in said if id(one) in counted or same(stand.value, one.value) > 0))


def _support(
    value: _VALUE, said: Sequence[Said[_VALUE]], same: Callable[[_VALUE, _VALUE], int]
) -> tuple[int, bool, bool, int, int, datetime, str]:
    backing = [one for one in said if same(value, one.value) > 0]
    mine = [one for one in said if one.value == value]
    return (
        len({one.by.voice for one in backing}),
        any(one.by.primary for one in backing),
        any(one.exact for one in mine),
        len({one.by.voice for one in mine}),
        sum(one.by.primary for one in mine),
        max(one.by.at for one in mine),
        str(value),
    )


def _latest(said: Sequence[Said[_VALUE]]) -> list[Said[_VALUE]]:
    """Of each outlet what it said last: an outlet may correct itself."""
    last: dict[str, Said[_VALUE]] = {}
    for one in said:
        last.pop(one.by.outlet, None)
        last[one.by.outlet] = one
    return list(last.values())


def _score(one: Telling, group: Sequence[Telling]) -> int:
    if any(other.order == one.order for other in group) and not any(_told_twice(one, other) for other in group):
        return 0
    return max(agree.deals(one.deal, other.deal, one.main and other.main) for other in group[:_MOST_COMPARED])


def _told_twice(one: Telling, other: Telling) -> bool:
    """Whether a report that tells of this deal already can mean it again: company and sum are the same."""
    here, there = agree.amount_of(one.deal), agree.amount_of(other.deal)
    if not (one.deal.target and other.deal.target and here and there):
        return False
    return agree.parties(one.deal.target, other.deal.target) > 0 and agree.sums(here, there) > 0


def _is_rough(item: Item, deal: Deal, what: str) -> bool:
    """Whether the words that a sum was read from, or those beside them, say that it is not exact."""
    read = next((one for one in deal.evidence if one.what == f"deal.{what}"), None)
    if read is None:
        return False
    text = _field(item, read)
    before, after = text[max(0, read.start - _BEFORE) : read.start], text[read.end : read.end + _BEFORE]
    return bool(_ROUGH_WORDS.search(read.words) or _ROUGHLY.search(before) or _ROUGH_AFTER.match(after))


def _field(item: Item, read: Evidence) -> str:
    return item.title if read.field == "title" else item.summary if read.field == "summary" else ""
