"""Syndicated copies: one text in several outlets, with another headline, a cut or a line of the editor's.

MinHash with the smallest hashes of one function (bottom-k; Cohen and Kaplan 2007, https://doi.org/10.1145/1281100.1281133).
The usual library for it, datasketch, loads SciPy and takes 75 MB: half of what this program may have.
"""

from __future__ import annotations

import re
from array import array
from itertools import accumulate
from zlib import crc32

from bot.text import UNSPACED, fold, level

SMALLEST = 64
"""Hashes that are kept; the standard error of the estimated share is sqrt(J (1 - J) / 64), 0.06 at worst."""

ALIKE = 0.6
"""From this share of common shingles on a text is a copy; two that were written apart share a tenth."""

_SHINGLE_WORDS, _SHINGLE_CHARS = 4, 6
_LEAST = 30  # shingles; a shorter text is alike by chance
_MOST = 400
_UNIT = re.compile(f"[{UNSPACED}]|[^\\W{UNSPACED}]+")


def sketch(text: str) -> array[int]:
    """The smallest hashes of a text's shingles, ascending, at most 64; none of a text that is too short to tell."""
    units = _UNIT.findall(fold(level(text[: 12 * _MOST])))[:_MOST]
    size = _SHINGLE_CHARS if 2 * sum(map((1).__eq__, map(len, units))) > len(units) else _SHINGLE_WORDS
    if len(units) - size + 1 < _LEAST:
        return array("I")
    octets = " ".join(units).encode()
    starts = list(accumulate((len(unit.encode()) + 1 for unit in units), initial=0))
    hashes = {crc32(octets[start : end - 1]) for start, end in zip(starts, starts[size:], strict=False)}
    return array("I", sorted(hashes)[:SMALLEST] if len(hashes) >= _LEAST else ())


def alike(one: frozenset[int], other: array[int]) -> float:
    """The estimated share of shingles that two texts have in common (Jaccard), of one of which the sketch is given as a set.

    0 where one was too short to tell, or where the share is less than `ALIKE` for sure.
    """
    size = min(len(one), len(other), SMALLEST)
    both = one.intersection(other)
    if not size or len(both) < ALIKE * size:
        return 0.0
    union = sorted(one.union(other))[:size]
    return sum([value in both for value in union]) / size
