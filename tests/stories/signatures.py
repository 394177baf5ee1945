"""Made-up reports, read by the real matcher over a small gazetteer: what the clusterer gets of them, in one line each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from bot.classify.deals.rates import Rates
from bot.classify.knowledge.seeds import Entity, Knowledge
from bot.classify.match import Matcher
from bot.model import Classification, Item
from bot.rows import item_of
from bot.stories.cluster import Clusterer, Placing
from bot.stories.signature import Signature, sign
from bot.stories.view import View
from bot.stories.weights import Weights
from bot.text import key63

START = datetime(2026, 3, 2, 9, tzinfo=UTC)

KNOWLEDGE = Knowledge(
    entities=(
        Entity("lumen", "company", "Lumen Robotics", ("流明机器人", "Lumen"), classes=("robotics",)),
        Entity("corvid", "company", "Corvid Robotics", ("渡鸦机器人", "Corvid"), classes=("robotics",)),
        Entity("tarn", "company", "Tarn Dynamics", ("塔恩动力",), classes=("robotics",)),
        Entity("brack", "company", "Brack Industries", ("布拉克工业", "Brack")),
        Entity("delta", "investor", "Delta Ventures", ("三角洲创投",)),
        Entity("harbour", "investor", "Harbour Capital", ("海港资本",)),
        Entity("meridian", "company", "Meridian Motors", ("子午线汽车",)),
        Entity("oyelaran", "person", "Marta Oyelaran", ("玛塔·奥耶拉兰",)),
    ),
    rates=Rates(
        {"CNY": ((date(2020, 1, 1), 7.0),), "EUR": ((date(2020, 1, 1), 0.9),), "GBP": ((date(2020, 1, 1), 0.75),)}
    ),
)


class Words(NamedTuple):
    """What a report says."""

    title: str
    summary: str = ""


# -- one round of Lumen, told by two English and two Chinese outlets ------------------------------------------------------

ROUND_EN = Words(
    "Lumen Robotics raises $140 million to build warehouse humanoids",
    "Lumen Robotics, a maker of humanoid robots for warehouses, has raised $140 million in a Series B "
    "round led by Delta "
    "Ventures, with Harbour Capital taking part. Chief executive Marta Oyelaran said the money will pay "
    "for a second factory "
    "in Rotterdam, where the Glimmer 2 robot is to be assembled from spring.",
)
ROUND_EN_TOO = Words(
    "Delta Ventures leads $140m Series B in humanoid maker Lumen",
    "The start-up behind the Glimmer 2 humanoid plans another plant in Rotterdam after its latest "
    "funding. Delta Ventures led "
    "the Series B of $140m in Lumen Robotics and Harbour Capital joined, founder Marta Oyelaran told "
    "reporters on Monday. Its "
    "robots carry crates in warehouses.",
)
ROUND_ZH = Words(
    "流明机器人完成近10亿元B轮融资，三角洲创投领投",
    "人形机器人公司流明机器人宣布完成近10亿元人民币B轮融资，由三角洲创投领投，海港资本跟投。创始人玛塔·奥耶拉兰表示，资金将用于在鹿特丹"
    "建设第二座工厂，生产面向仓库的人形机器人Glimmer 2。",
)
ROUND_ZH_TOO = Words(
    "三角洲创投领投，人形机器人公司流明获近10亿元B轮融资",
    "记者获悉，流明机器人已完成B轮融资，金额近10亿元，三角洲创投为领投方，海港资本参与。"
    "该公司的人形机器人Glimmer 2用于仓库搬运，第二座工厂"
    "将设在荷兰鹿特丹。",
)

# -- other rounds, in the same words --------------------------------------------------------------------------------------

ROUND_OF_CORVID = Words(
    "Corvid Robotics raises $140 million to build warehouse humanoids",
    "Corvid Robotics, a maker of humanoid robots for warehouses, has raised $140 million in a Series B "
    "round led by Brack "
    "Industries. Chief executive Ines Falk said the money will pay for a second factory in Gdansk, where "
    "the Rook robot is to "
    "be assembled from spring.",
)
ROUND_NEXT = Words(
    "Lumen Robotics raises $400 million to build warehouse humanoids",
    "Lumen Robotics, a maker of humanoid robots for warehouses, has raised $400 million in a Series C "
    "round led by Meridian "
    "Motors. Chief executive Marta Oyelaran said the money will pay for a second factory in Rotterdam, "
    "where the Glimmer 2 "
    "robot is to be assembled from spring.",
)

# -- a take-over and what became of it ------------------------------------------------------------------------------------

SALE = Words(
    "Meridian Motors to acquire Corvid Robotics for $2.3 billion",
    "Carmaker Meridian Motors has agreed to acquire Corvid Robotics, which makes picking robots, for "
    "$2.3 billion in cash. The "
    "deal needs the consent of regulators in Brazil and is expected to be complete by autumn, both "
    "companies said in Gdansk.",
)
SALE_TOO = Words(
    "Corvid Robotics goes to Meridian Motors in $2.3bn cash deal",
    "The maker of picking robots is to be bought by Meridian Motors for $2.3bn in cash, subject to "
    "approval by regulators in "
    "Brazil. Corvid Robotics of Gdansk will keep its name, the carmaker said.",
)
SALE_ZH = Words(
    "子午线汽车拟以23亿美元收购渡鸦机器人",
    "汽车制造商子午线汽车宣布，将以23亿美元现金收购分拣机器人公司渡鸦机器人，交易尚需巴西监管机构同意，预计秋季完成。",
)
APPROVED = Words(
    "Brazil approves Meridian Motors' acquisition of Corvid Robotics",
    "The Brazilian regulator has approved the $2.3 billion acquisition of Corvid Robotics by the "
    "carmaker Meridian Motors "
    "without conditions, it said in Brasilia.",
)
APPROVED_TOO = Words(
    "Regulator in Brazil clears Meridian's takeover of Corvid Robotics",
    "Brazil's regulator has approved the acquisition of Corvid Robotics by Meridian Motors for $2.3 "
    "billion without any "
    "conditions, according to a notice published in Brasilia.",
)
CLOSED = Words(
    "Meridian Motors completes acquisition of Corvid Robotics",
    "Carmaker Meridian Motors has completed its $2.3 billion acquisition of Corvid Robotics, which makes "
    "picking robots, the "
    "companies said.",
)
CANCELLED = Words(
    "Meridian Motors calls off acquisition of Corvid Robotics",
    "Carmaker Meridian Motors has called off its $2.3 billion acquisition of Corvid Robotics, which "
    "makes picking robots, the "
    "companies said.",
)
OTHER_BUYER = Words(
    "Brack Industries snaps up Corvid Robotics for $2.9 billion",
    "Corvid Robotics, known for arms that pick parcels, is to be sold to Brack Industries. The "
    "conglomerate pays $2.9 billion in "
    "shares, it announced in Gdansk, and picking robots are to be built in its own works.",
)
OTHER_BUYER_IN_THESE_WORDS = Words(
    SALE.title.replace("Meridian Motors", "Brack Industries").replace("$2.3", "$2.9"),
    SALE.summary.replace("Carmaker Meridian Motors", "Conglomerate Brack Industries").replace("$2.3", "$2.9"),
)

# -- events that are no deals ---------------------------------------------------------------------------------------------

FIRE = Words(
    "Tarn Dynamics recalls 4,200 delivery robots after battery fires in Oslo",
    "Tarn Dynamics is recalling 4,200 delivery robots of the model Fjord after three of them caught fire "
    "in Oslo last week. "
    "The batteries can overheat while charging, the Norwegian product safety authority warned.",
)
FIRE_TOO = Words(
    "Burning robots: Oslo blazes prompt recall of Tarn's Fjord couriers",
    "After three blazes on the pavements of Oslo, the maker Tarn Dynamics takes 4,200 of its Fjord "
    "delivery robots back. Their "
    "batteries overheat when they charge, says the safety authority of Norway.",
)
FIRE_ZH = Words(
    "塔恩动力召回4200台配送机器人，因电池在奥斯陆起火",
    "塔恩动力正在召回4200台Fjord型号的配送机器人，此前有三台在奥斯陆起火。挪威产品安全部门警告说，电池充电时可能过热。",
)
FIRE_ZH_TOO = Words(
    "奥斯陆三起火灾后，塔恩动力召回配送机器人",
    "因电池充电时过热，三台Fjord配送机器人在奥斯陆街头起火，塔恩动力宣布召回4200台产品。挪威产品安全部门已发出警告。",
)
FIRE_ANSWER = Words(
    "Tarn Dynamics responds to Oslo battery fires: Fjord robots are safe once updated",
    "Tarn Dynamics responded on Thursday to the recall of 4,200 Fjord delivery robots in Oslo: the "
    "batteries no longer overheat "
    "while charging after a software update, the company told the Norwegian safety authority.",
)
FIRE_ANSWER_TOO = Words(
    "Update makes Fjord robots safe, says Tarn Dynamics in response to Oslo battery fires",
    "In its response to the recall of 4,200 delivery robots, Tarn Dynamics told the Norwegian safety "
    "authority that a software "
    "update keeps the Fjord batteries from overheating while charging. Three had burned in Oslo.",
)
DANCE = Words(
    "A troupe of twelve walking machines dances at the Lisbon opera",
    "Visitors of the opera in Lisbon saw a ballet for twelve walking machines by the choreographer "
    "Beatriz Soares on Saturday "
    "evening, with music for brass and drums.",
)
ORCHARD = Words(
    "Orchards in Kent try pickers that see in the dark",
    "Growers of apples near Maidstone let pickers harvest at night this autumn; infra-red lamps show "
    "which fruit is ripe, "
    "says the college of agriculture.",
)

# -- many events in one ---------------------------------------------------------------------------------------------------

ROUNDUP = Words(
    "Robotics round-up: Lumen raises $140 million, Meridian buys Corvid, Tarn recalls Fjord",
    f"{ROUND_EN.summary} {SALE.summary} {FIRE.summary}",
)
ROUNDUP_ZH = Words(
    "机器人早报：流明机器人完成近10亿元B轮融资，三角洲创投领投；塔恩动力召回配送机器人",
    f"{ROUND_ZH.summary}{FIRE_ZH.summary}",
)


@cache
def matcher() -> Matcher:
    """Reads items; built once for all tests of a file."""
    return Matcher(KNOWLEDGE)


def item(words: Words, source: str = "Wire A", after: float = 0.0, url: str = "") -> Item:
    """An item `after` so many hours; its link is its own if none is given."""
    at = START + timedelta(hours=after)
    row = {"title": words.title, "summary": words.summary, "source": source, "published": at.isoformat()}
    own = f"https://{source.lower().replace(' ', '-')}.example/{key63(*words, str(after))}"
    made = item_of({"id": f"{source} {after} {words.title}", "url": url or own, **row}, at)
    return made if words.title else replace(made, title="")  # else it would be called after its link


def about(one: Item) -> Classification:
    """What the matcher understands of it."""
    return matcher().read(one)[0]


def report(words: Words, source: str = "Wire A", after: float = 0.0, url: str = "", timed: bool = True) -> Signature:
    """The signature of such an item."""
    one = item(words, source, after, url)
    return sign(one, about(one), timed)


@cache
def untaught() -> Weights:
    """Weights as the tables have them; one and the same, for it numbers the words of all views that are compared."""
    return Weights()


def view(words: Words, source: str = "Wire A", after: float = 0.0) -> View:
    """The same, ready to be compared, as the first reports of a window are."""
    return View(report(words, source, after), untaught())


def placed(*reports: Signature) -> list[Placing]:
    """Where a fresh clusterer puts them, in this order."""
    clusterer = Clusterer()
    return [clusterer.place(one) for one in reports]


def stories(*reports: Signature) -> list[int]:
    """The story of each, in this order."""
    return [one.story for one in placed(*reports)]
