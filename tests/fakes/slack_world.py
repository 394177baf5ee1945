"""A Slack workspace in memory: it answers Web API methods as Slack does, and keeps what people would see."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.chat.slack_rules import RESPONSE_SECONDS, RESPONSES, TRIGGER_SECONDS
from tests.fakes.slack_state import APP, BOT, BOT_USER, TEAM, Member, Room, Shown, View

PEOPLE = (
    Member("U1", "ada", "admin"),
    Member("U2", "bo"),
    Member("U3", "gil", "guest"),
    Member("U4", "stray", "stranger"),
    Member("U5", "olive", "owner", "America/New_York", -18_000),
    Member("U6", "sid", "single"),
    Member("U7", "rip", "gone"),
    Member(BOT_USER, "robowire", "bot", "UTC", 0),
)
SCOPES = (
    "commands",
    "chat:write",
    "channels:history",
    "channels:read",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
)
_NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "users.info": "users:read",
    "team.info": "team:read",
}
_BY_ROOM = {"conversations.history": "history", "conversations.replies": "history", "conversations.info": "read"}


class Refusal(Exception):
    """Slack says `ok: false`; `more` stands beside the error."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error, self.more = error, more


@dataclass
class Answering:
    """A response_url: who may be answered where, and how often it was used."""

    issued: float
    room: Room
    user: str
    message: Shown | None = None
    uses: int = 0


