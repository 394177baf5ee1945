"""`news`: what is stored, newest first."""

from __future__ import annotations

from functools import partial

from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.commands.seek import newest
from bot.errors import BadInput
from bot.message import Card, Message, ago, say
from bot.model import StoredItem
from bot.text import shorten

_USUAL, _MOST = 5, 50


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    params = (
        Param("limit", f"how many, up to {_MOST}", "int", required=False),
        Param("query", "a topic, a company, a watchlist's name, or any query", "rest", required=False),
    )
    book.register(Command(("news",), "The newest stories", params, "news limit=3 unitree"), partial(news, desk))


async def news(desk: Desk, call: Call) -> Reply:
    """The newest stored items that match, one for each story."""
    limit = call.args.get("limit", _USUAL)
    if not 1 <= limit <= _MOST:
        raise BadInput(f"limit must be between 1 and {_MOST}.")
    text = call.args.get("query", "")
    await desk.catch_up()
    stored = await desk.read(lambda tx: newest(tx, desk, call.place, text, limit))
    if not stored:
        return Reply(say(f"Nothing stored matches `{text}`." if text else "Nothing is stored yet."))
    now = desk.clock.now()
    cards = tuple(
        Card(
            one.item.title,
            one.item.link,
            meta=f"{one.item.source} · {ago(one.item.published, now)}",
            body=shorten(one.item.summary, 160),
        )
        for one in stored
    )
    lines = "\n".join(f"- {one.item.title} ({one.item.source}) {one.item.link}".rstrip() for one in stored)
    return Reply(Message(lines, cards), tuple(map(_row, stored)))


def _row(stored: StoredItem) -> dict[str, object]:
    item = stored.item
    return {
        "story": stored.story_id,
        "title": item.title,
        "link": item.link,
        "source": item.source,
        "published": item.published.isoformat(),
        "lang": item.lang,
        "topics": stored.topics,
        "entities": stored.entities,
    }
