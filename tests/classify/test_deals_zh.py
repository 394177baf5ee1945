"""What Chinese sentences say of deals. All sentences are made up; so are most of the companies."""

from __future__ import annotations

import time

import pytest

from bot.classify.deals.drafts import Draft
from bot.classify.deals.zh import TRIGGERS, find
from bot.classify.passages import Name, Passage
from bot.model import Field
from bot.text import level


def passage(field: Field, text: str, *names: tuple[str, str]) -> Passage:
    """A passage in which each (words, entity) of `names` was found."""
    places = (Name(entity, "company", text.index(words), text.index(words) + len(words)) for words, entity in names)
    return Passage(field, text, level(text), tuple(sorted(places, key=lambda name: name.start)))


def read(title: str, summary: str = "") -> list[Draft]:
    passages = [passage("title", title)] + ([passage("summary", summary)] if summary else [])
    return find(passages)


def funding(title: str, summary: str = "") -> Draft:
    """The one financing that is told."""
    (draft,) = [one for one in read(title, summary) if one.type == "funding"]
    return draft


def target(draft: Draft) -> str:
    return draft.target.words if draft.target else ""


def acquirer(draft: Draft) -> str:
    return draft.acquirer.words if draft.acquirer else ""


def backers(draft: Draft) -> list[str]:
    """Everybody who put money in, the leads with a star."""
    leads = {said.words for said in draft.lead}
    return ["*" * (said.words in leads) + said.words for said in draft.investors]


