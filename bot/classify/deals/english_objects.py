"""What a verb is about in an English line: the name after it, behind what describes it."""

from __future__ import annotations

from typing import NamedTuple

from bot.classify.deals.english import Line
from bot.classify.deals.english_names import Span, is_name, is_person, is_place, run_forward
from bot.classify.deals.english_subjects import MARKS
from bot.classify.deals.english_words import (
    AUXILIARIES,
    DESCRIPTORS,
    DETERMINERS,
    GENERIC,
    NAME_ENDS,
    PREPOSITIONS,
    PRODUCTS,
    PRONOUNS,
    SUFFIXES,
    UNITS,
)

_ATHLETES = frozenset(
    ("agent", "striker", "midfielder", "forward", "defender", "goalkeeper", "quarterback", "pitcher", "player")
)
_NO_NOUNS = PREPOSITIONS | AUXILIARIES | PRONOUNS
_COMMON = DESCRIPTORS | UNITS | PRODUCTS | GENERIC | DETERMINERS | PREPOSITIONS | PRONOUNS
_BEFORE_UNIT = DETERMINERS | PREPOSITIONS | {",", "'s", "-"}


class Thing(NamedTuple):
    """What a verb is about, with the token after it. `unit`: a part of a firm; `described`: a noun for a firm stood before it."""

    span: Span
    end: int
    unit: bool = False
    described: bool = False


def object_after(line: Line, at: int) -> Thing | None:
    """The name after a verb or preposition, behind articles and descriptions; "ABB's robotics business" stays whole."""
    if _lower_name(line, at) and line.low(at + 1) == "," and line.low(at + 2) in DETERMINERS:
        return Thing((at, at), at + 1, described=True)
    described = False
    for _ in range(10):
        low, kind = line.low(at), line.kind(at)
        if kind == "" or kind in {"$", "r"} or (low in MARKS and low != '"'):
            return None
        if line.shouts and low in DESCRIPTORS and line.kind(at) == "w" and not _starts_name(line, at):
            described = True
        elif (
            is_name(line, at) and not (low in DETERMINERS or low.endswith(SUFFIXES)) and (span := run_forward(line, at))
        ):
            if (real := _described_by(line, span)) >= 0:  # "Pakistani fintech Oraan", "Rivian spinoff Mind Robotics"
                described, at = True, real
                continue
            return _whole(line, span, described or span[0] > at)
        elif low in UNITS and described is False and at > 0 and not line.shouts and not is_name(line, at + 1):
            return _unit_of(line, at)
        elif low in PREPOSITIONS and low not in {"as"}:
            return None
        described = described or low in DESCRIPTORS or low in UNITS
        at += 1
    return None


def _described_by(line: Line, span: Span) -> int:
    """Where the name begins that a first one only describes; -1 if that one stands for itself."""
    at = span[1] + 1
    for place in range(at, at + 5):
        if is_name(line, place) and not line.low(place).endswith(SUFFIXES):
            head = line.low(place - 1)
            return place if place > at and (head in DESCRIPTORS or head in UNITS) and run_forward(line, place) else -1
        suffixed = line.low(place).endswith(SUFFIXES)
        if (
            line.kind(place) != "w"
            or line.low(place) in _NO_NOUNS
            or not (suffixed or line.low(place).replace("-", "").isalpha())
        ):
            return -1
    return -1


def _unit_of(line: Line, at: int) -> Thing:
    """A unit without a name before it, "its robot business", and of "the assets of Acme" Acme."""
    if line.low(at) in {"assets", "operations", "portfolio"} and line.low(at + 1) == "of":
        owner = object_after(line, at + 2)
        if owner and owner.span[0] - at < 6:
            return owner._replace(described=True)
    return Thing((_unit_start(line, at), at), at + 1, unit=True)


def _lower_name(line: Line, at: int) -> bool:
    """Whether a word in lower case can only be a name here: "Jony Ive's io for", "io, the device startup"."""
    low = line.low(at)
    if line.kind(at) != "w" or line.tokens[at].capital or len(low) < 2 or low.endswith(("s", "ing", "ed")):
        return False
    if low in _COMMON or low in {
        "stake",
        "it",
        "all",
        "interest",
    }:
        return False
    return line.low(at + 1) in {"for", ",", "in", "", "from", "with"}


def _starts_name(line: Line, at: int) -> bool:
    return line.low(at) in NAME_ENDS and not is_name(line, at + 1)


def _unit_start(line: Line, at: int) -> int:
    """Where the description of a unit begins, after "its" or an article."""
    start = at
    while start > 0 and at - start < 5 and line.low(start - 1) not in _BEFORE_UNIT:
        if line.kind(start - 1) != "w":
            break
        start -= 1
    return start


def _whole(line: Line, span: Span, described: bool) -> Thing:
    """A name with what belongs to it: a unit of the firm named, or the firm of the person named."""
    first, last = span
    possessive = line.low(last + 1) in {"'s", "'"}
    unit = _unit_end(line, last + (2 if possessive else 1))
    if unit is None and line.low(last) in UNITS and last > first and line.low(last) not in NAME_ENDS:
        unit = last
    if unit is not None:
        return Thing((first, unit), unit + 1, unit=True, described=described)
    if possessive:
        after = object_after(line, last + 2)
        if after and after.span[0] - last < 6:
            return after._replace(described=True)
        if _lower_name(line, last + 2):
            return Thing((last + 2, last + 2), last + 3, described=True)
    return Thing((first, last), last + 1, described=described)


def _unit_end(line: Line, at: int) -> int | None:
    """The noun for a part of a firm within the next words, if nothing but words stands before it."""
    for place in range(at, at + 5):
        if line.kind(place) != "w" or line.low(place) in PREPOSITIONS or line.low(place) in AUXILIARIES:
            return None
        if line.low(place) in UNITS:
            return None if line.low(place + 1) in DESCRIPTORS else place
    return None


def is_firm(line: Line, thing: Thing) -> bool:
    """Whether it can be bought or invested in: not a place, a product or a field."""
    named = thing.span if not thing.unit else (thing.span[0], max(thing.span[0], thing.span[1] - 1))
    if is_place(line, named) or is_person(line, thing.span) or line.low(thing.span[0] - 1) in _ATHLETES:
        return False
    if line.low(thing.end) in {"'s", "'"} and line.low(thing.end + 1) in {
        "stake",
        "holding",
        "shares",
        "interest",
        "stock",
    }:
        return False  # a holder's shares, not the holder
    if thing.unit or any(line.kind(at) == "n" for at in range(thing.span[0], thing.span[1] + 1)):
        return line.low(thing.end) not in PRODUCTS
    low = line.low(thing.span[1])
    goods = low in PRODUCTS and (
        low.endswith("s") or low in {"stock", "gold", "oil", "gas", "land", "bitcoin", "power"}
    )
    return not goods and line.low(thing.end) not in PRODUCTS
