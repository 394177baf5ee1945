"""`news`, `status` and `help` as people use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.message import Card
from bot.model import StoredItem
from bot.text import key63
from tests.commands.conftest import Typist, new
from tests.contract.makers import stored
from tests.fakes.world import START


async def titles(typist: Typist, line: str) -> list[str]:
    return [str(row["title"]) for row in (await typist.type(line)).rows]


async def test_news_finds_words_topics_companies_watchlists_and_queries(typist: Typist) -> None:
    typist.holds(new("a robot walks"), new("通义千问 gets a body"), new("a bank opens"), new("宇树科技发布新品"))
    await typist.type("watch add money bank")
    assert await titles(typist, "news robot") == ["a robot walks"]
    assert await titles(typist, "news robotics") == ["宇树科技发布新品", "a robot walks"]
    assert await titles(typist, "news alibaba") == ["通义千问 gets a body"]
    assert await titles(typist, "news 宇树") == ["宇树科技发布新品"]
    assert await titles(typist, "news money") == ["a bank opens"]
    assert await titles(typist, "news bank OR body") == ["a bank opens", "通义千问 gets a body"]
    assert await titles(typist, "news limit=2") == ["宇树科技发布新品", "a bank opens"]


def by(source: str, title: str, minutes: int = 0, **changes: Any) -> StoredItem:
    """A report of an outlet, so many minutes after START."""
    one, at = stored(title), START + timedelta(minutes=minutes)
    item = replace(one.item, source=source, link=f"https://{source.lower()}.example/{key63(title)}", published=at)
    return replace(one, item=item, fetched=at, **changes)


async def test_news_shows_a_story_once_by_its_first_report_with_who_else_tells_it(typist: Typist) -> None:
    first = by("Ledger", "Norrland raises millions")
    story = typist.tells(by("Wire", "Millions for Norrland", 1), first, by("Post", "More", 2))
    other = typist.tells(by("Ledger", "Norrland opens a factory"))
    reply = await typist.type("news norrland")
    assert [(row["story"], row["title"]) for row in reply.rows] == [
        (other, "Norrland opens a factory"),
        (story, "Norrland raises millions"),
    ]
    assert (reply.rows[1]["sources"], reply.rows[1]["reports"]) == (["Wire", "Ledger", "Post"], 3)
    card = reply.message.parts[1]
    assert isinstance(card, Card)
    assert card.meta.startswith("Ledger and 2 more · ")
    assert card.meta.endswith(f" · story {story}")


async def test_news_tells_the_time_of_the_latest_report(typist: Typist) -> None:
    first, late = by("Ledger", "Norrland raises millions", -9 * 1440), by("Wire", "Millions for Norrland", -180)
    typist.tells(first, late)
    reply = await typist.type("news")
    assert reply.rows[0]["updated"] == late.item.published.isoformat()
    assert "3 h ago" in getattr(reply.message.parts[0], "meta", "")


async def test_a_later_development_says_what_it_follows(typist: Typist) -> None:
    root = typist.tells(by("Ledger", "Norrland buys Gripper"))
    later = typist.tells(by("Ledger", "Norrland closes its purchase"), follows=root)
    reply = await typist.type("news")
    assert [(row["story"], row["follows"]) for row in reply.rows] == [(later, root), (root, None)]
    assert f"story {later}, follow-up of story {root}" in getattr(reply.message.parts[0], "meta", "")


async def test_a_limit_counts_stories_however_many_reports_they_have(typist: Typist) -> None:
    quiet = [typist.tells(by("Ledger", f"A robot walks {n}")) for n in range(3)]
    loud = typist.tells(*(by(f"Wire {n}", f"A robot runs, says {n}") for n in range(120)))
    for line in ("news limit=4", "news limit=4 robot", "news limit=4 robot -zebra"):
        rows = (await typist.type(line)).rows
        assert (line, [row["story"] for row in rows]) == (line, [loud, *reversed(quiet)])


async def test_of_a_story_with_very_many_reports_the_first_and_the_last_are_read(
    typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.commands.seek._MOST_REPORTS", 10)
    typist.tells(*(by(f"Wire {n}", f"A robot runs, says {n}", n) for n in range(40)))
    (row,) = (await typist.type("news")).rows
    assert (row["reports"], row["title"]) == (40, "A robot runs, says 0")
    assert row["updated"] == (START + timedelta(minutes=39)).isoformat()


async def test_a_query_for_several_outlets_asks_the_story(typist: Typist) -> None:
    typist.tells(by("Ledger", "A robot walks"), by("Copy", "A robot walks", copy=True))
    told = typist.tells(by("Ledger", "A robot runs"), by("Wire", "Running robot"))
    assert [row["story"] for row in (await typist.type("news robot sources:>=2")).rows] == [told]


async def test_nothing_found_says_so(typist: Typist) -> None:
    assert "Nothing is stored yet" in (await typist.type("news")).message.text
    typist.holds(new("a robot walks"))
    assert "Nothing stored matches `zebra`" in (await typist.type("news zebra")).message.text


async def test_a_wrong_limit_or_query_gets_a_kind_answer(typist: Typist) -> None:
    for line in ("news limit=0", "news limit=51", "news topic:robotix", "news (a"):
        assert not (await typist.type(line)).ok


async def test_status_counts(typist: Typist) -> None:
    typist.holds(new("a robot walks"))
    await typist.type("watch add robots robot")
    row = (await typist.type("status")).rows[0]
    assert (row["items"], row["watchlists_here"], row["feeds"], row["last_poll"]) == (1, 1, 0, None)


async def test_help_knows_everything(typist: Typist) -> None:
    text = (await typist.type("help")).message.text
    assert all(command.usage in text for command in typist.book.commands.values())
    assert "For example" in (await typist.type("help watch add")).message.text
