"""Text as people see it and text as we compare it; pure functions that every room may use."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# C0 and C1 controls but for tab and newlines; bidi embeddings, overrides and isolates; zero-width space, word joiner and
# byte order mark. Zero-width joiner and non-joiner stay: emoji families and several scripts need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")
_ASCII_WORDS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}

# Scripts written without spaces between words: kana, Han (with extensions and compatibility forms); Hangul has spaces but
# glues particles to words, so a name inside it has no boundary either.
_UNSPACED = (
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x3130, 0x318F),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x20000, 0x3FFFF),
)
UNSPACED = "".join(f"{chr(low)}-{chr(high)}" for low, high in _UNSPACED)
"""The same as the inside of a character class of a regular expression."""

UNSPACED = "".join(f"{chr(low)}-{chr(high)}" for low, high in _UNSPACED)
"""The same scripts as the inside of a character class of `re`."""


def clean(text: str) -> str:
    """Drop what no reader should get: control, bidi-override and zero-width characters, lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    return _SURROGATES.sub("\ufffd", _UNWANTED.sub("", text))


def one_line(text: str, limit: int = 0) -> str:
    """Clean text on one line, at most `limit` characters (0: any) with an ellipsis where it was cut."""
    line = _SPACE.sub(" ", clean(text)).strip()
    return shorten(line, limit) if limit else line


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a space where one is near, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ", limit * 3 // 4)
    return (cut[:space] if space > 0 else cut).rstrip(" ,;:-") + "…"


def fold(text: str) -> str:
    """The form in which texts are compared: NFKC and casefold."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold()


def fold_map(text: str) -> tuple[str, list[int]]:
    """`fold(text)` cluster by cluster, and for each of its characters (and one past the end) the offset in `text`.

    NFKC composes a base character with the marks after it and may change lengths, so the text is folded in clusters of a
    base and its marks; https://www.unicode.org/reports/tr15/#Stable_Code_Points
    """
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    parts: list[str] = []
    offsets: list[int] = []
    start, size = 0, len(text)
    while start < size:
        end = start + 1
        while end < size and _joins(text[end]):
            end += 1
        folded = fold(text[start:end])
        parts.append(folded)
        offsets.extend([start] * len(folded))
        start = end
    offsets.append(size)
    return "".join(parts), offsets


def _joins(char: str) -> bool:
    """Whether NFKC may compose `char` with what stands before it: marks, conjoining or half-width Hangul, voicing."""
    if char < "\u0300":
        return False
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff" or "\uff9e" <= char <= "\uffdc"


def bare(text: str) -> str:
    """Folded words alone, one space between them: equal for titles that differ in case, punctuation and spacing only."""
    if text.isascii():  # three times as fast, and most titles are
        return " ".join(text.translate(_ASCII_WORDS).split())
    return _NOT_WORD.sub(" ", fold(text)).strip()


def unspaced(char: str) -> bool:
    """Whether `char` belongs to a script that sets no spaces around words (Han, kana) or glues particles on (Hangul)."""
    if char < "\u2e80":
        return False
    code = ord(char)
    return any(low <= code <= high for low, high in _UNSPACED)


def is_boundary(left: str, right: str) -> bool:
    """Whether a word may end between two neighbouring characters; an empty string is the edge of the text.

    Two letters or digits of spaced scripts are one word; wherever one side is of an unspaced script a word may end.
    """
    if not left or not right:
        return True
    if not ((left.isalnum() or left == "_") and (right.isalnum() or right == "_")):
        return True
    return unspaced(left) or unspaced(right)


def key63(*parts: str) -> int:
    """A 63-bit hash of the parts in their order: never negative, the same in every process and version."""
    return hash63("\x1f".join(parts).encode("utf-8", "surrogatepass"))


def hash63(data: bytes) -> int:
    """A 63-bit hash of octets: never negative, the same in every process and version."""
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big") >> 1
