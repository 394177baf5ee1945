"""Who an outlet is, by whatever name: newsrooms that others quote, and those who publish the words of the ones who did it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text import bare, level

# The newsrooms that news of companies and deals is credited to, by the name to show; then their other names. Names in
# Chinese are simplified. A feed's own title may go on after the name ("TechCrunch: Robotics").
_NEWSROOMS = """
Reuters, reuters news, thomson reuters, 路透社, 路透, ロイター, 로이터
Bloomberg, bloomberg news, bloomberg com, 彭博社, 彭博, 彭博新闻社, 彭博新闻, ブルームバーグ, 블룸버그
The Wall Street Journal, wall street journal, wsj, 华尔街日报
Financial Times, ft, ft com, 金融时报, 英国金融时报
The New York Times, new york times, nyt, nytimes, 纽约时报
The Washington Post, washington post, 华盛顿邮报
The Information, 科技媒体the information
Associated Press, the ap, ap news, 美联社
AFP, agence france presse, 法新社
CNBC, 消费者新闻与商业频道
CNN
BBC, bbc news, 英国广播公司
Nikkei, nikkei asia, nikkei asian review, the nikkei, 日经, 日经新闻, 日经亚洲, 日本经济新闻, 日経新聞, 日本経済新聞
South China Morning Post, scmp, 南华早报
TechCrunch, techcrunch com
The Verge, verge, theverge
Wired, wired magazine, 连线
Business Insider
Forbes, 福布斯
Fortune, fortune magazine, 财富
Axios
Semafor
Electrek, electrek co
Tech in Asia, techinasia
Rest of World
IEEE Spectrum
The Robot Report, robot report
VentureBeat, venture beat
Ars Technica, arstechnica
Engadget
The Guardian, guardian
The Economist, economist, 经济学人
The Times, sunday times, the sunday times
The Telegraph, telegraph, 每日电讯报
Politico
Barron's, barrons, 巴伦周刊
Sifted
EU-Startups, eu startups
Tech.eu, tech eu
Handelsblatt, 德国商报
Der Spiegel, spiegel, 明镜周刊
Les Echos
The Korea Herald, korea herald
Yonhap, yonhap news agency, yonhap news, 韩联社, 연합뉴스
Kyodo News, kyodo, 共同社
DigiTimes, 电子时报
The Economic Times, economic times
Moneycontrol
Entrackr
Inc42
DealStreetAsia, deal street asia
KrASIA, kr asia
CnEVPost
Caixin, caixin global, 财新, 财新网, 财新周刊
Yicai, yicai global, 第一财经, 第一财经日报
36Kr, 36氪, 36 氪
LatePost, 晚点latepost, 晚点, 晚点 auto, 晚点auto
Xinhua, xinhua news agency, 新华社, 新华网
People's Daily, peoples daily, 人民日报
CCTV, cctv news, 央视, 央视新闻, 央视财经
China Daily, 中国日报
Global Times, 环球时报
Cailian Press, cls, 财联社
Jiemian, 界面新闻, 界面
The Paper, 澎湃新闻, 澎湃
IT Home, ithome, it之家, it 之家
Wallstreetcn, 华尔街见闻
Gelonghui, 格隆汇
TMTPost, 钛媒体
Huxiu, 虎嗅, 虎嗅网
Leiphone, 雷峰网, 雷锋网
QbitAI, 量子位
Synced, 机器之心
Zhidx, 智东西
Pingwest, 品玩
PEdaily, 投资界
ChinaVenture, 投中网
Cyzone, 创业邦
Lieyun, 猎云网
Securities Times, 证券时报, 证券时报网, e公司
China Securities Journal, 中国证券报, 中证网
Shanghai Securities News, 上海证券报, 上证报
STAR Market Daily, 科创板日报
National Business Daily, 每日经济新闻, 每经
21st Century Business Herald, 21世纪经济报道, 21经济网
The Economic Observer, 经济观察报, 经济观察网
Beijing News, 新京报
Southern Metropolis Daily, 南方都市报
Zhitong Finance, 智通财经
Sina Tech, 新浪科技
Sina Finance, 新浪财经
Tencent Tech, 腾讯科技
NetEase Tech, 网易科技
iFeng Tech, 凤凰网科技, 凤凰科技
Sohu Tech, 搜狐科技
Lianhe Zaobao, zaobao, 联合早报
Ming Pao, 明报
HK01, 香港01
"""
_KNOWN = {
    bare(name).removeprefix("the "): names[0]
    for line in _NEWSROOMS.strip().splitlines()
    if (names := [part.strip() for part in line.split(",")])
    for name in names
}
_RUN_TOGETHER = {"".join(name.split()): known for name, known in _KNOWN.items()}
# What newsrooms that are not known here are called.
_LIKE_A_NEWSROOM = re.compile(
    r"(?:\b(?:times|journal|news|post|daily|herald|tribune|gazette|chronicle|observer|telegraph|weekly|magazine|wire|press"
    r"|media|radio)|\.(?:com|co|net|org|io|asia|cn)|日报|晚报|早报|时报|周刊|新闻|新闻网|财经|通讯社|电视台|社|报|网|氪)$",
    re.IGNORECASE,
)
_SECTIONS = frozenset((
    "ai", "alerts", "article", "articles", "artificial", "asia", "business", "china", "companies", "custom", "daily", "deals",
    "europe", "feed", "finance", "global", "headlines", "home", "homepage", "intelligence", "international", "latest", "learning",
    "machine", "main", "markets", "mobility", "news", "online", "robotics", "robots", "rss", "science", "startups", "tech",
    "technology", "top", "transport", "transportation", "uk", "us", "venture", "world", "zh",
))  # fmt: skip
_WORDS = 8
_WIRES = frozenset((
    "prnewswire", "prnasia", "businesswire", "globenewswire", "accesswire", "newswire", "newsfilecorp", "newsfile",
    "einpresswire", "prweb", "marketwired", "prtimes", "美通社", "美通社prnewswire", "cisionprnewswire",
))  # fmt: skip
_FILINGS = frozenset((
    "sec", "secedgar", "edgar", "hkexnews", "hkex", "cninfo", "巨潮资讯", "巨潮资讯网", "sse", "szse", "bse",
    "上交所", "深交所", "北交所", "港交所", "上海证券交易所", "深圳证券交易所", "北京证券交易所", "香港交易所", "香港联交所",
    "londonstockexchange", "rns", "tdnet", "dart",
))  # fmt: skip
_FILING_HOSTS = (
    "sec.gov", "hkexnews.hk", "hkex.com.hk", "cninfo.com.cn", "sse.com.cn", "szse.cn", "bse.cn", "londonstockexchange.com",
    "tdnet.info", "dart.fss.or.kr", "asx.com.au",
)  # fmt: skip
_AUTHORITY = re.compile(r"(?:^|\.)(?:gov|gov\.[a-z]{2}|go\.jp|go\.kr|europa\.eu|gob\.[a-z]{2})$")
_HOST = re.compile(r"https?://(?:[^/@?#]{1,200}@)?([^/:?#]{1,253})", re.IGNORECASE)
_TOP = frozenset((
    "com", "org", "net", "ai", "io", "co", "cn", "jp", "kr", "uk", "eu", "de", "hk", "tw", "in", "us", "tech",
    "www", "blog", "blogs", "news", "newsroom", "press", "ir",
))  # fmt: skip
_OWN = re.compile(
    r"\b(?:the|blogs?|news(?:room)?|press|releases?|official|developers?|engineering|research|investor relations|ir)\b"
)
_OWN_ZH = re.compile("(?:官方|官网|微信公众号|公众号|新闻中心|博客)$")
_KIND_OF_FIRM = re.compile(r"\b(?:inc|corp|co|ltd|llc|plc|gmbh|ag|se|group|robotics?|technolog(?:y|ies)|labs?|ai)\b")
_SHORTEST = 3


def outlet_key(name: str) -> str:
    """One key for all names of an outlet: `路透社` and `Reuters`, `TechCrunch: Robotics` and `techcrunch.com`."""
    if known := newsroom(name, like=False):
        return known
    key = _squeezed(bare(level(name)).removeprefix("the ").removesuffix(" com"))
    return _RUN_TOGETHER.get(key) or _RUN_TOGETHER.get(key.removeprefix("the"), key)


def same_outlet(one: str, other: str) -> bool:
    """Whether two names can be of one outlet: equal keys, or one goes on where the other ends (`edsurge`, `EdSurge News`)."""
    here, there = sorted((outlet_key(one).casefold(), outlet_key(other).casefold()), key=len)
    return here == there or (len(here) > _SHORTEST and there.startswith(here))


def newsroom(name: str, like: bool = True) -> str:
    """The usual name of a newsroom, whichever section of it is named; "" for none.

    One that is not known here keeps its name, if `like` and it is called as newsrooms are.
    """
    words = bare(level(name)).removeprefix("the ").split()[:_WORDS]
    while words:
        if known := _KNOWN.get(" ".join(words)):
            return known
        if words.pop() not in _SECTIONS:
            break
    return name.strip() if like and _LIKE_A_NEWSROOM.search(level(name).strip()) else ""


def is_newsroom(name: str) -> bool:
    """Whether exactly this is a newsroom's name."""
    return bare(level(name)).removeprefix("the ") in _KNOWN


