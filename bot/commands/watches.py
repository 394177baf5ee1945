"""`watch`: the watchlists of a place."""

from __future__ import annotations

import difflib
from functools import partial

from bot.classify.query import parse_query
from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.errors import BadInput, Conflict, NotFound
from bot.message import Card, Code, Message, Table, Text, ago, say
from bot.model import Place, StoredItem, Watchlist
from bot.ports import Transaction

_LONGEST_NAME = 60
_TESTED = 5_000
_EXAMPLES = 3

NAME = Param("name", "the watchlist's name; quote it if it has spaces")
QUERY = Param("query", 'words, "phrases", AND OR NOT, topic: company: investor: person: title: source: lang:', "rest")


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    example = 'watch add humanoids humanoid OR "bipedal robot"'
    for command, handler in (
        (Command(("watch", "add"), "Post here whatever matches a query", (NAME, QUERY), example, changes=True), add),
        (Command(("watch", "list"), "The watchlists of this place"), list_),
        (Command(("watch", "show"), "One watchlist and what it found last", (NAME,)), show),
        (Command(("watch", "edit"), "Give a watchlist another query", (NAME, QUERY), changes=True), edit),
        (Command(("watch", "remove"), "Stop a watchlist", (NAME,), changes=True), remove),
        (Command(("watch", "test"), "How often a query would have fired", (QUERY,), "watch test topic:robotics"), test),
    ):
        book.register(command, partial(handler, desk))


async def add(desk: Desk, call: Call) -> Reply:
    """Check the query, keep it, and show what it would have found, so that a typo is seen at once."""
    name, query = call.args["name"].strip(), call.args["query"]
    if not name or len(name) > _LONGEST_NAME:
        raise BadInput(f"A watchlist's name has 1 to {_LONGEST_NAME} characters.")
    canonical = str(parse_query(query, desk.knowledge))
    at = desk.clock.now()
    try:
        watchlist = await desk.write(lambda tx: tx.watches.add(call.place, name, query, call.person, at))
    except Conflict as error:
        raise BadInput(f"There is a watchlist `{name}` here already; `watch edit` gives it another query.") from error
    await desk.catch_up()
    hits, tested = await desk.read(lambda tx: _hits(tx, desk, query))
    text = f"Watching `{name}`: {canonical}. {_fired(len(hits), tested)}"
    return Reply(say(text, "good"), (_row(watchlist),))


async def list_(desk: Desk, call: Call) -> Reply:
    """All of this place."""
    watchlists = await desk.read(lambda tx: tx.watches.all(call.place))
    if not watchlists:
        return Reply(say("No watchlists here yet. `watch add robotics topic:robotics` makes one."))
    table = Table(("name", "query"), tuple((one.name, one.query) for one in watchlists))
    text = "\n".join(f"{one.name}: {one.query}" for one in watchlists)
    return Reply(Message(text, (table,)), tuple(map(_row, watchlists)))


async def show(desk: Desk, call: Call) -> Reply:
    """The query and its latest finds."""

    def look(tx: Transaction) -> tuple[Watchlist, list[StoredItem], int]:
        watchlist = find(tx, call.place, call.args["name"])
        return watchlist, *_hits(tx, desk, watchlist.query)

    await desk.catch_up()
    watchlist, hits, tested = await desk.read(look)
    head = f"{watchlist.name}: {watchlist.query}"
    message = Message(
        f"{head}\n{_fired(len(hits), tested)}",
        (Text(watchlist.name), Code(watchlist.query), Text(_fired(len(hits), tested)), *_examples(desk, hits)),
    )
    return Reply(message, ({**_row(watchlist), "fired": len(hits), "tested": tested},))


async def edit(desk: Desk, call: Call) -> Reply:
    """Another query under the same name."""
    query = call.args["query"]
    canonical = str(parse_query(query, desk.knowledge))

    def change(tx: Transaction) -> Watchlist:
        return tx.watches.edit(find(tx, call.place, call.args["name"]).id, query)

    watchlist = await desk.write(change)
    return Reply(say(f"`{watchlist.name}` now watches {canonical}.", "good"), (_row(watchlist),))


async def remove(desk: Desk, call: Call) -> Reply:
    """It posts nothing more."""

    def change(tx: Transaction) -> Watchlist:
        watchlist = find(tx, call.place, call.args["name"])
        tx.watches.remove(watchlist.id)
        return watchlist

    watchlist = await desk.write(change)
    return Reply(say(f"`{watchlist.name}` is removed.", "good"), (_row(watchlist),))


async def test(desk: Desk, call: Call) -> Reply:
    """Run a query over what is stored, newest first."""
    query = call.args["query"]
    canonical = str(parse_query(query, desk.knowledge))
    await desk.catch_up()
    hits, tested = await desk.read(lambda tx: _hits(tx, desk, query))
    message = Message(
        f"{canonical}: {_fired(len(hits), tested)}",
        (Code(canonical), Text(_fired(len(hits), tested)), *_examples(desk, hits)),
    )
    return Reply(message, ({"query": canonical, "fired": len(hits), "tested": tested},))


def find(tx: Transaction, place: Place, name: str) -> Watchlist:
    """The watchlist of that name at the place. Raises NotFound with the nearest name."""
    watchlist = tx.watches.find(place, name)
    if watchlist is None:
        near = difflib.get_close_matches(name, [one.name for one in tx.watches.all(place)], 1)
        hint = f" Did you mean `{near[0]}`?" if near else " `watch list` shows what there is."
        raise NotFound(f"There is no watchlist `{name}` here.{hint}")
    return watchlist


def _hits(tx: Transaction, desk: Desk, query: str) -> tuple[list[StoredItem], int]:
    """The stored items that the query matches, newest first, and how many were looked at."""
    stored = tx.items.search(limit=_TESTED)
    return desk.matching(query, stored), len(stored)


def _fired(hits: int, tested: int) -> str:
    if not tested:
        return "No items are stored yet to try it on."
    return f"It would have fired {hits} times in the last {tested:,} items."


def _examples(desk: Desk, hits: list[StoredItem]) -> tuple[Card, ...]:
    now = desk.clock.now()
    return tuple(
        Card(one.item.title, one.item.link, meta=f"{one.item.source} · {ago(one.item.published, now)}")
        for one in hits[:_EXAMPLES]
    )


def _row(watchlist: Watchlist) -> dict[str, object]:
    return {
        "name": watchlist.name,
        "query": watchlist.query,
        "place": watchlist.place,
        "owner": watchlist.owner,
        "created": watchlist.created.isoformat(),
    }
