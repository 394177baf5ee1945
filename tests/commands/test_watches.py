"""`watch` as people use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.model import StoredItem
from tests.commands.conftest import Typist, new
from tests.contract.makers import stored
from tests.fakes.world import START


def old(title: str, days: int) -> StoredItem:
    """An item that was fetched so many days ago, and an hour."""
    return replace(stored(title, story_id=0, fetched=START - timedelta(days=days, hours=1)), known=False)


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
        "mode": "instant",
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
    (row,) = (await typist.type("watch test topic:robotics")).rows
    assert (row["query"], row["fired"], row["tested"]) == ("topic:robotics", 1, 1)
    assert (await typist.type("watch list")).rows == ()


async def test_a_test_counts_stories_and_names_the_noisiest_term(typist: Typist) -> None:
    typist.holds(*(new(f"A robot number {n}") for n in "abcde"), new("A robot drone"), new("The drone"), new("A bank"))
    reply = await typist.type("watch test robot OR drone OR zebra")
    (row,) = reply.rows
    assert (row["fired"], row["tested"]) == (7, 8)
    assert row["noisiest"] == {"term": "robot", "fired": 6, "only": 5, "items": 6}
    assert [(one["term"], one["fired"], one["only"]) for one in row["terms"]] == [
        ("robot", 6, 5),
        ("drone", 2, 1),
        ("zebra", 0, 0),
    ]
    assert row["unmatched"] == ["zebra"]
    assert [one["title"] for one in row["examples"]] == ["The drone", "A robot drone", "A robot number e"]
    assert "Its noisiest term is `robot`: in 6 of 7, 5 of them by it alone." in reply.message.text
    assert "Nothing in 30 days had `zebra`." in reply.message.text
    assert "Most often by “robot” (6), “drone” (2)." in reply.message.text


async def test_a_story_fires_once(typist: Typist) -> None:
    first, other = new("Norrland raises millions"), new("Millions for Norrland")
    typist.holds(first, replace(other, item=replace(other.item, link_key=first.item.link_key)))
    (row,) = (await typist.type("watch test norrland")).rows
    assert (row["fired"], row["tested"]) == (1, 2)


async def test_terms_that_all_must_hold_have_no_noisiest(typist: Typist) -> None:
    typist.holds(new("Unitree sells a robot"), new("A robot"))
    (row,) = (await typist.type("watch test unitree robot -zebra")).rows
    assert (row["fired"], row["noisiest"], row["unmatched"]) == (1, None, [])
    assert [(one["term"], one["items"]) for one in row["terms"]] == [("unitree", 1), ("robot", 2)]


async def test_terms_inside_groups_are_weighed_too(typist: Typist) -> None:
    typist.holds(new("Unitree robot"), new("Unitree drone"), new("Unitree robot drone"))
    (row,) = (await typist.type("watch test company:unitree (robot OR drone)")).rows
    assert [(one["term"], one["fired"], one["only"]) for one in row["terms"]] == [
        ("company:unitree", 3, None),
        ("robot", 2, 1),
        ("drone", 2, 1),
    ]


async def test_a_single_term_is_its_own_noise(typist: Typist) -> None:
    typist.holds(new("A robot"))
    reply = await typist.type("watch test topic:robotics")
    assert reply.rows[0]["noisiest"] == {"term": "topic:robotics", "fired": 1, "only": 1, "items": 1}
    assert "noisiest" not in reply.message.text


async def test_a_test_looks_back_so_many_days(typist: Typist) -> None:
    typist.holds(old("A robot of May", 100), old("A robot of last week", 8), old("A robot of today", 0))
    by_days = {days: (await typist.type(f"watch test days={days} robot")).rows[0] for days in (1, 9, 200)}
    assert {days: (row["fired"], row["days"], round(row["covered"])) for days, row in by_days.items()} == {
        1: (1, 1, 0),
        9: (2, 9, 8),
        200: (3, 200, 100),
    }
    assert (
        "It would have fired 2 times in 9 days (2 items)."
        in (await typist.type("watch test days=9 robot")).message.text
    )
    shorter = (await typist.type("watch test days=30 robot")).message.text
    assert "It would have fired 2 times in the newest 2 items, of 8.0 days; at this rate about 7 in 30 days." in shorter


async def test_a_test_of_no_days_is_refused(typist: Typist) -> None:
    for days in ("0", "366", "x"):
        assert not (await typist.type(f"watch test days={days} robot")).ok


async def test_a_test_on_nothing_says_so(typist: Typist) -> None:
    reply = await typist.type("watch test robot")
    assert "Nothing of the last 30 days is stored" in reply.message.text
    assert reply.rows[0]["examples"] == []


async def test_a_watchlist_tells_at_once_or_once_a_day(typist: Typist) -> None:
    added = await typist.type("watch add robots digest robot")
    assert (added.rows[0]["mode"], added.rows[0]["query"]) == ("digest", "robot")
    assert "`robots`, in the daily digest: robot." in added.message.text
    listed = await typist.type("watch list")
    assert "robots, in the daily digest: robot" in listed.message.text
    switched = await typist.type("watch mode robots instant")
    assert (switched.rows[0]["mode"], switched.message.text) == ("instant", "`robots` tells at once from now on.")
    wrong = await typist.type("watch mode robots digset")
    assert "Did you mean `digest`?" in wrong.message.text


async def test_show_tells_what_was_learned(typist: Typist) -> None:
    await typist.type("watch add robots robot")
    shown = await typist.type("watch show robots")
    assert "Feedback: no verdicts yet" in shown.message.text
    assert (shown.rows[0]["verdicts"], shown.rows[0]["needs"]) == (0, 0.4)


async def test_a_name_must_be_one(typist: Typist) -> None:
    assert not (await typist.type(f"watch add {'x' * 61} robot")).ok
    assert not (await typist.type('watch add " " robot')).ok
