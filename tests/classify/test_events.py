"""What mainly happened: event types in English and Chinese, and words that only look like one."""

from __future__ import annotations

import time

import pytest

from bot.classify.events.find import TRIGGERS, find_event
from bot.classify.normal import needle
from bot.classify.passages import Passage
from bot.model import Deal, EventType, Evidence
from bot.text import level


def passages(title: str, summary: str = "") -> tuple[Passage, ...]:
    both = (Passage("title", title, level(title)), Passage("summary", summary, level(summary)))
    return tuple(one for one in both if one.text)


def event(title: str, summary: str = "") -> EventType:
    return find_event(passages(title, summary), ())[0]


ENGLISH: dict[EventType, tuple[str, ...]] = {
    "funding": (
        "Apptronik raises $350 million to scale up production of its humanoids",
        "Dexterity AI secures €40m Series B for warehouse arms",
        "Gripper maker Softhand lands $12M seed round led by Eclipse",
        "Skild AI in talks to raise funds at a $14 billion valuation",
        "Nvidia invests $50 million in a surgical robotics startup",
        "Field AI closes oversubscribed Series A",
        "Sequoia leads funding round in autonomous tractor firm",
        "Robot-arm startup backed by Bezos gets $30 million in funding",
        "SoftBank to pour $2bn into self-driving start-up",
        "Toyota takes a minority stake in a drone maker",
    ),
    "acquisition": (
        "SoftBank acquires ABB's robotics business for $5.4 billion",
        "Teradyne to acquire Dutch vision firm",
        "Meta buys humanoid startup to speed up its hardware plans",
        "Hyundai completes acquisition of Boston Dynamics",
        "ABB's robotics unit acquired by SoftBank",
        "Serve Robotics and Vebu announce merger",
        "Doosan sells its robotics division to private equity",
        "Brussels blocks $1.7 billion takeover of vacuum maker",
    ),
    "ipo": (
        "Pony AI files for U.S. IPO",
        "Unitree goes public in Shanghai",
        "Lidar maker Hesai prices Hong Kong listing at top of range",
        "Symbotic shares soar on debut after public offering",
    ),
    "partnership": (
        "Figure partners with BMW on a second plant",
        "Agility Robotics and Schaeffler sign agreement to deploy humanoids",
        "Foxconn and Nvidia team up on hospital robots",
        "Zipline wins contract to deliver blood across Rwanda",
        "Space agency selects Astrobotic to deliver a rover",
        "UBTech gets 1.3 billion yuan order for humanoid robots",
    ),
    "launch": (
        "Unitree unveils a 5,900-dollar humanoid",
        "1X opens pre-orders for its home robot",
        "Boston Dynamics introduces an electric Atlas",
        "Google DeepMind releases Gemini Robotics 1.5",
        "Tesla begins production of Optimus V3 hands",
        "Waymo launches driverless rides in Miami",
        "Nvidia announces new Jetson chip for robots",
        "DJI rolls out a robot vacuum",
    ),
    "team": (
        "Alibaba forms robotics team inside Qwen",
        "OpenAI is building a robotics lab in San Francisco",
        "Apple sets up secret unit for home robots",
        "Meta hires dozens of engineers for its humanoid effort",
        "Amazon opens new robotics research centre in Zurich",
        "Hyundai and Kia establish joint venture for delivery robots",
    ),
    "leadership": (
        "Figure appoints former Tesla executive as CTO",
        "iRobot's chief executive steps down",
        "Boston Dynamics names new CEO",
        "Optimus program head leaves Tesla",
        "Co-founder and CEO of Sanctuary AI departs",
        "Former Cruise president to join Nuro board as chairman",
    ),
    "research": (
        "MIT researchers develop a robot the size of a grain of rice",
        "New study finds that children trust robots more than adults",
        "Scientists at ETH teach quadruped to play badminton",
        "A Unified Policy for Dexterous Hands | arXiv:2601.01234v1 Announce Type: new",
        "Soft gripper that heals itself described in the journal Science Robotics",
    ),
    "regulation": (
        "NHTSA opens investigation into Tesla's robotaxis",
        "California approves driverless trucks on public roads",
        "Waymo gets permit to test at San Francisco airport",
        "Senators introduce bill to ban Chinese drones",
        "EU publishes rules for high-risk robots",
        "Regulator orders Cruise to pull half of its fleet",
        "White House weighs executive order on robotics",
        "DJI loses lawsuit over Pentagon blacklist as court rules for government",
    ),
    "results": (
        "Symbotic revenue rises 22% in third quarter",
        "iRobot posts quarterly loss as sales fall",
        "Teradyne beats estimates on robot demand",
        "Fanuc shares jump 8% after orders recover",
        "Analyst raises price target on Symbotic to $60",
        "Global robot installations fell 3% last year",
    ),
    "layoffs": (
        "iRobot lays off a third of its staff",
        "Amazon cuts 100 jobs in its robotics division",
        "GM to eliminate 1,000 positions after closing Cruise",
        "Layoffs hit drone maker Skydio",
    ),
    "other": (
        "Why humanoid robots will not take your job any time soon",
        "Best robot vacuums of the year, tested and ranked",
        "Opinion: we should not fear the robots",
        "How I built a line-following robot with my daughter",
        "Robot dog goes viral after dancing at a wedding",
        "Mayor warns of a wildfire near the coast",
        "Watch this robot fold a shirt",
    ),
}

