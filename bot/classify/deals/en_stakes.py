"""Who takes, buys or raises a stake in whom, in English."""

from __future__ import annotations

from bot.classify.deals.drafts import Said
from bot.classify.deals.en_sums import raising_status
from bot.classify.deals.english import Line
from bot.classify.deals.english_clauses import Clause, Found
from bot.classify.deals.english_names import is_place, run_back, run_forward
from bot.classify.deals.english_objects import is_firm, object_after
from bot.classify.deals.english_subjects import subject_before, topic_of
from bot.classify.deals.english_words import GROW, STAKE_FILL

_STAKES = frozenset(("stake", "interest", "shareholding", "stakes"))


def read_stake(clause: Clause, verb: int) -> None:
    """ "A takes a (minority) stake in X": a purchase of most of it, or of any part bought, is a takeover."""
    line = clause.line
    if line.low(verb).startswith("bec"):
        _largest_holder(clause, verb)
        return
    at, whole = _to_stake(clause, verb)
    held = _held(line, verb, at)
    if held is None:
        return
    target, end = held
    if line.low(verb) in GROW:
        whole = line.low(end) == "to" and _is_most(line.low(end + 1))
    subject = subject_before(line, verb)
    name = line.said(*subject.span) if subject.kind in {"name", "person"} else None
    if name is None and line.low(verb) in GROW and subject.kind == "none":
        return
    found = Found("acquisition" if whole else "funding", line, verb, end - 1, target)
    if whole:
        found.acquirer, found.unnamed = name, subject.kind in {"role", "pronoun"}
    elif name:
        found.investors = [name]
    for place in (*range(verb, at), *range(end, end + 6)):
        if (money := clause.sum_at(place)) and clause.sum_means(place) == "amount":
            found.money = money
            clause.used.add(place)
            break
    found.status, found.stake = raising_status(clause, verb), True
    clause.add(found)


def _held(line: Line, verb: int, at: int) -> tuple[Said, int] | None:
    """Of whom the stake at a token is, and the token after it: "stake in X", "X stake", "X: A buys 60% stake"."""
    if line.low(at) not in _STAKES:
        span = run_forward(line, at) if at > verb + 1 else None
        if span is None or line.low(span[1] + 1) not in _STAKES:
            return None
        at = span[1] + 1
        if line.low(at + 1) not in {"in", "of"}:
            return line.said(*span), at + 1
    if line.low(at + 1) in {"in", "of"}:
        thing = object_after(line, at + 2)
        return (line.said(*thing.span), thing.end) if thing and is_firm(line, thing) else None
    topic = topic_of(line, verb) if line.low(at + 1) in {"", ",", "for", "from", "at", "as"} else None
    return (topic, at + 1) if topic else None


def _to_stake(clause: Clause, verb: int) -> tuple[int, bool]:
    """The first token that can be "stake", and whether it is one that gives control, or is bought from others."""
    line = clause.line
    at = verb + 1
    words: list[str] = []
    while at < verb + 12 and (line.low(at) in STAKE_FILL or line.kind(at) == "$" or line.low(at)[:1].isdigit()):
        words.append(line.low(at))
        at += 1
    percent = next((words[place - 1] for place in range(1, len(words)) if words[place] == "%"), "")
    taken = line.low(verb).startswith(("t", "g"))
    return at, _is_most(percent) or not taken or not {"majority", "controlling"}.isdisjoint(words)


def _is_most(percent: str) -> bool:
    whole = percent.split(".", maxsplit=1)[0][:4]
    return whole.isdecimal() and 50 <= int(whole) <= 100


def _subsidiary(clause: Clause, verb: int) -> bool:
    """ "X becomes (a) Y subsidiary", "X becomes a subsidiary of Y"."""
    line = clause.line
    noun = next((at for at in range(verb + 1, verb + 8) if line.low(at) in {"subsidiary", "unit"}), -1)
    if noun < 0:
        return False
    thing = object_after(line, noun + 2) if line.low(noun + 1) == "of" else None
    owner = thing.span if thing else run_back(line, noun - 1, verb + 1)
    subject = subject_before(line, verb)
    if owner and subject.kind == "name" and not is_place(line, owner):
        target = line.said(*subject.span)
        clause.add(Found("acquisition", line, verb, noun, target, line.said(*owner)))
    return True


def _largest_holder(clause: Clause, verb: int) -> None:
    """ "A becomes X's largest shareholder", "... the largest shareholder in X"."""
    line = clause.line
    if _subsidiary(clause, verb):
        return
    noun = next((at for at in range(verb + 1, verb + 12) if line.low(at) in {"shareholder", "stakeholder"}), -1)
    if noun < 0 or line.low(noun - 1) not in {"largest", "biggest", "top", "major", "controlling", "majority"}:
        return
    if line.low(noun + 1) in {"in", "of"}:
        thing = object_after(line, noun + 2)
        span = thing.span if thing and is_firm(line, thing) else None
    else:
        back = next((at for at in range(noun - 1, verb, -1) if line.low(at) in {"'s", "'"}), -1)
        span = run_back(line, back - 1, verb + 1) if back > 0 else None
    subject = subject_before(line, verb)
    if span is None or subject.kind != "name":
        return
    target, holder = line.said(*span), line.said(*subject.span)
    if any(one.target == target for one in clause.found) or target == holder:
        return
    found = Found("funding", line, verb, noun, target, investors=[holder], stake=True)
    found.money = next((clause.sum_at(at) for at in range(noun, noun + 8) if clause.sum_at(at)), None)
    clause.add(found)
