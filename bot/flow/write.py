"""What is written after a batch of polls: items, stories, the feeds' validators and the outbox, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.alerted import matched_topics, named_entities
from bot.classify.feedback import Lessons, sift
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.feeds.rhythm import Rhythm
from bot.flow.decide import Answer, Found, fresh, identity_keys, settle, tell, widely
from bot.flow.gather import audible, by_place, gather, reports
from bot.flow.stories import assign
from bot.flow.suggest import suggest
from bot.merged import Merged
from bot.model import Alert, Feed, Item, StoredItem
from bot.ports import Transaction


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
    """Turns answers of feeds into rows, inside the caller's transaction. For one thread at a time."""

    def __init__(self, merged: Merged, rhythm: Rhythm, per_poll: int) -> None:
        self._merged, self._rhythm, self._per_poll = merged, rhythm, per_poll
        self._matcher: tuple[int, Knowledge, Matcher] | None = None
        self._lessons = Lessons()

    def write(self, tx: Transaction, answers: Sequence[Answer]) -> list[Polled]:
        """Write what these polls came to; answers what is to be heard of it once the transaction is committed."""
        new = _admit(tx, answers)
        tx.items.add([_unknown(item, answer) for answer, items in new if not answer.feed.baselined for item in items])
        found = self._understand(tx, [(answer, items) for answer, items in new if answer.feed.baselined])
        told = self._tell(tx, found)
        polled = [
            Polled(
                settle(answer, self._rhythm, bool(items)),
                len(items),
                told.get(answer.feed.id, ()),
                str(answer.error or ""),
            )
            for answer, items in new
        ]
        tx.feeds.save([one.feed for one in polled])
        return polled

    def _understand(
        self, tx: Transaction, new: Sequence[tuple[Answer, list[Item]]]
    ) -> list[tuple[Answer, list[Found]]]:
        """Find out what new items are about, which story they belong to and who asked for them, and store them."""
        if not new:
            return []
        stories = iter(assign(tx, [(item, answer.at) for answer, items in new for item in items]))
        matcher = self.matcher(tx)
        found = [
            (answer, [self._sifted(tx, Found(item, next(stories), *matcher.read(item))) for item in items])
            for answer, items in new
        ]
        tx.items.add([_stored(one, answer) for answer, rows in found for one in rows])
        for answer, rows in found:
            suggest(tx, {one.story_id for one in rows if one.classification.deals}, self._merged.latest, answer.at)
        return found

    def _sifted(self, tx: Transaction, found: Found) -> Found:
        """Without the matches that verdicts on earlier alerts hold back."""
        revision = tx.verdicts.revision() if found.matches else 0
        if not revision:  # nobody has ever given a verdict
            return found
        ids = {match.watchlist.id for match in found.matches}
        learned = {one: self._lessons.of(one, revision, tx.verdicts.of) for one in ids}
        return replace(found, matches=sift(found.item, found.classification, found.matches, learned).kept)

    def _tell(self, tx: Transaction, found: Sequence[tuple[Answer, list[Found]]]) -> dict[int, tuple[Alert, ...]]:
        """Queue the alerts, by feed id; a story that one feed tells a place is not told it by the next.

        What only digests ask for waits for them; who follows a story is told of further reports.
        """
        followed = tx.follows.of({one.story_id for _, rows in found for one in rows})
        wanted = {one.story_id for _, rows in found for one in rows if one.matches}
        if not wanted and not followed:
            return {}
        told, queued, lineage = tx.outbox.told(wanted), {}, self._merged.of(tx).lineage
        outlets = {story: tx.stories.get(story).sources for story in wanted | {story for story, _ in followed}}
        places = {match.watchlist.place for _, rows in found for one in rows for match in one.matches}
        mutes = by_place(tx.mutes.of(places | {place for _, place in followed}, found[0][0].at))
        for answer, all_rows in found:
            known = [replace(one, sources=outlets.get(one.story_id, ())) for one in all_rows]
            rows = [audible(widely(one), mutes, lineage) for one in known]
            alerts = tell(answer.feed.title, rows, told, self._per_poll)
            now = {(item.story_id, alert.place) for alert in alerts for item in alert.items}
            alerts += reports(rows, followed, now, mutes, lineage, self._per_poll)
            told |= now
            tx.digests.add(gather(rows, told, answer.at, lineage))
            if alerts:
                tx.outbox.add(alerts, answer.at)
                tx.digests.drop({(item.story_id, alert.place) for alert in alerts for item in alert.items})
                queued[answer.feed.id] = tuple(alerts)
        return queued

    def matcher(self, tx: Transaction) -> Matcher:
        """The compiled knowledge and watchlists, compiled anew when either has changed in the store."""
        revision, knowledge = tx.watches.revision(), self._merged.of(tx)
        if self._matcher is None or self._matcher[0] != revision or self._matcher[1] is not knowledge:
            self._matcher = (revision, knowledge, Matcher(knowledge, tx.watches.all()))
        return self._matcher[2]


def _admit(tx: Transaction, answers: Sequence[Answer]) -> list[tuple[Answer, list[Item]]]:
    """The new items of each document; from now on all of its items are seen. A feed without a baseline has seen none."""
    keys = {one.feed.id: {key for item in one.items for key in identity_keys(item)} for one in answers if one.items}
    seen = tx.items.seen({one.feed.id: keys[one.feed.id] for one in answers if one.items and one.feed.baselined})
    tx.items.remember({feed_id: mine - seen.get(feed_id, set()) for feed_id, mine in keys.items()})
    return [(answer, fresh(answer.items, seen.get(answer.feed.id, ()))) for answer in answers]


def _unknown(item: Item, answer: Answer) -> StoredItem:
    """An item of a silent baseline: nobody waits for it, so what it is about is asked by the indexer."""
    return StoredItem(item, answer.feed.id, 0, answer.at, known=False)


def _stored(found: Found, answer: Answer) -> StoredItem:
    about = found.classification
    return StoredItem(
        item=found.item,
        feed_id=answer.feed.id,
        story_id=found.story_id,
        fetched=answer.at,
        topics=matched_topics(about),
        entities=named_entities(about),
        event=about.event,
        deals=about.deals,
    )
