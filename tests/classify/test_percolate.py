"""Percolating many queries finds what asking each of them in the plainest way finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.classify.knowledge.seeds import Entity, Knowledge
from bot.classify.lexicon import Lexicon
from bot.classify.query.explain import explain
from bot.classify.query.facts import Kin
from bot.classify.query.parse import parse_query
from bot.classify.query.percolate import Percolator
from bot.classify.query.view import View
from bot.classify.reading import Reading
from bot.errors import BadQuery
from bot.model import Classification, Deal, Evidence, Item, Mention, Party, Role
from tests.classify import naive
from tests.classify.samples import KNOWLEDGE, item

WHO = ("alibaba", "alibaba-cloud", "qwen", "unitree", "amazon")
KNOWN = Knowledge(
    (
        Entity("alibaba", "company", "Alibaba", country="CN"),
        Entity("alibaba-cloud", "investor", "Alibaba Cloud", parent="alibaba"),
        Entity("qwen", "lab", "Qwen", parent="alibaba-cloud"),
        Entity("unitree", "company", "Unitree", country="CN"),
        Entity("amazon", "company", "Amazon", country="US"),
    ),
    KNOWLEDGE.topics,
)


def percolated(queries: Sequence[str], found: Item, about: Classification) -> list[str]:
    """The queries that an item matches, asked all at once."""
    lexicon = Lexicon()
    percolator = Percolator(KNOWN, lexicon)
    added: list[str] = []
    for text in queries:
        try:
            assert percolator.add(text) == len(added)
            added.append(text)
        except BadQuery:
            with pytest.raises(BadQuery):
                parse_query(text, KNOWN)
    reading = Reading(found)
    view = View(found, reading, about, Kin(KNOWN))
    return [added[number] for number in sorted(percolator.matching(view, lexicon.search(reading.text)))]


def readable(queries: Sequence[str]) -> list[str]:
    good = []
    for text in queries:
        try:
            parse_query(text, KNOWN)
            good.append(text)
        except BadQuery:
            pass
    return good


# -- what is asked, and of what ----------------------------------------------------------------------------------------

PARTY = st.sampled_from([*WHO, ""]).map(lambda entity: Party(entity or "somebody", entity))
PARTIES = st.lists(PARTY, max_size=2, unique=True).map(tuple)


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    lead = draw(PARTIES)
    return Deal(
        draw(st.sampled_from(["funding", "acquisition", "ipo"])),
        target=draw(st.none() | PARTY),
        acquirer=draw(st.none() | PARTY),
        amount_usd=draw(st.sampled_from([None, 5, 50, 500])),
        round=draw(st.sampled_from(["", "A", "A+", "A/A+", "Seed"])),
        investors=(*lead, *draw(PARTIES)),
        lead=lead,
    )


@st.composite
def classifications(draw: st.DrawFn) -> Classification:
    roles = st.sampled_from(get_args(Role))
    named = draw(st.lists(st.sampled_from(WHO), max_size=3, unique=True))
    place = Evidence("entity", "", "title", 0, 0)
    return Classification(
        {
            topic: draw(st.sampled_from([0.3, 0.5, 0.6]))
            for topic in draw(st.sets(st.sampled_from(["robotics", "physical-ai"])))
        },
        tuple(Mention(one, one, "company", place, draw(roles)) for one in named),
        (),
        draw(st.sampled_from(["other", "team", "funding", "acquisition"])),
        tuple(draw(st.lists(deals(), max_size=2))),
    )


POOL = ["a", "ab", "abc", "b", "b c", "机器人", "机器", "手", "c++", "A+", ". ", ", ", "robot", "robots", "ﬁg"]
TEXTS = st.lists(st.sampled_from(POOL), max_size=8).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])
)
ITEMS = st.builds(item, TEXTS, TEXTS, st.sampled_from(["", "a b", "robot wire"]), st.sampled_from(["", "en", "zh-CN"]))
WORDS = ["a", "b", "abc", "robot", '"b c"', "机器人", "手", "a+", "ab*", "robot*", '"b ab"*', "NEAR"]
APART = [
    '"a b"~2',
    "a NEAR/3 ab*",
    '"机器 手"~1',
    '(a OR b) NEAR/2 "b c"',
    '"a a b"~4',
    "机器人 NEAR/2 b",
    '"a b abc"~5',
]
FIELDS = [
    "title:a",
    "title:ab*",
    'title:"a b"~2',
    "text:b",
    "source:a",
    "source:rob*",
    'source:"a b"~1',
    "lang:zh",
    "lang:en",
]
MEANT = [
    "topic:robotics",
    "topic:physical-ai",
    "investor:alibaba",
    "company:qwen",
    "entity:unitree",
    "region:cn",
    "region:asia",
]
OF_DEALS = [
    "event:funding", "event:acquisition", "event:team", "event:other", "round:a", "round:A+", "round:seed", "round:ipo",
    "amount:>=50", "amount:<50", "amount:5..50", "amount:=500", "role:lead", "role:investor", "role:target", "role:investee",
    "role:subject", "role:mention", "role:acquirer",
]  # fmt: skip
TERMS = st.sampled_from([*WORDS, *APART, *FIELDS, *MEANT, *OF_DEALS])
PARTS = st.recursive(
    TERMS,
    lambda part: st.one_of(
        st.tuples(st.just("("), part, st.sampled_from([" ", " OR ", " -"]), part, st.just(")")).map("".join),
        st.tuples(part, st.just(" -("), part, st.just(")")).map("".join),
    ),
    max_leaves=6,
)
QUERIES = st.one_of(PARTS, PARTS.map(lambda part: f"({part}) sources:>=2"), st.just("*"))


@settings(deadline=None, max_examples=200)
@given(st.lists(QUERIES, min_size=1, max_size=15, unique=True), ITEMS, classifications())
@example(["a NEAR/3 ab*"], item("ab. a"), Classification())
@example(
    ["amount:<50", "event:funding amount:>=50"], item("x"), Classification(deals=(Deal("funding", amount_usd=50),))
)
def test_percolating_finds_what_asking_each_query_finds(queries: list[str], found: Item, about: Classification) -> None:
    good = readable(queries)
    expected = [text for text in good if naive.matches(parse_query(text, KNOWN), found, about, KNOWN)]
    assert percolated(queries, found, about) == expected
    for text in good:
        explained = explain(parse_query(text, KNOWN), found, about, KNOWN)
        assert explained.matched is (text in expected)
        assert bool(explained.missing) is not explained.matched
        assert all(one.term and one.why for one in explained.missing)


# -- several deals in one item -----------------------------------------------------------------------------------------

CLOUD, UNITREE, QWEN = (Party(one, one) for one in ("alibaba-cloud", "unitree", "qwen"))
ROUND = Deal("funding", target=UNITREE, amount_usd=140, round="A+", investors=(CLOUD,), lead=(CLOUD,))
SALE = Deal("acquisition", target=QWEN, acquirer=Party("amazon", "amazon"), amount_usd=5400)
PLACE = Evidence("entity", "", "title", 0, 0)
BOTH = Classification(
    event="team",
    deals=(ROUND, SALE),
    mentions=(
        Mention("alibaba-cloud", "", "investor", PLACE, "lead"),
        Mention("unitree", "", "company", PLACE, "investee"),
        Mention("qwen", "", "lab", PLACE, "target"),
        Mention("amazon", "", "company", PLACE, "acquirer"),
    ),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("event:team", True),
        ("event:funding", True),
        ("event:acquisition", True),
        ("event:ipo", False),
        ("event:funding amount:>=1000", False),
        ("event:acquisition amount:>=1000", True),
        ("event:acquisition round:A+", False),
        ("round:A+ amount:100..200", True),
        ('investor:"Alibaba Cloud" role:lead event:funding', True),
        ('investor:"Alibaba Cloud" role:lead event:acquisition', False),
        ('investor:"Alibaba Cloud" role:investor', True),
        ("company:alibaba role:lead", True),
        ("company:unitree role:lead", False),
        ("company:unitree role:investee amount:>=1000", False),
        ("company:amazon role:acquirer amount:>=1000", True),
        ("company:amazon role:acquirer round:A+", False),
        ("(company:amazon OR company:unitree) role:acquirer", True),
        ("(company:unitree OR company:qwen) role:acquirer", False),
        ("(company:unitree OR event:team) role:acquirer", True),
        ("company:unitree (role:lead OR role:investee)", True),
        ("role:lead", True),
        ("role:mention", False),
        ("event:funding -amount:>=1000", False),
        ("event:team -event:ipo", True),
        ("event:team -company:unitree", False),
        ("event:team -(company:unitree role:lead)", True),
        ("region:cn region:us", True),
        ("region:gulf", False),
    ],
)
def test_terms_of_deals_hold_of_one_deal_together_and_negations_of_all(query: str, expected: bool) -> None:
    assert (percolated([query], item("x"), BOTH) == [query]) is expected
    assert naive.matches(parse_query(query, KNOWN), item("x"), BOTH, KNOWN) is expected


def test_what_mainly_happened_counts_where_no_deal_of_its_type_was_read() -> None:
    rumour = Classification(event="acquisition", deals=(ROUND,))
    assert percolated(["event:acquisition", "event:funding", "event:team"], item("x"), rumour) == [
        "event:acquisition",
        "event:funding",
    ]


@pytest.mark.parametrize(
    ("amount", "expected"), [(9, [1, 2]), (10, [0, 1, 2]), (50, [0, 2, 3]), (51, [0, 3]), (None, [])]
)
def test_amounts_are_found_by_their_thresholds(amount: int | None, expected: list[int]) -> None:
    queries = ["amount:>=10", "amount:<50", "amount:<=50", "amount:50..60"]
    about = Classification(deals=(Deal("funding", amount_usd=amount),))
    assert percolated(queries, item("x"), about) == [queries[number] for number in expected]


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("robotic gripper", "a gripper", 0),
        ("robotic gripper", "a robotic arm", 0),
        ("robotic gripper -hand", "a robotic gripper hand", 1),
        ("(gripper OR hand) robotic", "a hand", 0),
        ("(gripper OR hand) robotic", "a robotic hand", 1),
        ("gripper topic:robotics", "a gripper", 0),
        ("gripper amount:>=50", "a gripper", 0),
        ("gripper NEAR/2 hand", "a gripper", 0),
        ("gripper NEAR/2 hand", "a gripper and a soft hand", 1),
        ("title:gripper hand", "hand", 0),
        ("gripper OR hand", "a robot", 0),
        ("grip* hand*", "a grip", 0),
        ("*", "", 1),
    ],
)
def test_a_query_is_asked_only_where_its_anchor_and_its_check_are(query: str, title: str, expected: int) -> None:
    lexicon = Lexicon()
    percolator = Percolator(KNOWN, lexicon)
    percolator.add(query)
    reading = Reading(item(title))
    view = View(item(title), reading, Classification(), Kin(KNOWN))
    assert len(percolator._touched(view, lexicon.search(reading.text))) == expected


def test_of_amounts_beside_an_anchor_only_those_within_the_threshold_are_asked() -> None:
    lexicon = Lexicon()
    percolator = Percolator(KNOWN, lexicon)
    for least in range(100):
        percolator.add(f"event:funding amount:>={least}")
    about = Classification(event="funding", deals=(Deal("funding", amount_usd=30),))
    reading = Reading(item("x"))
    view = View(item("x"), reading, about, Kin(KNOWN))
    assert sorted(percolator._touched(view, lexicon.search(reading.text))) == list(range(31))


def test_queries_that_need_the_same_two_words_are_all_found_whatever_their_order() -> None:
    queries = [
        "gripper hand",
        "hand gripper",
        "gripper hand -drone",
        '"gripper" hand',
        "hand robot",
        "gripper",
        "hand hand",
    ]
    about = Classification()
    assert percolated(queries, item("a hand and a gripper"), about) == [*queries[:4], *queries[5:]]
    assert percolated(queries, item("a hand, a gripper, a drone"), about) == [*queries[:2], queries[3], *queries[5:]]
    assert percolated(queries, item("a robot hand"), about) == ["hand robot", "hand hand"]
