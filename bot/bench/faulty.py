"""A world in which things go wrong: each fault strikes a fixed share of its opportunities, by a seed of its own.

The ports of a bot in it fail as real ones do, and its process can die in any call of a port: from then on it does nothing at all.
What the world has seen (who fetched what and when, what chats show) outlives every process.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.bench.newsroom import Outlet, Report, Slip, document
from bot.bench.simulated import SimulatedClock
from bot.errors import ChatError, FetchError, ParseError, StoreError, TryAgain, Unwritable
from bot.feeds import discover, opml
from bot.feeds.child import Asked, answer
from bot.message import Card, Message, Text
from bot.model import MessageRef, NewFeed, Page, Parsed, Place, Request
from bot.ports import Store, Transaction
from bot.store.sqlite import SqliteStore

_HTML = b"<!doctype html><html><head><title>We will be back soon</title></head><body>Maintenance</body></html>"
_WRONG_DATES = (timedelta(days=-400), timedelta(days=-3), timedelta(hours=20), timedelta(days=400))
_REST = re.compile(r"… and ([\d,]+) (?:others|more)\b")
_NONCES_KEPT = 300.0
"""Seconds in which a chat that honours nonces refuses a repetition; Discord says "the past few minutes"."""


class Killed(BaseException):
    """The process is dead; no handler may catch it."""


class Broken(Exception):
    """A connection broke in a way that no port foresees."""


class Dice:
    """Whether a fault strikes. `counts` are those that did, of `chances`; in `quiet` times none does.

    `troubles` are the simulated times at which a process died or could not write what it had done.
    """

    def __init__(self, seed: int, share: float) -> None:
        self._seed, self._share = seed, share
        self._streams: dict[str, random.Random] = {}
        self.counts: Counter[str] = Counter()
        self.troubles: list[float] = []
        self.chances: Counter[str] = Counter()
        self.quiet = False

    def stream(self, name: str) -> random.Random:
        """Random numbers for one purpose, so that a change elsewhere does not change them."""
        if name not in self._streams:
            self._streams[name] = random.Random(f"{self._seed} {name}")
        return self._streams[name]

    def strikes(self, fault: str) -> bool:
        """One opportunity for a fault."""
        if self.quiet:
            return False
        self.chances[fault] += 1
        if self.stream(fault).random() >= self._share:
            return False
        self.counts[fault] += 1
        return True


class Fate:
    """What is to happen to one process at the next call of a kind: something, mostly its death."""

    def __init__(self) -> None:
        self.dead = False
        self.died = asyncio.Event()
        self._plans: dict[str, Callable[[], None]] = {}

    def plan(self, step: str, act: Callable[[], None]) -> None:
        """Let this happen when a port call of a process comes to this step."""
        self._plans[step] = act

    def die(self) -> None:
        """From now on no call has an effect."""
        self.dead = True
        self.died.set()

    def step(self, name: str) -> None:
        """A port call has come so far. Raises Killed if the process is dead, or dies just now."""
        if not self.dead and (act := self._plans.pop(name, None)):
            act()
        if self.dead:
            raise Killed


STEPS = (
    "fetch: asked", "fetch: answered", "parse: asked", "parse: answered", "write: begins", "write: ends", "write: done",
    "post: asked", "post: taken", "edit: asked", "edit: taken",
)  # fmt: skip
"""Where a process can die, and the clock can jump."""


# -- the web -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Log:
    """What the web knows of one feed: when it was asked last, how often since it answered as it should, what it showed whole.

    A page that is unmodified shows all of its reports: whoever asks has said that they have them.
    """

    asked: datetime | None = None
    failing: int = 0
    shown: dict[str, datetime] = field(default_factory=dict)


class Web:
    """The outlets' servers. `logs` are by outlet number; `awake` is since when somebody can have asked without a break."""

    def __init__(self, outlets: list[Outlet], clock: SimulatedClock, dice: Dice) -> None:
        self._clock, self._dice = clock, dice
        self._by_host = {one.host: one for one in outlets}
        self.logs = {one.number: Log() for one in outlets}
        self.awake = clock.now()
        self.fetches = self.unmodified = 0

    async def fetch(self, request: Request) -> Page:
        """One conditional GET, with all that can go wrong. Raises FetchError."""
        outlet = self._by_host[request.url.split("/")[2]]
        log, rng = self.logs[outlet.number], self._dice.stream("latency")
        log.asked = self._clock.now()
        log.failing += 1
        self.fetches += 1
        await asyncio.sleep(rng.uniform(0.1, 2.0))
        await self._fail()
        return self._page(outlet, request)

    async def _fail(self) -> None:
        """Raise what keeps an answer from coming, if anything does."""
        strikes, rng = self._dice.strikes, self._dice.stream("patience")
        if strikes("fetch timeout"):
            await asyncio.sleep(18)
            raise FetchError("no answer within 20 s")
        if strikes("connection error"):
            raise FetchError("could not connect")
        if strikes("HTTP 500"):
            raise FetchError("HTTP 500", 500)
        if strikes("HTTP 503 with Retry-After"):
            raise FetchError("HTTP 503", 503, float(rng.randrange(30, 3600)))
        if strikes("HTTP 429"):
            raise FetchError("HTTP 429", 429, float(rng.randrange(30, 3600)))

    def _page(self, outlet: Outlet, request: Request) -> Page:
        """The document, damaged or not. One that was cut on its way has the validators of the whole."""
        now, strikes = self._clock.now(), self._dice.strikes
        version, shown = outlet.shown(now)
        etag = f'"{version}"' if outlet.validates else ""
        kind = "application/atom+xml" if outlet.atom else "application/rss+xml"
        path = request.url.split("/", 3)[3]
        moved = f"https://{outlet.host}/feed/{version}" if strikes("moved for good") else None
        if moved is not None and moved.endswith(f"/{path}"):
            moved = None

        def page(body: bytes, tag: str = "") -> Page:
            return Page(moved or request.url, 200, now, body, kind, tag, moved_to=moved)

        if strikes("not a feed"):
            return page(_HTML)
        if strikes("empty"):
            return page(document(outlet, ()))
        if strikes("cut in half"):
            body = document(outlet, shown)
            return page(body[: self._dice.stream("cut").randrange(len(body))], etag)
        slip = self._slip(now)
        if slip is None and etag and request.etag == etag and moved is None:
            self.unmodified += 1
            self._note(outlet, shown, now)
            return Page(request.url, 304, now, etag=etag)
        self._note(outlet, shown, now)
        return page(document(outlet, shown, slip or Slip()), "" if slip else etag)

    def _slip(self, now: datetime) -> Slip | None:
        """Whether guids or dates of this document are wrong."""
        if self._dice.strikes("guids changed"):
            return Slip(guids=f"?{now.timestamp():.0f}")
        if self._dice.strikes("dates wrong"):
            return Slip(dates=self._dice.stream("wrong dates").choice(_WRONG_DATES))
        return None

    def _note(self, outlet: Outlet, shown: Sequence[Report], now: datetime) -> None:
        log = self.logs[outlet.number]
        log.failing = 0
        for one in shown:
            log.shown.setdefault(one.url, now)


