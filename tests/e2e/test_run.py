"""`run` and `run --once`: from feeds on a real web to alerts, over many polls and processes."""

from __future__ import annotations

import asyncio
import gzip
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.feeds.parse import parse
from bot.feeds.workers import Workers
from bot.loopback import Loopback, Reply
from bot.model import Page
from tests.e2e.conftest import config
from tests.e2e.program import Ran, feeds, nonces, run, started, stored, together
from tests.e2e.web import BEGAN, Make, atom, json_feed, page, rdf, rss

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "feeds"

FORMATS: dict[str, tuple[Make, str]] = {
    "rss": (rss, "application/rss+xml"),
    "atom": (atom, "application/atom+xml"),
    "rdf": (rdf, "application/rdf+xml"),
    "json": (json_feed, "application/feed+json"),
}
WAIT = 7200


@dataclass
class Press:
    """A dozen addresses: feeds of every format, and all that servers answer instead of one."""

    web: Loopback
    titles: dict[str, list[str]] = field(default_factory=dict)

    def publish(self, *numbers: int) -> list[str]:
        """Put new entries before what every good feed has; answers all new titles."""
        new = []
        for name in (*FORMATS, "zh", "packed", "bare", "moved"):
            mine = [f"{name} robot {number} walks" for number in numbers]
            if name == "zh":
                mine = [f"人形机器人{number}号进厂打工" for number in numbers]
            self.titles[name] = [*mine, *self.titles.get(name, [])]
            new += mine
        self._print()
        return new

    @property
    def all(self) -> list[str]:
        """Every title there was."""
        return [title for mine in self.titles.values() for title in mine]

    def _print(self) -> None:
        pages = self.web.pages
        for name, (make, content_type) in FORMATS.items():
            pages[f"/{name}"] = page(make(name, self.titles[name]), content_type)
        pages["/zh"] = page(rss("zh", self.titles["zh"], "gb18030"), "text/xml")
        packed = gzip.compress(rss("packed", self.titles["packed"]), mtime=0)
        etag = f'"{len(self.titles["packed"])}"'
        pages["/packed"] = Reply(packed, "text/xml", etag=etag, headers={"Content-Encoding": "gzip"})
        pages["/bare"] = Reply(rss("bare", self.titles["bare"]), "text/xml")
        pages["/old"] = Reply(status=301, headers={"Location": "/moved"})
        pages["/moved"] = page(atom("moved", self.titles["moved"]))
        pages["/gone"] = Reply(status=410)
        pages["/busy"] = Reply(status=429, headers={"Retry-After": str(WAIT)})
        pages["/login"] = Reply(b"<!DOCTYPE html><html><body>Log in, please.</body></html>", "text/html")

    def addresses(self) -> list[str]:
        """What is polled; /nowhere is a 404."""
        names = [*FORMATS, "zh", "packed", "bare", "old", "gone", "busy", "login", "nowhere"]
        return [self.web.url(f"/{name}") for name in names]


def follow(folder: Path, addresses: list[str], query: str, per_poll: int = 100) -> None:
    """Begin with these feeds, by an OPML file as people have it, and with one watchlist, called robots."""
    outlines = "".join(f'<outline type="rss" text="feed" xmlUrl="{address}"/>' for address in addresses)
    opml = f'<opml version="2.0"><head/><body>{outlines}</body></opml>'
    (folder / "feeds.opml").write_text(opml, encoding="utf-8")
    (folder / "lists.toml").write_text(f"[[watchlist]]\nname = 'robots'\nquery = '{query}'\n", encoding="utf-8")
    wanted = config(feeds="feeds.opml", watchlists="lists.toml").replace("per_poll = 100", f"per_poll = {per_poll}")
    (folder / "config.toml").write_text(wanted, encoding="utf-8")


def once(folder: Path) -> Ran:
    ran = run(folder, "run", "--once")
    assert ran.code == 0, ran.err
    return ran


def told(text: str, titles: list[str]) -> Counter[str]:
    """How often each of these titles is the headline of a card in a text."""
    return Counter(line[2:] for line in text.splitlines() if line[2:] in titles and not line.startswith("  "))


