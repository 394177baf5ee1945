"""The rules for financings: who raises what, and what it values the company at."""

from __future__ import annotations

from bot.classify.deals.drafts import Said, Stage
from bot.classify.deals.en_investments import beneficiary, read_investment, read_investment_noun
from bot.classify.deals.en_leads import read_lead, read_participants
from bot.classify.deals.en_stakes import read_stake
from bot.classify.deals.en_sums import Path, funds_follow, is_no_funding, path_to_sum, raising_status
from bot.classify.deals.english_clauses import Clause, Found
from bot.classify.deals.english_lists import list_after
from bot.classify.deals.english_names import is_name, is_place, run_back
from bot.classify.deals.english_objects import object_after
from bot.classify.deals.english_subjects import Subject, subject_before, topic_of
from bot.classify.deals.english_words import (
    BACK,
    BEFORE_SUM,
    FUNDING,
    INVEST,
    LEAD,
    RAISE,
    RECEIVE,
    REPORTING,
    ROUND_NOUNS,
    STAKE_VERBS,
    WEEKDAYS,
)

TRIGGERS = frozenset(
    RAISE | (RECEIVE - {"has", "had", "with", "get", "got", "up", "come", "comes", "came", "report", "reports",
    "reported", "near", "take", "takes", "took", "see", "sees", "launch", "launches", "launched", "increase", "increases",
    "increased", "plan", "plans", "planning", "sign", "signs", "signed", "taking", "add", "adds", "added"})
    | INVEST | {"led by", "co-led", "leads", "funding", "financing", "funding round", "series a", "series b", "series c",
    "valuation", "investors", "stake", "back",
    "offering", "placement", "backed by", "backs", "seed", "round", "investment", "valued", "values", "capital"}
)  # fmt: skip

"""Words one of which every sentence about a financing has."""

_FUND_NAMES = frozenset(("capital", "ventures", "partners", "vc", "fund", "funds", "venture"))
_BEFORE_NOUN = BEFORE_SUM - FUNDING - {"in", "of", "to", "from", "it", "has", "that", "and", "on", "at"}
_BEFORE_OWNED = BEFORE_SUM - {"and", "in", "of", "to", "on", "at", "from", "it", "has", "a", "the"}
_VERBS = frozenset(("talks",)) | RAISE | RECEIVE | INVEST | BACK | LEAD | STAKE_VERBS
_ABOUT_ROUND = ROUND_NOUNS | {"raised", "raise", "raising", "investors", "deal", "valuation", "total"}


def read(clause: Clause) -> None:
    """Every financing that the line speaks of."""
    for at, token in enumerate(clause.line.tokens):
        if token.kind != "w" or not (token.low in _VERBS or token.low.endswith("-led")):
            continue
        if token.low in RAISE or token.low in RECEIVE:
            _raised(clause, at)
        if token.low == "talks" and clause.line.low(at + 1) in {"for", "over", "about", "on"}:
            _raised(clause, at)
        if token.low in INVEST or token.low in BACK:
            read_investment(clause, at)
        if token.low in LEAD or token.low.endswith("-led"):
            read_lead(clause, at)
        if token.low in STAKE_VERBS:
            read_stake(clause, at)
    _nominal(clause)
    for at, token in enumerate(clause.line.tokens):
        if token.low == "investment" and clause.line.low(at + 1) == "in" and clause.stage_at(at - 1):
            read_investment_noun(clause, at, None)
    read_participants(clause)
    _values(clause)


