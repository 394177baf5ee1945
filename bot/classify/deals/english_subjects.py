"""Who does something in an English line: the subject of a verb, and the company that a sentence opens with."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bot.classify.deals.drafts import Said
from bot.classify.deals.english import Line
from bot.classify.deals.english_names import Span, is_name, is_person, is_place, run_back, run_forward
from bot.classify.deals.english_words import (
    AUXILIARIES,
    DESCRIPTORS,
    GENERIC,
    MODAL_VERBS,
    NAME_ENDS,
    PEOPLE,
    PREPOSITIONS,
    PRONOUNS,
    REPORTING,
    UNITS,
    WEEKDAYS,
)

_BOUNDS = frozenset((":", ";", "-", "--", "—", "|", '"', "“", "”", "(", ")", "[", "]"))
MARKS = frozenset((",", *_BOUNDS))
"""Marks that a phrase does not cross."""


_OFFICERS = frozenset(
    (
        "founder",
        "founders",
        "co-founder",
        "co-founders",
        "cofounder",
        "cofounders",
        "ceo",
        "cto",
        "coo",
        "cfo",
        "chief",
        "boss",
        "president",
        "chairman",
        "chairwoman",
        "team",
    )
)
_TALKING = frozenset(("talks", "discussions", "negotiations"))
_OWNED = UNITS | NAME_ENDS
_SAYING = MODAL_VERBS | REPORTING
_TOWARDS = MODAL_VERBS | {"to"}


class Subject(NamedTuple):
    """Who does something: a `name` with its span, a `pronoun`, a `role` ("the startup", "ex-Tesla engineer"), or nothing."""

    kind: Literal["name", "person", "pronoun", "role", "none"]
    span: Span = (0, -1)


NOBODY = Subject("none")


def subject_before(line: Line, verb: int) -> Subject:
    """Who the subject of the verb at this token is."""
    at = skip_back(line, verb - 1)
    if line.low(at) == ")":
        at = before_bracket(line, at)
    low = line.low(at)
    if low == ",":
        return leading(line, _clause_start(line, at), at)
    if low in {"which", "who", "that"}:
        return _antecedent(line, at)
    if low in PRONOUNS:
        reported = _reporter(line, at)
        return reported if reported.kind == "name" else Subject("pronoun", (at, at))
    if low in {"after", "by", "following"} and line.low(verb).endswith("ing"):  # "X hits $5B after raising $520M"
        return leading(line, _clause_start(line, at), at)
    return _noun_subject(line, at)


def _noun_subject(line: Line, at: int) -> Subject:
    """The name, or the description of somebody, that ends at a token."""
    low = line.low(at)
    if low in {"'s", "'"} and is_name(line, at - 1):  # Macy's raises
        return _named(line, run_back(line, at - 1))
    if span := run_back(line, at):
        return _with_owner(line, span) or _behind_preposition(line, span) or _named(line, span)
    if line.kind(at) == "w" and (low in DESCRIPTORS or low in PEOPLE or low in UNITS or low.rstrip("s") in DESCRIPTORS):
        return _role(line, at)
    return NOBODY


def _with_owner(line: Line, span: Span) -> Subject | None:
    """ "ABB's Robotics Division" whole: a unit is named by its owner."""
    first, last = span
    if line.low(first - 1) not in {"'s", "'"} or line.kind(last) != "w" or line.low(last) not in _OWNED:
        return None
    owner = run_back(line, first - 2)
    return Subject("name", (owner[0], last)) if owner else None


def _behind_preposition(line: Line, span: Span) -> Subject | None:
    """The real subject where a name only belongs to it: "the company behind Roomba", "the account on X"."""
    before = span[0] - 1
    talking = next((at for at in range(before, max(0, before - 12), -1) if line.low(at) in _TALKING), -1)
    if talking > 0 and line.low(talking + 1) == "with" and ({"including", "with", "and", "as"} & {line.low(before)}):
        return _noun_subject(line, skip_back(line, talking))  # "is in talks with investors including MGX to raise"
    if line.low(before) not in {"on", "in", "at", "from", "of", "behind", "with"}:
        return None
    head = before - 1
    if line.kind(head) != "w" or line.tokens[head].capital or line.low(head) in _SAYING:
        return None
    return _role(line, head) if line.low(head) in DESCRIPTORS or line.low(head) in PEOPLE else NOBODY


def _named(line: Line, span: Span | None) -> Subject:
    if span is None:
        return NOBODY
    return Subject("person" if is_person(line, span) else "name", span)


def _role(line: Line, at: int) -> Subject:
    """A description without a name; "Figure CEO" and "Layup Parts co-founder" still name the company."""
    owner = None
    if line.low(at) in _OFFICERS and (span := run_back(line, at - 1)) and not line.low(span[0]).startswith("ex-"):
        owner = span if line.low(span[0] - 1) not in {"ex", "former", "-"} else None
    if line.low(at) in UNITS and (span := run_back(line, at - 1)) and not is_place(line, span):
        return Subject("name", (span[0], at))  # "Tata Elxsi arm"
    owned = line.low(at) in DESCRIPTORS and any(line.low(back) == "'s" for back in range(max(0, at - 6), at))
    reported = NOBODY if owned else _reporter(line, at)  # in "Ann Lee's new startup" Ann Lee is no company
    if reported.kind == "name":
        return reported
    return Subject("role", owner or (at, at))


def skip_back(line: Line, at: int) -> int:
    """Back over what stands between subject and verb: auxiliaries, "plans to", "on Monday", "said it"."""
    while at >= 0:
        token = line.tokens[at]
        low = token.low
        verb = low in MODAL_VERBS and not (token.capital and not line.shouts and at > 0)
        if (
            low in AUXILIARIES
            or verb
            or low in WEEKDAYS
            or (low == "on" and line.low(at + 1) in WEEKDAYS)
            or (low in {"announces", "announced"} and line.low(at + 1) not in PRONOUNS)
            or (
                low in {"in", "of"}
                and line.low(at + 1)
                in {
                    "talks",
                    "discussions",
                    "negotiations",
                    "advanced",
                    "early",
                    "a",
                    "track",
                    "intent",
                }
            )
            or (low in {"a", "the", "up", "its"} and line.low(at + 1) in _TOWARDS)
        ):
            at -= 1
        else:
            break
    return at


def before_bracket(line: Line, at: int) -> int:
    start = at
    while start >= 0 and line.low(start) not in {"(", "["}:
        start -= 1
    return start - 1


def _clause_start(line: Line, at: int) -> int:
    start = at
    while start > 0 and (line.low(start - 1) not in {":", ";", "—", "--", "-"} or _glued(line, start - 1)):
        start -= 1
    return start


def _glued(line: Line, at: int) -> bool:
    """Whether a hyphen stands inside a word: "ex-Tesla"."""
    return line.low(at) == "-" and at > 0 and line.tokens[at - 1].end == line.tokens[at].start


def _antecedent(line: Line, at: int) -> Subject:
    """Whom "which" and "who" mean: the name before the comma."""
    before = at - 1 if line.low(at - 1) != "," else at - 2
    if span := run_back(line, before):
        return _named(line, span)
    return NOBODY


def _reporter(line: Line, at: int) -> Subject:
    """Who said it: the subject of "announced that it" in the same line."""
    start = _clause_start(line, at)
    for verb in range(start, at):
        if line.low(verb) in REPORTING:
            before = skip_back(line, verb - 1)
            if line.low(before) == ",":
                return leading(line, start, before)
            if span := run_back(line, before):
                return _behind_preposition(line, span) or _named(line, span)
            return NOBODY
    if at > start and (found := leading(line, start, at)).kind == "name" and found.span[1] + 1 < at:
        return found  # in "a Stanford dropout" Stanford is not the subject
    return NOBODY


def leading(line: Line, first: int, end: int) -> Subject:
    """The name with which a clause begins, behind its descriptions."""
    at = first
    if line.low(at) in PREPOSITIONS or (line.low(at).endswith(("ed", "ing")) and not is_name(line, at + 1)):
        while at < end and line.low(at) != ",":
            at += 1
        at += 1
    limit = min(end, at + 14)
    while at < limit:
        former = line.low(at - 1) in {"-", "ex", "former"} or line.low(at).startswith("ex-")
        if (
            is_name(line, at)
            and not former
            and (span := run_forward(line, at))
            and _ends_subject(line, span[1] + 1, end)
            and not is_place(line, span)
        ):
            return _named(line, span)
        if line.low(at) in PREPOSITIONS or line.low(at) in MARKS:
            return NOBODY
        at += 1
    return NOBODY


def _ends_subject(line: Line, at: int, end: int) -> bool:
    """Whether a name is over here, rather than part of a longer description."""
    low = line.low(at)
    if at >= end or low in {",", "(", "'s"} or low in AUXILIARIES or low in REPORTING or low in MODAL_VERBS:
        return True
    if line.passage.field == "title" and low in PREPOSITIONS:
        return True
    if line.passage.field == "title" and low.endswith("s") and low not in GENERIC and low not in DESCRIPTORS:
        return not low.endswith("ics")
    return low in PEOPLE or low.endswith(("ed", "es", "ts", "ds", "ks", "ns"))


def leading_company(line: Line) -> Said | None:
    """The company with whose name a sentence opens: "Acme, a maker of", "Acme co-founder Ann Lee", "Acme is"."""
    colon = next((at for at in range(1, 4) if line.low(at) == ":"), -1)  # "Exclusive: Acme ..."
    found = leading(line, colon + 1, len(line.tokens))
    first, last = found.span
    if first == last == 0 and line.kind(0) == "w" and line.passage.field != "title":
        after = line.low(1)  # any word may open a sentence
        if not (after in {",", "'s", "("} or after in REPORTING or after in PEOPLE or after in MODAL_VERBS) or line.low(
            0
        ).endswith("ly"):
            return None
    return line.said(*found.span) if found.kind == "name" and not is_place(line, found.span) else None


def topic_of(line: Line, verb: int) -> Said | None:
    """X of "X: A buys 60% stake"."""
    span = run_forward(line, 0)
    if span is None or line.low(span[1] + 1) != ":" or span[1] + 1 >= verb or is_place(line, span):
        return None
    return line.said(*span)
