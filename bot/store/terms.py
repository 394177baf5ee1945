"""Texts and queries as terms of the full-text index.

SQLite's own tokenizers find no Chinese, so we split ourselves and index plain tokens: folded words of spaced scripts as
they are; a run of Han, kana or Hangul as its overlapping pairs of characters and its last character alone: each
character starts a token, so that one alone can be found as a prefix. Topics, entities, the event and whether there is
a deal are tokens of the same index, with an underscore that no word has: a search for several of them at once reads no
more rows than it answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from operator import add

from bot.text import UNSPACED, fold

SUMMARY_CHARS = 300
"""As much of a summary is searched; an alert shows no more either."""

_RUNS = re.compile(f"[{UNSPACED}]+")
_WORDS = re.compile(f"[^\\W_{UNSPACED}]+")
_ASCII_WORDS = re.compile("[a-z0-9]+")
_ESCAPED = re.compile("[^0-9a-z]")


def searched(title: str, summary: str) -> str:
    """The text of an item in which words are looked up, folded."""
    return fold(f"{title}\n{summary[:SUMMARY_CHARS]}")


USUAL_EVENT = "other"
"""The event of most items; it has no token."""

_DEAL = "h_deal"


def index_terms(
    title: str,
    summary: str,
    topics: Collection[str],
    entities: Collection[str],
    event: str = USUAL_EVENT,
    deals: bool = False,
) -> str:
    """What is indexed of an item: each token once, between spaces."""
    text = searched(title, summary)
    terms = set(_ASCII_WORDS.findall(text)) if text.isascii() else _split(text)
    terms.update(map(topic_term, topics))
    terms.update(map(entity_term, entities))
    terms.update(_what_happened(event, deals))
    return " ".join(terms)


def _what_happened(event: str, deals: bool) -> list[str]:
    events = [] if event in ("", USUAL_EVENT) else [f"v_{_escape(event)}"]
    return [*events, _DEAL] if deals else events


def _split(text: str) -> set[str]:
    terms = set(_WORDS.findall(text))
    for run in _RUNS.findall(text):
        terms.update(_pairs(run))
        terms.add(run[-1])
    return terms


def _pairs(run: str) -> Iterable[str]:
    return map(add, run, run[1:])


@lru_cache(maxsize=4096)
def topic_term(topic: str) -> str:
    """The token of a topic."""
    return "t_" + _escape(topic)


@lru_cache(maxsize=65536)
def entity_term(entity: str) -> str:
    """The token of an entity."""
    return "e_" + _escape(entity)


def _escape(name: str) -> str:
    """Only `0-9a-z_`, different for different names."""
    return _ESCAPED.sub(lambda match: f"_{ord(match[0]):x}_", name)


def match_query(
    text: str, topics: Collection[str], entities: Collection[str], event: str = "", deals: bool = False
) -> tuple[str, tuple[str, ...]]:
    """An FTS5 query, empty for no condition, and the runs that a hit must contain besides.

    A run of three characters or more is looked up by its pairs, which may stand apart in a text: the caller looks.
    https://www.sqlite.org/fts5.html#full_text_query_syntax
    """
    folded = fold(text)
    runs = _RUNS.findall(folded)
    exact = dict.fromkeys(_WORDS.findall(folded))
    for run in runs:
        exact.update(dict.fromkeys(_pairs(run)))
    conditions = [f'"{term}"' for term in exact]
    conditions += [f'"{run}" *' for run in runs if len(run) == 1]
    conditions += [f'"{term}"' for term in _what_happened(event, deals)]
    tags = [topic_term(topic) for topic in topics] + [entity_term(entity) for entity in entities]
    if tags:
        conditions.append("(" + " OR ".join(f'"{tag}"' for tag in tags) + ")")
    return " AND ".join(conditions), tuple(run for run in runs if len(run) > 2)
