"""The bot behind Slack for tests of the shell: a small book, a front that keeps what it is told, an alert."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.chat.slack_app import SlackChat
from bot.command import Book, Call, Choice, Command, Complete, Front, Param, Reply
from bot.errors import BadQuery
from bot.message import Actions, Button, Card, Menu, Message, Table, Text, say
from bot.model import Person, Place
from tests.fakes.slack_server import SlackServer

C1, C2 = Place("slack:T0/C1"), Place("slack:T0/C2")
OWN = Place("slack:T0/@U2")
NONCE = "n-1"


@dataclass
class World:
    """The bot behind the chat: it keeps what it is told, and answers as its commands are named."""

    note: Callable[[], None]
    calls: list[Call] = field(default_factory=list)
    asked: list[tuple[Complete, str, Place, Person]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    homes: list[Person] = field(default_factory=list)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    slept: list[float] = field(default_factory=list)

    def front(self) -> Front:
        book = Book()
        name = Param("name", "its name")
        query = Param("query", "what it asks for", "rest")
        mode = Param("mode", "when it is told", required=False, choices=("instant", "daily"))
        book.register(Command(("watch", "add"), "Post what matches", (name, query, mode), changes=True), self.add)
        which = Param("name", "which", complete="watchlist")
        book.register(Command(("watch", "remove"), "Stop one", (which,), changes=True), self.keep)
        book.register(Command(("news",), "The newest", (Param("query", "words", "rest", required=False),)), self.keep)
        book.register(Command(("why",), "Why", (Param("alert", "which", "rest", required=False),)), self.keep)
        book.register(
            Command(("follow",), "Follow", (Param("what", "it", "rest", complete="entity"),), personal=True), self.keep
        )
        book.register(Command(("long",), "A long answer"), self.long)
        book.register(Command(("broken",), "A bug"), self.broken)
        book.register(
            Command(("help",), "What can be said", (Param("command", "one", "rest", required=False),)), self.keep
        )
        return Front(book, self.suggest, self.home, self.left)

    async def add(self, call: Call) -> Reply:
        self.calls.append(call)
        if "(((" in call.args["query"]:
            raise BadQuery("a parenthesis is not closed", call.args["query"], 3)
        return Reply(say(f"Watching `{call.args['name']}`: {call.args['query']}", "good"))

    async def keep(self, call: Call) -> Reply:
        self.calls.append(call)
        return Reply(say(f"{' '.join(call.path)} {dict(call.args)} as {call.rights}"), ({"story": 7},))

    async def long(self, call: Call) -> Reply:
        rows = tuple((f"row {number}", "x" * 200) for number in range(200))
        return Reply(Message("many rows", (Table(("name", "text"), rows),)))

    async def broken(self, call: Call) -> Reply:
        raise ZeroDivisionError("the secret inside")

    async def suggest(self, kind: Complete, typed: str, place: Place, person: Person) -> list[Choice]:
        self.asked.append((kind, typed, place, person))
        return [Choice(f"{kind} {typed}", f"{kind}-{typed}"), Choice("too long", "x" * 151)]

    async def home(self, person: Person) -> Message:
        self.homes.append(person)
        return Message("Yours", (Text("You follow robotics."), Actions((Button("Stop it", "watch remove robots"),))))

    async def left(self, where: str) -> None:
        self.gone.append(where)
        self.note()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def chat_of(slack: SlackServer, world: World, **how: Any) -> SlackChat:
    return SlackChat(
        world.front(),
        bot_token=how.pop("bot_token", slack.bot_token),
        app_token=slack.app_token,
        api_url=slack.api_url,
        now=lambda: world.now,
        sleep=world.sleep,
        **how,
    )


@asynccontextmanager
async def running(slack: SlackServer, chat: SlackChat) -> AsyncIterator[None]:
    task = asyncio.create_task(chat.run())
    try:
        await slack.ready()
        yield
    finally:
        await chat.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0)


ALERT = Message(
    "Robots walk · Outlet · [robots]",
    (
        Card(
            "Robots walk <!channel>",
            "https://news.example/1",
            "🤖",
            "Outlet",
            "They do.",
            (("Amount", "$1m"),),
            "robots",
        ),
        Actions(
            (Button("Why", "why https://news.example/1"), Menu("Mute…", (("a day", "why 1"), ("a week", "why 2"))))
        ),
    ),
    "deal",
)