def answers(web: Loopback, before: dict[int, int]) -> dict[int, int]:
    """The statuses that the server answered since."""
    return {
        status: count - before.get(status, 0) for status, count in web.statuses.items() if count > before.get(status, 0)
    }


def transcript(folder: Path) -> str:
    path = folder / "wire.transcript"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_a_dozen_feeds_are_stored_polled_politely_and_told_once(folder: Path, web: Loopback) -> None:
    press = Press(web)
    press.publish(1, 2, 3)
    follow(folder, press.addresses(), "robot OR 机器人")

    first = once(folder)
    assert told(first.out, press.all) == {}
    assert "/gone: HTTP 410" in first.err
    states = {row["url"].rpartition("/")[2]: row for row in feeds(folder)}
    good = [*FORMATS, "zh", "packed", "bare", "moved"]
    assert {name: states[name]["state"] for name in good} == dict.fromkeys(good, "active")
    assert {name: states[name]["state"] for name in ("gone", "busy", "login", "nowhere")} == {
        "gone": "gone",
        "busy": "failing",
        "login": "failing",
        "nowhere": "failing",
    }
    assert datetime.fromisoformat(states["busy"]["due"]) >= BEGAN + timedelta(seconds=WAIT)
    by_feed = {states[name]["id"]: sorted(press.titles[name]) for name in good}
    assert {feed: sorted(titles) for feed, titles in stored(folder / "wire.db").items()} == by_feed

    before, hits = dict(web.statuses), dict(web.hits)
    second = once(folder)
    assert answers(web, before) == {304: len(good) - 1, 200: 1}  # /bare has no validators
    polled = {target for target, count in web.hits.items() if count > hits.get(target, 0)}
    assert polled == {f"/{name}" for name in good}  # /old is forgotten, the failed ones are left in peace
    assert told(second.out, press.all) == {}
    assert len(nonces(folder / "wire.transcript")) == 1  # that one feed is gone
    assert "/gone) no more: HTTP 410" in transcript(folder)

    new = press.publish(4, 5)
    third = once(folder)
    assert told(third.out, press.all) == dict.fromkeys(new, 1)
    assert told(transcript(folder), press.all) == dict.fromkeys(new, 1)
    assert len(set(nonces(folder / "wire.transcript"))) == len(new) + 1
    assert run(folder, "status", "--json").rows[0]["items"] == len(press.all)

    fourth = once(folder)
    assert told(fourth.out, press.all) == {}
    assert told(transcript(folder), press.all) == dict.fromkeys(new, 1)


def test_more_news_than_a_place_bears_become_one_summary_that_counts(folder: Path, web: Loopback) -> None:
    web.pages["/a"] = page(rss("a", ["robot zero"]))
    follow(folder, [web.url("/a")], "robot", per_poll=3)
    once(folder)
    titles = [f"robot number {number}" for number in range(8, 0, -1)]
    web.pages["/a"] = page(rss("a", [*titles, "robot zero"]))
    said = once(folder).out
    assert told(said, titles) == dict.fromkeys(titles, 1)  # the summary names up to five
    assert "5 more stories from feed for robots" in said
    assert len(nonces(folder / "wire.transcript")) == 4


def test_nobody_reading_the_output_costs_no_poll_and_no_alert(folder: Path, web: Loopback) -> None:
    names = [f"f{number}" for number in range(20)]
    for name in names:
        web.pages[f"/{name}"] = page(rss(name, ["robot zero of " + name]))
    follow(folder, [web.url(f"/{name}") for name in names], "robot")
    once(folder)
    new = [f"robot one of {name}" for name in names]
    for name, title in zip(names, new, strict=True):
        web.pages[f"/{name}"] = page(rss(name, [title, "robot zero of " + name]))
    with started(folder, "run", "--once", before=">/dev/full") as bot:
        assert bot.process.wait(30) == 0, bot.err
        assert "Traceback" not in bot.err
    assert told(transcript(folder), new) == dict.fromkeys(new, 1)


# -- with the documents of ../shared ------------------------------------------------------------------------------------


