"""All commands in one book."""

from __future__ import annotations

from bot.command import Book
from bot.commands import about, lookups, sources, watches
from bot.commands.desk import Desk


def all_commands(desk: Desk) -> Book:
    """The book of everything that can be said."""
    book = Book()
    for room in (watches, lookups, sources, about):
        room.register(book, desk)
    return book
