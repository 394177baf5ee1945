"""What follows from a poll: pure decisions over values, no dependency touched.

The policies it keeps: the first successful poll is a silent baseline; an item is new only if its guid is unseen and its
link-and-title pair is unseen; at most so many messages a feed, a poll and a place, the rest in one summary that counts; a
poll that fails changes nothing about items.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.alerted import alert_item, templates_of
from bot.errors import FetchError
from bot.feeds.rhythm import Rhythm, after_failure, interval_after, next_poll
from bot.model import Alert, AlertItem, Classification, Feed, Item, Match, Page, Parsed, Place

GONE = 410
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Answer:
    """What one poll of one feed came to at a time: a page, read or unchanged, or an error.

    `parsed` is None for an unchanged page (304, or the same body as last time); `body_key` is the hash of the body.
    """

    feed: Feed
    at: datetime
    page: Page | None = None
    parsed: Parsed | None = None
    body_key: int = 0
    error: FetchError | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of the document, new or not."""
        return self.parsed.items if self.parsed else ()


@dataclass(frozen=True, slots=True)
class Found:
    """A new item with its story, what it is about, which watchlists asked for it, and the outlets of its story."""

    item: Item
    story_id: int
    classification: Classification
    matches: tuple[Match, ...]
    sources: tuple[str, ...] = ()


def identity_keys(item: Item) -> tuple[int, ...]:
    """The keys any of which, once seen in its feed, makes the item known."""
    return (item.pair_key,) if item.guid_key is None else (item.guid_key, item.pair_key)


def fresh(items: Sequence[Item], seen: Collection[int]) -> list[Item]:
    """The items that are new: none of their keys seen before, nor earlier in this document."""
    known = set(seen)
    new = []
    for item in items:
        mine = identity_keys(item)
        if known.isdisjoint(mine):
            new.append(item)
        known.update(mine)
    return new


def settle(answer: Answer, rhythm: Rhythm, news: bool) -> Feed:
    """The feed as it is after this poll: validators, address, rhythm, errors, and when it is due again."""
    feed = answer.feed
    if answer.page is None:
        return _failed(feed, answer.at, answer.error or FetchError("no answer"), rhythm)
    page, parsed = answer.page, answer.parsed
    interval = interval_after(feed.interval, news, rhythm)
    unchanged = page.status == NOT_MODIFIED
    known = replace(
        feed,
        url=page.moved_to or feed.url,
        interval=interval,
        failures=0,
        error="",
        checked_at=page.fetched,
        due_at=next_poll(feed.url, page.fetched, interval, rhythm, page.max_age, parsed.ttl if parsed else None),
        etag=page.etag or (feed.etag if unchanged else ""),
        modified=page.modified or (feed.modified if unchanged else ""),
        changed_at=page.fetched if news else feed.changed_at,
    )
    if parsed is None:
        return known
    return replace(
        known,
        baselined=True,
        body_key=answer.body_key,
        title=feed.title or parsed.title,
        site=parsed.site or feed.site,
        lang=feed.lang or parsed.lang,
    )


def _failed(feed: Feed, at: datetime, error: FetchError, rhythm: Rhythm) -> Feed:
    failed = replace(feed, failures=feed.failures + 1, error=str(error), checked_at=at)
    if error.status == GONE:
        return replace(failed, status="gone", error="HTTP 410: the feed is gone for good")
    return replace(failed, due_at=after_failure(feed.url, at, failed.failures, rhythm, error.retry_after))


def widely(found: Found) -> Found:
    """Without the matches that wait for more outlets (`sources:>=N`) than the item's story has so far.

    The report that makes them enough is told: it matches the same query.
    """
    return replace(
        found, matches=tuple(match for match in found.matches if match.sources <= max(len(found.sources), 1))
    )


def tell(feed_title: str, found: Sequence[Found], told: Collection[tuple[int, Place]], per_poll: int) -> list[Alert]:
    """The alerts of one poll: a story for each place that asked and was not told, oldest first, above the cap a summary.

    Where there are more than `per_poll` stories for a place the newest have messages of their own. A story for which only
    digests asked is none of them.
    """
    alerts: list[Alert] = []
    for place, stories in _by_place(found, told).items():
        rows = sorted(stories.values(), key=lambda pair: pair[0].published)
        late, early = rows[-per_poll:], rows[:-per_poll]
        if early:
            alerts.append(_summary(place, feed_title, early))
        alerts += [
            Alert("story", place, tuple(names), (item,), templates=templates_of([*names.values()]))
            for item, names in late
        ]
    return alerts


def _by_place(
    found: Sequence[Found], told: Collection[tuple[int, Place]]
) -> dict[Place, dict[int, tuple[AlertItem, dict[str, str]]]]:
    """For each place, for each story not told there: the first item of it, and the watchlists' templates by their names."""
    places: dict[Place, dict[int, tuple[AlertItem, dict[str, str]]]] = {}
    asked = [(one.story_id, match.watchlist) for one in found for match in one.matches]
    urgent = {(story_id, watchlist.place) for story_id, watchlist in asked if watchlist.mode == "instant"}
    for one in found:
        for match in one.matches:
            watchlist = match.watchlist
            key = (one.story_id, watchlist.place)
            if key in told or key not in urgent:
                continue
            stories = places.setdefault(watchlist.place, {})
            mine = tuple(m for m in one.matches if m.watchlist.place == watchlist.place)
            _, names = stories.setdefault(one.story_id, (item_of(one, mine), {}))
            names.setdefault(watchlist.name, watchlist.template)
    return places


def item_of(found: Found, matches: Sequence[Match]) -> AlertItem:
    """What an alert says of a new item, and of why these matched."""
    return alert_item(found.item, found.story_id, found.classification, matches, found.sources)


def _summary(place: Place, feed_title: str, rows: Sequence[tuple[AlertItem, dict[str, str]]]) -> Alert:
    """One message for all of them; every story id is in it, so that none is told again."""
    names = {name: template for _, wanted in rows for name, template in wanted.items()}
    items = tuple(replace(item, summary="", words=()) for item, _ in reversed(rows))
    templates = templates_of([*names.values()])
    return Alert("summary", place, tuple(names), items, count=len(items), feed=feed_title, templates=templates)
