"""Evaluations from files, and the real ones where they are at hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.classify.knowledge.seeds import Knowledge, load_knowledge
from bot.errors import BadInput
from bot.evals.run import ITEM_EVALUATIONS, STORIES, evaluate

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT.parent / "shared" / "data" / "labelled"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def rows(name: str, folder: Path, knowledge: Knowledge) -> dict[str, dict[str, Any]]:
    return {row["case"]: row for row in evaluate(name, knowledge, folder, NOW) if row["case"] != "error"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(ROOT / "seeds")


@pytest.mark.parametrize("name", ITEM_EVALUATIONS)
def test_a_folder_without_labels_says_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="labelled items here"):
        list(evaluate(name, Knowledge(), tmp_path, NOW))
    (tmp_path / "a.jsonl").write_text('{"title": "x"}\n')
    with pytest.raises(BadInput, match="labels under `gold`"):
        list(evaluate(name, Knowledge(), tmp_path, NOW))


def test_a_folder_without_stories_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="labelled stories here"):
        list(evaluate(STORIES, Knowledge(), tmp_path, NOW))


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "x", "gold": {}}\n{"title"\n')
    with pytest.raises(BadInput, match="line 2"):
        list(evaluate("topics", Knowledge(), tmp_path, NOW))


def test_topics_deals_and_events_are_scored(tmp_path: Path, knowledge: Knowledge) -> None:
    deal = {"type": "funding", "target": "Corvid Robotics", "amount": 12_000_000, "currency": "USD", "round": "A"}
    items = [
        {
            "title": "Corvid Robotics raises $12 million Series A for its warehouse robots",
            "gold": {"robotics": 2, "event": "funding", "deals": [deal | {"status": "announced"}]},
        },
        {"title": "A quiet day at the flower market", "gold": {"robotics": 0, "event": "other", "deals": []}},
        {"title": "Raven Robotics raises $9 million for robots", "gold": {"robotics": 0, "deals": [], "event": None}},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, items)))
    topics = rows("topics", tmp_path, knowledge)["robotics, as it is"]
    assert (topics["n"], topics["precision"], topics["recall"]) == (3, 0.5, 1.0)
    deals = rows("deals", tmp_path, knowledge)
    assert (deals["target"]["n"], deals["target"]["accuracy"], deals["round"]["accuracy"]) == (1, 1.0, 1.0)
    assert (deals["precision"]["accuracy"], deals["recall"]["accuracy"]) == (0.5, 1.0)
    assert rows("events", tmp_path, knowledge)["all"]["accuracy"] == 1.0


@pytest.mark.skipif(not GOLD.is_dir(), reason="the labelled items are not beside the project")
def test_the_labelled_items_are_understood_as_well_as_promised(knowledge: Knowledge) -> None:
    topics = rows("topics", GOLD, knowledge)
    assert min(row["f1"] for row in topics.values()) >= 0.95
    deals = {case: row["accuracy"] for case, row in rows("deals", GOLD, knowledge).items()}
    floors = {
        "amount+currency": 0.97,
        "round": 0.97,
        "lead": 0.95,
        "target": 0.90,
        "investors": 0.85,
        "precision": 0.95,
    }
    assert {case: deals[case] for case, floor in floors.items() if deals[case] < floor} == {}
