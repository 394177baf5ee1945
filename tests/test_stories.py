"""`robowire stories`: which items report one event, in the order given."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from bot.config import Config
from bot.errors import BadInput
from bot.tools import stories

COPIED = {"title": "Corvid Robotics raises nine million dollars", "source": "Wire A", "url": "https://a.example/1"}
AGAIN = COPIED | {"source": "Wire B", "url": "https://b.example/2"}
OTHER = {"title": "A quiet day at the flower market of Aalsmeer", "source": "Wire A", "url": "https://a.example/3"}


def asked(*rows: dict[str, Any] | str) -> list[dict[str, Any]]:
    lines: Iterable[str] = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    return stories(Config(), lines, lambda _: None)


def test_each_item_has_a_row_in_the_order_given() -> None:
    rows = asked(COPIED | {"id": "x"}, OTHER | {"id": "y"}, AGAIN | {"id": "z"})
    assert [(row["id"], row["status"]) for row in rows] == [("x", "new"), ("y", "new"), ("z", "same")]
    assert rows[0]["story"] == rows[2]["story"] != rows[1]["story"]
    assert all(isinstance(row["story"], str) and row["why"] for row in rows)
    assert {tuple(row) for row in rows} == {("id", "story", "status", "why")}


def test_items_may_share_an_id_or_have_none() -> None:
    rows = asked(COPIED | {"id": "x"}, OTHER | {"id": "x"}, AGAIN)
    assert [row["status"] for row in rows] == ["new", "new", "same"]
    assert [row["id"] for row in rows[:2]] == ["x", "x"]
    assert len(rows[2]["id"]) == 24


def test_items_may_have_no_title_and_no_time_and_even_nothing() -> None:
    text = {"id": "t", "title": "", "summary": "Robbers took a bank in Oslo on Friday.", "published": None}
    assert [row["status"] for row in asked(text, {"id": "empty"}, OTHER | {"published": "soon"})] == ["new"] * 3


def test_no_items_make_no_rows() -> None:
    assert asked("", "\n") == []


def test_a_faulty_line_is_named() -> None:
    with pytest.raises(BadInput, match="line 2: not a JSON object"):
        asked(COPIED, "", "[1]")


def test_progress_is_told_a_thousand_at_a_time() -> None:
    heard: list[int] = []
    stories(Config(), (json.dumps({"id": n, "title": f"Item {n}"}) for n in range(2001)), heard.append)
    assert heard == [1000, 2000]