class FaultyFetcher:
    """bot.ports.Fetcher of one process in this web."""

    def __init__(self, web: Web, fate: Fate) -> None:
        self._web, self._fate = web, fate

    async def fetch(self, request: Request) -> Page:
        """As bot.ports.Fetcher."""
        self._fate.step("fetch: asked")
        page = await self._web.fetch(request)
        self._fate.step("fetch: answered")
        return page

    async def close(self) -> None:
        """Nothing is open."""


class FaultyParser:
    """bot.ports.Parser: the real one, in this process, as long as it is not killed."""

    def __init__(self, dice: Dice, fate: Fate) -> None:
        self._dice, self._fate = dice, fate

    async def parse(self, page: Page, feed_url: str) -> Parsed:
        """As bot.ports.Parser."""
        self._fate.step("parse: asked")
        await asyncio.sleep(0.02)
        if self._dice.strikes("parser killed"):
            raise ParseError("stopped: took more than 5 s", killed=True)
        answered = answer(Asked(page.body, page.content_type, feed_url, page.url, page.fetched))
        self._fate.step("parse: answered")
        if answered.parsed is None:
            raise ParseError(answered.error, answered.killed)
        return answered.parsed

    async def opml(self, body: bytes) -> list[NewFeed]:
        """As bot.ports.Parser."""
        return opml.read(body)

    async def offered(self, page: Page) -> list[str]:
        """As bot.ports.Parser."""
        return discover.offered(page.body, page.url)

    async def close(self) -> None:
        """There are no children."""


# -- the store ---------------------------------------------------------------------------------------------------------


