"""How likely two reports tell one event."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest

from bot.stories import cluster, link
from bot.stories.packed import glance, pack
from tests.stories.signatures import (
    DANCE,
    FIRE,
    FIRE_TOO,
    FIRE_ZH,
    FIRE_ZH_TOO,
    ORCHARD,
    ROUND_EN,
    ROUND_EN_TOO,
    ROUND_NEXT,
    ROUND_OF_CORVID,
    ROUND_ZH,
    ROUND_ZH_TOO,
    SALE,
    SALE_TOO,
    SALE_ZH,
    Words,
    view,
)

EVENTS = {
    "round": (ROUND_EN, ROUND_EN_TOO, ROUND_ZH, ROUND_ZH_TOO),
    "sale": (SALE, SALE_TOO, SALE_ZH),
    "fire": (FIRE, FIRE_TOO, FIRE_ZH, FIRE_ZH_TOO),
}
ALL = [words for event in EVENTS.values() for words in event]
EMPTY = Words("", "")


def score(one: Words, other: Words, hours: float = 0.0) -> float:
    return link.score(view(one), view(other, "Wire B", hours))


@pytest.mark.parametrize(("one", "other"), [pair for event in EVENTS.values() for pair in combinations(event, 2)])
def test_reports_of_one_event_are_more_alike_than_any_of_another(one: Words, other: Words) -> None:
    event = next(event for event in EVENTS.values() if one in event)
    strangers = [words for words in (*ALL, DANCE, ORCHARD) if words not in event]
    assert score(one, other) > max(score(one, stranger) for stranger in strangers)


@pytest.mark.parametrize(("one", "other"), list(combinations(ALL, 2)))
def test_it_does_not_matter_which_of_two_is_asked_about(one: Words, other: Words) -> None:
    assert score(one, other) == pytest.approx(score(other, one))


def test_reports_with_nothing_in_common_have_the_least_score() -> None:
    assert score(DANCE, ORCHARD) == link.FLOOR
    assert min(score(one, DANCE) for one in ALL) == link.FLOOR


@pytest.mark.parametrize("one", [*ALL, DANCE, ORCHARD, EMPTY])
def test_whom_a_glance_calls_strangers_have_the_least_score(one: Words) -> None:
    here, others = view(one), [view(other, "Wire B") for other in (*ALL, DANCE, ORCHARD, EMPTY)]
    strangers = [other for other in others if link.strangers(here, glance(pack(other)), other.signature.han)]
    assert len(strangers) >= 3
    assert {link.score(here, other) for other in strangers} == {link.FLOOR}


def test_another_company_s_round_in_the_same_words_is_less_alike_than_this_one_in_others() -> None:
    assert score(ROUND_EN, ROUND_OF_CORVID) < score(ROUND_EN, ROUND_EN_TOO)


@pytest.mark.parametrize("other", [EMPTY, FIRE, FIRE_ZH])
def test_a_report_that_says_nothing_is_like_none(other: Words) -> None:
    assert score(EMPTY, other) < -4.0


@pytest.mark.parametrize(("one", "other"), [(FIRE, FIRE_TOO), (ROUND_EN, ROUND_ZH)])
def test_days_between_two_reports_speak_against_them(one: Words, other: Words) -> None:
    scores = [score(one, other, hours) for hours in (0, 12, 48, 96, 144)]
    assert scores[0] == scores[1]
    assert scores[1:] == sorted(scores[1:], reverse=True)
    assert len({*scores[1:]}) == 4


def test_without_a_time_nothing_speaks_against_a_report() -> None:
    signature = view(FIRE).signature
    assert signature.at is not None
    assert link.late(view(FIRE), view(FIRE, after=24 * 300)) == link.late(view(FIRE), view(FIRE, after=24 * 30)) > 0.0
    untimed = view(FIRE)
    untimed.signature = type(signature)(
        **{name: getattr(signature, name) for name in signature.__slots__} | {"at": None}
    )
    assert link.late(untimed, view(FIRE, after=24 * 300)) == 0.0


def test_features_say_what_is_in_common_and_what_is_not() -> None:
    same, other = link.features(view(ROUND_EN), view(ROUND_EN_TOO)), link.features(view(ROUND_EN), view(ROUND_NEXT))
    assert (same["sums"], same["other sums"]) == (1.0, 0.0)
    assert (other["sums"], other["other sums"]) == (0.0, 1.0)
    strangers = link.features(view(ROUND_EN), view(FIRE))
    assert (same["other actors"], strangers["other actors"]) == (0.0, 1.0)
    assert same["words"] > strangers["words"]


def test_sums_are_compared_in_dollars() -> None:
    across = link.features_across(view(ROUND_EN), view(ROUND_ZH))
    assert (across["sums"], across["other sums"]) == (1.0, 0.0)


def test_translations_and_latin_names_are_met_across_languages() -> None:
    same, other = link.features_across(view(FIRE), view(FIRE_ZH)), link.features_across(view(DANCE), view(FIRE_ZH))
    for name in ("translated", "title met", "key met", "rare", "latin"):
        assert same[name] > other[name]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (ROUND_EN, ROUND_EN_TOO, ("lumen", "delta")),
        (ROUND_EN, ROUND_ZH, ("lumen", "delta")),
        (FIRE, FIRE_TOO, ("tarn", "oslo")),
        (FIRE, FIRE_ZH, ("tarn", "oslo")),
        (FIRE_ZH, FIRE_ZH_TOO, ("tarn", "塔恩")),
    ],
)
def test_reasons_name_entities_and_words(one: Words, other: Words, said: tuple[str, ...]) -> None:
    told = " / ".join(link.reasons(view(one), view(other)))
    assert all(word in told for word in said)


def test_reasons_name_numbers_and_no_word_that_only_one_of_them_says() -> None:
    told = " / ".join(link.reasons(view(FIRE), view(FIRE_TOO)))
    assert "both say" in told
    assert not any(word in told for word in ("prompt", "courier", "caught", "week"))


def test_nothing_in_common_has_no_reasons() -> None:
    assert link.reasons(view(DANCE), view(ORCHARD)) == ()


def test_a_day_is_the_patience() -> None:
    assert link.late(view(FIRE), view(FIRE, after=timedelta(hours=23) / timedelta(hours=1))) == 0.0
    assert link.late(view(FIRE), view(FIRE, after=25)) > 0.0


def test_two_firms_that_do_the_same_are_told_apart_by_the_heads_of_their_headlines() -> None:
    one = view(Words("Norvik opens a humanoid robot plant in Lindau", "It will build 5,000 robots a year."))
    other = view(Words("Halden opens a humanoid robot plant in Kassel", "It will build 8,000 robots a year."))
    again = view(Words("Norvik starts a humanoid robot plant in Lindau", "5,000 robots a year are to come from it."))
    assert link.features(one, other)["other head"] == 1
    assert link.features(one, again)["other head"] == 0
    assert link.score(one, other) < cluster.ALIKE_ENOUGH < link.score(one, again)
