"""Slack's two wires over loopback: the Web API by HTTP, Socket Mode by WebSocket, with troubles on demand."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import WSMsgType, web

from tests.chat.slack_rules import ACK_SECONDS, faults
from tests.fakes.slack_http import Sender
from tests.fakes.slack_state import APP
from tests.fakes.slack_world import Refusal, Workspace

T = TypeVar("T")
PATIENCE = 15.0
"""Seconds after which what a test waits for counts as never coming."""

_FREE = ("apps.connections.open",)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot: `at` is seconds of the monotonic clock, `answer` what it got, None if it got nothing."""

    method: str
    payload: dict[str, Any]
    headers: dict[str, str]
    at: float
    answer: list[dict[str, Any] | None] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the bot was told that it went well."""
        return bool(self.answer) and bool((self.answer[0] or {}).get("ok"))


@dataclass
class Sent:
    """One envelope to the bot, and when and with what it was acknowledged."""

    id: str
    kind: str
    payload: dict[str, Any]
    at: float
    acked: float | None = None
    ack: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long the acknowledgement took."""
        assert self.acked is not None, f"{self.kind} was not acknowledged"
        return self.acked - self.at


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with one call of a method, in `channel` if one is given. Made by the functions below."""

    status: int = 200
    error: str = ""
    retry_after: int | None = None
    accepted: bool = False
    cut: bool = False
    delay: float = 0.0
    channel: str = ""


def limited(seconds: int, channel: str = "") -> Trouble:
    """429 with Retry-After, for one channel or the whole workspace; a call before that is over is a fault."""
    return Trouble(429, "ratelimited", seconds, channel=channel)


def refused(error: str, channel: str = "") -> Trouble:
    """`ok: false` with this error."""
    return Trouble(error=error, channel=channel)


def broken(accepted: bool = True, channel: str = "") -> Trouble:
    """500, after it was carried out or before."""
    return Trouble(500, "internal_error", accepted=accepted, channel=channel)


def lost(accepted: bool = True, channel: str = "") -> Trouble:
    """The connection is cut instead of an answer, after it was carried out or before."""
    return Trouble(accepted=accepted, cut=True, channel=channel)


def slow(seconds: float, channel: str = "") -> Trouble:
    """The answer comes late."""
    return Trouble(accepted=True, delay=seconds, channel=channel)


class SlackWire:
    """The server, as an async context manager. `calls` and `sent` are the transcript; `faults` must stay empty."""

    def __init__(self, bot_token: str = "xoxb-1-fake", app_token: str = "xapp-1-fake") -> None:
        self.bot_token, self.app_token = bot_token, app_token
        self.world = Workspace()
        self.calls: list[Call] = []
        self.sent: list[Sent] = []
        self.mentions: set[str] = set()
        """Mentions that somebody asked for, as they stand in the text."""
        self.revoked = ""
        """The error that every call gets from now on: token_revoked, account_inactive, invalid_auth."""
        self.connections = 0
        """How many Socket Mode connections there have been."""
        self.sender: Sender | None = None
        """If set, everything is sent to the bot by signed HTTP requests instead."""
        self._troubles: dict[str, list[Trouble]] = {}
        self._closed_until: dict[tuple[str, str], float] = {}
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._change = asyncio.Event()
        self._faults: list[str] = []
        self._runner: web.AppRunner
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link/{ticket}", self._link)
        app.router.add_post("/commands/{name:.*}", self._respond)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close_sockets()
        if self.sender is not None:
            await self.sender.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What `[slack] api_url` is to be."""
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def environment(self) -> dict[str, str]:
        """The tokens, by the names under which the bot looks for them."""
        return {"SLACK_BOT_TOKEN": self.bot_token, "SLACK_APP_TOKEN": self.app_token}

    @property
    def faults(self) -> list[str]:
        """Everything that the bot did wrong so far; `[]` is what a test asks for."""
        return [*self._faults, *self.world.faults]

    @property
    def connected(self) -> bool:
        """Whether the bot is there."""
        return any(not socket.closed for socket in self._sockets)

    def trouble(self, method: str, *troubles: Trouble) -> None:
        """Let the next calls of a method go wrong, one after another."""
        self._troubles.setdefault(method, []).extend(troubles)

    def called(self, method: str, **having: Any) -> list[Call]:
        """The calls of a method so far, those with these arguments."""
        return [
            call
            for call in self.calls
            if call.method == method and all(call.payload.get(key) == value for key, value in having.items())
        ]

    def note(self) -> None:
        """Something happened: whoever waits looks again."""
        before, self._change = self._change, asyncio.Event()
        before.set()

    async def wait_for(self, look: Callable[[], T], what: str = "", within: float = PATIENCE) -> T:
        """Look whenever something happens, until there is something; fails after `within` seconds."""
        deadline = monotonic() + within
        while True:
            change = self._change
            if found := look():
                return found
            try:
                await asyncio.wait_for(change.wait(), max(0.0, deadline - monotonic()))
            except TimeoutError:
                raise AssertionError(f"{what or 'it'} never came. {self._story()}") from None

    async def ready(self) -> None:
        """Wait until the bot is connected."""
        await self.wait_for(lambda: self.connected, "a connection of the bot", PATIENCE * 2)

    # -- Socket Mode ----------------------------------------------------------------------------------------------------

    async def deliver(
        self, kind: str, payload: dict[str, Any], retry: int = 0, reason: str = "", within: float = PATIENCE
    ) -> Sent:
        """Send one envelope and wait until it is acknowledged."""
        sent = Sent(str(uuid.uuid4()), kind, payload, monotonic())
        self.sent.append(sent)
        if self.sender is not None:
            await self._post(sent, retry, reason)
        else:
            await self.wait_for(lambda: self.connected, "a connection of the bot")
            sent.at = monotonic()
            await self._newest().send_json(_envelope(sent, retry, reason))
            await self.wait_for(lambda: sent.acked is not None, f"an acknowledgement of {kind}", within)
        if sent.seconds > ACK_SECONDS:
            self._faults.append(f"{kind}: acknowledged after {sent.seconds:.1f} s, more than {ACK_SECONDS:.0f} s")
        self._faults += faults(_ack_kind(sent), sent.ack, self.mentions)
        return sent

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask the bot to connect anew, as Slack does every few hours; wait until it has, then let the old one go."""
        old, before = list(self._sockets), self.connections
        for socket in old:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})
        await self.wait_for(lambda: self.connections > before and self.connected, "a new connection")
        for socket in old:
            await socket.close()

    async def close_sockets(self) -> None:
        """Close all connections without a word before."""
        for socket in list(self._sockets):
            await socket.close()

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            self._faults.append("socket: a link was used twice, or invented")
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        socket: web.WebSocketResponse = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._sockets) + 1,
                "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": APP},
            }
        )
        self._sockets.append(socket)
        self.connections += 1
        self.note()
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acked(json.loads(message.data))
        finally:
            self._sockets.remove(socket)
            self.note()
        return socket

    def _newest(self) -> web.WebSocketResponse:
        return next(socket for socket in reversed(self._sockets) if not socket.closed)

    def _acked(self, said: Mapping[str, Any]) -> None:
        for sent in self.sent:
            if sent.id == said.get("envelope_id"):
                if sent.acked is not None:
                    self._faults.append(f"{sent.kind}: acknowledged twice")
                sent.acked, sent.ack = monotonic(), dict(said.get("payload") or {})
                self.note()
                return
        self._faults.append(f"socket: an acknowledgement of nothing: {said}")

    async def _post(self, sent: Sent, retry: int, reason: str) -> None:
        assert self.sender is not None
        answer = await self.sender.send(sent.kind, sent.payload, retry=retry, reason=reason)
        sent.acked = monotonic()
        assert answer.status == 200, f"{sent.kind}: HTTP {answer.status} {answer.body!r}"
        try:
            sent.ack = json.loads(answer.body) if answer.body else {}
        except ValueError:
            sent.ack = {"text": answer.body}
        self.note()

    # -- the Web API ----------------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        payload = await _payload(request)
        call = Call(method, payload, dict(request.headers), monotonic())
        self.calls.append(call)
        channel = str(payload.get("channel", ""))
        self._faults += faults(method, payload, self.mentions)
        trouble = self._early(call, channel) or self._next(method, channel)
        self.note()
        if trouble.retry_after is not None:
            until = monotonic() + trouble.retry_after
            key = (method, trouble.channel)
            self._closed_until[key] = max(until, self._closed_until.get(key, 0.0))
        fine = not (trouble.error or trouble.cut) or trouble.accepted
        answer = self._carried_out(call) if fine else {"ok": False, "error": trouble.error}
        self.note()
        if trouble.delay:
            await asyncio.sleep(trouble.delay)
        return self._said(request, call, trouble, answer)

    def _said(self, request: web.Request, call: Call, trouble: Trouble, answer: dict[str, Any]) -> web.Response:
        """The answer goes out as the trouble has it."""
        if trouble.cut:
            call.answer.append(None)
            if request.transport is not None:
                request.transport.abort()
        elif trouble.status != 200:
            answer = {"ok": False, "error": trouble.error}
        if not trouble.cut:
            call.answer.append(answer)
        self.note()
        headers = {"x-oauth-scopes": ",".join(sorted(self.world.scopes)), "x-slack-req-id": uuid.uuid4().hex}
        if trouble.retry_after is not None:
            headers["Retry-After"] = str(trouble.retry_after)
        return web.json_response(answer, status=trouble.status, headers=headers)

    def _early(self, call: Call, channel: str) -> Trouble | None:
        """A call that came before Retry-After was over is a fault, and limited again."""
        until = max(self._closed_until.get((call.method, where), 0.0) for where in (channel, ""))
        if call.at >= until:
            return None
        self._faults.append(f"{call.method} {channel}: called {until - call.at:.2f} s before Retry-After was over")
        return limited(int(until - call.at) + 1, channel)

    def _next(self, method: str, channel: str) -> Trouble:
        waiting = self._troubles.get(method, [])
        for trouble in waiting:
            if trouble.channel in ("", channel):
                waiting.remove(trouble)
                return trouble
        return Trouble()

    def _carried_out(self, call: Call) -> dict[str, Any]:
        token = call.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            self._admitted(call.method, token)
            if call.method == "apps.connections.open":
                return {"ok": True, "url": self._ticket()}
            return {"ok": True, **self.world.answer(call.method, call.payload)}
        except Refusal as refusal:
            return {"ok": False, "error": refusal.error, **refusal.more}

    def _admitted(self, method: str, token: str) -> None:
        wanted = self.app_token if method in _FREE else self.bot_token
        other = self.bot_token if method in _FREE else self.app_token
        if not token:
            raise Refusal("not_authed")
        if token == other:
            raise Refusal("not_allowed_token_type")
        if token != wanted:
            raise Refusal("invalid_auth")
        if self.revoked:
            raise Refusal(self.revoked)

    def _ticket(self) -> str:
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self.port}/link/{ticket}"

    async def _respond(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        payload = await _payload(request)
        call = Call("respond", payload, dict(request.headers), monotonic())
        self.calls.append(call)
        self._faults += faults("respond", payload, self.mentions)
        trouble = self._next("respond", "")
        if trouble.delay:
            await asyncio.sleep(trouble.delay)
        status, body = trouble.status, trouble.error or "ok"
        if trouble.accepted or not (trouble.error or trouble.cut):
            done, said = self.world.respond(name, payload)
            status, body = (status, body) if trouble.error else (done, said)
        if trouble.cut and request.transport is not None:
            request.transport.abort()
        call.answer.append(None if trouble.cut else {"ok": status == 200 and not trouble.error})
        self.note()
        headers = {} if trouble.retry_after is None else {"Retry-After": str(trouble.retry_after)}
        return web.Response(status=404 if trouble.error and status == 200 else status, text=body, headers=headers)

    def response_url(self, name: str) -> str:
        """The address of a response_url of this name."""
        return f"http://127.0.0.1:{self.port}/commands/{name}"

    def _story(self) -> str:
        lines = [f"{call.method} {json.dumps(call.payload, ensure_ascii=False)[:200]}" for call in self.calls[-8:]]
        return "The last calls:\n" + "\n".join(lines) + f"\nfaults: {self.faults}"


def _envelope(sent: Sent, retry: int, reason: str) -> dict[str, Any]:
    """https://docs.slack.dev/apis/events-api/using-socket-mode"""
    said: dict[str, Any] = {
        "envelope_id": sent.id,
        "type": sent.kind,
        "payload": sent.payload,
        "accepts_response_payload": sent.kind != "events_api",
    }
    if sent.kind == "events_api":
        said |= {"retry_attempt": retry, "retry_reason": reason}
    return said


def _ack_kind(sent: Sent) -> str:
    if sent.kind == "slash_commands":
        return "ack.command"
    kinds = {"view_submission": "ack.submission", "block_suggestion": "ack.suggestion"}
    return kinds.get(str(sent.payload.get("type")), "ack.event")


async def _payload(request: web.Request) -> dict[str, Any]:
    """Arguments from the address, and from a body of JSON or of a form."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.can_read_body:
        found |= {key: str(value) for key, value in (await request.post()).items()}
    return found
