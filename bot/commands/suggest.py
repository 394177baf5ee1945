"""What may be meant by what somebody has typed so far: watchlists, entities, topics, feeds, stories, time zones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import nsmallest
from itertools import islice
from zoneinfo import ZoneInfo

from bot.classify.knowledge.seeds import Entity, Knowledge
from bot.classify.normal import needle
from bot.command import Choice, Complete
from bot.commands.desk import Desk
from bot.daytime import zone_names
from bot.log import masked
from bot.model import Feed, Person, Place
from bot.ports import Transaction
from bot.text import fold, one_line, shorten

MOST = 25
"""Choices that Discord takes (https://discord.com/developers/docs/interactions/application-commands)."""

_LABEL = (
    75  # characters that an option of Slack may have (https://docs.slack.dev/reference/block-kit/composition-objects)
)
_FRESH = timedelta(minutes=1)  # a feed list so old is good enough while somebody types
_FEEDS = 200  # feeds with the words that are typed of which the likeliest are looked for
_RECENT, _OLDER = 200, 50  # items whose stories are suggested: of the newest, and of those with the words
_LAST = "\U0010ffff"


class Suggester:
    """bot.command.Completer over the store and what is known; what it looks through is sorted once and kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._entities: EntityIndex | None = None
        self._feeds: tuple[datetime, list[tuple[str, Feed]]] | None = None
        self._kinds: Mapping[Complete, Callable[[Transaction, str, Place], list[Choice]]] = {
            "watchlist": self._watchlists,
            "entity": self._named,
            "topic": self._topics,
            "feed": self._polled,
            "zone": self._zones,
            "story": self._stories,
        }

    async def __call__(self, kind: Complete, text: str, place: Place, person: Person) -> list[Choice]:
        """The likeliest first, at most 25; nothing for a kind that is none."""
        find = self._kinds.get(kind)
        return await self._desk.read(lambda tx: find(tx, text.strip(), place)) if find else []

    def _watchlists(self, tx: Transaction, text: str, place: Place) -> list[Choice]:
        found = ((fold(one.name), Choice(shorten(one.name, _LABEL), one.name)) for one in tx.watches.all(place))
        return _likeliest(fold(text), found)

    def _named(self, tx: Transaction, text: str, place: Place) -> list[Choice]:
        knowledge = self._desk.merged.of(tx)
        index = self._entities
        if index is None or index.knowledge is not knowledge:
            index = self._entities = EntityIndex(knowledge)
        return index.find(text)

    def _topics(self, tx: Transaction, text: str, place: Place) -> list[Choice]:
        topics = self._desk.merged.of(tx).topics
        spellings = (
            (words, Choice(shorten(topic.name, _LABEL), topic.id)) for topic in topics for words in topic.spellings()
        )
        return _likeliest(needle(text), spellings)

    def _polled(self, tx: Transaction, text: str, place: Place) -> list[Choice]:
        now, wanted = self._desk.clock.now(), fold(text)
        if self._feeds is None or not timedelta() <= now - self._feeds[0] < _FRESH:
            self._feeds = (now, [(fold(f"{feed.title} {masked(feed.url)}"), feed) for feed in tx.feeds.all()])
        rows = self._feeds[1]
        numbered = [(wanted, feed) for _, feed in rows if feed.id == _number(wanted)]
        hits = islice(((words, feed) for words, feed in rows if wanted in words), _FEEDS)
        return _likeliest(wanted, ((words, _feed_choice(feed)) for words, feed in (*numbered, *hits)))

    def _stories(self, tx: Transaction, text: str, place: Place) -> list[Choice]:
        """By their number, by words of their titles (or a piece of one, among the newest); the newest first."""
        wanted, titles = fold(text), dict[int, str]()
        named = tx.items.of_story(_number(wanted))[:1]
        recent = (one for one in tx.items.search(limit=_RECENT) if wanted in fold(one.item.title))
        for one in (*named, *recent, *(tx.items.search(text, limit=_OLDER) if wanted else ())):
            titles.setdefault(one.story_id, one.item.title)
        labels = ((number, shorten(f"{number} · {one_line(title)}", _LABEL)) for number, title in titles.items())
        return [Choice(label, str(number)) for number, label in islice(labels, MOST)]

    def _zones(self, tx: Transaction, text: str, place: Place) -> list[Choice]:
        now, wanted = self._desk.clock.now(), fold(text).replace(" ", "_")
        found = _likeliest(wanted, _zone_words())
        return [Choice(f"{one.value} · {now.astimezone(ZoneInfo(one.value)):%H:%M}", one.value) for one in found]


@lru_cache(maxsize=1)
def _zone_words() -> tuple[tuple[str, Choice], ...]:
    """Each zone by its whole name and by its city."""
    return tuple(
        (words, Choice(name, name))
        for name in zone_names()
        for words in dict.fromkeys((name.lower(), name.lower().rpartition("/")[2]))
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def _feed_choice(feed: Feed) -> Choice:
    return Choice(shorten(f"{feed.id} · {feed.title or masked(feed.url)}", _LABEL), str(feed.id))


def _likeliest(wanted: str, spellings: Iterable[tuple[str, Choice]]) -> list[Choice]:
    """Choices of which a spelling has the wanted text: as a whole, then at its start, at a word's start, anywhere."""
    best: dict[Choice, tuple[int, int, int]] = {}
    for order, (words, choice) in enumerate(spellings):
        at = words.find(wanted)
        if at < 0:
            continue
        rank = 0 if words == wanted else 1 if at == 0 else 2 if not words[at - 1].isalnum() else 3
        key = (rank, len(words) if wanted else 0, order)
        best[choice] = min(best.get(choice, key), key)
    return nsmallest(MOST, best, key=best.__getitem__)


# -- entities ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Spelling:
    """`rank` is 0 for an entity's own name, 1 for its other names, 2 for the later words of one."""

    words: str
    rank: int
    order: int
    written: str


class EntityIndex:
    """All spellings of all entities in the order of the alphabet, so that those with a beginning stand together.

    What has more names is better known, and comes first among equals.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._ranked = sorted(knowledge.entities, key=lambda one: (-len(one.names), one.kind == "person", one.name))
        found = [row for order, one in enumerate(self._ranked) for row in _spellings(one, order)]
        self._rows = sorted(found, key=lambda row: row.words)
        self._words = [row.words for row in self._rows]

    def find(self, text: str) -> list[Choice]:
        """The entities of which a name, or a later word of one, begins so."""
        wanted = needle(text)
        if not wanted:
            return [] if text.strip() else [_choice(one, one.name) for one in self._ranked[:MOST]]
        best: dict[int, tuple[bool, int, int, _Spelling]] = {}
        start, end = bisect_left(self._words, wanted), bisect_left(self._words, wanted + _LAST)
        for row in self._rows[start:end]:
            key = (row.words != wanted, row.rank, row.order, row)
            if row.order not in best or key[:3] < best[row.order][:3]:
                best[row.order] = key
        likely = nsmallest(MOST, best.values(), key=lambda key: key[:3])
        return [_choice(self._ranked[row.order], row.written) for *_, row in likely]


def _spellings(entity: Entity, order: int) -> Iterable[_Spelling]:
    for written in dict.fromkeys((*entity.written(), *entity.tickers)):
        words = needle(written)
        yield _Spelling(words, 0 if written == entity.name else 1, order, written)
        at = words.find(" ")
        while at > 0:
            yield _Spelling(words[at + 1 :], 2, order, written)
            at = words.find(" ", at + 1)


def _choice(entity: Entity, written: str) -> Choice:
    shown = entity.name if written == entity.name else f"{entity.name} · {written}"
    return Choice(shorten(f"{shown} ({entity.kind})", _LABEL), entity.id)
