"""A signature with its weights worked out, ready to be compared."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from operator import add, mul
from zlib import crc32

from bot.stories.bridge import stems
from bot.stories.signature import Signature
from bot.stories.weights import Weights

TELLING = 48
"""Words of a report that are compared: the weightiest."""

_KEY = 10
_KEYS = 12
"""Words by which a report is found."""

PERSON = "&"
"""So begins the mark of somebody whom a report may name."""

_CHINESE = 40

Vector = dict[str, float]


class View:
    """One report: `words` (the weightiest, most first), `title`, `names` and `key` (the ten weightiest words) with weights.

    With the norms of three of them. `signature` has no words any more if the report comes from the window; `whole` has. `chinese`
    are the Chinese words that have a translation, each with its weight and whether the title has it. `actors` are the entities
    that do something, `people` hashes of those who may be named.
    """

    __slots__ = (
        "_english", "_index", "_latin", "_weights", "_whole", "actors", "chinese", "dates", "entities", "key", "key_sum",
        "names", "names_norm", "norm", "numbers", "people", "signature", "title", "title_norm", "words",
    )  # fmt: skip

    def __init__(self, signature: Signature, weights: Weights) -> None:
        of = weights.each(signature.words)
        ranked = sorted(zip(map(mul, signature.said, of.values()), signature.words, strict=True), reverse=True)
        words = {word: weight for weight, word in ranked[:TELLING]}
        title = {word: of[word] for word in signature.title}
        names = {word: of[word] for word in signature.names if word in words}
        self._fill(signature, weights, (words, title, names), _worth(signature, of, title) if signature.han else [])
        self.numbers, self.dates = frozenset(signature.numbers), frozenset(signature.dates)
        self.people = frozenset(map(hashed, signature.people))

    @classmethod
    def restored(
        cls,
        signature: Signature,
        weights: Weights,
        vectors: tuple[Vector, Vector, Vector],
        chinese: list[tuple[str, float, bool]],
        said: tuple[frozenset[str], frozenset[str], frozenset[int]],
    ) -> View:
        """The view of a report of which these were kept: `words`, `title` and `names`; `chinese`; numbers, dates and people."""
        view = cls.__new__(cls)
        view._fill(signature, weights, vectors, chinese)
        view.numbers, view.dates, view.people = said
        return view

    def _fill(
        self,
        signature: Signature,
        weights: Weights,
        vectors: tuple[Vector, Vector, Vector],
        chinese: list[tuple[str, float, bool]],
    ) -> None:
        self.signature, self._weights, self.chinese = signature, weights, chinese
        self.words, self.title, self.names = vectors
        self.norm, self.title_norm, self.names_norm = map(norm, vectors)
        self.key: Vector = dict(islice(self.words.items(), _KEY))
        self.key_sum = sum(self.key.values()) or 1.0
        self.entities = frozenset(signature.entities)
        self.actors = frozenset(entity for entity, role in signature.entities.items() if role != "mention")
        self._index: list[tuple[float, str]] | None = None
        self._english: Vector | None = None
        self._whole: Signature | None = None
        self._latin: frozenset[str] | None = None

    @property
    def whole(self) -> Signature:
        """The signature with all words that are compared."""
        if self.signature.words:
            return self.signature
        if self._whole is None:
            words = tuple(dict.fromkeys((*self.words, *self.title)))
            self._whole = replace(self.signature, words=words, title=tuple(self.title), names=tuple(self.names))
        return self._whole

    @property
    def english(self) -> Vector:
        """The English stems that its Chinese words may mean, with weights."""
        if self._english is None:
            self._english = _translated(self.chinese, self._weights) if self.chinese else {}
        return self._english

    @property
    def latin(self) -> frozenset[str]:
        """What Chinese text says in Latin letters."""
        if self._latin is None:
            self._latin = frozenset(
                word for word in self.words if self.signature.han and word.isascii() and not word.isdigit()
            )
        return self._latin

    @property
    def index(self) -> list[tuple[float, str]]:
        """What others may be found by, the weightiest first: words, in English too, actors, numbers and people."""
        if self._index is None:
            found = [(weight, word) for word, weight in islice(self.words.items(), _KEYS)]
            if self.english:
                found += sorted(((weight, word) for word, weight in self.english.items()), reverse=True)[:_KEYS]
            of = self._weights.of
            found += [(of(mark), mark) for mark in _marks(self.actors, self.numbers, self.people)]
            self._index = sorted(found, reverse=True)
        return self._index


def _worth(signature: Signature, of: Mapping[str, float], title: Vector) -> list[tuple[str, float, bool]]:
    """Chinese words that have a translation: each weighs as much as the weightiest pair of characters in it."""
    found = []
    for word in signature.chinese[:_CHINESE]:
        if stems(word):
            pairs = list(map(add, word, word[1:]))
            found.append((word, max(of.get(pair, 0.0) for pair in pairs), any(pair in title for pair in pairs)))
    return found


def _translated(chinese: list[tuple[str, float, bool]], weights: Weights) -> Vector:
    """English stems with weights: what a word weighs there, but not much more than here."""
    parts = [(weight, 1.0 + headed, stems(word)) for word, weight, headed in chinese]
    of = weights.each({stem for _, _, known in parts for stem in known})
    found: Vector = {}
    for weight, twice, known in parts:
        for stem, share in known.items():
            worth = min(of[stem], weight + 1.0) * twice * share
            if worth > found.get(stem, 0.0):
                found[stem] = worth
    return found


def marks(signature: Signature) -> list[str]:
    """What reports in any language can share: who does something ("@unitree"), numbers ("n:5.4e+09"), people ("&1f2e3d4c")."""
    acting = [entity for entity, role in signature.entities.items() if role != "mention"]
    return _marks(acting, signature.numbers, map(hashed, signature.people))


def _marks(actors: Iterable[str], numbers: Iterable[str], people: Iterable[int]) -> list[str]:
    return [*(f"@{entity}" for entity in actors), *numbers, *(f"{PERSON}{number:x}" for number in people)]


def hashed(name: str) -> int:
    """32 bits for a name: Chinese text has a dozen spellings that nobody ever says, too many to keep."""
    return crc32(name.encode())


def norm(vector: Mapping[str, float]) -> float:
    """The Euclidean norm; never 0, so that it can be divided by."""
    return math.hypot(*vector.values()) or 1.0


def dot(one: Vector, other: Vector) -> float:
    """The inner product."""
    total = 0.0
    for word in one.keys() & other.keys():
        total += one[word] * other[word]
    return total
