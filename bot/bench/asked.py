"""Invented watchlists, gazetteers and news, any number of them, the same for the same seed.

Watchlists are what people ask of a bot like this one: names of companies, words of the trade alone and together with
others, deals above a sum. The news are a stream in which one item of five is about robots, one of three is Chinese, and
titles and summaries are as long as in `corpus.py`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import accumulate

from bot.bench.corpus import NEWEST, name, name_zh
from bot.classify.knowledge.seeds import Entity
from bot.model import TERMINAL, Item, Person, Watchlist

NAMES = 100_000
"""Companies that exist in the invented world."""

ON_TOPIC = 0.2
"""The share of items that are about robots."""

_VOCABULARY = 20_000
_GLUE = """
the of and to in a for that with on as is at by from said will has its are have an it was be after over new more than which
their year not this been up one first about who would into they but two also last week
"""
_TRADE = """
robot robotics humanoid gripper actuator lidar drone autonomy warehouse manipulation locomotion embodied servo sensor exoskeleton
cobot teleoperation navigation perception quadruped forklift surgical simulation policy dexterous
"""
_COMMON_WORDS, TRADE_WORDS = _GLUE.split(), _TRADE.split()
_PAIRS = (
    "robot hand", "humanoid robot", "embodied intelligence", "foundation model", "motion planning", "robot arm",
    "machine vision", "tactile sensing", "industrial automation", "world model",
)  # fmt: skip
TRADE_ZH = (
    "人形机器人",
    "具身智能",
    "灵巧手",
    "机械臂",
    "四足机器人",
    "伺服电机",
    "激光雷达",
    "手术机器人",
    "大模型",
    "无人叉车",
)
_HAN_WORDS = (
    "市场经济消费增长政府会议球队比赛天气旅游电影音乐学校医院汽车手机房产银行股票基金农业能源交通城市文化历史健康教育"
)
_HEADS = (
    "{c} raises ${m} million Series {r} round led by {f}",
    "{c} shows a {p} that works {m} days on end",
    "{f} backs {c} as demand for every {t} grows",
    "{c} and {d} join forces on {p}",
    "{c} opens a plant for its {t}, {m} miles from {w}",
)
_LINES = (
    "{c} builds each {t} around a {p} and sells it to makers of {w} and {v}.",
    "The company, which {f} has supported for {m} months, said that {w} came before {v}.",
    "Rivals such as {d} spend more on {p}, but few of them know {w} as well.",
    "By the end of the year {m} customers are to have a {t} at work beside their {v}.",
)
_HEADS_ZH = (
    "{c}完成{m}亿元{r}轮融资，{f}领投",
    "{c}发布新一代{t}，续航{m}小时",
    "{f}加码{t}赛道，{c}获投",
    "{c}与{d}合作研发{t}",
)
_LINES_ZH = (
    "{c}表示，资金将用于{t}的研发与量产，{w}业务保持{v}。",
    "{f}认为{t}将在{m}年内走进{w}，{d}也在布局。",
    "公司目前为{m}家{w}客户提供{t}，{v}成本持续下降。",
)
_ROUNDS = ("A", "B", "C", "Seed", "A+")


@cache
def vocabulary() -> list[str]:
    """Invented words, the commonest first; none is one of the companies."""
    rng = random.Random(7)
    found: dict[str, None] = {}
    while len(found) < _VOCABULARY:
        one = name(rng.randrange(10**6))
        found[one[: rng.randrange(4, len(one) + 1)] + rng.choice(("", "s", "ed", "ing", "ly", "er"))] = None
    return list(found)


@cache
def common() -> list[float]:
    """Cumulative weights of the vocabulary: the second word is half as common as the first, and so on."""
    return list(accumulate(1 / rank for rank in range(10, _VOCABULARY + 10)))


def someone(rng: random.Random) -> int:
    """The number of a company: half of all talk is about the few that everybody talks about."""
    return int(NAMES ** rng.random()) - 1 if rng.random() < 0.5 else rng.randrange(NAMES)


# -- what people ask ---------------------------------------------------------------------------------------------------


def watchlists(count: int, seed: int = 1) -> list[Watchlist]:
    """So many watchlists, each with another query."""
    rng = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[_query(rng)] = None
    person = Person("terminal:me")
    return [Watchlist(number, TERMINAL, f"w{number}", text, person, NEWEST) for number, text in enumerate(found, 1)]


def _query(rng: random.Random) -> str:
    """One query in ten asks for topics, one in ten for deals, four for a company, the others for words in many ways."""
    words = vocabulary()
    w, v = (words[rng.randrange(100, _VOCABULARY)] for _ in range(2))
    t, u = rng.sample(TRADE_WORDS, 2)
    kind, n = rng.randrange(20), someone(rng)
    if kind < 8:
        return (f'"{company(n)}"', f"{name(n)} {t}", f"{name_zh(n)}", f'"{company(n)}" -{t}')[kind % 4]
    if kind < 14:
        return (
            f"{t} {w}",
            f"({t} OR {u}) {v} -{w}",
            f"{w} {v}",
            f'"{rng.choice(_PAIRS)}" {w}',
            f"title:{w} {t}",
            f"{name(n)} OR {name_zh(n)}",
        )[kind - 8]
    if kind < 16:
        return f"topic:{rng.choice(('robotics', 'physical-ai'))} {w}"
    if kind < 18:
        deal = (
            f"round:{rng.choice(_ROUNDS)}",
            f"amount:>={rng.randrange(1, 500)}m",
            f"region:{rng.choice(('cn', 'us', 'asia'))}",
        )
        return f"event:funding {rng.choice(deal)} {w}"
    return f"{w[:5]}* {t}" if kind < 19 else f"{w} NEAR/{rng.randrange(2, 9)} {t}"


def company(n: int) -> str:
    return f"{name(n).title()} {('Robotics', 'Dynamics', 'Motion', 'Automation', 'Machines')[n % 5]}"


def entities(aliases: int) -> tuple[Entity, ...]:
    """Companies with so many names in all: two for each, an English and a Chinese one."""
    return tuple(
        Entity(f"bench-{n}", "company", company(n), (name_zh(n) + "机器人",), classes=("robotics",))
        for n in range(aliases // 2)
    )


# -- the news ----------------------------------------------------------------------------------------------------------


def items(count: int, on_topic: float = ON_TOPIC, seed: int = 2) -> Iterator[Item]:
    """So many items."""
    rng = random.Random(seed)
    for number in range(count):
        chinese, about = rng.random() < 1 / 3, rng.random() < on_topic
        tell = (_chinese if chinese else _english) if about else (_other_chinese if chinese else _other)
        title, summary = tell(rng)
        yield Item(
            f"{number:024x}", title, f"https://news.example/{number}", summary, NEWEST - timedelta(minutes=number), "",
            "zh" if chinese else "en", f"Wire {rng.randrange(400)}", "", None, number, None, None,
        )  # fmt: skip


def _english(rng: random.Random) -> tuple[str, str]:
    said = {
        "c": company(someone(rng)),
        "d": company(someone(rng)),
        "f": f"{name(someone(rng)).title()} Capital",
        "t": rng.choice(TRADE_WORDS),
        "p": rng.choice(_PAIRS),
        "m": str(rng.randrange(11, 390)),
        "r": rng.choice("ABC"),
        **dict(zip("wv", rng.choices(vocabulary(), cum_weights=common(), k=2), strict=True)),
    }
    return rng.choice(_HEADS).format_map(said), " ".join(line.format_map(said) for line in rng.sample(_LINES, 4))


def _chinese(rng: random.Random) -> tuple[str, str]:
    said = {
        "c": name_zh(someone(rng)) + "机器人",
        "d": name_zh(someone(rng)) + "机器人",
        "f": name_zh(someone(rng)) + "资本",
        "t": rng.choice(TRADE_ZH),
        "m": str(rng.randrange(2, 90)),
        "r": rng.choice(("A", "B", "天使")),
        "w": han(rng, 1),
        "v": han(rng, 2),
    }
    return rng.choice(_HEADS_ZH).format_map(said), "".join(line.format_map(said) for line in rng.sample(_LINES_ZH, 3))


def _other(rng: random.Random) -> tuple[str, str]:
    return sentence(rng, 12), " ".join(sentence(rng, 16) for _ in range(4))


def sentence(rng: random.Random, length: int) -> str:
    rare = rng.choices(vocabulary(), cum_weights=common(), k=length // 2)
    row = [rare[at // 2] if at % 2 else rng.choice(_COMMON_WORDS) for at in range(length)]
    return " ".join(row).capitalize() + "."


def _other_chinese(rng: random.Random) -> tuple[str, str]:
    return han(rng, 12), "".join(f"{han(rng, 8)}，{han(rng, 10)}。" for _ in range(5))


def han(rng: random.Random, count: int) -> str:
    return "".join(_HAN_WORDS[at * 2 : at * 2 + 2] for at in rng.choices(range(len(_HAN_WORDS) // 2), k=count))
