"""What a word tells."""

from __future__ import annotations

from bot.stories.weights import Weights
from bot.stories.words import words


def weight(text: str) -> float:
    """Of a text that is one word, before any report was read."""
    (word,) = words(text)
    return Weights().of(word)


def test_a_word_that_few_use_tells_more_than_one_that_many_use() -> None:
    assert weight("Rotterdam") > weight("factory") > weight("company")
    assert weight("鹿特") > weight("公司")


def test_a_word_nobody_uses_tells_much_but_for_one_with_digits() -> None:
    assert weight("glimmerwick") > weight("factory")
    assert weight("glimmerwick") > weight("4711")


def test_a_word_tells_less_as_reports_have_it_and_others_tell_more() -> None:
    weights = Weights()
    before = weights.of("oslo"), weights.of("fjord")
    for _ in range(50):
        weights.count(["oslo"])
    assert weights.of("oslo") < before[0]
    assert weights.of("fjord") > before[1]


def test_what_all_reports_have_tells_next_to_nothing() -> None:
    weights = Weights()
    for _ in range(300_000):
        weights.count(["oslo"])
    assert 0.0 <= weights.of("oslo") < 0.1


def test_windows_do_not_share_what_they_read() -> None:
    one = Weights()
    one.count(["oslo"])
    assert Weights().of("oslo") > one.of("oslo")
