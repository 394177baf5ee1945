"""A Chinese text cut into sentences and clauses, with what stands in brackets set aside and every sum and round at hand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.classify.deals.drafts import Stage, Sum
from bot.classify.deals.money import find_money
from bot.classify.deals.rounds import find_rounds
from bot.classify.passages import Passage

HAN = "\u4e00-\u9fff"
_BLANK = "\x01"
# One level of brackets; nested ones are cut at the inner pair, which is what we want of "(A(B)C)" too.
_BRACKETS = re.compile(r"\([^()]{0,120}\)|\[[^\[\]]{0,60}\]|【[^【】]{0,60}】|<[^<>]{0,40}>")
_SENTENCE = re.compile(r"[。!?;|丨｜•]{1,3}\s?|\.{3,}|…+|(?<![Pp]re)(?<!PRE)\s[-—]{1,2}\s|——")
_CLAUSE = re.compile(rf",(?!\d{{3}}(?!\d)|\s?(?:Inc|Ltd|LLC|Corp|Co)\b)\s?|(?<=[{HAN}」\"』》%])\s+(?=[{HAN}「\"『《])")
# Bounds that no honest text meets; with them the time that any text takes grows no faster than its length.
_READ = 8_000
_LONGEST_CLAUSE = 300
_MOST_CLAUSES = 30


@dataclass(frozen=True, slots=True)
class Clause:
    """[start, end) of a text, between commas. `index` is its place in its sentence."""

    start: int
    end: int
    index: int


class Text:
    """A passage ready to be read: `masked` is its text with brackets blanked, of the same length."""

    __slots__ = ("_starts", "masked", "passage", "stages", "sums")

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.masked = _BRACKETS.sub(lambda found: _BLANK * len(found[0]), passage.text)
        self.sums = find_money(passage)
        self.stages = find_rounds(passage)

    def sentences(self) -> Iterator[tuple[Clause, ...]]:
        """Every sentence, as its clauses; empty ones are left out, and what stands beyond the first 8,000 characters."""
        start, size = 0, min(len(self.masked), _READ)
        for found in _SENTENCE.finditer(self.masked, 0, size):
            yield from self._sentence(start, found.start())
            start = found.end()
        yield from self._sentence(start, size)

    def _sentence(self, start: int, end: int) -> Iterator[tuple[Clause, ...]]:
        """[start, end) as one sentence, or as several where it has more clauses than one has."""
        spans = list(self._clauses(start, end))
        for first in range(0, len(spans), _MOST_CLAUSES):
            part = spans[first : first + _MOST_CLAUSES]
            yield tuple(Clause(*span, index) for index, span in enumerate(part))

    def _clauses(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the clauses of a sentence stand; no clause is longer than anybody writes one."""
        at = start
        for found in _CLAUSE.finditer(self.masked, start, end):
            yield from self._parts(at, found.start())
            at = found.end()
        yield from self._parts(at, end)

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        while start < end:
            last = min(end, start + _LONGEST_CLAUSE)
            if words := self.masked[start:last].rstrip(" "):
                yield start, start + len(words)
            start = last

    def sums_in(self, start: int, end: int) -> Sequence[Sum]:
        """The sums that begin in [start, end)."""
        first = bisect_left(self.sums, start, key=lambda one: one.start)
        return self.sums[first : bisect_left(self.sums, end, lo=first, key=lambda one: one.start)]

    def stages_in(self, start: int, end: int) -> Sequence[Stage]:
        """The rounds that begin in [start, end)."""
        first = bisect_left(self.stages, start, key=lambda one: one.start)
        return self.stages[first : bisect_left(self.stages, end, lo=first, key=lambda one: one.start)]

    def starts_in(self, start: int, end: int) -> list[int]:
        """Where the sums and rounds of [start, end) begin."""
        return [one.start for one in self.sums_in(start, end)] + [one.start for one in self.stages_in(start, end)]


Meaning = Literal["money", "valuation", "total", "other"]

