"""A thread that owns libcurl's multi interface: requests go in, answers come back to the event loop in batches.

The event loop does no network work of its own: libcurl runs without the interpreter's lock, and all transfers that end
in one round wake the loop once.
"""

from __future__ import annotations

import asyncio
import select
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import pycurl

from bot.errors import FetchError
from bot.feeds.handles import Answer, Handle, OutOfTime, Terms

_LONGEST_WAIT: Final = 1000
_SHORT_WAIT: Final = 10
"""Milliseconds to sleep at most: usually, and where some sockets are unknown to us."""

_SWITCH_SECONDS: Final = 0.0005


class _Transfer:
    """One request on its way. `handle` is set while libcurl works on it."""

    __slots__ = ("cancelled", "deadline", "future", "handle", "headers", "url")

    def __init__(self, url: str, headers: Sequence[bytes], deadline: float, future: asyncio.Future[Answer]) -> None:
        self.url = url
        self.headers = headers
        self.deadline = deadline
        self.future = future
        self.handle: Handle | None = None
        self.cancelled = False


_Ended = list[tuple["asyncio.Future[Answer]", "Answer | FetchError"]]


class Transfers:
    """The thread and its queue. Made inside the event loop that it answers to; `connections` transfers run at once."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._accept = b"Accept: " + terms.accept.encode()
        self._loop = asyncio.get_running_loop()
        self._queue: deque[_Transfer] = deque()
        self._sleeper, self._waker = socket.socketpair()
        self._sleeper.setblocking(False)
        self._waker.setblocking(False)
        self._woken = False
        self._closing = False
        self.ended = False
        # what follows belongs to the thread
        self._waiting: deque[_Transfer] = deque()
        self._handles: dict[Any, Handle] = {}
        self._free: list[Handle] = []
        self._active: dict[Handle, _Transfer] = {}
        self._done: _Ended = []
        # libcurl takes and leaves the interpreter's lock several times in a transfer. Beside a thread that computes, each
        # time can cost a whole switch interval: with the default of 5 ms there were runs of 130 fetches a second, with
        # 0.5 ms of 750 at the worst and 4,000 at the best
        sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_SECONDS))
        self._thread = threading.Thread(target=self._run, name="fetch", daemon=True)
        self._thread.start()

    async def get(self, url: str, headers: Sequence[bytes], deadline: float) -> Answer:
        """GET one address; `deadline` is on the monotonic clock. Follows no redirect.

        Raises OutOfTime, Refused where `may_connect` said no, FetchError for all else that gives no answer.
        Cancelling it ends the transfer.
        """
        transfer = _Transfer(url, [self._accept, *headers], deadline, self._loop.create_future())
        self._send(transfer)
        try:
            return await transfer.future
        except asyncio.CancelledError:
            transfer.cancelled = True
            if not transfer.future.cancelled():
                transfer.future.exception()  # it came too late to be heard
            self._send(transfer)
            raise

    async def close(self) -> None:
        """End the thread; what is in flight fails with a FetchError. Takes a second at most."""
        self._closing = True
        self._wake()
        await asyncio.to_thread(self._thread.join, 1.0)

    def _send(self, transfer: _Transfer) -> None:
        self._queue.append(transfer)
        self._wake()
        if self.ended and not transfer.future.done():  # perhaps put in after the thread's last look
            transfer.future.set_exception(_closed())

    def _wake(self) -> None:
        if not self._woken:
            self._woken = True
            with suppress(OSError):  # full: it is awake; closed: it has ended
                self._waker.send(b"\0")

    # -- the thread

    def _run(self) -> None:
        multi = pycurl.CurlMulti()
        multi.setopt(pycurl.M_MAXCONNECTS, self._terms.connections)
        try:
            while not self._closing:
                self._admit(multi)
                multi.perform()
                self._collect(multi)
                self._report()
                self._wait(multi)
        finally:
            self.ended = True
            self._leave(multi)

    def _admit(self, multi: Any) -> None:
        """Take the queue in and start what there is room for."""
        while self._queue:
            transfer = self._queue.popleft()
            if not transfer.cancelled:
                self._waiting.append(transfer)
            elif transfer.handle is not None:
                self._release(multi, transfer.handle)
        while self._waiting and len(self._active) < self._terms.connections:
            transfer = self._waiting.popleft()
            if not transfer.cancelled:
                self._start(multi, transfer)

    def _start(self, multi: Any, transfer: _Transfer) -> None:
        left = transfer.deadline - time.monotonic()
        if left <= 0:
            self._done.append((transfer.future, OutOfTime("no whole answer in time")))
            return
        handle = self._free.pop() if self._free else self._new_handle()
        try:
            handle.load(transfer.url, transfer.headers, left)
        except (ValueError, pycurl.error):
            self._free.append(handle)
            self._done.append((transfer.future, FetchError("the address cannot be read")))
            return
        self._active[handle], transfer.handle = transfer, handle
        multi.add_handle(handle.curl)

    def _new_handle(self) -> Handle:
        handle = Handle(self._terms)
        self._handles[handle.curl] = handle
        return handle

    def _collect(self, multi: Any) -> None:
        """Take what libcurl has finished."""
        left = 1
        while left:
            left, good, bad = multi.info_read()
            for curl in good:
                self._finish(multi, self._handles[curl], 0, "")
            for curl, code, message in bad:
                self._finish(multi, self._handles[curl], code, message)

    def _finish(self, multi: Any, handle: Handle, code: int, message: str) -> None:
        self._done.append((self._active[handle].future, handle.result(code, message)))
        self._release(multi, handle)

    def _release(self, multi: Any, handle: Handle) -> None:
        multi.remove_handle(handle.curl)
        handle.unload()
        self._active.pop(handle).handle = None
        self._free.append(handle)

    def _report(self) -> None:
        """Hand all results to the event loop at once."""
        if self._done:
            done, self._done = self._done, []
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(_settle, done)

    def _wait(self, multi: Any) -> None:
        """Sleep until a socket is ready, a timer of libcurl is due, or somebody wakes us."""
        if self._waiting and len(self._active) < self._terms.connections:
            return  # there is room now
        reading, writing, wait = [], [], -1
        if self._active:
            reading, writing, _ = multi.fdset()
            # libcurl leaves out what select() could not take (1,024 and above); a few at a time may also lack a socket yet
            known = len(reading) + len(writing) >= len(self._active)
            longest = _LONGEST_WAIT if known else _SHORT_WAIT
            wait = longest if (due := multi.timeout()) < 0 else min(due, longest)
        if _sleep(self._sleeper.fileno(), reading, writing, wait):
            self._sleeper.recv(64)
            self._woken = False  # before the queue is read, so that nothing put into it is overlooked

    def _leave(self, multi: Any) -> None:
        """Fail what is left, close everything."""
        left = [*self._active.values(), *self._waiting]
        while self._queue:
            left.append(self._queue.popleft())
        self._done += [(transfer.future, _closed()) for transfer in left]
        self._report()
        for handle in list(self._active):
            self._release(multi, handle)
        for handle in self._free:
            handle.curl.close()
        multi.close()
        self._sleeper.close()
        self._waker.close()


def _sleep(waker: int, reading: Sequence[int], writing: Sequence[int], wait: int) -> bool:
    """Wait so many milliseconds (-1: for ever) for any of these descriptors; answers whether it was the waker."""
    if not hasattr(select, "poll"):  # Windows
        return waker in select.select([waker, *reading], writing, [], None if wait < 0 else wait / 1000)[0]
    events = dict.fromkeys([waker, *reading], select.POLLIN)
    for number in writing:
        events[number] = events.get(number, 0) | select.POLLOUT
    poll = select.poll()
    for number, event in events.items():
        poll.register(number, event)
    return any(number == waker for number, _ in poll.poll(wait))


def _closed() -> FetchError:
    return FetchError("the fetcher was closed")


def _settle(done: _Ended) -> None:
    for future, result in done:
        if future.done():
            continue  # its caller went away
        if isinstance(result, Answer):
            future.set_result(result)
        else:
            future.set_exception(result)
