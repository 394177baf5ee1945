"""Who is told of new items, inside the caller's transaction: alerts, what goes under them, digests, edits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import NotFound
from bot.flow.decide import Found, LivingMessages, tell, widely
from bot.flow.gather import audible, by_place, gather, of_roots, reports, traits_of
from bot.flow.living import new_facts, refreshed
from bot.model import Alert, Living, Place, Story
from bot.muted import Lineage, silencing
from bot.people import Mute
from bot.ports import Transaction
from bot.stories.facts import StoryFacts, facts_of


@dataclass(frozen=True, slots=True)
class Batch:
    """The new items of one poll of a feed."""

    feed_id: int
    feed_title: str
    at: datetime
    found: Sequence[Found]


@dataclass(frozen=True, slots=True)
class Known:
    """All that is told of an event by now; `news` is what new items add to it, `bringer` the id of the first that does."""

    story: Story
    facts: StoryFacts
    bringer: str = ""
    news: tuple[str, ...] = ()

    def of(self, found: Found) -> Found:
        """One of its items, with what is known of the event."""
        news = self.news if found.item.id == self.bringer else ()
        return replace(found, story=self.story, facts=self.facts, news=news)


class Ears:
    """What places want to hear of, as of this transaction; satisfies `decide.Hears`."""

    def __init__(self, tx: Transaction, places: Collection[Place], at: datetime, lineage: Lineage) -> None:
        self.mutes: Mapping[Place, Sequence[Mute]] = by_place(
            of_roots(tx.mutes.of(places, at), lambda story: root_of(tx, story))
        )
        self._tx, self._lineage = tx, lineage
        self._watchlists: dict[Place, dict[str, int]] = {}

    def __call__(self, found: Found, place: Place, message: Living) -> bool:
        """Whether somebody there still asks for the story that the message told, and nothing silences this item of it."""
        if place not in self._watchlists:
            self._watchlists[place] = {one.name: one.id for one in self._tx.watches.all(place)}
        there = self._watchlists[place]
        asking = [there[name] for name in message.alert.watchlists if name in there]
        return bool(asking) and self._audible(found, place, asking)

    def bears(self, found: Found, place: Place) -> bool:
        """Whether nothing silences an item there, whoever asks for it."""
        return self._audible(found, place, ())

    def _audible(self, found: Found, place: Place, asking: Sequence[int]) -> bool:
        mutes = self.mutes.get(place)
        return not mutes or silencing(mutes, traits_of(found, self._lineage), asking) is None


def tell_news(
    tx: Transaction, batches: Sequence[Batch], lineage: Lineage, per_poll: int, heard: bool = False
) -> dict[int, tuple[Alert, ...]]:
    """Queue what follows from new items, which are stored already; answers the alerts by feed id.

    A story that one feed tells a place is not told it by the next. What only digests ask for waits for them; who follows a
    story is told of further reports. Messages that told one of the stories are edited.

    What was `heard` already, in a life of the bot that this store knows nothing of, counts as told, and nothing is posted.
    """
    rows = [one for batch in batches for one in batch.found]
    living = tx.outbox.living({one.family for one in rows})
    followed = tx.follows.of({story for one in rows for story in (one.story_id, one.family)})
    known = _known(tx, rows, {root for root, _ in living} | {story for story, _ in followed})
    if not known:
        return {}
    places = {match.watchlist.place for one in rows for match in one.matches} | {
        place for _, place in (*living, *followed)
    }
    ears = Ears(tx, places, batches[0].at, lineage)
    told, queued = tx.outbox.told(known), dict[int, tuple[Alert, ...]]()
    for batch in batches:
        mine = [known[one.story_id].of(one) for one in batch.found if one.story_id in known]
        audibles = [audible(widely(one), ears.mutes, lineage) for one in mine]
        alerts = tell(batch.feed_title, audibles, told, per_poll, living, ears)
        now = {(item.story_id, alert.place) for alert in alerts for item in alert.items}
        alerts += reports(audibles, followed, now, ears.mutes, lineage, per_poll)
        told |= now
        if heard:
            tx.outbox.add(alerts, batch.at, heard=True)
            continue
        tx.digests.add(gather(audibles, told, batch.at, lineage))
        if alerts:
            _note(living, tx.outbox.add(alerts, batch.at), alerts)
            tx.digests.drop({(item.story_id, alert.place) for alert in alerts for item in alert.items})
            queued[batch.feed_id] = (*queued.get(batch.feed_id, ()), *alerts)
    _edit(tx, living, known, batches[0].at, ears, rows, heard)
    return queued


def refresh(tx: Transaction, stories: Collection[int], at: datetime) -> None:
    """Edit the messages that told these stories, if they should say something else by now."""
    found = [tx.stories.get(story) for story in stories]
    known = {one.id: Known(one, facts_of(reports)) for one in found if (reports := tx.items.of_story(one.id))}
    _edit(tx, tx.outbox.living({one.story.follows or story for story, one in known.items()}), known, at)


def root_of(tx: Transaction, story: int) -> int:
    """The story as people know it: the first event of it."""
    try:
        found = tx.stories.get(story)
    except NotFound:
        return story
    return found.follows or found.id


def _known(tx: Transaction, rows: Sequence[Found], concerned: Collection[int]) -> dict[int, Known]:
    """The events of which somebody has heard or may hear."""
    fresh = {one.item.id for one in rows}
    events = [one.story_id for one in rows if one.matches or one.family in concerned or one.story_id in concerned]
    known = {}
    for event in dict.fromkeys(events):
        stored = tx.items.of_story(event)
        if stored:
            known[event] = Known(tx.stories.get(event), facts_of(stored), *new_facts(stored, fresh))
    return known


def _note(living: dict[tuple[int, Place], list[Living]], ids: Iterable[int], alerts: Iterable[Alert]) -> None:
    """What was queued just now lives too."""
    for number, alert in zip(ids, alerts, strict=True):
        if alert.kind == "story":
            item = alert.items[0]
            living.setdefault((item.root, alert.place), []).append(Living(number, item.story_id, alert, sent=False))


def _edit(
    tx: Transaction,
    living: LivingMessages,
    known: Mapping[int, Known],
    at: datetime,
    ears: Ears | None = None,
    rows: Sequence[Found] = (),
    heard: bool = False,
) -> None:
    """Let messages say what is known by now, if that is not what they say; not for an item that is muted there.

    Those of which that was `heard` say it already.
    """
    fresh: dict[int, list[Found]] = {}
    for one in rows:
        fresh.setdefault(one.story_id, []).append(one)
    for (_, place), messages in living.items():
        for message in messages:
            event = known.get(message.story_id)
            if event is None:
                continue
            mine = fresh.get(message.story_id, ())
            alert = refreshed(message.alert, event.story, event.facts)
            if alert != message.alert and (ears is None or any(ears.bears(one, place) for one in mine)):
                if heard:
                    tx.outbox.amend(message.id, alert)
                else:
                    tx.outbox.revise(message.id, alert, at)
