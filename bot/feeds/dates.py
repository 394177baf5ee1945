"""Dates of entries: what feeds write, as aware UTC times that can be trusted to sort by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Nothing was published by feed before; older dates are zeroes and typing errors."""

AHEAD = timedelta(hours=24)
"""How far ahead of our clock a date may be: a local time that was taken for UTC is up to 14 hours ahead."""

_LONGEST = 100


def settle(said: str, fetched: datetime) -> datetime:
    """When an entry was published: what it says, or `fetched` where that is missing, unreadable or cannot be true."""
    when = read(said)
    return when if when is not None and EARLIEST <= when <= fetched + AHEAD else fetched


def read(said: str) -> datetime | None:
    """An ISO 8601 or RFC 822 date in UTC; one without a zone is taken for UTC. None if it cannot be read."""
    if not 8 <= len(said) <= _LONGEST:
        return None
    try:
        when: datetime | None = datetime.fromisoformat(said)
    except ValueError:
        when = _rfc822(said)
    if when is None or when.tzinfo is UTC:
        return when
    try:
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _rfc822(said: str) -> datetime | None:
    try:
        return parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
