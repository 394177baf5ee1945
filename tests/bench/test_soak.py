"""The soak finds nothing wrong with the bot, and would: what a chat swallows is lost, what it says twice is a duplicate."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.bench import lives
from bot.bench.faulty import Dice, Fate, Killed, Platform, hidden
from bot.bench.lives import WISHES, Task, Wish, usual_platforms
from bot.bench.newsroom import RARE, RARE_EVENTS, SUBJECTS, SUBJECTS_ZH, document, newsroom
from bot.bench.run import NAMES
from bot.bench.simulated import AtOnce, SimulatedClock, run
from bot.bench.soak import Outcome, rows, simulate
from bot.classify.knowledge.seeds import Knowledge
from bot.feeds.parse import parse
from bot.message import Message, Text
from bot.model import MessageRef, Place

START = datetime(2026, 3, 1, tzinfo=UTC)
CALM = Task(feeds=2, hours=1, rest=2, share=0.0)
WORDS = " OR ".join((*SUBJECTS, *SUBJECTS_ZH))
EVERYTHING = Wish(Place("slack:T0/C1"), "all", WORDS, (*SUBJECTS, *SUBJECTS_ZH))
PLAIN = [replace(one, query=WORDS) if "topic:" in one.query else one for one in WISHES]
"""Watchlists for which no topics need be known."""


class Swallowing(Platform):
    """Says that it shows a message, once, and does not."""

    swallowed = ""

    def show(self, place: Place, message: Message, nonce: str, thread: MessageRef | None) -> str:
        number = super().show(place, message, nonce, thread)
        if not self.swallowed:
            self.swallowed = number
            self.shown[number].told, self.shown[number].links = (), set()
        return number


class Stuttering(Platform):
    """Shows its first message twice."""

    def show(self, place: Place, message: Message, nonce: str, thread: MessageRef | None) -> str:
        if not self.shown:
            super().show(place, message, nonce, thread)
        return super().show(place, message, nonce, thread)


def soaked(tmp_path: Path, task: Task, slack: type[Platform] = Platform) -> Outcome:
    wishes = [EVERYTHING] if task is CALM else PLAIN
    return simulate(
        task,
        tmp_path / "soak.db",
        Knowledge(),
        wishes,
        lambda dice: usual_platforms(dice) | {"slack": slack(dice, searches=True)},
    )


def test_with_all_faults_nothing_is_lost_nothing_told_twice_and_no_poll_is_missed(tmp_path: Path) -> None:
    outcome = soaked(tmp_path, Task(feeds=8, hours=2, rest=10, share=0.03))
    assert (outcome.lost, outcome.duplicates, outcome.missed, outcome.surprises) == ([], [], [], [])
    assert outcome.owed >= 10
    assert outcome.messages >= outcome.owed
    assert outcome.strays == []
    assert outcome.deaths > 0
    assert outcome.faults["write failed"] > 3
    assert len(outcome.faults) > 12
    assert len(outcome.memory) == 2


def test_the_same_seed_is_the_same_run(tmp_path: Path) -> None:
    task = Task(feeds=2, hours=1, rest=1, share=0.05)
    outcomes = []
    for name in "ab":
        (tmp_path / name).mkdir()
        outcomes.append(replace(soaked(tmp_path / name, task), memory=[]))
    assert outcomes[0] == outcomes[1]


def test_a_message_that_a_chat_swallows_is_lost(tmp_path: Path) -> None:
    outcome = soaked(tmp_path, CALM, Swallowing)
    assert len(outcome.lost) == 1
    assert outcome.lost[0].startswith("slack:T0/C1 was never told of https://")
    assert outcome.duplicates == []


def test_a_message_that_a_chat_shows_twice_is_a_duplicate(tmp_path: Path) -> None:
    outcome = soaked(tmp_path, CALM, Stuttering)
    assert len(outcome.duplicates) == 1
    assert outcome.duplicates[0].startswith("slack:T0/C1 was told of https://")
    assert (outcome.lost, outcome.repeated) == ([], 0)


def test_a_bot_that_sleeps_misses_polls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "_TICK", 900.0)
    monkeypatch.setattr(lives, "_LONGEST_TICK", 900.0)
    outcome = soaked(tmp_path, CALM)
    assert len(outcome.missed) > 1
    assert " was due at 2026-03-01 " in outcome.missed[0]


def test_simulated_sleep_takes_as_long_as_it_says_and_no_time() -> None:
    async def sleep() -> tuple[float, datetime]:
        clock = SimulatedClock(START)
        clock.jump(60)
        await asyncio.gather(clock.sleep(3600), clock.sleep(86_400))
        assert await asyncio.get_running_loop().run_in_executor(AtOnce(), lambda: "done") == "done"
        return asyncio.get_running_loop().time(), clock.now()

    assert run(sleep()) == (86_400.0, START + timedelta(days=1, minutes=1))


def test_a_simulation_in_which_nothing_can_happen_any_more_says_so() -> None:
    async def wait() -> None:
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="stands still"):
        run(wait())


def test_a_fault_strikes_its_share_and_not_in_quiet_times() -> None:
    dice = Dice(1, 0.01)
    struck = sum(dice.strikes("a") for _ in range(20_000))
    assert 150 < struck == dice.counts["a"] < 250
    dice.quiet = True
    assert not any(dice.strikes("a") for _ in range(2_000))
    assert dice.chances["a"] == 20_000


async def test_a_process_dies_at_the_planned_step_and_does_nothing_after() -> None:
    fate = Fate()
    fate.plan("post: asked", fate.die)
    fate.step("fetch: asked")
    for step in ("post: asked", "fetch: asked"):
        with pytest.raises(Killed):
            fate.step(step)


def test_who_publishes_says_plainly_what_it_is_about() -> None:
    outlets = newsroom(40, START, 24)
    reports = [one for outlet in outlets for one in outlet.reports]
    words = {subject: (subject,) for subject in (*SUBJECTS, *SUBJECTS_ZH)}
    for one in reports:
        text = f"{one.title} {one.summary}".lower()
        named = {subject for subject, known in words.items() if any(word in text for word in known)}
        assert named == ({one.event.subject} if one.event.subject else set()), one
    news = [one for one in reports if one.at >= START]
    assert all(one.at < START + timedelta(days=1) for one in news)
    assert 100 < len(news) < 400
    assert len({one.event.number for one in news if one.event.subject == RARE}) <= RARE_EVENTS
    assert max(Counter(one.event.number for one in news).values()) > 1
    assert newsroom(40, START, 24) == outlets


def test_documents_are_feeds_with_what_was_published_by_then() -> None:
    for outlet in newsroom(4, START, 24):
        count, shown = outlet.shown(START)
        assert count == len([one for one in outlet.reports if one.at <= START])
        read = parse(document(outlet, shown))
        assert [entry.link for entry in read.entries] == [one.url for one in reversed(shown)]
        assert read.title == outlet.name


def test_stories_that_are_only_counted_are_counted() -> None:
    assert hidden(Message("", (Text("… and 1,204 others; `news` lists them."), Text("… and 3 more.")))) == 1207
    assert hidden(Message("", (Text("and 3 others"),))) == 0


GOOD = Outcome(
    fetches=9, unmodified=5, items=700, news=500, messages=3, edits=2, threads=1, deaths=1, faults={"empty": 1},
    chances={"empty": 100, "death": 60}, owed=3, strays=[], old=0, repeated=1, unsure=2, hidden=0, lost=[], duplicates=[],
    missed=[], surprises=[], memory=[100 << 20] * 24,
)  # fmt: skip


def test_rows_say_what_was_promised_and_what_came_of_it() -> None:
    assert "soak" in NAMES
    task = Task()
    told = {row["case"]: row for row in rows(task, GOOD)}
    assert all(
        list(row) == ["bench", "case", "n", "ours", "unit", "peer", "theirs", "ratio"] and row["n"] == 500
        for row in told.values()
    )
    assert [told[case]["ratio"] for case in ("lost alerts", "duplicate alerts", "missed polls")] == [1.0, 1.0, 1.0]
    assert told["repeated where nobody can look"]["ratio"] == 2.0
    assert (told["fault: empty"]["ours"], told["fault: empty"]["unit"]) == (1, "of 100")
    assert told["fault: death"]["ours"] == 0
    assert told["memory slope"]["ours"] == 0.0
    bad = replace(GOOD, lost=["one"], missed=["two", "three"], memory=[(100 + n) << 20 for n in range(24)])
    told = {row["case"]: row for row in rows(task, bad)}
    assert (told["lost alerts"]["ours"], told["lost alerts"]["ratio"]) == (1, 0.0)
    assert (told["missed polls"]["ours"], told["missed polls"]["ratio"]) == (2, 0.0)
    assert told["memory slope"]["ours"] == pytest.approx(24.0)
    assert told["memory slope"]["ratio"] < 1
    assert json.loads(json.dumps(asdict(bad)))["lost"] == ["one"]
