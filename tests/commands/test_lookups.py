"""`news`, `status` and `help` as people use them."""

from __future__ import annotations

from dataclasses import replace

from tests.commands.conftest import Typist, new


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


async def test_news_shows_a_story_once(typist: Typist) -> None:
    first, copy, other = new("Norrland raises millions"), new("Millions for Norrland"), new("Norrland opens a factory")
    same_page = replace(copy, item=replace(copy.item, link_key=first.item.link_key))
    typist.holds(first, same_page, other)
    assert await titles(typist, "news norrland") == ["Norrland opens a factory", "Millions for Norrland"]


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
