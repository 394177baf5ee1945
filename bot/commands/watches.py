"""`watch`: the watchlists of a place."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import get_args

from bot.classify.feedback import Learned, effect, leanings, learn, lessons
from bot.classify.query.parse import parse_query
from bot.classify.query.syntax import Query
from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.commands.quotas import watchlist_room
from bot.commands.trial import Trial, remarks, sentence, trial, trial_row
from bot.errors import BadInput, Conflict, NotFound
from bot.message import Card, Code, Message, Table, Text, ago, say
from bot.model import Mode, Place, StoredItem, Watchlist
from bot.ports import Transaction

LONGEST_NAME = 60
_TESTED = 5_000
_EXAMPLES = 3
_USUAL_DAYS, _MOST_DAYS = 30, 365

MODES: dict[Mode, str] = {"instant": "at once", "digest": "daily"}
NAME = Param("name", "the watchlist's name; quote it if it has spaces", complete="watchlist")
NEW_NAME = Param("name", "what to call it; quote it if it has spaces")
DIGEST = Param("digest", "once a day, all together, instead of at once", "flag", required=False)
MODE = Param("mode", "at once, or all of a day together", choices=get_args(Mode))
QUERY = Param("query", 'words, "phrases", AND OR NOT, topic:, company:, event:, ...; `help queries` tells all', "rest")
DAYS = Param(
    "days", f"over the last so many days, up to {_MOST_DAYS}; {_USUAL_DAYS} if not given", "int", required=False
)


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    example = 'watch add humanoids humanoid OR "bipedal robot"'
    for command, handler in (
        (
            Command(
                ("watch", "add"), "Post here whatever matches a query", (NEW_NAME, DIGEST, QUERY), example, changes=True
            ),
            add,
        ),
        (Command(("watch", "list"), "The watchlists of this place"), list_),
        (Command(("watch", "show"), "One watchlist and what it found last", (NAME,)), show),
        (Command(("watch", "edit"), "Give a watchlist another query", (NAME, QUERY), changes=True), edit),
        (
            Command(
                ("watch", "mode"),
                "Let a watchlist tell at once or in the daily digest",
                (NAME, MODE),
                "watch mode robotics digest",
                changes=True,
            ),
            mode,
        ),
        (Command(("watch", "remove"), "Stop a watchlist", (NAME,), changes=True), remove),
        (
            Command(
                ("watch", "test"), "How often a query would have fired", (DAYS, QUERY), "watch test topic:robotics"
            ),
            test,
        ),
    ):
        book.register(command, partial(handler, desk))


async def add(desk: Desk, call: Call) -> Reply:
    """Check the query, keep it, and show what it would have found, so that a typo is seen at once."""
    name, query = call.args["name"].strip(), call.args["query"]
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"A watchlist's name has 1 to {LONGEST_NAME} characters.", field="name")
    canonical, at = str(parse_query(query, desk.knowledge)), desk.clock.now()
    when: Mode = "digest" if call.args.get("digest") else "instant"

    def make(tx: Transaction) -> Watchlist:
        watchlist_room(tx, desk, call)
        return tx.watches.add(call.place, name, query, call.person, at, when)

    try:
        watchlist = await desk.change(call, make)
    except Conflict as error:
        raise BadInput(
            f"There is a watchlist `{name}` here already; `watch edit` gives it another query.", field="name"
        ) from error
    fired = await found_so_far(desk, query)
    text = f"Watching `{name}`{told_when(watchlist)}: {canonical}. {fired}"
    return Reply(say(text, "good"), (watch_row(watchlist),))


def told_when(watchlist: Watchlist) -> str:
    """`, once a day` for one whose stories come in the digest."""
    return ", in the daily digest" if watchlist.mode == "digest" else ""


async def found_so_far(desk: Desk, query: str) -> str:
    """How often a query would have fired, as a sentence."""
    await desk.catch_up()
    hits, tested = await desk.read(lambda tx: _hits(tx, desk, query))
    return _fired(len(hits), tested)


async def list_(desk: Desk, call: Call) -> Reply:
    """All of this place."""
    watchlists = await desk.read(lambda tx: tx.watches.all(call.place))
    if not watchlists:
        return Reply(say("No watchlists here yet. `watch add robotics topic:robotics` makes one."))
    table = Table(("name", "told", "query"), tuple((one.name, MODES[one.mode], one.query) for one in watchlists))
    text = "\n".join(f"{one.name}{told_when(one)}: {one.query}" for one in watchlists)
    return Reply(Message(text, (table,)), tuple(map(watch_row, watchlists)))


async def show(desk: Desk, call: Call) -> Reply:
    """The query, its latest finds, and what verdicts have taught it."""

    def look(tx: Transaction) -> tuple[Watchlist, Learned, tuple[StoredItem, ...], int]:
        watchlist = find(tx, call.place, call.args["name"])
        learned = learn(lessons(tx.verdicts.of(watchlist.id)))
        return watchlist, learned, *_hits(tx, desk, watchlist.query)

    await desk.catch_up()
    watchlist, learned, hits, tested = await desk.read(look)
    head = f"{watchlist.name}{told_when(watchlist)}: {watchlist.query}"
    said = [_fired(len(hits), tested), f"Feedback: {'. '.join(filter(None, (effect(learned), leanings(learned))))}."]
    message = Message(
        "\n".join((head, *said)),
        (
            Text(f"{watchlist.name}{told_when(watchlist)}"),
            Code(watchlist.query),
            *map(Text, said),
            *_examples(desk, hits),
        ),
    )
    row = {"fired": len(hits), "tested": tested, "verdicts": learned.verdicts, "needs": round(learned.needs, 4)}
    return Reply(message, ({**watch_row(watchlist), **row},))


async def edit(desk: Desk, call: Call) -> Reply:
    """Another query under the same name."""
    query = call.args["query"]
    canonical = str(parse_query(query, desk.knowledge))

    def change(tx: Transaction) -> Watchlist:
        return tx.watches.edit(find(tx, call.place, call.args["name"]).id, query)

    watchlist = await desk.change(call, change)
    return Reply(say(f"`{watchlist.name}` now watches {canonical}.", "good"), (watch_row(watchlist),))


async def mode(desk: Desk, call: Call) -> Reply:
    """At once, or in the digest."""

    def change(tx: Transaction) -> Watchlist:
        return tx.watches.switch(find(tx, call.place, call.args["name"]).id, call.args["mode"])

    watchlist = await desk.change(call, change)
    said = "in the daily digest" if watchlist.mode == "digest" else "at once"
    return Reply(say(f"`{watchlist.name}` tells {said} from now on.", "good"), (watch_row(watchlist),))


async def remove(desk: Desk, call: Call) -> Reply:
    """It posts nothing more."""

    def change(tx: Transaction) -> Watchlist:
        watchlist = find(tx, call.place, call.args["name"])
        tx.watches.remove(watchlist.id)
        return watchlist

    watchlist = await desk.change(call, change)
    return Reply(say(f"`{watchlist.name}` is removed.", "good"), (watch_row(watchlist),))


async def test(desk: Desk, call: Call) -> Reply:
    """Try a query on what is stored, newest first: how often, when, and by which of its terms it would have fired."""
    query = parse_query(call.args["query"], desk.knowledge)
    days = call.args.get("days", _USUAL_DAYS)
    if not 1 <= days <= _MOST_DAYS:
        raise BadInput(f"days must be between 1 and {_MOST_DAYS}.")
    since = desk.clock.now() - timedelta(days=days)

    def run(tx: Transaction) -> Trial:
        return _tried(tx, desk, query, tx.items.search(since=since, limit=_TESTED))

    await desk.catch_up()
    tried = await desk.read(run)
    said = [sentence(tried, days), *remarks(tried, days)]
    cards = _examples(desk, tried.fired)
    message = Message(f"{query}: {' '.join(said)}", (Code(str(query)), *map(Text, said), *cards))
    examples = [{"title": one.item.title, "link": one.item.link} for one in tried.fired[:_EXAMPLES]]
    return Reply(message, ({"query": str(query), **trial_row(tried, days), "examples": examples},))


def find(tx: Transaction, place: Place, name: str) -> Watchlist:
    """The watchlist of that name at the place. Raises NotFound with the nearest name."""
    watchlist = tx.watches.find(place, name)
    if watchlist is None:
        near = difflib.get_close_matches(name, [one.name for one in tx.watches.all(place)], 1)
        hint = f" Did you mean `{near[0]}`?" if near else " `watch list` shows what there is."
        raise NotFound(f"There is no watchlist `{name}` here.{hint}")
    return watchlist


def latest(tx: Transaction, desk: Desk, query: str) -> tuple[StoredItem, ...]:
    """The newest report of each story that the query would have told, newest first."""
    return _hits(tx, desk, query)[0]


def _hits(tx: Transaction, desk: Desk, query: str) -> tuple[tuple[StoredItem, ...], int]:
    """The newest report of each story that the query would have told, newest first, and how many items were looked at."""
    tried = _tried(tx, desk, parse_query(query, desk.knowledge), tx.items.search(limit=_TESTED))
    return tried.fired, tried.tested


def _tried(tx: Transaction, desk: Desk, query: Query, stored: Sequence[StoredItem]) -> Trial:
    return trial(query, stored, desk.knowledge, desk.clock.now(), lambda story: tx.stories.get(story).independent)


def _fired(hits: int, tested: int) -> str:
    if not tested:
        return "No items are stored yet to try it on."
    return f"It would have fired {hits} time{'s' * (hits != 1)} in the last {tested:,} items."


def _examples(desk: Desk, hits: Sequence[StoredItem]) -> tuple[Card, ...]:
    now = desk.clock.now()
    return tuple(
        Card(one.item.title, one.item.link, meta=f"{one.item.source} · {ago(one.item.published, now)}")
        for one in hits[:_EXAMPLES]
    )


def watch_row(watchlist: Watchlist) -> dict[str, object]:
    """The row of a watchlist for programs."""
    return {
        "name": watchlist.name,
        "query": watchlist.query,
        "place": watchlist.place,
        "owner": watchlist.owner,
        "created": watchlist.created.isoformat(),
        "mode": watchlist.mode,
    }
