"""One term of a query: a word, phrase, prefix, or a field with its value. Text in, a leaf of the tree out, or BadQuery."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, NoReturn, cast, get_args

from bot.classify.deals.rounds import canonical_round
from bot.classify.knowledge.regions import find_region, nearest_region
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.normal import needle
from bot.classify.query.grammar import check_distance
from bot.classify.query.sums import read_amount
from bot.classify.query.syntax import (
    EntityField,
    HasAmount,
    HasEntity,
    HasEvent,
    HasRole,
    HasRound,
    HasTopic,
    InField,
    InRegion,
    Leaf,
    ManySources,
    Near,
    Prefix,
    TextField,
    Word,
    words,
)
from bot.errors import BadQuery
from bot.hanzi import simplified
from bot.model import EventType, Role
from bot.text import unspaced

FIELDS = (
    "title", "text", "source", "lang", "topic", "company", "investor", "person", "entity",
    "event", "round", "role", "amount", "sources", "region",
)  # fmt: skip
_MOST_SOURCES = 100
_PARTS = re.compile(
    r'(?:(?P<field>[^\W\d]\w*):\s*)?+(?:"(?P<quoted>[^"]*)"(?:~(?P<slop>\d+)|(?P<star>\*))?|(?P<bare>.+))', re.S
)
_HAN = re.compile("[\u4e00-\u9fff]+")
_LANG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_NEAR = re.compile(r"NEAR(/.*)?")
_COUNT = re.compile(r"(>=|>|=)?\s*(\d{1,9})")
_EVENTS: dict[str, EventType] = {
    "raise": "funding", "fundraising": "funding", "financing": "funding", "investment": "funding", "融资": "funding",
    "m a": "acquisition", "merger": "acquisition", "takeover": "acquisition", "buyout": "acquisition",
    "收购": "acquisition", "并购": "acquisition", "listing": "ipo", "上市": "ipo", "partner": "partnership",
    "合作": "partnership", "product": "launch", "发布": "launch", "hiring": "team", "团队": "team", "ceo": "leadership",
    "appointment": "leadership", "人事": "leadership", "任命": "leadership", "paper": "research", "研究": "research",
    "policy": "regulation", "监管": "regulation", "earnings": "results", "财报": "results", "业绩": "results",
    "layoff": "layoffs", "job cuts": "layoffs", "裁员": "layoffs",
}  # fmt: skip
_ROLES: dict[str, Role] = {
    "leads": "lead", "lead investor": "lead", "领投": "lead", "领投方": "lead", "investors": "investor", "backer": "investor",
    "投资方": "investor", "投资人": "investor", "跟投": "investor", "buyer": "acquirer", "收购方": "acquirer",
    "acquired": "target", "被收购方": "target", "raiser": "investee", "startup": "investee", "融资方": "investee",
    "被投": "investee", "主角": "subject", "mentioned": "mention", "提及": "mention",
}  # fmt: skip
_EVENTS |= {needle(name): name for name in get_args(EventType)}
_ROLES |= {needle(name): name for name in get_args(Role)}
_ROUNDS = (
    "Pre-Seed", "Seed", "Angel", "Pre-A", "Pre-A+", "A", "A+", "B", "C", "D", "E", "F", "G",
    "Strategic", "Growth", "Bridge", "Pre-IPO", "IPO", "Debt", "Grant",
)  # fmt: skip


class _Term(NamedTuple):
    """A term as typed: its field (lower case, "" for none), its value and where that stands."""

    text: str
    field: str
    value: str
    at: int
    quoted: bool
    star: bool
    slop: int | None

    def bad(self, text: str, at: int = -1) -> NoReturn:
        raise BadQuery(text, self.text, self.at if at < 0 else at)


def read_term(text: str, knowledge: Knowledge) -> Leaf:
    """The leaf that a term means. Raises BadQuery whose `query` is the term and whose `at` is a place in it."""
    term = _taken_apart(text)
    if not term.field:
        return _text(term)
    read = _READERS.get(term.field)
    if read is None:
        near = difflib.get_close_matches(term.field, FIELDS, n=1)
        hint = f"did you mean {near[0]}:?" if near else "there are " + " ".join(f"{one}:" for one in FIELDS)
        term.bad(f"there is no field {term.field}: ; {hint}", 0)
    if not term.value.strip():
        term.bad('nothing stands in ""')
    if (term.star or term.slop is not None) and term.field not in {"title", "text", "source"}:
        term.bad(f"{term.field}: takes no * and no ~ after its value", term.at + len(term.value) + 2)
    return read(term, knowledge)


def _taken_apart(text: str) -> _Term:
    found = _PARTS.fullmatch(text)
    if not found:  # a field and nothing behind it
        raise BadQuery(f'{text.strip()} takes one word, or a "phrase" in quotes', text, len(text))
    field = (found["field"] or "").lower()
    quoted = found["quoted"] is not None
    value = found["quoted"] if quoted else found["bare"]
    at = found.start("quoted") - 1 if quoted else found.start("bare")
    slop = None if found["slop"] is None else int(found["slop"][:9])
    return _Term(text, field, value, at, quoted, bool(found["star"]), slop)


def quick_needle(value: str) -> str:
    """`needle(value)` for what most words and phrases are made of, several times as fast; "" for all others."""
    if value.isascii():
        return " ".join(value.lower().split()) if value.replace(" ", "").isalnum() else ""
    return simplified(value) if _HAN.fullmatch(value) else ""


# -- words ---------------------------------------------------------------------------------------------------------------


def _text(term: _Term) -> Word | Leaf:
    """A bare word, phrase, prefix or phrase with a distance."""
    value, star = term.value, term.star
    if not term.quoted:
        if value.startswith("NEAR") and _NEAR.fullmatch(value):
            term.bad("NEAR needs a distance, as in: robot NEAR/5 funding; in quotes it is a word")
        if value[0] == "~" and re.fullmatch(r"~\d*", value):
            term.bad(f'{value} follows a phrase without a space, like "robot arm"~5')
        if value != "*" and value.endswith("*"):
            value, star = value[:-1], True
        if "*" in value:
            alone = value == "*"
            says = (
                "* stands alone for everything"
                if alone
                else "* ends a word, like robot*; it stands for nothing elsewhere"
            )
            term.bad(says, term.at + value.index("*"))
    found = quick_needle(value) or needle(value)
    if not found:
        term.bad(f'there is no letter or digit to look for in "{value}"' if value else 'nothing stands in ""')
    if term.slop is not None:
        return _near(term, found, term.slop)
    return _prefix(term, found) if star else words(found)


def _prefix(term: _Term, found: str) -> Word | Leaf:
    """In scripts without spaces a word may go on anyway."""
    if unspaced(found[-1]):
        return words(found)
    if len(found) < 2:
        term.bad(f"{found}* would find nearly everything; give it two letters at least")
    return Prefix(found)


def _near(term: _Term, found: str, distance: int) -> Leaf:
    parts = tuple(map(Word, found.replace("|", " ").split()))
    if len(parts) < 2:
        term.bad("~ takes a phrase of two words or more")
    check_distance(distance, term.text, term.at + len(term.value) + 2)
    return Near(parts, distance)


def _everywhere(term: _Term, knowledge: Knowledge) -> Leaf:
    return _text(term)


def _in_field(term: _Term, knowledge: Knowledge) -> Leaf:
    leaf = _text(term)
    return InField(cast(TextField, term.field), cast(Word, leaf))


def _lang(term: _Term, knowledge: Knowledge) -> Leaf:
    value = term.value.strip()
    if not _LANG.fullmatch(value):
        term.bad(f'"{value}" is no language; write it like lang:en or lang:zh')
    return InField("lang", Word(value.lower()))


# -- what is known -------------------------------------------------------------------------------------------------------


def _topic(term: _Term, knowledge: Knowledge) -> Leaf:
    if topic := knowledge.find_topic(term.value):
        return HasTopic(topic.id)
    some = [topic.id for topic in knowledge.topics[:5]]
    other = f"there are {', '.join(some)}" if some else ""
    return _unknown(term, "topic", knowledge.suggest("topic", term.value), other)


def _entity(term: _Term, knowledge: Knowledge) -> Leaf:
    entity = knowledge.find_entity(term.value, term.field)
    if entity is None:
        near = knowledge.suggest("entity", term.value)
        hint = f'did you mean "{near}"?' if near else "leave the field out to look for the words"
        term.bad(f'no {term.field} named "{term.value}" is known; {hint}')
    return HasEntity(cast(EntityField, term.field), entity.id)


def _event(term: _Term, knowledge: Knowledge) -> Leaf:
    if found := _EVENTS.get(needle(term.value)):
        return HasEvent(found)
    return _unknown(term, "event", _nearest(needle(term.value), _EVENTS), "there are " + ", ".join(get_args(EventType)))


def _role(term: _Term, knowledge: Knowledge) -> Leaf:
    if found := _ROLES.get(needle(term.value)):
        return HasRole(found)
    return _unknown(term, "role", _nearest(needle(term.value), _ROLES), "there are " + ", ".join(get_args(Role)))


def _round(term: _Term, knowledge: Knowledge) -> Leaf:
    if term.value.strip().lower() in {"ipo", "上市"}:
        return HasRound("IPO")
    if found := canonical_round(term.value):
        return HasRound(found)
    near = _nearest(term.value.strip().lower(), {name.lower(): name for name in _ROUNDS})
    return _unknown(term, "round", near, 'write it like round:seed, round:A+, round:"series b"')


def _region(term: _Term, knowledge: Knowledge) -> Leaf:
    if found := find_region(term.value):
        return InRegion(found)
    return _unknown(term, "country or region", nearest_region(term.value), "write it like region:cn or region:gulf")


def _unknown(term: _Term, what: str, near: str | None, other: str) -> NoReturn:
    hint = f'did you mean "{near}"?' if near else other
    term.bad(f'there is no {what} "{term.value}"' + (f"; {hint}" if hint else ""))


def _nearest(text: str, names: Iterable[str]) -> str | None:
    near = difflib.get_close_matches(text, list(names), n=1)
    return near[0] if near else None


# -- numbers -------------------------------------------------------------------------------------------------------------


def _amount(term: _Term, knowledge: Knowledge) -> Leaf:
    try:
        low, high = read_amount(term.value, knowledge.rates)
    except ValueError as error:
        term.bad(str(error))
    return HasAmount(low, high)


def _sources(term: _Term, knowledge: Knowledge) -> Leaf:
    found = _COUNT.fullmatch(term.value.strip().replace("≥", ">="))
    if not found or found[1] == "=":
        term.bad(f'"{term.value}" is no number of sources; write it like sources:>=2')
    least = int(found[2]) + (found[1] == ">")
    if not 1 <= least <= _MOST_SOURCES:
        term.bad(f"sources: takes 1 to {_MOST_SOURCES}")
    return ManySources(least)


_READERS: dict[str, Callable[[_Term, Knowledge], Leaf]] = {
    "title": _in_field,
    "text": _everywhere,
    "source": _in_field,
    "lang": _lang,
    "topic": _topic,
    "company": _entity,
    "investor": _entity,
    "person": _entity,
    "entity": _entity,
    "event": _event,
    "round": _round,
    "role": _role,
    "amount": _amount,
    "sources": _sources,
    "region": _region,
}
