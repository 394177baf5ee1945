"""Which entities an item names: ambiguity, capitals, tickers, and the traps that the seeds' names set."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from bot.classify.knowledge.entities import EntityIndex, Named, longest
from bot.classify.knowledge.seeds import Entity, load_knowledge
from bot.classify.knowledge.tickers import written
from bot.classify.lexicon import Lexicon
from bot.classify.normal import needle
from bot.classify.reading import Reading
from bot.resources import seeds
from tests.classify.samples import item

SEEDS = load_knowledge(seeds())


class Finder:
    """An index with a lexicon of its own."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._lexicon = Lexicon()
        self._index = EntityIndex(entities, self._lexicon)

    def named(self, title: str, summary: str = "") -> list[Named]:
        reading = Reading(item(title, summary))
        hits = [self._lexicon.exact(hit) for hit in self._lexicon.search(reading.text)]
        return self._index.find(hits, {number for number, _, _ in hits}, reading)

    def ids(self, title: str, summary: str = "") -> list[str]:
        return [one.entity.id for one in self.named(title, summary)]


SMALL = Finder(
    (
        Entity(
            "figure",
            "company",
            "Figure AI",
            ("Figure",),
            ambiguous=("Figure",),
            context=("robot", "figure maker"),
            forbid=("skating",),
            mask=("key figure",),
            tickers=("NASDAQ:FIG",),
        ),
        Entity("fair", "lab", "Meta FAIR", ("FAIR",), ambiguous=("FAIR",)),
        Entity("bot-company", "company", "The Bot Company", ambiguous=("The Bot Company",)),
        Entity("huawei", "company", "Huawei", ("华为",), mask=("升华为",)),
        Entity("zhiyuan-a", "company", "AgiBot", ("智元",), ambiguous=("智元",), context=("机器人",)),
        Entity("zhiyuan-b", "lab", "Zhiyuan Lab", ("智元",), ambiguous=("智元",), context=("大模型",)),
        Entity("index", "investor", "Index", ambiguous=("Index",), loose=True, context=("fund",)),
        Entity("horizon", "company", "Horizon Robotics", ("Horizon",), ambiguous=("Horizon",), context=("chip",)),
        Entity("horizon-fund", "investor", "Horizon"),
        Entity("old", "company", "New Name", former=("Old Name",), mistaken=("Wrong Name",)),
        Entity("ubtech", "company", "UBTech", tickers=("HKEX:9880",)),
        Entity("cambricon", "company", "Cambricon", tickers=("SSE:688256",)),
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Figure AI", ["figure"]),
        ("figure ai", ["figure"]),  # what is plain needs no capital
        ("Figure", []),
        ("Figure shows a robot", ["figure"]),
        ("The figure shows a robot", []),
        ("Figure AI: what Figure does", ["figure", "figure"]),  # a plain spelling is context enough
        ("A robot and Figure skating", []),
        ("A robot and a Key Figure", []),
        ("A robot, a Key Figure, and Figure", ["figure"]),
        ("Figure maker", []),  # a word of the context has to stand outside the name
        ("FAIR", ["fair"]),
        ("Fair use", []),
        ("the Bot Company", ["bot-company"]),
        ("the bot company", []),
        ("an index fund", ["index"]),
        ("华为发布", ["huawei"]),
        ("升华为气体", []),
        ("智元发布机器人", ["zhiyuan-a"]),
        ("智元发布大模型", ["zhiyuan-b"]),
        ("智元机器人大模型", ["zhiyuan-a", "zhiyuan-b"]),  # nothing tells which of the two
        ("AgiBot 智元机器人大模型", ["zhiyuan-a", "zhiyuan-a"]),  # the one that is named plainly, too
        ("Horizon makes a chip", ["horizon-fund"]),  # who owns a name outright has it
        ("Old Name, Wrong Name", ["old", "old"]),
    ],
)
def test_an_ambiguous_name_counts_where_the_item_means_it(text: str, expected: list[str]) -> None:
    assert SMALL.ids(text) == expected
    assert SMALL.ids("", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(NASDAQ: FIG)", ["figure"]),
        ("Nasdaq:FIG", ["figure"]),
        ("（纳斯达克：FIG）", ["figure"]),
        ("FIG.O", ["figure"]),
        ("Figure (NASDAQ: FIG)", ["figure", "figure"]),
        ("a FIG tree, FIG", []),
        ("shares fell on the Nasdaq: fig prices rose", []),
        ("shares fell on the Nasdaq. FIG prices rose", []),
        ("9880.HK", ["ubtech"]),
        ("（09880.HK）", ["ubtech"]),
        ("HKG: 9880", ["ubtech"]),
        ("SEHK:09880", ["ubtech"]),
        ("9880 HK dollars", []),
        ("9880", []),
        ("688256.SH", ["cambricon"]),
        ("SHA: 688256", ["cambricon"]),
        ("688256", []),
    ],
)
def test_tickers_are_read_as_they_are_written(text: str, expected: list[str]) -> None:
    assert SMALL.ids(text) == expected


