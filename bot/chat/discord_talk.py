"""What people do on Discord (commands, forms, buttons, menus, typing), and what they are answered.

Knows Discord's terms and not discord.py: the shell says what was heard (`Heard`) and carries the answers (`Wire`).
https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.chat import discord_buttons as buttons
from bot.chat import discord_commands as commands
from bot.chat import discord_forms as forms
from bot.chat.discord_embeds import pages, plain_payload
from bot.chat.discord_rights import lacking, missing, place_of, sees
from bot.command import Call, Command, Front, Reply, Rights
from bot.errors import RobowireError
from bot.log import logger, masked
from bot.message import say
from bot.model import Person, Place, own_place

log = logger(__name__)

Remember = tuple[Callable[[str], Awaitable[str | None]], Callable[[str, str], Awaitable[None]]]
"""Get and set of small settings that outlive the process."""

AT_ONCE = 0.25
"""Seconds after which "thinking" is shown: Discord gives up after 3, people wonder after half of one, and the way there
takes its time too."""

PAGES = 4
"""Messages of one answer."""

_KEPT = "discord.said."
_SUGGESTING = 2.0
_EPHEMERAL = 1 << 6
_MESSAGE, _THINKING, _SUGGESTIONS, _FORM = 4, 5, 8, 9
_POSTS = {("watch", "add"), ("watch", "edit"), ("channel", "digest")}
_WRONG = "Something went wrong on my side; it is written in my log. Please try again."
_STRANGER = (
    "I am not a member of this server, so I cannot post here. Add me to the server, "
    "or send it to me in a direct message: that is yours alone."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One interaction: what was done, by whom and where.

    `data` is Discord's. `guild` is None in direct messages. `permissions` are the bot's at the place, `thread` whether
    that is a thread; `stranger` that it is no member there. `links` are those of the embeds of the message with the button.
    """

    kind: Literal["command", "message", "typing", "form", "press", "again"]
    data: Mapping[str, Any]
    place: Place
    person: Person
    rights: Rights
    guild: int | None = None
    permissions: int = 0
    thread: bool = False
    stranger: bool = False
    links: Sequence[str] = ()
    said: str = ""

    def at(self, channel: str) -> Place:
        """The place that is spoken of: another channel of the same server, if one is given."""
        return place_of(self.guild, channel) if channel and self.guild is not None else self.place


class Wire(Protocol):
    """Carries the answers to one interaction. Each answers False if Discord refused the form of what it was given."""

    async def respond(self, kind: int, data: Mapping[str, Any]) -> bool:
        """The first answer: a message, "thinking", suggestions, a form."""

    async def replace(self, body: Mapping[str, Any]) -> bool:
        """Say something else in the first answer."""

    async def add(self, body: Mapping[str, Any]) -> bool:
        """One more message."""

    async def withdraw(self) -> bool:
        """Take the first answer away."""

    def permissions(self, channel: str) -> tuple[int, bool] | None:
        """The bot's permissions in another channel, and whether that is a thread; None if it does not know."""


