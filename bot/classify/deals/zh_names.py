"""Names of companies in Chinese clauses: where they begin and end, and what is no name at all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.classify.deals.drafts import Said
from bot.classify.deals.zh_clauses import HAN, Text
from bot.classify.passages import Name

LONGEST = 40
QUOTED = re.compile(r"「([^「」]{1,24})」|『([^『』]{1,24})』|\"([^\"]{1,24})\"|《([^《》]{1,24})》|'([^']{2,24})'")
_SHORT_FOR = re.compile(r"(?:简称|下称|又名|品牌名?)(?:为|是|[:\s])*[\"「'『]?\s?([^\"」'』()\s,;:]{2,16})")
_ALIAS = re.compile(r"\(\s?([^()\d:,;]{2,24}?)\s?\)")

# -- the noun phrase before a verb --------------------------------------------------------------------------------------

_BEFORE_NAME = re.compile(
    r"^(?:[\s,:\x01\u200b\ufeff]|(?:去年|今年|前年|同年|明年)?\s?\d{1,2}\s?月\s?(?:\d{1,2}\s?日|份|底|初|中旬)?(?:消息|讯|电|晚间?|早间?)?|\d{1,2}\s?日|20\d\d\s?年|当地时间|北京时间|近日|日前|近期|今日|昨日|今天|昨天|今早|"
    r"最新消息|最新|消息|快讯|独家首发|独家|首发|融资丨|早报|硬氪|36氪|36Kr|IT之家|智东西|媒体|外媒|报道|获悉|讯|据悉|据|该|其中|随后|"
    r"而|并且|此外|另外|同时|同日|同期|同年|晚间|目标是|目标为|如今|现在|最近|迄今(?:为止)?|公告|年内|目前|截至目前|据了解|了解到|从|由|当前|刚刚|突发|重磅|喜报|"
    r"曝|传|消息称|知情人士称|知情人士透露|市场消息|有消息称|报道称)+"
)
_LEAD_IN = re.compile(
    r"^(?:[^,]{0,24}?(?:获悉|消息称|报道称|消息人士称|人士称|人士透露|(?:显示|披露|透露|报道|消息)(?=[,:\s]))[,:\s]?)(?=.{2})"
)
_AFTER_NAME = re.compile(
    r"(?:[\s,:\x01]|近日|日前|近期|今日|昨日|今天|昨天|今年|去年|年内|本周|上周|本月|已经|已|又|再次|再度|再|连续|接连|先后|相继|陆续|"
    r"正式|宣布|官宣|对外|公告|称|表示|透露|披露|确认|成功|顺利|火速|独家|率先|首次|刚刚|最新|最终|即将|有望|将|拟|计划|正在|"
    r"据悉|据称|据报道|据传|被曝|曝|传|或将|或|考虑|评估|权衡|寻求|正|此前|于|当日|同时|也|亦|还|均|并|快速|共|累计|方面|一次性|合计|目前|现已|"
    r"\d{1,2}月(?:\d{1,2}日|份|初|中旬|底)?|\d{1,2}日|20\d\d年|[一两二三四五六七八九十半\d]{1,3}(?:年|个月|天|月|周)(?:之?内|以来|来|间)?|"
    r"在|以来|成立|首轮|最新一轮|新一轮|上一轮|上轮|前一轮|本轮|曾经|曾|正处于|处于|正就|正与|正在?就|洽谈|商谈|商议|讨论|开放|展开|发行|可转债|定增|非公开发行|向特定对象|增发|完成交割|要|以|按|(?<=[A-Za-z])因|跑步|纷纷|可能|最近|迄今(?:为止)?|最快|本周|下周|下个?月|月底|年底|规划|还将|放弃|终止|中止|取消|推迟|撤回|撤销|搁置|暂停|重启|恢复|叫停|支付现金|现金支付|支付|原|至少|增资|斥资|出资|投入|耗资|圆满|才|刚刚?|[\d一两三四五六]+个?月前|日前|就|(?:Pre\s?-?\s?)?[A-H]\d?\+*\s?轮|(?:天使|种子)\+*轮?|进行|商讨|全资|通过|希望|豪掷|狂揽|强势|顺势|继续|持续|"
    r"等|等公司|喜|又一|一举|的|接近|意欲|准备|着手|启动|推进|意向|同意|达成|签约|签署协议|重新|决定|"
    r"大手笔|大举|大幅|秘密|主动|联合|共同|携手|战略|领衔|分别|各自|通知|现金|自有资金|子公司|全资子公司|控股子公司|旗下公司|"
    r"旗下子公司|旗下|董事会|创始人|CEO)$"
)
_GOING_ON = re.compile(r"寻求|洽谈|商谈|商讨|商议|考虑|计划|谋求|进行|准备|筹备|筹划|与|就|以|推进|讨论")
DESCRIPTION = re.compile(
    r"(?:(?<!有限)(?<!责任)(?<!股份)(?<!集团)(?<!分)(?<!投资)(?<!管理)(?<!控股)公司|(?<!有限)(?<!责任)公司(?=\s?[A-Z「\"])|企业|厂商|大厂|车厂|品牌|开发商|提供商|服务商|制造商|研发商|生产商|"
    r"供应商|运营商|集成商|解决方案商|零售商|方案商|开发者|生产者|服务平台|独角兽|初创|创企|巨头|龙头|新秀|新星|新锐|黑马|明星|新势力|"
    r"新贵|车企|药企|房企|玩家|项目|子公司|母公司|上市公司|领航者|领军者|领导者|先行者|先驱|隐形冠军|小巨人|大王|老将|新兵|第一股|"
    r"制造业者|业者|机构|央企|国企|民企|关联方|平台(?=[「\"A-Z])|软件(?=[「\"])|应用(?=[「\"])|(?<=[^,\s]{4})平台(?=[^平台有集]{2,6}$))(?:的|:|——|-|\s|\x01)*"
)
_MAKER = re.compile(
    r"(?:助力|支持|领投|跟投|参投|押注|联手|携手|孵化的|孵化|创办的?|创立的?|打造的?|加持的?|加持下|背书的?|注资|入股|投资的|旗下的?|撑腰|"
    r"带队|持股的?|控股的?|青睐的?|看好的?|力挺的?|盯上的?|专注于?[^,]{1,24}?的|深耕[^,]{1,20}?的|主打[^,]{1,20}?的|致力于[^,]{1,24}?的|"
    r"专攻[^,]{1,20}?的|从事[^,]{1,24}?的|聚焦[^,]{1,20}?的|成立的|出身的|背景的|支持的|参投的|(?<=寻求)为|(?<=计划)为|(?<=拟)为|(?<=正)为)\s?"
)
_OF = re.compile(r"^.*的(?=[^的]{2,14}$)")
PLACE = (
    "北京|上海|深圳|广州|杭州|苏州|南京|武汉|成都|合肥|宁波|无锡|天津|重庆|西安|长沙|青岛|济南|厦门|福州|福建|江苏|浙江|广东|山东|湖南|湖北|"
    "四川|安徽|河南|河北|陕西|辽宁|沈阳|大连|哈尔滨|长春|吉林|黑龙江|江西|南昌|云南|昆明|贵州|贵阳|广西|南宁|海南|海口|珠海|东莞|佛山|中山|惠州|常州|"
    "南通|嘉兴|绍兴|温州|台州|金华|湖州|扬州|镇江|徐州|泰州|盐城|芜湖|郑州|洛阳|太原|山西|石家庄|香港|澳门|台湾|中国|美国|日本|韩国|英国|法国|德国|以色列|"
    "印度|新加坡|加拿大|意大利|瑞士|荷兰|瑞典|挪威|丹麦|芬兰|俄罗斯|澳大利亚|巴西|西班牙|硅谷|国产|国内|本土|海外|欧洲|全球|昆山|张家港|常熟|江阴|丹阳|义乌"
)
_COMPANY = re.compile(
    rf"(?P<place>(?:{PLACE})(?:省|市|区|县)?)?(?P<core>[^\s()\x01]{{2,20}}?)"
    r"(?P<tail>(?:智能|机器人|信息|网络|生物|医疗|新材料|新能源|电子|半导体|数据|自动化|汽车|动力|航空|软件|数字|工业|精密|光电|通信|环保|装备|器械|医药)?"
    r"(?:科技|技术|制造|集团|控股|股份|实业|设备|系统|创新)*)"
    r"(?:\x01+)?(?:股份|集团|控股)?有限(?:责任)?公司$"
)

_LEGAL = re.compile(r"(?:有限|责任|股份|总|子|分|母|集团|控股|[一二三四五])公司$")
_AT_HOME = re.compile(
    rf"(?!中国)(?:{PLACE})(?:市)?(?=[^\s]{{2,6}}(?:科技|智能|机器人|生物|医疗|半导体|动力|医药|新材料|航天|微电子|电子|光电)$)(?!.{{0,8}}(?:中心|人形机器人))"
)

_GENERIC_WORDS = (
    "一次 规模 最大 双足 四足 轮式 协作 工业 扫地 清洁 配送 手术 外骨骼 巡检 焊接 "
    "上市公司 人工智能 保险机构 具身智能 商业航天 无人驾驶 股权投资 自动驾驶 CEO CVC IPO "
    "互联网 产业化 产业方 人民币 元宇宙 创始人 办公室 半导体 国内外 境内外 大模型 工业级 市场化 "
    "控制权 控股权 新材料 新能源 机器人 海内外 消费级 独角兽 硬科技 AI A股 FA PE VC 一线 "
    "上市 上月 上述 专业 业务 中国 主流 事件 事宜 事项 交易 产业 人形 今年 企业 众多 优秀 优质 "
    "传闻 估值 保险 储能 光伏 全球 全部 公司 共同 关键 具身 创业 创投 创新 初创 制造 券商 前年 "
    "前沿 前者 医疗 协议 博士 厂商 厂家 去年 双方 各方 合计 后者 品牌 唯一 商业 团队 国企 国内 "
    "国有 国资 国际 地方 基金 外部 多家 大佬 大厂 天才 央企 头部 女神 学霸 对方 少年 巨头 市场 "
    "平台 当地 总额 意向 我们 战投 战略 技术 投资 政府 政策 教授 教育 数家 数据 整体 新兴 新晋 "
    "新老 方案 旗下 既有 日本 明年 明星 智能 最大 最新 有关 服务 本月 本次 本轮 机构 材料 标的 "
    "校友 核心 案例 欧洲 此次 此轮 民企 汽车 海外 消费 港股 游戏 热情 牌照 物流 独家 王者 玩家 "
    "现有 生物 电商 电池 目标 相关 知名 硬件 社会 私募 科技 第一 累计 美元 美国 美股 老师 联合 "
    "股东 股份 股权 自己 航天 航空 芯片 若干 著名 融资 行业 规定 计划 许多 财务 财团 资产 资方 "
    "资本 资金 赛道 车企 软件 这家 部分 部门 重要 金额 银行 险资 项目 领域 风投 风险 餐饮 首富 "
    "高端 高管 龙头 & - / 万 上 下 与 个 中 为 了 人 亿 他 们 众 位 元 其 内 前 原 及 "
    "名 后 和 在 型 多 大 她 它 家 小 年 我 或 批 数 新 方 日 月 有 本 某 此 的 笔 等 "
    "类 系 级 老 者 该 诸 赛 起 超 轮 近 这 那 里 首 "
)
_GENERIC_PARTS = (
    r"[两三四五六七八九十一几\d]+(?:家|个|起|笔|批|位|名|轮|大)",
    r"[A-H]\d?\+*轮",
    r"Pre-?\s?[A-H]\+*轮?",
    r"天使\+*",
    r"种子\+*",
    r"\+",
    r"\s",
    r"\d+",
)
# Possessive, with the longest words first: linear in any text.
_GENERIC = re.compile(
    rf"(?:{'|'.join((*_GENERIC_PARTS, *map(re.escape, sorted(_GENERIC_WORDS.split(), key=len, reverse=True))))})++",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"^(?:该公司|公司|该企业|企业|其|后者|本公司|我们|该品牌|品牌|项目|该项目|团队|平台|该平台)?$")
NOT_IN_NAME = re.compile(
    r"[,、。!?;:%\"「」『』《》|]|(?<!金)融资|完成|宣布|用于|本轮|此轮|获得|领投|跟投|参投|收购|估值|亿元|万元|美元|担任|顾问|成为(?!资本)|认为|表示|以及|发布|推出|如何|"
    r"什么|为何|怎么|不是|就是|还是|没有|可以|已经|正在|即将|因为|所以|但是|或者|如果|资金|金额|轮次|成立于|位于|总部|主要|\d年|\d月|个月|股权|股份|股票|上市公司"
)
_NOT_IN_LONG_NAME = re.compile(
    r"发行|推动|提升|加速|进一步|帮助|实现|布局|进军|赋能|加码|规模|亮相|曝光|启动|召开|签署|关注|看好|之一|目标|计划|行业|赛道|需要|希望|研发投入|购置|"
    r"资本开支|业绩|利润|营收|走出|风波|解散"
)
_PERSONS = re.compile(
    r"(?<![A-Za-z])(?:VP|CEO|CTO|COO)(?![A-Za-z])|博士$|教授$|高管$|创始人$|院士$|校友$|\d0后$|学霸$|大牛$|少年$|团队$|老兵$|夫妇$|联创$|合伙人$|员工$|兄弟$|清华系$|北大系$|华为系$|董事长$|院长$|CEO$"
)
_NOT_FIRST = re.compile(
    r"获(?!得者)|已|拟|被|正在|于|并|再|从而|成为(?!资本)|计划|曾|即将|不|将(?!门|军)|目前|通过|随着|为了|关于"
)
_KIND = re.compile(
    r"(?:新势力|新锐|新秀|独角兽|巨头|龙头|厂商|品牌|大厂|初创|创企|新星|黑马|车企|药企|玩家|企业|部门|负责人|第一股|概念股|赛道|行业|产业|领域|之王|计划|方案)$"
)
_LATIN_HEAD = re.compile(r"^([A-Za-z][A-Za-z0-9.&'+-]*(?:\s[A-Z0-9][A-Za-z0-9.&'+-]*){0,4})\s?(.*)$")


def subject(text: Text, start: int, end: int, *, makers: bool = True) -> Said | None:
    """The company that [start, end) ends with, before a verb; None for a pronoun, a number of firms, or no name."""
    start, end = trimmed(text.masked, start, end)
    if end <= start:
        return None
    if (found := _by_quote(text, start, end)) or (found := _by_entity(text, start, end)):
        return found
    colon = text.masked.rfind(":", start, end - 1)
    if colon >= 0:
        left, right = trimmed(text.masked, colon + 1, end)
        found = _named(text, _after_description(text.masked, left, right, makers=makers), right)
        if found or colon - start > 16:
            return found
        end = colon
    return _named(text, _after_description(text.masked, start, end, makers=makers), end)


def trimmed(masked: str, start: int, end: int) -> tuple[int, int]:
    """Without adverbs, dates and reporting words at both ends."""
    if found := _LEAD_IN.match(masked[start:end]):
        start += found.end()
    if found := _BEFORE_NAME.match(masked[start:end]):
        start += found.end()
    if masked.startswith("正", end - 1) and _GOING_ON.match(masked, end):
        end -= 1
    while end > start:
        found = _AFTER_NAME.search(masked[max(start, end - 16) : end])
        if not found:
            break
        kept = end - len(found[0])
        if _keeps(masked, start, kept, end):
            break
        end = kept
    return start, end


def _keeps(masked: str, start: int, kept: int, end: int) -> bool:
    """Whether the last word is part of the name after all ("星辰新能", "远传"): a lone syllable on a two-letter rest."""
    word = masked[kept:end]
    if _PRONOUN.match(masked[start:kept]) or _AFTER_NAME.fullmatch(masked[start:kept]):
        return False
    return (
        len(word) == 1
        and word in "传正并将共还在曝的于又再已均或"
        and kept - start in {1, 2}
        and masked[start] not in "\x01 "
    )


def _by_quote(text: Text, start: int, end: int) -> Said | None:
    """A name in quotes at the end of the phrase, or the short form that brackets give."""
    bracket = text.masked.rfind("\x01", start, end)
    if bracket >= 0 or text.masked.startswith("\x01", end):
        close = bracket + 1 if bracket >= 0 else end
        near = text.passage.text[start : min(len(text.passage.text), max(end, close) + 40)]
        if found := _SHORT_FOR.search(near):
            return Said(text.passage, start + found.start(1), start + found.end(1))
    last = None
    for last in QUOTED.finditer(text.masked, start, end):  # noqa: B007
        pass
    if last is None or end - last.end() > 6 or not last.lastindex:
        return None
    rest = text.masked[last.end() : end].strip(" \x01")
    if len(rest) > 4 and not is_generic(rest):
        return None
    left, right = last.span(last.lastindex)
    if (bracket := text.masked.find("\x01", left, right)) > left + 1:
        right = bracket
    if NOT_IN_NAME.search(text.masked, left, right) or _KIND.search(text.masked[left:right]):
        return None
    return Said(text.passage, left, right)


def _by_entity(text: Text, start: int, end: int) -> Said | None:
    """A name of the gazetteer that ends the phrase, but for words that say what it is."""
    inside = [name for name in text.passage.names if start <= name.start and name.end <= end and name.kind != "person"]
    if not inside:
        return None
    last = max(inside, key=lambda name: (name.end, name.end - name.start))
    rest = text.masked[last.end : end]
    if not rest.strip(" \x01"):
        return Said(text.passage, last.start, last.end)
    latin = text.masked[last.start : last.end].isascii()
    if latin and is_generic(rest.strip(" \x01")):
        return Said(text.passage, last.start, last.end)
    return None


def _after_description(masked: str, start: int, end: int, *, makers: bool = True) -> int:
    """Where the name begins after what says what it is."""
    for pattern in (DESCRIPTION, _MAKER) if makers else (DESCRIPTION,):
        for found in pattern.finditer(masked, start, end):
            rest = masked[found.end() : end].strip(" \x01")
            if len(rest) >= 2 and not is_generic(rest) and not is_tail(rest):
                start = found.end()
    if of := _OF.match(masked[start:end]):
        start += of.end()
    while start < end and masked[start] in " \x01:":
        start += 1
    return start


_COMPANY_TAIL = re.compile(
    r"(?:服务|管理|发展|投资|运营|创新|联盟|咨询|孵化|合伙|征信|信用)*(?:中心|集团|有限|研究院|协会|平台|基金|合伙企业|$)|管理咨询|合伙"
)


def is_generic(words: str) -> bool:
    """Whether these words only say what somebody is ("多家知名机构"), and not who."""
    return len(words) <= LONGEST and bool(_GENERIC.fullmatch(words))


def is_tail(rest: str) -> bool:
    """Whether what follows a description is the end of a company's name rather than a name."""
    return bool(_COMPANY_TAIL.match(rest))


