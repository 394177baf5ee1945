"""What Robowire needs from the world: small Protocols whose docstrings are their contracts.

Every implementation passes the same suite (tests/contract). Times are aware and UTC everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.message import Message
from bot.model import (
    Alert,
    Delivery,
    Feed,
    MessageRef,
    NewFeed,
    NewStory,
    Page,
    Parsed,
    Person,
    Place,
    Request,
    StoredItem,
    Story,
    Watchlist,
)


class Clock(Protocol):
    """The time, so that tests need not wait for it."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock."""


class Fetcher(Protocol):
    """The one door to the web."""

    async def fetch(self, request: Request) -> Page:
        """Get a page, conditionally where validators are given; follows redirects.

        Answers only 200 and 304. Raises Refused for an address that is never fetched (scheme, private network, also after a
        redirect), FetchError for every other answer and failure, with `status` and `retry_after` where the server gave them.
        Never raises anything else for what a server does. Bounded in time, size and redirects.
        """

    async def close(self) -> None:
        """Close all connections."""


class Parser(Protocol):
    """From bytes to items, whatever the bytes are."""

    async def parse(self, page: Page, feed_url: str) -> Parsed:
        """Read and normalise a document. `feed_url` seeds item ids, so it stays the same when the feed moves.

        Raises ParseError if it is not a feed, or took more time or memory than a feed may. Never blocks the event loop.
        """

    async def close(self) -> None:
        """Stop the children, if there are any."""


class Chat(Protocol):
    """A place to talk: Slack, Discord, a terminal."""

    async def post(self, place: Place, message: Message, nonce: str) -> MessageRef:
        """Post one message. The nonce is the same for every attempt at one delivery; a chat that can, refuses its repetition.

        Raises TryAgain (with the seconds to wait) or NeverAgain (the place is gone). After any other error or a crash it is
        unknown whether the message was posted.
        """

    async def find(self, place: Place, nonce: str) -> MessageRef | None:
        """The message posted with this nonce, or None if there is none or the chat cannot tell."""


# -- the store -----------------------------------------------------------------------------------------------------------


class Feeds(Protocol):
    """The feeds and their queue, ordered by the time at which each is due."""

    def add(self, feeds: Iterable[NewFeed], due: datetime) -> list[Feed]:
        """Add those whose url is not there yet, due at `due`; answers the added ones."""

    def get(self, feed_id: int) -> Feed:
        """Raises NotFound."""

    def find(self, url: str) -> Feed | None:
        """The feed with exactly this url."""

    def all(self) -> list[Feed]:
        """Every feed, in the order of their ids."""

    def remove(self, feed_id: int) -> None:
        """Forget a feed and what identifies its items; the items themselves stay. Raises NotFound."""

    def claim(self, now: datetime, lease: datetime, limit: int) -> list[Feed]:
        """Take up to `limit` active feeds with `due_at` <= now that nobody holds, longest due first; held until `lease`."""

    def save(self, feeds: Sequence[Feed]) -> None:
        """Write these feeds as they are and let go of them. One that was removed meanwhile is passed over."""

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

        Story, topics and entities of those that were not known before are stored.
        """

    def search(
        self,
        text: str = "",
        topics: Collection[str] = (),
        entities: Collection[str] = (),
        since: datetime | None = None,
        limit: int = 10,
    ) -> list[StoredItem]:
        """The newest items (latest stored first) that have every word of `text` and any of the topics or entities.

        Only items that were indexed are found; with no conditions, the newest of all those. Words are compared folded; a
        run of Han, kana or Hangul characters is found anywhere inside a text. Searched are titles and at least the first
        300 characters of summaries; `since` is about the time at which items were fetched.
        """

    def count(self) -> int:
        """How many are stored."""


class Stories(Protocol):
    """Stories and the keys by which copies find them."""

    def by_keys(self, keys: Collection[int], since: datetime) -> dict[int, int]:
        """For each key given to a story since then: the id of the newest such story."""

    def add(self, stories: Sequence[NewStory]) -> list[int]:
        """New stories of one item each; answers their ids in the same order."""

    def join(self, story_id: int, updated: datetime, source: str) -> None:
        """One more report of it."""

    def tag(self, keys: Mapping[int, int], at: datetime) -> None:
        """Let each key (of a link or a title) lead to its story from now on."""

    def get(self, story_id: int) -> Story:
        """Raises NotFound."""


class Watches(Protocol):
    """Watchlists, by place and name. Names are unique at a place, compared folded."""

    def add(self, place: Place, name: str, query: str, owner: Person, at: datetime) -> Watchlist:
        """Raises Conflict if the place has one of that name."""

    def all(self, place: Place | None = None) -> list[Watchlist]:
        """Those of one place, or of all, in the order of their ids."""

    def find(self, place: Place, name: str) -> Watchlist | None:
        """By name."""

    def edit(self, watchlist_id: int, query: str) -> Watchlist:
        """Replace the query. Raises NotFound."""

    def remove(self, watchlist_id: int) -> None:
        """Raises NotFound."""

    def revision(self) -> int:
        """A number that grows with every change, so that compiled queries know when they are stale."""


class Outbox(Protocol):
    """What is still to be said, in order, place by place."""

    def add(self, alerts: Sequence[Alert], at: datetime) -> list[int]:
        """Queue alerts behind what their places have; answers delivery ids, ascending."""

    def told(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        """Which of the stories were queued for or posted at which places, in alerts and in summaries."""

    def claim(self, now: datetime, lease: datetime, limit: int) -> list[Delivery]:
        """Take the first waiting delivery of up to `limit` places, held until `lease`.

        Never one of a place that is blocked or disabled, waits for a retry, or has a delivery held by somebody: strictly
        first in, first out in each place. A delivery whose lease ran out unrecorded comes back `ambiguous`.
        """

    def done(self, delivery_id: int, ref: MessageRef, at: datetime) -> None:
        """It was posted as `ref`."""

    def retry(self, delivery_id: int, due: datetime, error: str) -> None:
        """It was surely not posted; its place waits until `due`."""

    def disable(self, place: Place, error: str, at: datetime) -> None:
        """The place is gone: nothing is claimed for it any more, and what waits for it is dropped."""

    def disabled(self) -> dict[Place, str]:
        """Disabled places, and why."""

    def waiting(self) -> int:
        """How many deliveries are not done."""

    def next_due(self) -> datetime | None:
        """When the next delivery can be claimed; None if none waits."""


class Settings(Protocol):
    """Small facts that must outlive a process."""

    def get(self, key: str) -> str | None:
        """The value, or None."""

    def set(self, key: str, value: str) -> None:
        """Write one."""


class Transaction(Protocol):
    """One atomic view of the store."""

    feeds: Feeds
    items: Items
    stories: Stories
    watches: Watches
    outbox: Outbox
    settings: Settings


class Store(Protocol):
    """The one durable truth. Calls block: call from a thread, never from the event loop.

    Any thread may call; transactions that write run one after another.
    """

    def write(self) -> AbstractContextManager[Transaction]:
        """A transaction: everything in it happens, or, if the block raises, nothing. Raises StoreError if it cannot."""

    def read(self) -> AbstractContextManager[Transaction]:
        """A view of one moment; changing through it is an error."""

    def release(self) -> None:
        """Let go of every lease: called once at the start by a process that knows it is alone."""

    def backup(self, target: Path) -> None:
        """Write a sound copy to a file that must not exist; the bot may run on. Raises StoreError."""

    def close(self) -> None:
        """Let go of everything; the store is of no use after."""
