"""Sums as people read them."""

from __future__ import annotations

import pytest

from bot.figures import money, money_and_usd, short


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0"),
        (950, "950"),
        (1_000, "1k"),
        (80_000, "80k"),
        (999_499, "999k"),
        (999_500, "1m"),
        (1_234_567, "1.23m"),
        (140_000_000, "140m"),
        (5_400_000_000, "5.4bn"),
        (1_205_000_000, "1.21bn"),
        (380_000_000_000, "380bn"),
        (999_999_999_999, "1tn"),
        (7_000_000_000_000, "7tn"),
        (-1_500, "-1.5k"),
    ],
)
def test_a_number_has_three_digits_at_most(number: int, expected: str) -> None:
    assert short(number) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [(140_000_000, "USD", "$140m"), (5, "EUR", "€5"), (2_000, "GBP", "£2k"), (10**9, "CNY", "CNY 1bn"), (7, "", "7")],
)
def test_a_sum_says_its_currency_so_that_no_other_is_meant(amount: int, currency: str, expected: str) -> None:
    assert money(amount, currency) == expected


def test_the_worth_in_dollars_is_said_once() -> None:
    assert money_and_usd(10**9, "CNY", 138_200_000) == "CNY 1bn (about $138m)"
    assert money_and_usd(10**6, "USD", 10**6) == "$1m"
    assert money_and_usd(10**6, "XAU", None) == "XAU 1m"
