"""Every implementation of the port `Chat` with the world on its other side, for the suite that they all pass.

A `Side` says what was posted there and lets things happen there. What a chat is not able to do stands in `POWERS`: the
suite tests what it does instead.
"""

from __future__ import annotations

import asyncio
import io
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.discord_client import DiscordChat
from bot.chat.slack_app import SlackChat
from bot.chat.terminal import Terminal
from bot.command import Book, Call, Choice, Command, Complete, Front, Param, Reply
from bot.errors import ChatError, NeverAgain, TryAgain
from bot.message import Actions, Button, Card, Message, say
from bot.model import TERMINAL, MessageRef, Person, Place
from bot.ports import Chat
from tests.chat.slack_bot import running
from tests.fakes.discord_server import EDIT, LAB, POST, DiscordServer
from tests.fakes.discord_server import Shown as ShownThere
from tests.fakes.discord_server import limited as limited_there
from tests.fakes.discord_server import lost as lost_there
from tests.fakes.slack_server import Shown, SlackServer, limited, lost
from tests.fakes.world import FakeChat

Power = Literal["find", "edit", "thread", "close", "look", "talk", "private"]
"""To know a posted message again by its nonce; to change it; to answer under it; to be closed to the bot for good; to look
by itself whether a message was taken whose answer was lost; to be talked in; to answer one person without the others."""

ALL: frozenset[Power] = frozenset({"find", "edit", "thread", "close", "look", "talk", "private"})
POWERS: dict[str, frozenset[Power]] = {
    "fake": ALL - {"look", "talk", "private"},
    "terminal": frozenset({"find", "look", "talk"}),
    "slack": ALL,
    "discord": ALL - {"find", "look"},
}
BUSY = 40
"""Seconds for which a chat asks for patience: more than any of them waits for by itself."""

STORY = "https://news.example/robots-walk"
ALERT = Message(
    f"Robots walk · Outlet · {STORY}",
    (Card("Robots walk", STORY, "🤖", "Outlet", "They do."), Actions((Button("Why", f"why {STORY}"),))),
    "news",
)
LATER = Message(
    f"Robots walk · Outlet and 2 more · {STORY}",
    (
        Card(
            "Robots walk",
            STORY,
            "🤖",
            "Outlet and 2 more",
            "They do.",
            image="https://news.example/walk.png",
            links=(("Second Outlet", "https://second.example/walk"), ("Third", "https://third.example/walk")),
        ),
        Actions((Button("Why", f"why {STORY}"), Button("Follow story", "news walk"))),
    ),
    "news",
)
"""The same alert once two more outlets tell the story."""


def able(power: Power) -> list[str]:
    """The chats that have a power."""
    return [name for name, powers in POWERS.items() if power in powers]


def unable(power: Power) -> list[str]:
    """The others."""
    return [name for name, powers in POWERS.items() if power not in powers]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody was answered, and whether others could read it."""

    words: str
    public: bool


@dataclass
class Heard:
    """The bot behind the chat: a small Book, and what reached it."""

    calls: list[Call] = field(default_factory=list)

    def front(self) -> Front:
        book = Book()
        query = Param("query", "what to look for", "rest", required=False)
        book.register(Command(("news",), "The newest stories", (query,)), self._answer)
        book.register(Command(("why",), "Why", (Param("alert", "which", "rest", required=False),)), self._answer)
        adding = (Param("name", "its name"), Param("query", "what it asks for", "rest"))
        book.register(Command(("watch", "add"), "Post what matches", adding, changes=True), self._answer)
        return Front(book, self._suggest, self._home, self._left)

    async def _answer(self, call: Call) -> Reply:
        self.calls.append(call)
        return Reply(say(f"did {' '.join(call.path)}"))

    async def _suggest(self, kind: Complete, typed: str, place: Place, person: Person) -> list[Choice]:
        return []

    async def _home(self, person: Person) -> Message:
        return say("nothing")

    async def _left(self, where: str) -> None:
        """Nothing belongs there."""


class Side(ABC):
    """A chat, a place in it, somebody's own place, and the world behind them."""

    chat: Chat
    here: Place
    own: Place
    person: Person
    patience: float = BUSY

    def __init__(self) -> None:
        self.heard = Heard()

    @abstractmethod
    def posts(self, place: Place) -> list[str]:
        """What can be read in each message posted there, but under others."""

    @abstractmethod
    def replies(self, ref: MessageRef) -> list[str]:
        """The same of those under a message."""

    @abstractmethod
    def busy(self, editing: bool = False) -> None:
        """The next message (or edit) is not taken yet: it may come again after `patience` seconds."""

    @abstractmethod
    def close(self) -> None:
        """The place is closed to the bot from now on."""

    @abstractmethod
    def lose(self) -> None:
        """The next message arrives, and the answer to it does not."""

    def delete(self, ref: MessageRef) -> None:
        """Somebody deletes a message."""
        raise NotImplementedError(f"{type(self).__name__}: messages stay there")

    def buttons(self, ref: MessageRef) -> list[str]:
        """The labels of what can be pressed under a message."""
        raise NotImplementedError(f"{type(self).__name__}: nothing can be pressed there")

    def pictures(self, ref: MessageRef) -> list[str]:
        """The addresses of a message's pictures."""
        raise NotImplementedError(f"{type(self).__name__}: nothing can be looked at there")

    async def say(self, line: str, own: bool = False) -> Answer:
        """Somebody says a command at the place, or in their direct messages."""
        raise NotImplementedError(f"{type(self).__name__}: nobody talks there")

    async def press(self, label: str) -> Answer:
        """Somebody presses a button of the last message at the place."""
        raise NotImplementedError(f"{type(self).__name__}: nobody is there")


