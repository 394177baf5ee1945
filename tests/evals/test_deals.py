"""Scoring of deals: what counts as the same deal, the same name, the same field."""

from __future__ import annotations

from typing import Any

import pytest

from bot.evals.deals import align, same_name


def deal(kind: str = "funding", **fields: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "target": None,
        "acquirer": None,
        "amount": None,
        "currency": None,
        "round": None,
        "investors": [],
        "lead": [],
    }
    return {"type": kind, **empty, "valuation": None, "total_raised": None, "status": "announced", **fields}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Corvid Robotics", "corvid  robotics, Inc."),
        ("乌鸦机器人", "上海乌鸦机器人有限公司"),
        ("ABB's robotics business", "ABB’s Robotics Business"),
        ("烏鴉機器人", "乌鸦机器人"),
        (None, None),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str | None, other: str | None) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("Corvid", "Raven"), ("AI", "Corvid AI"), ("乌", "乌鸦"), ("Corvid", None)])
def test_other_names_are_not(one: str | None, other: str | None) -> None:
    assert not same_name(one, other)


def test_deals_are_paired_by_target_and_amount_not_by_order() -> None:
    ours = [deal(target="Raven", amount=5, currency="USD"), deal(target="Corvid", amount=7, currency="USD")]
    gold = [deal(target="Corvid AI", amount=7, currency="USD"), deal(target="Raven", amount=6, currency="USD")]
    pairs, spare, missed = align(ours, gold)
    assert [(a["target"], b["target"]) for a, b in pairs] == [("Corvid", "Corvid AI"), ("Raven", "Raven")]
    assert (spare, missed) == ([], [])


def test_deals_that_have_nothing_in_common_are_no_pair() -> None:
    ours = [deal(target="Raven", amount=5), deal(target="Rook", amount=8)]
    gold = [deal(target="Corvid", amount=7), deal("ipo", target="Raven")]
    pairs, spare, missed = align(ours, gold)
    assert (pairs, len(spare), len(missed)) == ([], 2, 2)


def test_two_deals_left_alone_are_the_same_one_read_badly() -> None:
    pairs, spare, missed = align([deal(target="Raven")], [deal(target="Corvid", amount=7)])
    assert (len(pairs), spare, missed) == (1, [], [])


def test_where_readers_disagreed_either_is_right() -> None:
    gold = [deal(target={"either": ["Raven", "Rook"]})]
    assert len(align([deal(target="Rook"), deal(target="Corvid")], gold)[0]) == 1
