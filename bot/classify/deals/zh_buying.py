"""Takeovers and mergers in Chinese clauses: who buys whom, at what price, and how far it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.classify.deals.drafts import Draft, Said, Sum
from bot.classify.deals.zh_clauses import Clause, Text, meaning
from bot.classify.deals.zh_names import head, is_company, is_pronoun, subject, target
from bot.model import DealStatus

# -- buying --------------------------------------------------------------------------------------------------------------

_BUYS = re.compile(
    r"(?:斥资|现金|成功|全资|溢价|间接|直接|正式|要约|整体|战略|联合|重金|高价|宣布|完成|拟|将|已|私下|秘密|火速|共同|意向|全额|全现金|换股|对外)*+"
    r"(?P<verb>(?<![征回吸])(?:收购|并购)(?!置|入|买|站|价(?!值)|商(?!汤|飞|业|米)|量(?!子)|方(?!正|舟|太|略)|人(?!工|形|类|本)|点(?!云)|粮|要约$|重组|基金|贷款|整合|潮|热|市场|交易额|案例|案件|战略|标准|季|活动|类|母|团队|领域|"
    r"行为|事件|估值|六条|政策|频|机会|需求|规模|浪潮|战(?!略)|业务(?=收入|占)|案$|、|与|和|对|是|仅|旨在|有助|完成|交易|事宜|事项|后(?!者)|前(?!海|沿)|也|还|已|价格|金额|计划|协议|消息|谈判|进展|行动|资金|对象|标的|意向|意愿|需|须|尚|退出|重回|中获|要约)|"
    r"(?:(?<=[拟将])控股|吞下|买下|吃下|拿下|入主|私有化|接手|受让|购买|竞购|取得|购得|吞并|收编|揽入)(?=[^,]{2,30}?(?:\d%|\d\s%|股权|股份|控制权|控股权|控股权|业务|公司|$)))了?"
)
_OWN_SHARES = re.compile(r"(?:其|公司|本公司)?(?:至少|不低于|约|合计|不超过)?\d[\d.]*\s?%")
_REGULATOR = re.compile(r"[^,]{2,24}(?:调查|批准|审查|阻止|反对|否决|放行|允许|叫停|核准|质疑)(?=[^,]{2})")
_WEAK_BUYS = {"控股", "拿下", "取得", "受让", "购买", "购得", "接手", "私有化", "入主", "揽入", "收编"}
_DEAL_OF = re.compile(
    r"(?:完成|达成|终止|放弃|宣布|启动|推进)?(?:了)?对(?P<what>[^,]{2,70}?)的?(?:全资|全面|整体|战略|要约)?(?:收购|并购)(?!方|价|要约)"
)
_ABOUT = re.compile(r"(?:就|因|正在?就|已就)(?P<mid>[^,]{0,24}?)(?:收购|并购)")
_BOUGHT_BY = re.compile(
    r"(?:将|已|拟|或|正式|确认|宣布|同意|有望|即将)*(?:被|遭|获|由|接受)(?!传|曝|指|爆|证|认|问|视|列|悉|准|批)(?P<who>[^,]{0,30}?)(?:以[^,]{2,20}?(?:的?价格|对价)?)?(?:全资|成功|正式|整体|溢价|敌意|要约|战略)*(?:收购|并购|买下|吞并|接手)(?!方)"
)
_SELLS = re.compile(
    r"(?:将|把)?(?P<what>(?:其|旗下|所持有?的?)?[^,]{0,40}?)(?:全部)?(?:以[^,]{2,18}?(?:的价格|价格|对价)?)?(?:出售|转让|卖|售|转予)(?:给|予|至)(?P<who>[^,]{2,30}?)(?=$|,|的|以|,)"
)
_HANDS = re.compile(
    r"(?P<by>[^,:]{0,24}?)(?:拟|将|已|计划|协议)*(?:转让|出售)(?P<what>[^,]{2,40}?)(?:予|给|至)(?P<who>[^,]{2,30}?)(?=$|,)"
)
_SELLS_TO = re.compile(r"(?:拟|将|已|计划|同意|完成)*向(?P<who>[^,]{2,30}?)(?:出售|转让|协议转让)(?P<what>[^,]{2,50})")
_OFFERS = re.compile(
    r"(?:考虑|拟|将|计划|寻求|探索|有意|正在?|准备|洽谈|宣布|同意|完成)+(?:以[^,]{2,16})?(?:整体|全部|分拆)?出售(?:其|旗下|所持有?)*(?P<what>[^,]{2,30}?(?:业务|部门|子公司|股权|股份|\d%))"
)
_MERGES = re.compile(
    r"(?P<with>与|和|同)(?P<who>[^,]{2,30}?)(?:正式|将|拟|宣布|完成|计划|进行|达成|启动|换股|吸收)*(?:合并|重组合并)(?!报表|口径|范围|财务|收入|营收|净利|投资|会计|利润|现金|资产负债)"
)
_ABSORBS = re.compile(r"(?:换股)?吸收合并(?P<who>[^,]{2,24})")
_SHARE = re.compile(r"[^,]{0,40}?(?:\d\s?%|股权|股份|控制权|控股权|表决权)")
_NO_DEAL = re.compile(
    r"不存在|限制|规定|没有[^,]{0,8}(?:收购|并购)|无意|不会(?:收购|并购)|建议|征收|回购|热情|案例|新一轮并购|并购重组|收购潮|增值税|购置税|澄清|否认|不实|曾拒|未(?:筹划|涉及)|历史上|接连收购|多次收购|密集收购|或成|传闻不"
)
_UNDONE = re.compile(r"终止|放弃|取消|告吹|撤回|失败|泡汤|搁浅|搁置|中止|叫停|否决|阻止|流产|未能|拒绝|谈崩|破裂")
_DONE = re.compile(
    r"完成(?:了)?(?:对)?[^,]{0,24}(?:收购|并购|交割|合并|交易)|(?:收购|并购|交易|合并)(?:已|正式|宣告|顺利|宣布)*(?:完成|交割|落地|收官)|已(?:经)?(?:成功)?(?:收购|并购|买下)|(?:收购|并购)了|被[^,]{0,16}收购后|成功(?:收购|并购)"
)
_NOT_YET = re.compile(r"(?:最快|有望|即将|将|预计|料|拟|计划|接近|尚未|目标是?)[^,]{0,12}$")
_TALKS = re.compile(r"洽谈|商谈|谈判|协商|磋商|商讨|讨论|竞购|竞标|报价|提议|接触|接洽|深入谈|进行谈|初步谈")
_RUMOUR = re.compile(
    r"据悉|据传|传出|被曝|曝|传(?=[^,]{2,20}(?:收购|并购|合并|私有化|入主))|消息称|传闻|考虑|有意|或将|或(?=收购|并购|以)|评估|寻求|探索|权衡|知情人士"
)
_APPROVED = re.compile(
    r"(?:批准|放行|核准|同意|审查通过|审核通过)(?:了)?[^,]{0,30}(?:收购|并购|合并|交易)|(?:收购|并购|合并|交易)[^,]{0,16}(?:获|得到)[^,]{0,16}(?:批准|放行|通过|核准|许可)|获批"
)
_TO_BE = re.compile(r"(?:将|有望|料|预计|即将|或)(?:获|会?获得|得到|无条件)[^,]{0,16}(?:批准|放行|通过)")
_INTENDS = re.compile(r"宣布|公告|拟|将|计划|签署|协议|同意|达成|官宣")
_PRICE = re.compile(
    r"作价|交易(?:总)?(?:金额|价格|对价|总额|额|价值)|对价|总价|收购(?:价|价格|总价|金额|总额)|斥资|耗资|金额|价格|代价|价值|约合|以|出价|报价|转让价|总额|豪掷|支付"
)


def find_buying(text: Text, sentence: Sequence[Clause], company: Said | None) -> list[Draft]:
    """The takeovers and mergers of a sentence; `company` is whom the text is about so far."""
    found: list[Draft] = []
    for clause in sentence:
        draft = _bought(text, sentence, clause, company)
        if draft and not any(_same(one, draft) for one in found):
            found.append(draft)
    return found


def _same(one: Draft, two: Draft) -> bool:
    """Whether two clauses of a sentence tell of the same purchase."""
    return bool(one.target and two.target and one.target.words == two.target.words)


def _bought(text: Text, sentence: Sequence[Clause], clause: Clause, company: Said | None) -> Draft | None:
    """The purchase that one clause reports."""
    masked, start, end = text.masked, clause.start, clause.end
    if _NO_DEAL.search(masked, start, end):
        return None
    parts = (
        _passive(text, sentence, clause, company)
        or _sold(text, start, end)
        or _of(text, start, end)
        or _active(text, start, end)
        or _merged(text, start, end)
    )
    if parts is None:
        return None
    verb, buyer_end, what, who = parts
    if who is None and buyer_end > start:
        ruled = _REGULATOR.match(masked, start, buyer_end)
        begins = ruled.end() if ruled else start
        who = subject(text, begins, _before_price(text, begins, buyer_end))
        if who is None and (colon := masked.find(":", start, buyer_end)) > 0:
            who = subject(text, start, colon)
    if who is None and buyer_end >= start and not _says_who(masked, start, buyer_end):
        who = _understood(text, sentence, clause, company)
    if who and what and (who.words == what.words or who.words in what.words):
        who = None
    if what is None:
        return None
    first, last = sentence[0].start, sentence[-1].end
    return Draft(
        "acquisition",
        text.passage,
        *verb,
        what,
        who,
        _price(text, sentence, clause),
        status=_status(masked, first, start, end, last),
    )


def _says_who(masked: str, start: int, end: int) -> bool:
    """Whether there are words before the verb that are no name we can read ("一家美国公司")."""
    return (
        end > start
        and not is_pronoun(masked, start, end)
        and not re.search(r"(?:以|斥资|通过|用|花)[^,]{0,30}$|^\s*(?:将|拟|并|计划)", masked[start:end])
    )


_Parts = tuple[tuple[int, int], int, Said | None, Said | None]


def _active(text: Text, start: int, end: int) -> _Parts | None:
    """Active: "A(拟)以14亿美元收购B", "A取得B 51%股权"."""
    masked = text.masked
    for found in _BUYS.finditer(masked, start, end):
        if found["verb"].rstrip("了") in _WEAK_BUYS and not _SHARE.match(masked[found.end() : end]):
            continue
        colon = masked.find(":", start, found.start())
        own = _OWN_SHARES.match(masked, found.end(), end) if colon > 0 else None
        what = subject(text, start, colon) if own else target(text, found.end(), end)
        if what is None:
            continue
        if own:
            return found.span("verb"), found.start(), what, subject(text, colon + 1, found.start())
        sure = is_company(text, what) or _SHARE.match(masked[found.end() : end])
        if not sure and ("要约" in found[0] or not _plain_name(what)):
            continue
        return found.span("verb"), found.start(), what, None
    return None


def _plain_name(what: Said) -> bool:
    """Whether a short word may be a company although nothing shows it."""
    return 2 <= len(what.words) <= 8 and not re.search(
        r"矿企|企业|公司$|资产|土地|厂房|技术|专利|设备|团队|项目|独角兽|品牌|巨头|初创", what.words
    )


def _of(text: Text, start: int, end: int) -> _Parts | None:
    """With a noun: "A完成对B的收购", "A对B的收购获批"."""
    found = _DEAL_OF.search(text.masked, start, end)
    if not found:
        return None
    what = target(text, *found.span("what"))
    return (found.span(), found.start(), what, None) if what else None


def _passive(text: Text, sentence: Sequence[Clause], clause: Clause, company: Said | None) -> _Parts | None:
    """Passive: "B被A以3亿美元收购", "B被收购", "被A收购的B"."""
    masked, start, end = text.masked, clause.start, clause.end
    found = _BOUGHT_BY.search(masked, start, end)
    if not found:
        return None
    who_start, who_end = found.span("who")
    if masked.startswith("的", found.end()):
        what = target(text, found.end() + 1, end)
    elif found.start() > start:
        what = subject(text, start, found.start())
    else:
        what = _understood(text, sentence, clause, company)
    if what is None:
        return None
    who = subject(text, who_start, _before_price(text, who_start, who_end)) if who_end > who_start else None
    return found.span(), -1, what, who


def _sold(text: Text, start: int, end: int) -> _Parts | None:
    """From the seller's side: "A将B出售给C", "A向C转让B"."""
    masked = text.masked
    for pattern in (_SELLS, _SELLS_TO, _HANDS):
        found = pattern.search(masked, start, end)
        if not found:
            continue
        if pattern is _SELLS and found["who"] and not re.search(r"出售|转让|卖给|售予|转予", found[0]):
            continue
        if pattern is _SELLS_TO and not re.search("股|业务|资产|部门|权|公司", found["what"]):
            continue
        who = target(text, *found.span("who"))
        region = found["what"]
        shares = re.search(r"\d\s?%|股权|股份", region) or re.search(
            r"\d\s?%的?股|股权|股份", masked[found.start() : found.end()]
        )
        what_start, what_end = found.span("what")
        colon = masked.find(":", start, found.start("who"))
        if colon > 0 and shares:
            what = target(text, what_start, what_end) if pattern is not _SELLS else None
            what = what if what and is_company(text, what) else subject(text, start, colon)
        else:
            what = target(text, what_start, what_end)
            what = what if what and (is_company(text, what) or not shares) else None
        if who and what:
            return (found.start("who"), found.end()), -1, what, who
    if found := _OFFERS.search(masked, start, end):
        what = target(text, *found.span("what"))
        if what and is_company(text, what):
            return found.span(), -1, what, None
    return None


