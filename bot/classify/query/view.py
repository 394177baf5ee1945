"""One item as queries see it: its words, its facts, and the evidence for both. What is not asked for is not worked out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache

from bot.classify.normal import Places, normal
from bot.classify.query.facts import Facts, Kin, facts_of
from bot.classify.query.near import Span, near, spans
from bot.classify.query.syntax import (
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
    Needle,
    Phrase,
    Prefix,
    Word,
)
from bot.classify.reading import Reading
from bot.model import Classification, Deal, Evidence, Item, Mention

_DEAL_FIELDS = {HasRound: "deal.round", HasAmount: "deal.amount"}


class View:
    """An item with what it was found to be about. `text` and `title` are normal, between spaces."""

    def __init__(self, item: Item, reading: Reading, about: Classification, kin: Kin) -> None:
        self.item, self.reading, self.about = item, reading, about
        self.text = reading.text
        self._kin = kin
        self._facts: tuple[Facts, ...] | None = None

    @cached_property
    def title(self) -> str:
        """Its title alone."""
        return self.text[: self.reading.title_end]

    @cached_property
    def summary(self) -> str:
        """Its summary alone."""
        return self.text[self.reading.title_end + 1 :]

    @property
    def source(self) -> str:
        """The outlet's name."""
        return of_source(self.item.source)

    @property
    def facts(self) -> tuple[Facts, ...]:
        """What is true besides, once for each deal."""
        if self._facts is None:
            self._facts = facts_of(self.item, self.about, self._kin)
        return self._facts

    def near(self, leaf: Near) -> bool:
        """Whether its parts stand near each other in the title, or in the summary."""
        return bool(near(self.title, leaf.parts, leaf.distance) or near(self.summary, leaf.parts, leaf.distance))

    # -- evidence ------------------------------------------------------------------------------------------------------

    def evidence(self, leaf: Leaf, bound: frozenset[str] = frozenset(), deal: Deal | None = None) -> Iterator[Evidence]:
        """Why a term holds: each place in the title and the first in the summary; what its topic, entity or deal shows.

        `bound` are the entities that a role is asked of, `deal` is the one of which terms of deals hold.
        """
        match leaf:
            case Word() | Phrase() | Prefix():
                yield from self._words("word", leaf)
            case Near(parts, distance):
                yield from self._near(parts, distance)
            case InField("lang", value):
                yield Evidence(f"lang:{value}", self.item.lang, "lang", 0, len(self.item.lang))
            case InField("source", value):
                yield from self._in_source(value)
            case InField(_, value):
                yield from self._in_title(value)
            case ManySources():
                return
            case _:
                yield from self._of_fact(leaf, bound, deal)

    def _words(self, what: str, needle: Needle) -> Iterator[Evidence]:
        end = self.reading.title_end
        for start, stop in spans(self.text, needle):
            yield self.reading.evidence(f"{what}:{_plain(needle)}", start, stop)
            if start > end:
                return

    def _near(self, parts: tuple[Needle, ...], distance: int) -> Iterator[Evidence]:
        yield from self._places("word", parts, near(self.title, parts, distance))
        after = self.reading.title_end + 1
        found = [(start + after, end + after) for start, end in near(self.summary, parts, distance)]
        yield from self._places("word", parts, found)

    def _places(self, what: str, parts: tuple[Needle, ...], places: list[Span]) -> Iterator[Evidence]:
        """Evidence for places of the text, each named for the part that stands there."""
        for start, end in places:
            yield self.reading.evidence(f"{what}:{_part_at(parts, self.text[start:end])}", start, end)

    def _in_title(self, value: Needle | Near) -> Iterator[Evidence]:
        if isinstance(value, Near):
            yield from self._places("title", value.parts, near(self.title, value.parts, value.distance))
        else:
            yield from self._places("title", (value,), spans(self.title, value))

    def _in_source(self, value: Needle | Near) -> Iterator[Evidence]:
        original, padded = self.item.source, self.source
        parts: tuple[Needle, ...] = value.parts if isinstance(value, Near) else (value,)
        found = near(padded, parts, value.distance) if isinstance(value, Near) else spans(padded, value)[:1]
        places = Places(original)
        for start, end in found:
            first, last = places.span(start - 1, end - 1)
            what = f"source:{_part_at(parts, padded[start:end])}"
            yield Evidence(what, original[first:last], "source", first, last)

    def _of_fact(self, leaf: Leaf, bound: frozenset[str], deal: Deal | None) -> Iterator[Evidence]:
        match leaf:
            case HasTopic() | HasEvent():
                shown = [one for one in self.about.evidence if one.what == str(leaf)]
                yield from shown or _of_deal(deal, "deal.trigger")
            case HasEntity(_, entity):
                yield from (one.evidence for one in self.about.mentions if entity in self._kin.line(one.entity))
            case InRegion(region):
                yield from (one.evidence for one in self.about.mentions if region in self._kin.regions(one.entity))
            case HasRole():
                yield from (self._of_role(one) for one in self.having(leaf, bound))
            case HasRound() | HasAmount():
                yield from _of_deal(deal, _DEAL_FIELDS[type(leaf)])
            case _:
                raise AssertionError(f"{leaf} is no fact")

    def having(self, leaf: HasRole, bound: frozenset[str]) -> list[Mention]:
        """Who of those named has the role; of those bound to it, if any are."""
        roles = {leaf.role, "lead"} if leaf.role == "investor" else {leaf.role}
        return [one for one in self.named(bound) if one.role in roles]

    def named(self, bound: frozenset[str]) -> list[Mention]:
        """Those named that are, or belong to, one of these; all of them if there are none."""
        mentions = self.about.mentions
        return [one for one in mentions if not bound or not bound.isdisjoint(self._kin.line(one.entity))]

    @staticmethod
    def _of_role(mention: Mention) -> Evidence:
        return mention.role_evidence or mention.evidence


@lru_cache(10_000)
def of_source(source: str) -> str:
    """An outlet's name in normal form, between spaces; names repeat."""
    return f" {normal(source)} "


def _plain(needle: Needle) -> str:
    """As evidence names it."""
    return needle.text + "*" * isinstance(needle, Prefix)


def _part_at(parts: tuple[Needle, ...], words: str) -> str:
    """The part that these words are, or begin with."""
    for part in parts:
        if part.text == words:
            return _plain(part)
    return next(_plain(part) for part in parts if words.startswith(part.text))


def _of_deal(deal: Deal | None, what: str) -> Iterator[Evidence]:
    """What a field of a deal was read from, or, if that is not said, all that it was."""
    shown = deal.evidence if deal else ()
    yield from [one for one in shown if one.what == what] or shown[:1]
