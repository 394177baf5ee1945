"""Drafts put together: which are one deal, what it then says, and why."""

from __future__ import annotations

from bot.classify.deals.find import TRIGGERS, find_deals
from bot.classify.deals.rates import Rates
from bot.model import Party
from tests.classify.deal_lines import deals_in, passages, told
from tests.classify.samples import NOON

KNOWN = {
    "x_square_robot": "X Square Robot|independent variable robot",
    "alibaba": "Alibaba ",
    "alibaba_cloud": "investor:Alibaba Cloud",
    "qwen": "lab:Qwen|Tongyi Qianwen",
    "justin_lin": "person:Justin Lin|Lin Junyang",
    "eddie_wu": "person:Eddie Wu",
    "nvidia": "Nvidia",
    "softbank": "investor:SoftBank",
    "citi": "investor:Citi",
}


def test_the_first_report_of_the_qwen_robotics_team_has_one_deal() -> None:
    deals = deals_in(
        "Alibaba sets up robotics team within Qwen",
        "The group for robots and embodied intelligence was confirmed by Justin Lin, who runs technology at Qwen. "
        "Last month Alibaba Cloud co-led a US$140 million round in X Square Robot, a Shenzhen startup. "
        "Chief executive Eddie Wu projects US$4 trillion of AI investment worldwide in five years. "
        "Nvidia and SoftBank are pushing into robotics as well. Source: Tech in Asia",
        **KNOWN,
    )
    assert [(deal.target, deal.amount, deal.currency, deal.lead) for deal in deals] == [
        (Party("X Square Robot", "x-square-robot"), 140_000_000, "USD", (Party("Alibaba Cloud", "alibaba-cloud"),))
    ]


def test_the_translated_report_has_the_round_and_the_takeover_and_no_other_sum() -> None:
    deals = deals_in(
        "Tongyi Qianwen gets a Robotics and Embodied AI Group",
        "Lin Junyang wrote on X that the group exists. Alibaba Cloud led a $140 million A+ round of financing in X Square "
        "Robot. The independent variable robot has had 8 rounds in less than two years, with about $280 million raised in "
        "total. Alibaba plans 380 billion yuan of capital expenditure. The robot Quanta X2 costs $80,000. SoftBank acquires "
        "ABB's robotics business for $5.4 billion in cash; that unit has revenue of $2.3 billion. Citi expects a market of "
        "$7 trillion by 2050.",
        **KNOWN,
    )
    assert [(deal.type, deal.amount, deal.currency, deal.round, deal.total_raised) for deal in deals] == [
        ("funding", 140_000_000, "USD", "A+", 280_000_000),
        ("acquisition", 5_400_000_000, "USD", "", None),
    ]
    assert deals[0].target is not None
    assert deals[0].target.entity == "x-square-robot"
    assert deals[0].lead == (Party("Alibaba Cloud", "alibaba-cloud"),)
    assert (deals[1].target, deals[1].acquirer) == (Party("ABB's robotics business"), Party("SoftBank", "softbank"))


def test_a_later_approval_names_the_same_parties() -> None:
    assert told("Brazil approves SoftBank-ABB robotics deal", **KNOWN) == [
        "acquisition | ABB robotics | by SoftBank | approved"
    ]


def test_title_and_summary_with_a_short_and_a_full_name_are_one_deal() -> None:
    assert told("Ferro raises $30M led by Ada", "Ferro Robotics raised a $30 million Series A led by Ada Capital.") == [
        "funding | Ferro | USD 30000000 | A | from Ada Capital* | announced"
    ]


def test_two_names_of_one_entity_are_one_target() -> None:
    known = {"x_square_robot": "X Square Robot|Zibianliang"}
    assert len(deals_in("Zibianliang raises $30M", "X Square Robot has raised $30 million.", **known)) == 1


def test_rounded_sums_are_one_deal() -> None:
    assert told("Ferro raises over $140M", "Ferro raised $143.5 million in a Series B round.") == [
        "funding | Ferro | USD 140000000 | B | announced"
    ]


def test_one_sum_in_two_currencies_is_one_deal() -> None:
    assert told("Ferro raises 1 billion yuan", "Ferro raised $140 million in Series A funding.") == [
        "funding | Ferro | CNY 1000000000 | A | announced"
    ]


def test_different_sums_rounds_and_targets_stay_apart() -> None:
    assert len(deals_in("Ferro raises $30M", "In 2023 Ferro raised $8 million.")) == 2
    assert len(deals_in("Ferro raises Series B", "Ferro raised its Series A last year.")) == 2
    assert len(deals_in("Ferro raises $30M", "Delta Robotics raised $30 million too.")) == 2


def test_the_news_stands_before_the_background() -> None:
    deals = deals_in("Robot maker prepares", "Ferro previously raised $8 million. Now Ferro raises $30 million.")
    assert [deal.amount for deal in deals] == [30_000_000, 8_000_000]


def test_leads_are_investors_too_and_each_party_is_there_once() -> None:
    deals = deals_in(
        "Ferro raises $30M led by Ada", "Ada Capital led the round, with participation from Bob and Ada Capital."
    )
    assert deals[0].lead == (Party("Ada Capital"),)
    assert deals[0].investors == (Party("Ada Capital"), Party("Bob"))


def test_amounts_are_converted_at_the_rate_of_the_day() -> None:
    assert deals_in("Ferro raises 71 million yuan")[0].amount_usd == 10_000_000
    assert find_deals(passages("Ferro raises 71 million yuan"), NOON, Rates({}))[0].amount_usd is None


def test_a_name_that_only_contains_an_entity_is_not_that_entity() -> None:
    deals = deals_in("SoftBank acquires ABB's robotics business", abb="ABB", **KNOWN)
    assert deals[0].target == Party("ABB's robotics business")


def test_every_field_has_its_words_as_evidence() -> None:
    title = "Ferro closes $30M Series A at $200M valuation led by Ada Capital and Bob Ventures"
    deal = deals_in(title, "Ferro has now raised $45 million to date. Cleo also participated.")[0]
    found = {(reason.what, reason.words) for reason in deal.evidence}
    assert {
        ("deal.target", "Ferro"),
        ("deal.amount", "$30M"),
        ("deal.round", "Series A"),
        ("deal.valuation", "$200M"),
        ("deal.total", "$45 million"),
        ("deal.lead", "Ada Capital"),
        ("deal.lead", "Bob Ventures"),
        ("deal.investor", "Cleo"),
    } <= found
    assert {what for what, _ in found} >= {"deal.trigger", "deal.status"}


def test_evidence_points_into_the_original() -> None:
    title = "“Ferro” raises US＄30M"
    for reason in deals_in(title)[0].evidence:
        assert title[reason.start : reason.end] == reason.words


def test_items_without_signs_of_a_deal_have_none() -> None:
    assert find_deals((), NOON, Rates({})) == ()
    assert told("Robots learn to fold laundry", "A new paper shows how.") == []


def test_triggers_are_words() -> None:
    assert all(trigger.strip() == trigger and trigger for trigger in TRIGGERS)
    assert {"raises", "acquires", "ipo", "融资", "收购"} <= {trigger.lower() for trigger in TRIGGERS}


def test_many_clauses_stay_cheap() -> None:
    text = "".join(f"Firm{number} raises ${number}M. " for number in range(1, 3000))
    assert 0 < len(deals_in("Roundup", text)) <= 60
