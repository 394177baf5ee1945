"""The window: what is found in it, what is moved, what is let go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.stories.signature import Signature
from bot.stories.view import View
from bot.stories.window import DAYS, Window, near
from tests.stories.signatures import (
    DANCE,
    FIRE,
    FIRE_TOO,
    FIRE_ZH,
    ORCHARD,
    ROUND_EN,
    ROUND_ZH,
    ROUNDUP,
    SALE,
    Words,
    report,
)

KEEP = timedelta(days=400)
DAY = 24.0


def window(*signatures: Signature) -> Window:
    """Each report is a story of its own, counted from 1."""
    made = Window()
    for story, signature in enumerate(signatures, 1):
        made.add(signature, story)
    return made


def like(made: Window, signature: Signature) -> list[int]:
    """The places of what is found, the likest first."""
    return [at for _, at in made.like(View(signature, made.weights))]


@pytest.mark.parametrize("other", [FIRE_TOO, FIRE_ZH])
def test_a_report_is_found_by_what_it_says_in_either_language(other: Words) -> None:
    made = window(report(DANCE), report(FIRE), report(ORCHARD))
    assert like(made, report(other, "Wire B")) == [1]


def test_what_shares_most_is_found_first() -> None:
    made = window(report(FIRE_ZH), report(FIRE), report(DANCE))
    assert like(made, report(FIRE, "Wire B"))[0] == 1


def test_nothing_is_found_in_an_empty_window_nor_by_an_empty_report() -> None:
    assert like(window(), report(FIRE)) == []
    assert like(window(report(FIRE), report(Words(""))), report(Words(""))) == []


def test_a_round_up_is_not_found() -> None:
    assert like(window(report(ROUNDUP)), report(ROUND_EN)) == []


def test_reports_of_more_than_a_week_apart_do_not_meet() -> None:
    early, last, late = report(FIRE), report(FIRE, after=DAY * 7), report(FIRE, after=DAY * 7 + 1)
    assert (near(early, last), near(early, late), near(last, late)) == (True, False, True)
    made = window(early)
    assert like(made, report(FIRE_TOO, after=DAY * 7)) == [0]
    assert like(made, report(FIRE_TOO, after=DAY * 7 + 1)) == []


def test_a_report_without_a_time_may_be_of_any() -> None:
    assert like(window(report(FIRE)), report(FIRE_TOO, timed=False)) == [0]
    assert like(window(report(FIRE, timed=False)), report(FIRE_TOO, after=DAY * 70)) == [0]


def test_links_and_titles_are_known_for_a_week() -> None:
    url = "https://wire.example/fire-in-oslo"
    made = window(report(FIRE, url=url))
    soon, late = report(FIRE, "Wire B", DAY, url), report(FIRE, "Wire B", DAY * 8, url)
    assert [made.same_link(one) is not None for one in (soon, late, report(FIRE, "Wire B", DAY))] == [
        True,
        False,
        False,
    ]
    assert [made.same_title(one) is not None for one in (soon, late, report(DANCE))] == [True, False, False]


def test_stories_have_their_reports_in_the_order_of_placing() -> None:
    made = Window()
    for signature, story in ((report(FIRE), 4), (report(DANCE), 9), (report(FIRE_TOO), 4)):
        made.add(signature, story)
    assert [*made.of_story(4)] == [0, 2]
    assert [*made.of_story(9)] == [1]
    assert [*made.of_story(5)] == []
    assert [*made.telling()] == [4, 9]


def test_reports_can_be_put_into_another_story() -> None:
    made = Window()
    for signature in (report(FIRE), report(DANCE), report(FIRE_TOO)):
        made.add(signature, 1)
    made.move([1], 2, follows=7)
    assert ([*made.of_story(1)], [*made.of_story(2)]) == ([0, 2], [1])
    assert made.stories[2].follows == 7
    made.move([1], 1)
    assert [*made.of_story(1)] == [0, 1, 2]


def test_what_is_older_than_the_window_is_let_go_but_for_deals() -> None:
    made = window(report(FIRE), report(DANCE), report(SALE), report(ORCHARD, after=DAY * 20))
    made.forget(KEEP)
    assert [*made.of_story(1)] == [*made.of_story(2)] == []
    assert ([*made.of_story(3)], [*made.of_story(4)]) == ([2], [3])
    assert len(made) == 2


def test_a_deal_is_let_go_after_more_than_a_year() -> None:
    made = window(report(SALE), report(DANCE), report(ORCHARD, after=DAY * 401))
    made.forget(KEEP)
    assert [*made.telling()] == [3]


def test_nothing_is_let_go_within_the_window_nor_of_what_has_no_time() -> None:
    made = window(report(FIRE), report(DANCE, timed=False), report(ORCHARD, after=DAYS / timedelta(hours=1)))
    made.forget(KEEP)
    assert len(made) == 3
    empty = window()
    empty.forget(KEEP)
    assert len(empty) == 0


def test_what_was_let_go_is_found_no_more_and_what_stayed_is() -> None:
    made = window(report(FIRE), report(DANCE), report(ROUND_EN, after=DAY * 9))
    made.forget(KEEP)
    assert 0 not in like(made, report(FIRE_TOO, timed=False))
    assert like(made, report(ROUND_ZH, after=DAY * 9)) == [2]
    assert made.same_title(report(FIRE, "Wire B", timed=False)) is None


def test_places_are_never_given_twice() -> None:
    made = window(report(FIRE), report(DANCE), report(ORCHARD, after=DAY * 9))
    made.forget(KEEP)
    assert made.add(report(FIRE, after=DAY * 9), 4) == 3


def test_a_report_in_the_window_is_compared_as_it_was_when_it_came() -> None:
    made, signature = window(report(FIRE_ZH)), report(FIRE_ZH)
    fresh, kept = View(signature, made.weights), made.view(0)
    assert {*kept.words} == {*fresh.words}
    assert kept.names == fresh.names
    assert kept.actors == fresh.actors == {"tarn"}
    assert {*kept.title} == {*fresh.title}
