"""Who is in a Chinese list of investors, by name and without descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.classify.deals.drafts import Said
from bot.classify.deals.zh_clauses import HAN, Text
from bot.classify.deals.zh_names import DESCRIPTION, LONGEST, NOT_IN_NAME, PLACE, QUOTED, is_generic, is_tail

_SEPARATOR = re.compile(
    rf"\s?(?:、|/|&(?=[{HAN}])|;|以及|,|\s(?:and)\s)\s?(?:以及|和(?=[^,、]{2})(?!等|谐|利|君|玉|暄|高资|达资|灵|生))?|(?<=[{HAN}A-Za-z)\x01」\"]{{2}})\s?(?:和(?!等|资本|基金|投资|创投|谐|利|君(?!联)|玉|暄|高资|达资|灵|生)|与|及|暨|(?<=资本|基金|创投|投资|集团|科投)(?:携手|联合))\s?(?=[^,、]{{2}})"
)
_DESCRIBED = re.compile(
    r"^(?:[\s:\x01]|由(?!\w{0,3}资本)|其中|包括|包含|例如|(?:原有|新老|老|新|原|现有|既有|早期|历史)(?=股东|投资|晋|老股东|机构|产业)|多家|知名|头部|著名|"
    r"(?:产业|战略|财务|国际|国内|国内外|海外|全球|海内外)(?=知名|著名|头部|顶级|顶尖|一线|投资机构|投资人|投资方|产业|资本|机构|股东|风投|巨头)|"
    r"一线|市场化|专业|顶级|顶尖|首轮|上一?轮|前轮|种子轮|天使轮|本轮|此轮|外部|老牌|旗下|"
    r"股东方|股东|投资机构|投资方|投资人|投资者|领投方|跟投方|产业方|产业资本|产业投资方|产业投资人|产业资方|上市公司|机构|资方|国资平台|国资|"
    r"美元基金|人民币基金|产业基金|基金|企业|公司|巨头|龙头企业|独角兽|互联网大厂|"
    r"来自|以及|获得|引入|引进|新增|吸引|同时|此外|获悉|此轮|并由|并与|另有|还有|分别)+"
)
_OWN_FUND = re.compile(r"^(.{2,20}?)旗下(?:的|[^的、]{0,6}?管理的)?(.*)$")
_AFTER_INVESTOR = re.compile(
    r"(?:[\s\"」\x01]|等(?:[一二两三四五六七八九十\d多数]{0,3}家)?(?:国内外|海内外|知名|头部|专业|多家|众多|一线|产业|新老|新|老|顶级|顶尖|战略|财务|新晋|市场化|产业化|现有|既有|著名|国际|全球)*"
    r"(?:投资机构|投资方|投资人|投资者|机构|股东|资方|基金|资本|企业|公司|产业方|VC|知名)?(?:们)?|在内的?.{0,12}|联合|共同|联手|一起|拟|将|据悉|计划|有意|独家|独立|布局|个人|继续|持续|超额|再次|追加|"
    r"战略|连续|领衔|重磅|分别|均|也|还|进行|新晋|跟随|跟进|为|是|作为|各自|大力|再度|超比例|老股东|联席|子公司|多轮|本轮|旗下|方面|进一步|加倍|坚定|重仓|则|对其|"
    r"(?:的)?(?:创始人|董事长|CEO)(?!\w)|[A-H]\+*轮|天使轮|的|完成|数(?:亿|千万)元?(?:人民币|美元)?|以)++$"
)
# What may be said of investors, and what they may be called, without naming any. The longest words first, for these are
# matched possessively.
_VAGUE = (
    r"首阶段|首期|首批|供应链|引导|多元|"
    r"[\d十]+余?家|东南亚|互联网|产业链|人民币|半导体|国内外|国家级|国际化|境内外|市场化|新加坡|"
    r"某知名|海内外|一些|一线|七家|三家|上市|上轮|专业|两家|个人|中东|主流|九家|五家|产业|众多|"
    r"优质|全部|八家|六家|其他|其它|几家|创业|前者|医疗|医药|十家|及其|各类|后者|四家|国内|国有|"
    r"国资|国际|地方|外部|多位|多只|多家|多支|大型|天使|头部|实力|市级|战略|所有|政府|数家|既有|"
    r"日本|早期|明星|本轮|某家|欧洲|欧美|民营|汽车|海外|深耕|游戏|现有|相关|省级|知名|社会|私募|"
    r"科技|美元|美国|股权|背景|芯片|若干|著名|财务|部分|重磅|金融|锂电|顶尖|顶级|风险|首轮|香港|"
    r"原|各|新|某|老"
)
_CALLED = (
    r"创始团队|控股股东|CVC|产业方|创始人|子公司|实控人|投资人|投资方|投资者|母公司|独角兽|管理层|"
    r"FA|PE|VC|企业|伙伴|保险|公司|券商|厂商|员工|团队|国家|国资|基金|大厂|客户|巨头|平台|"
    r"战投|投资|政府|机构|股东|财团|资方|资本|资源|资金|银行|险资|集团|高管|家|方"
)
_NOBODY = re.compile(
    rf"(?:{_VAGUE})*+(?:{_CALLED})*+"
    r"|某.*|.{0,10}(?:财团|国际战投|股东|机构|产业方|产业投资方|投资方|投资人|投资者|社会资本|平台|平台公司|部门|家族办公室|险资|龙头|大行|厂商|大厂|龙头企业|上市企业|合作伙伴|矩阵)"
    rf"|(?:A|B|C|D|战略|天使|本|此|上|前|首|新一)\+?轮.*|.*(?:轮|系列)|(?:{PLACE}|中国|欧洲)(?:市|省)?|以及.*"
)
_NO_INVESTOR = re.compile(
    r"[%]|(?:累计|合计|金额|资金|产品|市场|量产|研发|客户|合作|技术(?!集团|有限|公司|股份|创投|产业)|领域|场景|应用|战略布局|顾问|团队$|协议|成果|我们|这家|该公司|了|(?<![a-z])将(?!门|军)|已|正在|其(?!他)|CEO|否认|半年|年内|个月|距|实现|取得|称|喜欢|是|可能|预计)"
)
_UNNAMED_FUND = re.compile(
    r"(?:的)?(?:产业|投资|创投|股权|科创|天使|引导|相关|多只|多支)*(?:基金|公司|平台|机构|资本|投资公司)(?:等)?"
)
_AND_SO_ON = re.compile("等(?!离子)")
_THE_ONE_OF = re.compile(r"^.*的(?=\s?[^的]{2,})")


def investors(text: Text, start: int, end: int) -> tuple[Said, ...]:
    """Who is named in the list [start, end): each by name, without descriptions; nobody for "多家知名机构"."""
    found: dict[str, Said] = {}
    for left, right in _elements(text, start, end):
        if one := investor(text, left, right):
            found.setdefault(one.words, one)
    return tuple(found.values())


def _elements(text: Text, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a list; a conjunction inside a known name does not part it."""
    at = start
    for found in _SEPARATOR.finditer(text.masked, start, end):
        if any(name.start < found.start() and found.end() < name.end for name in text.passage.names):
            continue
        if found.start() - at < 2 and found.start() > start:  # "云和基金" after a conjunction
            continue
        yield at, found.start()
        at = found.end()
    yield at, end


