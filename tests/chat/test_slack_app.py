"""The shell of Slack against our own Slack over loopback: posts and their failures, events, connections, HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.chat.slack_app import SlackChat, watch
from bot.chat.slack_wire import GONE, REVOKED
from bot.errors import BadConfig, ChatError, Gone, NeverAgain, Revoked, TryAgain
from bot.message import Card, Message, say
from bot.model import MessageRef, Place
from bot.ports import Chat
from tests.chat.slack_bot import ALERT, C1, C2, NONCE, OWN, World, chat_of
from tests.fakes import slack_payloads
from tests.fakes.slack_http import Sender, Signed, sign, signed
from tests.fakes.slack_server import SlackServer, Trouble, broken, limited, lost, refused

# -- posting -------------------------------------------------------------------------------------------------------------


async def test_an_alert_is_posted_with_its_nonce_and_can_be_edited(slack: SlackServer, chat: SlackChat) -> None:
    port: Chat = chat
    ref = await port.post(C1, ALERT, NONCE)
    shown = slack.world.here("C1")[-1]
    assert ref == MessageRef(C1, f"C1:{shown.ts}")
    assert "Robots walk <!channel>" in shown.words
    assert shown.metadata == {"event_type": "robowire_alert", "event_payload": {"nonce": NONCE}}
    await chat.edit(ref, say("Two outlets say so"))
    assert slack.world.here("C1")[-1].words == "Two outlets say so"
    assert slack.faults == []


async def test_what_follows_goes_into_the_thread_and_a_lost_thread_is_no_reason_to_be_silent(
    slack: SlackServer, chat: SlackChat
) -> None:
    ref = await chat.post(C1, ALERT, NONCE)
    await chat.post(C1, say("closed"), "n-2", thread=ref)
    assert slack.world.here("C1")[-1].thread == ref.id.removeprefix("C1:")
    assert "reply_broadcast" not in slack.called("chat.postMessage")[-1].payload
    await chat.post(C1, say("again"), "n-3", thread=MessageRef(C1, "C1:1.000001"))
    assert (slack.world.here("C1")[-1].words, slack.world.here("C1")[-1].thread) == ("again", "")
    await chat.post(C2, say("elsewhere"), "n-4", thread=ref)
    assert slack.world.here("C2")[-1].thread == ""


async def test_direct_messages_are_opened_once(slack: SlackServer, chat: SlackChat) -> None:
    ref = await chat.post(OWN, say("one"), "n-1")
    await chat.post(OWN, say("two"), "n-2")
    assert ref.id.startswith("DU2:")
    assert [one.words for one in slack.world.here("DU2")] == ["one", "two"]
    assert len(slack.called("conversations.open")) == 1


async def test_messages_to_one_channel_keep_a_second_apart(slack: SlackServer, chat: SlackChat, world: World) -> None:
    for number in range(3):
        await chat.post(C1, say("x"), str(number))
    await chat.post(C2, say("x"), "4")
    assert world.slept == pytest.approx([1.0, 2.0])


async def test_a_short_retry_after_holds_its_channel_alone(slack: SlackServer, chat: SlackChat, world: World) -> None:
    slack.trouble("chat.postMessage", limited(2, "C1"))
    with pytest.raises(TryAgain) as error:
        await chat.post(C1, ALERT, NONCE)
    assert error.value.after == 2
    await chat.post(C2, ALERT, "n-2")
    with pytest.raises(TryAgain):
        await chat.post(C1, ALERT, NONCE)
    assert len(slack.called("chat.postMessage", channel="C1")) == 1
    assert slack.faults == []


async def test_who_waits_for_a_turn_when_patience_is_asked_for_heeds_it(slack: SlackServer) -> None:
    class Busy(World):
        async def sleep(self, seconds: float) -> None:
            slack.trouble("chat.postMessage", limited(30, "C2"))
            with pytest.raises(TryAgain):
                await chat.post(C2, ALERT, "n-3")

    chat = chat_of(slack, Busy(slack.note))
    await chat.post(C1, ALERT, NONCE)
    with pytest.raises(TryAgain) as error:
        await chat.post(C1, ALERT, "n-2")
    assert error.value.after == pytest.approx(30)
    assert len(slack.called("chat.postMessage", channel="C1")) == 1


async def test_a_long_retry_after_holds_the_workspace_exactly_so_long(
    slack: SlackServer, chat: SlackChat, world: World
) -> None:
    slack.trouble("chat.postMessage", limited(30))
    with pytest.raises(TryAgain):
        await chat.post(C1, ALERT, NONCE)
    world.now += timedelta(seconds=10)
    with pytest.raises(TryAgain) as error:
        await chat.post(C2, ALERT, "n-2")
    assert error.value.after == pytest.approx(20)
    assert len(slack.called("chat.postMessage")) == 1


@pytest.mark.parametrize("code", sorted(GONE))
async def test_a_dead_place_is_given_up(slack: SlackServer, chat: SlackChat, code: str) -> None:
    slack.trouble("chat.postMessage", refused(code))
    with pytest.raises(NeverAgain):
        await chat.post(C1, ALERT, NONCE)
    assert len(slack.called("chat.postMessage")) == 1


@pytest.mark.parametrize("code", ["org_login_required", "team_added_to_org", "service_unavailable"])
async def test_a_workspace_that_is_away_for_a_while_is_waited_for(
    slack: SlackServer, chat: SlackChat, code: str
) -> None:
    ref = await chat.post(C1, ALERT, NONCE)
    slack.trouble("chat.postMessage", refused(code))
    slack.trouble("chat.update", refused(code))
    for attempt in (chat.post(C1, ALERT, "n-2"), chat.edit(ref, say("more"))):
        with pytest.raises(TryAgain):
            await attempt


@pytest.mark.parametrize("code", sorted(REVOKED))
async def test_a_token_that_is_refused_ends_no_place_and_is_tried_again_now_and_then(
    slack: SlackServer, chat: SlackChat, world: World, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    ref = await chat.post(C1, ALERT, NONCE)
    slack.revoked, asked = code, len(slack.calls)
    with pytest.raises(Revoked) as error:
        await chat.post(C1, ALERT, "n-2")
    for attempt in (chat.post(C2, ALERT, "n-3"), chat.post(OWN, ALERT, "n-4"), chat.edit(ref, say("more"))):
        with pytest.raises(TryAgain):
            await attempt
    assert (error.value.after, len(slack.calls) - asked) == (300, 1)
    assert caplog.text.count(f"SLACK_BOT_TOKEN: {code}") == 1
    slack.revoked, world.now = "", world.now + timedelta(seconds=300)
    await chat.post(C1, ALERT, "n-2")
    await chat.edit(ref, say("more"))
    assert [one.words == "more" for one in slack.world.here("C1")] == [True, False]


async def test_after_a_restart_with_a_refused_token_nothing_is_given_up_either(
    slack: SlackServer, world: World
) -> None:
    slack.revoked = "token_revoked"
    chat = chat_of(slack, world)
    with pytest.raises(NeverAgain):
        await chat.run()
    for place in (C1, OWN):
        with pytest.raises(TryAgain):
            await chat.post(place, ALERT, NONCE)
    assert [call.method for call in slack.calls] == ["auth.test"]


async def test_a_look_with_a_refused_token_does_not_say_that_nothing_was_posted(
    slack: SlackServer, chat: SlackChat
) -> None:
    await chat.post(C1, ALERT, NONCE)
    slack.revoked = "token_revoked"
    with pytest.raises(ChatError) as error:
        await chat.find(C1, NONCE)
    assert not isinstance(error.value, TryAgain | NeverAgain)


async def test_a_place_of_another_workspace_and_a_person_who_left_are_dead(slack: SlackServer, chat: SlackChat) -> None:
    for place in ("slack:T8/C1", "slack:T0/@U7", "slack:T0/@U99"):
        with pytest.raises(NeverAgain):
            await chat.post(Place(place), ALERT, NONCE)
    assert slack.called("chat.postMessage") == []


@pytest.mark.parametrize("trouble", [lost(), broken()])
async def test_a_message_whose_answer_was_lost_is_looked_for_at_once_and_not_repeated(
    slack: SlackServer, chat: SlackChat, world: World, trouble: Trouble
) -> None:
    slack.trouble("chat.postMessage", trouble)
    ref = await chat.post(C1, ALERT, NONCE)
    assert ref == MessageRef(C1, f"C1:{slack.world.here('C1')[-1].ts}")
    assert len(slack.called("chat.postMessage")) == 1
    assert world.slept == [0.5]
    assert slack.faults == []


async def test_an_answer_that_was_lost_in_a_thread_is_looked_for_there(slack: SlackServer, chat: SlackChat) -> None:
    above = await chat.post(C1, ALERT, NONCE)
    slack.trouble("chat.postMessage", lost())
    ref = await chat.post(C1, say("closed"), "n-2", thread=above)
    assert ref.id == f"C1:{slack.world.here('C1')[-1].ts}"
    assert slack.world.here("C1")[-1].thread == above.id.removeprefix("C1:")
    assert len(slack.called("chat.postMessage")) == 2
    assert slack.faults == []


@pytest.mark.parametrize("trouble", [lost(accepted=False), broken(accepted=False)])
async def test_an_unknown_outcome_is_neither_again_nor_never_and_is_not_repeated(
    slack: SlackServer, chat: SlackChat, world: World, trouble: Trouble
) -> None:
    slack.trouble("chat.postMessage", trouble)
    with pytest.raises(ChatError) as error:
        await chat.post(C1, ALERT, NONCE)
    assert not isinstance(error.value, TryAgain | NeverAgain)
    assert len(slack.called("chat.postMessage")) == 1
    assert world.slept == [0.5, 2.0, 5.0]
    assert await chat.find(C1, NONCE) is None


async def test_without_a_history_scope_nobody_waits_for_an_answer_that_was_lost(
    slack: SlackServer, world: World
) -> None:
    slack.world.scopes = {scope for scope in slack.world.scopes if not scope.endswith(":history")}
    slack.trouble("chat.postMessage", lost())
    with pytest.raises(ChatError) as error:
        await chat_of(slack, world).post(C1, ALERT, NONCE)
    assert not isinstance(error.value, TryAgain | NeverAgain)
    assert (world.slept, slack.called("conversations.history")) == ([], [])


async def test_a_server_that_is_away_was_surely_not_told(world: World, slack: SlackServer) -> None:
    away = SlackChat(world.front(), bot_token="xoxb-1", api_url="http://127.0.0.1:9/api/")
    with pytest.raises(TryAgain):
        await away.post(C1, ALERT, NONCE)


async def test_a_message_that_slack_does_not_take_is_said_in_simpler_words(slack: SlackServer, chat: SlackChat) -> None:
    pictured = Message("words", (Card("Headline", body="Body", image="https://news.example/p.png"),))
    slack.trouble("chat.postMessage", refused("invalid_blocks"), refused("invalid_blocks"))
    await chat.post(C1, pictured, NONCE)
    kinds = [[block["type"] for block in call.payload["blocks"]] for call in slack.called("chat.postMessage")]
    assert kinds == [["rich_text", "section"], ["rich_text", "section"], ["section"]]
    assert slack.world.here("C1")[-1].words == "words"
    assert slack.world.here("C1")[-1].metadata is not None


async def test_find_needs_a_history_scope(slack: SlackServer, world: World) -> None:
    slack.world.scopes = {scope for scope in slack.world.scopes if not scope.endswith(":history")}
    chat = chat_of(slack, world)
    await chat.post(C1, ALERT, NONCE)
    assert await chat.find(C1, NONCE) is None
    assert slack.called("conversations.history") == []


async def test_find_that_cannot_ask_does_not_say_that_nothing_was_posted(slack: SlackServer, chat: SlackChat) -> None:
    slack.trouble("conversations.history", limited(1))
    with pytest.raises(ChatError) as error:
        await chat.find(C1, NONCE)
    assert not isinstance(error.value, TryAgain | NeverAgain)


# -- editing -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (refused("message_not_found"), Gone),
        (refused("cant_update_message"), Gone),
        (refused("edit_window_closed"), Gone),
        (refused("is_inactive"), Gone),
        (refused("no_such_reason_yet"), Gone),
        (refused("channel_not_found"), NeverAgain),
        (refused("is_archived"), NeverAgain),
        (refused("service_unavailable"), TryAgain),
        (broken(), TryAgain),
        (broken(accepted=False), TryAgain),
        (lost(), TryAgain),
    ],
)
async def test_an_edit_that_fails_can_be_repeated_unless_the_message_or_the_place_is_gone(
    slack: SlackServer, chat: SlackChat, trouble: Trouble, expected: type[Exception]
) -> None:
    ref = await chat.post(C1, ALERT, NONCE)
    slack.trouble("chat.update", trouble)
    with pytest.raises(ChatError) as error:
        await chat.edit(ref, say("Two outlets say so"))
    assert type(error.value) is expected
    await chat.edit(ref, say("Two outlets say so"))
    assert slack.world.here("C1")[-1].words == "Two outlets say so"


async def test_all_edits_wait_as_long_as_slack_asks_and_posts_do_not(
    slack: SlackServer, chat: SlackChat, world: World
) -> None:
    refs = [await chat.post(place, ALERT, str(place)) for place in (C1, C2)]
    slack.trouble("chat.update", limited(7))
    with pytest.raises(TryAgain) as error:
        await chat.edit(refs[0], say("Two outlets say so"))
    assert error.value.after == 7
    world.now += timedelta(seconds=3)
    with pytest.raises(TryAgain) as error:
        await chat.edit(refs[1], say("Two outlets say so"))
    assert error.value.after == pytest.approx(4)
    assert len(slack.called("chat.update")) == 1
    await chat.post(C1, say("more"), "n-3")
    assert slack.faults == []


async def test_an_edit_that_changes_nothing_asks_nobody(slack: SlackServer, chat: SlackChat) -> None:
    ref = await chat.post(C1, ALERT, NONCE)
    await chat.edit(ref, ALERT)
    assert slack.called("chat.update") == []
    for text in ("Two outlets say so", "Two outlets say so", "Three"):
        await chat.edit(ref, say(text))
    assert len(slack.called("chat.update")) == 2


async def test_an_edit_whose_answer_was_lost_is_sent_again_though_it_says_the_same(
    slack: SlackServer, chat: SlackChat
) -> None:
    ref = await chat.post(C1, ALERT, NONCE)
    slack.trouble("chat.update", lost(accepted=False))
    with pytest.raises(TryAgain):
        await chat.edit(ref, say("Two outlets say so"))
    await chat.edit(ref, ALERT)
    assert len(slack.called("chat.update")) == 2


async def test_an_edit_that_slack_does_not_take_loses_its_picture_and_at_last_leaves_the_alert_as_it_is(
    slack: SlackServer, chat: SlackChat
) -> None:
    ref = await chat.post(C1, ALERT, NONCE)
    pictured = Message("words", (Card("Headline", body="Body", image="https://news.example/p.png"),))
    slack.trouble("chat.update", refused("invalid_blocks"), refused("invalid_blocks"))
    await chat.edit(ref, pictured)
    assert "Robots walk" in slack.world.here("C1")[-1].words
    slack.trouble("chat.update", refused("invalid_blocks"))
    await chat.edit(ref, Message("more words", pictured.parts))
    [shown] = slack.world.here("C1")
    assert [block["type"] for block in shown.blocks] == ["rich_text", "section"]
    assert "accessory" not in shown.blocks[1]


# -- events and connections ------------------------------------------------------------------------------------------------


async def test_an_event_that_is_sent_again_is_taken_once(live: SlackServer, world: World) -> None:
    for retry in range(3):
        await live.event("channel_left", retry, event_id="Ev1", channel="C2", actor_id="U1")
    await live.event("channel_left", event_id="Ev2", channel="C1", actor_id="U1")
    await live.wait_for(lambda: len(world.gone) >= 2)
    assert world.gone == [C2, C1]


async def test_leaving_a_workspace_is_told(live: SlackServer, world: World) -> None:
    await live.event("tokens_revoked", tokens={"oauth": ["U1"], "bot": []})
    await live.uninstall()
    await live.wait_for(lambda: len(world.gone) == 2)
    assert world.gone == ["slack:T0", "slack:T0"]
    live.revoked = ""


async def test_a_new_connection_loses_nothing(live: SlackServer, world: World) -> None:
    await live.refresh()
    await live.command("/wire news", user="U2")
    assert world.calls[-1].path == ("news",)


@dataclass
class Client:
    """The SDK's client as far as the watchdog sees it: it loses its connection, and gets addresses as long as it may."""

    connected: list[bool]
    wss_uri: str | None = "old"
    refused: str = ""

    async def is_connected(self) -> bool:
        return self.connected.pop(0)

    async def issue_new_wss_url(self) -> str:
        if self.refused:
            answer = SimpleNamespace(data={"error": self.refused}, status_code=200, headers={})
            raise SlackApiError("refused", answer)  # type: ignore[no-untyped-call]
        return "fresh"


