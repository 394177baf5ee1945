"""Sums of money in a text, in every way that English and Chinese news write them, and in the commonest of other languages.

A sum is a number with a currency before or after it; in Chinese also a number of 万 or 亿 without one, where a word of funding
stands beside it ("融资2亿", "千万级种子轮"). Percentages, shares, units and years therefore never are. Texts are level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from bot.classify.deals.drafts import Sum
from bot.classify.passages import Passage
from bot.text import UNSPACED

_LIMIT = 10**17  # more than all money there is; keeps amounts inside SQLite's integers

_SIGNS = {
    "US$": "USD", "U.S.$": "USD", "$": "USD", "HK$": "HKD", "NT$": "TWD", "A$": "AUD", "AU$": "AUD", "C$": "CAD",
    "CA$": "CAD", "S$": "SGD", "SG$": "SGD", "NZ$": "NZD", "R$": "BRL", "MX$": "MXN", "€": "EUR", "£": "GBP", "¥": "",
    "RMB¥": "CNY", "CN¥": "CNY", "JP¥": "JPY", "₹": "INR", "₩": "KRW", "₪": "ILS", "₽": "RUB", "₺": "TRY", "Rs": "INR",
    "Rs.": "INR", "RMB": "CNY", "yuan": "CNY",
}  # fmt: skip
_CODES = (
    "USD", "EUR", "GBP", "CNY", "JPY", "INR", "KRW", "HKD", "SGD", "TWD", "AUD", "CAD", "CHF", "SEK", "NOK", "DKK", "ILS",
    "AED", "SAR", "BRL", "NZD", "MXN", "PLN", "TRY", "THB", "IDR", "MYR", "VND", "RUB", "ZAR",
)  # fmt: skip
_HAN_CURRENCIES = {
    "元新台币": "TWD", "元台币": "TWD", "元港币": "HKD", "元新币": "SGD", "元人民币": "CNY", "人民币元": "CNY", "人民币": "CNY",
    "元": "CNY", "美元": "USD", "美金": "USD", "美刀": "USD",
    "港元": "HKD", "港币": "HKD", "港纸": "HKD", "欧元": "EUR", "日元": "JPY", "日圆": "JPY", "日币": "JPY", "円": "JPY",
    "英镑": "GBP", "韩元": "KRW", "韩币": "KRW", "韩圜": "KRW", "韩圆": "KRW", "원": "KRW", "달러": "USD", "新台币": "TWD",
    "台币": "TWD", "新加坡元": "SGD", "新加坡币": "SGD", "新币": "SGD", "新元": "SGD", "加元": "CAD", "加币": "CAD",
    "澳元": "AUD", "澳币": "AUD", "新西兰元": "NZD", "瑞士法郎": "CHF", "瑞郎": "CHF", "卢比": "INR", "印度卢比": "INR",
    "卢布": "RUB", "瑞典克朗": "SEK", "挪威克朗": "NOK", "丹麦克朗": "DKK", "谢克尔": "ILS", "迪拉姆": "AED",
    "里亚尔": "SAR", "沙特里亚尔": "SAR", "雷亚尔": "BRL", "泰铢": "THB", "越南盾": "VND", "印尼盾": "IDR",
    "印尼卢比": "IDR", "林吉特": "MYR", "马币": "MYR", "兹罗提": "PLN", "里拉": "TRY", "兰特": "ZAR",
}  # fmt: skip
_WORDS = {
    "dollars": "USD", "dollar": "USD", "us dollars": "USD", "us dollar": "USD", "u.s. dollars": "USD", "bucks": "USD",
    "dólares": "USD", "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "euros": "EUR", "euro": "EUR", "yen": "JPY",
    "pounds": "GBP", "pound": "GBP", "pounds sterling": "GBP", "won": "KRW", "rupees": "INR", "rupee": "INR",
    "hong kong dollars": "HKD", "hk dollars": "HKD", "singapore dollars": "SGD", "australian dollars": "AUD",
    "canadian dollars": "CAD", "taiwan dollars": "TWD", "nt dollars": "TWD", "new taiwan dollars": "TWD",
    "new zealand dollars": "NZD", "swiss francs": "CHF", "francs": "CHF", "kronor": "SEK", "swedish kronor": "SEK",
    "norwegian kroner": "NOK", "danish kroner": "DKK", "shekels": "ILS", "nis": "ILS", "dirhams": "AED", "dirham": "AED",
    "riyals": "SAR", "reais": "BRL", "baht": "THB", "ringgit": "MYR", "rubles": "RUB", "roubles": "RUB", "zloty": "PLN",
} | {code.lower(): code for code in _CODES}  # fmt: skip
_NEED_SCALE = {"won", "pounds", "pound", "nis", "yen", "baht", "try", "sar"}  # other words, or other measures

_HAN_SCALES = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8, "千万": 10**7, "百万": 10**6,
    "十万": 10**5, "万": 10**4, "千": 10**3, "兆": 10**12, "억": 10**8, "조": 10**12, "만": 10**4,
}  # fmt: skip
_SCALES = {
    "lakh crore": 10**12, "crores": 10**7, "crore": 10**7, "cr": 10**7, "lakhs": 10**5, "lakh": 10**5,
    "trillion": 10**12, "trn": 10**12, "tn": 10**12, "t": 10**12, "billions": 10**9, "billion": 10**9, "bln": 10**9,
    "bn": 10**9, "b": 10**9, "mil millones": 10**9, "milliarden": 10**9, "milliards": 10**9, "milliard": 10**9,
    "mrd": 10**9, "miliardi": 10**9, "bilhões": 10**9, "millions": 10**6, "million": 10**6, "millionen": 10**6,
    "mio": 10**6, "mln": 10**6, "mn": 10**6, "mm": 10**6, "m": 10**6, "millones": 10**6, "milhões": 10**6,
    "milioni": 10**6, "thousand": 10**3, "k": 10**3,
}  # fmt: skip
_COUNTS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def _any(words: Iterable[str]) -> str:
    """An alternation, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


