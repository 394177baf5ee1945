"""Death at every step: whatever port call a process dies in, nothing is lost and nothing is posted twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.ports import Store
from bot.store.open import open_store
from tests.fakes.store import FakeStore
from tests.fakes.world import FakeChat, FakeClock, FakeFetcher
from tests.flow.conftest import Bot
from tests.flow.mortal import (
    LATER_NEWS,
    NEWS,
    ONE,
    TOLD,
    UPDATE,
    A,
    Death,
    Killed,
    MortalChat,
    MortalFetcher,
    MortalParser,
    MortalStore,
    NonceChat,
    headline,
)


async def live(store: Store, chat: FakeChat, clock: FakeClock, fate: Death) -> bool:
    """One life of the bot: releases leases, polls, posts, twice; answers whether it lived to the end."""
    mortal = Bot(
        MortalStore(store, fate),
        clock,
        MortalFetcher(clock, dict(NEWS), fate=fate),
        MortalChat(chat, fate),  # type: ignore[arg-type]
        MortalParser(fate=fate),
    )
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # tasks of a dead process tell nobody
    store.release()
    try:
        for pages in (NEWS, LATER_NEWS):
            mortal.fetcher.pages = dict(pages)
            clock.pass_(7200)
            await mortal.ingest.drain()
            await mortal.deliver.drain()
    except Killed:
        return False
    finally:
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        mortal.thread.shutdown()
    return True


async def lives(store: Store, chat: FakeChat, steps: int) -> int:
    """Kill the bot at this step of its first life, let it live again; answers how many lives it took."""
    clock = FakeClock()
    seeding = Bot(store, clock, FakeFetcher(clock), FakeChat())
    seeding.watch()
    for url in NEWS:
        seeding.feed(url, f"seed of {url}")
    await seeding.poll()
    await seeding.close()
    for life in range(1, 5):
        if await live(store, chat, clock, Death(steps if life == 1 else 10_000)):
            return life
    raise AssertionError("it never lived to the end")


@pytest.mark.parametrize("kind", ["fake", "sqlite"])
@pytest.mark.parametrize("steps", range(1, 77))
async def test_nothing_is_lost_or_doubled_whatever_the_step(kind: str, steps: int, tmp_path: Path) -> None:
    store: Store = FakeStore() if kind == "fake" else open_store(str(tmp_path / "kill.db"))
    chat = FakeChat()
    await lives(store, chat, steps)
    assert sorted(headline(text) for _, text, _ in chat.posted) == TOLD
    said = {headline(text): (nonce, text) for _, text, nonce in chat.posted}
    nonce, text = said[ONE]
    assert [ref.id for ref, _ in chat.edits if ref.id != nonce] == []
    assert f"{A} and 2 more" in [text, *(text for _, text in chat.edits)][-1]
    assert {reply: ref.id for reply, ref in chat.threads.items()} == {said[UPDATE][0]: nonce}
    with store.read() as tx:
        assert (tx.items.count(), tx.outbox.waiting()) == (9, 0)
    store.close()


async def test_a_life_without_a_death_edits_once(tmp_path: Path) -> None:
    chat = FakeChat()
    assert await lives(open_store(str(tmp_path / "a.db")), chat, 10_000) == 1
    assert len(chat.edits) == 1


async def test_the_steps_reach_from_the_first_claim_to_the_last_record(tmp_path: Path) -> None:
    """The range above covers a whole life: one more step and nothing is killed."""
    assert await lives(open_store(str(tmp_path / "a.db")), FakeChat(), 76) == 1
    assert await lives(open_store(str(tmp_path / "b.db")), FakeChat(), 75) == 2


async def test_without_a_look_up_a_crash_costs_at_most_one_repetition() -> None:
    for steps in range(30, 76):
        chat = FakeChat(can_find=False)
        await lives(FakeStore(), chat, steps)
        headlines = [headline(text) for _, text, _ in chat.posted]
        assert sorted(set(headlines)) == TOLD
        assert len(headlines) <= 5


async def test_where_a_nonce_is_refused_again_nothing_is_doubled_without_a_look() -> None:
    for steps in range(30, 76):
        chat = NonceChat()
        await lives(FakeStore(), chat, steps)
        assert sorted(headline(text) for _, text, _ in chat.posted) == TOLD, steps
