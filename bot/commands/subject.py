"""What somebody means by "that alert": the last one, the third last, a link, words of a title; and what became of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.errors import NotFound
from bot.log import masked
from bot.message import ago
from bot.model import Alert, AlertItem, Feed, Item, Match, Place, Posted, StoredItem
from bot.ports import Transaction

LAST = 50
"""How many alerts back a number counts."""

_LOOKED = 200  # posted messages that are looked through
_NAMED = 5  # outlets that are named, the others are counted
_DELIVERY = re.compile(r"#(\d{1,15})")
_CHAT_LINK = re.compile(r"<?(https?://[^\s>|]+)(?:\|[^>]*)?>?")


class NotShown(NotFound):
    """A link that no feed has shown; the text says which feeds might have."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An item that is asked about.

    `stored` is None if all that is left of it is what an alert said, `alert` if no alert of this place told it. `at` is when
    that alert was posted, None if it was not yet or is long ago; `named` says that the alert itself was meant.
    """

    item: Item
    story_id: int
    stored: StoredItem | None = None
    alert: Alert | None = None
    at: datetime | None = None
    named: bool = False


def find_subject(tx: Transaction, place: Place, text: str) -> Subject:
    """What `text` means at a place: nothing is its last alert, a number the n-th last, `#` and a number a delivery.

    A link or words of a title mean the newest such stored item. Raises NotFound, for a link NotShown.
    """
    text = text.strip().strip("\"“”'").strip()
    if not text or (text.isascii() and text.isdigit() and 1 <= int(text) <= LAST):
        return _nth_last(tx, place, int(text or 1))
    if delivery := _DELIVERY.fullmatch(text):
        return _delivered(tx, place, int(delivery[1]))
    if link := _CHAT_LINK.fullmatch(text):
        found = tx.items.by_link(link[1])
        if not found:
            raise NotShown(_not_shown(link[1], tx.feeds.all()))
        return _of_stored(tx, place, found[0])
    hits = tx.items.search(text, limit=1)
    if not hits:
        raise NotFound(f"Nothing stored has the words `{text}`; a link finds an item too, a number an alert.")
    return _of_stored(tx, place, hits[0])


def _nth_last(tx: Transaction, place: Place, number: int) -> Subject:
    posted = tx.outbox.recent(place, number)
    if not posted:
        raise NotFound("Nothing was posted here yet.")
    if len(posted) < number:
        raise NotFound(f"Only {len(posted)} messages were posted here yet.")
    return _of_alert(tx, posted[-1].alert, posted[-1].at)


def _delivered(tx: Transaction, place: Place, delivery_id: int) -> Subject:
    alert = tx.outbox.alert(delivery_id)
    if alert.place != place:  # what another place was told is not told here
        raise NotFound(f"there is no delivery {delivery_id}")
    at = next((one.at for one in tx.outbox.recent(place, _LOOKED) if one.id == delivery_id), None)
    return _of_alert(tx, alert, at)


def _of_alert(tx: Transaction, alert: Alert, at: datetime | None) -> Subject:
    first = alert.items[0]
    story_id = _now(tx, first.story_id)
    stored = next((one for one in tx.items.of_story(story_id) if one.item.link == first.link), None)
    item = stored.item if stored else _remembered(first)
    return Subject(item, stored.story_id if stored else story_id, stored, alert, at, named=True)


def _now(tx: Transaction, story_id: int) -> int:
    """The story that this one was merged into since, itself if it was not."""
    try:
        return tx.stories.get(story_id).id
    except NotFound:  # an alert may outlive the store that it was told from
        return story_id


def _of_stored(tx: Transaction, place: Place, stored: StoredItem) -> Subject:
    subject = Subject(stored.item, stored.story_id, stored)
    posted = _telling(tx, tx.outbox.recent(place, _LOOKED), stored.story_id)
    return replace(subject, alert=posted.alert, at=posted.at) if posted else subject


def _telling(tx: Transaction, posted: list[Posted], story_id: int) -> Posted | None:
    told = {item.story_id for one in posted for item in one.alert.items}
    same = {one for one in told if one == story_id or _now(tx, one) == story_id}
    return next((one for one in posted if any(item.story_id in same for item in one.alert.items)), None)


def _remembered(told: AlertItem) -> Item:
    """An item that is stored no more, as its alert has it."""
    return Item(
        id="",
        title=told.title,
        link=told.link,
        summary=told.summary,
        published=told.published,
        author="",
        lang=told.lang,
        source=told.source,
        image=told.image,
        guid_key=None,
        pair_key=0,
        link_key=None,
        title_key=None,
    )


def _not_shown(link: str, feeds: list[Feed]) -> str:
    """Why a link may be unknown: its site's feeds fail, are paused or did not show it, or there are none."""
    host = _host(link)
    head = "No feed of mine has shown this link"
    kin = [feed for feed in feeds if host and host in (_host(feed.url), _host(feed.site))]
    if not kin:
        return f"{head}, and none is of {host or 'its site'}. `feed add {link}` looks for one."
    failing = [feed for feed in kin if feed.failures or feed.status != "active"]
    if failing:
        said = "; ".join(f"`{feed.title or masked(feed.url)}` {_state(feed)}" for feed in failing[:3])
        return f"{head}. Of its site I poll {len(kin)}, of which {len(failing)} cannot be read: {said}."
    return f"{head}. Of its site I poll {', '.join(f'`{feed.title or masked(feed.url)}`' for feed in kin[:3])}."


