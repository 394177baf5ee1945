"""Scores of clusterings, against figures worked out by hand."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evals.clusters import (
    Pairs,
    Score,
    bcubed,
    confusable,
    cross_pairs,
    merged,
    missed_pairs,
    pairs,
    several,
    wrong_pairs,
)

GOLD = dict(zip("abcdef", "XXXYYZ", strict=True))
SAID = dict(zip("abcdef", (1, 1, 2, 2, 2, 3), strict=True))
SIDES = dict(zip("abcdef", ("en", "zh", "en", "en", "zh", "zh"), strict=True))
labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)


def test_bcubed_of_a_split_and_a_mixture() -> None:
    # precision: a, b 1; c 1/3; d, e 2/3; f 1. recall: a, b 2/3; c 1/3; d, e, f 1
    score = bcubed(GOLD, SAID)
    assert (score.precision, score.recall) == pytest.approx(((3 + 1 / 3 + 4 / 3) / 6, (3 + 5 / 3) / 6))
    assert score.f1 == pytest.approx(2 * score.precision * score.recall / (score.precision + score.recall))


def test_bcubed_can_judge_some_items_among_all() -> None:
    assert bcubed(GOLD, SAID, ["c"]) == Score(1 / 3, 1 / 3)


def test_items_of_clusters_of_several() -> None:
    assert several(GOLD) == ["a", "b", "c", "d", "e"]


def test_pairs_count_what_is_together_in_both() -> None:
    assert pairs(GOLD, SAID) == Pairs(hit=2, said=4, gold=4)
    assert pairs(GOLD, SAID).score == Score(0.5, 0.5)


def test_cross_pairs_have_one_item_of_each_side() -> None:
    # gold: ab, cb, de; said: ab, ce, de
    assert cross_pairs(GOLD, SAID, SIDES, "en", "zh") == Pairs(hit=2, said=3, gold=3)
    assert cross_pairs(GOLD, SAID, SIDES, "en", "fr") == Pairs(0, 0, 0)


@given(labels)
def test_pairs_are_those_that_counting_one_by_one_finds(cells: list[tuple[int, int]]) -> None:
    gold = {str(n): a for n, (a, _) in enumerate(cells)}
    said = {str(n): b for n, (_, b) in enumerate(cells)}
    both = [(gold[a] == gold[b], said[a] == said[b]) for a, b in combinations(gold, 2)]
    assert pairs(gold, said) == Pairs(both.count((True, True)), sum(s for _, s in both), sum(g for g, _ in both))


@given(labels)
def test_a_clustering_is_perfect_against_itself_and_order_of_labels_does_not_matter(
    cells: list[tuple[int, int]],
) -> None:
    gold = {str(n): a for n, (a, _) in enumerate(cells)}
    assert bcubed(gold, {one: -label for one, label in gold.items()}) == Score(1.0, 1.0)
    score = bcubed(gold, {str(n): b for n, (_, b) in enumerate(cells)})
    assert 0 < score.precision <= 1
    assert 0 < score.recall <= 1


def test_nothing_is_all_right() -> None:
    assert bcubed({}, {}) == Score(1.0, 1.0)
    assert pairs({}, {}).score == Score(1.0, 1.0)
    assert merged([], {}) == 0.0
    assert Score(0.0, 0.0).f1 == 0.0


def test_confusable_pairs_are_of_one_topic_and_two_events() -> None:
    assert confusable(GOLD, dict.fromkeys("abc", 1) | dict.fromkeys("def", 2)) == [("d", "f"), ("e", "f")]
    assert confusable(GOLD, dict.fromkeys("abcdef", 1) | {"a": 2, "b": 2, "d": 2}) == [
        *(("a", "d"), ("b", "d"), ("c", "e"), ("c", "f"), ("e", "f"))
    ]


def test_the_share_of_pairs_that_are_merged() -> None:
    assert merged([("a", "f"), ("c", "d"), ("c", "e"), ("a", "d")], SAID) == 0.5


def test_errors_name_each_mixture_once_and_the_worst_first() -> None:
    gold = dict(zip("abcdefg", "XXYYZZW", strict=True))
    said = dict(zip("abcdefg", (1, 1, 1, 2, 1, 3, 3), strict=True))
    # in 1: X with Y and with Z (two pairs each), Y with Z; in 3: Z with W
    assert wrong_pairs(gold, said) == [("a", "c"), ("a", "e"), ("c", "e"), ("f", "g")]
    assert missed_pairs(gold, said) == [("c", "d"), ("e", "f")]
