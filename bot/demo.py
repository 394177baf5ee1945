"""`robowire demo`: the same bot, offline, over the sample feeds that travel with it, served over HTTP on loopback."""

from __future__ import annotations

import hashlib
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

from bot.app import Hearing, Robowire, answer, begin, opened, run_once
from bot.config import Config, Fetch, Start
from bot.errors import RobowireError
from bot.loopback import Loopback, Reply
from bot.message import say
from bot.model import NewFeed
from bot.resources import seeds

_PLACEHOLDER = re.compile(r"\{\{(rfc822|iso) -(\d+)([mhd])\}\}")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_HINT = "Your turn: `news alibaba`, `watch test humanoid OR 人形机器人`, `feed list`, `help`; `quit` ends the demo."
_HERO = "/gulf-tech-review.xml"
"""Polled first: its alert shows in one card what the rest is about."""

_TYPES = {".json": "application/feed+json", ".xml": "application/xml"}


def dated(text: str, now: datetime) -> str:
    """A sample feed with its `{{rfc822 -3h}}` and `{{iso -2d}}` replaced by times before `now`."""

    def when(found: re.Match[str]) -> str:
        at = (now - timedelta(**{_UNITS[found[3]]: int(found[2])})).astimezone(UTC)
        return format_datetime(at, usegmt=True) if found[1] == "rfc822" else at.isoformat(timespec="seconds")

    return _PLACEHOLDER.sub(when, text)


def pages(folder: Path, now: datetime) -> dict[str, Reply]:
    """Every sample feed of one poll (`first` or `second`) by its path on the server."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in _TYPES:
            body = dated(path.read_text(encoding="utf-8"), now).encode()
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            found[f"/{path.name}"] = Reply(body, _TYPES[path.suffix], etag=etag)
    return found


async def demo() -> None:
    """Poll the samples twice, so that the second poll has news; then answer commands, or end without a terminal."""
    hearing = Hearing()
    with tempfile.TemporaryDirectory(prefix="robowire-demo-") as scratch:
        config = Config(
            database=str(Path(scratch) / "demo.db"),
            fetch=Fetch(allow_networks=["127.0.0.1/32"], per_host=1),  # one by one: the same order every time
            start=Start(feeds=""),
        )
        async with Loopback() as server, opened(config, sys.stdout, sys.stdin, hearing) as robot:
            await _two_polls(robot, server, hearing)
            if hearing.failed:
                raise RobowireError("the sample feeds could not be polled; see above")
            await robot.terminal.converse(partial(answer, robot), robot.book.complete, say(_HINT))


async def _two_polls(robot: Robowire, server: Loopback, hearing: Hearing) -> None:
    now = robot.clock.now()
    first, second = (pages(seeds() / "demo" / name, now) for name in ("first", "second"))
    _, watchlists = begin(robot.store, robot.config, robot.desk.knowledge, now)
    with robot.store.write() as tx:
        tx.feeds.add([NewFeed(server.url(path)) for path in sorted(first, key=lambda path: path != _HERO)], now)
    server.pages.update(first)
    await run_once(robot, hearing)
    await robot.terminal.say(
        say(
            f"Read {len(first)} sample feeds over HTTP: {hearing.new} items, and no alert, because the first poll of a feed"
            f" is a silent baseline. {watchlists} watchlists are waiting. Now the second poll, with fresh news:"
        )
    )
    await robot.desk.catch_up()  # a bot that runs on has understood by then what it found first
    server.pages.update(second)
    await run_once(robot, hearing)
    await robot.terminal.say(
        say(
            f"{hearing.new} new items, {hearing.stories} alerts: copies of a story were folded, and the noise stayed out."
        )
    )
