"""Sums of money as people read them."""

from __future__ import annotations

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_SIZES = ((10**12, "tn"), (10**9, "bn"), (10**6, "m"), (10**3, "k"))
_DIGITS = 3


def money(amount: int, currency: str) -> str:
    """A sum in three digits at most: `$140m`, `€1.25bn`, `CNY 380bn`; the ISO code where a sign would be ambiguous."""
    sign = _SYMBOLS.get(currency)
    return f"{sign}{short(amount)}" if sign else f"{currency} {short(amount)}".strip()


def money_and_usd(amount: int, currency: str, usd: int | None) -> str:
    """The same, and what it was worth: `CNY 1bn (about $138m)`; once for a sum in dollars or one that is not converted."""
    said = money(amount, currency)
    return said if currency == "USD" or usd is None else f"{said} (about {money(usd, 'USD')})"


def short(number: int) -> str:
    """A number in three digits at most: `950`, `80k`, `1.25m`, `5.4bn`."""
    if number < 0:
        return f"-{short(-number)}"
    rounded = _rounded(number)
    for size, name in _SIZES:
        if rounded >= size:
            whole, rest = divmod(rounded * 100 // size, 100)
            return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + name
    return str(rounded)


def _rounded(number: int) -> int:
    """To three digits; the nearest, halves away from zero, in whole numbers so that nothing is lost."""
    step: int = 10 ** max(len(str(number)) - _DIGITS, 0)
    return (number + step // 2) // step * step
