"""The conversation in Slack: what is done about what people type, press, fill in and open. Knows no library of Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, get_args

from bot.chat import slack_blocks, slack_views
from bot.chat.slack_blocks import Block
from bot.command import Choice, Command, Complete, Front, Reply, Rights
from bot.errors import RobowireError
from bot.message import say
from bot.model import Person, Place, is_own, own_place

PAGES = 4
"""Messages of one answer; a response_url takes five."""

SORRY = Reply(say("Something went wrong on my side; it is written in my log. Please try again.", "error"), ok=False)


class Calls(Protocol):
    """What the conversation needs of Slack. None of these raises for what Slack answers: the log has it then."""

    async def rights(self, user: str) -> Rights:
        """What somebody may do; the least where Slack cannot be asked."""

    async def shut(self, channel: str) -> str:
        """Why nothing can be posted to a channel; "" if it can be, or if nobody knows."""

    async def opened(self, trigger: str, view: Block) -> bool:
        """Show a form; False if that is not possible any more (a trigger lives 3 s)."""

    async def published(self, user: str, view: Block) -> None:
        """Show somebody's App Home."""

    async def respond(self, url: str, body: Block) -> None:
        """Answer by a response_url."""

    async def send(self, place: Place, body: Block) -> None:
        """Say something that is no alert."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks, from where, and how to answer; without a response_url in direct messages."""

    user: str
    person: Person
    place: Place
    channel: str = ""
    response_url: str = ""
    trigger: str = ""


class Talk:
    """Answers people of one workspace, `team`."""

    def __init__(self, front: Front, calls: Calls, team: str) -> None:
        self._front, self._calls, self._team = front, calls, team

    def asker(self, body: Mapping[str, Any], user: str, channel: str) -> Asker:
        """Who sent a payload. The workspace is always ours: people of others are guests in it."""
        person = self.person(user)
        url, trigger = str(body.get("response_url") or ""), str(body.get("trigger_id") or "")
        return Asker(user, person, self.place(channel, person), channel, url, trigger)

    def person(self, user: str) -> Person:
        """`slack:T0/U1`"""
        return Person(f"slack:{self._team}/{user}")

    def place(self, channel: str, person: Person) -> Place:
        """Direct messages, of whomever with whomever, are the asker's own place: nobody else there asked for anything."""
        if not channel or channel.startswith("D"):
            return own_place(person)
        return Place(f"slack:{self._team}/{channel}")

    def command(self, path: tuple[str, ...]) -> Command | None:
        """The command of a form; None if there is none of that name any more."""
        return self._front.book.commands.get(path)

    async def said(self, asker: Asker, line: str) -> None:
        """Answer a line; a command that lacks what it needs is asked for in a form."""
        command, rest = slack_views.command_of(self._front.book, line)
        if command and asker.trigger and (given := slack_views.lacking(command, rest)) is not None:
            form = slack_views.Form(command.path, "" if is_own(asker.place) else asker.channel, asker.response_url)
            if await self._calls.opened(asker.trigger, slack_views.modal(command, given, form)):
                return
        rights = await self._calls.rights(asker.user)
        refused = await self._refused(command, asker.place, asker.channel, rights)
        await self.tell(asker, refused or await self._front.book.answer(line, asker.place, asker.person, rights))
        await self._refresh(asker)

    async def filled(self, asker: Asker, command: Command, args: Mapping[str, str], where: str | None) -> Reply:
        """Carry out what a form says, at the conversation that was chosen in it (None: where it was opened)."""
        channel = asker.channel if where is None else where
        place, rights = self.place(channel, asker.person), await self._calls.rights(asker.user)
        if refused := await self._refused(command, place, channel, rights):
            return refused
        try:
            call = self._front.book.call(command.path, args, place, asker.person, rights)
        except RobowireError as error:
            return Reply(say(str(error), "error"), ok=False, field=getattr(error, "field", ""))
        return await self._front.book.perform(call)

    async def finish(self, asker: Asker, task: asyncio.Task[Any], where: str | None) -> None:
        """Tell what came of a form: to who sent it, and at the place that it is about."""
        reply = await task or SORRY
        place = asker.place if where is None else self.place(where, asker.person)
        there = reply.public and not is_own(place)
        await self.tell(asker, replace(reply, public=there and place == asker.place))
        if there and place != asker.place:
            await self._calls.send(place, slack_blocks.payload(reply.message))
        await self._refresh(asker)

    async def why(self, asker: Asker, link: str) -> None:
        """Why the item behind a link was told or not, with a button to follow its story."""
        if not link:
            await self.tell(asker, Reply(say("There is no link in that message.", "error"), ok=False))
            return
        rights = await self._calls.rights(asker.user)
        reply = await self._front.book.answer(f"why {link}", asker.place, asker.person, rights)
        await self.tell(asker, slack_views.followable(reply, self._front.book))

    async def suggest(self, action_id: str, typed: str, asker: Asker, path: tuple[str, ...]) -> list[Block]:
        """The options of an external select, in the form of a command, for what was typed so far."""
        kinds: tuple[Complete, ...] = get_args(Complete)
        kind = next((one for one in kinds if one and one == slack_views.completes(action_id)), None)
        if kind is None:
            return []
        command = self.command(path)
        place = own_place(asker.person) if command and command.personal else asker.place
        found = await self._front.suggest(kind, typed, place, asker.person)
        if typed.strip() and slack_views.free(command, kind):
            found = [*found, Choice(typed.strip(), typed.strip())]
        return slack_views.options(found)

    async def event(self, body: Mapping[str, Any]) -> None:
        """The App Home was opened, or the bot was removed; a workspace that is not ours is none of our business."""
        event: Mapping[str, Any] = body.get("event") or {}
        if body.get("team_id") not in (None, "", self._team):
            return
        kind = event.get("type")
        if kind == "app_home_opened" and event.get("tab", "home") == "home":
            await self._publish(str(event.get("user", "")))
        elif kind == "app_uninstalled" or (kind == "tokens_revoked" and (event.get("tokens") or {}).get("bot")):
            await self._front.left(f"slack:{self._team}")
        elif kind in ("channel_left", "group_left") and event.get("channel"):
            await self._front.left(f"slack:{self._team}/{event['channel']}")

    async def tell(self, asker: Asker, reply: Reply) -> None:
        """Answer: to the asker alone, or to everybody at a channel that the reply concerns."""
        public = reply.public and not is_own(asker.place)
        how = {"response_type": "in_channel" if public else "ephemeral", "replace_original": False}
        for body in slack_blocks.pages(reply.message, PAGES):
            if asker.response_url:
                await self._calls.respond(asker.response_url, body | how)
            else:
                await self._calls.send(own_place(asker.person), body)

    async def _refused(self, command: Command | None, place: Place, channel: str, rights: Rights) -> Reply | None:
        """A refusal if what the command makes could never be told at its place."""
        if command is None or command.path not in slack_views.PLACED or is_own(place) or rights != "manager":
            return None
        why = await self._calls.shut(channel)
        return Reply(say(why, "error"), ok=False, field=slack_views.HERE) if why else None

    async def _publish(self, user: str) -> None:
        view = slack_views.home(await self._front.home(self.person(user)), self._front.book)
        await self._calls.published(user, view)

    async def _refresh(self, asker: Asker) -> None:
        """What is said in the App Home, where there is no response_url, may have changed what it shows."""
        if not asker.response_url:
            await self._publish(asker.user)
