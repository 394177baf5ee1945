"""Discord's gateway over loopback: hello, identify, heartbeats, resuming, and everything that tears a connection.

https://discord.com/developers/docs/events/gateway. Compression is offered to the bot's choice by Discord, and not used here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes import discord_payloads as payloads
from tests.fakes.discord_state import LAB
from tests.fakes.discord_world import World

GUILDS, PRIVILEGED = 1 << 0, (1 << 1) | (1 << 8) | (1 << 15)
_HELLO, _HEARTBEAT, _IDENTIFY, _RESUME, _RECONNECT, _INVALID, _ACK = 10, 1, 2, 6, 7, 9, 11
_BAD_TOKEN, _NOT_AUTHENTICATED, _BAD_INTENTS = 4004, 4003, 4014
_NEEDS_GUILDS = ("GUILD_", "CHANNEL_", "THREAD_")


@dataclass
class Session:
    """What Discord remembers of a shard: all it was told, so that a new connection gets what was missed."""

    id: str
    shard: int
    count: int
    intents: int
    told: list[dict[str, Any]] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None

    @property
    def connected(self) -> bool:
        """Whether the bot is there."""
        return self.socket is not None and not self.socket.closed


class Gateway:
    """All sessions; `identified` has the payload of every identify, `beats` counts heartbeats."""

    def __init__(self, world: World, token: str, note: Callable[[], None]) -> None:
        self.world, self.token, self._note = world, token, note
        self.sessions: dict[str, Session] = {}
        self.identified: list[dict[str, Any]] = []
        self.resumed = self.connections = self.beats = 0
        self.interval = 41_250
        """Milliseconds between heartbeats."""
        self.faults: list[str] = []
        self.url = ""

    @property
    def connected(self) -> bool:
        """Whether a shard is there."""
        return any(session.connected for session in self.sessions.values())

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection."""
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self.faults.append(f"gateway: asked for {dict(request.query)}, not for version 10 in JSON")
        socket: web.WebSocketResponse = web.WebSocketResponse()
        await socket.prepare(request)
        await self._send(socket, _HELLO, {"heartbeat_interval": self.interval, "_trace": []})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._hear(socket, json.loads(message.data))
        self._note()
        return socket

    async def dispatch(self, event: str, data: dict[str, Any], guild: str = LAB) -> None:
        """Let the shard of a server hear of something; if it is away, it hears when it resumes."""
        for session in list(self.sessions.values()):
            if session.shard != payloads.shard_of(guild, session.count):
                continue
            if not event.startswith(_NEEDS_GUILDS) or session.intents & GUILDS:
                await self._tell(session, event, data)

    async def reconnect(self) -> None:
        """Ask all to connect anew, as Discord does before it moves a server."""
        for socket in self._sockets():
            await self._send(socket, _RECONNECT, None)

    async def invalidate(self, resumable: bool = False) -> None:
        """The sessions are no longer good; those that are not resumable are forgotten."""
        sockets = self._sockets()
        if not resumable:
            self.sessions.clear()
        for socket in sockets:
            await self._send(socket, _INVALID, resumable)

    async def drop(self, code: int = 4000) -> None:
        """Close all connections; the sessions can be resumed."""
        for socket in self._sockets():
            await socket.close(code=code)

    # -- parts ----------------------------------------------------------------------------------------------------------

    def _sockets(self) -> list[web.WebSocketResponse]:
        return [one.socket for one in self.sessions.values() if one.socket is not None and not one.socket.closed]

    async def _hear(self, socket: web.WebSocketResponse, said: dict[str, Any]) -> None:
        op, data = said.get("op"), said.get("d")
        if op == _HEARTBEAT:
            self.beats += 1
            await self._send(socket, _ACK, None)
        elif op == _IDENTIFY:
            await self._identify(socket, data or {})
        elif op == _RESUME:
            await self._resume(socket, data or {})
        elif all(session.socket is not socket for session in self.sessions.values()):
            await socket.close(code=_NOT_AUTHENTICATED)
        self._note()

    async def _identify(self, socket: web.WebSocketResponse, asked: dict[str, Any]) -> None:
        self.identified.append(asked)
        intents = int(asked.get("intents", 0))
        if asked.get("token") != self.token:
            await socket.close(code=_BAD_TOKEN)
            return
        if intents & PRIVILEGED:
            self.faults.append(f"gateway: intents {intents} need approval by Discord")
            await socket.close(code=_BAD_INTENTS)
            return
        shard = list(asked.get("shard") or (0, 1))
        old = [one for one in self.sessions.values() if one.shard == shard[0] and not one.connected]
        for one in old:
            del self.sessions[one.id]
        session = Session(uuid.uuid4().hex, shard[0], shard[1], intents, socket=socket)
        self.sessions[session.id] = session
        await self._tell(session, "READY", payloads.ready(self.world, session.id, shard, self.url))
        if self.world.joined and intents & GUILDS and shard[0] == payloads.shard_of(LAB, shard[1]):
            await self._tell(session, "GUILD_CREATE", payloads.guild(self.world))
        self.connections += 1

    async def _resume(self, socket: web.WebSocketResponse, asked: dict[str, Any]) -> None:
        session = self.sessions.get(str(asked.get("session_id")))
        if asked.get("token") != self.token:
            await socket.close(code=_BAD_TOKEN)
            return
        if session is None:
            await self._send(socket, _INVALID, False)
            return
        session.socket = socket
        for event in session.told[int(asked.get("seq") or 0) :]:
            await socket.send_json(event)
        await self._tell(session, "RESUMED", {"_trace": []})
        self.resumed += 1
        self.connections += 1

    async def _tell(self, session: Session, event: str, data: dict[str, Any]) -> None:
        said = {"op": 0, "t": event, "s": len(session.told) + 1, "d": data}
        session.told.append(said)
        if session.socket is not None and not session.socket.closed:
            await session.socket.send_json(said)

    async def _send(self, socket: web.WebSocketResponse, op: int, data: Any) -> None:
        await socket.send_json({"op": op, "d": data, "s": None, "t": None})