@pytest.mark.parametrize(
    ("text", "name", "amount", "currency", "stage"),
    [
        ("星澜智能完成2亿元B轮融资", "星澜智能", 200_000_000, "CNY", "B"),
        ("星澜智能获千万元Pre-A轮融资", "星澜智能", 10_000_000, "CNY", "Pre-A"),
        ("星澜智能宣布完成近3亿美元D轮融资", "星澜智能", 300_000_000, "USD", "D"),
        ("星澜智能再获超亿元战略融资", "星澜智能", 100_000_000, "CNY", "Strategic"),
        ("星澜智能斩获5000万元天使+轮融资", "星澜智能", 50_000_000, "CNY", "Angel+"),
        ("星澜智能连续完成A轮及A+轮融资", "星澜智能", None, "", "A/A+"),
        ("星澜智能完成亿元级种子轮融资", "星澜智能", 100_000_000, "CNY", "Seed"),
        ("星澜智能完成C1轮融资，金额达1.5亿元", "星澜智能", 150_000_000, "CNY", "C1"),
        ("星澜智能融资2亿，大厂入场", "星澜智能", 200_000_000, "CNY", ""),
        ("星澜智能数亿元融资落地", "星澜智能", None, "CNY", ""),
        ("「星澜智能」完成数千万元A轮融资", "星澜智能", None, "CNY", "A"),
        ("“星澜智能”完成数千万元A轮融资", "星澜智能", None, "CNY", "A"),
        ("服务机器人公司「星澜智能」获A轮融资", "星澜智能", None, "", "A"),
        ("人形机器人公司 Norvik 完成 3000 万美元 A 轮融资", "Norvik", 30_000_000, "USD", "A"),
        ("国产GPU厂商星澜智能完成B轮融资", "星澜智能", None, "", "B"),
        ("具身智能企业星澜智能完成B轮融资", "星澜智能", None, "", "B"),
        ("专注于管道巡检机器人的星澜智能完成B轮融资", "星澜智能", None, "", "B"),
        ("做手术机器人，星澜智能完成B轮融资", "星澜智能", None, "", "B"),
        ("名校教授创办的星澜智能完成B轮融资", "星澜智能", None, "", "B"),
        ("【首发】星澜智能完成B轮融资", "星澜智能", None, "", "B"),
        ("财经日报6月3日消息，星澜智能近日完成B轮融资", "星澜智能", None, "", "B"),
        ("星澜智能，一家做灵巧手的企业，已完成数千万元A轮融资", "星澜智能", None, "CNY", "A"),
        ("福建星澜智能科技有限公司（以下简称：星澜智能）完成A轮融资", "星澜智能", None, "", "A"),
        ("福建星澜智能科技有限公司（下称“星澜智能”）完成A轮融资", "星澜智能", None, "", "A"),
        ("Norvik人形机器人完成10亿美元C轮融资", "Norvik", 1_000_000_000, "USD", "C"),
        ("方正浩完成A轮融资", "方正浩", None, "", "A"),
    ],
)
def test_reads_who_raised_how_much_in_which_round(
    text: str, name: str, amount: int | None, currency: str, stage: str
) -> None:
    draft = funding(text)
    money = (draft.money.amount, draft.money.currency) if draft.money else (None, "")
    assert (target(draft), *money, draft.stage.round if draft.stage else "") == (name, amount, currency, stage)
    assert draft.main


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("星澜智能完成A轮融资，由云栖资本领投", ["*云栖资本"]),
        ("星澜智能完成A轮融资，云栖资本领投，海石创投、北岭基金跟投", ["*云栖资本", "海石创投", "北岭基金"]),
        ("星澜智能完成A轮融资，由云栖资本和海石创投联合领投", ["*云栖资本", "*海石创投"]),
        ("星澜智能获云栖资本、海石创投领投", ["*云栖资本", "*海石创投"]),
        ("星澜智能获云栖资本领投数千万元A轮融资", ["*云栖资本"]),
        ("星澜智能获云栖资本近2亿元战略投资", ["云栖资本"]),
        ("星澜智能完成由云栖资本领投、老股东海石创投跟投的数千万元A轮融资", ["*云栖资本", "海石创投"]),
        ("云栖资本领投，星澜智能完成A轮融资", ["*云栖资本"]),
        ("云栖资本领投 星澜智能完成A轮融资", ["*云栖资本"]),
        ("星澜智能完成A轮融资，投资方为云栖资本", ["云栖资本"]),
        ("星澜智能完成A轮融资，投资方包括云栖资本、海石创投等", ["云栖资本", "海石创投"]),
        ("星澜智能完成A轮融资，投资机构：云栖资本领投，海石创投跟投", ["*云栖资本", "海石创投"]),
        ("星澜智能完成A轮融资，领投方为云栖资本", ["*云栖资本"]),
        ("星澜智能完成A轮融资，云栖资本为独家投资方", ["云栖资本"]),
        ("星澜智能完成A轮融资，海石创投独家投资", ["海石创投"]),
        ("星澜智能完成A轮融资，引入云栖集团、海石股份战略投资", ["云栖集团", "海石股份"]),
        ("星澜智能完成A轮融资，老股东云栖资本、海石创投持续加注", ["云栖资本", "海石创投"]),
        ("星澜智能完成A轮融资，由云栖集团旗下海石创投投资", ["海石创投"]),
        ("星澜智能完成A轮融资，由云栖集团旗下基金领投", ["*云栖集团"]),
        ("星澜智能完成A轮融资，由云栖资本（Yunqi Capital）领投", ["*云栖资本"]),
        ("星澜智能完成A轮融资，云栖资本领投，多家知名机构跟投", ["*云栖资本"]),
        ("星澜智能完成A轮融资，云栖资本领投，老股东跟投", ["*云栖资本"]),
        ("星澜智能完成A轮融资，某产业方、海外财团入局", []),
        ("星澜智能完成A轮融资，云栖资本领投，华东投行担任独家财务顾问", ["*云栖资本"]),
        ("星澜智能完成A轮融资，由和川资本、道明投资和云和基金共同投资", ["和川资本", "道明投资", "云和基金"]),
        ("星澜智能完成A轮融资，由道明投资领投", ["*道明投资"]),
        ("星澜智能完成A轮融资，由海石战投领投", ["*海石战投"]),
        ("星澜智能完成A轮融资，投资方包括云栖资本和道明投资", ["云栖资本", "道明投资"]),
        (
            "星澜智能完成A轮融资，投资方有云栖资本等财务机构，东江股份、西岳科技等产业方",
            ["云栖资本", "东江股份", "西岳科技"],
        ),
        ("星澜智能完成A轮融资，由Blue Peak Ventures与云栖资本共同领投", ["*Blue Peak Ventures", "*云栖资本"]),
        ("星澜智能完成A轮融资，由云栖资本（海石管理）、东江基金（有限合伙）跟投", ["云栖资本", "东江基金"]),
    ],
)
def test_reads_who_put_the_money_in(text: str, expected: list[str]) -> None:
    draft = funding(text)
    assert (target(draft), backers(draft)) == ("星澜智能", expected)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("云栖资本领投Norvik，半年出手五次", "Norvik", ["*云栖资本"]),
        ("云栖资本投资机器人公司星澜智能", "星澜智能", ["云栖资本"]),
        ("云栖集团等入股星澜智能", "星澜智能", ["云栖集团"]),
        ("云栖集团将向星澜智能投资5亿元", "星澜智能", ["云栖集团"]),
        ("云栖集团布局焊接领域，斥 20 亿日元投资 Norvik", "Norvik", ["云栖集团"]),
        ("云栖集团：拟以4亿元对星澜智能进行增资", "星澜智能", ["云栖集团"]),
        ("云栖股份拟以5亿元参与星澜智能的A轮融资", "星澜智能", ["云栖股份"]),
        ("云栖股份拟1亿元认购北岭具身智能产业投资基金份额", "北岭具身智能产业投资基金", ["云栖股份"]),
    ],
)
def test_reads_an_investment_from_the_investors_side(text: str, name: str, expected: list[str]) -> None:
    draft = funding(text)
    assert (target(draft), backers(draft)) == (name, expected)


