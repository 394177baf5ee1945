"""The normal form in which texts, names and queries meet, and the way back to the original's offsets.

Normal text is folded (`text.fold`), its Han characters are simplified ones, and it is cut into tokens with one space between them:

- a run of letters, digits and marks of spaced scripts, with the `+` or `#` that directly ends it ("A+", "c#");
- a run of an unspaced script (Han, kana, Hangul): "宇树G1" and "宇树 G1" are the same;
- `|` where a sentence or a part of a headline ends, so that no phrase reaches across it.

Everything else between tokens is a separator: "embodied-AI", "embodied  AI" and "Embodied “AI”" are the same.
A needle in normal form, padded with the spaces at which its words must end, is therefore found by plain substring
search exactly where it stands as whole words; no boundary is left to check.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from bot.hanzi import simplified
from bot.text import UNSPACED, fold, fold_map, unspaced

_ENDS = "!?;:。•—"
_QUOTES = "’‘“”–"
# Folding these first, one by one, spares most Chinese and typeset texts the slow way through NFKC (30 us of 45).
_COMMON = tuple(zip("，！？：；（）％～　\xa0…", ",!?:;()%~  .", strict=True))
_LETTER = rf"[^\W_{UNSPACED}]"
# Combining marks are no letters to `re`; these are the blocks in which they stand inside words.
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
    "\u0e31-\u0e4e\u0eb1-\u0ecd\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]"
)
_PLUS = rf"(?:[+#]++(?!{_LETTER}))?+"
_TOKEN = re.compile(
    rf"{_LETTER}+(?:{_MARK}+{_LETTER}*)*+{_PLUS}|[{UNSPACED}]+|\||{_MARK}++(?:{_LETTER}+|{_MARK}+)*+{_PLUS}"
)
_SIMPLE_TOKEN = re.compile(r"[a-z0-9]+|\|")
# str.translate is far faster than a regular expression, but for ASCII only.
_ASCII = {
    code: chr(code) if chr(code).isalnum() or chr(code) in "+#" else "|" if chr(code) in _ENDS + "|" else " "
    for code in range(128)
}


def normal(text: str) -> str:
    """The normal form; the empty string if nothing is left of the text."""
    text = _folded(text)
    if not _is_simple(text):
        return " ".join(_TOKEN.findall(_mark_ends(text)))
    text = text.replace(" - ", " | ").replace(". ", "| ").translate(_ASCII)
    return " ".join(text.replace("|", " | ").split())


def needle(text: str) -> str:
    """The normal form of something to look for: without sentence ends around it. Stable under repetition."""
    found = normal(text).strip("| ")
    if found.isascii():
        return found
    again = normal(found).strip("| ")
    while again != found:  # NFKC and casefold each undo a little of the other for a few letters with several marks
        found, again = again, normal(again).strip("| ")
    return found


def padded(words: str) -> str:
    """A needle with the spaces that it must have around it in normal text (itself between two spaces)."""
    return ("" if unspaced(words[0]) else " ") + words + ("" if unspaced(words[-1]) else " ")


def _folded(text: str) -> str:
    """Folded, with spaces for typeset quotes; of the same length as `fold(text)` where there is no ellipsis."""
    if text.isascii():
        return text.lower()
    for wide, common in _COMMON:
        text = text.replace(wide, common)
    for quote in _QUOTES:  # before the rest, which is ASCII then in most English texts
        text = text.replace(quote, " ")
    return simplified(fold(text))


def _is_simple(folded: str) -> bool:
    """Whether tokens are just what stands between signs, as in most English."""
    return folded.isascii() and "+" not in folded and "#" not in folded


def _mark_ends(folded: str) -> str:
    """The same length, with `|` for what ends a sentence."""
    for end in _ENDS:
        folded = folded.replace(end, "|")
    return folded.replace(" - ", " | ").replace(". ", "| ")


class Places:
    """The way back: where something found in `normal(text)` stands in `text`. Read only as far as it is asked for."""

    __slots__ = ("_firsts", "_offsets", "_read", "_starts", "_tokens")

    def __init__(self, text: str) -> None:
        self._offsets: list[int] | None = None
        if _is_plain(text):
            folded = _folded(text)
        else:
            folded, self._offsets = fold_map(text)
            folded = simplified(folded)
            for quote in _QUOTES:
                folded = folded.replace(quote, " ")
        token = _SIMPLE_TOKEN if _is_simple(folded) else _TOKEN
        self._tokens = token.finditer(_mark_ends(folded))
        self._firsts: list[int] = []  # where the tokens that were read begin in the normal form
        self._starts: list[int] = []  # and in the folded text
        self._read = 0  # up to here

    def span(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) in the original for [start, end) in the normal form; whole characters of the original."""
        first, last = self._in_folded(start), self._in_folded(end - 1)
        if self._offsets is None:
            return first, last + 1
        after = last + 1
        while self._offsets[after] == self._offsets[last]:
            after += 1
        return self._offsets[first], self._offsets[after]

    def _in_folded(self, at: int) -> int:
        """The offset in the folded text of a character of a token."""
        if at >= self._read:
            self._read_on(at)
        token = bisect_right(self._firsts, at) - 1
        return self._starts[token] + at - self._firsts[token]

    def _read_on(self, at: int) -> None:
        """Read tokens until the one that has this character."""
        read, first, began = self._read, self._firsts.append, self._starts.append
        for token in self._tokens:
            start, end = token.span()
            first(read)
            began(start)
            read += end - start + 1
            if read > at:
                break
        self._read = read


# What most texts are made of; each of these folds to one character (the ellipsis because of _COMMON) and joins none.
_USUAL = re.compile(
    "[\x00-\x7f\xa0\u00c0-\u00de\u00e0-\u012f\u0131\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9\u0410-\u044f"
    "\u2010\u2013\u2014\u2018-\u201e\u2022\u2026\u3000-\u3002\u3005-\u3020\u3041-\u3096\u30a1-\u30fc\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]*+"
)
_plain: set[str] = set()
_odd: set[str] = set()


def _is_plain(text: str) -> bool:
    """Whether folding changes this text character by character, as it does most, so that offsets stay what they are."""
    if text.isascii() or _USUAL.fullmatch(text) or _plain.issuperset(text):
        return True
    for char in set(text) - _plain - _odd:
        (_plain if _folds_alone(char) else _odd).add(char)
    return _odd.isdisjoint(text)


def _folds_alone(char: str) -> bool:
    """Whether it folds to one character and composes with none before it."""
    return len(fold_map(char)[1]) == 2 and fold_map("a" + char)[1] == [0, 1, 2]
