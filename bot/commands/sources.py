"""`feed`: which feeds are polled."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.errors import BadInput, FetchError, NotFound, ParseError
from bot.feeds import opml
from bot.feeds.discover import offered
from bot.feeds.fetch import checked
from bot.log import masked
from bot.message import Code, Message, Table, ago, say
from bot.model import TERMINAL, Feed, NewFeed, Page, Parsed, Request
from bot.ports import Transaction

WHICH = Param("feed", "its number, address or title")


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    add_params = (
        Param("url", "the address of a feed, or of a page that offers one"),
        Param("category", "a word to group it by", required=False),
        Param("unchecked", "add it without looking", "flag", required=False),
    )
    status = Param("status", "only these", required=False, choices=("active", "failing", "gone"))
    source = Param("from", "an OPML file or its address, or `seeds` for the feeds that come with Robowire")
    for command, handler in (
        (
            Command(
                ("feed", "add"), "Poll a feed", add_params, "feed add https://example.com/feed.xml", True, shared=True
            ),
            add,
        ),
        (Command(("feed", "list"), "The feeds and how they are", (status,)), list_),
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
    wanted, now = NewFeed(url, category=call.args.get("category", "")), desk.clock.now()
    added = await desk.write(lambda tx: tx.feeds.add([wanted], now))
    if not added:
        raise BadInput(f"{masked(url)} is polled already.")
    about = f"{title}, {items} items now" if title or items else "not looked at yet"
    text = f"Added feed {added[0].id}: {masked(url)} ({about}). Its first poll is silent; what comes after is news."
    return Reply(say(text, "good"), (_row(added[0]),))


async def list_(desk: Desk, call: Call) -> Reply:
    """All feeds with their state."""
    feeds = await desk.read(lambda tx: tx.feeds.all())
    wanted = call.args.get("status")
    feeds = [feed for feed in feeds if wanted in (None, _state(feed))]
    if not feeds:
        none = (
            "No such feeds." if wanted else "No feeds yet. `feed import seeds` adds the ones that come with Robowire."
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

    feed = await desk.write(change)
    return Reply(say(f"Feed {feed.id}, {feed.title or masked(feed.url)}, is polled no more.", "good"), (_row(feed),))


async def import_(desk: Desk, call: Call) -> Reply:
    """From the seeds, an address, or (at the terminal only) a file of this machine."""
    body = await _opml(desk, call)
    good, bad = _fetchable(opml.read(body))
    now = desk.clock.now()
    added = await desk.write(lambda tx: tx.feeds.add(good, now))
    text = f"{len(added)} feeds added, {len(good) - len(added)} were there already."
    if bad:
        text += f" {len(bad)} addresses cannot be fetched, for example {masked(bad[0].url)[:100]}."
    return Reply(say(text, "good"), tuple(map(_row, added)))


async def export(desk: Desk, call: Call) -> Reply:
    """OPML 2.0, as text."""
    feeds = await desk.read(lambda tx: tx.feeds.all())
    text = opml.write(feeds)
    return Reply(Message(text, (Code(text),)), tuple(map(_row, feeds)))


def find(tx: Transaction, which: str) -> Feed:
    """A feed by number, address or title. Raises NotFound with the nearest title."""
    if which.isascii() and which.isdigit():
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
    raise NotFound(f"There is no feed `{which}`.{hint}")


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
    for url in await asyncio.to_thread(offered, page.body, page.url):
        found = await desk.fetcher.fetch(Request(url))
        try:
            return url, await desk.parser.parse(found, url)
        except ParseError:
            continue
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
