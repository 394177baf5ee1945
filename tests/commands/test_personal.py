"""What people have for themselves: following, hours, mutes, leaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.command import Reply
from bot.commands.home import home
from bot.commands.mutes import MOST_MUTES
from bot.commands.personal import MOST_STORIES, left
from bot.message import Actions, Button, Card, Table
from bot.model import MessageRef, NewStory, Person, Place
from bot.people import DigestEntry, Hours, Mute, Sent, Verdict
from tests.commands.conftest import Typist, new
from tests.contract.makers import alert
from tests.fakes.world import START

ME, MINE, HERE = Person("slack:T0/U1"), Place("slack:T0/@U1"), Place("slack:T0/C1")


async def say(typist: Typist, line: str, place: str = HERE) -> Reply:
    """Somebody who is no manager says something in a channel."""
    return await typist.type(line, place, ME, "member")


def story(typist: Typist, title: str = "Robots walk") -> int:
    with typist.store.write() as tx:
        return tx.stories.add([NewStory(title, "Ex", START)])[0]


def told(typist: Typist, *story_ids: int, place: Place = HERE) -> int:
    """An alert that was posted there."""
    with typist.store.write() as tx:
        (delivery,) = tx.outbox.add([alert(place, *story_ids)], START)
        tx.outbox.claim(START, START + timedelta(minutes=1), 9)
        tx.outbox.done(delivery, MessageRef(place, "1"), START)
    return delivery


# -- following -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name", "query", "mode"),
    [
        ("follow robotics", "Robotics", "topic:robotics", "instant"),
        ("follow 机器人", "Robotics", "topic:robotics", "instant"),
        ("follow Robotics digest", "Robotics", "topic:robotics", "digest"),
        ("follow digest 宇树科技", "Unitree", "entity:unitree", "digest"),
        ('follow "Qwen"', "Qwen", "entity:qwen", "instant"),
        ("follow humanoid -toy", "humanoid -toy", "humanoid -toy", "instant"),
        (
            'follow "physical ai" OR "embodied intelligence" OR humanoid',
            "physical ai OR embodied intelligence…",
            None,
            "instant",
        ),
    ],
)
async def test_following_makes_a_watchlist_of_ones_own(
    typist: Typist, line: str, name: str, query: str | None, mode: str
) -> None:
    typist.holds(new("Unitree sells a robot"), new("A bank"))
    reply = await say(typist, line)
    assert reply.ok, reply.message.text
    assert not reply.public
    (row,) = reply.rows
    assert (row["place"], row["name"], row["query"], row["mode"]) == (MINE, name, query or line[7:], mode)
    assert "in the last 2 items" in reply.message.text
    assert ("daily digest" in reply.message.text) == (mode == "digest")


async def test_following_again_changes_when_it_tells(typist: Typist) -> None:
    await say(typist, "follow robotics")
    again = await say(typist, "follow 机器人 digest")
    assert again.message.text == "You follow `Robotics` already; it tells daily from now on."
    with typist.store.read() as tx:
        assert [(one.name, one.mode) for one in tx.watches.all(MINE)] == [("Robotics", "digest")]


async def test_a_name_that_is_taken_gets_a_number(typist: Typist) -> None:
    await typist.type("watch add Robotics robot", MINE)
    await typist.type("watch edit Robotics drone", MINE)
    with typist.store.write() as tx:
        tx.watches.add(MINE, "unrelated", "x", ME, START)
    first = await say(typist, "follow topic:robotics")
    assert first.rows[0]["name"] == "topic:robotics"
    long = "word " * 20
    names = [(await say(typist, f"follow {long}{end}")).rows[0]["name"] for end in ("one", "two")]
    assert names[1] == f"{names[0]} 2"


async def test_a_wrong_query_follows_nothing_and_a_near_miss_is_named(typist: Typist) -> None:
    assert not (await say(typist, "follow (robot")).ok
    near = await say(typist, "follow robotix")
    assert near.ok
    assert "Did you mean `follow Robotics`?" in near.message.text
    missing = await say(typist, "follow")
    assert "WHAT missing" in missing.message.text


async def test_one_person_may_have_so_many(typist: Typist) -> None:
    for number in range(typist.desk.limits.watchlists_per_person):
        assert (await say(typist, f"follow word{number}")).ok
    more = await say(typist, "follow one more")
    assert (more.ok, "one person may have 20" in more.message.text) == (False, True)
    assert (await say(typist, "follow word3 digest")).ok  # that is none more
    assert (await say(typist, "unfollow word3")).ok
    assert (await say(typist, "follow one more")).ok


async def test_unfollowing_takes_a_name_or_what_it_follows(typist: Typist) -> None:
    await say(typist, "follow robotics")
    await say(typist, "follow unitree")
    assert (await say(typist, "unfollow 宇树科技")).message.text == "You do not follow `Unitree` any more."
    wrong = await say(typist, "unfollow Robotcs")
    assert (wrong.ok, "Did you mean `Robotics`?" in wrong.message.text) == (False, True)
    assert (await say(typist, 'unfollow "robotics"')).ok
    assert "`settings` lists" in (await say(typist, "unfollow robotics")).message.text


async def test_a_channels_watchlist_is_not_mine_to_unfollow(typist: Typist) -> None:
    await typist.type("watch add robots robot", HERE)
    assert not (await say(typist, "unfollow robots")).ok
    with typist.store.read() as tx:
        assert len(tx.watches.all(HERE)) == 1


async def test_a_story_is_followed_by_its_number_or_by_its_message(typist: Typist) -> None:
    one, two = story(typist, "Robots walk"), story(typist, "Robots run")
    assert "“Robots walk”" in (await say(typist, f"follow story:{one}")).message.text
    assert (await say(typist, f"follow #{told(typist, two)}")).rows[0]["story"] == two
    with typist.store.read() as tx:
        assert tx.follows.of([one, two]) == {(one, MINE), (two, MINE)}
    several = await say(typist, f"follow #{told(typist, one, two)}")
    assert (several.ok, "several stories" in several.message.text) == (False, True)
    for line in ("follow story:999", "follow #999", "unfollow story:999"):
        assert not (await say(typist, line)).ok
    assert (await say(typist, f"unfollow story:{one}")).ok
    again = await say(typist, f"unfollow story:{one}")
    assert again.message.text == f"You do not follow story {one}."


async def test_one_person_may_follow_so_many_stories(typist: Typist) -> None:
    ids = [story(typist, f"Story {number}") for number in range(MOST_STORIES + 1)]
    replies = [await say(typist, f"follow story:{number}") for number in (*ids, ids[0])]
    assert [reply.ok for reply in replies] == [True] * MOST_STORIES + [False, True]
    assert "as many as one person may" in replies[-2].message.text


# -- hours -----------------------------------------------------------------------------------------------------------------


async def test_the_digest_comes_when_one_says(typist: Typist) -> None:
    usual = await say(typist, "digest")
    assert usual.message.text == (
        "The daily digest of 0 watchlists comes at 08:00 (UTC). None is in it yet: `follow robotics digest` makes one."
    )
    await say(typist, "follow robotics digest")
    reply = await say(typist, "digest at=7:30 zone=berlin")
    assert reply.message.text == "The daily digest of 1 watchlist comes at 07:30 (Europe/Berlin)."
    assert reply.rows == ({"place": MINE, "zone": "Europe/Berlin", "digest": "07:30", "quiet": None},)
    off = await say(typist, "digest off")
    assert "is off" in off.message.text
    assert "is off" in (await say(typist, "digest zone=Asia/Kolkata")).message.text
    assert "comes at 07:30 (Asia/Kolkata)" in (await say(typist, "digest on")).message.text
    with typist.store.read() as tx:
        assert tx.hours.get(MINE) == Hours(MINE, "Asia/Kolkata", time(7, 30))
        assert tx.hours.get(HERE) == Hours(HERE)


@pytest.mark.parametrize(
    ("line", "words", "field"),
    [
        ("digest at=25:00", "like 07:30", "at"),
        ("digest zone=Berln", "Did you mean `Europe/Berlin`?", "zone"),
        ("digest on off", "either on or off", "off"),
        ("quiet from=x", "from must be a time of day", "from"),
        ("quiet from=07:00", "cannot end when they begin", "to"),
        ("quiet from=22:00 off", "either off", "off"),
        ("quiet until=7", "did not expect", ""),
    ],
)
async def test_what_is_no_time_changes_nothing(typist: Typist, line: str, words: str, field: str) -> None:
    reply = await say(typist, line)
    assert (reply.ok, reply.field) == (False, field)
    assert words in reply.message.text
    with typist.store.read() as tx:
        assert tx.hours.get(MINE) == Hours(MINE)


async def test_quiet_hours_have_two_ends(typist: Typist) -> None:
    assert (await say(typist, "quiet")).message.text == "There are no quiet hours."
    assert "from 23:00 to 07:00 (UTC)" in (await say(typist, "quiet from=23:00")).message.text
    assert "from 23:00 to 06:15 (UTC)" in (await say(typist, "quiet to=6:15am")).message.text
    assert (await say(typist, "quiet")).rows[0]["quiet"] == ["23:00", "06:15"]
    assert (await say(typist, "quiet off")).message.text == "There are no quiet hours."


async def test_new_hours_count_at_once_for_what_waits(typist: Typist) -> None:
    with typist.store.write() as tx:
        (delivery,) = tx.outbox.add([alert(MINE)], START)
        tx.outbox.claim(START, START + timedelta(minutes=1), 9)
        tx.outbox.hold(delivery, START + timedelta(hours=9))
        tx.digests.add([DigestEntry(MINE, alert(MINE).items[0], (1,), START)])
        tx.digests.look(MINE, START + timedelta(hours=9))
    await say(typist, "quiet off")
    await say(typist, "digest")
    with typist.store.read() as tx:
        assert tx.digests.due(START, 9) == []  # nothing has changed
    await say(typist, "quiet from=1:00 to=2:00")
    with typist.store.write() as tx:
        assert tx.digests.due(START, 9) == [MINE]
        assert [one.id for one in tx.outbox.claim(START, START + timedelta(minutes=1), 9)] == [delivery]


async def test_a_channel_has_hours_of_its_own_that_a_manager_sets(typist: Typist) -> None:
    assert not (await say(typist, "channel digest at=09:00")).ok
    reply = await typist.type("channel digest at=09:00", HERE, ME)
    assert (reply.ok, reply.public) == (True, True)
    await typist.type("channel quiet from=20:00", HERE, ME)
    with typist.store.read() as tx:
        assert tx.hours.get(HERE) == Hours(HERE, "", time(9), True, time(20), time(7))
        assert tx.hours.get(MINE) == Hours(MINE)
    shown = await say(typist, "channel settings")
    assert "comes at 09:00" in shown.message.text


# -- mutes -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "kind", "key", "words"),
    [
        ("robots", "watchlist", None, "the watchlist Robots"),
        ("watch:ROBOTS", "watchlist", None, "the watchlist Robots"),
        ("宇树科技", "company", "unitree", "the company Unitree"),
        ("company:unitree", "company", "unitree", "the company Unitree"),
        ('source:"Robot  Ledger"', "source", "robot ledger", "the outlet Robot Ledger"),
        ("source:机器之心", "source", "机器之心", "the outlet 机器之心"),
    ],
)
async def test_what_is_muted_is_named_in_any_way(
    typist: Typist, what: str, kind: str, key: str | None, words: str
) -> None:
    number = (await typist.type("watch add Robots robot", MINE, ME)).ok
    assert number
    reply = await say(typist, f"watch mute for=1w {what}", MINE)
    assert reply.message.text == f"Muted {words} for a week."
    with typist.store.read() as tx:
        (mute,) = tx.mutes.of([MINE], START)
        key = key or str(tx.watches.all(MINE)[0].id)
    assert (mute.kind, mute.what, mute.until, mute.by) == (kind, key, START + timedelta(weeks=1), ME)
    assert (await say(typist, f"watch unmute {what}", MINE)).ok
    with typist.store.read() as tx:
        assert tx.mutes.of([MINE], START) == []


async def test_a_story_is_muted_by_its_number_or_by_its_message(typist: Typist) -> None:
    number = story(typist)
    delivery = told(typist, number)
    assert (await typist.type(f"watch mute #{delivery}", HERE)).ok
    assert not (await typist.type(f"watch mute #{delivery}", MINE)).ok  # what a place was told is its own
    reply = await typist.type(f"watch mute story:{number} for=forever", MINE)
    assert reply.message.text == "Muted the story “Robots walk” until you unmute it."
    with typist.store.read() as tx:
        assert [mute.until for mute in tx.mutes.of([MINE], START)] == [None]
    assert reply.message.parts[-1] == Actions((Button("Unmute", f"watch unmute story:{number}"),))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("watch mute for=2d x", "Did you mean"),
        ("watch mute x for=2d", "for must be one of 1h, 1d, 1w, forever"),
        ("watch mute Unitre", "Did you mean `Unitree`?"),
        ("watch mute company:Unitre", "Did you mean `Unitree`?"),
        ("watch mute watch:nothing", "There is no watchlist `nothing` here"),
        ("watch mute story:99", "no story 99"),
        ("watch mute story:x", "A story has a number"),
        ("watch mute", "WHAT missing"),
        ("watch unmute unitree", "is not muted here. Nothing is."),
    ],
)
async def test_what_cannot_be_muted_gets_a_kind_answer(typist: Typist, line: str, words: str) -> None:
    reply = await typist.type(line, MINE)
    assert not reply.ok
    assert words in reply.message.text or "must be one of" in reply.message.text


async def test_a_place_has_so_many_mutes(typist: Typist) -> None:
    with typist.store.write() as tx:
        for number in range(MOST_MUTES):
            tx.mutes.add(Mute(MINE, "source", f"s{number}", f"S{number}", None, ME, START))
    reply = await typist.type("watch mute unitree", MINE)
    assert (reply.ok, "watch unmute" in reply.message.text) == (False, True)


async def test_why_says_that_something_was_muted(typist: Typist) -> None:
    await typist.type("watch add robots robot")
    await typist.type("watch mute for=1d source:Example")
    typist.holds(replace(new("A robot walks"), fetched=START + timedelta(hours=1)))
    typist.clock.pass_(7200)
    reply = await typist.type("why A robot walks")
    assert "Not told: the outlet Example is muted until 2 Mar 12:00 UTC" in reply.message.text
    typist.clock.pass_(86_400)
    assert "is muted" not in (await typist.type("why A robot walks")).message.text


async def test_why_says_that_a_story_waits_for_the_digest(typist: Typist) -> None:
    await typist.type("watch add robots digest robot")
    typist.holds(new("A robot walks"))
    await typist.type("news")
    with typist.store.write() as tx:
        number = tx.items.search("robot")[0].story_id
        tx.digests.add([DigestEntry(Place("terminal:"), alert(Place("terminal:"), number).items[0], (1,), START)])
    assert "waits for the daily digest" in (await typist.type("why A robot walks")).message.text


# -- all of it -------------------------------------------------------------------------------------------------------------


async def test_settings_show_everything_with_what_changes_it(typist: Typist) -> None:
    number = story(typist)
    for line in (
        "follow robotics digest",
        "follow unitree",
        f"follow story:{number}",
        "digest at=07:30 zone=Europe/Berlin",
        "quiet from=22:00 to=07:00",
    ):
        assert (await say(typist, line)).ok
    await say(typist, "watch mute for=1w watch:Unitree", MINE)
    reply = await say(typist, "settings")
    for words in (
        "You follow 2 watchlists and 1 story.",
        "Robotics (daily): topic:robotics",
        "Unitree (at once · muted): entity:unitree",
        f"Story {number}: Robots walk",
        "1 watchlist comes at 07:30 (Europe/Berlin)",
        "from 22:00 to 07:00",
        "Muted: the watchlist Unitree, until 8 Mar 13:00 CET.",
        "`follow robotics`",
    ):
        assert words in reply.message.text
    assert await home(typist.desk, ME) == reply.message
    buttons = [one for part in reply.message.parts if isinstance(part, Actions) for one in part.items]
    commands = [one.command for one in buttons if isinstance(one, Button)]
    assert commands == [
        'watch mode "Robotics" instant',
        "watch mute for=1w watch:Robotics",
        "unfollow Robotics",
        'watch mode "Unitree" digest',
        "watch unmute watch:Unitree",
        "unfollow Unitree",
        f"unfollow story:{number}",
        "watch unmute watch:Unitree",
    ]
    for command in commands[:-1]:
        assert (await typist.type(command, MINE, ME, "member")).ok, command


async def test_settings_in_a_terminal_are_a_table(typist: Typist) -> None:
    await typist.type("follow robotics")
    reply = await typist.type("settings")
    assert Table(("name", "told", "query"), (("Robotics", "at once", "topic:robotics"),)) in reply.message.parts
    assert not any(isinstance(part, Card | Actions) for part in reply.message.parts)


async def test_somebody_new_is_told_how_to_begin(typist: Typist) -> None:
    message = await home(typist.desk, Person("discord:G0/77"))
    assert message.text.startswith("You follow nothing yet.")
    assert "`follow robotics`" in message.text


async def test_the_name_of_a_watchlist_cannot_say_another_command(typist: Typist) -> None:
    name = 'a" digest \\" b'
    with typist.store.write() as tx:
        tx.watches.add(MINE, name, "robot", ME, START)
    message = await home(typist.desk, ME)
    buttons = [one for part in message.parts if isinstance(part, Actions) for one in part.items]
    switch = next(one for one in buttons if isinstance(one, Button) and one.command.startswith("watch mode"))
    reply = await typist.type(switch.command, MINE, ME, "member")
    assert (reply.ok, reply.rows[0]["name"], reply.rows[0]["mode"]) == (True, name, "digest")
    for line in (f"watch mute watch:{name}", f"watch unmute watch:{name}", f"unfollow {name}"):
        assert (await typist.type(line, MINE, ME, "member")).ok, line


# -- leaving ---------------------------------------------------------------------------------------------------------------


async def fill(typist: Typist) -> None:
    await say(typist, "follow robotics")
    await say(typist, "quiet from=22:00")
    await say(typist, "watch mute unitree", MINE)
    await say(typist, f"follow story:{story(typist)}")
    await typist.type("watch add robots robot", HERE, ME)
    with typist.store.write() as tx:
        tx.verdicts.add(Verdict(tx.watches.all(HERE)[0].id, 1, ME, True, {}, START))
        tx.digests.clear(MINE, Sent(START, date(2026, 3, 1)))
        tx.outbox.add([alert(MINE)], START)


async def test_being_forgotten_takes_a_second_word(typist: Typist) -> None:
    await fill(typist)
    asked = await say(typist, "forget-me")
    assert asked.message.text.startswith(
        "I keep about you: 1 watchlist, 1 followed story, 1 mute, 1 verdict, 1 message that waits, and when you are told."
    )
    assert asked.message.parts[-1] == Actions((Button("Forget me", "forget-me yes", tone="danger"),))
    with typist.store.read() as tx:
        assert len(tx.watches.all(MINE)) == 1
    done = await say(typist, "forget-me yes")
    assert done.rows[0]["forgotten"] is True
    with typist.store.read() as tx:
        assert tx.departures.count(MINE) == dict.fromkeys(("watchlists", "stories", "mutes", "verdicts", "waiting"), 0)
        assert (tx.hours.get(MINE), tx.digests.sent(MINE)) == (Hours(MINE), None)
        assert [(one.name, one.owner) for one in tx.watches.all(HERE)] == [("robots", "")]
    again = await say(typist, "forget-me yes")
    assert "0 watchlists, 0 followed stories, 0 mutes, 0 verdicts, 0 messages that wait" in again.message.text


async def test_a_workspace_that_removes_the_bot_leaves_nothing(typist: Typist) -> None:
    await fill(typist)
    await left(typist.desk, "slack:T1")
    with typist.store.read() as tx:
        assert len(tx.watches.all()) == 2
    await left(typist.desk, "slack:T0")
    with typist.store.read() as tx:
        assert (tx.watches.all(), tx.outbox.waiting()) == ([], 0)
