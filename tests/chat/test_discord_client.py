from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from discord.http import Route

from bot.chat.discord_client import DiscordChat
from bot.errors import BadConfig, ChatError, Gone, NeverAgain, TryAgain
from bot.message import Actions, Button, Card, Menu, Message, say
from bot.model import MessageRef, Place
from tests.chat.discord_people import People
from tests.chat.discord_stub import FORUM, TEXT, USER, Stub, serving

PLACE, IN_FORUM, OWN = Place(f"discord:5/{TEXT}"), Place(f"discord:5/{FORUM}"), Place("discord:@9")
ALERT = Message(
    "Story · https://example.com/story",
    (Card("Story", "https://example.com/story", body="It happened."), Actions((Button("Why", "why 1"),))),
    "news",
)
MESSAGES = f"/channels/{TEXT}/messages"


@pytest.fixture
async def stub(discord_as_it_was: None) -> AsyncIterator[Stub]:
    async with serving() as one:
        yield one


@dataclass
class Running:
    chat: DiscordChat
    people: People
    waits: list[float]


@asynccontextmanager
async def running(stub: Stub, people: People | None = None) -> AsyncIterator[Running]:
    people = people or People()
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    chat = DiscordChat(
        people.front(), token="t", api_url=f"{stub.url}/api", remember=(people.get, people.set), pause=pause
    )
    job = asyncio.create_task(chat.run())
    seen = len(stub.identified)
    await stub.until(lambda: len(stub.identified) > seen or job.done())
    try:
        yield Running(chat, people, waits)
    finally:
        await chat.close()
        await asyncio.wait_for(job, 10)


# -- starting ----------------------------------------------------------------------------------------------------------


async def test_it_asks_for_servers_alone(stub: Stub) -> None:
    async with running(stub):
        pass
    assert [one["intents"] for one in stub.identified] == [1]


async def test_commands_are_told_once_and_again_only_when_they_change(stub: Stub) -> None:
    people = People()
    for _ in range(2):
        async with running(stub, people):
            pass
    told = stub.sent("PUT", "/applications/2/commands")
    assert [one["name"] for one in told[0]] == ["wire", "Why this alert"]
    assert len(told) == 1
    people.kept["discord.commands"] = "2:another"
    async with running(stub, people):
        pass
    assert len(stub.sent("PUT", "/applications/2/commands")) == 2


async def test_a_token_that_is_not_accepted_is_a_fault_of_the_configuration(stub: Stub) -> None:
    stub.refuse("GET", "/users/@me", 401)
    people = People()
    chat = DiscordChat(people.front(), token="t", api_url=f"{stub.url}/api", remember=(people.get, people.set))
    with pytest.raises(BadConfig, match="DISCORD_TOKEN"):
        await chat.run()


async def test_a_server_that_is_away_at_the_start_is_tried_again(stub: Stub) -> None:
    stub.refuse("GET", "/users/@me", 503)
    async with running(stub) as bot:
        assert bot.waits == [5.0]


async def test_an_event_that_cannot_be_read_makes_it_connect_again(stub: Stub) -> None:
    async with running(stub) as bot:
        await stub.dispatch("GUILD_CREATE", {})
        await stub.until(lambda: len(stub.identified) == 2)
        await bot.chat.post(PLACE, ALERT, "n1")
    assert len(stub.sent("POST", MESSAGES)) == 1
    assert bot.waits == [5.0]


# -- the port ----------------------------------------------------------------------------------------------------------


async def test_a_message_is_posted_with_its_nonce_and_mentions_nobody(stub: Stub) -> None:
    async with running(stub) as bot:
        ref = await bot.chat.post(PLACE, ALERT, "n1")
        await bot.chat.post(PLACE, say("x"), "a nonce that is longer than Discord takes")
    first, second = stub.sent("POST", MESSAGES)
    assert (first["nonce"], first["enforce_nonce"], first["allowed_mentions"]) == ("n1", True, {"parse": []})
    assert first["embeds"][0]["title"] == "Story"
    assert len(second["nonce"]) <= 25
    assert ref.place == PLACE
    assert ref.id.startswith(f"{TEXT}/")


