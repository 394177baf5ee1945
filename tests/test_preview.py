"""What `robowire preview` shows of the sample feeds: payloads that each chat takes, and text that a phone can show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from rich.cells import cell_len

from bot import tools
from bot.config import Config
from bot.demo import dated
from bot.feeds.normalise import normalise
from bot.feeds.parse import parse
from bot.model import Item
from bot.resources import seeds
from tests.chat import discord_rules, slack_rules
from tests.contract.makers import NOW

PICTURE = "https://news.example/picture.png"


def items() -> list[Item]:
    """Every item of the sample feeds."""
    found: list[Item] = []
    for path in sorted((seeds() / "demo").glob("*/*.[xj]*")):
        document = parse(dated(path.read_text(encoding="utf-8"), NOW).encode())
        found += normalise(document, f"https://feeds.example/{path.name}", "https://feeds.example/", NOW).items
    return found


LINES = [
    json.dumps({"title": one.title, "summary": one.summary, "url": one.link, "source": one.source, "image": PICTURE})
    for one in items()
]


def shown(chat: str) -> list[Mapping[str, Any]]:
    return [row["payload"] for row in tools.preview(Config(), LINES, chat)]


def test_there_is_something_to_show() -> None:
    assert len(LINES) > 20


def test_slack_takes_every_card() -> None:
    post = {"channel": "C1", "unfurl_links": False, "unfurl_media": False}
    payloads = shown("slack")
    assert [fault for one in payloads for fault in slack_rules.faults("chat.postMessage", {**post, **one})] == []
    assert PICTURE in json.dumps(payloads)


def test_discord_takes_every_card() -> None:
    payloads = shown("discord")
    path = "/channels/1000000000000000001/messages"
    whole = [{**one, "nonce": "n", "enforce_nonce": True} for one in payloads]
    assert [fault for one in whole for fault in discord_rules.faults("POST", path, one)] == []
    assert PICTURE in json.dumps(payloads)


def test_a_terminal_of_forty_columns_shows_every_card_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "WIDTH", 40)
    lines = [line for one in shown("terminal") for line in one["text"].splitlines()]
    assert [line for line in lines if cell_len(line) > 40 and "://" not in line] == []
