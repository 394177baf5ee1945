"""Whether two drafts are of one deal, and one deal out of those that are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.classify.deals.drafts import Draft, Said, Sum

_LEGAL = re.compile(
    r"(?:股份)?有限(?:责任)?公司|股份公司|集团|科技|公司|[(（][^)）]{0,12}[)）]|\b(?:inc|corp|co|ltd|llc|plc|gmbh|ag|s\.a|group"
    r"|holdings?|technologies|technology|company|limited|corporation)\b\.?",
    re.IGNORECASE,
)
_CITIES = re.compile(
    "^(?:北京|上海|深圳|广州|杭州|苏州|南京|武汉|成都|天津|重庆|西安|合肥|宁波|无锡|东莞|珠海|厦门|青岛|江苏|浙江|广东|福建|安徽)市?"
)
_MARKS = re.compile(r"[\W_]+")
_EITHER = TypeVar("_EITHER")
Dollars = Callable[[Sum], int | None]
"""What a sum is worth in US dollars."""


def same_name(one: Said, two: Said) -> bool:
    """Whether two names can be of one party: one entity, equal, one inside the other, or one the initials of the other."""
    here, there = entity_of(one), entity_of(two)
    if here and there:
        return here == there
    first, second = core(one.words), core(two.words)
    if not first or not second:
        return False
    if first in second or second in first:
        return min(len(first), len(second)) > 1
    return _initials(one.words) == second or _initials(two.words) == first


def entity_of(said: Said) -> str:
    """The gazetteer's id of a name; empty if the words name something larger or other than the entity in them."""
    inside = [name for name in said.passage.names if said.start <= name.start and name.end <= said.end]
    if not inside:
        return ""
    best = max(inside, key=lambda name: (name.end - name.start, -name.start))
    words = core(said.passage.text[best.start : best.end])
    whole = core(said.passage.text[said.start : said.end])
    return best.entity if len(words) >= 0.75 * len(whole) else ""


def core(words: str) -> str:
    """A name without legal form, city, case and marks; the words themselves where nothing is left."""
    folded = words.casefold()
    return _MARKS.sub("", _CITIES.sub("", _LEGAL.sub("", folded))) or _MARKS.sub("", folded)


def _initials(words: str) -> str:
    parts = words.split()
    return "".join(part[0] for part in parts).casefold() if len(parts) > 2 else ""


@dataclass(slots=True)
class Joined:
    """The drafts of one deal, in the order of the text, and what they say together."""

    drafts: list[Draft] = field(default_factory=list)

    @property
    def type(self) -> str:
        return self.drafts[0].type

    def first(self, get: Callable[[Draft], _EITHER | None]) -> _EITHER | None:
        """What the first draft says that says it; the news before the background."""
        for draft in sorted(self.drafts, key=lambda draft: not draft.main):
            if (value := get(draft)) is not None:
                return value
        return None

    @property
    def main(self) -> bool:
        return any(draft.main for draft in self.drafts)

    def name(self, get: Callable[[Draft], Said | None]) -> Said | None:
        """The fullest of a party's names."""
        said = [value for draft in self.drafts if (value := get(draft))]
        return max(said, key=_fullness) if said else None

    def money(self) -> Sum | None:
        """The first amount with a figure, else the first without."""
        sums = [draft.money for draft in self.drafts if draft.money]
        return next((one for one in sums if one.amount is not None), sums[0] if sums else None)

    def round(self) -> str:
        """The first round named, the plainest last."""
        named = self.first(lambda draft: draft.stage.round if draft.stage and draft.stage.round != "Growth" else None)
        return named or self.first(lambda draft: draft.stage.round if draft.stage else None) or ""


def _fullness(said: Said) -> tuple[bool, int]:
    """Known names first; of the others the title's, which are the ones in use."""
    return bool(entity_of(said)), -said.start if said.passage.field == "title" else -100_000 - said.start


def joined(drafts: Sequence[Draft], dollars: Dollars) -> list[Joined]:
    """The drafts sorted into deals: those that agree where both say something, and are tied by a name, a sum or being alone."""
    deals: list[Joined] = []
    fillers: list[Draft] = []
    for draft in drafts:
        if is_filler(draft):
            fillers.append(draft)
            continue
        home = _home(draft, deals, dollars)
        if home is None:
            deals.append(Joined([draft]))
        else:
            home.drafts.append(draft)
    deals = _regrouped(deals, dollars)
    for draft in fillers:
        if home := _filled(draft, deals):
            home.drafts.append(draft)
    return deals