def test_new_shareholders_in_the_register_are_investors() -> None:
    text = "星澜智能（杭州）科技有限公司发生工商变更，新增云栖集团、海石创投等为股东，注册资本增至约240万元"
    title, summary = read("云栖集团等入股星澜智能", text)
    assert (target(title), backers(title)) == ("星澜智能", ["云栖集团"])
    assert (target(summary), backers(summary)) == ("星澜智能", ["云栖集团", "海石创投"])


@pytest.mark.parametrize(
    ("text", "valuation", "total"),
    [
        ("星澜智能完成3亿元A轮融资，投后估值超20亿元", 2_000_000_000, None),
        ("星澜智能完成3亿元A轮融资，估值破百亿", 10_000_000_000, None),
        ("星澜智能拟以40亿美元估值筹集5亿美元", 4_000_000_000, None),
        ("星澜智能完成3亿元A轮融资，累计融资超8亿元", None, 800_000_000),
        ("星澜智能完成3亿元A轮融资，连续两年营收过亿元", None, None),
        ("星澜智能完成3亿元A轮融资，在手订单10亿元", None, None),
    ],
)
def test_tells_valuation_and_total_from_the_amount(text: str, valuation: int | None, total: int | None) -> None:
    draft = funding(text)
    assert draft.money is not None
    assert draft.money.amount in {300_000_000, 500_000_000}
    assert (draft.valuation.amount if draft.valuation else None) == valuation
    assert (draft.total.amount if draft.total else None) == total


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("星澜智能完成A轮融资", "closed"),
        ("星澜智能获A轮融资", "closed"),
        ("星澜智能即将完成3亿元A轮融资", "talks"),
        ("星澜智能接近完成3亿元A轮融资", "talks"),
        ("星澜智能最快本周完成3亿元A轮融资", "talks"),
        ("星澜智能拟融资15亿美元", "talks"),
        ("星澜智能正洽谈新一轮融资，估值达30亿美元", "talks"),
        ("星澜股份：拟募资12亿元用于扩产", "announced"),
        ("星澜智能融资15亿美元", None),
        ("云栖集团据悉将向星澜智能投资5亿元", "rumoured"),
        ("云栖集团将向星澜智能投资5亿元", "announced"),
        ("云栖集团入股星澜智能", "closed"),
        ("星澜智能终止3亿元A轮融资", "cancelled"),
    ],
)
def test_reads_how_far_a_financing_is(text: str, status: str | None) -> None:
    assert [one.status for one in read(text)] == [status]


def test_the_goal_that_was_raised_counts_not_the_old_one() -> None:
    draft = funding("星澜智能将融资目标从1亿美元提高至2亿美元")
    assert draft.money is not None
    assert draft.money.amount == 200_000_000


def test_title_and_summary_agree_on_name_and_round() -> None:
    title, summary = read(
        "星澜智能获数千万元Pre-A轮融资", "星澜智能完成数千万元A轮融资，由云栖资本领投。本轮资金将用于研发。"
    )
    assert (target(title), title.stage.round if title.stage else "") == ("星澜智能", "Pre-A")
    assert (target(summary), summary.stage, backers(summary)) == ("星澜智能", None, ["*云栖资本"])


def test_investors_in_the_summary_belong_to_the_financing_of_the_title() -> None:
    _, summary = read("星澜智能完成2亿元B轮融资", "本轮融资由云栖资本领投，海石创投跟投，资金将用于量产。")
    assert (target(summary), backers(summary)) == ("星澜智能", ["*云栖资本", "海石创投"])


