"""Chinese words, and what they may be in English."""

from __future__ import annotations

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.bridge import chinese_words, senses
from bot.stories.words import words
from tests.stories.nasty import NASTY


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("机器人", "robots"),
        ("召回", "recalls"),
        ("电池", "battery"),
        ("工厂", "factories"),
        ("仓库", "warehouses"),
        ("挪威", "Norway"),
    ],
)
def test_a_word_has_the_stems_of_its_translation(chinese: str, english: str) -> None:
    assert tuple(words(english)) in senses(chinese)


def test_of_a_person_the_last_name_is_the_sense() -> None:
    assert ("trump",) in senses("特朗普")


def test_a_place_abroad_is_known_by_its_name() -> None:
    assert ("oslo",) in senses("奥斯陆")


def test_nobody_knows_a_made_up_word() -> None:
    assert senses("塔恩动") == ()
    assert senses("") == ()


def test_text_is_cut_into_the_longest_words() -> None:
    assert chinese_words("人工智能机器人") == ["人工智能", "机器人"]


def test_what_no_dictionary_has_is_passed_over() -> None:
    assert chinese_words("Fjord配送🤖机器人, 塔恩") == ["配送", "机器人"]


def test_traditional_text_has_the_same_words() -> None:
    assert chinese_words("機器人電池") == chinese_words("机器人电池") == ["机器人", "电池"]


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=30))
def test_senses_are_few_and_short(text: str) -> None:
    for word in chinese_words(text):
        assert 2 <= len(word) <= 8
        found = senses(word)
        assert len(found) <= 6
        assert all(1 <= len(sense) <= 3 for sense in found)


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nasty_text_is_cut_in_no_time(text: str) -> None:
    chinese_words("机器人")  # the dictionary is read once
    began = thread_time()
    chinese_words(text)
    senses(text)
    assert thread_time() - began < 1.0
