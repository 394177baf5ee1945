"""What a query would have done: how often it would have fired over stored items, and which of its terms is the noisiest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.classify.query.conditions import holds
from bot.classify.query.explain import answer
from bot.classify.query.facts import Kin
from bot.classify.query.syntax import (
    And,
    Everything,
    HasAmount,
    HasEvent,
    HasRole,
    HasRound,
    Leaf,
    ManySources,
    Not,
    Or,
    Query,
    both,
    either,
    leaves,
    sources_wanted,
    wanted,
)
from bot.classify.query.view import View
from bot.classify.understand import Glance
from bot.model import Classification, Evidence, Mention, StoredItem
from bot.text import fold

_FREQUENT = 5  # words that are named
_SAMPLED = 100  # stories whose words are counted
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Tally:
    """What one term of a query did: `fired` counts stories told that have it, `only` those that nothing else in the query
    would have let through, `had` all items tried that have it. `only` is None where leaving the term out asks for more.

    A `narrow` term was asked only of items that have what else the query asks for.
    """

    term: str
    fired: int
    only: int | None
    had: int
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """How a query did on stored items.

    `fired` has the newest report of each story that would have been told, newest first; `days` is the time that the items
    cover. `words` are those of the texts that matched most often, with the number of stories.
    """

    fired: tuple[StoredItem, ...]
    tested: int
    days: float
    terms: tuple[Tally, ...] = ()
    words: tuple[tuple[str, int], ...] = ()

    @property
    def noisiest(self) -> Tally | None:
        """The term whose removal would cut most; where none stands in an OR, none."""
        loud = [one for one in self.terms if one.only is not None and one.fired]
        return max(loud, key=lambda one: (one.only or 0, one.fired), default=None)

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The terms that no item had of all that were asked."""
        return tuple(one.term for one in self.terms if not one.had)


def trial(
    query: Query,
    stored: Sequence[StoredItem],
    knowledge: Knowledge,
    now: datetime,
    outlets: Callable[[int], int] = lambda _: 1,
) -> Trial:
    """Try a query on items, newest first; `outlets` counts those that reported a story."""
    reader = Reader(query, knowledge)
    stories: dict[int, list[Hit]] = {}
    for one in stored:
        hit = reader.read(one)
        if hit is not None:
            stories.setdefault(one.story_id, []).append(hit)
    least = sources_wanted(query)
    told = [hits for story, hits in stories.items() if least <= 1 or outlets(story) >= least]
    days = (now - stored[-1].fetched).total_seconds() / _DAY if stored else 0.0
    newest = [hits[0] for hits in told]
    words = reader.frequent(newest[:_SAMPLED])
    return Trial(tuple(hit.stored for hit in newest), len(stored), days, tuple(reader.tallies(told)), words)


class Hit(NamedTuple):
    """An item that the query found, the terms that hold of it, and whether its view has all that the item is about."""

    stored: StoredItem
    view: View
    terms: frozenset[Leaf]
    glance: Glance
    whole: bool


class Reader:
    """Asks the query, and each of its terms, of items.

    Events, deals and roles are worked out only where everything else that the query asks for is there: that takes ten times
    as long as looking for words, names and topics.
    """

    def __init__(self, query: Query, knowledge: Knowledge) -> None:
        self._query, self._knowledge, self._kin = query, knowledge, Kin(knowledge)
        self._matcher = Matcher(knowledge)
        terms = [leaf for leaf in dict.fromkeys(wanted(query)) if not isinstance(leaf, ManySources)]
        self._terms = {leaf: holds(leaf) for leaf in terms}
        self._slow = {leaf for leaf in terms if isinstance(leaf, _SLOW)}
        self._deep = any(isinstance(leaf, _SLOW) for leaf in leaves(query))
        self._roles = any(isinstance(leaf, HasRole) for leaf in leaves(query))
        self._may, self._does = holds(_relaxed(query)), holds(query)
        self._had: Counter[Leaf] = Counter()

    def read(self, stored: StoredItem) -> Hit | None:
        """The item, if the query finds it."""
        reading, glance = self._matcher.look(stored.item)
        view, whole = View(stored.item, reading, _about(glance), self._kin), False
        held = {leaf for leaf, true in self._terms.items() if leaf not in self._slow and true(view)}
        self._had.update(held)
        if not self._may(view):
            return None
        if self._deep:
            if self._roles or glance.eventful or glance.dealing:  # else there is no event and no deal
                view, whole = self._whole(view, glance), True
            slow = {leaf for leaf in self._slow if self._terms[leaf](view)}
            self._had.update(slow)
            held |= slow
            if not self._does(view):
                return None
        return Hit(stored, view, frozenset(held), glance, whole)

    def _whole(self, view: View, glance: Glance) -> View:
        """The view of an item with all that it is about."""
        return View(view.item, view.reading, self._matcher.understood(view.item, view.reading, glance), self._kin)

    def tallies(self, told: Sequence[Sequence[Hit]]) -> Iterator[Tally]:
        """What each term did in the stories told, each the items of it that were found."""
        for leaf in self._terms:
            fired = sum(any(leaf in hit.terms for hit in hits) for hits in told)
            only = _only(self._query, leaf, told) if len(self._terms) > 1 else fired
            yield Tally(str(leaf), fired, only, self._had[leaf], leaf in self._slow)

    def frequent(self, hits: Sequence[Hit]) -> tuple[tuple[str, int], ...]:
        """The words that match in most of these."""
        shown = answer(self._query)
        views = (hit.view if hit.whole else self._whole(hit.view, hit.glance) for hit in hits)
        return _frequent(shown.evidence(view, {}) for view in views)