@dataclass
class Workspace:
    """People, channels, messages and views; `log` has everything that became visible, in order, each edit too."""

    now: Callable[[], float] = time.time
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    members: dict[str, Member] = field(default_factory=lambda: {one.id: one for one in PEOPLE})
    rooms: dict[str, Room] = field(
        default_factory=lambda: {
            room.id: room
            for room in (
                Room("C1", "robots"),
                Room("C2", "deals"),
                Room("C3", "elsewhere", joined=False),
                Room("C4", "old", archived=True),
                Room("G1", "secret", private=True),
            )
        }
    )
    messages: list[Shown] = field(default_factory=list)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    log: list[Shown | View] = field(default_factory=list)
    triggers: dict[str, tuple[float, bool, str]] = field(default_factory=dict)
    opened: dict[str, View] = field(default_factory=dict)
    answering: dict[str, Answering] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    # -- what people look at -------------------------------------------------------------------------------------------

    def here(self, channel: str) -> list[Shown]:
        """What everybody in a channel can read, oldest first, threads too."""
        return [one for one in self.messages if one.channel == channel and not one.to]

    def private(self, user: str, channel: str = "") -> list[Shown]:
        """What a person alone was shown, in one channel or anywhere."""
        return [one for one in self.messages if one.to == user and channel in ("", one.channel)]

    def direct(self, user: str) -> Room:
        """A person's direct messages with the bot."""
        room = Room(f"D{user}", "directmessage", user=user)
        return self.rooms.setdefault(room.id, room)

    # -- what Slack hands out -------------------------------------------------------------------------------------------

    def number(self) -> int:
        """Another number, so that nothing has the same name twice."""
        return next(self._numbers)

    def stamp(self) -> str:
        """A timestamp that is a message's name in its channel."""
        return f"{int(self.now())}.{self.number():06d}"

    def trigger(self, user: str) -> str:
        """A trigger that opens one view for a person within three seconds."""
        name = f"13345224609.738474920.{self.number():032x}"
        self.triggers[name] = (self.now(), False, user)
        return name

    def answerable(self, room: Room, user: str, message: Shown | None = None) -> str:
        """The name of a response_url."""
        name = f"{TEAM}/{self.number()}/{'r' * 24}"
        self.answering[name] = Answering(self.now(), room, user, message)
        return name

    # -- what the bot asks ----------------------------------------------------------------------------------------------

    def answer(self, method: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Carry out a method. Raises Refusal."""
        act = _METHODS.get(method)
        if act is None:
            raise Refusal("unknown_method", req_method=method)
        if method in _NEEDS:
            self._need(_NEEDS[method])
        return act(self, payload)

    def respond(self, name: str, payload: Mapping[str, Any]) -> tuple[int, str]:
        """Use a response_url: status and body."""
        using = self.answering.get(name)
        if using is None:
            return 404, "no_such_url"
        using.uses += 1
        if using.uses > RESPONSES or self.now() - using.issued > RESPONSE_SECONDS:
            self.faults.append(f"respond: use {using.uses} of a response_url {self.now() - using.issued:.0f} s old")
            return 404, "used_url" if using.uses > RESPONSES else "expired_url"
        if payload.get("delete_original"):
            if using.message in self.messages:
                self.messages.remove(using.message)
        elif payload.get("replace_original"):
            if using.message is None:
                return 404, "no_original"
            self._change(using.message, payload, name)
        else:
            to = "" if payload.get("response_type") == "in_channel" else using.user
            self._show(using.room.id, payload, to=to, via=name)
        return 200, "ok"

    def acked(self, name: str, payload: Mapping[str, Any]) -> None:
        """A command was answered in its acknowledgement, to be shown as the response_url of this name would."""
        if payload.get("text") or payload.get("blocks"):
            using = self.answering[name]
            self._show(
                using.room.id, payload, to="" if payload.get("response_type") == "in_channel" else using.user, via=name
            )

    def say(self, text: str, user: str, channel: str, thread: str = "") -> Shown:
        """Somebody says something in a channel."""
        block = {"type": "section", "block_id": "said", "text": {"type": "mrkdwn", "text": text, "verbatim": False}}
        one = Shown(self.stamp(), channel, text, [block], thread=thread, by=user)
        self.messages.append(one)
        self.log.append(one)
        return one

    # -- parts ----------------------------------------------------------------------------------------------------------

    def _need(self, scope: str) -> None:
        if scope not in self.scopes:
            raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def _room(self, payload: Mapping[str, Any], post: bool = False) -> Room:
        name = str(payload.get("channel", ""))
        room = self.direct(name) if post and name in self.members else self.rooms.get(name)
        if room is None or (room.private and not room.joined):
            raise Refusal("channel_not_found")
        if post:
            for wrong, error in (
                (room.archived, "is_archived"),
                (not room.joined and "chat:write.public" not in self.scopes, "not_in_channel"),
                (room.restricted, "restricted_action"),
            ):
                if wrong:
                    raise Refusal(error)
        return room

    def _show(self, channel: str, payload: Mapping[str, Any], to: str = "", via: str = "") -> Shown:
        one = Shown(
            self.stamp(),
            channel,
            str(payload.get("text") or ""),
            self._blocks(payload.get("blocks")),
            [{**part, "blocks": self._blocks(part.get("blocks"))} for part in _read(payload.get("attachments")) or ()],
            _read(payload.get("metadata")),
            str(payload.get("thread_ts") or ""),
            to,
            via=via,
        )
        self.messages.append(one)
        self.log.append(one)
        return one

    def _change(self, one: Shown, payload: Mapping[str, Any], via: str = "") -> None:
        """What an edit leaves out stays as it is."""
        one.text = str(payload.get("text") or one.text)
        if payload.get("blocks") is not None:
            one.blocks = self._blocks(payload["blocks"])
        if payload.get("attachments") is not None:
            one.attachments = _read(payload["attachments"])
        if payload.get("metadata") is not None:
            one.metadata = _read(payload["metadata"]) or None
        one.edits += 1
        one.via = via
        self.log.append(one)

    def _blocks(self, blocks: Any) -> list[dict[str, Any]]:
        """Blocks as Slack keeps them: each with an id."""
        return [{**block, "block_id": block.get("block_id") or f"b{self.number()}"} for block in _read(blocks) or ()]

    def pull(self, trigger: str, view: View) -> None:
        """A view is opened by a trigger. Raises Refusal for one that is unknown, late or used."""
        issued, used, user = self.triggers.get(trigger, (0.0, True, ""))
        late = self.now() - issued
        if trigger not in self.triggers:
            raise Refusal("invalid_trigger_id")
        if used or late > TRIGGER_SECONDS:
            self.faults.append(f"views.open: a trigger {late:.1f} s old, {'used' if used else 'not used'} before")
            raise Refusal("exchanged_trigger_id" if used else "expired_trigger_id")
        self.triggers[trigger] = (issued, True, user)
        self.opened[trigger] = view
        view.user = user

    def view(self, payload: Mapping[str, Any], user: str, previous: str = "") -> View:
        """A new view, open for a person."""
        number = self.number()
        made = dict(payload) | {"blocks": self._blocks(payload.get("blocks"))}
        view = View(f"V{number}", user, made, f"{int(self.now())}.{number:08x}", previous=previous)
        self.views[view.id] = view
        self.log.append(view)
        return view

    def rewrite(self, view: View, payload: Mapping[str, Any]) -> None:
        """A view says something else from now on."""
        view.payload = dict(payload) | {"blocks": self._blocks(payload.get("blocks"))}
        view.hash = f"{int(self.now())}.{self.number():08x}"
        view.versions += 1
        view.errors = {}
        self.log.append(view)


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _auth_test(world: Workspace, _: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "url": "https://robots.slack.com/",
        "team": "Robots",
        "user": "robowire",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def _post(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    room = world._room(payload, post=True)
    thread = str(payload.get("thread_ts") or "")
    if thread and all(one.ts != thread for one in world.here(room.id)):
        raise Refusal("thread_not_found")
    one = world._show(room.id, payload)
    return {"channel": room.id, "ts": one.ts, "message": one.payload()}


def _post_ephemeral(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    room = world._room(payload, post=True)
    if payload.get("user") not in world.members:
        raise Refusal("user_not_in_channel")
    return {"message_ts": world._show(room.id, payload, to=str(payload["user"])).ts}


def _update(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    room = world._room(payload)
    if room.archived:
        raise Refusal("is_archived")
    for one in world.here(room.id):
        if one.ts == payload.get("ts"):
            if one.by != BOT_USER:
                raise Refusal("cant_update_message")
            world._change(one, payload)
            return {"channel": room.id, "ts": one.ts, "text": one.text, "message": one.payload()}
    raise Refusal("message_not_found")


def _delete(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    room = world._room(payload)
    for one in world.here(room.id):
        if one.ts == payload.get("ts"):
            world.messages.remove(one)
            return {"channel": room.id, "ts": one.ts}
    raise Refusal("message_not_found")


def _open_room(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    users = str(payload.get("users") or "").split(",")
    if len(users) != 1:
        raise Refusal("method_not_supported_for_channel_type")
    member = world.members.get(users[0])
    if member is None:
        raise Refusal("user_not_found")
    if member.standing in ("gone", "bot"):
        raise Refusal("user_disabled" if member.standing == "gone" else "cannot_dm_bot")
    return {"channel": {"id": world.direct(member.id).id}, "no_op": True, "already_open": True}


def _history(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    room = _readable(world, payload, "conversations.history")
    if not room.joined:
        raise Refusal("not_in_channel")
    found = [one for one in reversed(world.here(room.id)) if not one.thread or one.thread == one.ts]
    return _page(found, payload)


def _replies(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    room = _readable(world, payload, "conversations.replies")
    thread = payload.get("ts")
    found = [one for one in world.here(room.id) if thread in (one.ts, one.thread)]
    if not found:
        raise Refusal("thread_not_found")
    return _page(found, payload)


def _info(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"channel": _readable(world, payload, "conversations.info").info()}


def _readable(world: Workspace, payload: Mapping[str, Any], method: str) -> Room:
    room = world._room(payload)
    world._need(f"{'im' if room.user else 'groups' if room.private else 'channels'}:{_BY_ROOM[method]}")
    return room


def _page(found: list[Shown], payload: Mapping[str, Any]) -> dict[str, Any]:
    """Messages within `oldest` and `latest`, `limit` of them from `cursor`, with metadata where that was asked for."""
    oldest, latest = float(payload.get("oldest") or 0), float(payload.get("latest") or "inf")
    inside = [one for one in found if oldest < float(one.ts) < latest or _edge(one, payload)]
    start, limit = int(payload.get("cursor") or 0), int(payload.get("limit") or 100)
    metadata = str(payload.get("include_all_metadata", "")).lower() in ("1", "true")
    shown = [
        one.payload() | ({"metadata": one.metadata} if metadata and one.metadata else {})
        for one in inside[start : start + limit]
    ]
    more = start + limit < len(inside)
    return {
        "messages": shown,
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def _edge(one: Shown, payload: Mapping[str, Any]) -> bool:
    inclusive = str(payload.get("inclusive", "")).lower() in ("1", "true")
    return inclusive and one.ts in (payload.get("oldest"), payload.get("latest"))


def _user(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    member = world.members.get(str(payload.get("user")))
    if member is None:
        raise Refusal("user_not_found")
    return {"user": member.profile()}


def _view_open(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    view = world.view(_read(payload["view"]), "")
    try:
        world.pull(str(payload.get("trigger_id")), view)
    except Refusal:
        del world.views[view.id]
        world.log.remove(view)
        raise
    return {"view": view.sent() | {"state": {"values": {}}}}


def _view_publish(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    user, wanted = str(payload.get("user_id")), _read(payload["view"])
    if user not in world.members:
        raise Refusal("user_not_found")
    view = world.homes.get(user)
    if view is None:
        view = world.homes[user] = world.view(wanted, user)
    elif payload.get("hash") and payload["hash"] != view.hash:
        raise Refusal("hash_conflict")
    else:
        world.rewrite(view, wanted)
    return {"view": view.sent()}


def _view_update(world: Workspace, payload: Mapping[str, Any]) -> dict[str, Any]:
    wanted = str(payload.get("view_id") or "")
    outer = payload.get("external_id")
    found = [
        one for one in world.views.values() if one.id == wanted or (outer and one.payload.get("external_id") == outer)
    ]
    if not found or not found[0].open:
        raise Refusal("not_found")
    if payload.get("hash") and payload["hash"] != found[0].hash:
        raise Refusal("hash_conflict")
    world.rewrite(found[0], _read(payload["view"]))
    return {"view": found[0].sent()}


_METHODS: dict[str, Callable[[Workspace, Mapping[str, Any]], dict[str, Any]]] = {
    "auth.test": _auth_test,
    "bots.info": lambda world, _: {"bot": {"id": BOT, "app_id": APP, "user_id": BOT_USER, "name": "robowire"}},
    "chat.delete": _delete,
    "chat.getPermalink": lambda world, asked: {
        "channel": asked["channel"],
        "permalink": f"https://robots.slack.com/archives/{asked['channel']}/p{str(asked['message_ts']).replace('.', '')}",
    },
    "chat.postEphemeral": _post_ephemeral,
    "chat.postMessage": _post,
    "chat.update": _update,
    "conversations.history": _history,
    "conversations.info": _info,
    "conversations.open": _open_room,
    "conversations.replies": _replies,
    "team.info": lambda world, _: {"team": {"id": TEAM, "name": "Robots", "domain": "robots"}},
    "users.info": _user,
    "views.open": _view_open,
    "views.publish": _view_publish,
    "views.push": _view_open,
    "views.update": _view_update,
}
