"""The benchmark of kills counts what it says, over a small Slack that keeps what it is told; its lives are e2e tests."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bench.kill import CHANNELS, FEEDS, Den, Left, Press, Tale, channel_of, furnish, rows, title_of
from bot.bench.run import NAMES
from bot.bench.workspace import TEAM, Workspace
from bot.chat.slack_app import SlackChat
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.feeds.normalise import normalise
from bot.feeds.parse import parse
from bot.loopback import Loopback, Reply
from bot.message import say
from bot.model import TERMINAL, Place
from bot.store.open import open_store
from tests.chat.slack_bot import World

C0 = Place(f"slack:{TEAM}/C0")


def figures(tale: Tale) -> dict[str, float]:
    return {row["case"]: row["ours"] for row in rows(tale)}


def test_it_is_a_benchmark_and_its_rows_are_like_all_others() -> None:
    assert "kill" in NAMES
    tale = Tale(left=[Left(1, 0, 0, None)], ages=[1.0])
    assert all({*row} == {"bench", "case", "n", "ours", "unit", "peer", "theirs", "ratio"} for row in rows(tale))


def test_what_was_lost_and_said_twice_is_counted_place_by_place() -> None:
    tale = Tale(ages=[1.0])
    tale.due = {TERMINAL: ["a", "b", "c"], C0: ["a", "b"]}
    tale.said = {TERMINAL: ["a", "a", "c"], C0: ["b", "a", "a", "a"]}
    found = figures(tale)
    assert (found["alerts due"], found["alerts lost"]) == (5, 1)
    assert (found["alerts said twice in the terminal"], found["alerts said twice in Slack"]) == (1, 2)
    broken = {row["case"]: row["ratio"] for row in rows(tale) if row["peer"] == "promise"}
    assert [case for case, ratio in broken.items() if not ratio] == [
        "alerts lost",
        "alerts said twice in the terminal",
        "alerts said twice in Slack",
    ]


def test_what_the_killed_left_is_counted_by_lives() -> None:
    tale = Tale(left=[Left(3, 0, 0, True), Left(0, 1, 2, False), Left(0, 0, 0, None)], ages=[1.0, 2.0, 3.0])
    tale.last = Left(0, 0, 0, True)
    found = figures(tale)
    assert (found["killed"], found["age at death, median"]) == (3, 2.0)
    assert (found["killed with polls open"], found["killed with deliveries claimed"]) == (1, 1)
    assert found["killed with something said and not recorded"] == 1
    assert (found["databases looked through"], found["databases that are not whole"]) == (3, 1)


def test_every_entry_is_told_at_the_terminal_and_in_one_channel(tmp_path: Path) -> None:
    press = Press(Loopback(), random.Random(1))
    due = [*press.publish(range(FEEDS)), *press.publish(range(FEEDS))]
    furnish(tmp_path, "http://127.0.0.1:9/api/", press.web)
    store = open_store(str(tmp_path / "wire.db"))
    with store.read() as tx:
        matcher = Matcher(Knowledge(), tx.watches.all())
        assert len(tx.feeds.all()) == FEEDS
    store.close()
    told = []
    for feed in range(FEEDS):
        page = press.web.pages[f"/{feed}"]
        assert isinstance(page, Reply)
        assert isinstance(page.body, bytes)
        where = press.web.url(f"/{feed}")
        for item in normalise(parse(page.body, page.content_type), where, where, datetime.now(UTC)).items:
            _, matches = matcher.read(item)
            told += [(match.watchlist.place, item.title) for match in matches]
    assert sorted(told) == sorted(due)
    assert len({title for _, title in due}) == 2 * FEEDS
    assert len({channel_of(feed) for feed in range(FEEDS)}) == len(CHANNELS)


def test_titles_are_unlike() -> None:
    words = [{*title_of(number, feed).split()[1:]} for number in range(60) for feed in range(FEEDS)]
    assert all(len(one & other) <= 1 for at, one in enumerate(words) for other in words[:at])


def test_what_was_said_is_read_from_the_transcript_and_from_slack(tmp_path: Path) -> None:
    slack = Workspace(random.Random(1))
    slack.here["C0"] = [{"text": "robot a · press 1", "metadata": {"event_payload": {"nonce": "n-1"}}}] * 2
    (tmp_path / "wire.transcript").write_text("\n🤖 robot a\n  press 1\n  ⌁ n-2\n\n🤖 robot b\n  ⌁ n-3\n", "utf-8")
    den = Den(tmp_path, slack)
    assert den.said({"robot a", "robot b"}) == {TERMINAL: ["robot a", "robot b"], C0: ["robot a", "robot a"]}
    assert den.nonces() == {"n-1", "n-2", "n-3"}


async def test_the_small_slack_is_one_to_the_real_client() -> None:
    async with Workspace(random.Random(1), slowest=0.0).serving() as slack:
        world = World(lambda: None)
        chat = SlackChat(world.front(), bot_token="xoxb-1", api_url=slack.url, sleep=world.sleep)
        ref = await chat.post(C0, say("one"), "n-1")
        other = await chat.post(C0, say("two"), "n-2")
        assert [await chat.find(C0, nonce) for nonce in ("n-1", "n-2", "n-3")] == [ref, other, None]
        await chat.edit(ref, say("more"))
        assert [one["text"] for one in slack.here["C0"]] == ["one", "two"]


async def test_a_killed_life_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    den = Den(tmp_path, Workspace(random.Random(1)))
    await den.live(0.0)
    assert (den.died, len(den.killed)) == (True, 1)
    assert await den.orphans() == 0
