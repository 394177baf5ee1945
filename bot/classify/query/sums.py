"""Sums of money as people type them into a query: `>=50m`, `10m..50m`, `>1亿cny`."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bot.classify.deals.money import find_money
from bot.classify.deals.rates import Rates
from bot.classify.passages import Passage
from bot.text import level

LARGEST = 10**17
"""More than all money there is."""

_SCALES = {
    "": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9,
    "billion": 10**9, "t": 10**12, "tn": 10**12, "trillion": 10**12, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6,
    "千万": 10**7, "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_PLAIN = re.compile(r"\$?\s*(\d{1,20}(?:\.\d{1,9})?)\s*([a-z]{0,8}|[十百千万亿]{1,2})", re.IGNORECASE)
_PLAIN_START = re.compile(
    r"\$?\s*([\d.,]+)\s*((?:[a-z]{0,8}(?![a-z]))|[十百千万亿]{1,2})(.*)", re.IGNORECASE | re.DOTALL
)
_COMMAS = re.compile(r"(?<=\d),(?=\d{3})")
_CODED = re.compile(r"(.*?)\s*([a-z]{3})", re.IGNORECASE)
_BOUND = re.compile(r"(>=|<=|>|<|=)\s*(.*)")
_SHAPE = "write it like amount:>=50m, amount:<1b or amount:10m..50m"


def read_amount(text: str, rates: Rates) -> tuple[int | None, int | None]:
    """The bounds in US dollars, both inclusive, None for open; other currencies count at the last rate known.

    Raises ValueError with a text that helps to mend it.
    """
    plain = level(text).strip().replace("≥", ">=").replace("≤", "<=")
    low, dots, high = plain.partition("..")
    if dots:
        return _range(low, high, rates)
    found = _BOUND.fullmatch(plain)
    if not found:
        raise ValueError(f'"{text}" says neither more nor less; {_SHAPE}')
    sign, bound = found[1], _sum(found[2], rates)
    least, most = int(bound.to_integral_value(ROUND_CEILING)), int(bound.to_integral_value(ROUND_FLOOR))
    if sign == "=":
        if least > most:
            raise ValueError("amounts are whole dollars")
        return least, most
    if sign[0] == ">":
        return (least if sign == ">=" else most + 1), None
    if least == 0 and sign == "<":
        raise ValueError("no amount is below nothing")
    return None, (most if sign == "<=" else least - 1)


def _range(low: str, high: str, rates: Rates) -> tuple[int, int]:
    """Both ends; the lower may leave its unit and its currency to the upper: 10..50m, 10m..50m eur."""
    unit, currency = _tail(high)
    if _tail(low) == ("", ""):
        low += unit + currency
    elif not _tail(low)[1]:
        low += currency
    least = int(_sum(low, rates).to_integral_value(ROUND_CEILING))
    most = int(_sum(high, rates).to_integral_value(ROUND_FLOOR))
    if least > most:
        raise ValueError("the first amount of a range is the lower one")
    return least, most


def _tail(text: str) -> tuple[str, str]:
    """What follows the number: its unit, and the rest."""
    found = _PLAIN_START.match(text.strip())
    return (found[2], found[3]) if found and found[2].lower() in _SCALES else ("", text.lstrip("$0123456789., "))


def _sum(text: str, rates: Rates) -> Decimal:
    """A sum in US dollars: a bare number with a unit is one, another currency must be named."""
    plain = _COMMAS.sub("", text.strip())
    found = _dollars(plain)
    if found is None and (coded := _CODED.fullmatch(plain)):
        found = _converted(_dollars(coded[1]), coded[2].upper(), rates)
    if found is None:
        sums = find_money(Passage("title", plain, plain))
        if len(sums) == 1 and (sums[0].start, sums[0].end) == (0, len(plain)) and sums[0].amount is not None:
            found = _converted(Decimal(sums[0].amount), sums[0].currency, rates)
    if found is None:
        raise ValueError(f'"{text}" is no amount that can be read; {_SHAPE}')
    if found > LARGEST:
        raise ValueError("so much money there is not")
    return found


def _dollars(text: str) -> Decimal | None:
    found = _PLAIN.fullmatch(text)
    scale = _SCALES.get(found[2].lower()) if found else None
    return Decimal(found[1]) * scale if found and scale else None


def _converted(amount: Decimal | None, currency: str, rates: Rates) -> Decimal | None:
    """What it is worth at the last rate; None if the currency is not known."""
    if amount is None or amount > LARGEST or currency == "USD":
        return amount
    dollars = rates.usd(int(amount), "CNY" if currency == "RMB" else currency, date.max)
    return None if dollars is None else Decimal(dollars)
