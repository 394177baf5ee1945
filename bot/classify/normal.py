"""The normal form in which texts, names and queries meet, and the way back to the original's offsets.

Normal text is folded (`text.fold`) and cut into tokens with one space between them:

- a run of letters, digits and marks of spaced scripts, with the `+` or `#` that directly ends it ("A+", "c#");
- a run of an unspaced script (Han, kana, Hangul): "宇树G1" and "宇树 G1" are the same;
- `|` where a sentence or a part of a headline ends, so that no phrase reaches across it.

Everything else between tokens is a separator: "embodied-AI", "embodied  AI" and "Embodied “AI”" are the same.
A needle in normal form, padded with the spaces at which its words must end, is therefore found by plain substring
search exactly where it stands as whole words; no boundary is left to check.
"""

from __future__ import annotations

import re

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
# str.translate is far faster than a regular expression, but for ASCII only.
_ASCII = {
    code: chr(code) if chr(code).isalnum() or chr(code) in "+#" else "|" if chr(code) in _ENDS + "|" else " "
    for code in range(128)
}


def normal(text: str) -> str:
    """The normal form; the empty string if nothing is left of the text."""
    text = _folded(text)
    if not text.isascii() or "+" in text or "#" in text:
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
    text = fold(text)
    for quote in _QUOTES:
        text = text.replace(quote, " ")
    return text


def _mark_ends(folded: str) -> str:
    """The same length, with `|` for what ends a sentence."""
    for end in _ENDS:
        folded = folded.replace(end, "|")
    return folded.replace(" - ", " | ").replace(". ", "| ")


class Places:
    """The way back: where something found in `normal(text)` stands in `text`. Built only where there is something."""

    __slots__ = ("_normal", "_offsets", "_starts")

    def __init__(self, text: str, normal_text: str) -> None:
        self._normal = normal_text
        self._offsets: list[int] | None = None
        if _is_plain(text):
            folded = _folded(text)
        else:
            folded, self._offsets = fold_map(text)
            for quote in _QUOTES:
                folded = folded.replace(quote, " ")
        self._starts = [token.start() for token in _TOKEN.finditer(_mark_ends(folded))]

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
        token_start = self._normal.rfind(" ", 0, at + 1) + 1
        return self._starts[self._normal.count(" ", 0, at + 1)] + at - token_start


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
