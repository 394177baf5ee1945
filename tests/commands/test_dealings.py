"""`deals` and `who` as people use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.message import Card, Table
from bot.model import Deal, Party, StoredItem
from bot.text import key63
from bot.wording import deal_line
from tests.commands.conftest import Typist
from tests.contract.makers import stored
from tests.fakes.world import FakeClock

NORRLAND, UNITREE = Party("Norrland"), Party("宇树科技", "unitree")
ALIBABA, QWEN = Party("Alibaba", "alibaba"), Party("Qwen", "qwen")
BERG, FJORD = Party("Berg Capital"), Party("Fjord")
ROUND = Deal("funding", NORRLAND, None, 140_000_000, "USD", 140_000_000, "A+", (ALIBABA, BERG), (ALIBABA,))
YUAN = Deal("funding", UNITREE, None, 10**9, "CNY", 138_000_000, "C", (QWEN, BERG, FJORD), status="closed")
BOUGHT = Deal("acquisition", Party("Gripper"), UNITREE, 5_400_000, "USD", 5_400_000)


def report(title: str, *deals: Deal, story_id: int = 0, days: int = 0, topics: tuple[str, ...] = ()) -> StoredItem:
    entities = {p.entity for d in deals for p in (d.target, d.acquirer, *d.investors) if p and p.entity}
    one = stored(title, story_id=story_id or key63(title) % 10**9 + 100, topics=topics, deals=deals)
    return replace(one, entities=tuple(sorted(entities)), fetched=FakeClock().now() - timedelta(days=days))


@pytest.fixture
def filled(typist: Typist) -> Typist:
    typist.holds(
        report("Norrland raises", ROUND, story_id=1, days=9, topics=("robotics",)),
        report("宇树科技融资", YUAN, story_id=2, days=8),
        report("No deal here", days=7),
        report("Norrland has raised", ROUND, story_id=1, days=6, topics=("robotics",)),
        report("Unitree buys Gripper", BOUGHT, story_id=4, days=1, topics=("robotics",)),
    )
    return typist


async def titles(typist: Typist, line: str) -> list[str]:
    return [str(row["title"]) for row in (await typist.type(line)).rows]


async def test_deals_shows_the_newest_report_of_each_story(filled: Typist) -> None:
    assert await titles(filled, "deals") == ["Unitree buys Gripper", "Norrland has raised", "宇树科技融资"]
    assert await titles(filled, "deals limit=1") == ["Unitree buys Gripper"]
    reply = await filled.type("deals limit=1")
    assert reply.message.parts[0].headline == deal_line(BOUGHT)  # type: ignore[union-attr]
    assert (reply.rows[0]["acquirer"], reply.rows[0]["amount_usd"], reply.rows[0]["round"]) == (
        "宇树科技",
        5_400_000,
        None,
    )


async def test_deals_are_looked_up_by_time_topic_company_words_and_query(filled: Typist) -> None:
    assert await titles(filled, "deals since=7d") == ["Unitree buys Gripper", "Norrland has raised"]
    assert await titles(filled, "deals since=1h") == []
    assert await titles(filled, "deals robotics") == ["Unitree buys Gripper", "Norrland has raised"]
    assert await titles(filled, "deals since=2d robotics") == ["Unitree buys Gripper"]
    assert await titles(filled, "deals unitree") == ["Unitree buys Gripper", "宇树科技融资"]
    assert await titles(filled, "deals unitree limit=1") == []  # a query is everything to the end of the line
    assert await titles(filled, "deals limit=1 unitree") == ["Unitree buys Gripper"]
    assert await titles(filled, "deals alibaba") == ["Norrland has raised", "宇树科技融资"]
    assert await titles(filled, "deals norrland") == ["Norrland has raised"]
    assert await titles(filled, "deals buys OR raised") == ["Unitree buys Gripper", "Norrland has raised"]


async def test_a_company_that_is_only_named_has_no_part_in_a_deal(typist: Typist) -> None:
    typist.holds(
        replace(
            report("Unitree watches as Norrland raises", replace(ROUND, investors=(), lead=())), entities=("unitree",)
        )
    )
    assert "No deal matches `unitree`" in (await typist.type("deals unitree")).message.text
    assert len((await typist.type("deals")).rows) == 1


async def test_a_deal_of_which_nothing_is_known_is_called_by_the_report(typist: Typist) -> None:
    typist.holds(report("Millions for robots", Deal("funding")))
    reply = await typist.type("deals")
    assert reply.message.parts[0].headline == "Millions for robots"  # type: ignore[union-attr]
    assert reply.message.text.startswith("- Millions for robots")


async def test_nothing_found_and_wrong_limits_are_told_kindly(typist: Typist) -> None:
    assert (await typist.type("deals")).message.text == "No deal was reported yet."
    assert (await typist.type("deals since=7d")).message.text == "No deal was reported since then."
    for line in ("deals limit=0", "deals limit=51", "deals since=yesterday", "deals since=999999999d", "deals (a"):
        assert not (await typist.type(line)).ok


async def test_who_is_a_card_of_names_stories_deals_and_partners(filled: Typist) -> None:
    (row,) = (await filled.type("who alibaba")).rows
    assert (row["id"], row["children"], row["names"]) == ("alibaba", ["qwen"], {"also": ["阿里巴巴"]})
    assert [(one["as"], one["target"]) for one in row["deals"]] == [("lead", "Norrland"), ("investor", "宇树科技")]
    assert row["invested_with"] == [{"name": "Berg Capital", "deals": 2}, {"name": "Fjord", "deals": 1}]
    assert [one["title"] for one in row["stories"]] == ["Norrland has raised", "宇树科技融资"]
    text = (await filled.type("who 阿里巴巴")).message.text
    table = next(part for part in (await filled.type("who alibaba")).message.parts if isinstance(part, Table))
    assert [row[:5] for row in table.rows] == [
        ("lead", "funding", "Norrland", "$140m", "A+"),
        ("investor", "funding", "宇树科技", "CNY 1bn", "C"),
    ]
    assert "Invested with: Berg Capital 2×, Fjord 1×" in text
    assert f"- as lead: {deal_line(ROUND)}" in text


async def test_who_tells_targets_and_acquirers_apart(filled: Typist) -> None:
    (row,) = (await filled.type("who unitree")).rows
    assert [(one["as"], one["type"]) for one in row["deals"]] == [("acquirer", "acquisition"), ("target", "funding")]
    assert row["invested_with"] == []


async def test_who_finds_somebody_that_only_a_deal_names(filled: Typist) -> None:
    (row,) = (await filled.type("who NORRLAND")).rows
    assert (row["id"], row["name"], [one["as"] for one in row["deals"]]) == (None, "Norrland", ["target"])
    assert isinstance((await filled.type("who norrland")).message.parts[0], Card)


async def test_who_finds_what_was_stored_before_a_name_was_added(filled: Typist) -> None:
    await filled.type("entity add Norrland")
    (row,) = (await filled.type("who norrland")).rows
    assert (row["id"], [one["as"] for one in row["deals"]]) == ("norrland", ["target"])
    assert [one["title"] for one in row["stories"]] == ["Norrland has raised"]
    assert await titles(filled, "deals norrland") == ["Norrland has raised"]


async def test_who_counts_a_deal_once_however_often_it_is_told(typist: Typist) -> None:
    dollars = replace(YUAN, amount=140_000_000, currency="USD")
    typist.holds(
        report("told", YUAN, story_id=1),
        report("told in another story", YUAN, story_id=2),
        report("told in dollars", dollars, story_id=2),
        report("the next round", replace(YUAN, round="D"), story_id=3),
        report("an acquisition", replace(BOUGHT, target=UNITREE, acquirer=None), story_id=3),
    )
    (row,) = (await typist.type("who unitree")).rows
    assert [(one["type"], one["round"]) for one in row["deals"]] == [
        ("acquisition", None),
        ("funding", "D"),
        ("funding", "C"),
    ]


async def test_who_knows_somebody_without_news(typist: Typist) -> None:
    reply = await typist.type("who unitree")
    assert (reply.ok, reply.rows[0]["stories"], reply.rows[0]["deals"]) == (True, [], [])


@pytest.mark.parametrize("name", ["unitre", "zebra", "..."])
async def test_who_does_not_know_everybody(filled: Typist, name: str) -> None:
    reply = await filled.type(f"who {name}")
    assert not reply.ok
    assert "I do not know" in reply.message.text
    assert ("Did you mean `Unitree`" in reply.message.text) == (name == "unitre")
