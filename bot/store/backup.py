"""Sound copies of a database that is in use."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.errors import StoreError
from bot.store.connect import Session


def copy(session: Session, target: Path) -> None:
    """Write the database as of one moment to a file that must not exist; it appears whole or not at all.

    A copy of the main file alone would miss what is still in the log. https://www.sqlite.org/lang_vacuum.html#vacuuminto
    """
    if target.exists():
        raise StoreError(f"{target} exists already: name a new file for the backup")
    part = target.absolute().with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        session.run("VACUUM INTO ?", (str(part),))
        _flush(part)
        _publish(part, target)
        _flush_folder(part.parent)
    except OSError as error:
        raise StoreError(f"the backup {target} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def spare(path: Path) -> Path:
    """The path, or if it is taken the first free one with a number before its suffix."""
    free, number = path, 1
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}.{number}{path.suffix}")
    return free


def _publish(part: Path, target: Path) -> None:
    """Give the file its name, never over another file."""
    try:
        os.link(part, target)
    except FileExistsError as error:
        raise StoreError(f"{target} exists already: name a new file for the backup") from error
    except OSError:  # a file system without hard links
        part.rename(target)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    with suppress(OSError):  # a folder cannot be opened on Windows, and needs no flush there
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
