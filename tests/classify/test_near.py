import time

import pytest

from bot.classify.normal import normal
from bot.classify.query.near import near, spans
from bot.classify.query.syntax import Needle, Phrase, Prefix, Word


def needle(text: str) -> Needle:
    return Prefix(text[:-1]) if text.endswith("*") else Phrase(text) if " " in text else Word(text)


def found(text: str, *parts: str, within: int) -> list[str]:
    padded = f" {normal(text)} "
    return [padded[start:end] for start, end in near(padded, tuple(map(needle, parts)), within)]


@pytest.mark.parametrize(
    ("text", "parts", "within", "expected"),
    [
        ("a b", ("a", "b"), 1, ["a", "b"]),
        ("b a", ("a", "b"), 1, ["b", "a"]),
        ("a x b", ("a", "b"), 1, []),
        ("a x b", ("a", "b"), 2, ["a", "b"]),
        ("a x. Y b", ("a", "b"), 3, ["a", "b"]),
        ("a x. Y b", ("a", "b"), 2, []),
        ("a x x b x a", ("a", "b"), 2, ["b", "a"]),
        ("robotics firm raises", ("robot*", "raise*"), 2, ["robotics", "raises"]),
        ("robot arm robot", ("robot arm", "robot"), 1, ["robot arm", "robot"]),
        ("robot arm", ("robot arm", "robot"), 5, []),
        ("a", ("a", "a"), 5, []),
        ("a a", ("a", "a"), 1, ["a", "a"]),
        ("机器人完成融资", ("机器人", "融资"), 2, ["机器人", "融资"]),
        ("机器人完成融资", ("机器人", "融资"), 1, []),
        ("机器人公司完成融资", ("机器人", "融资"), 3, ["机器人", "融资"]),
        ("机器人 AI 融资", ("机器人", "融资"), 2, ["机器人", "融资"]),
        ("a x b x c", ("a", "b", "c"), 4, ["a", "b", "c"]),
        ("a x b x c", ("a", "b", "c"), 3, []),
        ("a x x x c a b", ("a", "b", "c"), 2, ["c", "a", "b"]),
        ("a b x a", ("a", "a", "b"), 3, ["a", "b", "a"]),
        ("a b", ("a", "a", "b"), 9, []),
    ],
)
def test_parts_stand_near_each_other_in_any_order(
    text: str, parts: tuple[str, ...], within: int, expected: list[str]
) -> None:
    assert found(text, *parts, within=within) == expected


def test_places_are_those_of_whole_words() -> None:
    assert spans(" robot robots 机器人机器人 robot ", Word("robot")) == [(1, 6), (21, 26)]
    assert spans(" robot robots ", Prefix("robot")) == [(1, 6), (7, 13)]
    assert spans(" 机器人机器人 ", Word("机器人")) == [(1, 4), (4, 7)]
    assert spans(" a a a ", Phrase("a a")) == [(1, 4), (3, 6)]


@pytest.mark.parametrize("text", ["a " * 50_000, "a " * 50_000 + "b", "a x x x x x x " * 7_000, "机" * 100_000])
def test_long_texts_take_time_in_line_with_their_length(text: str) -> None:
    started = time.perf_counter()
    near(f" {text} ", (Word("a"), Word("b")), 5)
    near(f" {text} ", (Word("a"), Word("x"), Word("x"), Word("b")), 5)
    near(f" {text} ", (Word("机"), Word("器")), 5)
    assert time.perf_counter() - started < 1.0