def test_a_title_that_only_describes_the_company_takes_its_name_from_the_summary() -> None:
    drafts = read("深圳喷涂机器人融资2亿，大厂入场", "专注于喷涂的星澜智能宣布完成近2亿元A轮融资。")
    assert [target(one) for one in drafts] == ["星澜智能", "星澜智能"]


def test_a_full_company_name_gives_way_to_the_short_one_that_is_used() -> None:
    drafts = read("上海星澜智能科技有限公司完成1000万元天使轮融资", "星澜智能完成1000万元天使轮融资。")
    assert [target(one) for one in drafts] == ["星澜智能", "星澜智能"]


def test_a_full_company_name_stays_where_no_short_one_is_used() -> None:
    (draft,) = read("上海星澜智能科技股份有限公司向港交所提交上市申请书")
    assert target(draft) == "上海星澜智能科技股份有限公司"


def test_an_investor_is_named_in_full_where_the_summary_does() -> None:
    title, summary = read("星澜智能获云栖A轮投资", "星澜智能完成A轮融资，由云栖创投独家投资。")
    assert (backers(title), backers(summary)) == (["云栖创投"], ["云栖创投"])


def test_an_earlier_round_is_background() -> None:
    main, earlier = read("星澜智能完成2亿元B轮融资", "此前，星澜智能曾于2024年3月完成5000万元A轮融资，由云栖资本领投。")
    assert (main.main, main.stage.round if main.stage else "") == (True, "B")
    assert (earlier.main, earlier.stage.round if earlier.stage else "", backers(earlier)) == (False, "A", ["*云栖资本"])


def test_an_earlier_round_of_which_nothing_is_said_is_none() -> None:
    assert len(read("星澜智能完成2亿元B轮融资", "此前已完成天使轮及Pre-A轮融资。")) == 1


def test_each_clause_of_a_digest_is_a_deal_of_its_own() -> None:
    drafts = read("早报｜星澜智能融资超3亿元；北岭科技完成B轮融资；云栖股份收购海石传动51%股权")
    assert [(one.type, target(one)) for one in drafts] == [
        ("funding", "星澜智能"), ("funding", "北岭科技"), ("acquisition", "海石传动"),
    ]  # fmt: skip


def test_names_of_the_gazetteer_are_found_inside_longer_words() -> None:
    text = "前大厂高管带队的Norvik双足机器人完成A轮融资"
    (draft,) = find([passage("title", text, ("Norvik", "norvik"))])
    assert target(draft) == "Norvik"


def test_a_known_name_with_a_conjunction_in_it_is_one_investor() -> None:
    text = "星澜智能完成A轮融资，由海石和山资本领投"
    (draft,) = find([passage("title", text, ("海石和山资本", "haishi"))])
    assert backers(draft) == ["*海石和山资本"]


def test_the_second_hard_example_in_chinese() -> None:
    drafts = read("自变量机器人完成近10亿元A+轮融资，阿里云、国科投资领投", "三年累计融资超20亿元。")
    (draft,) = drafts
    assert (target(draft), draft.money.amount if draft.money else None, draft.stage.round if draft.stage else "") == (
        "自变量机器人", 1_000_000_000, "A+",
    )  # fmt: skip
    assert (backers(draft), draft.total.amount if draft.total else None) == (["*阿里云", "*国科投资"], 2_000_000_000)


