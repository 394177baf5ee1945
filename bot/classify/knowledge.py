"""What Robowire knows before it reads: the gazetteer of entities and the topics, from the TOML files of seeds/."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from bot.classify.normal import needle
from bot.errors import BadConfig

Kind = Literal["company", "investor", "person", "lab"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Entity:
    """A company, investor, person or lab, and every spelling of its name.

    `parent` is the id of what it belongs to. `classes` are what topics weigh ("robotics"). An ambiguous entity counts
    only in items that have one of its `context` words, if it lists any, and none of its `forbid` words.
    """

    id: str
    kind: str
    name: str
    names: tuple[str, ...] = ()
    parent: str = ""
    classes: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()

    def spellings(self) -> tuple[str, ...]:
        """Its names in normal form, each once."""
        return tuple(dict.fromkeys(words for words in map(needle, (self.name, *self.names)) if words))


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a topic that weigh the same; `weight` is in (0, 1)."""

    weight: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of entities whose naming weighs for a topic; `weight` is in (0, 1)."""

    weight: float
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject, the terms and entities that speak for it, and the expressions that must not be taken for them."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    groups: tuple[Terms, ...] = ()
    classes: tuple[Classes, ...] = ()

    def spellings(self) -> tuple[str, ...]:
        """Its id, name and aliases in normal form."""
        return tuple(needle(words) for words in (self.id, self.name, *self.aliases))


@dataclass(frozen=True)
class Knowledge:
    """All entities and topics, and how to find one by what people call it. Lookups compare normal forms."""

    entities: tuple[Entity, ...] = ()
    topics: tuple[Topic, ...] = ()
    _entities: dict[str, Entity] = field(init=False, repr=False, compare=False, default_factory=dict)
    _named: dict[str, list[Entity]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _topics: dict[str, Topic] = field(init=False, repr=False, compare=False, default_factory=dict)
    _nearest: dict[tuple[str, str], str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entity in self.entities:
            self._entities[entity.id] = entity
            for words in entity.spellings():
                self._named.setdefault(words, []).append(entity)
        for topic in self.topics:
            for words in topic.spellings():
                self._topics.setdefault(words, topic)

    def entity(self, entity_id: str) -> Entity:
        """The entity with exactly this id; KeyError if there is none."""
        return self._entities[entity_id]

    def find_entity(self, text: str, kind: str = "") -> Entity | None:
        """The entity of this id, name or alias; of several, one of this kind first, then one that needs no context."""
        found = self._entities.get(text.strip().lower())
        if found or not (named := self._named.get(needle(text))):
            return found
        return min(named, key=lambda entity: (entity.kind != kind, bool(entity.context)))

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
        return next(name for name in (entity.name, *entity.names) if needle(name) == words)


# -- reading -----------------------------------------------------------------------------------------------------------

_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_Table = Mapping[str, Any]


def load_knowledge(folder: Path) -> Knowledge:
    """Read `entities/*.toml` and `topics/*.toml` of a folder laid out like seeds/.

    Raises BadConfig with every fault found, each with its file: files that are no TOML, unknown keys, values of a wrong
    type, ids that repeat, unknown parents and circles of parents, names that two entities share without a context.
    """
    faults: list[str] = []
    entities: list[tuple[str, Entity]] = []
    topics: list[tuple[str, Topic]] = []
    if not folder.is_dir():
        raise BadConfig([f"{folder}: there is no such folder"])
    for path, table in _tables(folder / "entities", faults):
        reader = _Reader(path.name, table, faults)
        entities += [(path.name, entity) for row in reader.rows("entity") if (entity := _entity(row))]
        reader.close()
    for path, table in _tables(folder / "topics", faults):
        topic = _topic(_Reader(path.name, table, faults))
        topics += [(path.name, topic)] if topic else []
    faults += _repeats(entities, "entity") + _repeats(topics, "topic")
    faults += _bad_parents(entities) + _shared_names(entities)
    if faults:
        raise BadConfig(faults)
    return Knowledge(tuple(entity for _, entity in entities), tuple(topic for _, topic in topics))


def _tables(folder: Path, faults: list[str]) -> Iterator[tuple[Path, _Table]]:
    """Every TOML file of the folder as a table, in the order of their names."""
    for path in sorted(folder.glob("*.toml")):
        try:
            yield path, tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(f"{path.name}: cannot be read: {error}")


class _Reader:
    """Takes typed values out of a table and notes as a fault what is missing, of another type, or left over."""

    def __init__(self, where: str, table: _Table, faults: list[str]) -> None:
        self.where, self._table, self._faults = where, table, faults
        self._known: list[str] = []

    def fault(self, text: str) -> None:
        self._faults.append(f"{self.where}: {text}")

    def string(self, key: str, *, needed: bool = False) -> str:
        value = self._take(key, "" if not needed else None)
        if isinstance(value, str) and (value.strip() or not needed):
            return value
        self.fault(f"{key} is missing" if value is None else f"{key} must be text, not {value!r}")
        return ""

    def strings(self, key: str) -> tuple[str, ...]:
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fault(f"{key} must be a list of texts")
            return ()
        for one in value:
            if not needle(one):
                self.fault(f"{key}: {one!r} has no letter or digit to look for")
        return tuple(value)

    def weight(self) -> float:
        value = self._take("weight", None)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1:
            return float(value)
        self.fault(f"weight must be a number between 0 and 1, not {value!r}")
        return 0.5

    def rows(self, key: str) -> Iterator[_Reader]:
        """The tables of an array, each closed once the next is asked for."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(f"{key} must be [[{key}]] tables")
            value = []
        for number, row in enumerate(value, 1):
            name = row.get("id") if isinstance(row.get("id"), str) else number
            reader = _Reader(f"{self.where}: {key} {name}", row, self._faults)
            yield reader
            reader.close()

    def close(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._table:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                self.fault(f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))

    def _take(self, key: str, default: object) -> Any:
        self._known.append(key)
        return self._table.get(key, default)


