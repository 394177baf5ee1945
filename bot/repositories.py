"""What each part of the store keeps: one protocol for each kind of thing, with its promises."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import (
    Alert,
    Delivery,
    Feed,
    Living,
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
from bot.people import (
    Alias,
    Change,
    DigestEntry,
    Hours,
    Mute,
    MuteKind,
    OwnEntity,
    Proposal,
    Sent,
    Suggestion,
    SuggestionStatus,
    Verdict,
)

LEAP = 1_000_000
"""What is added to ids, once a store was restored from a backup: people still see messages with those that were given after
the backup was made, and must not get something else by them."""


class Feeds(Protocol):
    """The feeds and their queue, ordered by the time at which each is due."""

    def add(self, feeds: Iterable[NewFeed], due: datetime) -> list[Feed]:
        """Add those whose url is not there yet, due at `due`; answers the added ones."""

    def get(self, feed_id: int) -> Feed:
        """Raises NotFound."""

    def find(self, url: str) -> Feed | None:
        """The feed with exactly this url."""

    def count(self, where: str) -> int:
        """How many were asked for at a place, or at all places of a workspace or server (`slack:T0`)."""

    def all(self) -> list[Feed]:
        """Every feed, in the order of their ids."""

    def remove(self, feed_id: int) -> None:
        """Forget a feed and what identifies its items; the items themselves stay. Raises NotFound."""

    def claim(self, now: datetime, lease: datetime, limit: int) -> list[Feed]:
        """Take up to `limit` active feeds with `due_at` <= now that nobody holds, longest due first; held until `lease`."""

    def save(self, feeds: Sequence[Feed]) -> None:
        """Write these feeds as they are and let go of them. One that was removed meanwhile is passed over."""

    def rewind(self, now: datetime) -> timedelta:
        """Take back what a clock did that was ahead: feeds that were checked after `now` are due as long from now as then.

        Answers how far it was ahead; nothing if no feed was checked after `now`.
        """

    def hasten(self, now: datetime) -> int:
        """Make every active feed whose last poll did not fail due by `now`; answers how many are due then."""

    def next_due(self) -> datetime | None:
        """When the next active feed is due that nobody holds; None if there is none."""


class Items(Protocol):
    """Items: what was seen, what is stored, what can be looked up."""

    def seen(self, keys: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
        """For each feed id given with keys: those of the keys that the feed has shown before."""

    def remember(self, keys: Mapping[int, Collection[int]]) -> None:
        """Mark keys as shown by their feeds; known ones may be among them. A removed feed remembers nothing."""

    def add(self, items: Sequence[StoredItem]) -> None:
        """Store items. An item whose id is stored already for its feed is passed over."""

    def unread(self, limit: int) -> list[StoredItem]:
        """The oldest stored items that were not indexed, up to `limit`."""

    def index(self, items: Sequence[StoredItem]) -> None:
        """Make items findable: those that `unread` gave in this transaction, from the first, each `known` by now.

        Of those that were not known before, the story and what was understood are stored.
        """

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
        """The newest items (latest stored first) that have every word of `text` and any of the topics or entities.

        With `deals` only those that report one, with `event` only those of this event. Only items that were indexed are
        found; with no conditions, the newest of all those. Words are compared folded; a run of Han, kana or Hangul
        characters is found anywhere inside a text. Searched are titles and at least the first 300 characters of summaries;
        `since` is about the time at which items were fetched.
        """

    def by_link(self, link: str) -> list[StoredItem]:
        """Known items whose link leads to the same page, latest stored first; tracking and the like make no other page.

        An item whose link would not tell it from others (its `link_key` is None) is not found.
        """

    def of_story(self, story_id: int) -> list[StoredItem]:
        """The known items of a story, in the order of storing."""

    def window(self, since: datetime, dealing: datetime) -> Iterator[StoredItem]:
        """The known items that were fetched since then, and those with deals since `dealing`, in the order of storing."""

    def count(self) -> int:
        """How many are stored."""


class Stories(Protocol):
    """Stories: what the reports of one event have in common."""

    def add(self, stories: Sequence[NewStory]) -> list[int]:
        """New stories of one item each; answers their ids in the same order."""

    def join(self, story_id: int, updated: datetime, source: str, copied: bool = False) -> None:
        """One more report of it; `copied` says that it has the words of another. Raises NotFound."""

    def get(self, story_id: int) -> Story:
        """The story, or the one that it was merged into. Raises NotFound."""

    def developments(self, story_id: int) -> list[Story]:
        """The stories that follow it, in the order of their ids."""

    def merge(self, into: int, other: int) -> None:
        """Found to be one: the reports and developments of `other` are those of `into` from now on. Raises NotFound."""

    def move(self, items: Collection[str], story_id: int) -> None:
        """Put reports, by the ids of their items, into another story; both count anew, named by their first. Raises NotFound."""

    def leap(self) -> None:
        """The next id is a LEAP away from the last."""

    def revision(self) -> int:
        """A number that was never there before after every change, so that what is kept in memory knows when it is stale.

        After a transaction that failed it is as before, and no later change leads to the one that was reached in it.
        """


class Watches(Protocol):
    """Watchlists, by place and name. Names are unique at a place, compared folded."""

    def add(
        self, place: Place, name: str, query: str, owner: Person, at: datetime, mode: Mode = "instant"
    ) -> Watchlist:
        """Raises Conflict if the place has one of that name."""

    def all(self, place: Place | None = None) -> list[Watchlist]:
        """Those of one place, or of all, in the order of their ids."""

    def find(self, place: Place, name: str) -> Watchlist | None:
        """By name."""

    def owned(self, person: Person) -> int:
        """How many this person made, wherever; on Discord one person is one in all servers."""

    def edit(self, watchlist_id: int, query: str) -> Watchlist:
        """Replace the query. Raises NotFound."""

    def switch(self, watchlist_id: int, mode: Mode) -> Watchlist:
        """Let it tell at once or in the digest from now on. Raises NotFound."""

    def dress(self, watchlist_id: int, template: str) -> Watchlist:
        """Let its cards show something else from now on (bot.templates). Raises NotFound."""

    def remove(self, watchlist_id: int) -> None:
        """Forget a watchlist, the verdicts on what it found and that it was muted. Raises NotFound."""

    def revision(self) -> int:
        """A number that grows with every change, so that compiled queries know when they are stale."""


class Outbox(Protocol):
    """What is still to be said, in order, place by place; and what was said, which lives on as its story does."""

    def add(self, alerts: Sequence[Alert], at: datetime, heard: bool = False) -> list[int]:
        """Queue alerts behind what their places have; answers delivery ids, ascending.

        What is `heard` already counts as told, and is not posted.
        An update, and a report of one story, goes under the oldest message that tells the story there.
        """

    def told(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        """Which of the stories were queued for or posted at which places, in alerts and in summaries."""

    def living(self, roots: Collection[int]) -> dict[tuple[int, Place], list[Living]]:
        """For each of these stories and each place: the messages of their own that tell it, or developments of it.

        The oldest first; none that were dropped or are gone.
        """

    def revise(self, delivery_id: int, alert: Alert, at: datetime) -> None:
        """Let a message say this from now on. Raises NotFound.

        One that was surely not posted yet is replaced in the queue. To one that was, or may have been, an edit is queued,
        unless one waits there for the same message already. Nothing happens to one that was dropped.
        """

    def amend(self, delivery_id: int, alert: Alert) -> None:
        """Note that a message says this: nothing is queued. Raises NotFound."""

    def gone(self, delivery_id: int) -> None:
        """Its message was deleted by people: it is not among the living any more."""

    def merge(self, into: int, other: int, root: int) -> None:
        """The story `other` was found to be `into` (a development of `root`, if that is another).

        What was told of it counts for `into`. Where both have messages of their own the older one lives on.
        """

    def claim(self, now: datetime, lease: datetime, limit: int, without: Collection[str] = ()) -> list[Delivery]:
        """Take the first waiting delivery of up to `limit` places, held until `lease`, of no place of platforms `without`.

        Never one of a place that is blocked or disabled, waits for a retry, or has a delivery held by somebody: strictly
        first in, first out in each place. A delivery whose lease ran out unrecorded comes back `ambiguous`.
        """

    def done(self, delivery_id: int, ref: MessageRef, at: datetime) -> None:
        """It was posted as `ref`."""

    def retry(self, delivery_id: int, due: datetime, error: str) -> None:
        """It was surely not posted; its place waits until `due`."""

    def hold(self, delivery_id: int, until: datetime) -> None:
        """Its place is not to be told now: it and what is behind it waits until then. That was no attempt."""

    def posted(self, place: Place, since: datetime) -> list[datetime]:
        """When messages were posted for a place after that time, the oldest first; edits are none."""

    def behind(self, place: Place) -> dict[int, Alert]:
        """What waits there behind the first delivery, in order, by their ids: none was ever claimed. Edits are left out."""

    def fold(self, delivery_id: int, others: Collection[int], alert: Alert) -> None:
        """Let a delivery say this, in which is what `others` behind it would have said: they are dropped. Raises NotFound.

        It goes under no other message. What they tell counts as told, in no message of its own.
        """

    def rewind(self, now: datetime, back: timedelta) -> None:
        """The clock was ahead by `back`: what waits for a lease or a retry waits as much shorter. Quiet hours stay."""

    def resume(self, place: Place) -> None:
        """What `hold` made wait there need wait no longer; a retry's wait goes on."""

    def disable(self, place: Place, error: str, at: datetime) -> None:
        """The place is gone: nothing is claimed for it any more, and what waits for it is dropped."""

    def abandon(self, why: str) -> int:
        """Nothing of what waits is posted any more, at any place, and the next id is a LEAP away; answers how many waited."""

    def enable(self, place: Place) -> bool:
        """The place is back: what is queued from now on is claimed again. Answers whether it was disabled."""

    def disabled(self) -> dict[Place, str]:
        """Disabled places, and why."""

    def waiting(self) -> int:
        """How many deliveries are not done."""

    def next_due(self) -> datetime | None:
        """When the next delivery can be claimed; None if none waits."""

    def alert(self, delivery_id: int) -> Alert:
        """What a delivery says or said, posted or not. Raises NotFound, for edits and notices too."""

    def recent(self, place: Place, limit: int) -> list[Posted]:
        """The news that was posted for this place, newest first: no notices."""


