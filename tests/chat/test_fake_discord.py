"""Our Discord does to Discord's usual library (discord.py) what Discord does: answers, troubles, interactions, connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.chat.discord_schema import MISSING
from tests.fakes.discord_server import (
    CALLBACK,
    LAB,
    POST,
    SYNC,
    THREAD,
    DiscordServer,
    broken,
    limited,
    lost,
    refused,
    slow,
)
from tests.fakes.discord_state import bits

QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}


def body(content: str, nonce: str = "n1", **more: Any) -> dict[str, Any]:
    return {"content": content, "nonce": nonce, "enforce_nonce": True, **QUIET, **more}


class Form(discord.ui.Modal, title="Add a watchlist"):
    name: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Name", custom_id="name", max_length=10)
    query: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Query", custom_id="query", required=False)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"{self.name.value}: {self.query.value}", ephemeral=True)


class Buttons(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Why?", custom_id="why")
    async def why(self, interaction: discord.Interaction[Any], _: discord.ui.Button[Any]) -> None:
        await interaction.response.send_message("because", ephemeral=True)

    @discord.ui.button(label="Change", custom_id="change")
    async def change(self, interaction: discord.Interaction[Any], _: discord.ui.Button[Any]) -> None:
        await interaction.response.edit_message(content="changed")

    @discord.ui.select(options=[discord.SelectOption(label="One", value="1")], custom_id="pick")
    async def pick(self, interaction: discord.Interaction[Any], menu: discord.ui.Select[Any]) -> None:
        await interaction.response.send_message(f"picked {menu.values[0]}", ephemeral=True)


class Wire(app_commands.Group):
    """A few commands that answer in every way there is."""

    @app_commands.command(description="Say it back to me alone")
    async def tell(self, interaction: discord.Interaction[Any], what: str, times: int = 1) -> None:
        await interaction.response.send_message(" ".join([what] * times), ephemeral=True)

    @tell.autocomplete("what")
    async def typed(self, _: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}otics", value="robotics")]

    @app_commands.command(description="Say it to all, after thinking")
    async def loud(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        await interaction.followup.send("in place of thinking", view=Buttons())
        await interaction.followup.send("and one more")

    @app_commands.command(description="Open a form")
    async def form(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(Form())

    @app_commands.command(description="About a channel")
    async def about(self, interaction: discord.Interaction[Any], where: discord.TextChannel) -> None:
        lacks = [name for name, has in interaction.app_permissions if not has and name == "send_messages"]
        may = interaction.permissions.manage_guild
        await interaction.response.send_message(f"{where.name} {lacks} {may}", ephemeral=True)


class Client(discord.AutoShardedClient):
    """A small bot; `heard` are the events that it saw."""

    def __init__(self) -> None:
        none = discord.AllowedMentions.none()
        super().__init__(intents=discord.Intents(guilds=True), allowed_mentions=none, max_ratelimit_timeout=30)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []
        self._connection.guild_ready_timeout = 0.1

    async def setup_hook(self) -> None:
        self.tree.add_command(Wire(name="wire", description="News"))
        self.tree.add_command(app_commands.ContextMenu(name="Explain", callback=explain))
        self.add_view(Buttons())
        # as tree.sync, but for `nsfw`, which Discord's description of its API does not know
        made = [one.to_dict(self.tree) for one in self.tree.get_commands()]
        made += [one.to_dict(self.tree) for one in self.tree.get_commands(type=discord.AppCommandType.message)]
        told = {json.dumps({key: value for key, value in one.items() if key != "nsfw"}) for one in made}
        route = Route("PUT", "/applications/{application_id}/commands", application_id=self.application_id)
        await self.http.request(route, json=[json.loads(one) for one in sorted(told, reverse=True)])

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Without the five seconds between shards."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.heard.append(event)
        super().dispatch(event, *args, **kwargs)


async def explain(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    await interaction.response.send_message(f"about {message.content}", ephemeral=True)


@asynccontextmanager
async def connected(server: DiscordServer) -> AsyncIterator[Client]:
    client = Client()
    before = server.gateway.connections
    async with client:
        job = asyncio.create_task(client.start(server.token))
        await server.wait_for(lambda: job.done() or server.gateway.connections >= before + server.shards, "the bot")
        if job.done():
            await job
        await asyncio.wait_for(client.wait_until_ready(), 10)
        try:
            yield client
        finally:
            await client.close()
            await asyncio.wait_for(job, 10)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    """A Discord; discord.py keeps its addresses in classes."""
    async with DiscordServer() as server:
        monkeypatch.setattr(Route, "BASE", server.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        yield server


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Client]:
    async with connected(server) as client:
        yield client


async def send(client: Client, server: DiscordServer, name: str, given: dict[str, Any]) -> Any:
    """Post through discord.py's own requests."""
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=server.world.channel(name).id)
    return await client.http.request(route, json=given)


