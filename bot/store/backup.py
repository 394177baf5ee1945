"""Sound copies of a database that is in use."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StoreError, Unwritable
from bot.ports import COPIED_AT
from bot.store.connect import Session

_STALE = 3600.0
"""Seconds after which a part that nobody has written to was left by a process that was killed."""


def copy(session: Session, target: Path) -> None:
    """Write the database as of one moment to a file that must not exist; it appears whole or not at all.

    A copy of the main file alone would miss what is still in the log. https://www.sqlite.org/lang_vacuum.html#vacuuminto
    The file is its owner's alone. Raises StoreError.
    """
    if target.exists():
        raise _taken(target)
    _copy(session, target, over=False, stale=_STALE)


def keep(session: Session, target: Path) -> None:
    """A copy before the database is changed for good, by a process that is alone on it. Raises StoreError.

    One from an earlier try stays, the next has the number 2 and takes the place of its forerunner: tries that fail again and
    again must not fill the disk.
    """
    if target.exists():
        target = target.with_name(f"{target.stem}.2{target.suffix}")
    _copy(session, target, over=True, stale=0.0)


def _copy(session: Session, target: Path, *, over: bool, stale: float) -> None:
    part = target.absolute().with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        _sweep(target, stale)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))  # it holds the logins of feeds
        session.run("VACUUM INTO ?", (str(part),))
        _mark(part)
        _flush(part)
        _publish(part, target, over)
        _flush_folder(part.parent)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise Unwritable(f"the backup {target} cannot be written: {error.strerror or error}", passing=full) from error
    except Unwritable as error:
        raise Unwritable(f"the backup {target} cannot be made: {error}", error.passing) from error
    finally:
        _remove(part)


def _mark(part: Path) -> None:
    session = Session(str(part), writes=True)
    try:
        session.run("PRAGMA journal_mode = DELETE")  # a copy is one file
        now = datetime.now(UTC).isoformat(timespec="seconds")
        session.run("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", (COPIED_AT, now))
    finally:
        session.close()


def _sweep(target: Path, stale: float) -> None:
    """Remove what killed processes left of copies to the same file."""
    for left in target.absolute().parent.glob(f".{glob.escape(target.name)}.*.part"):
        with suppress(OSError):
            if left.stat().st_mtime <= time.time() - stale:
                _remove(left)


def _remove(part: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def _publish(part: Path, target: Path, over: bool) -> None:
    """Give the file its name; over another file only if that is meant."""
    if over:
        part.replace(target)
        return
    try:
        os.link(part, target)
    except FileExistsError as error:
        raise _taken(target) from error
    except OSError:  # a file system without hard links
        part.rename(target)


def _taken(target: Path) -> StoreError:
    return StoreError(f"{target} exists already: name a new file for the backup")


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
