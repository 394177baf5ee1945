"""A place that was given up is told again once somebody sets something there: through the fake chats, store and all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cards import compose
from bot.chat.discord_client import DiscordChat
from bot.chats import front_of
from bot.command import Front
from bot.commands.book import all_commands
from bot.commands.desk import Desk
from bot.flow.deliver import Deliverer
from bot.merged import Merged
from bot.model import Place
from bot.ports import Chat, Store
from bot.store.open import open_store
from tests.chat.discord_people import People
from tests.chat.discord_stub import serving
from tests.chat.slack_bot import C1, World, chat_of
from tests.chat.slack_bot import running as slack_running
from tests.chat.test_discord_client import MESSAGES, PLACE, option, running
from tests.commands.conftest import KNOWLEDGE
from tests.contract.makers import alert
from tests.fakes.slack_server import SlackServer, refused
from tests.fakes.world import FakeClock, FakeFetcher, FakeParser


@dataclass
class Inside:
    """The bot behind a chat: a store, the real commands, and what delivers."""

    store: Store
    desk: Desk
    thread: ThreadPoolExecutor

    def front(self) -> Front:
        return front_of(self.desk, all_commands(self.desk))

    async def tell(self, chat: Chat, place: Place, story: int) -> None:
        with self.store.write() as tx:
            tx.outbox.add([alert(place, story, title=f"story {story}")], self.desk.clock.now())
        name = place.partition(":")[0]
        await Deliverer(self.store, {name: chat}, self.desk.clock, compose, self.thread).drain()

    def given_up(self) -> list[Place]:
        with self.store.read() as tx:
            return [*tx.outbox.disabled()]

    def noted(self) -> list[str]:
        with self.store.read() as tx:
            return [f"{one.person} {one.command}" for one in tx.audit.recent("", 9)]


@pytest.fixture
async def inside(tmp_path: Path) -> AsyncIterator[Inside]:
    async def caught_up() -> None:
        return None

    store = open_store(str(tmp_path / "wire.db"))
    clock = FakeClock()
    desk = Desk(store, FakeFetcher(clock), FakeParser(), clock, Merged(KNOWLEDGE), tmp_path, caught_up)
    with ThreadPoolExecutor(1) as thread:
        yield Inside(store, desk, thread)
    store.close()


async def test_in_slack(inside: Inside, slack: SlackServer, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "front", inside.front)
    chat = chat_of(slack, world)
    async with slack_running(slack, chat):
        slack.trouble("chat.postMessage", refused("is_archived"))
        await inside.tell(chat, C1, 1)
        assert inside.given_up() == [C1]
        await slack.command("/wire watch add robots robot", user="U3")  # a guest
        await slack.command("/wire watch list", user="U1")
        assert inside.given_up() == [C1]
        await slack.command("/wire watch add robots robot", user="U1")
        assert (inside.given_up(), inside.noted()) == ([], ["slack:T0/U1 watch add"])
        await inside.tell(chat, C1, 2)
    assert "story 2" in str(slack.world.here("C1")[-1])


async def test_in_discord(inside: Inside, discord_as_it_was: None, monkeypatch: pytest.MonkeyPatch) -> None:
    people = People()
    monkeypatch.setattr(people, "front", inside.front)
    async with serving() as stub, running(stub, people) as bot:
        chat: DiscordChat = bot.chat
        stub.refuse("POST", MESSAGES, 403, 50001)
        await inside.tell(chat, PLACE, 1)
        assert inside.given_up() == [PLACE]
        await stub.interact(2, option("watch", "list"))
        assert inside.given_up() == [PLACE]
        path = await stub.interact(2, option("watch", "add", name="robots", query="robot"))
        assert "Watching" in str(stub.sent("POST", path))
        assert (inside.given_up(), inside.noted()) == ([], ["discord:5/9 watch add"])
        await inside.tell(chat, PLACE, 2)
    assert "story 2" in str(stub.sent("POST", MESSAGES)[-1])
