"""What a sum was worth in US dollars on a day."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import BadConfig


@dataclass(frozen=True, slots=True)
class Rates:
    """Units of a currency for one US dollar, by currency and the day from which the rate counts, ascending."""

    table: dict[str, tuple[tuple[date, float], ...]]

    def usd(self, amount: int, currency: str, on: date) -> int | None:
        """The amount in US dollars at the last rate known on that day (before the first one at the first).

        None for an unknown currency.
        """
        if currency == "USD":
            return amount
        rates = self.table.get(currency)
        if not rates:
            return None
        at = bisect_right(rates, on, key=_since)
        return round(amount / rates[max(at - 1, 0)][1])


def load_rates(path: Path) -> Rates:
    """Read a table of rates: for each currency a table of units per US dollar by year or day (`2024 = 7.2`).

    Raises BadConfig with every fault.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadConfig([f"{path}: {error.strerror}"]) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig([f"{path}: {error}"]) from None
    faults: list[str] = []
    table = {code: _currency(f"{path}: [{code}]", code, rates, faults) for code, rates in data.items()}
    if faults:
        raise BadConfig(faults)
    return Rates(table)


_CODE = re.compile("[A-Z]{3}")
_YEAR = re.compile(r"\d{4}")


def _since(rate: tuple[date, float]) -> date:
    return rate[0]


def _currency(where: str, code: str, rates: object, faults: list[str]) -> tuple[tuple[date, float], ...]:
    """One currency's rates, ascending; what is wrong goes to the faults."""
    if not _CODE.fullmatch(code):
        faults.append(f"{where}: not a currency code of three capitals")
    if not isinstance(rates, dict) or not rates:
        faults.append(f"{where}: give units per US dollar by year or day, for example 2024 = 7.2")
        return ()
    read: dict[date, float] = {}
    for key, value in rates.items():
        day = _day(key)
        if day is None:
            faults.append(f"{where}: {key} is no year or day; write 2024 or 2024-07-01")
        elif day in read:
            faults.append(f"{where}: {key} is there twice")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
            faults.append(f"{where}: {key} must be a number above 0")
        else:
            read[day] = float(value)
    return tuple(sorted(read.items()))


def _day(key: str) -> date | None:
    """1 January for a year; None for what is neither a year nor a day."""
    try:
        return date.fromisoformat(f"{key}-01-01" if _YEAR.fullmatch(key) else key)
    except ValueError:
        return None
