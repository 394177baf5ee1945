"""What is written after a batch of polls: items, stories, the feeds' validators and the outbox, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.classify.knowledge import Knowledge
from bot.classify.match import Matcher
from bot.feeds.rhythm import Rhythm
from bot.flow.decide import MATCHED, Answer, Found, fresh, identity_keys, settle, tell
from bot.model import Alert, Classification, Feed, Item, Parsed, StoredItem
from bot.ports import Transaction
from bot.stories import cluster


@dataclass(frozen=True, slots=True)
class Polled:
    """What became of one poll, for progress and logs: how many items were new and which alerts were queued."""

    feed: Feed
    new: int = 0
    alerts: tuple[Alert, ...] = ()
    error: str = ""

    @property
    def stories(self) -> int:
        """How many stories the alerts tell, those that a summary only counts among them."""
        return sum(alert.count for alert in self.alerts)


class Writer:
    """Turns answers of feeds into rows, inside the caller's transaction."""

    def __init__(self, knowledge: Knowledge, rhythm: Rhythm, per_poll: int) -> None:
        self._knowledge, self._rhythm, self._per_poll = knowledge, rhythm, per_poll
        self._matcher: tuple[int, Matcher] | None = None

    def write(self, tx: Transaction, answers: Sequence[Answer]) -> list[Polled]:
        """Write what these polls came to; answers what is to be heard of it once the transaction is committed."""
        polled, feeds = [], []
        for answer in answers:
            result = self._one(tx, answer)
            polled.append(result)
            feeds.append(result.feed)
        tx.feeds.save(feeds)
        return polled

    def _one(self, tx: Transaction, answer: Answer) -> Polled:
        feed, parsed = answer.feed, answer.parsed
        if parsed is None:
            return Polled(settle(answer, self._rhythm, news=False), error=str(answer.error or ""))
        new = self._admit(tx, feed, parsed)
        found = self._understand(tx, feed, new, answer.at)
        alerts = self._tell(tx, feed, found, answer.at) if feed.baselined else []
        return Polled(settle(answer, self._rhythm, news=bool(new)), len(new), tuple(alerts))

    def _admit(self, tx: Transaction, feed: Feed, parsed: Parsed) -> list[Item]:
        """The new items of a document; from now on they are seen."""
        keys = {key for item in parsed.items for key in identity_keys(item)}
        seen = tx.items.seen(feed.id, keys)
        tx.items.remember(feed.id, keys - seen)
        return fresh(parsed.items, seen)

    def _understand(self, tx: Transaction, feed: Feed, items: Sequence[Item], at: datetime) -> list[Found]:
        """Match, cluster and store new items."""
        matcher = self.matcher(tx)
        known = tx.stories.by_keys({key for item in items for key in cluster.keys(item)}, at - cluster.WINDOW)
        found, tags = [], {}
        for item in items:
            about, matches = matcher.read(item)
            decision = cluster.decide(item, known, lambda story: tx.stories.get(story).sources)
            story = decision.story_id
            if story is None:
                story = tx.stories.add(item.title, at, item.source)
            else:
                tx.stories.join(story, at, item.source)
            mine = dict.fromkeys(cluster.keys(item), story)
            known.update(mine)
            tags.update(mine)
            found.append(Found(item, story, about, matches))
        tx.stories.tag(tags, at)
        tx.items.add([_stored(one, feed, at) for one in found])
        return found

    def _tell(self, tx: Transaction, feed: Feed, found: Sequence[Found], at: datetime) -> list[Alert]:
        wanted = [one for one in found if one.matches]
        if not wanted:
            return []
        told = tx.outbox.told({one.story_id for one in wanted})
        alerts = tell(feed.title, wanted, told, self._per_poll)
        tx.outbox.add(alerts, at)
        return alerts

    def matcher(self, tx: Transaction) -> Matcher:
        """The compiled watchlists, compiled anew when the store's have changed."""
        revision = tx.watches.revision()
        if self._matcher is None or self._matcher[0] != revision:
            self._matcher = (revision, Matcher(self._knowledge, tx.watches.all()))
        return self._matcher[1]


def _stored(found: Found, feed: Feed, at: datetime) -> StoredItem:
    about: Classification = found.classification
    return StoredItem(
        item=found.item,
        feed_id=feed.id,
        story_id=found.story_id,
        fetched=at,
        topics=tuple(topic for topic, score in about.topics.items() if score > MATCHED),
        entities=tuple(dict.fromkeys(mention.entity for mention in about.mentions)),
    )
