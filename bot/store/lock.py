"""One bot for one SQLite database."""

from __future__ import annotations

import contextlib
import fcntl
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import Locked, StoreError
from bot.store.address import file_of

_HELD: set[Path] = set()
"""The lock files that this process holds."""


@contextlib.contextmanager
def alone(database: str) -> Iterator[None]:
    """Hold the database for this process. Raises Locked, naming the holder, if another one has it, or this one twice.

    The lock is the operating system's (flock on NAME.lock): it goes with the process, however that ends. What is written in
    the file is for people.
    """
    path = _lock_of(database)
    if path is None:
        yield
        return
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(f"another robowire ({_holder(handle)}) runs on {database}; stop it first") from error
        _sign(handle)
        _HELD.add(path)
        try:
            yield
        finally:
            _HELD.remove(path)
    finally:
        os.close(handle)


@contextlib.contextmanager
def undisturbed(database: str) -> Iterator[None]:
    """The same for a while, also where this process is alone on the database already."""
    with contextlib.nullcontext() if _lock_of(database) in _HELD else alone(database):
        yield


def _lock_of(database: str) -> Path | None:
    """The lock file: of one database by whatever links it is reached."""
    file = file_of(database)
    if file is None:
        return None
    real = file.resolve()
    return real.with_name(f"{real.name}.lock")


def _sign(handle: int) -> None:
    """Say who holds it, if there is room on the disk to say so."""
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()} on {platform.node()}".encode("ascii", "replace"))


def _holder(handle: int) -> str:
    """Who holds it, and since when."""
    who = os.read(handle, 300).decode("ascii", "replace").strip()
    since = datetime.fromtimestamp(os.fstat(handle).st_mtime, UTC)
    return f"process {who or 'unknown'}, since {since:%d %b %H:%M} UTC"
