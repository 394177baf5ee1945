"""A small Slack on loopback for `bench kill`: enough of its Web API to be posted to, edited and looked through.

It keeps every message with its metadata, as https://docs.slack.dev/reference/methods has them, says that history may be
read, and answers late now and then, so that a process can die before it hears that its message was taken.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

TEAM = "T0"
_SCOPES = "chat:write,chat:write.public,channels:history,channels:read"


@dataclass
class Workspace:
    """Channels come into being when they are posted to; `here` has the messages of each, oldest first."""

    chance: random.Random
    slowest: float = 0.15
    here: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    posts: int = 0
    url: str = ""

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[Workspace]:
        """The server, until the block ends; `url` is what `[slack] api_url` is to be."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request; a client may die at any moment."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                target, headers = head.split(" ", 2)[1], _headers(head)
                body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
                method, _, query = target.rpartition("/")[2].partition("?")
                said = json.loads(body) if "json" in headers.get("content-type", "") else dict(parse_qsl(body or query))
                answer = {"ok": True, **self.do(method, said)}
                await asyncio.sleep(self.chance.uniform(0, self.slowest))
                writer.write(_reply(json.dumps(answer).encode()))
                await writer.drain()
        writer.close()

    def do(self, method: str, said: dict[str, Any]) -> dict[str, Any]:
        """What a method does, at once, and answers, later."""
        channel = str(said.get("channel", ""))
        if method == "chat.postMessage":
            self.posts += 1
            message = {key: said.get(key) for key in ("text", "metadata")} | {"ts": f"1700000000.{self.posts:06}"}
            self.here.setdefault(channel, []).append(message)
            return {"channel": channel, "ts": message["ts"]}
        if method == "conversations.history":
            return {"messages": self.here.get(channel, [])[: -int(said.get("limit", 100)) - 1 : -1]}
        return {"team_id": TEAM, "user_id": "U0", "bot_id": "B0", "channel": channel, "ts": str(said.get("ts", ""))}


def _headers(head: str) -> dict[str, str]:
    lines = (line.partition(":") for line in head.split("\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in lines}


def _reply(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}X-OAuth-Scopes: {_SCOPES}\r\n\r\n".encode() + body
