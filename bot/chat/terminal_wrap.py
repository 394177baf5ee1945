"""Breaking text into lines of so many terminal cells, where Latin words and Chinese characters mix. Pure.

Rich breaks lines at spaces alone, which leaves half a line empty before every run of Chinese; here a line may also end
beside a wide character, but never before closing punctuation or after an opening bracket (JIS X 4051's simplest rule).
"""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len
from rich.text import Text

_NEVER_FIRST = frozenset("，。、；：？！）」』】〉》〕〗”’％‰…—·・ー々〜,.;:?!)]}%")
_NEVER_LAST = frozenset("（「『【〈《〔〖“‘([{￥＄$€£¥#")
_AFTER = frozenset("/?&=-")
_MODIFIERS = ("\U0001f3fb", "\U0001f3ff")
_FLAGS = ("\U0001f1e6", "\U0001f1ff")
_JOINER = "\u200d"


def clusters(text: str) -> list[tuple[int, int]]:
    """[start, end) of what a reader sees as one character: marks, joined emoji, skin tones and flags stay whole."""
    found: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        if found and _continues(text, found[-1][0], at, char):
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def _continues(text: str, start: int, at: int, char: str) -> bool:
    if char < "\u0300":
        return False
    if char == _JOINER or text[at - 1] == _JOINER or unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return True
    if _MODIFIERS[0] <= char <= _MODIFIERS[1]:
        return True
    return at - start == 1 and _FLAGS[0] <= char <= _FLAGS[1] and _FLAGS[0] <= text[start] <= _FLAGS[1]


def breaks(text: str, width: int) -> list[tuple[int, int]]:
    """[start, end) of each line of one paragraph, at most `width` cells each, spaces at the breaks left out.

    A word longer than a line is cut, after one of `/?&=-` where one stands in the line's second half. An empty text
    is one empty line. Only a single character wider than `width` can stand out.
    """
    lines: list[tuple[int, int]] = []
    start = end = 0
    for left, right in _words(text):
        if end > start and cell_len(text[start:right].rstrip()) > width:
            lines.append((start, start + len(text[start:end].rstrip())))
            start = left
        while cell_len(text[start:right].rstrip()) > width:
            cut = _cut(text[start : min(right, start + 8 * width)], width)
            lines.append((start, start + cut))
            start += cut
        end = right
    lines.append((start, start + len(text[start:end].rstrip())))
    return lines


def _words(text: str) -> list[tuple[int, int]]:
    """Unbreakable pieces, each with the spaces that follow it."""
    found: list[tuple[int, int]] = []
    before = ""
    for start, end in clusters(text):
        char = text[start]
        if found and not _may_break(before, char):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
        before = text[end - 1] if text[end - 1] == " " else char
    return found


def _may_break(left: str, right: str) -> bool:
    if right == " ":
        return False
    if left == " ":
        return True
    if right in _NEVER_FIRST or left in _NEVER_LAST:
        return False
    return cell_len(left) == 2 or cell_len(right) == 2


def _cut(word: str, width: int) -> int:
    """Where to cut a word that is wider than a line: at least one character, at most `width` cells."""
    used, fits, good = 0, 0, 0
    for start, end in clusters(word):
        used += cell_len(word[start:end])
        if used > width and fits:
            break
        fits = end
        if word[end - 1] in _AFTER and used * 2 > width:
            good = end
    return good or fits


def wrap(text: Text, width: int) -> list[Text]:
    """A styled text as lines of at most `width` cells; newlines in it start lines of their own."""
    lines: list[Text] = []
    for paragraph in text.split("\n", allow_blank=True):
        lines += [paragraph[a:b] if b > a else Text() for a, b in breaks(paragraph.plain, max(width, 2))]
    return lines


def clip(text: str, width: int) -> str:
    """At most `width` cells on one line, with an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    used, fits = 0, 0
    for start, end in clusters(text):
        used += cell_len(text[start:end])
        if used > width - 1:
            break
        fits = end
    return text[:fits].rstrip() + "…"
