"""A store that was restored from a backup: what the bot said after the backup was made is not said again, all later news is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, time, timedelta
from pathlib import Path

import pytest

from bot.errors import FetchError, NotFound, TryAgain
from bot.flow.restore import resume
from bot.model import Place
from bot.people import Hours
from bot.ports import COPIED_AT, Store
from bot.repositories import LEAP
from bot.store.open import open_store
from tests.fakes.world import FakeChat, FakeClock, FakeFetcher
from tests.flow.conftest import Bot

A, B = "https://a.example/feed", "https://b.example/feed"
HERE = Place("slack:T0/C1")
DAY = timedelta(days=1)


@dataclass
class World:
    """What is there whatever becomes of the store: time, outlets, a chat; and the backup."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    chat: FakeChat = field(default_factory=FakeChat)
    pages: dict[str, object] = field(default_factory=dict)

    @asynccontextmanager
    async def life(self, name: str) -> AsyncIterator[Bot]:
        """A bot on the database of this name; on a copy it resumes, as the program does at its start."""
        fetcher = FakeFetcher(self.clock)
        fetcher.pages = self.pages  # type: ignore[assignment]
        with closing(open_store(str(self.folder / name))) as store:
            store.release()
            with store.write() as tx:
                self.resumed = resume(tx, self.clock.now(), UTC)
            bot = Bot(store, self.clock, fetcher, self.chat)
            try:
                yield bot
            finally:
                await bot.close()

    @asynccontextmanager
    async def restored(
        self, before: Callable[[Bot], Awaitable[None]], after: Callable[[Bot], Awaitable[None]]
    ) -> AsyncIterator[Bot]:
        """A bot on a backup of one that did something before it was made, and something after it."""
        async with self.life("wire.db") as bot:
            await before(bot)
            bot.store.backup(self.folder / "copy.db")
            await after(bot)
        async with self.life("copy.db") as bot:
            yield bot

    @property
    def said(self) -> list[str]:
        return [text.partition(" · ")[0] for _, text, _ in self.chat.posted]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def begin(bot: Bot) -> None:
    bot.watch("robot", HERE)
    for url in (A, B):
        bot.feed(url, f"seed of {url}")
    await bot.poll()
    bot.news(A, "robot one walks far")
    await bot.poll()


def tell(url: str, *titles: str) -> Callable[[Bot], Awaitable[None]]:
    async def act(bot: Bot) -> None:
        bot.news(url, *titles)
        await bot.poll()

    return act


async def nothing(bot: Bot) -> None:
    pass


def found(store: Store, words: str) -> list[str]:
    with store.read() as tx:
        return [one.item.title for one in tx.items.search(words, limit=100)]


async def test_what_was_said_after_the_backup_is_found_and_not_said_again(world: World) -> None:
    async with world.restored(begin, tell(A, "robot two sings", "robot three swims")) as bot:
        said = [*world.said]
        assert said == ["robot one walks far", "robot two sings", "robot three swims"]
        await bot.poll()
        assert world.said == said
        assert sorted(found(bot.store, "robot")) == ["robot one walks far", "robot three swims", "robot two sings"]


async def test_what_is_published_after_the_silent_poll_is_said_once(world: World) -> None:
    async with world.restored(begin, tell(A, "robot two sings")) as bot:
        await bot.poll()
        await tell(A, "robot three swims")(bot)
        await bot.poll()
        assert world.said == ["robot one walks far", "robot two sings", "robot three swims"]


async def test_another_outlet_that_tells_the_same_event_later_is_no_news_either(world: World) -> None:
    async with world.restored(begin, tell(A, "robot two sings")) as bot:
        await bot.poll()
        await tell(B, "robot two sings")(bot)
        assert world.said == ["robot one walks far", "robot two sings"]


async def test_a_feed_is_silent_until_a_poll_of_it_succeeds(world: World) -> None:
    async with world.restored(begin, tell(A, "robot two sings")) as bot:
        there = world.pages[A]
        for _ in range(3):
            world.pages[A] = FetchError("HTTP 503", 503)
            await bot.poll()
            world.clock.pass_(DAY.total_seconds())
        world.pages[A] = there
        await bot.poll()
        assert world.said == ["robot one walks far", "robot two sings"]
        await tell(A, "robot three swims")(bot)
        assert world.said[2:] == ["robot three swims"]


async def test_a_feed_that_has_not_changed_since_speaks_at_its_next_news(world: World) -> None:
    async with world.restored(begin, nothing) as bot:
        await bot.poll()
        await tell(A, "robot two sings")(bot)
        assert world.said == ["robot one walks far", "robot two sings"]


async def test_a_new_feed_has_a_silent_baseline_as_ever(world: World) -> None:
    async with world.restored(begin, nothing) as bot:
        bot.feed("https://c.example/feed", "robot three swims")
        await bot.poll()
        assert world.said == ["robot one walks far"]
        assert found(bot.store, "swims") == ["robot three swims"]


