"""Rounds of financing in English and Chinese."""

from __future__ import annotations

import pytest

from bot.classify.deals.rounds import canonical_round, find_rounds
from bot.classify.passages import Passage
from bot.text import level


def rounds(text: str) -> list[str]:
    return [stage.round for stage in find_rounds(Passage("title", text, level(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("raises $30M Series A led by Ada", "A"),
        ("a Series A+ extension", "A+"),
        ("its Series C extension", "C"),
        ("raised a series b round", "B"),
        ("Series B-2 funding", "B2"),
        ("a $140 million A+ round", "A+"),
        ("its B round", "B"),
        ("a pre-Series A round", "Pre-A"),
        ("Pre-Series B+ is done", "Pre-B+"),
        ("closes Series A and A+ rounds", "A/A+"),
        ("Series A, B", "A/B"),
        ("Seed and Series A", "Seed/A"),
        ("Series A and a new office", "A"),
        ("It raised a Series D.", "D"),
        ("a $5M seed round", "Seed"),
        ("$20M seed", "Seed"),
        ("raised $2M in seed", "Seed"),
        ("closes $4M in pre-seed funding", "Pre-Seed"),
        ("a Series Seed", "Seed"),
        ("an angel round", "Angel"),
        ("a growth round", "Growth"),
        ("a bridge round", "Bridge"),
        ("a strategic investment from Magna", "Strategic"),
        ("a pre-IPO round", "Pre-IPO"),
        ("$40M in debt financing", "Debt"),
        ("a convertible note", "Convertible"),
        ("$2 million in grants", "Grant"),
        ("某公司完成A轮融资", "A"),
        ("某公司完成Ａ＋轮融资", "A+"),
        ("完成Pre-A+轮融资", "Pre-A+"),
        ("完成Pre - A轮融资", "Pre-A"),
        ("完成 Pre A+ 轮融资", "Pre-A+"),
        ("完成A1轮融资", "A1"),
        ("C5轮", "C5"),
        ("近2亿元A轮系列融资", "A"),
        ("天使轮", "Angel"),
        ("天使+轮融资", "Angel+"),
        ("天使系列融资", "Angel"),
        ("“种子轮”融资", "Seed"),
        ("獲戰略融資", "Strategic"),
        ("10亿元战略轮融资", "Strategic"),
        ("Pre-IPO轮融资", "Pre-IPO"),
        ("连续完成A及A+轮融资", "A/A+"),
        ("完成A轮及A+轮融资", "A/A+"),
        ("天使轮、天使+轮", "Angel/Angel+"),
        ("完成D轮、D+轮融资", "D/D+"),
    ],
)
def test_a_round_has_one_canonical_name(text: str, expected: str) -> None:
    assert rounds(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "a series of tests",
        "A series of robots",
        "TV Series A Man Called Ray",
        "Nova Series B phones",
        "the Galaxy S series",
        "Xbox Series X",
        "Series A100 cards",
        "Serie A match",
        "A round of funding",
        "a seed fund",
        "seeds of doubt",
        "gives B轮廓 a look",
        "战略投资者",
        "战略投资部总经理",
        "A股上市",
        "DNA轮换",
        "角膜塑形镜B轮廓",
    ],
)
def test_other_series_and_rounds_are_none(text: str) -> None:
    assert rounds(text) == []


def test_rounds_apart_are_two() -> None:
    assert rounds("closed its Series B; the Series A was in 2021") == ["B", "A"]


def test_places_are_those_of_the_text() -> None:
    text = "Acme closes its Series B+ round"
    assert [text[stage.start : stage.end] for stage in find_rounds(Passage("title", text, text))] == ["Series B+"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("A", "A"), ("a+", "A+"), ("series b", "B"), ("B轮", "B"), ("pre-a", "Pre-A"), ("Seed", "Seed"), ("seed", "Seed"),
     ("天使", "Angel"), ("战略融资", "Strategic"), ("strategic", "Strategic"), ("A/A+", "A/A+"), ("pre seed", "Pre-Seed"),
     ("angel+", "Angel+"), ("debt", "Debt"), ("xyz", None), ("", None), ("robots", None)],
)  # fmt: skip
def test_what_people_type_becomes_a_canonical_name(typed: str, expected: str | None) -> None:
    assert canonical_round(typed) == expected


@pytest.mark.parametrize(
    "words", ["Series ", "pre-", "A+", "天使", "A轮及", "A、", "Series A and ", "轮", "A", "seed round "]
)
def test_hostile_text_is_read_in_linear_time(words: str) -> None:
    assert len(rounds((words * 100_000)[:100_000])) <= 50_000