async def parsed(documents: list[Path], web: Loopback) -> dict[str, Any]:
    """What `parse` gives for each document at its address."""
    workers = Workers(2)
    try:
        return {
            path.stem: await workers.parse(
                Page(web.url(f"/{path.stem}"), 200, datetime.now(UTC), path.read_bytes()), web.url(f"/{path.stem}")
            )
            for path in documents
        }
    finally:
        await workers.close()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real feed documents (../shared/data/feeds) are not here")
def test_real_documents_are_stored_whole_and_then_silent(folder: Path, web: Loopback) -> None:
    documents = [path for path in sorted(SHARED.glob("*.xml")) if not parse(path.read_bytes()).cut]
    assert len(documents) > 40
    for path in documents:
        web.pages[f"/{path.stem}"] = page(path.read_bytes())
    follow(folder, [web.url(f"/{path.stem}") for path in documents], "*")

    once(folder)
    found, states = stored(folder / "wire.db"), {row["url"].rpartition("/")[2]: row for row in feeds(folder)}
    assert {name: row["error"] for name, row in states.items() if row["error"]} == {}
    for name, document in asyncio.run(parsed(documents, web)).items():
        mine = found.get(states[name]["id"], [])
        # An entry may stand in its document twice (same guid, or same link and title): it is one item.
        guids, pairs = {item.guid_key for item in document.items}, {item.pair_key for item in document.items}
        assert set(mine) == {item.title for item in document.items}, name
        assert min(len(guids), len(pairs)) <= len(mine) <= len(document.items), name

    before = dict(web.statuses)
    silent = once(folder)
    assert answers(web, before) == {304: len(documents)}
    assert (silent.out.count("⌁"), transcript(folder)) == (0, "")
    assert run(folder, "status", "--json").rows[0]["items"] == sum(map(len, found.values()))


# -- the bot that goes on --------------------------------------------------------------------------------------------


def test_a_running_bot_polls_a_feed_that_another_process_adds(folder: Path, web: Loopback) -> None:
    web.pages["/late"] = page(atom("late", ["robot one", "robot two"]))
    with started(folder, "run", before="<&-") as bot:  # no input at all: it must not end for that
        bot.until((folder / "wire.db.lock").exists)
        bot.until(lambda: (folder / "wire.db.lock").read_text().startswith(f"{bot.process.pid} on "))
        assert run(folder, "feed", "add", web.url("/late")).code == 0
        bot.until(lambda: web.hits["/late"] > 1)  # the first look is the command's own
        bot.until(lambda: run(folder, "status", "--json").rows[0]["items"] == 2)
        assert bot.stop() == 0
        assert "Traceback" not in bot.err


def test_a_second_bot_on_the_same_database_ends_and_names_the_first(folder: Path) -> None:
    with started(folder, "run", stdin=subprocess.DEVNULL) as bot:
        bot.until(lambda: (folder / "wire.db.lock").exists() and (folder / "wire.db.lock").read_text())
        for second in together(lambda: run(folder, "run"), lambda: run(folder, "run", "--once")):
            assert (second.code, second.out) == (1, "")
            assert re.search(rf"\b{bot.process.pid}\b", second.err)
        assert run(folder, "status").code == 0
        assert bot.stop() == 0
    assert once(folder).out == ""


def test_commands_in_a_pipe_are_answered_and_its_end_ends_nothing(folder: Path, web: Loopback) -> None:
    web.pages["/a"] = page(rss("a", ["robot one"]))
    with started(folder, "run", stdin=subprocess.PIPE) as bot:
        bot.say("/wire watch add 机器 机器人 -扫地")
        bot.until(lambda: "Watching `机器`" in bot.out)
        bot.say("watch lits")
        bot.until(lambda: "Did you mean `watch list`?" in " ".join(bot.out.split()))
        assert bot.process.stdin
        bot.process.stdin.close()
        assert run(folder, "feed", "add", web.url("/a")).code == 0
        bot.until(
            lambda: web.hits["/a"] > 1
        )  # the first look is the command's own; the bot may have had its own by now
        assert bot.stop() == 0
    assert [row["query"] for row in run(folder, "watch", "list", "--json").rows] == ["机器人 -扫地"]
