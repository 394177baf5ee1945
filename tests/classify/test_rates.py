"""What sums are worth in dollars."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.classify.deals.rates import Rates, load_rates
from bot.errors import BadConfig

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def _load(folder: Path, text: str) -> Rates:
    path = folder / "rates.toml"
    path.write_text(text, "utf-8")
    return load_rates(path)


def test_the_last_rate_known_on_the_day_counts(tmp_path: Path) -> None:
    rates = _load(tmp_path, "[CNY]\n2024 = 7\n2024-07-01 = 8\n2025 = 10\n")
    days = [date(2024, 6, 30), date(2024, 7, 1), date(2024, 12, 31), date(2025, 1, 1), date(2031, 1, 1)]
    assert [rates.usd(560, "CNY", day) for day in days] == [80, 70, 70, 56, 56]


def test_before_the_first_rate_the_first_counts(tmp_path: Path) -> None:
    assert _load(tmp_path, "[CNY]\n2024 = 7\n").usd(700, "CNY", date(1999, 1, 1)) == 100


def test_keys_may_stand_in_any_order(tmp_path: Path) -> None:
    rates = _load(tmp_path, "[EUR]\n2025 = 0.5\n2024 = 2\n")
    assert rates.usd(100, "EUR", date(2024, 5, 5)) == 50


def test_dollars_are_dollars_and_unknown_currencies_are_nothing() -> None:
    assert Rates({}).usd(5, "USD", date(2024, 1, 1)) == 5
    assert Rates({}).usd(5, "XXX", date(2024, 1, 1)) is None


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as caught:
        _load(tmp_path, 'yuan = 7\n[CNY]\n2024 = -1\nsoon = 7\n2025 = 7\n2025-01-01 = 7\n[EUR]\n2024 = "1"\n[GBP]\n')
    faults = [fault.split(": ", 1)[1] for fault in caught.value.faults]
    assert [fault.split(":")[0] for fault in faults] == [
        "[yuan]", "[yuan]", "[CNY]", "[CNY]", "[CNY]", "[EUR]", "[GBP]",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["[CNY", "[CNY]\n2024 = 1\n2024 = 2"])
def test_bad_toml_is_bad_config(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadConfig):
        _load(tmp_path, text)


def test_a_missing_file_is_bad_config(tmp_path: Path) -> None:
    with pytest.raises(BadConfig):
        load_rates(tmp_path / "none.toml")


def test_the_shipped_table_covers_ten_years() -> None:
    rates = load_rates(SEEDS / "rates.toml")
    assert {"CNY", "HKD", "TWD", "JPY", "KRW", "INR", "SGD", "EUR", "GBP", "CHF", "AED", "SAR", "QAR"} <= set(
        rates.table
    )
    assert all(table[0][0] == date(2015, 1, 1) for table in rates.table.values())


def test_the_shipped_table_lets_the_two_reports_of_one_round_agree() -> None:
    usd = load_rates(SEEDS / "rates.toml").usd(1_000_000_000, "CNY", date(2025, 10, 8))
    assert usd == pytest.approx(140_000_000, rel=0.03)
