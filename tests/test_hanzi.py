"""One spelling for what is typed in several."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.hanzi import simplified
from bot.text import level


def test_traditional_characters_become_simplified_ones() -> None:
    assert simplified("自變量機器人與優必選") == "自变量机器人与优必选"
    assert simplified("自变量机器人 A+ X Square") == "自变量机器人 A+ X Square"


@given(st.text())
def test_no_offset_moves(text: str) -> None:
    assert len(simplified(text)) == len(level(text)) == len(text)


def test_level_text_is_typed_in_one_way_and_keeps_its_case() -> None:
    assert level("「宇樹」完成Ａ＋輪，it’s “近１０億元” – done。") == '「宇树」完成A+轮,it\'s "近10亿元" - done。'
