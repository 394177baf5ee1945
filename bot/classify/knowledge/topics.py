"""How much an item is about each topic."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.classify.knowledge.emphasis import Emphasis
from bot.classify.knowledge.entities import Named
from bot.classify.knowledge.seeds import Classes, Entity, Terms, Topic
from bot.classify.lexicon import Hit, Lexicon
from bot.classify.normal import needle, padded
from bot.classify.reading import Reading

MATCHED = 0.5
"""A topic above this score counts as matched."""

PERSON = 0.6
"""What a person counts of what a company of the same class does: people also talk about other things."""

ASIDE = 0.5
"""What an entity counts that its neighbour words make an aside: "a former X engineer", "backed by X", "X参投"."""

_BEFORE = re.compile(
    r"\b(?:former|ex|formerly|like|unlike|rivals?|vs|versus|than|backed by|led by|funded by|owned by|alumni of|from)"
    r"(?: the)? $|(?:(?<![日此目之以年月天周])前|离职|原|对标|媲美|不是) ?$"
)
_AFTER = re.compile(
    r" (?:backed|alum|alums|alumni|veterans?|investors?|backers?|rivals?|competitors?|co founders?|cofounders?|founders?|mafia)\b|"
    r" ?(?:领投|跟投|参投|投资|入股|战投|系|前(?:员工|高管|副总裁|工程师)|等(?:机构|企业|公司)?(?:领投|跟投|参投|投资))"
)


DOUBTED = 0.5
"""What a term counts in an item that also has it in another sense (in an expression of `exclude`)."""


class Reason(NamedTuple):
    """What [start, end) of the normal text adds to a topic's evidence."""

    start: int
    end: int
    weight: float


class Scored(NamedTuple):
    """A topic's score in [0, 1), a probability if the topic is calibrated, and what it rests on.

    The reasons are distinct terms and distinct entities. Their weights, each that of the seeds times what its place counts,
    add up to 1 - product of (1 - weight).
    """

    topic: str
    score: float
    reasons: tuple[Reason, ...]


class _Words(NamedTuple):
    """Words to look for, each as it stands in a normal text between spaces; `number` is this set's own."""

    number: int
    words: tuple[str, ...]


class _Rule(NamedTuple):
    """Beside which words a term counts (any, if there are none), and beside which it does not."""

    context: _Words | None
    forbid: _Words | None


class _Beside:
    """What stands in one item beside its terms; each set of words is looked for once."""

    __slots__ = ("_found", "_reading")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._found: dict[int, tuple[int, int]] = {}

    def allows(self, rule: _Rule | None, start: int, end: int) -> bool:
        """Whether what stands at [start, end) counts in this item."""
        if rule is None:
            return True
        if rule.forbid is not None:
            title_end = self._reading.title_end
            if self._places(rule.forbid)[0] <= (title_end if start < title_end else len(self._reading.text)):
                return False
        if rule.context is None:
            return True
        first_end, last_start = self._places(rule.context)
        return first_end <= start or end <= last_start

    def _places(self, words: _Words) -> tuple[int, int]:
        """Where the first of these words ends, and where the last begins; the text's length + 1 and -1 if there is none.

        The spaces around a word are not counted.
        """
        found = self._found.get(words.number)
        if found is None:
            text = self._reading.text
            first_end, last_start = len(text) + 1, -1
            for word in words.words:
                at = text.find(word)
                if at >= 0:
                    first_end = min(first_end, at + len(word.rstrip()))
                    last_start = max(last_start, text.rfind(word) + word.startswith(" "))
            found = self._found[words.number] = (first_end, last_start)
        return found


class _Weight(NamedTuple):
    topic: str
    weight: float
    rule: _Rule | None


class _Masks(NamedTuple):
    """Spans of a text of this length in which no term counts: names and the like, and other senses of the terms in them."""

    length: int
    names: list[tuple[int, int]]
    senses: list[tuple[int, int]]


class _Taken:
    """Which characters of a text stand in something that counted, or must not; linear in the text, however many hits it has."""

    __slots__ = ("_marks",)

    def __init__(self, masks: _Masks) -> None:
        self._marks = bytearray(masks.length)
        for spans, mark in ((masks.names, b"\1"), (masks.senses, b"\2")):
            for start, end in spans:
                self._marks[start:end] = mark * (end - start)

    def overlaps(self, start: int, end: int) -> bool:
        return self._marks.count(0, start, end) < end - start

    def is_sense(self, start: int, end: int) -> bool:
        return self._marks.count(2, start, end) > 0

    def add(self, start: int, end: int) -> None:
        self._marks[start:end] = b"\1" * (end - start)


