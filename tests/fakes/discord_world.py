"""Discord in memory: it answers REST requests as Discord does, and keeps what people would see."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.chat.discord_rules import ACK_SECONDS, EPHEMERAL, TOKEN_SECONDS
from tests.fakes.discord_state import (
    ABROAD,
    APP,
    BOT,
    DIRECT,
    EVERYBODY,
    FORUM,
    LAB,
    THREAD,
    Channel,
    Form,
    Person,
    Shown,
    bits,
    snowflake,
)

NONCE_SECONDS = 180.0
"""How long a nonce is remembered under enforce_nonce: "the past few minutes", says the reference."""

PEOPLE = (
    Person("910000000000000001", "ada", bits("Manage Server")),
    Person("910000000000000002", "bo"),
    Person("910000000000000003", "shy", dms=False),
    Person("910000000000000005", "olive", bits("Administrator")),
    Person(BOT, "robowire", bot=True),
)
CHANNELS = (
    Channel("920000000000000001", "robots"),
    Channel("920000000000000002", "deals"),
    Channel("920000000000000003", "forum", FORUM, tags=("930000000000000001", "930000000000000002"), needs_tag=True),
    Channel("920000000000000004", "quiet", denied=bits("Send Messages", "Embed Links")),
    Channel("920000000000000005", "plain", denied=bits("Create Public Threads")),
    Channel("920000000000000006", "abroad", guild=ABROAD),
)


class Refusal(Exception):
    """Discord refuses: HTTP status, its own code, its words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
MISSING_ACCESS = (403, 50001, "Missing Access")
MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")


@dataclass
class Asked:
    """One interaction: who did what where, and how it was answered. `at` and `answered` are monotonic seconds."""

    id: str
    token: str
    kind: int
    user: str
    channel: str
    data: dict[str, Any]
    at: float = 0.0
    answered: float | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    message: Shown | None = None
    original: Shown | None = None
    waiting: bool = False

    @property
    def seconds(self) -> float:
        """How long the first answer took."""
        assert self.answered is not None, f"{self.data} was not answered"
        return self.answered - self.at


