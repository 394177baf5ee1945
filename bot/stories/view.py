"""A signature with its weights worked out, ready to be compared."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import islice
from operator import add, mul
from typing import NamedTuple
from zlib import crc32

from bot.stories.signature import Signature
from bot.stories.weights import Weights

TELLING = 48
"""Words of a report that are compared: the weightiest."""

_KEY = 10
_KEYS = 12
"""Words by which a report is found."""

_CHINESE, _PAIR = 40, 2

Vector = dict[int, float]
"""What words weigh, by the numbers that `Weights` gives them."""


class Said(NamedTuple):
    """What a report says: its `words` (the weightiest, most first), those of the title and the names, with weights.

    `numbers` and `dates` by the numbers that they have as words; `people` are hashes of those who may be named. `chinese` are
    the Chinese words that have a translation, and `worth` what each weighs, negative if the title has it. `every` has all words
    of a report that just came.
    """

    words: Vector
    title: Vector
    names: Vector
    numbers: frozenset[int]
    dates: frozenset[int]
    people: frozenset[int]
    chinese: Sequence[int]
    worth: Sequence[float]
    every: Sequence[int] = ()


class View:
    """One report, with what it says (`Said`), the norms of three vectors, and `key`: the ten weightiest words.

    `signature` has no words any more if the report comes from the window; `whole` has. `actors` are the entities that do
    something. Views can be compared if their words are numbered by the same `Weights`.
    """

    __slots__ = (
        "_english", "_keys", "_latin", "_marks", "_weights", "_whole", "actors", "dates", "entities", "key",
        "key_sum", "names", "names_norm", "norm", "numbers", "people", "said", "signature", "title", "title_norm", "words",
    )  # fmt: skip

    def __init__(self, signature: Signature, weights: Weights, said: Said | None = None) -> None:
        self.signature, self._weights = signature, weights
        self.said = _said(signature, weights) if said is None else said
        self.words, self.title, self.names, self.numbers, self.dates, self.people = self.said[:6]
        self.norm, self.title_norm, self.names_norm = norm(self.words), norm(self.title), norm(self.names)
        self.key: Vector = dict(islice(self.words.items(), _KEY))
        self.key_sum = sum(self.key.values()) or 1.0
        self.entities = signature.entities.keys()
        self.actors = frozenset([entity for entity, role in signature.entities.items() if role != "mention"])
        self._english: frozenset[int] | None = None
        self._latin: frozenset[int] | None = None
        self._marks: list[int] | None = None
        self._keys: list[tuple[float, int]] | None = None
        self._whole: Signature | None = None

    def spelled(self, numbers: Iterable[int]) -> list[str]:
        """The words that have these numbers."""
        return self._weights.words(numbers)

    def stems(self, word: int) -> Mapping[int, float]:
        """The English stems that a Chinese word may mean."""
        return self._weights.stems(word)

    @property
    def whole(self) -> Signature:
        """The signature with all words that are compared."""
        if self.signature.words:
            return self.signature
        if self._whole is None:
            words, title, names = map(self.spelled, (self.words, self.title, self.names))
            self._whole = replace(
                self.signature, words=tuple(dict.fromkeys((*words, *title))), title=tuple(title), names=tuple(names)
            )
        return self._whole

    @property
    def english(self) -> frozenset[int]:
        """The English stems that its Chinese words may mean."""
        if self._english is None:
            of = self._weights.stems
            self._english = frozenset([stem for word in self.said.chinese for stem in of(word)])
        return self._english

    @property
    def latin(self) -> frozenset[int]:
        """What Chinese text says in Latin letters."""
        if self._latin is None:
            words = zip(self.words, self.spelled(self.words), strict=True) if self.signature.han else ()
            self._latin = frozenset(number for number, word in words if word.isascii() and not word.isdigit())
        return self._latin

    @property
    def marks(self) -> list[int]:
        """What reports in any language can share: actors, numbers, people.

        Without the people of Chinese reports: only some of them are in truth, so they seek and are not found.
        """
        if self._marks is None:
            people = () if self.signature.han else map(_person, self.people)
            self._marks = [*self._weights.numbers((*map(_actor, self.actors), *people)), *self.numbers]
        return self._marks

    @property
    def keys(self) -> list[tuple[float, int]]:
        """What others find it by, with weights: words, in English too, and marks."""
        if self._keys is None:
            self._keys = [(weight, number) for number, weight in islice(self.words.items(), _KEYS)]
            if self.said.chinese:
                self._keys += _translated(self.said, self.english, self._weights)
            self._keys += zip(self._weights.each(self.marks), self.marks, strict=True)
        return self._keys

    @property
    def index(self) -> list[tuple[float, int]]:
        """What it finds others by, the weightiest first: its keys, and the people whom a Chinese report may name."""
        people = self._weights.known(map(_person, self.people)) if self.signature.han else ()
        return sorted([*self.keys, *zip(self._weights.each(people), people, strict=True)], reverse=True)


def _said(signature: Signature, weights: Weights) -> Said:
    """What a report says that just came."""
    numbers = weights.numbers(signature.words)
    idf = weights.each(numbers)
    ranked = sorted(zip(map(mul, signature.said, idf), signature.words, numbers, strict=True), reverse=True)
    words = {number: weight for weight, _, number in ranked[:TELLING]}
    of = dict(zip(numbers, idf, strict=True))
    title = {number: of[number] for number in weights.numbers(signature.title)}
    names = {number: of[number] for number in weights.numbers(signature.names) if number in words}
    chinese = _worth(signature, of, title, weights) if signature.han else {}
    return Said(
        words,
        title,
        names,
        frozenset(weights.numbers(signature.numbers)),
        frozenset(weights.numbers(signature.dates)),
        frozenset(map(hashed, signature.people)),
        tuple(chinese),
        tuple(chinese.values()),
        numbers,
    )


def _worth(signature: Signature, of: Vector, title: Vector, weights: Weights) -> Vector:
    """Chinese words that have a translation: each weighs as much as the weightiest pair of characters in it."""
    found: Vector = {}
    words = signature.chinese[:_CHINESE]
    for word, number in zip(words, weights.numbers(words), strict=True):
        if not weights.stems(number):
            continue
        if len(word) == _PAIR:
            weight, headed = of.get(number, 0.0), number in title
        else:
            pairs = weights.known(map(add, word, word[1:]))
            weight = max([of.get(pair, 0.0) for pair in pairs], default=0.0)
            headed = not title.keys().isdisjoint(pairs)
        found[number] = -weight if headed else weight
    return found


def _translated(said: Said, english: Iterable[int], weights: Weights) -> list[tuple[float, int]]:
    """The weightiest English stems of Chinese words: what a word weighs there, but not much more than here."""
    of = dict(zip(english, weights.each(english), strict=True))
    found: Vector = {}
    for word, worth in zip(said.chinese, said.worth, strict=True):
        most, twice = (worth + 1.0, 1.0) if worth >= 0 else (1.0 - worth, 2.0)
        for stem, share in weights.stems(word).items():
            weight = of[stem]
            weight = (weight if weight < most else most) * twice * share
            if weight > found.get(stem, 0.0):
                found[stem] = weight
    least = sorted(found.values())[-_KEYS:][:1]
    best = [(weight, stem) for stem, weight in found.items() if weight >= least[0]]
    if len(best) > _KEYS:  # of equals the last of the alphabet
        spelled = weights.words([stem for _, stem in best])
        best = [
            pair for _, pair in nlargest(_KEYS, zip(spelled, best, strict=True), key=lambda one: (one[1][0], one[0]))
        ]
    return best


def marks(signature: Signature) -> list[str]:
    """`View.marks` as words: who does something ("@unitree"), numbers ("n:5.4e+09"), people ("&1f2e3d4c")."""
    acting = [entity for entity, role in signature.entities.items() if role != "mention"]
    return [*map(_actor, acting), *signature.numbers, *map(_person, map(hashed, signature.people))]


def _actor(entity: str) -> str:
    return f"@{entity}"


def _person(number: int) -> str:
    return f"&{number:x}"


def hashed(name: str) -> int:
    """32 bits for a name: Chinese text has a dozen spellings that nobody ever says, too many to keep."""
    return crc32(name.encode())


def norm(vector: Mapping[int, float]) -> float:
    """The Euclidean norm; never 0, so that it can be divided by."""
    return math.hypot(*vector.values()) or 1.0


def dot(one: Vector, other: Vector) -> float:
    """The inner product."""
    total = 0.0
    for word in one.keys() & other.keys():
        total += one[word] * other[word]
    return total
