import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classify.knowledge.seeds import Knowledge, load_knowledge
from bot.classify.match import Matcher
from bot.classify.query.parse import parse_query
from bot.classify.query.syntax import And, Not, Or, Query
from bot.errors import BadQuery
from bot.model import Classification, Evidence, Item
from tests.classify.samples import KNOWLEDGE, item, watchlist, watchlists

MATCHER = Matcher(KNOWLEDGE)


def about(title: str, summary: str = "") -> Classification:
    return MATCHER.read(item(title, summary))[0]


def named(title: str, summary: str = "") -> list[str]:
    return [mention.entity for mention in about(title, summary).mentions]


def matched(query: str, found: Item) -> bool:
    """Whether one watchlist with this query matches."""
    matcher = Matcher(KNOWLEDGE, [watchlist(query)])
    assert matcher.faults == {}
    return bool(matcher.read(found)[1])


def shown(query: str, found: Item) -> list[tuple[str, str, str, int, int]]:
    """The evidence of a match."""
    (match,) = Matcher(KNOWLEDGE, [watchlist(query)]).read(found)[1]
    return [(one.what, one.words, one.field, one.start, one.end) for one in match.evidence]


# -- words and their boundaries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("robot", "A Robot!", True),
        ("robot", "Robots", False),
        ("robot", "microrobot", False),
        ("ai", "他们的AI机器人", True),
        ("ai", "阿里AI", True),
        ("ai", "said", False),
        ("机器人", "人形机器人公司", True),
        ("机器人", "机器 人", False),
        ("阿里云", "领投方阿里云，A轮", True),
        ("G1机器人", "宇树 G1 机器人", True),
        ("로봇", "로봇이 간다", True),
        ('"embodied ai"', "Embodied-AI team", True),
        ('"embodied ai"', "embodied,  “AI”", True),
        ('"robot arm"', "a robot. Arm says", False),
        ('"robot arm"', "robot hand, arm", False),
        ("robot_arm", "robot arm", True),
        ("A+", "A+轮融资", True),
        ("A", "Series A+", False),
        ("İstanbul", "i̇STANBUL", True),
        ("straße", "STRASSE", True),
        ("robot", "", False),
    ],
)
def test_words_are_whole_as_their_script_has_it(query: str, title: str, expected: bool) -> None:
    assert matched(query, item(title)) is expected
    assert matched(query, item("", title)) is expected


def test_no_phrase_reaches_from_the_title_into_the_summary() -> None:
    assert not matched('"robot arm"', item("The robot", "arm"))
    assert not matched("机器人", item("机器", "人"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title:boston", True),
        ("title:summary", False),
        ("source:asia", True),
        ('source:"tech in asia"', True),
        ("asia", False),
        ("title:asia", False),
        ("lang:zh", True),
        ("lang:zh-hans", True),
        ("lang:cn", False),
        ("lang:en", False),
        ("boston -lang:en", True),
        ("boston -lang:zh", False),
    ],
)
def test_fields_look_where_they_say(query: str, expected: bool) -> None:
    assert matched(query, item("Boston", "A summary", "Tech in Asia", "zh-Hans-CN")) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a OR b c", True),
        ("(a OR b) c", False),
        ("x OR b c", False),
        ("a NOT x OR c", True),
        ("a -b", True),
        ("a NOT (b OR a)", False),
        ("a (x OR -b)", True),
        ("a (x OR -a)", False),
        ("*", True),
    ],
)
def test_not_binds_before_and_before_or(query: str, expected: bool) -> None:
    assert matched(query, item("a")) is expected


# -- evidence ----------------------------------------------------------------------------------------------------------


def test_evidence_is_every_place_in_the_title_and_the_first_in_the_summary() -> None:
    found = item("Robot buys robot", "a robot, a robot")
    assert shown("robot", found) == [
        ("word:robot", "Robot", "title", 0, 5),
        ("word:robot", "robot", "title", 11, 16),
        ("word:robot", "robot", "summary", 2, 7),
    ]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("ﬁrst ﬁnal Ｒｏｂｏｔ here", "Ｒｏｂｏｔ"),
        ("90 ㎏… the Robot", "Robot"),
        ("５０㎏ＲＯＢＯＴ", ""),
        ("阿里云：「ROBOT」", "ROBOT"),
        ("ne\u0301e — robot", "robot"),
        ("İİİ robot", "robot"),
        ("a  -  . robot", "robot"),
    ],
)
def test_offsets_are_of_the_original_whatever_folding_does_to_lengths(title: str, words: str) -> None:
    matches = Matcher(KNOWLEDGE, [watchlist("robot")]).read(item(title))[1]
    places = [(one.start, one.end) for match in matches for one in match.evidence]
    assert [title[start:end] for start, end in places] == ([words] if words else [])