def _state(feed: Feed) -> str:
    return feed.status if feed.status != "active" else f"fails: {feed.error}"


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # "https://[" and the like
        return ""


# -- what became of it -------------------------------------------------------------------------------------------------


def story_words(tx: Transaction, subject: Subject) -> str:
    """The story decision: `the first report of story 12`, or which report opened that, and what they have in common.

    Who else reports it is named; of a later development it is said what it follows.
    """
    if not subject.story_id:
        return "It belongs to no story"
    reports = tx.items.of_story(subject.story_id)
    follows = _follows_words(tx, subject.story_id)
    why = subject.stored.placed if subject.stored else ()
    place = next((n for n, one in enumerate(reports, 1) if one.item.link == subject.item.link), 0)
    if place <= 1 or not reports:
        others = f", of {len(reports)}" if len(reports) > 1 else ""
        reasons = f": {'; '.join(why)}" if why else ""
        return f"It is the first report of story {subject.story_id}{others}{follows}{reasons}{_told_by(reports)}"
    first = reports[0].item
    opened = f"opened by “{first.title}” ({first.source})"
    same = "; ".join(why) or _common(subject.item, first)
    copied = ". It has the words of an earlier report" if subject.stored and subject.stored.copy else ""
    head = f"It is report {place} of {len(reports)} of story {subject.story_id}{follows}, {opened}: {same}"
    return f"{head}{copied}{_told_by(reports)}"


def _follows_words(tx: Transaction, story_id: int) -> str:
    """`, a later development of story 12, “...”`; "" for a story that follows none."""
    story = tx.stories.get(story_id)
    if not story.follows:
        return ""
    root = tx.stories.get(story.follows)
    return f", a later development of story {root.id}, “{root.title}”"


def _told_by(reports: Sequence[StoredItem]) -> str:
    """`. Told by Reuters, 36Kr and 3 more`; "" if one outlet alone tells it."""
    outlets = [name for name in dict.fromkeys(one.item.source for one in reports) if name]
    if len(outlets) < 2:
        return ""
    more = f" and {len(outlets) - _NAMED} more" if len(outlets) > _NAMED else ""
    return f". Told by {', '.join(outlets[:_NAMED])}{more}"


def _common(item: Item, first: Item) -> str:
    """What a report has in common with the one that opened the story, where no reason is stored."""
    if item.link_key is not None and item.link_key == first.link_key:
        return "the same link"
    if item.title_key is not None and item.title_key == first.title_key:
        return "the same title"
    return "the same event"


def told_words(tx: Transaction, place: Place, subject: Subject, now: datetime) -> str:
    """How the place was told of the item; the empty string if it was not."""
    alert = subject.alert
    if alert is None:
        if (subject.story_id, place) not in tx.outbox.told([subject.story_id]):
            return ""
        error = tx.outbox.disabled().get(place)
        if error:
            return f"it was to be posted, but nothing can be posted here: {error}"
        return f"its story waits to be posted here, or was told before the last {_LOOKED} messages"
    when = ago(subject.at, now) if subject.at else "not yet confirmed"
    if alert.kind in ("summary", "digest"):
        return _counted_words(alert, when)
    if all(item.link != subject.item.link for item in alert.items):
        first = alert.items[0]
        return f"its story was told here already ({when}): “{first.title}” ({first.source})"
    return f"it was posted here ({when})"


def _counted_words(alert: Alert, when: str) -> str:
    stories = f"{alert.count} stor{'y' if alert.count == 1 else 'ies'}"
    if alert.kind == "digest":
        return f"it was in the digest of {stories} ({when})"
    source = f" from {alert.feed}" if alert.feed else ""
    return f"it was counted in a summary of {stories}{source} ({when}): over the cap of one poll"


def untold_words(tx: Transaction, subject: Subject, match: Match) -> str:
    """Why a match that nothing held back was not told: too few outlets, older than the watchlist, a silent baseline."""
    stored, watchlist = subject.stored, match.watchlist
    if stored is None:
        return "it is not stored any more"
    story = tx.stories.get(subject.story_id) if subject.story_id else None
    outlets = story.independent if story else 0
    if outlets < match.sources:
        own = " in words of their own" if story and story.copied else ""
        return f"not told: {match.sources} outlets must report it{own}, {outlets} did so far"
    if watchlist.created > stored.fetched:
        return "not told: it was stored before this watchlist was made"
    feed = next((feed for feed in tx.feeds.all() if feed.id == stored.feed_id), None)
    name = f"`{feed.title or masked(feed.url)}`" if feed else "a feed that is removed"
    return (
        f"not told: it came with the first poll of {name}, the silent baseline, "
        "or the query or what was learned has changed since"
    )