CHINESE: dict[EventType, tuple[str, ...]] = {
    "funding": (
        "逐际动力完成5亿元A轮融资，阿里巴巴领投",
        "近10亿元！自变量机器人获A+轮融资",
        "美团战略投资银河通用，持股超8%",
        "消息称月之暗面拟融资10亿美元",
        "宁德时代斥资2亿元入股灵巧手公司",
        "某灵巧手团队拿到红杉种子轮",
    ),
    "acquisition": (
        "软银54亿美元收购ABB机器人业务",
        "ABB机器人业务被软银收购",
        "美的集团拟受让埃夫特12%股权",
        "埃斯顿：拟购买德国子公司剩余股权",
        "优必选要约收购锋龙股份，控制权将变更",
    ),
    "ipo": (
        "宇树科技IPO过会",
        "小马智行正式登陆纳斯达克",
        "云迹科技港股上市首日涨超30%",
        "乐聚机器人完成上市辅导备案",
        "埃斯顿向港交所递交招股书",
    ),
    "partnership": (
        "智元机器人与均胜电子达成战略合作",
        "优必选中标1.59亿元机器人采购项目",
        "地平线携手博世开发中阶智驾",
        "越疆获海外客户千台机器人订单",
    ),
    "launch": (
        "宇树科技发布新款人形机器人R1，售价3.99万元起",
        "智元远征A3亮相世界人工智能大会",
        "小鹏第二代机器人预计年底量产下线",
        "新车上市：小米YU9售价25.99万元起",
        "商汤开源具身世界模型",
        "萝卜快跑在迪拜上线全无人叫车服务",
    ),
    "team": (
        "阿里通义千问组建机器人与具身智能小组",
        "字节跳动招聘机器人操作系统工程师",
        "长安汽车成立机器人公司，注册资本4.5亿元",
        "京东新设具身智能业务部",
        "理想汽车调整组织架构，新增机器人部门",
    ),
    "leadership": (
        "达闼机器人任命新任首席执行官",
        "特斯拉Optimus负责人离职",
        "何小鹏卸任某子公司董事长",
        "前华为高管加入智元机器人担任副总裁",
    ),
    "research": (
        "浙大团队研发出可自愈的软体机器人，论文登上《自然》子刊",
        "科学家造出只有盐粒大小的机器人",
        "研究发现：机器人陪伴可缓解老人孤独",
    ),
    "regulation": (
        "工信部印发人形机器人标准体系建设指南",
        "北京发放首批L3级车型上路许可",
        "小马智行获香港自动驾驶测试牌照",
        "美国商务部将两家无人机企业列入实体清单",
        "监管部门约谈多家自动驾驶企业",
    ),
    "results": (
        "优必选发布财报：上半年营收6.2亿元，同比增长27.5%",
        "石头科技净利润同比下滑",
        "机器人板块午后拉升，多股涨停",
        "某上市公司机器人销量突破一万台",
        "IDC：二季度全球扫地机器人出货量增长两成",
    ),
    "layoffs": (
        "传波士顿动力裁员5%",
        "某自动驾驶公司裁撤整个感知部门",
        "亚马逊机器人部门削减百余个岗位",
    ),
    "other": (
        "人形机器人为什么还进不了家门？",
        "科技早报：某公司完成融资；某车企发布新车",
        "某上市公司：暂无人形机器人相关业务",
        "机器人半程马拉松今日开跑",
        "专访某创始人：我们为何不做双足",
        "某公司：未与宇树科技签署任何供货协议",
    ),
}


