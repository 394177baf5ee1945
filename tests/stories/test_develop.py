"""Headlines that announce a later development."""

from __future__ import annotations

from time import thread_time

import pytest

from bot.stories.develop import reaction, state
from tests.stories.nasty import NASTY


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Tarn Dynamics responds to battery fires", "responds"),
        ("Union slams plan for walking guards", "slams"),
        ("Lumen DENIES report of a sale", "DENIES"),
        ("塔恩动力回应起火事件", "回应"),
        ("渡鸦机器人否认收购传闻", "否认"),
    ],
)
def test_a_reaction_is_known_by_its_word(title: str, word: str) -> None:
    assert reaction(title) == word


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Brazil approves the sale of Corvid", "approves"),
        ("Meridian calls off its bid", "calls off"),
        ("Meridian completes purchase of Corvid", "completes"),
        ("巴西批准子午线汽车收购渡鸦机器人", "批准"),
        ("子午线汽车终止收购", "终止"),
    ],
)
def test_a_new_state_is_known_by_its_word(title: str, word: str) -> None:
    assert state(title) == word


@pytest.mark.parametrize(
    "title",
    [
        "",
        "🤖",
        "Lumen Robotics raises $140 million",
        "A robot with a responsive arm",
        "Approvable designs",
        "流明机器人发布新品",
    ],
)
def test_other_headlines_announce_nothing(title: str) -> None:
    assert (reaction(title), state(title)) == ("", "")


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nasty_headlines_are_read_in_no_time(text: str) -> None:
    began = thread_time()
    reaction(text)
    state(text)
    assert thread_time() - began < 1.0
