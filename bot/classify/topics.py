"""How much an item is about each topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.classify.entities import Named
from bot.classify.knowledge import Entity, Topic
from bot.classify.lexicon import Hit, Lexicon

MATCHED = 0.5
"""A topic above this score counts as matched."""

IN_SUMMARY = 0.6
"""What a term in the summary weighs, of its weight in the title."""


class Reason(NamedTuple):
    """What [start, end) of the normal text adds to a topic's score."""

    start: int
    end: int
    weight: float


class Scored(NamedTuple):
    """A topic's score in [0, 1): 1 - product of (1 - weight) over its reasons: distinct terms and distinct entities."""

    topic: str
    score: float
    reasons: tuple[Reason, ...]


class TopicIndex:
    """What terms (by their numbers in the lexicon) and entity classes weigh for which topic, and what masks them."""

    def __init__(self, topics: Iterable[Topic], entities: Iterable[Entity], lexicon: Lexicon) -> None:
        self._terms: dict[int, list[tuple[str, float]]] = {}
        self._excluded: dict[int, list[str]] = {}
        self._order: list[str] = []
        classes: dict[str, list[tuple[str, float]]] = {}
        for topic in topics:
            self._order.append(topic.id)
            for group in topic.groups:
                for number in lexicon.add_all(group.terms):
                    self._terms.setdefault(number, []).append((topic.id, group.weight))
            for number in lexicon.add_all(topic.exclude):
                self._excluded.setdefault(number, []).append(topic.id)
            for part in topic.classes:
                for name in part.classes:
                    classes.setdefault(name, []).append((topic.id, part.weight))
        self._weights = {entity.id: found for entity in entities if (found := _heaviest(entity.classes, classes))}

    def score(self, hits: Sequence[Hit], named: Sequence[Named], title_end: int) -> list[Scored]:
        """All topics that anything speaks for, in the order of the seeds. Hits before `title_end` are in the title."""
        terms: dict[str, list[tuple[Hit, float]]] = {}
        masks: dict[str, list[Hit]] = {}
        for hit in hits:
            number = hit[0]
            if number in self._terms:
                for topic, weight in self._terms[number]:
                    terms.setdefault(topic, []).append((hit, weight))
            if number in self._excluded:
                for topic in self._excluded[number]:
                    masks.setdefault(topic, []).append(hit)
        reasons: dict[str, list[Reason]] = {}
        for topic, found in terms.items():
            reasons[topic] = _of_terms(found, masks.get(topic, []), title_end)
        if not (reasons or named):
            return []
        for topic, reason in self._of_entities(named, title_end):
            reasons.setdefault(topic, []).append(reason)
        return [_scored(topic, reasons[topic]) for topic in self._order if reasons.get(topic)]

    def _of_entities(self, named: Sequence[Named], title_end: int) -> Iterable[tuple[str, Reason]]:
        """What each distinct entity, at its best place, says for a topic."""
        seen: set[str] = set()
        for entity, start, end in named:  # in the order of the text, so the title comes first
            if entity.id in seen:
                continue
            seen.add(entity.id)
            for topic, weight in self._weights.get(entity.id, ()):
                yield topic, Reason(start, end, weight if start < title_end else weight * IN_SUMMARY)


def _heaviest(names: Iterable[str], classes: Mapping[str, list[tuple[str, float]]]) -> list[tuple[str, float]]:
    """What an entity of classes with these names weighs: for each topic its heaviest class."""
    best: dict[str, float] = {}
    for name in names:
        for topic, weight in classes.get(name, ()):
            best[topic] = max(weight, best.get(topic, 0.0))
    return list(best.items())


def _of_terms(found: list[tuple[Hit, float]], masks: list[Hit], title_end: int) -> list[Reason]:
    """One reason for each distinct term, at its best place; none inside excluded expressions or longer terms."""
    if len(found) == 1 and not masks:
        (number, start, end), weight = found[0]
        return [Reason(start, end, weight if start < title_end else weight * IN_SUMMARY)]
    taken = [(start, end) for _, start, end in masks]
    best: dict[int, Reason] = {}
    for (number, start, end), weight in sorted(found, key=lambda one: (one[0][1] - one[0][2], one[0][1], -one[1])):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        counted = weight if start < title_end else weight * IN_SUMMARY
        if number not in best or counted > best[number].weight:
            best[number] = Reason(start, end, counted)
    return list(best.values())


def _scored(topic: str, reasons: list[Reason]) -> Scored:
    rest = 1.0
    for reason in reasons:
        rest *= 1 - reason.weight
    return Scored(topic, 1 - rest, tuple(sorted(reasons)))