TRAPS = [
    "A figure of speech about a robot",
    "Figure 3 shows the robot arm",
    "Sales figures of robot makers",
    "The robot needs more agility on stairs",
    "The robot video runs at 1x speed",
    "The lux value of the robot's lamp",
    "The index of robotics stocks rose",
    "New benchmark results for robot learning",
    "A robot boat maps the Amazon rainforest",
    "The Amazon river carries robots of biologists",
    "A meta-analysis of robot studies",
    "Write a meta description for your robot blog",
    "A robot peels an apple for apple juice",
    "A robotics meetup in the Big Apple",
    "Robots patrol a wildlife Sanctuary",
    "What physical intelligence means for robots",
    "The wing of the drone broke",
    "Left Wing protests as a drone flies by",
    "A stack of robots",
    "Insects inspire robots with agile robots in mind",
    "Rossum's Universal Robots is a play",
    "A path for the robot",
    "The covariant tensor in robot kinematics",
    "Manual dexterity of robots",
    "The Fourier transform in robot vision",
    "用傅里叶变换分析机器人步态",
    "回归分析的自变量与因变量",
    "太阳从地平线升起",
    "小马拉松上的机器人",
    "白云深处有人家",
    "大众速腾降价",
    "每个字节八位",
    "蚂蚁搬家要下雨",
    "一锅小米粥",
    "吃苹果对身体好",
    "三星堆出土青铜器",
    "水凝结与升华为气体",
    "三百度高温的熔炉",
    "强大疆域",
    "考古发现新石器时代遗址",
    "阿里山的日出",
    "她有完美的笑容",
    "This is not fair use",
    "What threat intel says",
    "The cruise ship has a robot bartender",
    "arm and leg of a humanoid",
    "an uber-cool gadget",
    "a runway for the aircraft",
    "I learnt in vivo methods",
    "白犀牛是濒危动物",
    "Cambrian explosion of fossils",
    "Pink Floyd's Dark Side of the Moon",
]

MEANT = [
    ("Figure shows its humanoid in a BMW plant", "figure-ai"),
    ("Agility puts Digit to work", "agility-robotics"),
    ("1X opens orders for the humanoid NEO", "1x"),
    ("Amazon buys a robot maker", "amazon"),
    ("Meta hires for humanoid robots", "meta"),
    ("Apple works on a home robot", "apple"),
    ("苹果发布新款 iPhone", "apple"),
    ("Sanctuary shows the hand of its humanoid", "sanctuary-ai"),
    ("Physical Intelligence raises $600 million", "physical-intelligence"),
    ("Skild raises money", "skild-ai"),
    ("Nuro raises $200 million", "nuro"),
    ("Alphabet's drone unit Wing grows", "wing"),
    ("Covariant robots in a warehouse", "covariant"),
    ("Dexterity raises for truck-loading robots", "dexterity"),
    ("傅利叶发布新款人形机器人", "fourier"),
    ("傅里叶发布新款人形机器人", "fourier"),
    ("Fourier unveils a humanoid", "fourier"),
    ("星海图完成新一轮融资", "galaxea-ai"),
    ("众擎完成新一轮融资", "engineai"),
    ("自变量发布具身智能模型", "x-square-robot"),
    ("自變量機器人完成融資", "x-square-robot"),
    ("The independent variable robot raises money", "x-square-robot"),
    ("智元机器人下线第五千台", "agibot"),
    ("智元的人形机器人下线", "agibot"),
    ("银河通用估值上涨", "galbot"),
    ("云深处发布机器狗", "deep-robotics"),
    ("逐际动力发布新品", "limx-dynamics"),
    ("乐聚启动上市辅导，人形机器人出货", "leju-robotics"),
    ("优必选再获大单", "ubtech"),
    ("地平线发布智驾芯片", "horizon-robotics"),
    ("小马与文远获得自动驾驶牌照", "pony-ai"),
    ("小马与文远获得自动驾驶牌照", "weride"),
    ("元戎启行与车企合作", "deeproute"),
    ("速腾聚创激光雷达出货", "robosense"),
    ("禾赛激光雷达出货", "hesai"),
    ("大疆发布扫地机器人", "dji"),
    ("字节机器人团队扩张", "bytedance"),
    ("蚂蚁下场做具身智能，投资多家公司", "ant-group"),
    ("百度、华为、小鹏汽车都在做机器人", "baidu"),
    ("百度、华为、小鹏汽车都在做机器人", "huawei"),
    ("百度、华为、小鹏汽车都在做机器人", "xpeng"),
    ("通義千問成立機器人團隊", "qwen"),
    ("Thousand Questions, the model of Alibaba", "qwen"),
    ("Facebook opens a lab", "meta"),
    ("Halodi Robotics, as it was called", "1x"),
    ("Chihiro Intelligence raises 600 million yuan", "spirit-ai"),
    ("Dark Side of the Moon, the Chinese startup behind Kimi", "moonshot-ai"),
    ("PONY.O rises", "pony-ai"),
]


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(SEEDS.entities)


