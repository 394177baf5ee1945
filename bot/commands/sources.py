"""`feed`: which feeds are polled."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.commands.quotas import Room, feed_room
from bot.errors import BadInput, FetchError, NotFound, ParseError
from bot.feeds import opml
from bot.feeds.fetch import checked
from bot.log import masked, without_secrets
from bot.message import Code, Message, Table, Text, ago, say
from bot.model import TERMINAL, Feed, NewFeed, Page, Parsed, Request
from bot.ports import Transaction
from bot.text import one_line

_DIGITS = 15  # of a number
_TRIED = 5  # of the feeds that a page offers, until one can be read

WHICH = Param("feed", "its number, address or title")


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    add_params = (
        Param("url", "the address of a feed, or of a page that offers one"),
        Param("category", "a word to group it by", required=False),
        Param("unchecked", "add it without looking", "flag", required=False),
    )
    status = Param("status", "only these", required=False, choices=("active", "failing", "gone", "quarantined"))
    here = Param("here", "only those that were added from this place", "flag", required=False)
    source = Param("from", "an OPML file or its address, or `seeds` for the feeds that come with Robowire")
    for command, handler in (
        (
            Command(
                ("feed", "add"), "Poll a feed", add_params, "feed add https://example.com/feed.xml", True, shared=True
            ),
            add,
        ),
        (Command(("feed", "list"), "The feeds and how they are", (status, here)), list_),
        (Command(("feed", "check"), "Fetch and read one now, changing nothing", (WHICH,)), check),
        (Command(("feed", "remove"), "Poll it no more; its items stay", (WHICH,), changes=True, shared=True), remove),
        (
            Command(
                ("feed", "import"), "Add all feeds of an OPML file", (source,), "feed import seeds", True, shared=True
            ),
            import_,
        ),
        (Command(("feed", "export"), "All feeds as OPML"), export),
    ):
        book.register(command, partial(handler, desk))


async def add(desk: Desk, call: Call) -> Reply:
    """Look whether there is a feed, or a page that offers one, and put it into the queue."""
    url, title, items = str(checked(call.args["url"])), "", 0
    if not call.args.get("unchecked"):
        url, parsed = await _look(desk, url)
        title, items = parsed.title, len(parsed.items)
    wanted = NewFeed(url, category=one_line(call.args.get("category", ""), 60), place=call.place, person=call.person)
    now = desk.clock.now()

    def change(tx: Transaction) -> Feed:
        if tx.feeds.find(url) is not None:
            return _revived(tx, url, now)
        room = feed_room(tx, desk, call)
        if not room.left:
            raise BadInput(f"There is no room: {room.why}")
        return tx.feeds.add([wanted], now)[0]

    feed = await desk.change(call, change)
    about = f"{title}, {items} items now" if title or items else "not looked at yet"
    text = f"Added feed {feed.id}: {masked(url)} ({about}). Its first poll is silent; what comes after is news."
    return Reply(say(text, "good"), (_row(feed),))


async def list_(desk: Desk, call: Call) -> Reply:
    """All feeds with their state."""
    feeds = await desk.read(lambda tx: tx.feeds.all())
    wanted = call.args.get("status")
    here = bool(call.args.get("here"))
    feeds = [feed for feed in feeds if wanted in (None, _state(feed)) and (not here or feed.place == call.place)]
    if not feeds:
        none = (
            "No such feeds."
            if wanted or here
            else "No feeds yet. `feed import seeds` adds the ones that come with Robowire."
        )
        return Reply(say(none))
    now = desk.clock.now()
    rows = tuple(
        (
            str(feed.id),
            feed.title or masked(feed.url),
            feed.category,
            _state(feed),
            ago(feed.checked_at, now) if feed.checked_at else "never",
            f"{feed.interval // 60} min",
            feed.error,
        )
        for feed in feeds
    )
    text = "\n".join(f"{feed.id} {feed.title or masked(feed.url)} ({_state(feed)})" for feed in feeds)
    table = Table(("#", "feed", "category", "state", "checked", "every", "error"), rows)
    return Reply(Message(text, (table,)), tuple(map(_row, feeds)))


async def check(desk: Desk, call: Call) -> Reply:
    """Fetch and parse without touching its state."""
    feed = await desk.read(lambda tx: find(tx, call.args["feed"]))
    try:
        page = await desk.fetcher.fetch(Request(feed.url))
        parsed = await desk.parser.parse(page, feed.url)
    except (FetchError, ParseError) as error:
        text = f"{masked(feed.url)}: {error}"
        return Reply(say(text, "error"), ({**_row(feed), "ok": False, "error": str(error)},), ok=False)
    text = f"{masked(feed.url)} is fine: {parsed.title or 'untitled'}, {len(parsed.items)} items."
    if page.moved_to:
        text += f" It moved to {masked(page.moved_to)}; the next poll takes that over."
    return Reply(say(text, "good"), ({**_row(feed), "ok": True, "items": len(parsed.items), "error": None},))


async def remove(desk: Desk, call: Call) -> Reply:
    """Out of the queue."""

    def change(tx: Transaction) -> Feed:
        feed = find(tx, call.args["feed"])
        tx.feeds.remove(feed.id)
        return feed

    feed = await desk.change(call, change)
    return Reply(say(f"Feed {feed.id}, {feed.title or masked(feed.url)}, is polled no more.", "good"), (_row(feed),))


async def import_(desk: Desk, call: Call) -> Reply:
    """From the seeds, an address, or (at the terminal only) a file of this machine."""
    listed = await desk.parser.opml(await _opml(desk, call))
    good, bad = await asyncio.to_thread(_fetchable, listed)
    now = desk.clock.now()

    def change(tx: Transaction) -> tuple[list[Feed], int, Room]:
        new = [replace(feed, place=call.place, person=call.person) for feed in good if tx.feeds.find(feed.url) is None]
        room = feed_room(tx, desk, call)
        if new and not room.left:
            raise BadInput(f"There is no room: {room.why}")
        return tx.feeds.add(new[: room.left], now), len(new[room.left :]), room

    added, left_out, room = await desk.change(call, change)
    text = f"{len(added)} feeds added, {len(good) - len(added) - left_out} were there already."
    if left_out:
        text += f" {left_out} were left out: {room.why}"
    if bad:
        text += f" {len(bad)} addresses cannot be fetched, for example {masked(bad[0].url)[:100]}."
    return Reply(say(text, "good"), tuple(map(_row, added)))


async def export(desk: Desk, call: Call) -> Reply:
    """OPML 2.0, as text, without the logins and keys that addresses have: whoever may look may not have those."""
    feeds = await desk.read(lambda tx: tx.feeds.all())
    open_to_all = [replace(feed, url=without_secrets(feed.url)) for feed in feeds]
    text = await asyncio.to_thread(opml.write, open_to_all)
    told = sum(feed.url != bare.url for feed, bare in zip(feeds, open_to_all, strict=True))
    note = f"{told} of the addresses have a login or a key, which I left out." if told else ""
    return Reply(Message(text, (*([Text(note)] if note else []), Code(text))), tuple(map(_row, feeds)))


def find(tx: Transaction, which: str) -> Feed:
    """A feed by number, address or title. Raises NotFound with the nearest title."""
    if which.isascii() and which.isdigit() and len(which) <= _DIGITS:
        return tx.feeds.get(int(which))
    found = tx.feeds.find(which)
    if found is not None:
        return found
    feeds = tx.feeds.all()
    named = [feed for feed in feeds if feed.title.casefold() == which.casefold()]
    if len(named) == 1:
        return named[0]
    near = difflib.get_close_matches(which, [feed.title for feed in feeds if feed.title], 1)
    hint = f" Did you mean `{near[0]}`?" if near else " `feed list` shows them with their numbers."
    raise NotFound(f"There is no feed `{masked(which)}`.{hint}")


def _revived(tx: Transaction, url: str, now: datetime) -> Feed:
    """A feed that was given up, polled again: what it has by then is no news. Raises BadInput for one that is polled."""
    feed = tx.feeds.find(url)
    if feed is None or feed.status == "active":
        raise BadInput(f"{masked(url)} is polled already.")
    again = replace(feed, status="active", failures=0, kills=0, error="", due_at=now, etag="", modified="", body_key=0)
    tx.feeds.save([replace(again, baselined=False)])
    return tx.feeds.get(feed.id)


async def _look(desk: Desk, url: str) -> tuple[str, Parsed]:
    """Read the feed at an address, or the first feed that the page there offers. Raises BadInput."""
    try:
        page = await desk.fetcher.fetch(Request(url))
        try:
            return page.moved_to or url, await desk.parser.parse(page, url)
        except ParseError as error:
            return await _offered(desk, page, error)
    except FetchError as error:
        raise BadInput(f"{masked(url)}: {error}. Add the word `unchecked` to add it all the same.") from error


async def _offered(desk: Desk, page: Page, error: ParseError) -> tuple[str, Parsed]:
    with contextlib.suppress(ParseError):  # a page that cannot be read offers nothing
        for url in (await desk.parser.offered(page))[:_TRIED]:
            with contextlib.suppress(FetchError, ParseError):
                return url, await desk.parser.parse(await desk.fetcher.fetch(Request(url)), url)
    raise BadInput(f"There is no feed at {masked(page.url)}, nor does it offer one ({error}).") from error


async def _opml(desk: Desk, call: Call) -> bytes:
    source = call.args["from"]
    if source == "seeds":
        return await asyncio.to_thread((desk.seeds / "feeds.opml").read_bytes)
    if source.startswith(("http://", "https://")):
        try:
            return (await desk.fetcher.fetch(Request(source))).body
        except FetchError as error:
            raise BadInput(f"{masked(source)}: {error}") from error
    if call.place != TERMINAL:
        raise BadInput("Give the address (https://...) of an OPML file, or `seeds`.")
    try:
        return await asyncio.to_thread(Path(source).read_bytes)
    except OSError as error:
        raise BadInput(f"{source}: {error.strerror or error}") from error


def _fetchable(feeds: Sequence[NewFeed]) -> tuple[list[NewFeed], list[NewFeed]]:
    good: list[NewFeed] = []
    bad: list[NewFeed] = []
    for feed in feeds:
        try:
            checked(feed.url)
        except FetchError:
            bad.append(feed)
        else:
            good.append(feed)
    return good, bad


def _state(feed: Feed) -> str:
    return "failing" if feed.status == "active" and feed.failures else feed.status


def _row(feed: Feed) -> dict[str, object]:
    return {
        "id": feed.id,
        "url": masked(feed.url),
        "title": feed.title,
        "category": feed.category,
        "lang": feed.lang,
        "state": _state(feed),
        "checked": feed.checked_at.isoformat() if feed.checked_at else None,
        "due": feed.due_at.isoformat(),
        "failures": feed.failures,
        "error": feed.error or None,
    }
