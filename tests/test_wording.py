"""Deals in our own words."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from bot.model import Deal, DealStatus, DealType, Party
from bot.wording import deal_facts, deal_line, deal_sentence, untold_facts

ROUND = Deal(
    "funding",
    Party("X Square Robot", "x-square-robot"),
    amount=140_000_000,
    currency="USD",
    amount_usd=140_000_000,
    round="A+",
    investors=(Party("Alibaba Cloud"), Party("Alder Peak")),
    lead=(Party("Alibaba Cloud"),),
)
PURCHASE = Deal("acquisition", Party("ABB's robotics business"), Party("SoftBank"), 5_400_000_000, "USD", 5_400_000_000)
LISTING = Deal("ipo", Party("Corvid Robotics"), amount=200_000_000, currency="USD", amount_usd=200_000_000)
FUNDS = tuple(Party(f"Fund {number}") for number in range(1, 6))


@pytest.mark.parametrize(
    ("deal", "said"),
    [
        (ROUND, "X Square Robot raises $140m (Series A+), led by Alibaba Cloud."),
        (replace(ROUND, round=""), "X Square Robot raises $140m, led by Alibaba Cloud."),
        (replace(ROUND, lead=()), "X Square Robot raises $140m (Series A+), from Alibaba Cloud and Alder Peak."),
        (replace(ROUND, lead=FUNDS[:3]), "X Square Robot raises $140m (Series A+), led by Fund 1, Fund 2 and Fund 3."),
        (replace(ROUND, lead=FUNDS), "X Square Robot raises $140m (Series A+), led by Fund 1, Fund 2 and 3 more."),
        (
            replace(ROUND, amount=1_000_000_000, currency="CNY"),
            "X Square Robot raises CNY 1bn (about $140m, Series A+), led by Alibaba Cloud.",
        ),
        (replace(ROUND, round="Pre-A"), "X Square Robot raises $140m (Pre-A round), led by Alibaba Cloud."),
        (replace(ROUND, round="Strategic", lead=(), investors=()), "X Square Robot raises $140m (strategic round)."),
        (replace(ROUND, amount=None, lead=(), investors=()), "X Square Robot raises a Series A+ round."),
        (replace(ROUND, amount=None, round="Seed"), "X Square Robot raises a seed round, led by Alibaba Cloud."),
        (replace(ROUND, amount=None, round="Angel", lead=(), investors=()), "X Square Robot raises an angel round."),
        (replace(ROUND, amount=None, round="Pre-A", lead=(), investors=()), "X Square Robot raises a Pre-A round."),
        (Deal("funding", Party("Corvid")), "Corvid raises money."),
        (replace(ROUND, status="closed"), "X Square Robot has raised $140m (Series A+), led by Alibaba Cloud."),
        (
            replace(ROUND, status="talks"),
            "X Square Robot is in talks to raise $140m (Series A+), led by Alibaba Cloud.",
        ),
        (replace(ROUND, target=None), "Alibaba Cloud leads a round of $140m (Series A+)."),
        (replace(ROUND, target=None, amount=None, lead=FUNDS[:2]), "Fund 1 and Fund 2 lead a Series A+ round."),
        (replace(ROUND, target=None, lead=()), ""),
        (PURCHASE, "SoftBank buys ABB's robotics business for $5.4bn."),
        (replace(PURCHASE, amount=None), "SoftBank buys ABB's robotics business."),
        (
            replace(PURCHASE, currency="EUR", amount=5_000_000_000),
            "SoftBank buys ABB's robotics business for €5bn (about $5.4bn).",
        ),
        (replace(PURCHASE, acquirer=None), "ABB's robotics business is bought for $5.4bn."),
        (replace(PURCHASE, target=None), "SoftBank buys a business for $5.4bn."),
        (replace(PURCHASE, acquirer=None, target=None), ""),
        (replace(PURCHASE, status="approved"), "SoftBank is cleared to buy ABB's robotics business for $5.4bn."),
        (replace(PURCHASE, status="cancelled", amount=None), "SoftBank will not buy ABB's robotics business."),
        (LISTING, "Corvid Robotics files for a listing to raise $200m."),
        (replace(LISTING, status="closed"), "Corvid Robotics is listed now, having raised $200m."),
        (replace(LISTING, amount=None, status="rumoured"), "Corvid Robotics is said to plan a listing."),
        (replace(LISTING, status="cancelled"), "Corvid Robotics drops its listing."),
        (replace(LISTING, target=None), ""),
    ],
)
def test_a_deal_as_a_sentence(deal: Deal, said: str) -> None:
    assert deal_sentence(deal) == said


@pytest.mark.parametrize("status", get_args(DealStatus))
@pytest.mark.parametrize("kind", get_args(DealType))
def test_every_kind_and_status_has_its_words(kind: DealType, status: DealStatus) -> None:
    assert deal_sentence(Deal(kind, Party("Corvid"), status=status)).startswith("Corvid ")


def test_a_name_that_is_a_whole_article_leaves_it_one_line() -> None:
    long = replace(PURCHASE, target=Party("a\nb " * 500), acquirer=Party("c " * 500))
    assert len(deal_sentence(long)) < 160
    assert "\n" not in deal_sentence(long)


def test_a_deal_in_one_line_and_by_label() -> None:
    assert deal_line(ROUND) == "X Square Robot · $140m · Series A+ · lead Alibaba Cloud · investors Alder Peak"
    assert dict(deal_facts(replace(PURCHASE, status="talks"))) == {
        "Buyer": "SoftBank",
        "Company": "ABB's robotics business",
        "Amount": "$5.4bn",
        "Status": "in talks",
    }
    assert (deal_line(Deal("funding")), deal_facts(Deal("funding"))) == ("", ())


@pytest.mark.parametrize("deal", [Deal("funding", Party("Corvid")), Deal("acquisition", acquirer=Party("Raven"))])
def test_a_name_alone_makes_no_line(deal: Deal) -> None:
    assert deal_line(deal) == ""


@pytest.mark.parametrize(
    ("deal", "labels"),
    [
        (ROUND, ["Investors"]),
        (replace(ROUND, status="rumoured", total_raised=10**9), ["Investors", "Raised in all"]),
        (replace(ROUND, lead=()), []),
        (replace(ROUND, lead=(), investors=FUNDS), ["Investors"]),
        (replace(ROUND, lead=FUNDS, investors=FUNDS), ["Lead"]),
        (replace(ROUND, amount=None), ["Investors"]),
        (replace(ROUND, target=None), ["Investors"]),
        (replace(ROUND, target=None, lead=()), ["Amount", "Round", "Investors"]),
        (replace(ROUND, target=Party("x" * 99)), ["Company", "Investors"]),
        (replace(PURCHASE, status="approved"), []),
        (replace(PURCHASE, round="A+", lead=FUNDS[:1]), ["Round", "Lead"]),
        (LISTING, []),
        (replace(LISTING, status="cancelled", round="Pre-IPO"), ["Amount", "Round"]),
    ],
)
def test_what_the_sentence_leaves_unsaid_is_a_fact_beside_it(deal: Deal, labels: list[str]) -> None:
    assert [label for label, _ in untold_facts(deal)] == labels


def test_a_fact_in_dispute_stands_beside_the_sentence_that_says_it() -> None:
    disputed = (("Amount", "$140m; one outlet says CNY 2bn"),)
    assert untold_facts(ROUND, disputed) == (disputed[0], ("Investors", "Alder Peak"))