class Settings(Protocol):
    """Small facts that must outlive a process."""

    def get(self, key: str) -> str | None:
        """The value, or None."""

    def set(self, key: str, value: str) -> None:
        """Write one."""


class Entities(Protocol):
    """What people here added to the gazetteer: entities and spellings of entities, for all places alike.

    A spelling belongs to one entity, compared in normal form (classify.normal.needle); the name of an own entity is one.
    """

    def add(self, entity: OwnEntity, names: Collection[str] = ()) -> None:
        """Add an entity with its spellings, its name first. Raises Conflict if the id or a spelling is taken."""

    def all(self) -> list[OwnEntity]:
        """Every own entity, in the order of adding."""

    def remove(self, entity_id: str) -> None:
        """Forget an own entity, and what was added to or suggested for it. Raises NotFound."""

    def alias(self, alias: Alias) -> None:
        """Add a spelling, of an own entity or of one of the seeds. Raises Conflict if it is taken."""

    def unalias(self, entity_id: str, name: str) -> None:
        """Forget a spelling of an entity. Raises NotFound."""

    def aliases(self) -> list[Alias]:
        """Every spelling that was added, names of own entities too, in the order of adding."""

    def revision(self) -> int:
        """A number that grows with every change, so that compiled knowledge knows when it is stale."""


