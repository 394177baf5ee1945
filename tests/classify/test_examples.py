"""The two reports of one event that share almost no words, and what must be understood of each, exactly."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.classify.knowledge.seeds import load_knowledge
from bot.classify.match import Matcher
from bot.demo import pages
from bot.feeds.normalise import normalise
from bot.feeds.parse import parse
from bot.rows import about_row

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NOW = datetime(2025, 10, 9, tzinfo=UTC)
ENGLISH, TRANSLATED, CHINESE, FOLLOW_UP = "?p=4110", "ed-710", "2024:41", "b/893"
DEAL = ("type", "target", "acquirer", "amount", "currency", "round", "lead", "total_raised", "status")


@pytest.fixture(scope="module")
def understood() -> dict[str, dict[str, Any]]:
    """What is understood of every item of the demo's second poll, by the end of its guid."""
    matcher = Matcher(load_knowledge(SEEDS))
    rows: dict[str, dict[str, Any]] = {}
    for reply in pages(SEEDS / "demo" / "second", NOW).values():
        assert isinstance(reply.body, bytes)
        document = parse(reply.body, reply.content_type)
        items = normalise(document, "https://feed.example/", "https://feed.example/", NOW).items
        for entry, item in zip(document.entries, items, strict=True):
            rows[entry.guid] = about_row(matcher.read(item)[0], ["robotics", "physical-ai"])
    return {
        end: next(rows[guid] for guid in rows if guid.endswith(end))
        for end in (ENGLISH, TRANSLATED, CHINESE, FOLLOW_UP)
    }


def deals(row: dict[str, Any]) -> list[tuple[object, ...]]:
    return [tuple(deal[name] for name in DEAL) for deal in row["deals"]]


def roles(row: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["role"] for one in row["entities"]}


@pytest.mark.parametrize("report", [ENGLISH, TRANSLATED])
def test_both_reports_are_about_a_team_in_both_topics(understood: dict[str, dict[str, Any]], report: str) -> None:
    row = understood[report]
    assert row["event"] == "team"
    assert min(row["topics"].values()) > 0.5


def test_the_english_report_has_one_deal_and_the_trillions_are_none(understood: dict[str, dict[str, Any]]) -> None:
    row = understood[ENGLISH]
    assert deals(row) == [
        ("funding", "X Square Robot", None, 140_000_000, "USD", None, ["Alibaba Cloud"], None, "announced")
    ]
    assert row["deals"][0]["entities"] == {"X Square Robot": "x-square-robot", "Alibaba Cloud": "alibaba-cloud"}


def test_the_translated_report_has_two_deals_and_no_price_revenue_capex_or_market(
    understood: dict[str, dict[str, Any]],
) -> None:
    row = understood[TRANSLATED]
    first, second = deals(row)
    assert first == (
        "funding",
        "X Square Robot",
        None,
        140_000_000,
        "USD",
        "A+",
        ["Alibaba Cloud"],
        280_000_000,
        "announced",
    )
    assert second[2:5] == ("SoftBank", 5_400_000_000, "USD")
    assert row["deals"][1]["entities"] == {second[1]: "abb-robotics", "SoftBank": "softbank"}


def test_who_did_what_is_the_same_in_both(understood: dict[str, dict[str, Any]]) -> None:
    english, translated = roles(understood[ENGLISH]), roles(understood[TRANSLATED])
    assert (english["alibaba-cloud"], translated["alibaba-cloud"]) == ("lead", "lead")
    assert (english["x-square-robot"], translated["x-square-robot"]) == ("investee", "investee")
    assert english["qwen"] == "subject"
    assert (english["nvidia"], english["softbank"], translated["softbank"]) == ("mention", "mention", "acquirer")
    assert {"qwen", "justin-lin", "x-square-robot", "alibaba-cloud"} <= english.keys() & translated.keys()


def test_the_chinese_report_of_the_round_agrees_after_conversion(understood: dict[str, dict[str, Any]]) -> None:
    deal = understood[CHINESE]["deals"][0]
    assert (deal["amount"], deal["currency"], deal["round"]) == (1_000_000_000, "CNY", "A+")
    assert deal["amount_usd"] == pytest.approx(140_000_000, rel=0.05)
    assert roles(understood[CHINESE])["x-square-robot"] == "investee"
    assert [deal["entities"][name] for name in deal["lead"]] == ["alibaba-cloud", "cas-investment"]


def test_the_approval_months_later_is_the_same_deal_in_another_state(understood: dict[str, dict[str, Any]]) -> None:
    deal = understood[FOLLOW_UP]["deals"][0]
    assert (deal["acquirer"], deal["amount"], deal["status"]) == ("SoftBank", 5_400_000_000, "approved")
