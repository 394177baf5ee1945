"""How much one person and one place may have."""

from __future__ import annotations

import asyncio

import pytest

from bot.command import Reply
from bot.model import TERMINAL, Person, Place
from tests.commands.conftest import Typist
from tests.contract.makers import NOW

ANA, BEN = "slack:T0/U1", "slack:T0/U2"
C1, C2, DM = "slack:T0/C1", "slack:T0/C2", "slack:T0/@U1"


async def watch(typist: Typist, number: int, place: str = C1, person: str = ANA) -> Reply:
    return await typist.type(f"watch add n{number} robot", place, person)


async def poll(typist: Typist, number: int, place: str = C1, person: str = ANA) -> Reply:
    return await typist.type(f"feed add https://x.example/{number} unchecked", place, person)


# -- watchlists ----------------------------------------------------------------------------------------------------------


async def test_a_person_may_have_twenty_watchlists_wherever_they_are(typist: Typist) -> None:
    for number in range(20):
        assert (await watch(typist, number, (C1, C2, DM)[number % 3])).ok
    for place in (C1, C2, DM):
        more = await watch(typist, 99, place)
        assert (more.ok, "You have made 20 watchlists" in more.message.text) == (False, True)
    assert not (await typist.type("follow humanoid", C1, ANA)).ok
    assert (await watch(typist, 99, C1, BEN)).ok  # what others made counts for them
    assert (await typist.type("unfollow n2", DM, ANA)).ok
    assert (await watch(typist, 99, DM)).ok


async def test_one_person_on_discord_is_one_in_every_server(typist: Typist) -> None:
    typist = typist.limited(watchlists_per_person=2)
    assert (await watch(typist, 1, "discord:5/7", "discord:5/9")).ok
    assert (await watch(typist, 2, "discord:6/7", "discord:6/9")).ok
    assert not (await watch(typist, 3, "discord:@9", "discord:/9")).ok
    assert (await watch(typist, 3, "discord:5/7", "discord:5/19")).ok


async def test_what_belongs_to_nobody_counts_for_nobody(typist: Typist) -> None:
    typist = typist.limited(watchlists_per_person=1)
    with typist.store.write() as tx:
        for number in range(3):
            tx.watches.add(Place(C1), f"seed{number}", "robot", Person(""), NOW)
    assert [(await watch(typist, number)).ok for number in (1, 2)] == [True, False]


@pytest.mark.parametrize("limits", [{}, {"watchlists_per_person": 0, "feeds_per_channel": 0, "feeds_per_workspace": 0}])
async def test_the_terminal_and_no_limit_are_free(typist: Typist, limits: dict[str, int]) -> None:
    place, person = (C1, ANA) if limits else (TERMINAL, "terminal:owner")
    typist = typist.limited(**(limits or {"watchlists_per_person": 1, "feeds_per_channel": 1}))
    for number in range(30):
        assert (await watch(typist, number, place, person)).ok
        assert (await poll(typist, number, place, person)).ok


# -- feeds ---------------------------------------------------------------------------------------------------------------


async def test_a_feed_keeps_who_asked_for_it_and_where(typist: Typist) -> None:
    await poll(typist, 1)
    with typist.store.read() as tx:
        assert [(one.place, one.person) for one in tx.feeds.all()] == [(C1, ANA)]


async def test_a_channel_may_have_so_many_feeds_and_a_workspace_more(typist: Typist) -> None:
    typist = typist.limited(feeds_per_channel=3, feeds_per_workspace=5)
    assert [(await poll(typist, number)).ok for number in range(4)] == [True, True, True, False]
    full = (await poll(typist, 3)).message.text
    assert full.startswith("There is no room: this channel may have 3 feeds and had 3.")
    assert "`feed remove NUMBER` makes room" in full
    assert [(await poll(typist, number, C2)).ok for number in (10, 11, 12)] == [True, True, False]
    assert "this workspace may have 5 feeds and had 5." in (await poll(typist, 20, DM)).message.text
    assert (await poll(typist, 20, "slack:T01/C1", "slack:T01/U1")).ok  # another workspace
    assert (await typist.type("feed remove https://x.example/1", C1, ANA)).ok
    assert (await poll(typist, 3)).ok


async def test_feeds_that_came_with_the_program_count_for_nobody(typist: Typist) -> None:
    typist = typist.limited(feeds_per_channel=1, feeds_per_workspace=1)
    assert (await poll(typist, 1, TERMINAL, "terminal:owner")).ok
    assert (await poll(typist, 2)).ok


async def test_the_feeds_of_a_place_are_listed_apart(typist: Typist) -> None:
    await poll(typist, 1, C1)
    await poll(typist, 2, C2)
    listed = await typist.type("feed list here", C2, ANA)
    assert [row["url"] for row in listed.rows] == ["https://x.example/2"]
    assert (await typist.type("feed list here", DM, ANA)).message.text == "No such feeds."


async def test_an_import_adds_what_there_is_room_for_and_says_why_not_more(typist: Typist) -> None:
    typist = typist.limited(feeds_per_channel=4)
    rows = "".join(f'<outline xmlUrl="https://x.example/{number}"/>' for number in range(6))
    (typist.seeds / "feeds.opml").write_text(f"<opml><body>{rows}</body></opml>")
    await poll(typist, 0)
    reply = await typist.type("feed import seeds", C1, ANA)
    assert (reply.ok, len(reply.rows)) == (True, 3)
    assert reply.message.text.startswith(
        "3 feeds added, 1 were there already. 2 were left out: this channel may have 4 feeds and had 1."
    )
    with typist.store.read() as tx:
        assert {(one.place, one.person) for one in tx.feeds.all()} == {(C1, ANA)}
    again = await typist.type("feed import seeds", C1, ANA)
    assert (again.ok, "this channel may have 4 feeds and had 4" in again.message.text) == (False, True)
    assert (await typist.type("feed import seeds")).ok  # whoever runs the bot has no such limit


async def test_of_many_at_the_same_moment_just_as_many_as_there_is_room_for_succeed(typist: Typist) -> None:
    typist = typist.limited(watchlists_per_person=3, feeds_per_channel=3)
    lists = await asyncio.gather(*(watch(typist, number) for number in range(8)))
    feeds = await asyncio.gather(*(poll(typist, number) for number in range(8)))
    assert (sum(one.ok for one in lists), sum(one.ok for one in feeds)) == (3, 3)
