"""Slack by HTTP, against everybody who is not Slack: what is not signed, not fresh, or said twice is refused and does nothing."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.chat.slack_app import SlackChat
from bot.chat.slack_wire import signed as genuine
from bot.log import logger
from tests.chat.slack_bot import C1, World, chat_of
from tests.fakes import slack_payloads
from tests.fakes.slack_http import Sender, Signed, sign, signed
from tests.fakes.slack_server import SlackServer

SECRET = "s3cret"
COMMAND = {
    **{"command": "/wire", "text": "news", "user_id": "U1", "channel_id": "C1", "team_id": "T0", "trigger_id": "t1"},
    **{"response_url": "http://127.0.0.1:9/", "token": "t", "team_domain": "x", "channel_name": "c", "user_name": "u"},
}


@dataclass
class Door:
    """The bot in HTTP mode, and what it did."""

    sender: Sender
    slack: SlackServer
    world: World
    now: int

    def request(self, kind: str = "events_api", **how: Any) -> Signed:
        payload = left("Ev1", "C1") if kind == "events_api" else COMMAND
        return signed(SECRET, kind, payload, **{"timestamp": str(self.now), **how})

    async def status(self, request: Signed) -> int:
        return (await self.sender.send_as_is(request)).status

    async def effects(self) -> tuple[list[str], int]:
        """What was done up to now: behind everything else one good event is sent and waited for."""
        last = signed(SECRET, "events_api", left("EvLast", "C9"), str(self.now))
        assert await self.status(last) == 200
        await self.slack.wait_for(lambda: "slack:T0/C9" in self.world.gone)
        return [where for where in self.world.gone if where != "slack:T0/C9"], len(self.world.calls)


@pytest.fixture
async def door(slack: SlackServer, world: World) -> AsyncIterator[Door]:
    chat: SlackChat = chat_of(slack, world, mode="http", signing_secret=SECRET, listen="127.0.0.1:0")
    task = asyncio.create_task(chat.run())
    await asyncio.wait_for(chat.ready.wait(), 5)
    world.now = datetime.now(UTC)
    slack.sender = Sender(f"http://127.0.0.1:{chat.port}/slack/events", SECRET)
    yield Door(slack.sender, slack, world, int(world.now.timestamp()))
    await chat.close()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def left(event_id: str, channel: str) -> dict[str, Any]:
    return slack_payloads.event({"type": "channel_left", "channel": channel}, event_id, 1_700_000_000)


def resigned(request: Signed, timestamp: str, version: str = "v0", secret: str = SECRET) -> Signed:
    """The same request with a right signature of another time, version or secret."""
    base = f"{version}:{timestamp}:".encode() + request.body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    stamps = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"{version}={digest}"}
    return Signed(request.body, {**request.headers, **stamps})


def without(request: Signed, header: str) -> Signed:
    return Signed(request.body, {name: value for name, value in request.headers.items() if name != header})


def with_(request: Signed, header: str, value: str) -> Signed:
    return Signed(request.body, {**request.headers, header: value})


WRONG: dict[str, Callable[[Signed, int], Signed]] = {
    "no signature": lambda one, now: without(one, "X-Slack-Signature"),
    "an empty signature": lambda one, now: with_(one, "X-Slack-Signature", ""),
    "no timestamp": lambda one, now: without(one, "X-Slack-Request-Timestamp"),
    "neither": lambda one, now: without(without(one, "X-Slack-Signature"), "X-Slack-Request-Timestamp"),
    "a bad signature": lambda one, now: with_(one, "X-Slack-Signature", "v0=" + "0" * 64),
    "one digit wrong": lambda one, now: with_(one, "X-Slack-Signature", one.headers["X-Slack-Signature"][:-1] + "g"),
    "a part of it": lambda one, now: with_(one, "X-Slack-Signature", one.headers["X-Slack-Signature"][:-1]),
    "in capitals": lambda one, now: with_(one, "X-Slack-Signature", one.headers["X-Slack-Signature"].upper()),
    "without its version": lambda one, now: with_(one, "X-Slack-Signature", one.headers["X-Slack-Signature"][3:]),
    "another version": lambda one, now: resigned(one, str(now), "v1"),
    "another secret": lambda one, now: resigned(one, str(now), secret="S3cret"),
    "no secret": lambda one, now: resigned(one, str(now), secret=""),
    "no ASCII": lambda one, now: with_(one, "X-Slack-Signature", "v0=é"),
    "old": lambda one, now: resigned(one, str(now - 301)),
    "of long ago": lambda one, now: resigned(one, "0"),
    "of the future": lambda one, now: resigned(one, str(now + 301)),
    "negative": lambda one, now: resigned(one, f"-{now}"),
    "with a sign": lambda one, now: resigned(one, f"+{now}"),
    "no number": lambda one, now: resigned(one, "yesterday"),
    "a fraction": lambda one, now: resigned(one, f"{now}.0"),
    "an exponent": lambda one, now: resigned(one, "1.7e9"),
    "with underscores": lambda one, now: resigned(one, f"{str(now)[:4]}_{str(now)[4:]}"),
    "not a number": lambda one, now: resigned(one, "nan"),
    "infinite": lambda one, now: resigned(one, "inf"),
    "huge": lambda one, now: resigned(one, "9" * 400),
    "in other digits": lambda one, now: resigned(one, "".join(chr(0x660 + int(digit)) for digit in str(now))),
    "another time than signed": lambda one, now: with_(one, "X-Slack-Request-Timestamp", str(now - 1)),
    "another body": lambda one, now: Signed(one.body.replace(b"C1", b"C2"), one.headers),
    "an empty body": lambda one, now: Signed(b"", one.headers),
}


@pytest.mark.parametrize("kind", ["events_api", "slash_commands"])
@pytest.mark.parametrize("name", WRONG)
async def test_what_is_not_slacks_gets_401_and_no_effect(door: Door, name: str, kind: str) -> None:
    assert await door.status(WRONG[name](door.request(kind), door.now)) == 401
    assert await door.effects() == ([], 0)


@pytest.mark.parametrize("age", [-299, -1, 0, 299])
async def test_five_minutes_of_difference_are_taken(door: Door, age: int) -> None:
    assert await door.status(door.request(timestamp=str(door.now - age))) == 200
    assert (await door.effects())[0] == [C1]


@pytest.mark.parametrize("kind", ["events_api", "slash_commands"])
async def test_a_replay_gets_401_and_no_second_effect(door: Door, kind: str) -> None:
    request = door.request(kind)
    assert [await door.status(request) for _ in range(3)] == [200, 401, 401]
    retried = with_(request, "X-Slack-Retry-Num", "1")
    assert await door.status(retried) == 401
    await door.slack.wait_for(lambda: door.world.gone or door.world.calls)
    gone, calls = await door.effects()
    assert len(gone) + calls == 1


async def test_replays_at_once_have_one_effect(door: Door) -> None:
    request = door.request("slash_commands")
    statuses = await asyncio.gather(*(door.status(request) for _ in range(5)))
    assert sorted(statuses) == [200, 401, 401, 401, 401]


async def test_a_retry_of_slacks_own_is_taken_and_has_no_second_effect(door: Door) -> None:
    """A retry is signed anew with its own time; what is the same is the id of the event."""
    for retry in range(4):
        assert await door.status(door.request(timestamp=str(door.now - 200 + retry), retry=retry)) == 200
    assert (await door.effects())[0] == [C1]


async def test_a_replay_is_refused_after_thousands_of_others(door: Door) -> None:
    request = door.request("slash_commands", timestamp=str(door.now - 250))
    assert await door.status(request) == 200
    for number in range(60):
        other = signed(SECRET, "events_api", left(f"Ev{number}", "C1"), str(door.now))
        assert await door.status(other) == 200
    assert await door.status(request) == 401


ODD = {
    "empty": (b"", "application/json"),
    "no JSON": (b"{", "application/json"),
    "a list": (b"[]", "application/json"),
    "a number": (b"5", "application/json"),
    "null": (b"null", "application/json"),
    "deep": (b"[" * 100_000, "application/json"),
    "not UTF-8": (b"\xff\xfe", "application/json"),
    "a form as JSON": (urlencode(COMMAND).encode(), "application/json"),
    "JSON as a form": (json.dumps(left("Ev1", "C1")).encode(), "application/x-www-form-urlencoded"),
    "a payload that is a list": (b"payload=[1]", "application/x-www-form-urlencoded"),
    "a payload that is no JSON": (b"payload={", "application/x-www-form-urlencoded"),
    "a payload of nothing": (b"payload=null", "application/x-www-form-urlencoded"),
    "an unknown kind": (b'{"type": "x"}', "application/json"),
    "an event that is a list": (b'{"type": "event_callback", "event": []}', "application/json"),
    "a form without anything": (b"a=b", "application/x-www-form-urlencoded"),
    "plain text": (b"hello", "text/plain"),
    "another content type": (json.dumps(left("Ev1", "C1")).encode(), "image/png"),
    "too large": (b"a" * ((1 << 20) + 1), "application/json"),
}


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
@pytest.mark.parametrize("name", ODD)
async def test_what_is_signed_and_odd_is_refused_and_has_no_effect(door: Door, name: str) -> None:
    body, content_type = ODD[name]
    at = str(door.now)
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": sign(SECRET, at, body),
    }
    assert 400 <= await door.status(Signed(body, headers)) < 500
    assert await door.effects() == ([], 0)


def test_without_a_secret_nothing_is_genuine() -> None:
    body, at = b"x", "1700000000"
    assert genuine(SECRET, at, body, sign(SECRET, at, body), 1_700_000_000)
    assert not genuine("", at, body, sign("", at, body), 1_700_000_000)


async def test_what_slack_says_does_not_silence_our_own_log(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    """Bolt sets the level of the logger that has the name of its app, once a request has come."""
    assert await door.status(door.request("slash_commands")) == 200
    await door.slack.wait_for(lambda: door.world.calls)
    with caplog.at_level("INFO"):
        logger("bot.flow").info("a poll")
    assert "a poll" in caplog.messages
