"""What outlets say of one event together: the best-supported value, conflicts, and what is new."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Deal, DealStatus, Party, StoredItem
from bot.stories import told
from bot.stories.facts import Fact, StoryFacts, facts_of, news
from bot.wording import deal_facts
from tests.stories.reports import DELTA, HARBOUR, LUMEN, bought, money, read_at, replaced, report

M, BN = 10**6, 10**9


def fact(facts: StoryFacts, kind: str, deal: int = 0) -> Fact:
    return next(one for one in facts.facts if (one.kind, one.deal) == (kind, deal))


def lines(before: list[StoredItem], *after: StoredItem) -> list[str]:
    """What a thread is told once these reports are there too."""
    return [told.news_line(one) for one in news(facts_of(before), facts_of([*before, *after]))]


# -- outlets -----------------------------------------------------------------------------------------------------------


def test_outlets_are_kept_in_the_order_of_reporting_each_once() -> None:
    facts = facts_of([report("Beta", after=9), report("Alpha", after=2), report("beta", after=20, title="Again")])
    assert [one.name for one in facts.outlets] == ["Alpha", "Beta"]
    assert facts.first.name == facts.primary.name == "Alpha"


def test_a_day_without_a_time_does_not_make_an_outlet_the_first() -> None:
    late = report("Beta", after=60)
    late = replace(late, item=replace(late.item, published=late.item.published.replace(hour=0, minute=0, second=0)))
    assert facts_of([late, report("Alpha")]).first.name == "Alpha"


def test_the_press_release_is_the_one_to_read() -> None:
    facts = facts_of([report("Alpha"), report("PR Newswire", after=5), report("Beta", after=9)])
    assert (facts.first.name, facts.primary.name) == ("Alpha", "PR Newswire")


def test_the_credited_original_is_the_one_to_read_where_it_is_there() -> None:
    facts = facts_of([report("Alpha", summary="Source: Tech in Asia"), report("techinasia", after=5)])
    assert facts.primary.name == "techinasia"
    assert [(one.credits, one.primary) for one in facts.outlets] == [("Tech in Asia", False), ("", True)]


def test_a_company_s_own_blog_is_primary() -> None:
    blog = report("Lumen Blog", money(M), after=5, link="https://lumen.example/1")
    assert facts_of([report("Alpha", money(M)), blog]).primary.name == "Lumen Blog"


# -- values ------------------------------------------------------------------------------------------------------------


def test_most_outlets_win_and_the_other_value_is_shown_as_a_conflict() -> None:
    other = money(2 * BN, "CNY", 280 * M)
    facts = facts_of([report("Alpha", other), report("Beta", money(140 * M)), report("Gamma", money(140 * M))])
    amount = fact(facts, "amount")
    assert told.shown_conflict(amount) == "$140m; one outlet says CNY 2bn (about $280m)"
    assert amount.sources == ("Beta", "Gamma")
    assert told.conflicts(facts) == (("Amount", "$140m; one outlet says CNY 2bn (about $280m)"),)
    assert facts.deals[0].amount_usd == 140 * M


def test_another_currency_agrees_and_the_exact_value_is_chosen() -> None:
    text = "流明机器人完成近10亿元A+轮融资"
    rough = replaced(money(BN, "CNY", 137 * M), evidence=read_at(text, "10亿元"))
    facts = facts_of([report("Beta", money(140 * M)), report("Alpha", rough, summary=text, after=9)])
    assert (fact(facts, "amount").shown, fact(facts, "amount").others) == ("$140m", ())


def test_outlets_that_credit_one_original_are_one_voice() -> None:
    reports = [report(name, money(90 * M), summary="according to a Reuters report") for name in ("A1", "B2", "C3")]
    facts = facts_of([*reports, report("Delta Daily", money(140 * M)), report("Echo", money(140 * M))])
    assert fact(facts, "amount").shown == "$140m"


def test_a_primary_source_outweighs_as_many_others() -> None:
    facts = facts_of([report("PR Newswire", money(140 * M)), report("Alpha", money(90 * M), after=30)])
    assert fact(facts, "amount").shown == "$140m"


def test_a_primary_source_does_not_outweigh_more() -> None:
    reports = [report(name, money(90 * M)) for name in ("Alpha", "Beta")]
    assert fact(facts_of([*reports, report("PR Newswire", money(140 * M))]), "amount").shown == "$90m"


def test_what_was_said_last_wins_between_equals() -> None:
    facts = facts_of([report("Alpha", money(90 * M)), report("Beta", money(140 * M), after=5)])
    assert fact(facts, "amount").shown == "$140m"


def test_an_outlet_corrects_itself() -> None:
    facts = facts_of([report("Alpha", money(90 * M)), report("Alpha", money(140 * M), after=5)])
    assert (fact(facts, "amount").shown, fact(facts, "amount").others) == ("$140m", ())


def test_a_decided_sum_replaces_the_rumoured_one() -> None:
    talks = [report(name, money(500 * M, status="talks")) for name in ("Alpha", "Beta")]
    done = [report(name, money(600 * M, status="closed"), after=5) for name in ("Gamma", "Gimel")]
    amount = fact(facts_of([*talks, *done]), "amount")
    assert (amount.shown, amount.others) == ("$600m", ())


def test_a_report_that_says_nothing_of_the_status_does_not_make_a_plan_a_fact() -> None:
    facts = facts_of([report("Alpha", money(500 * M, status="talks")), report("Beta", money(500 * M), after=5)])
    assert fact(facts, "status").shown == "in talks"


def test_a_sum_without_a_figure_gives_way() -> None:
    vague = replaced(money(), currency="CNY")
    assert facts_of([report("Alpha", vague)]).deals[0].currency == "CNY"
    facts = facts_of([report("Alpha", vague), report("Beta", money(140 * M))])
    assert (facts.deals[0].amount, facts.deals[0].currency) == (140 * M, "USD")


def test_a_letter_is_more_exact_than_a_kind_of_round() -> None:
    facts = facts_of([report("Alpha", money(round="Strategic"), after=5), report("Beta", money(round="B"))])
    assert (fact(facts, "round").shown, fact(facts, "round").others) == ("B", ())


def test_leads_that_overlap_are_one_list_and_others_a_conflict() -> None:
    both = report("Beta", money(lead=(DELTA, HARBOUR)))
    assert facts_of([report("Alpha", money(lead=(DELTA,))), both]).deals[0].lead == (DELTA, HARBOUR)
    facts = facts_of(
        [report(name, money(M, lead=(DELTA,))) for name in ("Alpha", "Beta")] + [report("C", money(M, lead=(HARBOUR,)))]
    )
    assert told.shown_conflict(fact(facts, "lead")) == "Delta Ventures; one outlet says Harbour Capital"


def test_a_name_in_another_script_may_be_of_one_who_is_there() -> None:
    there = money(lead=(DELTA,), investors=(Party("Sino Fund"),))
    here = money(lead=(Party("三角洲创投", "delta"),), investors=(Party("华诺基金"),))
    facts = facts_of([report("甲报", here), report("Alpha", there)])
    assert facts.deals[0].investors == (DELTA, Party("Sino Fund"))


def test_known_parties_get_their_usual_names() -> None:
    deal = money(M, lead=(Party("三角洲创投", "delta"),))
    named = facts_of([report("甲报", deal)], lambda entity: "Delta Ventures" if entity == "delta" else "")
    assert named.deals[0].lead == (DELTA,)
    assert fact(named, "target").shown == "Lumen Robotics"


# -- which deals are one -----------------------------------------------------------------------------------------------


def test_last_year_s_round_stays_apart_from_this_one() -> None:
    new, old = money(140 * M, round="B", lead=(DELTA,)), money(50 * M, round="A", lead=(HARBOUR,))
    facts = facts_of([report("Alpha", new), report("Beta", new, old)])
    assert [(one.amount, one.round, one.lead) for one in facts.deals] == [
        (140 * M, "B", (DELTA,)),
        (50 * M, "A", (HARBOUR,)),
    ]


def test_two_companies_with_one_sum_stay_apart() -> None:
    other = money(140 * M, target=Party("Norrland Gripper"))
    assert len(facts_of([report("Alpha", money(140 * M)), report("Beta", other)]).deals) == 2


def test_a_name_that_nobody_knows_in_another_script_is_the_same_company() -> None:
    here, there = Party("流明智能"), Party("Lumen Robotics")
    facts = facts_of([report("甲报", money(140 * M, target=here)), report("Alpha", money(141 * M, target=there))])
    assert [one.target for one in facts.deals] == [there]


def test_rival_buyers_are_two_deals() -> None:
    rival = replaced(bought(BN), acquirer=DELTA)
    assert len(facts_of([report("Alpha", bought(BN)), report("Beta", rival)]).deals) == 2


def test_a_background_deal_is_not_the_event() -> None:
    facts = facts_of([report("Alpha", money(M), event="team"), report("Beta", money(M), event="team")])
    assert (facts.event, facts.main) == ("team", False)


# -- news --------------------------------------------------------------------------------------------------------------


def test_what_was_not_known_is_news() -> None:
    full = money(140 * M, round="B", lead=(DELTA,), valuation=BN, valuation_currency="USD")
    assert lines([report("Alpha", money())], report("Reuters", full, after=5)) == [
        "Amount: $140m (first given by Reuters)",
        "Round: B (Reuters)",
        "New: led by Delta Ventures (Reuters)",
        "Valuation: $1bn (Reuters)",
    ]


@pytest.mark.parametrize(
    "other",
    [
        money(140 * M, round="B", lead=(DELTA,)),
        money(BN, "CNY", 138 * M, round="B", lead=(DELTA,)),
        money(141 * M, round="B"),
        money(200 * M, round="B", lead=(DELTA,)),
        money(140 * M, round="C", lead=(DELTA,)),
        money(140 * M, round="B", lead=(HARBOUR,)),
        money(140 * M, round="Growth", lead=(Party("Delta"),)),
        replaced(money(), currency="USD"),
        money(140 * M, round="B", total_raised=BN, total_currency="USD"),
        money(140 * M, round="B", status="closed"),
        money(140 * M, lead=(Party("三角洲创投"),)),
        money(140 * M, investors=(Party("A Friend"),)),
    ],
)
def test_the_same_in_other_words_or_against_it_is_no_news(other: Deal) -> None:
    known = report("Alpha", money(140 * M, round="B", lead=(DELTA,)))
    assert lines([known], report("Beta", other, after=5)) == []


def test_new_investors_are_news_where_we_know_one() -> None:
    known = report("Alpha", money(140 * M, lead=(DELTA,)))
    more = money(140 * M, lead=(DELTA,), investors=(HARBOUR, Party("A Friend")))
    assert lines([known], report("Beta", more, after=5)) == ["More investors: Harbour Capital and A Friend (Beta)"]


def test_a_second_lead_is_news() -> None:
    more = report("Beta", money(140 * M, lead=(DELTA, HARBOUR)), after=5)
    assert lines([report("Alpha", money(140 * M, lead=(DELTA,)))], more) == ["New: led by Harbour Capital (Beta)"]


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ("approved", "Now approved (Beta)"),
        ("closed", "Now closed (Beta)"),
        ("cancelled", "Now called off (Beta)"),
        ("talks", ""),
    ],
)
def test_how_far_a_take_over_is_is_news(status: DealStatus, line: str) -> None:
    after = report("Beta", bought(BN, status=status), after=5)
    assert lines([report("Alpha", bought(BN))], after) == [line for line in [line] if line]


def test_the_announced_sum_after_a_rumoured_one_is_news() -> None:
    talks = report("Alpha", money(500 * M, status="talks"))
    done = report("PR Newswire", money(600 * M), after=5)
    assert lines([talks], done) == ["Amount: $600m (first given by PR Newswire)", "Now announced (PR Newswire)"]


def test_background_deals_are_no_news() -> None:
    first = report("Alpha", money(140 * M), event="team")
    second = report("Beta", money(140 * M, round="A+"), bought(5 * BN), after=5, event="team")
    assert lines([first], second) == []


def test_news_in_a_copy_alone_is_told_but_not_against_an_original() -> None:
    known = report("Alpha", money(140 * M))
    copy = report("Beta", money(90 * M, round="B"), after=5, copy=True)
    assert lines([known], copy) == ["Round: B (Beta)"]


# -- wording -----------------------------------------------------------------------------------------------------------


def test_several_outlets_against_it_are_counted() -> None:
    values = {"Alpha": 140, "Beta": 140, "Gamma": 140, "Epsilon": 90, "Zeta": 90}
    facts = facts_of([report(name, money(value * M)) for name, value in values.items()])
    assert told.shown_conflict(fact(facts, "amount")) == "$140m; 2 outlets say $90m"


def test_a_card_says_what_is_in_dispute() -> None:
    facts = facts_of([report("Alpha", money(90 * M)), report("Beta", money(140 * M), after=5)])
    rows = dict(deal_facts(facts.deals[0], told.conflicts(facts)))
    assert rows["Amount"] == "$140m; one outlet says $90m"
    assert rows["Company"] == "Lumen Robotics"


def test_many_reports_against_each_other_are_read_in_bounded_time() -> None:
    reports = [
        report(
            f"Outlet {n}",
            *(money((7 * n + k) * M, round="ABCDE"[k], lead=(Party(f"Fund {n}"),)) for k in range(4)),
            after=n,
        )
        for n in range(300)
    ]
    began = perf_counter()
    assert len(facts_of(reports).outlets) == 100
    assert perf_counter() - began < 8


# -- laws --------------------------------------------------------------------------------------------------------------

PARTIES = st.lists(st.sampled_from([DELTA, HARBOUR, Party("A Friend"), Party("华诺基金")]), max_size=2, unique=True)
DEALS = st.builds(
    lambda amount, stage, lead, status, target: money(
        amount, round=stage, lead=tuple(lead), status=status, target=target
    ),
    st.sampled_from([None, 90 * M, 140 * M, 143 * M, 2 * BN]),
    st.sampled_from(["", "A", "A+", "B", "Strategic"]),
    PARTIES,
    st.sampled_from(["announced", "talks", "closed", "cancelled"]),
    st.sampled_from([LUMEN, Party("流明智能"), Party("Norrland Gripper")]),
)
REPORTS = st.lists(
    st.builds(
        lambda source, after, deals, summary: report(source, *deals, after=after, summary=summary, event="funding"),
        st.sampled_from(["Alpha", "Beta", "Gamma", "PR Newswire", "Reuters"]),
        st.integers(1, 500),
        st.lists(DEALS, max_size=2),
        st.sampled_from(["", "according to a Reuters report"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.item.published,
)


@given(REPORTS)
def test_nothing_is_new_to_who_knows_it(reports: list[StoredItem]) -> None:
    facts = facts_of(reports)
    assert news(facts, facts) == ()


@settings(deadline=None)
@given(REPORTS)
def test_the_order_of_storing_changes_nothing(reports: list[StoredItem]) -> None:
    assert {facts_of(order) for order in list(permutations(reports))[:24]} == {facts_of(reports)}


@given(REPORTS, st.integers(1, 900), DEALS)
def test_a_copy_never_changes_a_value(reports: list[StoredItem], after: int, deal: Deal) -> None:
    copy = report("Copycat", deal, after=after, copy=True, event="funding")
    before, after_ = facts_of(reports), facts_of([*reports, copy])
    values = {(one.deal, one.kind): one.value for one in after_.facts}
    assert {(one.deal, one.kind): values.get((one.deal, one.kind)) for one in before.facts} == {
        (one.deal, one.kind): one.value for one in before.facts
    }


@given(DEALS)
def test_the_same_words_of_another_outlet_are_no_news(deal: Deal) -> None:
    known = [report("Alpha", deal)]
    assert news(facts_of(known), facts_of([*known, report("Beta", deal, after=5)])) == ()
