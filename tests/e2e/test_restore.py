"""A backup of a bot at work, and a bot that goes on from it: nothing is told again, and all that is new is told once."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from bot.bench.kill import title_of
from bot.loopback import Loopback, Reply
from bot.model import TERMINAL
from bot.store.open import open_store
from tests.e2e.newsroom import Newsroom
from tests.e2e.program import nonces, run, started
from tests.e2e.test_run import follow, told, transcript
from tests.e2e.web import rss

FEEDS = 30


def test_a_restored_backup_tells_nothing_again_and_later_news_once(tmp_path: Path, web: Loopback) -> None:
    room = Newsroom(web, tmp_path / "bot")
    room.furnish("")
    folder = room.folder
    first, second, third = (
        "walking robot walks up a hill",
        "swimming robot swims in Porto",
        "climbing robot climbs a tower",
    )
    last = "singing robot sings a song"
    with started(folder, "run") as bot:
        bot.until(lambda: min(web.hits.get(path, 0) for path in ("/wire", "/ledger")) > 1)
        assert run(folder, "watch", "add", "robots", "robot").code == 0  # from the shell: the bot heeds it
        room.publish(first)
        bot.until(lambda: first in transcript(folder))
        assert run(folder, "backup", "old.db").code == 0
        room.publish(second)
        room.reprint(third)
        bot.until(lambda: second in transcript(folder) and third in transcript(folder))
        assert bot.stop() == 0
    before = transcript(folder)
    (folder / "old.db").replace(folder / "wire.db")
    assert not (folder / "wire.db-wal").exists()  # it ended well, so nothing of the later database is left
    with started(folder, "run", name="restored") as bot:
        bot.until(lambda: "restored from a backup made 20" in bot.err)
        hits = dict(web.hits)
        bot.until(lambda: min(web.hits[path] - hits[path] for path in ("/wire", "/ledger")) > 2)
        assert transcript(folder) == before
        found = [row["title"] for row in run(folder, "news", "robot", "--json").rows]
        assert {first, second, third} <= set(found)
        room.publish(last)
        bot.until(lambda: last in transcript(folder))
        assert bot.stop() == 0
        assert "Traceback" not in bot.err
    with started(folder, "run", "--once", name="again") as bot:
        assert bot.process.wait(30) == 0
        assert "restored" not in bot.err
    titles = [first, second, third, last]
    assert told(transcript(folder), titles) == Counter(titles)
    assert len(nonces(folder / "wire.transcript")) == 4


def presses(web: Loopback) -> None:
    """Feeds that have something new at every poll."""

    def reply(feed: int) -> Reply:
        numbers = count(1)

        def body() -> bytes:
            return rss(f"press-{feed}", [title_of(number, feed) for number in range(next(numbers), -1, -1)])

        return Reply(body, "application/xml")

    web.pages.update({f"/{feed}": reply(feed) for feed in range(FEEDS)})


def contents(path: Path) -> tuple[int, int]:
    """How many items and deliveries a copy has; what it has belongs together."""
    database = sqlite3.connect(path)

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return database.execute(sql).fetchall()

    assert rows("PRAGMA integrity_check") == [("ok",)]
    items = rows("SELECT link, story_id FROM items")
    assert rows("SELECT value FROM counters WHERE name = 'items'") == [(len(items),)]
    stories = {row[0] for row in rows("SELECT id FROM stories")}
    alerts = [json.loads(row[0])["items"] for row in rows("SELECT alert FROM outbox WHERE edits IS NULL")]
    told_of = [(item["link"], item["story_id"]) for items_ in alerts for item in items_]
    assert set(told_of) <= set(items)
    assert {story for _, story in told_of} <= stories
    assert set(rows("SELECT DISTINCT story_id FROM told")) == {(story,) for _, story in told_of}
    seen, feeds = rows("SELECT count(*) FROM seen")[0][0], rows("SELECT count(*) FROM feeds WHERE baselined")[0][0]
    assert int(seen) >= len(items) >= int(feeds)
    database.close()
    return len(items), len(told_of)


def now_in(folder: Path) -> tuple[int, int]:
    """How many items and alerts the bot has by now."""
    with closing(open_store(str(folder / "wire.db"))) as store, store.read() as tx:
        return tx.items.count(), len(tx.outbox.recent(TERMINAL, 1_000_000))


def test_backups_of_a_bot_at_work_are_sound_and_each_of_one_moment(folder: Path, web: Loopback) -> None:
    presses(web)
    follow(folder, [web.url(f"/{number}") for number in range(FEEDS)], "robot")
    config = (folder / "config.toml").read_text(encoding="utf-8")
    always = '[poll]\nevery = "1s"\nshortest = "1s"\nlongest = "1s"\njitter = 0.0\n'
    (folder / "config.toml").write_text(config + always, encoding="utf-8")
    with started(folder, "run") as bot:
        bot.until(lambda: transcript(folder))
        sizes = []
        for name in ("one.db", "two.db"):
            assert run(folder, "backup", name).code == 0
            sizes.append(contents(folder / name))
            bot.until(lambda: all(now > then for now, then in zip(now_in(folder), sizes[-1], strict=True)))
        again = run(folder, "backup", "two.db")
        assert (again.code, "two.db exists already: name a new file" in again.err) == (1, True)
        assert bot.stop() == 0
        assert "ERROR" not in bot.err
    assert FEEDS < sizes[0][0] < sizes[1][0]
    assert 0 < sizes[0][1] < sizes[1][1]
    assert (folder / "one.db").stat().st_mode & 0o777 == 0o600