def is_filler(draft: Draft) -> bool:
    """Whether a draft says nothing but a total or a valuation, so that it is no deal by itself."""
    if draft.main or draft.money or draft.stage or draft.investors or draft.type != "funding":
        return False
    return draft.total is not None or draft.valuation is not None


def _home(draft: Draft, deals: Iterable[Joined], dollars: Dollars) -> Joined | None:
    """The deal that a draft is of: the one it agrees with best, None if it is another deal."""
    best, score = None, 0
    for deal in deals:
        if (ties := _ties(draft, deal, dollars)) > score:
            best, score = deal, ties
    return best


def _regrouped(deals: list[Joined], dollars: Dollars) -> list[Joined]:
    """Deals that turn out to be one once all their drafts are there."""
    kept: list[Joined] = []
    for deal in deals:
        for other in kept:
            if all(_ties(draft, other, dollars) > 0 for draft in deal.drafts):
                other.drafts += deal.drafts
                break
        else:
            kept.append(deal)
    return kept


def _ties(draft: Draft, deal: Joined, dollars: Dollars) -> int:
    """How strongly a draft is tied to a deal; 0 if it contradicts it."""
    if draft.type != deal.type:
        return 0
    named = _agree_on(draft.target, [one.target for one in deal.drafts if one.target], same_name)
    paid = _agree_on(draft.money, [one.money for one in deal.drafts if one.money], _same_sum(dollars))
    staged = _agree_on(
        draft.stage and draft.stage.round, [one.stage.round for one in deal.drafts if one.stage], _same_round
    )
    valued = _agree_on(draft.valuation, [one.valuation for one in deal.drafts if one.valuation], _same_sum(dollars))
    bought = _agree_on(draft.acquirer, [one.acquirer for one in deal.drafts if one.acquirer], same_name)
    if named < 0 or paid < 0 or bought < 0 or valued < 0:
        return 0
    if staged < 0 and not (named > 0 and paid > 0):
        return 0
    if (
        draft.type == "funding"
        and draft.main != deal.main
        and not (paid > 0 or staged > 0 or valued > 0)
        and not _bare(draft)
    ):
        return 0
    if (
        draft.main != deal.main
        and draft.status
        and draft.status != (deal.first(lambda one: one.status) or draft.status)
        and paid <= 0
    ):
        return 0
    return (
        1 + 4 * named + 3 * paid + 2 * staged + bought
        if named + paid + staged + bought > 0 or _loose(draft, deal)
        else 0
    )


def _bare(draft: Draft) -> bool:
    """Whether a draft has but parties: "the round was led by ..."."""
    return not (draft.target or draft.money or draft.stage or draft.valuation)


def _loose(draft: Draft, deal: Joined) -> bool:
    """Whether nothing is said that could tie or part them."""
    return draft.target is None or all(one.target is None for one in deal.drafts)


def _agree_on(value: _EITHER | None, others: Sequence[_EITHER], same: Callable[[_EITHER, _EITHER], bool]) -> int:
    """1 if both say it and agree, -1 if they differ, 0 if one does not say."""
    if value is None or not others:
        return 0
    return 1 if any(same(value, other) for other in others) else -1


def _same_sum(dollars: Dollars) -> Callable[[Sum, Sum], bool]:
    def same(one: Sum, two: Sum) -> bool:
        if one.amount is None or two.amount is None:
            return one.currency == two.currency or None in {one.amount, two.amount}
        if one.currency == two.currency:
            first, second = one.amount, two.amount
            slack = 0.1 if one.approximate or two.approximate else 0.05
        else:
            first, second = dollars(one) or 0, dollars(two) or 0
            slack = 0.15
            if not (first and second):
                return True  # nobody knows what one of the currencies is worth
        if first <= 0 or second <= 0:
            return False
        return abs(first - second) <= slack * max(first, second)

    return same


def _same_round(one: str, two: str) -> bool:
    if one == two or "Growth" in {one, two}:  # a Series D may be called a growth round too
        return True
    first, second = one.split("/"), two.split("/")
    return bool(set(first) & set(second)) or one.rstrip("+") == two.rstrip("+")


def _filled(draft: Draft, deals: Sequence[Joined]) -> Joined | None:
    """The deal that a total or a valuation alone is said of."""
    for deal in deals:
        named = _agree_on(draft.target, [one.target for one in deal.drafts if one.target], same_name)
        if named > 0 or (named == 0 and deal.type == "funding" and deal.main):
            if draft.valuation and any(one.valuation for one in deal.drafts):
                continue
            return deal
    return None
