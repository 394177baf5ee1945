"""How much a word tells: little if many reports have it. Before any were read, tables of frequencies say how many would."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from functools import cache
from importlib import resources

IMAGINED = 3000.0
"""The tables count as so many reports. More than a small window has: its loudest event must not make its own words common."""

_SELDOM = 0.3 / IMAGINED  # what a word that is in no table counts as
_FEW = 1.0 / IMAGINED  # a word with digits is in no table, but not rare for that


@cache
def _table() -> tuple[dict[str, int], array[float]]:
    """The words of the tables, numbered, and how many of the imagined reports have each."""
    found = {word: IMAGINED * share for lang in ("en", "zh") for word, share in shares(lang).items()}
    return {word: number for number, word in enumerate(found)}, array("d", found.values())


def shares(lang: str) -> dict[str, float]:
    """How likely a news item of a language has each word, the likeliest first: stems ("en"), pairs of characters ("zh")."""
    found: dict[str, float] = {}
    text = resources.files("bot.stories").joinpath("frequencies", f"{lang}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            bucket, *words = line.split()
            found.update(dict.fromkeys(words, math.exp(-int(bucket) / 10)))
    return found


class Weights:
    """Inverse document frequencies: of the tables, and of the reports that were counted since.

    Words are numbered, so that what keeps many of them can keep four octets for each.
    """

    def __init__(self) -> None:
        numbers, having = _table()
        self._numbers, self._words, self._having = dict(numbers), list(numbers), array("d", having)
        self._logs = array("d", map(math.log, having))
        self._reports = 0

    def count(self, words: Iterable[str]) -> None:
        """One more report, with these words, each once."""
        having, logs = self._having, self._logs
        for number in self.numbers(words):
            having[number] += 1.0
            logs[number] = math.log(having[number])
        self._reports += 1

    def of(self, word: str) -> float:
        """ln(reports / reports with the word): about 9 for a word that nobody uses, about 0 for one that all do."""
        number = self._numbers.get(word)
        return self._whole() - (math.log(_unread(word)) if number is None else self._logs[number])

    def most(self) -> float:
        """What a word that nobody uses weighs."""
        return self._whole() - math.log(IMAGINED * _SELDOM)

    def each(self, words: Iterable[str]) -> dict[str, float]:
        """The same for each of many."""
        whole, get, logs = self._whole(), self._numbers.get, self._logs
        return {
            word: whole - (math.log(_unread(word)) if (number := get(word)) is None else logs[number]) for word in words
        }

    def numbers(self, words: Iterable[str]) -> list[int]:
        """The number of each word, a new one for a word that has none."""
        numbers = self._numbers
        found = []
        for word in words:
            number = numbers.get(word)
            if number is None:
                number = numbers[word] = len(self._words)
                self._words.append(word)
                self._having.append(_unread(word))
                self._logs.append(math.log(_unread(word)))
            found.append(number)
        return found

    def words(self, numbers: Iterable[int]) -> list[str]:
        """The words that have these numbers."""
        return list(map(self._words.__getitem__, numbers))

    def _whole(self) -> float:
        return math.log(IMAGINED + self._reports)


def _unread(word: str) -> float:
    """How many of the imagined reports have a word that is in no table."""
    return IMAGINED * (_SELDOM if word.isalpha() else _FEW)
