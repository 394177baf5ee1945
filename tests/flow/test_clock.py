"""Time as it is: clocks that change twice a year, clocks that are set, dates that cannot be true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from bot.daytime import instant
from bot.errors import FetchError, TryAgain
from bot.feeds.dates import AHEAD, EARLIEST
from bot.feeds.normalise import normalise
from bot.flow.digest import Digester
from bot.flow.setback import Setback
from bot.flow.stories import Placer
from bot.model import TERMINAL, Document, Entry, Page, Parsed, Person, Place
from bot.people import DigestEntry, Hours
from bot.ports import Store
from bot.store.open import open_store
from tests.contract.makers import alert
from tests.fakes.world import START, FakeChat, FakeClock, FakeFetcher, FakeParser
from tests.flow.conftest import Bot

MINE = Place("slack:T0/@U1")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
A = "https://a.example/feed"

CHANGES = [
    ("America/New_York", date(2026, 3, 8), ("01:59", "02:00", "02:30", "03:00", "08:00", "00:00")),
    ("America/New_York", date(2026, 11, 1), ("00:59", "01:00", "01:30", "02:00", "08:00", "23:59")),
    ("Europe/Berlin", date(2026, 3, 29), ("02:00", "02:30", "03:00", "00:00")),
    ("Europe/Berlin", date(2026, 10, 25), ("02:00", "02:30", "03:00", "23:59")),
    ("Australia/Lord_Howe", date(2026, 10, 4), ("02:00", "02:15", "02:30")),  # half an hour
    ("Australia/Lord_Howe", date(2026, 4, 5), ("01:30", "01:45", "02:00")),
    ("Pacific/Apia", date(2011, 12, 30), ("00:00", "08:00", "23:59")),  # there is no such day
    ("Africa/Cairo", date(2026, 4, 24), ("00:00", "00:30", "01:00")),  # at midnight
    ("Africa/Cairo", date(2026, 10, 29), ("23:00", "23:30", "00:00")),
    ("America/Santiago", date(2026, 9, 6), ("00:00", "00:30", "01:00")),
    ("America/Santiago", date(2026, 4, 4), ("23:00", "23:30", "00:00")),
    ("UTC", date(2026, 3, 29), ("00:00", "08:00", "23:59")),
]


@dataclass
class Office:
    """A place with a digest, looked after by process after process; there is always something that waits."""

    store: Store
    zone: ZoneInfo
    clock: FakeClock = field(default_factory=FakeClock)
    sent: list[datetime] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    setback: Setback = field(default_factory=Setback)

    def opens(self, at: time, begins: datetime) -> None:
        self.clock.time = begins
        with self.store.write() as tx:
            self.watchlist = tx.watches.add(MINE, "all", "*", Person("slack:T0/U1"), begins, "digest").id
            tx.hours.set(Hours(MINE, self.zone.key, at))

    async def look(self, thread: ThreadPoolExecutor) -> None:
        """Another story is gathered, if nothing waits; then a process that knows nothing of the last one ticks."""
        with self.store.write() as tx:
            if not tx.digests.entries(MINE):
                item = replace(alert(MINE).items[0], story_id=next(self.numbers))
                tx.digests.add([DigestEntry(MINE, item, (self.watchlist,), self.clock.now())])
            self.setback.heed(tx, self.clock.now())
        self.setback.seen(self.clock.now())
        if await Digester(self.store, self.clock, thread, UTC).tick():
            self.sent.append(self.clock.now())

    @property
    def days(self) -> Counter[date]:
        return Counter(at.astimezone(self.zone).date() for at in self.sent)


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as one:
        yield one


@pytest.mark.parametrize(
    ("zone", "day", "times"), CHANGES, ids=lambda one: str(one) if not isinstance(one, tuple) else ""
)
async def test_a_digest_comes_once_in_each_local_day(
    zone: str, day: date, times: tuple[str, ...], thread: ThreadPoolExecutor
) -> None:
    where = ZoneInfo(zone)
    middle = datetime.combine(day, time(12), UTC)
    for at in map(time.fromisoformat, times):
        store = open_store(":memory:")
        office = Office(store, where)
        office.opens(at, middle - 54 * HOUR)
        for tick in ticks(office.clock.time, middle + 54 * HOUR, where, at):
            office.clock.time = tick
            await office.look(thread)
        due = [day + n * DAY for n in (-1, 0, 1)]
        expected = {one: 1 for one in due if instant(one, at, where) is not None}
        assert {one: office.days[one] for one in due if office.days[one]} == expected, at
        assert set(office.days.values()) == {1}, at
        assert [sent for sent in office.sent if sent.astimezone(where).date() in due] == [
            instant(one, at, where) for one in expected
        ], at
        store.close()


def ticks(begin: datetime, end: datetime, zone: ZoneInfo, at: time) -> Iterator[datetime]:
    """Every minute near a change of the clocks or near the time of the digest, else every half hour."""
    now = begin
    while now < end:
        yield now
        wall = now.astimezone(zone)
        minutes = abs((wall.hour - at.hour) * 60 + wall.minute - at.minute)
        near = min(minutes, 1440 - minutes) <= 35
        changing = (now - HOUR).astimezone(zone).utcoffset() != (now + HOUR).astimezone(zone).utcoffset()
        now += MINUTE if near or changing else 30 * MINUTE


def jumping(*jumps: tuple[timedelta, timedelta]) -> Iterator[datetime]:
    """Four days from START on by a clock that is set: after so long, by so much."""
    true, error = timedelta(), timedelta()
    left = list(jumps)
    while true < 4 * DAY:
        if left and true >= left[0][0]:
            error += left.pop(0)[1]
        yield START + true + error
        true += 10 * MINUTE


@pytest.mark.parametrize(
    ("name", "jumps", "days"),
    [
        ("an hour back after it was sent", [(20 * HOUR + 10 * MINUTE, -HOUR)], [1, 1, 1, 1]),
        ("an hour back before it is sent", [(19 * HOUR + 50 * MINUTE, -HOUR)], [1, 1, 1, 1]),
        ("an hour back again and again", [(21 * HOUR, -HOUR), (22 * HOUR, -HOUR), (23 * HOUR, -HOUR)], [1, 1, 1, 1]),
        ("three days forward", [(30 * HOUR, 3 * DAY)], [1, 0, 0, 1, 1, 1, 1]),
        ("an hour forward over it", [(19 * HOUR + 30 * MINUTE, HOUR)], [1, 1, 1, 1]),
    ],
)
async def test_a_clock_that_is_set_brings_no_second_digest(
    name: str, jumps: list[tuple[timedelta, timedelta]], days: list[int], thread: ThreadPoolExecutor
) -> None:
    """START is noon; the digest comes at 08:00, 20 hours later."""
    store = open_store(":memory:")
    office = Office(store, ZoneInfo("UTC"))
    office.opens(time(8), START)
    for office.clock.time in jumping(*jumps):
        await office.look(thread)
    assert [office.days[START.date() + (n + 1) * DAY] for n in range(len(days))] == days
    assert max(office.days.values()) == 1
    store.close()


async def test_a_clock_that_was_years_ahead_silences_nobody(thread: ThreadPoolExecutor) -> None:
    store = open_store(":memory:")
    office = Office(store, ZoneInfo("UTC"))
    office.opens(time(8), START)
    for office.clock.time in jumping((10 * HOUR, 12 * 365 * DAY), (30 * HOUR, -12 * 365 * DAY)):
        await office.look(thread)
    assert [at.date() for at in office.sent if at.year == START.year] == [
        *(START.date() + n * DAY for n in (2, 3, 4)),
    ]
    store.close()


# -- what waits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [HOUR, 3 * DAY, 3_650 * DAY])
@pytest.mark.parametrize("dies", [False, True])
async def test_a_clock_that_is_set_back_delays_no_poll(bot: Bot, back: timedelta, dies: bool) -> None:
    bot.watch()
    bot.feed(A, "one robot")
    await bot.ingest.drain()
    bot.clock.time -= back
    if dies:
        bot = Bot(bot.store, bot.clock, bot.fetcher, bot.chat)
    bot.fetcher.pages[A] = ["two robots", "one robot"]
    await bot.ingest.drain()
    assert len(bot.fetcher.asked) == 1
    bot.clock.pass_(20 * 60)  # more than the usual interval, and the quarter that it grows by
    await bot.ingest.drain()
    await bot.deliver.drain()
    assert bot.texts == ["two robots"]


async def test_patience_that_a_server_asked_for_is_kept_when_the_clock_is_set_back(bot: Bot) -> None:
    bot.feed(A)
    bot.fetcher.pages[A] = FetchError("HTTP 429", 429, 6 * 3600.0)
    await bot.ingest.drain()
    bot.clock.time -= HOUR
    for hours, asked in ((0.0, 1), (5.9, 1), (0.2, 2)):
        bot.clock.pass_(hours * 3600)
        await bot.ingest.drain()
        assert len(bot.fetcher.asked) == asked


@pytest.mark.parametrize("dies", [False, True])
async def test_a_clock_that_is_set_back_delays_no_retry(bot: Bot, dies: bool) -> None:
    bot.watch()
    bot.feed(A, "one robot")
    await bot.ingest.drain()
    bot.clock.pass_(20 * 60)
    bot.fetcher.pages[A] = ["two robots", "one robot"]
    bot.chat.errors = [TryAgain("patience", 30.0)]
    await bot.ingest.drain()
    await bot.deliver.drain()
    bot.clock.time -= 5 * HOUR
    if dies:
        bot = Bot(bot.store, bot.clock, bot.fetcher, bot.chat)
    await bot.ingest.drain()
    with bot.store.read() as tx:
        due = tx.outbox.next_due()
    assert due is None or due <= bot.clock.now() + MINUTE


async def test_a_clock_that_jumps_ahead_polls_each_feed_once(bot: Bot) -> None:
    bot.watch(place=TERMINAL)
    bot.feed(A, "one robot")
    await bot.ingest.drain()
    bot.clock.time += 3 * DAY
    await bot.ingest.drain()
    await bot.ingest.drain()
    assert len(bot.fetcher.asked) == 2


# -- dates that cannot be true -------------------------------------------------------------------------------------------


class Dated(FakeParser):
    """Every line of a body is a date and a title."""

    async def parse(self, page: Page, feed_url: str) -> Parsed:
        rows = [line.partition("|") for line in page.body.decode().splitlines()]
        entries = tuple(Entry(guid=title, title=title, published=at) for at, _, title in rows)
        return normalise(Document(feed_url, entries=entries), feed_url, page.url, page.fetched)


DATES = (
    *(
        "2038-01-19T03:14:08Z",
        "9999-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "1904-01-01T00:00:00Z",
    ),
    *(
        "",
        "tomorrow",
        "2026-02-30T00:00:00Z",
        "Sun, 01 Mar 2026 12:00:00 +9999",
        "2026-03-02T11:00:00Z",
        "2026-03-01T11:00:00Z",
    ),
)


async def test_a_date_that_cannot_be_true_blocks_hides_and_delays_nothing(store: Store) -> None:
    clock = FakeClock()
    bot = Bot(store, clock, FakeFetcher(clock), FakeChat(), Dated(), per_poll=100)
    bot.watch()
    bot.feed(A, "2038-01-19T03:14:08Z|an old robot")
    await bot.poll()
    news = [f"{at}|robot number {n} walks through town {n}" for n, at in enumerate(DATES)]
    bot.fetcher.pages[A] = [*news, "2038-01-19T03:14:08Z|an old robot"]
    await bot.poll()
    with store.read() as tx:
        items = tx.items.search(limit=50)
    assert len(items) == len(DATES) + 1
    assert all(EARLIEST <= one.item.published <= one.fetched + AHEAD for one in items)
    told = [polled.stories for polled in bot.heard]
    assert told == [0, len(DATES)]
    bot.fetcher.pages[A] = ["2026-03-01T12:30:00Z|later news of a robot", *news]
    await bot.poll()
    assert bot.texts[-1] == "later news of a robot"


async def test_an_event_is_one_story_though_an_outlet_dates_it_years_ahead(store: Store) -> None:
    clock = FakeClock()
    bot = Bot(store, clock, FakeFetcher(clock), FakeChat(), Dated(), placer=Placer())
    bot.watch()
    for url in (A, "https://b.example/feed"):
        bot.feed(url, "|seed")
    await bot.poll()
    bot.fetcher.pages[A] = ["2038-01-19T03:14:08Z|Norrland Robotics raises forty million dollars for walking robots"]
    await bot.poll()
    bot.fetcher.pages["https://b.example/feed"] = [
        "2026-03-01T12:10:00Z|Norrland Robotics raises forty million dollars for walking robots"
    ]
    await bot.poll()
    with store.read() as tx:
        newest = tx.items.search(limit=1)[0]
        assert tx.stories.get(newest.story_id).items == 2
