"""Everything to look for in one Aho-Corasick automaton: one pass finds names, terms and query words at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ahocorasick_rs import AhoCorasick

from bot.classify.normal import needle, padded

Hit = tuple[int, int, int]
"""A needle found: its number, and [start, end) in the normal text, without the spaces around it."""


class Lexicon:
    """Numbers needles (normal form, each once), then finds them all, overlapping ones too."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words: list[str] = []
        self._trim = bytearray()  # bit 0: a space before, bit 1: a space after
        self._find: Callable[[str], list[Hit]] | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, words: str) -> int:
        """The number of a needle, a new one if it has none yet. All must be added before the first search."""
        return self._numbers.setdefault(words, len(self._numbers))

    def add_prefix(self, words: str) -> int:
        """The same for a needle whose last word may go on; `words` then gives it with a `*`, which no needle has."""
        return self.add(f"{words}*")

    def add_all(self, texts: Iterable[str]) -> frozenset[int]:
        """The numbers of the normal forms of these texts."""
        return frozenset(self.add(words) for words in map(needle, texts) if words)

    def search(self, normal_text: str) -> list[Hit]:
        """Every needle in a normal text that stands between spaces; spans still have the spaces their needles need."""
        if self._find is None:
            self._find = self._build()
        return self._find(normal_text)

    def exact(self, hit: Hit) -> Hit:
        """A hit of `search` without the spaces. Most hits need no span, and a hundred thousand a second are found."""
        number, start, end = hit
        trim = self._trim[number]
        return number, start + (trim & 1), end - (trim >> 1)

    def words(self, number: int) -> str:
        """The needle of a number that `search` found."""
        return self._words[number]

    def _build(self) -> Callable[[str], list[Hit]]:
        if not self._numbers:
            return lambda _: []
        self._words = list(self._numbers)
        patterns = [f" {words} " if words.isascii() and words[-1] != "*" else _pattern(words) for words in self._words]
        self._trim = bytearray([(words[0] == " ") + 2 * (words[-1] == " ") for words in patterns])
        find = AhoCorasick(patterns, store_patterns=False).find_matches_as_indexes
        return lambda normal_text: find(normal_text, True)  # offsets are of characters, not of UTF-8 bytes


def _pattern(words: str) -> str:
    return padded(words[:-1]).rstrip(" ") if words[-1] == "*" else padded(words)
