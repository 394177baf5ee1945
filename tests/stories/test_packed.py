"""A report that was packed is had again as it was."""

from __future__ import annotations

import pytest

from bot.stories.packed import pack, slim, unpack
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
    packed = pack(view, weights)
    for _ in range(50):
        weights.count(view.words)
    return view, unpack(packed, slim(view.signature), weights)


@pytest.mark.parametrize("words", [FIRE, FIRE_ZH, ROUND_EN, ROUND_ZH, Words(""), *map(Words, NASTY.values())])
def test_what_is_compared_is_as_it_was(words: Words) -> None:
    view, found = again(words)
    for kept, was in ((found.words, view.words), (found.title, view.title), (found.names, view.names)):
        assert [*kept][:255] == [*was][:255]
        assert [*kept.values()] == pytest.approx([*was.values()][:255], rel=EXACT)
    assert (found.numbers, found.dates, found.people) == (view.numbers, view.dates, view.people)
    assert (found.actors, found.entities) == (view.actors, view.entities)
    assert [(word, headed) for word, _, headed in found.chinese] == [(word, headed) for word, _, headed in view.chinese]


def test_a_whole_signature_has_the_words_that_are_compared() -> None:
    view, found = again(FIRE)
    assert found.signature.words == ()
    assert {*found.whole.words} == {*view.words} | {*view.title}
    assert view.whole is view.signature


def test_a_packed_report_is_small() -> None:
    weights = Weights()
    assert len(pack(View(report(ROUND_EN), weights), weights)) < 700
