"""One story, one message: edited as more outlets report it, with what is new under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.errors import Gone, NeverAgain, TryAgain
from bot.model import Alert, Place
from bot.people import Hours, Mute, MuteKind
from tests.fakes.placer import ScriptedPlacer
from tests.flow.conftest import Bot

A, B, C, D = (f"https://{name}.example/feed" for name in "abcd")
HERE, THERE, MINE = Place("slack:T0/C1"), Place("slack:T0/C2"), Place("slack:T0/@U1")
FIRST, AGAIN, THIRD = (
    "sale | Norrland buys a robot maker",
    "sale | a robot maker goes to Norrland",
    "sale | so they say",
)
LATER, LATER_AGAIN = "sale>ok | the sale to Norrland is approved", "sale>ok | a watchdog nods"


async def begin(bot: Bot, *places: Place, query: str = "robot") -> None:
    for place in places or (HERE,):
        bot.watch(query, place)
    for url in (A, B, C, D):
        bot.feed(url, f"seed of {url}")
    await bot.poll()


async def tell(bot: Bot, url: str, *titles: str) -> None:
    bot.news(url, *titles)
    await bot.poll()


def said(bot: Bot) -> list[tuple[Place, str]]:
    """Place and headline of every message, in order; what stands under another has its headline after `>`."""
    heads = {nonce: text.partition(" · ")[0] for _, text, nonce in bot.chat.posted}
    under = {nonce: heads[ref.id] for nonce, ref in bot.chat.threads.items()}
    return [
        (place, f"{under[nonce]} > {heads[nonce]}" if nonce in under else heads[nonce])
        for place, _, nonce in bot.chat.posted
    ]


def update(title: str, about: str = FIRST) -> str:
    return f"{about} > New in “{about}”: {title}"


def scripted(bot: Bot) -> ScriptedPlacer:
    assert isinstance(bot.placer, ScriptedPlacer)
    return bot.placer


def edits(bot: Bot) -> list[str]:
    """The outlets that each edit shows."""
    return [text.split(" · ")[1] for _, text in bot.chat.edits]


# -- edits -------------------------------------------------------------------------------------------------------------


async def test_a_further_outlet_edits_the_message_of_every_place(bot: Bot) -> None:
    await begin(bot, HERE, MINE)
    await tell(bot, A, FIRST)
    await tell(bot, B, AGAIN)
    assert sorted(said(bot)) == [(MINE, FIRST), (HERE, FIRST)]
    assert edits(bot) == [f"{A} and 1 more"] * 2
    assert {ref.id for ref, _ in bot.chat.edits} == {nonce for _, _, nonce in bot.chat.posted}
    await tell(bot, C, THIRD)
    assert edits(bot)[2:] == [f"{A} and 2 more"] * 2
    with bot.store.read() as tx:
        (posted,) = tx.outbox.recent(HERE, 9)
        assert [name for name, _ in posted.alert.items[0].outlets] == [B, C]
        assert (posted.alert.items[0].title, tx.outbox.waiting()) == (FIRST, 0)


async def test_the_same_outlet_again_edits_nothing(bot: Bot) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    await tell(bot, A, AGAIN)
    assert (said(bot), edits(bot)) == ([(HERE, FIRST)], [])


async def test_what_waits_to_be_posted_is_replaced_and_not_edited(bot: Bot) -> None:
    await begin(bot)
    bot.chat.errors = [TryAgain("slow down", 7200)]
    await tell(bot, A, FIRST)
    await tell(bot, B, AGAIN)
    assert bot.chat.posted == []
    bot.clock.pass_(7200)
    await bot.deliver.drain()
    assert said(bot) == [(HERE, FIRST)]
    assert f"{A} and 1 more" in bot.chat.posted[0][1]
    assert edits(bot) == []


async def test_two_outlets_in_one_poll_are_one_message_that_names_both(bot: Bot) -> None:
    await begin(bot)
    bot.news(A, FIRST)
    await tell(bot, B, AGAIN)
    assert [(place, title in (FIRST, AGAIN)) for place, title in said(bot)] == [(HERE, True)]
    assert "and 1 more" in bot.chat.posted[0][1]
    assert edits(bot) == []


async def test_edits_that_wait_are_one(bot: Bot) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    bot.chat.errors = [TryAgain("slow down", 3 * 3600)]
    for url, title in ((B, AGAIN), (C, THIRD), (D, "sale | and these")):
        await tell(bot, url, title)
    assert edits(bot) == []
    bot.clock.pass_(2 * 3600)
    await bot.deliver.drain()
    assert edits(bot) == [f"{A} and 3 more"]


async def test_an_edit_of_a_message_that_people_deleted_is_dropped_and_the_place_lives(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    caplog.set_level("INFO")
    bot.chat.errors = [Gone("message_not_found")]
    await tell(bot, B, AGAIN)
    assert "cannot be changed any more" in caplog.text
    await tell(bot, C, THIRD)
    assert edits(bot) == []
    await tell(bot, A, "one robot walks far")
    await tell(bot, A, "sale>ok | a robot maker may be sold")
    assert said(bot)[1:] == [(HERE, "one robot walks far"), (HERE, "sale>ok | a robot maker may be sold")]
    with bot.store.read() as tx:
        assert (tx.outbox.disabled(), tx.outbox.waiting()) == ({}, 0)


async def test_an_edit_in_a_place_that_is_gone_disables_it(bot: Bot) -> None:
    await begin(bot, HERE, THERE)
    await tell(bot, A, FIRST)
    bot.chat.errors = [NeverAgain("channel_not_found")]
    await tell(bot, B, AGAIN)
    with bot.store.read() as tx:
        assert [*tx.outbox.disabled().values()] == ["channel_not_found"]
    assert edits(bot) == [f"{A} and 1 more"]


async def test_an_edit_of_which_nobody_knows_is_done_again_and_at_last_given_up(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    bot.chat.errors = [RuntimeError("a bug")]
    await tell(bot, B, AGAIN)
    assert edits(bot) == []
    bot.clock.pass_(100)
    await bot.deliver.drain()
    assert edits(bot) == [f"{A} and 1 more"]
    bot.chat.errors = [RuntimeError("a bug")] * 5
    await tell(bot, C, THIRD)
    for _ in range(5):
        bot.clock.pass_(100)
        await bot.deliver.drain()
    assert edits(bot) == [f"{A} and 1 more"]
    await tell(bot, A, "one robot walks far")
    assert said(bot)[1:] == [(HERE, "one robot walks far")]
    assert caplog.text.count("it comes back") == 6


async def test_a_place_told_in_a_summary_has_nothing_to_edit_and_a_development_is_an_alert(bot: Bot) -> None:
    bot.per_poll = 1
    bot.__post_init__()
    await begin(bot)
    await tell(bot, A, FIRST, "one robot walks far")
    assert len(bot.chat.posted) == 2
    summarised = FIRST if FIRST not in [title for _, title in said(bot)] else "one robot walks far"
    assert summarised == FIRST
    await tell(bot, B, AGAIN)
    assert edits(bot) == []
    await tell(bot, B, "sale>ok | a robot maker may be sold")
    assert said(bot)[2:] == [(HERE, "sale>ok | a robot maker may be sold")]


async def test_a_silent_baseline_tells_edits_and_answers_nothing(bot: Bot) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    bot.feed("https://new.example/feed", AGAIN, LATER)
    await bot.poll()
    assert (said(bot), edits(bot)) == ([(HERE, FIRST)], [])
    with bot.store.read() as tx:
        story = tx.outbox.recent(HERE, 1)[0].alert.items[0].story_id
        assert tx.stories.get(story).independent == 2
    await tell(bot, B, THIRD)
    assert edits(bot) == [f"{A} and 2 more"]


# -- under the message -------------------------------------------------------------------------------------------------


async def test_a_development_goes_under_the_message_once(bot: Bot) -> None:
    await begin(bot, HERE, MINE)
    await tell(bot, A, FIRST)
    await tell(bot, B, LATER)
    assert sorted(said(bot)[2:]) == [(MINE, update(LATER)), (HERE, update(LATER))]
    await tell(bot, C, LATER_AGAIN)
    assert (len(bot.chat.posted), edits(bot)) == (4, [])


async def test_two_outlets_with_one_development_in_one_poll_are_one_reply(bot: Bot) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    bot.news(B, LATER)
    await tell(bot, C, LATER_AGAIN)
    assert len(bot.chat.posted) == 2
    assert "and 1 more" in bot.chat.posted[1][1]


async def test_where_only_the_development_was_asked_for_it_is_an_alert_that_lives(bot: Bot) -> None:
    await begin(bot, query="approved")
    await tell(bot, A, FIRST)
    await tell(bot, B, LATER)
    assert said(bot) == [(HERE, LATER)]
    await tell(bot, C, LATER_AGAIN)
    assert edits(bot) == [f"{B} and 1 more"]
    await tell(bot, C, "sale>done | all is done")
    assert said(bot)[1:] == [(HERE, update("sale>done | all is done", LATER))]


async def test_a_story_and_its_development_in_one_document_are_a_message_and_a_reply(bot: Bot) -> None:
    await begin(bot)
    await tell(bot, A, "sale>ok | the robot maker may be sold", FIRST)
    assert said(bot) == [(HERE, FIRST), (HERE, update("sale>ok | the robot maker may be sold"))]


async def test_nothing_goes_under_the_message_of_a_watchlist_that_is_gone(bot: Bot) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    with bot.store.write() as tx:
        tx.watches.remove(tx.watches.all(HERE)[0].id)
    await tell(bot, B, LATER)
    assert said(bot) == [(HERE, FIRST)]


async def mute(bot: Bot, kind: MuteKind, what: str) -> None:
    with bot.store.write() as tx:
        story = tx.outbox.recent(HERE, 1)[0].alert.items[0].story_id
        names = {"STORY": str(story), "LIST": str(tx.watches.all(HERE)[0].id)}
        tx.mutes.add(Mute(HERE, kind, names.get(what, what), "x", None, tx.watches.all()[0].owner, bot.clock.now()))


@pytest.mark.parametrize(
    ("kind", "what", "edited"), [("story", "STORY", 0), ("source", B, 0), ("watchlist", "LIST", 1)]
)
async def test_what_is_muted_is_silent(bot: Bot, kind: MuteKind, what: str, edited: int) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    await mute(bot, kind, what)
    await tell(bot, B, AGAIN)
    await tell(bot, B, LATER)
    assert (said(bot), len(bot.chat.edits)) == ([(HERE, FIRST)], edited)


async def test_a_mute_of_a_development_is_one_of_its_story(bot: Bot) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    await tell(bot, B, LATER)
    await mute(bot, "story", "STORY")
    await tell(bot, C, AGAIN)
    await tell(bot, C, "sale>done | all is done")
    assert (len(bot.chat.posted), edits(bot)) == (2, [])


async def test_quiet_hours_hold_replies_and_no_edits(bot: Bot) -> None:
    """It is noon; quiet from 14:30 to 19:00."""
    await begin(bot)
    await tell(bot, A, FIRST)
    with bot.store.write() as tx:
        tx.hours.set(Hours(HERE, quiet_from=time(14, 30), quiet_to=time(19)))
    await tell(bot, B, AGAIN)
    assert edits(bot) == [f"{A} and 1 more"]
    await tell(bot, C, LATER)
    assert len(bot.chat.posted) == 1
    bot.clock.time = bot.clock.time.replace(hour=19)
    await bot.deliver.drain()
    assert said(bot)[1:] == [(HERE, update(LATER))]


async def test_who_follows_a_story_hears_of_every_report_and_never_twice(bot: Bot) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    with bot.store.write() as tx:
        story = tx.outbox.recent(HERE, 1)[0].alert.items[0].story_id
        for place in (HERE, MINE):
            tx.follows.add(story, place, bot.clock.now())
    await tell(bot, B, LATER)
    await tell(bot, C, LATER_AGAIN)
    await tell(bot, D, THIRD)
    here = [title for place, title in said(bot) if place == HERE]
    report = f"{FIRST} > You follow this story:\n- "
    assert here == [FIRST, update(LATER), report + LATER_AGAIN, report + THIRD]
    mine = [title for place, title in said(bot) if place == MINE]
    assert mine == [f"You follow this story:\n- {title}" for title in (LATER, LATER_AGAIN, THIRD)]


async def test_replies_count_as_messages_of_a_poll_and_edits_do_not(bot: Bot) -> None:
    bot.per_poll = 2
    bot.__post_init__()
    await begin(bot)
    for number in range(3):
        await tell(bot, A, f"s{number} | robot number {number} walks")
    await tell(bot, B, *(f"s{number} | and {number} more of them" for number in range(3)))
    assert len(bot.chat.edits) == 3
    await tell(bot, C, *(f"s{number}>x | number {number} stops" for number in range(3)))
    assert [title.partition(" > ")[2] != "" for _, title in said(bot)[3:]] == [False, True, True]
    assert "1 more stories" in bot.chat.posted[3][1]
    await tell(bot, D, *(f"s{number}>x | {number} stopped" for number in range(3)))
    assert len(bot.chat.posted) == 6


async def test_what_a_model_has_added_outlives_the_edits(bot: Bot) -> None:
    asked: list[str] = []

    async def enrich(alert: Alert) -> Alert:
        """Adds a line; meanwhile another outlet reports."""
        asked.append(alert.items[0].title)
        bot.news(B, AGAIN)
        bot.clock.pass_(3600)
        await bot.ingest.drain()
        return replace(alert, items=(replace(alert.items[0], brief=("One line.",)),))

    bot.enrich = enrich
    bot.__post_init__()
    await begin(bot)
    await tell(bot, A, FIRST)
    await tell(bot, C, THIRD)
    assert (edits(bot), asked) == ([f"{A} and 1 more", f"{A} and 2 more"], [FIRST])
    with bot.store.read() as tx:
        item = tx.outbox.recent(HERE, 1)[0].alert.items[0]
    assert (item.brief, len(item.sources)) == (("One line.",), 3)


async def test_a_digest_leaves_out_the_developments_of_a_muted_story(bot: Bot) -> None:
    for url in (A, B):
        bot.feed(url, f"seed of {url}")
    bot.watch("robot", HERE, mode="digest")
    await bot.poll()
    await tell(bot, A, "sale>ok | a robot may be sold", FIRST)
    with bot.store.write() as tx:
        first, later = (one.item for one in tx.digests.entries(HERE))
        assert {first.root, later.root} == {min(first.story_id, later.story_id)}
        tx.mutes.add(Mute(HERE, "story", str(first.root), "x", None, tx.watches.all()[0].owner, bot.clock.now()))
    bot.clock.pass_(24 * 3600)
    await bot.digester.tick()
    await bot.deliver.drain()
    assert bot.chat.posted == []


# -- second looks ------------------------------------------------------------------------------------------------------


async def test_stories_found_to_be_one_are_told_as_one_by_the_older_message(bot: Bot) -> None:
    await begin(bot, HERE, THERE)
    await tell(bot, A, FIRST)
    await tell(bot, B, "other | robot firm sold in the north")
    with bot.store.write() as tx:
        other = tx.outbox.recent(THERE, 1)[0].alert.items[0].story_id
        tx.follows.add(other, MINE, bot.clock.now())
        tx.mutes.add(Mute(THERE, "story", str(other), "x", None, tx.watches.all()[0].owner, bot.clock.now()))
    scripted(bot).merges = [("other", "sale")]
    await tell(bot, D, "an unrelated thing")
    assert edits(bot) == [f"{B} and 1 more" if "north" in text else f"{A} and 1 more" for _, text in bot.chat.edits]
    assert {ref.place: text.partition(" · ")[0] for ref, text in bot.chat.edits} == {HERE: FIRST, THERE: FIRST}
    posted = len(bot.chat.posted)
    await tell(bot, C, THIRD)
    assert [(place, title) for place, title in said(bot)[posted:]] == [(MINE, f"You follow this story:\n- {THIRD}")]
    assert [ref.place for ref, _ in bot.chat.edits[2:]] == [HERE]


async def test_a_look_is_taken_every_ten_minutes_at_most_and_only_after_news(bot: Bot) -> None:
    await begin(bot)
    looks = []
    for number in range(5):
        with bot.store.write() as tx:
            tx.feeds.hasten(bot.clock.now())
        bot.clock.pass_(6 * 60 - 3600)
        await tell(bot, A, f"robot number {number} walks")
        looks.append(scripted(bot).looks)
    await bot.poll()
    assert (looks, scripted(bot).looks) == ([0, 0, 1, 1, 2], 2)


async def test_a_report_that_was_swallowed_is_told_when_it_is_put_out(bot: Bot) -> None:
    await begin(bot, HERE)
    await tell(bot, A, FIRST)
    await tell(bot, B, AGAIN)
    scripted(bot).splits = [(AGAIN, "another sale")]
    await tell(bot, C, "an unrelated thing")
    assert said(bot) == [(HERE, FIRST), (HERE, AGAIN)]
    assert [text.split(" · ")[1] for _, text in bot.chat.edits] == [f"{A} and 1 more", A]


async def test_all_this_outlives_the_process(bot: Bot) -> None:
    await begin(bot)
    await tell(bot, A, FIRST)
    again = Bot(bot.store, bot.clock, bot.fetcher, bot.chat)
    await tell(again, B, AGAIN)
    await again.close()
    last = Bot(bot.store, bot.clock, bot.fetcher, bot.chat)
    last.clock.pass_(timedelta(days=90).total_seconds())
    await tell(last, C, LATER)
    await last.close()
    assert edits(bot) == [f"{A} and 1 more"]
    assert said(bot) == [(HERE, FIRST), (HERE, update(LATER))]


# -- facts -------------------------------------------------------------------------------------------------------------

RAISES = "round | Norrland Robotics raises $40 million for its robots"
LED = "round | Norrland Robotics raises $40 million in Series B led by Alder Peak"
MORE = "round | Norrland Robotics raises $60 million in Series B"


async def test_what_is_new_goes_under_the_message_once_and_what_is_disputed_is_an_edit(bot: Bot) -> None:
    await begin(bot, query="norrland")
    await tell(bot, A, RAISES)
    await tell(bot, B, LED)
    assert [title.partition(" > ")[0] for _, title in said(bot)] == [RAISES, RAISES]
    reply = bot.chat.posted[1][1]
    assert f"New in “{RAISES[:60]}" in reply
    assert "New: led by Alder Peak" in reply
    assert "Alder Peak" in bot.chat.edits[-1][1]
    await tell(bot, C, f"{LED} today")
    await tell(bot, D, MORE)
    assert len(bot.chat.posted) == 2
    with bot.store.read() as tx:
        shown = dict(tx.outbox.recent(HERE, 2)[1].alert.items[0].disputed)
    assert "$60m" in shown["Amount"]
    assert shown["Amount"].startswith("$40m; ")


async def test_what_is_new_while_the_message_waits_is_in_it_and_not_under_it(bot: Bot) -> None:
    await begin(bot, query="norrland")
    bot.chat.errors = [TryAgain("slow down", 7200)]
    await tell(bot, A, RAISES)
    await tell(bot, B, LED)
    bot.clock.pass_(7200)
    await bot.deliver.drain()
    assert said(bot) == [(HERE, RAISES)]
    assert "Alder Peak" in bot.chat.posted[0][1]