def _named(text: Text, start: int, end: int) -> Said | None:
    """[start, end) as a name if it can be one, with brackets at its end cut or read."""
    while end > start and text.masked[end - 1] in " \x01":
        end -= 1
    while start < end and text.masked[start] in " \x01\"'":
        start += 1
    words = text.masked[start:end]
    if not _can_be_name(words):
        return None
    if any(one.kind == "person" and start <= one.start < end for one in text.passage.names):
        return None
    if words.endswith("株式会社"):
        end, words = end - 4, words[:-4]
    if len(words) > 4 and words.endswith("公司") and not _LEGAL.search(words):
        end, words = end - 2, words[:-2]
    if (place := _AT_HOME.match(words)) and not words.endswith("公司"):
        start, words = start + place.end(), words[place.end() :]
    if (found := _LATIN_HEAD.match(words)) and is_generic(found[2]) and not words.endswith(("业务", "部门")):
        return Said(text.passage, start, start + found.end(1))
    return Said(text.passage, start, end)


def _can_be_name(words: str) -> bool:
    """Whether these words may be the name of one company."""
    if not 2 <= len(words) <= LONGEST or is_generic(words) or _PRONOUN.match(words):
        return False
    han = sum("\u4e00" <= char <= "\u9fff" for char in words)
    if han > 14 and not re.search(r"(?:公司|中心|集团|基金|研究院|合伙\)?|企业|银行|投资|资本|实验室|业务)$", words):
        return False
    if _NOT_FIRST.match(words):
        return False
    if _PERSONS.search(words) or (_KIND.search(words) and not words.endswith("合伙企业")):
        return False
    if words.isdigit() or (han == 0 and not re.search("[A-Za-z]", words)):
        return False
    if han > 3:
        words = words.replace("股份有限", "").replace("股权投资", "").replace("股份", "", 1)
    return not (
        NOT_IN_NAME.search(words) or (len(words) > 4 and not words.endswith("公司") and _NOT_IN_LONG_NAME.search(words))
    )


