"""A little of Discord on loopback: enough REST and gateway for discord.py to log in, post, edit, and hear interactions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

ME = {"id": "1", "username": "robowire", "discriminator": "0", "avatar": None, "bot": True, "global_name": None}
USER = {"id": "9", "username": "ana", "discriminator": "0", "avatar": None, "global_name": None}
APP = {
    "id": "2",
    "name": "Robowire",
    "icon": None,
    "description": "",
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "x",
    "owner": USER,
    "flags": 0,
    "team": None,
}
ALL = str((1 << 10) | (1 << 11) | (1 << 14) | (1 << 35) | (1 << 38))
TEXT, FORUM = "7", "8"
EVERYBODY = {
    "id": "5",
    "name": "@everyone",
    "permissions": ALL,
    "position": 0,
    "color": 0,
    "colors": {"primary_color": 0},
    "hoist": False,
    "managed": False,
    "mentionable": False,
    "flags": 0,
}
JOINED = {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
GUILD: dict[str, Any] = {
    "id": "5",
    "name": "Lab",
    "owner_id": "9",
    "unavailable": False,
    "roles": [EVERYBODY],
    "emojis": [],
    "features": [],
    "members": [{"user": ME, **JOINED}],
    "channels": [
        {"id": TEXT, "type": 0, "name": "news", "position": 0, "permission_overwrites": [], "parent_id": None},
        {
            "id": FORUM,
            "type": 15,
            "name": "forum",
            "position": 1,
            "permission_overwrites": [],
            "parent_id": None,
            "flags": 16,
            "available_tags": [{"id": "77", "name": "news", "moderated": False, "emoji_id": None, "emoji_name": None}],
        },
    ],
    "threads": [],
    "verification_level": 0,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "nsfw_level": 0,
    "premium_tier": 0,
    "preferred_locale": "en-US",
    "afk_timeout": 60,
    "system_channel_flags": 0,
    "member_count": 2,
    "large": False,
    "stickers": [],
    "premium_progress_bar_enabled": False,
}
Answer = tuple[int, Mapping[str, Any], Mapping[str, str]]


@dataclass
class Stub:
    """Requests in their order, and what to answer instead of the usual."""

    url: str = ""
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    refusals: dict[str, list[Answer]] = field(default_factory=dict)
    identified: list[dict[str, Any]] = field(default_factory=list)
    resumed: int = 0
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    _socket: web.WebSocketResponse | None = None
    _seq: int = 0
    _ids: int = 1000

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is true of the requests."""
        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(holds)

    def sent(self, method: str, ending: str) -> list[Any]:
        return [body for verb, path, body in self.requests if verb == method and path.endswith(ending)]

    def refuse(self, method: str, path: str, status: int, code: int = 0, **headers: str) -> None:
        """Refuse the next such request."""
        answer = (status, {"code": code, "message": "no", "retry_after": float(headers.get("Retry_After", 0))}, headers)
        self.refusals.setdefault(f"{method} {path}", []).append(answer)

    async def dispatch(self, event: str, data: Mapping[str, Any]) -> None:
        """Let something happen on the gateway."""
        assert self._socket is not None
        self._seq += 1
        await self._socket.send_json({"op": 0, "t": event, "s": self._seq, "d": data})

    async def drop(self) -> None:
        """The connection to the gateway breaks."""
        assert self._socket is not None
        await self._socket.close(code=4000)

    async def interact(self, kind: int, data: Mapping[str, Any], **more: Any) -> str:
        """Somebody does something in the text channel; answers the path of the callback."""
        self._ids += 1
        member = {"user": USER, "permissions": str(1 << 5), **JOINED}
        whole = {
            "id": str(self._ids),
            "application_id": "2",
            "type": kind,
            "data": data,
            "token": f"token{self._ids}",
            "version": 1,
            "attachment_size_limit": 1,
            "guild_id": "5",
            "channel": GUILD["channels"][0] | {"guild_id": "5"},
            "member": member,
            "app_permissions": ALL,
            "entitlements": [],
            "authorizing_integration_owners": {"0": "5"},
            "context": 0,
        } | more
        await self.dispatch("INTERACTION_CREATE", {key: value for key, value in whole.items() if value is not None})
        path = f"/interactions/{self._ids}/token{self._ids}/callback"
        await self.until(lambda: bool(self.sent("POST", path)))
        return path

    async def _rest(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/api")
        text = await request.text()
        body = json.loads(text) if text else None
        async with self._arrived:
            self.requests.append((request.method, path, body))
            self._arrived.notify_all()
        status, answer, headers = self._answer(request.method, path, body)
        if not status and request.transport is not None:  # taken, and the answer lost
            request.transport.close()
            return web.Response()
        # discord.py wants exactly this content type
        text = json.dumps(answer)
        return web.Response(body=text, status=status, headers={"Content-Type": "application/json", **headers})

    def _answer(self, method: str, path: str, body: Any) -> Answer:
        waiting = self.refusals.get(f"{method} {path}")
        if waiting:
            return waiting.pop(0)
        self._ids += 1
        fixed: dict[str, Mapping[str, Any]] = {
            "/users/@me": ME,
            "/oauth2/applications/@me": APP,
            "/gateway/bot": {
                "url": f"{self.url.replace('http', 'ws')}/gateway",
                "shards": 1,
                "session_start_limit": {},
            },
            "/users/@me/channels": {"id": "3", "type": 1},
        }
        if path in fixed:
            return 200, fixed[path], {}
        if path.endswith("/commands"):
            return 200, {}, {}
        if path.startswith("/interactions"):
            return 200, {"interaction": {"id": "1", "type": 2}}, {}
        return 200, {"id": str(self._ids), "body": body}, {}

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = self._socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            said = json.loads(message.data)
            if said["op"] == 1:
                await socket.send_json({"op": 11})
            elif said["op"] == 2:
                await self._welcome(said["d"])
            elif said["op"] == 6:
                await self.dispatch("RESUMED", {})
                async with self._arrived:
                    self.resumed += 1
                    self._arrived.notify_all()
        return socket

    async def _welcome(self, identify: dict[str, Any]) -> None:
        url = f"{self.url.replace('http', 'ws')}/gateway"
        ready = {"v": 10, "user": ME, "guilds": [{"id": "5", "unavailable": True}], "session_id": "s", "shard": [0, 1]}
        await self.dispatch("READY", {**ready, "resume_gateway_url": url, "application": {"id": "2", "flags": 0}})
        await self.dispatch("GUILD_CREATE", GUILD)
        async with self._arrived:
            self.identified.append(identify)
            self._arrived.notify_all()


@asynccontextmanager
async def serving() -> AsyncIterator[Stub]:
    """The stub on a free port."""
    stub = Stub()
    app = web.Application()
    app.router.add_get("/gateway", stub._gateway)
    app.router.add_get("/gateway/", stub._gateway)
    app.router.add_route("*", "/api/{tail:.*}", stub._rest)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield stub
    finally:
        await runner.cleanup()
