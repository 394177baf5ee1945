"""How often one person may give commands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.model import Person
from bot.throttle import Throttle
from tests.fakes.world import START

ANA, BEN = Person("slack:T0/U1"), Person("slack:T0/U2")


class Watch:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_so_many_within_any_minute_not_within_each(watch: Watch) -> None:
    throttle, taken = Throttle(3, watch), []
    for _ in range(3):
        watch.passes(10)
        taken.append(throttle.take(ANA))
    assert (taken, throttle.take(ANA)) == ([0, 0, 0], 40)
    watch.passes(39.5)
    assert throttle.take(ANA) == 1
    watch.passes(0.5)
    assert [throttle.take(ANA), throttle.take(ANA)] == [0, 10]


def test_what_had_to_wait_does_not_count(watch: Watch) -> None:
    throttle = Throttle(1, watch)
    throttle.take(ANA)
    for left in (50, 40, 30, 20, 10):
        watch.passes(10)
        assert throttle.take(ANA) == left
    watch.passes(10)
    assert throttle.take(ANA) == 0


def test_people_are_counted_each_for_themselves(watch: Watch) -> None:
    throttle = Throttle(1, watch)
    assert [throttle.take(ANA), throttle.take(BEN), throttle.take(ANA)] == [0, 0, 60]


def test_one_person_on_discord_is_one_in_every_server(watch: Watch) -> None:
    throttle = Throttle(1, watch)
    assert throttle.take(Person("discord:5/9")) == 0
    assert [throttle.take(Person(one)) for one in ("discord:6/9", "discord:/9", "discord:5/8")] == [60, 60, 0]


def test_the_terminal_and_no_limit_are_free(watch: Watch) -> None:
    throttle, free = Throttle(1, watch), Throttle(0, watch)
    assert [throttle.take(Person("terminal:owner")) for _ in range(99)] == [0] * 99
    assert [free.take(ANA) for _ in range(99)] == [0] * 99
    assert throttle.remembered == free.remembered == 0


def test_who_gave_none_for_a_minute_is_forgotten(watch: Watch) -> None:
    throttle = Throttle(10, watch)
    for number in range(1_000):
        throttle.take(Person(f"slack:T0/U{number}"))
        throttle.take(ANA)
        watch.passes(1)
        assert throttle.remembered <= 62
    assert throttle.take(ANA) > 0
