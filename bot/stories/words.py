"""The words, numbers and dates by which two reports are compared: stems of English words, pairs of Chinese characters."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from operator import add

import Stemmer

from bot.text import UNSPACED, level

_TOKEN = re.compile(rf"[^\W_{UNSPACED}]+(?:['.-][^\W_{UNSPACED}]+)*|[{UNSPACED}]+")
_PARTS = re.compile(r"[-.']")
_NAME_PARTS = re.compile(r"[-.&]")
_SAY_NOTHING = """
a an the of to in on for and or but with by from at as is are was were be been being it its this that these those he she they
his her their our your my we you i not no will would can could may might has have had do does did said says say s t re ll ve d
after before over into about more than new up out off who which what when where how also just then now here there amid him
them us
"""
_STOP = frozenset(_SAY_NOTHING.split())
_CAPITAL = re.compile(r"[A-Z][\w'&.-]*\w|[A-Z]\w*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|``|\"")
_NUMBER = re.compile(  # begins with a digit, not with what may not stand before it: such a search is six times as fast
    r"(\d(?<![\w.].)[\d,]*(?:\.\d+)?)\s*+"
    r"(%|percent\b|per cent\b|bn\b|billion\b|b\b|m\b|mn\b|million\b|trillion\b|thousand\b|k\b|万亿|千万|百万|亿|万|千)?",
    re.IGNORECASE,
)
_TIMES = {
    "%": 1.0, "percent": 1.0, "per cent": 1.0, "bn": 1e9, "billion": 1e9, "b": 1e9, "m": 1e6, "mn": 1e6, "million": 1e6,
    "trillion": 1e12, "thousand": 1e3, "k": 1e3, "万亿": 1e12, "千万": 1e7, "百万": 1e6, "亿": 1e8, "万": 1e4, "千": 1e3,
}  # fmt: skip
_SHARES = frozenset(("%", "percent", "per cent"))
_SMALL = 10
_YEAR = re.compile(r"(?<!\d)(?:19[89]\d|20[0-4]\d)(?!\d)")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_DAY = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?\b"
    r"|\b(\d{1,2})(?:st|nd|rd|th)? (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\b|(\d{1,2})月(\d{1,2})日"
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b")
_DIGIT = re.compile(r"\d")
_LONGEST_NUMBER = 20
_CODE = 5  # digits in a row without unit or comma: a share, a post, a part, no count
_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball stem of a folded English word."""
    return str(_stemmer.stemWord(word))


def words(text: str) -> list[str]:
    """Stems of English words without those that say nothing, and pairs of neighbouring characters of Chinese runs."""
    found: list[str] = []
    for run in _TOKEN.findall(level(text)):
        found += map(add, run, run[1:]) if run[0] >= "\u2e80" else spaced(run)
    return found


@lru_cache(maxsize=50_000)
def spaced(run: str) -> tuple[str, ...]:
    """The stems of what stands between two spaces: one, or more where hyphens join them."""
    low = run.lower()
    whole = low.isalpha() or any(char.isdigit() for char in low)
    return _stems([low] if whole else _PARTS.split(low))


def names(text: str) -> set[str]:
    """Stems of capitalised words of English, but of those that only begin a sentence."""
    found: set[str] = set()
    for sentence in _SENTENCE.split(level(text)):
        for match in _CAPITAL.finditer(sentence):
            if match.start() or " " not in sentence[:40]:
                found.update(_name(match.group()))
    return found


@lru_cache(maxsize=20_000)
def _name(word: str) -> tuple[str, ...]:
    return _stems(_NAME_PARTS.split(word.lower().split("'")[0]))


def _stems(parts: list[str]) -> tuple[str, ...]:
    return tuple(stem(part) for part in parts if len(part) > 1 and part not in _STOP)


def numbers(text: str) -> set[str]:
    """Numbers as both languages can say them ("n:500000" for 500,000, 0.5m and 50万; "%:4.6"), without small counts and years."""
    found = set()
    for amount, said in _NUMBER.findall(level(text)):
        digits, unit = amount.replace(",", ""), said.lower()
        if len(digits) > _LONGEST_NUMBER:
            continue
        value = float(digits) * _TIMES.get(unit, 1.0)
        if unit in _SHARES:
            found.add(f"%:{value:.3g}")
        elif not unit and "," not in amount and len(digits.partition(".")[0]) >= _CODE:
            continue
        elif unit or (value >= _SMALL and not _YEAR.fullmatch(digits)):
            found.add(f"n:{value:.3g}")
    return found


def dates(text: str) -> set[str]:
    """Years, days of months and weekdays that a text names: "2013", "7/3", "friday"."""
    found: set[str] = set()
    low = text.lower()
    if _DIGIT.search(low):
        found.update(_YEAR.findall(low))
        for month, day, day2, month2, month3, day3 in _DAY.findall(low):
            if month3:
                found.add(f"{int(month3)}/{int(day3)}")
            else:
                found.add(f"{_MONTHS[month or month2]}/{int(day or day2)}")
    if "day" in low:
        found.update(_WEEKDAY.findall(low))
    return found


def damped(count: int) -> float:
    """What saying a word so often is worth."""
    return 1.0 + math.log(count)