def _merged(text: Text, start: int, end: int) -> _Parts | None:
    """Mergers: "A与B合并", "A吸收合并B"."""
    masked = text.masked
    if found := _ABSORBS.search(masked, start, end):
        what = target(text, *found.span("who"))
        return (found.span(), found.start(), what, None) if what else None
    if found := _MERGES.search(masked, start, end):
        what = subject(text, *found.span("who"))
        before = found.start()
        if what and is_company(text, what) and subject(text, start, before):
            return (found.start("who"), found.end()), before, what, None
    return None


def _before_price(text: Text, start: int, end: int) -> int:
    """Where the buyer's name ends: before the price and the manner of paying."""
    masked = text.masked
    sums = text.sums_in(start, end)
    if sums:
        end = sums[0].start
        end = start + len(
            re.sub(
                r"(?:拟|将|计划|宣布)*(?:以|斥资|豪掷|出资|耗资|斥|花费|用|不超过?|最高|最多|约|近|超过?|逾|现金|达|价值|\s)*$",
                "",
                masked[start:end],
            )
        )
    cut = re.search(r"(?:拟|将|计划|宣布)*(?:通过|以(?!色列|太)|用|就|向|因|正在?就|在)[^,]{2,40}$", masked[start:end])
    return start + cut.start() if cut and cut.start() > 1 else end