@dataclass
class World:
    """People, channels, messages, commands; `log` has everything that became visible, in order, each edit too.

    The bot is in the server `LAB` as long as `joined`, never in `ABROAD`.
    `happened` gets the events that Discord tells on the gateway when the bot makes something.
    """

    now: Callable[[], float] = time.monotonic
    people: dict[str, Person] = field(default_factory=lambda: {one.id: one for one in PEOPLE})
    channels: dict[str, Channel] = field(default_factory=lambda: {one.id: replace(one) for one in CHANNELS})
    joined: bool = True
    messages: list[Shown] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    asked: dict[str, Asked] = field(default_factory=dict)
    log: list[Shown | Form] = field(default_factory=list)
    happened: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _nonces: dict[str, tuple[float, Shown]] = field(default_factory=dict)

    # -- what people look at --------------------------------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """Somebody by name or id."""
        return next(one for one in self.people.values() if name in (one.name, one.id))

    def channel(self, name: str) -> Channel:
        """A channel by name or id; `@bo` are the direct messages with somebody."""
        if name.startswith("@"):
            return self.direct(name[1:])
        return next(one for one in self.channels.values() if name in (one.name, one.id))

    def direct(self, user: str) -> Channel:
        """A person's direct messages with the bot."""
        person = self.person(user)
        id_ = f"94{person.id[2:]}"
        return self.channels.setdefault(id_, Channel(id_, f"@{person.name}", DIRECT, "", user=person.id))

    def here(self, name: str) -> list[Shown]:
        """What everybody in a channel can read, oldest first; its threads are channels of their own."""
        id_ = self.channel(name).id
        return [one for one in self.messages if one.channel == id_ and not one.to and not one.gone]

    def threads(self, name: str) -> list[Channel]:
        """The threads of a channel, or the posts of a forum, oldest first."""
        id_ = self.channel(name).id
        return [one for one in self.channels.values() if one.parent == id_]

    def app_permissions(self, channel: Channel) -> int:
        """What the bot may do in a channel."""
        above = self.channels.get(channel.parent, channel) if channel.kind == THREAD else channel
        return EVERYBODY & ~above.denied

    # -- what the bot asks ----------------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Carry out a request: status and body. Raises Refusal."""
        for verb, pattern, act in _METHODS:
            found = re.fullmatch(pattern, path) if verb == method else None
            if found:
                return act(self, body, *found.groups())
        raise Refusal(404, 0, "404: Not Found")

    def me(self, _: Any) -> tuple[int, Any]:
        return 200, self.people[BOT].user()

    def application(self, _: Any) -> tuple[int, Any]:
        owner = self.person("olive").user()
        known = {"id": APP, "name": "Robowire", "icon": None, "description": "", "bot_public": True, "team": None}
        return 200, {**known, "bot_require_code_grant": False, "verify_key": "00", "owner": owner, "flags": 0}

    def sync(self, body: Any, app: str) -> tuple[int, Any]:
        if app != APP:
            raise Refusal(403, 20012, "You are not authorized to perform this action on this application")
        known = {(one.get("type", 1), one["name"]): one["id"] for one in self.commands}
        self.commands = [
            {
                "type": 1,
                "description": "",
                "version": "1",
                "default_member_permissions": None,
                **one,
                "id": known.get((one.get("type", 1), one["name"])) or snowflake(),
                "application_id": APP,
            }
            for one in body
        ]
        return 200, self.commands

    def list_commands(self, _: Any, app: str) -> tuple[int, Any]:
        return 200, self.commands

    def post(self, body: Any, channel: str) -> tuple[int, Any]:
        where = self._writable(channel)
        if where.kind == FORUM:
            raise Refusal(400, 50008, "Cannot send messages in a non-text channel")
        self._may_post(where, body)
        if body.get("message_reference") and not self._may_look_back(where):
            raise Refusal(400, 160002, "Cannot reply without permission to read message history")
        nonce = str(body.get("nonce") or "")
        if nonce and body.get("enforce_nonce") and nonce in self._nonces:
            at, before = self._nonces[nonce]
            if self.now() - at < NONCE_SECONDS:
                return 200, before.message(self.people)
        shown = self._show(Shown(snowflake(), channel, dict(body), nonce=nonce))
        self._nonces[nonce] = (self.now(), shown)
        return 200, shown.message(self.people)

    def edit(self, body: Any, channel: str, number: str) -> tuple[int, Any]:
        where = self._seen(channel)
        shown = self._message(channel, number)
        if shown.author != BOT:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        if where.archived:
            raise Refusal(400, 50083, "Thread is archived")
        return 200, self._change(shown, body).message(self.people)

    def get(self, _: Any, channel: str, number: str) -> tuple[int, Any]:
        if not self._may_look_back(self._seen(channel)):
            raise Refusal(*MISSING_ACCESS)
        return 200, self._message(channel, number).message(self.people)

    def change_channel(self, body: Any, channel: str) -> tuple[int, Any]:
        """A thread that was closed for its age is opened by anybody who may speak in it, unless it is locked."""
        where = self._seen(channel)
        if where.kind != THREAD or set(body) != {"archived"} or body["archived"] or where.locked:
            raise Refusal(*MISSING_PERMISSIONS)
        where.archived = False
        return 200, where.info()

    def begin_thread(self, body: Any, channel: str, number: str) -> tuple[int, Any]:
        """A thread under a message, whose id it has."""
        where = self._seen(channel)
        if where.kind in (THREAD, FORUM, DIRECT):
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        if not self.app_permissions(where) & bits("Create Public Threads"):
            raise Refusal(*MISSING_PERMISSIONS)
        self._message(channel, number)
        if number in self.channels:
            raise Refusal(400, 160004, "A thread has already been created for this message")
        return 201, self._thread(number, where, str(body["name"])).info()

    def begin_post(self, body: Any, channel: str) -> tuple[int, Any]:
        """A post in a forum: a thread with its first message, both of the same id."""
        where = self._writable(channel)
        if where.kind != FORUM:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        tags = body.get("applied_tags") or []
        if where.needs_tag and not tags:
            raise Refusal(400, 40067, "A tag is required to create a forum post in this channel")
        if any(tag not in where.tags for tag in tags):
            raise Refusal(400, 10087, "Unknown Tag")
        self._may_post(where, body["message"])
        thread = self._thread(snowflake(), where, str(body["name"]))
        shown = self._show(Shown(thread.id, thread.id, dict(body["message"])))
        return 201, thread.info() | {"message": shown.message(self.people)}

    def open_direct(self, body: Any) -> tuple[int, Any]:
        if body["recipient_id"] not in self.people:
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        channel = self.direct(body["recipient_id"])
        return 200, channel.info() | {"recipients": [self.people[channel.user].user()]}

    # -- answers to interactions ----------------------------------------------------------------------------------------

    def callback(self, body: Any, number: str, token: str) -> tuple[int, Any]:
        """The first answer; asked `with_response` or not, it is told what came of it."""
        asked = self.asked.get(token)
        if asked is None or asked.id != number:
            raise Refusal(404, 10062, "Unknown interaction")
        if asked.answered is not None:
            self.faults.append(f"interaction {asked.data}: answered twice")
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if self.now() - asked.at > ACK_SECONDS:
            self.faults.append(f"interaction {asked.data}: answered after {self.now() - asked.at:.1f} s")
            raise Refusal(404, 10062, "Unknown interaction")
        asked.answered, asked.answer = self.now(), body
        kind, data = body["type"], body.get("data") or {}
        self._fits(asked, kind)
        if kind in (4, 5):
            to = asked.user if data.get("flags", 0) & EPHEMERAL else ""
            asked.waiting = kind == 5
            shown = Shown(snowflake(), asked.channel, dict(data), to=to, via=asked.token, thinking=asked.waiting)
            asked.original = shown if asked.waiting else self._show(shown)
        elif kind in (6, 7):
            asked.original = asked.message
            if kind == 7 and asked.message is not None:
                self._change(asked.message, data)
        elif kind == 9:
            self.log.append(Form(asked.user, asked.channel, dict(data), asked.token))
        told = {"id": asked.id, "type": asked.kind, "response_message_loading": asked.waiting}
        return 200, {"interaction": told, "resource": {"type": kind}}

    def _fits(self, asked: Asked, kind: int) -> None:
        """What may answer what: suggestions while typing, and nothing else there; no form upon a form."""
        if (asked.kind == 4) != (kind == 8) or (kind == 9 and asked.kind == 5) or (kind in (6, 7) and asked.kind == 2):
            self.faults.append(f"interaction of type {asked.kind}: an answer of type {kind} does not fit")
            raise Refusal(400, 50035, "Invalid Form Body")

    def follow_up(self, body: Any, app: str, token: str) -> tuple[int, Any]:
        """One more message; straight after "thinking" it takes its place, and is as private as that was."""
        asked = self._answerable(app, token)
        if asked.waiting and asked.original is not None:
            return self.edit_original(body, app, token)
        to = asked.user if (body.get("flags") or 0) & EPHEMERAL else ""
        shown = self._show(Shown(snowflake(), asked.channel, dict(body), to=to, via=asked.token))
        return 200, shown.message(self.people)

    def edit_original(self, body: Any, app: str, token: str) -> tuple[int, Any]:
        asked = self._answerable(app, token)
        shown = self._original(asked)
        if not asked.waiting:
            return 200, self._change(shown, body).message(self.people)
        asked.waiting = shown.thinking = False
        shown.payload = dict(body)
        return 200, self._show(shown).message(self.people)

    def get_original(self, _: Any, app: str, token: str) -> tuple[int, Any]:
        return 200, self._original(self._answerable(app, token)).message(self.people)

    def delete_original(self, _: Any, app: str, token: str) -> tuple[int, Any]:
        self._original(self._answerable(app, token)).gone = True
        return 204, None

    def _answerable(self, app: str, token: str) -> Asked:
        asked = self.asked.get(token)
        if asked is None or app != APP or asked.answered is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        if self.now() - asked.at > TOKEN_SECONDS:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return asked

    def _original(self, asked: Asked) -> Shown:
        if asked.original is None or asked.original.gone:
            raise Refusal(*UNKNOWN_MESSAGE)
        return asked.original

    # -- parts ----------------------------------------------------------------------------------------------------------

    def _seen(self, channel: str) -> Channel:
        where = self.channels.get(channel)
        if where is None:
            raise Refusal(*UNKNOWN_CHANNEL)
        if where.kind == DIRECT:
            return where
        if where.guild != LAB or not self.joined or not self.app_permissions(where) & bits("View Channels"):
            raise Refusal(*MISSING_ACCESS)
        return where

    def _writable(self, channel: str) -> Channel:
        where = self._seen(channel)
        if where.kind == DIRECT:
            if not self.people[where.user].dms:
                raise Refusal(403, 50007, "Cannot send messages to this user")
            return where
        needed = "Send Messages in Threads" if where.kind == THREAD else "Send Messages"
        if not self.app_permissions(where) & bits(needed):
            raise Refusal(*MISSING_PERMISSIONS)
        if where.locked:
            raise Refusal(400, 160005, "Thread is locked")
        where.archived = False  # a message brings a closed thread back
        return where

    def _may_look_back(self, where: Channel) -> bool:
        return where.kind == DIRECT or bool(self.app_permissions(where) & bits("Read Message History"))

    def _may_post(self, where: Channel, body: Mapping[str, Any]) -> None:
        content, embeds = body.get("content") or "", body.get("embeds") or []
        if not (content.strip() or embeds):
            raise Refusal(400, 50006, "Cannot send an empty message")
        if embeds and where.kind != DIRECT and not self.app_permissions(where) & bits("Embed Links"):
            raise Refusal(*MISSING_PERMISSIONS)

    def _message(self, channel: str, number: str) -> Shown:
        for one in self.messages:
            if (one.channel, one.id, one.gone) == (channel, number, False) and not one.to:
                return one
        raise Refusal(*UNKNOWN_MESSAGE)

    def _thread(self, id_: str, where: Channel, name: str) -> Channel:
        thread = Channel(id_, name, THREAD, where.guild, parent=where.id, owner=BOT)
        self.channels[id_] = thread
        self.happened.append(("THREAD_CREATE", thread.info() | {"newly_created": True}))
        return thread

    def _show(self, shown: Shown) -> Shown:
        self.messages.append(shown)
        self.log.append(shown)
        return shown

    def _change(self, shown: Shown, body: Mapping[str, Any]) -> Shown:
        shown.payload = shown.payload | dict(body)
        shown.edits += 1
        self.log.append(shown)
        return shown