class Talk:
    """Answers what is heard: by the Book, the suggestions and the overview that the `Front` gives."""

    def __init__(self, front: Front, remember: Remember, at_once: float = AT_ONCE) -> None:
        self._front, self._book = front, front.book
        self._get, self._set = remember
        self._at_once = at_once

    async def hear(self, heard: Heard, wire: Wire) -> None:
        """Answer one interaction."""
        if heard.kind == "typing":
            await self._suggest(heard, wire)
        elif heard.kind == "command":
            await self._command(heard, wire, commands.read(self._book, heard.data))
        elif heard.kind == "message":
            await self._explain(heard, wire)
        elif heard.kind == "form":
            filled = forms.read(heard.data)
            if filled is not None:
                await self._perform(heard, wire, filled)
        elif heard.kind == "press":
            await self._press(heard, wire)
        else:
            await self._reopen(heard, wire)

    async def keep(self, kept: Mapping[str, str]) -> None:
        """Remember long commands of buttons and refused forms by their keys, without logins that somebody typed into one."""
        for key, text in kept.items():
            await self._set(_KEPT + key, masked(text))

    # -- what was done -----------------------------------------------------------------------------------------------

    async def _command(self, heard: Heard, wire: Wire, asked: commands.Asked | None) -> None:
        if asked is None:
            gone = "This command has changed; Discord will offer the new one in a moment."
            await self._answer(wire, _told(gone))
        elif asked.path == commands.HOME and commands.HOME not in self._book.commands:
            await self._answer(wire, self._home(heard.person))
        else:
            if asked.channel and not _sees(heard.data, asked.channel):
                await self._answer(wire, _told("You cannot see that channel, so I tell you nothing of it."))
                return
            written = {name: value for name, value in asked.given.items() if value not in (None, "", False)}
            given = {name: "yes" if value is True else str(value) for name, value in written.items()}
            await self._perform(heard, wire, forms.Filled(asked.path, asked.channel, given))

    async def _perform(self, heard: Heard, wire: Wire, filled: forms.Filled) -> None:
        """Carry out a command, or ask in a form for what is missing."""
        command = self._book.commands.get(filled.path)
        if command is None:
            await self._answer(wire, _told("There is no such command any more."))
            return
        place = heard.at(filled.channel)
        if not _may(command, place, heard):
            call = Call(filled.path, {}, place, heard.person, heard.rights)  # the Book says who may
        elif heard.kind != "form" and any(
            param.required and not filled.given.get(param.name, "").strip() for param in command.params
        ):
            await wire.respond(_FORM, forms.modal(command, filled))
            return
        else:
            try:
                call = self._book.call(filled.path, filled.given, place, heard.person, heard.rights)
            except RobowireError as error:
                await self._answer(wire, _told(str(error), getattr(error, "field", "")), filled)
                return
        form = filled if commands.is_form(command) else None
        await self._answer(wire, self._carry_out(heard, wire, call, filled.channel), form)

    async def _press(self, heard: Heard, wire: Wire) -> None:
        """A button or a choice of a menu: what it says, as if it was typed where it stands."""
        key = buttons.kept_key(heard.said)
        kept = await self._get(_KEPT + key) if key else None
        line = buttons.unpack(heard.said, heard.links, lambda _: kept)
        if line is None:
            await self._answer(wire, _told("I do not know any more what this button was for."))
            return
        bare = self._book.commands.get(tuple(line.split()))
        if bare is not None and any(param.required for param in bare.params):
            await self._perform(heard, wire, forms.Filled(bare.path))
            return
        try:
            call = self._book.read(line, heard.place, heard.person, heard.rights)
        except RobowireError as error:
            await self._answer(wire, _told(str(error)))
            return
        await self._answer(wire, self._carry_out(heard, wire, call, ""))

    async def _reopen(self, heard: Heard, wire: Wire) -> None:
        """The button under a refused form: the form again, as it was filled in."""
        text = await self._get(_KEPT + heard.said)
        filled = forms.load(text) if text else None
        command = self._book.commands.get(filled.path) if filled else None
        if filled is None or command is None:
            await self._answer(wire, _told("The form is not kept any more; please give the command again."))
            return
        await wire.respond(_FORM, forms.modal(command, filled))

    async def _explain(self, heard: Heard, wire: Wire) -> None:
        """The message menu "Why this alert": `why` with the message's link."""
        messages = heard.data.get("resolved", {}).get("messages", {})
        link = buttons.link_of(messages.get(str(heard.data.get("target_id")), {}))
        if not link:
            await self._answer(wire, _told("I see no link in this message to explain."))
            return
        await self._answer(wire, self._book.answer(f"why {link}", heard.place, heard.person, heard.rights))

    async def _suggest(self, heard: Heard, wire: Wire) -> None:
        found: list[tuple[str, str]] = []
        asked = commands.read(self._book, heard.data)
        if asked is not None and asked.focused is not None:
            command = self._book.commands[asked.path]
            param = next(one for one in command.params if one.name == asked.focused[0])
            # Discord does not say, while somebody types, whether they may see the other channel
            hidden = asked.channel and heard.rights != "manager"
            place = own_place(heard.person) if command.personal or hidden else heard.at(asked.channel)
            try:
                async with asyncio.timeout(_SUGGESTING):
                    suggested = await self._front.suggest(param.complete, asked.focused[1], place, heard.person)
                found = [(choice.label, choice.value) for choice in suggested]
            except (TimeoutError, RobowireError) as error:
                log.info("no suggestions in time: %s", error)
        await wire.respond(_SUGGESTIONS, {"choices": commands.choices(found)})

    # -- what is answered --------------------------------------------------------------------------------------------

    async def _carry_out(self, heard: Heard, wire: Wire, call: Call, channel: str) -> Reply:
        """What the Book answers, unless the bot could not post what is asked for."""
        command = self._book.commands[call.path]
        shared = command.changes and not command.personal and call.place != own_place(call.person)
        if shared and heard.stranger:
            return Reply(say(_STRANGER, "error"), ok=False)
        if shared and call.path in _POSTS and _may(command, call.place, heard):
            known = wire.permissions(channel) if channel else (heard.permissions, heard.thread)
            lacks = missing(*known) if known else []
            if lacks:
                return Reply(say(lacking(lacks), "error"), ok=False)
        return await self._book.perform(call)

    async def _home(self, person: Person) -> Reply:
        return Reply(await self._front.home(person))

    async def _answer(self, wire: Wire, work: Awaitable[Reply], form: forms.Filled | None = None) -> None:
        """Answer at once what can be; else say that it takes a moment, and answer then."""
        task = asyncio.ensure_future(_kindly(work))
        await asyncio.wait({task}, timeout=self._at_once)
        waited = not task.done()
        if waited:
            await wire.respond(_THINKING, {"flags": _EPHEMERAL})
        reply = await task
        first, *more = pages(reply.message, PAGES, notify=False)
        payload, kept = first.payload, first.kept
        if form is not None and reply.field and not reply.ok:
            text = forms.dump(form)
            payload, kept = payload | {"components": buttons.again(buttons.key(text))}, {buttons.key(text): text}
        await self.keep(kept)
        if not await _first(wire, payload, reply.public, waited):
            await _first(wire, plain_payload(reply.message.text), reply.public, waited)
            return
        for rendered in more:
            await self.keep(rendered.kept)
            await wire.add(_to(rendered.payload, reply.public))


