"""What follows from a poll: pure decisions over values, no dependency touched.

The policies it keeps: the first successful poll is a silent baseline; an item is new only if its guid is unseen and its
link-and-title pair is unseen; at most so many messages a feed, a poll and a place, the rest in one summary that counts; a
poll that fails changes nothing about items. A story has one message at a place: what comes later goes under it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.alerted import alert_item, templates_of
from bot.errors import FetchError
from bot.feeds.rhythm import Rhythm, after_failure, interval_after, next_poll
from bot.flow.living import with_facts
from bot.flow.stories import NOWHERE, Placed
from bot.log import masked
from bot.model import (
    Alert,
    AlertItem,
    Classification,
    Feed,
    Item,
    Living,
    Match,
    Page,
    Parsed,
    Place,
    Story,
    own_place,
)
from bot.stories.facts import StoryFacts

GONE = 410
KILLS = 3
"""Documents of a feed that were the end of their readers, one after another, before it is polled no more."""

NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Answer:
    """What one poll of one feed came to at a time: a page, read or unchanged, or an error.

    `parsed` is None for an unchanged page (304, or the same body as last time); `body_key` is the hash of the body. `killed`
    says that the document was the end of the child which read it.
    """

    feed: Feed
    at: datetime
    page: Page | None = None
    parsed: Parsed | None = None
    body_key: int = 0
    error: FetchError | None = None
    killed: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of the document, new or not."""
        return self.parsed.items if self.parsed else ()


@dataclass(frozen=True, slots=True)
class Found:
    """A new item with its story, what it is about, and which watchlists asked for it.

    `placed` is the whole story decision; `root` the story of which its own is a later development, 0 if it is none. `story`
    and `facts` are what all its reports tell, None where nobody has asked; `news` is what this one adds, line by line.
    """

    item: Item
    story_id: int
    classification: Classification
    matches: tuple[Match, ...]
    placed: Placed = NOWHERE
    root: int = 0
    story: Story | None = None
    facts: StoryFacts | None = None
    news: tuple[str, ...] = ()

    @property
    def family(self) -> int:
        """The story as people know it: the first event."""
        return self.root or self.story_id


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


def oldest_first(items: Sequence[Item]) -> list[int]:
    """The order in which items were published, as places in `items`, so that a development comes after what it follows.

    Documents begin with the newest: of items with the same time, the later one is the older.
    """
    return sorted(range(len(items)), key=lambda at: (items[at].published, -at))


def settle(answer: Answer, rhythm: Rhythm, news: bool) -> Feed:
    """The feed as it is after this poll: validators, address, rhythm, errors, and when it is due again."""
    feed = answer.feed
    if answer.page is None:
        return _failed(answer, answer.error or FetchError("no answer"), rhythm)
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
        return replace(known, baselined=feed.begun)
    return replace(
        known,
        baselined=True,
        kills=0,
        body_key=answer.body_key,
        title=feed.title or parsed.title,
        site=parsed.site or feed.site,
        lang=feed.lang or parsed.lang,
    )


def _failed(answer: Answer, error: FetchError, rhythm: Rhythm) -> Feed:
    feed, kills = answer.feed, answer.feed.kills + answer.killed
    failed = replace(feed, failures=feed.failures + 1, error=str(error), checked_at=answer.at, kills=kills)
    if error.status == GONE:
        return replace(failed, status="gone", error="HTTP 410: the feed is gone for good")
    if kills >= KILLS:
        return replace(failed, status="quarantined", error=f"{kills} documents broke their reader; the last: {error}")
    return replace(failed, due_at=after_failure(feed.url, answer.at, failed.failures, rhythm, error.retry_after))


def notices(answer: Answer, feed: Feed) -> list[Alert]:
    """What whoever asked for a feed is told if this poll was its last."""
    if feed.status == answer.feed.status:
        return []
    title = f"{feed.title} ({masked(feed.url)})" if feed.title else masked(feed.url)
    text = f"I poll {title} no more: {feed.error}. `feed add` with its address tries it again."
    return [Alert("notice", own_place(feed.person) if feed.person else feed.place, (), (), 0, about=text)]


LivingMessages = Mapping[tuple[int, Place], Sequence[Living]]
"""For stories as people know them, and places: the messages that tell them there, the oldest first."""

Hears = Callable[[Found, Place, Living], bool]
"""Whether a place is to hear what an item adds to the message that told its story."""


def widely(found: Found) -> Found:
    """Without the matches that wait for more outlets (`sources:>=N`) than have told the item's story in words of their own.

    The report that makes them enough is told.
    """
    outlets = found.story.independent if found.story else 1
    return replace(found, matches=tuple(match for match in found.matches if match.sources <= outlets))