# -- the gateway -------------------------------------------------------------------------------------------------------


async def test_the_bot_logs_in_and_knows_the_server(server: DiscordServer, bot: Client) -> None:
    [guild] = bot.guilds
    assert (guild.id, guild.me.id, bot.shard_count) == (int(LAB), bot.user.id if bot.user else 0, 1)
    forum = guild.get_channel(int(server.world.channel("forum").id))
    assert isinstance(forum, discord.ForumChannel)
    assert (forum.flags.require_tag, len(forum.available_tags)) == (True, 2)
    quiet = guild.get_channel(int(server.world.channel("quiet").id))
    assert quiet is not None
    assert not quiet.permissions_for(guild.me).send_messages
    assert [one["intents"] for one in server.gateway.identified] == [1]
    assert server.faults == []


async def test_a_wrong_token_is_refused_by_both_wires(server: DiscordServer) -> None:
    client = Client()
    async with client:
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")
    server.gateway.token = "another"
    client = Client()
    async with client:
        with pytest.raises(discord.ConnectionClosed) as closed:
            await client.start(server.token)
    assert closed.value.code == 4004


async def test_heartbeats_are_acknowledged(server: DiscordServer) -> None:
    server.gateway.interval = 50
    async with connected(server) as bot:
        await server.wait_for(lambda: server.gateway.beats > 3)
        assert bot.latency < 1
    assert server.gateway.resumed == 0


async def test_a_broken_connection_is_resumed_and_nothing_is_missed(server: DiscordServer, bot: Client) -> None:
    await server.gateway.drop()
    await server.gateway.dispatch("GUILD_ROLE_DELETE", {"guild_id": LAB, "role_id": "1"})
    await server.wait_for(lambda: server.gateway.resumed == 1)
    seen = await server.command("/wire tell", {"what": "still here"})
    assert seen.text == "still here"
    assert len(server.gateway.identified) == 1


async def test_asked_to_reconnect_the_bot_resumes(server: DiscordServer, bot: Client) -> None:
    await server.gateway.reconnect()
    await server.wait_for(lambda: server.gateway.resumed == 1)
    assert (await server.command("/wire tell", {"what": "x"})).text == "x"


@pytest.mark.parametrize(("resumable", "counts"), [(True, (1, 1)), (False, (2, 0))])
async def test_an_invalid_session_is_begun_anew(
    server: DiscordServer, bot: Client, resumable: bool, counts: tuple[int, int]
) -> None:
    await server.gateway.invalidate(resumable)
    await server.wait_for(lambda: server.gateway.connections == 2)
    assert (len(server.gateway.identified), server.gateway.resumed) == counts


async def test_an_outage_is_not_a_removal(server: DiscordServer, bot: Client) -> None:
    await server.outage()
    await server.recover()
    await server.command("/wire tell", {"what": "x"})
    assert [one for one in bot.heard if one.startswith("guild_")][-2:] == ["guild_unavailable", "guild_available"]
    await server.kick()
    await server.wait_for(lambda: server.gateway.connected)
    with pytest.raises(discord.Forbidden) as refusal:
        await send(bot, server, "robots", body("x"))
    assert refusal.value.code == 50001
    assert "guild_remove" in bot.heard


