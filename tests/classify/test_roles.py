"""Who did what: roles from clauses and deals, active and passive, in English and Chinese, and mere mentions."""

from __future__ import annotations

import re
import time

import pytest

from bot.classify.events.roles import find_roles
from bot.classify.passages import Name, Passage
from bot.model import Deal, EventType, Evidence, Field, Party, Role
from bot.text import level

# Names are set between < and >; ~ before a name makes it a person's.
_MARKED = re.compile(r"<(~?)([^<>]+)>")


def passage(marked: str, field: Field = "title") -> Passage:
    names: list[Name] = []
    text, at = "", 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        kind = "person" if match[1] else "company"
        names.append(Name(match[2], kind, len(text), len(text) + len(match[2])))
        text, at = text + match[2], match.end()
    text += marked[at:]
    return Passage(field, text, level(text), tuple(names))


def roles(title: str, event: EventType = "other", summary: str = "", deals: tuple[Deal, ...] = ()) -> dict[str, Role]:
    passages = (passage(title), passage(summary, "summary")) if summary else (passage(title),)
    return {entity: role for entity, (role, _) in find_roles(passages, deals, event).items()}


def expected(spoken: str) -> dict[str, Role]:
    """`lead: A, B; investee: C` as a mapping."""
    found: dict[str, Role] = {}
    for part in spoken.split("; "):
        role, _, those = part.partition(": ")
        found |= dict.fromkeys(those.split(", "), role)  # type: ignore[arg-type]
    return found


ENGLISH = (
    (
        "<Skild AI> raises $300 million in a round led by <Lightspeed> and <Coatue>",
        "investee: Skild AI; lead: Lightspeed, Coatue",
    ),
    ("<Apptronik> secures $350M Series A co-led by <B Capital>", "investee: Apptronik; lead: B Capital"),
    ("<Alibaba Cloud> led a US$140 million round in <X Square Robot>", "lead: Alibaba Cloud; investee: X Square Robot"),
    (
        "<Alibaba Cloud> and <HongShan> co-lead $140M round for <X Square Robot>",
        "lead: Alibaba Cloud, HongShan; investee: X Square Robot",
    ),
    (
        "<Alibaba Cloud> last month co-led a $140m round in <X Square Robot>",
        "lead: Alibaba Cloud; investee: X Square Robot",
    ),
    ("<Tesla>'s acquisition of <SolarCity> is back in court", "acquirer: Tesla; target: SolarCity"),
    ("<Alibaba Cloud> has co-led the financing, sources say", "lead: Alibaba Cloud"),
    (
        "<Dyna> raises $120m led by Robostrategy, with participation from <Nvidia>, <Amazon> and Samsung Next",
        "investee: Dyna; investor: Nvidia, Amazon",
    ),
    ("The Series B was led by venture firm <Eclipse>", "lead: Eclipse"),
    ("The round was led by <Sequoia>, <Nvidia> said", "lead: Sequoia; mention: Nvidia"),
    (
        "<Figure> closes $1 billion Series C; investors include <Brookfield>, <Nvidia> and <Qualcomm>",
        "investee: Figure; investor: Brookfield, Nvidia, Qualcomm",
    ),
    ("Existing investors <Khosla> and <Felicis> also joined the round", "investor: Khosla, Felicis"),
    ("<OpenAI>-backed <1X> opens a factory", "investor: OpenAI; investee: 1X"),
    ("<Amazon>-backed humanoid maker <Agility> ships robots", "investor: Amazon; investee: Agility"),
    (
        "<Field AI>, backed by <~Jeff Bezos> and <Khosla>, ships software",
        "subject: Field AI; investor: Jeff Bezos, Khosla",
    ),
    ("<SoftBank> invests $500 million in <Skild AI>", "investor: SoftBank; investee: Skild AI"),
    ("<Tesla> invested in <xAI>", "investor: Tesla; investee: xAI"),
    ("<Toyota> takes a minority stake in <Nuro>", "investor: Toyota; investee: Nuro"),
    ("<Mech-Mind> is a portfolio company of <Intel Capital>", "investee: Mech-Mind; investor: Intel Capital"),
    ("<Playground Global> portfolio company <Agility> cuts prices", "investor: Playground Global; investee: Agility"),
    ("<Hyundai> participated in the Series B, as did <Kia>", "investor: Hyundai; mention: Kia"),
    (
        "<Physical Intelligence> gets funding from <~Jeff Bezos> and <OpenAI>",
        "investee: Physical Intelligence; investor: Jeff Bezos, OpenAI",
    ),
    ("<SoftBank> acquires <ABB Robotics> for $5.4 billion", "acquirer: SoftBank; target: ABB Robotics"),
    ("<SoftBank> to acquire <ABB Robotics>", "acquirer: SoftBank; target: ABB Robotics"),
    (
        "<SoftBank> has agreed to buy robot maker <ABB Robotics> from <ABB>",
        "acquirer: SoftBank; target: ABB Robotics; mention: ABB",
    ),
    ("<ABB Robotics> acquired by <SoftBank>", "target: ABB Robotics; acquirer: SoftBank"),
    ("<Boston Dynamics> was bought in 2013 by <Google>", "target: Boston Dynamics; acquirer: Google"),
    ("<Hyundai> completes acquisition of <Boston Dynamics>", "acquirer: Hyundai; target: Boston Dynamics"),
    ("<Amazon>'s $1.4 billion takeover of <iRobot> collapses", "acquirer: Amazon; target: iRobot"),
    ("<ABB> sells <ABB Robotics> in surprise move", "subject: ABB; target: ABB Robotics"),
    ("<Nvidia> and <Foxconn> plan robot plant", "subject: Nvidia, Foxconn"),
    ("<Figure> unveils its third humanoid", "subject: Figure"),
    ("<Tesla>'s new robot can fold shirts", "subject: Tesla"),
    ("Humanoid maker <Figure> unveils a robot", "subject: Figure"),
    ("New gripper unveiled by <Festo>", "subject: Festo"),
    ("<Figure> shows a robot to rival those of <Tesla>", "subject: Figure; mention: Tesla"),
    ("<Tesla> rival <Figure> opens a plant", "mention: Tesla; subject: Figure"),
    ("Former <Tesla> engineer builds a robot hand", "mention: Tesla"),
    ("Ex-<Google> researchers launch a robotics lab", "mention: Google"),
    ("<Nvidia> CEO <~Jensen Huang> praises humanoids", "mention: Nvidia; subject: Jensen Huang"),
    ("Robots are coming, and firms such as <Nvidia> and <SoftBank> cash in", "mention: Nvidia, SoftBank"),
    ("Why <Apple> needs a robot", "mention: Apple"),
    ("Start-ups fear giants like <Amazon>", "mention: Amazon"),
    ("How a gripper from <Festo> works", "mention: Festo"),
    ("The model acquires data from <Unitree> robots", "mention: Unitree"),
    ("The team, led by <~Justin Lin>, builds robots", "mention: Justin Lin"),
    ("<Rivian> spinoff <Mind Robotics> raises $400M", "mention: Rivian; investee: Mind Robotics"),
)

