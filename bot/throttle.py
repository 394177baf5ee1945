"""How often one person may give commands: a sliding window for each, in memory."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.model import Person, Place, own_place, platform

MINUTE = timedelta(minutes=1)


class Throttle:
    """At most `most` commands of one person within any minute; 0 is no limit, and at the terminal there is none.

    One person on Discord is one in all servers. Commands that have to wait do not count, so who tries again too early waits no
    longer for it. Whoever gave none for a minute is forgotten. `now` gives aware times.
    """

    def __init__(self, most: int, now: Callable[[], datetime]) -> None:
        self.most, self._now = most, now
        self._given: OrderedDict[Place, deque[datetime]] = OrderedDict()  # who gave one last stands last

    @property
    def remembered(self) -> int:
        """How many people it knows of."""
        return len(self._given)

    def take(self, person: Person) -> int:
        """Count a command and answer 0; or answer the whole seconds after which there is room for one."""
        if not self.most or platform(person) == "terminal":
            return 0
        now, who = self._now(), own_place(person)
        self._forget(now)
        given = self._given.setdefault(who, deque(maxlen=self.most))
        while given and given[0] <= now - MINUTE:
            given.popleft()
        if len(given) == self.most:
            return math.ceil((given[0] + MINUTE - now).total_seconds())
        given.append(now)
        self._given.move_to_end(who)
        return 0

    def _forget(self, now: datetime) -> None:
        while self._given and next(iter(self._given.values()))[-1] <= now - MINUTE:
            self._given.popitem(last=False)
