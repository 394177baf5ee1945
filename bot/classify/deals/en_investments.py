"""Who invests in or takes a stake in whom, in English."""

from __future__ import annotations

from bot.classify.deals.drafts import Said, Sum
from bot.classify.deals.en_sums import raising_status
from bot.classify.deals.english_clauses import Clause, Found
from bot.classify.deals.english_lists import list_before
from bot.classify.deals.english_names import is_name, is_person, is_place
from bot.classify.deals.english_objects import Thing, is_firm, object_after
from bot.classify.deals.english_subjects import subject_before
from bot.classify.deals.english_words import (
    AUXILIARIES,
    BACK,
    BEFORE_SUM,
    FUNDING,
    MAKES,
    PROGRAMMES,
    ROUND_NOUNS,
)

_NOT_BACKED = frozenset(("by", "away", "down", "off", "into", "in", "to"))
_MORE = frozenset(("more", "each", "jointly", "annually", "directly", "additional", "cash", "of"))
_BEFORE_NOUN = (BEFORE_SUM | {"planned", "proposed"}) - {"in", "of", "to", "from", "on"}
_NEED_SUM = frozenset(("bet", "bets", "betting", "put", "puts"))
_BEFORE_INVESTED = BEFORE_SUM | {"heavily", "directly", "up"}


def doers(clause: Clause, verb: int) -> list[Said]:
    """Who leads or invests: the names before the verb, or whom a pronoun there means."""
    line = clause.line
    if names := list_before(line, verb):
        return names
    subject = subject_before(line, verb)
    if subject.kind == "name":
        return [line.said(*subject.span)]
    if subject.kind == "pronoun":
        for at in range(subject.span[0] - 1, -1, -1):
            if line.kind(at) == "n" and not is_person(line, (at, at)):
                return [line.said(at, at)]
    return []


def beneficiary(clause: Clause, at: int) -> Said | None:
    """X of "a $40M (Series B) round in X", "... for robot maker X"."""
    line = clause.line
    for place in range(at, at + 6):
        low = line.low(place)
        if low in {"in", "for", "into", "of", "at"}:
            thing = object_after(line, place + 1)
            if thing and is_firm(line, thing) and line.low(thing.end) not in {"funding", "financing", "market"}:
                return line.said(*thing.span)
            if low != "in" and line.low(place + 1) not in FUNDING:
                return None
        elif not (line.kind(place) in {"r", "$"} or low in FUNDING or low in BEFORE_SUM):
            return None
    return None


def read_investment(clause: Clause, verb: int) -> None:
    """ "A invests $2B in X", "A pours $50M into X", "A backs robot startup X with $5M"."""
    line = clause.line
    back = line.low(verb) in BACK
    if back and (line.low(verb + 1) in _NOT_BACKED or line.low(verb - 1) in {"-", "get", "come"}):
        return
    money_at, at = _invested_sum(clause, verb)
    if not back:
        while line.low(at) in _MORE:
            at += 1
        if line.low(at) not in {"in", "into", "on", "behind"}:
            if money_at is not None and line.low(at) in {"at", "", ",", "as"} and (names := doers(clause, verb)):
                found = Found(
                    "funding", line, verb, money_at, money=clause.sum_at(money_at), investors=names, alone=True
                )
                clause.used.add(money_at)
                clause.add(found)
            return
        at += 1
    thing = object_after(line, at)
    if thing is None or not _can_be_funded(clause, thing, verb, money_at):
        return
    names = doers(clause, verb)
    bare = line.low(verb) in {"invest", "back", "bet"} and line.low(verb - 1) not in AUXILIARIES
    if not names or (bare and len(names) < 2):  # "Ambitiously invest in X" asks for it
        return
    found = Found("funding", line, verb, thing.end - 1, line.said(*thing.span))
    found.investors = [name for name in names if name != found.target]
    if money_at is not None:
        found.money = clause.sum_at(money_at)
        clause.used.add(money_at)
    elif back:
        found.money = _with_sum(clause, thing.end)
    found.stage = clause.stage_in(thing.end, thing.end + 8)
    found.status = raising_status(clause, verb)
    clause.add(found)


def _invested_sum(clause: Clause, verb: int) -> tuple[int | None, int]:
    """The sum after a verb of investing, and the token after it (or after the verb)."""
    line = clause.line
    for place in range(verb + 1, verb + 9):
        if line.kind(place) == "$" and clause.sum_at(place):
            return place, place + 1
        if line.low(place) not in _BEFORE_INVESTED or line.low(place) in {"in", "into"}:
            break
    return None, verb + 1


def _can_be_funded(clause: Clause, thing: Thing, verb: int, money_at: int | None) -> bool:
    """Whether what is invested in is a firm, by its name, its description, or the sum."""
    line = clause.line
    if is_place(line, thing.span) or not is_firm(line, thing) or line.low(thing.span[1]) in PROGRAMMES:
        return False
    if thing.described or line.kind(thing.span[1]) == "n" or line.kind(thing.span[0]) == "n":
        return money_at is not None or line.low(verb) not in _NEED_SUM
    if line.low(verb) in BACK and line.low(thing.end) in {"in", "with"} and _is_round_near(clause, thing.end + 1):
        return True
    if not line.shouts and (_by_fund(clause, verb) or line.low(thing.end + 2) == "valuation"):
        return True
    return money_at is not None and line.low(verb) not in BACK and not (line.shouts and not _proper(clause, thing.span))


def _with_sum(clause: Clause, at: int) -> Sum | None:
    for place in range(at, at + 6):
        if money := clause.sum_at(place):
            clause.used.add(place)
            return money
    return None


def _is_round_near(clause: Clause, at: int) -> bool:
    """Whether "in (a) $100M Series D" follows a name."""
    line = clause.line
    return any(line.kind(place) == "r" or line.low(place) in ROUND_NOUNS for place in range(at, at + 5))


def _proper(clause: Clause, span: tuple[int, int]) -> bool:
    """Whether a title's words are a name: it has no common noun at its end."""
    return not any(
        clause.line.low(at).endswith(("ing", "ure", "ment", "tion", "ers", "ies")) for at in range(span[0], span[1] + 1)
    )


def _by_fund(clause: Clause, verb: int) -> bool:
    """Whether an investor by its name is the subject: "Salesforce Ventures backs Acme"."""
    return clause.line.low(verb - 1) in {"ventures", "capital", "partners"} and is_name(clause.line, verb - 1)


def read_investment_noun(clause: Clause, noun: int, money_at: int | None) -> None:
    """ "A's $2B investment in X", "A makes a strategic investment in X"."""
    line = clause.line
    thing = object_after(line, noun + 2)
    known = thing and (line.kind(thing.span[1]) == "n" or thing.described)
    stage = clause.stage_at(noun - 1)
    if thing is None or not is_firm(line, thing) or not (known or stage or money_at is not None):
        return
    if any(one.target == line.said(*thing.span) for one in clause.found):
        return
    back = noun - 1
    while line.kind(back) in {"$", "r"} or line.low(back) in _BEFORE_NOUN:
        back -= 1
    investors: list[Said] = []
    if line.low(back) in {"'s", "'"} or line.low(back) in MAKES:
        investors = list_before(line, back)
    if not investors and money_at is None:
        return
    found = Found("funding", line, noun, thing.end - 1, line.said(*thing.span), investors=investors, stage=stage)
    if money_at is not None:
        found.money = clause.sum_at(money_at)
        clause.used.add(money_at)
    found.status = raising_status(clause, noun)
    clause.add(found)
