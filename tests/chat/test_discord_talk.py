from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.chat import discord_rights as means
from bot.chat.discord_talk import Heard, Talk
from bot.errors import ChatError, Gone, NeverAgain, Revoked, TryAgain
from bot.model import Person, Place, own_place
from tests.chat.discord_people import Kept, People

ALL = sum(means.NEEDED.values()) + sum(means.THREADS.values())
HERE = Heard("command", {}, Place("discord:5/7"), Person("discord:5/9"), "manager", 5, ALL)
EPHEMERAL = 64


def talk(people: People, at_once: float = 5.0) -> Talk:
    return Talk(people.front(), (people.get, people.set), at_once)


def given(heard: Heard, *names: str, **values: Any) -> Heard:
    options: list[dict[str, Any]] = []
    for key, value in values.items():
        options.append({"type": 7 if key == "channel" else 3, "name": key, "value": value})
    for number, name in enumerate(reversed(names)):
        options = [{"type": 2 if number else 1, "name": name, "options": options}]
    channels = {values["channel"]: {"permissions": str(ALL)}} if "channel" in values else {}
    return replace(heard, data={"options": options, "resolved": {"channels": channels}})


def words(body: dict[str, Any]) -> str:
    return " ".join([body["content"], *(embed.get("description", "") for embed in body["embeds"])]).strip()


async def said(people: People, heard: Heard, wire: Kept | None = None) -> list[tuple[str, Any]]:
    wire = wire or Kept()
    await talk(people).hear(heard, wire)
    return wire.sent


# -- commands ----------------------------------------------------------------------------------------------------------


async def test_a_lookup_is_answered_to_who_asked_alone() -> None:
    people = People()
    [(kind, body)] = await said(people, given(HERE, "why", alert="2"))
    assert (kind, words(body), body["flags"]) == ("4", "did why", EPHEMERAL)
    assert (people.calls[0].args, people.calls[0].place) == ({"alert": "2"}, HERE.place)


async def test_a_change_is_said_to_everybody() -> None:
    [(kind, body)] = await said(People(), given(HERE, "watch", "add", name="robots", query="robot"))
    assert (kind, words(body)) == ("4", "did watch add")
    assert "flags" not in body


async def test_a_member_changes_nothing_in_a_server_and_is_not_asked_to_fill_in_a_form() -> None:
    people = People()
    [(kind, body)] = await said(people, given(replace(HERE, rights="member"), "watch", "add"))
    assert (kind, body["flags"]) == ("4", EPHEMERAL)
    assert "manages this place" in words(body)
    assert people.calls == []


async def test_in_direct_messages_everything_is_the_persons_own() -> None:
    people, person = People(), means.person_of(None, 9)
    heard = replace(HERE, place=own_place(person), person=person, guild=None, permissions=0)
    await said(people, given(heard, "watch", "add", name="robots", query="robot"))
    assert [call.place for call in people.calls] == [Place("discord:@9")]


async def test_a_personal_command_works_where_nothing_else_may_be_changed() -> None:
    people = People()
    await said(people, given(replace(HERE, rights="member", permissions=0, stranger=True), "follow", query="robot"))
    assert [call.place for call in people.calls] == [Place("discord:@9")]


async def test_watching_where_the_bot_may_not_post_names_what_is_missing() -> None:
    people = People()
    lacking = ALL & ~means.NEEDED["Embed Links"] & ~means.THREADS["Create Public Threads"]
    [(_, body)] = await said(people, given(replace(HERE, permissions=lacking), "watch", "add", name="a", query="b"))
    assert "the permissions Embed Links and Create Public Threads are missing" in words(body)
    assert people.calls == []


async def test_another_channel_is_checked_for_itself() -> None:
    people = People()
    heard = given(replace(HERE, permissions=0), "watch", "add", name="a", query="b", channel="8")
    await said(people, heard, Kept(elsewhere=(ALL, False)))
    assert [call.place for call in people.calls] == [Place("discord:5/8")]
    [(_, body)] = await said(people, heard, Kept(elsewhere=(0, False)))
    assert "View Channels" in words(body)


async def test_of_a_channel_that_somebody_cannot_see_they_hear_nothing() -> None:
    people = People()
    looked = given(HERE, "watch", "list", channel="8")
    unseen: list[dict[str, Any]] = [{}, {"8": {"permissions": str(ALL & ~means.NEEDED["View Channels"])}}]
    for channels in unseen:
        resolved = {"resolved": {"channels": channels}}
        [(_, body)] = await said(people, replace(looked, data={**looked.data, **resolved}))
        assert "You cannot see that channel" in words(body)
    assert people.calls == []


async def test_names_of_another_channels_watchlists_are_suggested_to_who_manages_the_server_alone() -> None:
    people = People()
    options = [{"type": 3, "name": "name", "value": "r", "focused": True}, {"type": 7, "name": "channel", "value": "8"}]
    data = {"options": [{"type": 2, "name": "watch", "options": [{"type": 1, "name": "remove", "options": options}]}]}
    for rights in ("manager", "member"):
        await said(people, replace(HERE, kind="typing", data=data, rights=rights))
    assert [place for _, _, place, _ in people.asked] == ["discord:5/8", "discord:@9"]


async def test_in_a_server_that_it_is_no_member_of_the_bot_says_so() -> None:
    people = People()
    [(_, body)] = await said(people, given(replace(HERE, stranger=True), "watch", "add", name="a", query="b"))
    assert "not a member of this server" in words(body)
    assert people.calls == []


async def test_the_overview_of_a_person_is_a_command() -> None:
    [(_, body)] = await said(People(), given(HERE, "home"))
    assert words(body) == "home of discord:5/9"


async def test_an_unexpected_error_is_told_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    [(_, body)] = await said(People(), given(HERE, "break"))
    assert "went wrong" in words(body)
    assert "secret" not in json.dumps(body)
    assert "the secret inside" in caplog.text


async def test_a_command_that_is_gone_is_answered_kindly() -> None:
    [(_, body)] = await said(People(), given(HERE, "dance"))
    assert "has changed" in words(body)


# -- time --------------------------------------------------------------------------------------------------------------


async def test_what_takes_long_shows_that_it_is_thought_about() -> None:
    people, wire = People(), Kept()
    task = asyncio.create_task(talk(people, 0).hear(given(HERE, "wait"), wire))
    await people.heard.wait()
    people.go_on.set()
    await task
    assert [kind for kind, _ in wire.sent] == ["5", "replace"]
    assert wire.sent[0][1] == {"flags": EPHEMERAL}


async def test_a_late_answer_for_everybody_is_a_message_of_its_own() -> None:
    people, wire = People(), Kept()
    task = asyncio.create_task(talk(people, 0).hear(given(HERE, "watch", "wait"), wire))
    await people.heard.wait()
    people.go_on.set()
    await task
    assert [kind for kind, _ in wire.sent] == ["5", "replace", "add", "withdraw"]
    assert words(wire.sent[2][1]) == "did watch wait"


async def test_an_answer_whose_form_is_refused_is_given_as_plain_text() -> None:
    wire = Kept(refuse=1)
    sent = await said(People(), given(HERE, "news"), wire)
    assert [len(body["embeds"]) for _, body in sent] == [1, 0]


# -- forms -------------------------------------------------------------------------------------------------------------


async def test_a_bare_command_opens_its_form() -> None:
    people = People()
    [(kind, modal)] = await said(people, given(HERE, "watch", "add", name="robots"))
    assert (kind, modal["components"][0]["component"]["value"]) == ("9", "robots")
    assert people.calls == []


async def test_a_form_that_was_refused_can_be_opened_again_as_it_was() -> None:
    people = People()
    answers = [{"component": {"custom_id": "name", "value": "a"}}, {"component": {"custom_id": "query", "value": "("}}]
    form = replace(HERE, kind="form", data={"custom_id": "form::watch add", "components": answers})
    [(_, body)] = await said(people, form)
    assert "not closed" in words(body)
    key = body["components"][0]["components"][0]["custom_id"].removeprefix("again:")
    [(kind, modal)] = await said(people, replace(HERE, kind="again", said=key))
    assert (kind, [one["component"]["value"] for one in modal["components"]]) == ("9", ["a", "("])


async def test_a_form_that_is_not_kept_any_more_is_said_to_be() -> None:
    [(_, body)] = await said(People(), replace(HERE, kind="again", said="abc"))
    assert "not kept" in words(body)


# -- buttons, menus, typing --------------------------------------------------------------------------------------------


async def test_pressing_a_button_is_saying_its_command() -> None:
    people = People()
    await said(people, replace(HERE, kind="press", said="why ␟0", links=["https://example.com/a"]))
    await said(people, replace(HERE, kind="press", said="news limit=3 robot"))
    assert [call.args for call in people.calls] == [{"alert": "https://example.com/a"}, {"limit": 3, "query": "robot"}]


async def test_a_button_of_a_command_that_asks_for_more_opens_its_form() -> None:
    [(kind, _)] = await said(People(), replace(HERE, kind="press", said="watch add"))
    assert kind == "9"


async def test_a_button_that_is_not_known_any_more_is_answered_kindly() -> None:
    people = People()
    for words_said in ("#abc", "␟3", "dance", "news limit=x"):
        [(kind, body)] = await said(people, replace(HERE, kind="press", said=words_said))
        assert (kind, body["flags"]) == ("4", EPHEMERAL)
    assert people.calls == []


async def test_the_menu_of_a_message_explains_its_link() -> None:
    people = People()
    message = {"embeds": [{"url": "https://example.com/story"}]}
    data = {"target_id": "3", "resolved": {"messages": {"3": message}}}
    await said(people, replace(HERE, kind="message", data=data))
    assert people.calls[0].args == {"alert": "https://example.com/story"}
    [(_, body)] = await said(people, replace(HERE, kind="message", data={"target_id": "4"}))
    assert "no link" in words(body)


async def test_suggestions_are_for_the_place_and_at_most_25() -> None:
    people = People()
    options = [{"type": 3, "name": "name", "value": "ro", "focused": True}]
    data = {"options": [{"type": 2, "name": "watch", "options": [{"type": 1, "name": "remove", "options": options}]}]}
    [(kind, body)] = await said(people, replace(HERE, kind="typing", data=data))
    assert (kind, len(body["choices"]), body["choices"][0]) == ("8", 25, {"name": "ro0", "value": "ro0"})
    assert people.asked == [("watchlist", "ro", HERE.place, HERE.person)]


# -- rights and refusals -----------------------------------------------------------------------------------------------


def test_who_manages_the_server_manages_its_alerts() -> None:
    assert means.rights(means.MANAGE_GUILD) == means.rights(means.ADMINISTRATOR) == "manager"
    assert means.rights(ALL) == "member"


def test_a_person_in_direct_messages_has_the_same_place_as_in_a_server() -> None:
    assert own_place(means.person_of(None, 9)) == own_place(means.person_of(5, 9)) == Place("discord:@9")
    assert means.channel_of(Place("discord:@9")) == "9"
    assert means.channel_of(Place("discord:5/7")) == "7"


def test_inside_a_thread_other_permissions_count() -> None:
    assert means.missing(ALL & ~means.NEEDED["Send Messages"], thread=True) == []
    assert means.missing(ALL & ~means.THREADS["Send Messages in Threads"], thread=True) == ["Send Messages in Threads"]
    assert means.missing(means.ADMINISTRATOR, thread=False) == []


@pytest.mark.parametrize(
    ("status", "code", "after", "expected"),
    [
        (403, 50001, None, NeverAgain),
        (403, 50013, None, NeverAgain),
        (403, 50007, None, NeverAgain),
        (404, 10003, None, NeverAgain),
        (400, 50033, None, NeverAgain),
        (404, 10008, None, TryAgain),
        (429, 30046, 60.0, TryAgain),
        (400, 30046, None, TryAgain),
        (429, 0, 7.5, TryAgain),
        (503, 0, None, TryAgain),
        (401, 0, None, Revoked),
        (403, 0, None, TryAgain),
        (500, 0, None, ChatError),
        (504, 0, None, ChatError),
    ],
)
def test_refusals_mean_what_the_deliverer_needs(status: int, code: int, after: float | None, expected: type) -> None:
    error = means.refusal(status, code, after)
    assert type(error) is expected
    if isinstance(error, TryAgain) and after:
        assert error.after == after


@pytest.mark.parametrize(
    ("status", "code", "elsewhere", "expected"),
    [
        (404, 10008, False, Gone),
        (403, 50005, False, Gone),
        (400, 50083, True, Gone),
        (400, 160005, True, Gone),
        (404, 10003, True, Gone),
        (404, 10003, False, NeverAgain),
        (403, 50001, False, NeverAgain),
        (429, 0, False, TryAgain),
        (400, 30046, False, TryAgain),
        (500, 0, False, TryAgain),
        (503, 0, False, TryAgain),
    ],
)
def test_a_refused_edit_tells_the_message_from_its_place(
    status: int, code: int, elsewhere: bool, expected: type
) -> None:
    assert type(means.edit_refusal(status, code, None, elsewhere)) is expected


def test_only_the_form_of_a_message_is_a_reason_to_say_it_otherwise() -> None:
    assert [means.is_distasteful(400, code) for code in (50035, 240000, 50083, 30046, 160002, 50008)] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


# -- the docs ----------------------------------------------------------------------------------------------------------


def test_the_set_up_asks_for_just_the_permissions_that_are_checked() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "discord.md").read_text(encoding="utf-8")
    asked = dict(re.findall(r"^\| ([\w ]+) \| permission, (\d+) \|", text, re.MULTILINE))
    needed = {**means.NEEDED, **means.THREADS}
    assert {name: int(bit) for name, bit in asked.items()} == needed
    assert f"permissions={ALL}" in text
