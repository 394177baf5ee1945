"""What Robowire knows before it reads: the gazetteer of entities and the topics, from the TOML files of seeds/."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from bot.classify.deals.rates import Rates, load_rates
from bot.classify.knowledge.gazetteer import KINDS, Entity, Kind, bad_id, faults_among, faults_of
from bot.classify.knowledge.tables import Table, tables
from bot.classify.normal import needle
from bot.errors import BadConfig, BadInput

__all__ = ["KINDS", "Classes", "Entity", "Kind", "Knowledge", "Terms", "Topic", "load_knowledge"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a topic that weigh the same; `weight` is in (0, 1).

    They count only beside a word of `context`, if there is any. A word of `forbid` in the title cancels them in the whole
    item, one in the summary cancels them there.
    """

    weight: float
    terms: tuple[str, ...]
    context: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of entities whose naming weighs for a topic; `weight` is in (0, 1), `context` and `forbid` as for terms."""

    weight: float
    classes: tuple[str, ...]
    context: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject, the terms and entities that speak for it, and the expressions that must not be taken for them.

    Nothing counts inside an expression of `mask` or `exclude`; those of `exclude` are other senses of the terms that stand
    in them, which count half elsewhere in such an item. `forbid` is that of all its groups and classes. `calibration` has
    slope and offset of the line that turns the log-odds of what the evidence adds up to into those of a probability.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    groups: tuple[Terms, ...] = ()
    classes: tuple[Classes, ...] = ()
    mask: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    calibration: tuple[float, float] = (1.0, 0.0)

    def spellings(self) -> tuple[str, ...]:
        """Its id, name and aliases in normal form."""
        return tuple(needle(words) for words in (self.id, self.name, *self.aliases))


@dataclass(frozen=True)
class Knowledge:
    """All entities and topics, how to find one by what people call it, and what currencies are worth.

    Lookups compare normal forms.
    """

    entities: tuple[Entity, ...] = ()
    topics: tuple[Topic, ...] = ()
    rates: Rates = field(default_factory=lambda: Rates({}))
    _entities: dict[str, Entity] = field(init=False, repr=False, compare=False, default_factory=dict)
    _named: dict[str, list[Entity]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _topics: dict[str, Topic] = field(init=False, repr=False, compare=False, default_factory=dict)
    _nearest: dict[tuple[str, str], str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entity in self.entities:
            self._entities[entity.id] = entity
            for words in entity.spellings():
                self._named.setdefault(words, []).append(entity)
            for ticker in entity.tickers:
                self._named.setdefault(needle(ticker), []).append(entity)
        for topic in self.topics:
            for words in topic.spellings():
                self._topics.setdefault(words, topic)

    def entity(self, entity_id: str) -> Entity:
        """The entity with exactly this id; KeyError if there is none."""
        return self._entities[entity_id]

    def find_entity(self, text: str, kind: str = "") -> Entity | None:
        """The entity of this id, name, alias or ticker; of several, one of this kind first, then one that it means outright."""
        found = self._entities.get(text.strip().lower())
        words = needle(text)
        if found or not (named := self._named.get(words)):
            return found
        return min(named, key=lambda entity: (entity.kind != kind, words in entity.doubtful()))

    def find_topic(self, text: str) -> Topic | None:
        """The topic of this id, name or alias."""
        return self._topics.get(needle(text))

    def lineage(self, entity_id: str) -> tuple[str, ...]:
        """The entity and all that it belongs to, nearest first."""
        line = [entity_id]
        while (parent := self._entities[line[-1]].parent) and parent not in line and parent in self._entities:
            line.append(parent)
        return tuple(line)

    def children(self, entity_id: str) -> frozenset[str]:
        """Everything that belongs to the entity, through any number of parents; without itself."""
        return frozenset(e.id for e in self.entities if e.id != entity_id and entity_id in self.lineage(e.id))

    def suggest(self, kind: Literal["entity", "topic"], text: str) -> str | None:
        """The name or id nearest to a misspelt one, if any is near."""
        words = needle(text)
        if (kind, words) not in self._nearest:
            names = self._named if kind == "entity" else self._topics
            near = difflib.get_close_matches(words, names, n=1, cutoff=0.7)
            self._nearest[kind, words] = self._shown(kind, near[0]) if near else ""
        return self._nearest[kind, words] or None

    def _shown(self, kind: str, words: str) -> str:
        """As the seeds write what has this normal form."""
        if kind == "topic":
            topic = self._topics[words]
            return next(name for name in (topic.name, topic.id, *topic.aliases) if needle(name) == words)
        entity = self._named[words][0]
        return next(name for name in (*entity.written(), *entity.tickers) if needle(name) == words)

    def with_entities(self, extra: Sequence[Entity], aliases: Mapping[str, Sequence[str]] | None = None) -> Knowledge:
        """This and the entities and aliases (names by the id of whose they are) that people here added.

        Takes what it gets: an id that is known stays what it was, an alias of nobody is left out, and a name of two entities
        names both. `check_entity` and `check_alias` say beforehand what is wrong with one.
        """
        new = [entity for entity in {one.id: one for one in extra}.values() if entity.id not in self._entities]
        more = aliases or {}
        merged = (replace(one, names=(*one.names, *more.get(one.id, ()))) for one in (*self.entities, *new))
        return Knowledge(tuple(merged), self.topics, self.rates)

    def check_entity(self, entity: Entity) -> None:
        """Raises BadInput with everything that stands against adding this entity."""
        faults = [fault for fault in (bad_id(entity.id), *faults_of(entity)) if fault]
        if entity.id in self._entities:
            faults.append(f"the id {entity.id} is taken: it is {self._entities[entity.id].name}")
        if entity.parent and entity.parent not in self._entities:
            near = self.suggest("entity", entity.parent)
            faults.append(
                f"there is no entity {entity.parent} to belong to" + (f"; did you mean {near}?" if near else "")
            )
        faults += [told for words in entity.plain() if (told := self._taken(words, entity.id))]
        if faults:
            raise BadInput("\n".join(faults))

    def check_alias(self, entity_id: str, alias: str) -> None:
        """Raises BadInput if this cannot be another name of the entity; KeyError if there is no such entity."""
        words, entity = needle(alias), self._entities[entity_id]
        if not words:
            raise BadInput(f"{alias!r} has no letter or digit to look for")
        if words in entity.spellings():
            raise BadInput(f"{entity.name} is found as {alias!r} already")
        if told := self._taken(words, entity_id):
            raise BadInput(told)

    def _taken(self, words: str, entity_id: str) -> str:
        """Who else has this name outright, as a fault."""
        for other in self._named.get(words, ()):
            if other.id != entity_id and words not in other.doubtful():
                return f"the name {words!r} is taken: it is {other.name} ({other.id})"
        return ""


# -- reading -----------------------------------------------------------------------------------------------------------


def load_knowledge(folder: Path) -> Knowledge:
    """Read `entities/*.toml`, `topics/*.toml` and, if it is there, `rates.toml` of a folder laid out like seeds/.

    Raises BadConfig with every fault found, each with its file: files that are no TOML, unknown keys, values of a wrong
    type, ids that repeat, unknown parents and circles of parents, names that two entities share and neither calls ambiguous.
    """
    faults: list[str] = []
    if not folder.is_dir():
        raise BadConfig([f"{folder}: there is no such folder"])
    read = list(tables(folder / "entities", faults))
    contexts = _contexts(read)
    entities: list[tuple[str, Entity]] = []
    for table in read:
        entities += [(table.where, entity) for row in table.rows("entity") if (entity := _entity(row, contexts))]
        table.close()
    topics = [(table.where, topic) for table in tables(folder / "topics", faults) if (topic := _topic(table))]
    faults += [*faults_among(entities), *_repeats(topics)]
    rates = _rates(folder / "rates.toml", faults)
    if faults:
        raise BadConfig(faults)
    return Knowledge(tuple(entity for _, entity in entities), tuple(topic for _, topic in topics), rates)


def _rates(path: Path, faults: list[str]) -> Rates:
    if path.is_file():
        try:
            return load_rates(path)
        except BadConfig as error:
            faults += error.faults
    return Rates({})


def _identity(row: Table) -> str:
    found = row.string("id", needed=True)
    if found and (fault := bad_id(found)):
        row.fault(fault)
    return found


def _contexts(read: Sequence[Table]) -> dict[str, tuple[str, ...]]:
    """The sets of context words that all files together give names to."""
    found: dict[str, list[str]] = {}
    for table in read:
        for name, words in table.tagged("contexts"):
            found.setdefault(name, []).append(words)
    return {name: tuple(words) for name, words in found.items()}


def _context(row: Table, contexts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """An entity's context words; "@robots" stands for all words of the set of this name."""
    found: list[str] = []
    for words in row.strings("context"):
        if not words.startswith("@"):
            found.append(words)
        elif words[1:] in contexts:
            found += contexts[words[1:]]
        else:
            row.fault(
                f"context: there is no set {words!r}, only {', '.join(f'@{name}' for name in contexts) or 'none'}"
            )
    return tuple(found)