async def test_a_socket_that_stays_away_gets_a_fresh_address_and_a_dead_token_ends_it() -> None:
    client = Client([True, False])

    async def sleep(seconds: float) -> None:
        if not client.connected:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        await watch(client, sleep)
    assert client.wss_uri == "fresh"
    client.connected, client.refused = [False], "account_inactive"
    with pytest.raises(NeverAgain):
        await watch(client, sleep)


async def test_missing_and_refused_tokens_end_the_run(slack: SlackServer, world: World) -> None:
    with pytest.raises(NeverAgain):
        await chat_of(slack, world, bot_token="xoxb-wrong").run()
    slack.trouble("apps.connections.open", refused("invalid_auth"))
    with pytest.raises(NeverAgain):
        await chat_of(slack, world).run()
    with pytest.raises(BadConfig):
        await chat_of(slack, world, mode="http").run()
    with pytest.raises(BadConfig):
        await SlackChat(world.front(), bot_token="xoxb-1", api_url=slack.api_url).run()


# -- HTTP mode -------------------------------------------------------------------------------------------------------------


@pytest.fixture
async def posted(slack: SlackServer, world: World) -> AsyncIterator[SlackServer]:
    """The bot in HTTP mode."""
    chat = chat_of(slack, world, mode="http", signing_secret="s3cret", listen="127.0.0.1:0")
    task = asyncio.create_task(chat.run())
    await asyncio.wait_for(chat.ready.wait(), 5)
    slack.sender = Sender(f"http://127.0.0.1:{chat.port}/slack/events", "s3cret")
    world.now = datetime.now(UTC)
    yield slack
    await chat.close()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert slack.faults == []


