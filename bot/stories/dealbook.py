"""Deals that reports told, found again by who takes part: for reports of one deal in other words, and for what becomes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.model import Deal, Party
from bot.stories import agree
from bot.stories.signature import Signature
from bot.stories.veto import main_deal
from bot.text import bare, level

SURE = 9
"""What `agree.deals` must say for two reports to tell one deal beyond doubt: target (4), sum (3) and round or lead."""

LIKELY = 6
"""The same for a later state of a deal: target (4) and buyer (2), or more."""

_LAST = 60
_MANY = 4  # a report of so many deals is about none of them


@dataclass(frozen=True, slots=True)
class Told:
    """A deal as a report told it: where that stands, how surely it is the one asked for, whether it is the report's event."""

    report: int
    sure: int
    main: bool
    deal: Deal


class DealBook:
    """The deals of the reports in the window, and of those that are kept for their developments."""

    def __init__(self) -> None:
        self._by: defaultdict[str, list[tuple[int, Deal, bool]]] = defaultdict(list)

    def add(self, report: int, signature: Signature) -> None:
        """Remember what a report tells."""
        if len(signature.deals) >= _MANY:
            return
        main = main_deal(signature)
        for deal in signature.deals:
            for key in set(_keys(deal)):
                self._by[key].append((report, deal, deal is main))

    def drop(self, reports: Collection[int]) -> None:
        """Forget what these reports told."""
        for key in list(self._by):
            left = [row for row in self._by[key] if row[0] not in reports]
            if left:
                self._by[key] = left
            else:
                del self._by[key]

    def same(self, deal: Deal, main: bool) -> list[Told]:
        """Tellings of a deal, the surest first, of those the ones whose event it is, the latest of them first."""
        found: dict[int, Told] = {}
        for key in set(_keys(deal)):
            for report, other, theirs in self._by.get(key, ())[-_LAST:]:
                sure = agree.deals(deal, other, main and theirs)
                if sure >= LIKELY and (report not in found or found[report].sure < sure):
                    found[report] = Told(report, sure, theirs, other)
        return sorted(found.values(), key=lambda one: (-one.sure, not one.main, -one.report))

    def about(self, deal: Deal) -> list[Told]:
        """Reports whose event is a deal of the same kind and target, whatever its terms, the latest first."""
        found: dict[int, Told] = {}
        for key in set(_keys(deal)):
            for report, other, main in self._by.get(key, ())[-_LAST:]:
                alike = main and other.type == deal.type and deal.target and other.target
                if alike and deal.target and other.target and agree.parties(deal.target, other.target) > 0:
                    found[report] = Told(report, 0, main, other)
        return sorted(found.values(), key=lambda one: -one.report)


def _keys(deal: Deal) -> Iterator[str]:
    for party in (deal.target, deal.acquirer):
        if party is not None:
            yield from _names(party)


def _names(party: Party) -> Iterator[str]:
    if party.entity:
        yield f"@{party.entity}"
    name = bare(level(party.name))
    if name:
        yield name
