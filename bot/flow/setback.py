"""The wall clock may be set back: what was to happen at times that the wrong clock gave must not wait until then."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.log import logger
from bot.ports import Transaction

log = logger(__name__)

NOTICED = timedelta(minutes=1)
"""A clock that is set back by less changes nothing that anybody would notice."""


class Setback:
    """Notices that the clock was set back, while the process ran or before it began, and shortens the waits in the store."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def heed(self, tx: Transaction, now: datetime) -> bool:
        """Look at the clock; answers whether it was set back. The first time the store says what it was."""
        last = self._last
        if last is not None and last - now < NOTICED:
            return False
        back = max(tx.feeds.rewind(now), (last or now) - now)
        if back < NOTICED:
            return False
        tx.outbox.rewind(now, back)
        tx.digests.rewind(now)
        log.warning("the clock was set back by %s: what waits for later times waits as much shorter", back)
        return True

    def seen(self, now: datetime) -> None:
        """What followed from this time is committed."""
        self._last = now
