"""The app manifest: everything that Slack must know of the bot, made from the Book, so that nobody clicks it together.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.chat.slack_views import WHY, WHY_NAME
from bot.command import Book
from bot.text import shorten

COMMAND = "/wire"
PATH = "/slack/events"
"""Where Slack's requests arrive in HTTP mode."""

SCOPES = {
    "commands": "`/wire` and the message shortcut",
    "chat:write": "to post alerts, to edit them when another outlet reports the same, to answer",
    "chat:write.public": "to post into public channels without being invited to each",
    "im:write": "to open the direct messages of people who follow something themselves",
    "users:read": "to tell admins and owners (who manage) from members and guests",
    "channels:read": "to say before a watchlist is made that a channel is closed to the bot; to hear that it was removed",
    "groups:read": "the same for private channels",
}
"""Each scope with its reason; docs/slack.md shows the table."""

EVENTS = {
    "app_home_opened": "to show somebody's subscriptions in the App Home",
    "app_uninstalled": "to forget a workspace that removed the bot",
    "tokens_revoked": "the same",
    "channel_left": "to forget the watchlists of a channel that removed the bot",
    "group_left": "the same for private channels",
}

_ABOUT = "News alerts on robotics, physical AI and the investors behind them: one well-made alert per event."
_HINT, _DESCRIPTION = 1_000, 140


def manifest(book: Book, address: str = "") -> dict[str, Any]:
    """The manifest for Socket Mode, or for HTTP mode where the bot is reached at `address` (`https://wire.example`)."""
    request = {"request_url": address.rstrip("/") + PATH} if address else {}
    options = {"message_menu_options_url": request["request_url"]} if request else {}
    slash: dict[str, Any] = {
        "command": COMMAND,
        "description": "News alerts: watchlists, look-ups, settings",
        "usage_hint": _usage(book),
        "should_escape": False,
    }
    if request:
        slash["url"] = request["request_url"]
    shortcut = {"name": WHY_NAME, "callback_id": WHY, "description": "Why it was told, or not", "type": "message"}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Robowire",
            "description": shorten(_ABOUT, _DESCRIPTION),
            "background_color": "#1f2933",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Robowire", "always_online": True},
            "shortcuts": [shortcut],
            "slash_commands": [slash],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request, **options},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


def to_yaml(value: Mapping[str, Any]) -> str:
    """YAML of plain mappings, lists, texts, numbers and truths; texts are written as JSON writes them, which YAML reads."""
    return "\n".join(_yaml(value, 0)) + "\n"


def _usage(book: Book) -> str:
    return shorten(" | ".join(dict.fromkeys(path[0] for path in book.commands)), _HINT)


def _yaml(value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if _nested(inner):
                yield f"{pad}{key}:"
                yield from _yaml(inner, depth + 1)
            else:
                yield f"{pad}{key}: {json.dumps(inner, ensure_ascii=False)}"
    else:
        for inner in value:
            first, *rest = _yaml(inner, depth + 1) if _nested(inner) else [json.dumps(inner, ensure_ascii=False)]
            yield f"{pad}- {first.lstrip()}"
            yield from rest


def _nested(value: Any) -> bool:
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str) and len(value) > 0