def _understood(text: Text, sentence: Sequence[Clause], clause: Clause, company: Said | None) -> Said | None:
    """Who buys where the clause does not say: the head of the clause before, or of the sentence."""
    for earlier in reversed(sentence[: clause.index]):
        if name := head(text, earlier.start, earlier.end):
            return name
    return company


def _price(text: Text, sentence: Sequence[Clause], clause: Clause) -> Sum | None:
    """What is paid: the sum of the clause, or one in the sentence that is called the price."""
    masked = text.masked
    for one in text.sums_in(clause.start, clause.end):
        if meaning(masked, one) in {"money", "total"} or _PRICE.search(
            masked, max(clause.start, one.start - 6), one.start
        ):
            return one
    for other in sentence:
        if other.index in {clause.index - 1, clause.index + 1, clause.index + 2}:
            for one in text.sums_in(other.start, other.end):
                if (
                    _PRICE.search(masked, max(other.start, one.start - 12), one.start)
                    and meaning(masked, one) != "valuation"
                ):
                    return one
    return None


def _status(masked: str, first: int, start: int, end: int, last: int) -> DealStatus | None:
    """How far it is; None where a bare verb leaves it open."""
    if _UNDONE.search(masked, start, end):
        return "cancelled"
    if _APPROVED.search(masked, start, end) and not _TO_BE.search(masked, start, end):
        return "approved"
    if done := _DONE.search(masked, start, end):
        return "announced" if _NOT_YET.search(masked, start, done.start()) else "closed"
    if _TALKS.search(masked, start, last):
        return "talks"
    if _RUMOUR.search(masked, start, end) and not _TO_BE.search(masked, start, end):
        return "rumoured"
    return "announced" if _INTENDS.search(masked, start, end) else None
