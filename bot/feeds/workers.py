"""Documents are read in children that can be killed: the Parser that the bot runs with.

Small documents can stop a parser dead or eat all memory, and nothing inside a process can prevent it. A child reads one
document at a time, in about the time that the reading takes; what is not read in time goes down with its child, alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import msgspec

import bot
from bot.errors import BadInput, ParseError
from bot.feeds.child import LENGTH_BYTES, MOST_BYTES, READY, Answered, Asked
from bot.model import EPOCH, NewFeed, Page, Parsed

_DOCUMENTS = 2_000
"""After so many documents a child is replaced, before fragments of them fill its memory."""

_START_SECONDS = 60.0
_PIPE_BYTES = 1 << 20
_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(Answered).decode


class Workers:
    """Children that read documents, started when first needed.

    At most `count` run, and wait for work in turn. A document may take `wall_seconds`, `cpu_seconds` of a processor and
    `memory_bytes` of address space. `restarts` counts children that were lost or killed.
    """

    def __init__(
        self, count: int = 2, wall_seconds: float = 5.0, cpu_seconds: int = 5, memory_bytes: int = 1 << 30
    ) -> None:
        self.restarts = 0
        self._wall = wall_seconds
        self._limits = (str(memory_bytes), str(cpu_seconds))
        self._count = count
        self._turns = asyncio.Semaphore(count)
        self._idle: list[_Child] = []
        self._living: set[_Child] = set()
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def pids(self) -> list[int]:
        """The process ids of all children."""
        return [child.pid for child in tuple(self._living)]

    async def parse(self, page: Page, feed_url: str) -> Parsed:
        """Read and normalise a document; see ports.Parser."""
        answered = await self._answer(Asked(page.body, page.content_type, feed_url, page.url, page.fetched))
        if answered.parsed is None:
            raise ParseError(answered.error, answered.killed)
        return answered.parsed

    async def opml(self, body: bytes) -> list[NewFeed]:
        """Read a list of feeds; see ports.Parser."""
        try:
            answered = await self._answer(Asked(body, "", "", "", EPOCH, "opml"))
        except ParseError as error:
            raise BadInput(f"not an OPML file that can be read: {error}") from error
        if answered.error:
            raise BadInput(answered.error)
        return list(answered.feeds)

    async def offered(self, page: Page) -> list[str]:
        """The feeds of a web page; see ports.Parser."""
        answered = await self._answer(Asked(page.body, "", "", page.url, page.fetched, "page"))
        if answered.error:
            raise ParseError(answered.error)
        return list(answered.offered)

    async def start(self) -> None:
        """Start all children now, so that the first documents need not wait for them. Raises ParseError if it fails."""
        missing = self._count - len(self._idle)
        self._idle += await asyncio.gather(*(self._born() for _ in range(missing)))

    async def close(self) -> None:
        """Let what is being read be read; then stop the children and wait until they are gone."""
        for _ in range(self._count):
            await self._turns.acquire()
        while self._idle:
            self._end(self._idle.pop())
        await asyncio.gather(*self._ending)
        for _ in range(self._count):
            self._turns.release()

    async def _answer(self, asked: Asked) -> Answered:
        request = _ENCODE(asked)
        async with self._turns:
            return await self._ask(request)

    async def _ask(self, request: bytes) -> Answered:
        """Have one child read one document. A child that died while it was idle is not the document's fault."""
        while True:
            child = self._idle.pop() if self._idle else await self._born()
            fresh = child.documents == 0
            try:
                answered = await self._timed(child, request)
            except _Died as died:
                if fresh or died.out_of_time:
                    raise ParseError(f"stopped: {died}", killed=not died.starved) from died
            else:
                return answered

    async def _timed(self, child: _Child, request: bytes) -> Answered:
        """Ask, and keep the child only if it answered completely: one that was interrupted is out of step."""
        answered: Answered | None = None
        before = _processor_seconds(child.pid)
        try:
            async with asyncio.timeout(self._wall):
                answered = await child.ask(request)
        except TimeoutError:
            used = _processor_seconds(child.pid)
            starved = before is not None and used is not None and used - before < self._wall / 2
            raise _Died(f"took more than {self._wall:g} s", out_of_time=True, starved=starved) from None
        finally:
            if answered is None:
                self.restarts += 1
                self._end(child)
            elif answered.last or child.documents >= _DOCUMENTS:
                self._end(child)
            else:
                self._idle.append(child)
        return answered

    async def _born(self) -> _Child:
        child = await _Child.start(self._limits)
        self._living.add(child)
        return child

    def _end(self, child: _Child) -> None:
        """Kill a child; whoever closes waits until it is gone."""
        self._living.discard(child)
        task = asyncio.ensure_future(child.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


class _Died(Exception):
    """A child ended, or was ended, before it answered; `starved`, because others had the processors meanwhile."""

    def __init__(self, text: str, out_of_time: bool, starved: bool = False) -> None:
        super().__init__(text)
        self.out_of_time, self.starved = out_of_time, starved


class _Child:
    """One child process, asked one thing at a time."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._stdin, self._stdout = process, process.stdin, process.stdout
        self.pid = process.pid
        self.documents = 0

    @classmethod
    async def start(cls, limits: tuple[str, str]) -> _Child:
        """A child that has loaded its libraries, so that no document's time is spent on that."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-W", "ignore", "-m", "bot.feeds.child", *limits),
            stdin=PIPE,
            stdout=PIPE,
            env=_environment(),
            limit=_PIPE_BYTES,
        )
        child = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await child._stdout.readexactly(len(READY))
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            await child.end()
            raise ParseError("stopped: the parser could not be started") from error
        except asyncio.CancelledError:
            await child.end()
            raise
        return child

    async def ask(self, request: bytes) -> Answered:
        """Send a request and wait for its answer. Raises _Died if the child ends instead."""
        try:
            self._stdin.write(len(request).to_bytes(LENGTH_BYTES, "big"))
            self._stdin.write(request)
            await self._stdin.drain()
            size = int.from_bytes(await self._stdout.readexactly(LENGTH_BYTES), "big")
            if size > MOST_BYTES:  # a child that keeps its word says no such thing
                raise _Died("the parser broke down", out_of_time=True)
            answered = _DECODE(await self._stdout.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError):
            if await self._process.wait() == -getattr(signal, "SIGXCPU", 0):
                raise _Died("took too much processor time", out_of_time=True) from None
            raise _Died("the parser broke down", out_of_time=False) from None
        self.documents += 1
        return answered

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        with contextlib.suppress(ConnectionError):
            self._stdin.close()
            await self._stdin.wait_closed()
        await self._process.wait()


def _processor_seconds(pid: int) -> float | None:
    """What a process has used; None where the system does not tell (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


def _environment() -> dict[str, str]:
    """Nothing of ours but where the code lies: no tokens, no proxies. Windows starts nothing without SYSTEMROOT."""
    paths = dict.fromkeys([str(Path(bot.__file__).parent.parent), *filter(os.path.isabs, sys.path)])
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8", "PYTHONNOUSERSITE": "1", **kept}
