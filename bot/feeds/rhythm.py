"""When to poll next: pure arithmetic over what the server and the feed said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.text import key63

# RFC 9111 sets no limit to max-age, and a feed that says "a year" by accident should not fall silent for one.
_LONGEST_CACHE = 86_400
_LONGEST_BACKOFF = 86_400
_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Bounds of the polling interval in seconds; `jitter` is the share by which a feed's times are moved apart."""

    usual: int = 900
    shortest: int = 300
    longest: int = 21_600
    jitter: float = 0.1


def interval_after(current: int, news: bool, rhythm: Rhythm) -> int:
    """The next interval in seconds: halved, down to the usual or the shortest, where there was news; else a quarter longer.

    A feed with news is polled at least as often as `usual`; one that never has any drifts towards `longest`.
    """
    if news:
        return max(rhythm.shortest, min(rhythm.usual, current // 2))
    return max(rhythm.shortest, min(rhythm.longest, current + max(current // 4, 60)))


def next_poll(
    feed_key: str,
    now: datetime,
    interval: int,
    rhythm: Rhythm,
    max_age: int | None = None,
    ttl: int | None = None,
) -> datetime:
    """After an answer: when `interval` is over, but not before the answer may change (Cache-Control) or the feed says (ttl).

    `max_age` and `ttl` are seconds; each counts up to a day.
    """
    wait = max(interval, min(max_age or 0, _LONGEST_CACHE), min(ttl or 0, rhythm.longest))
    return now + timedelta(seconds=wait + spread(feed_key, now, wait * rhythm.jitter))


def after_failure(
    feed_key: str, now: datetime, failures: int, rhythm: Rhythm, retry_after: float | None = None
) -> datetime:
    """After the `failures`-th failure in a row (from 1): doubling from the usual interval up to a day.

    Where the server named a time (Retry-After) it is never earlier than that.
    """
    wait = float(min(rhythm.usual * 2 ** min(failures - 1, _DOUBLINGS), _LONGEST_BACKOFF))
    return now + timedelta(seconds=max(wait, retry_after or 0.0) + spread(feed_key, now, wait * rhythm.jitter))


def spread(feed_key: str, now: datetime, most: float) -> float:
    """Seconds in [0, most), the same for one feed at one time: feeds that started together drift apart, tests can tell."""
    return most * (key63(feed_key, now.isoformat()) % 10_007) / 10_007
