"""Between the values of the domain and what a column holds.

Times are whole microseconds since the epoch, so every aware datetime comes back exactly; lists and alerts are JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

import msgspec

from bot.errors import StoreError
from bot.model import EPOCH, Alert, AlertItem, Deal

Row = tuple[Any, ...]

_MICROSECOND = timedelta(microseconds=1)
_HOUR = 3_600_000_000
_encode = msgspec.json.Encoder().encode
_names = msgspec.json.Decoder(tuple[str, ...])
_alerts = msgspec.json.Decoder(Alert)
_alert_items = msgspec.json.Decoder(AlertItem)
_integers = msgspec.json.Decoder(tuple[int, ...])
_deals = msgspec.json.Decoder(tuple[Deal, ...])
_features = msgspec.json.Decoder(dict[str, float])


def micros(at: datetime) -> int:
    """An aware time as microseconds since the epoch; a naive one is a TypeError."""
    return (at - EPOCH) // _MICROSECOND


def moment(us: int) -> datetime:
    """The time, in UTC, that `micros` took."""
    return EPOCH + timedelta(microseconds=us)


def maybe_micros(at: datetime | None) -> int | None:
    """`micros`, with None for NULL."""
    return None if at is None else micros(at)


def maybe_moment(us: int | None) -> datetime | None:
    """`moment`, with None for NULL."""
    return None if us is None else moment(us)


def hour(us: int) -> int:
    """The whole hours since the epoch."""
    return us // _HOUR


def integers(numbers: Iterable[int]) -> str:
    """A JSON array for `json_each`, which keeps 64-bit integers exact."""
    return _encode(list(numbers)).decode()


def load_integers(text: str) -> tuple[int, ...]:
    """What `integers` wrote."""
    return _integers.decode(text)


def minutes(at: time | None) -> int | None:
    """A time of day as minutes since midnight, with None for NULL."""
    return None if at is None else at.hour * 60 + at.minute


def clock(number: int | None) -> time | None:
    """The time of day that `minutes` took."""
    return None if number is None else time(*divmod(number, 60))


def dump_names(names: Iterable[str]) -> str:
    """A JSON array of strings."""
    return _encode(list(names)).decode()


def load_names(text: str) -> tuple[str, ...]:
    """What `dump_names` wrote."""
    return () if text in ("[]", "") else _names.decode(text)


def dump_alert(alert: Alert) -> str:
    """An alert as JSON."""
    return _encode(alert).decode()


def load_alert(text: str) -> Alert:
    """What `dump_alert` wrote. Raises StoreError if this program cannot read it."""
    try:
        return _alerts.decode(text)
    except msgspec.MsgspecError as error:
        raise StoreError(f"a queued alert cannot be read: {error}") from error


def dump_alert_item(item: AlertItem) -> str:
    """One item of an alert as JSON."""
    return _encode(item).decode()


def load_alert_item(text: str) -> AlertItem:
    """What `dump_alert_item` wrote. Raises StoreError if this program cannot read it."""
    try:
        return _alert_items.decode(text)
    except msgspec.MsgspecError as error:
        raise StoreError(f"a story that waits for a digest cannot be read: {error}") from error


def dump_deals(deals: tuple[Deal, ...]) -> str:
    """Deals as JSON; empty for none."""
    return _encode(deals).decode() if deals else ""


def load_deals(text: str) -> tuple[Deal, ...]:
    """What `dump_deals` wrote. Raises StoreError if this program cannot read it."""
    if not text:
        return ()
    try:
        return _deals.decode(text)
    except msgspec.MsgspecError as error:
        raise StoreError(f"the deals of an item cannot be read: {error}") from error


def dump_features(features: Mapping[str, float]) -> str:
    """Numbers by name as JSON."""
    return _encode(dict(features)).decode()


def load_features(text: str) -> dict[str, float]:
    """What `dump_features` wrote."""
    return _features.decode(text)