@pytest.mark.parametrize(
    ("text", "buyer", "bought", "amount", "status"),
    [
        ("云栖股份收购星澜智能", "云栖股份", "星澜智能", None, None),
        ("云栖股份：拟收购星澜智能60%股权", "云栖股份", "星澜智能", None, "announced"),
        ("云栖股份：拟收购星澜智能控股权", "云栖股份", "星澜智能", None, "announced"),
        ("云栖股份拟以4.2亿元收购星澜智能70%股权", "云栖股份", "星澜智能", 420_000_000, "announced"),
        ("云栖股份拟斥资4.2亿元收购星澜智能", "云栖股份", "星澜智能", 420_000_000, "announced"),
        ("云栖股份收购星澜智能全部股权，交易作价4.2亿元", "云栖股份", "星澜智能", 420_000_000, None),
        ("云栖股份宣布完成对星澜智能的收购", "云栖股份", "星澜智能", None, "closed"),
        ("云栖股份已收购星澜智能", "云栖股份", "星澜智能", None, "closed"),
        ("云栖集团将收购 Norvik 机器人业务成「全球第一」", "云栖集团", "Norvik 机器人业务", None, "announced"),
        ("Orbis宣布收购法国电子产品制造商Norvik", "Orbis", "Norvik", None, "announced"),
        ("Orbis据悉考虑收购人工智能初创公司Norvik.AI", "Orbis", "Norvik.AI", None, "rumoured"),
        ("Orbis正就收购Norvik进行谈判", "Orbis", "Norvik", None, "talks"),
        ("Orbis放弃收购扫地机器人制造商Norvik", "Orbis", "Norvik", None, "cancelled"),
        ("云栖股份：终止收购星澜智能股权", "云栖股份", "星澜智能", None, "cancelled"),
        ("欧盟批准Orbis收购Norvik", "Orbis", "Norvik", None, "approved"),
        ("消息称Orbis以14亿美元收购Norvik将获欧盟批准", "Orbis", "Norvik", 1_400_000_000, "announced"),
        ("欧盟将调查Orbis收购Norvik交易", "Orbis", "Norvik", None, "announced"),
        ("星澜智能被云栖股份以3亿元收购", "云栖股份", "星澜智能", 300_000_000, None),
        ("星澜智能被收购", "", "星澜智能", None, None),
        ("云栖股份拟1.04亿元取得星澜精密51%股权", "云栖股份", "星澜精密", 104_000_000, "announced"),
        ("云栖股份：拟转让星澜传动13%股权给关联方海石控股", "海石控股", "星澜传动", None, "announced"),
        ("Orbis将与Norvik合并", "Orbis", "Norvik", None, "announced"),
        ("Orbis正考虑与Norvik合并", "Orbis", "Norvik", None, "rumoured"),
        ("Orbis据悉正在考虑与Norvik合并", "Orbis", "Norvik", None, "rumoured"),
        ("Orbis 被曝正评估与 Norvik 合并的可能", "Orbis", "Norvik", None, "rumoured"),
        ("Orbis此前已收购Norvik", "Orbis", "Norvik", None, "closed"),
        ("Orbis最快本周完成对Norvik的收购", "Orbis", "Norvik", None, "announced"),
        ("Orbis即将完成对Norvik的收购", "Orbis", "Norvik", None, "announced"),
        ("Orbis搁置收购Norvik", "Orbis", "Norvik", None, "cancelled"),
    ],
)
def test_reads_who_buys_whom(text: str, buyer: str, bought: str, amount: int | None, status: str | None) -> None:
    (draft,) = read(text)
    assert (draft.type, acquirer(draft), target(draft)) == ("acquisition", buyer, bought)
    assert (draft.money.amount if draft.money else None, draft.status) == (amount, status)


def test_the_buyer_may_stand_in_the_clause_before() -> None:
    text = "林远舟：云栖集团已开始量产，将收购 Norvik 机器人业务"
    (draft,) = find([Passage("title", text, level(text), (Name("lin-yuanzhou", "person", 0, 3),))])
    assert (acquirer(draft), target(draft)) == ("云栖集团", "Norvik 机器人业务")


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("星澜智能向港交所递交招股书", "星澜智能", "announced"),
        ("星澜智能递表港交所", "星澜智能", "announced"),
        ("星澜智能向美国证券交易委员会提交 IPO 申请", "星澜智能", "announced"),
        ("星澜智能科创板IPO获受理", "星澜智能", "announced"),
        ("星澜智能通过港交所聆讯", "星澜智能", "approved"),
        ("星澜智能赴美IPO获备案", "星澜智能", "approved"),
        ("星澜智能完成境外发行上市备案", "星澜智能", "approved"),
        ("星澜智能在港交所主板挂牌上市", "星澜智能", "closed"),
        ("星澜智能正式登陆科创板", "星澜智能", "closed"),
        ("星澜智能启动上市辅导", "星澜智能", "announced"),
        ("星澜智能拟在香港IPO", "星澜智能", "announced"),
        ("传星澜智能考虑赴港IPO", "星澜智能", "rumoured"),
        ("自动驾驶公司星澜智能据悉寻求在香港IPO", "星澜智能", "rumoured"),
        ("星澜智能推迟赴美 IPO 计划", "星澜智能", "cancelled"),
        ("星澜智能撤回科创板上市申请，不再推进IPO", "星澜智能", "cancelled"),
    ],
)
def test_reads_who_goes_public(text: str, name: str, status: str) -> None:
    (draft,) = read(text)
    assert (draft.type, target(draft), draft.status) == ("ipo", name, status)