def _entity(row: Table, contexts: Mapping[str, tuple[str, ...]]) -> Entity | None:
    names = row.tagged("names")
    entity = Entity(
        id=_identity(row),
        kind=row.string("kind", needed=True),
        name=row.string("name", needed=True),
        names=tuple(name for _, name in names),
        parent=row.string("parent"),
        classes=row.strings("classes"),
        context=_context(row, contexts),
        forbid=row.strings("forbid"),
        ambiguous=row.strings("ambiguous"),
        mask=row.strings("mask"),
        former=row.strings("former"),
        mistaken=row.strings("mistaken"),
        tickers=row.strings("tickers"),
        country=row.string("country"),
        loose=row.flag("loose"),
        tags=tuple(tag for tag, _ in names),
    )
    for fault in faults_of(entity):
        row.fault(fault)
    return entity if entity.id else None


def _limits(row: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Beside which words what a table lists counts, and beside which it does not."""
    return row.strings("context"), row.strings("forbid")


def _topic(table: Table) -> Topic | None:
    topic = Topic(
        id=_identity(table),
        name=table.string("name", needed=True),
        aliases=table.strings("aliases"),
        exclude=table.strings("exclude"),
        groups=tuple(Terms(row.weight(), row.strings("terms"), *_limits(row)) for row in table.rows("group")),
        classes=tuple(Classes(row.weight(), row.strings("classes"), *_limits(row)) for row in table.rows("class")),
        mask=table.strings("mask"),
        forbid=table.strings("forbid"),
        calibration=table.line("calibration"),
    )
    table.close()
    return topic if topic.id else None


def _repeats(topics: Iterable[tuple[str, Topic]]) -> list[str]:
    first: dict[str, str] = {}
    faults = []
    for file, one in topics:
        if one.id in first:
            faults.append(f"{file}: topic {one.id}: the id is taken in {first[one.id]}")
        first.setdefault(one.id, file)
    return faults
