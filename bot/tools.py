"""What the command line does beside running: check, parse, preview, replay, backup, one chat command."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import (
    OWNER,
    Hearing,
    WallClock,
    fetcher_of,
    knowledge_of,
    opened,
    parser_of,
    rhythm_of,
    starting_feeds,
    starting_watchlists,
)
from bot.cards import compose
from bot.chat import discord_embeds, slack_blocks
from bot.chat.terminal_cards import to_text
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.classify.query.parse import parse_query
from bot.command import Reply
from bot.config import SECRETS, Config, tokens
from bot.errors import BadConfig, BadInput, FetchError, ParseError, StoreError
from bot.feeds.workers import Workers
from bot.flow.decide import Answer, Found, tell
from bot.flow.stories import Placer
from bot.flow.write import Polled, Writer
from bot.log import masked
from bot.merged import Merged
from bot.message import Message
from bot.model import TERMINAL, Feed, NewFeed, Page, Place, Request, Watchlist
from bot.rows import about_row, evidence_of, evidence_row, item_of
from bot.store.open import back_up, file_of, open_store
from bot.stories.batch import tell_all
from bot.stories.signature import Signature, sign

EVERYTHING = "*"
WIDTH = 80
EXAMPLE_URL = "https://feed.example/feed.xml"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `robowire check`."""

    check: str
    ok: bool
    detail: str


async def check(config: Config) -> list[Finding]:
    """Everything that can be wrong before the bot runs, all at once."""
    names = ", ".join(name for name in SECRETS if name in tokens())
    found = [
        Finding("config", True, "read without faults"),
        *_knowledge(config),
        Finding("tokens", True, names or "none: the bot talks in the terminal"),
    ]
    if not database_exists(config):
        return [*found, Finding("database", True, f"{config.database} is not there yet; `robowire run` makes it")]
    try:
        store = open_store(config.database)
    except StoreError as error:
        return [*found, Finding("database", False, str(error))]
    with contextlib.closing(store), store.read() as tx:
        feeds, count = tx.feeds.all(), tx.items.count()
    found.append(Finding("database", True, f"{config.database}: {len(feeds)} feeds, {count:,} items"))
    return [*found, *await _reach(config, [feed for feed in feeds if feed.status == "active"])]


def _knowledge(config: Config) -> list[Finding]:
    """The gazetteer, the topics and what a new database begins with: each fault a finding."""
    try:
        knowledge = knowledge_of(config)
        starting_feeds(config)
        starting_watchlists(config, knowledge)
    except BadConfig as error:
        return [Finding("knowledge", False, fault) for fault in error.faults]
    return [Finding("knowledge", True, f"{len(knowledge.entities)} entities, {len(knowledge.topics)} topics")]


async def _reach(config: Config, feeds: Sequence[Feed]) -> list[Finding]:
    fetcher, gate = fetcher_of(config, WallClock()), asyncio.Semaphore(config.fetch.concurrency)

    async def reach(feed: Feed) -> Finding | None:
        async with gate:
            try:
                await fetcher.fetch(Request(feed.url))
            except FetchError as error:
                return Finding("feed", False, f"{feed.id} {masked(feed.url)}: {error}")
        return None

    try:
        failed = [one for one in await asyncio.gather(*map(reach, feeds)) if one]
    finally:
        await fetcher.close()
    return [*failed, Finding("feeds", True, f"{len(feeds) - len(failed)} of {len(feeds)} answer")]


async def parse(config: Config, source: str, url: str, content_type: str) -> dict[str, Any]:
    """The row of `robowire parse`: feed, items, error."""
    parser = parser_of(config)
    try:
        page = await _page(config, source, url, content_type)
        parsed = await parser.parse(page, page.url)
    except (FetchError, ParseError) as error:
        return {"feed": {}, "items": [], "error": str(error)}
    finally:
        await parser.close()
    feed = {"title": parsed.title, "link": parsed.site, "lang": parsed.lang, "ttl": parsed.ttl, "parser": parsed.parser}
    items = [
        {
            "id": item.id,
            "title": item.title,
            "link": item.link,
            "summary": item.summary,
            "published": item.published.isoformat(),
            "author": item.author,
            "lang": item.lang,
        }
        for item in parsed.items
    ]
    return {"feed": feed, "items": items, "error": None}


async def _page(config: Config, source: str, url: str, content_type: str) -> Page:
    if source.startswith(("http://", "https://")):
        fetcher = fetcher_of(config, WallClock())
        try:
            return await fetcher.fetch(Request(source))
        finally:
            await fetcher.close()
    return _file_page(source, url or EXAMPLE_URL, content_type, WallClock().now())


def _file_page(source: str, url: str, content_type: str, at: datetime) -> Page:
    try:
        body = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise BadInput(f"{source}: {error.strerror or error}") from error
    return Page(url, 200, at, body, content_type)


def preview(config: Config, lines: Iterable[str], chat: str) -> Iterator[dict[str, Any]]:
    """The exact payload that an alert for each item (a JSON object a line) would be, whatever watchlists say."""
    knowledge, now, zone = knowledge_of(config), WallClock().now(), ZoneInfo(config.alerts.timezone)
    place = TERMINAL if chat == "terminal" else Place(f"{chat}:preview/preview")
    watchlist = Watchlist(1, place, "preview", EVERYTHING, OWNER, now)
    matcher = Matcher(knowledge, [watchlist])
    for number, line in enumerate(filter(str.strip, lines), 1):
        item = item_of(_json(line, number), now)
        about, matches = matcher.read(item)
        alert = tell("", [Found(item, number, about, matches)], (), 1)[0]
        yield {"id": item.id, "chat": chat, "payload": FACES[chat](compose(alert, now, zone, number))}


