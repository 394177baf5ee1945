"""Our own Slack over loopback: what people do in it, and what they then see.

`async with SlackServer() as slack` serves the Web API and Socket Mode (tests/fakes/slack_wire.py) over a workspace in memory
(tests/fakes/slack_world.py). Every call of the bot is checked against tests/chat/slack_rules.py; a test ends with
`assert slack.faults == []`.

    seen = await slack.command("/wire news robots", user="U2", channel="C1")
    assert "walks" in seen.text and seen.seconds < 0.5
    seen = await slack.press(slack.world.here("C1")[-1], "Why")
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any

from tests.fakes import slack_payloads as payloads
from tests.fakes.slack_state import (
    BOT_USER,
    TEAM,
    Member,
    Room,
    Shown,
    View,
    choices,
    elements,
    initial_of,
    state_of,
    text_of,
)
from tests.fakes.slack_wire import PATIENCE, Call, Sent, SlackWire, Trouble, broken, limited, lost, refused, slow

__all__ = [
    "BOT_USER",
    "PATIENCE",
    "TEAM",
    "Call",
    "Member",
    "Room",
    "Seen",
    "Sent",
    "Shown",
    "SlackServer",
    "Trouble",
    "View",
    "broken",
    "limited",
    "lost",
    "refused",
    "slow",
]


@dataclass
class Seen:
    """What somebody saw after they did something; `shown` goes on growing while the bot says more."""

    sent: Sent
    user: str
    channels: frozenset[str]
    names: frozenset[str]
    log: list[Shown | View]
    since: int
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long the acknowledgement took."""
        return self.sent.seconds

    @property
    def shown(self) -> list[Shown]:
        """The messages that came of it, private and public; alerts that came meanwhile are none of them."""
        return [one for one in self.log[self.since :] if isinstance(one, Shown) and self._mine(one)]

    @property
    def views(self) -> list[View]:
        """The views that were opened, published or changed for this person."""
        return [one for one in self.log[self.since :] if isinstance(one, View) and one.user == self.user]

    @property
    def view(self) -> View:
        """The last of them. Raises IndexError if there is none."""
        return self.views[-1]

    @property
    def text(self) -> str:
        """Everything that could be read, a text a line."""
        return "\n".join([*(one.words for one in self.shown), *(view.words for view in self.views)])

    @property
    def public(self) -> bool:
        """Whether others could read it too."""
        return any(not one.to for one in self.shown)

    def _mine(self, one: Shown) -> bool:
        if one.via in self.names:
            return True
        return one.to == self.user or (one.channel in self.channels and not one.to and one.metadata is None)


