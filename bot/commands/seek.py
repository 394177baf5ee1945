"""Finding stories by what people call them: a topic, a company, a watchlist's name, or any query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial

from bot.classify.query.parse import parse_query
from bot.classify.query.syntax import sources_wanted
from bot.commands.desk import Desk
from bot.commands.narrow import narrow
from bot.commands.trial import Reader
from bot.model import Place, StoredItem, Story
from bot.ports import Transaction
from bot.stories.facts import StoryFacts, facts_of
from bot.text import fold

_SCANNED, _FEWEST = 5_000, 40
_COPIES = 4
"""Items looked at for each story that is wanted, at first: most stories are told by fewer outlets."""

_MOST_REPORTS = 500  # of one story: the first half of these and the last

Fetch = Callable[[int], list[StoredItem]]
"""Finds the newest so many items of those that are asked for."""


@dataclass(frozen=True)
class Told:
    """One event as look-ups tell it: its story, and its reports in the order of storing."""

    story: Story
    reports: tuple[StoredItem, ...]

    @cached_property
    def facts(self) -> StoryFacts:
        """What the reports come to; a list of headlines need not know."""
        return facts_of(self.reports)

    @cached_property
    def head(self) -> StoredItem:
        """The report of the primary source, else the first one."""
        if len(self.reports) == 1:
            return self.reports[0]
        wanted = self.facts.primary.link, self.facts.primary.name
        return next((one for one in self.reports if (one.item.link, one.item.source) == wanted), self.reports[0])

    @property
    def latest(self) -> datetime:
        """When the latest report was published."""
        return max(one.item.published for one in self.reports)

    @property
    def outlets(self) -> str:
        """Who tells it: `IEEE Spectrum and 4 more`."""
        return and_more(self.head.item.source, self.story.sources)

    def row(self) -> dict[str, object]:
        """What programs are told of every story: its number, what it follows, its outlets and reports."""
        return {
            "story": self.story.id,
            "follows": self.story.follows or None,
            "sources": list(self.story.sources),
            "reports": self.story.items,
            "updated": self.latest.isoformat(),
        }


def newest(
    tx: Transaction,
    desk: Desk,
    place: Place,
    text: str,
    limit: int,
    since: datetime | None = None,
    deals: bool = False,
) -> list[StoredItem]:
    """The newest item of each of the newest stories that `text` asks for; with `deals`, of those that report one."""
    topic, entity = desk.knowledge.find_topic(text), desk.knowledge.find_entity(text)
    if topic is not None or entity is not None or not text:
        topics = [topic.id] if topic else []
        kin = family(desk, entity.id) if entity and not topic else ()
        return enough(lambda n: tx.items.search("", topics, kin, since, n, deals), limit)
    watchlist = tx.watches.find(place, text)
    written = watchlist.query if watchlist else text
    query = parse_query(written, desk.knowledge)
    if _plain(written):
        return enough(lambda n: tx.items.search(written, since=since, limit=n, deals=deals), limit)
    asked, reader, least = narrow(query, partial(family, desk)), Reader(query, desk.knowledge), sources_wanted(query)

    def fetch(count: int) -> list[StoredItem]:
        dealing = deals or asked.deals
        return tx.items.search(asked.text, asked.topics, asked.entities, since, count, dealing, asked.event)

    def keep(one: StoredItem) -> bool:
        found = reader.read(one) is not None
        return found and (least <= 1 or tx.stories.get(one.story_id).independent >= least)

    return enough(fetch, limit, keep)


def enough(fetch: Fetch, limit: int, keep: Callable[[StoredItem], bool] = lambda _: True) -> list[StoredItem]:
    """The newest item of each of the newest `limit` stories that are kept, however many reports these have.

    Of the newest items that `fetch` finds, some thousands are looked at, no more.
    """
    kept: list[StoredItem] = []
    seen, look = 0, max(limit * _COPIES, _FEWEST)
    while True:
        found = fetch(look)
        kept += filter(keep, found[seen:])
        stories = one_each(kept)
        if len(stories) >= limit or len(found) < look or look >= _SCANNED:
            return stories[:limit]
        seen, look = len(found), min(look * _COPIES, _SCANNED)


def tell(tx: Transaction, story_id: int) -> Told | None:
    """What is known of an event; None if none of its reports is stored any more. Raises NotFound for no story."""
    story = tx.stories.get(story_id)
    reports = tx.items.of_story(story.id)
    if len(reports) > _MOST_REPORTS:
        reports = [*reports[: _MOST_REPORTS // 2], *reports[-_MOST_REPORTS // 2 :]]
    return Told(story, tuple(reports)) if reports else None


def tell_each(tx: Transaction, stored: Iterable[StoredItem]) -> list[Told]:
    """The stories of items, in their order, each once."""
    found = (tell(tx, story_id) for story_id in dict.fromkeys(one.story_id for one in stored) if story_id)
    return [one for one in found if one is not None]


def family(desk: Desk, entity_id: str) -> frozenset[str]:
    """An entity and everything that belongs to it."""
    return desk.knowledge.children(entity_id) | {entity_id}


def one_each(stored: Iterable[StoredItem]) -> list[StoredItem]:
    """The first item of each story, in their order."""
    first: dict[int, StoredItem] = {}
    for one in stored:
        first.setdefault(one.story_id, one)
    return list(first.values())


def and_more(name: str, names: Sequence[str]) -> str:
    """`Reuters and 4 more`: an outlet, and how many others there are."""
    more = len({fold(one) for one in names if one} - {fold(name)})
    return f"{name} and {more} more" if name and more else name or (f"{more} outlets" if more else "")


def _plain(query: str) -> bool:
    """Whether it is words alone, which the index finds by itself."""
    return all(word.isalnum() and word not in ("AND", "OR", "NOT") for word in query.split())
