"""Text as people see it and text as we compare it; pure functions that every room may use."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from bot.hanzi import simplified

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


# What typists and phones put instead of ASCII, one character for one.
_LEVEL = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | dict(
    zip(
        map(ord, "\u3000\xa0\u2002\u2003\u2009\u200a\u202f\u205f\t\n\r‘’′“”″–‐‑‒−"),
        "           '''\"\"\"-----",
        strict=True,
    )
)


def level(text: str) -> str:
    """The same length, with what is typed in several ways typed in one: simplified Han, ASCII forms, spaces, quotes.

    Case and everything else stays, so what is found at an offset of it stands at that offset of the text.
    """
    return text if text.isascii() and text.isprintable() else simplified(text.translate(_LEVEL))


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


_UNSPACED_CHAR = re.compile(f"[{UNSPACED}]")
_WORDS_A_MINUTE, _CHARS_A_MINUTE, _TEASER = 240, 400, 1.0


def reading_minutes(text: str) -> int:
    """How long it takes to read, 0 for a teaser of less than a minute.

    240 words or 400 Chinese characters a minute: the means of silent reading in Brysbaert (2019),
    https://doi.org/10.1016/j.jml.2019.104047, rounded.
    """
    chars = len(_UNSPACED_CHAR.findall(text))
    words = len(_UNSPACED_CHAR.sub(" ", text).split())
    minutes = words / _WORDS_A_MINUTE + chars / _CHARS_A_MINUTE
    return 0 if minutes < _TEASER else round(minutes)


def unspaced(char: str) -> bool:
    """Whether `char` belongs to a script that sets no spaces around words (Han, kana) or glues particles on (Hangul)."""
    if char < "\u2e80":
        return False
    if "\u4e00" <= char <= "\u9fff":  # as nearly all are
        return True
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
