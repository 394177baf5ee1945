"""Names in an English line: where one begins and ends, and what is none."""

from __future__ import annotations

from bot.classify.deals.english import Line
from bot.classify.deals.english_words import (
    AUXILIARIES,
    DESCRIPTORS,
    DETERMINERS,
    GENERIC,
    HEADLINE_STOPS,
    MODAL_VERBS,
    NAME_ENDS,
    NATIONS,
    PEOPLE,
    PLACES,
    PREPOSITIONS,
    PRONOUNS,
    REPORTING,
    SUFFIXES,
    WEEKDAYS,
)
from bot.classify.passages import Name

Span = tuple[int, int]
"""Tokens from one to another, both included."""

_JOINS = frozenset(("&", "de", "von", "van", "der", "la", "le", "du", "del", "al", "y", "+"))
_OF_NAMES = frozenset(
    ("bank", "university", "ministry", "house", "department", "institute", "kingdom", "academy", "government")
)
_FIRM_ENDS = frozenset(
    ("robotics", "labs", "technologies", "systems", "motors", "automation", "industries", "dynamics")
)
_VERBS = AUXILIARIES | REPORTING | MODAL_VERBS
_DESCRIBING = DESCRIPTORS | PEOPLE


def is_name(line: Line, at: int) -> bool:
    """Whether the token there can be part of a name."""
    if not 0 <= at < len(line.tokens):
        return False
    token = line.tokens[at]
    if token.kind == "n":
        return True
    if token.kind != "w" or not token.capital:
        return False
    if token.low in WEEKDAYS:
        return _is_named_for_day(line, at)
    if token.low.endswith(SUFFIXES):
        return False
    return not (line.shouts and (token.low in PREPOSITIONS or token.low in HEADLINE_STOPS))


def _is_named_for_day(line: Line, at: int) -> bool:
    """Whether a day or month begins a name: "Sunday Robotics", "May Mobility"."""
    if at + 1 >= len(line.tokens) or line.low(at - 1) in {
        "on",
        "since",
        "last",
        "this",
        "until",
        "late",
        "early",
        "in",
        "of",
    }:
        return False
    after = line.tokens[at + 1]
    in_headline = line.shouts and (after.low in HEADLINE_STOPS or after.low in PREPOSITIONS)
    return after.kind == "w" and after.capital and after.low not in WEEKDAYS and not in_headline


def run_back(line: Line, last: int, first: int = 0) -> Span | None:
    """The name that ends with this token, trimmed; None if it ends none."""
    start = last
    if not is_name(line, last):
        if not (line.low(last).isdigit() and is_name(line, last - 1)):
            return None
        start -= 1
    while start > first and (is_name(line, start - 1) or _joined(line, start - 1, first)):
        start -= 1
    return trimmed(line, start, last)


def run_forward(line: Line, first: int) -> Span | None:
    """The name that begins with this token, trimmed; None if none begins there."""
    if not is_name(line, first):
        return None
    last = first
    size = len(line.tokens)
    while last + 1 < size and (
        is_name(line, last + 1)
        or _joined(line, last + 1, first)
        or (line.low(last + 1).isdigit() and len(line.low(last + 1)) < 4)
    ):
        if line.shouts and line.low(last + 1) in _VERBS:
            break
        last += 1
    return trimmed(line, first, last)


def _joined(line: Line, at: int, first: int) -> bool:
    """Whether the token joins two parts of one name."""
    low = line.low(at)
    if at <= first or not (is_name(line, at - 1) and is_name(line, at + 1)):
        return False
    return low in _JOINS or (low in {"of", "for"} and line.low(at - 1) in _OF_NAMES)


def trimmed(line: Line, first: int, last: int) -> Span | None:
    """A run of capitalised words without what only describes; None if nothing is left that could be a name."""
    if line.shouts or first == 0:
        described = (at for at in range(last - 1, first - 1, -1) if _describes(line, at) and not _in_name(line, at))
        first = next(described, first - 1) + 1
    while (
        first < last and line.kind(first) == "w" and _leads_in(line, first) and not _is_no_name(line, first + 1, last)
    ):
        first += 1
    if line.shouts and line.kind(last) == "n" and line.kind(last - 1) != "n" and not 0 < first == last - 1:
        first = last
    return None if _is_no_name(line, first, last) else (first, last)


def _is_no_name(line: Line, first: int, last: int) -> bool:
    """Whether a run of capitalised words only describes something."""
    if line.kind(last) == "w" and line.low(last) not in NAME_ENDS:
        if first == last and _describes(line, last):
            return True
        if line.shouts and line.low(last) in _DESCRIBING:
            return True
    if not all(line.kind(at) == "w" and _common(line.low(at)) for at in range(first, last + 1)):
        return False
    # "Foundation Robotics" is a name in a sentence, "Physical AI" is none
    return line.shouts or first == last or line.low(last) not in _FIRM_ENDS


def _describes(line: Line, at: int) -> bool:
    low = line.low(at)
    return line.kind(at) == "w" and (low in DESCRIPTORS or low in PEOPLE or low.endswith(SUFFIXES))


def _in_name(line: Line, at: int) -> bool:
    """Whether a describing word is the middle of a name: "Platform Science", "Bank of America"."""
    return line.low(at) in NAME_ENDS and (line.low(at + 1) in {"of", "&"} or at == 0)


def _leads_in(line: Line, at: int) -> bool:
    low = line.low(at)
    if low == "the" and line.low(at + 2) == "company" and line.tokens[at].capital:
        return False  # The Bot Company
    return (
        low in DETERMINERS
        or low in NATIONS
        or low in {"exclusive", "breaking", "former", "report", "why", "how", "and", "ex"}
        or low.startswith("ex-")
        or ((line.shouts or at == 0) and low not in WEEKDAYS and (low in AUXILIARIES or low in PREPOSITIONS))
    )


def _common(low: str) -> bool:
    parts = low.split("-") if "-" in low else (low,)
    return (
        all(
            part in GENERIC
            or part in NATIONS
            or part in DETERMINERS
            or part in PRONOUNS
            or part in PREPOSITIONS
            or part.isdigit()
            for part in parts
        )
        or low in DESCRIPTORS
        or low in AUXILIARIES
        or low in WEEKDAYS
        or low in REPORTING
    )


def is_place(line: Line, span: Span) -> bool:
    """Whether a name is that of a country, region or city."""
    return all(
        line.kind(at) != "n" and (line.low(at) in PLACES or line.low(at) in NATIONS)
        for at in range(span[0], span[1] + 1)
    )


def is_person(line: Line, span: Span) -> bool:
    """Whether the gazetteer knows the name as a person's."""
    what = line.tokens[span[1]].what
    return span[0] == span[1] and isinstance(what, Name) and what.kind == "person"