def _to_terminal(message: Message) -> dict[str, Any]:
    return {"text": to_text(message, WIDTH)}


FACES: Mapping[str, Callable[[Message], dict[str, Any]]] = {
    "terminal": _to_terminal,
    "slack": slack_blocks.payload,
    "discord": discord_embeds.to_payload,
}
"""How each chat says a message."""


def classify(config: Config, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What each item (a JSON object a line) is about, and which watchlists ask for it.

    The watchlists are those of the configured database, or, as long as there is none, those that one begins with.
    """
    knowledge, now = knowledge_of(config), WallClock().now()
    matcher = Matcher(knowledge, _watchlists(config, knowledge))
    for number, line in enumerate(filter(str.strip, lines), 1):
        row = _json(line, number)
        item = item_of(row, now)
        about, matches = matcher.read(item)
        yield {
            "id": row.get("id") or item.id,
            **about_row(about, [topic.id for topic in knowledge.topics]),
            "watchlists": [match.watchlist.name for match in matches],
            "why": [evidence_row(one) for one in evidence_of(about, matches)],
        }


def stories(config: Config, lines: Iterable[str], progress: Callable[[int], None]) -> list[dict[str, Any]]:
    """The story of each item (a JSON object a line), in their order; nothing is kept.

    `progress` hears how many were read, a thousand at a time. Items may come without a time, and without a title.
    """
    matcher, now, names = Matcher(knowledge_of(config)), WallClock().now(), list[str]()

    def signed() -> Iterator[Signature]:
        for number, line in enumerate(filter(str.strip, lines), 1):
            row = _json(line, number)
            item = item_of(row, now)
            names.append(row.get("id") or item.id)
            # an item without a time gets `now`; lines may share an id, and the clusterer must not confuse them
            yield sign(replace(item, id=f"{number:024x}"), matcher.read(item)[0], timed=item.published != now)
            if number % 1000 == 0:
                progress(number)

    told = tell_all(signed())
    return [
        {"id": name, "story": str(one.story), "status": one.status, "why": list(one.why)}
        for name, one in zip(names, told, strict=True)
    ]


def _watchlists(config: Config, knowledge: Knowledge) -> list[Watchlist]:
    if database_exists(config) and file_of(config.database):
        with contextlib.closing(open_store(config.database)) as store, store.read() as tx:
            return tx.watches.all()
    now = WallClock().now()
    return [
        Watchlist(number, TERMINAL, name, query, OWNER, now)
        for number, (name, query) in enumerate(starting_watchlists(config, knowledge), 1)
    ]


def _json(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(f"line {number}: not a JSON object: {error}") from error
    if not isinstance(row, dict):
        raise BadInput(f"line {number}: not a JSON object")
    return row


async def replay(config: Config, files: Sequence[Path], query: str) -> list[dict[str, Any]]:
    """The rows of `robowire replay`: each file is one successive poll of one feed, an hour apart, nothing kept."""
    knowledge, parser = knowledge_of(config), parser_of(config)
    if query != EVERYTHING:
        parse_query(query, knowledge)
    at = WallClock().now()
    store = open_store(":memory:")
    writer = Writer(Merged(knowledge), Placer(), rhythm_of(config), config.alerts.per_poll)
    try:
        with store.write() as tx:
            feed = tx.feeds.add([NewFeed(EXAMPLE_URL)], at)[0]
            tx.watches.add(TERMINAL, "replay", query, OWNER, at)
        rows = []
        for number, path in enumerate(files, 1):
            answer = await _replayed(parser, feed, _file_page(str(path), EXAMPLE_URL, "", at), at)
            with store.write() as tx:
                polled = writer.write(tx, [answer])[0]
                feed = tx.feeds.get(feed.id)
            rows.append(_replay_row(number, polled))
            at += timedelta(hours=1)
        return rows
    finally:
        await parser.close()
        store.close()


async def _replayed(parser: Workers, feed: Feed, page: Page, at: datetime) -> Answer:
    try:
        return Answer(feed, at, page, await parser.parse(page, feed.url), 1)
    except ParseError as error:
        return Answer(feed, at, error=FetchError(str(error)))


def _replay_row(number: int, polled: Polled) -> dict[str, Any]:
    return {
        "poll": number,
        "new": polled.new,
        "alerts": polled.stories,
        "messages": len(polled.alerts),
        "error": polled.error or None,
    }


def database_exists(config: Config) -> bool:
    """Whether the configured database is there already: looking at it must not make one."""
    path = file_of(config.database)
    return path is None or path.exists()


def backup(config: Config, target: Path) -> None:
    """A sound copy of the configured database. Raises StoreError, also if there is none: a copy of nothing saves nothing."""
    if not database_exists(config):
        raise StoreError(f"there is no database {config.database} to copy")
    if not target.absolute().parent.is_dir():
        raise BadInput(f"{target}: there is no such folder")
    back_up(config.database, target)


async def chat_command(config: Config, words: Sequence[str]) -> Reply:
    """One command of the Book, on the configured database."""
    async with opened(config, io.StringIO(), None, Hearing()) as robot:
        return await robot.book.answer(robot.book.joined(words), TERMINAL, OWNER)
