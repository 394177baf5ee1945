"""What Discord sends on its gateway, as https://discord.com/developers/docs/events/gateway-events and
.../interactions/receiving-and-responding have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.discord_state import (
    ABROAD,
    APP,
    BOT,
    DIRECT,
    EVERYBODY,
    JOINED,
    LAB,
    THREAD,
    Channel,
    Person,
    bits,
    snowflake,
)
from tests.fakes.discord_world import Asked, World


def guild(world: World) -> dict[str, Any]:
    """GUILD_CREATE of the one server."""
    everybody = {"id": LAB, "name": "@everyone", "permissions": str(EVERYBODY), "position": 0, "color": 0}
    everybody |= {"colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}}
    everybody |= {"hoist": False, "managed": False, "mentionable": False, "flags": 0}
    mine = [one for one in world.channels.values() if one.guild == LAB]
    return {
        "id": LAB,
        "name": "Robot lab",
        "owner_id": world.person("olive").id,
        "unavailable": False,
        "roles": [everybody],
        "members": [{"user": world.people[BOT].user(), **JOINED}],
        "channels": [one.info() for one in mine if one.kind != THREAD],
        "threads": [one.info() for one in mine if one.kind == THREAD and not one.archived],
        "member_count": len(world.people),
        "joined_at": JOINED["joined_at"],
        "preferred_locale": "en-US",
        "large": False,
        **{key: [] for key in ("emojis", "features", "stickers", "presences", "voice_states")},
        **{key: [] for key in ("stage_instances", "guild_scheduled_events", "soundboard_sounds")},
        **dict.fromkeys(("verification_level", "default_message_notifications", "explicit_content_filter"), 0),
        **dict.fromkeys(("mfa_level", "nsfw_level", "premium_tier", "system_channel_flags"), 0),
        "afk_timeout": 300,
        "premium_progress_bar_enabled": False,
    }


def ready(world: World, session: str, shard: list[int], url: str) -> dict[str, Any]:
    """READY: the servers are not there yet."""
    return {
        "v": 10,
        "user": world.people[BOT].user(),
        "guilds": [{"id": LAB, "unavailable": True}] if world.joined and shard[0] == shard_of(LAB, shard[1]) else [],
        "session_id": session,
        "resume_gateway_url": url,
        "shard": shard,
        "application": {"id": APP, "flags": 0},
    }


def shard_of(guild_id: str, count: int) -> int:
    """Which shard hears of a server; direct messages come to the first."""
    return (int(guild_id) >> 22) % count if guild_id else 0


def interaction(asked: Asked, world: World) -> dict[str, Any]:
    """INTERACTION_CREATE."""
    person, channel = world.people[asked.user], world.channels[asked.channel]
    said: dict[str, Any] = {
        "id": asked.id,
        "application_id": APP,
        "type": asked.kind,
        "data": asked.data,
        "token": asked.token,
        "version": 1,
        "channel_id": channel.id,
        "channel": channel.info(),
        "locale": "en-US",
        "entitlements": [],
        "attachment_size_limit": 10_485_760,
    }
    if asked.message is not None:
        said["message"] = asked.message.message(world.people)
    if channel.kind == DIRECT:
        said["channel"]["recipients"] = [person.user()]
        owners = {"1": person.id}
        return said | {"user": person.user(), "context": 1, "app_permissions": str(EVERYBODY)} | _owned(owners)
    said["channel"]["permissions"] = str(_allowed(person))
    said |= {"guild_id": channel.guild, "guild_locale": "en-US", "context": 0}
    said["guild"] = {"id": channel.guild, "locale": "en-US", "features": []}
    said["member"] = {"user": person.user(), "permissions": str(_allowed(person)), **JOINED}
    if channel.guild == ABROAD:  # the app is installed by the person there, not by the server
        return said | {"app_permissions": str(bits("Embed Links"))} | _owned({"1": person.id})
    return said | {"app_permissions": str(world.app_permissions(channel))} | _owned({"0": channel.guild})


def _owned(owners: Mapping[str, str]) -> dict[str, Any]:
    return {"authorizing_integration_owners": dict(owners)}


def _allowed(person: Person) -> int:
    return EVERYBODY | person.permissions


# -- data of interactions -------------------------------------------------------------------------------------------------


def leaf_of(commands: list[dict[str, Any]], words: list[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The command of the first word, and what the further words lead to in it. Raises AssertionError."""
    command = next((one for one in commands if one["name"] == words[0] and one["type"] == 1), None)
    assert command, f"Discord knows no command {words[0]!r}"
    path, here = [command], command
    for word in words[1:]:
        names = [one["name"] for one in here.get("options") or ()]
        assert word in names, f"no {word!r} among {names}"
        here = here["options"][names.index(word)]
        path.append(here)
    assert not any(one["type"] in (1, 2) for one in here.get("options") or ()), f"{' '.join(words)} is a group"
    return command, path