class TopicIndex:
    """What terms (by their numbers in the lexicon) and entity classes weigh for which topic, and what masks them."""

    def __init__(self, topics: Iterable[Topic], entities: Iterable[Entity], lexicon: Lexicon) -> None:
        self._terms: dict[int, list[_Weight]] = {}
        self._masks: dict[int, list[str]] = {}
        self._senses: dict[int, list[str]] = {}
        self._denials: dict[int, list[str]] = {}
        self._lines: dict[str, tuple[float, float]] = {}
        rules = _Rules()
        classes: dict[str, list[_Weight]] = {}
        for topic in topics:
            self._lines[topic.id] = topic.calibration
            for group in topic.groups:
                weight = _Weight(topic.id, group.weight, rules.of(group))
                for number in lexicon.add_all(group.terms):
                    self._terms.setdefault(number, []).append(weight)
            for number in lexicon.add_all(topic.mask):
                self._masks.setdefault(number, []).append(topic.id)
            for number in lexicon.add_all(topic.exclude):
                self._senses.setdefault(number, []).append(topic.id)
            for number in lexicon.add_all(topic.forbid):
                self._denials.setdefault(number, []).append(topic.id)
            for part in topic.classes:
                weight = _Weight(topic.id, part.weight, rules.of(part))
                for name in part.classes:
                    classes.setdefault(name, []).append(weight)
        self._weights = {
            entity.id: found
            for entity in entities
            if (found := [weight for name in entity.classes for weight in classes.get(name, ())])
        }

    def score(self, hits: Sequence[Hit], named: Sequence[Named], reading: Reading) -> list[Scored]:
        """All topics that anything speaks for, in the order of the seeds."""
        terms: dict[str, list[tuple[Hit, _Weight]]] = {}
        for hit in hits:
            if hit[0] in self._terms:
                for weight in self._terms[hit[0]]:
                    terms.setdefault(weight.topic, []).append((hit, weight))
        if not terms:
            named = [one for one in named if one.entity.id in self._weights]
            if not named:
                return []
        reasons: dict[str, list[Reason]] = {}
        emphasis, beside = Emphasis(reading), _Beside(reading)
        names = [(one.start, one.end) for one in named if one.entity.kind == "investor"]
        for topic, found in terms.items():
            masks = [hit[1:] for hit in hits if topic in self._masks.get(hit[0], ())]
            senses = [hit[1:] for hit in hits if topic in self._senses.get(hit[0], ())]
            reasons[topic] = list(_of_terms(found, _Masks(len(reading.text), names + masks, senses), beside, emphasis))
        for topic, reason in self._of_entities(named, reading, emphasis, beside):
            reasons.setdefault(topic, []).append(reason)
        for topic, until in self._denied(hits, reading.title_end).items():
            reasons[topic] = [one for one in reasons.get(topic, ()) if one.start < until]
        return [_scored(topic, reasons[topic], line) for topic, line in self._lines.items() if reasons.get(topic)]

    def _denied(self, hits: Sequence[Hit], title_end: int) -> dict[str, int]:
        """For each topic with which an item says it has nothing to do: up to where things count all the same."""
        found: dict[str, int] = {}
        for number, start, _ in hits:
            for topic in self._denials.get(number, ()):
                found[topic] = min(0 if start < title_end else title_end, found.get(topic, title_end))
        return found

    def _of_entities(
        self, named: Sequence[Named], reading: Reading, emphasis: Emphasis, beside: _Beside
    ) -> Iterator[tuple[str, Reason]]:
        """What each distinct entity, at its first place, says for a topic: by its heaviest class that counts there."""
        seen: set[str] = set()
        for entity, start, end in named:  # in the order of the text, so the title comes first
            if entity.id in seen or entity.id not in self._weights:
                continue
            seen.add(entity.id)
            best: dict[str, float] = {}
            for topic, weight, rule in self._weights[entity.id]:
                if weight > best.get(topic, 0.0) and beside.allows(rule, start, end):
                    best[topic] = weight
            if not best:
                continue
            part = emphasis.of([(start, end)])[2] * (PERSON if entity.kind == "person" else 1.0)
            if _BEFORE.search(reading.text, max(0, start - 24), start) or _AFTER.match(reading.text, end):
                part *= ASIDE
            for topic, weight in best.items():
                yield topic, Reason(start, end, weight * part)


def log_odds(share: float) -> float:
    """Those of a share in [0, 1], kept away from both ends."""
    share = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(share / (1 - share))


def probability(odds: float) -> float:
    """What has these log-odds."""
    return 1 / (1 + math.exp(-max(min(odds, 30.0), -30.0)))


class _Rules:
    """Makes rules, and one set of words only for each list of the seeds."""

    def __init__(self) -> None:
        self._sets: dict[tuple[str, ...], _Words] = {}

    def of(self, part: Terms | Classes) -> _Rule | None:
        """What the seeds say of where a group or class counts; None if it counts everywhere."""
        context, forbid = (self._words(texts) if texts else None for texts in (part.context, part.forbid))
        return _Rule(context, forbid) if context or forbid else None

    def _words(self, texts: tuple[str, ...]) -> _Words:
        return self._sets.setdefault(texts, _Words(len(self._sets), _needles(texts)))


def _needles(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(padded(words) for words in map(needle, texts) if words)


def _of_terms(found: list[tuple[Hit, _Weight]], masks: _Masks, beside: _Beside, emphasis: Emphasis) -> Iterator[Reason]:
    """One reason for each distinct term, at its best place; none inside masked expressions or longer terms."""
    taken = _Taken(masks)
    places: dict[int, list[tuple[int, int]]] = {}
    weights: dict[int, float] = {}
    doubted: set[int] = set()
    found.sort(key=lambda one: (one[0][1] - one[0][2], one[0][1], -one[1].weight))
    for (number, start, end), (_, weight, rule) in found:
        if taken.overlaps(start, end):
            if taken.is_sense(start, end):
                doubted.add(number)
        elif beside.allows(rule, start, end):
            taken.add(start, end)
            places.setdefault(number, []).append((start, end))
            weights[number] = max(weight, weights.get(number, 0.0))
    for number, spans in places.items():
        start, end, part = emphasis.of(spans)
        yield Reason(start, end, weights[number] * part * (DOUBTED if number in doubted else 1.0))


def _scored(topic: str, reasons: list[Reason], line: tuple[float, float]) -> Scored:
    rest = 1.0
    for reason in reasons:
        rest *= 1 - reason.weight
    score = 1 - rest
    if line != (1.0, 0.0):
        score = probability(line[0] * log_odds(score) + line[1])
    return Scored(topic, score, tuple(sorted(reasons)))
