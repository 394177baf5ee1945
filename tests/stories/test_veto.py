"""Deals that cannot be one, however alike their reports read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Classification, Deal, EventType, Party
from bot.stories.signature import Signature, sign
from bot.stories.veto import changed, comparable, main_deal, veto
from tests.stories.reports import DELTA, HARBOUR, bought, money, replaced
from tests.stories.signatures import (
    APPROVED,
    CANCELLED,
    CLOSED,
    FIRE,
    OTHER_BUYER,
    ROUND_EN,
    ROUND_NEXT,
    ROUND_OF_CORVID,
    ROUND_ZH,
    SALE,
    SALE_ZH,
    Words,
    item,
    report,
)

M = 10**6
CORVID = Party("Corvid Robotics", "corvid")
MERIDIAN = Party("Meridian Motors", "meridian")
STRANGER = Party("Wrenfield Robotics")


def named(*deals: Deal) -> str:
    """The names of all who take part."""
    parties = [party for deal in deals for party in (deal.target, deal.acquirer, *deal.investors)]
    return " and ".join(party.name for party in parties if party)


def of(*deals: Deal, said: str = "", event: EventType = "other") -> Signature:
    """A report that is about the first of its deals and names who takes part, or says something else."""
    happened = deals[0].type if deals else event
    return sign(item(Words(said or named(*deals))), Classification(event=happened, deals=deals))


def both(one: Deal, other: Deal) -> str:
    """What keeps the two apart, whichever came first, where both reports name everybody."""
    here, there = (of(deal, said=named(one, other)) for deal in (one, other))
    forth, back = veto(here, there), veto(there, here)
    assert bool(forth) == bool(back)
    return forth


def test_another_sum_or_round_keeps_apart() -> None:
    assert both(money(140 * M), money(400 * M)) == "another sum"
    assert both(money(round="A"), money(round="C")) == "another round: A, not C"


def test_another_buyer_keeps_apart_even_for_the_same_sum() -> None:
    mine, theirs = bought(500 * M), replaced(bought(500 * M), acquirer=MERIDIAN)
    assert both(mine, theirs) == "another buyer: Harbour Capital, not Meridian Motors"


@pytest.mark.parametrize(
    "other",
    [
        money(142 * M),
        money(1000 * M, "CNY", 142_857_143),
        money(126 * M, "EUR", 140 * M),
        money(130 * M),
    ],
)
def test_rounding_and_currency_do_not_keep_apart(other: Deal) -> None:
    assert both(money(140 * M), other) == ""


def test_what_one_of_them_does_not_say_keeps_nothing_apart() -> None:
    assert both(money(140 * M, round="B"), money()) == ""
    assert both(money(140 * M, round="B", lead=(DELTA,)), money(target=None, round="B", lead=(HARBOUR,))) == ""
    assert both(bought(500 * M), replaced(bought(), acquirer=None)) == ""


def test_a_sum_and_a_round_that_disagree_about_each_other_do_not_decide() -> None:
    assert both(money(140 * M, round="B"), money(400 * M, round="B")) == ""
    assert both(money(140 * M, round="A"), money(140 * M, round="B")) == ""
    assert both(money(140 * M, round="A"), money(400 * M, round="C")) == "another sum"


@pytest.mark.parametrize(("one", "other"), [("A", "A+"), ("A", "A2"), ("B", "Strategic"), ("A/B", "B")])
def test_rounds_that_can_be_one_keep_nothing_apart(one: str, other: str) -> None:
    assert both(money(round=one), money(round=other)) == ""


def test_companies_that_share_a_part_of_their_names_are_told_apart() -> None:
    one, other = money(target=Party("Wrenfield Health")), money(target=Party("Wrenfield Motion"))
    assert veto(of(one), of(other)) == "another company: Wrenfield Health, not Wrenfield Motion"
    assert both(money(target=STRANGER), money(target=Party("Wrenfield"))) == ""


def test_a_name_that_the_other_report_says_too_may_be_of_the_same() -> None:
    assert both(money(140 * M), money(140 * M, target=Party("Glimmer Works"))) == ""


def test_names_in_two_scripts_keep_nothing_apart() -> None:
    assert both(money(target=STRANGER), money(target=Party("鹪鹩田机器人"))) == ""


def test_a_deal_that_is_only_mentioned_keeps_nothing_apart() -> None:
    aside = replace(of(money(400 * M, round="C")), event="launch")
    assert main_deal(aside) is None
    assert veto(aside, of(money(140 * M))) == ""


def test_a_report_that_does_not_name_the_company_is_of_another_event() -> None:
    silent = of(said="A maker of walking machines has news", event="launch")
    assert veto(of(money(140 * M)), silent) == veto(silent, of(money(140 * M))) == "says nothing of Lumen Robotics"
    assert veto(of(money(140 * M)), of(said="Lumen has news", event="launch")) == ""


def test_two_companies_keep_apart_where_each_report_names_its_own() -> None:
    assert veto(of(money(140 * M)), of(money(140 * M, target=CORVID)))
    assert veto(of(money(140 * M, target=STRANGER)), of(money(140 * M, target=Party("Oakenshaw Robotics"))))


def test_deals_of_two_kinds_keep_nothing_apart() -> None:
    assert both(money(140 * M), bought(500 * M)) == ""


def test_the_deal_that_a_report_is_about_is_the_first_of_its_event() -> None:
    last, now = bought(500 * M), money(140 * M)
    assert main_deal(replace(of(last, now), event="funding")) == now


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ROUND_EN, ROUND_NEXT),
        (ROUND_EN, ROUND_OF_CORVID),
        (ROUND_ZH, ROUND_NEXT),
        (ROUND_ZH, ROUND_OF_CORVID),
        (SALE, OTHER_BUYER),
        (SALE_ZH, OTHER_BUYER),
    ],
)
def test_reports_of_two_deals_are_kept_apart(one: Words, other: Words) -> None:
    assert veto(report(one), report(other))
    assert veto(report(other), report(one))


@pytest.mark.parametrize(("one", "other"), [(ROUND_EN, ROUND_ZH), (SALE, SALE_ZH), (SALE, APPROVED)])
def test_reports_that_can_be_of_one_deal_are_not(one: Words, other: Words) -> None:
    assert (veto(report(one), report(other)), veto(report(other), report(one))) == ("", "")


@pytest.mark.parametrize(("later", "state"), [(APPROVED, "approved"), (CLOSED, "closed"), (CANCELLED, "cancelled")])
def test_a_new_state_is_a_change_and_not_the_other_way_round(later: Words, state: str) -> None:
    assert changed(report(later, after=48), report(SALE)) == state
    assert changed(report(SALE, after=48), report(later)) == ""
    assert changed(report(later, after=48), report(later)) == ""


def test_talks_that_led_to_a_deal_are_a_change_on_another_day_only() -> None:
    talks = of(money(140 * M, status="talks"))
    done = of(money(140 * M))
    assert talks.at is not None
    later = {days: replace(done, at=talks.at.replace(day=talks.at.day + days)) for days in (0, 3)}
    assert changed(later[0], talks) == ""
    assert changed(later[3], talks) == "announced"


def test_a_round_that_closed_was_announced_no_less() -> None:
    assert changed(of(money(140 * M, status="closed")), of(money(140 * M))) == ""


def test_reports_without_a_deal_change_nothing() -> None:
    assert changed(report(APPROVED, after=48), report(FIRE)) == ""
    assert changed(report(FIRE, after=48), report(SALE)) == ""


@pytest.mark.parametrize("one", [ROUND_EN, ROUND_ZH, SALE, FIRE])
def test_what_can_be_told_apart_by_nothing_is_not_kept_apart(one: Words) -> None:
    others = [
        report(words, "Wire A", 3) for words in (ROUND_EN, ROUND_NEXT, ROUND_OF_CORVID, OTHER_BUYER, SALE_ZH, FIRE)
    ]
    others += [
        report(words, "Wire B", 3) for words in (ROUND_EN, ROUND_NEXT, ROUND_OF_CORVID, OTHER_BUYER, SALE_ZH, FIRE)
    ]
    asked = [(comparable(report(one), other), bool(veto(report(one), other))) for other in others]
    assert (False, True) not in asked
    assert (True, True) in asked


def test_a_fire_and_a_fire_elsewhere_have_nothing_to_be_told_apart_by() -> None:
    assert not comparable(report(FIRE), report(FIRE, "Wire B"))
