"""The store in memory: the promises of bot.ports.Store with dicts, for tests of everything above the store."""

from __future__ import annotations

import pickle
import re
import secrets
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.errors import Conflict, StoreError
from bot.feeds.links import link_key
from bot.model import (
    Alert,
    Delivery,
    Feed,
    MessageRef,
    Mode,
    NewFeed,
    NewStory,
    Person,
    Place,
    Posted,
    StoredItem,
    Story,
    Watchlist,
)
from bot.repositories import (
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
from tests.fakes.people import FakeDepartures, FakeDigests, FakeFollows, FakeHours, FakeMutes
from tests.fakes.state import Queued, State, Table, found
from tests.fakes.taught import FakeEntities, FakeSuggestions, FakeVerdicts

T = TypeVar("T")
_TOKENS = re.compile(f"[{UNSPACED}]+|[^\\W_{UNSPACED}]+")


class FakeFeeds(Table):
    """bot.repositories.Feeds."""

    def add(self, feeds: Iterable[NewFeed], due: datetime) -> list[Feed]:
        added = []
        for new in feeds:
            if self.find(new.url) is None:
                feed = Feed(self._change.new_id(), new.url, new.title, category=new.category, lang=new.lang, due_at=due)
                self._change.feeds[feed.id] = feed
                added.append(feed)
        return added

    def get(self, feed_id: int) -> Feed:
        return found(self._at.feeds.get(feed_id), "feed", feed_id)

    def find(self, url: str) -> Feed | None:
        return next((feed for feed in self._at.feeds.values() if feed.url == url), None)

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

    def by_keys(self, keys: Collection[int], since: datetime) -> dict[int, int]:
        known = {key: self._at.keys[key] for key in keys if key in self._at.keys}
        return {key: story_id for key, (story_id, at) in known.items() if at >= since}

    def add(self, stories: Sequence[NewStory]) -> list[int]:
        added = [
            Story(self._change.new_id(), new.title, new.created, new.created, sources=(new.source,)) for new in stories
        ]
        self._at.stories.update((story.id, story) for story in added)
        return [story.id for story in added]

    def join(self, story_id: int, updated: datetime, source: str) -> None:
        old = self.get(story_id)
        sources = tuple(dict.fromkeys((*old.sources, source)))
        joined = replace(old, items=old.items + 1, updated=max(old.updated, updated), sources=sources)
        self._change.stories[story_id] = joined

    def tag(self, keys: Mapping[int, int], at: datetime) -> None:
        self._change.keys.update((key, (story_id, at)) for key, story_id in keys.items())

    def get(self, story_id: int) -> Story:
        return found(self._at.stories.get(story_id), "story", story_id)


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


class FakeOutbox(Table):
    """bot.repositories.Outbox."""

    def add(self, alerts: Sequence[Alert], at: datetime) -> list[int]:
        ids = []
        for alert in alerts:
            ids.append(self._change.new_id())
            state = "dropped" if alert.place in self._at.disabled else "waiting"
            self._at.outbox[ids[-1]] = Queued(alert, secrets.token_urlsafe(16), at, state)
            self._at.told.update((item.story_id, alert.place) for item in alert.items)
        return ids

    def told(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        return {pair for pair in self._at.told if pair[0] in story_ids}

    def claim(self, now: datetime, lease: datetime, limit: int) -> list[Delivery]:
        self._expire(now)
        ready = [(place, head) for place, head in self._heads().items() if place not in self._at.waits][:limit]
        return [self._hold(place, head, lease) for place, head in ready]

    def done(self, delivery_id: int, ref: MessageRef, at: datetime) -> None:
        row = self._row(delivery_id)
        if row.state != "done":
            self._let_go(delivery_id)
            self._change.outbox[delivery_id] = replace(row, state="done", ref=ref, done=at)

    def retry(self, delivery_id: int, due: datetime, error: str) -> None:
        place = self._row(delivery_id).alert.place
        if self._heads().get(place) == delivery_id:
            self._change.waits[place] = (due, False)

    def hold(self, delivery_id: int, until: datetime) -> None:
        row = self._row(delivery_id)
        if self._heads().get(row.alert.place) == delivery_id:
            self._change.waits[row.alert.place] = (until, False)
            self._at.quiet.add(row.alert.place)
            self._at.outbox[delivery_id] = replace(row, attempts=max(row.attempts - 1, 0))

    def resume(self, place: Place) -> None:
        if place in self._at.quiet:
            self._free(place)

    def disable(self, place: Place, error: str, at: datetime) -> None:
        self._change.disabled[place] = error
        self._at.waits.pop(place, None)
        self._at.quiet.discard(place)
        for key, row in self._at.outbox.items():
            if row.alert.place == place and row.state == "waiting":
                self._at.outbox[key] = replace(row, state="dropped")

    def disabled(self) -> dict[Place, str]:
        return dict(self._at.disabled)

    def waiting(self) -> int:
        return sum(row.state == "waiting" for row in self._at.outbox.values())

    def next_due(self) -> datetime | None:
        heads = self._heads().items()
        waits = self._at.waits
        return min(
            (waits[place][0] if place in waits else self._row(head).created for place, head in heads), default=None
        )

    def alert(self, delivery_id: int) -> Alert:
        return self._row(delivery_id).alert

    def recent(self, place: Place, limit: int) -> list[Posted]:
        posted = [
            Posted(key, row.alert, row.ref, row.done)
            for key, row in reversed(self._at.outbox.items())
            if row.alert.place == place and row.ref and row.done
        ]
        return posted[: max(limit, 0)]

    def release(self) -> None:
        for place, (_, held) in list(self._change.waits.items()):
            if held:
                self._free(place)

    def _heads(self) -> dict[Place, int]:
        heads: dict[Place, int] = {}
        for key, row in self._at.outbox.items():
            if row.state == "waiting":
                heads.setdefault(row.alert.place, key)
        return heads

    def _expire(self, now: datetime) -> None:
        for place, (until, _) in list(self._change.waits.items()):
            if until <= now:
                self._free(place)

    def _free(self, place: Place) -> None:
        _, held = self._change.waits.pop(place)
        self._at.quiet.discard(place)
        head = self._heads()[place]
        row = self._at.outbox[head]
        self._at.outbox[head] = replace(row, ambiguous=row.ambiguous or held)

    def _hold(self, place: Place, head: int, lease: datetime) -> Delivery:
        row = self._at.outbox[head]
        row = self._at.outbox[head] = replace(row, attempts=row.attempts + 1)
        self._at.waits[place] = (lease, True)
        return Delivery(head, row.alert, row.nonce, row.attempts, row.ambiguous, row.created)

    def _let_go(self, delivery_id: int) -> None:
        place = self._row(delivery_id).alert.place
        if self._heads().get(place) == delivery_id:
            self._change.waits.pop(place, None)
            self._at.quiet.discard(place)

    def _row(self, delivery_id: int) -> Queued:
        return found(self._at.outbox.get(delivery_id), "delivery", delivery_id)


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
