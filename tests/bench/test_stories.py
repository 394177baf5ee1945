"""The benchmark of stories measures what it says: events that several outlets tell, in a window that grows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import islice

import pytest

from bot.bench.run import NAMES
from bot.bench.stories import measure, stories
from bot.bench.told import A_WEEK, reports
from bot.errors import BadInput


def test_reports_are_the_same_for_the_same_seed_and_in_the_order_of_time() -> None:
    some = list(islice(reports(2_000), 500))
    assert list(reports(500)) == some
    times = [one.item.published for one in some]
    assert times == sorted(times)
    assert len({one.item.id for one in some}) == 500


def test_a_week_has_as_many_reports_as_it_says() -> None:
    times = [one.item.published for one in reports(10_000)]
    week = (times[-1] - times[2_000]) / 8_000 * A_WEEK  # what comes late makes the beginning slow
    assert timedelta(days=6) < week < timedelta(days=8)


def test_many_events_are_told_more_than_once_in_both_languages_and_in_different_words() -> None:
    some = list(reports(5_000))
    told = Counter(one.event for one in some)
    assert 0.4 < sum(times == 1 for times in told.values()) / len(told) < 0.75
    assert max(told.values()) == 8
    often = [one.item for one in some if told[one.event] > 2]
    assert 0.2 < sum(item.lang == "zh" for item in often) / len(often) < 0.5
    assert 0.5 < len({item.title for item in often}) / len(often) < 0.95


def test_windows_are_measured_as_they_grow() -> None:
    first, second = measure([100, 600])
    assert (first.window, second.window) == (100, 600)
    for result in (first, second):
        assert min(result.place, result.sign, result.both, result.look) > 0
        assert result.both < result.place
        assert result.joined > 0


def test_rows_say_what_was_measured_against_what(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "stories" in NAMES
    monkeypatch.setattr("bot.bench.stories._measured", measure)
    rows = list(stories(300))
    assert [row["case"] for row in rows] == [
        "window of 300, placing",
        "window of 300, signing",
        "window of 300, all with second looks",
        "window of 300, one second look",
        "window of 300, memory",
        "window of 300, memory of an item",
    ]
    assert all(set(row) == {"bench", "case", "n", "ours", "unit", "peer", "theirs", "ratio"} for row in rows)
    assert rows[0]["ratio"] == pytest.approx(rows[0]["ours"] / 3_000, abs=0.01)


def test_a_window_in_which_nothing_is_joined_is_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.bench.told._ONCE", 1.0)
    monkeypatch.setattr("bot.bench.stories._measured", measure)
    with pytest.raises(BadInput, match="measures nothing"):
        list(stories(100))
