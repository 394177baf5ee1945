"""A report as the window keeps it: four octets for a word, and its weight as it was when the report came."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise

from bot.model import Role
from bot.stories.signature import Signature
from bot.stories.view import View
from bot.stories.weights import Weights

_NOBODY: Mapping[str, Role] = {}
_NOTHING = array("f")


@dataclass(frozen=True, slots=True)
class Packed:
    """A View, to be had again by `unpack`.

    `numbers` are those of words of `Weights`, section by section: words, title, names, Chinese words, numbers, dates; the
    first four have `weights`, negative for Chinese words of the title. `ends` says where each section ends. After them come
    `people`.
    """

    numbers: array[int]
    weights: array[float]
    ends: tuple[int, ...]


def pack(view: View, weights: Weights) -> Packed:
    """What is compared of a report, small."""
    signature = view.signature
    weighed = (view.words, view.title, view.names)
    plain = (signature.numbers, signature.dates)
    numbers = weights.numbers
    sections = [*map(numbers, weighed), numbers(word for word, _, _ in view.chinese), *map(numbers, plain)]
    found = array("f", [weight for vector in weighed for weight in vector.values()])
    found.extend(-weight if headed else weight for _, weight, headed in view.chinese)
    flat = array("I", chain(*sections, view.people))
    return Packed(flat, found, tuple(accumulate(map(len, sections))))


def slim(signature: Signature) -> Signature:
    """What is left to keep of a signature whose view was packed."""
    return replace(
        signature, words=(), said=_NOTHING, title=(), names=(), numbers=(), dates=(), chinese=(), people=(),
        entities=signature.entities or _NOBODY,
    )  # fmt: skip


def unpack(packed: Packed, left: Signature, weights: Weights) -> View:
    """The view of a report that was packed, with what is left of its signature."""
    worth, ends = packed.weights, packed.ends
    read = weights.words(packed.numbers[: ends[-1]])
    words, title, names, chinese, numbers, dates = (read[start:end] for start, end in pairwise((0, *ends)))
    a, b, c, *_ = ends
    vectors = (
        dict(zip(words, worth, strict=False)),
        dict(zip(title, worth[a:b], strict=True)),
        dict(zip(names, worth[b:c], strict=True)),
    )
    translated = [(word, abs(weight), weight < 0) for word, weight in zip(chinese, worth[c:], strict=True)]
    said = frozenset(numbers), frozenset(dates), frozenset(packed.numbers[ends[-1] :])
    return View.restored(left, weights, vectors, translated, said)