def short_form(full: Said, texts: Sequence[Text]) -> Said:
    """Where the texts call a company of a full name ("上海星澜智能科技有限公司") by its short one ("星澜智能"); else `full`."""
    found = _COMPANY.fullmatch(full.words)
    if not found:
        return full
    own = next(text for text in texts if text.passage is full.passage)
    alias = _ALIAS.match(own.passage.text, full.end)
    if alias and not NOT_IN_NAME.search(alias[1]) and not _STOCK.search(alias[1]):
        elsewhere = any(alias[1] in text.masked for text in texts)
        if elsewhere or (re.fullmatch(f"[{HAN}]{{2,8}}", alias[1]) and not re.fullmatch(PLACE, alias[1])):
            return Said(own.passage, *alias.span(1))
    base = found["core"] + found["tail"]
    for length in range(len(base) - 1, 1, -1):
        for text in texts:
            for place in re.finditer(re.escape(base[:length]), text.masked):
                if text is own and full.start <= place.start() < full.end:
                    continue
                if _AFTER_SHORT.match(text.masked, place.end()):
                    return Said(text.passage, *place.span())
    return full


_STOCK = re.compile(r"\d{4}|SZ|SH|HK|股票|代码|以下")
_AFTER_SHORT = re.compile(
    rf"$|[^{HAN}A-Za-z]|完成|获|宣布|近日|已|再|的|将|拟|是|成立|专注|由|等|为|在|与|和|计划|正|于|此|也|还|表示|通过|旗下|方面"
)


