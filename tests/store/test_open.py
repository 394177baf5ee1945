"""Opening: where the database is, whose it is, how it is brought up to date."""

from __future__ import annotations

import copy
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.errors import BadInput, StoreError
from bot.model import NewFeed
from bot.store.open import open_store
from bot.store.schema import MIGRATIONS
from bot.store.sqlite import SqliteStore
from tests.contract.makers import NOW


def later(*names: str) -> Migrations:
    """The migrations of a program that is newer by these."""
    migrations = copy.deepcopy(MIGRATIONS)
    for name in names:

        @migrations(name=name)
        def _(db: Database, table: str = name) -> None:
            db.execute(f'CREATE TABLE "{table}" (x INTEGER)')

    return migrations


def used(path: Path) -> Path:
    """A database with a feed in it."""
    store = open_store(str(path))
    with store.write() as tx:
        tx.feeds.add([NewFeed("https://example.org/feed")], NOW)
    store.close()
    return path


OURS = [each.name for each in MIGRATIONS._migrations]


def applied(path: Path) -> list[str]:
    with Database(path) as db:
        return [each.name for each in MIGRATIONS.applied(db)]


@pytest.mark.parametrize("form", ["{path}", "sqlite:///{path}"])
def test_a_path_or_a_sqlite_url_names_a_file(tmp_path: Path, form: str) -> None:
    path = tmp_path / "robo wire.db"
    open_store(form.format(path=path)).close()
    assert path.is_file()


def test_a_relative_path_is_relative_to_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///one.db").close()
    open_store("two.db").close()
    assert (tmp_path / "one.db").is_file()
    assert (tmp_path / "two.db").is_file()


@pytest.mark.parametrize("url", [":memory:", "sqlite:///:memory:"])
def test_memory_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.chdir(tmp_path)
    open_store(url).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["postgres://u:secret@db/robowire", "mysql+x://db", "sqlite://robowire.db", "sqlite:///", ""]
)
def test_anything_else_is_refused_with_what_is_possible(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        open_store(url)
    assert "sqlite:///" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("dear diary, " * 1000)
    with pytest.raises(StoreError, match="not an SQLite database"):
        open_store(str(path))
    assert path.read_text() == "dear diary, " * 1000


def test_a_missing_folder_is_named_as_the_cause(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder"):
        open_store(str(tmp_path / "missing" / "robowire.db"))


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with Database(path) as db:
        db.execute("CREATE TABLE contacts (name TEXT)")
    with pytest.raises(StoreError, match=r"another program.*contacts"):
        open_store(str(path))
    with Database(path) as db:
        assert db.table_names() == ["contacts"]


def test_each_migration_is_applied_once(tmp_path: Path) -> None:
    path = used(tmp_path / "robowire.db")
    open_store(str(path)).close()
    assert applied(path) == OURS


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = used(tmp_path / "robowire.db")
    SqliteStore(str(path), later("9001_future")).close()
    with pytest.raises(StoreError, match=r"newer than this program.*9001_future"):
        open_store(str(path))


def test_a_database_in_use_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    path = used(tmp_path / "robowire.db")
    SqliteStore(str(path), later("9001_one", "9002_two")).close()
    assert applied(path) == [*OURS, "9001_one", "9002_two"]
    backup = tmp_path / "robowire.db.before-9001_one.bak"
    assert applied(backup) == OURS
    old = open_store(str(backup))
    with old.read() as tx:
        assert [feed.url for feed in tx.feeds.all()] == ["https://example.org/feed"]
    old.close()


def test_a_copy_from_an_earlier_try_is_kept(tmp_path: Path) -> None:
    path = used(tmp_path / "robowire.db")
    first = tmp_path / "robowire.db.before-9001_one.bak"
    first.write_text("precious")
    SqliteStore(str(path), later("9001_one")).close()
    assert first.read_text() == "precious"
    assert applied(tmp_path / "robowire.db.before-9001_one.2.bak") == OURS


def test_a_new_or_empty_database_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "robowire.db"
    open_store(str(path)).close()
    SqliteStore(str(path), later("9001_one")).close()
    assert [each.name for each in tmp_path.iterdir()] == ["robowire.db"]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = used(tmp_path / "robowire.db")
    migrations = later("9001_one")

    @migrations(name="9002_broken")
    def _(db: Database) -> None:
        db.execute("CREATE TABLE half (x INTEGER)")
        db.execute("SELECT * FROM nowhere")

    with pytest.raises(StoreError, match="nowhere"):
        SqliteStore(str(path), migrations)
    assert applied(path) == OURS
    with Database(path) as db:
        assert not {"9001_one", "half"} & set(db.table_names())


def test_commits_survive_a_power_cut(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "robowire.db"))
    with store.write() as tx:
        modes = [tx.session.row(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")]
    store.close()
    assert modes == [("wal",), (2,), (1,)]


def test_the_schema_holds_for_the_sqlite_of_python(tmp_path: Path) -> None:
    path = used(tmp_path / "robowire.db")
    plain = sqlite3.connect(path)
    assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    plain.close()
