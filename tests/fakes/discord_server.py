"""Our own Discord over loopback: what people do in it, and what they then see.

`async with DiscordServer() as discord` serves REST and the gateway (tests/fakes/discord_wire.py, discord_gateway.py) over a
world in memory (tests/fakes/discord_world.py). Every request of the bot is checked against tests/chat/discord_rules.py; a
test ends with `assert discord.faults == []`.

    seen = await discord.command("/wire news", {"query": "robots"}, user="bo", channel="robots")
    assert "walks" in seen.text and seen.seconds < 0.5
    seen = await discord.press(discord.world.here("robots")[-1], "Why")
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from tests.fakes import discord_payloads as payloads
from tests.fakes.discord_state import (
    ABROAD,
    BOT,
    DIRECT,
    FORUM,
    LAB,
    TEXT,
    THREAD,
    Channel,
    Form,
    Person,
    Shown,
    bits,
    pressable,
    snowflake,
)
from tests.fakes.discord_wire import (
    CALLBACK,
    EDIT,
    PATIENCE,
    POST,
    SYNC,
    Call,
    DiscordWire,
    Trouble,
    broken,
    limited,
    lost,
    refused,
    slow,
)
from tests.fakes.discord_world import Asked

__all__ = [
    "ABROAD",
    "BOT",
    "CALLBACK",
    "DIRECT",
    "EDIT",
    "FORUM",
    "LAB",
    "PATIENCE",
    "POST",
    "SYNC",
    "TEXT",
    "THREAD",
    "Asked",
    "Call",
    "Channel",
    "DiscordServer",
    "Form",
    "Person",
    "Seen",
    "Shown",
    "Trouble",
    "broken",
    "limited",
    "lost",
    "refused",
    "slow",
]

_COMMAND, _COMPONENT, _TYPING, _FORM = 2, 3, 4, 5


@dataclass
class Seen:
    """What somebody saw after they did something; `shown` goes on growing while the bot says more."""

    asked: Asked
    log: list[Shown | Form]
    since: int

    @property
    def seconds(self) -> float:
        """How long the first answer took."""
        return self.asked.seconds

    @property
    def shown(self) -> list[Shown]:
        """The messages that came of it, private and public, as they are now."""
        found = [one for one in self.log[self.since :] if isinstance(one, Shown) and self._mine(one)]
        return [one for number, one in enumerate(found) if not one.gone and one not in found[:number]]

    @property
    def forms(self) -> list[Form]:
        """The forms that it opened: one, or none."""
        return [one for one in self.log[self.since :] if isinstance(one, Form) and one.via == self.asked.token]

    @property
    def form(self) -> Form:
        """The form that it opened. Raises IndexError if there is none."""
        return self.forms[-1]

    @property
    def text(self) -> str:
        """Everything that could be read, a text a line."""
        return "\n".join([*(one.words for one in self.shown), *(form.words for form in self.forms)])

    @property
    def public(self) -> bool:
        """Whether others could read it too."""
        return any(not one.to for one in self.shown)

    def _mine(self, one: Shown) -> bool:
        changed = self.asked.answer.get("type") in (6, 7) and one is self.asked.message
        return one.via == self.asked.token or changed


class DiscordServer(DiscordWire):
    """A server with people in it: `ada` may manage it, `bo` may not, `olive` owns it, `shy` takes no direct messages.

    The bot may post in `robots`, `deals` and the `forum`, not in `quiet`, begin no threads in `plain`, and is no member of
    the server that `abroad` is in.
    """

    async def command(
        self,
        line: str,
        given: Mapping[str, Any] | None = None,
        user: str = "ada",
        channel: str = "robots",
        silent: bool = False,
    ) -> Seen:
        """Give a slash command with typed options, and wait until something is to be seen, unless it is to be `silent`.

        A channel that is given as an option goes by its name. `channel="DM"`: in direct messages with the bot. Raises
        AssertionError for what Discord would not let somebody send.
        """
        person, where = self.world.person(user), self._where(channel, user)
        command, path, options, named = self._options(line, given or {})
        self._offered(command, person, where)
        needed = [one["name"] for one in path[-1].get("options") or () if one.get("required")]
        assert all(name in (given or {}) for name in needed), f"Discord would not send {line} without {needed}"
        data = payloads.slash(command, path[1:], options)
        if named:
            known = {one.id: one.info() | {"permissions": str(bits("View Channels"))} for one in named}
            data["resolved"] = {"channels": known}
        return await self._seen(payloads.new_asked(_COMMAND, person, where, data), silent)

    async def suggest(
        self,
        line: str,
        name: str,
        typed: str = "",
        given: Mapping[str, Any] | None = None,
        user: str = "ada",
        channel: str = "robots",
    ) -> list[tuple[str, str]]:
        """Type into an option: labels and values of what is suggested."""
        person, where = self.world.person(user), self._where(channel, user)
        command, path, options, _ = self._options(line, given or {})
        known = next(one for one in path[-1]["options"] if one["name"] == name)
        assert known.get("autocomplete"), f"Discord asks for no suggestions for {name}"
        options.append({"type": known["type"], "name": name, "value": typed, "focused": True})
        asked = payloads.new_asked(_TYPING, person, where, payloads.slash(command, path[1:], options))
        await self.deliver(asked)
        return [(one["name"], one["value"]) for one in asked.answer["data"]["choices"]]

    async def press(self, where: Shown, label: str, user: str = "ada", silent: bool = False) -> Seen:
        """Press the button, or take the choice of a menu, whose label has these words; says what was seen then."""
        person = self.world.person(user)
        assert where.to in ("", person.id), f"{user} does not see that message"
        assert not where.gone, "the message is gone"
        found = [one for one in pressable(where.components) if label.lower() in one[0].lower()]
        assert found, f"no button {label!r} among {where.buttons()}"
        _, one, value = found[0]
        data = {"custom_id": one["custom_id"], "component_type": one["type"], "id": 1}
        if value is not None:
            data["values"] = [value]
        asked = payloads.new_asked(_COMPONENT, person, self.world.channels[where.channel], data)
        asked.message = where
        return await self._seen(asked, silent)

    async def submit(self, form: Form, values: Mapping[str, Any], silent: bool = False) -> Seen:
        """Fill in fields (by custom_id) and send the form; those that are not named keep what they had."""
        assert form.open, "the form was sent already"
        fields = form.fields()
        unknown = [name for name in values if name not in fields]
        assert not unknown, f"no field {unknown} among {list(fields)}"
        filled = payloads.filled(form.payload["components"], {name: form.value(name) for name in fields} | dict(values))
        data = {"custom_id": form.payload["custom_id"], "components": filled}
        asked = payloads.new_asked(_FORM, self.world.people[form.user], self.world.channels[form.channel], data)
        asked.message = self.world.asked[form.via].message
        form.open = False
        return await self._seen(asked, silent)

    async def menu(self, message: Shown, name: str, user: str = "ada", silent: bool = False) -> Seen:
        """Use the bot's command of this name in the menu of a message."""
        person, where = self.world.person(user), self.world.channels[message.channel]
        command = next((one for one in self.world.commands if (one["type"], one["name"]) == (3, name)), None)
        assert command, f"no message command {name!r} among {[one['name'] for one in self.world.commands]}"
        self._offered(command, person, where)
        resolved = {"messages": {message.id: message.message(self.world.people)}}
        data = {"id": command["id"], "name": name, "type": 3, "target_id": message.id, "resolved": resolved}
        return await self._seen(payloads.new_asked(_COMMAND, person, where, data), silent)

    async def deliver(self, asked: Asked, within: float = PATIENCE) -> Asked:
        """Send one interaction and wait until it is answered."""
        await self.wait_for(lambda: self.gateway.connected, "a connection of the bot")
        self.world.asked[asked.token] = asked
        asked.at = monotonic()
        guild = self.world.channels[asked.channel].guild
        await self.gateway.dispatch("INTERACTION_CREATE", payloads.interaction(asked, self.world), guild)
        await self.wait_for(lambda: asked.answered is not None, f"an answer to {asked.data}", within)
        return asked

    def say(self, text: str, user: str = "bo", channel: str = "robots", **more: Any) -> Shown:
        """Somebody writes a message; the bot does not hear of it."""
        shown = Shown(
            snowflake(), self.world.channel(channel).id, {"content": text, **more}, self.world.person(user).id
        )
        self.world.messages.append(shown)
        return shown

    # -- what happens to the bot ------------------------------------------------------------------------------------------

    def add(self, name: str, **more: Any) -> Channel:
        """One more channel, of which a bot that is connected does not hear."""
        channel = Channel(snowflake(), name, **more)
        self.world.channels[channel.id] = channel
        return channel

    async def permit(self, channel: str, denied: int = 0) -> None:
        """Change what the bot may not do in a channel."""
        where = self.world.channel(channel)
        where.denied = denied
        await self.gateway.dispatch("CHANNEL_UPDATE", where.info())

    async def outage(self) -> None:
        """The server is away for a while."""
        await self.gateway.dispatch("GUILD_DELETE", {"id": LAB, "unavailable": True})

    async def recover(self) -> None:
        """It is there again."""
        await self.gateway.dispatch("GUILD_CREATE", payloads.guild(self.world))

    async def kick(self) -> None:
        """The bot is removed from the server."""
        self.world.joined = False
        await self.gateway.dispatch("GUILD_DELETE", {"id": LAB})

    async def remove(self, channel: str) -> None:
        """A channel is deleted, with its threads."""
        where = self.world.channel(channel)
        for thread in self.world.threads(channel):
            del self.world.channels[thread.id]
        del self.world.channels[where.id]
        if where.kind == THREAD:
            gone = {"id": where.id, "guild_id": where.guild, "parent_id": where.parent, "type": THREAD}
            await self.gateway.dispatch("THREAD_DELETE", gone)
        else:
            await self.gateway.dispatch("CHANNEL_DELETE", where.info())

    def may(self, user: str, **more: Any) -> None:
        """Let a person be another: `permissions`, `dms`."""
        person = self.world.person(user)
        self.world.people[person.id] = replace(person, **more)

    # -- parts ------------------------------------------------------------------------------------------------------------

    async def _seen(self, asked: Asked, silent: bool) -> Seen:
        seen = Seen(asked, self.world.log, len(self.world.log))
        await self.deliver(asked)
        if not silent:
            await self.wait_for(lambda: seen.shown or seen.forms, f"something to be seen after {asked.data}")
        return seen

    def _options(
        self, line: str, given: Mapping[str, Any]
    ) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]], list[Channel]]:
        """The command, the path to what is asked of it, its options as they are sent, channels among them."""
        command, path = payloads.leaf_of(self.world.commands, line.lstrip("/").split())
        known = {one["name"]: one for one in path[-1].get("options") or ()}
        unknown = [name for name in given if name not in known]
        assert not unknown, f"{line} has no option {unknown}, but {list(known)}"
        named = {name: self.world.channel(str(given[name])) for name in given if known[name]["type"] == 7}
        options = [payloads.option(known[name], value, named.get(name)) for name, value in given.items()]
        return command, path, options, list(named.values())

    def _offered(self, command: Mapping[str, Any], person: Person, where: Channel) -> None:
        """Raises AssertionError if Discord would not offer the command to this person there."""
        contexts, kinds = command.get("contexts"), command.get("integration_types") or [0]
        assert contexts is None or (1 if where.kind == DIRECT else 0) in contexts, "the command is not offered here"
        assert where.guild != ABROAD or 1 in kinds, "people cannot install it for themselves"
        needed = int(command.get("default_member_permissions") or 0)
        everything = bool(person.permissions & bits("Administrator"))
        assert everything or needed & ~person.permissions == 0, f"the command is not offered to {person.name}"

    def _where(self, channel: str, user: str) -> Channel:
        return self.world.direct(user) if channel == "DM" else self.world.channel(channel)