class PatientStore(SqliteStore):
    """The real store, but that a commit does not wait for the disk: nobody cuts the power of a simulation."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._writer.session.run("PRAGMA synchronous = OFF")


class Disk:
    """What all processes write to: it may be full for a while, by the simulated time."""

    def __init__(self) -> None:
        self.full_until = 0.0


class FaultyStore:
    """bot.ports.Store on a disk that is full now and then; single transactions fail for other reasons as well."""

    def __init__(self, inner: Store, disk: Disk, dice: Dice, fate: Fate) -> None:
        self._inner, self._disk, self._dice, self._fate = inner, disk, dice, fate
        self.read = inner.read
        self.release = inner.release
        self.backup = inner.backup
        self.close = inner.close

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """As bot.ports.Store."""
        self._fate.step("write: begins")
        with self._inner.write() as tx:
            yield tx
            self._fate.step("write: ends")
            self._fail()
        self._fate.step("write: done")

    def _fail(self) -> None:
        """Raise what keeps a transaction from being committed, if anything does."""
        now = asyncio.get_running_loop().time()
        full = now < self._disk.full_until
        if full or self._dice.strikes("write failed"):
            self._dice.troubles.append(now)
            raise Unwritable("the disk is full; nothing was written") if full else StoreError("nothing was written")


# -- the chats ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Shown:
    """A message as people see it: `told` are the pages of the stories that it tells, `links` all that ever stood in it.

    `hidden` stories are counted in it and not named. `answered` is the simulated time at which the bot heard that it stands
    there, None if it never did. One is `excused` that repeats another of which the bot could not know, or could not write
    down, that it stood there.
    """

    place: Place
    nonce: str
    thread: str
    told: tuple[str, ...]
    links: set[str]
    hidden: int = 0
    answered: float | None = None
    excused: bool = False


class Platform:
    """What a chat platform shows, whatever becomes of the bot.

    `honours` nonces: it refuses a repetition within some minutes. `searches`: a message can be found by its nonce.
    """

    def __init__(self, dice: Dice, *, honours: bool = False, searches: bool = False) -> None:
        self._dice = dice
        self.honours, self.searches = honours, searches
        self.shown: dict[str, Shown] = {}
        self._by_nonce: dict[tuple[Place, str], str] = {}
        self._fresh: OrderedDict[tuple[Place, str], tuple[float, str]] = OrderedDict()
        self.edits = self.refused = 0
        """Edits, and repetitions that it refused."""

    async def post(self, fate: Fate, place: Place, message: Message, nonce: str, thread: MessageRef | None) -> str:
        """Show a message; answers its id. Raises TryAgain, or Broken before or after it stands there."""
        fate.step("post: asked")
        await self._wait("post")
        number = self._take(place, message, nonce, thread)
        fate.step("post: taken")
        if self._dice.strikes("post: answer lost"):
            raise Broken("the answer was lost")
        self.shown[number].answered = asyncio.get_running_loop().time()
        return number

    async def edit(self, fate: Fate, ref: MessageRef, message: Message) -> None:
        """Change a message. Raises TryAgain, or Broken before or after it is changed."""
        fate.step("edit: asked")
        await self._wait("edit")
        self.shown[ref.id].links |= links(message)
        self.edits += 1
        fate.step("edit: taken")
        if self._dice.strikes("edit: answer lost"):
            raise Broken("the answer was lost")

    async def find(self, fate: Fate, place: Place, nonce: str) -> str | None:
        """The id of the message with this nonce, if that can be told. Raises ChatError."""
        if not self.searches:
            return None
        await asyncio.sleep(0.3)
        if fate.dead:
            raise Killed
        if self._dice.strikes("find: HTTP 500"):
            raise ChatError("HTTP 500")
        return self._by_nonce.get((place, nonce))

    async def _wait(self, what: str) -> None:
        await asyncio.sleep(self._dice.stream("latency of chats").uniform(0.1, 3.0))
        if self._dice.strikes(f"{what}: HTTP 429"):
            raise TryAgain("HTTP 429", float(self._dice.stream("patience of chats").randrange(1, 120)))
        if self._dice.strikes(f"{what}: HTTP 500"):
            raise Broken("HTTP 500")

    def _take(self, place: Place, message: Message, nonce: str, thread: MessageRef | None) -> str:
        now, key = asyncio.get_running_loop().time(), (place, nonce)
        while self._fresh and next(iter(self._fresh.values()))[0] < now - _NONCES_KEPT:
            self._fresh.popitem(last=False)
        if self.honours and key in self._fresh:
            self.refused += 1
            return self._fresh[key][1]
        number = self.show(place, message, nonce, thread)
        if key in self._by_nonce:
            self.shown[number].excused = self.unknown(self.shown[self._by_nonce[key]])
        self._fresh[key] = now, number
        self._by_nonce[key] = number
        return number

    def unknown(self, earlier: Shown) -> bool:
        """Whether the bot may not know of it: it was not answered, or just then the process died or the disk was full."""
        return earlier.answered is None or earlier.answered in self._dice.troubles

    def show(self, place: Place, message: Message, nonce: str, thread: MessageRef | None) -> str:
        """A message stands there from now on; answers its id."""
        number = str(len(self.shown) + 1)
        told = tuple(part.url for part in message.parts if isinstance(part, Card))
        under = thread.id if thread else ""
        self.shown[number] = Shown(place, nonce, under, told, links(message), hidden(message))
        return number


class FaultyChat:
    """bot.ports.Chat of one process on a platform."""

    def __init__(self, platform: Platform, fate: Fate) -> None:
        self._platform, self._fate = platform, fate

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        """As bot.ports.Chat."""
        return MessageRef(place, await self._platform.post(self._fate, place, message, nonce, thread))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """As bot.ports.Chat."""
        await self._platform.edit(self._fate, ref, message)

    async def find(self, place: Place, nonce: str, thread: MessageRef | None = None) -> MessageRef | None:
        """As bot.ports.Chat."""
        number = await self._platform.find(self._fate, place, nonce)
        return None if number is None else MessageRef(place, number)


def links(message: Message) -> set[str]:
    """Every page that a message leads to."""
    cards = [part for part in message.parts if isinstance(part, Card)]
    return {card.url for card in cards} | {url for card in cards for _, url in card.links}


def hidden(message: Message) -> int:
    """How many stories it counts and does not name."""
    texts = [part.text for part in message.parts if isinstance(part, Text)]
    return sum(int(found[1].replace(",", "")) for text in texts if (found := _REST.match(text)))