def investor(text: Text, start: int, end: int) -> Said | None:
    """One investor: by the name in quotes at its end, or what is left once descriptions are cut."""
    if end - start > 80:
        return None
    if quoted := _quoted(text, start, end):
        return quoted
    masked = text.masked
    start, end = _of_whom(masked, *_investor_ends(masked, start, end))
    if etc := _AND_SO_ON.search(masked, start + 2, end):
        end = etc.start()
    if of := _THE_ONE_OF.match(masked[start:end]):
        start += of.end()
    for found in DESCRIPTION.finditer(masked, start, end):
        rest = masked[found.end() : end].strip(" \x01")
        if len(rest) >= 2 and not (is_generic(rest) or is_tail(rest) or rest.startswith("的")):
            start = found.end()
    while end > start and masked[end - 1] in " \x01":
        end -= 1
    return Said(text.passage, start, end) if _can_invest(masked[start:end]) else None


def _quoted(text: Text, start: int, end: int) -> Said | None:
    """The name in quotes that ends the phrase ("甲集团旗下「乙资本」")."""
    last = None
    for last in QUOTED.finditer(text.masked, start, end):  # noqa: B007
        pass
    if (
        last
        and last.lastindex
        and last.start() > start
        and (last.end() == end or text.masked.startswith("等", last.end()))
    ):
        return Said(text.passage, *last.span(last.lastindex))
    return None


def _of_whom(masked: str, start: int, end: int) -> tuple[int, int]:
    """The fund of "甲集团旗下乙基金"; the group where the fund has no name."""
    found = _OWN_FUND.match(masked[start:end])
    if not found:
        return start, end
    rest = found[2].strip(" \x01")
    if len(rest) < 2 or _UNNAMED_FUND.fullmatch(rest):
        return start, start + found.end(1)
    return _investor_ends(masked, start + found.start(2), end)


def _can_invest(words: str) -> bool:
    """Whether these words may be the name of one investor."""
    if not 2 <= len(words) <= LONGEST or _NOBODY.fullmatch(words):
        return False
    return not (NOT_IN_NAME.search(words.replace("股权", "").replace("股份", "")) or _NO_INVESTOR.search(words))


def _investor_ends(masked: str, start: int, end: int) -> tuple[int, int]:
    """Without descriptions before and manners after."""
    if found := _DESCRIBED.match(masked[start:end]):
        cut = start + found.end()
        if end - cut >= 2:
            start = cut
    while (
        end > start
        and (found := _AFTER_INVESTOR.search(masked[max(start, end - 24) : end]))
        and found.end() > found.start()
    ):
        end -= found.end() - found.start()
    return start, end