async def _first(wire: Wire, body: dict[str, Any], public: bool, waited: bool) -> bool:
    """The answer, or the first of its messages."""
    return await (_follow(wire, body, public) if waited else wire.respond(_MESSAGE, _to(body, public)))


def _to(body: dict[str, Any], public: bool) -> dict[str, Any]:
    """For everybody, or for who asked alone."""
    return body if public else body | {"flags": _EPHEMERAL}


async def _follow(wire: Wire, body: dict[str, Any], public: bool) -> bool:
    """Put the answer where "thinking" stands. That is seen by who asked alone, so a public answer is said anew."""
    if not public:
        return await wire.replace(body)
    await wire.replace(plain_payload("Done."))
    sent = await wire.add(body)
    if sent:
        await wire.withdraw()
    return sent


def _sees(data: Mapping[str, Any], channel: str) -> bool:
    """Whether who gave a command may see the channel that they named in it, as Discord says."""
    found = data.get("resolved", {}).get("channels", {}).get(channel, {})
    return sees(int(found.get("permissions") or 0))


def _may(command: Command, place: Place, heard: Heard) -> bool:
    """Whether it is worth asking further: the Book decides, and says why not."""
    alone = (command.personal or place == own_place(heard.person)) and not command.shared
    return heard.rights == "manager" or not command.changes or alone


async def _told(text: str, field: str = "") -> Reply:
    return Reply(say(text, "error"), ok=False, field=field)


async def _kindly(work: Awaitable[Reply]) -> Reply:
    """The answer; what fails unexpectedly is logged, and said without its details."""
    try:
        return await work
    except Exception:
        log.exception("a command failed")
        return Reply(say(_WRONG, "error"), ok=False)