# -- the fake ----------------------------------------------------------------------------------------------------------


class FakeSide(Side):
    here, own, person = Place("slack:T0/C1"), Place("slack:T0/@U1"), Person("slack:T0/U1")

    def __init__(self) -> None:
        super().__init__()
        self.chat = self._fake = FakeChat()

    def posts(self, place: Place) -> list[str]:
        return [self._words(nonce) for at, _, nonce in self._fake.posted if at == place and nonce not in self._under]

    def replies(self, ref: MessageRef) -> list[str]:
        return [self._words(nonce) for nonce, under in self._fake.threads.items() if under == ref]

    def busy(self, editing: bool = False) -> None:
        self._fake.errors.append(TryAgain("not now", BUSY))

    def close(self) -> None:
        self._fake.errors.append(NeverAgain("gone"))

    def lose(self) -> None:
        self._fake.lost.append(ChatError("no answer"))

    def delete(self, ref: MessageRef) -> None:
        self._fake.posted = [one for one in self._fake.posted if one[2] != ref.id]

    @property
    def _under(self) -> dict[str, MessageRef]:
        return self._fake.threads

    def _words(self, nonce: str) -> str:
        said = [text for _, text, each in self._fake.posted if each == nonce]
        return [*said, *(text for ref, text in self._fake.edits if ref.id == nonce)][-1]


@asynccontextmanager
async def _fake(folder: Path) -> AsyncIterator[Side]:
    yield FakeSide()


# -- the terminal ------------------------------------------------------------------------------------------------------


class Screen(io.StringIO):
    """A stream whose reader may go."""

    gone = False

    def write(self, text: str, /) -> int:
        if self.gone:
            raise BrokenPipeError(32, "Broken pipe")
        return super().write(text)


class TerminalSide(Side):
    here = own = TERMINAL
    person = Person("terminal:me")
    patience = 5.0

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._transcript, self._screen = folder / "said" / "transcript", Screen()
        self.chat = self._terminal(io.StringIO())

    def _terminal(self, source: io.StringIO) -> Terminal:
        return Terminal(self._transcript, self._screen, source=source, environ={})

    def posts(self, place: Place) -> list[str]:
        text = self._transcript.read_text(encoding="utf-8") if self._transcript.is_file() else ""
        return [record.strip() for record in re.split(r"\n  ⌁ .*\n", text)[:-1]]

    def replies(self, ref: MessageRef) -> list[str]:
        return []

    def busy(self, editing: bool = False) -> None:
        self._transcript.mkdir(parents=True)

    def close(self) -> None:
        shutil.rmtree(self._transcript.parent)

    def lose(self) -> None:
        self._screen.gone = True

    async def say(self, line: str, own: bool = False) -> Answer:
        book, before = self.heard.front().book, len(self._screen.getvalue())

        async def answer(text: str) -> Message:
            return (await book.answer(text, TERMINAL, self.person)).message

        await self._terminal(io.StringIO(f"{line}\n")).converse(answer, book.complete, say("hello"))
        return Answer(self._screen.getvalue()[before:].strip(), public=False)

    async def press(self, label: str) -> Answer:
        """There are no buttons: what each would say stands in the message, to be typed."""
        [command] = [
            said for said in re.findall(r"`([^`]+)`", self._screen.getvalue()) if said.startswith(label.lower())
        ]
        return await self.say(command)


@asynccontextmanager
async def _terminal(folder: Path) -> AsyncIterator[Side]:
    yield TerminalSide(folder)


# -- Slack -------------------------------------------------------------------------------------------------------------


