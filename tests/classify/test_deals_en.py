"""English texts: which deals they report, told in one line each."""

from __future__ import annotations

import pytest

from bot.classify.deals.en import TRIGGERS, find
from bot.classify.normal import needle
from bot.classify.passages import Passage
from tests.classify.deal_false_friends import FALSE_FRIENDS, NO_DEALS
from tests.classify.deal_lines import deals_in, news, told
from tests.classify.deal_news import NEWS
from tests.classify.deal_news_more import MORE_NEWS
from tests.classify.deal_reports import REPORTS
from tests.classify.deal_sentences import FINANCINGS, LISTINGS, TAKEOVERS, TOLD_TWICE


@pytest.mark.parametrize(("title", "expected"), FINANCINGS)
def test_a_headline_about_a_financing_gives_that_deal(title: str, expected: str) -> None:
    assert told(title) == [expected]


@pytest.mark.parametrize(("title", "expected"), TAKEOVERS)
def test_a_headline_about_a_takeover_gives_that_deal(title: str, expected: str) -> None:
    assert told(title) == [expected]


@pytest.mark.parametrize(("title", "expected"), LISTINGS)
def test_a_headline_about_a_listing_gives_that_deal(title: str, expected: str) -> None:
    assert told(title) == [expected]


@pytest.mark.parametrize(("title", "summary", "expected"), [*TOLD_TWICE, *REPORTS])
def test_title_and_summary_tell_one_deal(title: str, summary: str, expected: str) -> None:
    assert told(title, summary) == [expected]


@pytest.mark.parametrize(("title", "summary", "expected"), news(NEWS + MORE_NEWS))
def test_an_item_tells_these_deals_and_no_others(title: str, summary: str, expected: list[str]) -> None:
    assert told(title, summary) == expected


@pytest.mark.parametrize("title", NO_DEALS + FALSE_FRIENDS)
def test_what_only_sounds_like_a_deal_is_none(title: str) -> None:
    assert told(title) == []


@pytest.mark.parametrize("title", FALSE_FRIENDS)
def test_false_friends_in_a_summary_add_nothing_to_the_deal_of_the_title(title: str) -> None:
    assert told("Fetcher raises $12M Series A", f"It builds arms. {title}.") == [
        "funding | Fetcher | USD 12000000 | A | announced"
    ]


@pytest.mark.parametrize("title", [title for title, _ in (*FINANCINGS, *TAKEOVERS, *LISTINGS)])
def test_every_deal_has_one_of_the_trigger_words(title: str) -> None:
    words = f" {needle(title)} "
    assert any(f" {needle(trigger)} " in words for trigger in TRIGGERS)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Acme is in talks to raise $50M", "talks"),
        ("Acme seeks $50M at a $1 billion valuation", "talks"),
        ("Acme reportedly raised $50M", "rumoured"),
        ("Acme raises $50M", "announced"),
        ("Acme has closed a $50M seed round", "closed"),
        ("Acme scraps $50M funding round", "cancelled"),
        ("Beta considers buying robot maker Acme", "rumoured"),
        ("Beta agrees to acquire Acme", "announced"),
        ("Beta completes acquisition of Acme", "closed"),
        ("Regulators approve Beta's acquisition of Acme", "approved"),
        ("Beta terminates its $90M acquisition of Acme", "cancelled"),
        ("Acme files for IPO", "announced"),
        ("Acme weighs IPO", "rumoured"),
    ],
)
def test_the_words_around_the_verb_give_the_status(text: str, status: str) -> None:
    assert [deal.status for deal in deals_in(text)] == [status]


def test_an_earlier_round_is_a_deal_of_its_own_with_its_own_lead() -> None:
    summary = "Ada Capital led the round. Acme previously raised $4 million in a seed round led by Bob Ventures."
    assert told("Acme raises $30M Series A", summary) == [
        "funding | Acme | USD 30000000 | A | from Ada Capital* | announced",
        "funding | Acme | USD 4000000 | Seed | from Bob Ventures* | announced",
    ]


def test_a_total_to_date_is_no_amount() -> None:
    assert told("Acme raises $30M", "The company has raised $110 million to date.") == [
        "funding | Acme | USD 30000000 | total 110000000 | announced"
    ]


def test_a_total_alone_is_no_deal() -> None:
    assert told("Acme hires a new chief", "Acme has raised $110 million to date.") == []


@pytest.mark.parametrize(
    "clause",
    [
        "existing investors",
        "a group of investors",
        "undisclosed backers",
        "its existing shareholders",
        "angel investors",
    ],
)
def test_unnamed_parties_are_no_investors(clause: str) -> None:
    assert told(f"Acme raises $30M from {clause}") == ["funding | Acme | USD 30000000 | announced"]


def test_who_only_described_the_company_led_no_round() -> None:
    text = "The startup, led by former Acme chief Ann Lee, raised $5M."
    assert told("Beta Robotics raises $5M", text) == ["funding | Beta Robotics | USD 5000000 | announced"]


@pytest.mark.parametrize(
    ("title", "summary", "target"),
    [
        (
            "Ex-Airbus engineer raises $9M to build drone motors",
            "Ferro Labs founder Ann Lee worked on jets.",
            "Ferro Labs",
        ),
        (
            "Ann Lee just raised $9M",
            "Ferro, a lab set up by former Airbus researcher Ann Lee, has raised $9M.",
            "Ferro",
        ),
        ("Jane Doe's Ferro raises $9M", "", "Ferro"),
        ("The robot startup that raised $9M", "Ferro, based in Lyon, has raised $9M.", "Ferro"),
    ],
)
def test_a_description_is_replaced_by_the_company(title: str, summary: str, target: str) -> None:
    assert [deal.target.name for deal in deals_in(title, summary) if deal.target] == [target]


def test_a_financing_of_nobody_named_is_dropped() -> None:
    assert told("Robot startup raises $9M") == []


def test_offsets_are_those_of_the_original() -> None:
    text = "“Acme” raises US$9m – from Bêta Ventures"
    found = find([Passage("title", text, text.replace("“", '"').replace("”", '"').replace("–", "-"))])
    assert [(draft.target.words if draft.target else "") for draft in found] == ["Acme"]
    assert [said.words for said in found[0].investors] == ["Bêta Ventures"]


@pytest.mark.parametrize(
    "words",
    ["raises $1M ", "A, ", "led by A, B and ", "($1m ", "acquires Acme for $5M. ", "X's ", "to raise ", "Series A and ",
     "a stake in ", "- ", '"', ".", "acquisition of ", "participation from A and ", "paid $5m for the ",
     "deal worth ", "becomes A unit ", "A maker B maker ",
     "existing investors A, ", "A Acquisition Corp merger with ", "A (PRN ", "CITY, ", " "],
)  # fmt: skip
def test_hostile_text_is_read_in_linear_time(words: str) -> None:
    text = (words * 100_000)[:100_000]
    found = find([Passage("summary", text, text)])
    assert len(found) < 20_000
