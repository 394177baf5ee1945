"""What a query means: a frozen tree. `str(query)` is its canonical spelling, which parses to an equal tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from bot.model import DealType, EventType, Role

TextField = Literal["title", "source", "lang"]
EntityField = Literal["company", "investor", "person", "entity"]
DEAL_TYPES: tuple[str, ...] = get_args(DealType)


@dataclass(frozen=True, slots=True)
class Everything:
    """`*`: every item."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class Word:
    """One token of the normal form, as a whole word, in title or summary."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several tokens of the normal form, with one space between them, in sequence in title or summary."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Prefix:
    """One or more tokens, the last of which may go on: `robot*` is robot, robots, robotics. It ends in a spaced script."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"*' if " " in self.text else f"{self.text}*"


@dataclass(frozen=True, slots=True)
class Near:
    """All parts in the title, or all in the summary, no two of them more than `distance` words apart, in any order."""

    parts: tuple[Word | Phrase | Prefix, ...]
    distance: int

    def __str__(self) -> str:
        if all(isinstance(part, Word) for part in self.parts):
            return f'"{" ".join(map(str, self.parts))}"~{self.distance}'
        return f" NEAR/{self.distance} ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class InField:
    """Words in the title or the source's name; or the item's language, a tag or the first part of one."""

    field: TextField
    value: Word | Phrase | Prefix | Near

    def __str__(self) -> str:
        return f"{self.field}:{self.value}"


@dataclass(frozen=True, slots=True)
class HasTopic:
    """The item's score for this topic (an id) says that it is about it."""

    topic: str

    def __str__(self) -> str:
        return f"topic:{self.topic}"


@dataclass(frozen=True, slots=True)
class HasEntity:
    """The item names this entity (an id) or anything that belongs to it."""

    field: EntityField
    entity: str

    def __str__(self) -> str:
        return f"{self.field}:{self.entity}"


@dataclass(frozen=True, slots=True)
class HasEvent:
    """This is what mainly happened, or the item reports a deal of this type."""

    event: EventType

    def __str__(self) -> str:
        return f"event:{self.event}"


@dataclass(frozen=True, slots=True)
class HasRound:
    """A deal of the item is this financing round, by its canonical name."""

    round: str

    def __str__(self) -> str:
        return f"round:{self.round}"


@dataclass(frozen=True, slots=True)
class HasRole:
    """An entity has this role: one of those named in the same AND group if there are any, else any. Leads are investors."""

    role: Role

    def __str__(self) -> str:
        return f"role:{self.role}"


@dataclass(frozen=True, slots=True)
class HasAmount:
    """A deal's amount in US dollars lies in [low, high]; None is open."""

    low: int | None
    high: int | None

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            sign, bound = (">", self.low) if self.high is None else ("<", self.high)
            beyond = (bound or 0) + (-1 if sign == ">" else 1)
            closed, opened = f"{sign}={_short(bound or 0)}", f"{sign}{_short(beyond)}"
            return f"amount:{opened if beyond >= 0 and len(opened) < len(closed) - 1 else closed}"
        if self.low == self.high:
            return f"amount:={_short(self.low)}"
        return f"amount:{_exact(self.low)}..{_exact(self.high)}"


@dataclass(frozen=True, slots=True)
class InRegion:
    """An entity that the item names sits in this country or region (an id of `regions.py`)."""

    region: str

    def __str__(self) -> str:
        return f"region:{self.region}"


@dataclass(frozen=True, slots=True)
class ManySources:
    """The story is reported by so many outlets: kept beside the query, asked of the story and not of the item."""

    least: int

    def __str__(self) -> str:
        return f"sources:>={self.least}"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not match."""

    part: Query

    def __str__(self) -> str:
        return f"-{_within(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts, none of them an And."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " ".join(str(part) if isinstance(part, Not) else _within(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more parts, none of them an Or."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


Needle = Word | Phrase | Prefix
Leaf = (
    Word
    | Phrase
    | Prefix
    | Near
    | InField
    | HasTopic
    | HasEntity
    | HasEvent
    | HasRound
    | HasRole
    | HasAmount
    | InRegion
    | ManySources
)
Query = Everything | Leaf | Not | And | Or


def _within(part: Query) -> str:
    """With parentheses where the operator around it would take it apart."""
    alone = isinstance(part, And | Or | Not) or (isinstance(part, Near) and " NEAR/" in str(part))
    return f"({part})" if alone else str(part)


def _short(amount: int) -> str:
    """A sum of US dollars with the unit that spells it shortest."""
    for unit, size in (("b", 10**9), ("m", 10**6), ("k", 10**3)):
        if amount and amount % (size // 100) == 0 and amount >= size:
            return f"{amount // size}{unit}" if amount % size == 0 else f"{amount / size:.2f}".rstrip("0") + unit
    return str(amount)


def _exact(amount: int) -> str:
    """The same for an end of a range, where a bare number would take the other end's unit."""
    short = _short(amount)
    return short if not short.isdigit() else f"{short}usd"


def words(text: str) -> Word | Phrase:
    """A needle as a leaf: quoted or not, what has one token is a word and what has more is a phrase."""
    return Phrase(text) if " " in text else Word(text)


def both(parts: list[Query]) -> Query:
    """The And of them: flat, each part once."""
    return _flat(And, parts)


def either(parts: list[Query]) -> Query:
    """The Or of them: flat, each part once."""
    return _flat(Or, parts)


def _flat(kind: type[And] | type[Or], parts: list[Query]) -> Query:
    if len(parts) == 1:
        return parts[0]
    flat: dict[Query, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    return kind(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def negated(part: Query) -> Query:
    """Its opposite; twice is none."""
    return part.part if isinstance(part, Not) else Not(part)


def wanted(query: Query) -> Iterator[Leaf]:
    """The terms that are not under a negation, in the order of the query: those that hold explain a match."""
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from wanted(part)
        case Not() | Everything():
            return
        case _:
            yield query


def leaves(query: Query) -> Iterator[Leaf]:
    """All terms, in the order of the query."""
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Everything():
            return
        case _:
            yield query


def is_of_deal(leaf: Leaf) -> bool:
    """Whether the term is asked of one deal at a time."""
    return isinstance(leaf, HasRound | HasRole | HasAmount) or (isinstance(leaf, HasEvent) and leaf.event in DEAL_TYPES)


def sources_wanted(query: Query) -> int:
    """How many outlets must report the story."""
    parts = query.parts if isinstance(query, And) else ()
    return next((part.least for part in parts if isinstance(part, ManySources)), 1)
