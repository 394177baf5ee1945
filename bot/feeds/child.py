"""The process in which foreign parsers meet foreign documents: `python -m bot.feeds.child MEMORY_BYTES CPU_SECONDS`.

It writes READY, then reads requests from standard input and writes an answer for each to standard output, until its
input ends; both are a 4-byte big-endian length and msgpack. It limits its own memory and, every few documents, its
processor time; what goes on too long is killed by the system or by its parent. It refuses to open connections or to
start processes.
"""

from __future__ import annotations

import gc
import math
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO, Literal

import msgspec

from bot.errors import BadInput, ParseError
from bot.feeds import opml
from bot.feeds.discover import offered
from bot.feeds.normalise import normalise
from bot.feeds.parse import parse
from bot.model import NewFeed, Parsed

if sys.platform != "win32":  # which has no such limits: there only the parent's clock guards
    import resource

READY = b"+"
LENGTH_BYTES = 4
MOST_BYTES = 32 << 20
"""An answer is no longer than that: reading it takes the event loop of the parent a tenth of a second at most."""

_SLACK_BYTES = 128 << 20
"""How much a child may keep over what it started with before it asks to be replaced."""

_LOOK_EVERY = 16
"""Documents between two looks at processor time and memory used."""

_FORBIDDEN = frozenset(
    (
        *("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"),
        *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.startfile"),
    )
)


class Asked(msgspec.Struct, array_like=True):
    """One document to read: a feed, an OPML list of feeds, or a web page that may offer some."""

    body: bytes
    content_type: str
    feed_url: str
    page_url: str
    fetched: datetime
    kind: Literal["feed", "opml", "page"] = "feed"


class Answered(msgspec.Struct, array_like=True):
    """What became of it: `parsed`, `feeds` of a list, addresses `offered` by a page; or `error`.

    `last` says that the child ends now and wants to be replaced; `killed`, that the document would have been its end: it
    took all memory, or was nested without end.
    """

    parsed: Parsed | None = None
    error: str = ""
    last: bool = False
    feeds: tuple[NewFeed, ...] = ()
    offered: tuple[str, ...] = ()
    killed: bool = False


_OUT_OF_MEMORY = Answered(error="stopped: took more memory than a feed may", last=True, killed=True)


def main() -> None:
    """Serve until standard input ends."""
    memory, cpu = int(sys.argv[1]), int(sys.argv[2])
    for number in (signal.SIGINT, signal.SIGTERM):  # they are for the parent, which ends us when it is done
        signal.signal(number, signal.SIG_IGN)
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    _hush()
    sys.addaudithook(_refuse)
    gc.set_threshold(50_000, 20, 50)  # documents are short-lived and hardly ever cyclic
    _limit_memory(memory)
    try:
        sink.write(READY)
        sink.flush()
        serve(source, sink, lambda: _limit_cpu(cpu))
    except BrokenPipeError:  # the parent is gone
        os._exit(0)


def serve(source: BinaryIO, sink: BinaryIO, renew_limits: Callable[[], None]) -> None:
    """Answer requests until there are no more, or until much memory was kept."""
    enough = _resident_bytes() + _SLACK_BYTES
    documents, last = 0, False
    while not last and len(size := source.read(LENGTH_BYTES)) == LENGTH_BYTES:
        look = documents % _LOOK_EVERY == 0  # asking the system costs as much as reading a few entries
        if look:
            renew_limits()
        documents += 1
        reply, last = _reply(source.read(int.from_bytes(size, "big")), enough if look else sys.maxsize)
        sink.write(len(reply).to_bytes(LENGTH_BYTES, "big") + reply)
        sink.flush()


def _reply(request: bytes, enough: int) -> tuple[bytes, bool]:
    """The encoded answer, and whether it is the last because more than `enough` bytes are in use."""
    try:
        answered = answer(msgspec.msgpack.decode(request, type=Asked))
        answered.last = answered.last or (enough < sys.maxsize and _resident_bytes() > enough)
        reply = msgspec.msgpack.encode(answered)
        if len(reply) > MOST_BYTES:
            reply = msgspec.msgpack.encode(
                Answered(error="stopped: more text than a feed may have", last=answered.last)
            )
        return reply, answered.last
    except MemoryError:
        return msgspec.msgpack.encode(_OUT_OF_MEMORY), True


def answer(asked: Asked) -> Answered:
    """Read one document; every way in which that can fail is an answer too, but for want of memory."""
    try:
        return _read(asked)
    except (ParseError, BadInput) as error:
        return Answered(error=str(error))
    except MemoryError:
        raise
    except RecursionError:
        return Answered(error="stopped: nested too deeply", killed=True)
    except Exception as error:  # noqa: BLE001  # the wall round foreign parsers: whatever they raise is about the document
        return Answered(error=f"not a feed that can be read ({type(error).__name__})")


def _read(asked: Asked) -> Answered:
    """Read what was asked for. Raises ParseError, BadInput, and whatever foreign parsers raise."""
    if asked.kind == "opml":
        return Answered(feeds=tuple(opml.read(asked.body)))
    if asked.kind == "page":
        return Answered(offered=tuple(offered(asked.body, asked.page_url)))
    document = parse(asked.body, asked.content_type)
    return Answered(normalise(document, asked.feed_url, asked.page_url, asked.fetched))


def _hush() -> None:
    """Let what parsers print go nowhere: not into the answers, and not onto the terminal of whoever runs the bot."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _refuse(event: str, _: object) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} is not for feeds")


def _limit_memory(most: int) -> None:
    if sys.platform == "win32":
        return
    _set_limit(resource.RLIMIT_CORE, 0)
    _set_limit(resource.RLIMIT_AS, most)


def _limit_cpu(seconds: int) -> None:
    """Let the system kill this process once it used `seconds` more than up to now."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set_limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + seconds)


def _set_limit(kind: int, soft: int) -> None:
    """Set a soft limit; one that the system or an operator set lower stays."""
    if sys.platform == "win32":
        return
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    try:
        resource.setrlimit(kind, (soft, hard))
    except (ValueError, OSError):  # macOS refuses limits on address space
        return


def _resident_bytes() -> int:
    """Memory in use now; 0 where the system does not tell (https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html)."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


if __name__ == "__main__":
    main()
