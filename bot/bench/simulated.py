"""Simulated time: an event loop that never waits, a clock that follows it and can jump, an executor that works at once.

Everything that runs on the loop does so in the order of its simulated times, in one thread, so that a run with the same seed is
the same run.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class _Skipping(selectors.DefaultSelector):
    """A selector for which waiting is moving the time on."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; where nothing is, the time of the next timer has come. Raises RuntimeError if there is none."""
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("the simulation stands still: everything waits, and nothing is to happen any more")
            self.time += max(timeout, 0.0)
        return ready


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is that of its timers."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        """Simulated seconds since the loop was made."""
        return self._skipping.time


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in simulated time."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(main)


class SimulatedClock:
    """The clock of the machine: satisfies `ports.Clock`. It may jump forward, as after a suspension; timers do not."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._jumped = timedelta()

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self._start + self._jumped + timedelta(seconds=asyncio.get_running_loop().time())

    async def sleep(self, seconds: float) -> None:
        """Return after so many simulated seconds."""
        await asyncio.sleep(seconds)

    def jump(self, seconds: float) -> None:
        """Be later from now on."""
        self._jumped += timedelta(seconds=seconds)


class AtOnce(Executor):
    """An executor that does what it is given before it answers: no thread, no other order than that of the loop."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """As concurrent.futures.Executor."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001  # whoever waits for it gets it, whatever it is
            done.set_exception(error)
        return done
