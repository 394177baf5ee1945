"""Backups: whole or not there, of one file, marked as what they are, for their owner's eyes; and never too many."""

from __future__ import annotations

import os
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import BadInput, StoreError, Unwritable
from bot.ports import COPIED_AT
from bot.store.open import back_up, open_store
from bot.store.sqlite import SqliteStore
from tests.contract.makers import stored
from tests.store.test_open import OURS, applied, later, used


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def marked(path: Path) -> str | None:
    store = open_store(str(path))
    with store.read() as tx:
        mark = tx.settings.get(COPIED_AT)
    store.close()
    return mark


def test_a_copy_is_one_file_of_its_owner(tmp_path: Path) -> None:
    path, target = used(tmp_path / "wire.db"), tmp_path / "copies" / "copy.db"
    target.parent.mkdir()
    mask = os.umask(0)
    try:
        back_up(str(path), target)
    finally:
        os.umask(mask)
    assert names(target.parent) == ["copy.db"]
    assert target.stat().st_mode & 0o777 == 0o600


def test_only_the_copy_says_that_it_is_one_and_when_it_was_made(tmp_path: Path) -> None:
    path, target = used(tmp_path / "wire.db"), tmp_path / "copy.db"
    store = open_store(str(path))
    store.backup(target)
    store.close()
    made = datetime.fromisoformat(marked(target) or "")
    assert timedelta(0) <= datetime.now(UTC) - made < timedelta(minutes=1)
    assert marked(path) is None


def test_a_copy_is_not_brought_up_to_date_and_neither_is_its_original(tmp_path: Path) -> None:
    path = tmp_path / "wire.db"
    older = later()
    del older._migrations[-1]
    SqliteStore(str(path), older).close()
    back_up(str(path), tmp_path / "copy.db")
    assert applied(path) == applied(tmp_path / "copy.db") == OURS[:-1]


def test_what_was_committed_is_in_it_though_the_log_still_has_it(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "wire.db"))
    with store.write() as tx:
        tx.items.add([stored("robot one")])
    assert (tmp_path / "wire.db-wal").stat().st_size > 0
    back_up(str(tmp_path / "wire.db"), tmp_path / "copy.db")
    copied = open_store(str(tmp_path / "copy.db"))
    with copied.read() as tx:
        assert tx.items.count() == 1
    copied.close()
    store.close()


def test_one_in_memory_cannot_be_had_from_outside() -> None:
    with pytest.raises(BadInput, match="in memory"):
        back_up(":memory:", Path("copy.db"))


def test_a_database_of_another_program_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE contacts (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        back_up(str(path), tmp_path / "copy.db")
    assert (names(tmp_path), path.read_bytes()) == (["other.db"], before)


def test_what_a_killed_backup_left_goes_with_the_next_one_and_what_another_one_writes_stays(tmp_path: Path) -> None:
    path, target = used(tmp_path / "wire.db"), tmp_path / "copy[1].db"
    left, other = (tmp_path / f".copy[1].db.{name}.part" for name in ("00000000", "11111111"))
    for part in (left, other):
        part.write_text("half")
    os.utime(left, (time.time() - 7200,) * 2)
    back_up(str(path), target)
    assert names(tmp_path) == [".copy[1].db.11111111.part", "copy[1].db", "wire.db"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = used(tmp_path / "wire.db")
    with pytest.raises(Unwritable, match=r"the backup .*copy\.db cannot be written: No such file"):
        back_up(str(path), tmp_path / "missing" / "copy.db")


def test_upgrades_that_fail_again_and_again_do_not_fill_the_disk(tmp_path: Path) -> None:
    path = used(tmp_path / "wire.db")
    broken = later("9001_one")

    @broken(name="9002_broken")
    def _(db: object) -> None:
        raise StoreError("no")

    for _try in range(4):
        (tmp_path / ".wire.db.before-9001_one.2.bak.00000000.part").write_text("left by a killed one")
        with pytest.raises(StoreError, match="no"):
            SqliteStore(str(path), broken)
    assert names(tmp_path) == [
        "wire.db",
        "wire.db.before-9001_one.2.bak",
        "wire.db.before-9001_one.bak",
        "wire.db.lock",
    ]
    assert applied(tmp_path / "wire.db.before-9001_one.2.bak") == applied(path) == OURS
    assert marked(tmp_path / "wire.db.before-9001_one.bak")
