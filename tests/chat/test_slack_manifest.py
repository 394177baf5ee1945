"""The manifest is what the docs show, keeps Slack's limits, and asks for nothing without a reason."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.chat.slack_manifest import EVENTS, PATH, SCOPES, manifest, to_yaml
from bot.chat.slack_views import WHY
from bot.command import Book
from bot.commands.book import all_commands
from bot.commands.desk import Desk

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def book() -> Book:
    # handlers are registered, not called: the desk is never used
    return all_commands(Desk.__new__(Desk))


def test_the_file_in_the_docs_is_the_manifest(book: Book) -> None:
    """If this fails, a command was added: write `to_yaml(manifest(book))` into docs/slack-manifest.yaml."""
    assert (DOCS / "slack-manifest.yaml").read_text(encoding="utf-8") == to_yaml(manifest(book))


def test_every_scope_and_event_is_justified_in_the_docs() -> None:
    text = (DOCS / "slack.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([^`]+)` \| (.+?) \|$", text, re.MULTILINE))
    assert {name: rows.get(name) for name in (*SCOPES, *EVENTS)} == {**SCOPES, **EVENTS}


def test_the_manifest_keeps_slacks_limits(book: Book) -> None:
    """https://docs.slack.dev/reference/app-manifest"""
    made = manifest(book)
    about, features = made["display_information"], made["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    (slash,), (shortcut,) = features["slash_commands"], features["shortcuts"]
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", slash["command"])
    assert len(slash["description"]) <= 2_000
    assert len(slash["usage_hint"]) <= 1_000
    assert "watch" in slash["usage_hint"]
    assert (len(shortcut["name"]) <= 24, len(shortcut["description"]) <= 150, shortcut["callback_id"]) == (
        True,
        True,
        WHY,
    )


def test_socket_mode_has_no_addresses_and_http_mode_has_them_all(book: Book) -> None:
    assert "url" not in to_yaml(manifest(book))
    served = manifest(book, "https://wire.example/")
    address = f"https://wire.example{PATH}"
    assert served["settings"]["socket_mode_enabled"] is False
    assert served["features"]["slash_commands"][0]["url"] == address
    assert served["settings"]["event_subscriptions"]["request_url"] == address
    assert served["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": address,
        "message_menu_options_url": address,
    }


def test_the_yaml_says_what_the_manifest_says(book: Book) -> None:
    made = {**manifest(book, "https://wire.example"), "odd": {"a": [], "b": {}, "c": [[1, 2], {"d": 'x: "y" # z'}]}}
    assert read(to_yaml(made)) == made


def read(text: str) -> Any:
    """The little YAML that we write: nested mappings and lists by indentation, values as in JSON."""
    lines = [(len(line) - len(line.lstrip()), line.lstrip()) for line in text.splitlines()]
    value, rest = _node(lines)
    assert rest == []
    return value


def _node(lines: list[tuple[int, str]]) -> tuple[Any, list[tuple[int, str]]]:
    depth = lines[0][0]
    if lines[0][1].startswith("- "):
        items: list[Any] = []
        while lines and lines[0][0] == depth and lines[0][1].startswith("- "):
            inner = lines[0][1][2:]
            if re.match(r"(\w+:|- )", inner):
                item, lines = _node([(depth + 2, inner), *lines[1:]])
            else:
                item, lines = json.loads(inner), lines[1:]
            items.append(item)
        return items, lines
    found: dict[str, Any] = {}
    while lines and lines[0][0] == depth:
        name, _, rest = lines[0][1].partition(":")
        if rest:
            found[name], lines = json.loads(rest), lines[1:]
        else:
            found[name], lines = _node(lines[1:])
    return found, lines
