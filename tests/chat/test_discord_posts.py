"""Posts, threads and edits in our own Discord over loopback: what goes where, and what happens when it may not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.chat.discord_client import DiscordChat
from bot.errors import ChatError, Gone, NeverAgain, Revoked, TryAgain
from bot.message import Actions, Button, Card, Message, say
from bot.model import MessageRef, Place
from tests.chat.discord_people import People
from tests.fakes.discord_server import (
    EDIT,
    LAB,
    POST,
    DiscordServer,
    Shown,
    Trouble,
    broken,
    limited,
    lost,
    refused,
)
from tests.fakes.discord_state import bits

THREADS = "POST /channels/*/messages/*/threads"
OPENED = "PATCH /channels/*"
STORY = "https://news.example/walk"
ALERT = Message(
    f"Robots walk · Outlet · {STORY}",
    (Card("Robots *walk*", STORY, "🤖", "Outlet", "They do.", spans=((0, 6),)), Actions((Button("Why", "why 1"),))),
    "news",
)
MORE = say("Another outlet has the sum")


@dataclass
class Bot:
    """The bot in our Discord."""

    discord: DiscordServer
    chat: DiscordChat

    def place(self, channel: str) -> Place:
        return Place(f"discord:{LAB}/{self.discord.world.channel(channel).id}")

    def here(self, channel: str) -> list[Shown]:
        return self.discord.world.here(channel)

    def asked(self, what: str) -> int:
        return len(self.discord.called(what))


@pytest.fixture
async def bot(discord_as_it_was: None) -> AsyncIterator[Bot]:
    """At the end it has done nothing wrong."""
    people = People()
    async with DiscordServer() as discord:
        chat = people.chat_on(discord)
        job = asyncio.create_task(chat.run())
        await discord.ready()
        yield Bot(discord, chat)
        await chat.close()
        await asyncio.wait_for(job, 10)
        assert discord.faults == []


def reborn(bot: Bot) -> None:
    """Forget what only this process knows."""
    bot.chat._posts._headlines.clear()


# -- threads -----------------------------------------------------------------------------------------------------------


async def test_a_thread_has_the_name_of_its_headline_after_a_restart_too(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    reborn(bot)
    await bot.chat.post(bot.place("robots"), MORE, "n-2", thread=ref)
    [thread] = bot.discord.world.threads("robots")
    assert thread.name == "🤖 Robots *walk*"
    assert [one.content for one in bot.here(thread.id)] == [MORE.text]


async def test_where_it_may_not_look_back_the_thread_is_named_after_the_answer(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    reborn(bot)
    await bot.discord.permit("robots", bits("Read Message History"))
    await bot.chat.post(bot.place("robots"), MORE, "n-2", thread=ref)
    assert [one.name for one in bot.discord.world.threads("robots")] == [MORE.text]


async def test_an_edit_keeps_the_name_for_the_thread_in_mind(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    reborn(bot)
    await bot.chat.edit(ref, Message("x", (Card("Robots run"),), "news"))
    await bot.chat.post(bot.place("robots"), MORE, "n-2", thread=ref)
    assert [one.name for one in bot.discord.world.threads("robots")] == ["Robots run"]


async def test_a_thread_that_was_closed_for_its_age_is_spoken_in_again(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    await bot.chat.post(bot.place("robots"), MORE, "n-2", thread=ref)
    [thread] = bot.discord.world.threads("robots")
    thread.archived = True
    await bot.chat.post(bot.place("robots"), say("and more"), "n-3", thread=ref)
    assert [one.content for one in bot.here(thread.id)] == [MORE.text, "and more"]
    assert not thread.archived


async def test_an_answer_to_a_locked_thread_quotes_the_message_in_its_channel(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    await bot.chat.post(bot.place("robots"), MORE, "n-2", thread=ref)
    bot.discord.world.threads("robots")[0].locked = True
    answer = await bot.chat.post(bot.place("robots"), say("and more"), "n-3", thread=ref)
    shown = bot.here("robots")[-1]
    assert answer.id.endswith(shown.id)
    assert shown.payload["message_reference"] == {"message_id": ref.id.partition("/")[2], "fail_if_not_exists": False}


async def test_where_it_may_not_speak_in_threads_an_answer_quotes_the_message(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    await bot.discord.permit("robots", bits("Send Messages in Threads"))
    await bot.chat.post(bot.place("robots"), MORE, "n-2", thread=ref)
    assert bot.here("robots")[-1].payload["message_reference"]["message_id"] == ref.id.partition("/")[2]


async def test_where_it_may_neither_begin_threads_nor_quote_an_answer_is_a_message_like_any_other(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("plain"), ALERT, "n-1")
    await bot.discord.permit("plain", bits("Create Public Threads", "Read Message History"))
    await bot.chat.post(bot.place("plain"), MORE, "n-2", thread=ref)
    assert [one.content for one in bot.here("plain")][1:] == [MORE.text]
    assert "message_reference" not in bot.here("plain")[-1].payload


async def test_an_answer_to_a_deleted_message_is_a_message_like_any_other(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    bot.here("robots")[0].gone = True
    await bot.chat.post(bot.place("robots"), MORE, "n-2", thread=ref)
    assert [one.content for one in bot.here("robots")] == [MORE.text]


async def test_an_answer_to_a_deleted_post_of_a_forum_is_a_post_of_its_own(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("forum"), ALERT, "n-1")
    [post] = bot.discord.world.threads("forum")
    await bot.discord.remove(post.id)
    await bot.chat.post(bot.place("forum"), MORE, "n-2", thread=ref)
    assert [one.name for one in bot.discord.world.threads("forum")] == [MORE.text]


async def test_where_it_may_not_speak_at_all_the_place_is_given_up(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    await bot.discord.permit("robots", bits("Send Messages in Threads", "Send Messages"))
    with pytest.raises(NeverAgain):
        await bot.chat.post(bot.place("robots"), MORE, "n-2", thread=ref)


# -- delivery ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [lost(), broken(501, accepted=True)])
async def test_a_message_whose_answer_was_lost_is_posted_again_with_its_nonce_and_stands_there_once(
    bot: Bot, trouble: Trouble
) -> None:
    bot.discord.trouble(POST, trouble)
    with pytest.raises(ChatError) as caught:
        await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    assert type(caught.value) is ChatError
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    assert [ref.id.partition("/")[2]] == [one.id for one in bot.here("robots")]
    assert [call.payload["nonce"] for call in bot.discord.called(POST, "robots")] == ["n-1", "n-1"]


@pytest.mark.parametrize(
    ("status", "code"), [(404, 10003), (404, 10004), (403, 50001), (403, 50013), (403, 50007), (400, 50033)]
)
async def test_a_dead_place_is_given_up_after_one_answer_and_others_are_not(bot: Bot, status: int, code: int) -> None:
    bot.discord.trouble(POST, refused(status, code, "robots"))
    with pytest.raises(NeverAgain):
        await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    assert len(bot.discord.called(POST, "robots")) == 1
    await bot.chat.post(bot.place("deals"), ALERT, "n-2")


async def test_a_long_wait_is_asked_of_its_channel_alone(bot: Bot) -> None:
    bot.discord.trouble(POST, limited(45, "robots"))
    with pytest.raises(TryAgain) as caught:
        await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    assert caught.value.after == 45
    assert len(bot.discord.called(POST, "robots")) == 1
    await bot.chat.post(bot.place("deals"), ALERT, "n-2")


async def test_a_token_that_is_refused_ends_no_place(bot: Bot) -> None:
    token, bot.discord.token = bot.discord.token, "another"
    with pytest.raises(Revoked) as caught:
        await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    assert caught.value.after == 300
    bot.discord.token = token
    await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    assert len(bot.here("robots")) == 1


async def test_a_token_that_is_revoked_while_it_runs_ends_discord_and_not_the_bot(discord_as_it_was: None) -> None:
    people = People()
    async with DiscordServer() as discord:
        remember = (people.get, people.set)
        chat = DiscordChat(
            people.front(),
            token=discord.token,
            api_url=discord.api_url,
            gateway_url=discord.gateway_url,
            remember=remember,
        )
        job = asyncio.create_task(chat.run())
        await discord.ready()
        await chat.ready.wait()
        await discord.gateway.drop(code=4004)
        with pytest.raises(NeverAgain, match="DISCORD_TOKEN"):
            await asyncio.wait_for(job, 10)
        asked = len(discord.calls)
        with pytest.raises(Revoked):
            await chat.post(Place(f"discord:{LAB}/{discord.world.channel('robots').id}"), ALERT, "n-1")
        assert len(discord.calls) == asked
        await chat.close()


# -- edits -------------------------------------------------------------------------------------------------------------


async def test_a_post_of_a_forum_that_was_closed_for_its_age_is_opened_to_be_edited(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("forum"), ALERT, "n-1")
    [post] = bot.discord.world.threads("forum")
    post.archived = True
    await bot.chat.edit(ref, say("Two outlets say so"))
    assert [one.content for one in bot.here(post.id)] == ["Two outlets say so"]
    assert bot.asked(OPENED) == 1


async def test_a_post_that_was_locked_is_left_alone_and_its_forum_is_well(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("forum"), ALERT, "n-1")
    [post] = bot.discord.world.threads("forum")
    post.archived = post.locked = True
    with pytest.raises(Gone):
        await bot.chat.edit(ref, say("Two outlets say so"))
    await bot.chat.post(bot.place("forum"), MORE, "n-2")


async def test_an_edit_in_direct_messages_that_are_closed_now_says_nothing_of_the_place(bot: Bot) -> None:
    own = Place(f"discord:@{bot.discord.world.person('bo').id}")
    ref = await bot.chat.post(own, ALERT, "n-1")
    bot.discord.trouble(EDIT, refused(403, 50007))
    with pytest.raises(Gone):
        await bot.chat.edit(ref, MORE)


async def test_an_edit_that_changes_nothing_asks_nobody(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    await bot.chat.edit(ref, ALERT)
    assert bot.asked(EDIT) == 0
    for _ in range(2):
        await bot.chat.edit(ref, MORE)
    assert bot.asked(EDIT) == 1


async def test_an_edit_that_discord_does_not_take_leaves_the_alert_as_it_is(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    bot.discord.trouble(EDIT, refused(400, 50035))
    await bot.chat.edit(ref, MORE)
    [shown] = bot.here("robots")
    assert (shown.edits, len(shown.embeds), shown.buttons()) == (0, 1, ["Why"])


async def test_an_edit_whose_answer_was_lost_is_done_again_and_a_wait_is_told(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    for trouble, after in ((lost(), 5.0), (limited(45), 45.0)):
        bot.discord.trouble(EDIT, trouble)
        with pytest.raises(TryAgain) as caught:
            await bot.chat.edit(ref, say(f"new after {after}"))
        assert caught.value.after == after


async def test_a_message_is_edited_where_it_was_posted_in_an_earlier_life(bot: Bot) -> None:
    ref = await bot.chat.post(bot.place("robots"), ALERT, "n-1")
    await bot.chat.edit(MessageRef(ref.place, ref.id), MORE)
    assert [one.content for one in bot.here("robots")] == [MORE.text]
    assert bot.asked(POST) == 1
