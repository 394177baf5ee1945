"""Topics: what analysts of robotics and of physical AI want to read, and what only sounds like it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.classify.knowledge.emphasis import DEEP, IN_LEAD, IN_SUMMARY, LISTED, is_listed, is_roundup
from bot.classify.knowledge.seeds import Classes, Entity, Knowledge, Terms, Topic, load_knowledge
from bot.classify.knowledge.topics import ASIDE, DOUBTED, PERSON, log_odds, probability
from bot.classify.match import Matcher
from bot.errors import BadConfig
from tests.classify.samples import item

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

ROBOTICS = [
    ("Berlin start-up sells dexterous hands to car makers", ""),
    (
        "Soft gripper learns to pick ripe tomatoes without bruising them",
        "The team tested the gripper on a picking line.",
    ),
    ("Cobots move into bakeries as staff grow scarce", ""),
    ("Surgical robot maker CMR wins clearance in Japan", ""),
    ("Ocado sends more warehouse robots to Ohio", ""),
    ("Hospital puts an exoskeleton on stroke patients", ""),
    ("Autonomous mobile robots now outnumber forklifts at the Leipzig plant", ""),
    ("Agility Robotics signs a second customer", ""),
    ("Unitree files for a listing in Shanghai", ""),
    ("Fanuc lifts its forecast as orders recover", ""),
    ("Boston Dynamics names a new chief executive", ""),
    ("Robotic arm sorts recycling twice as fast as people", ""),
    ("Tesla says Optimus will be late", "Musk blamed the hands."),
    ("Quadruped robot inspects tunnels under the Alps", ""),
    ("How a robot dog found a gas leak", ""),
    (
        "Seed round for a maker of farm robots",
        "Weeding machines are expensive; the start-up rents out robots by the hectare.",
    ),
    ("Underwater robots map the wreck", ""),
    ("Amazon buys a robotics company in Zurich", ""),
    ("Figure shows a humanoid that folds shirts", ""),
    ("A two-legged robot ran a half marathon in Beijing", ""),
    ("Exosuit helps dockers lift", ""),
    ("Microrobots swim through blood vessels in pigs", ""),
    ("宇树科技递交招股书", ""),
    ("越疆发布新一代协作机械臂", ""),
    ("一家做灵巧手的公司拿到两轮投资", ""),
    ("某医院引进骨科手术机器人", ""),
    ("「云途智造」完成A轮融资", "「云途智造」是一家仓储机器人企业，产品已进入三个国家。"),
    ("青禾智能获天使轮融资", "青禾智能专注于采摘机器人研发，团队来自江南大学。"),
    ("四足机器狗登上泰山", ""),
    ("人形机器人开始在药店夜班值守", ""),
    ("优必选与富士康共建产线", ""),
    ("外骨骼登山租赁火了", ""),
    ("谐波减速器厂商绿的谐波扩产", "公司称机器人订单翻倍。"),
    ("ロボットアームが弁当を詰める", ""),
    ("로봇 스타트업, 시리즈 B 투자 유치", ""),
]
NOT_ROBOTICS = [
    ("FCC fines a company for a billion robocalls", ""),
    (
        "How to write a robots.txt that keeps AI crawlers out",
        "The robots file tells crawlers which pages to skip; not all robots obey.",
    ),
    ("UiPath grows as banks buy robotic process automation", ""),
    ("Best robot vacuum deals this Prime Day", "Save on a Roborock, an Ecovacs and an iRobot Roomba."),
    ("Trading robots promise quick gains; regulators warn", "The robots place forex bets on their own."),
    ("His speech was flat, like a robot reading a manual", ""),
    ("The minister droned on for an hour", ""),
    ("Please prove that you are not a robot", ""),
    ("Robo-advisers cut their fees", ""),
    ("The Wild Robot wins an award for animation", ""),
    ("Why beetles shed their exoskeleton", "Insects grow only after the exoskeleton splits."),
    ("Drone strike kills three near the border", ""),
    (
        "Ukraine says it shot down forty drones overnight",
        "The drones were aimed at power plants, the air force said; another drone hit a depot. UAVs were seen.",
    ),
    ("Giant robots fight again in the new anime season", ""),
    ("Land Rover recalls 20,000 cars", ""),
    ("Jaguar Land Rover and Rover fans meet", ""),
    ("A former Boston Dynamics engineer opens a bakery", ""),
    ("We are not robots, say call centre workers", ""),
    ("New chatbot answers tax questions", ""),
    ("Amazon cuts prices on groceries", ""),
    ("Nvidia shares fall after earnings", ""),
    ("Xiaomi sells more phones in India", ""),
    ("Office drones and how to manage them", ""),
    ("Bot accounts flood the forum", ""),
    ("The album mixes folk with drone metal", ""),
    ("Humanoid aliens return in the sequel to the space game", ""),
    ("Voters want less robotic performance from candidates", ""),
    ("Fund invests in cloud, robotics, and fintech", "The fund will back software."),
    ("微软给办公软件加了聊天机器人", "该机器人可以总结邮件。"),
    ("央视曝光外呼机器人骚扰电话", "这些机器人每天拨打上万次。"),
    ("他机械地点头，像个机器人", ""),
    ("某公司：公司不涉及机器人业务", "公司主营纺织，与机器人概念无关。"),
    ("量化机器人炒币骗局", "交易机器人自动下单，平台跑路。"),
    ("收评：沪指涨0.3% 白酒、机器人概念走强", ""),
    ("扫地机器人到手价1999元", ""),
    ("人机验证为什么越来越难", ""),
    ("无人机袭击炼油厂", ""),
    ("RPA 厂商实在智能发布新版数字员工", "流程机器人可自动填表。"),
    ("谷歌更新安卓机器人标志", ""),
    ("龙虾为什么要脱掉外骨骼", "甲壳类动物每年脱壳数次。"),
]
PHYSICAL_AI = [
    ("Waymo opens in Nashville", ""),
    ("Robotaxis come to Oslo", ""),
    ("A world model that plans grasps for robots", ""),
    ("OpenVLA fine-tuned with less data: a vision-language-action study", ""),
    ("Sim-to-real transfer for legged locomotion", ""),
    ("Nvidia ships Jetson Thor to robot makers", ""),
    ("Lidar maker wins a robotaxi order", "Hesai will equip driverless cars."),
    ("Figure shows a humanoid that folds shirts", ""),
    ("Self-driving trucks get a lane in Texas", ""),
    ("Regulator opens probe into Tesla Full Self-Driving", ""),
    ("Physical Intelligence raises a new round", ""),
    ("DeepMind trains one model for many robots", ""),
    ("OpenAI rebuilds its robotics team", ""),
    ("Embodied agents that ask before they act", ""),
    ("Trajectory prediction at crossings with diffusion models", "For autonomous driving we forecast pedestrians."),
    ("Autonomous drones deliver blood in Rwanda", ""),
    ("Skild AI builds a general brain for robots", ""),
    ("Driverless buses begin in Gothenburg", ""),
    ("小马智行在卢森堡拿到测试许可", ""),
    ("具身智能数据采集中心落户青岛", ""),
    ("自变量机器人完成新一轮融资", ""),
    ("萝卜快跑进入瑞士", ""),
    ("某车企发布端到端VLA智驾方案", ""),
    ("世界模型让机器人学会预判", ""),
    ("银河通用的人形机器人进药房", ""),
    ("英伟达推出人形机器人计算平台", ""),
    ("无人配送车在县城跑起来", ""),
    ("矿区无人驾驶公司踏歌智行获投资", ""),
    ("「远山智能」完成种子轮融资", "「远山智能」是一家具身智能公司，做家庭操作模型。"),
    ("双足机器人学会跳绳", ""),
    ("特斯拉Cybercab开始量产", ""),
    ("物理AI公司获上亿元投资", ""),
    ("自動運転バスが公道を走る", ""),
    ("자율주행 택시 서울 운행", ""),
    ("机器人灵巧手公司获投", "该公司用遥操作采集数据训练具身模型。"),
    ("Wayve and Nissan plan driverless cars for Tokyo", ""),
    ("Humanoid robots start on a BMW line", ""),
    ("Isaac Lab adds tactile sensors for training robots", ""),
]
NOT_PHYSICAL_AI = [
    ("Toyota recalls vans over faulty seat belts", ""),
    ("New SUV has seven seats and lane-keeping", "The driver assistance is standard."),
    ("岚图新SUV上市，标配激光雷达和L2辅助驾驶", ""),
    ("Iraqi Kurdistan: the autonomous region votes", ""),
    ("Autonomous coding agents write tests", ""),
    ("Humanoid aliens return in the sequel to the space game", ""),
    ("Sim racing wheel review", ""),
    ("The Very Large Array (VLA) spots a new pulsar", "The VLA telescope found radio bursts."),
    ("LLMs as judges: a survey", ""),
    ("Self-driving laboratories speed up chemistry", ""),
    ("Best drones for beginners", ""),
    ("Drone strike kills three near the border", ""),
    ("FCC fines a company for a billion robocalls", ""),
    ("Trading robots promise quick gains; regulators warn", ""),
    ("How to write a robots.txt that keeps AI crawlers out", ""),
    ("UiPath grows as banks buy robotic process automation", ""),
    ("A former Waymo engineer opens a bakery", ""),
    ("Uber Eats adds wine delivery", ""),
    ("Nvidia shares fall after earnings", ""),
    ("Google adds ads to its chatbot", ""),
    ("Baidu reports weak advertising", ""),
    ("Tesla sells fewer cars in Europe", ""),
    ("Optimus Prime toy sells out", ""),
    ("An optimum for portfolio autopilot settings", ""),
    ("Autopilot for savings: how to automate transfers", ""),
    ("Meta cuts jobs in its games unit", ""),
    ("Like Waymo, the airline now lets you pick the music", ""),
    ("Best robot vacuum deals this Prime Day", ""),
    ("微软给办公软件加了聊天机器人", "该机器人可以总结邮件。"),
    ("某公司：公司无人形机器人相关业务", ""),
    ("A股收评：三大指数收涨，人形机器人概念领涨", ""),
    ("谷歌更新安卓机器人标志", ""),
    ("宝马召回数千辆汽车，因安全气囊缺陷", ""),
    ("新疆维吾尔自治区发布旅游数据", ""),
    ("道具身份的秘密：一部悬疑小说", ""),
    ("OpenAI推出新聊天机器人", ""),
    ("小米新手机开售", ""),
    ("某地产基金拟投资半导体、自动驾驶、医药等领域", "基金规模十亿元。"),
    ("无人机袭击炼油厂", ""),
    ("Exoskeleton of a fossil crab found", ""),
]


@pytest.fixture(scope="module")
def seeds() -> Matcher:
    return Matcher(load_knowledge(SEEDS))


def test_there_are_sixty_sentences_for_each_topic() -> None:
    assert len(ROBOTICS) + len(NOT_ROBOTICS) >= 60
    assert len(PHYSICAL_AI) + len(NOT_PHYSICAL_AI) >= 60


@pytest.mark.parametrize(("title", "summary"), ROBOTICS)
def test_robotics_is_found(seeds: Matcher, title: str, summary: str) -> None:
    assert seeds.read(item(title, summary))[0].topics.get("robotics", 0.0) > 0.5


@pytest.mark.parametrize(("title", "summary"), NOT_ROBOTICS)
def test_what_only_sounds_like_robotics_stays_out(seeds: Matcher, title: str, summary: str) -> None:
    assert seeds.read(item(title, summary))[0].topics.get("robotics", 0.0) <= 0.5


@pytest.mark.parametrize(("title", "summary"), PHYSICAL_AI)
def test_physical_ai_is_found(seeds: Matcher, title: str, summary: str) -> None:
    assert seeds.read(item(title, summary))[0].topics.get("physical-ai", 0.0) > 0.5


@pytest.mark.parametrize(("title", "summary"), NOT_PHYSICAL_AI)
def test_what_only_sounds_like_physical_ai_stays_out(seeds: Matcher, title: str, summary: str) -> None:
    assert seeds.read(item(title, summary))[0].topics.get("physical-ai", 0.0) <= 0.5


def test_a_robotaxi_is_physical_ai_and_no_robot(seeds: Matcher) -> None:
    topics = seeds.read(item("Zoox brings its robotaxi to Miami"))[0].topics
    assert topics["physical-ai"] > 0.9
    assert topics.get("robotics", 0.0) < 0.5


def test_why_shows_the_words_that_the_score_rests_on(seeds: Matcher) -> None:
    about = seeds.read(item("Unitree ships a robot dog"))[0]
    shown = {(one.words, one.weight) for one in about.evidence if one.what == "topic:robotics"}
    assert shown == {("Unitree", 0.55), ("robot", 0.7)}


# -- what counts how much ----------------------------------------------------------------------------------------------

SAMPLE = Knowledge(
    entities=(
        Entity("acme", "company", "Acme", classes=("robots",)),
        Entity("jo-doe", "person", "Jo Doe", classes=("robots",)),
        Entity("robot-fund", "investor", "Robot Ventures"),
    ),
    topics=(
        Topic(
            "robotics",
            "Robotics",
            mask=("robot taxi",),
            exclude=("robots.txt",),
            forbid=("no robots at all",),
            groups=(
                Terms(0.8, ("robot", "robots", "机器人")),
                Terms(0.6, ("gripper",), context=("picking", "gripper arm")),
                Terms(0.5, ("exoskeleton",), forbid=("beetle",)),
            ),
            classes=(Classes(0.5, ("robots",), forbid=("prime day",)),),
        ),
        Topic("calibrated", "Calibrated", groups=(Terms(0.8, ("robot",)),), calibration=(2.0, -0.5)),
    ),
)
FILLER = "words that say nothing of the kind " * 6


def score(title: str, summary: str = "", topic: str = "robotics") -> float:
    return Matcher(SAMPLE).read(item(title, summary))[0].topics.get(topic, 0.0)


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("A robot", "", 0.8),
        ("", "A robot", 0.8 * IN_LEAD),
        ("", FILLER + "a robot", 0.8 * IN_SUMMARY),
        ("", FILLER * 4 + "a robot", 0.8 * DEEP),
        ("", FILLER + "robot, robot, robot", 0.8 * IN_LEAD),
        ("Cloud, robot, and cars", "", 0.8 * LISTED),
        ("金融、机器人、医药三个行业", "", 0.8 * LISTED),
        ("Bank Cuts Its Rates, Robot Joins a Farm, Mars Has More Water", "", 0.8 * IN_SUMMARY),
        # context, in which the term itself does not take part
        ("A gripper", "", 0.0),
        ("A gripper for picking", "", 0.6),
        ("A gripper", "It is for picking.", 0.6),
        # forbid
        ("An exoskeleton", "", 0.5),
        ("The exoskeleton of a beetle", "an exoskeleton", 0.0),
        ("An exoskeleton", "unlike a beetle", 0.5),
        ("Shells", "The exoskeleton of a beetle", 0.0),
        # mask and exclude
        ("A robot taxi", "", 0.0),
        ("A robot in a robot taxi", "", 0.8),
        ("robots.txt", "", 0.0),
        ("robots.txt keeps robots out", "", 0.8 * DOUBTED),
        # the whole topic denied
        ("We make no robots at all", "A robot", 0.0),
        ("A robot", "The firm makes no robots at all. A robot is dear.", 0.8),
        # entities
        ("Acme opens an office", "", 0.5),
        ("Jo Doe writes a novel", "", 0.5 * PERSON),
        ("A former Acme engineer opens a bakery", "", 0.5 * ASIDE),
        ("Acme alum opens a bakery", "", 0.5 * ASIDE),
        ("Acme deals for Prime Day", "", 0.0),
        ("Robot Ventures backs a bank", "", 0.0),
    ],
)
def test_a_place_and_its_neighbours_decide_what_counts(title: str, summary: str, expected: float) -> None:
    assert score(title, summary) == pytest.approx(expected)


def test_calibration_makes_a_probability_of_the_evidence() -> None:
    assert score("A robot", "", "calibrated") == pytest.approx(probability(2 * log_odds(0.8) - 0.5))
    assert score("A chair", "", "calibrated") == 0.0


@pytest.mark.parametrize("share", [0.0, 1e-9, 0.3, 0.5, 1.0])
def test_log_odds_and_probability_are_inverse_and_finite(share: float) -> None:
    assert probability(log_odds(share)) == pytest.approx(share, abs=2e-4)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Bank Cuts Its Rates, Robot Joins a Farm, Mars Has More Water", True),
        ("Tech roundup: a chip, a phone", True),
        ("早报｜手机降价/新车上市/电影定档", True),
        ("收评：沪指涨0.2%", True),
        ("银行降息；车企涨价；机器人进厂", True),
        ("Alphabet, Nvidia, Uber invest in a robot start-up", False),
        ("Robot joins a farm", False),
        ("人形机器人进厂", False),
        ("", False),
    ],
)
def test_titles_of_several_stories_are_told_from_one(title: str, expected: bool) -> None:
    assert is_roundup(title) is expected


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("cloud, robots, and cars", "robots", True),
        ("cloud, cars, and robots", "robots", True),
        ("金融、机器人、医药", "机器人", True),
        ("机器人、医药", "机器人", True),
        ("robots and cars", "robots", False),
        ("In May, robots came", "robots", False),
        ("机器人进厂", "机器人", False),
    ],
)
def test_members_of_a_list_are_seen(text: str, word: str, expected: bool) -> None:
    start = text.index(word)
    assert is_listed(text, start, start + len(word)) is expected


@pytest.mark.parametrize(
    "nasty", ["robot ", "机器人", "gripper picking ", "robots.txt, robots ", "Robot, and ", "robot; "]
)
def test_hostile_texts_take_linear_time(nasty: str) -> None:
    text = nasty * (100_000 // len(nasty))
    matcher = Matcher(SAMPLE)
    matcher.about(item("warm"))
    began = time.process_time()
    matcher.about(item(text, text))
    assert time.process_time() - began < 1.0


# -- the file ----------------------------------------------------------------------------------------------------------

TOPIC = """
id = "x"
name = "X"
mask = ["m"]
forbid = ["f"]
calibration = [1.5, -0.2]
[[group]]
weight = 0.5
terms = ["t"]
context = ["c"]
forbid = ["g"]
[[class]]
weight = 0.4
classes = ["k"]
context = ["d"]
forbid = ["h"]
"""


def loaded(folder: Path, text: str) -> Knowledge:
    (folder / "topics").mkdir()
    (folder / "topics" / "x.toml").write_text(text, "utf-8")
    return load_knowledge(folder)


def test_a_topic_file_says_beside_what_its_terms_count(tmp_path: Path) -> None:
    assert loaded(tmp_path, TOPIC).topics == (
        Topic(
            "x",
            "X",
            mask=("m",),
            forbid=("f",),
            groups=(Terms(0.5, ("t",), ("c",), ("g",)),),
            classes=(Classes(0.4, ("k",), ("d",), ("h",)),),
            calibration=(1.5, -0.2),
        ),
    )


@pytest.mark.parametrize("line", ["[1.0]", "[0.0, 0.0]", "[-1, 0]", "[inf, 0]", "[1, nan]", '"1, 0"', "[1, 0, 0]"])
def test_a_calibration_that_is_no_rising_line_is_a_fault(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadConfig, match="calibration must be"):
        loaded(tmp_path, TOPIC.replace("[1.5, -0.2]", line))


@pytest.mark.parametrize("name", ["robotics", "physical-ai"])
def test_topics_of_the_seeds_are_calibrated_and_decide_near_one_half(name: str) -> None:
    topic = load_knowledge(SEEDS).find_topic(name)
    assert topic is not None
    slope, offset = topic.calibration
    assert abs(offset / slope) < 0.1  # what the evidence needs for a match stays within 0.475 and 0.525
