"""Slack's requests by HTTP, signed as https://docs.slack.dev/authentication/verifying-requests-from-slack has it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that is ready to go, so that it can be sent twice."""

    body: bytes
    headers: dict[str, str]


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """X-Slack-Signature."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def signed(
    secret: str,
    kind: str,
    payload: Mapping[str, Any],
    timestamp: str = "",
    signature: str = "",
    retry: int = 0,
    reason: str = "",
) -> Signed:
    """A request of this kind of envelope: a form for commands and interactions, JSON for events.

    `timestamp` and `signature` are right if they are not given; a timestamp may be old, or no number.
    """
    if kind == "slash_commands":
        body, content = urlencode(payload).encode(), "application/x-www-form-urlencoded"
    elif kind == "interactive":
        body, content = urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded"
    else:
        body, content = json.dumps(payload).encode(), "application/json"
    at = timestamp or str(int(time.time()))
    headers = {
        "Content-Type": content,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": signature or sign(secret, at, body),
    }
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason or "http_timeout"}
    return Signed(body, headers)


class Sender:
    """Sends what Slack would to a bot that listens at `url`; must be closed."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret
        self._session: ClientSession | None = None

    async def send(self, kind: str, payload: Mapping[str, Any], **how: Any) -> Answer:
        """Sign and send; `how` as `signed` has it."""
        return await self.send_as_is(signed(self.secret, kind, payload, **how))

    async def send_as_is(self, request: Signed) -> Answer:
        """Send a request that was made before: twice, it is replayed."""
        if self._session is None:
            self._session = ClientSession(trust_env=False)
        async with self._session.post(self.url, data=request.body, headers=request.headers) as response:
            return Answer(response.status, await response.text(), dict(response.headers))

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
