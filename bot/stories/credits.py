"""The original that a report credits: "Source: Tech in Asia", "according to a Reuters report", "据路透社报道"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.stories.outlets import is_newsroom, newsroom, same_outlet
from bot.text import UNSPACED, level, one_line

_TITLE, _OPENING, _END = 300, 600, 240
"""Characters read of the title, and of the summary's beginning and end: further down older reports are quoted."""

_NAME = 40
# A name in English: up to six words that begin with a capital or a digit. All counts are bounded.
_REST = r"(?:[\w&'+-]|\.(?=\w)){0,24}"
_WORD = rf"(?:[A-Z0-9]{_REST}|[a-z]{{1,3}}[A-Z]{_REST})"
_HOST = r"[a-z0-9-]{2,30}\.[a-z]{2,6}"
_NAMED = rf"(?:[Tt]he )?{_WORD}(?:(?: | of | in | and | & ){_WORD}){{0,5}}"
_OLD = re.compile(
    r"previously|last (?:week|month|year)|\bin (?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec)|此前|当时|曾|去年|上月|早前"
)

# Said outright: whatever stands there is who it was.
_SOURCE = re.compile(rf"(?:^|[\s(\[|·•—-])(?:[Nn]ews |[Oo]riginal )?(?:Source|SOURCE|source)s?\s?: ?({_NAMED}|{_HOST})")
_NO_SOURCE = re.compile(
    r"(?:[Ii]mage|[Pp]hoto|[Pp]icture|[Vv]ideo|[Cc]hart|[Dd]ata|[Oo]pen|[Pp]ower|[Ll]ight|[Ff]unding|[Cc]redit|[Pp]rimary)\s?$"
)
_FIRST_BY = re.compile(
    rf"\b(?:first|originally|initially|exclusively) (?:reported|published|appeared|broken)"
    rf"(?: \w{{2,8}})? (?:by|in|on|at) ({_NAMED})"
)
# Said in passing: only a newsroom, since banks, officials and companies are quoted in the same words.
_ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording to|[Cc]iting|[Pp]er|[Rr]eported by|[Rr]eport (?:by|from|in|on)|[Rr]eports (?:by|from|in)|cited by)"
    rf" (?:an? (?:new |recent |exclusive )?)?(?:report (?:by|from|in|on) )?({_NAMED})"
)
_REPORTED = re.compile(
    rf"({_NAMED})(?:'s?)? (?:has |have |first |exclusively |earlier )?(?:reported|reports|report\b(?! card)|learned|revealed)\b"
)
_VIA = re.compile(rf"[\s(\[]via (?:@)?({_NAMED}|{_HOST})\s?(?=[)\]|.,]|$)")
_DATELINE = re.compile(rf"^[^()]{{0,60}}\(({_NAMED})\) ?(?:-|—|--)")
_TITLE_HEAD = re.compile(rf"^({_NAMED}|[{UNSPACED}\w ]{{2,12}}) ?: ")
_TITLE_HEAD_ZH = re.compile(rf"^《?([{UNSPACED}\w ]{{2,16}})》?:")
_TITLE_TAIL = re.compile(rf"(?: [-—|] |\()({_NAMED})\)?\s?$")

_HAN_NAME = rf"[{UNSPACED}\w .&]{{1,24}}"
_WHEN_ZH = r"(?:网站|独家|刚刚|今[日天]|昨[日天]|当地时间|(?:周|星期)[一二三四五六日天]|[(\d月日) ]){0,14}"
_SOURCE_ZH = re.compile(
    rf"(?:^|[^{UNSPACED}\w]|新闻|文章|本文|消息|稿件)(?:来源|出处|转自|转载自)\s?(?:[::]|于)?\s?《?({_HAN_NAME})"
)
_NO_SOURCE_ZH = re.compile("(?:图片|图|数据|资料|视频|资金|收入|配图)$")
_ACCORDING_ZH = re.compile(
    rf"(?<![依根])(?:据|援引|引述)(?P<foreign>[美英日韩德法]国|外媒|科技媒体){{0,2}}《?(?P<name>{_HAN_NAME}?)》?"
    rf"(?P<tail>{_WHEN_ZH}(?:援引|引述|报道|报导|消息|电|称|,))"
)
_REPORTED_ZH = re.compile(rf"《?(?P<name>{_HAN_NAME}?)》?(?P<tail>{_WHEN_ZH}(?:援引|引述|报道|报导|获悉))")
_HINT = re.compile(
    "[Aa]ccording|[Cc]it(?:ing|ed)|[Pp]er |[Rr]eport|learned|revealed| via|[(]via|据|援引|引述|报道|报导|获悉"
)
_HINT_ZH = re.compile("[据援引报获]")
_GENERIC_ZH = re.compile(
    "媒体?$|^(?:外媒|报道|多家|知情|相关|公开|官方|公司|消息|业内|市场|他|她|其|该)|人士|(?:网站|信息|消息|数据)$|^.$"
)
_GENERIC = frozenset((
    "company", "companies", "the", "sources", "source", "reports", "report", "people", "local", "media", "state",
    "press", "release", "staff", "author", "getty", "images", "shutterstock", "unsplash", "twitter", "x",
    "linkedin", "youtube", "weibo", "reddit", "internet", "app",
))  # fmt: skip


