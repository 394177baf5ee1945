"""Which reports have a word: the newest of them, by the number of the word."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence

NEWEST = 50
"""So many reports, to twice as many, are found by one word: those that came last. Of a loud event any of them will do."""


class Postings:
    """The places of reports in lists, one for each word. Most words have one report, which needs no list."""

    def __init__(self) -> None:
        self._places: list[array[int] | int | None] = []

    def of(self, word: int) -> Sequence[int]:
        """The reports that have a word, in the order in which they were added."""
        found = self._places[word] if word < len(self._places) else None
        if found is None:
            return ()
        return (found,) if isinstance(found, int) else found

    def add(self, word: int, place: int) -> None:
        """One more report that has it."""
        if word >= len(self._places):
            self._places += [None] * (word + 1 - len(self._places))
        found = self._places[word]
        if found is None:
            self._places[word] = place
        elif isinstance(found, int):
            self._places[word] = array("I", (found, place))
        else:
            found.append(place)
            if len(found) > 2 * NEWEST:
                del found[:NEWEST]

    def drop(self, gone: Collection[int]) -> None:
        """Forget these reports."""
        for word, found in enumerate(self._places):
            left = [place for place in self.of(word) if place not in gone] if found is not None else []
            self._places[word] = array("I", left) if len(left) > 1 else left[0] if left else None
