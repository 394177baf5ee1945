"""The store in memory: the promises of bot.ports.Store with dicts, for tests of everything above the store."""

from __future__ import annotations

import pickle
import re
import secrets
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.errors import Conflict, StoreError
from bot.feeds.links import link_key
from bot.model import (
    Feed,
    Mode,
    NewFeed,
    NewStory,
    Person,
    Place,
    StoredItem,
    Story,
    Watchlist,
    own_place,
)
from bot.repositories import (
    LEAP,
    Audit,
    Departures,
    Digests,
    Entities,
    Feeds,
    Follows,
    HourBook,
    Items,
    Mutes,
    Outbox,
    Settings,
    Stories,
    Suggestions,
    Verdicts,
    Watches,
)
from bot.text import UNSPACED, fold
from tests.fakes.outbox import FakeOutbox
from tests.fakes.people import FakeAudit, FakeDepartures, FakeDigests, FakeFollows, FakeHours, FakeMutes
from tests.fakes.state import State, Table, found
from tests.fakes.taught import FakeEntities, FakeSuggestions, FakeVerdicts

T = TypeVar("T")
_TOKENS = re.compile(f"[{UNSPACED}]+|[^\\W_{UNSPACED}]+")


class FakeFeeds(Table):
    """bot.repositories.Feeds."""

    def add(self, feeds: Iterable[NewFeed], due: datetime) -> list[Feed]:
        added = []
        for new in feeds:
            if self.find(new.url) is None:
                feed = Feed(
                    self._change.new_id(),
                    new.url,
                    new.title,
                    category=new.category,
                    lang=new.lang,
                    due_at=due,
                    place=new.place,
                    person=new.person,
                )
                self._change.feeds[feed.id] = feed
                added.append(feed)
        return added

    def get(self, feed_id: int) -> Feed:
        return found(self._at.feeds.get(feed_id), "feed", feed_id)

    def find(self, url: str) -> Feed | None:
        return next((feed for feed in self._at.feeds.values() if feed.url == url), None)

    def count(self, where: str) -> int:
        places = [feed.place for feed in self._at.feeds.values()]
        return sum(place == where or place.startswith(f"{where}/") for place in places)

    def all(self) -> list[Feed]:
        return [self._at.feeds[feed_id] for feed_id in sorted(self._at.feeds)]

    def remove(self, feed_id: int) -> None:
        self.get(feed_id)
        del self._change.feeds[feed_id]
        self._at.leases.pop(feed_id, None)
        self._at.seen = {pair for pair in self._at.seen if pair[0] != feed_id}

    def claim(self, now: datetime, lease: datetime, limit: int) -> list[Feed]:
        self._change.leases = {feed_id: until for feed_id, until in self._at.leases.items() if until > now}
        due = [feed for feed in self._free() if feed.due_at <= now][:limit]
        self._at.leases.update((feed.id, lease) for feed in due)
        return due

    def save(self, feeds: Sequence[Feed]) -> None:
        for feed in feeds:
            if feed.id in self._change.feeds:
                other = self.find(feed.url)
                url = feed.url if other is None or other.id == feed.id else self.get(feed.id).url
                self._at.feeds[feed.id] = replace(feed, url=url)
                self._at.leases.pop(feed.id, None)

    def rewind(self, now: datetime) -> timedelta:
        ahead = [feed for feed in self.all() if feed.checked_at is not None and feed.checked_at > now]
        back = max((feed.checked_at - now for feed in ahead if feed.checked_at), default=timedelta())
        for feed in ahead:
            assert feed.checked_at is not None
            wait = max(feed.due_at - feed.checked_at, timedelta())
            changed = min(feed.changed_at, now) if feed.changed_at else None
            self._change.feeds[feed.id] = replace(feed, due_at=now + wait, checked_at=now, changed_at=changed)
            self._change.leases.pop(feed.id, None)
        for feed in self.all() if ahead else []:
            if feed.checked_at is None and feed.due_at > now:
                self._change.feeds[feed.id] = replace(feed, due_at=now)
                self._change.leases.pop(feed.id, None)
        return back

    def hasten(self, now: datetime) -> int:
        for feed in self.all():
            if feed.status == "active" and not feed.failures and feed.due_at > now:
                self._change.feeds[feed.id] = replace(feed, due_at=now)
        return sum(feed.status == "active" and feed.due_at <= now for feed in self.all())

    def next_due(self) -> datetime | None:
        return next((feed.due_at for feed in self._free()), None)

    def _free(self) -> list[Feed]:
        free = [feed for feed in self.all() if feed.status == "active" and feed.id not in self._at.leases]
        return sorted(free, key=lambda feed: feed.due_at)