async def test_a_channel_that_is_deleted_is_told_and_unknown(server: DiscordServer, bot: Client) -> None:
    gone = server.world.channel("deals").id
    await server.remove("deals")
    await server.command("/wire tell", {"what": "x"})
    assert "guild_channel_delete" in bot.heard
    with pytest.raises(discord.NotFound) as refusal:
        await bot.http.request(Route("POST", "/channels/{channel_id}/messages", channel_id=gone), json=body("x"))
    assert refusal.value.code == 10003


async def test_with_two_shards_each_server_has_its_own(server: DiscordServer) -> None:
    server.shards = 2
    async with connected(server) as bot:
        assert sorted(one["shard"] for one in server.gateway.identified) == [[0, 2], [1, 2]]
        assert [guild.id for guild in bot.guilds] == [int(LAB)]
        assert (await server.command("/wire tell", {"what": "x"}, channel="DM")).text == "x"


# -- messages ----------------------------------------------------------------------------------------------------------


async def test_a_nonce_that_is_enforced_is_posted_once(server: DiscordServer, bot: Client) -> None:
    first = await send(bot, server, "robots", body("one"))
    again = await send(bot, server, "robots", body("one again"))
    other = await send(bot, server, "robots", body("two", "n2"))
    assert (first["id"] == again["id"], first["id"] == other["id"]) == (True, False)
    assert [one.words for one in server.world.here("robots")] == ["one", "two"]


async def test_messages_are_edited_and_threads_begun_under_them(server: DiscordServer, bot: Client) -> None:
    first = await send(bot, server, "robots", body("one"))
    channel = first["channel_id"]
    edit = Route("PATCH", "/channels/{channel_id}/messages/{message_id}", channel_id=channel, message_id=first["id"])
    await bot.http.request(edit, json={"content": "new", **QUIET})
    begin = Route(
        "POST", "/channels/{channel_id}/messages/{message_id}/threads", channel_id=channel, message_id=first["id"]
    )
    thread = await bot.http.request(begin, json={"name": "Story"})
    assert (thread["id"], thread["type"], thread["parent_id"]) == (first["id"], THREAD, channel)
    with pytest.raises(discord.HTTPException) as twice:
        await bot.http.request(begin, json={"name": "Story"})
    assert twice.value.code == 160004
    await server.wait_for(lambda: "thread_create" in bot.heard)
    [shown] = server.world.here("robots")
    assert (shown.words, shown.edits, [one.name for one in server.world.threads("robots")]) == ("new", 1, ["Story"])


async def test_a_forum_takes_posts_with_a_tag(server: DiscordServer, bot: Client) -> None:
    forum = server.world.channel("forum")
    with pytest.raises(discord.HTTPException) as refusal:
        await send(bot, server, "forum", body("x"))
    assert refusal.value.code == 50008
    begin = Route("POST", "/channels/{channel_id}/threads", channel_id=forum.id)
    with pytest.raises(discord.HTTPException) as untagged:
        await bot.http.request(begin, json={"name": "Story", "message": {"content": "x", **QUIET}})
    assert untagged.value.code == 40067
    tagged = {"name": "Story", "applied_tags": [forum.tags[0]], "message": {"content": "x", **QUIET}}
    post = await bot.http.request(begin, json=tagged)
    assert [one.words for one in server.world.here(post["id"])] == ["x"]
    assert post["message"]["id"] == post["id"]
    assert server.faults == []


@pytest.mark.parametrize(("channel", "code"), [("quiet", 50013), ("abroad", 50001)])
async def test_where_the_bot_may_not_post_it_is_told_so(
    server: DiscordServer, bot: Client, channel: str, code: int
) -> None:
    with pytest.raises(discord.Forbidden) as refusal:
        await send(bot, server, channel, body("x"))
    assert refusal.value.code == code