class Suggestions(Protocol):
    """Spellings that stories propose for entities, until a person accepts or rejects them."""

    def add(self, proposals: Collection[Proposal], at: datetime) -> None:
        """Note proposals: a new suggestion for each entity and spelling, or one more story that speaks for the old one.

        One that was accepted or rejected stays as it is.
        """

    def all(self, status: SuggestionStatus = "proposed") -> list[Suggestion]:
        """Those of a status: by the number of stories that speak for each, most first, then the oldest."""

    def get(self, suggestion_id: int) -> Suggestion:
        """Raises NotFound."""

    def decide(self, suggestion_id: int, status: SuggestionStatus, by: Person, at: datetime) -> Suggestion:
        """Write what a person decided; answers the suggestion as it is now. Raises NotFound."""


class Verdicts(Protocol):
    """What people said of the stories that watchlists found: one for each watchlist, story and person."""

    def add(self, verdict: Verdict) -> None:
        """Keep a verdict; a changed mind replaces the earlier one. Raises NotFound if there is no such watchlist."""

    def of(self, watchlist_id: int) -> list[Verdict]:
        """Those on what a watchlist found, in the order of their times."""

    def reset(self, watchlist_id: int) -> int:
        """Forget those of a watchlist; answers how many there were."""

    def revision(self) -> int:
        """A number that grows with every change, so that what was learned knows when it is stale."""


