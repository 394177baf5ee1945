"""Local times: what people type, and which instants they are in a time zone, over every change of its clocks. Pure."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import BadInput
from bot.people import Hours

_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]m)?", re.ASCII | re.IGNORECASE)
_NO_PLACE = ("Etc/", "SystemV/", "posix/", "right/")
_DAY, _MINUTE, _SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


# -- what people type --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The IANA time zones that people live in, and UTC, in the order of the alphabet."""
    names = (name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACE))
    return (*sorted(names), "UTC")


def find_zone(text: str) -> str:
    """The IANA name that somebody means: `Europe/Berlin`, `europe/berlin`, `new york`. Raises BadInput with the nearest."""
    wanted = text.strip().replace(" ", "_").lower()
    names = {name.lower(): name for name in zone_names()}
    if wanted in names:
        return names[wanted]
    cities = [name for name in zone_names() if name.lower().rpartition("/")[2] == wanted]
    if len(cities) == 1:
        return cities[0]
    near = cities or _near_zones(wanted, names)
    hint = f" Did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else " Write one like `Europe/Berlin`."
    raise BadInput(f"There is no time zone `{text}`.{hint}", field="zone")


def _near_zones(wanted: str, names: dict[str, str]) -> list[str]:
    inside = [names[name] for name in names if len(wanted) > 2 and wanted in name]
    if inside:
        return inside[:3]
    cities = {name.rpartition("/")[2]: names[name] for name in names}
    return [
        *(names[name] for name in difflib.get_close_matches(wanted, names, 1, 0.75)),
        *(cities[name] for name in difflib.get_close_matches(wanted, cities, 1, 0.75)),
    ][:1]


def find_time(text: str, field: str) -> time:
    """A time of day: `07:30`, `7:30`, `7`, `7pm`. Raises BadInput, which names the parameter."""
    found = _TIME.fullmatch(text.strip())
    if found:
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise BadInput(f"{field} must be a time of day like 07:30, not `{text}`.", field=field)


def zone_of(hours: Hours, usual: tzinfo) -> tzinfo:
    """The zone in which a place lives; the usual one if it has not said so."""
    return ZoneInfo(hours.zone) if hours.zone else usual


# -- which instants they are -------------------------------------------------------------------------------------------


def instant(day: date, at: time, zone: tzinfo) -> datetime | None:
    """When a local time of a local day is, in UTC; None for a day that a zone leaves out (30 December 2011 in Apia).

    A time that comes twice is the first of the two. One that the clocks jump over is the first instant after the jump, or, if
    that is on another day, the last minute before it.
    """
    wall = datetime.combine(day, at)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if _wall(found, zone) == wall:
        return found
    jump = _change(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found, zone)
    return next((one for one in (jump, jump - _MINUTE) if _wall(one, zone).date() == day), None)


def _wall(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _change(early: datetime, late: datetime, zone: tzinfo) -> datetime:
    """The first second after `early` at which the zone's offset differs from that at `early`."""
    before = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + timedelta(seconds=(late - early) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def quiet_until(hours: Hours, now: datetime, zone: tzinfo) -> datetime | None:
    """The end of the quiet hours that it is in now, None if it is in none."""
    if hours.quiet_from is None or hours.quiet_to is None:
        return None
    today = now.astimezone(zone).date()
    nights = 1 if hours.quiet_to <= hours.quiet_from else 0
    for day in (today - 2 * _DAY, today - _DAY, today):  # two: a zone may leave a day out
        start = instant(day, hours.quiet_from, zone)
        last = day + nights * _DAY
        end = instant(last, hours.quiet_to, zone) or instant(last + _DAY, hours.quiet_to, zone)
        if start and end and start <= now < end:
            return end
    return None
