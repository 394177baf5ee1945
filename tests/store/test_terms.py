"""How texts and queries become terms of the index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.sqlite import SqliteStore
from bot.store.terms import SUMMARY_CHARS, entity_term, index_terms, match_query, topic_term
from tests.contract.makers import index, stored


def terms(title: str, summary: str = "") -> set[str]:
    return set(index_terms(title, summary, (), ()).split(" "))


def test_words_are_indexed_folded_and_once() -> None:
    assert terms("Robots, ROBOTS & A+ co-led", "Ｑｗｅｎ３") == {"robots", "a", "co", "led", "qwen3"}


def test_a_run_is_indexed_as_pairs_and_its_last_character() -> None:
    assert terms("自变量X2机 人") == {"自变", "变量", "量", "x2", "机", "人"}


def test_only_the_beginning_of_a_summary_is_indexed() -> None:
    assert terms("a", "b" * (SUMMARY_CHARS - 4) + " cd ef") == {"a", "b" * (SUMMARY_CHARS - 4), "cd"}


def test_topics_and_entities_are_indexed_beside_words() -> None:
    assert set(index_terms("a", "", ["physical ai"], ["qwen"]).split(" ")) == {"a", "t_physical_20_ai", "e_qwen"}


@given(st.text(), st.text())
def test_different_names_have_different_terms_of_plain_characters(one: str, two: str) -> None:
    assert (entity_term(one) == entity_term(two)) == (one == two)
    assert set(topic_term(one)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")


@pytest.mark.parametrize(
    ("text", "query", "runs"),
    [
        ("", "", ()),
        ("Qwen, robots", '"qwen" AND "robots"', ()),
        ("机器", '"机器"', ()),
        ("机", '"机" *', ()),
        ("机器人X2", '"x2" AND "机器" AND "器人"', ("机器人",)),
    ],
)
def test_a_text_becomes_a_query(text: str, query: str, runs: tuple[str, ...]) -> None:
    assert match_query(text, (), ()) == (query, runs)


def test_topics_and_entities_are_alternatives() -> None:
    assert match_query("a", ["x"], ["y"]) == ('"a" AND ("t_x" OR "e_y")', ())


@given(st.text(alphabet="abé機器人のーㄱ각 　_-'\"😀ß\u0301", min_size=1, max_size=30), st.data())
def test_every_word_and_every_piece_of_a_run_is_found(title: str, data: st.DataObject) -> None:
    store = SqliteStore(":memory:")
    word = data.draw(st.sampled_from(title.split() or [title]))
    with store.write() as tx:
        tx.items.add([stored(title)])
        index(tx, 10)
        assert len(tx.items.search(word)) == 1
        assert len(tx.items.search(title)) == 1
    store.close()
