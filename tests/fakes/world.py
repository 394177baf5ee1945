"""The world in memory: a clock moved by hand, servers that answer from a table, a chat that keeps a transcript."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.errors import Gone, ParseError
from bot.feeds import opml
from bot.feeds.discover import offered
from bot.feeds.normalise import normalise
from bot.message import Message
from bot.model import Document, Entry, MessageRef, NewFeed, Page, Parsed, Place, Request

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class FakeClock:
    """Time that passes only when it is told to, or slept."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.pass_(seconds)

    def pass_(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def entries(*titles: str, host: str = "news.example") -> list[Entry]:
    """Entries with a guid and a link made of each title."""
    return [
        Entry(guid=f"{host}/{title}", title=title, link=f"https://{host}/{title.replace(' ', '-')}", summary="")
        for title in titles
    ]


@dataclass
class FakeFetcher:
    """Answers from `pages`: a list of titles is a document, an exception is raised; `asked` is the transcript."""

    clock: FakeClock
    pages: dict[str, Iterable[str] | Exception | Page] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    async def fetch(self, request: Request) -> Page:
        self.asked.append(request)
        answer = self.pages[request.url]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Page):
            return replace(answer, fetched=self.clock.now())
        return Page(request.url, 200, self.clock.now(), "\n".join(answer).encode(), etag=f'"{hash(tuple(answer))}"')

    async def close(self) -> None:
        pass


@dataclass
class FakeParser:
    """Every line of a body is the title of an entry; a body that starts with `!` is no feed, with `!!` the end of its reader."""

    read: list[str] = field(default_factory=list)

    async def parse(self, page: Page, feed_url: str) -> Parsed:
        self.read.append(feed_url)
        text = page.body.decode()
        if text.startswith("!"):
            raise ParseError("not a feed", killed=text.startswith("!!"))
        document = Document(title=feed_url, entries=tuple(entries(*text.splitlines())))
        return normalise(document, feed_url, page.url, page.fetched)

    async def opml(self, body: bytes) -> list[NewFeed]:
        return opml.read(body)

    async def offered(self, page: Page) -> list[str]:
        return offered(page.body, page.url)

    async def close(self) -> None:
        pass


@dataclass
class FakeChat:
    """Keeps what was posted, by place; raises the errors it is given, in their order; None among them is a success.

    Those in `lost` it raises after a message was posted: its answer did not arrive.
    """

    posted: list[tuple[Place, str, str]] = field(default_factory=list)
    errors: list[Exception | None] = field(default_factory=list)
    can_find: bool = True
    threads: dict[str, MessageRef] = field(default_factory=dict)
    edits: list[tuple[MessageRef, str]] = field(default_factory=list)
    lost: list[Exception] = field(default_factory=list)

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        self._fail()
        self.posted.append((place, message.text, nonce))
        if thread is not None:
            self.threads[nonce] = thread
        if self.lost:
            raise self.lost.pop(0)
        return MessageRef(place, nonce)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        self._fail()
        if all(nonce != ref.id for _, _, nonce in self.posted):
            raise Gone(f"there is no message {ref.id}")
        self.edits.append((ref, message.text))

    def _fail(self) -> None:
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error

    async def find(self, place: Place, nonce: str, thread: MessageRef | None = None) -> MessageRef | None:
        known = self.can_find and any((p, n) == (place, nonce) for p, _, n in self.posted)
        return MessageRef(place, nonce) if known else None
