"""The rules for listings: who goes public."""

from __future__ import annotations

from bot.classify.deals.drafts import Said, Sum
from bot.classify.deals.english_clauses import Clause, Found
from bot.classify.deals.english_names import Span, is_name, is_place, run_back
from bot.classify.deals.english_objects import is_firm, object_after
from bot.classify.deals.english_subjects import subject_before
from bot.classify.deals.english_words import (
    BEFORE_PURCHASE,
    EXCHANGE_CITIES,
    LISTED,
    LISTING_VERBS,
    MARKETS,
    SHARE_WORDS,
)
from bot.model import DealStatus

GO_PUBLIC = frozenset(("go", "goes", "going", "went", "gone"))
DEBUTED = frozenset(("debut", "debuts", "debuted", "listing", "listed", "lists", "list"))


_LISTING_NOUNS = frozenset(("ipo", "initial", "offering"))
_BEFORE_LISTING = BEFORE_PURCHASE | {
    "initial", "public", "market", "stock", "trading", "nasdaq", "nyse", "kong", "hong", "june", "shares", "for", "an",
    "potential", "planned", "secondary", "dual", "primary", "u.s", "us", "expected", "mega",
}  # fmt: skip
_BEFORE_SHARE_SALE = EXCHANGE_CITIES | {"debut", "initial", "first"}


def read_listing(clause: Clause, at: int) -> None:
    """ "X files for IPO", "X goes public", "X's IPO", "X raises $2B in its IPO", "X slips on listing"."""
    line = clause.line
    low = line.low(at)
    if low in GO_PUBLIC and line.low(at + 1) != "public":
        return
    if low == "offering" and (line.low(at - 1) != "public" or line.low(at - 2) != "initial"):
        return
    if low == "sale" and not (line.low(at - 1) == "share" and line.low(at - 2) in _BEFORE_SHARE_SALE):
        return
    if low in DEBUTED and not _on_market(clause, at):
        return
    if line.low(at - 1) in {"pre", "post", "-"} or line.low(at + 1) in {
        "market",
        "window",
        "pipeline",
        "boom",
        "candidates",
        "wave",
    }:
        return
    owner = _listed(clause, at)
    if owner is None or any(one.type == "ipo" and one.target == owner for one in clause.found):
        return
    found = Found("ipo", line, at, at, owner)
    found.money = _ipo_sum(clause, at)
    found.status = _ipo_status(clause, at)
    clause.add(found)


def _on_market(clause: Clause, at: int) -> bool:
    """Whether a debut or listing is one on a stock market."""
    line = clause.line
    near = {line.low(place) for place in range(max(0, at - 3), at + 6)}
    if near & MARKETS or line.low(at - 1) in EXCHANGE_CITIES:
        return True
    return line.low(at - 1) in {"on", "their", "its"} and any(token.low in SHARE_WORDS for token in line.tokens)


def _listed(clause: Clause, at: int) -> Said | None:
    """Who goes public: the owner of the IPO, or the subject of the verb before it."""
    line = clause.line
    back = at - 1
    while line.low(back) in _BEFORE_LISTING or (line.low(back) in EXCHANGE_CITIES and back > 1):
        back -= 1
    if line.low(back) in {"'s", "'"}:
        span = run_back(line, back - 1)
    elif (
        is_name(line, back)
        and not is_place(line, (back, back))
        and line.low(at) in {"ipo", "offering", "debut", "listing", "sale"}
        and line.low(back + 1) not in {"for", "an", "a"}
    ):
        span = run_back(line, back)
    else:
        span = _subject_of_listing(clause, at)
    return line.said(*span) if span and not is_place(line, span) else None


def _subject_of_listing(clause: Clause, at: int) -> Span | None:
    line = clause.line
    bare = line.low(at) in {"list", "debut"} and line.low(at - 1) in {"shares", "stock"}
    if bare or line.low(at) in GO_PUBLIC or line.low(at) in {"lists", "listed", "debuts", "debuted"}:
        subject = subject_before(line, at - 1 if line.low(at - 1) in {"shares", "stock"} else at)
        return subject.span if subject.kind == "name" else None
    if line.low(at + 1) == "of" and (thing := object_after(line, at + 2)):
        return thing.span if is_firm(line, thing) else None
    for verb in range(at - 1, max(-1, at - 12), -1):
        low = line.low(verb)
        if line.kind(verb) == "w" and (low in LISTING_VERBS or low in {"raises", "raised", "raise", "raising"}):
            subject = subject_before(line, verb)
            return subject.span if subject.kind == "name" else None
    return None


def _ipo_sum(clause: Clause, at: int) -> Sum | None:
    """What a listing brings in."""
    line = clause.line
    for place in range(max(0, at - 10), min(at + 14, len(line.tokens))):
        if place in clause.used or not (money := clause.sum_at(place)) or clause.sum_means(place) != "amount":
            continue
        offered = not _LISTING_NOUNS.isdisjoint(line.low(place + ahead) for ahead in (1, 2, 3))
        offered = offered or (line.low(place + 1) in {"in", "from", "via", "through"} and place < at < place + 7)
        if not offered and any(line.low(around) in {"after", "since"} for around in range(at, place)):
            return None
        near = {line.low(around) for around in range(max(0, place - 6), place)}
        if offered or near & {"raise", "raises", "raised", "raising"}:
            clause.used.add(place)
            return money
    return None


def _ipo_status(clause: Clause, at: int) -> DealStatus | None:
    line = clause.line
    first = max(0, at - 12)
    said = clause.status(first, min(at + 2, len(line.tokens) - 1))
    if said in {"cancelled", "approved", "rumoured"}:
        return said
    words = {line.low(place) for place in range(first, at + 1)}
    if line.low(at) == "list" and line.low(at - 1) in {"shares", "stock"}:
        return "closed"
    if said == "talks":
        return (
            "rumoured" if words & {"reportedly", "wants", "looking", "looks", "talks", "discussions"} else "announced"
        )
    return "closed" if words & LISTED or (line.low(at) in {"goes", "went"}) else said
