"""Scoring of topics."""

from __future__ import annotations

import pytest

from bot.classify.knowledge.seeds import Knowledge, Terms, Topic
from bot.classify.knowledge.topics import log_odds, probability
from bot.evals.gold import Labelled
from bot.evals.topics import calibration_error, cross_validated, f1, fitted_line, log_loss, on_line, score_topics
from tests.classify.samples import item


def test_f1_of_pairs() -> None:
    said = [(True, True), (True, True), (True, False), (False, True), (False, False)]
    assert f1(said) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert f1([(False, True)]) == (0.0, 0.0, 0.0)


def test_the_fitted_line_finds_the_line_that_the_labels_follow() -> None:
    # of the items with evidence x, a share of probability(2 x - 1) is wanted
    pairs = []
    for odds in (-2.0, -1.0, 0.0, 0.5, 1.0, 2.0):
        wanted = round(2000 * probability(2 * odds - 1))
        pairs += [(probability(odds), at < wanted) for at in range(2000)]
    assert fitted_line(pairs) == pytest.approx((2.0, -1.0), abs=0.02)


def test_items_without_evidence_take_no_part_in_the_fit() -> None:
    pairs = [(0.3, False), (0.4, True), (0.6, False), (0.7, True), (0.8, True), (0.2, False)]
    assert fitted_line(pairs + [(0.0, False)] * 50) == fitted_line(pairs)


@pytest.mark.parametrize("pairs", [[], [(0.9, True)], [(0.1, False), (0.3, False)], [(0.0, True), (0.4, False)]])
def test_one_class_alone_leaves_the_score_as_it_is(pairs: list[tuple[float, bool]]) -> None:
    assert fitted_line(pairs) == (1.0, 0.0)


def test_a_clean_cut_does_not_make_the_line_infinitely_steep() -> None:
    slope, offset = fitted_line([(0.1, False)] * 20 + [(0.9, True)] * 20)
    assert 0 < slope < 3
    assert offset == pytest.approx(0.0, abs=0.01)


def test_no_evidence_stays_no_evidence() -> None:
    assert on_line(0.0, (2.0, 5.0)) == 0.0
    assert on_line(0.8, (2.0, -1.0)) == pytest.approx(probability(2 * log_odds(0.8) - 1))


def test_each_item_is_judged_by_a_line_of_the_others() -> None:
    # the one odd item (wanted, little evidence) would pull the line towards itself if it were fitted on itself
    pairs = [(0.9, True), (0.8, True), (0.3, False), (0.2, False), (0.15, True)] + [(0.9, True), (0.1, False)] * 5
    assert cross_validated(pairs)[4] == (
        on_line(0.15, fitted_line([p for n, p in enumerate(pairs) if n % 5 != 4])),
        True,
    )
    assert cross_validated(pairs)[4][0] < on_line(0.15, fitted_line(pairs))


def test_both_rows_of_a_topic_are_told_and_each_error() -> None:
    topic = Topic("robotics", "Robotics", groups=(Terms(0.7, ("robot",)),), calibration=(2.0, 0.0))
    titles = [
        ("A robot", 2),
        ("A robot dog", 2),
        ("Robot chess", 0),
        ("A cat", 0),
        ("A machine", 2),
        ("A robot too", 1),
    ]
    labelled = [Labelled(item(title), {"robotics": label}) for title, label in titles]
    rows = list(score_topics(Knowledge(topics=(topic,)), labelled))
    assert [row["case"] for row in rows] == ["robotics, as it is", "robotics, cross-validated", "error", "error"]
    assert (rows[0]["n"], rows[0]["precision"], rows[0]["recall"], rows[0]["slope"]) == (5, 0.6667, 0.6667, 2.0)
    assert {(row["error"], row["title"]) for row in rows[2:]} == {
        ("not wanted", "Robot chess"),
        ("missed", "A machine"),
    }


def test_certainty_that_is_right_costs_nothing() -> None:
    assert log_loss([(1.0, True), (0.0, False)]) == 0
    assert log_loss([(0.5, True)]) == pytest.approx(0.6931)
    assert log_loss([(0.0, True)]) > 6


def test_calibration_compares_scores_with_shares() -> None:
    assert calibration_error([(0.5, True), (0.5, False)]) == 0
    assert calibration_error([(0.9, False)] * 10) == pytest.approx(0.9)
