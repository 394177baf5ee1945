"""The real bot in our own Discord: commands, forms, buttons, alerts, troubles, restarts; every request checked by the rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time

import pytest
import pytest_asyncio

from tests.e2e.newsroom import APPROVED, AT_ONCE, CLEARED, DEAL, Newsroom
from tests.e2e.program import Bot, started
from tests.e2e.web import serving
from tests.fakes.discord_server import (
    EDIT,
    POST,
    SYNC,
    THREAD,
    DiscordServer,
    Seen,
    Shown,
    broken,
    limited,
    lost,
    refused,
    slow,
)
from tests.fakes.discord_state import bits

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONFIG = """\
[discord]
api_url = "{api_url}"
gateway_url = "{gateway_url}"
"""


@dataclass
class Lab(Newsroom):
    """A server, outlets to read there, and the folder of the bot."""

    discord: DiscordServer

    def set_up(self) -> None:
        """Write all files."""
        self.furnish(CONFIG.format(api_url=self.discord.api_url, gateway_url=self.discord.gateway_url))

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """The bot, connected and past its first polls."""
        gateway = self.discord.gateway
        before = gateway.connections

        async def connected() -> None:
            await self.discord.wait_for(lambda: gateway.connections > before, "the bot", within=30)

        async with self.running(self.discord.environment, connected) as bot:
            yield bot

    def alerts(self, channel: str) -> list[Shown]:
        """What was posted in a channel without being asked."""
        return [one for one in self.discord.world.here(channel) if not one.via]

    def headlines(self, channel: str) -> list[str]:
        """The titles that can be read in a channel, one for each alert that has one."""
        return [title for one in self.alerts(channel) for title in self.told(one.words)]

    async def answered(self, seen: Seen, text: str) -> str:
        """Wait until this is part of an answer, which takes a moment on a busy machine: "thinking" comes first."""
        await self.discord.wait_for(lambda: text in seen.text, f"{text!r} after {seen.asked.data}")
        return seen.text

    async def edited(self, alert: Shown) -> None:
        """Wait until a message says something else."""
        await self.discord.wait_for(lambda: alert.edits, "an edit")

    async def alert(self, channel: str, title: str) -> Shown:
        """Wait for the alert of a title in a channel."""
        await self.discord.wait_for(lambda: title in self.headlines(channel), f"{title!r} in {channel}")
        return next(one for one in self.alerts(channel) if title in one.words)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Lab]:
    """A server without a bot."""
    with serving() as web:
        async with DiscordServer() as discord:
            lab = Lab(web, folder, discord)
            lab.set_up()
            yield lab


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def lab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lab]:
    """A server whose bot runs on through all tests that use it; `robots` and `machines` are watched in two channels."""
    async with opened(tmp_path_factory.mktemp("lab")) as lab, lab.bot() as bot:
        for name in ("gears", "short-lived"):
            lab.discord.add(name)
        await lab.discord.recover()
        await lab.discord.command("/wire watch add", {"name": "robots", "query": "robot OR drone"})
        await lab.discord.command("/wire watch add", {"name": "machines", "query": "robot -vacuum"}, channel="deals")
        yield lab
        assert lab.discord.faults == []
        assert await asyncio.to_thread(bot.stop) == 0, bot.err
        assert "Traceback" not in bot.err


@pytest_asyncio.fixture(loop_scope="module")
async def own(tmp_path: Path) -> AsyncIterator[Lab]:
    """A server for one test, which starts the bot itself."""
    async with opened(tmp_path) as lab:
        yield lab


# -- commands --------------------------------------------------------------------------------------------------------------


async def test_help_is_there_at_once_for_who_asks_alone(lab: Lab) -> None:
    seen = await lab.discord.command("/wire help", user="bo")
    assert (seen.public, seen.seconds < AT_ONCE) == (False, True)
    assert "watch add NAME" in seen.text


@pytest.mark.parametrize(
    ("line", "given", "hint"),
    [
        ("/wire watch show", {"name": "robotz"}, "Did you mean `robots`?"),
        ("/wire watch add", {"name": "x", "query": "robot ("}, "never closed"),
        ("/wire why", {"alert": "qqqqqq"}, "Nothing stored"),
        ("/wire help", {"command": "wach"}, "no command"),
    ],
)
async def test_what_is_not_understood_is_answered_kindly_to_who_said_it(
    lab: Lab, line: str, given: dict[str, str], hint: str
) -> None:
    seen = await lab.discord.command(line, given)
    assert (seen.public, seen.seconds < AT_ONCE) == (False, True)
    assert hint in await lab.answered(seen, hint)


async def test_a_watchlist_is_added_before_all_and_listed_to_who_asks(lab: Lab) -> None:
    query = {"name": "gears", "query": "gearbox OR actuator"}
    seen = await lab.discord.command("/wire watch add", query, channel="gears")
    await lab.answered(seen, "Watching")
    assert (seen.public, seen.seconds < AT_ONCE) == (True, True)
    listed = await lab.discord.command("/wire watch list", user="bo", channel="gears")
    assert (listed.public, "gearbox OR actuator" in listed.text) == (False, True)
    assert "No watchlists here" in (await lab.discord.command("/wire watch list", channel="plain")).text


async def test_who_may_not_manage_the_server_looks_and_changes_nothing(lab: Lab) -> None:
    given = {"name": "sly", "query": "robot"}
    seen = await lab.discord.command("/wire watch add", given, user="bo")
    assert (seen.public, "ask somebody who manages this place" in seen.text) == (False, True), seen.text
    bare = await lab.discord.command("/wire watch add", user="bo")
    assert (bare.forms, "ask somebody" in bare.text) == ([], True)
    assert "sly" not in lab.watched()
    assert "feeds" in (await lab.discord.command("/wire status", user="bo")).text


@pytest.mark.parametrize(
    ("where", "about", "lacks"),
    [
        ("quiet", {}, ("Send Messages", "Embed Links")),
        ("robots", {"channel": "quiet"}, ("Send Messages", "Embed Links")),
        ("plain", {}, ("Create Public Threads",)),
    ],
)
async def test_a_permission_that_is_missing_is_named_when_a_watchlist_is_added(
    lab: Lab, where: str, about: dict[str, str], lacks: tuple[str, ...]
) -> None:
    seen = await lab.discord.command("/wire watch add", {"name": "mute", "query": "robot", **about}, channel=where)
    assert (seen.public, [name in seen.text for name in lacks]) == (False, [True] * len(lacks)), seen.text
    assert "mute" not in lab.watched()


async def test_permissions_that_change_meanwhile_count(lab: Lab) -> None:
    given = {"name": "later", "query": "robot", "channel": "plain"}
    assert "Create Public Threads" in (await lab.discord.command("/wire watch add", given)).text
    await lab.discord.permit("plain")
    try:
        await lab.answered(await lab.discord.command("/wire watch add", given), "Watching")
        assert "later" in (await lab.discord.command("/wire watch list", channel="plain")).text
        await lab.discord.command("/wire watch remove", {"name": "later", "channel": "plain"})
    finally:
        await lab.discord.permit("plain", bits("Create Public Threads"))


async def test_where_the_bot_is_no_member_direct_messages_are_offered(lab: Lab) -> None:
    given = {"name": "far", "query": "robot"}
    seen = await lab.discord.command("/wire watch add", given, channel="abroad")
    assert (seen.public, "not a member of this server" in seen.text) == (False, True)


async def test_a_bare_watch_add_opens_a_form_that_can_be_corrected(lab: Lab) -> None:
    discord = lab.discord
    form = (await discord.command("/wire watch add", user="olive", channel="gears")).form
    wrong = await discord.submit(form, {"name": "deals", "query": "round ("})
    assert (wrong.public, "never closed" in wrong.text) == (False, True)
    again = (await discord.press(wrong.shown[0], "Correct", user="olive")).form
    assert [again.value(name) for name in ("name", "query")] == ["deals", "round ("]
    right = await discord.submit(again, {"query": "round -boxing"})
    await lab.answered(right, "Watching")
    assert "round -boxing" in (await discord.command("/wire watch list", channel="gears")).text


async def test_what_is_typed_is_completed_with_what_there_is(lab: Lab) -> None:
    discord = lab.discord
    assert ("robots", "robots") in await discord.suggest("/wire watch show", "name", "rob")
    assert ("machines", "machines") in await discord.suggest("/wire watch show", "name", "", {"channel": "deals"})
    assert await discord.suggest("/wire watch show", "name", "qqqqqq") == []
    assert any("Boston Dynamics" in label for label, _ in await discord.suggest("/wire who", "name", "boston dyn"))
    assert any("Unitree" in label or "宇树" in label for label, _ in await discord.suggest("/wire who", "name", "宇树"))
    assert any(value == "Europe/Berlin" for _, value in await discord.suggest("/wire digest", "zone", "berlin"))
    assert all(one.seconds < AT_ONCE for one in discord.world.asked.values() if one.kind == 4)


# -- alerts ----------------------------------------------------------------------------------------------------------------


async def test_news_comes_as_one_card_with_a_nonce_and_buttons_that_answer(lab: Lab) -> None:
    discord, title = lab.discord, "warehouse robot learns to whistle"
    lab.publish(title)
    alert = await lab.alert("robots", title)
    [embed] = alert.embeds
    assert (title in alert.content, title in embed["title"].replace("**", "")) == (True, True)
    assert embed["url"].startswith("https://wire.example/")
    assert "robots" in alert.words
    assert (bool(alert.nonce), alert.payload["enforce_nonce"]) == (True, True)
    why = await discord.press(alert, "Why", user="bo")
    assert (why.public, why.seconds < AT_ONCE, "robot" in why.text) == (False, True, True)
    verdict = await discord.press(alert, "👍", user="bo")
    assert (verdict.public, bool(verdict.text)) == (False, True)


async def test_the_menu_of_a_message_explains_its_link(lab: Lab) -> None:
    said = lab.discord.say(f"look: https://wire.example/{len(lab.titles)}")
    seen = await lab.discord.menu(said, "Why this alert", user="bo")
    assert (seen.public, bool(seen.text)) == (False, True)
    nothing = await lab.discord.menu(lab.discord.say("nothing here"), "Why this alert")
    assert "no link" in nothing.text


async def test_a_hostile_title_is_shown_as_it_is_and_calls_nobody(lab: Lab) -> None:
    lab.publish("@everyone *robot* [click](javascript:alert) <@910000000000000001> `x` ||y|| <https://evil.example> #1")
    await lab.discord.wait_for(lambda: any("evil.example" in one.words for one in lab.alerts("robots")), "the alert")
    alert = next(one for one in lab.alerts("robots") if "evil.example" in one.words)
    assert alert.payload["allowed_mentions"] == {"parse": []}
    assert (r"\*robot\*" in alert.words, "](javascript" in alert.words.replace(r"\]", "")) == (True, False)
    assert lab.discord.faults == []


async def test_a_watchlist_of_ones_own_comes_as_direct_messages(lab: Lab) -> None:
    discord, title = lab.discord, "android opens a door in Hamburg"
    seen = await discord.command("/wire watch add", {"name": "own", "query": "android"}, user="bo", channel="DM")
    await lab.answered(seen, "Watching")
    lab.publish(title)
    await lab.alert("@bo", title)
    assert lab.headlines("@bo").count(title) == 1
    assert title not in lab.headlines("robots")
    assert "android" in (await discord.command("/wire watch list", user="bo", channel="DM")).text


async def test_what_somebody_follows_in_a_channel_comes_to_them_alone(lab: Lab) -> None:
    title = "humanoid robot folds shirts"
    seen = await lab.discord.command("/wire follow", {"what": "robotics"}, user="olive")
    await lab.answered(seen, "robotics")
    assert not seen.public
    lab.publish(title)
    await lab.alert("@olive", title)
    assert lab.headlines("@olive").count(title) == 1


async def test_a_further_report_of_a_story_that_somebody_follows_answers_its_message(lab: Lab) -> None:
    discord, title = lab.discord, "Apptronik raises $350 million Series A to build humanoid robots"
    given = {"name": "apollo", "query": "apptronik"}
    await lab.answered(await discord.command("/wire watch add", given, channel="DM"), "Watching")
    lab.publish(title)
    alert = await lab.alert("@ada", title)
    await lab.answered(await discord.press(alert, "Follow"), "You follow")
    lab.reprint(title)
    await discord.wait_for(lambda: len(lab.alerts("@ada")) == 2, "the further report")
    report = lab.alerts("@ada")[1]
    assert "ledger" in report.words
    assert report.payload["message_reference"] == {"message_id": alert.id, "fail_if_not_exists": False}
    await lab.edited(alert)
    assert "wire and 1 more" in alert.words


async def test_a_second_outlet_changes_the_message_of_every_place_and_makes_no_other(lab: Lab) -> None:
    discord, title = lab.discord, "inspection robot climbs a wind turbine"
    lab.publish(title)
    alerts = {channel: await lab.alert(channel, title) for channel in ("robots", "deals")}
    lab.reprint(title)
    for channel, alert in alerts.items():
        await lab.edited(alert)
        assert "wire and 1 more" in alert.words
        assert "https://ledger.example/" in str(alert.embeds)
        assert lab.headlines(channel).count(title) == 1
    why = await discord.press(alerts["robots"], "Why", user="bo")
    assert "wind turbine" in await lab.answered(why, "wind turbine")
    assert discord.faults == []


async def test_an_edit_of_a_message_that_somebody_deleted_harms_nothing(lab: Lab) -> None:
    discord, title, after = lab.discord, "robot wins at checkers in Turin", "farm robot picks strawberries all night"
    lab.publish(title)
    alert = await lab.alert("deals", title)
    alert.gone = True
    lab.reprint(title)
    await discord.wait_for(lambda: discord.called(EDIT, "deals"), "an attempt")
    lab.publish(after)
    await lab.alert("deals", after)


async def test_a_later_development_goes_into_a_thread_under_the_message_of_its_story(lab: Lab) -> None:
    discord, given = lab.discord, {"name": "softbank", "query": "company:softbank"}
    await lab.answered(await discord.command("/wire watch add", given, channel="gears"), "Watching")
    lab.publish(DEAL)
    alert = await lab.alert("gears", DEAL)
    lab.publish(CLEARED)
    [thread] = await discord.wait_for(lambda: discord.world.threads("gears"), "a thread")
    assert thread.id == alert.id
    reply = await lab.alert(thread.id, CLEARED)
    assert DEAL in reply.words
    assert "SoftBank is cleared to buy ABB's robotics business" in reply.words
    lab.reprint(APPROVED)
    await lab.polled("ledger")
    assert (len(lab.alerts(thread.id)), lab.headlines("gears").count(CLEARED)) == (1, 0)
    assert APPROVED not in [*lab.headlines("gears"), *lab.headlines(thread.id)]
    assert discord.faults == []


async def test_who_takes_no_direct_messages_holds_up_nobody(lab: Lab) -> None:
    title = "android climbs a ladder"
    seen = await lab.discord.command("/wire follow", {"what": "android"}, user="shy")
    await lab.answered(seen, "android")
    lab.publish(title)
    await lab.alert("@bo", title)
    [closed] = await lab.discord.wait_for(lambda: lab.discord.called(POST, "@shy"), "an attempt")
    assert (closed.ok, lab.headlines("@shy")) == (False, [])


async def test_in_a_forum_every_alert_is_a_post_of_its_own(lab: Lab) -> None:
    discord, titles = lab.discord, ["exoskeleton carries a piano", "exoskeleton sinks in a lake"]
    seen = await discord.command("/wire watch add", {"name": "suits", "query": "exoskeleton", "channel": "forum"})
    await lab.answered(seen, "Watching")
    lab.publish(*titles)
    await discord.wait_for(lambda: len(discord.world.threads("forum")) == 2, "two posts")
    posts = discord.world.threads("forum")
    assert [one.kind for one in posts] == [THREAD, THREAD]
    assert sorted(one.name for one in posts) == sorted(titles)
    assert [len(lab.alerts(one.id)) for one in posts] == [1, 1]


async def test_stored_news_is_looked_up_within_a_second(lab: Lab) -> None:
    asked = time()
    seen = await lab.discord.command("/wire news", {"query": "robot"}, user="bo")
    assert "robot" in seen.text
    assert (time() - asked < 1, seen.public) == (True, False)


async def test_a_place_that_must_wait_is_left_in_peace_so_long_and_no_other_waits(lab: Lab) -> None:
    discord, first, second = lab.discord, "delivery robot finds its way", "seven robot dogs patrol a harbour"
    discord.trouble(POST, limited(2, "robots"))
    lab.publish(first)
    await lab.alert("deals", first)
    assert first not in lab.headlines("robots")
    lab.publish(second)
    await lab.alert("robots", second)
    here = [call for call in discord.called(POST, "robots") if first in (said := str(call.payload)) or second in said]
    assert [(first in str(call.payload), call.ok) for call in here] == [(True, False), (True, True), (False, True)]
    assert here[1].at - here[0].at >= 2
    assert discord.faults == []


async def test_what_breaks_at_discord_is_tried_again_and_told_once(lab: Lab) -> None:
    title = "painting robot paints"
    lab.discord.trouble(POST, broken(502, accepted=True, channel="robots"))
    lab.publish(title)
    await lab.discord.wait_for(
        lambda: [call for call in lab.discord.called(POST, "robots") if call.ok and title in str(call.payload)]
    )
    posts = [call for call in lab.discord.called(POST, "robots") if title in str(call.payload)]
    assert [call.ok for call in posts] == [False, True]
    assert lab.headlines("robots").count(title) == 1


async def test_refused_in_its_form_a_story_is_told_in_plain_text(lab: Lab) -> None:
    title = "cooking robot burns the toast"
    lab.discord.trouble(POST, refused(400, 50035, "robots"))
    lab.publish(title)
    alert = await lab.alert("robots", title)
    assert (alert.embeds, title in alert.content) == ([], True)


# -- lives and connections -------------------------------------------------------------------------------------------------


async def test_after_a_broken_connection_nothing_is_missed(lab: Lab) -> None:
    gateway = lab.discord.gateway
    for number, tear in enumerate((gateway.drop, gateway.reconnect), 1):
        before = gateway.resumed
        await tear()
        assert "robots" in (await lab.discord.command("/wire watch list")).text, number
        assert gateway.resumed == before + 1
    assert len(gateway.identified) == 1


async def test_an_outage_keeps_all_and_a_deleted_channel_is_forgotten(lab: Lab) -> None:
    discord = lab.discord
    added = {"name": "gone", "query": "robot"}
    await discord.command("/wire watch add", added, channel="short-lived")
    await discord.outage()
    await discord.recover()
    assert "gone" in (await discord.command("/wire watch list", channel="short-lived")).text
    await discord.remove("short-lived")
    await lab.until(lambda: "gone" not in lab.watched())
    assert {"robots", "machines"} <= set(lab.watched())


async def test_after_a_kill_all_is_said_once_commands_are_told_once_and_buttons_and_forms_work(own: Lab) -> None:
    """Two lives: in the first one answer is lost and one outlasts it, the second says what is left to say."""
    discord, title, after = own.discord, "walking robot walks up a hill in Porto", "climbing robot climbs"
    async with own.bot():
        for channel in ("robots", "deals"):
            await discord.command("/wire watch add", {"name": "robots", "query": "robot"}, channel=channel)
        form = (await discord.command("/wire watch add")).form
        discord.trouble(POST, lost(channel="robots"), slow(60, "deals"))
        own.publish(title)
        alert = await own.alert("robots", title)
        await own.alert("deals", title)
    own.publish(after)
    own.reprint(title)
    async with own.bot() as bot:
        why = await discord.press(alert, "Why", user="bo")
        await own.answered(why, "robot")
        await own.answered(await discord.submit(form, {"name": "late", "query": "android"}), "Watching")
        for channel in ("robots", "deals"):
            await own.alert(channel, after)
            assert sorted(own.headlines(channel)) == sorted([title, after])
            posts = [call.payload for call in discord.called(POST, channel) if title in call.payload["content"]]
            assert (len(posts), len({post["nonce"] for post in posts})) == (2, 1)
            [told] = [one for one in own.alerts(channel) if title in one.words]
            await own.edited(told)
        assert (len(discord.called(SYNC)), discord.faults) == (1, [])
        await discord.kick()
        await own.until(lambda: own.watched() == [])
        assert bot.process.poll() is None, bot.err


async def test_a_bot_whose_token_is_refused_says_so_and_shows_no_token(own: Lab) -> None:
    own.discord.token = "another"
    with started(own.folder, "run", more={"DISCORD_TOKEN": "a-wrong-token"}) as bot:
        assert await asyncio.to_thread(bot.process.wait, 20) == 78
        assert "DISCORD_TOKEN" in bot.err
        assert "a-wrong-token" not in bot.err + bot.out