@pytest.mark.parametrize(("title", "expected"), [(t, e) for e, titles in ENGLISH.items() for t in titles])
def test_english_titles_tell_what_happened(title: str, expected: EventType) -> None:
    assert event(title) == expected


@pytest.mark.parametrize(("title", "expected"), [(t, e) for e, titles in CHINESE.items() for t in titles])
def test_chinese_titles_tell_what_happened(title: str, expected: EventType) -> None:
    assert event(title) == expected


@pytest.mark.parametrize(
    ("title", "not_this"),
    [
        ("Broker raises price target for robot maker to $90", "funding"),
        ("Union raises concerns over warehouse robots", "funding"),
        ("Volkswagen raises prices of its vans by $400", "funding"),
        ("Prosecutors launch an investigation into a drone crash", "launch"),
        ("North Korea launches two missiles", "launch"),
        ("Court appoints a trustee for bankrupt scooter firm", "leadership"),
        ("National team wins its opening match of the World Cup", "team"),
        ("Fires near a lithium plant force evacuation", "layoffs"),
        ("Gripper acquires data from tactile sensors", "acquisition"),
        ("Robot acquires new skills by watching videos", "acquisition"),
        ("Fast data acquisition for lidar explained", "acquisition"),
        ("Company releases third-quarter results", "launch"),
        ("Robots.txt: the file that lists what crawlers may read", "ipo"),
        ("新车上市公司发布三款车型", "ipo"),
        ("上市公司扎堆布局机器人", "ipo"),
        ("某公司发布财报", "launch"),
        ("股东大会批准利润分配", "regulation"),
        ("两市融资余额增加50亿元", "funding"),
        ("小麦收购价上调", "acquisition"),
        ("公司否认借壳上市", "ipo"),
    ],
)
def test_words_that_only_look_like_an_event(title: str, not_this: EventType) -> None:
    assert event(title) != not_this


def test_the_title_outweighs_the_background_in_the_text() -> None:
    summary = "The start-up shows the robot this week. It last raised $30 million in a Series A two years ago."
    assert event("Galbot unveils a robot for pharmacies", summary) == "launch"


def test_the_text_tells_where_the_title_does_not() -> None:
    assert (
        event("A big day for Berlin", "Neura Robotics has raised 120 million euros in a Series B round.") == "funding"
    )


def test_a_text_without_title_is_read_from_its_first_sentence() -> None:
    assert event("", "Agility Robotics appoints a new CEO. The firm makes humanoids.") == "leadership"


def deal_at(field: str, start: int) -> Deal:
    return Deal(
        "acquisition",
        evidence=(Evidence("deal.target", "x", "title" if field == "title" else "summary", start, start + 1),),
    )


def test_a_deal_in_the_title_makes_the_event() -> None:
    assert find_event(passages("ABB robots go to Tokyo"), (deal_at("title", 0),))[0] == "acquisition"


def test_a_deal_deep_in_the_text_does_not() -> None:
    title, summary = "Figure unveils a new robot", "words " * 80
    assert find_event(passages(title, summary), (deal_at("summary", 300),))[0] == "launch"


def test_a_deal_among_others_in_a_roundup_does_not() -> None:
    assert (
        find_event(passages("Weekly roundup: new hands, new legs | the week in review"), (deal_at("title", 20),))[0]
        == "other"
    )


def test_evidence_has_the_words_of_the_original() -> None:
    title = "宇樹科技發布新款人形機器人"
    found, (first, *_) = find_event(passages(title), ())
    assert (found, first.what) == ("launch", "event:launch")
    assert title[first.start : first.end] == first.words
    assert "發布" in title


def test_no_event_no_evidence() -> None:
    assert find_event(passages("Seven ways to paint a fence"), ()) == ("other", ())


def test_nothing_at_all_is_other() -> None:
    assert find_event((), ()) == ("other", ())


def test_triggers_are_words_to_look_for() -> None:
    assert len(TRIGGERS) == len(set(TRIGGERS)) > 300
    assert all(needle(word) for word in TRIGGERS)


@pytest.mark.parametrize(
    "text",
    [
        "raises " * 20_000,
        "raises $" * 20_000,
        "完成" * 50_000,
        "融资" * 50_000,
        "a" * 100_000,
        "launches a " * 10_000,
        "研究人员" * 25_000,
        "İ" * 100_000,
        ". " * 50_000,
        "signs " + "x " * 50_000,
    ],
)
def test_hostile_text_costs_little(text: str) -> None:
    started = time.perf_counter()
    find_event(passages(text, text), ())
    assert time.perf_counter() - started < 1.0
