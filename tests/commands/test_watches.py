"""`watch` as people use it."""

from __future__ import annotations

from tests.commands.conftest import Typist, new


async def test_a_new_watchlist_says_at_once_what_it_would_have_found(typist: Typist) -> None:
    typist.holds(new("a robot walks"), new("two robots walk"), new("a bank opens"))
    reply = await typist.type("watch add robots robot OR robots")
    assert reply.ok
    assert "It would have fired 2 times in the last 3 items." in reply.message.text
    assert {**reply.rows[0], "created": ""} == {
        "name": "robots",
        "query": "robot OR robots",
        "place": "terminal:",
        "owner": "terminal:me",
        "created": "",
    }


async def test_watchlists_belong_to_their_place(typist: Typist) -> None:
    await typist.type("watch add robots robot")
    await typist.type("watch add banks bank", place="slack:T0/C1")
    here, there = await typist.type("watch list"), await typist.type("watch list", place="slack:T0/C1")
    assert [[row["name"] for row in reply.rows] for reply in (here, there)] == [["robots"], ["banks"]]


async def test_a_name_is_taken_once(typist: Typist) -> None:
    await typist.type("watch add Robots robot")
    reply = await typist.type("watch add robots robot")
    assert (reply.ok, "watch edit" in reply.message.text) == (False, True)


async def test_a_wrong_query_changes_nothing(typist: Typist) -> None:
    await typist.type("watch add robots robot")
    for line in ("watch add more topic:robotix", "watch edit robots (robot", "watch test -robot"):
        assert not (await typist.type(line)).ok
    reply = await typist.type("watch list")
    assert [(row["name"], row["query"]) for row in reply.rows] == [("robots", "robot")]


async def test_a_misspelt_name_gets_the_nearest(typist: Typist) -> None:
    await typist.type("watch add robots robot")
    for verb in ("show", "remove"):
        assert "Did you mean `robots`?" in (await typist.type(f"watch {verb} robtos")).message.text


async def test_edit_show_and_remove(typist: Typist) -> None:
    typist.holds(new("Qwen gets a body"))
    await typist.type("watch add ali robot")
    await typist.type('watch edit ali company:"Alibaba"')
    shown = await typist.type("watch show ali")
    assert (shown.rows[0]["query"], shown.rows[0]["fired"]) == ('company:"Alibaba"', 1)
    assert (await typist.type("watch remove ali")).ok
    assert (await typist.type("watch list")).rows == ()


async def test_a_test_keeps_nothing(typist: Typist) -> None:
    typist.holds(new("Unitree sells a robot"))
    reply = await typist.type("watch test topic:robotics")
    assert reply.rows == ({"query": "topic:robotics", "fired": 1, "tested": 1},)
    assert (await typist.type("watch list")).rows == ()


async def test_a_name_must_be_one(typist: Typist) -> None:
    assert not (await typist.type(f"watch add {'x' * 61} robot")).ok
    assert not (await typist.type('watch add " " robot')).ok
