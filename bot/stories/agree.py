"""Whether what two outlets say of a deal can both be true: names, sums, rounds, whole deals. Pure.

Each answers 1 if they agree, -1 if they contradict each other, and 0 where nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from bot.model import Deal, Party
from bot.stories.aliases import CLOSE
from bot.text import UNSPACED, bare, level

_EITHER = TypeVar("_EITHER")
_ROUGH = 2 * CLOSE
"""The same for a sum that is only said roughly ("近10亿元", "over $100m")."""

_HAN = re.compile(f"[{UNSPACED}]")
_RUNS = re.compile(f"[{UNSPACED}]+|[^\\s{UNSPACED}]+")
_LATIN = re.compile("[a-z]")
_COMMON = frozenset((
    "inc", "corp", "co", "ltd", "llc", "plc", "gmbh", "ag", "se", "sa", "group", "holding", "holdings", "company",
    "limited", "corporation", "the", "of", "and", "s", "its", "robot", "robots", "robotics", "technology",
    "technologies", "tech", "ai", "labs", "lab", "systems", "business", "unit", "division", "arm", "startup",
))  # fmt: skip
_COMMON_ZH = re.compile("(?:股份)?有限(?:责任)?公司|股份公司|集团|科技|机器人|公司|智能|业务|部门")
VAGUE_ROUNDS = frozenset({"Growth", "Strategic"})
"""Kinds of round, which one with a letter may be as well."""

_PLAIN = re.compile(r"\+{0,5}$|(?<=[A-K])-?[1-9]\+{0,5}$")


class Sum(NamedTuple):
    """A sum as one outlet says it; `usd` is what it is worth, None where nobody knows. `rough`: about, nearly, over."""

    amount: int
    currency: str
    usd: int | None
    rough: bool = False


def parties(one: Party, other: Party) -> int:
    """One of the gazetteer's entities, or names that are equal or one within the other; across scripts nobody can tell."""
    if one.entity and one.entity == other.entity:
        return 1
    here, there = _words(one.name), _words(other.name)
    if here and there and _within(here, there):
        return 1
    if one.entity and other.entity:
        return -1
    return -1 if _scripts(one.name) & _scripts(other.name) else 0


def sums(one: Sum, other: Sum) -> int:
    """Equal within `CLOSE`: in their currency if it is one, else in dollars."""
    if one.currency == other.currency:
        first, second = one.amount, other.amount
    elif one.usd and other.usd:
        first, second = one.usd, other.usd
    else:
        return 0
    slack = _ROUGH if one.rough or other.rough else CLOSE
    return 1 if abs(first - second) <= slack * max(first, second) else -1


def rounds(one: str, other: str) -> int:
    """Equal, one a part of the other ("A" and "A+", "A/B" and "B"), or one but a kind of round ("Strategic")."""
    if one == other or {one, other} & VAGUE_ROUNDS:
        return 1
    here, there = set(one.split("/")), set(other.split("/"))
    if here & there:
        return 1
    return 1 if one in map(_plain, there) or other in map(_plain, here) else -1


def sets(one: Sequence[Party], other: Sequence[Party]) -> int:
    """Parties of one kind, of which an outlet may name some: they agree if one of them is in both."""
    found = {parties(here, there) for here in one for there in other}
    return 1 if 1 in found else 0 if 0 in found or not found else -1


def amount_of(deal: Deal) -> Sum | None:
    """The deal's sum, if it has a figure."""
    return None if deal.amount is None else Sum(deal.amount, deal.currency, deal.amount_usd)


def deals(one: Deal, other: Deal, main: bool = False) -> int:
    """How surely two outlets mean one deal; 0 if they mean two, or nobody can tell.

    `main` says that both report theirs as the event itself. Only then may both the sum and a looser tie contradict:
    else a company's last round would be taken for its new one.
    """
    if one.type != other.type:
        return 0
    target = _both(one.target, other.target, parties)
    buyer = _both(one.acquirer, other.acquirer, parties)
    paid = _both(amount_of(one), amount_of(other), _roughly)
    staged = _both(one.round or None, other.round or None, rounds)
    worth = _same_valuation(one, other)
    backed = max(sets(one.lead, other.lead), 0)
    if buyer < 0 or (target < 0 and not (paid > 0 and (staged > 0 or backed or buyer > 0))):
        return 0
    if (paid < 0 or staged < 0) and not _excused(one, other, target, paid, staged, main):
        return 0
    if target <= 0 and not main and paid + staged + buyer + backed + worth < 2:
        return 0
    return max(4 * target + 3 * paid + 2 * staged + 2 * buyer + backed + worth + 2 * main, 0)


def _excused(one: Deal, other: Deal, target: int, paid: int, staged: int, main: bool) -> bool:
    """Whether a contradiction is one about a deal that is the same beyond doubt."""
    if target <= 0 or (paid < 0 and staged < 0):
        return False
    if paid < 0:
        return main or bool(one.round and one.round == other.round and one.round not in VAGUE_ROUNDS)
    return main or paid > 0


def _roughly(one: Sum, other: Sum) -> int:
    return sums(one._replace(rough=True), other)


def _same_valuation(one: Deal, other: Deal) -> int:
    if not one.valuation or not other.valuation or one.valuation_currency != other.valuation_currency:
        return 0
    return int(abs(one.valuation - other.valuation) <= CLOSE * max(one.valuation, other.valuation))


def _both(one: _EITHER | None, other: _EITHER | None, same: Callable[[_EITHER, _EITHER], int]) -> int:
    return 0 if one is None or other is None else same(one, other)


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    """The words of a name that are its own; all of them where none is. Han without what companies are."""
    found = [_COMMON_ZH.sub("", word) or word for word in _RUNS.findall(bare(level(name)))]
    return frozenset(word for word in found if word not in _COMMON) or frozenset(found)


def _within(here: frozenset[str], there: frozenset[str]) -> bool:
    if here <= there or there <= here:
        return True
    one, other = "".join(sorted(here)), "".join(sorted(there))
    if not (_HAN.search(one) and _HAN.search(other)):
        return False
    return min(len(one), len(other)) > 1 and (one in other or other in one)


@lru_cache(maxsize=4096)
def _scripts(name: str) -> frozenset[str]:
    folded = bare(level(name))
    return frozenset(
        script for script, found in (("han", _HAN.search(folded)), ("latin", _LATIN.search(folded))) if found
    )


def _plain(name: str) -> str:
    """A round without its extension: A of A+ and A2."""
    return _PLAIN.sub("", name)
