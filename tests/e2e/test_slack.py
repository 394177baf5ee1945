"""The real bot in our own Slack: commands, forms, buttons, alerts, troubles, restarts; every payload checked by the rules."""

from __future__ import annotations

import asyncio
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any

import pytest
import pytest_asyncio

from tests.e2e.newsroom import APPROVED, AT_ONCE, CLEARED, DEAL, Newsroom
from tests.e2e.program import Bot, started
from tests.e2e.web import serving
from tests.fakes.slack_http import Sender, signed
from tests.fakes.slack_server import Room, Shown, SlackServer, View, limited, lost, slow
from tests.fakes.slack_state import elements

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONFIG = """\
[slack]
api_url = "{api_url}"
mode = "{mode}"
listen = "{listen}"
"""
SECRET = "a signing secret"


@dataclass
class Office(Newsroom):
    """A workspace, outlets to read there, and the folder of the bot."""

    slack: SlackServer

    def set_up(self, mode: str = "socket", listen: str = "127.0.0.1:3000") -> None:
        """Write all files."""
        self.furnish(CONFIG.format(api_url=self.slack.api_url, mode=mode, listen=listen))

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """The bot, connected and past its first polls."""
        before = self.slack.connections

        async def connected() -> None:
            if self.slack.sender is None:
                await self.slack.wait_for(lambda: self.slack.connections > before, "the bot", within=30)

        more = self.slack.environment | {"SLACK_SIGNING_SECRET": SECRET}
        async with self.running(more, connected) as bot:
            yield bot

    def nonces(self, channel: str) -> list[str]:
        """The nonces of the alerts in a channel, oldest first."""
        return [str(one.metadata["event_payload"]["nonce"]) for one in self.slack.world.here(channel) if one.metadata]

    async def edited(self, alert: Shown) -> None:
        """Wait until a message says something else."""
        await self.slack.wait_for(lambda: alert.edits, "an edit")

    async def alert(self, channel: str, title: str) -> Shown:
        """Wait for the alert of a title in a channel."""
        await self.slack.wait_for(lambda: title in self.headlines(channel), f"{title!r} in {channel}")
        return next(one for one in self.slack.world.here(channel) if one.metadata and title in one.words)

    def headlines(self, channel: str) -> list[str]:
        """The titles that can be read in a channel, one for each message that has one."""
        return [title for one in self.slack.world.here(channel) if one.metadata for title in self.told(one.words)]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Office]:
    """An office without a bot."""
    with serving() as web:
        async with SlackServer() as slack:
            office = Office(web, folder, slack)
            office.set_up()
            yield office


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """An office whose bot runs on through all tests that use it; `robots` are watched in C1, `machines` in C2."""
    async with opened(tmp_path_factory.mktemp("office")) as office, office.bot() as bot:
        office.slack.world.rooms |= {room.id: room for room in (Room("C5", "lab"), Room("C6", "short-lived"))}
        await office.slack.command("/wire watch add robots robot OR drone")
        await office.slack.command("/wire watch add machines robot -vacuum", channel="C2")
        yield office
        assert office.slack.faults == []
        assert await asyncio.to_thread(bot.stop) == 0, bot.err
        assert "Traceback" not in bot.err


@pytest_asyncio.fixture(loop_scope="module")
async def own(tmp_path: Path) -> AsyncIterator[Office]:
    """An office for one test, which starts the bot itself."""
    async with opened(tmp_path) as office:
        yield office


def menu(view: View, kind: str) -> str:
    """The action_id of the first external menu of a form that suggests this kind of thing."""
    found = [str(one["action_id"]) for _, one in elements(view.blocks) if one["type"].endswith("external_select")]
    return next(name for name in found if kind in name)


# -- commands --------------------------------------------------------------------------------------------------------------


async def test_help_is_acknowledged_at_once_and_told_to_who_asks_alone(office: Office) -> None:
    seen = await office.slack.command("/wire help", user="U2")
    assert (seen.public, seen.seconds < AT_ONCE) == (False, True)
    assert "watch add NAME" in seen.text


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/wire wach list", "Did you mean watch list?"),
        ("/wire watch lits", "Did you mean watch list?"),
        ("/wire frobnicate", "help lists them all"),
        ("/wire news limit=x", "must be a number"),
        ("/wire watch add x robot (", "never closed"),
        ("/wire", "watch list"),
    ],
)
async def test_what_is_not_understood_is_answered_kindly_to_who_said_it(office: Office, line: str, hint: str) -> None:
    seen = await office.slack.command(line)
    assert (seen.public, hint in seen.text) == (False, True), seen.text


async def test_a_watchlist_is_added_before_all_and_listed_to_who_asks(office: Office) -> None:
    seen = await office.slack.command("/wire watch add gears gearbox OR actuator", channel="C5")
    assert (seen.public, seen.shown[0].channel) == (True, "C5")
    assert "Watching gears" in seen.text
    listed = await office.slack.command("/wire watch list", user="U2", channel="C5")
    assert (listed.public, "gearbox OR actuator" in listed.text) == (False, True)
    assert "No watchlists here" in (await office.slack.command("/wire watch list", user="U2", channel="G1")).text


@pytest.mark.parametrize(
    ("user", "channel", "refusal"),
    [
        ("U3", "C1", "Guests can look things up"),
        ("U6", "C1", "Guests can look things up"),
        ("U4", "C1", "Guests can look things up"),
        ("U3", "DM", "Guests can look things up"),
        ("U2", "C1", "ask somebody who manages this place"),
    ],
)
async def test_guests_and_in_shared_channels_members_look_and_change_nothing(
    office: Office, user: str, channel: str, refusal: str
) -> None:
    seen = await office.slack.command("/wire watch add sly robot", user=user, channel=channel)
    assert (seen.public, refusal in seen.text) == (False, True), seen.text
    listed = await office.slack.command("/wire watch list", user=user, channel=channel)
    assert "sly" not in listed.text
    assert "feeds" in (await office.slack.command("/wire status", user=user, channel=channel)).text


async def test_a_bare_watch_add_opens_a_form_that_shows_errors_under_their_fields(office: Office) -> None:
    slack = office.slack
    form = (await slack.command("/wire watch add", user="U5", channel="C5")).view
    wrong = await slack.submit(form, {"name": "deals", "query": "round ("})
    assert (list(wrong.errors), form.open) == ([form.field("query")[0]["block_id"]], True)
    assert "never closed" in "".join(wrong.errors.values())
    right = await slack.submit(form, {"name": "deals", "query": "round -boxing"})
    assert (right.errors, form.open, right.public) == ({}, False, True)
    assert "Watching deals" in right.text
    assert "round -boxing" in (await slack.command("/wire watch list", channel="C5")).text
    assert all(sent.seconds < 3 for sent in slack.sent)


async def test_what_is_typed_into_a_form_is_completed_with_topics_and_entities(office: Office) -> None:
    form = (await office.slack.command("/wire watch add", channel="C2")).view
    topics = await office.slack.suggest(form, menu(form, "topic"), "robo")
    assert "robotics" in [value for _, value in topics]
    entities = await office.slack.suggest(form, menu(form, "entity"), "boston dyn")
    assert any("Boston Dynamics" in label for label, _ in entities)
    assert await office.slack.suggest(form, menu(form, "entity"), "qqqqqq") == []
    chinese = await office.slack.suggest(form, menu(form, "entity"), "宇树")
    assert any("Unitree" in label or "宇树" in label for label, _ in chinese)


async def test_what_is_chosen_in_a_form_becomes_part_of_the_query(office: Office) -> None:
    form = (await office.slack.command("/wire watch add", channel="C5")).view
    done = await office.slack.submit(form, {"name": "chosen", menu(form, "topic"): ["robotics"]})
    assert done.errors == {}
    listed = await office.slack.command("/wire watch list", channel="C5")
    assert re.search(r"topic:robotics", listed.text)
    assert "removed" in (await office.slack.command("/wire watch remove chosen", channel="C5")).text


async def test_the_home_tab_lists_what_is_mine_and_takes_more(office: Office) -> None:
    slack = office.slack
    added = await slack.command("/wire watch add mine humanoid", user="U2", channel="DM")
    assert "Watching mine" in added.text
    home = await slack.open_home("U2")
    assert "mine" in home.words
    assert "mine" not in (await slack.open_home("U1")).words
    form = (await slack.press(home, "Add a watchlist", user="U2")).view
    assert (await slack.submit(form, {"name": "homely", "query": "android -phone"})).errors == {}
    await slack.wait_for(lambda: "homely" in home.words, "the home with what is new")


async def test_an_event_that_comes_again_is_handled_once(office: Office) -> None:
    slack = office.slack
    said: dict[str, Any] = {"user": "U2", "channel": slack.world.direct("U2").id, "tab": "home"}
    published = len(slack.called("views.publish"))
    first = await slack.event("app_home_opened", **said)
    await slack.event("app_home_opened", retry=1, event_id=first.payload["event_id"], **said)
    await slack.wait_for(lambda: len(slack.called("views.publish")) > published)
    await slack.command("/wire status", user="U2")  # whatever else there was to do for the event is done before
    assert len(slack.called("views.publish")) == published + 1


# -- alerts ----------------------------------------------------------------------------------------------------------------


async def test_news_comes_as_one_card_with_text_a_nonce_and_buttons_that_answer(office: Office) -> None:
    slack, title = office.slack, "warehouse robot learns to whistle"
    office.publish(title)
    await slack.wait_for(lambda: title in office.headlines("C1"), "the alert")
    alert = next(one for one in slack.world.here("C1") if one.metadata and title in one.words)
    assert title in alert.text
    assert "robots" in alert.words
    assert "https://wire.example/" in str(alert.blocks)
    assert office.nonces("C1").count(office.nonces("C1")[-1]) == 1
    why = await slack.press(alert, "Why", user="U2")
    assert (why.public, why.seconds < AT_ONCE, "robot" in why.text) == (False, True, True)
    verdict = await slack.press(alert, "👍", user="U1")
    assert (verdict.public, bool(verdict.text)) == (False, True)


async def test_a_second_outlet_changes_the_message_of_every_place_and_makes_no_other(office: Office) -> None:
    slack, title = office.slack, "Apptronik raises $350 million Series A for its humanoid robot"
    office.publish(title)
    alerts = [await office.alert(channel, title) for channel in ("C1", "C2")]
    office.reprint(title)
    for alert in alerts:
        await office.edited(alert)
        assert "wire and 1 more" in alert.words
        assert "https://ledger.example/" in str(alert.blocks)
        assert office.headlines(alert.channel).count(title) == 1
    why = await slack.press(alerts[0], "Why", user="U2")
    assert title in why.text
    assert slack.faults == []


async def test_a_further_report_of_a_story_that_somebody_follows_goes_under_its_message(office: Office) -> None:
    slack, title, room = office.slack, "exoskeleton carries a piano upstairs", office.slack.world.direct("U2").id
    assert "Watching suits" in (await slack.command("/wire watch add suits exoskeleton", user="U2", channel="DM")).text
    office.publish(title)
    alert = await office.alert(room, title)
    assert "You follow" in (await slack.press(alert, "Follow", user="U2")).text
    office.reprint(title)
    await slack.wait_for(lambda: office.headlines(room).count(title) == 2, "the further report")
    report = slack.world.here(room)[-1]
    assert (report.thread, "ledger" in report.words) == (alert.ts, True)
    await office.edited(alert)
    assert slack.faults == []


async def test_a_later_development_goes_under_the_message_of_its_story(office: Office) -> None:
    slack = office.slack
    assert "Watching softbank" in (await slack.command("/wire watch add softbank company:softbank", channel="C5")).text
    office.publish(DEAL)
    alert = await office.alert("C5", DEAL)
    office.publish(CLEARED)
    await slack.wait_for(lambda: CLEARED in office.headlines("C5"), "the development")
    reply = slack.world.here("C5")[-1]
    assert (reply.thread, DEAL in reply.words, "Why" in reply.buttons()) == (alert.ts, True, True)
    assert "SoftBank is cleared to buy ABB's robotics business" in reply.words
    office.reprint(APPROVED)
    await office.polled("ledger")
    assert APPROVED not in office.headlines("C5")
    assert len([one for one in slack.world.here("C5") if one.thread]) == 1
    assert slack.faults == []


async def test_an_edit_of_a_message_that_somebody_deleted_harms_nothing(office: Office) -> None:
    slack, title, after = office.slack, "robot wins at checkers in Turin", "farm robot picks strawberries all night"
    office.publish(title)
    alert = await office.alert("C2", title)
    slack.world.messages.remove(alert)
    office.reprint(title)
    await slack.wait_for(lambda: any(call.payload.get("ts") == alert.ts for call in slack.called("chat.update")))
    office.publish(after)
    await office.alert("C2", after)
    assert office.headlines("C2").count(title) == 0


async def test_a_hostile_title_is_shown_as_it_is_and_calls_nobody(office: Office) -> None:
    slack = office.slack
    title = "<!channel> AT&T *robot* <https://evil.example|click> <@U1> &lt;b&gt; @here #robots `x` _y_ > z | end"
    office.publish(title)
    await slack.wait_for(lambda: any("evil.example" in one.text for one in slack.world.here("C1")), "the alert")
    alert = next(one for one in slack.world.here("C1") if "evil.example" in one.text)
    shown = re.sub(r"[^\w<>@&!]", "", alert.words)
    assert all(part in shown for part in ("<!channel>", "AT&T", "<@U1>", "@here", "click"))
    assert slack.faults == []


async def test_a_watchlist_of_ones_own_comes_as_direct_messages(office: Office) -> None:
    slack, title, room = office.slack, "android opens a door in Hamburg", office.slack.world.direct("U5").id
    added = await slack.command("/wire watch add own android", user="U5", channel="DM")
    assert "Watching own" in added.text
    office.publish(title)
    await slack.wait_for(lambda: title in office.headlines(room), "the direct message")
    assert office.headlines(room).count(title) == 1
    assert title not in office.headlines("C1")
    assert "android" in (await slack.command("/wire watch list", user="U5", channel="DM")).text


async def test_what_somebody_follows_in_a_channel_comes_to_them_alone(office: Office) -> None:
    slack, title, room = office.slack, "humanoid robot folds shirts", office.slack.world.direct("U1").id
    seen = await slack.command("/wire follow robotics")
    assert (seen.public, "robotics" in seen.text) == (False, True)
    office.publish(title)
    await slack.wait_for(lambda: title in office.headlines(room), "the direct message")
    assert office.headlines(room).count(title) == 1


async def test_a_link_that_somebody_posted_is_explained_by_the_shortcut(office: Office) -> None:
    said = office.slack.world.say(f"look: <https://wire.example/{len(office.titles)}>", "U2", "C1")
    seen = await office.slack.shortcut(said, "why_link", user="U2")
    assert (seen.public, bool(seen.text)) == (False, True)
    nothing = office.slack.world.say("nothing here", "U2", "C1")
    assert "no link" in (await office.slack.shortcut(nothing, "why_link", user="U2")).text


async def test_stored_news_is_looked_up_within_a_second(office: Office) -> None:
    asked = time()
    seen = await office.slack.command("/wire news robot", user="U2")
    assert "robot" in seen.text
    assert (time() - asked < 1, seen.public) == (True, False)


async def test_a_place_that_must_wait_is_left_in_peace_so_long_and_no_other_waits(office: Office) -> None:
    slack, first, second = office.slack, "delivery robot finds its way", "seven robot dogs patrol a harbour"
    slack.trouble("chat.postMessage", limited(3, "C1"))
    office.publish(first)
    await slack.wait_for(lambda: first in office.headlines("C2"), "the alert elsewhere")
    office.publish(second)
    await slack.wait_for(lambda: second in office.headlines("C1"), "the alerts after the wait")
    here = [
        call
        for call in slack.called("chat.postMessage", channel="C1")
        if first in (text := call.payload["text"]) or second in text
    ]
    assert [(first in call.payload["text"], call.ok) for call in here] == [(True, False), (True, True), (False, True)]
    assert here[1].at - here[0].at >= 3
    elsewhere = [call.at for call in slack.called("chat.postMessage", channel="C2") if second in call.payload["text"]]
    assert [at < here[1].at for at in elsewhere] == [True]
    assert slack.faults == []


async def test_after_a_refresh_and_a_broken_connection_commands_work(office: Office) -> None:
    slack = office.slack
    await slack.refresh()
    assert "robots" in (await slack.command("/wire watch list")).text
    before = slack.connections
    await slack.close_sockets()
    await slack.wait_for(lambda: slack.connections > before and slack.connected, "a new connection", within=20)
    assert "robots" in (await slack.command("/wire watch list")).text


async def test_a_channel_that_the_bot_was_taken_out_of_is_forgotten(office: Office) -> None:
    slack = office.slack
    assert "Watching gone" in (await slack.command("/wire watch add gone robot", channel="C6")).text
    await slack.remove("C6")
    await office.until(lambda: "gone" not in office.watched())
    slack.world.rooms["C6"].joined = True
    assert "No watchlists here" in (await slack.command("/wire watch list", channel="C6")).text


