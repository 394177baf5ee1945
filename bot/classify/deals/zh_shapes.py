"""The shapes in which a Chinese clause reports a financing."""

from __future__ import annotations

import re

from bot.classify.deals.drafts import Said, Sum
from bot.classify.deals.zh_clauses import Clause, Text, meaning
from bot.classify.deals.zh_investors import investors
from bot.classify.deals.zh_names import is_company, target, trimmed
from bot.classify.deals.zh_parties import LISTED_AS, parties
from bot.classify.deals.zh_raises import Raise
from bot.model import DealStatus

_NOT_RAISING = (
    r"(?!租赁|融券|余额|买入|净买|净偿|客户?|盘|成本|难|担保|渠道|环境|市场|事件|需求|能力|方式|工具|平台|服务|用途|顾问|历史|历程|进程|方案|资金|约束|结构|"
    r"条件|额度|标的|数据|报告|趋势|情况|信息|热|潮|月报|周报|日报|寒冬|后|后续|的?公司|的?企业|将用于|主要用于|用于|由)"
)
_NOUN = re.compile(rf"(?<![投再金])融资{_NOT_RAISING}")
_INVESTED = re.compile(
    r"(?:投资|注资|战投|入股|领投|参投|跟投|加持)(?!者|人|方|机构|基金|银行|价值|机会|回报|委员|决策)"
)
THIS = re.compile(r"^[\s\"\x01据]*(?:本轮|此轮|该轮|此次|本次|这轮|这一轮|该笔|这笔|这次)")
_DONE = re.compile(
    r"(?:完成|斩获|拿下|揽获|揽下|收获|喜提|敲定|达成|募得|筹得|筹集|融到|到手|签下|关闭|交割|吸引|迎来|融得|募集|锁定|拿到|"
    r"获得?(?!悉|准|批|奖|评|选|取|利|益|授|颁|备案|受理|通过|认|证|知|胜|客|刑|聘|赞|任))了?"
)
SOON = re.compile(
    r"即将|最快|接近完成|将完成|将以|有望|正在|正与|正以|正就|拟|计划|寻求|洽谈|商谈|谈判|筹备|筹划|考虑|目标|预计|希望|推进|进行新|进行一轮|在即|(?<!即)将(?!门|用于)"
)
_RUMOUR = re.compile(r"据悉|据传|传出|被曝|曝|^传|消息称|传闻|或将|或以|或投|考虑|有意|疑似|消息人士")
_LISTED = re.compile(
    r"公告|向特定对象|定增|定向增发|非公开发行|可转债|配股|配售|增发|发行股份|发行A股|发行H股|[A-Z]\s?股股票"
)
_UNDONE = re.compile(r"终止|取消|撤回|放弃|搁置|告吹")
_NEGATED = re.compile(r"不实|谣言|不存在|未获|没有|未曾|否认|尚未|从未|不属实|难以|未能")
MANY = re.compile(
    r"(?:\d+|[两三四五六七八九十数多百几]+)\s?(?:余|多)?(?:家|起|笔)(?!月)[^,]{0,16}(?:融资|获投|企业|公司|项目|案例|创企|厂商)(?!.{0,8}(?:领投|跟投|参投))"
    r"|融资事件|投融资|融资案例|融资总额达|月均|披露融资|融资榜"
)
_COUNTED = re.compile(r"(?<![第A-Za-z\d+])(?:[三四五六七八九十\d]+|多|数|若干)\s?轮(?:股权|大额)?融资")
_RAISES = re.compile(
    r"(?:拟|再|又|已|将|累计|合计|共)?(?P<noun>融资|募资|集资|筹资|募集资金|募集|筹集资金|筹集|筹措|融|吸金|揽金|定增)(?:额|金额|规模|总额|目标)?(?:不)?"
    r"(?:了|从|由|至|为|到|达到|达|高达|翻倍|提高|上调|增至|增加|提升|扩大|约|近|超过|超|共|:|至多|至少|最多|最高|逾|过|\s)*$"
)
_BEFORE_NOUN = re.compile(
    r"(?:的|新|一轮|新一轮|首轮|两轮|股权|战略|系列|规模|轮|级|级别|独家|大额|巨额|\s|左右|以上)*$"
)
_LANDED = re.compile(
    r"(?:融资|轮)(?:于[^,]{2,14})?(?:宣告|正式|顺利|成功|已|接近|即将|已经|宣布|将|基本)*(?:落地|到账|到位|交割|收官|完成(?!后|之后|前)|落定|敲定|关闭|尘埃落定|close)"
)
_NEW_ROUND = re.compile(r"(?:最?新一?轮|上一?轮|前一轮|首轮|一轮|数?[千百十]?[万亿]元?|战略|股权|巨额|大额|的|\s)+$")
_FROM_TO = re.compile(r"(?:提高|上调|增|提升|扩大|增加|上升|翻倍|追加|加码)[^,]{0,4}(?:至|到)\s?$")