async def test_what_waited_when_the_backup_was_made_is_not_sent(world: World) -> None:
    async def hold_back(bot: Bot) -> None:
        await begin(bot)
        world.chat.errors = [TryAgain("a moment", 60)]
        await tell(A, "robot two sings", "robot three swims")(bot)

    async def let_go(bot: Bot) -> None:
        world.clock.pass_(3600)
        await bot.deliver.drain()

    async with world.restored(hold_back, let_go) as bot:
        assert world.said == ["robot one walks far", "robot two sings", "robot three swims"]
        assert "; 2 messages that waited then" in world.resumed
        await bot.poll()
        await tell(A, "robot four rests")(bot)
        assert world.said[3:] == ["robot four rests"]


async def test_a_message_that_was_edited_after_the_backup_is_not_edited_again_for_that(world: World) -> None:
    async with world.restored(begin, tell(B, "robot one walks far")) as bot:
        assert len(world.chat.edits) == 1
        await bot.poll()
        assert len(world.chat.edits) == 1
        bot.feed("https://c.example/feed", "seed of c")
        await bot.poll()
        await tell("https://c.example/feed", "robot one walks far")(bot)
        assert "and 2 more" in world.chat.edits[1][1]
        assert len(world.said) == 1


async def test_who_follows_a_story_hears_no_report_twice(world: World) -> None:
    async def follow(bot: Bot) -> None:
        await begin(bot)
        with bot.store.write() as tx:
            (story,) = {one.story_id for one in tx.items.search("walks")}
            tx.follows.add(story, HERE, world.clock.now())

    async with world.restored(follow, tell(B, "robot one walks far")) as bot:
        posted = len(world.chat.posted)
        assert posted == 2
        await bot.poll()
        assert len(world.chat.posted) == posted


@pytest.mark.parametrize(("later", "digests"), [(timedelta(hours=30), 1), (timedelta(hours=1), 0)])
async def test_a_digest_that_was_due_since_is_taken_for_sent_and_another_one_comes(
    world: World, later: timedelta, digests: int
) -> None:
    async def gather(bot: Bot) -> None:
        bot.watch("robot", HERE, mode="digest")
        with bot.store.write() as tx:
            at = world.clock.now() + timedelta(hours=6)
            tx.hours.set(Hours(HERE, digest=time(at.hour, at.minute)))
        bot.feed(A, f"seed of {A}")
        await bot.poll()
        await tell(A, "robot one walks far")(bot)
        assert world.said == []

    async def wait(bot: Bot) -> None:
        world.clock.pass_(later.total_seconds())
        await bot.digester.tick()
        await bot.deliver.drain()

    async with world.restored(gather, wait) as bot:
        assert len(world.said) == digests
        assert f"and {digests} digests due since" in world.resumed
        for _ in range(30):
            await bot.poll()
        assert len(world.said) == 1  # the one that was not due when it died is sent by who comes after
        await tell(A, "robot two sings")(bot)
        for _ in range(30):
            await bot.poll()
        assert len(world.said) == 2
        assert "robot one" not in world.chat.posted[1][1]


async def test_only_a_copy_is_resumed_and_once(world: World) -> None:
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(world.restored(begin, nothing))
        assert world.resumed.startswith("the database was restored from a backup made 20")
        with bot.store.write() as tx:
            assert resume(tx, world.clock.now(), UTC) == ""
    async with world.life("wire.db") as bot:
        assert world.resumed == ""
        with bot.store.read() as tx:
            assert tx.settings.get(COPIED_AT) is None
        await tell(A, "robot two sings")(bot)
    assert world.said == ["robot one walks far", "robot two sings"]


async def test_a_copy_of_a_copy_is_resumed_too(world: World) -> None:
    async with world.restored(begin, nothing) as bot:
        bot.store.backup(world.folder / "again.db")
        await tell(A, "robot two sings")(bot)
    async with world.life("again.db") as bot:
        await bot.poll()
    assert world.said == ["robot one walks far"]


async def test_buttons_of_messages_that_the_store_does_not_know_lead_nowhere(world: World) -> None:
    async with world.life("wire.db") as bot:
        await begin(bot)
        bot.store.backup(world.folder / "copy.db")
        await tell(A, "robot two sings")(bot)
        with bot.store.read() as tx:
            lost = tx.outbox.recent(HERE, 1)[0]
            (story,) = {item.story_id for item in lost.alert.items}
    async with world.life("copy.db") as bot:
        await bot.poll()
        await tell(A, "robot three swims")(bot)
        with bot.store.read() as tx:
            latest = tx.outbox.recent(HERE, 1)[0]
            assert "three" in latest.alert.items[0].title
            assert latest.id > lost.id + LEAP // 2
            assert latest.alert.items[0].story_id > LEAP
            with pytest.raises(NotFound):
                tx.outbox.alert(lost.id)
            with pytest.raises(NotFound):
                tx.stories.get(story)
