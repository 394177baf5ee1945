"""Sums of money: every way to write them, what only looks like one, and that no text takes longer than its length."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from bot.classify.deals.drafts import Sum
from bot.classify.deals.money import find_money
from bot.classify.passages import Passage
from bot.text import level


def sums(text: str) -> list[Sum]:
    return find_money(Passage("title", text, level(text)))


def told(text: str) -> list[tuple[int | None, str]]:
    return [(one.amount, one.currency) for one in sums(text)]


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("Helio raises $140 million", 140_000_000, "USD"),
        ("a US$1.1B round", 1_100_000_000, "USD"),
        ("gets $42M", 42_000_000, "USD"),
        ("$42m, it said", 42_000_000, "USD"),
        ("$42mn, it said", 42_000_000, "USD"),
        ("sold for €50m", 50_000_000, "EUR"),
        ("with £3 million", 3_000_000, "GBP"),
        ("RMB 500 million from a fund", 500_000_000, "CNY"),
        ("380 billion yuan", 380_000_000_000, "CNY"),
        ("500,000 yuan", 500_000, "CNY"),
        ("Rs 500 crore", 5_000_000_000, "INR"),
        ("₹1.2 lakh crore", 1_200_000_000_000, "INR"),
        ("₹40 crore", 400_000_000, "INR"),
        ("HK$2bn", 2_000_000_000, "HKD"),
        ("S$3m", 3_000_000, "SGD"),
        ("A$5m", 5_000_000, "AUD"),
        ("C$7.5 million", 7_500_000, "CAD"),
        ("NT$2 billion", 2_000_000_000, "TWD"),
        ("USD 12 million", 12_000_000, "USD"),
        ("12 million USD", 12_000_000, "USD"),
        ("a $100-million fund", 100_000_000, "USD"),
        ("$1,250,000 in all", 1_250_000, "USD"),
        ("100 million US dollars", 100_000_000, "USD"),
        ("60 million Swiss francs", 60_000_000, "CHF"),
        ("one billion dollars", 1_000_000_000, "USD"),
        ("half a billion dollars", 500_000_000, "USD"),
        ("Nordlys raises 1.1bn to build arms", 1_100_000_000, "USD"),
        ("1,5 Milliarden Euro", 1_500_000_000, "EUR"),
        ("500 Mio. Euro", 500_000_000, "EUR"),
        ("5 millions d'euros", 5_000_000, "EUR"),
        ("une levée de 20 M€", 20_000_000, "EUR"),
        ("100억원 투자", 10_000_000_000, "KRW"),
        ("資金10億円", 1_000_000_000, "JPY"),
        ("花了50亿日元", 5_000_000_000, "JPY"),
        ("共1.8亿美元", 180_000_000, "USD"),
        ("共10亿元人民币", 1_000_000_000, "CNY"),
        ("人民币10亿元", 1_000_000_000, "CNY"),
        ("港币3亿元", 300_000_000, "HKD"),
        ("5亿港元", 500_000_000, "HKD"),
        ("69.5亿元新台币", 6_950_000_000, "TWD"),
        ("3亿欧元", 300_000_000, "EUR"),
        ("10亿韩元", 1_000_000_000, "KRW"),
        ("¥10亿", 1_000_000_000, "CNY"),
        ("投入¥1bn人民币基金", 1_000_000_000, "CNY"),
        ("¥10 billion from a Tokyo bank", 10_000_000_000, "JPY"),
        ("近亿元", 100_000_000, "CNY"),
        ("超亿元", 100_000_000, "CNY"),
        ("千万元", 10_000_000, "CNY"),
        ("千万美元", 10_000_000, "USD"),
        ("百万美元", 1_000_000, "USD"),
        ("三亿元", 300_000_000, "CNY"),
        ("两千万美元", 20_000_000, "USD"),
        ("三千五百万元", 35_000_000, "CNY"),
        ("1.2万亿元", 1_200_000_000_000, "CNY"),
        ("1亿5000万元", 150_000_000, "CNY"),
        ("10多亿元", 1_000_000_000, "CNY"),
        ("1000余万元", 10_000_000, "CNY"),
        ("１２亿元", 1_200_000_000, "CNY"),
        ("甲乙科技融资2亿", 200_000_000, "CNY"),
        ("甲乙科技获千万级天使轮融资", 10_000_000, "CNY"),
        ("估值破百亿", 10_000_000_000, "CNY"),
        ("2亿股权融资", 200_000_000, "CNY"),
        ("Orbis20亿美元收购一家公司", 2_000_000_000, "USD"),
    ],
)
def test_reads_one_sum(text: str, amount: int, currency: str) -> None:
    assert told(text) == [(amount, currency)]


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("数千万元", "CNY"),
        ("数亿美元", "USD"),
        ("数十亿日元", "JPY"),
        ("几亿元", "CNY"),
        ("获数千万融资", "CNY"),
        ("tens of millions of dollars", "USD"),
        ("hundreds of millions of yuan", "CNY"),
        ("several million euros", "EUR"),
    ],
)
def test_vague_sum_has_a_currency_but_no_amount(text: str, currency: str) -> None:
    assert told(text) == [(None, currency)]


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("1.5-2亿元", 150_000_000, 200_000_000, "CNY"),
        ("2亿至4亿元", 200_000_000, 400_000_000, "CNY"),
        ("8000万-1亿元", 80_000_000, 100_000_000, "CNY"),
        ("30亿元~50亿元", 3_000_000_000, 5_000_000_000, "CNY"),
        ("$10-15 million", 10_000_000, 15_000_000, "USD"),
        ("$10 million to $15 million", 10_000_000, 15_000_000, "USD"),
        ("between $1 billion and $2 billion", 1_000_000_000, 2_000_000_000, "USD"),
    ],
)
def test_range_gives_its_lower_end_and_its_higher(text: str, low: int, high: int, currency: str) -> None:
    assert [(one.amount, one.high, one.currency, one.approximate) for one in sums(text)] == [
        (low, high, currency, True)
    ]


@pytest.mark.parametrize(
    "text", ["from $1 billion to $2 billion", "从100亿美元提高到200亿美元", "$1 billion in 2025 and $2 billion now"]
)
def test_a_step_from_one_sum_to_another_is_no_range(text: str) -> None:
    assert [one.high for one in sums(text)] == [None, None]


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("about $5 million", True),
        ("nearly $5 million", True),
        ("up to $5 million", True),
        ("more than $5 million", True),
        ("$5 million+", True),
        ("近5亿元", True),
        ("不超过5亿元", True),
        ("5亿元左右", True),
        ("亿元级", True),
        ("$5 million", False),
        ("5亿元", False),
    ],
)
def test_says_whether_a_sum_is_exact(text: str, approximate: bool) -> None:
    assert [one.approximate for one in sums(text)] == [approximate]


@pytest.mark.parametrize(
    "text",
    [
        "20% of it", "3000万股", "年产1亿立方米", "卖出5万台", "3亿人用过", "2026年", "Phone 17 Pro Max 5G", "A100 and H100",
        "Series B of nothing", "1.1bn parameters", "raises 40 million questions", "a payload of 50 pounds", "team 5 won 2 titles",
        "三元锂电池", "10亿元宝用户", "获得1亿用户", "融资,万创投行担任顾问", "天津新元万向科技", "容亿投资领投", "$", "",
        "1,111,111", "99999999999999999999999999 yuan",
    ],
)  # fmt: skip
def test_leaves_alone_what_is_no_money(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100亿美元(现汇率约合696亿元人民币)的目标", [(10_000_000_000, "USD")]),
        ("raised 1 billion yuan (about $140 million) from", [(1_000_000_000, "CNY")]),
        ("50亿日元,约合人民币2.3亿元", [(5_000_000_000, "JPY")]),
        ("$5 million (€4.6 million)", [(5_000_000, "USD")]),
        ("$5 million (and later €3 million)", [(5_000_000, "USD"), (3_000_000, "EUR")]),
        ("$5 million. (A year ago: €3 million)", [(5_000_000, "USD"), (3_000_000, "EUR")]),
        ("融资2亿元,估值10亿元", [(200_000_000, "CNY"), (1_000_000_000, "CNY")]),
    ],
)
def test_leaves_out_the_same_sum_in_another_currency(text: str, expected: list[tuple[int, str]]) -> None:
    assert told(text) == expected


def test_spans_are_those_of_the_original_text() -> None:
    text = "甲乙获１.２亿美元、又获RMB 500 million"
    assert [text[one.start : one.end] for one in sums(text)] == ["１.２亿美元", "RMB 500 million"]


def test_sums_stand_in_order_and_never_overlap() -> None:
    found = sums("1亿元、2-3亿美元;$5M to $6M, 数千万元,约合$1M")
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert len(found) == 4


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,111",
        "$1 ",
        "一",
        "数",
        "1亿",
        "1-",
        "half a ",
        "近",
        "tens of ",
        "$",
        " ",
        "1 -",
        "(1亿元",
        "1.",
        "亿",
        "between $1 and ",
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    began = time.perf_counter()
    sums(piece * (100_000 // len(piece)))
    assert time.perf_counter() - began < 5  # a second of which is enough; machines that test are busy