def host(link: str) -> str:
    """The host of a link, "" where there is none."""
    found = _HOST.match(link)
    return found[1].lower().removeprefix("www.") if found else ""


def publishes_unchanged(source: str, link: str) -> bool:
    """Whether it is a wire for press releases, an exchange's filings, or an authority's own site."""
    name, where = _squeezed(bare(level(source))), host(link)
    if name in _WIRES or name in _FILINGS or (set(where.split(".")) & _WIRES):
        return True
    return any(where == one or where.endswith(f".{one}") for one in _FILING_HOSTS) or bool(_AUTHORITY.search(where))


def is_own(source: str, link: str, parties: Iterable[str]) -> bool:
    """Whether one of the parties (names, or ids of the gazetteer) publishes it: its blog, its newsroom, its site."""
    if newsroom(source, like=False):
        return False
    labels = set(host(link).split(".")) - _TOP
    said = _OWN_ZH.sub("", _OWN.sub(" ", bare(level(source))))
    mine = {label.replace("-", "") for label in labels} | {_squeezed(said)}
    mine.add("".join(host(link).split(".")[-2:]))
    return any(not mine.isdisjoint(_handles(party)) for party in parties)


def _handles(party: str) -> set[str]:
    """What a party may call its site: all its words, and those that are its own."""
    folded = bare(party)
    found = {_squeezed(folded), _squeezed(_KIND_OF_FIRM.sub(" ", folded))}
    return {one for one in found if len(one) >= (_SHORTEST if one.isascii() else 2) and one not in _TOP}


def _squeezed(text: str) -> str:
    return "".join(text.split())