def test_a_part_of_a_ligature_is_shown_as_all_of_it() -> None:
    assert shown("kg", item("90 ㎏")) == [("word:kg", "㎏", "title", 3, 4)]


def test_evidence_says_which_words_topics_and_entities_decided() -> None:
    found = item("通义千问 has a robot", "of Alibaba Cloud", "Tech in Asia", "en-GB")
    assert shown("topic:robotics investor:alibaba source:asia lang:en title:has -vacuum", found) == [
        ("topic:robotics", "robot", "title", 11, 16),
        ("entity:qwen", "通义千问", "title", 0, 4),
        ("entity:alibaba-cloud", "Alibaba Cloud", "summary", 3, 16),
        ("source:asia", "Asia", "source", 8, 12),
        ("lang:en", "en-GB", "lang", 0, 5),
        ("title:has", "has", "title", 5, 8),
    ]


# -- entities ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alibaba Cloud and Alibaba", ["alibaba-cloud", "alibaba"]),
        ("阿里巴巴旗下阿里云", ["alibaba", "alibaba-cloud"]),
        ("Alibabas", []),
        ("宇树科技发布G1", ["unitree"]),
        ("A figure of speech", []),
        ("Figure shows a humanoid", ["figure"]),
        ("Figure AI", ["figure"]),
        ("Amazon robots", ["amazon"]),
        ("Robots for the Amazon rainforest", []),
        ("Apple", ["apple"]),
        ("Apple has an album", ["apple"]),
        ("Apple Records has an album", ["apple-records"]),
        ("Apple Records", ["apple-records"]),
    ],
)
def test_the_longest_name_counts_where_its_context_allows(text: str, expected: list[str]) -> None:
    assert named(text) == expected
    assert named("", text) == expected


def test_an_entity_is_mentioned_once_where_it_is_first_named() -> None:
    (mention,) = about("Today", "Unitree, 宇树, Unitree").mentions
    assert (mention.name, mention.kind) == ("Unitree", "company")
    assert mention.evidence == Evidence("entity:unitree", "Unitree", "summary", 0, 7)


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ('investor:"Alibaba"', "Alibaba Cloud invests", True),
        ("investor:Alibaba", "阿里云领投", True),
        ("company:alibaba", "通义千问", True),
        ('company:"Alibaba Cloud"', "Alibaba", False),
        ("company:qwen", "Alibaba Cloud", False),
        ("entity:eddie-wu", "吴泳铭说", True),
        ("robot -entity:alibaba", "Qwen robot", False),
    ],
)
def test_naming_a_child_names_its_parents(query: str, title: str, expected: bool) -> None:
    assert matched(query, item(title)) is expected


# -- topics ------------------------------------------------------------------------------------------------------------


def score(title: str, summary: str = "") -> float:
    return round(about(title, summary).topics.get("robotics", 0.0), 4)


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("A robot", "", 0.7),
        ("A robot and a robot", "", 0.7),
        ("A robot", "a robot", 0.7),
        ("", "A robot", 0.525),
        ("", "A robot and robotics", 0.7744),
        ("Robot robotics", "", 0.91),
        ("A robot vacuum", "", 0.3),
        ("A robot, a robot vacuum", "", 0.79),
        ("Unitree", "", 0.45),
        ("", "Unitree", 0.3375),
        ("Unitree 宇树", "Unitree", 0.45),
        ("Unitree drone", "", 0.615),
        ("Agility Robotics", "", 0.88),
        ("robots.txt", "", 0.0),
        ("New robots.txt for robots", "", 0.35),
        ("robots, txt", "", 0.0),
        ("聊天机器人", "", 0.0),
        ("聊天机器人与机器人", "", 0.35),
        ("Nothing", "at all", 0.0),
    ],
)
def test_a_topic_is_scored_by_distinct_terms_and_entities(title: str, summary: str, expected: float) -> None:
    assert score(title, summary) == expected


def test_only_a_score_above_one_half_counts_as_matched() -> None:
    assert not matched("topic:robotics", item("", "Unitree"))
    assert matched("topic:robotics", item("", "Unitree has a robot"))


def test_topic_evidence_weighs_each_term_at_its_best_place() -> None:
    assert about("Robotics", "robotics and a robot").evidence == (
        Evidence("topic:robotics", "Robotics", "title", 0, 8, 0.7),
        Evidence("topic:robotics", "robot", "summary", 15, 20, 0.7 * 0.75),
    )


# -- many watchlists ---------------------------------------------------------------------------------------------------


def test_matches_come_in_the_order_of_watchlist_ids() -> None:
    lists = [watchlist("robot", 7), watchlist("*", 5), watchlist("a OR robot", 2), watchlist("nothing", 3)]
    matches = Matcher(KNOWLEDGE, lists).read(item("A robot"))[1]
    assert [match.watchlist.id for match in matches] == [2, 5, 7]


