"""What people and servers write into names is shown to others as it was written: no markup, no mention, no escape, in any chat."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat.discord_embeds import to_payload
from bot.chat.slack_blocks import payload
from bot.chat.terminal_cards import to_ansi, to_text
from bot.errors import FetchError
from bot.message import Message
from tests.commands.conftest import Typist

HOSTILE = (
    "<!channel> <!here> <@U1> <#C1> <!subteam^S1>",
    "@everyone @here <@1> <@&1> <#1> </help:1>",
    "<https://evil.example|https://bank.example>",
    "[https://bank.example](https://evil.example)",
    "*bold* _it_ ~no~ `code` ||hidden|| # big > quote",
    "```fence``` \\` <script>alert(1)</script> [x](javascript:alert(1))",
    "\x1b[2J\x1b]8;;https://evil.example\x07x\x1b]8;;\x07 \x9b31m \u202egnp.exe \x00 \x07",
    "line one\nline two\r\nFeed 7 (active)\u2028three",
    "long " * 300,
)
_SLACK = re.compile(r"<!|<@[UW]|<#C|<https://evil\.example\|")
_CODE = re.compile(r"\\.|```.*?```|(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)  # escaped, or code: letter for letter
_DISCORD = re.compile(r"(?<!\\)\[https://bank\.example\]\(https://evil|(?<!\\)\[x\]\(javascript|(?<!\\)\|\|hidden")


def texts(node: object) -> Iterator[str]:
    """Every string of a payload that a chat reads as markup: plain text, parts of rich text and what buttons send are none."""
    if isinstance(node, dict):
        if node.get("type") == "plain_text" or (node.get("type") in ("text", "link") and "elements" not in node):
            return
        if "action_id" in node or "custom_id" in node:
            node = {key: value for key, value in node.items() if key != "value"}
        for key, value in node.items():
            if isinstance(value, str) and key in ("text", "content", "title", "description", "value", "name", "label"):
                yield value
            else:
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def faults(message: Message) -> list[str]:
    """What a chat would take for more than words."""
    slack, discord = payload(message), to_payload(message)
    said = {"slack": "\n".join(texts(slack)), "discord": _CODE.sub("", "\n".join(texts(discord)))}
    terminal = to_text(message, 80)
    shown = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^;]*;[^\x1b\x07]*(?:\x1b\\|\x07)", "", to_ansi(message, 80))
    found = [f"slack: {one}" for one in _SLACK.findall(said["slack"])]
    found += [f"discord: {one}" for one in _DISCORD.findall(said["discord"])]
    found += ["discord: mentions"] if discord.get("allowed_mentions", {}).get("parse") != [] else []
    for name, text in (("text", terminal), ("ansi", shown)):
        found += [
            f"{name}: {sign!r}" for sign in re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        ]
    if re.search(r"\x1b\]8;[^;]*;https://evil", to_ansi(message, 80)):
        found.append("ansi: a link that was not ours")
    json.dumps(slack), json.dumps(discord)
    return found


def quoted(text: str) -> str:
    return '"' + text[:60].replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.mark.parametrize("text", HOSTILE)
async def test_names_are_shown_as_they_were_written(typist: Typist, text: str) -> None:
    """Feeds, watchlists, entities and spellings with such names, and what servers say, in all that others may ask to see."""
    with typist.store.write() as tx:
        from bot.model import NewFeed  # noqa: PLC0415

        tx.feeds.add([NewFeed("https://a.example/feed", text, text[:60], text[:20])], typist.clock.now())
    typist.fetcher.pages["https://a.example/feed"] = FetchError(f"HTTP 404 {text}"[:300], 404)
    typist.fetcher.pages["https://b.example/feed"] = [text.replace("\n", " ")]
    lines = [
        *(f"watch add {quoted(text)} robot", f"watch add n {quoted(text)}", f"entity add {quoted(text)} company"),
        *(f"entity alias alibaba {quoted(text)}", "feed list", "feed check 1", "feed export", "feed add https://b.example/feed"),
        *(f"feed add https://b.example/feed category={quoted(text)}", f"feed remove {quoted(text)}", "watch list"),
        *(f"watch show {quoted(text)}", f"watch edit {quoted(text)} x", f"watch remove {quoted(text)}", f"who {text}"),
        *(f"news {text}", f"deals {text}", f"why {text}", f"story {text}", f"follow {text}", "settings", "status", "digest"),
        *(f"unfollow {text}", f"help {text}", f"watch mute company {quoted(text)}", f"mute {quoted(text)}", text, "feed remove 1"),
        *(f"watch template {quoted(text)} {quoted(text)}", f"quiet {quoted(text)}", f"digest {quoted(text)}"),
    ]  # fmt: skip
    wrong: dict[str, Any] = {}
    for line in lines:
        reply = await typist.type(line, "slack:T0/C1", "slack:T0/U1")
        if found := faults(reply.message):
            wrong[line] = found
    assert wrong == {}


def test_a_message_with_markup_is_noticed() -> None:
    from bot.message import Text  # noqa: PLC0415

    assert _SLACK.search("<!channel>")
    assert _DISCORD.search("[https://bank.example](https://evil.example)")
    assert faults(Message("x", (Text("ordinary words"),))) == []
