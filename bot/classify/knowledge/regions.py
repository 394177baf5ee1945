"""Countries and the regions that they lie in, as people ask for them in English and Chinese.

Country codes are ISO 3166-1 alpha-2; memberships (EU, GCC, ASEAN) are those of 2026.
"""

from __future__ import annotations

import difflib
from functools import cache

from bot.classify.normal import needle

# Code, then what people call it. Entities may have other codes, too: those are asked for by code.
_COUNTRIES = """
ae United Arab Emirates|UAE|Emirates|Dubai|Abu Dhabi|阿联酋|迪拜|阿布扎比
ar Argentina|阿根廷
at Austria|奥地利
au Australia|澳大利亚|澳洲
bd Bangladesh|孟加拉国
be Belgium|比利时
bg Bulgaria|保加利亚
bh Bahrain|巴林
br Brazil|Brasil|巴西
by Belarus|白俄罗斯
ca Canada|加拿大
ch Switzerland|瑞士
cl Chile|智利
cn China|PRC|Mainland China|中国|中国大陆|内地
co Colombia|哥伦比亚
cy Cyprus|塞浦路斯
cz Czechia|Czech Republic|捷克
de Germany|Deutschland|德国
dk Denmark|丹麦
ee Estonia|爱沙尼亚
eg Egypt|埃及
es Spain|España|西班牙
fi Finland|芬兰
fr France|法国
gb United Kingdom|UK|Britain|Great Britain|England|Scotland|英国
gr Greece|希腊
hk Hong Kong|香港
hr Croatia|克罗地亚
hu Hungary|匈牙利
id Indonesia|印度尼西亚|印尼
ie Ireland|爱尔兰
il Israel|以色列
in India|印度
iq Iraq|伊拉克
ir Iran|伊朗
is Iceland|冰岛
it Italy|Italia|意大利
jo Jordan|约旦
jp Japan|日本
ke Kenya|肯尼亚
kh Cambodia|柬埔寨
kr South Korea|Korea|Republic of Korea|韩国
kw Kuwait|科威特
ky Cayman Islands|开曼群岛
kz Kazakhstan|哈萨克斯坦
la Laos|老挝
lb Lebanon|黎巴嫩
lk Sri Lanka|斯里兰卡
lt Lithuania|立陶宛
lu Luxembourg|卢森堡
lv Latvia|拉脱维亚
ma Morocco|摩洛哥
mm Myanmar|缅甸
mo Macau|Macao|澳门
mt Malta|马耳他
mx Mexico|墨西哥
my Malaysia|马来西亚
ng Nigeria|尼日利亚
nl Netherlands|Holland|The Netherlands|荷兰
no Norway|挪威
np Nepal|尼泊尔
nz New Zealand|新西兰
om Oman|阿曼
pe Peru|秘鲁
ph Philippines|菲律宾
pk Pakistan|巴基斯坦
pl Poland|波兰
pt Portugal|葡萄牙
qa Qatar|卡塔尔
ro Romania|罗马尼亚
rs Serbia|塞尔维亚
ru Russia|俄罗斯
rw Rwanda|卢旺达
sa Saudi Arabia|KSA|沙特阿拉伯|沙特
se Sweden|瑞典
sg Singapore|新加坡
si Slovenia|斯洛文尼亚
sk Slovakia|斯洛伐克
th Thailand|泰国
tn Tunisia|突尼斯
tr Turkey|Türkiye|土耳其
tw Taiwan|台湾
ua Ukraine|乌克兰
us United States|USA|US|U.S.|America|United States of America|美国
uy Uruguay|乌拉圭
uz Uzbekistan|乌兹别克斯坦
vn Vietnam|Viet Nam|越南
za South Africa|南非
"""

# Id, its other names, and the countries or regions (+id) in it.
_REGIONS = """
greater-china|大中华区|大中华|两岸三地: cn hk mo tw
east-asia|东亚: +greater-china jp kr
southeast-asia|South East Asia|SEA|ASEAN|东南亚|东盟: id kh la mm my ph sg th vn
south-asia|南亚: bd in lk np pk
central-asia|中亚: kz uz
gulf|GCC|Gulf states|Persian Gulf|Arabian Gulf|海湾|海湾国家|海合会: ae bh kw om qa sa
middle-east|Mideast|中东: +gulf eg il iq ir jo lb tr
north-africa|北非: eg ma tn
mena|Middle East and North Africa|中东北非|中东和北非: +middle-east +north-africa
africa|非洲: +north-africa ke ng rw za
asia|亚洲: +east-asia +southeast-asia +south-asia +central-asia +middle-east
oceania|ANZ|大洋洲|澳新: au nz
apac|Asia Pacific|Asia-Pacific|亚太|亚太地区: +east-asia +southeast-asia +south-asia +oceania
nordics|Nordic|Scandinavia|北欧: dk fi is no se
baltics|Baltic|波罗的海: ee lt lv
dach|德语区: at ch de
benelux|比荷卢: be lu nl
eu|European Union|欧盟: +baltics +benelux at bg cy cz de dk es fi fr gr hr hu ie it mt pl pt ro se si sk
europe|欧洲: +eu +nordics +dach by gb rs ru ua
emea|欧洲中东非洲: +europe +mena +africa
north-america|Northern America|北美|北美洲: ca mx us
latin-america|LATAM|South America|拉丁美洲|拉美|南美: ar br cl co mx pe uy
americas|美洲: +north-america +latin-america
"""


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    """Their names by code."""
    rows = (line.partition(" ") for line in _COUNTRIES.strip().splitlines())
    return {code: tuple(names.split("|")) for code, _, names in rows}


@cache
def _members() -> dict[str, frozenset[str]]:
    """The countries of each region."""
    members: dict[str, frozenset[str]] = {}
    for line in _REGIONS.strip().splitlines():
        names, _, inside = line.partition(": ")
        found: set[str] = set()
        for one in inside.split():
            found |= members[one[1:]] if one[0] == "+" else {one}
        members[names.split("|")[0]] = frozenset(found)
    return members


@cache
def _named() -> dict[str, str]:
    """The id of each name, in normal form."""
    named: dict[str, str] = {}
    for line in _REGIONS.strip().splitlines():
        names = line.partition(": ")[0].split("|")
        named |= {needle(name): names[0] for name in names}
    for code, others in _countries().items():
        named |= {needle(name): code for name in (code, *others)}
    return named


@cache
def regions_of(country: str) -> tuple[str, ...]:
    """The id of a country (its code in lower case) and of all regions that it lies in; none for the empty string."""
    code = country.lower()
    return (code, *(region for region, members in _members().items() if code in members)) if code else ()


def find_region(text: str) -> str | None:
    """The id of the country or region that people call so; None if there is none."""
    return _named().get(needle(text))


def nearest_region(text: str) -> str | None:
    """The nearest name that is known, if any is near."""
    near = difflib.get_close_matches(needle(text), _named(), n=1, cutoff=0.7)
    return near[0] if near else None


def region_name(region: str) -> str:
    """What people call it: "China" for cn, "southeast asia" for southeast-asia."""
    names = _countries().get(region)
    return names[0] if names else region.replace("-", " ")
