"""All commands in one book."""

from __future__ import annotations

from bot.command import Book
from bot.commands import (
    about,
    alerts,
    audit,
    cards,
    dealings,
    entities,
    hours,
    lookups,
    mutes,
    personal,
    sources,
    story,
    verdicts,
    watches,
)
from bot.commands.desk import Desk
from bot.throttle import Throttle


def all_commands(desk: Desk, throttle: Throttle | None = None) -> Book:
    """The book of everything that can be said; `throttle` says how often."""
    book = Book(throttle=throttle)
    for room in (
        watches,
        cards,
        mutes,
        personal,
        hours,
        alerts,
        verdicts,
        lookups,
        story,
        dealings,
        entities,
        sources,
        audit,
        about,
    ):
        room.register(book, desk)
    for path, handler in book.handlers.items():
        book.handlers[path] = desk.informed(handler)
    return book
