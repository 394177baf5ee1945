"""Connections to SQLite: how they are set up, and how their errors are told."""

from __future__ import annotations

import os
import sqlite3 as stdlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import sqlite_utils
import sqlite_utils.utils

from bot.errors import StoreError, Unwritable
from bot.store.rows import Row

# sqlite-utils takes the package pysqlite3 where there is one: its SQLite is newer than Python's, and before 3.51.3
# commits of two connections could be lost (https://www.sqlite.org/wal.html, "the WAL-reset bug").
sqlite3 = vars(sqlite_utils.utils)["sqlite3"]

MEMORY = ":memory:"

Values = Sequence[Any] | Mapping[str, Any]
"""What stands for the question marks of a statement, or for its names."""

# FULL: a commit survives a power cut. The caches are small because all memory of the process counts; the system's own
# file cache does the rest, and memory-mapped pages would be counted as ours.
_PRAGMAS = (
    "PRAGMA busy_timeout = 10000",
    "PRAGMA page_size = 8192",  # of a new file; 8 % faster than 4096 at filling one with items
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 0",
    "PRAGMA journal_size_limit = 67108864",
)
_WRITER_CACHE_KIB = 16384
_READER_CACHE_KIB = 2048

_REASONS = (
    ("disk is full", "the disk is full; nothing was written. Free some space and try again"),
    ("disk i/o", "the disk gave an error; check its health and free space"),
    ("is locked", "another program is writing to it; end that program, or wait and try again"),
    ("readonly", "it can only be read here; check who may write to the file and its folder"),
    ("unable to open", "it cannot be opened; check that the folder is there and may be written to"),
    ("malformed", "it is damaged; put a backup in its place (`robowire backup` makes them)"),
    ("not a database", "it is not an SQLite database, or it is encrypted or damaged; a backup can take its place"),
)
_PASSING = ("disk is full", "disk i/o", "is locked")


def explain(error: Exception, path: str) -> StoreError:
    """An error of SQLite as one that a person can act on; Unwritable if it is not for what was to be written."""
    text = str(error)
    for sign, reason in _REASONS:
        if sign in text.lower():
            return Unwritable(f"database {path}: {reason} ({text})", passing=sign in _PASSING)
    return StoreError(f"database {path}: {text}")


def _make_private(path: str) -> None:
    """Make the file of a new database for its owner alone: what SQLite puts beside it has the same mode.

    It holds the addresses of feeds, and some have a login in them. A file that is there stays as it is.
    """
    with suppress(OSError):  # SQLite says better what is wrong with the place
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


class Session:
    """One connection, used by one thread at a time. Every error of SQLite leaves it as StoreError.

    An error inside a writing transaction dooms it: it can only be rolled back, even if somebody catches the error.
    """

    def __init__(self, path: str, *, writes: bool) -> None:
        if writes and path != MEMORY:
            _make_private(path)
        try:
            # SQLite is built thread-safe; that no two threads use a connection at once is the store's care.
            conn: stdlib.Connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, cached_statements=256
            )
        except sqlite3.Error as error:
            raise explain(error, path) from error
        self._conn = conn
        self.path = path
        self._doomed = False
        self._writes = writes
        try:
            self.db = sqlite_utils.Database(conn, execute_plugins=False)
            for pragma in _PRAGMAS:
                conn.execute(pragma)
            conn.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB if writes else _READER_CACHE_KIB}")
            if not writes:
                conn.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            conn.close()
            raise explain(error, path) from error

    def begin(self, *, writes: bool) -> None:
        """Open a transaction: for writing at once, so that it cannot fail later; for reading with its moment fixed."""
        self._doomed = False
        self.rollback()  # where an earlier one failed
        if writes:
            self.run("BEGIN IMMEDIATE")
        else:
            self.run("BEGIN")
            self.row("SELECT 1 FROM sqlite_schema LIMIT 1")

    def commit(self) -> None:
        """Make it durable. Raises StoreError, with all undone, if that cannot be."""
        if self._doomed:
            self.rollback()
            raise StoreError(f"database {self.path}: an earlier error made this transaction void; nothing was written")
        try:
            self._conn.execute("COMMIT")
        except sqlite3.Error as error:
            self.rollback()
            raise explain(error, self.path) from error

    def rollback(self) -> None:
        """Undo all; SQLite may have done so itself."""
        if self._conn.in_transaction:
            try:
                self._conn.execute("ROLLBACK")
            except sqlite3.Error as error:
                raise explain(error, self.path) from error

    def log_ahead(self) -> None:
        """Let readers and the writer go on side by side: the file is changed for good by this. https://www.sqlite.org/wal.html"""
        self.run("PRAGMA journal_mode = WAL")

    def only_read(self, on: bool) -> None:
        """Let this connection refuse changes, or take them again."""
        self.run(f"PRAGMA query_only = {'ON' if on else 'OFF'}")

    def run(self, sql: str, values: Values = ()) -> int:
        """Do one statement; answers how many rows it changed."""
        try:
            return self._conn.execute(sql, values).rowcount
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def insert(self, sql: str, values: Sequence[Any]) -> int:
        """Do one INSERT; answers the id of the row, 0 if none was inserted."""
        try:
            cursor = self._conn.execute(sql, values)
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return (cursor.lastrowid or 0) if cursor.rowcount > 0 else 0

    def leap(self, table: str, by: int) -> None:
        """Let the ids of a table (AUTOINCREMENT) go on that much later. https://www.sqlite.org/autoinc.html"""
        if not self.run("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?", (by, table)):
            self.insert("INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)", (by, table))

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Do one statement for each row of values; answers how many rows changed."""
        try:
            return self._conn.executemany(sql, rows).rowcount
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query."""
        try:
            return self._conn.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def row(self, sql: str, values: Values = ()) -> Row | None:
        """The first row of a query, or None."""
        try:
            found: Row | None = self._conn.execute(sql, values).fetchone()
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return found

    def each(self, sql: str, values: Sequence[Any], size: int) -> Iterator[Row]:
        """The rows of a query as they are asked for, read `size` at a time."""
        cursor = self._conn.cursor()
        try:
            cursor.execute(sql, values)
            while batch := cursor.fetchmany(size):
                yield from batch
        except sqlite3.Error as error:
            raise self._failed(error) from error
        finally:
            cursor.close()

    def close(self) -> None:
        """Close the connection."""
        self._conn.close()

    def _failed(self, error: Exception) -> StoreError:
        self._doomed = self._writes
        return explain(error, self.path)
