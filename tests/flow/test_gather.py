"""Mutes, followed stories and quiet hours, from a feed to what is posted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time, timedelta

import pytest

from bot.errors import TryAgain
from bot.flow.decide import Found, tell
from bot.flow.gather import audible, gather, reports
from bot.message import Message
from bot.model import Alert, Classification, Evidence, Match, Mention, MessageRef, Mode, Person, Place, Role, Watchlist
from bot.muted import players, silencing, traits
from bot.people import Hours, Mute, MuteKind
from bot.ports import Store
from tests.contract.makers import alert, stored
from tests.fakes.world import START, FakeChat, FakeClock, FakeFetcher
from tests.flow.conftest import Bot

ME = Person("slack:T0/U1")
MINE, HERE = Place("slack:T0/@U1"), Place("slack:T0/C1")
A, B, C = (f"https://{name}.example/feed" for name in "abc")
FAMILY = {"qwen": ("qwen", "alibaba")}


def mute(kind: MuteKind, what: str, place: Place = MINE) -> Mute:
    return Mute(place, kind, what, what, None, ME, START)


def mention(entity: str, role: Role = "mention", field: str = "summary", kind: str = "company") -> Mention:
    return Mention(entity, entity.title(), kind, Evidence("entity", entity, field, 0, 1), role)  # type: ignore[arg-type]


def match(number: int, place: Place = MINE, mode: Mode = "instant") -> Match:
    return Match(Watchlist(number, place, f"w{number}", "robot", ME, START, mode), ())


def found(story_id: int, *matches: Match, mentions: tuple[Mention, ...] = (), source: str = "Ex") -> Found:
    item = replace(stored(f"Story {story_id}").item, source=source)
    return Found(item, story_id, Classification(mentions=mentions), matches)


def lineage(entity: str) -> tuple[str, ...]:
    return FAMILY.get(entity, (entity,))


# -- decisions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "what", "silent"),
    [
        ("story", "7", True),
        ("story", "8", False),
        ("source", "robot ledger", True),
        ("source", "robot", False),
        ("company", "qwen", True),
        ("company", "alibaba", True),  # it belongs to it
        ("company", "nvidia", False),  # mentioned in passing
        ("company", "unitree", True),  # named in the title
        ("watchlist", "1", True),
        ("watchlist", "2", False),
    ],
)
def test_a_mute_silences_what_it_names(kind: MuteKind, what: str, silent: bool) -> None:
    mentions = (mention("qwen", "investor"), mention("nvidia"), mention("unitree", field="title"))
    one = found(7, match(1), mentions=mentions, source=" Robot  Ledger")
    kept = audible(one, {MINE: [mute(kind, what)]}, lineage).matches
    assert kept == (() if silent else one.matches)


def test_a_mute_is_of_its_place() -> None:
    one = found(7, match(1), match(2, HERE))
    assert audible(one, {MINE: [mute("story", "7")]}, lineage).matches == (match(2, HERE),)
    assert audible(one, {}, lineage) is one


def test_a_muted_watchlist_leaves_the_others() -> None:
    one = found(7, match(1), match(2))
    assert audible(one, {MINE: [mute("watchlist", "1")]}, lineage).matches == (match(2),)
    mine = traits(7, "Ex", Classification(), lineage)
    lists = [mute("watchlist", "1"), mute("watchlist", "2")]
    assert [silencing(lists[:1], mine, (1, 2)), silencing(lists, mine, ()), silencing(lists, mine, (2, 1))] == [
        None,
        None,
        lists[0],
    ]


def test_news_is_first_of_all_about_who_got_the_money() -> None:
    everybody = (
        mention("justin", "subject", kind="person"),
        mention("nvidia"),
        mention("alibaba", "lead"),
        mention("softbank", "acquirer"),
        mention("x-square", "investee"),
    )
    about = Classification(mentions=everybody)
    assert [one.entity for one in players(about)] == ["x-square", "softbank", "alibaba", "justin"]


def test_a_digest_watchlist_queues_no_alert_unless_another_asks_at_once() -> None:
    daily, now = match(1, mode="digest"), match(2)
    rows = [found(7, daily), found(8, daily, now), found(9, match(3, HERE, "digest"), now)]
    alerts = tell("Feed", rows, (), 10)
    assert [(one.items[0].story_id, one.place, one.watchlists) for one in alerts] == [
        (8, MINE, ("w1", "w2")),
        (9, MINE, ("w2",)),
    ]
    told = {(item.story_id, one.place) for one in alerts for item in one.items}
    waiting = gather(rows, told, START, lineage)
    assert [(one.item.story_id, one.place, one.watchlists) for one in waiting] == [(7, MINE, (1,)), (9, HERE, (3,))]


def test_two_items_of_a_story_wait_once_with_all_that_asked() -> None:
    rows = [found(7, match(1, mode="digest")), found(7, match(2, mode="digest"), match(1, mode="digest"))]
    (one,) = gather(rows, (), START, lineage)
    assert (one.watchlists, one.at, one.item.title) == ((1, 2), START, "Story 7")


def followed(*rows: Found, most: int = 10, mutes: tuple[Mute, ...] = ()) -> list[Alert]:
    pairs = {(row.story_id, MINE) for row in rows}
    return reports(rows, pairs, {(1, MINE)}, {MINE: mutes}, lineage, most)


def test_a_report_of_a_followed_story_is_told_unless_it_was_just_now() -> None:
    alerts = followed(found(1), found(2), found(2), found(3))
    assert [(one.kind, one.count, [item.story_id for item in one.items]) for one in alerts] == [
        ("report", 2, [2, 2]),
        ("report", 1, [3]),
    ]
    assert reports([found(5)], {(6, MINE)}, (), {}, lineage, 10) == []


def test_reports_are_muted_like_all_else_and_have_a_cap() -> None:
    assert followed(found(2), mutes=(mute("story", "2"),)) == []
    assert len(followed(found(2), mutes=(mute("watchlist", "2"),))) == 1
    alerts = followed(*map(found, range(2, 8)), most=3)
    assert [[item.story_id for item in one.items] for one in alerts] == [[2], [3], [4], [5, 6, 7]]


# -- from a feed to a message ----------------------------------------------------------------------------------------------


async def begin(bot: Bot, *feeds: str) -> None:
    for url in feeds:
        bot.feed(url, f"seed of {url}")
    await bot.poll()


async def test_what_is_muted_is_stored_and_not_told_until_the_mute_is_over(bot: Bot) -> None:
    bot.watch("robot", MINE)
    bot.watch("robot", HERE)
    await begin(bot, A, B)
    with bot.store.write() as tx:
        until = bot.clock.now() + timedelta(hours=5)
        tx.mutes.add(replace(mute("source", A), until=until))
    bot.news(A, "one robot walks far")
    bot.news(B, "two robot dances alone")
    await bot.poll()
    assert sorted((place, text.partition(" · ")[0]) for place, text, _ in bot.chat.posted) == [
        (MINE, "two robot dances alone"),
        (HERE, "one robot walks far"),
        (HERE, "two robot dances alone"),
    ]
    with bot.store.read() as tx:
        assert len(tx.items.search("robot")) == 2
    bot.clock.pass_(5 * 3600)
    bot.news(A, "three robot sings now")
    await bot.poll()
    assert [text.partition(" · ")[0] for place, text, _ in bot.chat.posted if place == MINE][1:] == [
        "three robot sings now"
    ]


async def test_a_followed_story_is_told_on_in_its_thread(bot: Bot) -> None:
    bot.watch("robot", MINE)
    await begin(bot, A, B, C)
    bot.news(A, "one robot walks far")
    await bot.poll()
    (first,) = bot.chat.posted
    with bot.store.write() as tx:
        story = tx.outbox.recent(MINE, 1)[0].alert.items[0].story_id
        tx.follows.add(story, MINE, bot.clock.now())
        tx.follows.add(story, HERE, bot.clock.now())
    bot.news(B, "one robot walks far")
    await bot.poll()
    later = bot.chat.posted[1:]
    assert sorted(place for place, _, _ in later) == [MINE, HERE]
    assert all(text.startswith("You follow this story:") for _, text, _ in later)
    by_place = {place: bot.chat.threads.get(nonce) for place, _, nonce in later}
    with bot.store.read() as tx:
        assert by_place == {MINE: tx.outbox.recent(MINE, 9)[-1].ref, HERE: None}
    assert first[2] == getattr(by_place[MINE], "id", "")
    with bot.store.write() as tx:
        tx.follows.remove(story, MINE)
        tx.follows.remove(story, HERE)
    bot.news(C, "one robot walks far")
    await bot.poll()
    assert len(bot.chat.posted) == 3


async def test_in_quiet_hours_alerts_wait_in_order_and_digests_do_not(bot: Bot) -> None:
    """It is noon; quiet from 13:00 to 19:00."""
    bot.watch("robot", MINE)
    bot.watch("robot", HERE)
    await begin(bot, A)
    with bot.store.write() as tx:
        tx.hours.set(Hours(MINE, quiet_from=time(13), quiet_to=time(19)))
    for title in ("one robot walks far", "two robot dances alone", "three robot sings now"):
        bot.news(A, title)
        await bot.poll()
    assert [place for place, _, _ in bot.chat.posted] == [HERE] * 3
    with bot.store.write() as tx:
        assert tx.outbox.next_due() == bot.clock.now().replace(hour=19)
        tx.outbox.add([Alert("digest", Place("slack:T0/@U2"), ("x",), ())], bot.clock.now())
        tx.hours.set(Hours(Place("slack:T0/@U2"), quiet_from=time(13), quiet_to=time(19)))
    await bot.deliver.drain()
    assert bot.chat.posted[-1][0] == "slack:T0/@U2"
    bot.clock.time = bot.clock.time.replace(hour=18, minute=59)
    await bot.deliver.drain()
    assert len(bot.chat.posted) == 4
    bot.clock.time = bot.clock.time.replace(hour=19, minute=0)
    await bot.deliver.drain()
    assert [(place, text.partition(" ")[0]) for place, text, _ in bot.chat.posted[4:]] == [
        (MINE, "one"),
        (MINE, "two"),
        (MINE, "three"),
    ]


async def test_many_quiet_places_delay_no_other(bot: Bot) -> None:
    with bot.store.write() as tx:
        for number in range(120):
            place = Place(f"slack:T0/@U{number}")
            tx.hours.set(Hours(place, quiet_from=time(0), quiet_to=time(23, 59)))
            tx.outbox.add([Alert("digest" if number > 117 else "report", place, (), ())], bot.clock.now())
    await bot.deliver.drain()
    assert [place for place, _, _ in bot.chat.posted] == ["slack:T0/@U118", "slack:T0/@U119"]


@dataclass
class LeavingChat(FakeChat):
    """Whoever is told something leaves, just then."""

    store: Store | None = None

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        assert self.store
        with self.store.write() as tx:
            tx.departures.forget(place)
        return await super().post(place, message, nonce, thread)


@pytest.mark.parametrize("error", [None, TryAgain("slow down")])
async def test_a_place_that_is_forgotten_while_it_is_told_harms_nothing(
    store: Store, error: TryAgain | None, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    bot = Bot(store, clock, FakeFetcher(clock), LeavingChat(errors=[error], store=store))
    with store.write() as tx:
        tx.outbox.add([alert(MINE, 1), alert(MINE, 2)], clock.now())
    await bot.deliver.drain()
    await bot.close()
    assert len(bot.chat.posted) == (1 if error is None else 0)
    with store.read() as tx:
        assert (tx.outbox.waiting(), tx.outbox.next_due()) == (0, None)
    assert "Traceback" not in caplog.text
