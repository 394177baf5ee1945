"""A report as the window keeps it: four octets for a word, and two for its weight as it was when the report came."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate, chain, islice, pairwise
from struct import pack as octets
from struct import unpack_from

from bot.model import Role
from bot.stories.signature import Signature
from bot.stories.view import View
from bot.stories.weights import Weights

_NOBODY: Mapping[str, Role] = {}
_NOTHING = array("f")
_SECTIONS, _MOST = 7, 255


def pack(view: View, weights: Weights) -> bytes:
    """What is compared of a report: to be had again by `unpack`.

    Seven sections, at most 255 long: words, title, names, Chinese words, numbers, dates, people. First come their lengths (an
    octet each), then what is in them (four octets each: the number that `Weights` gives a word, hashes of people), then the
    weights of the first four sections (binary16, exact to one in 2,000), negative for Chinese words of the title.
    """
    said = (view.words, view.title, view.names, [word for word, _, _ in view.chinese], view.numbers, view.dates)
    sections = [*(weights.numbers(islice(section, _MOST)) for section in said), list(view.people)[:_MOST]]
    worth = [weight for vector in (view.words, view.title, view.names) for weight in islice(vector.values(), _MOST)]
    worth += [-weight if headed else weight for _, weight, headed in view.chinese]
    sizes = bytes(map(len, sections))
    return octets(f"<{_SECTIONS}s{sum(sizes)}I{len(worth)}e", sizes, *chain(*sections), *worth)


def slim(signature: Signature) -> Signature:
    """What is left to keep of a signature whose view was packed."""
    return replace(
        signature, words=(), said=_NOTHING, title=(), names=(), numbers=(), dates=(), chinese=(), people=(),
        entities=signature.entities or _NOBODY,
    )  # fmt: skip


def unpack(packed: bytes, left: Signature, weights: Weights) -> View:
    """The view of a report that was packed, with what is left of its signature."""
    sizes = packed[:_SECTIONS]
    ends = list(accumulate(sizes))
    a, b, c, d, _, known, whole = ends
    found = unpack_from(f"<{whole}I{d}e", packed, _SECTIONS)
    read = weights.words(found[:known])
    worth = found[whole:]
    words, title, names, chinese, numbers, dates = (read[start:end] for start, end in pairwise((0, *ends[:-1])))
    vectors = (
        dict(zip(words, worth, strict=False)),
        dict(zip(title, worth[a:b], strict=True)),
        dict(zip(names, worth[b:c], strict=True)),
    )
    translated = [(word, abs(weight), weight < 0) for word, weight in zip(chinese, worth[c:], strict=True)]
    said = frozenset(numbers), frozenset(dates), frozenset(found[known:whole])
    return View.restored(left, weights, vectors, translated, said)