def test_a_query_that_cannot_be_read_any_more_is_set_aside() -> None:
    lists = watchlists("robot", "topic:robotics", "entity:unitree", "(", "*")
    matcher = Matcher(Knowledge(), lists)
    assert list(matcher.faults) == [2, 3, 4]
    assert isinstance(matcher.faults[3], BadQuery)
    assert [match.watchlist.id for match in matcher.read(item("Robot"))[1]] == [1, 5]


def test_a_matcher_that_knows_nothing_finds_nothing() -> None:
    assert Matcher(Knowledge()).read(item("Robot")) == (Classification(), ())


NAMES = [
    "Alibaba Cloud",
    "阿里",
    "阿里云",
    "宇树",
    "Qwen",
    "机器人",
    "robot",
    "Robots",
    "robotics",
    "robot vacuum",
    "drone",
]
POOL = [*NAMES, "a", "b", "ai", "c++", "A+", "ﬁg", "robots.txt", ". ", ", ", " - "]
TEXTS = st.lists(st.sampled_from(POOL), max_size=6).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])
)
ITEMS = st.builds(item, TEXTS, TEXTS, st.sampled_from(["", "Alibaba", "a b"]), st.sampled_from(["", "en", "zh-CN"]))
WORDS = ["a", "b", "robot", '"robot vacuum"', '"a b"', "阿里", "机器人", "ai", "fig", "a+"]
FIELDS = ["title:a", 'title:"robot robots"', "source:a", "lang:zh", "lang:en"]
MEANT = ["topic:robotics", "topic:physical-ai", "investor:alibaba", "company:qwen", "entity:unitree"]
TERMS = st.sampled_from([*WORDS, *FIELDS, *MEANT])
QUERIES = st.recursive(
    TERMS,
    lambda part: st.one_of(
        st.tuples(st.just("("), part, st.sampled_from([" ", " OR ", " -"]), part, st.just(")")).map("".join),
        st.tuples(part, st.just(" -("), part, st.just(")")).map("".join),
    ),
    max_leaves=6,
)


@cache
def alone(leaf: str) -> Matcher:
    """A matcher that has nothing to choose or to pass over."""
    return Matcher(KNOWLEDGE, [watchlist(leaf)])


def holds(query: Query, found: Item) -> bool:
    """The query evaluated in full."""
    match query:
        case And(parts):
            return all(holds(part, found) for part in parts)
        case Or(parts):
            return any(holds(part, found) for part in parts)
        case Not(part):
            return not holds(part, found)
    return bool(alone(str(query)).read(found)[1])


@settings(deadline=None)
@given(st.lists(QUERIES, min_size=1, max_size=12), ITEMS)
def test_asking_only_queries_with_a_lit_anchor_finds_what_asking_all_finds(queries: list[str], found: Item) -> None:
    matcher = Matcher(KNOWLEDGE, watchlists(*queries))
    expected = [
        number
        for number, text in enumerate(queries, 1)
        if number not in matcher.faults and holds(parse_query(text, KNOWLEDGE), found)
    ]
    classification, matches = matcher.read(found)
    assert [match.watchlist.id for match in matches] == expected
    assert matcher.understood(found, *matcher.look(found)) == matcher.read(found)[0]
    topics, entities = matcher.about(found)
    assert topics == tuple(topic for topic, score in classification.topics.items() if score > 0.5)
    assert entities == tuple(mention.entity for mention in classification.mentions)
    assert classification == MATCHER.read(found)[0]
    texts = {"title": found.title, "summary": found.summary, "source": found.source, "lang": found.lang}
    for one in [*classification.evidence, *(one for match in matches for one in match.evidence)]:
        assert texts[one.field][one.start : one.end] == one.words != ""


# -- the real seeds ----------------------------------------------------------------------------------------------------

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
DEV = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "labelled" / "dev.jsonl"


@pytest.mark.skipif(not DEV.exists(), reason="the labelled items are not part of the project")
@pytest.mark.parametrize(("topic", "label"), [("robotics", "robotics"), ("physical-ai", "physical_ai")])
def test_topics_of_the_seeds_agree_with_the_labels(topic: str, label: str) -> None:
    matcher = Matcher(load_knowledge(SEEDS))
    right = wrong = 0
    for line in DEV.read_text("utf-8").splitlines():
        row = json.loads(line)
        wanted = row["gold"][label]
        found = matcher.read(item(row["title"], row["summary"]))[0].topics.get(topic, 0.0) > 0.5
        right += found and wanted == 2
        wrong += (found and wanted == 0) or (not found and wanted == 2)
    assert 2 * right / (2 * right + wrong) >= 0.95