def is_pronoun(masked: str, start: int, end: int) -> bool:
    """Whether the phrase before a verb names nobody because it is clear who is meant."""
    start, end = trimmed(masked, start, end)
    rest = masked[start:end].strip(" \x01")
    return not rest or bool(_PRONOUN.match(rest)) or is_generic(rest)


# -- the noun phrase after a verb ------------------------------------------------------------------------------------------

_OBJECT_ENDS = re.compile(
    r"[,;]|\d[\d.]*\s?%|不低于|不少于|不超过?|至少|至多|合计|约?\d[\d.,]*\s?[万亿]|超过?\d|数[千百十]?[万亿]|近\d|(?:多数|少数|部分|全部|剩余|其余|大部分|绝大部分)(?:的)?(?:股|或|权)|"
    r"的?(?:控股权|控制权|控股股权|股权|股份|表决权|多数股|少数股)|(?:[A-H]\+*|Pre-?\s?[A-H]\+*|天使\+*|种子\+*|战略|新一轮|首轮)轮?(?:系列)?(?:融资|投资|领投)|增资|[A-H]\d?\+*\s?轮|天使|种子轮|新一轮|首轮|"
    r"的?(?:交易|要约|协议|事宜|提议|报价|谈判|申请|计划|消息|传闻|一事|可能性|进展|过程|最后|背后|原因)|案(?=$|获|遭|被)|"
    r"成为?(?=[「世全行国首第])|引(?:发|关注|热议|来)|获(?!得者)|将(?!门|军)|后(?!者|浪)|已(?!故)|以(?!色列|太|马)|遭|被|额外|追加|股价|市值|员工|并(?!购)|或(?=将|遭|被)|加速|进军|进入|转型|切入|有助|推动|推进|拓展|布局|深化|"
    r"强化|打造|补[齐足强全]|完善|加码|扩[大张展充]|用于|估值|作价|金额|总额|总价|正式|最快|最终|失败|尘埃|告吹|意味|带来|开启|旨在|助力|丰富|继续|"
    r"预计|此[举次]|标的|从而|进一步|构建|完成|融资|投资额|价格|相关|所有|交割|通过|为(?=何|什么)|是(?=为)|发力|抢占|押注|提升|增强|巩固|整合|实现|挑战|寻求|共同|合作|双方|签署|达成|进行|"
    r"抵御|对抗|\s(?=[\u4e00-\u9fff「]{4})(?![\u4e00-\u9fff]{2,8}(?:业务|部门))|:|[“”「](?=[^」]{1,20}」(?:第|概念))|旗下员工|的(?=[A-HP])|的?(?:团队|核心团队)(?=将|加入|并入)"
)
_NO_OBJECT = re.compile(r"^[\s约近超逾达]{0,3}[\d数]|^(?:约|近|超|最多|至多)")
_STARTS_OBJECT = re.compile(
    r"^(?:[\s\x01:了]|关联方|控股股东|一家|另一家|两家|三家|这家|全球|知名|著名|老牌|同行|竞争对手|对手|旗下|位于|该|多家|部分|其|包括|自己的|自家|子公司|位于|"
    r"(?:美国|英国|德国|法国|意大利|以色列|日本|韩国|瑞士|瑞典|荷兰|加拿大|印度|新加坡|澳大利亚|丹麦|芬兰|挪威|西班牙|比利时|爱尔兰|奥地利|欧洲|硅谷|"
    r"国内|国产|本土|美|英|德|法|日|韩|加拿大籍)(?:的)?(?=[「\"A-Z《\s]|[\u4e00-\u9fff]{2,16}?(?:公司|企业|商|商|品牌|巨头|独角兽)))+"
)


