"""Which story a report belongs to: the same event, another one, or a later development; first and second look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Classification
from bot.stories.cluster import Clusterer, Placing
from bot.stories.signature import Signature, sign
from tests.stories.nasty import NASTY
from tests.stories.signatures import (
    APPROVED,
    APPROVED_TOO,
    CANCELLED,
    CLOSED,
    DANCE,
    FIRE,
    FIRE_ANSWER,
    FIRE_ANSWER_TOO,
    FIRE_TOO,
    FIRE_ZH,
    FIRE_ZH_TOO,
    ORCHARD,
    OTHER_BUYER,
    OTHER_BUYER_IN_THESE_WORDS,
    ROUND_EN,
    ROUND_EN_TOO,
    ROUND_NEXT,
    ROUND_OF_CORVID,
    ROUND_ZH,
    ROUND_ZH_TOO,
    ROUNDUP,
    ROUNDUP_ZH,
    SALE,
    SALE_TOO,
    SALE_ZH,
    Words,
    item,
    placed,
    report,
    stories,
)
from tests.stories.test_apart import BRANDT, HALEN

DAY = 24.0
ROUND = (ROUND_EN, ROUND_EN_TOO, ROUND_ZH, ROUND_ZH_TOO)
FIRES = (FIRE, FIRE_TOO, FIRE_ZH, FIRE_ZH_TOO)
SALES = (SALE, SALE_TOO, SALE_ZH)


def told(*words: Words, apart: float = 1.0) -> list[Placing]:
    """Where reports of different outlets go that come so many hours apart."""
    return placed(*(report(one, f"Wire {number}", number * apart) for number, one in enumerate(words)))


def brief(placings: Sequence[Placing]) -> list[tuple[int, str, int]]:
    """Story, status, and what it follows."""
    return [(one.story, one.status, one.follows) for one in placings]


# -- copies --------------------------------------------------------------------------------------------------------------


def test_the_same_link_is_the_same_event_whatever_it_says() -> None:
    url = "https://wire.example/news/4711"
    first, again = placed(report(FIRE, url=url), report(DANCE, "Wire B", 1, f"{url}?utm_source=mail"))
    assert (again.story, again.status, again.copy, again.why) == (first.story, "same", True, ("the same link",))


def test_the_same_title_in_another_outlet_is_the_same_event() -> None:
    title = "Twelve walking machines dance in Lisbon"
    first, again = told(Words(title, "A ballet."), Words(f"{title}!", "Nobody expected it."))
    assert (again.story, again.status, again.copy, again.why) == (first.story, "same", True, ("the same title",))


def test_the_same_title_in_one_outlet_may_stand_over_two_events() -> None:
    title = "What the robots did yesterday"
    one, other = Words(title, DANCE.summary), Words(title, ORCHARD.summary)
    assert stories(report(one), report(other, after=DAY)) == [1, 2]


def test_a_syndicated_copy_joins_and_is_a_copy() -> None:
    copied = Words("Fjord couriers called back", f"(Wire A) {FIRE.summary} Read more in our app.")
    again = told(FIRE, copied)[1]
    assert (again.story, again.status, again.copy) == (1, "same", True)
    assert "the same words" in again.why[0]


def test_what_is_told_in_other_words_is_no_copy() -> None:
    assert [one.copy for one in told(*FIRES)] == [False] * 4


def test_another_deal_in_the_words_of_the_first_is_not_swallowed_as_a_copy() -> None:
    assert [one.story for one in told(SALE, OTHER_BUYER_IN_THESE_WORDS)] == [1, 2]


# -- one event, different wordings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", [ROUND, SALES, FIRES], ids=["round", "sale", "fire"])
def test_different_wordings_in_one_or_two_languages_are_one_event(event: Sequence[Words]) -> None:
    for one, other in permutations(event, 2):
        assert brief(told(one, other)) == [(1, "new", 0), (1, "same", 0)]


@pytest.mark.parametrize("event", [ROUND, FIRES], ids=["round", "fire"])
def test_reports_without_times_are_brought_together_too(event: Sequence[Words]) -> None:
    assert stories(*(report(words, f"Wire {at}", timed=False) for at, words in enumerate(event))) == [1, 1, 1, 1]


def test_without_a_single_known_entity_words_and_numbers_do_it() -> None:
    reports = [sign(item(words, f"Wire {at}"), Classification()) for at, words in enumerate(FIRES)]
    assert [one.story for one in placed(*reports)] == [1, 1, 1, 1]


def test_unrelated_reports_are_events_of_their_own() -> None:
    assert brief(told(FIRE, DANCE, ORCHARD, SALE, ROUND_ZH)) == [(number, "new", 0) for number in range(1, 6)]


@settings(max_examples=40, deadline=None)
@given(st.permutations([*ROUND, *FIRES, *SALES, DANCE, ORCHARD]))
def test_the_order_of_arrival_does_not_matter_where_the_case_is_clear(order: Sequence[Words]) -> None:
    clusterer = Clusterer()
    now = {words: clusterer.place(report(words, f"Wire {at}", at / 4)).story for at, words in enumerate(order)}
    for into, other in clusterer.refine().merged:
        now = {words: into if story == other else story for words, story in now.items()}
    events = [{now[words] for words in event} for event in (ROUND, FIRES, SALES, (DANCE,), (ORCHARD,))]
    assert [len(event) for event in events] == [1] * 5
    assert len(set.union(*events)) == 5


def test_a_story_that_everybody_tells_stays_one() -> None:
    headlines = [report(Words(words.title), "Wire A", timed=False) for words in (FIRE, FIRE_TOO)]
    reports = [
        replace(headlines[number % 2], item_id=f"{number:024x}", title_key=None, link_key=None) for number in range(900)
    ]
    assert {one.story for one in placed(*reports)} == {1}


# -- two deals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        (ROUND_EN, ROUND_NEXT, "another"),
        (ROUND_ZH, ROUND_NEXT, ""),
        (ROUND_EN, ROUND_OF_CORVID, "Corvid Robotics"),
        (ROUND_EN, ROUND_OF_CORVID._replace(summary=""), "Corvid Robotics"),
        (SALE, OTHER_BUYER, "another buyer"),
        (SALE_ZH, OTHER_BUYER, ""),
    ],
)
def test_two_deals_are_two_stories_however_alike_they_read(one: Words, other: Words, because: str) -> None:
    placings = told(one, other)
    assert brief(placings) == [(1, "new", 0), (2, "new", 0)]
    assert because in placings[1].why[0]
    assert [placing.story for placing in told(other, one)] == [1, 2]


def test_a_second_look_merges_no_two_deals() -> None:
    clusterer = Clusterer()
    for at, words in enumerate((ROUND_EN, ROUND_EN_TOO, ROUND_NEXT, ROUND_OF_CORVID, SALE, SALE_ZH, OTHER_BUYER)):
        clusterer.place(report(words, f"Wire {at}"))
    assert clusterer.refine().merged == ()


@pytest.mark.parametrize(
    ("amount", "same"),
    [
        ("$142 million", True),
        ("over $140 million", True),
        ("$70 million", False),
        ("€126 million", True),
        ("€190 million", False),
    ],
)
def test_sums_are_compared_after_rounding_and_in_dollars(amount: str, same: bool) -> None:
    other = Words(*(text.replace("$140 million", amount).replace("$140m", amount) for text in ROUND_EN_TOO))
    other = Words(
        *(text.replace("Series B", "funding round").replace("funding round of", "funding of") for text in other)
    )
    assert stories(report(ROUND_EN), report(other, "Wire B", 1)) == ([1, 1] if same else [1, 2])


# -- round-ups -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("roundup", [ROUNDUP, ROUNDUP_ZH])
def test_a_round_up_joins_nothing_and_nothing_joins_it(roundup: Words) -> None:
    placings = told(ROUND_EN, FIRE, roundup, ROUND_EN_TOO, FIRE_ZH)
    assert brief(placings)[2] == (3, "new", 0)
    assert "round-up" in placings[2].why[0]
    assert [one.story for one in placings] == [1, 2, 3, 1, 2]
    assert [one.story for one in told(roundup, ROUND_EN, FIRE)] == [1, 2, 3]


def test_round_ups_are_no_copies_of_each_other() -> None:
    assert [one.story for one in told(ROUNDUP, ROUNDUP._replace(title="The robot newsletter of Monday"))] == [1, 2]


@pytest.mark.parametrize("roundup", [ROUNDUP, ROUNDUP_ZH])
def test_a_second_look_leaves_round_ups_alone(roundup: Words) -> None:
    clusterer = Clusterer()
    for at, words in enumerate((ROUND_EN, ROUND_ZH, roundup)):
        clusterer.place(report(words, f"Wire {at}", at))
    assert clusterer.refine().merged == ()


# -- developments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("later", "state"), [(APPROVED, "approved"), (CLOSED, "closed"), (CANCELLED, "cancelled")])
def test_a_new_state_of_a_deal_follows_the_deal(later: Words, state: str) -> None:
    placings = told(SALE, SALE_TOO, later, apart=DAY)
    assert brief(placings)[2] == (2, "update", 1)
    assert state in placings[2].why[0]


@pytest.mark.parametrize("days", [1, 6, 30, 90, 300])
def test_a_deal_waits_for_its_new_state_for_months(days: int) -> None:
    assert brief(told(SALE, APPROVED, apart=days * DAY)) == [(1, "new", 0), (2, "update", 1)]


def test_a_deal_that_was_told_in_chinese_has_a_new_state_in_english() -> None:
    assert brief(told(SALE_ZH, APPROVED, apart=60 * DAY)) == [(1, "new", 0), (2, "update", 1)]


def test_another_report_of_a_new_state_joins_it_and_is_an_update_too() -> None:
    placings = told(SALE, APPROVED, APPROVED_TOO, apart=DAY)
    assert brief(placings) == [(1, "new", 0), (2, "update", 1), (2, "update", 1)]


def test_one_state_after_another_follows_the_first_story_never_a_development() -> None:
    placings = told(SALE, APPROVED, CLOSED, apart=40 * DAY)
    assert brief(placings) == [(1, "new", 0), (2, "update", 1), (3, "update", 1)]


def test_the_state_of_another_deal_follows_nothing() -> None:
    assert brief(told(ROUND_OF_CORVID, APPROVED, apart=DAY)) == [(1, "new", 0), (2, "new", 0)]


def test_a_reaction_follows_its_event_and_another_report_of_it_joins_it() -> None:
    placings = told(FIRE, FIRE_TOO, FIRE_ANSWER, FIRE_ANSWER_TOO, apart=10)
    assert brief(placings) == [(1, "new", 0), (1, "same", 0), (2, "update", 1), (2, "update", 1)]
    assert "responds" in placings[2].why[0]


def test_a_reaction_to_nothing_that_is_known_is_news() -> None:
    assert brief(told(DANCE, FIRE_ANSWER)) == [(1, "new", 0), (2, "new", 0)]


def test_a_second_look_does_not_merge_a_development_with_what_it_follows() -> None:
    clusterer = Clusterer()
    for at, words in enumerate((SALE, SALE_TOO, APPROVED, APPROVED_TOO, FIRE, FIRE_ANSWER)):
        clusterer.place(report(words, f"Wire {at}", at * 12))
    assert clusterer.refine().merged == ()


@pytest.mark.parametrize("last", [CLOSED, CANCELLED])
def test_a_second_look_does_not_merge_two_states_of_a_deal(last: Words) -> None:
    clusterer = Clusterer()
    for at, words in enumerate((SALE, SALE_TOO, APPROVED, APPROVED_TOO, last)):
        clusterer.place(report(words, f"Wire {at}", at * DAY))
    assert clusterer.refine().merged == ()


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (SALE, Words(APPROVED.title, f"The regulator in Brazil has approved the sale. {SALE.summary}")),
        (FIRE, Words(FIRE_ANSWER.title, f"The maker has answered. {FIRE.summary}")),
    ],
)
def test_a_development_that_repeats_the_old_text_is_one_nevertheless(first: Words, later: Words) -> None:
    assert brief(told(first, later, apart=DAY)) == [(1, "new", 0), (2, "update", 1)]


# -- time ----------------------------------------------------------------------------------------------------------------


def test_after_a_week_the_same_words_are_another_event() -> None:
    assert stories(report(FIRE), report(FIRE_TOO, "Wire B", DAY * 8)) == [1, 2]
    assert stories(report(FIRE), report(FIRE, "Wire B", DAY * 8)) == [1, 2]


def test_a_copy_within_the_week_is_one_however_late() -> None:
    assert stories(report(FIRE), report(FIRE, "Wire B", DAY * 6)) == [1, 1]


def test_what_was_forgotten_takes_nobody_in() -> None:
    clusterer = Clusterer()
    clusterer.place(report(FIRE))
    clusterer.place(report(DANCE, after=DAY * 30))
    clusterer.forget()
    assert clusterer.place(report(FIRE_TOO, "Wire B", timed=False)).story == 3


# -- the second look -----------------------------------------------------------------------------------------------------


def looked(*known: tuple[Words, int]) -> tuple[Clusterer, list[Signature]]:
    """A clusterer that has these reports in these stories, and has looked at none of them."""
    clusterer = Clusterer()
    signatures = [report(words, f"Wire {at}", at / 4) for at, (words, _) in enumerate(known)]
    for signature, (_, story) in zip(signatures, known, strict=True):
        clusterer.put(signature, story)
    return clusterer, signatures


@pytest.mark.parametrize("known", [((FIRE, 5), (FIRE_ZH, 8)), ((FIRE, 8), (FIRE_ZH, 5))])
def test_stories_found_to_be_one_are_merged_and_the_older_stays(known: tuple[tuple[Words, int], ...]) -> None:
    clusterer, _ = looked(*known)
    placing = clusterer.place(report(FIRE_TOO, "Wire X", 2))
    assert placing.story in {5, 8}
    assert clusterer.refine().merged == ((5, 8),)
    assert clusterer.place(report(FIRE_ZH_TOO, "Wire Y", 3)).story == 5
    assert clusterer.refine().merged == ()


def test_developments_of_a_merged_story_follow_what_it_became() -> None:
    clusterer, _ = looked((SALE, 5), (SALE_ZH, 8))
    clusterer.put(report(APPROVED, "Wire W", 30), 9, follows=8)
    clusterer.place(report(SALE_TOO, "Wire X", 2))
    assert clusterer.refine().merged == ((5, 8),)
    assert brief([clusterer.place(report(APPROVED_TOO, "Wire Y", 31))]) == [(9, "update", 5)]


def test_nothing_new_is_nothing_to_look_at() -> None:
    clusterer, _ = looked((FIRE, 1), (FIRE_TOO, 2))
    refined = clusterer.refine()
    assert (refined.merged, refined.apart) == ((), ())


def test_unrelated_stories_stay_as_they_are() -> None:
    clusterer = Clusterer()
    for at, words in enumerate((*FIRES, DANCE, ORCHARD, *ROUND)):
        clusterer.place(report(words, f"Wire {at}", at / 4))
    refined = clusterer.refine()
    assert (refined.merged, refined.apart) == ((), ())


def test_a_story_that_holds_two_events_is_split_and_the_first_keeps_it() -> None:
    mixed = [words for pair in zip(HALEN, BRANDT, strict=True) for words in pair]
    clusterer, signatures = looked(*((words, 3) for words in mixed[:-1]))
    last = report(mixed[-1], "Wire X", 2)
    placing = clusterer.place(last)
    assert placing.story == 3
    out = [signatures[at].item_id for at in (1, 3, 5)] + [last.item_id]
    assert clusterer.refine().apart == tuple((one, 3, 4) for one in out)
    assert clusterer.place(report(BRANDT[0], "Wire Y", 3)).story == 4
    assert clusterer.place(report(HALEN[1], "Wire Z", 3)).story == 3


@pytest.mark.parametrize("event", [(ROUND_EN, ROUND_EN_TOO), (ROUND_ZH, ROUND_ZH_TOO)], ids=["English", "Chinese"])
def test_two_wordings_of_one_deal_that_were_copied_each_stay_one_event(event: Sequence[Words]) -> None:
    clusterer = Clusterer()
    copies = [Words(f"Update: {words.title}", words.summary) for words in event]
    for at, words in enumerate((*event, *copies)):
        assert clusterer.place(report(words, f"Wire {at}", at)).story == 1
    assert clusterer.refine().apart == ()


HALEN_ZH = Words(
    "海盗队后卫米洛·哈伦因赌场斗殴在坦佩雷被捕",
    "篮球俱乐部Corsairs后卫Milo Halen星期五夜间在坦佩雷被警方逮捕，此前他在Silver Moose赌场打伤一名员工。检察官未作评论。",
)
BRANDT_ZH = Words(
    "海盗队中锋布兰特携带象牙在里昂机场被捕",
    "篮球俱乐部Corsairs中锋Otis Brandt星期二在里昂机场被海关逮捕，行李箱里有九件来自加蓬的象牙雕像，检察官Claire Meunier说。",
)


def test_reports_in_the_other_language_go_with_the_camp_that_they_are_like() -> None:
    told_both = [HALEN[0], BRANDT[0], HALEN_ZH, HALEN[1], BRANDT_ZH, BRANDT[1], HALEN[2], BRANDT[2]]
    clusterer, signatures = looked(*((words, 3) for words in told_both))
    clusterer.place(report(HALEN[3], "Wire X", 2))
    out = {one for one, _, _ in clusterer.refine().apart}
    assert out == {signatures[at].item_id for at in (1, 4, 5, 7)}


def test_the_first_report_keeps_the_story_in_whatever_language_it_is() -> None:
    told_both = [BRANDT_ZH, HALEN[0], BRANDT[0], HALEN[1], BRANDT[1], HALEN[2], BRANDT[2]]
    clusterer, signatures = looked(*((words, 3) for words in told_both))
    clusterer.place(report(BRANDT[3], "Wire X", 2))
    out = {one for one, _, _ in clusterer.refine().apart}
    assert out == {signatures[at].item_id for at in (1, 3, 5)}


# -- ids and reasons -----------------------------------------------------------------------------------------------------


def test_ids_of_new_stories_can_come_from_elsewhere() -> None:
    asked: list[int] = []

    def new_id(follows: int) -> int:
        asked.append(follows)
        return 100 + len(asked)

    clusterer = Clusterer()
    placings = [
        clusterer.place(report(words, f"Wire {at}", at * DAY), new_id)
        for at, words in enumerate((SALE, SALE_TOO, APPROVED))
    ]
    assert brief(placings) == [(101, "new", 0), (101, "same", 0), (102, "update", 101)]
    assert [one.opened for one in placings] == [True, False, True]
    assert asked == [0, 101]


def test_ids_go_on_after_those_that_were_put_there() -> None:
    clusterer, _ = looked((FIRE, 41))
    assert clusterer.place(report(DANCE)).story == 42


def test_every_decision_says_why() -> None:
    placings = told(FIRE, FIRE_TOO, FIRE_ZH, FIRE_ANSWER, DANCE, ROUNDUP, SALE, OTHER_BUYER, apart=2)
    assert all(one.why and all(one.why) for one in placings)


def test_what_joined_says_by_which_entities_and_words() -> None:
    said = " / ".join(told(ROUND_EN, ROUND_ZH)[1].why)
    assert all(word in said for word in ("lumen", "delta", "words in common", "robot"))
    said = " / ".join(told(FIRE, FIRE_TOO)[1].why)
    assert all(word in said for word in ("tarn", "oslo", "score"))


# -- hostile -------------------------------------------------------------------------------------------------------------


def test_reports_that_say_nothing_join_nothing() -> None:
    nothing = [Words(""), Words("🤖"), Words("", "🤖🚀"), Words("..."), Words("")]
    assert [one.story for one in told(*nothing)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nasty_reports_are_placed_in_no_time(text: str) -> None:
    clusterer = Clusterer()
    clusterer.place(report(FIRE_ZH))
    nasty = replace(item(FIRE), title=text[:300], summary=text, link_key=None, title_key=None)
    signatures = [sign(replace(nasty, id=f"{number:024x}"), Classification()) for number in range(5)]
    began = thread_time()
    for signature in signatures:
        clusterer.place(signature)
    clusterer.refine()
    assert thread_time() - began < 1.0
