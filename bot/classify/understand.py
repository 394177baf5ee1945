"""From one item to what it is about: names, topics, and, where its words promise some, event, deals and roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.classify.deals import find as deals
from bot.classify.events import find as events
from bot.classify.events.roles import find_roles
from bot.classify.knowledge.entities import EntityIndex, Named
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.knowledge.topics import MATCHED, Scored, TopicIndex
from bot.classify.lexicon import Hit, Lexicon
from bot.classify.passages import Name, Passage
from bot.classify.reading import Reading
from bot.model import Classification, Deal, EventType, Evidence, Item, Mention, Role
from bot.text import level


class Glance(NamedTuple):
    """What the automaton's hits alone tell: the names (longest first where they overlap) and the topics' scores.

    `eventful` and `dealing`: there is a word without which no event, or no deal, is told.
    """

    named: Sequence[Named]
    scored: Sequence[Scored]
    eventful: bool = False
    dealing: bool = False

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that count as matched."""
        return tuple(one.topic for one in self.scored if one.score > MATCHED)

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities that are named, each once."""
        return tuple(dict.fromkeys(one.entity.id for one in self.named))


_BLANK = Glance((), ())

_REACH = 420
"""Of an item that names nobody and is about no topic only so many characters of the summary are looked at for an event."""


class Understander:
    """The gazetteer, the topics and the words that announce events, as numbers of a lexicon. For one thread at a time."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        self._lexicon, self._rates = lexicon, knowledge.rates
        self._entities = EntityIndex(knowledge.entities, lexicon)
        self._topics = TopicIndex(knowledge.topics, knowledge.entities, lexicon)
        self._dealing = lexicon.add_all(deals.TRIGGERS)
        self._eventful = lexicon.add_all(events.TRIGGERS) | self._dealing
        self._known = len(lexicon)  # needles below this number are of the knowledge

    def glance(self, reading: Reading, hits: Sequence[Hit]) -> Glance:
        """Names and topics; cheap enough for every item there is."""
        known = [self._lexicon.exact(hit) for hit in hits if hit[0] < self._known]
        if not known:
            return _BLANK
        present = {number for number, _, _ in known}
        named = self._entities.find(known, present, reading)
        scored = self._topics.score(known, named, reading)
        dealing, eventful = not self._dealing.isdisjoint(present), not self._eventful.isdisjoint(present)
        if eventful and not (named or scored):  # of no interest but for what happens at its beginning, if anything does
            reach = reading.title_end + _REACH
            eventful = any(start < reach and number in self._eventful for number, start, _ in known)
        if not (named or scored or eventful or dealing):
            return _BLANK
        return Glance(named, scored, eventful, dealing)

    def classify(self, item: Item, reading: Reading, glance: Glance) -> Classification:
        """Everything about the item, with evidence; offsets are of its own title and summary."""
        if glance is _BLANK:
            return _NOTHING
        evidence = [reading.evidence(f"topic:{one.topic}", *reason) for one in glance.scored for reason in one.reasons]
        topics = {one.topic: one.score for one in glance.scored}
        if not (glance.named or glance.eventful or glance.dealing):
            return Classification(topics, (), tuple(evidence))
        named = [(one, reading.evidence(f"entity:{one.entity.id}", one.start, one.end)) for one in glance.named]
        passages = _passages(item, named)
        found: tuple[Deal, ...] = ()
        event: EventType = "other"
        if glance.dealing:
            found = deals.find_deals(passages, item.published, self._rates)
        if glance.eventful or found:
            event, why = events.find_event(passages, found)
            evidence += why
        mentions = _mentions(named, find_roles(passages, found, event)) if named else ()
        return Classification(topics, mentions, tuple(evidence), event, found)


_NOTHING = Classification()
_Roles = Mapping[str, tuple[Role, Evidence | None]]


def _passages(item: Item, named: Sequence[tuple[Named, Evidence]]) -> tuple[Passage, ...]:
    """Title and summary, those that are not empty, level, with the names in each."""
    names: dict[str, list[Name]] = {"title": [], "summary": []}
    for one, where in named:
        names[where.field].append(Name(one.entity.id, one.entity.kind, where.start, where.end))
    both = (
        Passage("title", item.title, level(item.title), tuple(names["title"])),
        Passage("summary", item.summary, level(item.summary), tuple(names["summary"])),
    )
    return tuple(passage for passage in both if passage.text)


def _mentions(named: Sequence[tuple[Named, Evidence]], roles: _Roles) -> tuple[Mention, ...]:
    """Each entity once, at its first place, with its role."""
    first: dict[str, tuple[Named, Evidence]] = {}
    for one in named:
        first.setdefault(one[0].entity.id, one)
    return tuple(
        Mention(entity.id, entity.name, entity.kind, where, *roles.get(entity.id, ("mention", None)))
        for (entity, _, _), where in first.values()
    )