def credit(title: str, summary: str, source: str = "") -> str:
    """The original that a report names, by its usual name; "" if it names none but its own outlet (`source`).

    What is said outright ("Source: ...") comes first, then what the headline and the opening say, since that is what the
    report rests on. Reads a bounded part of the text in time linear in it.
    """
    head = level(one_line(title[: 2 * _TITLE]))[:_TITLE]
    body = level(one_line(summary[: 2 * _OPENING]))[:_OPENING]
    end = level(one_line(summary[-2 * _END :]))[-_END:] if len(summary) > _OPENING else ""
    for name in _named(head, body, end):
        if not (source and same_outlet(name, source)):
            return name
    return ""


def _named(head: str, body: str, end: str) -> Iterator[str]:
    """Everybody who may be credited, the surest first."""
    for text in (end, body, head):
        yield from _outright(text)
    for text in (head, body):
        if not _HINT.search(text):
            continue
        yield from _matches(_ACCORDING, text, _known)
        yield from _matches(_REPORTED, text, _known_at_end)
        yield from _matches(_VIA, text, _like)
        yield from _chinese(text)
    yield from _matches(_DATELINE, body, _known)
    for pattern in (_TITLE_HEAD, _TITLE_HEAD_ZH, _TITLE_TAIL):
        yield from _matches(pattern, head, _known)


def _outright(text: str) -> Iterator[str]:
    for pattern, excluded in ((_SOURCE, _NO_SOURCE), (_SOURCE_ZH, _NO_SOURCE_ZH)):
        for found in pattern.finditer(text):
            before = text[max(0, found.start() - 12) : found.start() + 1]
            word = before.strip(" :") if pattern is _SOURCE else text[max(0, found.start() - 2) : found.start() + 1]
            if not excluded.search(word) and (name := _free(found[1])):
                yield name
    yield from _matches(_FIRST_BY, text, _free)


def _matches(pattern: re.Pattern[str], text: str, read: Callable[[str], str]) -> Iterator[str]:
    for found in pattern.finditer(text):
        if _OLD.search(text, max(0, found.start() - 20), found.end() + 30):
            continue
        if name := read(found[1]):
            yield name


def _chinese(text: str) -> Iterator[str]:
    for pattern in (_ACCORDING_ZH, _REPORTED_ZH) if _HINT_ZH.search(text) else ():
        for found in pattern.finditer(text):
            said, tail = found["name"], found["tail"]
            if _OLD.search(text, found.start(), found.end()):
                continue
            if name := _known_at_end(said) or (
                _free_zh(said) if pattern is _ACCORDING_ZH and tail.endswith(("报道", "报导")) else ""
            ):
                yield name


def _free(said: str) -> str:
    """Any name but the words that name nobody; a known newsroom by its usual name."""
    name = said.strip(" .,;:'\"-")
    if not name or _GENERIC.issuperset(name.lower().split()) or _GENERIC_ZH.search(name):
        return ""
    return _longest(name.split(), beginning=True) or name[:_NAME]


def _free_zh(said: str) -> str:
    name = said.strip()
    return name if 2 <= len(name) <= 12 and not _GENERIC_ZH.search(name) else ""


def _known(said: str) -> str:
    """A newsroom at the beginning of what was said: "Reuters and CNBC"."""
    return _longest(said.split(), beginning=True) or (newsroom(said) if not is_newsroom(said) else "")


def _known_at_end(said: str) -> str:
    """A newsroom at the end of what was said: "On Monday Bloomberg"."""
    return _longest(said.split(), beginning=False)


def _like(said: str) -> str:
    return newsroom(said.strip(" .,"))


def _longest(words: list[str], beginning: bool) -> str:
    for count in range(min(len(words), 6), 0, -1):
        part = " ".join(words[:count] if beginning else words[-count:])
        if is_newsroom(part.removesuffix("'s")):
            return newsroom(part.removesuffix("'s"), like=False)
    return ""
