"""What the log lets through."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import log
from bot.chat.terminal_prompt import _history
from bot.log import guard, logger, masked, setup, without_secrets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://me:secret@a.example/x", "https://***@a.example/x"),
        ("https://me@a.example/x", "https://***@a.example/x"),
        ("https://me:se@cr@et@a.example/x", "https://***@a.example/x"),
        ("no host me:secret@a.example/x", "no host ***@a.example/x"),
        ("https://medium.example/feed/@robots", "https://medium.example/feed/@robots"),
        ("slack:T0/@U1 at 12:30, me@a.example", "slack:T0/@U1 at 12:30, me@a.example"),
        ("/f?access_token=abc&x=1", "/f?access_token=***&x=1"),
        ("/f?x=1&apiKey=abc#top", "/f?x=1&apiKey=***#top"),
        ("/f?user[auth]=1&feed_key=a;sig=b", "/f?user[auth]=1&feed_key=***;sig=***"),
        ("/f?keyword=robots&author=me&passage=1", "/f?keyword=robots&author=me&passage=1"),
        ("xoxb-1-abc xapp-1-A-2 xoxe.xoxp-1-abc", "*** *** xoxe.***"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("Authorization: Basic bWU6c2VjcmV0", "Authorization: Basic ***"),
        ("Bot MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs", "Bot ***"),
        ("token MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs", "token ***"),
        ("https://hooks.slack.com/commands/T0/1/abc", "https://hooks.slack.com/***"),
        ("/webhooks/12/aW50ZXJhY3Rpb246MTIzNDU2/messages", "/webhooks/***/messages"),
        ("sk-proj-0123456789abcdef", "***"),
        ("robots raise $5 million: series-a.example.com", "robots raise $5 million: series-a.example.com"),
    ],
)
def test_secrets_are_masked_and_nothing_else(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_an_address_without_its_secrets_can_be_fetched() -> None:
    assert without_secrets("https://me:secret@a.example/x?key=abc&y=1") == "https://a.example/x?key=&y=1"
    assert without_secrets("https://a.example/x?y=1#z") == "https://a.example/x?y=1#z"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(log, "_known", set())
    yield lambda: capsys.readouterr().err
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in log._FLOORS:
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_what_is_known_to_be_secret_is_masked_wherever_it_stands(written: Callable[[], str]) -> None:
    setup("debug")
    guard(["a plain secret", "short", ""])
    try:
        raise ValueError("it was a plain secret, and short")
    except ValueError:
        logger("bot.x").exception("failed with %s", "a plain secret")
    said = written()
    assert "a plain secret" not in said
    assert "it was ***, and short" in said


@pytest.mark.parametrize("level", ["debug", "info"])
@pytest.mark.parametrize(
    "name", ["slack_sdk.web.async_client", "slack_bolt", "discord.http", "discord.gateway", "aiohttp.access"]
)
def test_libraries_that_show_whole_requests_are_held_back(written: Callable[[], str], name: str, level: str) -> None:
    setup(level)
    logging.getLogger(name).debug("POST with everything")
    logger("bot.y").info("heard")
    said = written()
    assert ("everything" in said, "heard" in said) == (False, True)


def test_a_line_break_forges_no_line_and_no_escape_steers_a_terminal(written: Callable[[], str]) -> None:
    setup("info")
    logger("bot.z").info("feed %s", "x\n2026-01-01 ERROR robowire: forged\r\nand\u2028more\x1b[2J\x9b1m\u202e")
    said = written()
    assert [line[:2] for line in said.splitlines()[1:]] == ["  ", "  "]
    assert said.replace("\n", "").isprintable()


def test_what_was_typed_is_kept_without_logins(tmp_path: Path) -> None:
    history = _history(tmp_path / "wire.history")
    history.append_string("feed add https://me:secret@a.example/feed?key=abc")
    assert "feed add https://***@a.example/feed?key=***" in (tmp_path / "wire.history").read_text()
    assert "secret" not in (tmp_path / "wire.history").read_text()