class FakeItems(Table):
    """bot.repositories.Items."""

    def seen(self, keys: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
        return {feed_id: {key for key in mine if (feed_id, key) in self._at.seen} for feed_id, mine in keys.items()}

    def remember(self, keys: Mapping[int, Collection[int]]) -> None:
        pairs = ((feed_id, key) for feed_id, mine in keys.items() for key in mine)
        self._change.seen.update((feed_id, key) for feed_id, key in pairs if feed_id in self._at.feeds)

    def add(self, items: Sequence[StoredItem]) -> None:
        for stored in items:
            self._change.items.setdefault((stored.feed_id, stored.item.id), stored)

    def unread(self, limit: int) -> list[StoredItem]:
        return [stored for key, stored in self._at.items.items() if key not in self._at.indexed][:limit]

    def index(self, items: Sequence[StoredItem]) -> None:
        keys = [(one.feed_id, one.item.id) for one in items]
        if keys != [(one.feed_id, one.item.id) for one in self.unread(len(items))]:
            raise ValueError("only the first unread items can be indexed, in their order")
        for key, one in zip(keys, items, strict=True):
            self._change.items[key] = self._at.items[key] if self._at.items[key].known else one
            self._at.indexed.add(key)

    def search(
        self,
        text: str = "",
        topics: Collection[str] = (),
        entities: Collection[str] = (),
        since: datetime | None = None,
        limit: int = 10,
        deals: bool = False,
        event: str = "",
    ) -> list[StoredItem]:
        hits = [
            stored
            for key, stored in reversed(self._at.items.items())
            if key in self._at.indexed
            and _has_words(stored, text)
            and (not (topics or entities) or {*topics} & {*stored.topics} or {*entities} & {*stored.entities})
            and (since is None or stored.fetched >= since)
            and (stored.deals or not deals)
            and event in ("", stored.event)
        ]
        return hits[:limit]

    def by_link(self, link: str) -> list[StoredItem]:
        return [one for one in reversed(self._known()) if one.item.link_key == link_key(link)]

    def of_story(self, story_id: int) -> list[StoredItem]:
        return [one for one in self._known() if one.story_id == story_id]

    def window(self, since: datetime, dealing: datetime) -> Iterator[StoredItem]:
        return iter([one for one in self._known() if one.fetched >= (dealing if one.deals else since)])

    def _known(self) -> list[StoredItem]:
        return [one for one in self._at.items.values() if one.story_id > 0]

    def count(self) -> int:
        return len(self._at.items)


def _has_words(stored: StoredItem, query: str) -> bool:
    text = fold(f"{stored.item.title}\n{stored.item.summary}")
    words = set(_TOKENS.findall(text))
    return all(token in words or (token[0] >= "\u2e80" and token in text) for token in _TOKENS.findall(fold(query)))


class FakeStories(Table):
    """bot.repositories.Stories."""

    def add(self, stories: Sequence[NewStory]) -> list[int]:
        added = [
            Story(
                self._change.new_id(), new.title, new.created, new.created, sources=(new.source,), follows=new.follows
            )
            for new in stories
        ]
        self._change.stories.update((story.id, story) for story in added)
        self._change.stories_revision = secrets.randbits(62)
        return [story.id for story in added]

    def join(self, story_id: int, updated: datetime, source: str, copied: bool = False) -> None:
        old = self.get(story_id)
        copiers = {*old.copied} - ({source} if not copied else set())
        if copied and source not in old.sources:
            copiers.add(source)
        sources = tuple(dict.fromkeys((*old.sources, source)))
        self._change.stories[old.id] = replace(
            old,
            items=old.items + 1,
            updated=max(old.updated, updated),
            sources=sources,
            copied=tuple(one for one in sources if one in copiers),
        )
        self._change.stories_revision = secrets.randbits(62)

    def get(self, story_id: int) -> Story:
        while story_id in self._at.merged:
            story_id = self._at.merged[story_id]
        return found(self._at.stories.get(story_id), "story", story_id)

    def developments(self, story_id: int) -> list[Story]:
        return [one for one in self._at.stories.values() if one.follows == story_id and one.id not in self._at.merged]

    def merge(self, into: int, other: int) -> None:
        kept, gone = self.get(into).id, self.get(other).id
        if kept == gone:
            return
        for one in self.developments(gone):
            if one.id != kept:
                self._change.stories[one.id] = replace(one, follows=kept)
        self._change.merged[gone] = kept
        self._put({key for key, one in self._at.items.items() if one.story_id == gone}, kept)

    def move(self, items: Collection[str], story_id: int) -> None:
        here = self.get(story_id).id
        keys = {key for key, one in self._at.items.items() if one.item.id in items and one.story_id > 0}
        self._put(keys, here)

    def leap(self) -> None:
        self._change.last_id += LEAP

    def revision(self) -> int:
        return self._at.stories_revision

    def _put(self, keys: Collection[tuple[int, str]], story_id: int) -> None:
        changed = {self._at.items[key].story_id for key in keys} | {story_id}
        for key in keys:
            self._change.items[key] = replace(self._at.items[key], story_id=story_id)
        for story in changed:
            self._recount(story)
        self._change.stories_revision = secrets.randbits(62)

    def _recount(self, story_id: int) -> None:
        reports = [one for one in self._at.items.values() if one.story_id == story_id]
        if not reports:
            return
        sources = tuple(dict.fromkeys(one.item.source for one in reports))
        own = {one.item.source for one in reports if not one.copy}
        times = [one.fetched for one in reports]
        self._change.stories[story_id] = replace(
            self._at.stories[story_id],
            title=reports[0].item.title,
            items=len(reports),
            sources=sources,
            copied=tuple(one for one in sources if one not in own),
            created=min(times),
            updated=max(times),
        )


class FakeWatches(Table):
    """bot.repositories.Watches."""

    def add(
        self, place: Place, name: str, query: str, owner: Person, at: datetime, mode: Mode = "instant"
    ) -> Watchlist:
        if self.find(place, name) is not None:
            raise Conflict(f"there is a watchlist {name} here already")
        return self._put(Watchlist(self._change.new_id(), place, name, query, owner, at, mode))

    def all(self, place: Place | None = None) -> list[Watchlist]:
        return [each for each in self._at.watchlists.values() if place in {None, each.place}]

    def find(self, place: Place, name: str) -> Watchlist | None:
        return next((each for each in self.all(place) if fold(each.name) == fold(name)), None)

    def owned(self, person: Person) -> int:
        mine = own_place(person)
        return sum(bool(each.owner) and own_place(each.owner) == mine for each in self._at.watchlists.values())

    def edit(self, watchlist_id: int, query: str) -> Watchlist:
        return self._put(replace(self._get(watchlist_id), query=query))

    def switch(self, watchlist_id: int, mode: Mode) -> Watchlist:
        return self._put(replace(self._get(watchlist_id), mode=mode))

    def dress(self, watchlist_id: int, template: str) -> Watchlist:
        return self._put(replace(self._get(watchlist_id), template=template))

    def remove(self, watchlist_id: int) -> None:
        self._get(watchlist_id)
        del self._change.watchlists[watchlist_id]
        self._at.verdicts = {key: one for key, one in self._at.verdicts.items() if key[0] != watchlist_id}
        muted = ("watchlist", str(watchlist_id))
        self._at.mutes = {key: one for key, one in self._at.mutes.items() if key[1:] != muted}
        self._at.revision += 1

    def revision(self) -> int:
        return self._at.revision

    def _get(self, watchlist_id: int) -> Watchlist:
        return found(self._at.watchlists.get(watchlist_id), "watchlist", watchlist_id)

    def _put(self, watchlist: Watchlist) -> Watchlist:
        self._change.watchlists[watchlist.id] = watchlist
        self._at.revision += 1
        return watchlist


class FakeSettings(Table):
    """bot.repositories.Settings."""

    def get(self, key: str) -> str | None:
        return self._at.settings.get(key)

    def set(self, key: str, value: str) -> None:
        self._change.settings[key] = value


class FakeTransaction:
    """bot.ports.Transaction over one state."""

    def __init__(self, state: State, *, writable: bool) -> None:
        self.feeds: Feeds = FakeFeeds(state, writable)
        self.items: Items = FakeItems(state, writable)
        self.stories: Stories = FakeStories(state, writable)
        self.watches: Watches = FakeWatches(state, writable)
        self.outbox: Outbox = FakeOutbox(state, writable)
        self.settings: Settings = FakeSettings(state, writable)
        self.entities: Entities = FakeEntities(state, writable)
        self.suggestions: Suggestions = FakeSuggestions(state, writable)
        self.verdicts: Verdicts = FakeVerdicts(state, writable)
        self.hours: HourBook = FakeHours(state, writable)
        self.mutes: Mutes = FakeMutes(state, writable)
        self.follows: Follows = FakeFollows(state, writable)
        self.digests: Digests = FakeDigests(state, writable)
        self.audit: Audit = FakeAudit(state, writable)
        self.departures: Departures = FakeDepartures(state, writable)


class FakeStore:
    """bot.ports.Store: a transaction works on a copy, which takes the old state's place when the block ends well."""

    def __init__(self) -> None:
        self.state = State()
        self._lock = threading.Lock()
        self._inside = threading.local()
        self._closed = False

    @contextmanager
    def write(self) -> Iterator[FakeTransaction]:
        with self._alone(), self._lock:
            state = self.state.snapshot()
            yield FakeTransaction(state, writable=True)
            self.state = state

    @contextmanager
    def read(self) -> Iterator[FakeTransaction]:
        with self._alone():
            yield FakeTransaction(self.state, writable=False)

    def release(self) -> None:
        with self._alone(), self._lock:
            state = self.state.snapshot()
            state.leases.clear()
            FakeOutbox(state, True).release()
            self.state = state

    def backup(self, target: Path) -> None:
        with self._alone():
            try:
                with target.open("xb") as file:
                    pickle.dump(self.state, file)
            except OSError as error:
                raise StoreError(str(error)) from error

    def close(self) -> None:
        self._closed = True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._closed or getattr(self._inside, "busy", False):
            raise StoreError("the store is closed, or this thread is in a transaction already")
        self._inside.busy = True
        try:
            yield
        finally:
            self._inside.busy = False