def _raised(clause: Clause, verb: int) -> None:
    """ "X raises $40M in Series B funding", "X closes its seed round", "X has raised $90M to date"."""
    line = clause.line
    talks = line.low(verb) == "talks"  # "in talks for funding at a $4 billion valuation"
    path = path_to_sum(clause, verb + 2 if talks else verb + 1)
    if path is None or not _is_financing(clause, verb, path):
        return
    money_at, stage, noun, end = path
    made = stage and stage.round == "Strategic" and money_at is None and "announc" in line.low(verb)
    if made and "from" not in {line.low(place) for place in range(end, end + 4)}:
        return  # who announces one without a word of from whom may well be the investor
    subject = subject_before(line, verb)
    told = bool(stage) or noun or funds_follow(clause, end)
    if _is_fund(clause, subject, stage) or (subject.kind == "none" and not told):
        return
    found = Found(
        "funding", line, verb, end, unnamed=subject.kind != "none", bare=not told and line.low(verb - 1) != "after"
    )
    found.name(subject)
    if subject.kind == "role" and (topic := topic_of(line, verb)):
        found.target = topic
    elif subject.kind == "role" and is_name(line, subject.span[0]):  # "Layup Parts co-founder"
        found.target = line.said(*subject.span)
    means = "amount"
    if money_at is not None:
        means = "total" if _had_raised(clause, verb, path) else clause.sum_means(money_at)
        clause.used.add(money_at)
    _fill(clause, found, path, means)
    if not _is_listing(clause, found, noun):
        clause.add(found)


def _had_raised(clause: Clause, verb: int, path: Path) -> bool:
    """Whether "had raised $92M (from A and B)" counts all rounds before: no round or date is named."""
    line = clause.line
    if line.low(verb) != "raised" or line.low(verb - 1) != "had" or path.stage or path.noun:
        return False
    if any(token.low in REPORTING for token in line.tokens[:verb]):
        return False  # "said that it had raised" is the news
    rest = [line.low(place) for place in range(path.end, path.end + 14)]
    return not any(low in ROUND_NOUNS or low in WEEKDAYS or (low.isdecimal() and len(low) == 4) for low in rest)


def _is_financing(clause: Clause, verb: int, path: Path) -> bool:
    """Whether what a verb leads to is a sum or a round that a company gets from investors."""
    line = clause.line
    money_at, stage, noun, end = path
    if money_at is None:
        told = bool(stage) or noun
    elif clause.sum_at(money_at) is None or money_at in clause.used:
        return False
    else:
        strong = line.low(verb) in RAISE or "stealth" in {line.low(verb + 2), line.low(verb + 3)}
        gets = line.low(verb).startswith(("get", "receiv")) and line.low(end) in {"to", "from", ""}
        told = strong or gets or bool(stage) or noun or funds_follow(clause, end)
    return told and not is_no_funding(clause, verb, end, stage)


def _fill(clause: Clause, found: Found, path: Path, means: str) -> None:
    """Give a financing what stands after its verb."""
    money_at, stage, _, end = path
    money = clause.sum_at(money_at) if money_at is not None else None
    if means == "total":
        found.total, found.main = money, False
        return
    found.status = raising_status(clause, found.at)
    if means == "valuation":
        found.valuation = money
        return
    found.money = money
    found.stage = stage or clause.stage_in(end, end + 14) or _stage_before(clause, found.at)
    _from(clause, found, end)


def _is_listing(clause: Clause, found: Found, noun: bool) -> bool:
    """Whether the money is that of a listing of the same line: "plans IPO, eyes $500M raise"."""
    later = any(clause.line.low(back) == "after" for back in range(max(0, found.at - 3), found.at))
    for other in clause.found:
        if (
            other.type == "ipo"
            and not later
            and not found.stage
            and not found.lead
            and other.target in {found.target, None}
            and not (noun and clause.line.low(found.end) in {"round", "funding"})
        ):
            other.money = other.money or found.money
            return True
    return False


def _is_fund(clause: Clause, subject: Subject, stage: Stage | None) -> bool:
    """Whether an investor raises money for itself."""
    if subject.kind != "name" or stage:
        return False
    if is_place(clause.line, subject.span):
        return True
    last = clause.line.tokens[subject.span[1]]
    words = last.low.split()
    return bool(words) and words[-1] in _FUND_NAMES


