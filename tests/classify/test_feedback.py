"""Learning from verdicts: simulated people teach a watchlist, and what it learns is checked on items it has not seen."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classify import feedback
from bot.classify.feedback import (
    HEAVIEST,
    NEEDS,
    RULE,
    UNTAUGHT,
    Example,
    Learned,
    Lessons,
    effect,
    judge,
    leanings,
    learn,
    lessons,
    noted,
    rule_score,
    sift,
    strongest,
)
from bot.classify.match import Matcher
from bot.model import Classification, Deal, Evidence, Item, Match, Mention, Person
from bot.people import Verdict
from tests.classify.samples import KNOWLEDGE, NOON, item, watchlist

Tastes = Callable[[dict[str, float], random.Random], bool]

EVENTS = ("funding", "launch", "partnership", "research", "acquisition", "other", "team")
HOW_OFTEN = (3, 4, 2, 2, 1, 4, 1)
SOURCES = tuple(f"Outlet {n}" for n in range(12))


# -- simulated people --------------------------------------------------------------------------------------------------


def simulated(rng: random.Random) -> tuple[float, dict[str, float]]:
    """The rule score and features of a made-up match of `topic:robotics`."""
    event = rng.choices(EVENTS, HOW_OFTEN)[0]
    source = rng.choices(SOURCES, (6, 5, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1))[0]
    score = rng.uniform(0.51, 0.97)
    found = {f"event:{event}": 1.0, f"source:{source}": 1.0, f"lang:{rng.choice(('en', 'en', 'zh'))}": 1.0}
    found |= {"topic:robotics": score, "by:topic": 1.0, "terms:1": 1.0}
    found |= {f"entity:e{n}": rng.choice((0.5, 0.9, 1.0)) for n in rng.sample(range(30), rng.choice((0, 1, 1, 2)))}
    if event in ("funding", "acquisition"):
        found |= {f"deal:{event}": 1.0, "role:lead": 1.0, f"amount:{rng.choice(('unknown', 'under $10m'))}": 1.0}
    if rng.random() < 0.1:
        found["style:roundup"] = 1.0
    return score, found


def funding_not_launches(found: dict[str, float], rng: random.Random) -> bool:
    return "event:funding" in found or ("event:launch" not in found and rng.random() < 0.7)


def funding_only(found: dict[str, float], rng: random.Random) -> bool:
    return "event:funding" in found


def not_that_source(found: dict[str, float], rng: random.Random) -> bool:
    return "source:Outlet 1" not in found


def no_launches_with_slips(found: dict[str, float], rng: random.Random) -> bool:
    return ("event:launch" not in found) != (rng.random() < 0.1)


def at_random(found: dict[str, float], rng: random.Random) -> bool:
    return rng.random() < 0.5


def everything(found: dict[str, float], rng: random.Random) -> bool:
    return True


def nothing(found: dict[str, float], rng: random.Random) -> bool:
    return False


def taught(likes: Tastes, verdicts: int, seed: int) -> Learned:
    rng = random.Random(seed)
    matches = [simulated(rng) for _ in range(verdicts)]
    return learn(Example(score, found, likes(found, rng)) for score, found in matches)


def measured(likes: Tastes, verdicts: int, seeds: int = 6) -> tuple[float, float, float, float]:
    """Precision without and with what was learned, recall of what is liked, and the share told: on unseen items."""
    before = after = recall = told = 0.0
    for seed in range(seeds):
        learned, rng = taught(likes, verdicts, seed), random.Random(1000 + seed)
        unseen = [simulated(rng) for _ in range(400)]
        liked = [likes(found, rng) for _, found in unseen]
        passed = [judge(score, found, learned).passes for score, found in unseen]
        both = sum(a and b for a, b in zip(liked, passed, strict=True))
        before += sum(liked) / 400
        after += both / max(sum(passed), 1)
        recall += both / max(sum(liked), 1)
        told += sum(passed) / 400
    return before / seeds, after / seeds, recall / seeds, told / seeds


@pytest.mark.parametrize(
    ("likes", "verdicts", "precision", "recall"),
    [
        (funding_only, 40, 0.94, 0.9),
        (funding_not_launches, 100, 0.75, 0.85),
        (not_that_source, 100, 0.95, 0.98),
        (no_launches_with_slips, 100, 0.85, 0.93),
    ],
)
def test_after_some_verdicts_what_is_told_is_better_and_what_is_liked_is_still_told(
    likes: Tastes, verdicts: int, precision: float, recall: float
) -> None:
    before, after, kept, _ = measured(likes, verdicts)
    assert after > before + 0.1
    assert (after > precision, kept > recall) == (True, True), (after, kept)


@pytest.mark.parametrize("verdicts", [20, 60, 150])
def test_verdicts_that_contradict_each_other_change_little(verdicts: int) -> None:
    assert measured(at_random, verdicts)[3] > 0.93


@pytest.mark.parametrize("likes", [everything, nothing])
def test_nothing_is_held_back_while_all_verdicts_say_the_same(likes: Tastes) -> None:
    assert measured(likes, 60, 2)[3] == 1.0


def test_the_first_verdicts_hold_nothing_back() -> None:
    for count in range(1, feedback.ENOUGH):
        learned = taught(nothing, count, 1)
        rng = random.Random(2)
        assert all(judge(*simulated(rng), learned).passes for _ in range(200))


def test_a_loop_of_alerts_and_verdicts_settles_on_what_is_liked() -> None:
    """Verdicts are given only on what was told, one in three; what is held back is never seen again."""
    rng, examples, learned = random.Random(5), list[Example](), UNTAUGHT
    told: list[tuple[bool, bool]] = []
    for n in range(600):
        score, found = simulated(rng)
        passed, liked = judge(score, found, learned).passes, funding_only(found, rng)
        told.append((passed, liked))
        if passed and rng.random() < 0.3:
            examples.append(Example(score, found, liked))
            learned = learn(examples)
        assert n > 20 or passed
    late = told[300:]
    assert sum(liked for passed, liked in late if passed) > 0.8 * sum(passed for passed, _ in late)
    assert sum(passed for passed, liked in late if liked) > 0.9 * sum(liked for _, liked in late)


# -- the model ---------------------------------------------------------------------------------------------------------


def test_the_order_of_verdicts_does_not_matter() -> None:
    rng = random.Random(3)
    examples = [Example(*simulated(rng), funding_only(simulated(rng)[1], rng)) for _ in range(40)]
    shuffled = examples[::-1]
    random.Random(4).shuffle(shuffled)
    assert learn(shuffled) == learn(examples)


def test_no_verdicts_teach_nothing() -> None:
    assert learn([]) == UNTAUGHT
    assert judge(0.9, {"event:launch": 1.0}, UNTAUGHT).passes


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.builds(
            Example,
            st.floats(0, 1),
            st.dictionaries(st.sampled_from(["source:a", "event:b", "lang:c", "terms:1"]), st.floats(0, 1)),
            st.booleans(),
        ),
        max_size=25,
    )
)
def test_whatever_is_said_weights_and_threshold_stay_in_bounds(examples: list[Example]) -> None:
    learned = learn(examples)
    assert all(abs(weight) <= HEAVIEST for weight in learned.weights.values())
    assert 0.08 <= learned.needs <= 0.74
    assert (learned.verdicts, learned.against) == (len(examples), sum(not one.liked for one in examples))


def test_the_threshold_alone_never_silences_words_in_a_title() -> None:
    assert judge(1.0, {}, Learned({}, 50, 49, 0.74, True)).passes


def test_a_disliked_source_loses_weight_and_the_judgement_says_so() -> None:
    learned = taught(not_that_source, 100, 1)
    judgement = judge(0.7, {"source:Outlet 1": 1.0}, learned)
    assert (judgement.passes, judgement.moved[0][0]) == (False, "source:Outlet 1")
    assert judgement.score < learned.needs
    assert strongest(learned)[1][0][0] == "source:Outlet 1"
    assert "less for source Outlet 1" in leanings(learned)


# -- matches and their features ----------------------------------------------------------------------------------------


def matched(query: str, title: str, summary: str = "", **more: str) -> tuple[Item, Classification, Match]:
    found = item(title, summary, **more)
    about, (match,) = Matcher(KNOWLEDGE, [watchlist(query)]).read(found)
    return found, about, match


@pytest.mark.parametrize(
    ("query", "title", "summary", "expected"),
    [
        ("walks", "A robot walks", "", 1.0),
        ("walks", "A robot", "It walks.", 0.75),
        ("topic:robotics", "A robot", "", 0.7),
        ("walks topic:robotics", "A robot walks", "", 0.85),
        ("*", "A robot", "", 0.6),
    ],
)
def test_the_rule_score_is_the_mean_of_what_the_terms_are_worth(
    query: str, title: str, summary: str, expected: float
) -> None:
    _, about, match = matched(query, title, summary)
    assert rule_score(about, match) == pytest.approx(expected)


def test_an_entity_is_worth_what_its_role_says() -> None:
    where = Evidence("entity:unitree", "Unitree", "title", 0, 7)
    match = Match(watchlist("company:unitree"), (where,))
    scores = [
        rule_score(Classification(mentions=(Mention("unitree", "Unitree", "company", where, role),)), match)
        for role in ("lead", "target", "subject", "mention")
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_features_are_named_as_people_would_name_them() -> None:
    found, about, match = matched(
        "topic:robotics", "Weekly roundup: Unitree's robots", "", source="The Ledger", lang="en-GB"
    )
    deal = Deal("funding", amount_usd=140_000_000, round="A+", status="talks")
    features = feedback.features(found, Classification(about.topics, about.mentions, (), "funding", (deal,)), match)
    assert {
        "source:The Ledger",
        "lang:en",
        "event:funding",
        "deal:funding",
        "amount:$100m to $1bn",
        "round:A+",
        "status:talks",
        "style:roundup",
        "by:topic",
        "terms:1",
        "entity:unitree",
        "topic:robotics",
    } <= set(features)
    assert all(0 <= value <= 1 for value in features.values())


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Top 10 humanoids of the year", True),
        ("This week in robotics", True),
        ("12 startups to watch", True),
        ("机器人早报：三家公司融资", True),
        ("Robot maker raises $10m", False),
        ("Weekend robots walk", False),
    ],
)
def test_roundups_are_known_by_their_titles(title: str, expected: bool) -> None:
    about = Classification()
    assert ("style:roundup" in feedback.features(item(title), about, Match(watchlist("*"), ()))) is expected


# -- sifting -----------------------------------------------------------------------------------------------------------

AGAINST_LAUNCHES = Learned({"event:other": -3.0}, 9, 6, 0.6, True)


def test_matches_that_do_not_pass_are_held_back_with_the_reason() -> None:
    found, about, match = matched("topic:robotics", "A robot walks")
    kept, held = sift(found, about, [match], {1: AGAINST_LAUNCHES})
    assert (kept, [one.match for one in held]) == ((), [match])
    assert held[0].judgement.moved == (("event:other", -3.0),)


@pytest.mark.parametrize("query", ["company:unitree", '"宇树科技"', "unitree OR bank", "entity:unitree robot"])
def test_what_is_asked_for_by_name_is_never_held_back(query: str) -> None:
    title = "宇树科技 shows a robot" if "宇树" in query else "Unitree shows a robot"
    found, about, match = matched(query, title)
    assert sift(found, about, [match], {1: AGAINST_LAUNCHES}) == ((match,), ())


def test_a_topic_that_speaks_through_a_name_is_not_asking_for_it() -> None:
    found, about, match = matched("topic:robotics", "Unitree shows a robot")
    assert sift(found, about, [match], {1: AGAINST_LAUNCHES}).kept == ()


def test_a_name_that_shows_only_a_region_or_a_role_is_not_asked_for() -> None:
    where = Evidence("entity:unitree", "Unitree", "title", 0, 7)
    about = Classification(mentions=(Mention("unitree", "Unitree", "company", where),))
    exact = {
        query: feedback.is_exact(about, Match(watchlist(query), (where,)))
        for query in ("region:cn", "role:lead", "Company: unitree", "region:cn investor：unitree")
    }
    assert exact == {
        "region:cn": False,
        "role:lead": False,
        "Company: unitree": True,
        "region:cn investor：unitree": True,
    }


def test_each_watchlist_has_learned_for_itself() -> None:
    found = item("A robot walks")
    about, matches = Matcher(KNOWLEDGE, [watchlist("topic:robotics", 1), watchlist("robot", 2)]).read(found)
    kept, held = sift(found, about, matches, {1: AGAINST_LAUNCHES})
    assert ([one.watchlist.id for one in kept], [one.match.watchlist.id for one in held]) == ([2], [1])


# -- verdicts ----------------------------------------------------------------------------------------------------------


def verdict(number: int, good: bool, features: dict[str, float]) -> Verdict:
    return Verdict(1, number, Person("terminal:me"), good, features, NOON + timedelta(minutes=number))


def test_a_verdict_keeps_what_the_model_needs() -> None:
    found, about, match = matched("topic:robotics", "A robot walks")
    (example,) = lessons([verdict(1, True, noted(found, about, match))])
    assert example == Example(rule_score(about, match), feedback.features(found, about, match), True)


def test_only_the_newest_verdicts_count() -> None:
    old = [verdict(n, False, {RULE: 0.7, "source:old": 1.0}) for n in range(10)]
    new = [verdict(100 + n, True, {RULE: 0.7}) for n in range(feedback.REMEMBERED)]
    assert {one.liked for one in lessons([*new, *old])} == {True}


def test_lessons_are_learned_anew_only_where_verdicts_changed() -> None:
    said = {1: [verdict(1, True, {RULE: 0.7})], 2: [verdict(1, False, {RULE: 0.7})]}
    asked: list[int] = []

    def of(watchlist_id: int) -> list[Verdict]:
        asked.append(watchlist_id)
        return list(said[watchlist_id])

    known = Lessons()
    first = known.of(1, 7, of)
    assert known.of(1, 7, of) is first
    assert asked == [1]
    said[2].append(verdict(2, True, {RULE: 0.7}))
    assert known.of(1, 8, of) is first
    assert known.of(2, 8, of).verdicts == 2
    assert asked == [1, 1, 2]
    said[1] = []
    assert known.of(1, 9, of) == UNTAUGHT


@pytest.mark.parametrize(
    ("learned", "expected"),
    [
        (Learned({}, 9, 4, 0.62, True), "now needs 0.62; learned from 9 verdicts"),
        (UNTAUGHT, "no verdicts yet; 👍 and 👎 on its alerts teach it"),
        (Learned({}, 1, 0), "posts everything so far; 1 verdict, it takes 5 with 3 👎 to hold anything back"),
        (Learned({}, 6, 6), "posts everything; all 6 verdicts are 👎, so another query may be better than learning"),
        (Learned({}, 8, 4), "posts everything; 8 verdicts that do not tell apart what is wanted"),
    ],
)
def test_the_effect_is_said_in_one_line(learned: Learned, expected: str) -> None:
    assert effect(learned) == expected


def test_a_new_watchlist_needs_what_the_rules_need() -> None:
    assert UNTAUGHT.needs == NEEDS