class SlackServer(SlackWire):
    """A workspace with people in it: `U1` ada is an admin, `U2` bo a member, `U3` gil and `U6` sid guests, `U4` comes from
    another workspace, `U5` olive owns it, `U7` is gone. The bot is in `C1` and `C2`, not in `C3`; `C4` is archived."""

    def __init__(self, bot_token: str = "xoxb-1-fake", app_token: str = "xapp-1-fake") -> None:
        super().__init__(bot_token, app_token)
        self._origins: dict[str, tuple[Room, tuple[str, ...]]] = {}
        """Where each form was asked for, and by what names an answer there comes."""

    async def command(
        self, line: str, user: str = "U1", channel: str = "C1", silent: bool = False, within: float = PATIENCE
    ) -> Seen:
        """Give a slash command, and wait until something is to be seen, unless the bot is to be `silent`."""
        member, room, since = self._member(user), self._room(channel, user), len(self.world.log)
        name, trigger = self.world.answerable(room, user), self.world.trigger(user)
        payload = payloads.command(line, member, room, self.response_url(name), trigger)
        sent = await self.deliver("slash_commands", payload, within=within)
        self.world.acked(name, sent.ack)
        return await self._seen(sent, user, room, (name, trigger), since, silent)

    async def press(self, where: Shown | View, label: str, user: str = "U1", silent: bool = False) -> Seen:
        """Press the button, or take the choice of a menu, whose label has these words; says what was seen then."""
        blocks = where.all_blocks if isinstance(where, Shown) else where.blocks
        found = [each for each in choices(blocks) if label.lower() in text_of(each[1]).lower()]
        assert found, f"no button {label!r} among {where.buttons()}"
        block, option, one = found[0]
        chosen = None if option is one else option
        return await self._act(where, payloads.action(block, one, chosen, self.world.stamp()), user, silent)

    async def choose(self, view: View, name: str, value: Any, user: str = "U1", silent: bool = False) -> Seen:
        """Take something in a menu that is not part of a form: a section's accessory, or one of a row of actions."""
        block, one = next(pair for pair in elements(view.blocks) if name in (pair[0]["block_id"], pair[1]["action_id"]))
        said = payloads.action(block, one, None, self.world.stamp()) | state_of(one, value)
        return await self._act(view, said, user, silent)

    async def submit(self, view: View, values: Mapping[str, Any], silent: bool = False) -> Seen:
        """Fill in fields (by block_id, action_id or label) and send the form; `errors` are those under the fields.

        Fields that are not named keep what they had. If it went well the form is closed, or says something else.
        """
        filled = self._filled(view, values)
        member, since, trigger = self._member(view.user), len(self.world.log), self.world.trigger(view.user)
        sent = await self.deliver("interactive", payloads.submission(member, view, filled, trigger))
        errors = self._answered(view, sent.ack)
        room, names = self._origins.get(view.id, (self.world.direct(view.user), ()))
        names = (trigger, *names)
        if errors or sent.ack:
            return Seen(sent, view.user, self._near(room, view.user), frozenset(names), self.world.log, since, errors)
        return await self._seen(sent, view.user, room, names, since, silent)

    async def suggest(self, view: View, name: str, typed: str = "") -> list[tuple[str, str]]:
        """Type into an external menu: labels and values of what is suggested, groups one after another."""
        block, one = self._element(view, name)
        assert one["type"].endswith("external_select"), f"{name} is a {one['type']}"
        assert len(typed) >= one["min_query_length"], f"Slack would not ask yet for {typed!r}"
        sent = await self.deliver("interactive", payloads.suggestion(self._member(view.user), view, block, one, typed))
        groups = sent.ack.get("option_groups") or [{"options": sent.ack.get("options", [])}]
        return [(text_of(option), option["value"]) for group in groups for option in group["options"]]

    async def shortcut(self, message: Shown, callback_id: str, user: str = "U1", silent: bool = False) -> Seen:
        """Use the bot's shortcut in the menu of a message."""
        room, since = self.world.rooms[message.channel], len(self.world.log)
        name, trigger = self.world.answerable(room, user), self.world.trigger(user)
        payload = payloads.message_shortcut(
            self._member(user), room, message, callback_id, self.response_url(name), trigger
        )
        sent = await self.deliver("interactive", payload)
        return await self._seen(sent, user, room, (name, trigger), since, silent)

    async def event(self, kind: str, retry: int = 0, reason: str = "timeout", event_id: str = "", **inner: Any) -> Sent:
        """Something happened in the workspace. With `retry` it is said again: give the `event_id` of before."""
        said = {"type": kind, "event_ts": self.world.stamp(), **inner}
        payload = payloads.event(said, event_id or f"Ev{uuid.uuid4().hex[:10].upper()}", time())
        return await self.deliver("events_api", payload, retry, reason if retry else "")

    async def open_home(self, user: str = "U1") -> View:
        """Look at the bot's home tab; waits until it is published anew."""
        homes = self.world.homes
        before = homes[user].versions if user in homes else 0
        await self.event("app_home_opened", user=user, channel=self.world.direct(user).id, tab="home")
        await self.wait_for(lambda: user in homes and homes[user].versions > before, f"the home of {user}")
        return homes[user]

    async def remove(self, channel: str, event: str = "channel_left") -> Sent:
        """Take the bot out of a channel (`channel_left`, `group_left` or `member_left_channel`, as it has subscribed), or
        (`channel_deleted`, `channel_archive`) the channel itself away."""
        room = self.world.rooms[channel]
        if event in ("channel_left", "group_left"):
            room.joined = False
            return await self.event(event, channel=channel, actor_id="U1")
        if event == "member_left_channel":
            room.joined = False
            return await self.event(event, user=BOT_USER, channel=channel, channel_type="C", team=TEAM)
        if event == "channel_deleted":
            del self.world.rooms[channel]
            return await self.event(event, channel=channel)
        room.archived = True
        return await self.event(event, channel=channel, user="U1")

    async def uninstall(self) -> None:
        """Remove the app: tokens die at once, then both events come."""
        self.revoked = "account_inactive"
        await self.event("tokens_revoked", tokens={"oauth": [], "bot": [BOT_USER]})
        await self.event("app_uninstalled")

    async def message(self, channel: str, count: int = 1) -> Shown:
        """Wait until there are so many messages for everybody in a channel; answers the last of those."""
        await self.wait_for(lambda: len(self.world.here(channel)) >= count, f"message {count} in {channel}")
        return self.world.here(channel)[count - 1]

    # -- parts ----------------------------------------------------------------------------------------------------------

    async def _act(self, where: Shown | View, said: Mapping[str, Any], user: str, silent: bool) -> Seen:
        member, since, trigger = self._member(user), len(self.world.log), self.world.trigger(user)
        names: tuple[str, ...] = (trigger,)
        if isinstance(where, View):
            room = self.world.direct(user)
            payload = payloads.pressed_in_view(member, where, said, self._filled(where, {}, whole=False), trigger)
        else:
            room = self.world.rooms[where.channel]
            name = self.world.answerable(room, user, where)
            payload = payloads.pressed_on_message(member, room, where, said, self.response_url(name), trigger)
            names = (name, trigger)
        sent = await self.deliver("interactive", payload)
        return await self._seen(sent, user, room, names, since, silent)

    async def _seen(self, sent: Sent, user: str, room: Room, names: Sequence[str], since: int, silent: bool) -> Seen:
        seen = Seen(sent, user, self._near(room, user), frozenset(names), self.world.log, since)
        if not silent:
            await self.wait_for(lambda: seen.shown or seen.views, f"an answer to {_asked(sent)}")
        for view in seen.views:
            self._origins.setdefault(view.id, (room, tuple(names)))
        return seen

    def _answered(self, view: View, ack: Mapping[str, Any]) -> dict[str, str]:
        """Do with a form what the acknowledgement says; answers the errors."""
        action = ack.get("response_action")
        view.errors = dict(ack.get("errors", {})) if action == "errors" else {}
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        self._faults += [f"an error under {name!r}, which is no field" for name in view.errors if name not in inputs]
        if action == "update":
            self.world.rewrite(view, ack["view"])
        elif action == "push":
            self.world.view(ack["view"], view.user, view.id)
        elif not view.errors:
            view.open = False
        self.note()
        return view.errors

    def _filled(self, view: View, values: Mapping[str, Any], whole: bool = True) -> dict[str, dict[str, Any]]:
        """`view.state.values`: what stands in every field. A `whole` form has something in each that is not optional."""
        given = {id(one): value for name, value in values.items() for _, one in (self._element(view, name),)}
        state: dict[str, dict[str, Any]] = {}
        for block, one in elements(view.blocks):
            if one["type"] in ("button", "overflow"):
                continue
            value = given.get(id(one), initial_of(one))
            empty = value in (None, "", []) and block["type"] == "input" and not block.get("optional")
            assert not (whole and empty), f"Slack would not send the form: {block['block_id']} is empty"
            state.setdefault(block["block_id"], {})[one["action_id"]] = state_of(one, value)
        return state

    def _element(self, view: View, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        for block, one in elements(view.blocks):
            if block["type"] != "input" and name in (block["block_id"], one["action_id"]):
                return block, one
        return view.field(name)

    def _near(self, room: Room, user: str) -> frozenset[str]:
        """Where an answer may be seen: where somebody asked, and in their direct messages."""
        return frozenset((room.id, self.world.direct(user).id))

    def _member(self, user: str) -> Member:
        return self.world.members[user]

    def _room(self, channel: str, user: str) -> Room:
        return self.world.direct(user) if channel == "DM" else self.world.rooms[channel]


def _asked(sent: Sent) -> str:
    said = sent.payload.get("text") if sent.kind == "slash_commands" else sent.payload.get("type")
    return f"{sent.kind} {said!r}"
