"""What a takeover costs, how far it is, and sums that are paid for a firm which another sentence names."""

from __future__ import annotations

from bot.classify.deals.english_clauses import Clause, Found
from bot.classify.deals.english_objects import object_after
from bot.classify.deals.english_subjects import subject_before
from bot.classify.deals.english_words import BEFORE_SUM, CANCELLED, DESCRIPTORS, RAISE, ROUND_NOUNS, UNITS
from bot.model import DealStatus

PAY = frozenset(("pay", "pays", "paid", "paying", "spend", "spends", "spent", "spending"))
PRICED = frozenset(("deal", "transaction", "acquisition", "takeover", "purchase", "merger", "buyout", "bid", "offer"))
_PAID_FOR = (
    DESCRIPTORS | UNITS | {"shares", "stake", "stock", "it", "rest", "remainder", "holding", "interest", "share"}
)
_OTHER = frozenset(("revenue", "revenues", "sales", "profit", "debt", "year", "fine", "funding", "round", "fund"))
_ENDS_PRICE = frozenset(
    (";", "after", "which", "whose", "has", "reported", "revenue", "as", "amid", "while", "when", "reaches", "hits")
)
_BEFORE_DEAL = BEFORE_SUM | {"all-share", "all-stock", "all-cash", "cash", "stock", "takeover", "share"}


def behind_stake(clause: Clause, at: int) -> int | None:
    """The token after "a 29% stake in", "the remaining shares of"; None if there is no such thing."""
    line = clause.line
    for place in range(at, at + 9):
        low = line.low(place)
        if low in {"stake", "interest", "shareholding", "control", "ownership"} and line.low(place + 1) in {"in", "of"}:
            return place + 2
        if low in {"%", "percent"} and line.low(place + 1) in {"of", "in"}:
            return place + 2
        if line.kind(place) == "n" and line.low(place + 1) in {"stake", "interest", "shareholding", "'s"}:
            continue  # "SoftBank's stake in Boston Dynamics"
        if line.kind(place) == "n" or low in {",", "for", "from", ""}:
            return None
    return None


def sum_after(clause: Clause, at: int) -> int | None:
    """The sum of "for $2B", "in a $2B deal", "in a deal valued at $2B" within the next words."""
    line = clause.line
    for place in range(at, at + 16):
        if place not in clause.used and clause.sum_at(place):
            low = line.low(place - 1)
            near = place - at < 8 or low in {"for", "at", "worth", "of"}
            return place if near and clause.sum_means(place) != "total" else None
        another = line.low(place) == "," and line.low(place + 1) in RAISE
        if another or line.low(place) in _ENDS_PRICE:
            return None
    return None


def take_sum(clause: Clause, found: Found, at: int | None) -> None:
    """Give a takeover its price, or the value it puts on the firm."""
    if at is None:
        return
    money = clause.sum_at(at)
    if _is_other(clause, at):
        return
    clause.used.add(at)
    if clause.sum_means(at) == "valuation":
        found.valuation = money
    else:
        found.money = money


def _is_other(clause: Clause, at: int) -> bool:
    return not _OTHER.isdisjoint(clause.line.low(at + ahead) for ahead in (1, 2, 3))


def takeover_status(clause: Clause, at: int) -> DealStatus | None:
    """How far a takeover is, by the words before it and those of an end after it."""
    line = clause.line
    first = at
    while first > 0 and at - first < 14 and line.low(first - 1) not in {";", "after"}:
        first -= 1
    said = clause.status(first, at)
    if said is None or said in {"rumoured", "closed"}:
        ahead = range(at + 1, min(at + 12, len(line.tokens)))
        later = {line.low(place) for place in ahead}
        if any(_ends_it(clause, place) for place in ahead):
            return "cancelled"
        if any(line.low(place) in {"cleared", "approved"} and line.low(place + 1) in {"by", "in"} for place in ahead):
            return "approved"
        if later & {"approval", "approved"} and later & {"gets", "wins", "secures", "received", "receives", "won"}:
            return "approved"
    return said


def _ends_it(clause: Clause, at: int) -> bool:
    """Whether a word after the deal ends it: "... is blocked", not "..., scraps spin-off"."""
    line = clause.line
    low = line.low(at)
    if (low, line.low(at + 1)) == ("voted", "down"):
        return True
    if low not in CANCELLED or low == "bars":
        return False
    if line.low(at - 1) in {",", "and"} and low.endswith("s"):
        return not {"deal", "bid", "takeover", "merger", "it", "talks", "acquisition", "offer"}.isdisjoint(
            line.low(at + ahead) for ahead in (1, 2, 3)
        )
    return True


def read_price(clause: Clause, at: int) -> None:
    """ "it paid $25M for the company", "the $2B transaction", "a deal worth $2B", of a takeover told elsewhere."""
    line = clause.line
    money_at = _paid(clause, at) if line.low(at) in PAY else _worth(clause, at)
    if money_at is None or any(one.type == "acquisition" for one in clause.found):
        return
    found = Found("acquisition", line, at, max(at, money_at), money=clause.sum_at(money_at), alone=True)
    subject = subject_before(line, at) if line.low(at) in PAY else None
    if subject and subject.kind == "name":
        found.acquirer = line.said(*subject.span)
    thing = object_after(line, money_at + 2) if line.low(money_at + 1) == "for" else None
    if thing and line.low(at) in PAY and line.kind(money_at + 2) == "n":
        found.target = line.said(*thing.span)
    found.status = takeover_status(clause, at)
    found.status = None if found.status == "closed" else found.status
    if line.low(at) not in PAY and any(line.low(place).startswith("valu") for place in range(at + 1, money_at)):
        found.stake = True  # the sum is what all of the firm is worth
    clause.add(found)


def _paid(clause: Clause, verb: int) -> int | None:
    """The sum of "paid about $25M in cash for the company", "spend 1.2 billion yen on new shares"."""
    line = clause.line
    at = verb + 1
    while line.low(at) in BEFORE_SUM:
        at += 1
    if clause.sum_at(at) is None:
        return None
    if (
        line.low(at + 1) == "in"
        and line.low(at + 2) in {"cash", "stock", "shares"}
        and line.low(at + 3) not in {"for", "and"}
    ):
        return at
    for place in range(at + 1, at + 7):
        if line.low(place) in {"for", "on"}:
            return at if any(line.low(then) in _PAID_FOR for then in range(place + 1, place + 9)) else None
        if line.low(place) in {",", ";"}:
            return None
    return None


def _worth(clause: Clause, noun: int) -> int | None:
    """The sum of "the $2B transaction", "a deal worth $2B", "the deal values Acme at $2B"."""
    line = clause.line
    if line.low(noun + 1) in {"of", "with"} or any(token.low in ROUND_NOUNS for token in line.tokens):
        return None
    for back in range(noun - 1, max(-1, noun - 5), -1):
        if line.kind(back) == "$":
            return back if clause.sum_at(back) else None
        if line.low(back) not in _BEFORE_DEAL:
            break
    said = False
    for place in range(noun + 1, noun + 10):
        low = line.low(place)
        said = said or low in {"worth", "valued", "values", "valuing", "value"}
        if line.kind(place) == "$":
            return place if said and clause.sum_at(place) and not _is_other(clause, place) else None
        if low in {",", ";", "after"}:
            return None
    return None