def target(text: Text, start: int, end: int) -> Said | None:
    """The company that [start, end) begins with, after a verb of buying or investing."""
    if _NO_OBJECT.match(text.masked[start:end]):
        return None
    if found := _STARTS_OBJECT.match(text.masked[start:end]):
        start += found.end()
    if (quoted := QUOTED.match(text.masked, start, end)) and quoted.lastindex:
        return Said(text.passage, *quoted.span(quoted.lastindex))
    if (known := _known_at(text, start)) is None:
        if stop := _OBJECT_ENDS.search(text.masked, start + 2, end):
            shares = text.masked.startswith("股份", stop.start()) and stop.start() - start == 2  # "润阳股份" is a name
            end = stop.start() + 2 if shares else stop.start()
    else:
        stop = _OBJECT_ENDS.search(text.masked, known.end, end)
        end = stop.start() if stop else end
    return subject(text, start, _without_of(text.masked, start, end))


def _known_at(text: Text, start: int) -> Name | None:
    """The longest name of the gazetteer that begins here."""
    here = [name for name in text.passage.names if name.start == start]
    return max(here, key=lambda name: name.end) if here else None


def _without_of(masked: str, start: int, end: int) -> int:
    """The end without 的 and words of counting before the share that is bought."""
    while end > start and (
        masked[end - 1] in "的 \x01约近超共持有其" or masked[end - 2 : end] in {"合计", "持有", "全部"}
    ):
        end -= 2 if masked[end - 2 : end] in {"合计", "持有", "全部"} else 1
    return end


