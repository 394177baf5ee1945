"""The store over SQLite: transactions, their connections, backup."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Migrations

from bot.errors import StoreError
from bot.log import logger
from bot.repositories import (
    Audit,
    Departures,
    Digests,
    Entities,
    Feeds,
    Follows,
    HourBook,
    Items,
    Mutes,
    Outbox,
    Settings,
    Stories,
    Suggestions,
    Verdicts,
    Watches,
)
from bot.store.audit import AuditTable
from bot.store.backup import copy, keep
from bot.store.connect import MEMORY, Session, explain, sqlite3
from bot.store.departures import DepartureTable
from bot.store.digests import DigestTable
from bot.store.entities import EntityTable, SuggestionTable
from bot.store.feeds import FeedTable
from bot.store.items import ItemTable
from bot.store.lock import undisturbed
from bot.store.outbox import OutboxTable
from bot.store.people import FollowTable, HourTable, MuteTable
from bot.store.schema import MIGRATIONS, has_rows, migrate, pending
from bot.store.stories import StoryTable
from bot.store.verdicts import VerdictTable
from bot.store.watches import SettingTable, WatchTable

log = logger(__name__)

_IDLE_READERS = 4


@dataclass(slots=True)
class Tables:
    """bot.ports.Transaction: the tables over one connection."""

    session: Session
    feeds: Feeds
    items: Items
    stories: Stories
    watches: Watches
    outbox: Outbox
    settings: Settings
    entities: Entities
    suggestions: Suggestions
    verdicts: Verdicts
    hours: HourBook
    mutes: Mutes
    follows: Follows
    digests: Digests
    audit: Audit
    departures: Departures


def tables(session: Session) -> Tables:
    """The tables over a connection."""
    return Tables(
        session,
        FeedTable(session),
        ItemTable(session),
        StoryTable(session),
        WatchTable(session),
        OutboxTable(session),
        SettingTable(session),
        EntityTable(session),
        SuggestionTable(session),
        VerdictTable(session),
        HourTable(session),
        MuteTable(session),
        FollowTable(session),
        DigestTable(session),
        AuditTable(session),
        DepartureTable(session),
    )


class SqliteStore:
    """bot.ports.Store over one SQLite file, or over memory.

    One connection writes, under a lock. Readers of a file have connections of their own and wait for nobody; in memory
    there is one connection for all, and everybody waits for the lock. Transactions of one thread do not nest.
    """

    def __init__(self, path: str, migrations: Migrations = MIGRATIONS) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._pool_lock = threading.Lock()
        self._inside = threading.local()
        self._idle: list[Tables] = []
        self._closed = False
        self._writer = tables(Session(path, writes=True))
        try:
            self._prepare(migrations)
        except BaseException:
            self._writer.session.close()
            raise

    def _prepare(self, migrations: Migrations) -> None:
        session = self._writer.session
        try:
            todo = pending(session.db, migrations)
            session.log_ahead()  # not before it is known to be ours
            if todo and has_rows(session.db):
                with undisturbed(self._path):  # a bot of the earlier release must not meet the new tables
                    keep(session, Path(f"{self._path}.before-{todo[0]}.bak"))
                    migrate(session.db, migrations)
                log.info("%s is up to date for this release; a copy of before is beside it", self._path)
            elif todo:
                migrate(session.db, migrations)
        except sqlite3.Error as error:
            raise explain(error, self._path) from error

    @contextmanager
    def write(self) -> Iterator[Tables]:
        """As bot.ports.Store."""
        with self._alone(), self._lock:
            self._open()
            session = self._writer.session
            session.begin(writes=True)
            try:
                yield self._writer
            except BaseException:
                session.rollback()
                raise
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Tables]:
        """As bot.ports.Store."""
        with self._alone(), self._reader() as view:
            try:
                view.session.begin(writes=False)
                yield view
            finally:
                view.session.rollback()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Refuse a transaction inside a transaction of the same thread: over memory it would wait for itself."""
        if getattr(self._inside, "busy", False):
            raise StoreError("a transaction cannot be opened inside another of the same thread")
        self._inside.busy = True
        try:
            yield
        finally:
            self._inside.busy = False

    def _open(self) -> None:
        if self._closed:
            raise StoreError("the database has been closed")

    @contextmanager
    def _reader(self) -> Iterator[Tables]:
        if self._path == MEMORY:
            with self._lock:
                self._open()
                self._writer.session.only_read(True)
                try:
                    yield self._writer
                finally:
                    self._writer.session.only_read(False)
            return
        view = self._take()
        try:
            yield view
        finally:
            self._give_back(view)

    def _take(self) -> Tables:
        with self._pool_lock:
            self._open()
            if self._idle:
                return self._idle.pop()
        return tables(Session(self._path, writes=False))

    def _give_back(self, view: Tables) -> None:
        with self._pool_lock:
            if not self._closed and len(self._idle) < _IDLE_READERS:
                self._idle.append(view)
                return
        view.session.close()

    def release(self) -> None:
        """As bot.ports.Store. A delivery that was held comes back ambiguous."""
        with self.write() as tx:
            FeedTable(tx.session).release()
            OutboxTable(tx.session).release()

    def backup(self, target: Path) -> None:
        """As bot.ports.Store. The copy is compact, and complete as of one moment; writers go on meanwhile."""
        if self._path == MEMORY:
            with self._alone(), self._lock:
                self._open()
                copy(self._writer.session, target)
            return
        self._open()
        copy_of(self._path, target)

    def close(self) -> None:
        """As bot.ports.Store. Waits for the transaction that is being written; a second time does nothing."""
        with self._alone(), self._lock, self._pool_lock:
            self._closed = True
            for view in self._idle:
                view.session.close()
            self._idle.clear()
            self._writer.session.close()


def copy_of(path: str, target: Path) -> None:
    """A sound copy of the database in a file as it is, whatever release made it. Raises StoreError."""
    session = Session(path, writes=True)
    try:
        pending(session.db, MIGRATIONS)
        session.run("PRAGMA cache_size = -2048")  # the copy has a cache of the same size
        copy(session, target)
    except sqlite3.Error as error:
        raise explain(error, path) from error
    finally:
        session.close()
