"""What Robowire needs from the world: small Protocols whose docstrings are their contracts.

Every implementation passes the same suite (tests/contract). Times are aware and UTC everywhere.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.message import Message
from bot.model import (
    MessageRef,
    NewFeed,
    Page,
    Parsed,
    Place,
    Request,
)
from bot.repositories import (
    Audit,
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

COPIED_AT = "copied_at"
"""The setting that a backup has, and its original has not: when it was made, in ISO 8601. Who runs on one must know that the
bot went on after it was made (bot.flow.restore)."""


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

    async def opml(self, body: bytes) -> list[NewFeed]:
        """The feeds of an OPML list, each address once. Raises BadInput if it is none, or longer than sense."""

    async def offered(self, page: Page) -> list[str]:
        """The addresses of the feeds that a web page offers, in its order. Raises ParseError as `parse` does."""

    async def close(self) -> None:
        """Stop the children, if there are any."""


class Chat(Protocol):
    """A place to talk: Slack, Discord, a terminal. What people say in it goes to the Book that it was built with."""

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        """Post one message, into the thread under another message if one is given; only there, if that is possible at all.

        Where it is not (the message is gone, there are no threads, the bot may not speak in one), it is said in the place
        itself. The place may be somebody's direct messages (`own_place`). The nonce is the same for every attempt at one
        delivery; a chat that can, refuses its repetition. Raises TryAgain (with the seconds to wait) if it was surely not
        posted and may be later, NeverAgain if the place is gone. After any other error or a crash it is unknown whether it
        was posted.
        """

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Let a posted message say all of this and nothing else: text, cards, pictures, buttons. It makes no sound.

        Repeating an edit is harmless, and one that changes nothing may ask nobody. Raises TryAgain if it was not changed, or
        may not have been, and can be later, with the seconds to wait; Gone if the message was deleted or cannot be changed
        any more, while its place may be well; NeverAgain if the place is gone. A message in a form that the chat does not
        take is left as it was. Chats that cannot edit (a terminal) say in one line what is new, once.
        """

    async def find(self, place: Place, nonce: str, thread: MessageRef | None = None) -> MessageRef | None:
        """The message posted with this nonce, under the message `thread` if it was posted there.

        None if there is none or the chat cannot tell. Raises ChatError if it could tell, but not now.
        """


class Assistant(Protocol):
    """A language model that may be asked; nothing depends on it."""

    async def complete(self, system: str, user: str) -> str:
        """The answer to a question. Raises AssistError whatever goes wrong; may take long, so callers bound it."""


# -- the store -----------------------------------------------------------------------------------------------------------


class Transaction(Protocol):
    """One atomic view of the store."""

    feeds: Feeds
    items: Items
    stories: Stories
    watches: Watches
    outbox: Outbox
    settings: Settings
    entities: Entities
    suggestions: Suggestions
    verdicts: Verdicts
    hours: HourBook
    mutes: Mutes
    follows: Follows
    digests: Digests
    audit: Audit
    departures: Departures


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
        """Write a sound copy to a file that must not exist; the bot may run on. Raises StoreError.

        Only the copy has the setting COPIED_AT.
        """

    def close(self) -> None:
        """Let go of everything; the store is of no use after."""
