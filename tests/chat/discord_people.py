"""A small Book and everything that Discord needs of the bot, with a transcript; and a wire that keeps what it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.chat.discord_client import DiscordChat
from bot.command import Book, Call, Choice, Command, Complete, Front, Param, Reply
from bot.errors import BadInput, BadQuery
from bot.message import Actions, Button, Card, Message, say
from bot.model import Person, Place
from tests.fakes.discord_server import DiscordServer

NAME = Param("name", "the watchlist's name", complete="watchlist")
QUERY = Param("query", "what to look for", "rest")
COMMANDS = (
    Command(("watch", "add"), "Post here whatever matches a query", (NAME, QUERY), changes=True),
    Command(("watch", "list"), "The watchlists of this place"),
    Command(("watch", "remove"), "Stop a watchlist", (NAME,), changes=True),
    Command(("follow",), "Tell me alone", (QUERY,), changes=True, personal=True),
    Command(
        ("news",), "The newest stories", (Param("limit", "how many", "int", False), Param("query", "x", "rest", False))
    ),
    Command(("why",), "Why an alert was told", (Param("alert", "which", "rest", False),)),
    Command(
        ("feed", "add"),
        "Poll a feed",
        (Param("url", "its address"), Param("unchecked", "without looking", "flag", False)),
        changes=True,
    ),
    Command(("verdict",), "Say what you think", (Param("opinion", "which", choices=("good", "bad")),)),
    Command(("break",), "Fail"),
    Command(("wait",), "Take a while"),
    Command(("watch", "wait"), "Take a while and change something", changes=True),
)


@dataclass
class People:
    """Calls that reached the Book, places that were left, settings that were kept."""

    calls: list[Call] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, Place, Person]] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def front(self) -> Front:
        book = Book()
        for command in COMMANDS:
            book.register(command, self._answer)
        return Front(book, self._suggest, self._home, self._left)

    def chat_on(self, discord: DiscordServer) -> DiscordChat:
        """The bot's chat on a server."""
        return DiscordChat(
            self.front(),
            token=discord.token,
            api_url=discord.api_url,
            gateway_url=discord.gateway_url,
            remember=(self.get, self.set),
        )

    async def get(self, key: str) -> str | None:
        return self.kept.get(key)

    async def set(self, key: str, value: str) -> None:
        self.kept[key] = value

    async def _answer(self, call: Call) -> Reply:
        self.calls.append(call)
        self.heard.set()
        if call.path == ("break",):
            raise RuntimeError("the secret inside")
        if call.path[-1] == "wait":
            await self.go_on.wait()
        if call.args.get("query") == "(":
            raise BadQuery("a bracket is not closed", "(", 1)
        if call.args.get("query") == "no":
            raise BadInput("Not that.")
        if call.path == ("news",):
            card = Card("Story", "https://example.com/story", meta="IEEE", body="It happened.")
            return Reply(Message("Story", (card, Actions((Button("Why", "why https://example.com/story"),)))))
        return Reply(say(f"did {' '.join(call.path)}"))

    async def _suggest(self, kind: Complete, typed: str, place: Place, person: Person) -> list[Choice]:
        self.asked.append((kind, typed, place, person))
        return [Choice(f"{typed}{n}", f"{typed}{n}") for n in range(30)]

    async def _home(self, person: Person) -> Message:
        return say(f"home of {person}")

    async def _left(self, where: str) -> None:
        self.gone.append(where)
        self.heard.set()


@dataclass
class Kept:
    """A wire that keeps what it is given; `refuse` are how many bodies Discord takes no form of."""

    sent: list[tuple[str, Any]] = field(default_factory=list)
    refuse: int = 0
    elsewhere: tuple[int, bool] | None = None

    async def respond(self, kind: int, data: Mapping[str, Any]) -> bool:
        return self._take(str(kind), dict(data))

    async def replace(self, body: Mapping[str, Any]) -> bool:
        return self._take("replace", dict(body))

    async def add(self, body: Mapping[str, Any]) -> bool:
        return self._take("add", dict(body))

    async def withdraw(self) -> bool:
        return self._take("withdraw", None)

    def permissions(self, channel: str) -> tuple[int, bool] | None:
        return self.elsewhere

    def _take(self, what: str, body: Any) -> bool:
        self.sent.append((what, body))
        self.refuse -= 1
        return self.refuse < 0
