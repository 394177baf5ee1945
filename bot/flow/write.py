"""What is written after a batch of polls: items, stories, the feeds' validators and the outbox, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alerted import acting_entities, matched_topics, named_entities
from bot.classify.feedback import Lessons, sift
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.errors import NotFound
from bot.feeds.rhythm import Rhythm
from bot.flow.decide import Answer, Found, fresh, identity_keys, notices, oldest_first, settle
from bot.flow.stories import Placed, Placer
from bot.flow.suggest import suggest
from bot.flow.telling import Batch, refresh, root_of, tell_news
from bot.merged import Merged
from bot.model import Alert, Classification, Feed, Item, Match, StoredItem
from bot.ports import Transaction
from bot.stories.cluster import WINDOW

REFINE_EVERY = timedelta(minutes=10)
"""How often stories are looked at again, all together, at most."""

_LOOKED = 20  # earlier reports of a story that may have waited for more outlets


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

    def __init__(self, merged: Merged, placer: Placer, rhythm: Rhythm, per_poll: int) -> None:
        self._merged, self._placer, self._rhythm, self._per_poll = merged, placer, rhythm, per_poll
        self._matcher: tuple[int, Knowledge, Matcher] | None = None
        self._wide = False
        self._lessons = Lessons()
        self._refined: datetime | None = None

    def write(self, tx: Transaction, answers: Sequence[Answer]) -> list[Polled]:
        """Write what these polls came to; answers what is to be heard of it once the transaction is committed."""
        new = _admit(tx, answers)
        tx.items.add([_unknown(item, answer) for answer, items in new if not answer.feed.begun for item in items])
        found = self._understand(tx, [(answer, items) for answer, items in new if answer.feed.begun])
        told = self._tell(tx, found)
        polled = [self._settled(tx, answer, items, told.get(answer.feed.id, ())) for answer, items in new]
        tx.feeds.save([one.feed for one in polled])
        return polled

    def _tell(self, tx: Transaction, found: Sequence[tuple[Answer, list[Found]]]) -> dict[int, tuple[Alert, ...]]:
        """Queue what follows from new items; not of feeds of which the places have heard, in another life, what is new here."""
        batches: dict[bool, list[Batch]] = {True: [], False: []}
        for answer, rows in found:
            if rows:
                batches[answer.feed.baselined].append(Batch(answer.feed.id, answer.feed.title, answer.at, rows))
        lineage = self._merged.of(tx).lineage
        if batches[False]:
            tell_news(tx, batches[False], lineage, self._per_poll, heard=True)
        told = tell_news(tx, batches[True], lineage, self._per_poll) if batches[True] else {}
        if any(batches.values()):
            self._refine(tx, max(batch.at for some in batches.values() for batch in some))
        return told

    def _settled(self, tx: Transaction, answer: Answer, items: Sequence[Item], alerts: tuple[Alert, ...]) -> Polled:
        """What became of a poll; whoever asked for the feed is told if it was the last."""
        feed = settle(answer, self._rhythm, bool(items))
        last = notices(answer, feed)
        tx.outbox.add(last, answer.at)
        return Polled(feed, len(items), (*alerts, *last), str(answer.error or ""))

    def _understand(
        self, tx: Transaction, new: Sequence[tuple[Answer, list[Item]]]
    ) -> list[tuple[Answer, list[Found]]]:
        """Find out what new items are about, which story they belong to and who asked for them, and store them."""
        if not new:
            return []
        matcher = self.matcher(tx)
        read = [(item, *matcher.read(item), answer.at) for answer, items in new for item in items]
        order = oldest_first([item for item, *_ in read])
        placing = self._placer.place(tx, [(_dated(read[n][0], read[n][3]), read[n][1], read[n][3]) for n in order])
        places = dict(zip(order, placing, strict=True))
        known = iter(
            [
                self._sifted(tx, _found(tx, item, about, matches, places[n]))
                for n, (item, about, matches, _) in enumerate(read)
            ]
        )
        found = [(answer, [next(known) for _ in items]) for answer, items in new]
        tx.items.add([_stored(one, answer) for answer, rows in found for one in rows])
        for answer, rows in found:
            suggest(tx, {one.story_id for one in rows if one.classification.deals}, self._merged.latest, answer.at)
        return self._with_waiting(tx, found) if self._wide else found

    def _sifted(self, tx: Transaction, found: Found) -> Found:
        """Without the matches that verdicts on earlier alerts hold back."""
        revision = tx.verdicts.revision() if found.matches else 0
        if not revision:  # nobody has ever given a verdict
            return found
        ids = {match.watchlist.id for match in found.matches}
        learned = {one: self._lessons.of(one, revision, tx.verdicts.of) for one in ids}
        return replace(found, matches=sift(found.item, found.classification, found.matches, learned).kept)

    def _with_waiting(
        self, tx: Transaction, found: Sequence[tuple[Answer, list[Found]]]
    ) -> list[tuple[Answer, list[Found]]]:
        """The items with the matches of earlier reports of their stories that waited for more outlets (`sources:>=N`).

        Those were asked for by words that the report which makes the outlets enough may not have.
        """
        fresh_ids = {one.item.id for _, rows in found for one in rows}
        waiting: dict[int, tuple[Match, ...]] = {}

        def widened(one: Found) -> Found:
            if one.placed.status == "new":
                return one
            if one.story_id not in waiting:
                waiting[one.story_id] = self._waiting(tx, one.story_id, fresh_ids)
            known = {match.watchlist.id for match in one.matches}
            more = [match for match in waiting[one.story_id] if match.watchlist.id not in known]
            return replace(one, matches=(*one.matches, *more))

        return [(answer, [widened(one) for one in rows]) for answer, rows in found]

    def _waiting(self, tx: Transaction, story: int, fresh_ids: set[str]) -> tuple[Match, ...]:
        """What asked for earlier reports of a story and waits for several outlets, each once, without places in a text."""
        matches: dict[int, Match] = {}
        for stored in tx.items.of_story(story)[-_LOOKED:]:
            if stored.item.id in fresh_ids:
                continue
            about, found = self.matcher(tx).read(stored.item)
            one = self._sifted(tx, _found(tx, stored.item, about, found, Placed(story, "same")))
            for match in one.matches:
                if match.sources > 1 and match.watchlist.created <= stored.fetched:
                    matches.setdefault(match.watchlist.id, replace(match, evidence=()))
        return tuple(matches.values())

    def _refine(self, tx: Transaction, at: datetime) -> None:
        """Look at the stories again, if it is time: what was told of two that are one counts for that one."""
        if self._refined is None:
            self._refined = at
        if at - self._refined < REFINE_EVERY:
            return
        self._refined = at
        done = self._placer.refine(tx, at)
        for into, other in done.merged:
            kept = tx.stories.get(into).id
            tx.outbox.merge(kept, other, root_of(tx, kept))
            tx.follows.merge(kept, other)
            tx.digests.merge(kept, other)
        changed = {into for into, _ in done.merged} | {old for _, old, _ in done.apart}
        refresh(tx, {tx.stories.get(story).id for story in changed}, at)
        batches = [self._put_out(tx, *one, at) for one in done.apart]
        if batches:
            tell_news(tx, batches, self._merged.of(tx).lineage, self._per_poll)

    def _put_out(self, tx: Transaction, item_id: str, old: int, new: int, at: datetime) -> Batch:
        """A report that was taken for one of a story: told where that story was told, and so this was not."""
        stored = next(one for one in tx.items.of_story(new) if one.item.id == item_id)
        told = {place for _, place in tx.outbox.told({tx.stories.get(old).id})}
        about, matches = self.matcher(tx).read(stored.item)
        swallowed = tuple(match for match in matches if match.watchlist.place in told)
        found = self._sifted(tx, _found(tx, stored.item, about, swallowed, Placed(new, "same")))
        try:
            title = tx.feeds.get(stored.feed_id).title
        except NotFound:
            title = ""
        return Batch(stored.feed_id, title, at, [found])

    def matcher(self, tx: Transaction) -> Matcher:
        """The compiled knowledge and watchlists, compiled anew when either has changed in the store."""
        revision, knowledge = tx.watches.revision(), self._merged.of(tx)
        if self._matcher is None or self._matcher[0] != revision or self._matcher[1] is not knowledge:
            watchlists = tx.watches.all()
            self._matcher = (revision, knowledge, Matcher(knowledge, watchlists))
            self._wide = any("sources:" in watchlist.query.lower() for watchlist in watchlists)
        return self._matcher[2]


def _admit(tx: Transaction, answers: Sequence[Answer]) -> list[tuple[Answer, list[Item]]]:
    """The new items of each document; from now on all of its items are seen. A feed that is polled first has seen none."""
    keys = {one.feed.id: {key for item in one.items for key in identity_keys(item)} for one in answers if one.items}
    seen = tx.items.seen({one.feed.id: keys[one.feed.id] for one in answers if one.items and one.feed.begun})
    tx.items.remember({feed_id: mine - seen.get(feed_id, set()) for feed_id, mine in keys.items()})
    return [(answer, fresh(answer.items, seen.get(answer.feed.id, ()))) for answer in answers]


def _found(tx: Transaction, item: Item, about: Classification, matches: tuple[Match, ...], placed: Placed) -> Found:
    """An item with its story, and the one that this is a development of; a new one is none."""
    root = placed.follows or (0 if placed.status == "new" else root_of(tx, placed.story_id))
    return Found(item, placed.story_id, about, matches, placed, root if root != placed.story_id else 0)


def _dated(item: Item, at: datetime) -> Item:
    """An item that came after the baseline, to be put to a story: it tells what is news now, be its date years ago."""
    return replace(item, published=at) if item.published < at - WINDOW else item


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
        status=found.placed.status,
        placed=found.placed.why,
        copy=found.placed.copy,
        actors=acting_entities(about),
    )
