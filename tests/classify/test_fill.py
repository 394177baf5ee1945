"""What a language model may add, and that it must prove it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.fill import empty_fields, fill, question
from bot.model import Deal, Party

TITLE = "Corvid Robotics raises money for warehouse arms"
SUMMARY = (
    "The start-up has taken $31 million in a Series B round led by Alder Peak Ventures. Birch Lane Capital joined."
)
DEAL = Deal("funding", Party("Corvid Robotics"))


def entry(field: str, value: Any, quote: str, **more: Any) -> dict[str, Any]:
    return {"deal": 1, "field": field, "value": value, "quote": quote, **more}


def filled(*entries: dict[str, Any], deal: Deal = DEAL) -> Deal:
    return fill(TITLE, SUMMARY, [deal], json.dumps({"deals": list(entries)})).deals[0]


def test_fields_that_the_text_proves_are_filled() -> None:
    deal = filled(
        entry("amount", 31_000_000, "$31 million", currency="USD"),
        entry("round", "B", "a Series B round"),
        entry("lead", "Alder Peak Ventures", "led by Alder Peak  Ventures"),
        entry("investors", "Birch Lane Capital", "Birch Lane Capital joined"),
    )
    assert (deal.amount, deal.currency, deal.round) == (31_000_000, "USD", "B")
    assert deal.lead == (Party("Alder Peak Ventures"),)
    assert deal.investors == (Party("Alder Peak Ventures"), Party("Birch Lane Capital"))


def test_what_was_filled_says_where_it_was_read() -> None:
    deal = filled(entry("round", "B", "a Series B round"))
    found = deal.evidence[0]
    assert (found.what, SUMMARY[found.start : found.end], found.field) == ("deal.round", "a Series B round", "summary")


@pytest.mark.parametrize(
    "wrong",
    [
        entry("amount", 31_000_000, "$31 million raised", currency="USD"),  # the quotation is not in the text
        entry("amount", 41_000_000, "$31 million", currency="USD"),
        entry("amount", 31_000_000, "$31 million", currency="EUR"),
        entry("amount", True, "$31 million", currency="USD"),
        entry("round", "C", "a Series B round"),
        entry("lead", "Somebody Else", "led by Alder Peak Ventures"),
        entry("lead", "", "led by Alder Peak Ventures"),
        entry("status", "closed", "has taken"),  # not a field that may be filled
        entry("round", "B", ""),
        {**entry("round", "B", "a Series B round"), "deal": 2},
        {**entry("round", "B", "a Series B round"), "deal": True},
    ],
)
def test_what_does_not_verify_changes_nothing(wrong: dict[str, Any]) -> None:
    assert filled(wrong) == DEAL


def test_a_field_that_the_rules_found_is_never_changed() -> None:
    deal = Deal("funding", Party("Corvid Robotics"), amount=30_000_000, currency="USD")
    assert filled(entry("amount", 31_000_000, "$31 million", currency="USD"), deal=deal) == deal
    assert "amount" not in empty_fields(deal)


def test_a_summary_has_two_lines_and_no_number_of_its_own() -> None:
    lines = [
        {"line": "Corvid takes $31 million for warehouse arms.", "quote": "$31 million"},
        {"line": "It is worth $900 million now.", "quote": "$31 million"},
        {"line": "A third line.", "quote": "joined"},
    ]
    found = fill(TITLE, SUMMARY, [], json.dumps({"summary": lines}))
    assert found.brief == ("Corvid takes $31 million for warehouse arms.",)


def test_control_characters_of_a_model_reach_nobody() -> None:
    lines = [{"line": "Corvid\u202e grows\x1b[31m\nfast.", "quote": "Corvid"}]
    assert fill(TITLE, SUMMARY, [], json.dumps({"summary": lines})).brief == ("Corvid grows[31m fast.",)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["deals", "summary", "deal", "field", "value", "quote", "line", "x"]), x)
        ),
    )
)
def test_no_answer_whatever_can_break_it(answer: object) -> None:
    assert fill(TITLE, SUMMARY, [DEAL], json.dumps(answer)).deals[0].target == DEAL.target


@given(st.text())
def test_an_answer_that_is_no_json_adds_nothing(answer: str) -> None:
    assert fill(TITLE, SUMMARY, [DEAL], answer.replace("{", "(")).deals == (DEAL,)


def test_the_question_lists_what_is_empty_and_the_text_as_data() -> None:
    asked = json.loads(question(TITLE, 'say "yes" } ', [DEAL]))
    assert asked["text"] == 'say "yes" } '
    assert asked["deals"][0]["empty"] == ["amount", "round", "lead", "investors", "valuation", "total_raised"]
