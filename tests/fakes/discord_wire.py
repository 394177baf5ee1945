"""Discord's two wires over loopback: REST by HTTP with troubles on demand, the gateway by WebSocket."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.chat.discord_rules import faults
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_world import Refusal, World

T = TypeVar("T")
PATIENCE = 15.0
"""Seconds after which what a test waits for counts as never coming."""

POST = "POST /channels/*/messages"
EDIT = "PATCH /channels/*/messages/*"
SYNC = "PUT /applications/*/commands"
CALLBACK = "POST /interactions/*/*/callback"

_PREFIX = "/api/v10"
_FREE = ("/interactions/", "/webhooks/")
"""Known by their own tokens, and free of the bot's rate limit."""
_EARLY = 0.02
"""Seconds by which a call may come too early: clocks are not that exact."""
_GLOBAL, _SECOND = 50, 1.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot: `at` is monotonic seconds, `answer` status and body, empty if it got nothing."""

    method: str
    path: str
    payload: Any
    headers: dict[str, str]
    at: float
    answer: list[tuple[int, Any]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the bot was told that it went well."""
        return bool(self.answer) and self.answer[0][0] < 300

    def matches(self, what: str) -> bool:
        """Whether it is such a request: a method and a path, in which `*` stands for any part."""
        return re.fullmatch(re.escape(what).replace(r"\*", "[^/]+"), f"{self.method} {self.path}") is not None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with one request, in `channel` (a name) if one is given. Made by the functions below."""

    status: int = 200
    code: int = 0
    message: str = ""
    retry_after: float | None = None
    everywhere: bool = False
    accepted: bool = False
    cut: bool = False
    delay: float = 0.0
    channel: str = ""


def limited(seconds: float, channel: str = "", everywhere: bool = False) -> Trouble:
    """429 with Retry-After, for this route or (`everywhere`) the whole bot; a call before that is over is a fault."""
    return Trouble(429, 0, "You are being rate limited.", seconds, everywhere, channel=channel)


def refused(status: int, code: int, channel: str = "") -> Trouble:
    """Discord says no: 403 with 50013, 404 with 10003, 400 with 50035..."""
    return Trouble(status, code, "refused", channel=channel)


def broken(status: int = 500, accepted: bool = False, channel: str = "") -> Trouble:
    """500, 502, 503 or 504, before it was carried out or after."""
    return Trouble(status, 0, "broken", accepted=accepted, channel=channel)


def lost(accepted: bool = True, channel: str = "") -> Trouble:
    """The connection is cut instead of an answer, after it was carried out or before."""
    return Trouble(accepted=accepted, cut=True, channel=channel)


def slow(seconds: float, channel: str = "") -> Trouble:
    """The answer comes late."""
    return Trouble(accepted=True, delay=seconds, channel=channel)


class DiscordWire:
    """The server, as an async context manager. `calls` and `world.asked` are the transcript; `faults` must stay empty.

    With `rate` (so many in so many seconds) each route of each channel has a fixed window, told in the headers.
    """

    def __init__(self, token: str = "a-token-for-tests") -> None:
        self.token = token
        self.world = World()
        self.gateway = Gateway(self.world, token, self.note)
        self.calls: list[Call] = []
        self.mentions: set[str] = set()
        """Roles and people that somebody asked to be told."""
        self.shards = 1
        self.rate: tuple[int, float] | None = None
        self.port = 0
        self._troubles: list[tuple[str, Trouble]] = []
        self._closed_until: dict[tuple[str, str], float] = {}
        self._windows: dict[str, tuple[float, int]] = {}
        self._recent: deque[float] = deque(maxlen=_GLOBAL)
        self._change = asyncio.Event()
        self._faults: list[str] = []
        self._runner: web.AppRunner

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_route("*", "/api/{tail:.*}", self._rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = self.gateway_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.drop(1001)
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What `[discord] api_url` is to be."""
        return f"http://127.0.0.1:{self.port}{_PREFIX}"

    @property
    def gateway_url(self) -> str:
        """What `[discord] gateway_url` is to be."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    @property
    def environment(self) -> dict[str, str]:
        """The token, by the name under which the bot looks for it."""
        return {"DISCORD_TOKEN": self.token}

    @property
    def faults(self) -> list[str]:
        """Everything that the bot did wrong so far; `[]` is what a test asks for."""
        return [*self._faults, *self.gateway.faults, *self.world.faults]

    def trouble(self, what: str, *troubles: Trouble) -> None:
        """Let the next such requests go wrong, one after another; `what` as `Call.matches` has it."""
        self._troubles += [(what, trouble) for trouble in troubles]

    def called(self, what: str, channel: str = "") -> list[Call]:
        """Such requests so far, those to a channel if one is named."""
        within = f"/channels/{self.world.channel(channel).id}/" if channel else ""
        return [call for call in self.calls if call.matches(what) and call.path.startswith(within)]

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
        await self.wait_for(lambda: self.gateway.connected, "a connection of the bot", PATIENCE * 2)

    # -- REST -------------------------------------------------------------------------------------------------------------

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        payload = json.loads(text) if text else None
        path = request.path.removeprefix(_PREFIX)
        call = Call(request.method, path, payload, dict(request.headers), monotonic())
        self.calls.append(call)
        if not request.path.startswith(f"{_PREFIX}/"):
            self._faults.append(f"{request.path}: not version 10 of the API")
        whole = f"{path}?{request.query_string}" if request.query_string else path
        self._faults += faults(call.method, whole, payload, self.mentions)
        trouble = self._early(call) or self._next(call)
        if trouble.retry_after is not None:
            self._close(call, trouble, trouble.retry_after)
        status, answer = trouble.status, {"message": trouble.message, "code": trouble.code}
        if (trouble.status == 200 and not trouble.cut) or trouble.accepted:
            done = self._carried_out(call)
            status, answer = done if trouble.status == 200 else (status, answer)
        self.note()
        for event, data in [self.world.happened.pop(0) for _ in list(self.world.happened)]:
            await self.gateway.dispatch(event, data)
        if trouble.delay:
            await asyncio.sleep(trouble.delay)
        return self._said(request, call, trouble, status, answer)

    def _said(self, request: web.Request, call: Call, trouble: Trouble, status: int, answer: Any) -> web.StreamResponse:
        """The answer goes out as the trouble has it."""
        if trouble.cut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        headers = self._window(call)
        if trouble.retry_after is not None:
            answer = answer | {"retry_after": trouble.retry_after, "global": trouble.everywhere}
            scope = "global" if trouble.everywhere else "user"
            headers |= {"Via": "1.1 google", "Retry-After": str(ceil(trouble.retry_after)), "X-RateLimit-Scope": scope}
            headers |= {"X-RateLimit-Global": "true"} if trouble.everywhere else {}
        call.answer.append((status, answer))
        self.note()
        if status == 204:
            return web.Response(status=204, headers=headers)
        # discord.py reads JSON of exactly this content type, with no charset behind it
        body = json.dumps(answer).encode()
        return web.Response(body=body, status=status, headers={"Content-Type": "application/json", **headers})

    def _carried_out(self, call: Call) -> tuple[int, Any]:
        try:
            self._admitted(call)
            if call.path == "/gateway/bot":
                limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
                return 200, {"url": self.gateway_url, "shards": self.shards, "session_start_limit": limit}
            return self.world.answer(call.method, call.path, call.payload)
        except Refusal as refusal:
            return refusal.status, {"message": refusal.message, "code": refusal.code}

    def _admitted(self, call: Call) -> None:
        if call.path.startswith(_FREE):
            return
        if not call.headers.get("User-Agent", "").startswith("DiscordBot ("):
            self._faults.append(f"{call.path}: User-Agent {call.headers.get('User-Agent')!r} is not a bot's")
        if call.headers.get("Authorization") != f"Bot {self.token}":
            raise Refusal(401, 0, "401: Unauthorized")

    # -- rate limits ------------------------------------------------------------------------------------------------------

    def _close(self, call: Call, trouble: Trouble, seconds: float) -> None:
        key = ("", "") if trouble.everywhere else _route(call)
        self._closed_until[key] = max(call.at + seconds, self._closed_until.get(key, 0.0))

    def _early(self, call: Call) -> Trouble | None:
        """A call that came before Retry-After was over is a fault, and limited again; so are too many in one second."""
        everywhere = 0.0 if call.path.startswith(_FREE) else self._closed_until.get(("", ""), 0.0)
        until = max(self._closed_until.get(_route(call), 0.0), everywhere)
        if call.at < until - _EARLY:
            self._faults.append(f"{call.method} {call.path}: {until - call.at:.2f} s before Retry-After was over")
            return limited(until - call.at, everywhere=everywhere == until)
        if call.path.startswith(_FREE):
            return None
        if len(self._recent) == _GLOBAL and call.at - self._recent[0] < _SECOND:
            return limited(_SECOND, everywhere=True)
        self._recent.append(call.at)
        return self._overrun(call)

    def _overrun(self, call: Call) -> Trouble | None:
        if self.rate is None:
            return None
        most, seconds = self.rate
        key = " ".join(_route(call))
        began, count = self._windows.get(key, (call.at, 0))
        if call.at - began >= seconds - _EARLY:
            began, count = call.at, 0
        if count >= most:
            return limited(began + seconds - call.at)
        self._windows[key] = (began, count + 1)
        return None

    def _window(self, call: Call) -> dict[str, str]:
        if self.rate is None or call.path.startswith(_FREE):
            return {}
        most, seconds = self.rate
        began, count = self._windows.get(" ".join(_route(call)), (call.at, 0))
        left = max(0.0, began + seconds - monotonic())
        return {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(most - count),
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": f"{hash(_route(call)[0]) & 0xFFFFFFFF:08x}",
        }

    def _next(self, call: Call) -> Trouble:
        for pair in self._troubles:
            what, trouble = pair
            where = f"/channels/{self.world.channel(trouble.channel).id}/" if trouble.channel else ""
            if call.matches(what) and call.path.startswith(where):
                self._troubles.remove(pair)
                return trouble
        return Trouble()

    def _story(self) -> str:
        lines = [
            f"{one.method} {one.path} {json.dumps(one.payload, ensure_ascii=False)[:200]}" for one in self.calls[-8:]
        ]
        return "The last calls:\n" + "\n".join(lines) + f"\nfaults: {self.faults}"


def _route(call: Call) -> tuple[str, str]:
    """A route and its major parameter, which together have one rate limit."""
    parts = call.path.split("/")
    major = parts[2] if len(parts) > 2 and parts[1] in ("channels", "guilds") else ""
    major = call.path if call.path.startswith(_FREE) else major
    template = re.sub(r"\d{5,}", "*", call.path)
    return f"{call.method} {template}", major
