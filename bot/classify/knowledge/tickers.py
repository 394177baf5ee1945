"""How the news writes a listed company's ticker: "NASDAQ: PONY", "PONY.O", "09880.HK", "688256.SH"."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.text import level


class Exchange(NamedTuple):
    """Names that stand before a code ("HKG: 9880") and endings that stand after one ("9880.HK").

    `code` is what its codes look like; codes of digits may be filled with zeros up to `digits`.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    code: re.Pattern[str]
    digits: int = 0


_LETTERS = re.compile(r"[A-Z]{1,5}(?:\.[A-Z])?")
_SIX = re.compile(r"\d{6}")
_TOKYO = re.compile(r"\d{3}[0-9A-Z]")
_EUROPE = re.compile(r"[A-Z0-9]{1,8}")

EXCHANGES = {
    "NASDAQ": Exchange(("NASDAQ", "NASDAQGS", "NASDAQGM", "NASDAQCM", "纳斯达克"), ("O", "OQ", "US"), _LETTERS),
    "NYSE": Exchange(("NYSE", "纽交所"), ("N", "US"), _LETTERS),
    "HKEX": Exchange(("HKEX", "HKG", "SEHK", "HK", "港股"), ("HK",), re.compile(r"\d{1,5}"), 5),
    "SSE": Exchange(("SSE", "SHA", "SHSE", "SH", "上交所"), ("SH", "SS"), _SIX),
    "SZSE": Exchange(("SZSE", "SHE", "SZ", "深交所"), ("SZ",), _SIX),
    "TWSE": Exchange(("TWSE", "TPE"), ("TW",), re.compile(r"\d{4}")),
    "TSE": Exchange(("TSE", "TYO"), ("T",), _TOKYO),
    "KRX": Exchange(("KRX", "KOSPI", "KOSDAQ", "KS", "KQ"), ("KS", "KQ"), _SIX),
    "NSE": Exchange(("NSE",), ("NS",), re.compile(r"[A-Z0-9&-]{1,12}")),
    "LSE": Exchange(("LSE", "LON"), ("L",), _EUROPE),
    "XETRA": Exchange(("XETRA", "ETR", "FRA", "FWB"), ("DE",), _EUROPE),
    "SIX": Exchange(("SIX", "SWX"), ("S", "SW"), _EUROPE),
    "EURONEXT": Exchange(("EURONEXT", "EPA", "AMS"), ("PA", "AS"), _EUROPE),
    "STO": Exchange(("STO",), ("ST",), re.compile(r"[A-Z0-9]{1,8}(?:-[AB])?")),
    "OSE": Exchange(("OSE", "OSL"), ("OL",), _EUROPE),
    "TASE": Exchange(("TASE", "TLV"), ("TA",), _EUROPE),
    "TSX": Exchange(("TSX",), ("TO",), _LETTERS),
    "ASX": Exchange(("ASX",), ("AX",), re.compile(r"[A-Z0-9]{3}")),
}
"""The exchanges by the name that the seeds use. Endings are those of Reuters, Yahoo and the Chinese terminals."""

_COLON = re.compile(r"\s*:\s*")


class Written(NamedTuple):
    """One way to write a ticker, in capitals and without spaces, and the code in it."""

    text: str
    code: str

    def fits(self, words: str) -> bool:
        """Whether these words of a text are it: signs and all, the code in capitals, spaces only beside a colon."""
        close = _COLON.sub(":", level(words))
        return close.upper() == self.text and self.code in close


def fault(ticker: str) -> str:
    """What is wrong with a ticker as the seeds write it ("HKEX:9880"); the empty string if nothing is."""
    name, colon, code = ticker.partition(":")
    if not colon or name not in EXCHANGES:
        return f"{ticker!r} must be EXCHANGE:CODE with one of {', '.join(EXCHANGES)}"
    return "" if EXCHANGES[name].code.fullmatch(code) else f"{ticker!r} has no code of {name}"


def written(ticker: str) -> tuple[Written, ...]:
    """Every way to write a ticker that has no fault; the code alone is none of them."""
    name, _, code = ticker.partition(":")
    exchange = EXCHANGES[name]
    codes = dict.fromkeys((code, code.zfill(4), code.zfill(exchange.digits)) if exchange.digits else (code,))
    return tuple(
        Written(text, one)
        for one in codes
        for text in (
            *(f"{place}{mark}{one}" for place in exchange.before for mark in (":", ".")),
            *(f"{one}.{end}" for end in exchange.after),
        )
    )