async def test_direct_messages_come_to_who_takes_them(server: DiscordServer, bot: Client) -> None:
    for user in ("bo", "shy"):
        opened = {"recipient_id": server.world.person(user).id}
        await bot.http.request(Route("POST", "/users/@me/channels"), json=opened)
    await send(bot, server, "@bo", body("hello"))
    with pytest.raises(discord.Forbidden) as refusal:
        await send(bot, server, "@shy", body("hello", "n2"))
    assert (refusal.value.code, [one.words for one in server.world.here("@bo")]) == (50007, ["hello"])


# -- troubles ----------------------------------------------------------------------------------------------------------


async def test_a_limit_is_obeyed_and_a_call_before_its_end_is_a_fault(server: DiscordServer, bot: Client) -> None:
    server.trouble(POST, limited(0.3, "robots"))
    began = monotonic()
    await asyncio.gather(send(bot, server, "robots", body("one")), send(bot, server, "deals", body("two", "n2")))
    assert monotonic() - began >= 0.3
    assert [call.ok for call in server.called(POST, "robots")] == [False, True]
    assert [call.ok for call in server.called(POST, "deals")] == [True]
    assert server.faults == []
    server.trouble(POST, limited(60, "robots"))
    for number in (3, 4):
        with pytest.raises(discord.RateLimited):
            await send(bot, server, "robots", body("x", f"n{number}"))
    assert ["before Retry-After" in fault for fault in server.faults] == [True]


async def test_a_global_limit_holds_for_all_but_answers(server: DiscordServer, bot: Client) -> None:
    server.trouble(POST, limited(0.3, everywhere=True))
    posts = asyncio.gather(send(bot, server, "robots", body("one")), return_exceptions=True)
    await server.wait_for(lambda: server.called(POST))
    assert (await server.command("/wire tell", {"what": "x"})).seconds < 0.3
    await posts
    await send(bot, server, "deals", body("two", "n2"))
    assert server.faults == []


async def test_fixed_windows_are_told_in_headers_and_kept(server: DiscordServer, bot: Client) -> None:
    server.rate = (2, 0.3)
    began = monotonic()
    for number in range(5):
        await send(bot, server, "robots", body("x", f"n{number}"))
    assert monotonic() - began >= 0.55
    assert [call.ok for call in server.called(POST)] == [True] * 5


async def test_what_is_broken_is_tried_again_and_posted_once(server: DiscordServer, bot: Client) -> None:
    server.trouble(POST, broken(502, accepted=True))
    await send(bot, server, "robots", body("one"))
    assert [call.ok for call in server.called(POST)] == [False, True]
    assert len(server.world.here("robots")) == 1
    server.trouble(POST, broken(503))
    with pytest.raises(discord.DiscordServerError):
        await send(bot, server, "robots", body("two", "n2"))


@pytest.mark.parametrize(("accepted", "count"), [(True, 1), (False, 0)])
async def test_an_answer_is_lost_after_or_before_it_was_carried_out(
    server: DiscordServer, bot: Client, accepted: bool, count: int
) -> None:
    server.trouble(POST, lost(accepted))
    with pytest.raises(aiohttp.ClientError):
        await send(bot, server, "robots", body("one"))
    assert len(server.world.here("robots")) == count
    await send(bot, server, "robots", body("one"))
    assert len(server.world.here("robots")) == 1


async def test_any_refusal_and_a_late_answer_can_be_ordered(server: DiscordServer, bot: Client) -> None:
    server.trouble(POST, refused(400, 50035, "robots"), slow(0.05, "robots"))
    with pytest.raises(discord.HTTPException) as refusal:
        await send(bot, server, "robots", body("one"))
    assert refusal.value.code == 50035
    began = monotonic()
    await send(bot, server, "robots", body("one"))
    assert monotonic() - began >= 0.05


async def test_bad_requests_are_faults(server: DiscordServer, bot: Client) -> None:
    await send(bot, server, "robots", {"content": "x"})
    assert [fault.partition(": ")[2].partition(":")[0] for fault in server.faults] == [
        "allowed_mentions.parse is not []",
        "no nonce",
    ]


# -- what people do ----------------------------------------------------------------------------------------------------