class SlackSide(Side):
    here, own, person = Place("slack:T0/C1"), Place("slack:T0/@U1"), Person("slack:T0/U1")

    def __init__(self, slack: SlackServer) -> None:
        super().__init__()
        self._slack, self.slept = slack, list[float]()
        self.chat = self.bot = SlackChat(
            self.heard.front(),
            bot_token=slack.bot_token,
            app_token=slack.app_token,
            api_url=slack.api_url,
            now=lambda: datetime.now(UTC),
            sleep=self._sleep,
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def _messages(self, place: Place) -> Sequence[Shown]:
        return self._slack.world.here("DU1" if place == self.own else "C1")

    def posts(self, place: Place) -> list[str]:
        return [one.words for one in self._messages(place) if not one.thread]

    def replies(self, ref: MessageRef) -> list[str]:
        return [one.words for one in self._messages(ref.place) if one.thread and ref.id.endswith(f":{one.thread}")]

    def busy(self, editing: bool = False) -> None:
        self._slack.trouble("chat.update" if editing else "chat.postMessage", limited(BUSY))

    def close(self) -> None:
        self._slack.world.rooms["C1"].archived = True

    def lose(self) -> None:
        self._slack.trouble("chat.postMessage", lost())

    def delete(self, ref: MessageRef) -> None:
        messages = self._slack.world.messages
        messages[:] = [one for one in messages if not ref.id.endswith(f":{one.ts}")]

    def _shown(self, ref: MessageRef) -> Shown:
        return next(one for one in self._slack.world.messages if ref.id.endswith(f":{one.ts}"))

    def buttons(self, ref: MessageRef) -> list[str]:
        return self._shown(ref).buttons()

    def pictures(self, ref: MessageRef) -> list[str]:
        return [block["accessory"]["image_url"] for block in self._shown(ref).blocks if "accessory" in block]

    async def say(self, line: str, own: bool = False) -> Answer:
        seen = await self._slack.command(f"/wire {line}", user="U1", channel="DM" if own else "C1")
        return Answer(seen.text, seen.public)

    async def press(self, label: str) -> Answer:
        seen = await self._slack.press(self._messages(self.here)[-1], label, user="U1")
        return Answer(seen.text, seen.public)


@asynccontextmanager
async def _slack(folder: Path) -> AsyncIterator[Side]:
    async with SlackServer() as server:
        side = SlackSide(server)
        async with running(server, side.bot):
            yield side
        assert server.faults == []


# -- Discord -----------------------------------------------------------------------------------------------------------


class DiscordSide(Side):
    def __init__(self, discord: DiscordServer) -> None:
        super().__init__()
        self._discord, self._kept = discord, dict[str, str]()
        ada, channel = discord.world.person("ada").id, discord.world.channel("robots").id
        self.here, self.own, self.person = (
            Place(f"discord:{LAB}/{channel}"),
            Place(f"discord:@{ada}"),
            Person(f"discord:{LAB}/{ada}"),
        )
        self.chat = self.bot = DiscordChat(
            self.heard.front(),
            token=discord.token,
            api_url=discord.api_url,
            gateway_url=discord.gateway_url,
            remember=(self._get, self._set),
        )

    async def _get(self, key: str) -> str | None:
        return self._kept.get(key)

    async def _set(self, key: str, value: str) -> None:
        self._kept[key] = value

    def _messages(self, channel: str) -> list[str]:
        return [
            one.words for one in self._discord.world.messages if one.channel == channel and not (one.to or one.gone)
        ]

    def posts(self, place: Place) -> list[str]:
        own = self._discord.world.direct("ada").id
        return self._messages(own if place == self.own else self.here.rpartition("/")[2])

    def replies(self, ref: MessageRef) -> list[str]:
        return self._messages(ref.id.rpartition("/")[2])

    def busy(self, editing: bool = False) -> None:
        self._discord.trouble(EDIT if editing else POST, limited_there(BUSY))

    def close(self) -> None:
        del self._discord.world.channels[self.here.rpartition("/")[2]]

    def lose(self) -> None:
        self._discord.trouble(POST, lost_there())

    def delete(self, ref: MessageRef) -> None:
        for one in self._discord.world.messages:
            one.gone = one.gone or ref.id.endswith(f"/{one.id}")

    def _shown(self, ref: MessageRef) -> ShownThere:
        return next(one for one in self._discord.world.messages if ref.id.endswith(f"/{one.id}"))

    def buttons(self, ref: MessageRef) -> list[str]:
        return self._shown(ref).buttons()

    def pictures(self, ref: MessageRef) -> list[str]:
        return [one["thumbnail"]["url"] for one in self._shown(ref).embeds if "thumbnail" in one]

    async def say(self, line: str, own: bool = False) -> Answer:
        call = self.heard.front().book.read(line, self.here, self.person)
        words, where = f"/wire {' '.join(call.path)}", "DM" if own else "robots"
        seen = await self._discord.command(words, call.args, user="ada", channel=where)
        return Answer(seen.text, seen.public)

    async def press(self, label: str) -> Answer:
        seen = await self._discord.press(self._discord.world.here("robots")[-1], label, user="ada")
        return Answer(seen.text, seen.public)


@asynccontextmanager
async def _discord(folder: Path) -> AsyncIterator[Side]:
    """discord.py keeps the addresses of servers in its classes: they are put back."""
    addresses = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    try:
        async with DiscordServer() as server:
            side = DiscordSide(server)
            job = asyncio.create_task(side.bot.run())
            await server.ready()
            yield side
            await side.bot.close()
            await asyncio.wait_for(job, 10)
            assert server.faults == []
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = addresses


SIDES: dict[str, Callable[[Path], AbstractAsyncContextManager[Side]]] = {
    "fake": _fake,
    "terminal": _terminal,
    "slack": _slack,
    "discord": _discord,
}
