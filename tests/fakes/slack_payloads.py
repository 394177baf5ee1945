"""What Slack sends to an app, as https://docs.slack.dev/reference/interaction-payloads and .../reference/events have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.slack_state import APP, BOT_USER, TEAM, Member, Room, Shown, View

TOKEN = "verification-token"
"""Long out of use, still sent along."""

_TEAM = {"id": TEAM, "domain": "robots"}


def command(
    line: str, member: Member, room: Room, response_url: str, trigger: str, prefix: str = "/wire"
) -> dict[str, Any]:
    """A slash command. Slack escapes three characters in what was typed."""
    name, _, text = line.partition(" ") if line.startswith("/") else (prefix, "", line)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "team_domain": "robots",
        "channel_id": room.id,
        "channel_name": "directmessage" if room.user else "privategroup" if room.private else room.name,
        "user_id": member.id,
        "user_name": member.name,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def _by(kind: str, member: Member) -> dict[str, Any]:
    return {
        "type": kind,
        "user": {"id": member.id, "username": member.name, "name": member.name, "team_id": member.team},
        "api_app_id": APP,
        "token": TOKEN,
        "team": dict(_TEAM),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def action(
    block: Mapping[str, Any], element: Mapping[str, Any], chosen: Mapping[str, Any] | None, at: str
) -> dict[str, Any]:
    """What was pressed: a button, or a choice in a menu."""
    said: dict[str, Any] = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": at,
    }
    if element["type"] == "button":
        return said | {key: element[key] for key in ("text", "value", "url", "style") if key in element}
    return said | {"selected_option": chosen}


def pressed_on_message(
    member: Member, room: Room, message: Shown, act: Mapping[str, Any], response_url: str, trigger: str
) -> dict[str, Any]:
    """block_actions on a message. One that a person alone sees is not sent along."""
    said = _by("block_actions", member) | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": room.id,
            "is_ephemeral": bool(message.to),
            **({"thread_ts": message.thread} if message.thread else {}),
        },
        "channel": {"id": room.id, "name": "directmessage" if room.user else room.name},
        "trigger_id": trigger,
        "response_url": response_url,
        "state": {"values": {}},
        "actions": [dict(act)],
    }
    return said if message.to else said | {"message": message.payload()}


def pressed_in_view(
    member: Member, view: View, act: Mapping[str, Any], values: Mapping[str, Any], trigger: str
) -> dict[str, Any]:
    """block_actions in a modal or a home tab."""
    return _by("block_actions", member) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger,
        "view": view.sent() | {"state": {"values": dict(values)}},
        "actions": [dict(act)],
    }


def submission(member: Member, view: View, values: Mapping[str, Any], trigger: str) -> dict[str, Any]:
    """view_submission."""
    return _by("view_submission", member) | {
        "trigger_id": trigger,
        "view": view.sent() | {"state": {"values": dict(values)}},
        "response_urls": [],
    }


def closed(member: Member, view: View) -> dict[str, Any]:
    """view_closed."""
    return _by("view_closed", member) | {"view": view.sent() | {"state": {"values": {}}}, "is_cleared": False}


def suggestion(
    member: Member, view: View, block: Mapping[str, Any], element: Mapping[str, Any], typed: str
) -> dict[str, Any]:
    """block_suggestion of an external menu in a modal."""
    return _by("block_suggestion", member) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view.sent() | {"state": {"values": {}}},
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "value": typed,
    }


def message_shortcut(
    member: Member, room: Room, message: Shown, callback_id: str, response_url: str, trigger: str
) -> dict[str, Any]:
    """message_action: a shortcut in the menu of a message."""
    return _by("message_action", member) | {
        "action_ts": message.ts,
        "channel": {"id": room.id, "name": "directmessage" if room.user else room.name},
        "callback_id": callback_id,
        "trigger_id": trigger,
        "response_url": response_url,
        "message_ts": message.ts,
        "message": message.payload(),
    }


def shortcut(member: Member, callback_id: str, trigger: str, at: str) -> dict[str, Any]:
    """A global shortcut."""
    return _by("shortcut", member) | {"action_ts": at, "callback_id": callback_id, "trigger_id": trigger}


def event(inner: Mapping[str, Any], event_id: str, at: float) -> dict[str, Any]:
    """The envelope of the Events API."""
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": dict(inner),
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }
