"""`watch card` and `watch preview`."""

from __future__ import annotations

import pytest

from bot.message import Card, Text
from tests.commands.conftest import Typist, new

SLACK, ANA = "slack:T0/C1", "slack:T0/U1"
ROBOTS = "A robot walks on the moon"


async def test_the_fields_of_a_watchlist_are_chosen_and_kept_in_their_order(typist: Typist) -> None:
    await typist.type("watch add robots robot")
    reply = await typist.type("watch card robots fields=why,time")
    assert reply.rows == ({"name": "robots", "fields": ["why", "time"], "mention": ""},)
    assert "show why, time, and mention nobody" in reply.message.text
    with typist.store.read() as tx:
        assert tx.watches.all()[0].template == "fields=why,time"
    again = await typist.type("watch card robots fields=default")
    assert "show everything" in again.message.text


async def test_a_mention_is_an_id_that_a_manager_gives(typist: Typist) -> None:
    await typist.type("watch add robots robot", SLACK, ANA)
    reply = await typist.type("watch card robots mention=<!subteam^S0123ABCD|@robotics>", SLACK, ANA)
    assert reply.rows[0]["mention"] == "S0123ABCD"
    refused = await typist.type("watch card robots mention=S0123ABCD", SLACK, "slack:T0/U2", "member")
    assert not refused.ok
    kept = await typist.type("watch card robots fields=deal", SLACK, ANA)
    assert kept.rows[0] == {"name": "robots", "fields": ["deal"], "mention": "S0123ABCD"}
    stopped = await typist.type("watch card robots mention=none", SLACK, ANA)
    assert stopped.rows[0]["mention"] == ""


@pytest.mark.parametrize(
    ("line", "field", "said"),
    [
        ("watch card robots fields=even,deal", "fields", "Did you mean `event`?"),
        ("watch card robots mention=@here", "mention", "Everybody at once"),
        ("watch card robots mention=@robotics-team", "mention", "`mention=S0123ABCD`"),
        ("watch card robots", "", "Say what to change"),
        ("watch card robot fields=deal", "", "Did you mean `robots`?"),
        ("watch preview robot", "", "Did you mean `robots`?"),
    ],
)
async def test_what_is_wrong_is_said_with_what_is_right(typist: Typist, line: str, field: str, said: str) -> None:
    await typist.type("watch add robots robot", SLACK, ANA)
    reply = await typist.type(line, SLACK, ANA)
    assert (reply.ok, reply.field) == (False, field)
    assert said in reply.message.text


async def test_a_preview_shows_the_latest_find_with_the_template(typist: Typist) -> None:
    typist.holds(new(ROBOTS))
    await typist.type("watch add robots robot", SLACK, ANA)
    await typist.type("watch card robots fields=why mention=S0123ABCD", SLACK, ANA)
    reply = await typist.type("watch preview robots", SLACK, ANA)
    card, called = reply.message.parts
    assert isinstance(card, Card)
    assert (card.headline, card.meta, card.image) == (ROBOTS, "", "")
    assert card.footer.startswith("robots — ")
    assert called == Text("It mentions S0123ABCD.")
    assert reply.message.mention == ""
    assert reply.rows[0]["title"] == ROBOTS


async def test_a_preview_of_a_watchlist_without_finds_says_so(typist: Typist) -> None:
    await typist.type("watch add robots robot")
    reply = await typist.type("watch preview robots")
    assert "has found nothing yet" in reply.message.text
