"""What cannot be used is named, with what to do, and left as it is; an upgrade that is cut short is none."""

from __future__ import annotations

import copy
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.errors import StoreError
from bot.store.open import open_store
from bot.store.schema import MIGRATIONS
from bot.store.sqlite import SqliteStore
from tests.contract.makers import stored
from tests.store.test_open import OURS, applied, later, used
from tests.store.test_upgrade import ROWS, WALK, first_release

ROOT = Path(__file__).resolve().parents[2]
OK, DENY = 0, 1  # https://www.sqlite.org/c3ref/c_deny.html


def full(path: Path) -> Path:
    """A database of many pages, closed."""
    store = open_store(str(path))
    with store.write() as tx:
        tx.items.add([stored("robot " + "x" * 200 + str(number)) for number in range(2000)])
    store.close()
    return path


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "noise": lambda data: random.Random(1).randbytes(len(data)),
    "cut in the first page": lambda data: data[:1000],
    "cut in the middle": lambda data: data[: len(data) // 2],
    "cut after a page": lambda data: data[: 8192 * 3],
    "first page lost": lambda data: bytes(8192) + data[8192:],
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_damaged_file_is_named_with_what_to_do_and_left_alone(tmp_path: Path, how: str) -> None:
    path = full(tmp_path / "wire.db")
    data = SPOILED[how](path.read_bytes())
    path.write_bytes(data)
    with pytest.raises(StoreError) as told:
        open_store(str(path))
    assert str(told.value).startswith(f"database {path}: ")
    assert "backup" in str(told.value)
    assert (path.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (data, ["wire.db"])


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = used(tmp_path / "wire.db")
    SqliteStore(str(path), later("9001_future")).close()
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(StoreError, match=r"newer than this program: it has 9001_future\. Update robowire"):
            open_store(str(path))
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE contacts (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(str(path))
    assert (path.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (before, ["other.db"])


OPEN_AS_NOBODY = """
import os, sys
from bot.errors import StoreError
from bot.store.open import open_store
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)  # root may write everywhere
try:
    open_store(sys.argv[1])
except StoreError as error:
    print(error)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="robowire-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_may_only_be_read_is_told(open_folder: Path, there: bool) -> None:
    path = open_folder / "wire.db"
    if there:
        used(path).chmod(0o444)
    open_folder.chmod(0o555)
    line = [sys.executable, "-c", OPEN_AS_NOBODY, str(path)]
    said = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"database {path}: ")
    assert "check" in said
    assert "may" in said


# -- upgrades that are cut short -------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of the first release, in use."""
    path = tmp_path / "wire.db"
    SqliteStore(str(path), first_release()).close()
    database = sqlite3.connect(path)
    database.executescript(ROWS)
    database.close()
    return path


class Cut:
    """Lets the n-th thing that an upgrade does fail, or does something else there; counts what it does."""

    def __init__(self, at: int, act: Callable[[], object] = lambda: None) -> None:
        self.at, self.act, self.count = at, act, 0

    def __call__(self, *_: object) -> int:
        self.count += 1
        if self.count != self.at:
            return OK
        self.act()
        return DENY

    def migrations(self) -> Migrations:
        """Ours, watched from the first on."""
        watched = copy.deepcopy(MIGRATIONS)
        second = watched._migrations[1]
        begin = second.fn

        def fn(db: Database) -> None:
            db.conn.set_authorizer(self)
            begin(db)

        second.fn = fn
        return watched


def test_an_upgrade_that_fails_anywhere_changes_nothing_and_the_next_start_does_it(path: Path) -> None:
    first = path.read_bytes()
    whole = Cut(0)
    SqliteStore(str(path), whole.migrations()).close()
    assert whole.count > 100
    for at in range(1, whole.count, whole.count // 12):
        path.write_bytes(first)
        with pytest.raises(StoreError, match=r"not authorized|prohibited"):
            SqliteStore(str(path), Cut(at).migrations())
        assert applied(path) == ["0001_first"]
        with Database(path) as db:
            assert "entities" not in db.table_names()
    sound(path)


def sound(path: Path) -> None:
    """The next start upgrades it, and all is there."""
    store = open_store(str(path))
    with store.read() as tx:
        assert (tx.items.search(), tx.outbox.waiting()) == ([WALK], 1)
    store.close()
    assert applied(path) == OURS
    plain = sqlite3.connect(path)
    assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    plain.close()


KILL = """
import os, signal, sys
from bot.store.sqlite import SqliteStore
from tests.store.test_damage import Cut

SqliteStore(sys.argv[1], Cut(int(sys.argv[2]), lambda: os.kill(os.getpid(), signal.SIGKILL)).migrations())
"""


@pytest.mark.parametrize("at", [1, 200])
def test_an_upgrade_that_is_killed_changes_nothing_and_the_next_start_does_it(path: Path, at: int) -> None:
    line = [sys.executable, "-c", KILL, str(path), str(at)]
    assert subprocess.run(line, cwd=ROOT, check=False, env=os.environ).returncode == -signal.SIGKILL
    assert applied(path.with_name("wire.db.before-0002_understanding.bak")) == ["0001_first"]
    assert applied(path) == ["0001_first"]
    sound(path)
