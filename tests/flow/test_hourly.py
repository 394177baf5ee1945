"""So many messages for a place within an hour, and what comes after them together in one."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cards import compose
from bot.errors import TryAgain
from bot.flow.deliver import LEASE, Deliverer
from bot.flow.fold import folded
from bot.message import Card, Text
from bot.model import TERMINAL, Alert, Place
from bot.people import Hours
from bot.ports import Store
from tests.contract.makers import alert
from tests.fakes.world import START, FakeChat, FakeClock

C1, C2 = Place("slack:T0/C1"), Place("slack:T0/C2")
HOUR = timedelta(hours=1)


@dataclass
class Post:
    """A deliverer over fakes, which posts what `told` queued; a post takes a second."""

    store: Store
    hourly: int = 60
    clock: FakeClock = field(default_factory=FakeClock)
    chat: FakeChat = field(default_factory=FakeChat)

    def __post_init__(self) -> None:
        self.thread = ThreadPoolExecutor(1)
        self.reborn()

    def reborn(self) -> None:
        chats = {"terminal": self.chat, "slack": self.chat}
        self.deliver = Deliverer(self.store, chats, self.clock, compose, self.thread, self._delay, hourly=self.hourly)

    async def _delay(self, one: Alert) -> Alert:
        self.clock.pass_(1)
        return one

    def told(self, place: Place, *stories: int, **more: object) -> list[int]:
        """Queue an alert for each of these stories."""
        alerts = [replace(alert(place, story, title=f"story {story}"), **more) for story in stories]  # type: ignore[arg-type]
        with self.store.write() as tx:
            return tx.outbox.add(alerts, self.clock.now())

    async def posts(self, after: timedelta = timedelta()) -> list[str]:
        """What is posted to C1 by then, as first lines."""
        self.clock.time += after
        before = len(self.chat.posted)
        await self.deliver.drain()
        return [text.splitlines()[0] for place, text, _ in self.chat.posted[before:] if place == C1]


@pytest.fixture
async def post(store: Store) -> AsyncIterator[Post]:
    made = Post(store)
    with made.thread:
        yield made


def heads(lines: list[str]) -> list[str]:
    return [re.split(" · | for ", line)[0] for line in lines]


async def test_200_alerts_in_an_hour_are_59_messages_and_one_for_the_rest(post: Post) -> None:
    post.told(C1, *range(1, 201))
    post.told(C2, 1, 2, 3)
    posted = heads(await post.posts())
    assert posted == [*(f"story {number}" for number in range(1, 60)), "141 more alerts"]
    assert Counter(place for place, _, _ in post.chat.posted) == {C1: 60, C2: 3}
    with post.store.read() as tx:
        assert tx.outbox.waiting() == 0
        assert {story for story, place in tx.outbox.told(range(1, 201)) if place == C1} == {*range(1, 201)}
        living = [one.story_id for found in tx.outbox.living(range(1, 201)).values() for one in found]
    assert sorted(living) == sorted([*range(1, 60), 1, 2, 3])


async def test_what_comes_later_in_that_hour_waits_for_it_to_pass_and_others_do_not(post: Post) -> None:
    post.told(C1, *range(1, 201))
    await post.posts()
    post.told(C1, 201, 202, 203)
    post.told(C2, 201)
    assert await post.posts(timedelta(minutes=30)) == []
    assert [place for place, _, _ in post.chat.posted[60:]] == [C2]
    with post.store.read() as tx:
        assert tx.outbox.next_due() == START + timedelta(seconds=1) + HOUR
    assert heads(await post.posts(START + HOUR - post.clock.now())) == []
    assert heads(await post.posts(timedelta(seconds=1))) == ["3 more alerts"]
    post.told(C1, 204)
    assert heads(await post.posts(timedelta(minutes=5))) == ["story 204"]


async def test_never_more_than_so_many_within_any_hour_and_each_story_once(post: Post) -> None:
    post.hourly = 5
    post.reborn()
    times: list[datetime] = []
    for minute in range(150):
        post.told(C1, 2 * minute + 1, 2 * minute + 2)
        times += [post.clock.now()] * len(await post.posts(timedelta(minutes=1)))
    assert all(later - earlier >= HOUR - timedelta(minutes=1) for earlier, later in zip(times, times[5:], strict=False))
    assert 10 <= len(times) <= 15
    with post.store.read() as tx:
        told = [item.story_id for one in tx.outbox.recent(C1, 999) for item in one.alert.items]
    assert len(told) == len({*told})
    assert len(told) >= 300 - 120


async def test_a_few_in_an_hour_are_as_ever(post: Post) -> None:
    post.told(C1, *range(1, 61))
    assert len(await post.posts()) == 60
    assert "more alerts" not in repr(post.chat.posted)


async def test_the_terminal_and_no_limit_know_no_fold(post: Post) -> None:
    post.hourly = 3
    post.reborn()
    post.told(TERMINAL, *range(1, 9))
    await post.posts()
    post.hourly = 0
    post.reborn()
    post.told(C1, *range(1, 9))
    assert len(await post.posts()) == 8
    assert len(post.chat.posted) == 16


async def test_digests_and_notices_always_go_and_are_never_folded(post: Post) -> None:
    post.hourly = 3
    post.reborn()
    post.told(C1, 1, 2)
    post.told(C1, 3)
    post.told(C1, 4, kind="digest")
    post.told(C1, 5, kind="notice", about="The place is back.", items=())
    post.told(C1, 6)
    assert heads(await post.posts()) == [
        "story 1",
        "story 2",
        "2 more alerts",
        "Your digest of Sunday, 1 March: 1 story",
        "The place is back.",
    ]
    post.told(C1, 7)
    post.told(C2, 8, kind="digest")
    assert await post.posts(timedelta(minutes=10)) == []
    assert [place for place, _, _ in post.chat.posted][-1] == C2
    with post.store.read() as tx:
        # when there are two left within the hour: the third of five is the first that is too many
        assert tx.outbox.next_due() == tx.outbox.posted(C1, START)[2] + HOUR


async def _one_posted_of_two(post: Post) -> int:
    """One message of the two that an hour has room for is posted; answers its delivery."""
    post.hourly = 2
    post.reborn()
    (one,) = post.told(C1, 1)
    await post.posts()
    return one


def _know_more(post: Post, delivery: int) -> None:
    with post.store.write() as tx:
        tx.outbox.revise(delivery, alert(C1, 1, title="more is known"), post.clock.now())


async def test_edits_are_free(post: Post) -> None:
    one = await _one_posted_of_two(post)
    post.told(C1, 2)
    await post.posts()
    _know_more(post, one)
    await post.posts()
    assert [text.split(" · ")[0] for _, text in post.chat.edits] == ["more is known"]


async def test_an_edit_between_is_neither_folded_nor_lost(post: Post) -> None:
    one = await _one_posted_of_two(post)
    post.told(C1, 2)
    _know_more(post, one)
    post.told(C1, 3)
    assert heads(await post.posts()) == ["2 more alerts"]
    assert len(post.chat.edits) == 1


async def test_what_is_new_in_stories_is_kept_in_the_fold(post: Post) -> None:
    post.hourly = 2
    post.reborn()
    post.told(C1, 1)
    await post.posts()
    post.told(C1, 2)
    post.told(C1, 1, kind="update", about="story 1", news=("Lead: Alibaba Cloud",))
    post.told(C1, 3)
    await post.posts()
    text = post.chat.posted[-1][1]
    assert text.splitlines()[2] == "- story 1 https://example.org/1; New in “story 1”; Lead: Alibaba Cloud"
    assert post.chat.posted[-1][2] not in post.chat.threads


async def test_what_would_have_gone_under_a_message_comes_in_the_place_itself_when_it_is_first_of_a_fold(
    post: Post,
) -> None:
    post.hourly = 2
    post.reborn()
    post.told(C1, 1)
    await post.posts()
    post.told(C1, 1, kind="update", about="story 1", news=("Lead: Alibaba Cloud",))
    post.told(C1, 2)
    assert heads(await post.posts()) == ["2 more alerts"]
    assert post.chat.threads == {}


async def test_later_news_of_what_a_fold_told_is_told_in_the_place_itself(post: Post) -> None:
    post.hourly = 2
    post.reborn()
    post.told(C1, 1)
    await post.posts()
    post.told(C1, 2, 3)
    await post.posts()
    post.told(C1, 3, kind="update", about="story 3", news=("Round: A+",))
    await post.posts(HOUR)
    assert post.chat.posted[-1][1].startswith("New in “story 3”: story 3 · Round: A+")
    assert post.chat.threads == {}


# -- when the process dies -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reached", [True, False])
async def test_a_fold_whose_post_was_not_recorded_is_looked_for_and_never_grows(post: Post, reached: bool) -> None:
    post.hourly = 2
    post.reborn()
    post.told(C1, 1)
    await post.posts()
    post.told(C1, 2, 3)
    failure = OSError("connection lost")
    if reached:
        post.chat.lost.append(failure)
    else:
        post.chat.errors.append(failure)
    await post.posts()
    post.reborn()  # and a new process finds it claimed and not recorded
    post.told(C1, 4, 5)
    post.clock.time += LEASE
    await post.posts()
    assert heads([text for _, text, _ in post.chat.posted[1:]]) == ["2 more alerts"]
    await post.posts(HOUR)
    assert heads([text for _, text, _ in post.chat.posted[2:]]) in (["story 4", "story 5"], ["2 more alerts"])


async def test_what_may_have_been_posted_is_not_folded_into_another(post: Post) -> None:
    post.hourly = 2
    post.reborn()
    post.told(C1, 1)
    await post.posts()
    post.told(C1, 2)
    post.chat.lost.append(OSError("connection lost"))
    await post.posts()
    post.told(C1, 3, 4)
    post.clock.time += LEASE
    assert await post.posts() == []  # it stands there
    assert heads([text for _, text, _ in post.chat.posted]) == ["story 1", "story 2"]
    await post.posts(HOUR)
    assert {*heads([text for _, text, _ in post.chat.posted[2:]])} <= {"story 3", "story 4", "2 more alerts"}


async def test_a_fold_that_the_chat_puts_off_takes_in_what_came_meanwhile(post: Post) -> None:
    post.hourly = 2
    post.reborn()
    post.told(C1, 1)
    await post.posts()
    post.told(C1, 2, 3)
    post.chat.errors.append(TryAgain("slow down", 60))
    await post.posts()
    post.told(C1, 4)
    assert heads(await post.posts(timedelta(minutes=1))) == ["3 more alerts"]
    with post.store.read() as tx:
        assert tx.outbox.waiting() == 0


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_goes_wrong_each_story_is_told_once_and_no_hour_has_too_many(post: Post, seed: int) -> None:
    chance = random.Random(seed)
    post.hourly, story = 3, 0
    for _ in range(60):
        wrong = chance.random()
        if wrong < 0.15:
            post.chat.lost.append(OSError("its answer was lost"))
        elif wrong < 0.3:
            post.chat.errors.append(OSError("it never arrived"))
        elif wrong < 0.4:
            post.chat.errors.append(TryAgain("slow down", chance.randrange(1, 900)))
        many = chance.choice((0, 1, 1, 2, 6)) if story < 100 else 0
        post.told(C1, *range(story + 1, story + many + 1))
        story += many
        post.reborn()
        await post.posts(timedelta(minutes=chance.randrange(1, 30)))
    post.chat.lost.clear()
    post.chat.errors.clear()
    for _ in range(4):
        await post.posts(HOUR)
    with post.store.read() as tx:
        said = tx.outbox.recent(C1, 999)
        assert tx.outbox.waiting() == 0
    told = Counter(item.story_id for one in said for item in one.alert.items)
    assert told == Counter(range(1, story + 1))
    assert len(said) == len(post.chat.posted) == len({nonce for _, _, nonce in post.chat.posted})
    assert any(one.alert.kind == "summary" for one in said)
    recorded = sorted(one.at for one in said)
    assert all(later - earlier >= HOUR for earlier, later in zip(recorded, recorded[3:], strict=False))


async def test_quiet_hours_end_with_a_fold(post: Post) -> None:
    post.hourly = 3
    post.reborn()
    night = Hours(C1, zone="UTC", quiet_from=START.time(), quiet_to=(START + 8 * HOUR).time())
    with post.store.write() as tx:
        tx.hours.set(night)
    post.told(C1, *range(1, 10))
    assert await post.posts() == []
    assert heads(await post.posts(8 * HOUR)) == ["story 1", "story 2", "7 more alerts"]


# -- the message -----------------------------------------------------------------------------------------------------------


def test_a_fold_shows_twenty_and_counts_the_others() -> None:
    alerts = [alert(C1, number, title=f"story {number}") for number in range(1, 31)]
    alerts.append(alert(C1, 31, 32, title="of a summary"))
    alerts.append(replace(alert(C1, 33, title="told already"), kind="report", watchlists=()))
    one = folded(alerts, 60)
    assert (one.kind, one.place, one.count, one.watchlists) == ("summary", C1, 33, ("robots", "具身智能"))
    assert {item.story_id for item in one.items} == {*range(1, 34)}
    message = compose(one, START, UTC)
    shown = [part.headline for part in message.parts if isinstance(part, Card)]
    assert shown == ["told already", "of a summary", "of a summary", *(f"story {n}" for n in range(30, 13, -1))]
    said = [part.text for part in message.parts if isinstance(part, Text)]
    assert said == [
        "33 more alerts for robots, 具身智能",
        "More than 60 messages within an hour come together, in one.",
        "… and 13 others; `news` lists them.",
    ]
    assert one.items[-1].summary == one.items[-1].image == ""


def test_folding_a_fold_counts_everything_once() -> None:
    first = folded([alert(C1, number) for number in range(1, 41)], 60)
    again = folded([first, alert(C1, 41)], 60)
    assert (again.count, len(again.items)) == (41, 41)
