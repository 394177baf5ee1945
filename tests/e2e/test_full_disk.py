"""A disk that is full for a while: the bot waits, says so once, still answers, and afterwards has lost and doubled nothing.

The disk is made full by a limit on the size of files: what the process writes beyond it fails, as on a full disk.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.loopback import Loopback
from tests.e2e.newsroom import Newsroom
from tests.e2e.program import Bot, nonces, run, shell, started
from tests.e2e.test_run import once, told, transcript

if sys.platform != "linux":
    pytest.skip("limits of a running process are Linux's", allow_module_level=True)
import resource

SOON = (
    "-c",
    "import sys; from datetime import timedelta; import bot.flow.outage; "
    "bot.flow.outage.SHORTEST = timedelta(seconds=1); bot.flow.outage.LONGEST = timedelta(seconds=1); "
    "import bot.__main__; bot.__main__.main()",
)
"""The program, with less patience."""
ROOM = 20_480
"""Bytes that a file may have while the disk is full: enough for the log and the transcript, not for the database."""


def limit(bot: Bot, size: int = resource.RLIM_INFINITY) -> None:
    """Let no file that the bot writes grow beyond this size, or any size again."""
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.fixture
def room(tmp_path: Path, web: Loopback) -> Newsroom:
    """Two outlets that are polled every second, with a baseline; `robots` is watched in the terminal."""
    made = Newsroom(web, tmp_path / "bot")
    made.furnish("")
    assert run(made.folder, "watch", "add", "robots", "robot").code == 0
    once(made.folder)
    return made


def polls(room: Newsroom) -> int:
    return sum(room.web.hits.values())


def sound(folder: Path) -> bool:
    database = sqlite3.connect(folder / "wire.db")
    rows = database.execute("PRAGMA integrity_check").fetchall()
    database.close()
    return bool(rows == [("ok",)])


def test_a_bot_whose_disk_is_full_waits_answers_and_goes_on(room: Newsroom) -> None:
    before, between, after = (
        "walking robot walks up a hill",
        "swimming robot swims in Porto",
        "singing robot sings a song",
    )
    with started(room.folder, "run", stdin=subprocess.PIPE, program=SOON) as bot:
        room.publish(before)
        bot.until(lambda: before in transcript(room.folder))
        bot.say("news walks")
        bot.until(lambda: bot.out.count(before) > 1)
        limit(bot, ROOM)
        room.publish(between)
        bot.until(lambda: "Polling and posting pause" in bot.err)
        asked = polls(room)
        bot.say("watch add machines machine")
        bot.until(lambda: "the disk gave an error" in " ".join(bot.out.split()))
        bot.say("news walks")
        bot.until(lambda: bot.out.count(before) > 2)
        assert polls(room) <= asked + 2  # those that were in flight
        assert (between in transcript(room.folder), bot.err.count("Polling and posting pause")) == (False, 1)
        limit(bot)
        bot.until(lambda: between in transcript(room.folder))
        room.publish(after)
        bot.until(lambda: after in transcript(room.folder))
        assert bot.stop() == 0
        assert "Traceback" not in bot.err
        assert (bot.err.count("Polling and posting pause"), bot.err.count("polling and posting go on")) == (1, 1)
    once(room.folder)
    titles = [before, between, after]
    assert told(transcript(room.folder), titles) == Counter(titles)
    assert len(nonces(room.folder / "wire.transcript")) == 3
    assert [row["name"] for row in run(room.folder, "watch", "list", "--json").rows] == ["robots"]
    assert sound(room.folder)


def test_one_round_on_a_full_disk_fails_clearly_and_a_start_waits_for_room(room: Newsroom) -> None:
    title = "walking robot walks up a hill"
    room.publish(title)
    said = shell(room.folder, 'ulimit -S -f 20; "$@"', "run", "--once")
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines()[-1].startswith("robowire: database wire.db: the disk gave an error")
    assert "Traceback" not in said.err
    copied = shell(room.folder, 'ulimit -S -f 40; "$@"', "backup", "copy.db")
    assert (copied.code, "the backup copy.db cannot be" in copied.err) == (1, True)
    with started(room.folder, "run", program=SOON) as bot:
        limit(bot, ROOM)
        bot.until(lambda: "Next try in 1 s" in bot.err)
        limit(bot)
        bot.until(lambda: title in transcript(room.folder))
        assert bot.stop() == 0
    assert told(transcript(room.folder), [title]) == {title: 1}
    assert not list(room.folder.glob("*copy.db*"))
    assert sound(room.folder)