_COMPANY_LIKE = re.compile(
    r"(?:公司|科技|机器人|智能|动力|股份|集团|实业|电子|半导体|生物|医疗|汽车|出行|智行|智驾|AI|Robotics|Labs?|Inc\.?|Ltd\.?|Corp\.?|业务|部门|"
    r"航空|航天|网络|数据|光电|精密|传动|电气|材料|新材|能源|软件|微电子|技术|动力|创新中心|未来|无界|时代|传媒|银行|证券|药业|制药|影业)$"
)


_ACRONYMS = frozenset(
    {
        "AI",
        "AIGC",
        "MCN",
        "VR",
        "AR",
        "XR",
        "SaaS",
        "GPU",
        "LED",
        "IP",
        "IT",
        "ETF",
        "REITs",
        "AGI",
        "AMR",
        "AGV",
        "EDA",
        "SPV",
    }
)


def is_company(text: Text, one: Said) -> bool:
    """Whether there is more reason to take this for a company than its place: a known name, Latin letters, a telling end."""
    words = one.words
    if words in _ACRONYMS:
        return False
    if text.passage.entity_at(one.start, one.end) or re.match(r"[A-Z]", words):
        return True
    quoted = text.passage.text[max(0, one.start - 1) : one.start] in set('「『"《')
    described = DESCRIPTION.search(text.masked, max(0, one.start - 8), one.start)
    return quoted or bool(described) or bool(_COMPANY_LIKE.search(words) and not is_generic(words))