def _identity(row: _Reader) -> str:
    found = row.string("id", needed=True)
    if found and not _ID.fullmatch(found):
        row.fault(f"id {found!r} must be of a-z, 0-9 and single - _ . between them")
    return found


def _entity(row: _Reader) -> Entity | None:
    entity = Entity(
        id=_identity(row),
        kind=row.string("kind", needed=True),
        name=row.string("name", needed=True),
        names=row.strings("names"),
        parent=row.string("parent"),
        classes=row.strings("classes"),
        context=row.strings("context"),
        forbid=row.strings("forbid"),
    )
    if entity.kind and entity.kind not in KINDS:
        row.fault(f"kind must be one of {', '.join(KINDS)}, not {entity.kind!r}")
    if not entity.spellings():
        row.fault("name has no letter or digit to look for")
    return entity if entity.id else None


def _topic(reader: _Reader) -> Topic | None:
    topic = Topic(
        id=_identity(reader),
        name=reader.string("name", needed=True),
        aliases=reader.strings("aliases"),
        exclude=reader.strings("exclude"),
        groups=tuple(Terms(row.weight(), row.strings("terms")) for row in reader.rows("group")),
        classes=tuple(Classes(row.weight(), row.strings("classes")) for row in reader.rows("class")),
    )
    reader.close()
    return topic if topic.id else None


def _repeats(found: Iterable[tuple[str, Entity | Topic]], what: str) -> list[str]:
    first: dict[str, str] = {}
    faults = []
    for file, one in found:
        if one.id in first:
            faults.append(f"{file}: {what} {one.id}: the id is taken in {first[one.id]}")
        first.setdefault(one.id, file)
    return faults


def _bad_parents(entities: list[tuple[str, Entity]]) -> list[str]:
    parents = {entity.id: entity.parent for _, entity in entities}
    faults = []
    for file, entity in entities:
        if entity.parent and entity.parent not in parents:
            near = difflib.get_close_matches(entity.parent, parents, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            faults.append(f"{file}: entity {entity.id}: unknown parent {entity.parent!r}{hint}")
            continue
        seen, at = {entity.id}, entity.parent
        while at in parents and at not in seen:
            seen.add(at)
            at = parents[at]
        if at == entity.id:
            faults.append(f"{file}: entity {entity.id}: belongs to itself through its parents")
    return faults


def _shared_names(entities: list[tuple[str, Entity]]) -> list[str]:
    """Only one entity may own a name outright; others need a context to be told from it."""
    owner: dict[str, tuple[str, Entity]] = {}
    faults = []
    for file, entity in entities:
        for words in () if entity.context else entity.spellings():
            if words in owner and owner[words][1].id != entity.id:
                other_file, other = owner[words]
                faults.append(
                    f"{file}: entity {entity.id}: the name {words!r} is also of {other.id} ({other_file}); "
                    "give one of them a context or another name"
                )
            owner.setdefault(words, (file, entity))
    return faults