# -- lives that end ----------------------------------------------------------------------------------------------------------


async def killed(own: Office, history: bool) -> None:
    """Two lives: the first is killed when the reply to a post was lost, the second says what is left to say."""
    slack, before, after = (
        own.slack,
        ["walking robot walks up a hill in Porto", "swimming robot swims"],
        "climbing robot climbs",
    )
    if not history:
        slack.world.scopes -= {scope for scope in slack.world.scopes if scope.endswith(":history")}
    async with own.bot():
        await slack.command("/wire watch add robots robot")
        slack.trouble("chat.postMessage", slow(0, "C1"), lost(channel="C1"))
        own.publish(*before)
        await slack.wait_for(lambda: len(own.headlines("C1")) == 2, "the alert of which the bot never hears")
    own.publish(after)
    own.reprint(before[0])
    async with own.bot() as bot:
        why = await slack.press(next(one for one in slack.world.here("C1") if one.metadata), "Why", user="U2")
        assert (why.public, "robot" in why.text) == (False, True)
        await slack.wait_for(lambda: after in own.headlines("C1"), "the alert of the second life")
        told = [one for one in slack.world.here("C1") if one.metadata and before[0] in one.words]
        await slack.wait_for(
            lambda: [one.edits for one in told if one.edits] == [1], "an edit of the first life's alert"
        )
        assert slack.faults == []
        await slack.uninstall()
        await own.until(lambda: own.watched() == [])
        assert bot.process.poll() is None, bot.err


async def test_after_a_kill_all_is_said_once_and_once_more_at_most_where_no_history_may_be_read(tmp_path: Path) -> None:
    async with opened(tmp_path / "with") as reads, opened(tmp_path / "without") as blind:
        await asyncio.gather(killed(reads, history=True), killed(blind, history=False))
        assert sorted(reads.headlines("C1")) == sorted(reads.titles[:3])
        assert set(blind.headlines("C1")) == set(blind.titles[:3])
        counts = Counter(blind.headlines("C1"))
        assert [counts[title] <= (2 if title in blind.titles[1:3] else 1) for title in blind.titles[:3]] == [True] * 3
        assert len(blind.headlines("C1")) <= 4
        assert [len(set(own.nonces("C1"))) for own in (reads, blind)] == [3, 3]
        assert [bool(own.slack.called("conversations.history")) for own in (reads, blind)] == [True, False]


async def test_a_bot_whose_token_is_refused_says_so_and_shows_no_token(own: Office) -> None:
    own.slack.revoked = "invalid_auth"
    with started(own.folder, "run", more=own.slack.environment) as bot:
        await own.until(lambda: "invalid_auth" in bot.err or "refuse" in bot.err)
        assert own.slack.bot_token not in bot.err
        assert own.slack.app_token not in bot.err


# -- HTTP --------------------------------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_by_http_signed_requests_are_answered_and_all_others_refused(own: Office) -> None:
    slack, listen = own.slack, f"127.0.0.1:{free_port()}"
    own.set_up("http", listen)
    slack.sender = sender = Sender(f"http://{listen}/slack/events", SECRET)
    async with own.bot() as bot:
        await own.until(lambda: "listening" in bot.err)
        seen = await slack.command('/wire watch add robots robot OR "R&D"')
        assert "Watching robots" in seen.text
        form = (await slack.command("/wire watch add")).view
        assert list((await slack.submit(form, {"name": "x", "query": "("})).errors) == ["query"]
        payload = slack.sent[0].payload | {"text": "status"}
        once = signed(SECRET, "slash_commands", payload)
        answers = [
            await sender.send("slash_commands", payload, signature="v0=" + "0" * 64),
            await sender.send("slash_commands", payload, timestamp=str(int(time()) - 301)),
            await sender.send("slash_commands", payload, timestamp="yesterday"),
            await sender.send_as_is(once),
            await sender.send_as_is(once),
        ]
        said = {"type": "url_verification", "challenge": "chosen", "token": "t"}
        verified = await sender.send("events_api", said)
        assert [answer.status for answer in answers] == [401, 401, 401, 200, 401]
        assert (verified.status, "chosen" in verified.body) == (200, True)
        assert "Traceback" not in bot.err
