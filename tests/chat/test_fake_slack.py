"""Our Slack does to Slack's own library (Bolt) what Slack does: answers, troubles, envelopes, connections, signatures."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_http import Sender, signed
from tests.fakes.slack_server import BOT_USER, SlackServer, broken, limited, lost, refused, slow

SECRET = "shh"
QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A workspace."""
    async with SlackServer() as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    """A client with the bot's token that repeats nothing."""
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def text(said: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": said, "verbatim": True}, **more}


def words(said: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": said}


BUTTONS = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "why", "text": words("Why?"), "value": "why 1"},
        {
            "type": "overflow",
            "action_id": "more",
            "options": [{"text": words("Mute this story"), "value": "mute 1"}],
        },
    ],
}
FORM = {
    "type": "modal",
    "callback_id": "add",
    "title": words("Add"),
    "submit": words("Add"),
    "blocks": [
        {
            "type": "input",
            "block_id": "query",
            "label": words("Query"),
            "element": {"type": "plain_text_input", "action_id": "value"},
        },
        {
            "type": "input",
            "block_id": "topic",
            "label": words("Topics"),
            "optional": True,
            "element": {"type": "multi_external_select", "action_id": "topics", "min_query_length": 0},
        },
    ],
}


def app_of(slack: SlackServer) -> AsyncApp:
    """A small bot: says back what it heard, opens a form, shows a home."""
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    logger = logging.getLogger("tests.bolt")
    logger.setLevel("CRITICAL")
    app = AsyncApp(client=client, signing_secret=SECRET, logger=logger)

    async def on_command(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], client: AsyncWebClient) -> None:
        said = body["text"]
        if said == "loud":
            await ack({"response_type": "in_channel", "text": "to all", **QUIET})
        elif said == "form":
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        else:
            await ack()
            await respond(text=f"heard {said}", blocks=[text(f"heard *{said}*"), BUTTONS])

    async def on_action(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        action = body["actions"][0]
        value = action.get("value") or action["selected_option"]["value"]
        await respond(text=f"{body['user']['id']} pressed {value}", replace_original=False)

    async def on_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        values = body["view"]["state"]["values"]
        if "(" in values["query"]["value"]["value"]:
            await ack(response_action="errors", errors={"query": "never closed"})
            return
        await ack()
        topics = [one["value"] for one in values["topic"]["topics"]["selected_options"] or []]
        said = f"{values['query']['value']['value']} {topics}"
        await client.chat_postMessage(channel=body["user"]["id"], text=said, **QUIET)

    async def on_typed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(options=[{"text": words(f"{body['value']}otics"), "value": "robotics"}])

    async def on_event(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event["type"] == "app_home_opened":
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [text("yours")]})

    async def on_shortcut(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        await respond(text=f"because {body['message']['text']}")

    app.command("/wire")(on_command)
    for name in ("why", "more"):
        app.action(name)(on_action)
    app.view("add")(on_form)
    app.options("topics")(on_typed)
    for event in ("app_home_opened", "app_uninstalled", "tokens_revoked", "channel_left", "channel_deleted"):
        app.event(event)(on_event)
    app.message_shortcut("why")(on_shortcut)
    return app


@asynccontextmanager
async def connected(slack: SlackServer) -> AsyncIterator[AsyncSocketModeHandler]:
    """The small bot in Socket Mode."""
    handler = AsyncSocketModeHandler(app_of(slack), slack.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture
async def bot(slack: SlackServer) -> AsyncIterator[SlackServer]:
    """The workspace with the small bot in it."""
    async with connected(slack):
        yield slack


# -- the Web API ---------------------------------------------------------------------------------------------------------


async def test_a_post_is_there_with_its_metadata_and_can_be_found_edited_and_answered_in_its_thread(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    metadata = {"event_type": "alert", "event_payload": {"nonce": "n1"}}
    posted = await client.chat_postMessage(channel="C1", text="one", blocks=[text("*one*")], metadata=metadata, **QUIET)
    await client.chat_postMessage(channel="C1", text="reply", thread_ts=posted["ts"], **QUIET)
    await client.chat_update(channel="C1", ts=posted["ts"], text="two", blocks=[text("two")])
    history = await client.conversations_history(channel="C1", include_all_metadata=True, limit=10)
    assert [(one["text"], one["metadata"]) for one in history["messages"]] == [("two", metadata)]
    replies = await client.conversations_replies(channel="C1", ts=posted["ts"], include_all_metadata=True)
    assert [one["text"] for one in replies["messages"]] == ["two", "reply"]
    assert [(one.words, one.edits, one.thread) for one in slack.world.here("C1")] == [
        ("two", 1, ""),
        ("reply", 0, posted["ts"]),
    ]
    assert [call.method for call in slack.calls][:2] == ["chat.postMessage", "chat.postMessage"]
    assert slack.calls[0].headers["Authorization"] == f"Bearer {slack.bot_token}"
    assert slack.faults == []


async def test_history_comes_in_pages_newest_first(slack: SlackServer, client: AsyncWebClient) -> None:
    for number in range(5):
        await client.chat_postMessage(channel="C1", text=str(number), **QUIET)
    first = await client.conversations_history(channel="C1", limit=3, include_all_metadata=True)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel="C1", limit=3, cursor=cursor, include_all_metadata=True)
    found = [one["text"] for page in (first, rest) for one in page["messages"]]
    assert (found, first["has_more"], rest["has_more"]) == (["4", "3", "2", "1", "0"], True, False)
    ts = first["messages"][1]["ts"]
    since = await client.conversations_history(channel="C1", oldest=ts, inclusive=True, include_all_metadata=True)
    assert [one["text"] for one in since["messages"]] == ["4", "3"]


@pytest.mark.parametrize(
    ("channel", "error"), [("C3", "not_in_channel"), ("C4", "is_archived"), ("C9", "channel_not_found")]
)
async def test_a_place_that_is_closed_refuses(client: AsyncWebClient, channel: str, error: str) -> None:
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel=channel, text="one", **QUIET)
    assert raised.value.response["error"] == error


async def test_tokens_and_scopes_are_checked(slack: SlackServer, client: AsyncWebClient) -> None:
    async def error(asked: AsyncWebClient, method: str, **args: Any) -> str:
        with pytest.raises(SlackApiError) as raised:
            await asked.api_call(method, **args)
        return str(raised.value.response["error"])

    def other(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=slack.api_url, retry_handlers=[])

    assert await error(other("xoxb-other"), "auth.test") == "invalid_auth"
    assert await error(other(None), "auth.test") == "not_authed"
    assert await error(other(slack.app_token), "auth.test") == "not_allowed_token_type"
    assert await error(client, "apps.connections.open") == "not_allowed_token_type"
    assert await error(client, "chat.nonsense") == "unknown_method"
    slack.world.scopes.discard("channels:history")
    history = {"params": {"channel": "C1", "include_all_metadata": "1"}}
    assert await error(client, "conversations.history", **history) == "missing_scope"
    slack.revoked = "token_revoked"
    assert await error(client, "auth.test") == "token_revoked"


async def test_everybody_is_known_by_their_standing(client: AsyncWebClient) -> None:
    async def flags(user: str) -> set[str]:
        profile = (await client.users_info(user=user))["user"]
        return {key for key, value in profile.items() if key.startswith("is_") and value}

    assert await flags("U1") == {"is_admin"}
    assert await flags("U2") == set()
    assert await flags("U3") == {"is_restricted"}
    assert await flags("U4") == {"is_stranger"}
    assert await flags("U5") == {"is_admin", "is_owner"}
    assert await flags("U6") == {"is_restricted", "is_ultra_restricted"}


async def test_direct_messages_are_opened_once_and_posted_to(slack: SlackServer, client: AsyncWebClient) -> None:
    first, second = [(await client.conversations_open(users="U2"))["channel"]["id"] for _ in range(2)]
    await client.chat_postMessage(channel=first, text="for you", **QUIET)
    assert (first, [one.words for one in slack.world.here(first)]) == (second, ["for you"])
    with pytest.raises(SlackApiError, match="user_disabled"):
        await client.conversations_open(users="U7")


# -- troubles ------------------------------------------------------------------------------------------------------------


async def post(client: AsyncWebClient, channel: str = "C1") -> str:
    """How a post ended: "ok", the error of Slack, or the kind of failure."""
    try:
        await client.chat_postMessage(channel=channel, text="one", **QUIET)
    except SlackApiError as error:
        data = error.response.data
        return f"{error.response.status_code} {data['error'] if isinstance(data, dict) else data}"
    except (ClientError, OSError) as error:
        return type(error).__name__
    return "ok"


async def test_troubles_come_one_after_another_in_the_channel_that_they_are_for(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    slack.trouble("chat.postMessage", refused("restricted_action", "C2"), broken(), lost(), lost(accepted=False))
    assert await post(client) == "500 internal_error"
    assert len(slack.world.here("C1")) == 1
    assert await post(client) == "ServerDisconnectedError"
    assert len(slack.world.here("C1")) == 2
    assert await post(client) == "ServerDisconnectedError"
    assert (len(slack.world.here("C1")), await post(client)) == (2, "ok")
    assert await post(client, "C2") == "200 restricted_action"
    assert (await post(client, "C2"), slack.faults) == ("ok", [])


async def test_a_call_before_retry_after_is_over_is_limited_again_and_a_fault(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    slack.trouble("chat.postMessage", limited(30, "C1"))
    assert [await post(client), await post(client, "C2")] == ["429 ratelimited", "ok"]
    assert slack.faults == []
    assert [await post(client), await post(client, "C2")] == ["429 ratelimited", "ok"]
    assert ["before Retry-After was over" in fault for fault in slack.faults] == [True]
    slack.trouble("chat.postMessage", limited(30))
    assert [await post(client, "C2"), await post(client, "G1")] == ["429 ratelimited"] * 2


async def test_a_slow_answer_is_slow_and_what_was_asked_is_done_before(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    slack.trouble("chat.postMessage", slow(0.05))
    began = monotonic()
    assert (await post(client), len(slack.world.here("C1"))) == ("ok", 1)
    assert monotonic() - began >= 0.05


async def test_what_breaks_a_rule_is_among_the_faults(slack: SlackServer, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C1", text="<!channel> AT&T")
    faults = "\n".join(slack.faults)
    assert [part in faults for part in ("<!channel> is a mention", "`&` is not escaped", "unfurl_links")] == [True] * 3
    slack.mentions.add("<!channel>")
    await client.chat_postMessage(channel="C1", text="<!channel>", **QUIET)
    assert len(slack.faults) == len(faults.splitlines())


# -- Socket Mode -----------------------------------------------------------------------------------------------------------


async def test_a_command_is_acknowledged_and_answered_to_who_gave_it_alone(bot: SlackServer) -> None:
    seen = await bot.command("/wire news robots", user="U2")
    assert (seen.text, seen.public, [one.to for one in seen.shown]) == (
        "heard news robots\nWhy?\nMute this story".replace("news robots", "*news robots*"),
        False,
        ["U2"],
    )
    assert 0 <= seen.seconds < 3
    assert seen.sent.payload["channel_name"] == "robots"
    assert bot.faults == []


async def test_an_acknowledgement_may_be_the_answer_and_be_for_all(bot: SlackServer) -> None:
    seen = await bot.command("/wire loud", channel="C2")
    assert (seen.text, seen.public, [one.words for one in bot.world.here("C2")]) == ("to all", True, ["to all"])


async def test_a_button_and_a_choice_of_a_menu_are_pressed_by_their_labels(bot: SlackServer) -> None:
    shown = (await bot.command("/wire x")).shown[0]
    assert shown.buttons() == ["Why?", "Mute this story"]
    assert (await bot.press(shown, "why", user="U2")).text == "U2 pressed why 1"
    assert (await bot.press(shown, "mute")).text == "U1 pressed mute 1"
    with pytest.raises(AssertionError, match="no button 'Follow'"):
        await bot.press(shown, "Follow")


async def test_a_form_shows_errors_under_its_fields_and_closes_when_it_is_right(bot: SlackServer) -> None:
    form = (await bot.command("/wire form", user="U2")).view
    assert (form.user, form.open) == ("U2", True)
    assert await bot.suggest(form, "topic", "rob") == [("robotics", "robotics")]
    wrong = await bot.submit(form, {"query": "robot ("})
    assert (wrong.errors, form.open) == ({"query": "never closed"}, True)
    right = await bot.submit(form, {"Query": "robot", "topics": ["robotics"]})
    assert (right.errors, right.text, form.open) == ({}, "robot ['robotics']", False)
    assert right.shown[0].channel == bot.world.direct("U2").id
    with pytest.raises(AssertionError, match="query is empty"):
        await bot.submit(form, {})
    assert bot.faults == []


async def test_a_trigger_opens_one_view_and_not_for_long(bot: SlackServer, client: AsyncWebClient) -> None:
    trigger = (await bot.command("/wire x")).sent.payload["trigger_id"]
    await client.views_open(trigger_id=trigger, view=FORM)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=FORM)
    late = bot.world.trigger("U1")
    now = bot.world.now
    bot.world.now = lambda: now() + 3.1
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=late, view=FORM)
    assert len(bot.faults) == 2


async def test_a_response_url_takes_five_answers_in_half_an_hour(bot: SlackServer) -> None:
    seen = await bot.command("/wire x")
    url = seen.sent.payload["response_url"]
    async with ClientSession() as session:

        async def status() -> int:
            async with session.post(url, json={"text": "again"}) as response:
                return response.status

        assert [await status() for _ in range(5)] == [200] * 4 + [404]
        assert [one.words for one in seen.shown[1:]] == ["again"] * 4
        url = bot.response_url(bot.world.answerable(bot.world.rooms["C1"], "U1"))
        now = bot.world.now
        bot.world.now = lambda: now() + 1801
        assert await status() == 404
    assert len(bot.faults) == 2


async def test_troubles_come_to_a_response_url_too(bot: SlackServer) -> None:
    seen = await bot.command("/wire x")
    bot.trouble("respond", limited(1), broken(accepted=False), refused("invalid_blocks"), lost(), slow(0.01))
    async with ClientSession() as session:

        async def status() -> int:
            try:
                async with session.post(seen.sent.payload["response_url"], json={"text": "again"}) as response:
                    return response.status
            except ClientError:
                return 0

        assert [await status() for _ in range(5)] == [429, 500, 404, 0, 200]
    assert [one.words for one in seen.shown[1:]] == ["again", "again"]


async def test_the_home_tab_is_published_for_who_opens_it(bot: SlackServer) -> None:
    home = await bot.open_home("U2")
    again = await bot.open_home("U2")
    assert (home.words, again is home, home.versions, home.user) == ("yours", True, 2, "U2")


async def test_a_shortcut_brings_the_message_along(bot: SlackServer) -> None:
    said = bot.world.say("look <https://a.example/1>", "U2", "C1")
    assert (await bot.shortcut(said, "why", user="U2")).text == "because look https://a.example/1"


async def test_events_are_acknowledged_with_nothing_and_may_come_again(bot: SlackServer) -> None:
    first = await bot.remove("C1")
    again = await bot.event("channel_left", channel="C1", retry=1, event_id=first.payload["event_id"])
    assert (first.ack, again.ack, again.payload["event_id"]) == ({}, {}, first.payload["event_id"])
    await bot.remove("C2", "channel_deleted")
    assert ("C2" in bot.world.rooms, bot.world.rooms["C1"].joined) == (False, False)
    await bot.uninstall()
    kinds = [sent.payload["event"]["type"] for sent in bot.sent]
    assert kinds == ["channel_left", "channel_left", "channel_deleted", "tokens_revoked", "app_uninstalled"]
    assert bot.sent[-2].payload["event"]["tokens"]["bot"] == [BOT_USER]
    assert bot.faults == []


async def test_after_a_refresh_and_after_a_closed_connection_the_bot_is_back(bot: SlackServer) -> None:
    await bot.refresh()
    assert (await bot.command("/wire one")).text.startswith("heard *one*")
    await bot.close_sockets()
    await bot.wait_for(lambda: bot.connections == 3 and bot.connected, "the third connection")
    assert (await bot.command("/wire two")).text.startswith("heard *two*")
    assert len(bot.called("apps.connections.open")) == 3
    assert bot.faults == []


async def test_waiting_in_vain_says_what_was_last_called(slack: SlackServer, client: AsyncWebClient) -> None:
    await client.auth_test()
    with pytest.raises(AssertionError, match=r"(?s)a miracle never came.*auth\.test"):
        await slack.wait_for(lambda: False, "a miracle", within=0.01)


# -- HTTP ----------------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def listening(slack: SlackServer) -> AsyncIterator[Sender]:
    """The small bot behind an address, and what sends it signed requests."""
    bolt = app_of(slack)

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", handle)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sender = Sender(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", SECRET)
    try:
        yield sender
    finally:
        await sender.close()
        await runner.cleanup()


async def test_people_do_the_same_things_by_http(slack: SlackServer) -> None:
    async with listening(slack) as sender:
        slack.sender = sender
        shown = (await slack.command("/wire x & <y>")).shown[0]
        assert slack.sent[0].payload["text"] == "x &amp; &lt;y&gt;"
        assert (await slack.press(shown, "why")).text == "U1 pressed why 1"
        form = (await slack.command("/wire form")).view
        assert await slack.suggest(form, "topic", "rob") == [("robotics", "robotics")]
        assert (await slack.submit(form, {"query": "("})).errors == {"query": "never closed"}
        assert (await slack.open_home("U1")).words == "yours"


async def test_requests_are_signed_as_slack_signs_them_or_wrongly_on_demand(slack: SlackServer) -> None:
    event = {"type": "url_verification", "challenge": "c", "token": "t"}
    async with listening(slack) as sender:
        good = signed(SECRET, "events_api", event)
        statuses = [(await sender.send_as_is(good)).status for _ in range(2)]
        statuses.append((await sender.send("events_api", event, signature="v0=00")).status)
        statuses.append((await sender.send("events_api", event, timestamp="1000000000")).status)
        assert statuses == [200, 200, 401, 401]  # Bolt alone takes what is replayed within five minutes
        assert "soon" in signed(SECRET, "events_api", event, timestamp="soon").headers["X-Slack-Request-Timestamp"]
        assert signed(SECRET, "events_api", event, retry=2).headers["X-Slack-Retry-Num"] == "2"