def test_what_a_listing_raises_is_no_second_deal() -> None:
    (draft,) = read("星澜智能递交科创板上市申请，拟募资7.5亿元")
    assert (draft.type, draft.money.amount if draft.money else None) == ("ipo", 750_000_000)


def test_what_was_raised_before_a_listing_is_its_total() -> None:
    (draft,) = read("星澜智能赴美IPO获备案，此前累计融资超12亿美元")
    assert (draft.money, draft.total.amount if draft.total else None) == (None, 1_200_000_000)


@pytest.mark.parametrize(
    "text",
    [
        "云栖股份：使用5亿元闲置资金进行委托理财",
        "云栖股份：拟回购2亿元股份",
        "云栖股份上半年营收10亿元，净利润1亿元",
        "云栖集团今年资本开支将达380亿元",
        "云栖股份中标3亿元机器人采购项目",
        "云栖股份与星澜智能签订2亿元订单",
        "机器人市场规模有望突破千亿元",
        "星澜智能发布新机器人，售价8.9万元",
        "星澜智能新款扫地机器人正式上市，首发价2999元",
        "星澜智能人形机器人将于第三季度上市",
        "手术机器人获批上市",
        "云栖股份：拟投资8亿元建设机器人工厂",
        "政府设立100亿元机器人产业基金",
        "上半年机器人行业共发生48起融资事件",
        "12家机器人公司获融资，总额超50亿元",
        "融资余额较前一日增加3亿元",
        "云栖股份融资净买入2亿元",
        "机构：关注人形机器人投资机会",
        "专家建议对新能源车征收购置税",
        "新一轮并购重组聚焦硬科技",
        "云栖股份澄清：不存在并购重组事项",
        "云栖集团计划大举投资人形机器人",
        "云栖股份分红5亿元",
        "云栖股份控股股东质押3亿股股份",
        "多家机器人企业排队IPO",
        "云栖集团回应参与星澜智能A轮融资：不实信息",
        "星澜智能与北岭科技达成战略合作",
        "上市公司云栖股份布局具身智能",
        "云栖集团合并净利润12亿元",
        "商务部将引导外商投资先进制造业",
        "星澜智能明年向公众出售人形机器人",
        "市里对机器人项目按总投资给予最高5000万元支持",
        "此次收购仅为取得控股权，不构成借壳",
        "",
        "融资",
        "收购",
    ],
)  # fmt: skip
def test_leaves_alone_what_is_no_deal(text: str) -> None:
    assert read(text) == []


def test_every_word_said_stands_in_the_original() -> None:
    title = "「星瀾智能」完成２億元Ｂ輪融資，雲棲資本領投"
    (draft,) = read(title)
    assert (target(draft), backers(draft)) == ("星瀾智能", ["*雲棲資本"])
    assert draft.money is not None
    assert title[draft.money.start : draft.money.end] == "２億元"


def test_drafts_stand_in_the_order_of_the_text() -> None:
    drafts = read("云栖股份收购海石传动；星澜智能完成B轮融资；北岭科技递表港交所")
    assert [one.type for one in drafts] == ["acquisition", "funding", "ipo"]


def test_every_deal_has_a_trigger() -> None:
    texts = (
        "星澜智能完成B轮融资",
        "云栖资本领投Norvik",
        "云栖集团入股星澜智能",
        "Orbis将与Norvik合并",
        "星澜智能递表港交所",
    )
    assert all(any(word in text for word in TRIGGERS) for text in texts)


def test_english_text_has_no_chinese_deals() -> None:
    assert read("Orbis raises $5 million in Series A") == []


@pytest.mark.parametrize(
    "piece",
    [
        "完成", "融资", "亿元", "领投", "由", "获", "甲资本、", "和", ",", "(", "「", "旗下", "的", "投资", "收购",
        "向", "上市", "公司", "企业", "等机构", "1亿", "数千万", "A轮", "转让", "新增股东", "被", "正", "曾收购",
        "投资投资企业", "与)出售领投", "新增转让", "人形机器人具身智能",
    ],
)  # fmt: skip
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.perf_counter()
    find([Passage("summary", text, level(text))])
    assert time.perf_counter() - began < 6  # a second of which is enough; machines that test are busy