_VALUE_BEFORE = re.compile(
    r"(?:估值|市值|身价|投后|投前|企业价值)(?:[^\d,。;筹募融投收购]{0,2}(?:有望|或将|或|将|已|也|一度|最终|最高|预计|可能|为|约|达到|达|超过|超|突破|破|接近|逼近|"
    r"近|升至|涨至|飙升至|攀升至|飙至|冲上|冲至|翻[一两三四五六七八九十\d]?倍?|提升至|上调至|增至|至|到|高达|不低于|不少于|逾|过|于|是|:|在|"
    r"扩张|逾一倍|翻倍)){0,5}[^\d,。;筹募融投收购]{0,2}$"
)
_VALUE_AFTER = re.compile(r"(?:的|以上的?|左右的?)?(?:投前|投后|交易前|交易后|融资后)?(?:的)?(?:估值|市值|身价)")
_TOTAL_BEFORE = re.compile(
    r"(?:累计|总融资|总募资|历史融资|历次融资|共获|共融资|(?:合计|总共|一共|共计)(?:完成|获|融|募))[^\d,。;]{0,14}$"
)
_OTHER_BEFORE = re.compile(
    r"(?:营收|收入|利润|净利|盈利|亏损|净亏|订单|合同|售价|单价|定价|起售|市场规模|市场空间|注册资本|注册资金|资本开支|资本支出|成交|"
    r"销售额|补贴|产值|出资额|罚款|授信|贷款|价格为|首发价|到手价|总投资额?|总投资约?|采购|中标|资产|市场|规模将?|支出|成本|费用|薪|"
    r"奖金|红包|现金流|毛利|回购|分红|派息|股息|货值|营业额|交易所|票价|月费|年费|预算|ARR|GMV|投入研发|研发投入|资金池|管理规模|"
    r"认缴|实缴|资本公积|负债|债务|税|罚|赔偿|索赔|跌去|蒸发|节省|持股|股价|每股|招标|年化|投资回报|撬动|资金超|带动)"
    r"[^\d,。;]{0,10}$"
)
_OTHER_AFTER = re.compile(
    r"\s?(?:的|左右的?|以上的?)?(?:授信|贷款|订单|合同|营收|收入|补贴|罚款|奖金|薪酬|年薪|利润|市场(?!化)|规模的?市场|建设|建厂|用于建|采购|产业基金|"
    r"专项基金|母基金|基金(?!领投|投资|等)|红包|优惠|起售|起步|级?赛道|级?市场|大关|资本支出|投资额|销售)"
)


def meaning(text: str, one: Sum) -> Meaning:
    """What a sum says of a company, by the words next to it."""
    before = text[max(0, one.start - 24) : one.start]
    if _VALUE_BEFORE.search(before) or _VALUE_AFTER.match(text, one.end):
        return "valuation"
    if _OTHER_BEFORE.search(before) or _OTHER_AFTER.match(text, one.end):
        return "other"
    if _TOTAL_BEFORE.search(before):
        return "total"
    return "money"


_PAST = re.compile(
    r"个月前|(?<!日)前才|此前|之前(?!的?估值)|早前|先前|曾(?!毓|鸣|德)|上一轮|上轮|上一次|前一轮|去年|前年|彼时|年初|历史上|过往|成立[^,]{0,8}(?:以来|至今|内)|前不久|上月|上个月|"
    r"(?<!相)继(?!续|任|承|而)"
)
_DATED = re.compile(r"20[012]\d\s?年|(?:今年|同年|当年)\s?\d{1,2}\s?月|^\s?\d{1,2}\s?月(?:份|初|中|底|末)?(?!\s?\d)")
_TODAY = re.compile(r"近日|日前|近期|今日|今天|昨日|刚刚|本轮|此轮|\d{1,2}\s?月\s?\d{1,2}\s?日")


def is_past(text: str, start: int, end: int) -> bool:
    """Whether [start, end) says that it tells of something earlier than the news."""
    return bool(_PAST.search(text, start, end))


def is_dated(text: str, start: int, end: int) -> bool:
    """Whether [start, end) gives a year or month and does not say that this is now."""
    return bool(_DATED.search(text[start:end])) and not _TODAY.search(text, start, end)