# -- investing ------------------------------------------------------------------------------------------------------------

_INTO = re.compile(
    r"(?:再次|再|计划|拟|将)?(?:向|对)(?P<who>[^,]{2,44}?)(?:追加|再次|再|合计|共同|联合|战略|进行|投入|新增)*(?P<verb>(?<!总)投资|注资|增资)(?!者|人|方|机构|基金|给予|比例|总额)"
)
_INVESTS = re.compile(
    r"(?P<how>(?:斥资|出资|豪掷|狂掷|砸下?|掷|耗资|以|拟|将|投入|追加|重金|大举|战略|独家|联合|共同|再次|领衔|参与)*)(?P<verb>(?<!总)投资|入股|注资|增资|参股|认购)(?!者|人|方|机构|部门|签署|拟|将|已|宣布|持有|转让|向|和|、|及|与|等|基金(?!份额)|额|界|价值|机会|银行|回报|收益|合作|评级|建设|建厂|总额|主线|逻辑|热|布局|集团|有限|管理|公司|控股|合伙|产业|协议|至|了?\d+家|近\d+家|多家|的|扩股|组合|促进|发展|比例|给予|委员|决策|研究|于|在)了?"
)
_PROJECT = re.compile(
    r"^[^,]{0,30}(?:建设|建厂|项目|工厂|基地|生产线|产线|研发中心|产业园|设立|成立|产业链|赛道|领域|布局|行业|机会)"
)
_FUND = re.compile(r"认购(?P<name>[^,]{4,60}?基金)\x01*(?:份额|$|,|的)")


OF_ANOTHER = re.compile(r"(?:完成|达成)(?:了)?对(?!外)")
_JOINS = re.compile(
    r"参与了?(?!Pre|本|此|该)(?P<who>[^,]{2,44}?)的?\s?(?:新一轮|首轮|[A-H]\d?\+*\s?轮|天使|Pre|战略|近?\s?\d[\d.]*\s?亿|融资)(?=[^,]{0,20}融资|$)"
)
_BRINGS_IN = re.compile(
    r"(?:通过)?(?:公开挂牌|增资扩股|增资|方式|,)*(?:引入|引进)(?=[^,]{0,60}?(?:战投|战略投资者|战略投资|战略股东))"
)

_FAR = 60  # characters from a verb to what it governs

Shape = tuple[int, Raise]
"""Where the name before the verb ends, and what the clause says."""


def shape(text: Text, start: int, end: int, *, offering: bool) -> Shape | None:
    """The financing that [start, end) reports, without its target where that stands before the verb.

    `offering`: the sentence tells of a listing, so that sums raised are its.
    """
    if (
        THIS.match(text.masked[start:end])
        or _NEGATED.search(text.masked, start, end)
        or _COUNTED.search(text.masked, start, end)
    ):
        return None
    return (
        _joined(text, start, end)
        or _completed(text, start, end)
        or (None if offering else _of_a_sum(text, start, end) or _landed(text, start, end))
        or _invested(text, start, end)
        or _brought_in(text, start, end)
    )


