"""A financing as it is put together from clauses, and whether two clauses tell of the same one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.classify.deals.drafts import Draft, Said, Stage, Sum
from bot.classify.deals.zh_clauses import Text
from bot.classify.deals.zh_parties import Parties
from bot.model import DealStatus


@dataclass(slots=True)
class Raise:
    """A financing as far as it has been read; `told` says that a verb reported it."""

    text: Text
    start: int
    end: int
    target: Said | None = None
    money: Sum | None = None
    stage: Stage | None = None
    investors: tuple[Said, ...] = ()
    lead: tuple[Said, ...] = ()
    valuation: Sum | None = None
    total: Sum | None = None
    status: DealStatus | None = None
    main: bool = True
    told: bool = True
    invested: bool = False

    def draft(self) -> Draft:
        """What was read."""
        return Draft(
            "funding",
            self.text.passage,
            self.start,
            self.end,
            self.target,
            None,
            self.money,
            self.stage,
            self.investors,
            self.lead,
            self.valuation,
            self.total,
            self.status,
            self.main,
        )

    def add(self, more: Parties) -> None:
        """More investors, each once."""
        self.investors = union(self.investors, more.investors)
        self.lead = union(self.lead, more.lead)

    def take(self, other: Raise) -> None:
        """What the other knows and this one does not."""
        self.target = self.target or other.target
        if self.money is None or (self.money.amount is None and other.money and other.money.amount is not None):
            self.money = other.money or self.money
        self.stage = self.stage or other.stage
        self.valuation, self.total = self.valuation or other.valuation, self.total or other.total
        if other.status == "closed" or self.status is None:
            self.status = other.status or self.status
        self.add(Parties(other.investors, other.lead))

    @property
    def worth_telling(self) -> bool:
        """Whether enough is known for a deal: somebody, and more than that there was a round once."""
        facts = bool(self.money or self.investors or self.valuation)
        if not self.main:
            return self.target is not None and facts
        return (self.target is not None and self.told) or facts or self.stage is not None


def union(one: tuple[Said, ...], two: tuple[Said, ...]) -> tuple[Said, ...]:
    """All names of both, each once."""
    words = {said.words for said in one}
    return one + tuple(said for said in two if said.words not in words)


def same(one: Raise, two: Raise) -> bool:
    """Whether two clauses may tell of the same financing."""
    if one.target and two.target and not (alike(one.target, two.target) or is_parent(two) or is_renamed(one, two)):
        return False
    if one.stage and two.stage and one.stage.round != two.stage.round:
        near = one.stage.round in two.stage.round or two.stage.round in one.stage.round
        if one.text is two.text or not near or one.main != two.main:
            return False
    first, second = (raised.money.amount if raised.money else None for raised in (one, two))
    if first and second and not (0.8 <= first / second <= 1.25 or is_rougher(one, two)):
        return False
    if one.main != two.main:
        return bool(first and second) or bool(one.stage and two.stage)
    return True


def is_rougher(one: Raise, two: Raise) -> bool:
    """Whether the first sum is the second's with less to it: only its order ("千万元级"), or no currency ("8000万融资")."""
    if not (one.money and two.money and one.money.amount and two.money.amount):
        return False
    first, second = one.money.amount, two.money.amount
    if first == second and one.money.currency != two.money.currency:
        return one.text.passage.text[one.money.end - 1] in "万亿级"
    order = str(first).strip("0") == "1" and one.money.approximate
    return order and one.text is not two.text and first <= second < 10 * first


def is_parent(two: Raise) -> bool:
    """Whether the company is named as the parent of one ("星桥科技母公司某某有限公司")."""
    return bool(two.target) and two.text.masked.endswith("母公司", 0, two.target.start if two.target else 0)


def is_renamed(one: Raise, two: Raise) -> bool:
    """Whether the title only describes whom the summary names: the same sum, and the title's words never come again."""
    if one.text is two.text or not (one.money and two.money and one.target and two.target):
        return False
    if (one.money.amount, one.money.currency) != (two.money.amount, two.money.currency):
        return False
    return one.target.words not in two.text.passage.text and two.target.words not in one.text.passage.text


def contained(one: Said, two: Said) -> bool:
    """Whether one name is in the other."""
    first, second = one.words.replace(" ", "").casefold(), two.words.replace(" ", "").casefold()
    return first in second or second in first


def alike(one: Said, two: Said) -> bool:
    """Whether two spellings may be of one name."""
    if contained(one, two) or _in_brackets(one, two) or _in_brackets(two, one):
        return True
    entity = one.passage.entity_at(one.start, one.end)
    if entity and entity == two.passage.entity_at(two.start, two.end):
        return True
    first, second = one.words.replace(" ", "").casefold(), two.words.replace(" ", "").casefold()
    return len(set(first) & set(second)) >= 2 and (
        first[:2] == second[:2] or first[:2] in second or second[:2] in first
    )


def _in_brackets(one: Said, two: Said) -> bool:
    """Whether the first name stands in brackets after the second ("Norvik AI（诺维智能）")."""
    after = two.passage.text[two.end : two.end + 40].lstrip()
    return after.startswith("(") and one.words in after.partition(")")[0]