_HEAD_ENDS = re.compile(
    r"布局|举行|召开|讨论|补充|认为|指出|还|周[一二三四五六日]|公布|盘[后前中]|押注|加码|回应|拿下|发力|进军|杀入|斩获|收购|入股|启动|首次|打造|造(?=机|人|车|芯)|成立|创立|创办|是(?!科)|"
    r"为(?!旌)|作为|专注|宣布|发布|推出|将(?!门)|已|在(?!投|华)|于|近日|日前|近期|正(?!泰|浩|大|略|奇)|聚焦|致力|主打|完成|获|拟|计划|表示|称|透露|公告|披露|今日|昨日|再|又|凭|由|"
    r"通过|自(?!变量|行|动|主|研|然)|主营|深耕|研发(?!商)|提供(?!商)|拥有|入选|迎来|被|,"
)
_SOFT_ENDS = re.compile(r"的|从|与|向|对|以(?!色列)|旗下")


def head(text: Text, start: int, end: int) -> Said | None:
    """The company that a sentence [start, end) is about: the short noun phrase at its head."""
    if found := _LEAD_IN.match(text.masked[start:end]):
        start += found.end()
    if found := _BEFORE_NAME.match(text.masked[start:end]):
        start += found.end()
    if (colon := text.masked.find(":", start + 2, min(end, start + 17))) > 0:
        return _head(text, start, colon) or _head(text, colon + 1, end)
    return _head(text, start, end)


def _head(text: Text, start: int, end: int) -> Said | None:
    """The same, of a clause without a colon at its head."""
    stop = _HEAD_ENDS.search(text.masked, start + 2, end)
    end = stop.start() if stop else end
    if not DESCRIPTION.search(text.masked, start, end) and (stop := _SOFT_ENDS.search(text.masked, start + 2, end)):
        end = stop.start()
    found_name = subject(text, start, end, makers=False)
    if found_name is None or len(found_name.words) > 16:
        return None
    return found_name