class HourBook(Protocol):
    """When each place is told."""

    def get(self, place: Place) -> Hours:
        """As it was set; the usual hours if nothing was."""

    def set(self, hours: Hours) -> None:
        """Write those of a place over."""


class Mutes(Protocol):
    """What places do not want to hear of: one mute for each place, kind and thing."""

    def add(self, mute: Mute) -> None:
        """Mute something; an earlier mute of the same is replaced. Those of the place that are over by now are forgotten."""

    def of(self, places: Collection[Place], now: datetime) -> list[Mute]:
        """Those of any of the places that are not over, in the order of adding."""

    def remove(self, place: Place, kind: MuteKind, what: str) -> None:
        """Raises NotFound."""


class Follows(Protocol):
    """Stories of which places want every further report."""

    def add(self, story_id: int, place: Place, at: datetime) -> None:
        """Follow a story; a second time changes nothing."""

    def of(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        """Which of the stories are followed by which places."""

    def at(self, place: Place) -> list[int]:
        """The stories that a place follows, in the order of following."""

    def remove(self, story_id: int, place: Place) -> None:
        """Raises NotFound."""

    def merge(self, into: int, other: int) -> None:
        """The story `other` was found to be `into`: who follows it follows that."""


class Digests(Protocol):
    """Stories that wait for digests: each once for a place; and when a place is to be looked at for its digest."""

    def add(self, entries: Collection[DigestEntry]) -> None:
        """Gather stories. One that waits there already stays as it is, and is asked for by these watchlists too.

        A place for which nothing waited is to be looked at from then on.
        """

    def waiting(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        """Which of the stories wait for the digests of which places."""

    def drop(self, told: Collection[tuple[int, Place]]) -> None:
        """These stories were told there otherwise: they wait no longer."""

    def merge(self, into: int, other: int) -> None:
        """The story `other` was found to be `into`: it waits as that, once for each place."""

    def entries(self, place: Place) -> list[DigestEntry]:
        """What waits for the digest of a place, in the order of gathering."""

    def due(self, now: datetime, limit: int) -> list[Place]:
        """Up to `limit` places that are to be looked at by now, longest due first."""

    def look(self, place: Place, at: datetime) -> None:
        """Look at a place at that time, if anything waits there: its hours have changed, or it is not due yet."""

    def rewind(self, now: datetime) -> None:
        """The clock was ahead: look at every place again that waits for its digest."""

    def clear(self, place: Place, sent: Sent | None = None) -> None:
        """Nothing waits there any more: it was `sent`, or there was nothing to send."""

    def sent(self, place: Place) -> Sent | None:
        """When the last digest of a place was queued."""


class Audit(Protocol):
    """What people changed, for those who must know later: rows are added and never edited."""

    def add(self, change: Change) -> None:
        """Keep one, and forget those that are older than AUDIT_KEPT by then."""

    def recent(self, where: str, limit: int, private: bool = True) -> list[Change]:
        """Those of a place, of all places of a workspace or server (`slack:T0`), or of all for "", newest first.

        Without what people changed in their direct messages, if not `private`.
        """


class Departures(Protocol):
    """Forgetting those who leave: workspaces and servers, places, people.

    `where` is a workspace or server (`slack:T0`), a place, or somebody's own place. All that is there goes: watchlists with
    their verdicts, hours, mutes, followed stories, digests, the outbox, the audit; of people also their verdicts elsewhere.
    What they made for others (feeds, entities, watchlists of channels) stays, without their names.
    """

    def count(self, where: str) -> dict[str, int]:
        """How much there is of each: watchlists, stories, mutes, verdicts, waiting (deliveries and stories for digests)."""

    def forget(self, where: str) -> dict[str, int]:
        """Delete it; answers what `count` said before."""
