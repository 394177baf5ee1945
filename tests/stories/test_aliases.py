"""Names that two reports of one deal suggest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.model import Deal, Party, StoredItem
from bot.people import Proposal
from bot.stories.aliases import propose
from tests.contract.makers import stored

KNOWN = Party("Norrland Robotics", "norrland")
ENGLISH = Deal("funding", KNOWN, amount=140_000_000, currency="USD", amount_usd=140_000_000, round="A+")
CHINESE = Deal("funding", Party("诺兰机器人"), amount=1_000_000_000, currency="CNY", amount_usd=138_000_000, round="A+")


def report(title: str, *deals: Deal, entities: tuple[str, ...] = ()) -> StoredItem:
    return stored(title, story_id=7, deals=deals, entities=entities)


def nobody(name: str) -> str:
    return ""


def owning(owned: str) -> Callable[[str], str]:
    return lambda name: "gripper" if name == owned else ""


def names(*reports: StoredItem) -> list[tuple[str, str]]:
    return [(one.entity, one.alias) for one in propose(reports, nobody)]


def test_the_same_deal_under_another_name_suggests_the_name_with_both_reports() -> None:
    one, two = report("Norrland raises", ENGLISH, entities=("norrland",)), report("诺兰融资", CHINESE)
    expected = Proposal("norrland", "诺兰机器人", 7, (one.item.id, two.item.id))
    assert propose([one, two], nobody) == [expected]
    assert [(p.entity, p.alias) for p in propose([two, one], nobody)] == [("norrland", "诺兰机器人")]


def test_a_name_is_suggested_once_however_many_reports_there_are() -> None:
    reports = [report("a", ENGLISH), report("b", CHINESE), report("c", CHINESE), report("d", ENGLISH)]
    assert names(*reports) == [("norrland", "诺兰机器人")]


def test_acquirers_and_single_leads_are_compared_too() -> None:
    bank = Party("Bergbank", "bergbank")
    led = replace(ENGLISH, lead=(bank,), investors=(bank,))
    also = replace(CHINESE, target=None, lead=(Party("山岳银行"),), investors=(Party("山岳银行"),))
    assert names(report("a", led), report("b", also)) == [("bergbank", "山岳银行")]
    bought = Deal("acquisition", Party("Gripper"), bank, 5_000_000, "USD", 5_000_000)
    again = Deal("acquisition", Party("Gripper"), Party("山岳"), 5_000_000, "USD", 5_000_000)
    assert names(report("a", bought), report("b", again)) == [("bergbank", "山岳")]


@pytest.mark.parametrize(
    "other",
    [
        replace(CHINESE, type="acquisition"),
        replace(CHINESE, round="B"),
        replace(CHINESE, amount_usd=132_000_000),
        replace(CHINESE, amount=None, amount_usd=None),
        replace(CHINESE, amount_usd=None),
        replace(CHINESE, target=None),
        replace(CHINESE, target=Party("诺兰机器人", "somebody-else")),
        replace(CHINESE, target=Party("该公司")),
        replace(CHINESE, target=Party("一家初创企业")),
        replace(CHINESE, target=Party("诺")),
        replace(CHINESE, target=Party("诺" * 41)),
        replace(CHINESE, target=Party("the robot maker")),
        replace(CHINESE, target=Party("Stockholm-based startup")),
        replace(CHINESE, target=Party("humanoid")),
        replace(CHINESE, target=Party("…")),
        replace(CHINESE, target=Party("诺兰正洽谈")),
    ],
    ids=lambda deal: f"{deal.type} {deal.amount_usd} {deal.round} {deal.target and deal.target.name[:20]}",
)
def test_what_may_be_another_deal_or_no_name_suggests_nothing(other: Deal) -> None:
    assert names(report("a", ENGLISH), report("b", other)) == []


def test_sums_of_one_currency_need_no_dollars_but_must_be_equal() -> None:
    yuan = replace(ENGLISH, amount=10**9, currency="CNY", amount_usd=None)
    assert names(report("a", yuan), report("b", CHINESE)) == [("norrland", "诺兰机器人")]
    assert names(report("a", replace(yuan, amount=10**9 + 1)), report("b", CHINESE)) == []


def test_in_one_script_a_shared_word_or_the_round_is_asked_for() -> None:
    bare_, short = replace(ENGLISH, round=""), replace(ENGLISH, round="", target=Party("Norrland"))
    other = replace(ENGLISH, round="", target=Party("Gripper Works"))
    assert names(report("a", bare_), report("b", short)) == [("norrland", "Norrland")]
    assert names(report("a", bare_), report("b", other)) == []
    assert names(report("a", ENGLISH), report("b", replace(other, round="A+"))) == [("norrland", "Gripper Works")]


def test_a_name_that_is_known_is_not_suggested() -> None:
    reports = [report("a", ENGLISH), report("b", CHINESE)]
    assert propose(reports, owning("诺兰机器人")) == []


def test_a_name_with_somebody_elses_name_inside_is_not_suggested() -> None:
    reports = [report("a", ENGLISH), report("b", replace(CHINESE, target=Party("山岳机器人Gripper Two")))]
    assert names(*reports) == [("norrland", "山岳机器人Gripper Two")]
    for inside in ("山岳机器人", "Gripper", "Gripper Two"):
        assert propose(reports, owning(inside)) == []


def test_a_report_that_names_the_entity_elsewhere_suggests_nothing() -> None:
    assert names(report("a", ENGLISH), report("b", CHINESE, entities=("norrland",))) == []


def test_deals_that_could_be_paired_in_two_ways_and_round_ups_suggest_nothing() -> None:
    second = replace(CHINESE, target=Party("山岳机器人"))
    assert names(report("a", ENGLISH), report("b", CHINESE, second)) == []
    others = [replace(CHINESE, amount=n, amount_usd=n) for n in (1, 2, 3)]
    assert names(report("a", ENGLISH), report("b", CHINESE, *others)) == []
    assert names(report("a", ENGLISH), report("b", CHINESE, *others[:2])) == [("norrland", "诺兰机器人")]


def test_one_report_alone_suggests_nothing() -> None:
    assert names(report("a", ENGLISH, CHINESE)) == names(report("a")) == names() == []
