"""The terms of all queries, numbered, and which of them an item lights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.classify.lexicon import Hit, Lexicon
from bot.classify.normal import Places, normal
from bot.classify.reading import Reading
from bot.classify.syntax import HasEntity, HasTopic, InField, Leaf
from bot.model import Evidence, Item, Mention

# An atom is the number of a needle or of a fact, times four, plus where it is: hits become atoms by arithmetic alone.
_TEXT, _TITLE, _SOURCE, _FACT = range(4)
_SOURCES = 10_000  # how many outlets' names are remembered with what they light


class Understood(NamedTuple):
    """What an item was found to be about: topics that count as matched, entities with all that they belong to."""

    topics: Sequence[str]
    mentions: Sequence[Mention]
    lineage: dict[str, tuple[str, ...]]
    evidence: Sequence[Evidence]


class Atoms:
    """Numbers terms; says which an item lights, and shows the evidence for one."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._facts: dict[tuple[str, str], int] = {}
        self._names: list[tuple[str, str]] = []
        self._fields: set[str] = set()
        self._lit_by_source: dict[str, frozenset[int]] = {}

    def number(self, leaf: Leaf) -> int:
        """The atom of a term; its words join the lexicon."""
        match leaf:
            case HasTopic(topic):
                return self._fact("topic", topic)
            case HasEntity(_, entity):
                return self._fact("entity", entity)
            case InField("lang", value):
                return self._fact("lang", value.text)
            case InField(field, value):
                self._fields.add(field)
                return self._lexicon.add(value.text) << 2 | (_TITLE if field == "title" else _SOURCE)
        return self._lexicon.add(leaf.text) << 2 | _TEXT

    def lit(self, item: Item, reading: Reading, hits: Sequence[Hit], understood: Understood) -> set[int]:
        """The atoms that are true of an item."""
        lit = {number << 2 for number, _, _ in hits}
        if "title" in self._fields:
            end = reading.title_end
            lit.update([number << 2 | _TITLE for number, start, _ in hits if start < end])
        if "source" in self._fields:
            lit |= self._of_source(item.source)
        if self._facts:
            lit.update(self._facts[fact] << 2 | _FACT for fact in _facts(item, understood) if fact in self._facts)
        return lit

    def evidence(
        self, atom: int, item: Item, reading: Reading, hits: Sequence[Hit], understood: Understood
    ) -> Iterator[Evidence]:
        """Why an atom is lit: each place in the title, the first in the summary; the topic's or entities' evidence."""
        number, where = atom >> 2, atom & 3
        if where == _FACT:
            yield from _of_fact(*self._names[number], item, understood)
        elif where == _SOURCE:
            yield from self._in_source(number, item.source)
        else:
            what = f"{'title' if where == _TITLE else 'word'}:{self._lexicon.words(number)}"
            for hit in hits:
                if hit[0] != number:
                    continue
                in_title = hit[1] < reading.title_end
                if in_title or where == _TEXT:
                    yield reading.evidence(what, *self._lexicon.exact(hit)[1:])
                if not in_title:
                    return

    def _fact(self, kind: str, value: str) -> int:
        fact = (kind, value)
        if fact not in self._facts:
            self._facts[fact] = len(self._names)
            self._names.append(fact)
        return self._facts[fact] << 2 | _FACT

    def _of_source(self, source: str) -> frozenset[int]:
        """The atoms that an outlet's name lights; names repeat, so they are remembered."""
        lit = self._lit_by_source.get(source)
        if lit is None:
            lit = frozenset(number << 2 | _SOURCE for number, _, _ in self._lexicon.search(f" {normal(source)} "))
            if len(self._lit_by_source) >= _SOURCES:
                self._lit_by_source.clear()
            self._lit_by_source[source] = lit
        return lit

    def _in_source(self, number: int, source: str) -> Iterator[Evidence]:
        words = normal(source)
        for hit in self._lexicon.search(f" {words} "):
            if hit[0] == number:
                _, start, end = self._lexicon.exact(hit)
                first, last = Places(source, words).span(start - 1, end - 1)
                yield Evidence(f"source:{self._lexicon.words(number)}", source[first:last], "source", first, last)
                return


def _facts(item: Item, understood: Understood) -> Iterable[tuple[str, str]]:
    """Everything true of an item that is not a word in it."""
    for topic in understood.topics:
        yield "topic", topic
    for mention in understood.mentions:
        for entity in understood.lineage.get(mention.entity, (mention.entity,)):
            yield "entity", entity
    tag = item.lang.strip().lower().replace("_", "-")
    while tag:  # zh-hans-cn is also zh-hans, and zh
        yield "lang", tag
        tag = tag.rpartition("-")[0]


def _of_fact(kind: str, value: str, item: Item, understood: Understood) -> Iterator[Evidence]:
    if kind == "lang":
        yield Evidence(f"lang:{value}", item.lang, "lang", 0, len(item.lang))
    elif kind == "topic":
        yield from (one for one in understood.evidence if one.what == f"topic:{value}")
    else:
        for mention in understood.mentions:
            if value in understood.lineage.get(mention.entity, (mention.entity,)):
                yield mention.evidence
