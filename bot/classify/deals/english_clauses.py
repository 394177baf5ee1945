"""What the rules for English verbs share: the line they read, what each sum in it is, and what they have found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from bot.classify.deals.drafts import Draft, Said, Stage, Sum
from bot.classify.deals.english import Line
from bot.classify.deals.english_subjects import Subject
from bot.classify.deals.english_words import (
    APPROVED,
    BACKGROUND,
    CANCELLED,
    CLOSED,
    ENDS_CLAUSE,
    ROUND_NOUNS,
    RUMOURED,
    TALKS,
)
from bot.model import DealStatus, DealType

_DEALS = frozenset(
    ("deal", "transaction", "acquisition", "takeover", "merger", "agreement", "purchase", "sale", "buyout", "bid")
)
_TOTAL_AFTER = frozenset(("total", "date", "far", "overall", "altogether", "since", "lifetime", "all"))
_NOT_ITS = frozenset(("with", "after", "in", "on", "for", "following", "and", "from", "by", "as"))
SMALLEST = 50_000
"""Units of currency below which a sum is a price or a wage, not a deal."""
_DEALS_AND_ROUNDS = _DEALS | ROUND_NOUNS


@dataclass(slots=True)
class Found:
    """A draft being filled. `unnamed`: the text has a word for the company here, but no name.

    `alone`: it knows but who took part, or what was paid, so that it is a deal only if another draft says of what.
    `stake`: a part of a firm changes hands, or its price is that of the whole. `bare`: a sum raised without a word of funding.
    """

    type: DealType
    line: Line
    at: int
    end: int
    target: Said | None = None
    acquirer: Said | None = None
    money: Sum | None = None
    stage: Stage | None = None
    investors: list[Said] = field(default_factory=list)
    lead: list[Said] = field(default_factory=list)
    valuation: Sum | None = None
    total: Sum | None = None
    status: DealStatus | None = None
    main: bool = True
    unnamed: bool = False
    alone: bool = False
    stake: bool = False
    bare: bool = False

    def draft(self) -> Draft:
        """Finished; leads are investors too."""
        tokens = self.line.tokens
        start, end = tokens[self.at].start, tokens[min(self.end, len(tokens) - 1)].end
        return Draft(
            self.type,
            self.line.passage,
            start,
            end,
            self.target,
            self.acquirer,
            self.money,
            self.stage,
            tuple(dict.fromkeys((*self.lead, *self.investors))),
            tuple(dict.fromkeys(self.lead)),
            self.valuation,
            self.total,
            self.status,
            self.main,
        )

    def name(self, subject: Subject) -> None:
        """Take a subject as the target, if it names one."""
        if subject.kind == "name":
            self.target = self.line.said(*subject.span)
        else:
            self.unnamed = self.unnamed or subject.kind != "none"


class Clause:
    """A line with what was found in it; `used` are the tokens of sums that belong to something."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.found: list[Found] = []
        self.used: set[int] = set()
        self.sums = [at for at, token in enumerate(line.tokens) if token.kind == "$"]

    def add(self, found: Found) -> Found:
        """Note a find."""
        found.main = found.main and not self.is_background(found.at)
        self.found.append(found)
        return found

    def latest(self, type: DealType, before: int) -> Found | None:
        """The last find of a type that starts before a token, else the first after it."""
        same = [one for one in self.found if one.type == type]
        earlier = [one for one in same if one.at <= before]
        return earlier[-1] if earlier else same[0] if same else None

    def sum_at(self, at: int) -> Sum | None:
        """The sum at a token if it could be that of a deal."""
        if 0 <= at < len(self.line.tokens) and isinstance(what := self.line.tokens[at].what, Sum):
            return what if what.amount is None or what.amount >= SMALLEST else None
        return None

    def stage_at(self, at: int) -> Stage | None:
        """The round at a token."""
        if 0 <= at < len(self.line.tokens) and isinstance(what := self.line.tokens[at].what, Stage):
            return what
        return None

    def stage_in(self, first: int, end: int) -> Stage | None:
        """The first round from a token on, before one that begins to speak of something earlier."""
        for at in range(first, min(end, len(self.line.tokens))):
            if stage := self.stage_at(at):
                return stage
            if self.line.low(at) in ENDS_CLAUSE or self.line.low(at) == ";":
                return None
        return None

    def sum_means(self, at: int) -> str:
        """What the sum at a token is: "amount", "valuation" or "total"."""
        return self._means_before(at) or self._means_after(at) or "amount"

    def _means_before(self, at: int) -> str:
        """What the words before a sum say that it is."""
        line = self.line
        for back in range(1, 8):
            low = line.low(at - back)
            if low == "" or low in {";", ",", "-", "("} or line.kind(at - back) == "$":
                break
            if low.startswith("valu") or (low == "worth" and back < 4):
                if any(line.low(place) in _NOT_ITS for place in range(at - back + 1, at)):
                    break
                return "amount" if self._of_deal(at - back) else "valuation"
            if low in {"total", "cumulative", "totals"} and line.low(at - 1) != "raises":
                return "total"
            if low in {"bringing", "brings", "brought", "takes", "taking", "adding"} and self._to(at, at - back):
                return "total"
        return "valuation" if self._valued_at(at) else ""

    def _means_after(self, at: int) -> str:
        """What the words after a sum say that it is."""
        after = [self.line.low(at + ahead) for ahead in range(1, 5)]
        first = after[0]
        if "valuation" in after[:3] and "at" not in after[: after.index("valuation")] and first not in {",", "<round>"}:
            return "valuation"
        if first in {",", ";"} or (first == "in" and after[1] not in {"total", "overall", "funding", "capital", "all"}):
            return ""
        news = self.line.passage.field == "title"
        so_far = after[:2] == ["to", "date"] or (
            first in {"across", "over"} and after[2].startswith("round") and not news
        )
        if so_far or (_TOTAL_AFTER.intersection(after) and first not in {"to", "for", "at", "from", "<round>"}):
            return "total"
        return ""

    def _to(self, at: int, verb: int) -> bool:
        """Whether "to" stands between a verb and a sum: "bringing its total to over $90M"."""
        return any(self.line.low(place) == "to" for place in range(max(verb, at - 4), at))

    def _valued_at(self, at: int) -> bool:
        """Whether a far "values" means this sum: "values the company, which makes ..., at $2B"."""
        line = self.line
        if line.low(at - 1) != "at" and line.low(at - 2) != "at":
            return False
        return any(line.low(place) in {"values", "valuing", "valued"} for place in range(max(0, at - 22), at))

    def _of_deal(self, at: int) -> bool:
        """Whether it is a deal or a round, not a firm, that is worth or valued at a sum."""
        nouns = _DEALS_AND_ROUNDS if self.line.low(at) in {"valued", "worth"} else _DEALS
        return any(self.line.low(at - back) in nouns for back in (1, 2))

    def is_background(self, at: int) -> bool:
        """Whether the words before a verb say that it was earlier."""
        if self.line.passage.field == "title":
            return False
        for back in range(at - 1, max(-1, at - 7), -1):
            if self.line.low(back) in BACKGROUND:
                return True
            if self.line.low(back) == "," and any(self.line.low(more) == "," for more in range(max(0, back - 9), back)):
                return False  # "Acme, which she started last year, closed"
        return False

    def status(self, first: int, last: int) -> DealStatus | None:
        """What the words from one token to another say of how far the deal is."""
        tokens = self.line.tokens[max(0, first) : last + 1]
        words = [token.low for token in tokens if not token.capital or (self.line.shouts and token.low != "may")]
        lows, pairs = set(words), set(pairwise(words))
        if lows & CANCELLED or any(_is_end(one, two) for one, two in pairs):
            return "cancelled"
        if lows & APPROVED:
            return "approved"
        if lows & TALKS or ("close", "to") in pairs:
            return "talks"
        if lows & RUMOURED or ("said", "to") in pairs:
            return "rumoured"
        return "closed" if lows & CLOSED else None


def _is_end(one: str, two: str) -> bool:
    """Whether two words say that a deal is off: "calls off", "ends talks", "walked away"."""
    if one in {"end", "ends", "ended", "ending"}:
        return two in {
            "talks",
            "negotiations",
            "discussions",
            "its",
            "their",
            "merger",
            "takeover",
            "deal",
            "bid",
            "the",
        }
    if one.startswith("drop"):
        return two in {"bid", "plan", "plans", "offer", "talks", "pursuit", "takeover", "its"}
    if (one, two) == ("voted", "down"):
        return True
    return (one.startswith("call") and two == "off") or (one.startswith("walk") and two == "away")
