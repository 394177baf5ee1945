"""What clause patterns say of a deal, before the drafts of one item are put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.classify.passages import Passage
from bot.model import DealStatus, DealType


class Said(NamedTuple):
    """A name as the text has it, at [start, end) of a passage: the words without articles, quotes and descriptions."""

    passage: Passage
    start: int
    end: int

    @property
    def words(self) -> str:
        """In the original's spelling."""
        return self.passage.original[self.start : self.end]


class Sum(NamedTuple):
    """An amount of money at [start, end) of a passage.

    `amount` is in units of the currency, the lower end of a range, None for a vague one ("tens of millions of dollars").
    `high` is the upper end of a range, else None. `approximate`: about, nearly, over. `currency` is ISO 4217.
    """

    passage: Passage
    start: int
    end: int
    amount: int | None
    currency: str
    approximate: bool = False
    high: int | None = None


class Stage(NamedTuple):
    """A round at [start, end) of a passage, by its canonical name: "Seed", "Pre-A", "A+", "B", "Strategic", ..."""

    passage: Passage
    start: int
    end: int
    round: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One clause's view of a deal. `at` is where it stands in the text (title first), `status` is None where it does not say.

    `main` says that the clause reports the deal as news; False for background ("the company last raised ...").
    `passage`, `start`, `end` are the words that made it a deal ("raises", "完成融资").
    """

    type: DealType
    passage: Passage
    start: int
    end: int
    target: Said | None = None
    acquirer: Said | None = None
    money: Sum | None = None
    stage: Stage | None = None
    investors: tuple[Said, ...] = ()
    lead: tuple[Said, ...] = ()
    valuation: Sum | None = None
    total: Sum | None = None
    status: DealStatus | None = None
    main: bool = True
