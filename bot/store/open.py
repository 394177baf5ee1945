"""The one way to a store."""

from __future__ import annotations

from pathlib import Path

from bot.errors import BadInput
from bot.ports import Store
from bot.store.address import file_of
from bot.store.connect import MEMORY
from bot.store.sqlite import SqliteStore, copy_of

__all__ = ["back_up", "file_of", "open_store"]


def open_store(url: str) -> Store:
    """Open the store at `url`, and make it or bring it up to date where needed.

    A path ("robowire.db"), "sqlite:///relative.db", "sqlite:////absolute.db", or ":memory:" for one that is forgotten.
    Raises BadInput for anything else, StoreError if the database cannot be used.
    """
    path = file_of(url)
    return SqliteStore(str(path) if path else MEMORY)


def back_up(url: str, target: Path) -> None:
    """A sound copy of the database at `url` as it is, not brought up to date; whoever uses it goes on meanwhile.

    Raises BadInput for one in memory, StoreError if it cannot be copied.
    """
    path = file_of(url)
    if path is None:
        raise BadInput("a database in memory ends with its process: there is nothing to copy")
    copy_of(str(path), target)