def _completed(text: Text, start: int, end: int) -> Shape | None:
    """With a verb of getting: "X完成数千万元A轮融资", "X获A领投"."""
    masked, stages = text.masked, text.stages_in(start, end)
    nouns = [(one.start, one.end) for one in stages] + [found.span() for found in _NOUN.finditer(masked, start, end)]
    for verb in _DONE.finditer(masked, start, end):
        got = min((span for span in nouns if 0 <= span[0] - verb.end() <= _FAR), default=None)
        last = got[1] if got else _end_of_gift(text, verb, end)
        if last is None:
            continue
        stage = next((one for one in stages if one.start >= verb.end()), stages[0] if stages else None)
        status: DealStatus = "closed"
        if SOON.search(masked, start, verb.start()) or masked.endswith(("接近", "临近"), start, verb.start()):
            status = "talks"
        if _UNDONE.search(masked, start, verb.start()):
            status = "cancelled"
        return verb.start(), Raise(text, verb.start(), last, money=_money(text, start, end), stage=stage, status=status)
    return None


def _end_of_gift(text: Text, verb: re.Match[str], end: int) -> int | None:
    """Where "获甲资本投资" ends: a verb of getting, somebody or a sum, and 投资; None if there is no such thing."""
    if not verb[0].startswith(("获", "拿", "迎", "吸")):
        return None
    found = _INVESTED.search(text.masked, verb.end(), min(end, verb.end() + _FAR))
    if not found:
        return None
    told = _money(text, verb.start(), end) or parties(text, Clause(verb.start(), end, 0), (), funding=True).investors
    return found.end() if told else None


def _of_a_sum(text: Text, start: int, end: int) -> Shape | None:
    """The sum and the word side by side: "X拟融资15亿美元", "X数亿元融资"."""
    masked = text.masked
    for one in text.sums_in(start, end):
        place = _beside(text, one, start, end) if meaning(masked, one) == "money" else None
        if place is None:
            continue
        begins, ends = place
        more = text.sums_in(one.end, min(end, one.end + 40))
        raised_to = next((two for two in more if _FROM_TO.search(masked, one.end, two.start)), one)
        stage = next(iter(text.stages_in(start, end)), None)
        if stage and start < stage.start < begins:
            begins = stage.start
        return begins, Raise(text, begins, ends, money=raised_to, stage=stage, status=_status(masked, start, end))
    return None


def _beside(text: Text, one: Sum, start: int, end: int) -> tuple[int, int] | None:
    """The word of raising next to a sum, with the sum where that comes first."""
    masked = text.masked
    if raises := _RAISES.search(masked, start, one.start):
        small = one.amount is not None and one.amount < 10**6  # "募集善款5000元"
        return None if small and raises["noun"] in {"融", "募集", "筹集"} else raises.span()
    noun = _NOUN.search(masked, one.end, min(end, one.end + 16))
    if noun and _BEFORE_NOUN.fullmatch(_without_stage(text, one.end, noun.start())):
        return one.start, noun.end()
    return None


def _landed(text: Text, start: int, end: int) -> Shape | None:
    """A round and how far it is: "X新一轮融资落地", "X新一轮融资接近完成", "X寻求新一轮融资"."""
    masked, stages = text.masked, text.stages_in(start, end)
    landed, noun = _LANDED.search(masked, start, end), _NOUN.search(masked, start, end)
    found = landed or noun
    if found is None:
        return None
    soon = SOON.search(masked, start, found.start()) or SOON.match(masked, found.end(), min(end, found.end() + 4))
    if not (landed or soon):
        return None
    first = min([found.start(), *(one.start for one in stages)])
    if words := _NEW_ROUND.search(masked, start, first):
        first = words.start()
    talks = not landed or SOON.search(masked, start, end) or "接近" in landed[0]
    event = Raise(text, first, found.end(), status="talks" if talks else "closed", told=landed is not None)
    event.stage, event.money = next(iter(stages), None), _money(text, start, end)
    return first, event


