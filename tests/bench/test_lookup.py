"""The benchmark of look-ups measures what it says: commands that answer, over a store of stories that were understood."""

from __future__ import annotations

import pytest

from bot.bench.lookup import LIMIT_MS, NEWS_LIMIT_MS, fill, lookup, read_pool
from bot.bench.run import NAMES
from bot.classify.knowledge.seeds import load_knowledge
from bot.ports import Store
from bot.resources import seeds
from tests.fakes.world import START


def test_items_are_stored_in_stories_that_were_understood(store: Store) -> None:
    pool = read_pool(load_knowledge(seeds()), 200)
    assert len({one.item.title for one in pool}) == 200
    assert any(one.deals for one in pool)
    fill(store, pool, 500, START)
    with store.read() as tx:
        found = tx.items.search(limit=1_000)
        stories = [tx.stories.get(number) for number in {one.story_id for one in found}]
    assert len(found) == 500
    assert sum(story.items for story in stories) == 500
    assert any(story.items > 1 for story in stories)
    assert any(story.follows for story in stories)
    assert all(one.fetched <= START for one in found)


def test_rows_give_milliseconds_against_what_people_should_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.bench.lookup.ASKED", 6)
    monkeypatch.setattr("bot.bench.lookup.SLOW_ASKED", 6)
    assert "lookup" in NAMES
    rows = list(lookup(300))
    assert {row["bench"] for row in rows} == {"lookup"}
    assert len({row["case"] for row in rows}) == len(rows) == 15
    assert all(set(row) == {"bench", "case", "n", "ours", "unit", "peer", "theirs", "ratio"} for row in rows)
    assert {row["theirs"] for row in rows} == {NEWS_LIMIT_MS, LIMIT_MS}
    assert all(row["ratio"] == pytest.approx(row["theirs"] / row["ours"], rel=0.05) for row in rows)