_SUFFIX = rf"(?P<han_currency>{_any(_HAN_CURRENCIES)})(?!宝|宇宙|旦|素)|(?P<word>{_any(_WORDS)})(?![a-z\d])|(?P<sign>[€£$])(?!\d)"
# One candidate: a number with what may follow it. Every number matches, with or without a currency, so none is read twice.
_CANDIDATE = re.compile(
    rf"""(?:
        (?<![\d.])(?P<number>\d{{1,3}}+(?:,\d{{3}})++(?!\d)(?:\.\d{{1,9}}+)?+|\d++(?:[.,]\d{{1,9}}+)?+)(?P<some>[\s]?[多余几])?+
        (?:\s?(?P<han_scale>{_any(_HAN_SCALES)})|[\s-]?(?P<scale>{_any(_SCALES)})(?![a-z]))?+
      | (?P<han>(?:数|几|好几|若干)?+[一二两三四五六七八九十百千零〇]{{0,8}}+几?+[十百千]?+[多余]?+(?:万亿|亿|万)(?!一|分之))
      | (?<![a-z])(?P<vague>(?:tens|hundreds|dozens|thousands|several|multiple|a\sfew)
          (?:\sof)?+(?:\s(?:tens|hundreds)\sof)?+\s(?:thousand|million|billion|trillion)s?(?:\sof)?+)(?=\s)
      | (?<![a-z])(?P<count>(?:half\s)?+(?:{_any(_COUNTS)}))[\s-](?P<counted>thousand|million|billion|trillion)(?![a-z])
    )
    (?P<more>多|余|级|\+|-plus)?+
    (?:\.?[\s-]{{0,2}}(?:(?:of|de|di|in)\s|d')?+(?:{_SUFFIX}))?+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEGINS = re.compile(
    rf"[\d数几好若一二两三四五六七八九十百千零〇万亿]|\b(?:tens|hundreds|dozens|thousands|several|multiple|half|{_any(_COUNTS)})[\s-]",
    re.IGNORECASE,
)
_BEFORE = 14
_PREFIX = re.compile(
    rf"(?:(?<![A-Za-z])(?P<sign>{_any((*_SIGNS, *_CODES))})|(?P<han>{_any(set(_HAN_CURRENCIES) - {'元', '원'})}))\s?$"
)
_ENDS_IN_NUMBER = re.compile(r"[\d万亿千百十]\s?$")
_ROUGHLY = re.compile(
    r"(?:近|约|超|超过|逾|过|破|突破|达|最多|最高|至多|多达|高达|不超|不超过|不多于|至少|不低于|不少于|大概|大约|约合|将近|接近|上|"
    r"估计|~|>|<|≈|\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|over|than|up\sto|as\smuch\sas|at\sleast|some|"
    r"estimated|upwards\sof|close\sto|just\sunder|just\sover|north\sof|exceeding|exceeds|exceeded|under|above|topping|"
    r"reportedly))[\s(]{0,2}$",
    re.IGNORECASE,
)
_ROUGHLY_AFTER = re.compile(r"\s?(?:\+|左右|以上|上下|级|多|余|or more\b|-plus\b|plus\b)", re.IGNORECASE)

# A Chinese number without a currency is money where it follows a word of money, or stands before one.
_MONEY_BEFORE = re.compile(
    r"(?:融资|募资|募集|筹集|筹资|集资|估值|市值|身价|投资|领投|收购|注资|入股|增资|出资|斥资|砸|总额|金额|获投|定增|作价|"
    r"融到|融了|拿下|拿到|获|获得|完成|豪掷|狂投|吸金|揽金)"
    r"(?:额|金额|规模|总额|累计|合计|目标|资金|了|又|再|为|冲|冲上|升至|涨至|飙至|高达|已|将|或|也|[:,\s]|"
    r"近|约|超|超过|逾|过|破|突破|达|达到|最多|接近|不超|不超过|上|飙升至|共|共计|总计|新一轮){0,4}$"
)
_MONEY_AFTER = re.compile(
    r"\s?(?:级|多|余|左右|规模|以上)?的?\s?(?:新一轮|新|首轮|巨额|大额|股权|[A-Ha-h]\d?\+{0,5}\s?(?:轮|系列)|Pre|pre|PRE|天使|种子|"
    r"战略|融资|轮|投资|收购|入股|注资|增资|募资|IPO|估值)"
)
_UNIT = re.compile(
    rf"\s?(?:[多余]?(?:人(?!民币)|台|辆|件|次|套|个|股(?!权)|份|位|名|家|条|吨|平|瓦|千瓦|方|立方|公里|用户|亩|颗|片|枚|架|艘|部|字|张|粒|米|卡|"
    rf"粉丝|参数|[A-Za-z]*[Tt]oken|小时|年|月|日|天(?!使)|户|倍|%|[{UNSPACED}]?\s?用户))"
)
_LOW_TO_HIGH = re.compile(r"\s?(?:-|~|至|到|—|to)\s?", re.IGNORECASE)
_AND = re.compile(r"\s(?:and)\s", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s[\w ]{0,12}$", re.IGNORECASE)
_FROM = re.compile(r"(?:\bfrom\s(?:about\s|around\s|nearly\s)?|从|由|自)[^\d]{0,3}$", re.IGNORECASE)
_RAISED = re.compile(
    r"\b(?:rais(?:e|es|ed|ing)|secur(?:es|ed)|land(?:s|ed)|bag(?:s|ged)|nab(?:s|bed))\s(?:over\s|about\s)?$", re.I
)
_NOT_MONEY = re.compile(
    r"[\s-]?(?:users|parameters|people|miles|views|downloads|questions|shares|tokens|units|%|per\s?cent)"
)
_CONVERTED = re.compile(
    r"约合|折合|合人民币|相当于|现汇率|当前汇率|[(\[]\s?(?:约|合|about|approximately|approx\.?|around|roughly|nearly|over|or|some|~|≈|=)?\s?$",
    re.IGNORECASE,
)
_YEN = re.compile(r"[\u3041-\u30ff円]|日元|日圆|日本|\b[Yy]en\b|\bJapan|\bTokyo\b|\bJPY\b")
_YUAN = re.compile(
    r"亿|万|元|人民币|\b[Yy]uan\b|\bRMB\b|\bChin(?:a|ese)\b|\bShenzhen\b|\bShanghai\b|\bBeijing\b|\bHangzhou\b|\bCNY\b"
)


class _Token(NamedTuple):
    """One candidate: `value` without its scale (None: vague), `scale` 1 if there is none, `currency` None if none is said."""

    start: int
    end: int
    value: Decimal | None
    scale: int
    currency: str | None
    rough: bool


def find_money(passage: Passage) -> list[Sum]:
    """All sums of a passage in the order of the text, without overlaps.

    A sum that only repeats the one before it in another currency ("(约合70亿元人民币)", "(about $140 million)") is left out.
    "千万" and "亿" alone are 10 and 100 million, "数千万" and "tens of millions" have no amount.
    """
    text = passage.text
    sums: list[Sum] = []
    for token in _money(text, _joined(text, list(_tokens(text)))):
        amount, high = _amounts(token)
        if amount is not None and amount >= _LIMIT:
            continue
        first = token[0]
        one = Sum(passage, first.start, token[-1].end, amount, first.currency or "", first.rough or bool(high), high)
        if not (sums and _repeats(text, sums[-1], one)):
            sums.append(one)
    return sums


def _tokens(text: str) -> Iterator[_Token]:
    """Every number, with its currency if it has one."""
    for found in _candidates(text):
        start, end = found.span()
        value, scale = _value(found)
        currency, start = _currency(text, found, start)
        before = text[max(0, start - _BEFORE) : start]
        rough = bool(found["some"] or found["more"] or _ROUGHLY.search(before) or _ROUGHLY_AFTER.match(text, end))
        rough = rough or value is None or bool(found["han"] and found["han"][0] in "十百千万亿")
        yield _Token(start, end, value, scale, currency, rough)


def _candidates(text: str) -> Iterator[re.Match[str]]:
    """Every number. Looking for what one may begin with first is thrice as fast as trying at every letter."""
    at = 0
    while start := _BEGINS.search(text, at):
        if found := _CANDIDATE.match(text, start.start()):
            yield found
            at = max(found.end(), start.end())
        else:
            at = start.start() + 1


def _value(found: re.Match[str]) -> tuple[Decimal | None, int]:
    """The number and its scale."""
    if number := found["number"]:
        scale = _HAN_SCALES.get(found["han_scale"] or "", 0) or _SCALES.get((found["scale"] or "").lower(), 1)
        return _decimal(number), scale
    if han := found["han"]:
        if han[0] in "数几好若" or "几" in han:
            return None, 10**4
        scale = _UNITS[han[-1]] * (10**4 if han.endswith("万亿") else 1)
        return Decimal(_han_number(han.rstrip("万亿"))), scale
    if count := found["count"]:
        half, _, word = count.lower().rpartition(" ")
        return Decimal(_COUNTS[word]) / (2 if half else 1), _SCALES[found["counted"].lower()]
    return None, 10**4


def _decimal(number: str) -> Decimal:
    """A number with commas for thousands, or one for the decimals ("1,5 Milliarden")."""
    whole, comma, rest = number.rpartition(",")
    if comma and len(rest) < 3 and "." not in number:
        return Decimal(f"{whole.replace(',', '')}.{rest}")
    number = number.replace(",", "")
    return Decimal(number) if len(number) < 25 else Decimal(_LIMIT)


def _han_number(han: str) -> int:
    """What 三千五百 says; nothing at all is one, as in 亿元."""
    total = digit = 0
    for char in han:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
    return (total + digit) or 1


def _currency(text: str, found: re.Match[str], start: int) -> tuple[str | None, int]:
    """The currency said before or after the number, and where the sum then starts."""
    before = text[max(0, start - _BEFORE) : start]
    if prefix := _PREFIX.search(before):
        sign, han = prefix["sign"], prefix["han"]
        # "10亿美元 5亿": a currency that ends another sum is not the prefix of this one
        alone = found["han"] in {"万", "亿"}  # more likely a word's part ("新元万向")
        if not (han and (alone or _ENDS_IN_NUMBER.search(before[: prefix.start()]))):
            said = _HAN_CURRENCIES[han] if han else _SIGNS.get(sign, sign)
            return said or _yen_or_yuan(text, found), start - len(before) + prefix.start()
    if han := found["han_currency"]:
        return _HAN_CURRENCIES[han], start
    if word := found["word"]:
        scaled = found["scale"] or found["counted"] or found["vague"] or found["han_scale"] or found["han"]
        return (_WORDS[word.lower()] if scaled or word.lower() not in _NEED_SCALE else None), start
    if sign := found["sign"]:
        return (_SIGNS[sign] if found["scale"] or found["han_scale"] or sign == "€" else None), start
    return None, start


def _yen_or_yuan(text: str, found: re.Match[str]) -> str:
    """What ¥ stands for."""
    if (han := found["han_currency"]) and _HAN_CURRENCIES[han] in {"CNY", "JPY"}:
        return _HAN_CURRENCIES[han]
    if _YEN.search(text):
        return "JPY"
    return "CNY" if found["han_scale"] or found["han"] or _YUAN.search(text) else "JPY"


def _joined(text: str, tokens: list[_Token]) -> Iterator[tuple[_Token, ...]]:
    """Single tokens, "1亿5000万元" as one, and pairs for the two ends of a range."""
    at = 0
    while at < len(tokens):
        one = tokens[at]
        if at + 1 < len(tokens):
            two = tokens[at + 1]
            if one.end == two.start and one.currency is None and _compound(one, two):
                value = (one.value or 0) * one.scale + (two.value or 0) * two.scale
                yield (_Token(one.start, two.end, Decimal(value), 1, two.currency, one.rough or two.rough),)
                at += 2
                continue
            if pair := _range(text, one, two):
                yield pair
                at += 2
                continue
        yield (one,)
        at += 1


def _compound(one: _Token, two: _Token) -> bool:
    """Whether two numbers side by side are one number in two units."""
    return one.scale == 10**8 and two.scale < one.scale and None not in {one.value, two.value}


def _range(text: str, one: _Token, two: _Token) -> tuple[_Token, _Token] | None:
    """Both ends of a range, the lower with the scale and currency that are only said once."""
    if two.start - one.end > 5 or one.value is None or two.value is None:
        return None
    between = text[one.end : two.start]
    before = text[max(0, one.start - 24) : one.start]
    if not (
        (_LOW_TO_HIGH.fullmatch(between) and not _FROM.search(before))
        or (_AND.fullmatch(between) and _BETWEEN.search(before))
    ):
        return None
    currency = one.currency or two.currency
    if currency is None and two.scale == 1:
        return None
    if two.currency not in {None, currency}:
        return None
    scale = two.scale if one.scale == 1 and one.value < 10_000 else one.scale
    if not one.value * scale < two.value * two.scale <= 100 * one.value * scale:
        return None
    return one._replace(scale=scale, currency=currency, end=one.end), two._replace(currency=currency)


def _money(text: str, groups: Iterable[tuple[_Token, ...]]) -> Iterator[tuple[_Token, ...]]:
    """Those that are money; bare numbers get the currency that goes without saying."""
    for group in groups:
        first, last = group[0], group[-1]
        if first.currency is not None:
            if not (first.scale == 1 and text.startswith("%", last.end)):
                yield group
        elif implied := _implied(text, first, last):
            yield (first._replace(currency=implied), *group[1:])


def _implied(text: str, first: _Token, last: _Token) -> str:
    """The currency of a number that names none but stands with words of money; "" if it does not."""
    before = text[max(0, first.start - 20) : first.start]
    alone = text[first.start : last.end]
    if alone == "万" or (alone == "亿" and not _ROUGHLY.search(before)):  # more likely a word's part ("容亿投资")
        return ""
    if text[last.end - 1] in "万亿级多余" or text[last.end - 1 : last.end] == "+":
        if last.scale < 10**4 or _UNIT.match(text, last.end):
            return ""
        return "CNY" if _MONEY_AFTER.match(text, last.end) or _MONEY_BEFORE.search(before) else ""
    if first.scale >= 10**6 and _RAISED.search(before) and not _NOT_MONEY.match(text, last.end):
        return "USD"
    return ""


def _amounts(group: tuple[_Token, ...]) -> tuple[int | None, int | None]:
    """The amount and, for a range, the higher one."""
    both = [None if one.value is None else int(one.value * one.scale) for one in group]
    return both[0], both[1] if len(both) > 1 else None


def _repeats(text: str, one: Sum, two: Sum) -> bool:
    """Whether the second sum is the first in another currency, or in brackets."""
    if two.start - one.end > 24 or one.currency == two.currency:
        return False
    between = text[one.end : two.start]
    if not _CONVERTED.search(between):
        return False
    return not set(between) & set(")];。!?")
