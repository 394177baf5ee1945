"""What Discord has: people, servers, channels, messages, forms; and what somebody sees of a message."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from tests.chat.discord_rules import EPHEMERAL, walk

APP, BOT, LAB, ABROAD = "900000000000000001", "900000000000000002", "900000000000000003", "900000000000000004"
TEXT, DIRECT, FORUM, THREAD = 0, 1, 15, 11
EPOCH = 1_420_070_400_000
JOINED = {"joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0, "roles": []}
WHEN = "2026-01-01T00:00:00+00:00"

PERMISSIONS = {
    "Administrator": 1 << 3,
    "Manage Server": 1 << 5,
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Read Message History": 1 << 16,
    "Use Application Commands": 1 << 31,
    "Create Public Threads": 1 << 35,
    "Send Messages in Threads": 1 << 38,
}
"""By the names that people see in Discord's settings; the bits are those of
https://discord.com/developers/docs/topics/permissions"""
EVERYBODY = (1 << 10) | (1 << 11) | (1 << 14) | (1 << 16) | (1 << 31) | (1 << 35) | (1 << 38)

_numbers = itertools.count(1)


def snowflake() -> str:
    """A new id, later ones greater; too long for a float, as Discord's are."""
    return str(((int(time() * 1000) - EPOCH) << 22) | (next(_numbers) & 0x3FFFFF))


def bits(*names: str) -> int:
    """Permissions by their names in Discord's settings."""
    return sum(PERMISSIONS[name] for name in names)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody; `permissions` are those in the server, besides what everybody may there."""

    id: str
    name: str
    permissions: int = 0
    bot: bool = False
    dms: bool = True

    def user(self) -> dict[str, Any]:
        """As Discord sends it."""
        known = {"id": self.id, "username": self.name, "global_name": self.name.title(), "discriminator": "0"}
        return {**known, "avatar": None, "public_flags": 0, **({"bot": True} if self.bot else {})}


@dataclass
class Channel:
    """A channel, forum, thread or somebody's direct messages with the bot (`user` is set then).

    `denied` is what the bot may not do there.
    """

    id: str
    name: str
    kind: int = TEXT
    guild: str = LAB
    denied: int = 0
    parent: str = ""
    user: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    needs_tag: bool = False
    archived: bool = False
    locked: bool = False

    def info(self) -> dict[str, Any]:
        """As Discord sends it."""
        if self.kind == DIRECT:
            return {"id": self.id, "type": DIRECT, "last_message_id": None, "flags": 0}
        known: dict[str, Any] = {"id": self.id, "type": self.kind, "name": self.name, "guild_id": self.guild}
        known |= {"parent_id": self.parent or None, "last_message_id": None, "rate_limit_per_user": 0}
        if self.kind == THREAD:
            metadata = {"archived": self.archived, "locked": self.locked, "auto_archive_duration": 4320}
            known |= {"owner_id": self.owner, "message_count": 1, "member_count": 1, "total_message_sent": 1}
            return known | {"thread_metadata": metadata | {"archive_timestamp": WHEN, "create_timestamp": WHEN}}
        overwrites = [{"id": BOT, "type": 1, "allow": "0", "deny": str(self.denied)}] if self.denied else []
        known |= {"position": 0, "permission_overwrites": overwrites, "nsfw": False, "topic": None}
        known["flags"] = (1 << 4) * self.needs_tag
        if self.kind == FORUM:
            known["available_tags"] = [
                {"id": id_, "name": f"tag {id_[-2:]}", "moderated": False, "emoji_id": None, "emoji_name": None}
                for id_ in self.tags
            ]
        return known


@dataclass
class Shown:
    """A message as it stands in a channel, or as one person alone sees it (`to` is set then).

    `via` is the interaction that it answers, "" for one that was posted.
    """

    id: str
    channel: str
    payload: dict[str, Any]
    author: str = BOT
    to: str = ""
    via: str = ""
    nonce: str = ""
    edits: int = 0
    gone: bool = False
    thinking: bool = False

    @property
    def content(self) -> str:
        """The text above the embeds: what a notification says."""
        return str(self.payload.get("content") or "")

    @property
    def embeds(self) -> list[dict[str, Any]]:
        """Its embeds, as they were given."""
        return list(self.payload.get("embeds") or [])

    @property
    def components(self) -> list[dict[str, Any]]:
        """Its rows of buttons and menus, as they were given."""
        return list(self.payload.get("components") or [])

    @property
    def words(self) -> str:
        """Everything that can be read in it, as it was sent, a text a line; markdown is not carried out."""
        found: list[str | None] = [self.content]
        for embed in self.embeds:
            found += [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
            found += [text for one in embed.get("fields") or () for text in (one["name"], one["value"])]
            found.append((embed.get("footer") or {}).get("text"))
        return "\n".join(text for text in found if text)

    def buttons(self) -> list[str]:
        """The labels of its buttons and of the choices in its menus."""
        return [label for label, _, _ in pressable(self.components)]

    def message(self, people: Mapping[str, Person]) -> dict[str, Any]:
        """As Discord sends it."""
        return {
            "id": self.id,
            "type": 20 if self.via else 0,
            "channel_id": self.channel,
            "author": people[self.author].user(),
            "content": self.content,
            "embeds": [{"type": "rich", **embed} for embed in self.embeds],
            "components": self.components,
            "attachments": [],
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
            "timestamp": WHEN,
            "edited_timestamp": WHEN if self.edits else None,
            "flags": (EPHEMERAL if self.to else 0) | (1 << 7 if self.thinking else 0),
            **({"nonce": self.nonce} if self.nonce else {}),
            **({"message_reference": self.payload["message_reference"]} if "message_reference" in self.payload else {}),
        }


@dataclass
class Form:
    """A modal as it is open for somebody."""

    user: str
    channel: str
    payload: dict[str, Any]
    via: str
    open: bool = True

    @property
    def title(self) -> str:
        """What stands above it."""
        return str(self.payload["title"])

    @property
    def words(self) -> str:
        """Everything that can be read in it."""
        every = list(walk(self.payload["components"]))
        texts = [one.get(key) for one in every for key in ("label", "description", "content", "value")]
        return "\n".join([self.title, *(str(text) for text in texts if text)])

    def fields(self) -> dict[str, dict[str, Any]]:
        """Its inputs and menus by custom_id."""
        return {one["custom_id"]: dict(one) for one in walk(self.payload["components"]) if one.get("custom_id")}

    def value(self, name: str) -> str:
        """What stands in a field before anybody types."""
        one = self.fields()[name]
        chosen = [option["value"] for option in one.get("options", ()) if option.get("default")]
        return chosen[0] if chosen else str(one.get("value") or "")


def pressable(components: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], str | None]]:
    """Each thing that can be pressed: its label, its component, the value if it is a choice of a menu."""
    for one in walk(components):
        if one.get("type") == 2 and one.get("custom_id") and not one.get("disabled"):
            yield str(one.get("label") or (one.get("emoji") or {}).get("name") or ""), dict(one), None
        for option in one.get("options", ()) if one.get("type") == 3 and not one.get("disabled") else ():
            yield str(option["label"]), dict(one), str(option["value"])
