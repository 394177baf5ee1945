"""The way from an English verb to its sum or round, and whether that is a financing at all."""

from __future__ import annotations

from typing import NamedTuple

from bot.classify.deals.drafts import Stage
from bot.classify.deals.english_clauses import Clause
from bot.classify.deals.english_words import (
    BEFORE_SUM,
    CLOSED,
    FUNDING,
    NOT_FUNDING,
    PARTICLES,
    ROUND_NOUNS,
)
from bot.model import DealStatus

_PLAIN_FUNDING = FUNDING - {"investment", "seed"}
_BEFORE_REFUSED = BEFORE_SUM - {"up", "down"}


class Path(NamedTuple):
    """What a verb leads to: the token of a sum, a round, whether a noun for one stood there, and the token after it."""

    money_at: int | None
    stage: Stage | None
    noun: bool
    end: int


def path_to_sum(clause: Clause, at: int) -> Path | None:
    """From a verb to its sum or round through words that may stand between; None if other words come first."""
    line = clause.line
    stage: Stage | None = None
    noun = False
    start = at
    while line.low(at) in PARTICLES and line.kind(at) == "w" and at - start < 5:
        at += 1
    for place in range(at, at + 14):
        kind, low = line.kind(place), line.low(place)
        if kind == "$":
            return Path(place, stage, noun, place + 1)
        if kind == "r":
            stage = stage or clause.stage_at(place)
        elif low in ROUND_NOUNS:
            noun = True
        elif (low == "at" and line.low(place + 1) != "least") or not (
            low in BEFORE_SUM or (low in PARTICLES and stage)
        ):
            return Path(None, stage, noun, place)
        if low == "to" and line.low(place - 1) != "up" and not (stage or noun):
            return None
    return None


def funds_follow(clause: Clause, at: int) -> bool:
    """Whether a word of funding stands soon after a sum."""
    line = clause.line
    for place in range(at, at + 6):
        if line.low(place) == "valuation":
            return True
        low, after = line.low(place), line.low(place + 1)
        if low in _OFFERED and line.low(place - 1) in {
            "direct",
            "private",
            "public",
            "follow-on",
            "share",
            "stock",
            "equity",
        }:
            return True
        if line.kind(place) == "r" or (low in _PLAIN_FUNDING and after not in {"expenditure", "expenditures"}):
            return True
        if low == "investment" and after in {"from", "led", "round", "by", "co-led"}:
            return True
        if line.low(place) in {",", ";", "for"} or (
            low == "to" and "r" not in {line.kind(place + 2), line.kind(place + 1)}
        ):
            return False
    return False


def is_no_funding(clause: Clause, verb: int, end: int, stage: Stage | None) -> bool:
    """Whether what follows the sum says that it is a contract, a fund, a fine, a loan..."""
    line = clause.line
    for place in range(end, end + 6):
        low = line.low(place)
        if line.low(place + 1) in _OFFERED:
            continue
        if low in NOT_FUNDING and not (low in {"note", "notes", "loan", "loans"} and stage):
            return not (low in {"fund", "funds"} and line.low(place - 1) == "to")
        if low in ROUND_NOUNS or line.kind(place) == "r" or low in _ENDS_SUM:
            break
    if turned_down(clause, verb):
        return True
    return line.low(verb) in {"close", "closed", "near", "up"} and line.low(verb + 1) in {"to", "at", "down"}


def turned_down(clause: Clause, at: int) -> bool:
    """Whether the money before or at this token was refused: "turned down a $50M Series B"."""
    line = clause.line
    back = at - 1
    while line.low(back) in _BEFORE_REFUSED:
        back -= 1
    low, before = line.low(back), line.low(back - 1)
    return low in {"rejected", "rejects", "refused", "refuses", "declined", "declines", "spurned", "spurns"} or (
        low in {"down", "on"} and before in {"turned", "turns", "turning", "passed", "passes"}
    )


_ENDS_SUM = frozenset(
    (",", "from", "led", "to", "by", "at", "after", "as", "amid", "following", "ahead", "before", "despite")
)
_OFFERED = frozenset(("offering", "placement", "pipe"))
_STILL = frozenset(("raising", "seeks", "seeking", "nears", "nearing", "negotiating"))


def raising_status(clause: Clause, verb: int) -> DealStatus | None:
    """How far a financing is, by the words around its verb."""
    line = clause.line
    low = line.low(verb)
    if low == "raising" and line.low(verb - 1) in {"after", "by", "of", "since", "following"}:
        return None  # it has happened
    said = clause.status(_segment(clause, verb), verb)
    if low in _STILL and said in {None, "rumoured", "closed"}:
        return None if line.low(verb - 1) == "before" else "talks"
    if said == "closed" and low == "close" and line.low(verb + 1) == "to":
        return "talks"
    if said == "rumoured" and line.low(verb - 1) == "to":
        return "talks"
    if said is None and not CLOSED.isdisjoint(line.low(place) for place in range(verb + 1, verb + 4)):
        return "closed"  # "announced the close of its seed round"
    return said


def _segment(clause: Clause, at: int) -> int:
    """Where the part of the line begins in which words of status count for this token."""
    first = at
    while first > 0 and at - first < 14 and clause.line.low(first - 1) not in {";", "after", "which", "whose"}:
        first -= 1
    return first
