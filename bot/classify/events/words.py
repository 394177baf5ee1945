"""Words of a closed list in one text: what the readers of events and roles look at before they look at grammar."""

from __future__ import annotations

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick

from bot.text import is_boundary


class Words:
    """Whole words, in lower case, found by one pass however many there are."""

    def __init__(self, words: Iterable[str]) -> None:
        self._find = AhoCorasick(list(words), store_patterns=False).find_matches_as_indexes

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """(number of the word, start, end) in lower-case text, in the order of their ends, overlapping ones too."""
        return [hit for hit in self._find(text, True) if _stands_alone(text, hit[1], hit[2])]


def lower(text: str) -> str:
    """In lower case, of the same length (a few letters have longer lower forms)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return is_boundary(before, text[start]) and is_boundary(text[end - 1], after)
