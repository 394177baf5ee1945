"""Syndicated copies: the same text in another outlet."""

from __future__ import annotations

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.copies import ALIKE, SMALLEST, alike, sketch
from tests.stories.nasty import NASTY
from tests.stories.signatures import FIRE, FIRE_TOO, FIRE_ZH, FIRE_ZH_TOO, ROUND_EN, ROUND_EN_TOO

TEXT = ROUND_EN.summary
CHINESE = FIRE_ZH.summary


def share(one: str, other: str) -> float:
    return alike(frozenset(sketch(one)), sketch(other))


@pytest.mark.parametrize("text", [TEXT, CHINESE])
def test_a_text_is_a_copy_of_itself(text: str) -> None:
    assert share(text, text) == 1.0


def test_case_and_punctuation_make_no_other_text() -> None:
    assert share(TEXT, TEXT.upper().replace(",", " —")) == 1.0


def test_traditional_characters_make_no_other_text() -> None:
    old = "機器人公司在倉庫試驗新的電池，結果令人滿意。東京的廠商說，這種電池充電時不會過熱，預計明年開始銷售。"
    new = "机器人公司在仓库试验新的电池，结果令人满意。东京的厂商说，这种电池充电时不会过热，预计明年开始销售。"
    assert share(old, new) == 1.0


@pytest.mark.parametrize(
    "copied",
    [
        f"{TEXT} More news in our app.",
        f"ROTTERDAM (Wire A) - {TEXT}",
        TEXT.replace("Chief executive", "CEO"),
        TEXT[: int(len(TEXT) * 0.8)],
    ],
)
def test_a_line_of_the_editor_or_a_cut_leaves_a_copy(copied: str) -> None:
    assert share(TEXT, copied) >= ALIKE


def test_a_chinese_text_with_a_line_more_is_a_copy() -> None:
    assert share(CHINESE, f"{CHINESE}来源：新华社。") >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"), [(ROUND_EN, ROUND_EN_TOO), (FIRE, FIRE_TOO), (FIRE_ZH, FIRE_ZH_TOO), (FIRE, FIRE_ZH)]
)
def test_the_same_event_in_other_words_is_no_copy(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert share(one[1], other[1]) < ALIKE / 2


@pytest.mark.parametrize("text", ["", "Read more.", "🤖" * 50, "Lumen Robotics raises $140 million", "召回配送机器人"])
def test_a_short_text_is_nobody_s_copy(text: str) -> None:
    assert share(text, text) == 0.0


@given(st.lists(st.sampled_from([*"abcdefgh12机器人"]), max_size=120).map(" ".join), st.integers(0, 100))
def test_a_share_is_the_same_both_ways_and_between_none_and_all(text: str, cut: int) -> None:
    assert share(text, text[cut:]) == share(text[cut:], text)
    assert 0.0 <= share(text, text[cut:]) <= 1.0


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nasty_text_has_a_small_sketch_in_no_time(text: str) -> None:
    began = thread_time()
    found = sketch(text)
    assert thread_time() - began < 1.0
    assert len(found) <= SMALLEST
