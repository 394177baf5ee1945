"""Ports that fail, or whose process dies, at a certain call: for proofs that nothing is lost and nothing said twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bot.message import Message
from bot.model import MessageRef, Page, Parsed, Place, Request
from bot.ports import Chat, Store, Transaction
from tests.fakes.world import FakeChat, FakeFetcher, FakeParser

Step = Literal[
    "fetch",
    "parse",
    "complete",
    "read",
    "begin",
    "change",
    "commit",
    "committed",
    "post",
    "posted",
    "edit",
    "edited",
    "find",
]
"""Calls of ports; of a transaction that writes its beginning, each call of a repository in it, its end, and after it; of
what a chat does the moments before and after it is done."""

A, B, C = "https://a.example/feed", "https://b.example/feed", "https://c.example/feed"
ONE, AGAIN, LATER = "one | robot one walks far", "one | far walks the robot", "one>sold | robot one is sold"
NEWS = {A: [ONE, "robot two walks far"], B: ["robot three walks far", ONE], C: []}
LATER_NEWS = {A: [LATER, *NEWS[A]], B: NEWS[B], C: [AGAIN]}
UPDATE = f"New in “{ONE}”: {LATER}"
TOLD = sorted([ONE, UPDATE, "robot three walks far", "robot two walks far"])
"""Three feeds, what they have after their first poll and later, and what a place is told of it; AGAIN is an edit."""


def headline(text: str) -> str:
    """The headline of a posted text."""
    return text.partition(" · ")[0]


class Killed(BaseException):
    """The process is dead; no handler of ours may catch it."""


class Fate(Protocol):
    """What becomes of a life."""

    def step(self, name: Step, place: Place | None = None) -> None:
        """A step is taken, which may raise; `place` is that of a call of the chat."""


@dataclass
class Death:
    """Kills at the n-th step, and at all that the dead process would do after it."""

    left: int

    def step(self, name: Step, place: Place | None = None) -> None:
        """As Fate. Single changes are no steps: nothing of a transaction is left that was not committed."""
        self.left -= name != "change"
        if self.left <= 0:
            raise Killed


@dataclass
class Fault:
    """Fails the n-th step of a name, at a place if one is given, once; 0 for never.

    `seen` counts all steps, `steps` those that are of this name and place. `also` is another fault of the same life.
    """

    name: Step
    at: int
    error: Callable[[], Exception]
    place: Place | None = None
    also: Fault | None = None
    seen: Counter[str] = field(default_factory=Counter)
    steps: int = 0

    def step(self, name: Step, place: Place | None = None) -> None:
        """As Fate."""
        self.seen[name] += 1
        if self.also:
            self.also.step(name, place)
        if name == self.name and self.place in (None, place):
            self.steps += 1
            if self.steps == self.at:
                raise self.error()


class MortalStore:
    """A store that fails before, inside, at the end of or after any transaction, or when it is read."""

    def __init__(self, inner: Store, fate: Fate) -> None:
        self._inner, self._fate = inner, fate

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        self._fate.step("begin")
        with self._inner.write() as tx:
            yield _Tables(tx, self._fate)
            self._fate.step("commit")  # everything was written, nothing committed
        self._fate.step("committed")

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        self._fate.step("read")
        with self._inner.read() as tx:
            yield tx

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Tables:
    """A transaction in which any call of a repository may fail, before it did anything."""

    def __init__(self, inner: Any, fate: Fate) -> None:
        self._inner, self._fate = inner, fate

    def __getattr__(self, name: str) -> Any:
        return _Table(getattr(self._inner, name), self._fate)


class _Table:
    def __init__(self, inner: Any, fate: Fate) -> None:
        self._inner, self._fate = inner, fate

    def __getattr__(self, name: str) -> Any:
        self._fate.step("change")
        return getattr(self._inner, name)


@dataclass
class MortalFetcher(FakeFetcher):
    fate: Fate | None = None

    async def fetch(self, request: Request) -> Page:
        assert self.fate
        self.fate.step("fetch")
        return await super().fetch(request)


@dataclass
class MortalParser(FakeParser):
    fate: Fate | None = None

    async def parse(self, page: Page, feed_url: str) -> Parsed:
        assert self.fate
        self.fate.step("parse")
        return await super().parse(page, feed_url)


class MortalChat:
    """Fails before a message is posted, or after and before anybody knows."""

    def __init__(self, inner: Chat, fate: Fate) -> None:
        self._inner, self._fate = inner, fate

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        self._fate.step("post", place)
        ref = await self._inner.post(place, message, nonce, thread)
        self._fate.step("posted", place)
        return ref

    async def edit(self, ref: MessageRef, message: Message) -> None:
        self._fate.step("edit", ref.place)
        await self._inner.edit(ref, message)
        self._fate.step("edited", ref.place)

    async def find(self, place: Place, nonce: str, thread: MessageRef | None = None) -> MessageRef | None:
        self._fate.step("find", place)
        return await self._inner.find(place, nonce, thread)


class NonceChat(FakeChat):
    """A chat that cannot look, and refuses the repetition of a nonce instead, as Discord does."""

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        if any(one[2] == nonce for one in self.posted):
            return MessageRef(place, nonce)
        return await super().post(place, message, nonce, thread)

    async def find(self, place: Place, nonce: str, thread: MessageRef | None = None) -> MessageRef | None:
        return None
