"""One bot for one SQLite database."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from bot.errors import Locked, StoreError


@contextlib.contextmanager
def alone(database: str) -> Iterator[None]:
    """Hold the database for this process. Raises Locked, naming the holder, if another one has it.

    The lock is the operating system's (flock on NAME.lock): it goes with the process, however that ends.
    """
    if ":memory:" in database:
        yield
        return
    path = Path(database.removeprefix("sqlite:///") + ".lock").expanduser()
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 100).decode("ascii", "replace").strip() or "unknown"
            raise Locked(f"another robowire (process {holder}) runs on {database}; stop it first") from error
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)