def _brought_in(text: Text, start: int, end: int) -> Shape | None:
    """New shareholders: "X拟增资扩股引入战投"."""
    found = _BRINGS_IN.search(text.masked, start, end)
    if not found:
        return None
    status: DealStatus = "announced" if SOON.search(text.masked, start, found.end()) else "closed"
    return found.start(), Raise(text, found.start(), found.end(), money=_money(text, start, end), status=status)


def _without_stage(text: Text, start: int, end: int) -> str:
    """The words of [start, end) but for the rounds."""
    words = text.masked[start:end]
    for one in reversed(text.stages_in(start, end)):
        words = words[: one.start - start] + words[one.end - start :]
    return words


def _joined(text: Text, start: int, end: int) -> Shape | None:
    """From the investor's side: "A拟以5亿元参与B的A轮融资"."""
    found = _JOINS.search(text.masked, start, end)
    if not found or found.start() <= start:
        return None
    one = target(text, *found.span("who"))
    return _into(text, start, found.start(), found.end(), one) if one and is_company(text, one) else None


def _invested(text: Text, start: int, end: int) -> Shape | None:
    """Who put money into whom: "A向B投资12亿美元", "A斥50亿日元投资B", "A入股B"."""
    masked = text.masked
    if "收购" in masked[start:end] or LISTED_AS.search(masked, start, end):
        return None
    if fund := _FUND.search(masked, start, end):
        left = max(fund.start("name"), masked.rfind("的", fund.start("name"), fund.end("name")) + 1)
        if fund.end("name") - left > 8:
            return _into(text, start, fund.start(), fund.end(), Said(text.passage, left, fund.end("name")))
    if (found := _INTO.search(masked, start, end)) and not _PROJECT.match(masked[found.end() : end]):
        one = target(text, found.start("who"), found.end("who"))
        if one and (is_company(text, one) or text.sums_in(found.start(), end)):
            return _into(text, start, found.start(), found.end(), one)
    for found in _INVESTS.finditer(masked, start, end):
        if found["verb"] == "投资" and (found.end() == end or _PROJECT.match(masked[found.end() : end])):
            continue
        one = target(text, found.end(), end)
        if one and (is_company(text, one) or (found["verb"] in {"入股", "注资", "参股"} and len(one.words) <= 16)):
            return _into(text, start, found.start(), found.end(), one)
    return None


def _into(text: Text, clause: int, start: int, end: int, one: Said) -> Shape | None:
    """The investment, if somebody is said to make it."""
    masked = text.masked
    sums = text.sums_in(clause, end + 60)
    money = next((two for two in sums if meaning(masked, two) == "money"), None)
    stop = min([start, *(two.start for two in sums if two.start > clause)])
    colon = masked.rfind(":", clause, stop)
    who = investors(text, *trimmed(masked, max(clause, colon + 1), stop))
    if not who and colon >= 0:
        who = investors(text, *trimmed(masked, clause, colon))
    status = _status(masked, clause, end) or "announced"
    if status == "talks" and not re.search(r"洽谈|商谈|谈判|考虑", masked[clause:end]):
        status = "rumoured" if _RUMOUR.search(masked, clause, end) else "announced"
    if status == "announced" and masked[start:end].endswith(("入股", "参股")) and not SOON.search(masked, clause, end):
        status = "closed"
    return clause, Raise(text, start, end, one, money=money, investors=who, status=status, invested=True)


def _status(masked: str, start: int, end: int) -> DealStatus | None:
    """How far a financing is that no verb of getting reports."""
    if _UNDONE.search(masked, start, end):
        return "cancelled"
    words = masked[start:end]
    if (":" in words or _LISTED.search(masked)) and not re.search("洽谈|商谈|谈判|据悉|知情", words):
        return "announced"  # a listed company's notice
    if SOON.search(masked, start, end) or _RUMOUR.search(masked, start, end):
        return "talks"
    return "closed" if re.search("领投|跟投|参投", masked[start:end]) else None


def _money(text: Text, start: int, end: int) -> Sum | None:
    """The first sum of a clause that may be what was raised."""
    return next((one for one in text.sums_in(start, end) if meaning(text.masked, one) == "money"), None)
