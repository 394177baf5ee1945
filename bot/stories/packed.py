"""A report as the window keeps it: four octets for a word, and two for its weight as it was when the report came."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import accumulate, chain, islice
from struct import Struct
from typing import NamedTuple

from bot.model import Deal, Role
from bot.stories.signature import Signature
from bot.stories.view import Said, View
from bot.stories.weights import Weights

_NOBODY: Mapping[str, Role] = {}
_NOTHING = array("f")
_SECTIONS, _MOST, _WORD = 7, 255, 4


@cache  # the module's own cache holds a hundred formats
def _words(count: int) -> Struct:
    return Struct(f"<{count}I")


@cache
def _weights(count: int) -> Struct:
    return Struct(f"<{count}e")


class Glance(NamedTuple):
    """What is read first of a packed report, and tells of most that they are strangers: words, numbers and people."""

    words: tuple[int, ...]
    numbers: tuple[int, ...]
    people: tuple[int, ...]


def pack(view: View) -> bytes:
    """What is compared of a report: to be had again by `unpack`.

    Seven sections, at most 255 long: words, numbers, people, title, names, dates, Chinese words. First come their lengths (an
    octet each), then what is in them (four octets each: the number that `Weights` gives a word, hashes of people), then the
    weights of words, title, names and Chinese words (binary16, exact to one in 2,000).
    """
    said = view.said
    sections = (said.words, said.numbers, said.people, said.title, said.names, said.dates, said.chinese)
    weights = (said.words.values(), said.title.values(), said.names.values(), said.worth)
    sizes = bytes([min(len(section), _MOST) for section in sections])
    numbers = chain.from_iterable([islice(section, _MOST) for section in sections])
    worth = chain.from_iterable([islice(section, _MOST) for section in weights])
    a, _, _, d, e, _, g = sizes
    return sizes + _words(sum(sizes)).pack(*numbers) + _weights(a + d + e + g).pack(*worth)


def slim(signature: Signature) -> Signature:
    """What is left to keep of a signature whose view was packed."""
    return Signature(
        signature.item_id, signature.source, signature.at, signature.link_key, signature.title_key, signature.event,
        signature.entities or _NOBODY, tuple([_bare(deal) for deal in signature.deals]), signature.han, (), _NOTHING, (), (),
        (), (), sketch=signature.sketch, roundup=signature.roundup, reaction=signature.reaction, state=signature.state,
    )  # fmt: skip


def _bare(deal: Deal) -> Deal:
    """A deal without the words that it was read from, which take more than all else."""
    return replace(deal, evidence=()) if deal.evidence else deal


def glance(packed: bytes) -> Glance:
    """The first sections of a packed report."""
    a, b, c = packed[:3]
    found = _words(a + b + c).unpack_from(packed, _SECTIONS)
    return Glance(found[:a], found[a : a + b], found[a + b :])


def unpack(packed: bytes, left: Signature, weights: Weights) -> View:
    """The view of a report that was packed, with what is left of its signature."""
    sizes = packed[:_SECTIONS]
    a, _, _, d, e, _, g = sizes
    whole = sum(sizes)
    words, numbers, people, title, names, dates, chinese = _cut(_words(whole).unpack_from(packed, _SECTIONS), sizes)
    worth = _weights(a + d + e + g).unpack_from(packed, _SECTIONS + _WORD * whole)
    said = Said(
        dict(zip(words, worth, strict=False)),
        dict(zip(title, worth[a:], strict=False)),
        dict(zip(names, worth[a + d :], strict=False)),
        frozenset(numbers),
        frozenset(dates),
        frozenset(people),
        chinese,
        worth[a + d + e :],
    )
    return View(left, weights, said)


def _cut(found: tuple[int, ...], sizes: bytes) -> list[tuple[int, ...]]:
    """The sections, one after the other."""
    return [found[end - size : end] for end, size in zip(accumulate(sizes), sizes, strict=True)]
