"""Labelled stories of all three kinds are read and scored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.classify.knowledge.seeds import Knowledge
from bot.errors import BadInput
from bot.evals.stories import errors_of, kind, mean, score, score_stories
from bot.evals.story_gold import StorySet, load_stories
from bot.model import StoryStatus
from bot.stories.batch import Told

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def row(name: str, title: str, when: str | None = "2026-05-01T12:00:00Z") -> dict[str, Any]:
    return {"id": name, "title": title, "summary": "", "url": "", "source": f"Wire {name}", "published": when}


HAND = {
    "stories": [
        {"sid": "S1", "items": ["a", "b"], "follow_ups": ["c", "d"]},
        {"sid": "S2", "items": ["d", "e"], "follow_ups": []},
    ],
    "hard_negatives": [["a", "f", "two rounds"]],
    "items": [
        row("a", "Corvid Robotics raises nine million"),
        row("b", "渡鸦机器人完成九百万融资"),
        row("c", "Corvid Robotics closes its round"),
        row("d", "Regulator looks at the Corvid round", None),
        row("e", "监管部门调查渡鸦融资"),
        row("f", "Raven Robotics raises nine million"),
    ],
}
CONFUSABLE = [
    {"id": "1_1", "title": "", "summary": "A bank was robbed in Oslo.", "ts": 0, "gold": "1a", "topic": "1"},
    {"id": "1_2", "title": "", "summary": "Robbers took a bank in Oslo.", "ts": 0, "gold": "1a", "topic": "1"},
    {"id": "1_3", "title": "", "summary": "A bank was robbed in Bergen.", "ts": 0, "gold": "1b", "topic": "1"},
    {"id": "2_1", "title": "", "summary": "An actor died in Rome.", "ts": 0, "gold": "1a", "topic": "2"},
]
TOPICS = [
    {
        "id": "t1",
        "title": "渡鸦机器人完成融资",
        "summary": "渡鸦机器人今日宣布。",
        "ts": "2026-05-01T12:00:00.000Z",
        "reports": [
            {"title": "渡鸦获投", "url": "", "sources": ["甲", "乙"]},
            {"title": "渡鸦机器人融资", "sources": []},
        ],
        "track": [{"ts": "2026-04-01 08:00:00", "id": "t2", "title": "渡鸦机器人成立"}],
    },
    {
        "id": "t2",
        "title": "渡鸦机器人成立",
        "summary": "",
        "ts": "2026-04-01T00:00:00.000Z",
        "reports": [{"title": "新公司渡鸦机器人今日成立", "sources": ["甲"]}],
        "track": [],
    },
]


def loaded(folder: Path, name: str, data: Any) -> list[StorySet]:
    (folder / f"{name}.json").write_text(json.dumps(data))
    return load_stories(folder, NOW)


def told(*rows: tuple[int, int, StoryStatus]) -> Mapping[str, Told]:
    return {f"{n:024x}": Told(story, event, status, ("words",)) for n, (story, event, status) in enumerate(rows)}


def test_stories_made_by_hand(tmp_path: Path) -> None:
    (found,) = loaded(tmp_path, "hand", HAND)
    ids = [one.id for one in found.items]
    assert [found.gold[one] for one in ids] == ["S1", "S1", "alone c", "S2", "S2", "alone f"]
    assert found.untimed == {ids[3]}
    assert found.apart == ((ids[0], ids[5]),)
    # d is a follow-up, so e, which reports the same event, is one too
    assert found.parents == {ids[n]: {"S1"} for n in (2, 3, 4)}
    assert [found.languages()[one] for one in ids] == ["en", "zh", "en", "en", "zh", "en"]


def test_confusable_texts_have_no_times(tmp_path: Path) -> None:
    (found,) = loaded(tmp_path, "texts", CONFUSABLE)
    ids = [one.id for one in found.items]
    assert not found.timed
    assert found.apart == ((ids[0], ids[2]), (ids[1], ids[2]))
    assert len(set(found.gold.values())) == 3  # one name of an event under two topics is two events
    assert found.items[0].title == "A bank was robbed in Oslo."


def test_topics_of_a_news_service(tmp_path: Path) -> None:
    titles, texts = loaded(tmp_path, "topics", TOPICS)
    assert [(one.title, titles.gold[one.id]) for one in titles.items] == [
        ("渡鸦获投", "t1"),
        ("渡鸦机器人融资", "t1"),
        ("渡鸦机器人成立", "t2"),
        ("新公司渡鸦机器人今日成立", "t2"),
    ]
    assert len(texts.items) == 6
    assert texts.items[2].summary == "渡鸦机器人今日宣布。"
    ids = [one.id for one in titles.items]
    assert titles.apart == ((ids[0], ids[2]), (ids[1], ids[2]))
    assert titles.items[0].published != titles.items[1].published
    assert titles.items[2].published == datetime(2026, 4, 1, tzinfo=UTC)  # its zone is Beijing's


def test_other_files_are_left_alone_and_faults_are_named(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"a": 1}')
    (tmp_path / "more.json").write_text("[]")
    with pytest.raises(BadInput, match="labelled stories"):
        load_stories(tmp_path, NOW)
    (tmp_path / "broken.json").write_text('{"a"')
    with pytest.raises(BadInput, match=r"broken\.json"):
        load_stories(tmp_path, NOW)
    (tmp_path / "broken.json").unlink()
    with pytest.raises(BadInput, match=r"hand\.json"):
        loaded(tmp_path, "hand", HAND | {"items": [{"title": "without an id"}]})


def test_a_run_is_scored(tmp_path: Path) -> None:
    (found,) = loaded(tmp_path, "hand", HAND)
    said = told((1, 1, "new"), (1, 1, "same"), (1, 2, "update"), (3, 3, "new"), (3, 3, "same"), (1, 1, "same"))
    row = score(found, said)
    assert (row["confusable_merged"], row["events"], row["gold_events"]) == (1.0, 3, 4)
    assert (row["en_zh"], row["en_zh_recall"], row["en_zh_precision"]) == (2, 1.0, 2 / 3)
    assert (row["pair_recall"], row["pair_precision"]) == (1.0, 0.5)
    assert (row["recall"], row["precision"]) == pytest.approx((1.0, (2 / 3 + 2 / 3 + 1 + 1 + 1 + 1 / 3) / 6))
    assert (row["follow_ups"], row["follow_right"], row["follow_elsewhere"]) == (3, 1 / 3, 2 / 3)
    assert (row["updates"], row["update_precision"]) == (1, 1.0)


def test_a_follow_up_is_an_update_of_what_it_follows_or_wrong(tmp_path: Path) -> None:
    (found,) = loaded(tmp_path, "hand", HAND)
    close = found.items[2].id

    def said(story: int, event: int, status: StoryStatus) -> str:
        first: tuple[tuple[int, int, StoryStatus], ...] = ((1, 1, "new"), (1, 1, "same"))
        return kind(found, told(*first, (story, event, status), (4, 4, "new"), (4, 4, "same"), (5, 5, "new")), close)

    assert said(1, 2, "update") == "right"
    assert said(1, 1, "same") == "same"
    assert said(2, 2, "new") == "elsewhere"
    assert said(4, 2, "update") == "elsewhere"


def test_updates_of_the_wrong_story_count_against_precision(tmp_path: Path) -> None:
    (found,) = loaded(tmp_path, "hand", HAND)
    row = score(
        found, told((1, 1, "new"), (1, 1, "same"), (1, 2, "update"), (3, 3, "new"), (3, 3, "same"), (1, 4, "update"))
    )
    assert (row["updates"], row["update_precision"]) == (2, 0.5)


def test_whole_stories_are_events_with_all_that_follows_them(tmp_path: Path) -> None:
    (found,) = loaded(tmp_path, "hand", HAND)
    said = told((1, 1, "new"), (1, 1, "same"), (1, 2, "update"), (1, 3, "update"), (1, 3, "update"), (5, 5, "new"))
    row = score(found, said)
    assert (row["story_f1"], row["f1"], row["follow_right"]) == (1.0, 1.0, 1.0)


def test_errors_come_with_titles_and_reasons(tmp_path: Path) -> None:
    (found,) = loaded(tmp_path, "hand", HAND)
    said = told((1, 1, "new"), (6, 6, "new"), (1, 1, "same"), (3, 3, "new"), (3, 3, "same"), (5, 5, "new"))
    errors = errors_of(found, said)
    assert [(one["error"], one["titles"][1]) for one in errors] == [
        ("merged", "Corvid Robotics closes its round"),
        ("missed", "渡鸦机器人完成九百万融资"),
        ("follow-up same", "Corvid Robotics closes its round"),
        ("follow-up elsewhere", "Regulator looks at the Corvid round"),
        ("follow-up elsewhere", "监管部门调查渡鸦融资"),
    ]
    assert errors[0]["titles"][0] == "Corvid Robotics raises nine million"
    assert errors[0]["why"] == [["words"], ["words"]]


def test_means_say_how_far_the_runs_are_apart() -> None:
    assert mean([{"f1": 0.5, "events": 4}, {"f1": 1.0, "events": 4}, {"f1": 0.9, "events": 4}]) == {
        "f1": 0.8,
        "events": 4,
        "f1_spread": 0.5,
    }


def test_each_set_is_asked_in_all_ways_that_it_allows(tmp_path: Path) -> None:
    for name, data in (("hand", HAND), ("texts", CONFUSABLE), ("topics", TOPICS)):
        (tmp_path / f"{name}.json").write_text(json.dumps(data))
    rows = list(score_stories(Knowledge(), load_stories(tmp_path, NOW)))
    assert [row["case"] for row in rows if row["case"] != "error"] == [
        "hand, with times",
        "hand, without times",
        "hand, with times, follow-ups last",
        "texts, without times",
        "topics, titles, with times",
        "topics, titles, without times",
        "topics, titles and texts, with times",
        "topics, titles and texts, without times",
    ]
    assert {row["eval"] for row in rows} == {"stories"}
    assert all(0 <= row["f1"] <= 1 for row in rows if row["case"] != "error")
    json.dumps(rows)
