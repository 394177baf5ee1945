"""The bot in our own Slack, and discord.py as it was before, for the tests of the chats."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.slack_app import SlackChat
from tests.chat.slack_bot import World, chat_of, running
from tests.fakes.slack_server import SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
def world(slack: SlackServer) -> World:
    return World(slack.note)


@pytest.fixture
def chat(slack: SlackServer, world: World) -> SlackChat:
    return chat_of(slack, world)


@pytest.fixture
async def live(slack: SlackServer, chat: SlackChat) -> AsyncIterator[SlackServer]:
    """The bot in the workspace; at the end it has done nothing wrong."""
    async with running(slack, chat):
        yield slack
    assert slack.faults == []


@pytest.fixture
def discord_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py keeps the addresses of servers in its classes."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL("ws://127.0.0.1:1/"))
