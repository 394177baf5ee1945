"""Listings in Chinese clauses: who goes public, how far that is, and what it raises."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.classify.deals.drafts import Draft, Said, Sum
from bot.classify.deals.zh_clauses import Clause, Text, is_past, meaning
from bot.classify.deals.zh_names import head, is_pronoun, subject
from bot.model import DealStatus

_MARKET = (
    r"(?:美国证券交易委员会|美国证交会|美国证监会|SEC|中国证监会|证监会|香港联合交易所|香港联交所|香港交易所|港交所主板|港交所|联交所|纽约证券交易所|纽约证交所|"
    r"纽交所|纳斯达克|上海证券交易所|上交所|深圳证券交易所|深交所|北京证券交易所|北交所|证监局|科创板|创业板|港股|美股|A股|主板|新三板|伦交所|东京证券交易所|东证|"
    r"新交所|香港|纽约|美国|伦敦)"
)
_FILED = re.compile(
    rf"(?:递交|提交|呈交|递表|提出|报送|申报|更新|向{_MARKET}[^,]{{0,10}}?递)[^,]{{0,16}}?"
    r"(?:招股书|招股说明书|上市申请|IPO\s?申请|申请书|招股|上市|IPO|港交所|辅导)"
    rf"|递表(?:{_MARKET})?|申请(?:在|于)?{_MARKET}?[^,]{{0,8}}?(?:上市|IPO)|(?:招股书|招股说明书)(?:挂网|披露|曝光|亮相|公开)"
    r"|(?:撤回|撤销|终止|中止)[^,]{0,16}?(?:上市|IPO|招股)|IPO[^,]{0,4}?(?:获受理|受理|已受理)|受理[^,]{0,16}?IPO"
)
_PASSED = re.compile(
    r"(?:通过|过)[^,]{0,12}?聆讯|聆讯(?:通过|获)|IPO[^,]{0,8}?(?:获备案|备案|过会|注册生效|获批|获准|提交注册|注册获)"
    r"|上市(?:备案|申请)?(?:获批|获准|过会|获备案|获通过|注册生效)|获准[^,]{0,10}?(?:IPO|上市|发行)|(?:境外|境内|海外|香港)?(?:发行)?上市备案(?:通知书?)?"
    r"|获[^,]{0,16}?(?:上市|IPO)(?:备案|批准|批文|许可|注册)|过会"
)
_LISTED = re.compile(
    rf"(?:登陆|挂牌|敲钟)(?:{_MARKET}|[^,]{{0,8}}?上市|$)"
    rf"|(?:正式|成功|今日|顺利|昨日|首日)?(?:在|于|登陆)?{_MARKET}[^,]{{0,8}}?(?:主板|正式|成功)*(?:挂牌上市|上市首日|挂牌|敲钟)|上市首日|首日挂牌"
    r"|(?:港股|美股|A股|科创板|香港|美国|纳斯达克|纽交所|港交所)上市(?=$|,|首日|募|[^,]{0,4}成)|(?:正式|成功)(?:在|于)[^,]{0,12}?上市|(?:正式|成功)(?:登陆|挂牌)[^,]{0,10}"
)
_PLANNED = re.compile(
    r"(?:启动|筹备|考虑|寻求|计划|冲刺|准备|重启|推进|拟|申请|谋求|冲击|推动|筹划|欲|瞄准|加速|奔赴|赴|将|开启|开始|评估|秘密|有望|拟在|进行|公开|加快|闯关|备战|"
    r"竞逐|叩响|叩关|剑指|宣布|到)[^,]{0,24}?"
    r"(?:IPO(?!前|轮|热|潮|市)|上市(?!公司|企业|前|后|以来|的|时间|售|发售|产品|首发|新)|首次公开招股|首次公开募股|首次公开发行|招股|挂牌)"
    rf"|(?:冲刺|冲击|闯关)(?:{_MARKET})"
    r"|(?<![Pp]re-)(?<![Pp]re\s-\s)IPO(?:计划|进程|辅导|在即|进展|提上日程|提速|前夕)|IPO(?=$|:)|(?:冲刺|冲击|剑指|争夺|欲做|争当|竞逐)[^,]{0,18}第一股"
    r"|为[^,]{0,12}?(?:IPO|首次公开募股)\x01*做准备|上市辅导|辅导备案"
)
_MARKETS = re.compile(
    rf"{_MARKET}|IPO|首次公开|招股|聆讯|证券交易|股票|备案|辅导|挂牌|敲钟|赴[美港]|递表|科创|第一股|发行[^,]{{0,8}}股|集资|募资|"
    r"上市(?:筹备|辅导|流程|计划|进程|申报|工作)"
)
_PRODUCT = re.compile(
    r"(?:机器人|产品|新品|车型|新车|手机|芯片|机型|系列|版本|款|一代|汽车|扫地机|无人机|App|软件|眼镜|耳机|套装|配件|吸尘器|洗衣机|玩具|游戏|SUV|轿车|药物|"
    r"疫苗|器械)[^,]{0,14}?上市|上市(?:[^,]{0,6}售价|销售|发售|开售|首发)|上市(?:公司|企业|以来|前)|全面上市|量产上市|同步上市|"
    r"(?:季度|月份?|上半年|下半年|旬)上市|获批上市|上市许可|上市后"
)
_NOT_NOW = re.compile(
    r"公开挂牌|挂牌(?:转让|出售|出让)|产权交易|上市公司|Pre\s?-?\s?IPO|IPO\s?前|上市前|不(?:考虑|会|打算|急于)[^,]{0,8}(?:上市|IPO)|"
    r"没有[^,]{0,8}(?:上市|IPO)计划|IPO热|IPO潮|家(?:公司|企业)|排队|多家|尚无|无(?:上市|IPO)|终止后|或一年后|不属实|不实|暂无|否认|辟谣"
)
_UNDONE = re.compile(r"终止|撤回|撤销|取消|放弃|中止|暂停|折戟|失效|推迟|搁置|被否|不予")
_RUMOUR = re.compile(
    r"考虑|据悉|传(?!感|统)|曝|消息称|筹备|筹划|准备|寻求|知情人士|评估|可能|或(?!者)|有望|谋求|商讨|讨论|洽谈|欲|备战|最快|聘请|秘密|有消息"
)
_SO_FAR = re.compile(r"(?:^|[,。;:\s已共])融资[约近超\s]*$")
_RAISES = re.compile(r"(?:募资|募集|集资|筹资|筹集|融资|发行规模|募得|净筹|筹)[^\d,。;]{0,10}$")
_BEFORE = re.compile(
    rf"(?:于\s?(?:20\d\d\s?年)?\s?(?:\d{{1,2}}\s?月)?\s?(?:\d{{1,2}}\s?日)?|即|向|在|赴美国?|赴港|赴外|赴|到|往|至|登陆|冲刺|让|去|的|提|其|借势|借力|加速|跑步|推迟|重启|启动|申请|获|境外|境内|海外|首次|正式|再次|二次|第[一二三四五]次|"
    rf"主板|{_MARKET}|递交|提交|更新|重新|获得|完成|今日|昨日|证券交易所|证券|交易所|发行|联合|公开|办理|进行|申报|规划|已|将|拟|\s)++$"
)


def find_listing(text: Text, sentence: Sequence[Clause], company: Said | None) -> Draft | None:
    """The listing that a sentence reports; `company` is whom the text is about so far."""
    for clause in sentence:
        if found := _listing(text, sentence, clause, company):
            return found
    return None


def _listing(text: Text, sentence: Sequence[Clause], clause: Clause, company: Said | None) -> Draft | None:
    """The listing that one clause reports: what is done counts before what is planned."""
    masked, start, end = text.masked, clause.start, clause.end
    if _NOT_NOW.search(masked, start, end):
        return None
    if _PRODUCT.search(masked, start, end) and not _MARKETS.search(masked, start, end):
        return None
    for pattern in (_PASSED, _LISTED, _FILED, _PLANNED):
        found = pattern.search(masked, start, end)
        if not found or ("上市" in found[0] and not _MARKETS.search(masked, sentence[0].start, sentence[-1].end)):
            continue
        who = _who(text, sentence, clause, found.start(), company)
        if who is None:
            continue
        money, total, value = _figures(text, sentence)
        status = _status(masked, clause, pattern)
        return Draft("ipo", text.passage, *found.span(), who, money=money, total=total, valuation=value, status=status)
    return None


def _who(text: Text, sentence: Sequence[Clause], clause: Clause, end: int, company: Said | None) -> Said | None:
    """Who lists: named before the verb, at the head of the sentence, or in the text before."""
    words = text.masked[clause.start : end]
    before = clause.start + len(_BEFORE.sub("", words))
    who = subject(text, clause.start, before) if before > clause.start else None
    if who is None and (before <= clause.start or is_pronoun(text.masked, clause.start, before)):
        who = (head(text, sentence[0].start, sentence[0].end) if clause.index else None) or company
    return who


def _figures(text: Text, sentence: Sequence[Clause]) -> tuple[Sum | None, Sum | None, Sum | None]:
    """What is to be raised, what was raised so far, and the valuation."""
    masked, first = text.masked, sentence[0].start
    money = total = value = None
    for one in text.sums_in(first, sentence[-1].end):
        what = meaning(masked, one)
        if what == "valuation":
            value = value or (None if is_past(masked, max(0, one.start - 16), one.start) else one)
        elif what == "total" or (what == "money" and _SO_FAR.search(masked, max(first, one.start - 10), one.start)):
            total = total or one
        elif _RAISES.search(masked, max(first, one.start - 20), one.start):
            money = money or one
    return money, total, value


def _status(masked: str, clause: Clause, pattern: re.Pattern[str]) -> DealStatus:
    """How far it is."""
    if _UNDONE.search(masked, clause.start, clause.end):
        return "cancelled"
    if pattern is _PASSED:
        return "approved"
    if pattern is _LISTED and not re.search("拟|将|计划|预计|即将", masked[clause.start : clause.end]):
        return "closed"
    if pattern is _FILED:
        return "announced"
    return "rumoured" if _RUMOUR.search(masked, clause.start, clause.end) else "announced"
