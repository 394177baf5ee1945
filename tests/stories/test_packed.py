"""A report that was packed is had again as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.stories.packed import glance, pack, slim, unpack
from bot.stories.view import View
from bot.stories.weights import Weights
from tests.stories.nasty import NASTY
from tests.stories.signatures import FIRE, FIRE_ZH, ROUND_EN, ROUND_ZH, Words, report

EXACT = 1e-3
"""Half-precision floats: eleven bits."""


def again(words: Words) -> tuple[View, View]:
    """A view, and the same after it was packed, with weights that have changed since."""
    weights = Weights()
    view = View(report(words), weights)
    packed = pack(view)
    for _ in range(50):
        weights.seen(view.words)
    return view, unpack(packed, slim(view.signature), weights)


@pytest.mark.parametrize("words", [FIRE, FIRE_ZH, ROUND_EN, ROUND_ZH, Words(""), *map(Words, NASTY.values())])
def test_what_is_compared_is_as_it_was(words: Words) -> None:
    view, found = again(words)
    for kept, was in ((found.words, view.words), (found.title, view.title), (found.names, view.names)):
        assert [*kept][:255] == [*was][:255]
        assert [*kept.values()] == pytest.approx([*was.values()][:255], rel=EXACT)
    assert (found.numbers, found.dates, found.people) == (view.numbers, view.dates, view.people)
    assert (found.actors, found.entities) == (view.actors, view.entities)
    assert [*found.said.chinese] == [*view.said.chinese][:255]
    assert [*found.said.worth] == pytest.approx([*view.said.worth][:255], rel=EXACT)


def test_a_whole_signature_has_the_words_that_are_compared() -> None:
    view, found = again(FIRE)
    assert found.signature.words == ()
    assert {*found.whole.words} == {*view.spelled(view.words)} | {*view.spelled(view.title)}
    assert view.whole is view.signature


def test_a_packed_report_is_small() -> None:
    weights = Weights()
    assert len(pack(View(report(ROUND_EN), weights))) < 700


def test_a_glance_sees_words_numbers_and_people() -> None:
    view = View(report(FIRE), Weights())
    seen = glance(pack(view))
    assert [*seen.words] == [*view.words]
    assert (frozenset(seen.numbers), frozenset(seen.people)) == (view.numbers, view.people)


def test_a_deal_is_kept_without_the_words_it_was_read_from() -> None:
    signature = report(ROUND_EN)
    (deal,), (kept,) = signature.deals, slim(signature).deals
    assert deal.evidence
    assert kept == replace(deal, evidence=())