_Act = Callable[..., tuple[int, Any]]
_ID, _HOOK = r"(\d+)", r"/webhooks/(\d+)/([^/]+)"
_METHODS: tuple[tuple[str, str, _Act], ...] = (
    ("GET", "/users/@me", World.me),
    ("GET", "/oauth2/applications/@me", World.application),
    ("GET", f"/applications/{_ID}/commands", World.list_commands),
    ("PUT", f"/applications/{_ID}/commands", World.sync),
    ("POST", "/users/@me/channels", World.open_direct),
    ("POST", f"/channels/{_ID}/messages", World.post),
    ("GET", f"/channels/{_ID}/messages/{_ID}", World.get),
    ("PATCH", f"/channels/{_ID}", World.change_channel),
    ("PATCH", f"/channels/{_ID}/messages/{_ID}", World.edit),
    ("POST", f"/channels/{_ID}/messages/{_ID}/threads", World.begin_thread),
    ("POST", f"/channels/{_ID}/threads", World.begin_post),
    ("POST", rf"/interactions/{_ID}/([^/]+)/callback", World.callback),
    ("POST", _HOOK, World.follow_up),
    ("GET", f"{_HOOK}/messages/@original", World.get_original),
    ("PATCH", f"{_HOOK}/messages/@original", World.edit_original),
    ("DELETE", f"{_HOOK}/messages/@original", World.delete_original),
)
