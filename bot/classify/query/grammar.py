"""The grammar of queries: what stands between the terms.

A query is taken apart into its terms and its shape, in which `t` stands for each term: `(robot OR "legged robot") -drone`
is of the shape `(t OR t) -t`. Queries by the hundred thousand have few shapes, so that each is parsed only once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from lark import Lark, Token, Tree, UnexpectedInput

from bot.errors import BadQuery

MAX_NESTING = 20
FARTHEST = 50
"""The greatest distance of NEAR."""

MOST_PAIRS = 25
NOT_NEAR = "NEAR stands between two words, phrases or alternatives in ( )"
_MOST_SHAPES = 5_000

_GRAMMAR = r"""
?start: any
?any: all (_OR all)*
?all: unary (_AND? unary)*
?unary: NOT unary                -> negate
      | MINUS atom               -> negate
      | close
?close: atom
      | atom (NEAR atom)+        -> near
?atom: "(" any ")"
     | TERM
TERM: "t"
_AND: "AND"
_OR: "OR"
NOT: "NOT"
NEAR: /NEAR\/[0-9]+/
MINUS: /-(?=\S)/
%ignore /\s+/
"""
_OPERATOR = r'(?:AND|OR|NOT|NEAR/[0-9]+)(?![^\s()"])'
_VALUE = rf'"[^"]*+"(?:~[0-9]++|\*)?+|(?!{_OPERATOR})[^\s()"]++'
# A term starts where none is going on, or no letter would be safe from being one; a minus before it is not its own.
_TERM = re.compile(
    rf"""((?<![^\s()"-])(?:
        [^\W\d]\w*+:\s*+(?:(?:[<>]=?|=|≥|≤)\s*+)?+(?:{_VALUE})?+
      | "[^"]*+"(?:~[0-9]++|\*)?+
      | (?!-\S|{_OPERATOR})[^\s()"]++
    ))""",
    re.VERBOSE,
)
# What phones and Chinese keyboards type instead, one for one so that places stay.
_TYPED = str.maketrans("“”„«»＂（）：－＊＜＞＝～．／　", '""""""():-*<>=~./ ')
_OTHERWISE = re.compile("[" + "".join(map(chr, _TYPED)) + "]")
_PARTS = re.compile(r'"[^"]*"|[()"]')
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class Group:
    """An operator and its parts; a part that is a number is the term with that number. `distance` is that of near."""

    kind: Literal["all", "any", "not", "near"]
    parts: tuple[Node, ...]
    distance: int = 0


Node = int | Group


@dataclass(frozen=True, slots=True)
class Shape:
    """The tree of a shape.

    `rows` are the parts of which every match must have each; `terms` are the same if each is a single
    term and none must stand near another, else empty.
    `plain` says that these are one or two terms, and all that there is. `near` are the terms that must stand near another.
    """

    node: Node
    rows: tuple[Node, ...]
    terms: tuple[int, ...]
    plain: bool
    near: tuple[int, ...]


def typed(text: str) -> str:
    """The query with the ASCII forms of its signs; of the same length."""
    return text if text.isascii() or not _OTHERWISE.search(text) else text.translate(_TYPED)


def split(text: str) -> tuple[str, list[str]]:
    """The shape and the terms of a query."""
    parts = _TERM.split(text)
    return "t".join(parts[::2]), parts[1::2]


def shape_of(text: str, shape: str) -> Shape:
    """The tree of a query's shape; raises BadQuery with the place in `text`."""
    found = SHAPES.get(shape)
    if found is None:
        _check_pairs(text)
        node = _node(_parsed(text, shape), iter(range(len(shape))))
        if (lonely := _unwanted(node)) is not None:
            start = list(places(text))[lonely][0]
            says = "only what is not wanted is said here: it would match nearly everything; say what is wanted too"
            raise BadQuery(says, text, _sign(text, start))
        if len(SHAPES) >= _MOST_SHAPES:
            SHAPES.clear()
        near = tuple(_near(node, text))
        rows = tuple(_rows(node))
        terms = tuple(row for row in rows if isinstance(row, int) and not near)
        terms = terms if len(terms) == len(rows) else ()
        plain = not near and len(rows) <= 2 and rows == tuple(range(shape.count("t")))
        found = SHAPES[shape] = Shape(node, rows, terms, plain, near)
    return found


SHAPES: dict[str, Shape] = {}
"""The shapes that were met, for who reads many queries: what is not here is asked of `shape_of`."""


def places(text: str) -> Iterator[tuple[int, int]]:
    """Where each term stands."""
    return (found.span() for found in _TERM.finditer(text))


def first_term(node: Node) -> int:
    """The number of the first term in a node."""
    while isinstance(node, Group):
        node = node.parts[0]
    return node


# -- parsing -------------------------------------------------------------------------------------------------------------


@cache
def _parser() -> Lark:
    """Built once, by the first query that needs it (15 ms)."""
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual")


def _parsed(text: str, shape: str) -> Tree[Token] | Token:
    try:
        return _parser().parse(shape)
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        ended = isinstance(token, Token) and token.type == "$END"
        at = len(text.rstrip()) if ended else _in_text(text, error.pos_in_stream or 0)
        raise BadQuery(_complaint(text, at), text, at) from None


def _in_text(text: str, at: int) -> int:
    """The place in a query of a place in its shape."""
    longer = 0
    for start, end in places(text):
        if start >= at + longer:
            break
        longer += end - start - 1
    return min(at + longer, len(text))


def _node(tree: Tree[Token] | Token, numbers: Iterator[int]) -> Node:
    """The tree with its terms numbered in their order."""
    if isinstance(tree, Token):
        return next(numbers)
    signs = [part for part in tree.children if isinstance(part, Token) and part.type != "TERM"]
    parts = tuple(_node(part, numbers) for part in tree.children if part not in signs)
    if tree.data == "negate":
        return Group("not", parts)
    if tree.data == "near":
        pairs = [
            Group("near", (one, two), int(str(sign)[5:][:9]))
            for one, two, sign in zip(parts, parts[1:], signs, strict=False)
        ]
        return pairs[0] if len(pairs) == 1 else Group("all", tuple(pairs))
    return Group("all" if tree.data == "all" else "any", parts)


def _near(node: Node, text: str) -> Iterator[int]:
    """The terms on both sides of every NEAR; raises BadQuery for sides that are no alternatives, or too many, or too far."""
    if isinstance(node, int):
        return
    if node.kind != "near":
        for part in node.parts:
            yield from _near(part, text)
        return
    sides = [part.parts if isinstance(part, Group) and part.kind == "any" else (part,) for part in node.parts]
    for side in sides:
        for one in side:
            if not isinstance(one, int):
                raise BadQuery(NOT_NEAR, text, list(places(text))[first_term(one)][0])
            yield one
    at = list(places(text))[first_term(node)][0]
    check_distance(node.distance, text, at)
    if len(sides[0]) * len(sides[1]) > MOST_PAIRS:
        raise BadQuery(f"NEAR stands between at most {MOST_PAIRS} pairs of alternatives", text, at)


def check_distance(distance: int, text: str, at: int) -> None:
    """Raises BadQuery unless words may be asked for that near each other."""
    if not 1 <= distance <= FARTHEST:
        raise BadQuery(f"words can be 1 to {FARTHEST} words apart, not {distance}", text, at)


def _rows(node: Node) -> Iterator[Node]:
    """The parts without which there is no match."""
    if isinstance(node, int) or node.kind == "any":
        yield node
    elif node.kind != "not":
        for part in node.parts:
            yield from _rows(part)


def _unwanted(node: Node) -> int | None:
    """The first term of a negation that alone lets an item match, or None if every match has something asked for."""
    if isinstance(node, int):
        return None
    if node.kind == "not":
        inner = node.parts[0]
        return _unwanted(inner.parts[0]) if isinstance(inner, Group) and inner.kind == "not" else first_term(node)
    places = [_unwanted(part) for part in node.parts]
    if node.kind == "any":
        return next((at for at in places if at is not None), None)
    return None if None in places else places[0]


# -- what is wrong ---------------------------------------------------------------------------------------------------------


def _sign(text: str, start: int) -> int:
    """Where the negation before a term begins."""
    found = re.search(r"(?:-|NOT[\s(]+)[\s(]*$", text[:start])
    return found.start() if found else start


def _complaint(text: str, at: int) -> str:
    """What is wrong where the grammar stopped."""
    before = text[:at].rstrip()
    last = re.search(r"\S+$", before)
    if last and (last[0].lstrip("(") in _OPERATORS or re.fullmatch(r"\(*NEAR/\d+", last[0])):
        return f"something must follow {last[0].lstrip('(')}; in quotes it is a word"
    if before.endswith("-"):
        return "something must follow -"
    if operator := re.match(r"AND\b|OR\b|NEAR/\d+", text[at:]):
        if operator[0].startswith("NEAR") and before:
            return NOT_NEAR
        return f"something must stand before {operator[0]}; in quotes it is a word"
    if text[at : at + 1] == ")":
        return "nothing stands in ( )"
    return "this cannot be read here"


def _check_pairs(text: str) -> None:
    """Quotes and parentheses come in pairs, and not too deep."""
    opened: list[int] = []
    for part in _PARTS.finditer(text):
        if part[0] == '"':
            raise BadQuery("this quotation mark is never closed", text, part.start())
        if part[0] == "(":
            opened.append(part.start())
        elif part[0] == ")":
            if not opened:
                raise BadQuery("no ( belongs to this )", text, part.start())
            opened.pop()
        if len(opened) > MAX_NESTING:
            raise BadQuery(f"parentheses nest at most {MAX_NESTING} deep", text, part.start())
    if opened:
        raise BadQuery("this ( is never closed", text, opened[-1])
