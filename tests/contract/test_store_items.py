"""What bot.repositories.Items promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import NewFeed, StoredItem
from bot.ports import Store
from tests.contract.makers import BOUGHT, HOUR, NOW, ROUND, SECOND, index, stored


def titles(items: list[StoredItem]) -> list[str]:
    return [each.item.title for each in items]


def holding(store: Store, *items: StoredItem) -> Store:
    with store.write() as tx:
        tx.items.add(items)
        index(tx, 1_000_000)
    return store


def found(store: Store, text: str, **conditions: object) -> list[str]:
    with store.read() as tx:
        return titles(tx.items.search(text, **conditions))  # type: ignore[arg-type]


def test_keys_are_seen_by_the_feed_that_showed_them(store: Store) -> None:
    with store.write() as tx:
        one, two = tx.feeds.add([NewFeed("a"), NewFeed("b")], NOW)
        tx.items.remember({one.id: [0, 5, 2**63 - 1]})
        tx.items.remember({one.id: [5, 6]})
        assert tx.items.seen({one.id: [0, 4, 5, 6, 2**63 - 1, 2**63 - 2]})[one.id] == {0, 5, 6, 2**63 - 1}
        assert tx.items.seen({two.id: [0, 5, 6]})[two.id] == set()
        assert tx.items.seen({one.id: []})[one.id] == set()


def test_a_feed_that_was_removed_remembers_nothing(store: Store) -> None:
    with store.write() as tx:
        (feed,) = tx.feeds.add([NewFeed("a")], NOW)
        tx.feeds.remove(feed.id)
        tx.items.remember({feed.id: [1]})
        assert tx.items.seen({feed.id: [1]})[feed.id] == set()


def test_an_item_comes_back_as_it_was(store: Store) -> None:
    item = stored(
        "Robots & “quotes”", "摘要 summary", topics=("physical ai", "robotics"), entities=("x-square", "qwen")
    )
    item = replace(item, item=replace(item.item, guid_key=0, link_key=None, title_key=2**63 - 1))
    item = replace(item, event="funding", deals=(ROUND, BOUGHT))
    holding(store, item)
    with store.read() as tx:
        assert tx.items.search() == [item]


def test_an_item_is_stored_once_for_its_feed(store: Store) -> None:
    first, other, again = stored("one"), stored("two"), stored("one", "changed")
    holding(store, first)
    holding(store, other, again, again)
    with store.read() as tx:
        assert tx.items.search() == [other, first]
        assert tx.items.search("changed") == []
        assert tx.items.count() == 2


def test_the_same_id_in_another_feed_is_another_item(store: Store) -> None:
    holding(store, stored("one"), stored("one", feed_id=2))
    with store.read() as tx:
        assert [each.feed_id for each in tx.items.search("one")] == [2, 1]
        assert tx.items.count() == 2


def test_items_stay_when_their_feed_is_removed(store: Store) -> None:
    with store.write() as tx:
        (feed,) = tx.feeds.add([NewFeed("a")], NOW)
        tx.items.add([stored("one", feed_id=feed.id)])
        index(tx, 10)
        tx.feeds.remove(feed.id)
    assert found(store, "one") == ["one"]


def test_adding_nothing_is_fine(store: Store) -> None:
    holding(store)
    with store.read() as tx:
        assert tx.items.count() == 0


def test_search_answers_the_latest_stored_first_up_to_the_limit(store: Store) -> None:
    holding(store, *(stored(f"robot {number}", fetched=NOW - number * SECOND) for number in range(15)))
    assert found(store, "robot") == [f"robot {number}" for number in range(14, 4, -1)]
    assert found(store, "", limit=2) == ["robot 14", "robot 13"]
    assert found(store, "robot", limit=100) == [f"robot {number}" for number in range(14, -1, -1)]
    assert found(store, "robot", limit=0) == []


def test_every_word_must_be_there_in_title_or_summary(store: Store) -> None:
    holding(store, stored("Alibaba leads", "a round in X Square Robot"), stored("Alibaba follows", "nothing"))
    assert found(store, "alibaba robot") == ["Alibaba leads"]
    assert found(store, "robot round square") == ["Alibaba leads"]
    assert found(store, "alibaba") == ["Alibaba follows", "Alibaba leads"]
    assert found(store, "alibaba tesla") == []


def test_a_word_is_no_part_of_a_word(store: Store) -> None:
    holding(store, stored("Robotics"))
    assert found(store, "robot") == []
    assert found(store, "robotics") == ["Robotics"]


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("ALIBABA", "alibaba"),
        ("Straße", "STRASSE"),
        ("Ｑｗｅｎ３", "qwen3"),
        ("Škoda robots", "šKODA"),
        ("co-led A+ round", "Co-Led a+"),
        ("Boston Dynamics' Atlas", "dynamics atlas"),
        ("Τεχνητή νοημοσύνη", "ΝΟΗΜΟΣΎΝΗ"),
        ("snake_case", "snake case"),
    ],
)
def test_words_are_compared_folded(store: Store, title: str, query: str) -> None:
    holding(store, stored(title))
    assert found(store, query) == [title]


@pytest.mark.parametrize(
    "query",
    [
        "阿里",
        "云领",
        "领投",
        "自变量",
        "变量机器人",
        "自变量机器人",
        "投",
        "人",
        "阿",
        "机器人 阿里云",
        "アト",
        "トラス",
        "로봇",
        "봇",
        "𠮷",
    ],
)
def test_a_run_of_an_unspaced_script_is_found_anywhere(store: Store, query: str) -> None:
    title = "阿里云领投“自变量机器人”A轮 アトラス 현대로봇이 𠮷"
    holding(store, stored(title), stored("别的新闻"))
    assert found(store, query) == [title]


def test_a_run_must_be_found_in_one_piece(store: Store) -> None:
    holding(store, stored("机器 器人"), stored("人机 机器"))
    assert found(store, "机器人") == []
    assert found(store, "机器") == ["人机 机器", "机器 器人"]


def test_pieces_of_a_run_that_stand_apart_do_not_use_up_the_limit(store: Store) -> None:
    holding(store, stored("机器人"), *(stored(f"机器 器人 {number}") for number in range(30)))
    assert found(store, "机器人", limit=1) == ["机器人"]


def test_scripts_may_be_mixed_without_spaces(store: Store) -> None:
    holding(store, stored("Qwen团队发布X2机器人"))
    assert found(store, "qwen x2") == ["Qwen团队发布X2机器人"]
    assert found(store, "X2机器人") == ["Qwen团队发布X2机器人"]
    assert found(store, "团队机器") == []


def test_any_of_the_topics_or_entities_is_enough(store: Store) -> None:
    holding(
        store,
        stored("one", topics=("robotics",)),
        stored("two", topics=("physical ai",), entities=("qwen",)),
        stored("three", entities=("robotics",)),
        stored("four"),
    )
    assert found(store, "", topics=["robotics"]) == ["one"]
    assert found(store, "", topics={"robotics", "physical ai"}) == ["two", "one"]
    assert found(store, "", entities=("robotics",)) == ["three"]
    assert found(store, "", topics=["robotics"], entities=["qwen"]) == ["two", "one"]
    assert found(store, "", topics=["physical"]) == []


def test_words_and_topics_must_both_hold(store: Store) -> None:
    holding(
        store, stored("Qwen robots", topics=("robotics",)), stored("Qwen chat"), stored("Atlas", topics=("robotics",))
    )
    assert found(store, "qwen", topics=["robotics"]) == ["Qwen robots"]


@pytest.mark.parametrize("name", ["a-b", "a_b", "a b", "A B", "通义", "a.b", '"', "'", "a+b", "*"])
def test_names_of_entities_are_compared_exactly(store: Store, name: str) -> None:
    others = {"a-b", "a_b", "a b", "A B", "通义", "a.b", '"', "'", "a+b", "*", "a", "b"} - {name}
    holding(store, stored("hit", entities=(name,)), stored("miss", entities=tuple(sorted(others))))
    assert found(store, "", entities=[name]) == ["hit"]


def test_a_tag_is_not_found_as_a_word(store: Store) -> None:
    holding(store, stored("one", topics=("robotics",), entities=("qwen",)))
    for word in ("robotics", "t_robotics", "qwen", "e_qwen", "t"):
        assert found(store, word) == []


def test_since_leaves_out_what_was_fetched_before(store: Store) -> None:
    holding(store, stored("old robot", fetched=NOW - 50 * HOUR), stored("robot", fetched=NOW))
    holding(store, stored("late robot", fetched=NOW - 25 * HOUR))
    for text in ("robot", ""):
        assert found(store, text, since=NOW - 51 * HOUR) == ["late robot", "robot", "old robot"]
        assert found(store, text, since=NOW - 25 * HOUR) == ["late robot", "robot"]
        assert found(store, text, since=NOW - 25 * HOUR + SECOND / 1000) == ["robot"]
        assert found(store, text, since=NOW) == ["robot"]
        assert found(store, text, since=NOW + SECOND) == []
        assert found(store, text, since=NOW + 50 * HOUR) == []


def test_since_finds_the_first_of_many_that_were_fetched_at_once(store: Store) -> None:
    holding(store, *(stored(f"robot {number}") for number in range(3)))
    holding(store, stored("robot 3"))
    for text in ("robot", ""):
        assert found(store, text, since=NOW) == ["robot 3", "robot 2", "robot 1", "robot 0"]


@pytest.mark.parametrize("query", ["...", "“”", " ", "-", "🤖"])
def test_a_text_without_words_is_no_condition(store: Store, query: str) -> None:
    holding(store, stored("one"))
    assert found(store, query) == ["one"]


@pytest.mark.parametrize(
    "query",
    [
        'robot"',
        "robot AND",
        "NOT robot",
        "robot*",
        "terms:robot",
        "(robot",
        "^robot",
        "NEAR(robot)",
        "robot\0",
        "' OR 1=1 --",
    ],
)
def test_nothing_in_a_text_is_an_operator(store: Store, query: str) -> None:
    holding(store, stored("robot and not near terms or 1"))
    assert found(store, query) == ["robot and not near terms or 1"]


def test_a_very_long_text_can_be_looked_up(store: Store) -> None:
    holding(store, stored("robot"))
    assert found(store, " ".join(f"word{number}" for number in range(3000))) == []
    assert found(store, "robot " * 3000) == ["robot"]
    assert found(store, "", entities=[f"e{number}" for number in range(3000)]) == []


def test_items_are_found_once_they_were_indexed(store: Store) -> None:
    with store.write() as tx:
        tx.items.add([stored("first robot"), stored("second robot"), stored("third robot")])
        assert titles(tx.items.unread(2)) == ["first robot", "second robot"]
        assert (tx.items.search(), tx.items.count()) == ([], 3)
        assert index(tx, 2) == 2
        assert titles(tx.items.unread(9)) == ["third robot"]
    assert found(store, "robot") == found(store, "") == ["second robot", "first robot"]
    with store.write() as tx:
        assert (index(tx, 2), index(tx, 2)) == (1, 0)
    assert found(store, "robot") == found(store, "") == ["third robot", "second robot", "first robot"]


def test_indexing_stores_what_was_not_known_and_nothing_else(store: Store) -> None:
    new = replace(stored("new", story_id=0), known=False)
    with store.write() as tx:
        tx.items.add([new, stored("old", topics=("chips",), story_id=3)])
        first, second = tx.items.unread(10)
        assert (first, second.known) == (new, True)
        learned = replace(first, story_id=7, topics=("robotics",), entities=("qwen",), known=True)
        learned = replace(learned, event="funding", deals=(ROUND,))
        tx.items.index([learned, replace(second, topics=("wrong",), story_id=9, deals=(BOUGHT,))])
    assert found(store, "", deals=True, event="funding") == ["new"]
    assert found(store, "", topics=["robotics"]) == found(store, "", entities=["qwen"]) == ["new"]
    with store.read() as tx:
        assert tx.items.search() == [replace(second, topics=("chips",), story_id=3), learned]


def test_only_the_first_unread_can_be_indexed(store: Store) -> None:
    with store.write() as tx:
        tx.items.add([stored("first"), stored("second")])
        with pytest.raises(ValueError, match="unread"):
            tx.items.index([stored("second")])
        tx.items.index([])
        assert len(tx.items.unread(10)) == 2


def test_deals_and_events_are_conditions_like_all_others(store: Store) -> None:
    holding(
        store,
        stored("Qwen robot", event="funding", deals=(ROUND,), topics=("robotics",)),
        stored("Norrland robot", event="acquisition", deals=(BOUGHT, ROUND), entities=("softbank",)),
        stored("Money talks", event="funding"),
        stored("Weather"),
        stored("Late robot", deals=(ROUND,), fetched=NOW + HOUR),
    )
    assert found(store, "", deals=True) == ["Late robot", "Norrland robot", "Qwen robot"]
    assert found(store, "", event="funding") == ["Money talks", "Qwen robot"]
    assert found(store, "", event="funding", deals=True) == ["Qwen robot"]
    assert found(store, "", event="other") == ["Late robot", "Weather"]
    assert found(store, "", event="other", limit=1) == ["Late robot"]
    assert found(store, "weather", event="funding") == []
    assert found(store, "robot", deals=True, limit=1) == ["Late robot"]
    assert found(store, "robot", deals=True, topics=["robotics"], entities=["softbank"]) == [
        "Norrland robot",
        "Qwen robot",
    ]
    assert found(store, "", deals=True, since=NOW + HOUR) == ["Late robot"]
    assert found(store, "deal h_deal v_funding funding") == []


def test_a_link_finds_known_items_of_the_same_page_however_it_is_written(store: Store) -> None:
    page, same, other = stored("one"), stored("two", feed_id=2), stored("three")
    same = replace(same, item=replace(same.item, link_key=page.item.link_key))
    unread = replace(stored("four", story_id=0), known=False)
    alone = replace(stored("five"), item=replace(stored("five").item, link_key=None))
    with store.write() as tx:
        tx.items.add([page, same, other, unread, alone])
        host = page.item.link.removeprefix("https://")
        for link in (page.item.link, f"http://www.{host}/?utm_source=mail#top", f"https://{host}"):
            assert titles(tx.items.by_link(link)) == ["two", "one"]
        for link in (unread.item.link, alone.item.link, "https://example.org/", "no link", ""):
            assert tx.items.by_link(link) == []
        tx.items.index([replace(one, known=True, story_id=9) for one in tx.items.unread(5)])
        assert titles(tx.items.by_link(unread.item.link)) == ["four"]


def test_a_story_answers_its_items_in_the_order_of_storing(store: Store) -> None:
    with store.write() as tx:
        tx.items.add(
            [stored("one", story_id=7), stored("two", story_id=8), stored("three", story_id=7, deals=(ROUND,))]
        )
        tx.items.add([replace(stored("four", story_id=0), known=False)])
        assert tx.items.of_story(7) == [stored("one", story_id=7), stored("three", story_id=7, deals=(ROUND,))]
        assert (tx.items.of_story(0), tx.items.of_story(9)) == ([], [])
        tx.items.index([replace(one, known=True, story_id=one.story_id or 8) for one in tx.items.unread(9)])
        assert titles(tx.items.of_story(8)) == ["two", "four"]