CHINESE = (
    ("<自变量机器人>完成近10亿元A+轮融资，<阿里云>、<国科投资>领投", "investee: 自变量机器人; lead: 阿里云, 国科投资"),
    ("<自变量机器人>获<阿里云>领投", "investee: 自变量机器人; lead: 阿里云"),
    ("本轮由<红杉中国>领投，<美团>、某资本和<蔚来资本>跟投", "lead: 红杉中国; investor: 美团, 蔚来资本"),
    ("<京东>领投<众擎机器人>", "lead: 京东; investee: 众擎机器人"),
    (
        "<逐际动力>完成新一轮融资，投资方包括<阿里巴巴>、招商局创投、<蔚来资本>",
        "investee: 逐际动力; investor: 阿里巴巴, 蔚来资本",
    ),
    ("<千寻智能>完成融资，<高瓴>等机构联合领投", "investee: 千寻智能; lead: 高瓴"),
    ("<美团>战略投资<银河通用>", "investor: 美团; investee: 银河通用"),
    ("<阿里巴巴>入股人形机器人研发商<星动纪元>", "investor: 阿里巴巴; investee: 星动纪元"),
    ("<OpenAI>支持的机器人公司<1X>发布新品", "investor: OpenAI; investee: 1X"),
    ("<哈啰>引入<蚂蚁集团>、<宁德时代>战略投资", "subject: 哈啰; investor: 蚂蚁集团, 宁德时代"),
    (
        "<宇树科技>完成C轮融资，<腾讯>、<阿里巴巴>、<蚂蚁集团>共同领投",
        "investee: 宇树科技; lead: 腾讯, 阿里巴巴, 蚂蚁集团",
    ),
    ("老股东<经纬创投>持续加码", "investor: 经纬创投"),
    ("<软银>54亿美元收购<ABB>机器人业务", "acquirer: 软银; target: ABB"),
    ("<软银>宣布完成对<ABB机器人>的收购", "acquirer: 软银; target: ABB机器人"),
    ("<ABB机器人>被<软银>收购", "target: ABB机器人; acquirer: 软银"),
    ("<高通>拟收购意大利开源硬件企业<Arduino>", "acquirer: 高通; target: Arduino"),
    ("<小马智行>与<广汽埃安>达成合作", "subject: 小马智行, 广汽埃安"),
    ("<马斯克>：人形机器人将改变一切", "subject: 马斯克"),
    ("<宇树科技>发布新款机器人，对标<波士顿动力>", "subject: 宇树科技; mention: 波士顿动力"),
    ("人形机器人公司<傅利叶>推出新品", "subject: 傅利叶"),
    ("前<华为>高管创办机器人公司", "mention: 华为"),
    ("<特斯拉>前员工加入<Figure>", "mention: 特斯拉, Figure"),
    ("<谷歌>旗下<Waymo>扩大运营", "mention: 谷歌; subject: Waymo"),
    ("像<英伟达>这样的巨头都在布局", "mention: 英伟达"),
)


