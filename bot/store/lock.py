"""One bot for one SQLite database."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator

from bot.errors import Locked, StoreError
from bot.store.open import file_of


@contextlib.contextmanager
def alone(database: str) -> Iterator[None]:
    """Hold the database for this process. Raises Locked, naming the holder, if another one has it.

    The lock is the operating system's (flock on NAME.lock): it goes with the process, however that ends.
    """
    file = file_of(database)
    if file is None:
        yield
        return
    path = file.with_name(f"{file.name}.lock")
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
