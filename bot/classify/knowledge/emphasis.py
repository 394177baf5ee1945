"""How much a word counts by its place in an item: a headline says what an item is about, the end of a text what else there is."""

from __future__ import annotations

import re

from bot.classify.reading import Reading
from bot.text import unspaced

IN_LEAD = 0.75
"""What counts in the first sentence of the summary, or three times in it, counts so much of its weight in the title."""

IN_SUMMARY = 0.6
"""The same elsewhere in the summary."""

DEEP = 0.45
"""The same far down in a long one."""

LISTED = 0.6
"""What is one of several things listed counts so much of what it would count alone."""

_LEAD = (60, 160)  # characters; of a script without spaces and of one with
_FAR = (250, 700)
_OFTEN = 3
_NEWS_LIST = re.compile(
    r"^\W*(?:[^|｜丨:：]{0,6}(?:早报|早參|早参|晚报|午报|周报|内参|早餐|早知道|要闻)\s*[|｜丨:：]|(?:收评|午评|早盘|午盘|盘前|盘后|复盘)\s*[:：|｜丨])|"
    r"[|｜丨]\s*[^|｜丨]{0,8}(?:早知道|早报|晚报|要闻|周报)\W*$|"
    r"纳指|道指|沪指|深成指|创业板指|恒指|恒生指数|恒生科技指数|三大股?指|"
    r"\bwall street\b|\bstocks? (?:market|futures|rise|fall|gain|slip|drop|climb|close|open|edge|tumble|rally|slide|end|mixed)\b|"
    r"\b(?:roundup|newsletter|morning brief(?:ing)?|daily brief(?:ing)?|the download|week in review|this week in|top stories)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[;；/／]")
_COMMA = re.compile(r", (?=[A-Z“‘\"'])")
_LATIN_MORE = re.compile(r",? (?:and|or|&) |, ")


class Emphasis:
    """One item's places. Cheap to make; reads the original only when it is asked."""

    __slots__ = ("_reading", "_roundup")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._roundup: bool | None = None

    def of(self, spans: list[tuple[int, int]]) -> tuple[int, int, float]:
        """The best place of something that stands at all these spans of the normal text, and what it counts there."""
        return max(((start, end, self._at(start, end, len(spans))) for start, end in spans), key=lambda one: one[2])

    def _at(self, start: int, end: int, times: int) -> float:
        part = self._by_field(start, times)
        return part * LISTED if times == 1 and self._is_listed(start, end) else part

    def _by_field(self, start: int, times: int) -> float:
        title_end, text = self._reading.title_end, self._reading.text
        if start < title_end:
            return IN_SUMMARY if self._is_roundup() else 1.0
        depth, spaced = start - title_end, not unspaced(text[start])
        if self._is_roundup():
            return DEEP
        if depth < _LEAD[spaced] or times >= _OFTEN:
            return IN_LEAD
        return DEEP if depth > _FAR[spaced] else IN_SUMMARY

    def _is_roundup(self) -> bool:
        if self._roundup is None:
            self._roundup = is_roundup(self._reading.original("title"))
        return self._roundup

    def _is_listed(self, start: int, end: int) -> bool:
        title = start < self._reading.title_end
        original = self._reading.original("title" if title else "summary")
        if "、" not in original and ", " not in original:
            return False
        place = self._reading.evidence("", start, end)
        return "、" in place.words or is_listed(original, place.start, place.end)


def is_roundup(title: str) -> bool:
    """Whether a headline is that of a newsletter or of several stories: "A Does This, B Does That, C Too"."""
    if _NEWS_LIST.search(title[:300]):
        return True
    if sum(len(part.strip()) > 3 for part in _MARKS.split(title[:400])) > 2:
        return True
    return sum(len(part.split()) > 2 for part in _COMMA.split(title[:400])) > 2


def is_listed(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is one of several: "A、B、C", "A, B and C"; the first of a Latin list is not seen as one."""
    before, after = text[max(0, start - 7) : start], text[end : end + 5]
    if before.endswith("、") or after.startswith("、"):
        return True
    if before.endswith((", and ", ", or ", ", & ")):
        return True
    return before.endswith(", ") and _LATIN_MORE.match(after) is not None
