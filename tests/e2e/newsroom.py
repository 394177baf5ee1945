"""Two outlets that a bot polls every second, and the folder it lives in: what its lives in Slack and in Discord have in common."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.loopback import Loopback
from bot.store.open import open_store
from tests.e2e.program import Bot, started, until
from tests.e2e.web import BEGAN, page, rss

T = TypeVar("T")
AT_ONCE = 0.5
"""Seconds within which a first answer must be there."""

DEAL = "SoftBank agrees to buy ABB's robotics business for $5.4 billion"
CLEARED = "Brazil clears SoftBank's purchase of ABB's robotics business"
APPROVED = "Brazil approves the SoftBank-ABB robotics deal"
"""An event, a later development of it, and that in other words."""

CONFIG = """\
database = "wire.db"
[fetch]
allow_networks = ["127.0.0.1/32"]
[poll]
every = "1s"
shortest = "1s"
longest = "1s"
jitter = 0.0
[limits]
commands_per_minute = 0
[start]
feeds = "feeds.opml"
watchlists = ""
"""
_OUTLETS = ("wire", "ledger")


@dataclass
class Newsroom:
    """What the outlets have told so far, the latest first, when each was told, and how often the bot was started."""

    web: Loopback
    folder: Path
    titles: list[str] = field(default_factory=lambda: ["vacuum robot zero stays at home"], init=False)
    reprinted: list[str] = field(default_factory=lambda: ["ledger opens its books"], init=False)
    times: dict[str, datetime] = field(default_factory=dict, init=False)
    lives: int = field(default=0, init=False)

    def furnish(self, chat: str) -> None:
        """Write the configuration, with these lines for the chat, and the outlets' feeds of one old entry each."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "config.toml").write_text(CONFIG + chat, encoding="utf-8")
        outlines = [f'<outline type="rss" text="{name}" xmlUrl="{self.web.url(f"/{name}")}"/>' for name in _OUTLETS]
        opml = f'<opml version="2.0"><head/><body>{"".join(outlines)}</body></opml>'
        (self.folder / "feeds.opml").write_text(opml, encoding="utf-8")
        self.publish()
        self.reprint()

    def publish(self, *titles: str) -> None:
        """The wire has these before what it had."""
        self.titles = [*titles, *self.titles]
        self._tell("wire", self.titles)

    def reprint(self, *titles: str) -> None:
        """The ledger has these before what it had."""
        self.reprinted = [*titles, *self.reprinted]
        self._tell("ledger", self.reprinted)

    def _tell(self, name: str, titles: Sequence[str]) -> None:
        """Each title is a second later than whatever either outlet had told before."""
        for title in reversed(titles):
            self.times.setdefault(title, BEGAN - timedelta(hours=1) + timedelta(seconds=len(self.times)))
        self.web.pages[f"/{name}"] = page(rss(name, titles, times=self.times))

    def told(self, words: str) -> list[str]:
        """The titles that can be read in a message."""
        every = dict.fromkeys([*self.titles, *self.reprinted])
        return [title for title in every if title in words]

    @asynccontextmanager
    async def running(
        self, environment: Mapping[str, str], connected: Callable[[], Awaitable[object]]
    ) -> AsyncIterator[Bot]:
        """The bot, connected and past its first polls; killed at the end, if it runs still."""
        self.lives += 1
        with started(self.folder, "run", name=f"bot{self.lives}", more=environment) as bot:
            try:
                await connected()
                # the first polls are stored by then
                await self.until(lambda: min(self.web.hits.get(f"/{name}", 0) for name in _OUTLETS) > 1)
                yield bot
            except BaseException:
                print(bot.err[-3000:])  # noqa: T201 - shown by pytest where a test fails
                raise
            finally:
                bot.process.kill()

    async def until(self, look: Callable[[], T]) -> T:
        """Wait for something that happens outside the chat."""
        return await asyncio.to_thread(until, look)

    async def polled(self, name: str) -> None:
        """Wait until what an outlet has now is stored and all that follows was begun."""
        path = f"/{name}"
        hits = self.web.hits.get(path, 0)
        await self.until(lambda: self.web.hits.get(path, 0) > hits + 2)

    def watched(self) -> list[str]:
        """The names of all watchlists in the database."""
        with closing(open_store(str(self.folder / "wire.db"))) as store, store.read() as tx:
            return [one.name for one in tx.watches.all()]