async def test_everything_works_by_http_too(posted: SlackServer, world: World) -> None:
    view = (await posted.command("/wire watch add", user="U1")).view
    assert (await posted.submit(view, {"name": "a", "query": "((("})).errors == {"query": "a parenthesis is not closed"}
    home = await posted.open_home("U2")
    await posted.press(home, "Stop it", user="U2")
    assert world.calls[-1].path == ("watch", "remove")


@pytest.mark.parametrize(
    "how",
    [
        {"signature": "v0=" + "0" * 64},
        {"signature": "v0=é"},
        {"timestamp": "yesterday"},
        {"timestamp": "1600000000"},
        {"timestamp": "-1"},
    ],
)
async def test_a_request_that_is_not_slacks_has_no_effect(
    posted: SlackServer, world: World, how: Mapping[str, str]
) -> None:
    assert posted.sender is not None
    payload = _event("channel_left", channel="C1")
    assert (await posted.sender.send("events_api", payload, **how)).status == 401
    assert world.gone == []


async def test_a_request_that_is_replayed_has_no_effect(posted: SlackServer, world: World) -> None:
    assert posted.sender is not None
    request = signed("s3cret", "events_api", _event("channel_left", event_id="", channel="C1"))
    assert (await posted.sender.send_as_is(request)).status == 200
    assert (await posted.sender.send_as_is(request)).status == 401
    await posted.wait_for(lambda: world.gone)
    assert world.gone == [C1]


async def test_the_address_is_verified_when_slack_asks(posted: SlackServer) -> None:
    assert posted.sender is not None
    answer = await posted.sender.send("events_api", {"type": "url_verification", "challenge": "abc", "token": "t"})
    assert (answer.status, "abc" in answer.body) == (200, True)


async def test_a_body_that_cannot_be_read_is_refused(posted: SlackServer) -> None:
    assert posted.sender is not None
    body, at = b"\xff\xfe", str(int(datetime.now(UTC).timestamp()))
    stamps = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": sign("s3cret", at, body)}
    odd = Signed(body, {"Content-Type": "application/json", **stamps})
    assert (await posted.sender.send_as_is(odd)).status == 400


def _event(kind: str, event_id: str = "Ev1", **inner: Any) -> dict[str, Any]:
    return slack_payloads.event({"type": kind, **inner}, event_id, 1_700_000_000)
