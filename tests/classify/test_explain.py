import pytest

from bot.classify.knowledge.seeds import Entity, Knowledge
from bot.classify.query.explain import Explanation, Missing, explain
from bot.classify.query.parse import parse_query
from bot.model import Classification, Deal, Evidence, Item, Mention, Party
from tests.classify.samples import KNOWLEDGE, item

KNOWN = Knowledge((*KNOWLEDGE.entities, Entity("gulf-fund", "investor", "Gulf Fund", country="AE")), KNOWLEDGE.topics)
NEWS = item("Unitree shows a robot", "Alibaba Cloud led; drones fly", "Robot Wire", "en")


def at(words: str, field: str = "title", what: str = "x") -> Evidence:
    text = NEWS.title if field == "title" else NEWS.summary
    start = text.index(words)
    return Evidence(what, words, "title" if field == "title" else "summary", start, start + len(words))


LED = at("led", "summary", "role:lead")
AMOUNT, ROUND = at("robot", "title", "deal.amount"), at("shows", "title", "deal.round")
ABOUT = Classification(
    {"robotics": 0.41},
    (
        Mention("unitree", "Unitree", "company", at("Unitree"), "subject"),
        Mention("alibaba-cloud", "Alibaba Cloud", "investor", at("Alibaba Cloud", "summary"), "lead", LED),
    ),
    (at("shows", "title", "event:launch"),),
    "launch",
    (
        Deal(
            "funding", Party("Unitree", "unitree"), amount=12_000_000, currency="USD", amount_usd=12_000_000, round="A",
            lead=(Party("Alibaba Cloud", "alibaba-cloud"),), evidence=(AMOUNT, ROUND),
        ),
    ),
)  # fmt: skip


def asked(query: str, about: Classification = ABOUT, of: Item = NEWS) -> Explanation:
    return explain(parse_query(query, KNOWN), of, about, KNOWN)


def why(query: str, about: Classification = ABOUT) -> list[tuple[str, str]]:
    explained = asked(query, about)
    assert not explained.matched
    assert explained.evidence == ()
    return [(one.term, one.why) for one in explained.missing]


@pytest.mark.parametrize(
    ("query", "term", "says"),
    [
        ("arm", "arm", "the word “arm” is not there"),
        ('"robot arm"', '"robot arm"', "the phrase “robot arm” is not there"),
        ("arm*", "arm*", "no word begins with “arm”"),
        ("unitree NEAR/2 robot", '"unitree robot"~2', "these words are there, but nowhere within 2 words of each other"),
        ("unitree NEAR/2 arm", '"unitree arm"~2', "the word “arm” is not there"),
        ("title:drones", "title:drones", "it is in the summary, not in the title"),
        ("title:arm", "title:arm", "it is not in the title"),
        ("source:asia", "source:asia", "the source is “Robot Wire”"),
        ("lang:zh", "lang:zh", "the language is en"),
        ("topic:robotics", "topic:robotics", "its score is 0.41, and takes more than 0.50"),
        ("topic:physical-ai", "topic:physical-ai", "nothing speaks for it"),
        ("company:agility", "company:agility", "Agility Robotics is not named"),
        ("region:gulf", "region:gulf", "nobody named is known to sit in gulf"),
        ("event:ipo", "event:ipo", "what happened is “launch”, the deal is “funding”"),
        ("role:acquirer", "role:acquirer", "nobody known is in the role acquirer"),
        ("company:unitree role:lead", "role:lead", "Unitree is not in the role lead, but subject"),
        ("round:B", "round:B", "the round is A"),
        ("amount:>=50m", "amount:>=50m", "12m < 50m"),
        ("amount:<10m", "amount:<10m", "12m is not <10m"),
        ("amount:<=10m", "amount:<=10m", "12m > 10m"),
        ("arm OR leg*", "arm OR leg*", "none of these words is there"),
        (
            "arm OR round:B OR (robot leg) OR hand",
            "arm OR round:B OR robot leg OR hand",
            "none of these holds: arm: the word “arm” is not there; round:B: the round is A; leg: the word “leg” is not there; "
            "and 1 more",
        ),
        ("robot -drones", "-drones", "“drones” is there"),
        ("robot -event:launch", "-event:launch", "“shows” is there"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_of_each_term(query: str, term: str, says: str) -> None:
    assert why(query) == [(term, says)]


def test_all_that_is_missing_is_told_in_the_order_of_the_query() -> None:
    assert [term for term, _ in why("arm robot -drones company:agility")] == ["arm", "-drones", "company:agility"]


@pytest.mark.parametrize("query", ["round:A", "amount:>=1m"])
def test_without_a_deal_its_terms_say_so(query: str) -> None:
    assert why(query, Classification()) == [(query, "no deal is reported")]


def test_of_several_deals_the_nearest_is_explained() -> None:
    other = Deal("acquisition", Party("ABB", ""), amount_usd=5_400_000_000)
    two = Classification({}, ABOUT.mentions, (), "funding", (*ABOUT.deals, other))
    assert why("event:acquisition amount:>=1b round:A", two) == [("round:A", "it names no round (ABB)")]
    assert why("event:funding amount:>=50m", two) == [("amount:>=50m", "12m < 50m (Unitree)")]
    vague = Classification(deals=(Deal("funding", amount=None), Deal("funding", amount=5, currency="XXX")))
    assert why("amount:>=50m", vague) == [("amount:>=50m", "it names no amount")]


def test_a_match_shows_what_each_term_was_read_from() -> None:
    explained = asked('investor:"Alibaba Cloud" role:lead event:funding round:A amount:>=10m robot* -arm')
    assert explained.matched
    assert explained.missing == ()
    assert [(one.what, one.words) for one in explained.evidence] == [
        ("x", "Alibaba Cloud"),
        ("role:lead", "led"),
        ("deal.amount", "robot"),
        ("deal.round", "shows"),
        ("word:robot*", "robot"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("shows NEAR/2 robot", [("word:shows", "shows"), ("word:robot", "robot")]),
        ("drone* NEAR/2 led", [("word:led", "led"), ("word:drone*", "drones")]),
        ("title:rob*", [("title:rob*", "robot")]),
        ('title:"unitree shows"~1', [("title:unitree", "Unitree"), ("title:shows", "shows")]),
        ('source:"wire robot"~1', [("source:robot", "Robot"), ("source:wire", "Wire")]),
        ("source:rob*", [("source:rob*", "Robot")]),
        ("event:launch", [("event:launch", "shows")]),
        ("*", []),
    ],
)
def test_evidence_is_in_the_words_of_the_item(query: str, expected: list[tuple[str, str]]) -> None:
    explained = asked(query)
    assert explained.matched
    assert [(one.what, one.words) for one in explained.evidence] == expected
    texts = {"title": NEWS.title, "summary": NEWS.summary, "source": NEWS.source}
    assert all(texts[one.field][one.start : one.end] == one.words for one in explained.evidence)


def test_a_part_is_missing_as_it_is_spelt() -> None:
    assert asked("ARM").missing == (Missing("arm", "the word “arm” is not there"),)