async def test_a_message_is_edited(stub: Stub) -> None:
    async with running(stub) as bot:
        await bot.chat.edit(MessageRef(PLACE, f"{TEXT}/55"), say("new"))
    [body] = stub.sent("PATCH", f"{MESSAGES}/55")
    assert (body["content"], body["embeds"], body["components"]) == ("new", [], [])


async def test_a_direct_message_opens_its_channel_once(stub: Stub) -> None:
    async with running(stub) as bot:
        ref = await bot.chat.post(OWN, say("x"), "n1")
        await bot.chat.post(OWN, say("answer"), "n2", thread=ref)
    assert stub.sent("POST", "/users/@me/channels") == [{"recipient_id": "9"}]
    assert stub.sent("POST", "/channels/3/messages")[1]["message_reference"]["message_id"] == ref.id.partition("/")[2]


async def test_an_answer_goes_into_a_thread_named_after_the_headline_that_is_begun_once(stub: Stub) -> None:
    async with running(stub) as bot:
        ref = await bot.chat.post(PLACE, ALERT, "n1")
        number = ref.id.partition("/")[2]
        answer = await bot.chat.post(PLACE, say("Another outlet"), "n2", thread=ref)
        stub.refuse("POST", f"{MESSAGES}/{number}/threads", 400, 160004)
        await bot.chat.post(PLACE, say("One more"), "n3", thread=ref)
    assert stub.sent("POST", f"{MESSAGES}/{number}/threads") == [{"name": "Story"}] * 2
    assert [one["content"] for one in stub.sent("POST", f"/channels/{number}/messages")] == [
        "Another outlet",
        "One more",
    ]
    assert answer.id.startswith(f"{number}/")


async def test_where_no_thread_may_be_begun_an_answer_quotes_the_message(stub: Stub) -> None:
    stub.refuse("POST", f"{MESSAGES}/55/threads", 403, 50013)
    async with running(stub) as bot:
        await bot.chat.post(PLACE, say("x"), "n1", thread=MessageRef(PLACE, f"{TEXT}/55"))
    [body] = stub.sent("POST", MESSAGES)
    assert body["message_reference"] == {"message_id": "55", "fail_if_not_exists": False}


async def test_in_a_forum_an_alert_is_a_post_with_a_tag_and_answers_go_into_it(stub: Stub) -> None:
    async with running(stub) as bot:
        await stub.interact(2, option("why"))  # by then the servers are known
        ref = await bot.chat.post(IN_FORUM, ALERT, "n1")
        channel = ref.id.partition("/")[0]
        await bot.chat.post(IN_FORUM, say("more"), "n2", thread=ref)
    [begun] = stub.sent("POST", f"/channels/{FORUM}/threads")
    assert (begun["name"], begun["applied_tags"]) == ("Story", ["77"])
    assert begun["message"]["embeds"][0]["title"] == "Story"
    assert ref.id == f"{channel}/{channel}"
    assert [one["content"] for one in stub.sent("POST", f"/channels/{channel}/messages")] == ["more"]


async def test_a_channel_that_turns_out_to_be_a_forum_gets_a_post(stub: Stub) -> None:
    stub.refuse("POST", MESSAGES, 400, 50008)
    async with running(stub) as bot:
        await bot.chat.post(PLACE, ALERT, "n1")
    assert len(stub.sent("POST", f"/channels/{TEXT}/threads")) == 1


async def test_an_answer_to_a_thread_that_is_gone_is_posted_anew(stub: Stub) -> None:
    stub.refuse("POST", "/channels/55/messages", 404, 10003)
    async with running(stub) as bot:
        ref = await bot.chat.post(PLACE, say("x"), "n1", thread=MessageRef(PLACE, f"{TEXT}/55"))
    assert ref.id.startswith(f"{TEXT}/")


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [(403, 50001, NeverAgain), (404, 10003, NeverAgain), (503, 0, TryAgain), (501, 0, ChatError)],
)
async def test_refusals_become_our_errors(stub: Stub, status: int, code: int, expected: type[Exception]) -> None:
    stub.refuse("POST", MESSAGES, status, code)
    async with running(stub) as bot:
        with pytest.raises(expected) as caught:
            await bot.chat.post(PLACE, ALERT, "n1")
    assert type(caught.value) is expected


