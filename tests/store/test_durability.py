"""What happens when a process is killed, a disk is full, another program writes, or a copy is made meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.connect import Session, explain
from bot.store.open import open_store
from bot.store.sqlite import SqliteStore
from tests.contract.makers import NOW, alert, index, stored

ROOT = Path(__file__).resolve().parents[2]

WRITE_BATCHES = """
import sys
from bot.store.open import open_store
from tests.contract.makers import HERE, NOW, alert, index, stored

store, batch = open_store(sys.argv[1]), 0
while True:
    batch += 1
    with store.write() as tx:
        tx.items.add([stored(f"robot {batch} {number}") for number in range(200)])
        tx.outbox.add([alert(HERE, batch)] * 5, NOW)
        if batch == 4:
            tx.session.run("PRAGMA cache_spill = 1")
            tx.items.add([stored("robot " + "x" * 5000 + str(number)) for number in range(8000)])
            print("in the middle of batch 4", flush=True)
            sys.stdin.read()
        tx.settings.set("batch", str(batch))
"""


def integrity(path: Path) -> list[tuple[str]]:
    session = Session(str(path), writes=True)
    rows = session.rows("PRAGMA integrity_check")
    session.run("INSERT INTO found (found) VALUES ('integrity-check')")
    session.close()
    return rows


def test_a_killed_process_leaves_no_half_batch(tmp_path: Path) -> None:
    path = tmp_path / "robowire.db"
    command = [sys.executable, "-c", WRITE_BATCHES, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"in the middle of batch 4\n"
        # the cache has spilled: pages of the unfinished batch are in the files
        assert (tmp_path / "robowire.db-wal").stat().st_size > 10_000_000
        child.kill()
    store = open_store(str(path))
    with store.write() as tx:
        assert index(tx) == 600
    with store.read() as tx:
        assert tx.settings.get("batch") == "3"
        assert (tx.items.count(), len(tx.items.search(limit=10_000))) == (600, 600)
        assert len(tx.items.search("robot", limit=10_000)) == 600
        assert tx.outbox.waiting() == 15
        assert tx.outbox.told(range(10)) == {(1, alert().place), (2, alert().place), (3, alert().place)}
    store.close()
    assert integrity(path) == [("ok",)]


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "robowire.db"
    command = [sys.executable, "-c", WRITE_BATCHES, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.kill()
    store = open_store(str(path))
    with store.write() as tx:
        tx.items.add([stored("robot after")])
        index(tx, 1_000)
    with store.read() as tx:
        assert tx.items.search("after") == [stored("robot after")]
    store.close()


def test_a_backup_made_while_others_write_is_complete_and_of_one_moment(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "robowire.db"))
    stop, started = threading.Event(), threading.Event()

    def keep_writing() -> None:
        batch = 0
        while not stop.is_set():
            batch += 1
            with store.write() as tx:
                tx.items.add([stored(f"robot {batch} {number}") for number in range(50)])
                index(tx, 50)
                tx.settings.set("batch", str(batch))
            started.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    started.wait()
    try:
        for number in range(3):
            with store.read() as tx:
                before = int(tx.settings.get("batch") or "0")
            target = tmp_path / f"copy{number}.db"
            store.backup(target)
            copied = open_store(str(target))
            with copied.read() as tx:
                batches = int(tx.settings.get("batch") or "0")
                assert batches >= before > 0
                assert tx.items.count() == 50 * batches
                assert len(tx.items.search("robot", limit=1_000_000)) == 50 * batches
            copied.close()
            assert integrity(target) == [("ok",)]
    finally:
        stop.set()
        writer.join()
        store.close()


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "robowire.db"))
    target = tmp_path / "copies" / "copy.db"
    target.mkdir(parents=True)
    with pytest.raises(StoreError, match="exists already"):
        store.backup(target)
    store.close()
    assert list(target.parent.iterdir()) == [target]


def test_a_full_disk_is_told_and_undoes_the_whole_transaction(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "robowire.db"))
    with store.write() as tx:
        tx.settings.set("key", "old")
        tx.session.run("PRAGMA max_page_count = 1")  # no more pages than there are

    def fill() -> None:
        with store.write() as tx:
            tx.settings.set("key", "new")
            tx.items.add([stored("x" * 5000 + str(number)) for number in range(1000)])

    with pytest.raises(StoreError, match="disk is full"):
        fill()
    with store.read() as tx:
        assert (tx.settings.get("key"), tx.items.count()) == ("old", 0)
    store.close()


def test_an_error_of_the_database_that_is_caught_still_makes_the_transaction_void(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "robowire.db"))

    def carry_on() -> None:
        with store.write() as tx:
            tx.settings.set("key", "value")
            with pytest.raises(StoreError):
                tx.session.run("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StoreError, match="void"):
        carry_on()
    with store.write() as tx:
        assert tx.settings.get("key") is None
        tx.settings.set("key", "later")
    with store.read() as tx:
        assert tx.settings.get("key") == "later"
    store.close()


def test_a_database_that_another_program_holds_is_told(tmp_path: Path) -> None:
    path = str(tmp_path / "robowire.db")
    open_store(path).close()
    one, two = Session(path, writes=True), Session(path, writes=True)
    two.run("PRAGMA busy_timeout = 0")
    one.begin(writes=True)
    with pytest.raises(StoreError, match="another program"):
        two.begin(writes=True)
    one.rollback()
    two.begin(writes=True)
    two.rollback()
    one.close()
    two.close()


def test_read_then_write_transactions_of_two_processes_do_not_fail_each_other(tmp_path: Path) -> None:
    path = str(tmp_path / "robowire.db")
    stores = [open_store(path), open_store(path)]

    def count(number: int) -> None:
        for _ in range(25):
            with stores[number].write() as tx:
                tx.settings.set("count", str(int(tx.settings.get("count") or "0") + 1))

    threads = [threading.Thread(target=count, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stores[0].read() as tx:
        assert tx.settings.get("count") == "50"
    for store in stores:
        store.close()


def test_a_view_stays_at_its_moment_while_others_write(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "robowire.db"))
    inside, written = threading.Event(), threading.Event()

    def write() -> None:
        inside.wait()
        with store.write() as tx:
            tx.settings.set("key", "new")
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    with store.read() as tx:
        inside.set()
        assert written.wait(timeout=30)
        assert tx.settings.get("key") is None
    writer.join()
    with store.read() as tx:
        assert tx.settings.get("key") == "new"
    store.close()


def test_damage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "robowire.db"
    store = open_store(str(path))
    with store.write() as tx:
        tx.items.add([stored("robot " + "x" * 200 + str(number), fetched=NOW) for number in range(2000)])
    store.close()
    data = bytearray(path.read_bytes())
    data[8192 * 20 :] = b"\xff" * (len(data) - 8192 * 20)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        look_at_everything(path)


def look_at_everything(path: Path) -> None:
    store = open_store(str(path))
    try:
        with store.read() as tx:
            tx.items.search(limit=10_000)
    finally:
        store.close()


def test_an_unknown_error_is_told_as_it_is() -> None:
    assert str(explain(RuntimeError("no such thing"), "a.db")) == "database a.db: no such thing"
