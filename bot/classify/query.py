"""The language of watchlists: text in, a tree out, or BadQuery with the place of the mistake and a suggestion.

    query   bare words mean AND;  AND OR NOT in capitals;  -word;  "a phrase";  ( );  NOT > AND > OR;  * alone is all
    fields  topic: company: investor: person: entity: title: source: lang:     in any case, with a word or a "phrase"

Words match whole words, without stemming: `robot` does not find "robots". In scripts without spaces they match
anywhere. The words of a phrase may have anything between them that is neither letter nor digit, but not the end of a
sentence.
"""

from __future__ import annotations

import difflib
import re
from functools import cache
from typing import get_args

from lark import Lark, Token, Tree, UnexpectedInput

from bot.classify.knowledge import Knowledge
from bot.classify.normal import needle
from bot.classify.syntax import (
    EntityField,
    Everything,
    HasEntity,
    HasTopic,
    InField,
    Leaf,
    Not,
    Phrase,
    Query,
    TextField,
    Word,
    both,
    either,
    negated,
    words,
)
from bot.errors import BadQuery

MAX_LENGTH = 1000
MAX_NESTING = 20
MAX_TERMS = 100
FIELDS = ("topic", *get_args(EntityField), *get_args(TextField))

_GRAMMAR = r"""
?start: any
?any: all (_OR all)*
?all: unary (_AND? unary)*
?unary: NOT unary                -> negate
      | MINUS atom               -> negate
      | atom
?atom: "(" any ")"
     | FIELD (WORD | PHRASE)     -> field
     | (WORD | PHRASE)           -> text
_AND.3: /AND(?![^\s()"])/
_OR.3: /OR(?![^\s()"])/
NOT.3: /NOT(?![^\s()"])/
FIELD.2: /[^\W\d]\w*:\s*/
MINUS.2: /-(?=\S)/
PHRASE: /"[^"]*"/
WORD: /(?!(?:AND|OR|NOT)(?![^\s()"]))[^\s()"]+/
%ignore /\s+/
"""
# What phones and Chinese keyboards type instead, one for one so that places stay.
_TYPED = str.maketrans("“”„«»＂（）：－＊", '""""""():-*')
_PARTS = re.compile(r'"[^"]*"|[()"]')
_FLAT = re.compile(r'(-?)(?:([^\W\d]\w*:)\s*)?(?:"([^"]*)"|([^\s()":-][^\s()":]*))(?:\s+|$)')
_OPERATORS = ("AND", "OR", "NOT")
_RESERVED = re.compile(r"~\d*|NEAR/\d*")
_LANG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)


def parse_query(text: str, knowledge: Knowledge) -> Query:
    """Read a query; topics and entities are looked up in `knowledge` and become their ids.

    Raises BadQuery and nothing else, whatever the text: `at` is the place of the mistake, the message helps to mend it.
    Longer than 1,000 characters, nested deeper than 20 parentheses or more than 100 terms is a mistake too.
    """
    typed = text if text.isascii() else text.translate(_TYPED)
    if len(text) > MAX_LENGTH:
        raise BadQuery(f"a query has at most {MAX_LENGTH:,} characters; this one has {len(text):,}", text, MAX_LENGTH)
    if not text.strip():
        raise BadQuery("the query is empty; give it words, or * for everything", text)
    if typed.strip() == "*":
        return Everything()
    reader = _Reader(text, knowledge)
    query = reader.flat(typed)
    if query is None:
        _check_pairs(typed, text)
        query = reader.tree(_parsed(typed, text))
    return query


