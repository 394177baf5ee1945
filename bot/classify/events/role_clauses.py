"""Roles read from clauses around names: the names beside a cue, alone or in a list, get the role that the cue gives.

A list may have names that the gazetteer does not know. It is read for a bounded number of characters to either side of a
cue, so the cost is linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from bot.classify.events.role_cues import CHINESE, ENGLISH, RoleCue
from bot.classify.events.words import Words, lower
from bot.classify.passages import Name, Passage
from bot.model import Role


class RoleFound(NamedTuple):
    """Who has a role, and [start, end) of the words that say so."""

    role: Role
    name: Name
    start: int
    end: int


_REACH = 160  # characters that a list of names may have
_ROUND_NEAR = 90
_MONEY = re.compile(
    r"\bround\b|\bseries [a-k]\b|\bfunding|\bfinancing|\binvest|[$€£¥]\s?\d|\brais(?:e|es|ed|ing)\b|\bseed\b|"
    r"\bmillion\b|\bbillion\b"
)
# What may stand between the names of an English list; a word in lower case that is not here ends it, and so does a full stop.
_LIST_WORD = (
    r"and|the|of|its|both|as well as|well|as|plus|also|existing|new|returning|previous|earlier|longtime|other|"
    r"others|investors?|backers?|"
    r"shareholders?|firms?|funds?|giants?|chipmakers?|arm|including|among|venture|ventures|capital|growth|equity|"
    r"such|like|u\.s\.|company|companies"
)
_STOP = (
    r"(?:To|For|With|In|At|On|After|As|From|By|While|Amid|That|Which|Who|Is|Was|Will|Has|Says|Said|But|Into|Over|"
    r"Valuing|Values|Via|Before|When|"
    r"Than|Against|Plans?|Raises?|Builds?|Launch\w*|Unveil\w*)\b"
)
_UNKNOWN = r"[A-Z0-9\u00c0-\u00de][\w&'+-]*+(?:\.(?=\w)[\w&'+-]++)*+"
_RUN = re.compile(
    rf"(?:\s++|,|&|/|\"|\(|\)|'s\b|(?:Inc|Ltd|Co|Corp|Bros)\.|(?:{_LIST_WORD})\b|(?!{_STOP}){_UNKNOWN})*+"
)
_TOKEN = re.compile(r"\S+")
_AUXILIARY = re.compile(
    r"(?:,? ?(?:\b|(?<= )(?=[$€£]))(?:has|have|had|will|would|is|was|were|are|be|been|being|also|recently|"
    r"reportedly|jointly|both|just|now|to|set|plans|agreed|aims|"
    r"again|(?:last|this|earlier this|later that) (?:week|month|year|quarter|spring|summer|fall|autumn|winter)|earlier|"
    r"yesterday|(?:on )?[a-z]{3,6}day|in [a-z]{3,9}|which|today|announced|"
    r"completes?|completed|proposed|planned|closes|closed|finalizes|finalized|the|its|an?|"
    r"'s|in talks|seeks|wants|looking|close|may|could|might|nears|offers|bid|considers|considering|newly|quietly|"
    r"pending|"
    r"[a-z]{0,3}[$€£]?\d[\w.]*+(?: (?:billion|million))?)(?= |$) ?){0,6}$"
)
_VERB_AFTER = re.compile(
    r"\s+(?:said|says|is|was|has|had|will|plans|announced|also|reported|told|would|may|can|makes|unveiled|launched)\b"
)
# Between a Chinese name and its cue ("阿里云等机构联合领投").
_ZH_ADVERBS = re.compile(
    r"(?:等|机构|多家|知名|公司|集团|联合|共同|独家|继续|再次|持续|联手|战略|超额|宣布|将|拟|追加|参与|也|亦|分别|先后|计划|完成|正式|考虑|欲|"
    r"已|正|斥资|有意|洽谈|全资|正在|成功|对|以|据悉|约|近|超|的|方面|日前|要约|出资|在|内|新增|名|领衔|连续|再|即将|寻求|近日|日|月|本|旗下|"
    r"\d[\d.,]{0,12}|[万亿]|[美欧日港]?元|%|[\s\"」』》)])*+$"
)
_ZH_ITEM = 18  # characters of a list's member that the gazetteer does not know
_ZH_AND = "、和与及,"
_ZH_END = re.compile(r"[。;:!?(|]")
_ZH_VERB = re.compile(r"等|截至|未|回应|完成|获|将|宣布|本轮|资金|用于|估值|此前|公司成立|融资|表示|其中|由|是|为")
_DESCRIBED = 26  # characters that may describe a Chinese name between cue and name ("收购人形机器人公司…")
# Words in lower case that may describe an English name between cue and name; anything but these.
_DESCRIPTION = re.compile(
    r"(?:\s++|[\"(]|(?!(?:to|for|with|from|in|at|by|after|as|that|which|who|like|such|and|on|of|over|because|than|"
    r"while|when|its own|will|is|was|has)\b)"
    r"[a-z0-9][\w'/-]*+){0,12}+"
)
_ZH_COMMA = re.compile(r"[,。;]")
_ZH_INTO = re.compile(r"[对向给][^,。;:由]{0,14}$")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def clause_roles(passage: Passage) -> Iterator[RoleFound]:
    """Every role that a clause of the passage gives to a name."""
    first, last = passage.names[0].start, passage.names[-1].end
    low = lower(passage.text)
    begin = max(0, first - _REACH)
    for word, start, end in _cues().words.find(low[begin : last + _REACH]):
        for cue in _cues().of[word]:
            yield from _of_cue(passage, low, cue, begin + start, begin + end)


def _of_cue(passage: Passage, low: str, cue: RoleCue, start: int, end: int) -> Iterator[RoleFound]:
    if cue.after is not None:
        match = cue.after.match(low, end)
        if match is None:
            return
        end = match.end()
    if cue.until is not None and not _up_to(passage.text, cue.until, end):
        return
    if cue.money and not _MONEY.search(low, max(0, start - _ROUND_NEAR), end + _ROUND_NEAR):
        return
    chinese = _HAN.match(low, start) is not None
    left = tuple(_left(passage, start, chinese, cue)) if cue.left else ()
    right = tuple(_right(passage, end, chinese, cue)) if cue.right else ()
    if cue.both and not (left and right):
        return
    for name in left if cue.people else filter(_no_person, left):
        into = chinese and cue.left == "investor" and _ZH_INTO.search(low, max(0, name.start - 20), name.start)
        yield RoleFound("investee" if into else cue.left or "mention", name, start, end)
    for name in right if cue.people else filter(_no_person, right):
        yield RoleFound(cue.right or "mention", name, start, end)


def _no_person(name: Name) -> bool:
    return name.kind != "person"


def _left(passage: Passage, at: int, chinese: bool, cue: RoleCue) -> Iterator[Name]:
    """The names that end where the cue begins, the last first, as far as their list goes."""
    return _left_chinese(passage, at, cue) if chinese else _left_english(passage, at)


def _right(passage: Passage, at: int, chinese: bool, cue: RoleCue) -> Iterator[Name]:
    if cue.until is not None:
        yield from _inside(passage, at, _up_to(passage.text, cue.until, at))
    elif chinese:
        yield from _right_chinese(passage, at, alone=cue.right in ("target", "investee"))
    else:
        yield from _right_english(passage, at)


def _up_to(text: str, until: re.Pattern[str], at: int) -> int:
    """Where the words that close the cue begin, in the same clause; 0 if they do not follow."""
    match = until.search(text, at, at + 2 * _DESCRIBED)
    return match.start() if match and not _ZH_COMMA.search(text, at, match.start()) else 0


def _inside(passage: Passage, start: int, end: int) -> Iterator[Name]:
    first = bisect_left(passage.names, start, key=lambda name: name.start)
    for name in passage.names[first:]:
        if name.start >= end:
            return
        if name.end <= end:
            yield name


def _before(passage: Passage, at: int) -> Iterator[Name]:
    """The names that end at `at` or before it, the last first, within reach."""
    last = bisect_left(passage.names, at, key=lambda name: name.start)
    for name in reversed(passage.names[:last]):
        if at - name.end > _REACH:
            return
        if name.end <= at:
            yield name


def _left_english(passage: Passage, at: int) -> Iterator[Name]:
    begin = max(0, at - 64)
    low = lower(passage.text[begin:at].rstrip())
    trimmed = _AUXILIARY.search(low)
    stripped = begin + (trimmed.start() if trimmed else len(low))
    for number, name in enumerate(_before(passage, at)):
        at = max(stripped, name.end) if number == 0 else at  # "X's acquisition of": the name may have its 's
        gap = passage.text[name.end : at]
        if len(gap) > _REACH or "'s" in gap or _RUN.fullmatch(gap) is None:
            return
        yield name
        at = name.start


def _right_english(passage: Passage, at: int) -> Iterator[Name]:
    """The names of the list that begins at `at`, after words that describe the first of them."""
    text, found = passage.text, list[Name]()
    for name in _inside(passage, at, min(len(text), at + _REACH)):
        known = _RUN.fullmatch(text, at, name.start)
        if not (known or (not found and _DESCRIPTION.fullmatch(text, at, name.start))):
            break
        found.append(name)
        at = name.end
    if len(found) > 1 and _VERB_AFTER.match(text, at) and text[: found[-1].start].endswith(", "):
        found.pop()  # "led by Sequoia, Nvidia said": a new clause
    yield from found


def _left_chinese(passage: Passage, at: int, cue: RoleCue) -> Iterator[Name]:
    text = passage.text
    for number, name in enumerate(_before(passage, at)):
        between = text[name.end : at]
        adjacent = number == 0 and len(between) < 40 and _ZH_ADVERBS.match(between)
        if adjacent and cue.left in ("acquirer", "target") and between.endswith("的"):
            return  # "对X的收购"
        if not (adjacent or _members(between)):
            return
        yield name
        at = name.start


def _members(between: str) -> bool:
    """Whether this is what stands between two members of a list: "、", "和", or also members that nobody knows."""
    if len(between) > _REACH:
        return False
    if between == "" or between.strip() in ("、", "和", "与", "及", ",", "以及", "携手", "联合", "携"):
        return True
    members = re.split(r"[、]|(?<=.)[和与及](?=.)", between)
    return (
        between[0] in _ZH_AND
        and all(len(one) <= _ZH_ITEM for one in members)
        and not re.search(r"[,。;:由获]", between[1:])
    )


def _right_chinese(passage: Passage, at: int, *, alone: bool) -> Iterator[Name]:
    """The names of the list that begins at `at`; `alone`: only the first name, which may be described."""
    text = passage.text
    reach = at + (_DESCRIBED if alone else _REACH)
    for name in _inside(passage, at, min(len(text), reach + _ZH_ITEM)):
        between = text[at : name.start]
        if _ZH_END.search(between) or (alone and re.search(r"[,、。]", between)):
            return
        if not alone and any(_ZH_VERB.search(one) or len(one) > _ZH_ITEM for one in re.split(r"[、,和与及]", between)):
            return
        yield name
        if alone:
            return
        at = name.end


class _Cues:
    """All cues, and for each word those that it may be the words of."""

    def __init__(self, cues: Sequence[RoleCue]) -> None:
        of: dict[str, list[RoleCue]] = {}
        for cue in cues:
            for word in cue.words:
                of.setdefault(word, []).append(cue)
        self.words, self.of = Words(of), list(of.values())


@cache
def _cues() -> _Cues:
    return _Cues((*ENGLISH, *CHINESE))
