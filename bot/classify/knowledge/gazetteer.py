"""The gazetteer: companies, investors, people and labs, every spelling of their names, and what is wrong with a list of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.classify.knowledge import tickers
from bot.classify.normal import needle
from bot.hanzi import simplified

Kind = Literal["company", "investor", "person", "lab"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Entity:
    """A company, investor, person or lab, and every spelling of its name.

    `name` is what we call it; `names` are the others in use, `tags` the language tag of each of them (shorter or empty where
    nobody said). `former` are names it gave up, `mistaken` what translation machines make of one. `parent` is the id of what
    it belongs to. `classes` are what topics weigh ("robotics"). `country` is the ISO 3166 alpha-2 code of its seat.
    `tickers` are EXCHANGE:CODE, see `tickers.py`.

    `ambiguous` are those spellings that are plain words, too. They count only where no word of `forbid` stands in the item, and
    one of `context` does, or another, plain spelling of the entity; where `context` is empty, nothing is asked for. In
    scripts that have capitals they must be written with one, unless `loose`. `mask` are longer words in which a spelling
    stands by chance (升华为): nothing counts in there.
    """

    id: str
    kind: str
    name: str
    names: tuple[str, ...] = ()
    parent: str = ""
    classes: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    mask: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    mistaken: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()
    country: str = ""
    loose: bool = False
    tags: tuple[str, ...] = ()

    def written(self) -> tuple[str, ...]:
        """Its names as the seeds write them, `name` first."""
        return (self.name, *self.names, *self.former, *self.mistaken)

    def spellings(self) -> tuple[str, ...]:
        """Its names in normal form, each once; without tickers."""
        return tuple(dict.fromkeys(words for words in map(needle, self.written()) if words))

    def doubtful(self) -> frozenset[str]:
        """Those of its spellings that are ambiguous, in normal form."""
        return frozenset(map(needle, self.ambiguous))

    def plain(self) -> tuple[str, ...]:
        """Those of its spellings that mean it wherever they stand, in normal form."""
        doubtful = self.doubtful()
        return tuple(words for words in self.spellings() if words not in doubtful)

    def named_in(self, tag: str) -> tuple[str, ...]:
        """Its names in a language ("zh")."""
        return tuple(name for name, its in zip(self.names, self.tags, strict=False) if its == tag)


_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def bad_id(found: str) -> str:
    """What is wrong with an id; the empty string if nothing is."""
    return "" if _ID.fullmatch(found) else f"id {found!r} must be of a-z, 0-9 and single - _ . between them"


def faults_of(entity: Entity) -> Iterator[str]:
    """What is wrong with an entity by itself."""
    if entity.kind and entity.kind not in KINDS:
        yield f"kind must be one of {', '.join(KINDS)}, not {entity.kind!r}"
    for name in filter(None, entity.written()):
        if not needle(name):
            yield f"{name!r} has no letter or digit to look for"
    for tag in dict.fromkeys(entity.tags):
        if not _TAG.fullmatch(tag):
            yield f"names: {tag!r} is no language tag"
    for name in entity.named_in("zh"):
        if simplified(name) != name:
            yield f"names: write {simplified(name)!r} for {name!r}, traditional characters are found by it"
    if entity.country and not _COUNTRY.fullmatch(entity.country):
        yield f"country must be two capital letters, not {entity.country!r}"
    yield from filter(None, map(tickers.fault, entity.tickers))
    yield from _faults_of_doubts(entity)


def _faults_of_doubts(entity: Entity) -> Iterator[str]:
    spellings, plain = entity.spellings(), entity.plain()
    for name in entity.ambiguous:
        if needle(name) not in spellings:
            yield f"ambiguous: {name!r} is none of its names{_nearest(needle(name), spellings)}"
    for words in entity.mask:
        if needle(words) in spellings or not any(name in needle(words) for name in spellings):
            yield f"mask: {words!r} must be longer than one of its names, and have it inside"
    for key, given in (("context", entity.context), ("forbid", entity.forbid)):
        if given and not entity.ambiguous:
            yield f"{key} is of no use without ambiguous names"
    for words in entity.context:
        if needle(words) in plain:
            yield f"context: {words!r} is one of its plain names, which need not be said again"


def faults_among(entities: Sequence[tuple[str, Entity]]) -> Iterator[str]:
    """What is wrong with entities side by side, each with the file it is from: ids, parents, names, tickers."""
    yield from _repeats(entities)
    yield from _bad_parents(entities)
    yield from _shared_names(entities)


def _repeats(entities: Iterable[tuple[str, Entity]]) -> Iterator[str]:
    first: dict[str, str] = {}
    for file, one in entities:
        if one.id in first:
            yield f"{file}: entity {one.id}: the id is taken in {first[one.id]}"
        first.setdefault(one.id, file)


def _bad_parents(entities: Sequence[tuple[str, Entity]]) -> Iterator[str]:
    parents = {entity.id: entity.parent for _, entity in entities}
    for file, entity in entities:
        if entity.parent and entity.parent not in parents:
            hint = _nearest(entity.parent, parents)
            yield f"{file}: entity {entity.id}: unknown parent {entity.parent!r}{hint}"
            continue
        seen, at = {entity.id}, entity.parent
        while at in parents and at not in seen:
            seen.add(at)
            at = parents[at]
        if at == entity.id:
            yield f"{file}: entity {entity.id}: belongs to itself through its parents"


def _shared_names(entities: Iterable[tuple[str, Entity]]) -> Iterator[str]:
    """Only one entity may own a name or ticker outright; for others it must be ambiguous."""
    owner: dict[str, tuple[str, Entity]] = {}
    for file, entity in entities:
        for words in (*entity.plain(), *entity.tickers):
            if words in owner and owner[words][1].id != entity.id:
                other_file, other = owner[words]
                yield (
                    f"{file}: entity {entity.id}: the name {words!r} is also of {other.id} ({other_file}); "
                    "say for one of them that it is ambiguous, or give another name"
                )
            owner.setdefault(words, (file, entity))


def _nearest(word: str, words: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, words, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
