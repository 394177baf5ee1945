"""The rules of Discord find every fault of its kind, and nothing wrong in what is right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chat.discord_rules import faults
from tests.chat.discord_schema import MISSING, invalid

with_file = pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")
MESSAGES, ANSWER, COMMANDS = "/channels/7/messages", "/interactions/7/abc/callback", "/applications/2/commands"


def post(**more: Any) -> dict[str, Any]:
    whole = {"content": "news", "nonce": "n1", "enforce_nonce": True, "allowed_mentions": {"parse": []}, **more}
    return {key: value for key, value in whole.items() if value is not None}


def embed(**more: Any) -> dict[str, Any]:
    return {"title": "Story", "url": "https://example.com/a", **more}


def button(said: str = "why", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Why", "custom_id": said, **more}


def menu(*values: str, **more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "pick", "options": [{"label": v, "value": v} for v in values], **more}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def question(name: str = "name", **more: Any) -> dict[str, Any]:
    inner = {"type": 4, "custom_id": name, "style": 1, "required": True, "max_length": 100, **more}
    return {"type": 18, "label": name.title(), "component": inner}


def modal(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 9, "data": {"custom_id": "f", "title": "Add", "components": list(components), **more}}


def command(*options: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return [{"type": 1, "name": "wire", "description": "News", "options": list(options), **more}]


def option(name: str = "query", **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "what", **more}


def choices(count: int) -> dict[str, Any]:
    return {"choices": [{"name": f"n{number}", "value": f"v{number}"} for number in range(count)]}


@pytest.mark.parametrize(
    ("method", "path", "payload"),
    [
        ("POST", MESSAGES, post()),
        ("POST", MESSAGES, post(content="x" * 2000, nonce="n" * 25)),
        ("POST", MESSAGES, post(content="", embeds=[embed(description="x" * 4096)] * 1)),
        ("POST", MESSAGES, post(components=[row(button("a"), button("b")), row(menu("1", "2"))])),
        ("POST", MESSAGES, post(components=[row({"type": 2, "style": 5, "label": "x", "url": "https://example.com"})])),
        ("POST", MESSAGES, post(content=r"\[x\](javascript:y) \[x](file:y) [z](https://example.com)")),
        ("POST", MESSAGES, post(flags=1 << 15, content=None, components=[{"type": 10, "content": "words"}])),
        ("PATCH", f"{MESSAGES}/8", post(nonce=None, enforce_nonce=None)),
        ("POST", f"{MESSAGES}/8/threads", {"name": "Story"}),
        ("POST", "/channels/7/threads", {"name": "Story", "message": post(nonce=None, enforce_nonce=None)}),
        ("POST", f"{ANSWER}?with_response=1", {"type": 4, "data": post(nonce=None, enforce_nonce=None, flags=64)}),
        ("POST", ANSWER, {"type": 5, "data": {"flags": 64}}),
        ("POST", ANSWER, {"type": 8, "data": choices(25)}),
        ("POST", ANSWER, modal(*[question(f"q{number}") for number in range(5)])),
        ("PUT", COMMANDS, [*command(option(required=True), option("limit")), {"type": 3, "name": "Why this"}]),
        ("PUT", COMMANDS, command({"type": 2, "name": "watch", "description": "x", "options": [
            {"type": 1, "name": "add", "description": "x", "options": [option(**choices(25))]}]})),
        ("POST", "/users/@me/channels", {"recipient_id": "9"}),
        ("GET", "/gateway/bot", None),
        ("DELETE", "/webhooks/2/abc/messages/@original", None),
    ],
)  # fmt: skip
def test_what_is_right_has_no_faults(method: str, path: str, payload: Any) -> None:
    assert faults(method, path, payload) == []


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (post(content="x" * 2001), "more than 2000"),
        (post(content="🤖" * 1001), "content has 2002"),
        (post(content=""), "the message is empty"),
        (post(content=" \n", embeds=[]), "the message is empty"),
        (post(allowed_mentions=None), "allowed_mentions.parse"),
        (post(allowed_mentions={"parse": ["users"]}), "allowed_mentions.parse"),
        (post(allowed_mentions={"parse": [], "roles": ["5"]}), "mentions 5"),
        (post(nonce=None), "no nonce"),
        (post(nonce="n" * 26), "the nonce has 26"),
        (post(enforce_nonce=None), "without enforce_nonce"),
        (post(content="[x](javascript:alert)"), "a link to javascript:"),
        (post(embeds=[embed(url="javascript:alert")]), "is no web address"),
        (post(embeds=[embed(thumbnail={"url": "ftp://example.com/a.png"})]), "is no web address"),
        (post(embeds=[embed(url="https://example.com/a b")]), "is no web address"),
        (post(embeds=[embed(description="[x](data:y)")]), "a link to data:"),
        (post(embeds=[embed(title="x" * 257)]), "title has 257"),
        (post(embeds=[embed(title=" ")]), "title is blank"),
        (post(embeds=[embed(footer={"text": "x" * 2049})]), "footer has 2049"),
        (post(embeds=[embed(fields=[{"name": "x" * 257, "value": "y"}])]), "a field's name has 257"),
        (post(embeds=[embed(fields=[{"name": "x", "value": ""}])]), "a field's value is blank"),
        (post(embeds=[embed(fields=[{"name": "x", "value": "y"}] * 26)]), "more than 25 fields"),
        (post(embeds=[{"color": 1}]), "embed 0 is empty"),
        (post(embeds=[embed()] * 11), "11 embeds"),
        (post(embeds=[{"description": "x" * 3001}] * 2), "all embeds together have 6002"),
        (post(components=[row(button("a"), button("a"))]), "'a' stands there 2 times"),
        (post(components=[row(button("a")), row(button("a"))]), "'a' stands there 2 times"),
        (post(components=[row(button("x" * 101))]), "custom_id of 101"),
        (post(components=[row(button(label="x" * 81))]), "a label of 81"),
        (post(components=[row(button(label=" "))]), "without label and emoji"),
        (post(components=[row(button(url="https://example.com"))]), "needs a custom_id and no address"),
        (post(components=[row({"type": 2, "style": 5, "label": "x", "url": "javascript:y"})]), "is no web address"),
        (post(components=[row(*[button(str(n)) for n in range(6)])]), "6 in a row"),
        (post(components=[row(button("a"), menu("1"))]), "2 in a row"),
        (post(components=[row()]), "0 in a row"),
        (post(components=[row(button(str(n))) for n in range(6)]), "6 rows"),
        (post(components=[row(menu(*map(str, range(26))))]), "26 options"),
        (post(components=[row(menu("1", "1"))]), "option '1' stands there 2 times"),
        (post(components=[row(menu("x" * 101))]), "is not 1 to 100 long"),
        (post(components=[row(menu("1", max_values=2))]), "from 1 to 2 of 1"),
        (post(components=[button()]), "what is not in a row"),
        (post(components=[{"type": 10, "content": "x"}]), "needs components v2"),
        (post(flags=1 << 15, components=[{"type": 10, "content": "x"}]), "components v2 beside"),
    ],
)
def test_every_fault_of_a_message_is_found(payload: dict[str, Any], words: str) -> None:
    assert [words in fault for fault in faults("POST", MESSAGES, payload)].count(True) >= 1, faults(
        "POST", MESSAGES, payload
    )


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"type": 4, "data": {"content": "x"}}, "allowed_mentions.parse"),
        ({"type": 4, "data": post(nonce=None, enforce_nonce=None, flags=1 << 10)}, "flags"),
        ({"type": 8, "data": choices(26)}, "26 choices"),
        ({"type": 8, "data": {"choices": [{"name": "x" * 101, "value": "v"}]}}, "a choice's name"),
        ({"type": 8, "data": {"choices": [{"name": "x", "value": "v" * 101}]}}, "a choice's value"),
        ({"type": 8, "data": {"choices": [{"name": "x", "value": "v"}] * 2}}, "'x' stands there 2 times"),
        ({"type": 8, "data": {}}, "`choices` is no list"),
        (modal(question(), title="x" * 46), "is not 1 to 45 long"),
        (modal(*[question(f"q{number}") for number in range(6)]), "6 questions"),
        (modal(question(), question()), "'name' stands there 2 times"),
        (modal(question(value="x" * 101)), "a value of 101"),
        (modal(question(min_length=101)), "an input from 101"),
        (modal(question(placeholder="x" * 101)), "a placeholder"),
        ({"type": 3}, "an answer of type 3"),
    ],
)
def test_every_fault_of_an_answer_is_found(payload: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults("POST", ANSWER, payload)), faults("POST", ANSWER, payload)


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        (command(name="Wire"), "is no name"),
        (command(name="wi re"), "is no name"),
        (command(option("x" * 33)), "is no name"),
        (command(description=""), "the description"),
        (command(option(description="x" * 101)), "the description"),
        (command() * 2, "command 'wire' stands there 2 times"),
        (command(option(), option()), "'query' stands there 2 times"),
        (command(*[option(f"o{number}") for number in range(26)]), "26 options"),
        (command(option(), option("name", required=True)), "required after one that is not"),
        (command(option(**choices(26))), "26 choices"),
        (command(option(autocomplete=True, **choices(1))), "autocomplete beside choices"),
        (command(option(type=5, autocomplete=True)), "autocomplete on an option of type 5"),
        (command(option(type=1), option("x")), "subcommands beside options"),
        (command(option(type=2)), "a group without subcommands"),
        (command(option(type=1, options=[option(type=1, options=[option(type=1)])])), "nested too deep"),
        (command(*[option(f"o{n}", description="x" * 100, choices=[{"name": f"{c}" * 100, "value": "v" * 100}
                                                                  for c in range(2)]) for n in range(20)]), "more than 8000"),
        ([{"type": 3, "name": "x" * 33}], "not 1 to 32 long"),
        ([{"type": 3, "name": "x", "description": "y"}], "has a description"),
        ([{"type": 3, "name": f"x{number}"} for number in range(16)], "more than 15"),
    ],
)  # fmt: skip
def test_every_fault_of_the_commands_is_found(commands: list[dict[str, Any]], words: str) -> None:
    assert any(words in fault for fault in faults("PUT", COMMANDS, commands)), faults("PUT", COMMANDS, commands)


def test_whom_somebody_asked_to_be_told_is_no_fault() -> None:
    assert faults("POST", MESSAGES, post(allowed_mentions={"parse": [], "roles": ["5"]}), {"5"}) == []


@with_file
@pytest.mark.parametrize(
    ("method", "path", "payload", "words"),
    [
        ("POST", "/nowhere", None, "there is no such method"),
        ("PUT", MESSAGES, post(), "there is no such method"),
        ("POST", "/channels/x/messages", post(), "channel_id 'x' is no id"),
        ("POST", f"{ANSWER}?loud=1", {"type": 5}, "no query 'loud'"),
        ("GET", "/gateway/bot", {"x": 1}, "takes no body"),
        ("POST", MESSAGES, post(surprise=1), "nothing is known of `surprise`"),
        ("POST", MESSAGES, post(content=5), "body.content"),
        ("POST", MESSAGES, post(embeds=[embed(color=-1)]), "body.embeds[0].color: minimum"),
        ("POST", MESSAGES, post(components=[row(button(style=9))]), "style: 9 is none of"),
        ("POST", MESSAGES, post(components=[row(menu("1", custom_id="x" * 101))]), "custom_id: maxLength"),
        ("POST", MESSAGES, post(allowed_mentions={"parse": [], "roles": ["x"]}), "roles[0]"),
        ("POST", "/channels/7/messages/8/threads", {}, "`name` is missing"),
        ("POST", "/users/@me/channels", {"recipient_id": 9}, "recipient_id: 9 is no"),
        ("PUT", COMMANDS, command(option(type=7, channel_types=[99])), "channel_types[0]: 99 is none of"),
    ],
)
def test_discords_own_description_is_kept(method: str, path: str, payload: Any, words: str) -> None:
    assert any(words in fault for fault in invalid(method, path, payload)), invalid(method, path, payload)