async def test_a_long_wait_is_left_to_the_deliverer(stub: Stub) -> None:
    stub.refuse("POST", MESSAGES, 429, 0, Via="1.1 x", Retry_After="90")
    async with running(stub) as bot:
        with pytest.raises(TryAgain) as caught:
            await bot.chat.post(PLACE, ALERT, "n1")
    assert caught.value.after == 90.0


async def test_a_message_that_discord_does_not_take_is_posted_as_plain_text(stub: Stub) -> None:
    stub.refuse("POST", MESSAGES, 400, 50035)
    stub.refuse("POST", MESSAGES, 403, 240000)
    async with running(stub) as bot:
        await bot.chat.post(PLACE, ALERT, "n1")
    made, plain, last = stub.sent("POST", MESSAGES)
    assert (len(made["embeds"]), plain["embeds"]) == (1, [])
    assert "did not take the text" in last["content"]


async def test_an_edit_of_a_message_that_is_gone_says_so(stub: Stub) -> None:
    stub.refuse("PATCH", f"{MESSAGES}/55", 404, 10008)
    stub.refuse("PATCH", "/channels/66/messages/67", 404, 10003)
    async with running(stub) as bot:
        for ref in (f"{TEXT}/55", "66/67"):
            with pytest.raises(Gone):
                await bot.chat.edit(MessageRef(PLACE, ref), ALERT)


async def test_an_answer_that_is_lost_leaves_open_whether_it_was_posted(stub: Stub) -> None:
    stub.refuse("POST", MESSAGES, 0)
    async with running(stub) as bot:
        with pytest.raises(ChatError) as caught:
            await bot.chat.post(PLACE, ALERT, "n1")
        assert type(caught.value) is ChatError
        assert await bot.chat.find(PLACE, "n1") is None
        await bot.chat.post(PLACE, ALERT, "n1")
    assert [one["nonce"] for one in stub.sent("POST", MESSAGES)] == ["n1", "n1"]


async def test_a_server_that_cannot_be_reached_got_nothing(stub: Stub) -> None:
    async with running(stub) as bot:
        await bot.chat.post(PLACE, ALERT, "n1")
        Route.BASE = "http://127.0.0.1:1"
        with pytest.raises(TryAgain):
            await bot.chat.post(PLACE, ALERT, "n2")


# -- what people do ----------------------------------------------------------------------------------------------------


def option(*names: str, **values: Any) -> dict[str, Any]:
    options: list[dict[str, Any]] = [{"type": 3, "name": key, "value": value} for key, value in values.items()]
    for number, name in enumerate(reversed(names)):
        options = [{"type": 2 if number else 1, "name": name, "options": options}]
    return {"id": "4", "name": "wire", "type": 1, "options": options}


async def test_a_slash_command_is_answered(stub: Stub) -> None:
    async with running(stub) as bot:
        path = await stub.interact(2, option("watch", "add", name="robots", query="robot"))
    [answer] = stub.sent("POST", path)
    assert (answer["type"], answer["data"]["content"]) == (4, "did watch add")
    call = bot.people.calls[0]
    assert (call.place, call.person, call.rights) == (PLACE, "discord:5/9", "manager")


async def test_after_a_broken_connection_it_goes_on(stub: Stub) -> None:
    async with running(stub) as bot:
        await stub.drop()
        await stub.until(lambda: stub.resumed == 1)
        await stub.interact(2, option("why"))
    assert len(bot.people.calls) == 1
    assert len(stub.identified) == 1


async def test_a_direct_message_is_the_persons_own(stub: Stub) -> None:
    direct = {"id": "3", "type": 1, "recipients": [USER]}
    async with running(stub) as bot:
        await stub.interact(2, option("why"), guild_id=None, member=None, user=USER, channel=direct, context=1)
    assert (bot.people.calls[0].place, bot.people.calls[0].person) == (OWN, "discord:/9")


async def test_typing_is_met_with_suggestions(stub: Stub) -> None:
    data = option("watch", "remove", name="ro")
    data["options"][0]["options"][0]["options"][0]["focused"] = True
    async with running(stub):
        path = await stub.interact(4, data)
    [answer] = stub.sent("POST", path)
    assert (answer["type"], len(answer["data"]["choices"])) == (8, 25)


