"""What a Slack workspace has: people, channels, messages, views; and what somebody sees of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.chat.slack_rules import texts_of

Standing = Literal["owner", "admin", "member", "guest", "single", "stranger", "bot", "gone"]
"""`guest` may be in several channels, `single` in one; a `stranger` comes from another workspace by Slack Connect."""

TEAM, APP, BOT, BOT_USER = "T0", "A0", "B0", "U0BOT"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the workspace."""

    id: str
    name: str
    standing: Standing = "member"
    tz: str = "Europe/Berlin"
    tz_offset: int = 3600

    @property
    def team(self) -> str:
        """The workspace that they belong to."""
        return "T9OTHER" if self.standing == "stranger" else TEAM

    def profile(self) -> dict[str, Any]:
        """As users.info has it."""
        known = self.standing != "stranger"
        boss = {
            "is_admin": self.standing in ("admin", "owner"),
            "is_owner": self.standing == "owner",
            "is_primary_owner": False,
            "is_restricted": self.standing in ("guest", "single"),
            "is_ultra_restricted": self.standing == "single",
        }
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.standing == "gone",
            "real_name": self.name.title(),
            "tz": self.tz,
            "tz_label": "Central European Time",
            "tz_offset": self.tz_offset,
            "profile": {"real_name": self.name.title(), "display_name": self.name, "team": self.team},
            **(boss if known else {}),
            "is_bot": self.standing == "bot",
            "is_app_user": False,
            **({} if known else {"is_stranger": True}),
            "updated": 1_700_000_000,
        }


@dataclass
class Room:
    """A channel, or somebody's direct messages with the bot (`user` is set then)."""

    id: str
    name: str
    joined: bool = True
    archived: bool = False
    private: bool = False
    restricted: bool = False
    user: str = ""

    def info(self) -> dict[str, Any]:
        """As conversations.info has it."""
        if self.user:
            return {"id": self.id, "is_im": True, "user": self.user, "is_archived": self.archived, "created": 1}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_member": self.joined,
            "is_general": False,
            "is_ext_shared": False,
            "context_team_id": TEAM,
            "created": 1,
        }


@dataclass
class Shown:
    """A message as it stands in a channel, or as one person alone sees it (`to` is set then)."""

    ts: str
    channel: str
    text: str
    blocks: list[dict[str, Any]]
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    thread: str = ""
    to: str = ""
    edits: int = 0
    via: str = ""
    by: str = BOT_USER

    @property
    def words(self) -> str:
        """Everything that can be read in it, a text a line; the notification text only if there are no blocks."""
        body: list[Any] = [self.blocks, list(self.attachments)]
        return "\n".join(texts_of(body) if self.blocks or self.attachments else texts_of([{"text": self.text}]))

    @property
    def all_blocks(self) -> list[dict[str, Any]]:
        """The blocks, those in attachments too."""
        return [*self.blocks, *(block for one in self.attachments for block in one.get("blocks", ()))]

    def elements(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Everything that can be pressed or chosen, with its block."""
        return elements(self.all_blocks)

    def buttons(self) -> list[str]:
        """The labels of its buttons and of the choices in its menus."""
        return [label for _, one, _ in choices(self.all_blocks) for label in (text_of(one),)]

    def payload(self) -> dict[str, Any]:
        """As Slack sends it along with an interaction."""
        said: dict[str, Any] = {
            "type": "message",
            "ts": self.ts,
            "text": self.text,
            "blocks": self.blocks,
            "team": TEAM,
            "user": self.by,
        }
        if self.by == BOT_USER:
            said |= {"bot_id": BOT, "app_id": APP}
        if self.attachments:
            said["attachments"] = self.attachments
        if self.thread:
            said["thread_ts"] = self.thread
        if self.edits:
            said["edited"] = {"user": BOT_USER, "ts": self.ts}
        return said


@dataclass
class View:
    """A modal or a home tab as it is open for somebody."""

    id: str
    user: str
    payload: dict[str, Any]
    hash: str
    errors: dict[str, str] = field(default_factory=dict)
    open: bool = True
    previous: str = ""
    versions: int = 1

    @property
    def words(self) -> str:
        """Everything that can be read in it."""
        return "\n".join(texts_of(self.payload))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Its blocks."""
        found: list[dict[str, Any]] = self.payload["blocks"]
        return found

    def buttons(self) -> list[str]:
        """The labels of its buttons and of the choices in its menus."""
        return [text_of(one) for _, one, _ in choices(self.blocks)]

    def field(self, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The input whose block_id, action_id or label has this name: block and element. Raises AssertionError."""
        inputs = [(block, one) for block, one in elements(self.blocks) if block["type"] == "input"]
        for test in (_named, _labelled):
            for block, one in inputs:
                if test(name.lower(), block, one):
                    return block, one
        raise AssertionError(f"no field {name!r} among {[(b['block_id'], o['action_id']) for b, o in inputs]}")

    def sent(self) -> dict[str, Any]:
        """As Slack sends it along with an interaction, without the state."""
        empty = {"private_metadata": "", "callback_id": "", "external_id": "", "submit": None, "close": None}
        return {
            **empty,
            **self.payload,
            "id": self.id,
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
            "app_installed_team_id": TEAM,
            "hash": self.hash,
            "root_view_id": self.id,
            "previous_view_id": self.previous or None,
        }


def elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Everything that can be pressed, chosen or typed into, with its block."""
    for block in blocks:
        inside = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        for one in inside:
            if isinstance(one, dict) and "action_id" in one:
                yield block, one


def choices(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Each thing that can be pressed: its block, the button or the option, and the element that has it."""
    for block, one in elements(blocks):
        if one["type"] == "button":
            yield block, one, one
        groups = one.get("option_groups") or ()
        for option in [*(one.get("options") or ()), *(o for group in groups for o in group["options"])]:
            yield block, option, one


def text_of(one: Mapping[str, Any]) -> str:
    """The label of a button or option."""
    return str(one["text"]["text"])


def state_of(one: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """The entry of `view.state.values` for an element in which somebody put `value`: a text, an option, or several."""
    kind = str(one["type"])
    key = _STATE.get(kind, "value")
    said = None if value in ("", None, []) else value
    if key == "selected_option" and isinstance(said, str):
        said = _option(one, said)
    elif key == "selected_options":
        said = [_option(one, part) if isinstance(part, str) else part for part in value or ()]
    return {"type": kind, key: said}


def initial_of(one: Mapping[str, Any]) -> Any:
    """What an element has before anybody touches it."""
    return next((one[key] for key in one if key.startswith("initial_")), None)


_STATE = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "users_select": "selected_user",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}


def _option(one: Mapping[str, Any], wanted: str) -> dict[str, Any]:
    """The option of this value or label; in an external menu, which shows what the bot suggested, one of that value."""
    if str(one["type"]).endswith("external_select"):
        return {"text": {"type": "plain_text", "text": wanted[:75], "emoji": True}, "value": wanted}
    for option in one["options"]:
        if wanted in (option["value"], text_of(option)):
            return dict(option)
    raise AssertionError(f"no option {wanted!r} among {[text_of(option) for option in one['options']]}")


def _named(name: str, block: Mapping[str, Any], one: Mapping[str, Any]) -> bool:
    return name in (block["block_id"].lower(), one["action_id"].lower())


def _labelled(name: str, block: Mapping[str, Any], one: Mapping[str, Any]) -> bool:
    return name in str(block["label"]["text"]).lower()
