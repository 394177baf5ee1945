"""How much a word tells: little if many reports have it. Before any were read, tables of frequencies say how many would."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from functools import cache
from importlib import resources

from bot.stories.bridge import stems

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


class _Numbers(dict[str, int]):
    """The number of each word; one that has none gets the next, which is its place in `words` and `having`."""

    def __init__(self, known: dict[str, int], words: list[str], having: array[float]) -> None:
        super().__init__(known)
        self._words, self._having = words, having

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self._words)
        self._words.append(word)
        self._having.append(_unread(word))
        return number


class Weights:
    """Inverse document frequencies: of the tables, and of the reports that were counted since.

    Words are numbered, so that reports can be kept and compared as numbers: four octets for a word, the same for the same word.
    """

    def __init__(self) -> None:
        numbers, having = _table()
        self._words, self._having = list(numbers), array("d", having)
        self._numbers = _Numbers(numbers, self._words, self._having)
        self._stems: dict[int, dict[int, float]] = {}
        self._reports = 0

    def count(self, words: Iterable[str]) -> None:
        """One more report, with these words, each once."""
        self.seen(self.numbers(words))

    def seen(self, numbers: Iterable[int]) -> None:
        """One more report, with the words that have these numbers, each once."""
        having = self._having
        for number in numbers:
            having[number] += 1.0
        self._reports += 1

    def of(self, word: str) -> float:
        """ln(reports / reports with the word): about 9 for a word that nobody uses, about 0 for one that all do."""
        number = self._numbers.get(word)
        return self._whole() - math.log(_unread(word) if number is None else self._having[number])

    def most(self) -> float:
        """What a word that nobody uses weighs."""
        return self._whole() - math.log(IMAGINED * _SELDOM)

    def each(self, numbers: Iterable[int]) -> list[float]:
        """What each of many words weighs, by their numbers."""
        whole, log = self._whole(), math.log
        return [whole - log(having) for having in map(self._having.__getitem__, numbers)]

    def numbers(self, words: Iterable[str]) -> list[int]:
        """The number of each word, a new one for a word that has none."""
        return list(map(self._numbers.__getitem__, words))

    def known(self, words: Iterable[str]) -> list[int]:
        """The numbers of those that have one."""
        return [number for number in map(self._numbers.get, words) if number is not None]

    def stems(self, number: int) -> dict[int, float]:
        """`bridge.stems` of a Chinese word, all by numbers."""
        found = self._stems.get(number)
        if found is None:
            known = stems(self._words[number])
            found = self._stems[number] = dict(zip(self.numbers(known), known.values(), strict=True))
        return found

    def words(self, numbers: Iterable[int]) -> list[str]:
        """The words that have these numbers."""
        return list(map(self._words.__getitem__, numbers))

    def _whole(self) -> float:
        return math.log(IMAGINED + self._reports)


def _unread(word: str) -> float:
    """How many of the imagined reports have a word that is in no table."""
    return IMAGINED * (_SELDOM if word.isalpha() else _FEW)