def _stage_before(clause: Clause, verb: int) -> Stage | None:
    """The round of "In a Series B led by X, Acme raised $40M"."""
    line = clause.line
    return clause.stage_in(0, verb) if line.low(0) in {"in", "with", "following", "through"} else None


def _from(clause: Clause, found: Found, at: int) -> None:
    """The investors of "raises $40M (in funding) from A and B"."""
    line = clause.line
    for place in range(at - 1 if line.low(at - 1) == "from" else at, at + 9):
        low = line.low(place)
        if low in {"from", "by"} and (low == "from" or line.low(place - 1) == "backed"):
            found.investors += [said for said in list_after(line, place + 1)[0] if said != found.target]
            return
        if low in {",", ";", "to", "at", "after", "for", "led"} or low == "":
            return


def _nominal(clause: Clause) -> None:
    """ "X's $40M Series B", "$40M Series B for X", "a $2B investment in X"."""
    line = clause.line
    for at in clause.sums:
        money = clause.sum_at(at)
        if money is None or at in clause.used or clause.sum_means(at) != "amount":
            continue
        place = at + 1
        while line.low(place) in _BEFORE_NOUN:
            place += 1
        stage = clause.stage_at(place) or clause.stage_at(place + 1)
        if line.low(place) in {"investment", "stake"} and line.low(place + 1) == "in":
            read_investment_noun(clause, place, at)
            continue
        if not (stage or line.low(place) in ROUND_NOUNS) or is_no_funding(clause, at, at + 1, stage):
            continue
        target = _owner(clause, at) or beneficiary(clause, at + 1)
        if (
            target is None
            and not stage
            and not {line.low(place), line.low(place + 1)} & {"round", "raise", "financing"}
        ):
            continue
        clause.used.add(at)
        found = Found("funding", line, at, place, target, unnamed=target is None)
        found.money, found.stage, found.status = money, stage, raising_status(clause, at)
        _from(clause, found, place)
        clause.add(found)


def _owner(clause: Clause, at: int) -> Said | None:
    """X of "X's latest $40M round" and "X $40M Series A"."""
    line = clause.line
    back = at - 1
    while line.low(back) in _BEFORE_OWNED:
        back -= 1
    if line.low(back) in {"'s", "'"}:
        back -= 1
    elif back != at - 1:
        return None
    span = run_back(line, back)
    return line.said(*span) if span and not is_place(line, span) else None


def _values(clause: Clause) -> None:
    """Valuations and totals, to the financing that the line speaks of, or alone for one of another line."""
    for at in clause.sums:
        money = clause.sum_at(at)
        if money is None or at in clause.used:
            continue
        means = clause.sum_means(at)
        if means == "amount":
            continue
        found = clause.latest("funding", at)
        if found is None:
            if any(one.type != "funding" for one in clause.found) or not _about_round(clause, at):
                continue
            found = clause.add(_filler(clause, at))
        if means == "total" and found.total is None:
            found.total = money
        elif means == "valuation" and found.valuation is None:
            found.valuation = money
        clause.used.add(at)


def _filler(clause: Clause, at: int) -> Found:
    """A draft for a value alone: whose it is its subject says, or nothing does."""
    line = clause.line
    found = Found("funding", line, at, at, main=False, unnamed=True)
    for verb in range(at, -1, -1):
        low = line.low(verb)
        if low in {"valued", "valuing", "brings", "bringing", "raised", "worth", "reached", "hits", "tops"}:
            subject = subject_before(line, verb)
            if subject.kind == "name":
                found.name(subject)
            break
        if low == "values" and (thing := object_after(line, verb + 1)):
            found.target = line.said(*thing.span)
            break
    return found


def _about_round(clause: Clause, at: int) -> bool:
    """Whether a line with a value in it is about a financing."""
    words = {token.low for token in clause.line.tokens}
    return bool(words & _ABOUT_ROUND)
