"""The one clockwork: a single dispatcher job that ticks; what is due stands in the store, not here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.log import logger

log = logger(__name__)


class Schedule:
    """Calls `tick` every `seconds`, never twice at once, late rather than never."""

    def __init__(self, tick: Callable[[], Awaitable[None]], seconds: float = 1.0) -> None:
        self._tick = tick
        self._failed: tuple[str, int] = ("", 0)
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        # The default misfire_grace_time of one second would drop ticks silently after a stall.
        self._scheduler.add_job(
            self._run,
            "interval",
            seconds=seconds,
            id="dispatch",
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    def start(self) -> None:
        """Begin; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """No tick begins any more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _run(self) -> None:
        try:
            await self._tick()
        except Exception as error:  # noqa: BLE001 - the edge of the job: a fault in one tick must not end the ticking
            self._tell(error)
        else:
            self._failed = ("", 0)

    def _tell(self, error: Exception) -> None:
        """Log a fault; one that comes back every second ever more rarely, and in a line."""
        known, times = self._failed
        times = times + 1 if known == repr(error) else 1
        self._failed = (repr(error), times)
        if times == 1:
            log.error("a tick failed", exc_info=error)
        elif times & (times - 1) == 0:
            log.error("a tick failed for the %dth time: %r", times, error)
