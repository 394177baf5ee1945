"""Told to stop, the bot takes no more work, finishes what it has begun, and ends well: at any time, also for the impatient."""

from __future__ import annotations

import asyncio
import signal
from functools import partial
from pathlib import Path

import pytest

from bot.loopback import Loopback
from tests.e2e.program import Bot, run, started, stored
from tests.e2e.test_run import follow, once
from tests.e2e.test_slack import opened
from tests.e2e.web import page, rss
from tests.fakes.slack_server import slow

OUTER = 10.0
"""Seconds in which a bot that was told to stop has ended, whatever it waits for."""


def locked(folder: Path, bot: Bot) -> bool:
    lock = folder / "wire.db.lock"
    return lock.exists() and lock.read_text().startswith(f"{bot.process.pid} on ")


@pytest.mark.parametrize(("words", "number"), [(("run",), signal.SIGTERM), (("run", "--once"), signal.SIGINT)])
def test_a_poll_in_flight_is_finished_and_stored(
    folder: Path, web: Loopback, words: tuple[str, ...], number: signal.Signals
) -> None:
    web.pages["/a"] = page(rss("a", ["robot zero"]), delay=1.5)
    follow(folder, [web.url("/a")], "robot")
    with started(folder, *words) as bot:
        bot.until(lambda: web.hits.get("/a"))
        bot.process.send_signal(number)
        bot.process.send_signal(signal.SIGTERM)  # impatience
        assert bot.process.wait(OUTER) == 0, bot.err
        assert "stopping: polls and posts in flight are finished first" in bot.err
        assert "Traceback" not in bot.err
    assert run(folder, "status", "--json").rows[0]["items"] == 1


def listens(bot: Bot) -> bool:
    """Whether it has been told what to do at SIGTERM. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html"""
    status = Path(f"/proc/{bot.process.pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")
def test_a_bot_that_is_told_to_stop_while_it_starts_ends_well(folder: Path, web: Loopback) -> None:
    web.pages["/a"] = page(rss("a", ["robot zero"]))
    follow(folder, [web.url("/a")], "robot")
    for words, far in ((("run",), listens), (("run", "--once"), partial(locked, folder))):
        with started(folder, *words) as bot:
            bot.until(partial(far, bot))
            bot.process.send_signal(signal.SIGTERM)
            assert bot.process.wait(OUTER) == 0, bot.err
            assert "Traceback" not in bot.err
    once(folder)
    assert stored(folder / "wire.db") == {1: ["robot zero"]}


async def ended(bot: Bot) -> None:
    """Tell it to stop, more than once."""
    for _ in range(3):
        bot.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.05)
    assert await asyncio.to_thread(bot.process.wait, OUTER) == 0, bot.err
    assert "Traceback" not in bot.err


async def test_a_slow_post_is_finished_and_what_never_answers_is_done_once_by_the_next_life(tmp_path: Path) -> None:
    titles = ["walking robot walks up a hill in Porto", "swimming robot swims", "climbing robot climbs"]
    async with opened(tmp_path) as office:
        slack = office.slack
        scopes = set(slack.world.scopes)
        slack.world.scopes -= {
            scope for scope in scopes if scope.endswith(":history")
        }  # no second look at what stands there
        async with office.bot() as bot:
            await slack.command("/wire watch add robots robot")
            slack.trouble("chat.postMessage", slow(1, "C1"))
            office.publish(titles[0])
            await slack.wait_for(lambda: office.headlines("C1"), "the post that is answered late")
            await ended(bot)
        async with office.bot() as bot:
            slack.trouble("chat.postMessage", slow(60, "C1"))
            office.publish(titles[1])
            await slack.wait_for(lambda: len(office.headlines("C1")) > 1, "the post that is never answered")
            office.web.pages["/ledger"] = page(rss("ledger", [titles[2]]), delay=60)
            hits = office.web.hits["/ledger"]
            await office.until(lambda: office.web.hits["/ledger"] > hits)
            await ended(bot)
        slack.world.scopes |= scopes
        office.reprint(titles[2])
        async with office.bot() as bot:
            await slack.wait_for(lambda: titles[2] in office.headlines("C1"), "what the feed had")
            await ended(bot)
        assert office.headlines("C1") == titles
        assert slack.faults == []