@pytest.mark.parametrize(("title", "spoken"), ENGLISH)
def test_english_clauses_give_roles(title: str, spoken: str) -> None:
    assert roles(title) == expected(spoken)


@pytest.mark.parametrize(("title", "spoken"), CHINESE)
def test_chinese_clauses_give_roles(title: str, spoken: str) -> None:
    assert roles(title) == expected(spoken)


def test_the_partner_of_a_partnership_takes_part_in_it() -> None:
    title = "<Figure> partners with <BMW>"
    assert roles(title, "partnership") == expected("subject: Figure, BMW")
    assert roles(title, "launch") == expected("subject: Figure; mention: BMW")


def test_the_company_in_which_a_team_is_formed_is_what_the_event_is_about() -> None:
    assert roles("<Alibaba> forms robotics team inside <Qwen>", "team") == expected("subject: Alibaba, Qwen")


def test_first_report_of_the_same_round() -> None:
    found = roles(
        "<Alibaba> forms robotics and embodied AI team in <Qwen>",
        "team",
        "<~Justin Lin> confirmed the team on X. Last month <Alibaba Cloud> co-led a US$140 million round in <X Square Robot>. "
        "Chief executive <~Eddie Wu> expects $4 trillion of AI investment in five years. <Nvidia> and <SoftBank> build robots too.",
    )
    assert found == expected(
        "subject: Alibaba, Qwen, Justin Lin; lead: Alibaba Cloud; investee: X Square Robot; mention: Eddie Wu, Nvidia, SoftBank"
    )


def test_second_report_of_the_same_round() -> None:
    found = roles(
        "<Tongyi Qianwen> sets up a Robotics and Embodied AI Group",
        "team",
        "<~Lin Junyang> said so on X. <Alibaba Cloud> led a $140 million A+ round in <X Square Robot>. "
        "<SoftBank> acquires <ABB>'s robotics business for $5.4 billion in cash. <Citi> expects a $7 trillion market by 2050.",
    )
    assert found == expected(
        "subject: Tongyi Qianwen, Lin Junyang; lead: Alibaba Cloud; investee: X Square Robot; acquirer: SoftBank; "
        "target: ABB; mention: Citi"
    )


def test_parties_of_deals_have_their_roles_even_where_no_clause_says_so() -> None:
    shown = Evidence("deal.lead", "Coatue", "title", 0, 6)
    deal = Deal("funding", Party("Figure", "Figure"), lead=(Party("Coatue", "Coatue"),), evidence=(shown,))
    found = find_roles((passage("<Coatue>, <Figure>, a round"),), (deal,), "funding")
    assert found["Coatue"] == ("lead", Evidence("role:lead", "Coatue", "title", 0, 6))
    assert found["Figure"] == ("investee", None)


def test_what_says_most_wins() -> None:
    assert roles("Round led by <Nvidia>; investors include <Nvidia>") == {"Nvidia": "lead"}


def test_a_party_that_the_item_does_not_name_gets_no_role() -> None:
    assert roles("<Figure> unveils a robot", deals=(Deal("funding", Party("X", "x-square"), amount=1),)) == {
        "Figure": "subject"
    }


def test_a_child_does_not_lend_its_role_to_its_parent() -> None:
    assert roles("<Alibaba Cloud> leads $140M round as <Alibaba> reorganises")["Alibaba"] == "mention"


def test_evidence_is_the_words_of_the_clause() -> None:
    title = "<Figure> raises $70M in a round led by <Coatue>"
    _, evidence = find_roles((passage(title),), (), "funding")["Coatue"]
    assert evidence is not None
    assert (evidence.what, evidence.words) == ("role:lead", "led by")


def test_several_entities_of_one_name_have_the_same_role() -> None:
    names = (Name("figure", "company", 0, 6), Name("figure-markets", "company", 0, 6))
    text = "Figure unveils a robot"
    found = find_roles((Passage("title", text, text, names),), (), "launch")
    assert {role for role, _ in found.values()} == {"subject"}


def test_no_names_no_roles() -> None:
    assert find_roles((passage("A robot dances"),), (), "other") == {}


@pytest.mark.parametrize(
    "marked",
    [
        "<A> led by " * 5_000,
        "led by " + "<A>, " * 10_000,
        "<A>、" * 20_000 + "领投",
        "<A>被" * 20_000,
        "<A> " + "acquired in " * 10_000,
        "<A>" + "完成" * 50_000,
        "<A> invested about " + "1" * 100_000,
        "<A> led " + "the Round Of " * 8_000 + "<B>",
    ],
)
def test_hostile_text_costs_little(marked: str) -> None:
    one = passage(marked, "summary")
    started = time.perf_counter()
    find_roles((one,), (), "funding")
    assert time.perf_counter() - started < 1.0
