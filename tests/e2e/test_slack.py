"""The real bot in our own Slack: commands, forms, buttons, alerts, troubles, restarts; every payload checked by the rules."""

from __future__ import annotations

import asyncio
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any, TypeVar

import pytest
import pytest_asyncio

from bot.loopback import Loopback
from bot.store.open import open_store
from tests.e2e.program import Bot, started, until
from tests.e2e.web import page, rss, serving
from tests.fakes.slack_http import Sender, signed
from tests.fakes.slack_server import Room, SlackServer, View, limited, lost, slow
from tests.fakes.slack_state import elements

T = TypeVar("T")
pytestmark = pytest.mark.asyncio(loop_scope="module")

CONFIG = """\
database = "wire.db"
[fetch]
allow_networks = ["127.0.0.1/32"]
[poll]
every = "1s"
shortest = "1s"
longest = "1s"
jitter = 0.0
[slack]
api_url = "{api_url}"
mode = "{mode}"
listen = "{listen}"
[start]
feeds = "feeds.opml"
watchlists = ""
"""
SECRET = "a signing secret"
AT_ONCE = 0.5
"""Seconds within which an acknowledgement must be there."""


@dataclass
class Office:
    """A workspace, a feed to read there, and the folder of the bot."""

    slack: SlackServer
    web: Loopback
    folder: Path
    titles: list[str] = field(default_factory=lambda: ["vacuum robot zero stays at home"])
    lives: int = 0

    def set_up(self, mode: str = "socket", listen: str = "127.0.0.1:3000") -> None:
        """Write the configuration, and a feed with one old entry."""
        self.folder.mkdir(exist_ok=True)
        said = CONFIG.format(api_url=self.slack.api_url, mode=mode, listen=listen)
        (self.folder / "config.toml").write_text(said, encoding="utf-8")
        outline = f'<outline type="rss" text="wire" xmlUrl="{self.web.url("/wire")}"/>'
        opml = f'<opml version="2.0"><head/><body>{outline}</body></opml>'
        (self.folder / "feeds.opml").write_text(opml, encoding="utf-8")
        self.publish()

    def publish(self, *titles: str) -> None:
        """The feed has these before what it had."""
        self.titles = [*titles, *self.titles]
        self.web.pages["/wire"] = page(rss("wire", self.titles))

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """The bot, connected and in its first life past the first poll; killed at the end, if it runs still."""
        self.lives += 1
        before = self.slack.connections
        more = self.slack.environment | {"SLACK_SIGNING_SECRET": SECRET}
        with started(self.folder, "run", name=f"bot{self.lives}", more=more) as bot:
            try:
                if self.slack.sender is None:
                    await self.slack.wait_for(lambda: self.slack.connections > before, "the bot", within=30)
                await self.until(lambda: self.web.hits.get("/wire", 0) > 1)  # the first poll is stored by then
                yield bot
            except BaseException:
                print(bot.err[-3000:])  # noqa: T201 - shown by pytest where a test fails
                raise
            finally:
                bot.process.kill()

    async def until(self, look: Callable[[], T]) -> T:
        """Wait for something that happens outside the workspace."""
        return await asyncio.to_thread(until, look)

    def watched(self) -> list[str]:
        """The names of all watchlists in the database."""
        store = open_store(str(self.folder / "wire.db"))
        try:
            with store.read() as tx:
                return [one.name for one in tx.watches.all()]
        finally:
            store.close()

    def nonces(self, channel: str) -> list[str]:
        """The nonces of the alerts in a channel, oldest first."""
        return [str(one.metadata["event_payload"]["nonce"]) for one in self.slack.world.here(channel) if one.metadata]

    def headlines(self, channel: str) -> list[str]:
        """The titles of the feed that can be read in a channel, one for each message that has one."""
        messages = [one.words for one in self.slack.world.here(channel) if one.metadata]
        return [title for words in messages for title in self.titles if title in words]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Office]:
    """An office without a bot."""
    with serving() as web:
        async with SlackServer() as slack:
            office = Office(slack, web, folder)
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
    slack, first, second = office.slack, "delivery robot finds its way", "delivery robot comes back"
    slack.trouble("chat.postMessage", limited(3, "C1"))
    office.publish(first)
    await slack.wait_for(lambda: first in office.headlines("C2"), "the alert elsewhere")
    office.publish(second)
    await slack.wait_for(lambda: second in office.headlines("C1"), "the alerts after the wait")
    here = [call for call in slack.called("chat.postMessage", channel="C1") if "delivery robot" in call.payload["text"]]
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
    slack, before, after = own.slack, ["walking robot walks", "swimming robot swims"], "climbing robot climbs"
    if not history:
        slack.world.scopes -= {scope for scope in slack.world.scopes if scope.endswith(":history")}
    async with own.bot():
        await slack.command("/wire watch add robots robot")
        slack.trouble("chat.postMessage", slow(0, "C1"), lost(channel="C1"))
        own.publish(*before)
        await slack.wait_for(lambda: len(own.headlines("C1")) == 2, "the alert of which the bot never hears")
    own.publish(after)
    async with own.bot() as bot:
        why = await slack.press(next(one for one in slack.world.here("C1") if one.metadata), "Why", user="U2")
        assert (why.public, "robot" in why.text) == (False, True)
        await slack.wait_for(lambda: after in own.headlines("C1"), "the alert of the second life")
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
