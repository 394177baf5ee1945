"""`news`: the stories that are stored, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.commands.seek import Told, newest, tell_each
from bot.errors import BadInput
from bot.message import Card, Message, ago, say
from bot.text import shorten

_USUAL, _MOST = 5, 50
_BODY = 160


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    params = (
        Param("limit", f"how many, up to {_MOST}", "int", required=False),
        Param("query", "a topic, a company, a watchlist's name, or any query", "rest", required=False),
    )
    book.register(Command(("news",), "The newest stories", params, "news limit=3 unitree"), partial(news, desk))


async def news(desk: Desk, call: Call) -> Reply:
    """The newest stories of which a report matches; a later development stands for itself, and says what it follows."""
    limit = call.args.get("limit", _USUAL)
    if not 1 <= limit <= _MOST:
        raise BadInput(f"limit must be between 1 and {_MOST}.", field="limit")
    text = call.args.get("query", "")
    await desk.catch_up()
    found = await desk.read(lambda tx: tell_each(tx, newest(tx, desk, call.place, text, limit)))
    if not found:
        return Reply(say(f"Nothing stored matches `{text}`." if text else "Nothing is stored yet."))
    now = desk.clock.now()
    cards = tuple(_card(one, now) for one in found)
    lines = "\n".join(f"- {one.head.item.title} ({one.outlets}) {one.head.item.link}".rstrip() for one in found)
    return Reply(Message(lines, cards), tuple(map(_row, found)))


def story_meta(told: Told, now: datetime) -> str:
    """Outlets, the time of the latest report, its number, and what it is a later development of."""
    follows = f", follow-up of story {told.story.follows}" if told.story.follows else ""
    return " · ".join(part for part in (told.outlets, ago(told.latest, now), f"story {told.story.id}{follows}") if part)


def story_row(told: Told) -> dict[str, object]:
    """A story for programs: the report by which it is called, and who else tells it."""
    item = told.head.item
    return {
        "title": item.title,
        "link": item.link,
        "source": item.source,
        "published": item.published.isoformat(),
        **told.row(),
    }


def _card(told: Told, now: datetime) -> Card:
    item = told.head.item
    return Card(item.title, item.link, meta=story_meta(told, now), body=shorten(item.summary, _BODY))


def _row(told: Told) -> dict[str, object]:
    return {
        **story_row(told),
        "lang": told.head.item.lang,
        "topics": _union(one.topics for one in told.reports),
        "entities": _union(one.entities for one in told.reports),
    }


def _union(names: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))