async def test_commands_are_synced_and_offered_as_discord_has_them(server: DiscordServer, bot: Client) -> None:
    assert [one["name"] for one in server.world.commands] == ["wire", "Explain"]
    assert len(server.called(SYNC)) == 1
    for line, given in (("/wire shout", {}), ("/wire tell", {}), ("/wire tell", {"what": "x", "x": 1})):
        with pytest.raises(AssertionError):
            await server.command(line, given)
    with pytest.raises(AssertionError):
        await server.command("/wire tell", {"what": "x", "times": "two"})


async def test_a_command_is_answered_to_who_gave_it(server: DiscordServer, bot: Client) -> None:
    seen = await server.command("/wire tell", {"what": "ho", "times": 3}, user="bo")
    assert (seen.text, seen.public, seen.seconds < 0.5) == ("ho ho ho", False, True)
    assert server.world.here("robots") == []
    assert server.called(CALLBACK)[0].ok


async def test_the_first_follow_up_takes_the_place_of_thinking(server: DiscordServer, bot: Client) -> None:
    seen = await server.command("/wire loud")
    await server.wait_for(lambda: len(seen.shown) == 2)
    assert (seen.public, [one.words for one in seen.shown]) == (True, ["in place of thinking", "and one more"])
    assert seen.shown[0].buttons() == ["Why?", "Change", "One"]


async def test_buttons_menus_and_message_commands_work(server: DiscordServer, bot: Client) -> None:
    message = (await server.command("/wire loud")).shown[0]
    assert (await server.press(message, "why", user="bo")).text == "because"
    assert (await server.press(message, "One")).text == "picked 1"
    changed = await server.press(message, "change")
    assert (changed.text, message.words) == ("changed", "changed")
    said = server.say("a link")
    assert (await server.menu(said, "Explain")).text == "about a link"
    with pytest.raises(AssertionError):
        await server.press(message, "nothing like it")


async def test_a_form_is_filled_in_and_sent(server: DiscordServer, bot: Client) -> None:
    form = (await server.command("/wire form", user="bo")).form
    assert (form.title, list(form.fields())) == ("Add a watchlist", ["name", "query"])
    for wrong in ({}, {"name": "longer than ten"}, {"name": "x", "other": "y"}):
        with pytest.raises(AssertionError):
            await server.submit(form, wrong)
    seen = await server.submit(form, {"name": "deals", "query": "round"})
    assert (seen.text, seen.public, form.open) == ("deals: round", False, False)


async def test_what_is_typed_gets_suggestions(server: DiscordServer, bot: Client) -> None:
    assert await server.suggest("/wire tell", "what", "rob") == [("robotics", "robotics")]


async def test_permissions_are_those_of_person_and_bot_in_the_channel(server: DiscordServer, bot: Client) -> None:
    answers = [
        (await server.command("/wire about", {"where": "deals"}, user=user, channel=channel)).text
        for user, channel in (("ada", "robots"), ("bo", "quiet"))
    ]
    assert answers == ["deals [] True", "deals ['send_messages'] False"]
    await server.permit("robots", bits("Send Messages"))
    assert "send_messages" in (await server.command("/wire about", {"where": "deals"})).text


async def test_answering_twice_is_a_fault(server: DiscordServer, bot: Client) -> None:
    seen = await server.command("/wire tell", {"what": "x"})
    route = Route(
        "POST",
        "/interactions/{webhook_id}/{webhook_token}/callback",
        webhook_id=seen.asked.id,
        webhook_token=seen.asked.token,
    )
    with pytest.raises(discord.HTTPException) as refusal:
        await bot.http.request(route, json={"type": 4, "data": {"content": "x", **QUIET}})
    assert (refusal.value.code, len(server.faults)) == (40060, 1)


@pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")
async def test_all_that_discord_py_sends_fits_discords_own_description(server: DiscordServer, bot: Client) -> None:
    await server.command("/wire loud")
    await server.command("/wire form")
    await server.command("/wire tell", {"what": "x"})
    assert [fault for fault in server.faults if "allowed_mentions" not in fault] == []
