"""Daily digests: once in every local day, whatever the clocks do, and neither lost nor doubled by a crash."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import StoreError
from bot.flow.digest import KEPT, Digester, digest, due
from bot.model import TERMINAL, Person, Place
from bot.people import DigestEntry, Hours, Mute, Sent
from bot.ports import Store, Transaction
from bot.store.open import open_store
from tests.contract.makers import alert
from tests.fakes.store import FakeStore
from tests.fakes.world import START, FakeClock
from tests.flow.conftest import Bot

ME = Person("slack:T0/U1")
MINE = Place("slack:T0/@U1")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# -- when ----------------------------------------------------------------------------------------------------------------


def sendings(zone: ZoneInfo, at: time, start: datetime, days: int, step: timedelta = HOUR) -> list[Sent]:
    """What a bot sends that looks every `step` and always has a story that waits since the last digest."""
    hours, since, now = Hours(MINE, digest=at), start, start
    sent: list[Sent] = []
    while now < start + days * DAY:
        when = due(hours, sent[-1] if sent else None, since, zone)
        assert when is not None
        if when <= now:
            sent.append(Sent(when, when.astimezone(zone).date()))
            since = now
        now += step
    return sent


def local_days(zone: ZoneInfo, start: datetime, days: int) -> list[date]:
    hours = (start + number * HOUR for number in range(days * 24))
    return list(dict.fromkeys(hour.astimezone(zone).date() for hour in hours))


@pytest.mark.parametrize("at", [time(0), time(1, 30), time(2, 0), time(2, 15), time(2, 45), time(7, 30), time(23, 59)])
@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("start", ["2026-01-01", "2011-12-25"])
def test_every_local_day_has_one_digest(name: str, at: time, start: str) -> None:
    zone, days = ZoneInfo(name), 366 if start == "2026-01-01" else 10
    sent = sendings(zone, at, utc(start), days)
    inside = local_days(zone, utc(start), days)[1:-1]
    assert [one.day for one in sent if one.day in set(inside)] == inside
    walls = [one.at.astimezone(zone).replace(tzinfo=None) for one in sent]
    odd = {wall.date() for wall in walls if wall.time() != at}
    gaps = {wall.date() for wall in walls if _jumps(zone, wall.date())}
    assert odd <= gaps


def _jumps(zone: ZoneInfo, day: date) -> bool:
    offsets = [
        datetime.combine(day, time(hour), tzinfo=UTC).astimezone(zone).utcoffset() for hour in range(0, 24, 1)
    ] + [datetime.combine(day - DAY, time(hour), tzinfo=UTC).astimezone(zone).utcoffset() for hour in range(0, 24)]
    return len(set(offsets)) > 1


@pytest.mark.parametrize(
    ("name", "at", "after", "expected"),
    [
        ("Europe/Berlin", time(7, 30), "2026-03-28 06:30", "2026-03-28 06:30"),
        ("Europe/Berlin", time(7, 30), "2026-03-28 06:31", "2026-03-29 05:30"),
        ("Europe/Berlin", time(2, 30), "2026-03-28 12:00", "2026-03-29 01:00"),
        ("Europe/Berlin", time(2, 30), "2026-10-24 12:00", "2026-10-25 00:30"),
        ("Europe/Berlin", time(2, 30), "2026-10-25 00:31", "2026-10-26 01:30"),
        ("America/New_York", time(2, 15), "2026-03-07 20:00", "2026-03-08 07:00"),
        ("America/New_York", time(1, 30), "2026-11-01 00:00", "2026-11-01 05:30"),
        ("Asia/Kolkata", time(0), "2026-03-01 12:00", "2026-03-01 18:30"),
        ("Australia/Lord_Howe", time(2, 15), "2026-10-03 12:00", "2026-10-03 15:30"),
        ("Australia/Lord_Howe", time(1, 45), "2026-04-04 12:00", "2026-04-04 14:45"),
        ("Pacific/Apia", time(7, 30), "2011-12-29 18:00", "2011-12-30 17:30"),  # the 30th was left out
        ("Africa/Casablanca", time(2, 30), "2026-02-14 12:00", "2026-02-15 01:30"),
        ("Africa/Casablanca", time(2, 30), "2026-03-21 12:00", "2026-03-22 02:00"),
    ],
)
def test_the_digest_is_due_at_its_local_time(name: str, at: time, after: str, expected: str) -> None:
    found = due(Hours(MINE, digest=at), None, utc(after), ZoneInfo(name))
    assert f"{found:%Y-%m-%d %H:%M}" == expected


def test_a_digest_that_is_off_is_never_due() -> None:
    assert due(Hours(MINE, digesting=False), None, START, UTC) is None


def test_a_time_that_is_moved_to_later_makes_no_second_digest_that_day() -> None:
    sent = Sent(utc("2026-03-02 07:30"), date(2026, 3, 2))
    after = sent.at + MINUTE
    assert due(Hours(MINE, digest=time(18)), sent, after, UTC) == utc("2026-03-03 18:00")


@pytest.mark.parametrize("first", ZONES)
@pytest.mark.parametrize("second", [*ZONES, "Pacific/Honolulu", "Pacific/Kiritimati"])
def test_no_day_has_two_digests_after_a_move(first: str, second: str) -> None:
    """Neither by the calendar of where it was sent, nor by that of where the person is now."""
    old, new = ZoneInfo(first), ZoneInfo(second)
    for hour in range(24):
        at = utc("2026-06-10 00:00") + hour * HOUR
        sent = Sent(at, at.astimezone(old).date())
        following = due(Hours(MINE, digest=time(hour)), sent, at + MINUTE, new)
        assert following is not None
        assert following.astimezone(new).date() > max(sent.day, at.astimezone(new).date())
        assert following - at < 3 * DAY


# -- what ----------------------------------------------------------------------------------------------------------------


def entry(
    story_id: int, *watchlists: int, hours_ago: int = 0, source: str = "Example", place: Place = MINE
) -> DigestEntry:
    item = replace(
        alert(place, story_id, title=f"Story {story_id}").items[0], published=START - hours_ago * HOUR, source=source
    )
    return DigestEntry(place, item, watchlists or (1,), START - hours_ago * HOUR, ("qwen",))


def test_a_digest_has_all_that_waits_newest_first_with_who_asked() -> None:
    made = digest(MINE, [entry(1, 2, hours_ago=2), entry(2, 2, 1), entry(3, 1, hours_ago=1)], {1: "a", 2: "b"}, [])
    assert made is not None
    assert (made.kind, made.count, made.watchlists) == ("digest", 3, ("a", "b"))
    assert [(item.story_id, item.watchlists) for item in made.items] == [(2, ("b", "a")), (3, ("a",)), (1, ("b",))]


def test_of_many_stories_the_later_ones_keep_only_what_names_them() -> None:
    made = digest(MINE, [entry(number, hours_ago=number) for number in range(1, 31)], {1: "a"}, [])
    assert made is not None
    assert (made.count, len(made.items), made.items[0].story_id) == (30, 30, 1)
    assert [bool(item.topics) for item in made.items] == [True] * 20 + [False] * 10


@pytest.mark.parametrize(
    ("kind", "what", "left"),
    [
        ("story", "1", [2, 3]),
        ("source", "robot ledger", [1, 2]),
        ("company", "qwen", []),
        ("watchlist", "1", [2]),
    ],
)
def test_what_was_muted_meanwhile_is_not_in_it(kind: str, what: str, left: list[int]) -> None:
    entries = [entry(1), entry(2, 1, 2, hours_ago=1), entry(3, hours_ago=2, source="Robot  LEDGER")]
    mute = Mute(MINE, kind, what, what, None, ME, START)  # type: ignore[arg-type]
    made = digest(MINE, entries, {1: "a", 2: "b"}, [mute])
    assert [item.story_id for item in (made.items if made else ())] == left


def test_what_removed_watchlists_asked_for_is_not_in_it() -> None:
    assert digest(MINE, [entry(1, 7)], {1: "a"}, []) is None
    made = digest(MINE, [entry(1, 7, 1)], {1: "a"}, [])
    assert made is not None
    assert made.items[0].watchlists == ("a",)


# -- sending -------------------------------------------------------------------------------------------------------------


@contextmanager
def digesting(store: Store, clock: FakeClock) -> Iterator[Digester]:
    with ThreadPoolExecutor(1) as thread:
        yield Digester(store, clock, thread, UTC)


def wait(tx: Transaction, *entries: DigestEntry) -> None:
    if tx.watches.find(MINE, "a") is None:
        tx.watches.add(MINE, "a", "robot", ME, START, "digest")
    number = tx.watches.all(MINE)[0].id
    tx.digests.add([replace(one, watchlists=(number,)) for one in entries])


def queued(store: Store) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    with store.write() as tx:
        while claimed := tx.outbox.claim(START + 999 * DAY, START + 1000 * DAY, 99):
            for one in claimed:
                found.append((one.alert.kind, one.alert.count))
                tx.outbox.disable(one.alert.place, "looked at", START)
        return found


async def test_a_digest_is_sent_at_its_time_once(store: Store) -> None:
    clock = FakeClock()
    with store.write() as tx:
        tx.hours.set(Hours(MINE, digest=time(18)))
        wait(tx, entry(1), entry(2))
    with digesting(store, clock) as digester:
        counts = []
        for _ in range(60):
            counts.append((clock.time.hour, await digester.tick()))
            clock.pass_(3600)
    assert [hour for hour, count in counts if count] == [18]
    with store.read() as tx:
        assert tx.digests.sent(MINE) == Sent(START.replace(hour=18), START.date())
        assert tx.outbox.told([1, 2, 3]) == {(1, MINE), (2, MINE)}
    assert queued(store) == [("digest", 2)]


async def test_nothing_is_sent_where_nothing_waits(store: Store) -> None:
    clock = FakeClock()
    with store.write() as tx:
        wait(tx, entry(1))
        tx.digests.drop({(1, MINE)})
    with digesting(store, clock) as digester:
        clock.pass_(3 * 86_400)
        assert [await digester.tick(), await digester.tick()] == [0, 0]
    with store.read() as tx:
        assert (tx.digests.sent(MINE), tx.digests.due(clock.time, 9)) == (None, [])


async def test_days_that_were_missed_are_one_digest_at_the_start(store: Store) -> None:
    clock = FakeClock()
    with store.write() as tx:
        wait(tx, entry(1), entry(2, hours_ago=50))
    clock.pass_(5 * 86_400)
    with digesting(store, clock) as digester:
        assert [await digester.tick(), await digester.tick()] == [1, 0]
        with store.write() as tx:
            wait(tx, replace(entry(3), at=clock.time))
        clock.pass_(3600)
        assert await digester.tick() == 0  # there was one today
        clock.pass_(86_400)
        assert await digester.tick() == 1


async def test_what_is_found_while_the_digest_is_off_waits_thirty_days(store: Store) -> None:
    clock = FakeClock()
    with store.write() as tx:
        tx.hours.set(Hours(MINE, digesting=False))
        wait(tx, entry(1), replace(entry(2), at=START + 10 * DAY))
    with digesting(store, clock) as digester:
        for _ in range(36):
            assert await digester.tick() == 0
            clock.pass_(86_400)
        with store.write() as tx:
            assert [one.item.story_id for one in tx.digests.entries(MINE)] == [2]
            assert KEPT == 30 * DAY
            tx.hours.set(Hours(MINE))
            tx.digests.look(MINE, clock.time)
        assert await digester.tick() == 1


async def test_many_places_have_theirs_at_once(store: Store) -> None:
    clock, places = FakeClock(), [Place(f"slack:T0/@U{number}") for number in range(120)]
    with store.write() as tx:
        for place in places:
            watchlist = tx.watches.add(place, "a", "robot", ME, START, "digest")
            tx.digests.add([entry(1, watchlist.id, place=place)])
    clock.pass_(86_400)
    with digesting(store, clock) as digester:
        assert [await digester.tick() for _ in range(4)] == [50, 50, 20, 0]


async def test_a_row_that_cannot_be_read_keeps_no_other_place_waiting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store, clock = open_store(str(tmp_path / "a.db")), FakeClock()
    with store.write() as tx:
        for place in (MINE, TERMINAL):
            watchlist = tx.watches.add(place, "a", "robot", ME, START, "digest")
            tx.digests.add([entry(1, watchlist.id, place=place)])
        tx.session.run("UPDATE digest_entries SET item = '{}' WHERE place = ?", (MINE,))  # type: ignore[attr-defined]
    clock.pass_(86_400)
    with digesting(store, clock) as digester:
        assert [await digester.tick(), await digester.tick()] == [1, 0]
    assert f"the digest of {MINE} could not be queued" in caplog.text
    with store.read() as tx:
        assert (tx.digests.sent(TERMINAL) is not None, tx.digests.sent(MINE)) == (True, None)
    store.close()


class Killed(BaseException):
    """The process is dead."""


class Mortal:
    """A store whose process dies at the n-th step: before, inside or after a transaction."""

    def __init__(self, inner: Store, steps: int) -> None:
        self._inner, self._left = inner, steps

    def _step(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        self._step()
        with self._inner.write() as tx:
            yield tx
            self._step()
        self._step()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        self._step()
        with self._inner.read() as tx:
            yield tx


@pytest.mark.parametrize("kind", ["fake", "sqlite"])
@pytest.mark.parametrize("steps", range(1, 6))
async def test_a_death_at_any_step_neither_loses_nor_doubles_a_digest(kind: str, steps: int, tmp_path: Path) -> None:
    store: Store = FakeStore() if kind == "fake" else open_store(str(tmp_path / "a.db"))
    clock = FakeClock()
    with store.write() as tx:
        wait(tx, entry(1), entry(2))
    clock.pass_(86_400)
    with digesting(Mortal(store, steps), clock) as digester:  # type: ignore[arg-type]
        if steps < 5:
            with pytest.raises(Killed):
                await digester.tick()
        else:
            assert await digester.tick() == 1  # the steps reach from the first look to the commit
    with digesting(store, clock) as digester:
        await digester.tick()
        await digester.tick()
    assert queued(store) == [("digest", 2)]
    store.close()


async def test_trouble_with_the_store_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeStore):
        @contextmanager
        def read(self) -> Iterator[Transaction]:  # type: ignore[override]
            with super().read() as tx:
                if self.state:
                    raise StoreError("the disk is full")
                yield tx

    with digesting(Broken(), FakeClock()) as digester:
        assert await digester.tick() == 0
    assert "the disk is full" in caplog.text


# -- from a feed to a message ----------------------------------------------------------------------------------------------

A, B, C = (f"https://{name}.example/feed" for name in "abc")


async def test_a_digest_watchlist_tells_once_a_day(bot: Bot) -> None:
    bot.watch("robot", MINE, "robots", "digest")
    bot.feed(A, "seed")
    await bot.poll()
    bot.news(A, "one robot walks", "a bank opens", "two robot dances")
    await bot.poll()
    assert bot.texts == []
    for _ in range(24):
        await bot.poll()
    (message,) = bot.chat.posted
    assert message[0] == MINE
    assert message[1].splitlines()[0] == "Your digest of Monday, 2 March: 2 stories"
    assert sorted(line.partition(" · ")[0] for line in message[1].splitlines()[1:]) == [
        "- one robot walks",
        "- two robot dances",
    ]


async def test_a_story_comes_at_once_or_in_the_digest_but_not_in_both(bot: Bot) -> None:
    bot.watch("robot", MINE, "daily", "digest")
    bot.watch("walks", MINE, "now")
    bot.feed(A, "seed")
    bot.feed(B, "seed of b")
    bot.feed(C, "seed of c")
    await bot.poll()
    bot.news(A, "one robot walks far", "one robot dances alone")
    await bot.poll()
    assert [text for _, text, _ in bot.chat.posted if "[daily, now]" in text or "[now, daily]" in text] != []
    bot.news(B, "one robot dances alone")  # the same story from another outlet
    for _ in range(25):
        await bot.poll()
    assert len(bot.chat.posted) == 2
    assert "1 story" in bot.chat.posted[1][1]
    assert "dances alone" in bot.chat.posted[1][1]
    bot.watch("alone", MINE, "later")
    bot.news(C, "one robot dances alone")
    for _ in range(25):
        await bot.poll()
    assert len(bot.chat.posted) == 2  # what the digest told is told


async def test_an_instant_match_takes_a_story_out_of_the_digest(bot: Bot) -> None:
    bot.watch("robot", MINE, "daily", "digest")
    bot.feed(A, "seed")
    bot.feed(B, "seed of b")
    await bot.poll()
    bot.news(A, "one robot dances alone")
    await bot.poll()
    bot.watch("alone", MINE, "now")
    bot.news(B, "one robot dances alone")
    await bot.poll()
    assert bot.texts == ["one robot dances alone"]
    for _ in range(25):
        await bot.poll()
    assert len(bot.chat.posted) == 1
