"""What a query means: a frozen tree. `str(query)` is its canonical spelling, which parses to an equal tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TextField = Literal["title", "source", "lang"]
EntityField = Literal["company", "investor", "person", "entity"]


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
class InField:
    """A word or phrase in the title or the source's name; or the item's language, a tag or the first part of one."""

    field: TextField
    value: Word | Phrase

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


Leaf = Word | Phrase | InField | HasTopic | HasEntity
Query = Everything | Leaf | Not | And | Or


def _within(part: Query) -> str:
    """With parentheses where the operator around it would take it apart."""
    return f"({part})" if isinstance(part, And | Or | Not) else str(part)


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
