"""Where needles stand in a normal text, and whether they stand near each other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from bot.classify.normal import padded
from bot.classify.query.syntax import Needle, Prefix
from bot.text import unspaced

Span = tuple[int, int]


def pattern(needle: Needle) -> str:
    """What to search in normal text (itself between two spaces) to find the needle where it stands as whole words."""
    if isinstance(needle, Prefix):
        return needle.text if unspaced(needle.text[0]) else " " + needle.text
    return padded(needle.text)


def spans(text: str, needle: Needle) -> list[Span]:
    """All places of a needle in a normal text, without the spaces around it; a prefix to the end of its word."""
    words = pattern(needle)
    before, after = words[0] == " ", words[-1] == " "
    found: list[Span] = []
    at = text.find(words)
    while at >= 0:
        end = at + len(words) - after
        found.append((at + before, text.find(" ", end) if isinstance(needle, Prefix) else end))
        at = text.find(words, at + 1)
    return found


class Distances:
    """How many words lie between two places of a normal text; two characters of a script without spaces count as one word."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._halves: list[int] = []  # half words before the token, and a last one for all of them
        self._spaced: list[bool] = []
        at = halves = 0
        for token in text.split(" "):
            spaced = not (token and unspaced(token[0]))
            self._starts.append(at)
            self._halves.append(halves)
            self._spaced.append(spaced)
            halves += len(token) if not spaced else 0 if token in {"", "|"} else 2
            at += len(token) + 1
        self._halves.append(halves)

    def apart(self, end: int, start: int) -> int:
        """How many words on the one that begins at `start` is from the one that ended at `end`: 1 for neighbours."""
        return (self._at(start) - self._at(end) + 1) // 2 + 1

    def _at(self, offset: int) -> int:
        """The half words before an offset; the end of a word is behind it."""
        token = bisect_right(self._starts, offset) - 1
        inside = offset - self._starts[token]
        if inside and self._spaced[token]:
            return self._halves[token + 1]
        return self._halves[token] + inside


def near(text: str, parts: Sequence[Needle], distance: int) -> list[Span]:
    """The first places at which all parts stand near each other, in the order of the text; empty if they never do."""
    places = {part: found for part in parts if (found := spans(text, part))}
    if len(places) < len(set(parts)):
        return []
    distances = Distances(text)
    if len(parts) == 2:
        return _pair(places[parts[0]], places[parts[1]], distances, distance)
    return _window(places, Counter(parts), distances, distance)


def _pair(ones: Sequence[Span], twos: Sequence[Span], distances: Distances, distance: int) -> list[Span]:
    """The two closest that do not overlap, for the first of the ones that is near enough."""
    for one in ones:
        after = bisect_left(twos, one[1], key=_start)
        if after < len(twos) and distances.apart(one[1], twos[after][0]) <= distance:
            return [one, twos[after]]
        before = bisect_right(twos, one[0], key=_end) - 1
        if before >= 0 and distances.apart(twos[before][1], one[0]) <= distance:
            return [twos[before], one]
    return []


def _window(
    places: dict[Needle, list[Span]], needed: Counter[Needle], distances: Distances, distance: int
) -> list[Span]:
    """The first stretch, from one part to another not too far on, that has every part as often as it is asked for."""
    row = sorted(((span, part) for part, found in places.items() for span in found), key=lambda one: one[0])
    first = 0
    inside: Counter[Needle] = Counter()
    for last, ((start, _), part) in enumerate(row):
        inside[part] += 1
        while distances.apart(row[first][0][1], start) > distance:
            inside[row[first][1]] -= 1
            first += 1
        if inside >= needed:
            return _chosen(row[first : last + 1], needed)
    return []


def _chosen(row: Sequence[tuple[Span, Needle]], needed: Counter[Needle]) -> list[Span]:
    """Of a stretch the last places of each part, as many as are asked for."""
    left = needed.copy()
    chosen: list[Span] = []
    for span, part in reversed(row):
        if left[part] > 0:
            left[part] -= 1
            chosen.append(span)
    return chosen[::-1]


def _start(span: Span) -> int:
    return span[0]


def _end(span: Span) -> int:
    return span[1]
