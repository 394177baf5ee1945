"""The words between names that say who led, invested, bought or was bought: active and passive, English and Chinese."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.model import Role


class RoleCue(NamedTuple):
    """What words make of the names before and after them.

    `after` is matched right behind the words and belongs to the cue: names on the right are read from its end. `money`: a
    round or a sum must stand near. `people` says that a person may have the role. `until`: the names on the right are all
    those up to there ("被X收购"). `both`: there must be names on both sides.
    """

    left: Role | None
    right: Role | None
    words: tuple[str, ...]
    after: re.Pattern[str] | None = None
    money: bool = False
    people: bool = True
    until: re.Pattern[str] | None = None
    both: bool = False


def _cue(
    left: Role | None,
    right: Role | None,
    words: str,
    after: str = "",
    *,
    money: bool = False,
    people: bool = True,
    until: str = "",
    both: bool = False,
) -> RoleCue:
    ahead = after and re.compile(after)
    return RoleCue(
        left, right, tuple(words.split("|")), ahead or None, money, people, re.compile(until) if until else None, both
    )


_ROUND = r"\bround|\bseries [a-k]\b|\bfunding|\bfinancing|\binvestment|[$€£¥]\d|\braise|\bseed\b"
_SUM = (
    r"(?:(?:[a-z]{0,3}[$€£¥]|usd |eur )?\d[\d.,]*+ ?-?(?:k|m|mn|bn|b|million|billion)?(?!\w)"
    r"(?: (?:yuan|dollars|euros|yen|won|pounds|rmb))? ?)"
)
_FRESH = (
    r"(?:pre-)?series [a-k]\b|(?:pre-)?seed (?:round|funding|financing)\b|funding\b|financing\b|investment\b|"
    r"\w+ (?:funding|financing) round"
)
_INCLUDING = r",?(?: (?:now|also|currently|already))?,? (?:includ(?:e|es|ed|ing)|such as|like|are|were)\b|:"
_NOT_A_COMPANY = r"(?! (?:\S+ ){0,2}(?:data|skills?|knowledge|languages?|images?|stake|shares)\b)"

ENGLISH: tuple[RoleCue, ...] = (
    _cue(
        None,
        "lead",
        "led by|co-led by|led jointly by|co-headed by|anchored by|spearheaded by|jointly led by",
        money=True,
        people=False,
    ),
    _cue(
        "lead",
        None,
        "led|co-led|leads|co-leads|lead|co-lead|leading|co-leading|anchored",
        rf"(?! by\b)(?! investor)(?=[^.;]{{0,70}}?(?:{_ROUND}))",
    ),
    _cue(None, "lead", "lead investor|lead investors|lead backer", rf"(?:{_INCLUDING}|,| is| was)?"),
    _cue(
        None,
        "investor",
        "participation from|participation of|participation by|investment from|investments from|funding from|"
        "financing from|backing from|money from|capital from"
        "|cash from|support from|backed by|funded by|investment by|bankrolled by|investing alongside",
    ),
    _cue(None, "investor", "investors|backers|shareholders|investor|backer|shareholder", rf"(?:{_INCLUDING})"),
    _cue(
        None,
        "investor",
        "existing investors|existing investor|previous investors|new investors|new investor|returning investors|"
        "earlier investors|strategic investors"
        "|strategic investor|other investors|existing backers|existing backer|existing shareholders|return backers|"
        "early investor|early backer|early investors",
        rf"(?:{_INCLUDING})?",
    ),
    _cue(None, "investor", "joined by|, alongside|, together with|, along with", money=True),
    _cue("investee", "investor", "portfolio company of|portfolio firm of|portfolio startup of"),
    _cue("investor", "investee", "portfolio company|portfolio firm|portfolio startup", r"(?! of\b)"),
    _cue("investor", "investee", "-backed|-funded", r"(?: (?!and\b|by\b|in\b|for\b|to\b|with\b)[a-z-]+){0,5}?"),
    _cue(
        "investor",
        "investee",
        "invest|invests|invested|investing|pour|pours|poured|pump|pumps|pumped|inject|injects|injected|sinks|puts|"
        "commits",
        rf" (?:an? )?(?:(?:additional|another|about|up to|some|nearly|over|around|more than|further|"
        rf"as much as) )?{_SUM}?(?:more )?(?:in|into)\b",
    ),
    _cue(
        "investor",
        "investee",
        "take|takes|took|taking|hold|holds|held|own|owns|buy|buys|bought|acquire|acquires|acquired",
        r" (?:an? |its )?(?:(?:minority|small|strategic|new|large|\d[\d.]*(?:%| percent| per cent)) )*(?:stake|"
        r"shareholding|shares|position) in\b",
    ),
    _cue("investor", "investee", "majority stake in|controlling stake in"),
    _cue("investor", "investee", "backs|doubles down on"),
    _cue(
        "investor",
        None,
        "participated|participate|participates|participating|invested|took part|contributed|joined the round|"
        "join the round|joining the round|joins round|also invested",
        r"(?! (?:an?|about|up|some|nearly|over|in [A-Z\d])\b)",
        money=True,
    ),
    _cue(
        None,
        "investee",
        "round in|round for|financing of|financing for|investment in|investments in|stake in|funding for",
    ),
    _cue(
        "target",
        "acquirer",
        "acquired by|bought by|taken over by|snapped up by|purchased by|bought out by|swallowed by",
    ),
    _cue("target", "acquirer", "acquired|bought|purchased", r" (?:in|for|from|last|earlier|this)\b[^.;,]{1,40}? by\b"),
    _cue(None, "acquirer", "acquisition by|takeover by|purchase by|buyout by|sale to"),
    _cue(
        "acquirer",
        "target",
        "acquire|acquires|acquired|acquiring|buy|buys|bought|buying|takes over|took over|take over|taking over|"
        "snaps up|snapped up|purchases|to purchase|scoops up|merges with",
        rf"(?! by\b)(?! (?:\S+ ){{1,6}}?by\b){_NOT_A_COMPANY}",
    ),
    _cue(
        "acquirer",
        "target",
        "acquisition of|takeover of|purchase of|buyout of",
    ),
    _cue(None, "target", "sell|sells|sold|selling|divests|sale of|offloads|spins off"),
    _cue(
        "investee",
        None,
        "raise|raises|raised|raising",
        rf"(?= (?!price|guidance|target)(?:[^\s.;]+ ){{0,4}}?(?:{_SUM}|{_FRESH}))",
        people=False,
    ),
    _cue(
        "investee",
        None,
        "secures|secured|lands|landed|nabs|nabbed|bags|bagged|closes|closed|scores|gets|receives|received|snags|"
        "announces|announced|completes|completed|completing",
        rf"(?= (?:[^\s.;]+ ){{0,5}}?(?:{_FRESH}))",
        people=False,
    ),
)

CHINESE: tuple[RoleCue, ...] = (
    _cue("lead", "investee", "领投|主投", "了?"),
    _cue(
        "investor",
        "investee",
        "跟投|参投|追投|加投|独投|战略投资|战略入股|投资入股|注资|入股|参股|增资|加注|持股",
        r"了?(?!协议|计划|平台|方|人(?![形工])|比例|公司)",
    ),
    _cue(
        "investor",
        "investee",
        "投资",
        r"(?:了|于)?(?!者|人(?![形工])|方|机构|银行|基金|公司|组合|管理|有限|控股|集团|事业|界|额|总额|协议|计划|热|布局|建设|建厂|价值|的|超|约|近|\s*\d)(?!$)",
        both=True,
    ),
    _cue("investor", None, "投资", r"(?=[,。;)]|$)"),
    _cue("investor", None, "联合投资|共同投资|独家投资|持续加码|继续加码|联合出资|超额认购"),
    _cue(
        None,
        "investor",
        "投资方|投资机构|老股东|新股东|原股东|现有股东|新增股东",
        r"(?:分别|还|也|中)?(?:包括了?|有|为|是|:|阵容包括|涵盖|包含)?",
    ),
    _cue(None, "investor", "资方|投资人|投资者|股东", r"(?:分别|还|也|中)?(?:包括了?|有|为|是|:|阵容包括|涵盖|包含)"),
    _cue(None, "lead", "领投方|领投机构", r"(?:分别)?(?:包括|为|是|有|:)?"),
    _cue(
        None,
        "investor",
        "获|获得|受|引入|吸引",
        until=r"支持|加持|战略投资者|战投|青睐|背书|加码|\s?(?:近|超|逾|数|\d)[^,。;]{0,14}(?:融资|投资)",
    ),
    _cue("investor", None, "加持|加码|战投"),
    _cue("investor", "investee", "支持的|投资的|参投的|入股的|持股的|加持的", "[^,。;、]{0,14}?"),
    _cue("target", "acquirer", "被|遭|获|将被|已被", until=r"收购|并购|买下|吞并|私有化|要约|控股"),
    _cue(
        "acquirer",
        "target",
        "收购|并购|要约收购|私有化|全资控股|买下|吞并|受让",
        r"了?(?!价|方|案|协议|要约|完成|交易|重组|标的)",
    ),
    _cue("acquirer", "target", "对", until=r"的?(?:收购|并购|私有化|要约)"),
    _cue(
        "investee",
        None,
        "完成|获|获得|斩获|拿下|融资|募资|筹集|宣布完成|再获|连获|连续完成",
        r"(?=[^。;]{0,36}?(?:融资|轮|投资|领投|跟投|[\d.]+[万亿]\+?[元美]))",
    ),
)
