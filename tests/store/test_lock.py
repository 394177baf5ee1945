"""One bot for one database: who else comes is told who is there, and nobody is held up by the dead."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import Locked, StoreError
from bot.store.lock import alone, undisturbed
from bot.store.open import open_store
from bot.store.sqlite import SqliteStore
from tests.store.test_open import OURS, applied, later, used

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from bot.store.lock import alone
with alone(sys.argv[1]):
    print("mine", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(database: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that is alone on the database."""
    line = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"mine\n"
        try:
            yield child
        finally:
            child.kill()


def test_who_comes_second_is_told_who_is_there_and_since_when(tmp_path: Path) -> None:
    path = tmp_path / "wire.db"
    with held(path) as child:
        with pytest.raises(Locked) as refused, alone(str(path)):
            pass
        assert re.fullmatch(
            rf"another robowire \(process {child.pid} on {re.escape(platform.node())}, since \d\d \w\w\w \d\d:\d\d UTC\) "
            rf"runs on {re.escape(str(path))}; stop it first",
            str(refused.value),
        )
        assert not path.exists()  # it touches nothing


def test_by_another_name_it_is_the_same_database(tmp_path: Path) -> None:
    path, link = used(tmp_path / "wire.db"), tmp_path / "link.db"
    link.symlink_to(path)
    with held(path):
        for name in (str(link), f"sqlite:///{link}"):
            with pytest.raises(Locked), alone(name):
                pass


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "wire.db"
    with held(path) as child:
        child.kill()
        child.wait()
        with alone(str(path)):
            assert (tmp_path / "wire.db.lock").read_text().startswith(f"{os.getpid()} on ")


def test_one_process_is_alone_once_and_after_the_end_again(tmp_path: Path) -> None:
    path = str(tmp_path / "wire.db")
    with alone(path):
        with pytest.raises(Locked, match=f"process {os.getpid()} on"), alone(path):
            pass
        with undisturbed(path):
            pass
        with pytest.raises(Locked), alone(path):
            pass
    with alone(path):
        pass


def test_a_database_in_memory_is_nobody_elses(tmp_path: Path) -> None:
    with alone(":memory:"), alone(":memory:"), undisturbed(":memory:"):
        pass


def test_a_folder_that_takes_no_lock_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"wire\.db\.lock: No such file"), alone(str(tmp_path / "missing" / "wire.db")):
        pass


def test_the_tables_of_a_running_bot_are_not_changed_by_a_newer_program_beside_it(tmp_path: Path) -> None:
    path = used(tmp_path / "wire.db")
    with held(path) as child:
        with pytest.raises(Locked, match=f"process {child.pid} "):
            SqliteStore(str(path), later("9001_one"))
        open_store(str(path)).close()  # a program of the same release may come
    assert applied(path) == OURS
    assert not list(tmp_path.glob("*.bak"))


def test_the_bot_that_is_alone_changes_them_itself(tmp_path: Path) -> None:
    path = used(tmp_path / "wire.db")
    with alone(str(path)):
        SqliteStore(str(path), later("9001_one")).close()
        assert applied(path) == [*OURS, "9001_one"]
        with pytest.raises(Locked), alone(str(path)):
            pass
