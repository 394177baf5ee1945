"""A small fast HTTP/1.1 server on loopback, for the demo, the benchmarks and the tests; never for the web.

It answers GET and HEAD from a mapping that may change while it runs, gives 304 where a validator matches, keeps
connections alive, and keeps pipelined answers in order. Bodies are sent as they are: Accept-Encoding is ignored.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self, cast

MAX_HEAD: Final = 64 * 1024
"""Octets of one request's head, and of what a client may send ahead while its answer is waited for."""

BACKLOG: Final = 4096
"""Connections that may wait to be accepted; Linux cuts it to net.core.somaxconn."""

_REASONS: Final = {status.value: status.phrase for status in HTTPStatus}
_WITHOUT_BODY: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `etag` is sent as it is, so it brings its own quotes; `last_modified` is an HTTP date.

    `body` may be a function: it is called only when a body is due. `delay` is seconds before the answer. `headers` are
    further ones, such as Location and Retry-After. Status 200 becomes a 304 by itself where a validator matches.
    """

    body: bytes | Callable[[], bytes] = b""
    content_type: str = "text/plain; charset=utf-8"
    etag: str = ""
    last_modified: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


class Request:
    """What a client asked: `method`, `target` (path and query as sent), and the head, read on demand."""

    __slots__ = ("_lower", "head", "method", "target")

    def __init__(self, method: str, target: str, head: bytes) -> None:
        self.method = method
        self.target = target
        self.head = head
        self._lower = head.lower()

    def header(self, name: bytes) -> str:
        """The value of the first header of this lower-case name, or the empty string."""
        at = self._lower.find(b"\r\n" + name + b":")
        if at < 0:
            return ""
        at += len(name) + 3
        end = self.head.find(b"\r\n", at)
        return self.head[at : end if end >= 0 else None].strip().decode("latin-1")

    @property
    def headers(self) -> dict[str, str]:
        """All headers by lower-case name; of a repeated one the last."""
        return _headers(self.head)


_MISSING: Final = Reply(b"Not found.\n", status=404)

Handler = Callable[[Request], Reply]


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def unchanged(request: Request, reply: Reply) -> bool:
    """Whether what the client has is what it would get (RFC 9110 section 13).

    If-None-Match counts alone where it is sent, compared weakly. If-Modified-Since must be the very date that was sent
    before, as nginx has it (`if_modified_since exact`).
    """
    tags = request.header(b"if-none-match")
    if tags:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(reply.etag) and ("*" in known or reply.etag.removeprefix("W/") in known)
    return bool(reply.last_modified) and request.header(b"if-modified-since") == reply.last_modified


def encode(reply: Reply, request: Request, close: bool) -> bytes:
    """The octets of an answer: status line, headers, and a body where there must be one.

    No Date is sent: nothing here needs it, and it would make equal answers differ.
    """
    status = 304 if reply.status == 200 and unchanged(request, reply) else reply.status
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}\r\n"]
    body = b""
    if status not in _WITHOUT_BODY:
        body = reply.body if isinstance(reply.body, bytes) else reply.body()
        lines.append(f"Content-Type: {reply.content_type}\r\nContent-Length: {len(body)}\r\n")
    if reply.etag:
        lines.append(f"ETag: {reply.etag}\r\n")
    if reply.last_modified:
        lines.append(f"Last-Modified: {reply.last_modified}\r\n")
    lines += [f"{name}: {value}\r\n" for name, value in reply.headers.items()]
    lines.append("Connection: close\r\n\r\n" if close else "\r\n")
    head = "".join(lines).encode("latin-1")
    return head if request.method == "HEAD" else head + body


def _fault(request: Request, version: str) -> Reply | None:
    """The answer to what we do not serve: another protocol or method, or a body, which we would not read."""
    if version not in {"HTTP/1.1", "HTTP/1.0"}:
        return Reply(b"Only HTTP/1.\n", status=400)
    if request.method not in {"GET", "HEAD"}:
        return Reply(b"Only GET and HEAD.\n", status=405, headers={"Allow": "GET, HEAD"})
    if request.header(b"transfer-encoding") or request.header(b"content-length") not in {"", "0"}:
        return Reply(b"No request bodies.\n", status=400)
    return None


class _Connection(asyncio.Protocol):
    """One client. While an answer is delayed, or the client does not read, nothing further is answered."""

    __slots__ = ("_blocked", "_buffer", "_closing", "_paused", "_server", "_timer", "_transport")

    def __init__(self, server: Loopback) -> None:
        self._server = server
        self._buffer = b""
        self._timer: asyncio.TimerHandle | None = None
        self._blocked = False
        self._closing = False
        self._paused = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its bases
        self._server.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
        self._server.lost(self)

    def pause_writing(self) -> None:
        self._blocked = True

    def resume_writing(self) -> None:
        self._blocked = False
        self._serve()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        self._serve()

    def abort(self) -> None:
        """Drop the connection now."""
        self._transport.abort()

    def _waits(self) -> bool:
        return self._blocked or self._closing or self._timer is not None

    def _serve(self) -> None:
        """Answer the whole requests at the head of the buffer, as far as now is the time."""
        start = 0
        while not self._waits():
            end = self._buffer.find(b"\r\n\r\n", start)
            if end < 0:
                break
            head, start = self._buffer[start:end], end + 4
            self._answer(head)
        self._buffer = self._buffer[start:]
        if not self._closing:
            self._bound()

    def _bound(self) -> None:
        """Keep the buffer small: read no further while the client must wait, refuse a head that does not end."""
        full = len(self._buffer) > MAX_HEAD
        if full and not self._waits():
            self._send(Reply(b"The head is too large.\n", status=431), Request("GET", "", b""), close=True)
        elif full != self._paused:
            self._paused = full
            (self._transport.pause_reading if full else self._transport.resume_reading)()

    def _answer(self, head: bytes) -> None:
        method, _, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
        target, _, version = rest.partition(" ")
        request = Request(method, target, head)
        fault = _fault(request, version)
        reply = fault or self._server.reply(request)
        wish = request.header(b"connection").lower()
        close = fault is not None or "close" in wish or (version == "HTTP/1.0" and wish != "keep-alive")
        if reply.delay > 0:
            self._timer = self._server.loop.call_later(reply.delay, self._late, reply, request, close)
        else:
            self._send(reply, request, close)

    def _late(self, reply: Reply, request: Request, close: bool) -> None:
        self._timer = None
        self._send(reply, request, close)
        self._serve()

    def _send(self, reply: Reply, request: Request, close: bool) -> None:
        answer = encode(reply, request, close)
        status = int(answer[9:12])
        self._server.statuses[status] = self._server.statuses.get(status, 0) + 1
        self._transport.write(answer)
        if close:
            self._closing = True
            self._transport.close()


class Loopback:
    """The server, as an async context manager: `async with Loopback({"/feed.xml": Reply(b"...")}) as server`.

    `pages` (a copy of what was given) maps a target (path, or path and query) to a Reply, or to a function from the
    Request to one; other targets are 404. It is read at every request: change it, or put another in its place, at any
    time. `hits` counts requests per target as sent, `last` keeps the last of each (both only with `record`), `statuses`
    counts answers by status, `connections` counts accepted ones.

    It binds the first of `hosts` on `port` (0: a free one) and the others on the same port. Linux answers on all of
    127.0.0.0/8, so several hosts stand for several web sites. Raises ValueError for an address that is not loopback.
    """

    def __init__(
        self,
        pages: Mapping[str, Reply | Handler] | None = None,
        *,
        hosts: Sequence[str] = ("127.0.0.1",),
        port: int = 0,
        record: bool = True,
    ) -> None:
        for host in hosts:
            if not _is_loopback(host):
                raise ValueError(f"{host!r} is not a loopback address: use 127.0.0.1")
        self.pages: dict[str, Reply | Handler] = dict(pages or {})
        self.hosts = tuple(hosts)
        self.port = port
        self.hits: dict[str, int] = {}
        self.last: dict[str, Request] = {}
        self.statuses: dict[int, int] = {}
        self.connections = 0
        self.loop: asyncio.AbstractEventLoop
        self._record = record
        self._open: set[_Connection] = set()
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> Self:
        self.loop = asyncio.get_running_loop()
        try:
            for host in self.hosts:
                server = await self.loop.create_server(lambda: _Connection(self), host, self.port, backlog=BACKLOG)
                self._servers.append(server)
                self.port = int(server.sockets[0].getsockname()[1])
        except OSError:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for connection in tuple(self._open):
            connection.abort()
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()

    def url(self, target: str = "/", host: int = 0) -> str:
        """The address of a target, at the host of this index."""
        name = self.hosts[host]
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}{target}"

    @property
    def open(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def reply(self, request: Request) -> Reply:
        """The answer to a request, by the pages; it is counted."""
        target = request.target
        if self._record:
            self.hits[target] = self.hits.get(target, 0) + 1
            self.last[target] = request
        page = self.pages.get(target)
        if page is None:
            page = self.pages.get(target.partition("?")[0], _MISSING)
        return page if isinstance(page, Reply) else page(request)

    def opened(self, connection: _Connection) -> None:
        """A connection came."""
        self.connections += 1
        self._open.add(connection)

    def lost(self, connection: _Connection) -> None:
        """A connection went."""
        self._open.discard(connection)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # names too, for they can lead anywhere