def slash(command: Mapping[str, Any], path: list[dict[str, Any]], options: list[dict[str, Any]]) -> dict[str, Any]:
    """The data of a slash command, or of typing one."""
    for one in reversed(path):
        options = [{"type": one["type"], "name": one["name"], "options": options}]
    return {"id": command["id"], "name": command["name"], "type": 1, "options": options}


def option(known: Mapping[str, Any], value: Any, channel: Channel | None) -> dict[str, Any]:
    """One argument, as the person's Discord would send it. Raises AssertionError for what it would not let them say."""
    kind, name = known["type"], known["name"]
    if kind == 3:
        choices = {one["value"]: one["value"] for one in known.get("choices") or ()}
        choices |= {one["name"]: one["value"] for one in known.get("choices") or ()}
        assert not choices or value in choices, f"{value!r} is none of the choices of {name}"
        value = choices.get(value, value)
        assert isinstance(value, str), f"{name} is a text"
        assert known.get("min_length", 0) <= len(value) <= known.get("max_length", 6000), f"{name} is too long or short"
    elif kind == 4:
        assert isinstance(value, int), f"{name} is a number"
        assert known.get("min_value", value) <= value <= known.get("max_value", value), f"{name} is out of bounds"
    elif kind == 5:
        assert isinstance(value, bool), f"{name} is yes or no"
    elif kind == 7:
        assert channel is not None, f"{name} is a channel"
        types = known.get("channel_types") or [channel.kind]
        assert channel.kind in types, f"{name} takes no channel of type {channel.kind}"
        value = channel.id
    return {"type": kind, "name": name, "value": value}


def filled(components: list[dict[str, Any]], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The components of a form as they are sent, with what stands in every field."""
    sent = []
    for number, one in enumerate(components):
        if "component" in one:
            inner = _field(one["component"], values)
            sent.append({"type": one["type"], "id": number + 1, "component": inner | {"id": number + 101}})
        elif "components" in one:
            inside = [_field(each, values) | {"id": number + 101} for each in one["components"]]
            sent.append({"type": one["type"], "id": number + 1, "components": inside})
        else:
            sent.append({"type": one["type"], "id": number + 1})
    return sent


def _field(one: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    name, value = str(one["custom_id"]), values.get(str(one["custom_id"]))
    if one["type"] == 4:
        text = str(value or "")
        assert text or not one.get("required", True), f"Discord would not send the form: {name} is empty"
        assert not text or one.get("min_length", 0) <= len(text) <= one.get("max_length", 4000), f"{name}: {len(text)}"
        return {"type": 4, "custom_id": name, "value": text}
    chosen = [value] if isinstance(value, str) and value else list(value or ())
    known = [option["value"] for option in one.get("options", ())]
    assert all(each in known for each in chosen), f"{chosen} are not all among {known}"
    least = one.get("min_values", 1) if one.get("required", True) else 0
    assert least <= len(chosen) <= one.get("max_values", 1), f"Discord would not send the form: {name} has {chosen}"
    return {"type": one["type"], "custom_id": name, "values": chosen}


def new_asked(kind: int, user: Person, channel: Channel, data: dict[str, Any]) -> Asked:
    """An interaction of a new id and token."""
    return Asked(snowflake(), f"token-{snowflake()}", kind, user.id, channel.id, data)
