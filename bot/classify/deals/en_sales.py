"""Who sells what, who merges with whom, and who goes public by a merger with a shell company, in English."""

from __future__ import annotations

from bot.classify.deals.drafts import Said
from bot.classify.deals.en_prices import behind_stake, sum_after, take_sum, takeover_status
from bot.classify.deals.english_clauses import Clause, Found
from bot.classify.deals.english_names import Span, is_name, is_place, run_back, run_forward
from bot.classify.deals.english_objects import Thing, is_firm, object_after
from bot.classify.deals.english_subjects import leading, subject_before
from bot.classify.deals.english_words import WEIGHS

_SHELL_ENDS = frozenset(
    ("corp", "corporation", "co", "company", "inc", "limited", "ltd", "i", "ii", "iii", "iv", "v", "vi", "(", ",")
)
_SHELL_SIGNS = frozenset(
    ("spac", "merge", "merges", "merger", "merging", "combination", "combine", "combines", "blank-check", "public")
)


def read_sale(clause: Clause, verb: int) -> None:
    """ "X sells its robot unit to Y for $2B", "X is sold to Y"."""
    line = clause.line
    if line.low(verb) == "sold" and line.low(verb + 1) == "to":
        _read_sold(clause, verb)
        return
    stake = behind_stake(clause, verb + 1)
    thing = object_after(line, stake or verb + 1)
    if thing is None:
        return
    if (
        line.low(thing.end) == "for"
        and clause.sum_at(thing.end + 1)
        and (thing.unit or thing.described)
        and is_firm(line, thing)
    ):
        found = Found("acquisition", line, verb, thing.end - 1, line.said(*thing.span))
        take_sum(clause, found, thing.end + 1)
        found.status = takeover_status(clause, verb)
        clause.add(found)
    if line.low(thing.end) != "to":
        return
    known = line.kind(thing.span[1]) == "n"
    buyer = object_after(line, thing.end + 1)
    if (
        buyer is None
        or is_place(line, buyer.span)
        or not (thing.unit or thing.described or known or stake)
        or not is_firm(line, thing)
    ):
        return
    found = Found("acquisition", line, verb, buyer.end - 1, line.said(*thing.span), line.said(*buyer.span))
    take_sum(clause, found, sum_after(clause, buyer.end))
    found.status = takeover_status(clause, verb)
    clause.add(found)


def _read_sold(clause: Clause, verb: int) -> None:
    """ "X is sold to Y for $2B": both are firms, and X is a name."""
    line = clause.line
    subject, buyer = subject_before(line, verb), object_after(line, verb + 2)
    if subject.kind != "name" or buyer is None or is_place(line, buyer.span):
        return
    if not (is_firm(line, Thing(subject.span, verb)) and is_firm(line, buyer)):
        return
    found = Found("acquisition", line, verb, buyer.end - 1, line.said(*subject.span), line.said(*buyer.span))
    take_sum(clause, found, sum_after(clause, buyer.end))
    found.status = takeover_status(clause, verb)
    clause.add(found)


def read_merger(clause: Clause, verb: int) -> None:
    """ "X merges with Y", "X and Y to merge"."""
    line = clause.line
    if line.low(verb + 1) == "with":
        thing = object_after(line, verb + 2)
        subject = subject_before(line, verb)
        if thing is None or not is_firm(line, thing) or subject.kind == "none":
            return
        if any(line.low(at) == "acquisition" for at in range(thing.span[0], thing.span[1] + 1)):
            return  # a shell company
        if line.low(verb).startswith("comb") and subject.kind != "name":
            return  # "a unit which it will combine with Acme"
        acquirer = line.said(*subject.span) if subject.kind == "name" else None
        found = Found(
            "acquisition", line, verb, thing.end - 1, line.said(*thing.span), acquirer, unnamed=acquirer is None
        )
        take_sum(clause, found, sum_after(clause, thing.end))
    elif line.low(verb).startswith("merg") and (pair := _pair_before(clause, verb)):
        found = Found("acquisition", line, verb, verb, pair[1], pair[0])
        take_sum(clause, found, sum_after(clause, verb + 1))
    else:
        return
    if found.target == found.acquirer:
        return
    found.status = takeover_status(clause, verb)
    clause.add(found)


def _pair_before(clause: Clause, verb: int) -> tuple[Said, Said] | None:
    line = clause.line
    subject = subject_before(line, verb)
    if subject.kind != "name" or line.low(subject.span[0] - 1) != "and":
        return None
    other = run_back(line, subject.span[0] - 2)
    return (line.said(*other), line.said(*subject.span)) if other else None


def read_planned_sale(clause: Clause, noun: int) -> None:
    """ "X explores a sale", "X weighs sale of its robot unit"."""
    line = clause.line
    verb = next((at for at in range(noun - 1, max(-1, noun - 5), -1) if line.low(at) in WEIGHS), -1)
    between = {line.low(at) for at in range(verb + 1, noun)}
    if verb < 0 or not between <= {"a", "an", "the", "possible", "potential", "outright", "full", "its", "partial"}:
        return
    if line.low(noun + 1) == "of":
        thing = object_after(line, behind_stake(clause, noun + 2) or noun + 2)
        if (
            thing is None
            or not is_firm(line, thing)
            or not (thing.unit or thing.described or line.kind(thing.span[1]) == "n")
        ):
            return
        span, end = thing.span, thing.end
    else:
        subject = subject_before(line, verb)
        if subject.kind != "name" or line.low(noun + 1) in {"process", "price", "prices"}:
            return
        span, end = subject.span, noun + 1
    found = Found("acquisition", line, verb, noun, line.said(*span))
    buyer = object_after(line, end + 1) if line.low(end) == "to" else None
    if buyer and not is_place(line, buyer.span):
        found.acquirer = line.said(*buyer.span)
    take_sum(clause, found, sum_after(clause, end))
    found.status = takeover_status(clause, noun) or "rumoured"
    clause.add(found)


def read_shell(clause: Clause, at: int) -> bool:
    """ "X to merge with Y Acquisition Corp": X goes public; True if the word is part of a shell company's name."""
    line = clause.line
    named = line.tokens[at].capital and is_name(line, at - 1) and (line.low(at + 1) in _SHELL_ENDS or not line.shouts)
    if not named or line.low(at + 1) in {"of", "by"} or all(token.low not in _SHELL_SIGNS for token in line.tokens):
        return False
    shell = run_back(line, at)
    if shell is None:
        return False
    other = _other_party(clause, shell)
    if other is None:
        return True
    target = line.said(*other)
    if any(one.type == "ipo" and one.target == target for one in clause.found):
        return True
    found = Found("ipo", line, min(at, len(line.tokens) - 1), at, target)
    for place in clause.sums:
        near = {line.low(back) for back in range(max(0, place - 7), place)}
        if place not in clause.used and clause.sum_at(place) and any(low.startswith("valu") for low in near):
            found.valuation = clause.sum_at(place)
            clause.used.add(place)
            break
    found.status = takeover_status(clause, at)
    clause.add(found)
    return True


def _other_party(clause: Clause, shell: Span) -> Span | None:
    """The firm that merges with a shell company: the subject of the clause, else who stands after "with"."""
    line = clause.line
    first = leading(line, 0, shell[0])
    if first.kind == "name" and first.span[1] < shell[0]:
        return first.span
    for at in range(shell[1] + 1, min(len(line.tokens), shell[1] + 24)):
        if line.low(at) == "with" and (span := run_forward(line, at + 1)):
            return None if is_place(line, span) else span
    return None
