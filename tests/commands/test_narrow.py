"""What of a query goes to the index: never more than what all that it finds has."""

from __future__ import annotations

import pytest

from bot.classify.query.parse import parse_query
from bot.commands.narrow import Narrow, narrow
from tests.commands.conftest import KNOWLEDGE, Typist, new


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("robot -vacuum", Narrow("robot")),
        ('"robot arm" walks', Narrow("robot arm walks")),
        ("robot NEAR/3 arm", Narrow("robot arm")),
        ("title:robot lang:en", Narrow("robot")),
        ("robot OR arm", Narrow()),
        ("robo*", Narrow()),
        ("(robot OR arm) -vacuum", Narrow()),
        ("topic:robotics (a OR b)", Narrow(topics=("robotics",))),
        ("topic:robotics entity:qwen", Narrow(entities=["qwen"])),
        ("event:launch robot", Narrow("robot", event="launch")),
        ("event:funding robot", Narrow("robot")),
        ("event:other robot", Narrow("robot")),
        ("amount:>=5m", Narrow(deals=True)),
        ("round:A OR robot", Narrow()),
        ("source:ledger robot", Narrow("robot")),
        ("(robot (arm hand)) topic:robotics", Narrow("robot arm hand", ("robotics",))),
    ],
)
def test_what_stands_outside_of_or_and_not_is_asked_of_the_index(query: str, expected: Narrow) -> None:
    assert narrow(parse_query(query, KNOWLEDGE), lambda entity: [entity]) == expected


async def test_a_narrowed_query_finds_what_is_far_behind_the_newest(
    typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.commands.seek._SCANNED", 20)
    monkeypatch.setattr("bot.commands.seek._FEWEST", 4)
    typist.holds(new("A gripper grips"), *(new(f"A bank opens {n}") for n in range(60)))
    reply = await typist.type("news gripper -vacuum")
    assert [row["title"] for row in reply.rows] == ["A gripper grips"]