class _Reader:
    """Builds the tree of one query and counts its terms."""

    def __init__(self, text: str, knowledge: Knowledge) -> None:
        self._text = text
        self._knowledge = knowledge
        self._terms = 0

    def flat(self, typed: str) -> Query | None:
        """A plain row of terms, which most watchlists are, read without the grammar: 5 times faster. Else None."""
        rows: list[re.Match[str]] = []
        at = len(typed) - len(typed.lstrip())
        while at < len(typed):
            row = _FLAT.match(typed, at)
            if not row or row[4] in _OPERATORS:
                return None
            rows.append(row)
            at = row.end()
        if all(row[1] for row in rows):
            raise self._only_negative(rows[0].start())
        parts: list[Query] = []
        for row in rows:
            part = self._field(row[2], row.start(2), *_value(row)) if row[2] else self._words(*_value(row))
            parts.append(Not(part) if row[1] else part)
        return both(parts)

    def tree(self, node: _Node) -> Query:
        """The query that a parse tree means."""
        if (at := _unwanted(node)) is not None:
            raise self._only_negative(at)
        return self._query(node)

    def _query(self, node: _Node) -> Query:
        match node:
            case Tree(data="any", children=parts):
                return either([self._query(part) for part in parts])
            case Tree(data="all", children=parts):
                return both([self._query(part) for part in parts])
            case Tree(data="negate", children=[_, part]):
                return negated(self._query(part))
            case Tree(data="field", children=[Token() as name, Token() as value]):
                return self._field(name, _at(name), *_unquoted(value))
            case Tree(children=[Token() as value]):
                return self._words(*_unquoted(value))
        raise AssertionError(f"the grammar has no {node}")

    def _words(self, value: str, at: int, quoted: bool) -> Word | Phrase:
        """A bare word or phrase."""
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise self._bad(f"a query has at most {MAX_TERMS} terms", at)
        if not quoted and "*" in value:
            raise self._bad("* stands alone for everything; it does not complete words", at + value.index("*"))
        if not quoted and _RESERVED.fullmatch(value):
            raise self._bad(f"{value} is not understood; put it in quotes to look for it", at)
        found = needle(value)
        if not found:
            raise self._bad(
                f'there is no letter or digit to look for in "{value}"' if value else 'nothing stands in ""', at
            )
        return words(found)

    def _field(self, name: str, name_at: int, value: str, at: int, quoted: bool) -> Leaf:
        """A term with a field before it."""
        plain = self._words(value, at, quoted)
        match name.rstrip().rstrip(":").lower():
            case "topic":
                return HasTopic(self._topic(value, at))
            case "company" | "investor" | "person" | "entity" as field:
                return HasEntity(field, self._entity(field, value, at))
            case "title" | "source" as field:
                return InField(field, plain)
            case "lang":
                if not _LANG.fullmatch(value.strip()):
                    raise self._bad(f'"{value}" is no language; write it like lang:en or lang:zh', at)
                return InField("lang", Word(value.strip().lower()))
            case unknown:
                near = difflib.get_close_matches(unknown, FIELDS, n=1)
                hint = f"did you mean {near[0]}:?" if near else "there are " + " ".join(f"{one}:" for one in FIELDS)
                raise self._bad(f"there is no field {unknown}: ; {hint}", name_at)

    def _topic(self, value: str, at: int) -> str:
        if topic := self._knowledge.find_topic(value):
            return topic.id
        near = self._knowledge.suggest("topic", value)
        some = [topic.id for topic in self._knowledge.topics[:5]]
        hint = f'; did you mean "{near}"?' if near else f"; there are {', '.join(some)}" if some else ""
        raise self._bad(f'there is no topic "{value}"{hint}', at)

    def _entity(self, field: str, value: str, at: int) -> str:
        if entity := self._knowledge.find_entity(value, field):
            return entity.id
        near = self._knowledge.suggest("entity", value)
        hint = f'did you mean "{near}"?' if near else "leave the field out to look for the words"
        raise self._bad(f'no {field} named "{value}" is known; {hint}', at)

    def _only_negative(self, at: int) -> BadQuery:
        return self._bad(
            "only what is not wanted is said here: it would match nearly everything; say what is wanted too", at
        )

    def _bad(self, text: str, at: int) -> BadQuery:
        return BadQuery(text, self._text, at)


# -- the grammar -------------------------------------------------------------------------------------------------------

_Node = Tree[Token] | Token


@cache
def _parser() -> Lark:
    """Built once, by the first query that needs it (15 ms)."""
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual")


def _parsed(typed: str, text: str) -> Tree[Token]:
    try:
        return _parser().parse(typed)
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        ended = isinstance(token, Token) and token.type == "$END"
        at = len(typed.rstrip()) if ended else error.pos_in_stream or 0
        raise BadQuery(_complaint(typed, at), text, at) from None


def _complaint(typed: str, at: int) -> str:
    """What is wrong where the grammar stopped."""
    before = typed[:at].rstrip()
    last = re.search(r"\S+$", before)
    if last and last[0] in _OPERATORS:
        return f"something must follow {last[0]}; in quotes it is a word"
    if last and last[0].endswith(":"):
        return f'{last[0].lstrip("(-")} takes one word, or a "phrase" in quotes'
    if before.endswith("-"):
        return "something must follow -"
    operator = re.match(r"AND|OR", typed[at:])
    if operator:
        return f"something must stand before {operator[0]}; in quotes it is a word"
    if typed[at : at + 1] == ")":
        return "nothing stands in ( )"
    return "this cannot be read here"


def _check_pairs(typed: str, text: str) -> None:
    """Quotes and parentheses come in pairs, and not too deep."""
    opened: list[int] = []
    for part in _PARTS.finditer(typed):
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


def _unwanted(node: _Node) -> int | None:
    """The place of a negation that alone lets an item match, or None if every match has something asked for."""
    match node:
        case Tree(data="negate", children=[_, Tree(data="negate", children=[_, part])]):
            return _unwanted(part)
        case Tree(data="negate", children=[Token() as sign, _]):
            return _at(sign)
        case Tree(data="all", children=parts):
            places = [_unwanted(part) for part in parts]
            return None if None in places else places[0]
        case Tree(data="any", children=parts):
            return next((at for at in map(_unwanted, parts) if at is not None), None)
    return None


def _at(token: Token) -> int:
    return token.start_pos or 0


def _unquoted(token: Token) -> tuple[str, int, bool]:
    """The value, its place, and whether it was in quotes."""
    quoted = token.type == "PHRASE"
    return (token[1:-1] if quoted else str(token)), _at(token), quoted


def _value(row: re.Match[str]) -> tuple[str, int, bool]:
    """The same of a row of a flat query."""
    return (row[4], row.start(4), False) if row[3] is None else (row[3], row.start(3) - 1, True)