async def test_a_bare_command_opens_a_form_and_the_form_gives_the_command(stub: Stub) -> None:
    async with running(stub) as bot:
        path = await stub.interact(2, option("watch", "add"))
        modal = stub.sent("POST", path)[0]["data"]
        answers = [{"type": 18, "component": {"type": 4, "custom_id": n, "value": n}} for n in ("name", "query")]
        await stub.interact(5, {"custom_id": modal["custom_id"], "components": answers})
    assert bot.people.calls[0].args == {"name": "name", "query": "query"}


def message(posted: dict[str, Any]) -> dict[str, Any]:
    """A posted message as Discord gives it back."""
    return {
        "id": "55",
        "type": 0,
        "channel_id": TEXT,
        "author": USER,
        "content": posted["content"],
        "embeds": [{"type": "rich", **one} for one in posted["embeds"]],
        "components": posted["components"],
        "attachments": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "flags": 0,
    }


async def test_buttons_and_menus_of_before_a_restart_work(stub: Stub) -> None:
    people = People()
    link = "https://example.com/" + "a" * 150
    actions = Actions(
        (Button("Why", f"why {link}"), Button("News", "news " + "robot " * 30), Menu("More", (("One", "news one"),)))
    )
    async with running(stub, people) as bot:
        await bot.chat.post(PLACE, Message("x", (Card("Story", link, body="b"), actions)), "n1")
    [posted] = stub.sent("POST", MESSAGES)
    why, news = posted["components"][0]["components"]
    menu = posted["components"][1]["components"][0]
    async with running(stub, people):
        for one, more in ((why, {}), (news, {}), (menu, {"values": [menu["options"][0]["value"]]})):
            data = {"custom_id": one["custom_id"], "component_type": one["type"], **more}
            await stub.interact(3, data, message=message(posted))
    assert [call.args for call in people.calls] == [
        {"alert": link},
        {"query": ("robot " * 30).strip()},
        {"query": "one"},
    ]


async def test_the_menu_of_a_message_explains_it(stub: Stub) -> None:
    resolved = {"messages": {"55": {"embeds": [{"url": "https://example.com/story"}]}}}
    async with running(stub) as bot:
        await stub.interact(
            2, {"id": "4", "name": "Why this alert", "type": 3, "target_id": "55", "resolved": resolved}
        )
    assert bot.people.calls[0].args == {"alert": "https://example.com/story"}


async def test_in_a_thread_that_the_bot_began_its_channel_is_meant(stub: Stub) -> None:
    metadata = {
        "archived": False,
        "auto_archive_duration": 60,
        "archive_timestamp": "2026-01-01T00:00:00+00:00",
        "locked": False,
    }
    thread = {"id": "55", "type": 11, "guild_id": "5", "parent_id": TEXT, "name": "Story", "thread_metadata": metadata}
    thread |= {"message_count": 1, "member_count": 1}
    async with running(stub) as bot:
        for owner in ("1", "9"):
            await stub.interact(2, option("why"), channel={**thread, "owner_id": owner})
    assert [call.place for call in bot.people.calls] == [PLACE, "discord:5/55"]


async def test_an_outage_of_a_server_deletes_nothing_and_leaving_it_does(stub: Stub) -> None:
    async with running(stub) as bot:
        await stub.dispatch("GUILD_DELETE", {"id": "5", "unavailable": True})
        await stub.interact(2, option("why"))
        assert bot.people.gone == []
        bot.people.heard.clear()
        await stub.dispatch("GUILD_DELETE", {"id": "5"})
        await asyncio.wait_for(bot.people.heard.wait(), 5)
        assert bot.people.gone == ["discord:5"]


async def test_a_channel_that_is_deleted_is_left(stub: Stub) -> None:
    async with running(stub) as bot:
        await stub.interact(2, option("why"))
        bot.people.heard.clear()
        await stub.dispatch("CHANNEL_DELETE", {"id": TEXT, "guild_id": "5", "type": 0})
        await asyncio.wait_for(bot.people.heard.wait(), 5)
        assert bot.people.gone == [PLACE]


def test_nothing_but_servers_is_listened_to() -> None:
    assert discord.Intents(guilds=True).value == 1
