"""What people do in our own Slack over loopback: commands, buttons, forms, the App Home, the shortcut."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.chat.slack_app import SlackChat
from bot.model import Person, Place
from tests.chat.slack_bot import ALERT, C1, C2, NONCE, OWN, World, chat_of, running
from tests.fakes.slack_server import SlackServer, Trouble, broken, refused


async def test_a_command_is_acknowledged_and_answered_to_the_asker_alone(live: SlackServer, world: World) -> None:
    seen = await live.command("/wire news amount:>=50m “two words”", user="U2")
    assert seen.seconds < 0.5
    assert not seen.public
    assert (world.calls[-1].place, world.calls[-1].person) == (C1, Person("slack:T0/U2"))
    assert world.calls[-1].args == {"query": 'amount:>=50m "two words"'}


async def test_a_command_alone_is_help(live: SlackServer, world: World) -> None:
    await live.command("/wire", user="U2")
    assert world.calls[-1].path == ("help",)


async def test_a_change_of_a_channel_is_told_to_everybody_there(live: SlackServer) -> None:
    seen = await live.command("/wire watch add robots humanoid OR biped", user="U1")
    assert seen.public
    assert "Watching robots: humanoid OR biped" in seen.text.replace("\n", "")


async def test_in_direct_messages_the_place_is_the_person(live: SlackServer, world: World) -> None:
    seen = await live.command("/wire watch add robots humanoid", user="U2", channel="DM")
    assert world.calls[-1].place == OWN
    assert not seen.public


@pytest.mark.parametrize(
    ("user", "rights"), [("U1", "manager"), ("U5", "manager"), ("U2", "member"), ("U3", "guest"), ("U4", "guest")]
)
async def test_rights_are_those_in_the_workspace_and_asked_for_once(
    live: SlackServer, world: World, user: str, rights: str
) -> None:
    await live.command("/wire news a", user=user)
    await live.command("/wire news b", user=user)
    assert [call.rights for call in world.calls] == [rights, rights]
    assert len(live.called("users.info")) == 1
    world.now += timedelta(minutes=6)
    await live.command("/wire news c", user=user)
    assert len(live.called("users.info")) == 2


async def test_who_is_listed_manages(slack: SlackServer, world: World) -> None:
    async with running(slack, chat_of(slack, world, managers=["U2"])):
        await slack.command("/wire news", user="U2")
    assert world.calls[-1].rights == "manager"
    assert slack.called("users.info") == []


async def test_rights_that_cannot_be_asked_for_are_the_least(live: SlackServer, world: World) -> None:
    live.trouble("users.info", broken())
    await live.command("/wire news", user="U1")
    assert world.calls[-1].rights == "guest"


async def test_a_watchlist_for_a_channel_that_is_closed_to_the_bot_is_refused_in_time(
    live: SlackServer, world: World
) -> None:
    seen = await live.command("/wire watch add robots humanoid", user="U1", channel="C3")
    assert "/invite @Robowire" in seen.text
    assert world.calls == []


async def test_a_bug_is_answered_kindly_without_its_words(live: SlackServer, caplog: pytest.LogCaptureFixture) -> None:
    seen = await live.command("/wire broken", user="U2")
    assert "Something went wrong on my side" in seen.text
    assert "secret" not in seen.text
    assert "ZeroDivisionError" in caplog.text


async def test_a_long_answer_comes_in_a_few_messages(live: SlackServer) -> None:
    seen = await live.command("/wire long", user="U2")
    await live.wait_for(lambda: len(seen.shown) == 4)
    rows = re.findall(r"^row \d+", seen.text, re.MULTILINE)
    assert len(rows) > 100
    assert seen.text.endswith(f"… and {200 - len(rows)} more")


async def test_an_answer_that_slack_does_not_take_is_given_in_simpler_words(live: SlackServer) -> None:
    live.trouble("respond", Trouble(status=400, error="invalid_blocks"))
    seen = await live.command("/wire news", user="U2")
    assert "as member" in seen.text


async def test_an_answer_that_must_wait_is_given_after_so_long(live: SlackServer, world: World) -> None:
    live.trouble("respond", Trouble(status=429, error="rate_limited", retry_after=3))
    seen = await live.command("/wire news", user="U2")
    assert "as member" in seen.text
    assert world.slept == [3.0]


async def test_a_button_says_its_command_in_the_name_of_who_pressed_it(
    live: SlackServer, chat: SlackChat, world: World
) -> None:
    await chat.post(C1, ALERT, NONCE)
    alert = live.world.here("C1")[-1]
    seen = await live.press(alert, "Why", user="U3")
    assert (world.calls[-1].args, world.calls[-1].rights) == ({"alert": "https://news.example/1"}, "guest")
    assert not seen.public
    await live.press(alert, "a week", user="U2")
    assert world.calls[-1].args == {"alert": "2"}


async def test_a_command_that_lacks_its_arguments_opens_a_form(
    live: SlackServer, chat: SlackChat, world: World
) -> None:
    view = (await live.command("/wire watch add robots", user="U1")).view
    assert view.payload["title"]["text"] == "Watch add"
    seen = await live.submit(view, {"query": "a ((( b"})
    assert seen.errors == {"query": "a parenthesis is not closed"}
    seen = await live.submit(
        view, {"query": "humanoid", "topic": ["robotics", "physical ai"], "mode": "daily"}, silent=True
    )
    await live.message("C1")
    assert seen.errors == {}
    assert not view.open
    query = 'humanoid (topic:robotics OR topic:"physical ai")'
    assert world.calls[-1].args == {"name": "robots", "query": query, "mode": "daily"}
    assert world.calls[-1].place == C1
    await chat.close()
    assert ["Watching robots" in one.words.replace("\n", "") for one in live.world.here("C1")] == [True]


async def test_a_form_can_send_alerts_elsewhere(live: SlackServer, world: World) -> None:
    view = (await live.command("/wire watch add", user="U1")).view
    await live.submit(view, {"name": "a", "query": "b", "where": "C2"})
    assert "Watching a" in (await live.message("C2")).words.replace("\n", "")
    view = (await live.command("/wire watch add", user="U1")).view
    await live.submit(view, {"name": "a", "query": "b", "where": ""})
    assert [call.place for call in world.calls] == [C2, Place("slack:T0/@U1")]


async def test_a_form_says_below_its_field_that_a_channel_is_closed(live: SlackServer, world: World) -> None:
    view = (await live.command("/wire watch add a b:", user="U1", channel="C1")).views
    assert view == []
    form = (await live.command("/wire watch add", user="U1")).view
    seen = await live.submit(form, {"name": "a", "query": "b", "where": "C3"})
    assert "/invite @Robowire" in seen.errors["where"]


async def test_what_has_no_field_closes_the_form_and_is_told(live: SlackServer) -> None:
    view = (await live.command("/wire watch add", user="U2")).view
    seen = await live.submit(view, {"name": "a", "query": "b"}, silent=True)
    assert seen.errors == {}
    told = await live.wait_for(lambda: live.world.private("U2"))
    assert "manages this place" in told[-1].words


async def test_a_form_that_cannot_be_opened_leaves_the_words(live: SlackServer) -> None:
    live.trouble("views.open", refused("expired_trigger_id"))
    seen = await live.command("/wire watch add", user="U1")
    assert "missing. Usage: watch add NAME QUERY..." in seen.text


async def test_menus_suggest_what_was_typed(live: SlackServer, world: World) -> None:
    view = (await live.command("/wire watch remove", user="U1")).view
    assert await live.suggest(view, "name", "rob") == [("watchlist rob", "watchlist-rob")]
    assert world.asked == [("watchlist", "rob", C1, Person("slack:T0/U1"))]


async def test_a_menu_for_a_query_takes_what_was_typed_too(live: SlackServer) -> None:
    view = (await live.command("/wire follow", user="U2")).view
    found = await live.suggest(view, "what", "robot OR drone")
    assert [value for _, value in found] == ["entity-robot OR drone", "robot OR drone"]
    assert len(await live.suggest(view, "what", "")) == 1


async def test_the_home_shows_and_manages_subscriptions(live: SlackServer, world: World) -> None:
    home = await live.open_home("U2")
    assert "You follow robotics." in home.words
    await live.press(home, "Stop it", user="U2")
    await live.wait_for(lambda: home.versions > 1)
    assert (world.calls[-1].path, world.calls[-1].place) == (("watch", "remove"), OWN)
    assert world.homes == [Person("slack:T0/U2")] * 2
    assert "watch remove" in (await live.message("DU2")).words
    view = (await live.press(home, "Add a watchlist", user="U2")).view
    await live.submit(view, {"name": "a", "query": "b"})
    await live.message("DU2", 2)
    assert world.calls[-1].place == OWN


async def test_the_shortcut_explains_the_first_link_of_a_message(live: SlackServer, world: World) -> None:
    message = live.world.say("look: <https://news.example/2?a=1&amp;b=2|this>", "U2", "C1")
    seen = await live.shortcut(message, "why_link", user="U2")
    assert world.calls[-1].args == {"alert": "https://news.example/2?a=1&b=2"}
    await live.press(seen.shown[-1], "Follow story", user="U2")
    assert world.calls[-1].args == {"what": "story:7"}
    seen = await live.shortcut(live.world.say("nothing", "U2", "C1"), "why_link", user="U2")
    assert "no link in that message" in seen.text
