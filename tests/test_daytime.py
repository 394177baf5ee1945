"""Local times as people type them, and the instants that they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.daytime import find_time, find_zone, instant, quiet_until, zone_names, zone_of
from bot.errors import BadInput
from bot.model import TERMINAL
from bot.people import Hours

BERLIN, NEW_YORK, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")
LORD_HOWE, CASABLANCA, KOLKATA = (
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Africa/Casablanca"),
    ZoneInfo("Asia/Kolkata"),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("07:30", time(7, 30)),
        ("7:30", time(7, 30)),
        (" 7 ", time(7)),
        ("7.30", time(7, 30)),
        ("7h30", time(7, 30)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
        ("7pm", time(19)),
        ("12am", time(0)),
        ("12:15 PM", time(12, 15)),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(typed: str, meant: time) -> None:
    assert find_time(typed, "at") == meant


@pytest.mark.parametrize("typed", ["", "24:00", "7:60", "13pm", "0am", "7:3", "noon", "٧:٣٠", "-7", "07:30:00"])
def test_what_is_no_time_of_day_is_refused_by_its_parameter(typed: str) -> None:
    with pytest.raises(BadInput, match="like 07:30") as caught:
        find_time(typed, "at")
    assert caught.value.field == "at"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Kolkata", "Asia/Kolkata"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_name_or_city(typed: str, meant: str) -> None:
    assert find_zone(typed) == meant


@pytest.mark.parametrize(
    ("typed", "hint"), [("Berln", "`Europe/Berlin`"), ("indiana", "`America/Indiana/"), ("qq", "like `Europe/Berlin`")]
)
def test_an_unknown_zone_gets_the_nearest(typed: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint):
        find_zone(typed)


def test_no_name_of_a_zone_leads_to_a_file_elsewhere() -> None:
    for name in ("../../etc/passwd", "/etc/passwd", "Europe/../Europe/Berlin", "posix/Europe/Berlin", "Europe"):
        with pytest.raises(BadInput):
            find_zone(name)
    assert "Asia/Shanghai" in zone_names()


def test_a_place_lives_in_its_zone_or_in_the_usual_one() -> None:
    assert zone_of(Hours(TERMINAL), UTC) == UTC
    assert zone_of(Hours(TERMINAL, "Asia/Kolkata"), UTC) == KOLKATA


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        (KOLKATA, date(2026, 3, 1), time(7, 30), "2026-03-01 02:00"),
        (BERLIN, date(2026, 3, 29), time(1, 59), "2026-03-29 00:59"),
        (BERLIN, date(2026, 3, 29), time(2, 0), "2026-03-29 01:00"),  # a time that is jumped over
        (BERLIN, date(2026, 3, 29), time(2, 30), "2026-03-29 01:00"),
        (BERLIN, date(2026, 3, 29), time(3, 0), "2026-03-29 01:00"),
        (BERLIN, date(2026, 10, 25), time(2, 30), "2026-10-25 00:30"),  # the first of two
        (BERLIN, date(2026, 10, 25), time(3, 0), "2026-10-25 02:00"),
        (NEW_YORK, date(2026, 3, 8), time(2, 30), "2026-03-08 07:00"),
        (NEW_YORK, date(2026, 11, 1), time(1, 30), "2026-11-01 05:30"),
        (LORD_HOWE, date(2026, 10, 4), time(2, 15), "2026-10-03 15:30"),  # half an hour
        (LORD_HOWE, date(2026, 4, 5), time(1, 45), "2026-04-04 14:45"),
        (CASABLANCA, date(2026, 3, 22), time(2, 30), "2026-03-22 02:00"),  # after Ramadan
        (ZoneInfo("America/Sao_Paulo"), date(2018, 11, 4), time(0, 0), "2018-11-04 03:00"),  # midnight is jumped over
        (ZoneInfo("America/Sao_Paulo"), date(2018, 2, 17), time(23, 30), "2018-02-18 01:30"),
        (APIA, date(2011, 12, 29), time(23, 59), "2011-12-30 09:59"),
        (APIA, date(2011, 12, 31), time(0, 0), "2011-12-30 10:00"),
    ],
)
def test_a_local_time_is_one_instant_over_every_change_of_the_clocks(
    zone: ZoneInfo, day: date, at: time, expected: str
) -> None:
    found = instant(day, at, zone)
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == expected
    assert found.astimezone(zone).date() == day


def test_a_day_that_a_zone_leaves_out_has_no_times() -> None:
    assert [instant(date(2011, 12, 30), time(hour), APIA) for hour in (0, 7, 23)] == [None, None, None]


def test_a_time_jumped_over_at_the_end_of_a_day_is_its_last_minute() -> None:
    """Toronto went from 23:30 on 30 March 1919 to 00:30 on the 31st."""
    found = instant(date(1919, 3, 30), time(23, 45), ZoneInfo("America/Toronto"))
    assert found is not None
    assert f"{found.astimezone(ZoneInfo('America/Toronto')):%Y-%m-%d %H:%M}" == "1919-03-30 23:29"


def quiet(begin: int, end: int) -> Hours:
    return Hours(TERMINAL, quiet_from=time(begin), quiet_to=time(end))


@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        (quiet(22, 7), "2026-03-01 20:59", None),
        (quiet(22, 7), "2026-03-01 21:00", "2026-03-02 06:00"),
        (quiet(22, 7), "2026-03-02 05:59", "2026-03-02 06:00"),
        (quiet(22, 7), "2026-03-02 06:00", None),
        (quiet(12, 14), "2026-03-01 10:59", None),
        (quiet(12, 14), "2026-03-01 12:30", "2026-03-01 13:00"),
        (quiet(12, 14), "2026-03-01 13:00", None),
        (quiet(22, 2), "2026-03-29 00:30", "2026-03-29 01:00"),  # to a time that is jumped over
        (quiet(22, 3), "2026-10-25 01:30", "2026-10-25 02:00"),  # an hour longer
        (quiet(2, 3), "2026-10-25 00:30", "2026-10-25 02:00"),
        (quiet(22, 2), "2026-10-25 00:30", None),  # it was two o'clock once already
        (Hours(TERMINAL, quiet_from=time(22)), "2026-03-01 23:00", None),
    ],
)
def test_quiet_hours_end_at_their_local_time(hours: Hours, now: str, end: str | None) -> None:
    found = quiet_until(hours, datetime.fromisoformat(now).replace(tzinfo=UTC), BERLIN)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None) == end


def test_quiet_hours_end_after_a_day_that_is_left_out() -> None:
    before = datetime(2011, 12, 30, 9, 30, tzinfo=UTC)  # 29 December 23:30 in Apia
    end = quiet_until(quiet(22, 7), before, APIA)
    assert end == datetime(2011, 12, 30, 17, tzinfo=UTC)
    assert quiet_until(quiet(22, 7), end - timedelta(minutes=1), APIA) == end
