"""When to poll next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds.rhythm import Rhythm, after_failure, interval_after, next_poll, spread

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STILL = Rhythm(usual=900, shortest=300, longest=21_600, jitter=0.0)


def wait(due: datetime) -> float:
    return (due - NOW).total_seconds()


@pytest.mark.parametrize(
    ("current", "news", "expected"),
    [
        (900, True, 450),
        (450, True, 300),
        (300, True, 300),
        (20_000, True, 900),
        (900, False, 1125),
        (21_600, False, 21_600),
        (60, False, 300),
    ],
)
def test_news_quickens_a_feed_and_silence_slows_it(current: int, news: bool, expected: int) -> None:
    assert interval_after(current, news, STILL) == expected


@pytest.mark.parametrize(
    ("max_age", "ttl", "expected"),
    [
        (None, None, 900),
        (60, None, 900),
        (3600, None, 3600),
        (None, 7200, 7200),
        (10**9, None, 86_400),
        (None, 10**9, 21_600),
    ],
)
def test_the_server_can_make_a_poll_later_but_not_earlier(max_age: int | None, ttl: int | None, expected: int) -> None:
    assert wait(next_poll("f", NOW, 900, STILL, max_age, ttl)) == expected


def test_failures_back_off_to_a_day() -> None:
    waits = [wait(after_failure("f", NOW, failures, STILL)) for failures in (1, 2, 3, 4, 50)]
    assert waits == [900, 1800, 3600, 7200, 86_400]


@pytest.mark.parametrize(("asked", "expected"), [(10.0, 900), (3600.0, 3600), (604_800.0, 604_800)])
def test_retry_after_is_never_undercut(asked: float, expected: float) -> None:
    assert wait(after_failure("f", NOW, 1, STILL, asked)) == expected


def test_jitter_only_adds_and_spreads_feeds_apart() -> None:
    rhythm = Rhythm(jitter=0.1)
    waits = [wait(next_poll(f"feed {n}", NOW, 900, rhythm)) for n in range(200)]
    assert all(900 <= one < 990 for one in waits)
    assert len({round(one) for one in waits}) > 60
    assert spread("a", NOW, 90) == spread("a", NOW, 90)
    assert spread("a", NOW, 90) != spread("a", NOW + timedelta(hours=1), 90)


def test_nothing_that_a_server_says_brings_polls_closer_than_the_shortest() -> None:
    interval, waits = 900, []
    for _ in range(10):
        interval = interval_after(interval, True, STILL)
        waits.append(wait(next_poll("f", NOW, interval, STILL, max_age=1, ttl=1)))
    assert (min(waits), waits[-1]) == (300, 300)
    assert wait(after_failure("f", NOW, 1, STILL, 0.5)) >= 300
