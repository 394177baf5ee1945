"""`deals` and `who` as people use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.message import Card, Table
from bot.model import Deal, Party, StoredItem
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


def report(
    title: str, *deals: Deal, source: str = "Ledger", days: int = 0, topics: tuple[str, ...] = ("robotics",)
) -> StoredItem:
    entities = {p.entity for d in deals for p in (d.target, d.acquirer, *d.investors) if p and p.entity}
    one = stored(title, topics=topics, deals=deals, event=deals[0].type if deals else "other")
    at = FakeClock().now() - timedelta(days=days)
    item = replace(one.item, source=source, published=at)
    return replace(one, item=item, entities=tuple(sorted(entities)), fetched=at)


@pytest.fixture
def filled(typist: Typist) -> Typist:
    norrland = typist.tells(report("Norrland raises", ROUND, days=9))
    typist.tells(report("宇树科技融资", YUAN, days=8, topics=()))
    typist.tells(report("No deal here", days=7, topics=()))
    typist.tells(report("Norrland has raised", ROUND, source="Wire", days=6), story=norrland)
    typist.tells(report("Unitree buys Gripper", BOUGHT, days=1))
    return typist


async def titles(typist: Typist, line: str) -> list[str]:
    return [str(row["title"]) for row in (await typist.type(line)).rows]


async def test_deals_shows_each_story_by_its_first_report(filled: Typist) -> None:
    assert await titles(filled, "deals") == ["Unitree buys Gripper", "Norrland raises", "宇树科技融资"]
    assert await titles(filled, "deals limit=1") == ["Unitree buys Gripper"]
    reply = await filled.type("deals limit=1")
    assert reply.message.parts[0].headline == deal_line(BOUGHT)  # type: ignore[union-attr]
    assert (reply.rows[0]["acquirer"], reply.rows[0]["amount_usd"], reply.rows[0]["round"]) == (
        "宇树科技",
        5_400_000,
        None,
    )


async def test_deals_are_looked_up_by_time_topic_company_words_and_query(filled: Typist) -> None:
    assert await titles(filled, "deals since=7d") == ["Unitree buys Gripper", "Norrland raises"]
    assert await titles(filled, "deals since=1h") == []
    assert await titles(filled, "deals robotics") == ["Unitree buys Gripper", "Norrland raises"]
    assert await titles(filled, "deals since=2d robotics") == ["Unitree buys Gripper"]
    assert await titles(filled, "deals unitree") == ["Unitree buys Gripper", "宇树科技融资"]
    assert await titles(filled, "deals unitree limit=1") == []  # a query is everything to the end of the line
    assert await titles(filled, "deals limit=1 unitree") == ["Unitree buys Gripper"]
    assert await titles(filled, "deals alibaba") == ["Norrland raises", "宇树科技融资"]
    assert await titles(filled, "deals norrland") == ["Norrland raises"]
    assert await titles(filled, "deals buys OR raised") == ["Unitree buys Gripper", "Norrland raises"]


async def test_a_company_that_is_only_named_has_no_part_in_a_deal(typist: Typist) -> None:
    typist.tells(
        replace(
            report("Unitree watches as Norrland raises", replace(ROUND, investors=(), lead=())), entities=("unitree",)
        )
    )
    assert "No deal matches `unitree`" in (await typist.type("deals unitree")).message.text
    assert len((await typist.type("deals")).rows) == 1


async def test_a_deal_of_which_nothing_is_known_is_called_by_the_report(typist: Typist) -> None:
    typist.tells(report("Millions for robots", Deal("funding")))
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
    assert [one["title"] for one in row["stories"]] == ["Norrland raises", "宇树科技融资"]
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
    assert [one["title"] for one in row["stories"]] == ["Norrland raises"]
    assert await titles(filled, "deals norrland") == ["Norrland raises"]


async def test_who_counts_a_deal_once_however_often_it_is_told(typist: Typist) -> None:
    typist.tells(report("told", YUAN))
    typist.tells(report("told in another story", YUAN))
    typist.tells(report("the next round", replace(YUAN, round="D")))
    typist.tells(report("an acquisition", replace(BOUGHT, target=UNITREE, acquirer=None)))
    (row,) = (await typist.type("who unitree")).rows
    assert [(one["type"], one["round"]) for one in row["deals"]] == [
        ("acquisition", None),
        ("funding", "D"),
        ("funding", "C"),
    ]


async def test_a_story_shows_the_deal_that_most_outlets_tell(typist: Typist) -> None:
    more = replace(ROUND, amount=200_000_000, amount_usd=200_000_000)
    typist.tells(
        report("Norrland raises", more, source="A", days=1),
        report("Norrland has raised", ROUND, source="B"),
        report("Millions for Norrland", ROUND, source="C"),
    )
    reply = await typist.type("deals")
    (row,) = reply.rows
    assert (row["amount"], row["round"], row["lead"], row["sources"]) == (
        140_000_000,
        "A+",
        ["Alibaba"],
        ["A", "B", "C"],
    )
    card = reply.message.parts[0]
    assert isinstance(card, Card)
    assert (card.headline, card.meta.split(" · ")[0]) == (deal_line(ROUND), "A and 2 more")


async def test_a_later_development_is_the_same_deal_with_what_was_known_before(typist: Typist) -> None:
    root = typist.tells(report("Norrland raises", ROUND, days=90))
    closed = Deal("funding", NORRLAND, status="closed")
    later = typist.tells(report("Norrland closes its round", closed, days=1), follows=root)
    for line in ("deals", "deals alibaba"):
        rows = (await typist.type(line)).rows
        said = [(row["story"], row["follows"], row["status"], row["amount"], row["round"]) for row in rows]
        assert said == ([(later, root, "closed", 140_000_000, "A+")] if line == "deals" else said[:1])
    (row,) = (await typist.type("who norrland")).rows
    assert [(one["status"], one["amount"]) for one in row["deals"]] == [("closed", 140_000_000)]


async def test_a_story_of_several_deals_is_one_row_that_names_them_all(typist: Typist) -> None:
    typist.tells(report("Unitree buys Gripper", BOUGHT, days=3))
    typist.tells(report("Norrland raises as robots boom", ROUND, YUAN, BOUGHT, days=1))
    reply = await typist.type("deals")
    assert [row["title"] for row in reply.rows] == ["Norrland raises as robots boom", "Unitree buys Gripper"]
    assert [one["target"] for one in reply.rows[0]["more"]] == ["宇树科技"]
    assert f"Also: {deal_line(YUAN)}" in getattr(reply.message.parts[0], "body", "")


async def test_who_knows_somebody_without_news(typist: Typist) -> None:
    reply = await typist.type("who unitree")
    assert (reply.ok, reply.rows[0]["stories"], reply.rows[0]["deals"]) == (True, [], [])


@pytest.mark.parametrize("name", ["unitre", "zebra", "..."])
async def test_who_does_not_know_everybody(filled: Typist, name: str) -> None:
    reply = await filled.type(f"who {name}")
    assert not reply.ok
    assert "I do not know" in reply.message.text
    assert ("Did you mean `Unitree`" in reply.message.text) == (name == "unitre")