def tell(
    feed_title: str,
    found: Sequence[Found],
    told: Collection[tuple[int, Place]],
    per_poll: int,
    living: LivingMessages | None = None,
    hears: Hears = lambda found, place, message: True,
) -> list[Alert]:
    """The alerts of one poll, oldest first: for each place its new stories, and what is new in stories it has messages of.

    Where there are more than `per_poll` of them for a place the newest have messages of their own, the rest are in a summary.
    A story for which only digests asked is none of them.
    """
    alerts: list[Alert] = []
    rows = _asked(found, told, living or {})
    _add_updates(rows, found, told, living or {}, hears)
    for place, events in rows.items():
        published = {story: row.item.published for story, row in events.items()}
        # a development comes after what it follows
        ordered = sorted(
            events.values(),
            key=lambda row: (
                max(row.item.published, published.get(row.item.root, row.item.published)),
                row.item.follows,
            ),
        )
        late, early = ordered[-per_poll:], ordered[:-per_poll]
        if early:
            alerts.append(_summary(place, feed_title, early))
        alerts += _messages(place, late)
    return alerts


@dataclass(frozen=True, slots=True)
class _Row:
    """One message to be: an item, the watchlists that asked for it with their templates; the message under which it goes."""

    item: AlertItem
    names: dict[str, str]
    under: Living | None = None
    news: tuple[str, ...] = ()


_Rows = dict[Place, dict[int, _Row]]
"""For each place, for each event: the first item of it that is to be told."""


def _asked(found: Sequence[Found], told: Collection[tuple[int, Place]], living: LivingMessages) -> _Rows:
    """What watchlists asked for and was not told yet."""
    places: _Rows = {}
    asked = [(one.story_id, match.watchlist) for one in found for match in one.matches]
    urgent = {(story_id, watchlist.place) for story_id, watchlist in asked if watchlist.mode == "instant"}
    for one in found:
        for match in one.matches:
            place = match.watchlist.place
            key = (one.story_id, place)
            under = next(iter(living.get((one.family, place), ())), None)
            if key in told or (key not in urgent and under is None):
                continue
            mine = tuple(m for m in one.matches if m.watchlist.place == place)
            row = places.setdefault(place, {}).setdefault(one.story_id, _Row(item_of(one, mine), {}, under))
            row.names.setdefault(match.watchlist.name, match.watchlist.template)
    return places


def _add_updates(
    rows: _Rows, found: Sequence[Found], told: Collection[tuple[int, Place]], living: LivingMessages, hears: Hears
) -> None:
    """What goes under messages of places whether their watchlists ask for it or not: developments, and new facts."""
    there: dict[int, list[tuple[Place, Sequence[Living]]]] = {}
    for (root, place), messages in living.items():
        there.setdefault(root, []).append((place, messages))
    for one in found:
        for place, messages in there.get(one.family, ()):
            if one.story_id in rows.get(place, {}) or not hears(one, place, messages[0]):
                continue
            own = next((message for message in messages if message.story_id == one.story_id), None)
            known = (one.story_id, place) in told
            adds = known and one.news and (own.sent if own else bool(one.root))
            if adds or (one.root and not known):
                row = _Row(item_of(one, ()), {}, messages[0], one.news if known else ())
                rows.setdefault(place, {})[one.story_id] = row


def _messages(place: Place, rows: Sequence[_Row]) -> list[Alert]:
    """A message for each: of its own, or under the one that told its story, be it one of these."""
    here = {row.item.story_id: row for row in rows if row.under is None and not row.item.follows}
    alerts = []
    for row in rows:
        top = here.get(row.item.follows)
        if row.under is not None:
            told = row.under.alert
            names, about = told.watchlists, told.items[0].title
            alerts.append(Alert("update", place, names, (row.item,), about=about, news=row.news))
        elif top is not None:
            alerts.append(Alert("update", place, tuple(row.names), (row.item,), about=top.item.title))
        else:
            templates = templates_of([*row.names.values()])
            alerts.append(Alert("story", place, tuple(row.names), (row.item,), templates=templates))
    return alerts


def item_of(found: Found, matches: Sequence[Match]) -> AlertItem:
    """What an alert says of a new item, and of why these matched."""
    item = replace(alert_item(found.item, found.story_id, found.classification, matches), follows=found.root)
    return with_facts(item, found.story, found.facts) if found.story and found.facts else item


def _summary(place: Place, feed_title: str, rows: Sequence[_Row]) -> Alert:
    """One message for all of them; every story id is in it, so that none is told again."""
    names = {name: template for row in rows for name, template in row.names.items()}
    names = names or {name: "" for row in rows if row.under for name in row.under.alert.watchlists}
    items = tuple(replace(row.item, summary="", words=()) for row in reversed(rows))
    templates = templates_of([*names.values()])
    return Alert("summary", place, tuple(names), items, count=len(items), feed=feed_title, templates=templates)