def _about(glance: Glance) -> Classification:
    """What an item is about as far as its words alone tell."""
    mentions = tuple(Mention(one, "", "", _NOWHERE) for one in glance.entities)
    return Classification(dict.fromkeys(glance.topics, 1.0), mentions)


_NOWHERE = Evidence("", "", "title", 0, 0)
_SLOW = HasEvent | HasRound | HasAmount | HasRole


def _relaxed(query: Query) -> Query:
    """A query that holds wherever this one does, without what takes long to find out."""
    match query:
        case And(parts):
            rest = [_relaxed(part) for part in parts]
            asked: list[Query] = [part for part in rest if not isinstance(part, Everything)]
            return both(asked) if asked else Everything()
        case Or(parts):
            rest = [_relaxed(part) for part in parts]
            return Everything() if any(isinstance(part, Everything) for part in rest) else either(rest)
        case Not():
            return Everything() if any(isinstance(leaf, _SLOW) for leaf in leaves(query)) else query
    return Everything() if isinstance(query, _SLOW) else query


def _only(query: Query, leaf: Leaf, told: Sequence[Sequence[Hit]]) -> int | None:
    """How many stories the query without this term would not find; None if it stands in no OR."""
    rest = _without(query, leaf)
    if rest is None or rest == query:
        return None
    still = holds(rest)
    # what does not have the term at all is found by something else
    return sum(not any(leaf not in hit.terms or still(hit.view) for hit in hits) for hits in told)


def _without(query: Query, leaf: Leaf) -> Query | None:
    """The query with the term taken out of every OR that has it; None if nothing is left of it there."""
    match query:
        case Or(parts):
            kept = [rest for part in parts if part != leaf and (rest := _without(part, leaf)) is not None]
            return either(kept) if kept else None
        case And(parts):
            rests = [rest for part in parts if (rest := _without(part, leaf)) is not None]
            return both(rests) if len(rests) == len(parts) else None
    return query


def _frequent(shown: Iterable[Sequence[Evidence]]) -> tuple[tuple[str, int], ...]:
    """The words that matched in most stories, as first spelt."""
    counts: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for evidence in shown:
        words = {fold(one.words): one.words for one in evidence if one.field in ("title", "summary")}
        counts.update(words.keys())
        for key, word in words.items():
            spelt.setdefault(key, word)
    return tuple((spelt[key], count) for key, count in counts.most_common(_FREQUENT))


# -- saying it ---------------------------------------------------------------------------------------------------------


def sentence(tried: Trial, days: int) -> str:
    """How often, over which time: `It would have fired 14 times in 30 days (2,310 items).`"""
    if not tried.tested:
        return f"Nothing of the last {days} day{'s' * (days != 1)} is stored to try it on."
    count = len(tried.fired)
    times = f"It would have fired {count} time{'s' * (count != 1)}"
    items = f"{tried.tested:,} item{'s' * (tried.tested != 1)}"
    if tried.days > days - 1:
        return f"{times} in {days} day{'s' * (days != 1)} ({items})."
    rate = count / max(tried.days, 0.5) * days
    more = f"; at this rate about {rate:,.0f} in {days} days" if count and tried.days >= 0.5 else ""
    return f"{times} in the newest {items}, of {_span(tried.days)}{more}."


def _span(days: float) -> str:
    return f"{days:.1f} days" if days >= 2 else f"{max(days * 24, 1):.0f} h"


def remarks(tried: Trial, days: int) -> list[str]:
    """What may be worth mending: the noisiest term, terms that nothing has, the words that matched most."""
    said = []
    loud = tried.noisiest
    if loud is not None and len(tried.terms) > 1:
        alone = f", {loud.only} of them by it alone" if loud.only else ""
        said.append(f"Its noisiest term is `{loud.term}`: in {loud.fired} of {len(tried.fired)}{alone}.")
    for narrow, others in ((False, ""), (True, " that has all else")):
        none = [f"`{one.term}`" for one in tried.terms if not one.had and one.narrow == narrow]
        if none and tried.tested:
            only = others if len(tried.terms) > 1 else ""
            said.append(f"Nothing in {days} day{'s' * (days != 1)}{only} had {' or '.join(none[:_FREQUENT])}.")
    if len(tried.fired) > 1 and tried.words:
        said.append("Most often by " + ", ".join(f"“{word}” ({count})" for word, count in tried.words) + ".")
    return said


def trial_row(tried: Trial, days: int) -> dict[str, Any]:
    """For programs: fired, in how many days (`covered`: those that the items tested cover), noisiest, terms, ..."""
    loud = tried.noisiest
    return {
        "fired": len(tried.fired),
        "days": days,
        "covered": round(max(tried.days, 0.0), 2),
        "tested": tried.tested,
        "noisiest": _tally_row(loud) if loud else None,
        "terms": [_tally_row(one) for one in tried.terms],
        "unmatched": list(tried.unmatched),
        "words": dict(tried.words),
    }


def _tally_row(one: Tally) -> dict[str, Any]:
    return {"term": one.term, "fired": one.fired, "only": one.only, "items": one.had}
