"""`robowire bench kill`: the bot is killed again and again, and at the end everything was said once.

Real processes of `robowire run --once` live in a folder of their own, poll feeds on loopback that have something new for
every life, and tell it in a terminal and in the channels of a small Slack whose history may be read. Each is killed by
SIGKILL at a random moment of its life; what it leaves of its database is looked at in a copy, so that the next life finds it
just so. The last one is let live.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from bot.bench.apart import environment
from bot.bench.workspace import TEAM, Workspace
from bot.errors import BadInput
from bot.loopback import Loopback, Reply
from bot.model import TERMINAL, NewFeed, Person, Place, platform
from bot.store.connect import Session
from bot.store.open import open_store

KILLS, FEEDS, NEWS = 200, 12, 3
"""How often; how many feeds; how many of them have an entry more for every life."""

CHANNELS = ("alder", "birch", "cedar", "damson", "elm", "fir", "ginkgo", "hazel")
_SEED, _EACH, _PATIENCE = 7, 10, 300.0  # each tenth database is checked; seconds after which a life counts as hung
_LAST = 5  # lives that may say what is left to say: what a chat asked to wait for, a life that runs once does not
_LATEST = 1.3  # moments to kill at, in shares of a whole life: some end by themselves
_SYLLABLES = ("ba", "de", "fi", "go", "lu", "mar", "nel", "pik", "ros", "tun")
_SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DISCORD_TOKEN", "ASSIST_API_KEY")
_NONCE = re.compile(r"^  ⌁ (\S+)$", re.MULTILINE)
_CONFIG = """\
database = "wire.db"
[fetch]
allow_networks = ["127.0.0.1/32"]
per_host = 20
[alerts]
per_poll = 100
[limits]
messages_per_hour = 0
[start]
feeds = ""
watchlists = ""
[slack]
api_url = "{url}"
mode = "http"
listen = "127.0.0.1:0"
"""


@dataclass(frozen=True, slots=True)
class Left:
    """What a killed life left: feeds it was polling, deliveries it had claimed, and those it had said but not recorded."""

    polling: int
    claimed: int
    unrecorded: int
    sound: bool | None
    """Whether the database is whole; None if nobody looked."""


@dataclass
class Tale:
    """What was due at each place, what was said there, what the killed left, at which ages (seconds), and the last life."""

    due: dict[Place, list[str]] = field(default_factory=dict)
    said: dict[Place, list[str]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    last: Left | None = None
    ages: list[float] = field(default_factory=list)
    orphans: int = 0

    def lost(self) -> int:
        """Alerts that were due at a place and never said there."""
        return sum((Counter(due) - Counter(self.said.get(place, ()))).total() for place, due in self.due.items())

    def beyond(self, chat: str) -> int:
        """Messages that a chat has beyond those that were due."""
        said = {place: titles for place, titles in self.said.items() if platform(place) == chat}
        return sum((Counter(titles) - Counter(self.due.get(place, ()))).total() for place, titles in said.items())


def kill(n: int = 0) -> Iterator[dict[str, Any]]:
    """The rows after `n` kills (default 200). A ratio of 1 means that a promise was kept, 0 that it was not."""
    with tempfile.TemporaryDirectory(prefix="robowire-bench-") as scratch:
        yield from rows(asyncio.run(lives(n or KILLS, Path(scratch))))


def rows(tale: Tale) -> Iterator[dict[str, Any]]:
    """The figures of a tale: what was done to the bot, then what it promises."""
    checked = [one.sound for one in (*tale.left, tale.last) if one and one.sound is not None]
    figures: Sequence[tuple[str, float, str]] = (
        ("killed", len(tale.left), "lives"),
        ("age at death, median", round(statistics.median(tale.ages), 2), "s"),
        ("killed with polls open", sum(bool(one.polling) for one in tale.left), "lives"),
        ("killed with deliveries claimed", sum(bool(one.claimed) for one in tale.left), "lives"),
        ("killed with something said and not recorded", sum(bool(one.unrecorded) for one in tale.left), "lives"),
        ("alerts due", sum(map(len, tale.due.values())), "alerts"),
        ("databases looked through", len(checked), "databases"),
    )
    promises = (
        ("alerts lost", tale.lost(), "alerts"),
        ("alerts said twice in the terminal", tale.beyond("terminal"), "alerts"),
        ("alerts said twice in Slack", tale.beyond("slack"), "alerts"),
        ("databases that are not whole", checked.count(False), "databases"),
        ("lives that left a child", tale.orphans, "lives"),
    )
    for case, figure, unit in figures:
        yield _row(case, len(tale.left), figure, unit, "none", None, None)
    for case, broken, unit in promises:
        yield _row(case, len(tale.left), broken, unit, "promise", 0, 0.0 if broken else 1.0)


def _row(
    case: str, n: int, ours: float, unit: str, peer: str, theirs: int | None, ratio: float | None
) -> dict[str, Any]:
    said = {"bench": "kill", "case": case, "n": n, "ours": ours, "unit": unit}
    return said | {"peer": peer, "theirs": theirs, "ratio": ratio}


# -- the world -------------------------------------------------------------------------------------------------------------


@dataclass
class Press:
    """Feeds that get more entries, each slow in its own way, each told at the terminal and in one channel."""

    web: Loopback
    chance: random.Random
    titles: dict[int, list[str]] = field(default_factory=dict)

    def publish(self, feeds: Iterable[int]) -> list[tuple[Place, str]]:
        """These feeds have one more entry; answers what is due where."""
        due = []
        for feed in feeds:
            mine = self.titles.setdefault(feed, [])
            mine.insert(0, title_of(len(mine), feed))
            self.web.pages[f"/{feed}"] = _page(feed, mine, self.chance.choice([0.0, 0.0, 0.02, 0.1]))
            due += [(place, mine[0]) for place in (TERMINAL, channel_of(feed))]
        return due


def title_of(number: int, feed: int) -> str:
    """Another one for each entry of each feed, so unlike the others that no two tell one event."""
    words = [
        "".join(_SYLLABLES[int(digit)] for digit in str(n))
        for n in (1000 + number, 2000 + feed, 30_000 + 100 * number + feed)
    ]
    return f"robot {CHANNELS[feed % len(CHANNELS)]}{' '.join(words)}"


def channel_of(feed: int) -> Place:
    """The channel in which a feed is told."""
    return Place(f"slack:{TEAM}/C{feed % len(CHANNELS)}")


def _page(feed: int, titles: Sequence[str], delay: float) -> Reply:
    now = format_datetime(datetime.now(UTC), usegmt=True)
    items = "".join(
        f"<item><title>{title}</title><guid isPermaLink='false'>{title}</guid><pubDate>{now}</pubDate>"
        f"<link>https://press-{feed}.example/{len(titles) - at}</link></item>"
        for at, title in enumerate(titles)
    )
    body = f"<rss version='2.0'><channel><title>press {feed}</title>{items}</channel></rss>"
    return Reply(body.encode(), "application/rss+xml", etag=f'"{len(titles)}"', delay=delay)


def furnish(folder: Path, url: str, web: Loopback) -> None:
    """The configuration, and a database with all feeds and a watchlist for the terminal and each channel."""
    (folder / "config.toml").write_text(_CONFIG.format(url=url), encoding="utf-8")
    store, me, now = open_store(str(folder / "wire.db")), Person("terminal:me"), datetime.now(UTC)
    with store.write() as tx:
        tx.feeds.add([NewFeed(web.url(f"/{feed}")) for feed in range(FEEDS)], now)
        tx.watches.add(TERMINAL, "robots", "robot", me, now)
        for number, name in enumerate(CHANNELS):
            tx.watches.add(channel_of(number), name, f"{name}*", me, now)
    store.close()


# -- lives -----------------------------------------------------------------------------------------------------------------


async def lives(kills: int, folder: Path) -> Tale:
    """A first life for the baseline, lives until so many were killed, and at last one that says what is left to say."""
    chance, tale = random.Random(_SEED), Tale()
    async with Loopback() as web, Workspace(chance).serving() as slack:
        press, den = Press(web, chance), Den(folder, slack)
        press.publish(range(FEEDS))
        furnish(folder, slack.url, web)
        whole = await den.live()
        while len(tale.left) < kills:
            for place, title in press.publish(chance.sample(range(FEEDS), NEWS)):
                tale.due.setdefault(place, []).append(title)
            age = await den.live(chance.uniform(0, _LATEST) * whole)
            if den.died:
                tale.ages.append(age)
                tale.left.append(den.look(check=len(tale.left) % _EACH == 0))
                _progress(len(tale.left), kills)
            else:
                whole = (2 * whole + age) / 3  # the machine may get busier, or idle
        for _ in range(_LAST):
            await den.live()
            if not den.waiting():
                break
        tale.said = den.said({title for titles in press.titles.values() for title in titles})
        tale.last = den.look(check=True)
    tale.orphans = await den.orphans()
    return tale


@dataclass
class Den:
    """The folder in which the bot lives, and the killed."""

    folder: Path
    slack: Workspace
    killed: list[int] = field(default_factory=list)
    died: bool = False

    async def live(self, until: float | None = None) -> float:
        """One life, killed after so many seconds if it lasts that long; answers how long it lasted. Raises BadInput.

        Only the bot is killed, not its children: they must notice by themselves.
        """
        ours = {name: value for name, value in environment().items() if name not in _SECRETS}
        tokens = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": "bench"}
        began = time.monotonic()
        with (self.folder / "bot.out").open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--once"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                env=ours | tokens,
                start_new_session=True,
            )
        try:
            code = await asyncio.wait_for(process.wait(), _PATIENCE if until is None else until)
        except TimeoutError:
            code = None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            await process.wait()
        if code or (code is None and until is None):
            said = (self.folder / "bot.out").read_text(encoding="utf-8", errors="replace")
            raise BadInput(f"the bot ended with {code}:\n{said[-2000:]}")
        self.died = code is None
        self.killed += [process.pid] * self.died
        return time.monotonic() - began

    def look(self, check: bool) -> Left:
        """Look at what was left, in a copy: the database itself stays as it is until the next life finds it."""
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            for file in self.folder.glob("wire.db*"):
                if not file.name.endswith((".lock", "-shm")):
                    shutil.copy(file, scratch)
            session = Session(str(Path(scratch) / "wire.db"), writes=False)
            try:
                (polling,) = session.row("SELECT count(*) FROM feeds WHERE lease IS NOT NULL") or (0,)
                (claimed,) = session.row("SELECT count(*) FROM queues WHERE held") or (0,)
                waiting = {row[0] for row in session.rows("SELECT nonce FROM outbox WHERE state = 'waiting'")}
                sound = session.rows("PRAGMA integrity_check") == [("ok",)] if check else None
            finally:
                session.close()
        return Left(polling, claimed, len(waiting & self.nonces()), sound)

    def waiting(self) -> int:
        """How many deliveries are left to do."""
        store = open_store(str(self.folder / "wire.db"))
        try:
            with store.read() as tx:
                return tx.outbox.waiting()
        finally:
            store.close()

    def said(self, titles: set[str]) -> dict[Place, list[str]]:
        """The titles that each place was told, each time that it was."""
        lines = [line.partition(" ")[2] for line in self._transcript().splitlines()]
        told = {TERMINAL: [line for line in lines if line in titles]}
        for channel, messages in self.slack.here.items():
            place = Place(f"slack:{TEAM}/{channel}")
            told[place] = [title for one in messages for title in titles if title in one["text"]]
        return told

    async def orphans(self) -> int:
        """Killed lives of which some process is still there, when all had time to go."""
        for _ in range(50):
            if not any(map(_anybody, self.killed)):
                return 0
            await asyncio.sleep(0.2)
        return sum(map(_anybody, self.killed))

    def nonces(self) -> set[str]:
        """The nonces of all that was said."""
        there = {one["metadata"]["event_payload"]["nonce"] for each in self.slack.here.values() for one in each}
        return there | {*_NONCE.findall(self._transcript())}

    def _transcript(self) -> str:
        file = self.folder / "wire.transcript"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


def _anybody(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _progress(done: int, count: int) -> None:
    """A line now and then, for who waits."""
    if done == count or done % 10 == 0:
        sys.stderr.write(f"kill: {done:,} of {count:,}\n")
        sys.stderr.flush()
