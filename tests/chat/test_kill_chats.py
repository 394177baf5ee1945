"""Death at every step of a delivery, with the real clients of Slack and Discord against our own servers.

What was posted stays in the chat whatever becomes of the process; the next life is a new client, which remembers nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bot.cards import compose
from bot.flow.deliver import Deliverer
from bot.model import Alert, AlertItem, Place, platform
from bot.ports import Chat, Store
from tests.chat.discord_people import People
from tests.chat.slack_bot import World, chat_of
from tests.fakes.discord_server import LAB, DiscordServer
from tests.fakes.slack_server import SlackServer
from tests.fakes.store import FakeStore
from tests.fakes.world import FakeClock
from tests.flow.mortal import Death, Killed, MortalChat, MortalStore

ALERTS = 3
C1 = Place("slack:T0/C1")
REPEATED = [[2 if other == one else 1 for other in range(ALERTS)] for one in range(ALERTS) for _ in range(3)]
"""What a chat that can neither look nor refuse a nonce shows of each alert after a death between post and record."""


def titles(steps: int) -> list[str]:
    return [f"robot {number} of life {steps} walks" for number in range(ALERTS)]


def queue(store: Store, place: Place, steps: int) -> None:
    at = datetime.now(UTC)
    items = [
        AlertItem(story_id=number + 1, title=title, link=f"https://news.example/{number}", source="News", published=at)
        for number, title in enumerate(titles(steps))
    ]
    with store.write() as tx:
        tx.outbox.add([Alert("story", place, ("robots",), (item,)) for item in items], at)


async def live(store: Store, chat: Chat, place: Place, clock: FakeClock, fate: Death) -> bool:
    """Post what waits; answers whether the process lived to the end."""
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # tasks of a dead process tell nobody
    store.release()
    with ThreadPoolExecutor(1) as thread:
        chats: dict[str, Chat] = {platform(place): MortalChat(chat, fate)}
        deliverer = Deliverer(MortalStore(store, fate), chats, clock, compose, thread)
        try:
            await deliverer.drain()
        except Killed:
            return False
    return True


async def deaths(place: Place, client: Callable[[], Chat], read: Callable[[], list[str]]) -> list[list[int]]:
    """Die at the first step of all, at the second, and so on, until none is left to die at.

    Answers for each how often each alert can be read in the chat when the next life has said what was left to say.
    """
    outcomes = []
    for steps in range(1, 99):
        store, clock = FakeStore(), FakeClock()
        queue(store, place, steps)
        whole = await live(store, client(), place, clock, Death(steps))
        clock.pass_(3600)
        assert await live(store, client(), place, clock, Death(10_000))
        there = read()
        outcomes.append([sum(title in words for words in there) for title in titles(steps)])
        with store.read() as tx:
            assert tx.outbox.waiting() == 0
        if whole:
            return outcomes
    raise AssertionError("a life has no end")


@pytest.mark.parametrize("history", [True, False])
async def test_in_slack_a_death_costs_one_repetition_at_most_and_none_where_history_may_be_read(history: bool) -> None:
    async with SlackServer() as slack:
        if not history:
            slack.world.scopes = {scope for scope in slack.world.scopes if not scope.endswith(":history")}
        outcomes = await deaths(
            C1, lambda: chat_of(slack, World(slack.note)), lambda: [one.words for one in slack.world.here("C1")]
        )
        assert slack.faults == []
    assert len(outcomes) > ALERTS * len(("post", "posted", "begin", "commit", "committed"))
    doubled = [one for one in outcomes if one != [1] * ALERTS]
    assert doubled == ([] if history else REPEATED)


async def test_in_discord_a_death_repeats_nothing(discord_as_it_was: None) -> None:
    people = People()
    async with DiscordServer() as discord:
        chat = people.chat_on(discord)
        job = asyncio.create_task(chat.run())
        await discord.ready()
        place = Place(f"discord:{LAB}/{discord.world.channel('robots').id}")
        outcomes = await deaths(place, lambda: chat, lambda: [one.words for one in discord.world.here("robots")])
        await chat.close()
        await asyncio.wait_for(job, 10)
        assert discord.faults == []
    assert {*map(tuple, outcomes)} == {(1,) * ALERTS}
