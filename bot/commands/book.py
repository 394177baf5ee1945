"""All commands in one book."""

from __future__ import annotations

from bot.command import Book
from bot.commands import (
    about,
    alerts,
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


def all_commands(desk: Desk) -> Book:
    """The book of everything that can be said."""
    book = Book()
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
        about,
    ):
        room.register(book, desk)
    for path, handler in book.handlers.items():
        book.handlers[path] = desk.informed(handler)
    return book
