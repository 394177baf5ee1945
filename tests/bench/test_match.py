"""The benchmark of matching measures what it says: different queries that can be read, and items that some of them match."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import pytest

from bot.bench.asked import entities, items, watchlists
from bot.bench.match import Task, in_turns, match, measure
from bot.bench.run import NAMES
from bot.classify.knowledge.seeds import load_knowledge
from bot.classify.query.parse import parse_query
from bot.resources import seeds


def test_queries_differ_and_can_be_read() -> None:
    knowledge = load_knowledge(seeds())
    queries = [one.query for one in watchlists(500)]
    assert len(set(queries)) == 500
    for text in queries:
        parse_query(text, knowledge)
    assert [one.query for one in watchlists(500)] == queries


def test_names_are_as_many_as_asked_for() -> None:
    assert sum(len(one.written()) for one in entities(1000)) == 1000
    assert len({name for one in entities(1000) for name in one.written()}) == 1000


def test_items_are_the_same_for_the_same_seed_and_a_third_is_chinese() -> None:
    some = list(items(300))
    assert list(items(300)) == some
    assert 0.2 < sum(one.lang == "zh" for one in some) / 300 < 0.45
    assert 40 < sum(len(one.title) for one in some if one.lang == "en") / sum(one.lang == "en" for one in some) < 120


@pytest.mark.parametrize("task", [Task(2_000, 0, 1.0), Task(0, 20_000, 1.0)])
def test_something_is_found(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.bench.match.ITEMS", 60)
    result = measure(task)
    assert result.found > 0
    assert min(result.rate, result.read, result.floor, result.build) > 0


def test_rows_say_what_was_measured_against_what(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "match" in NAMES
    rows = list(islice(match(30_000), 5))
    assert [row["case"] for row in rows] == [
        "300 watchlists",
        "300 watchlists",
        "300 watchlists, with deals and roles",
        "300 watchlists, build",
        "300 watchlists, memory",
    ]
    assert {row["bench"] for row in rows} == {"match"}
    assert all(set(row) == {"bench", "case", "n", "ours", "unit", "peer", "theirs", "ratio"} for row in rows)
    assert rows[0]["ratio"] == pytest.approx(rows[0]["ours"] / 20_000, abs=0.01)
    assert rows[3]["ratio"] == pytest.approx(1.0 / rows[3]["ours"], rel=0.05)


def test_jobs_take_turns_and_the_best_round_of_each_chunk_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.bench.match.CHUNK", 2)
    now, calls = 0.0, list[tuple[str, int]]()

    def job(name: str, cost: float) -> Callable[[int], object]:
        def run(at: int) -> None:
            nonlocal now
            late = calls.count((name, at)) != 1  # the second round alone is not disturbed
            now += cost * (1 + 9 * late)
            calls.append((name, at))

        return run

    assert in_turns([job("a", 0.5), job("b", 0.25)], 3, lambda: now) == [2.0, 4.0]
    assert calls[:6] == [("a", 0), ("a", 1), ("b", 0), ("b", 1), ("a", 0), ("a", 1)]
    assert len(calls) == 3 * 2 * 3