@pytest.mark.parametrize("text", TRAPS)
def test_plain_words_name_nobody(text: str, finder: Finder) -> None:
    assert finder.ids(text) == []


@pytest.mark.parametrize(("text", "expected"), MEANT)
def test_names_are_found_where_they_are_meant(text: str, expected: str, finder: Finder) -> None:
    assert expected in finder.ids(text)


def test_every_spelling_of_the_seeds_finds_its_entity(finder: Finder) -> None:
    lost = []
    for entity in SEEDS.entities:
        doubtful = entity.doubtful()
        context = next((word for word in entity.context if not _within(word, entity)), "")
        for name in entity.written():
            text = f"{name} | {context}" if needle(name) in doubtful and context else name
            if entity.id not in finder.ids(_capital(name, entity, text)):
                lost.append((entity.id, name))
    assert lost == []


def _within(word: str, entity: Entity) -> bool:
    """Whether a word of the context is part of a name, or belongs to what is forbidden."""
    parts = (*entity.written(), *entity.forbid, *entity.mask)
    return any(needle(word) in needle(part) for part in parts)


def _capital(name: str, entity: Entity, text: str) -> str:
    """The text, with an ambiguous name written as the seeds have it in `ambiguous`."""
    same = (one for one in entity.ambiguous if needle(one) == needle(name))
    return text.replace(name, next(same, name), 1)


def test_every_ticker_of_the_seeds_finds_its_entity(finder: Finder) -> None:
    ways = [(entity.id, way.text) for entity in SEEDS.entities for ticker in entity.tickers for way in written(ticker)]
    assert [(owner, text) for owner, text in ways if owner not in finder.ids(f"({text})")] == []
    assert len(ways) > 1000


def test_no_two_entities_of_the_seeds_share_a_plain_spelling() -> None:
    owners: dict[str, set[str]] = {}
    for entity in SEEDS.entities:
        for words in entity.plain():
            owners.setdefault(words, set()).add(entity.id)
    assert {words: ids for words, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    "text",
    [
        "Figure robot " * 8000,
        "Figure " * 14000 + "robot",
        "(NASDAQ: PONY) " * 6000,
        "自变量" * 30000 + "机器人",
        "a figure Figure 3 Meta Google " * 3000,
    ],
)
def test_long_texts_full_of_names_take_little_time(text: str, finder: Finder) -> None:
    finder.ids("")
    start = time.process_time()
    assert finder.ids(text) != []
    assert time.process_time() - start < 3  # a tenth of it here; a quadratic search takes a minute


def test_the_longest_wins_and_equals_stay() -> None:
    one, two, three = (Entity(name, "company", name) for name in ("a", "b", "c"))
    both = [Named(one, 0, 4), Named(two, 0, 4)]
    assert longest([*both, Named(three, 2, 6)]) == both
    assert longest([*both, Named(three, 2, 7)]) == [Named(three, 2, 7)]
    assert longest([Named(three, 6, 9), *both]) == [*both, Named(three, 6, 9)]
