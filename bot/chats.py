"""The chats that the bot talks in beside the terminal: those whose tokens are in the environment."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.command import Book, Front
from bot.commands.desk import Desk
from bot.commands.home import home
from bot.commands.personal import left
from bot.commands.suggest import Suggester
from bot.config import Config
from bot.errors import NeverAgain, Unwritable
from bot.log import logger
from bot.ports import Chat, Store

log = logger(__name__)


class Connected(Chat, Protocol):
    """A chat that listens to somebody far away. `ready` is set once it can post."""

    ready: asyncio.Event

    async def run(self) -> None:
        """Listen until cancelled. Raises BadConfig for tokens that are refused, NeverAgain once they are revoked."""

    async def close(self) -> None:
        """Finish what is being answered."""


def front_of(desk: Desk, book: Book) -> Front:
    """What a chat is given of the bot."""
    return Front(book, Suggester(desk), partial(home, desk), partial(left, desk))


def chats_of(
    config: Config, front: Front, store: Store, now: Callable[[], datetime], environ: Mapping[str, str] = os.environ
) -> dict[str, Connected]:
    """By platform, those that have a token. Their libraries are loaded only then: they are large."""
    found: dict[str, Connected] = {}
    if token := environ.get("SLACK_BOT_TOKEN"):
        from bot.chat.slack_app import SlackChat  # noqa: PLC0415

        found["slack"] = SlackChat(
            front,
            bot_token=token,
            app_token=environ.get("SLACK_APP_TOKEN", ""),
            signing_secret=environ.get("SLACK_SIGNING_SECRET", ""),
            api_url=config.slack.api_url,
            mode=config.slack.mode,
            listen=config.slack.listen,
            managers=config.slack.managers,
            now=now,
            seconds=time.monotonic,
        )
    if token := environ.get("DISCORD_TOKEN"):
        from bot.chat.discord_client import DiscordChat  # noqa: PLC0415

        found["discord"] = DiscordChat(
            front,
            token=token,
            remember=_memory(store),
            api_url=config.discord.api_url,
            gateway_url=config.discord.gateway_url,
        )
    return found


async def listen(name: str, chat: Connected) -> None:
    """Let a chat listen; where it is closed to us for good, the others go on. Raises BadConfig."""
    try:
        await chat.run()
    except NeverAgain as error:
        log.error("%s is closed to the bot, which goes on without it: %s", name, error)


def _memory(store: Store) -> tuple[Callable[[str], Awaitable[str | None]], Callable[[str, str], Awaitable[None]]]:
    """The settings of the store, for a chat that must not know it."""

    def read(key: str) -> str | None:
        with store.read() as tx:
            return tx.settings.get(key)

    def write(key: str, value: str) -> None:
        with store.write() as tx:
            tx.settings.set(key, value)

    async def get(key: str) -> str | None:
        return await asyncio.to_thread(read, key)

    async def keep(key: str, value: str) -> None:
        try:
            await asyncio.to_thread(write, key, value)
        except Unwritable as error:  # a chat without a memory is better than none
            log.warning("%s was not kept: %s", key, error)

    return get, keep
