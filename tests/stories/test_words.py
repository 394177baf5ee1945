"""Words, numbers and dates as both languages say them."""

from __future__ import annotations

from itertools import pairwise
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.words import damped, dates, names, numbers, words
from tests.stories.nasty import NASTY


def test_forms_of_an_english_word_are_one_and_small_words_none() -> None:
    assert words("The robots were recalling it") == words("A Robot recalls this") == ["robot", "recal"]


def test_hyphens_and_apostrophes_part_words_but_not_what_has_digits() -> None:
    assert words("Tarn's battery-powered X2-Pro") == ["tarn", "batteri", "power", "x2-pro"]


def test_chinese_gives_pairs_of_neighbours_also_beside_latin() -> None:
    assert words("塔恩动力发布Fjord机器") == ["塔恩", "恩动", "动力", "力发", "发布", "fjord", "机器"]


def test_a_single_chinese_character_is_no_word() -> None:
    assert words("他 a 她") == []


def test_traditional_characters_and_full_width_letters_say_the_same() -> None:
    assert words("機器人Ｘ２") == words("机器人X2")


def test_names_are_capitalised_words_inside_a_sentence() -> None:
    assert names("Yesterday the maker Tarn Dynamics spoke. Nobody in Oslo answered.") == {"tarn", "dynam", "oslo"}


def test_the_first_word_of_a_sentence_is_no_name() -> None:
    assert names("Burning robots stand here. Orchards are near.") == set()


@pytest.mark.parametrize(
    "texts",
    [
        ("500,000 people", "half a crowd: 0.5m", "50万人"),
        ("$2.3 billion", "US$2.3bn", "23亿美元", "2,300 million"),
        ("1.5 trillion", "1.5万亿"),
        ("30 million", "3千万", "30m"),
        ("4,200 robots", "4200台"),
    ],
)
def test_one_number_is_one_however_it_is_said(texts: tuple[str, ...]) -> None:
    assert {frozenset(numbers(text)) for text in texts} == {frozenset(numbers(texts[0]))}
    assert numbers(texts[0])


def test_a_share_is_no_sum() -> None:
    assert numbers("4.6% more") == numbers("4.6 per cent more") == numbers("4.6 percent more") == {"%:4.6"}
    assert numbers("46 robots") == {"n:46"}


@pytest.mark.parametrize("text", ["in 2024", "3 robots", "version v2x14", "X100", "9", "9" * 21])
def test_years_small_counts_and_parts_of_names_are_no_numbers(text: str) -> None:
    assert numbers(text) == set()


@pytest.mark.parametrize("text", ["8 October", "Oct. 8", "October 8th", "10月8日"])
def test_a_day_is_one_in_both_languages(text: str) -> None:
    assert dates(text) == {"10/8"}


def test_years_and_weekdays_are_dates() -> None:
    assert dates("On Friday, in 2013 and not 20134") == {"friday", "2013"}


def test_saying_a_word_again_is_worth_less_each_time() -> None:
    worth = [damped(count) for count in (1, 2, 3, 4)]
    gains = [later - sooner for sooner, later in pairwise(worth)]
    assert worth[0] == 1.0
    assert all(gain > 0 for gain in gains)
    assert gains == sorted(gains, reverse=True)


@given(st.text(max_size=80))
def test_any_text_has_words_names_numbers_and_dates(text: str) -> None:
    assert all(len(word) > 1 and not word.isspace() for word in words(text))
    assert all(len(name) > 1 for name in names(text))
    assert {one[:2] for one in numbers(text)} <= {"n:", "%:"}
    assert "" not in dates(text)


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nasty_text_is_read_in_no_time(text: str) -> None:
    began = thread_time()
    words(text)
    names(text)
    numbers(text)
    dates(text)
    assert thread_time() - began < 1.0


@pytest.mark.parametrize("text", ["", " ", "🤖🚀🤖", "\x00", "...", "-.-"])
def test_text_without_words_has_none(text: str) -> None:
    assert (words(text), names(text), numbers(text), dates(text)) == ([], set(), set(), set())
