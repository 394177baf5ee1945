"""Every call of every port fails once, with every error that its contract allows: nothing is lost, nothing said twice.

The calls are counted in a life without a fault, so that a new call is tried too. A fault ends no life but one that the
program would end by itself; it is then started again.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.errors import (
    AssistError,
    ChatError,
    FetchError,
    Gone,
    NeverAgain,
    ParseError,
    Refused,
    StoreError,
    TryAgain,
    Unwritable,
)
from bot.flow.assist import Enricher, Terms
from bot.model import TERMINAL, Place, Watchlist
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
    Fault,
    MortalChat,
    MortalFetcher,
    MortalParser,
    MortalStore,
    NonceChat,
    Step,
    headline,
)

CHANNEL, DAILY, FRAIL = Place("slack:T0/C1"), Place("slack:T0/C2"), Place("slack:T0/C3")
"""Beside the terminal: a channel, one that has a digest once a day, and one that a test may break."""

PLACES = (TERMINAL, CHANNEL, DAILY, FRAIL)

HOURS = (5, 5, 10, 25)
"""Between the rounds of a life: news, later news, the digest, and again whatever a fault delayed."""
STORIES, SAMPLES = 4, 5
STRIDES: dict[Step, int] = {"fetch": 2, "begin": 3, "change": 4, "commit": 3, "committed": 2, "post": 2, "posted": 2}
"""Of calls that are many each fails in one way or two, by turns; of single changes every other one."""

VARYING = 8
"""Posts that end at the same moment are followed by one look for more: that many transactions fewer there may be."""


Make = Callable[[], Exception]


class Unforeseen(Exception):
    """What no contract knows: a bug, or a library that was changed."""


def of(*errors: Exception) -> list[Make]:
    """Each fault has an error of its own."""
    return [lambda error=error: error for error in errors]  # type: ignore[misc]


UNKNOWN = (Unforeseen("a bug"), OSError("the network is down"))
FAILS: dict[Step, list[Make]] = {
    "fetch": of(FetchError("HTTP 500", 500), FetchError("HTTP 429", 429, 600), Refused("no"), *UNKNOWN),
    "parse": of(ParseError("no feed"), ParseError("stopped: took too long", killed=True), *UNKNOWN),
    "complete": of(AssistError("no answer"), TimeoutError(), *UNKNOWN),
    "read": of(StoreError("the disk is full")),
    "begin": of(StoreError("no such row"), Unwritable("the disk is full"), *UNKNOWN[:1]),
    "change": of(StoreError("no such row"), Unwritable("the disk is full")),
    "commit": of(StoreError("no such row"), Unwritable("the disk is full"), *UNKNOWN[:1]),
    "committed": of(StoreError("the disk gave an error"), *UNKNOWN[:1]),
    "post": of(TryAgain("not now", 5), ChatError("no answer"), *UNKNOWN),
    "posted": of(ChatError("no answer"), *UNKNOWN),
    "edit": of(TryAgain("not now", 5), *UNKNOWN),
    "edited": of(TryAgain("no answer", 5), *UNKNOWN),
}
"""What may go wrong at each step, and is over the next time."""


@dataclass
class Assistant:
    """A language model that has nothing to add."""

    fault: Fault

    async def complete(self, system: str, user: str) -> str:
        self.fault.step("complete")
        return json.dumps({"deals": [], "summary": []})


@dataclass
class Life:
    """A world over which one fault comes, and what is left of it."""

    store: Store
    fault: Fault
    clock: FakeClock
    chat: FakeChat = field(default_factory=FakeChat)
    starts: int = 0

    def bot(self) -> Bot:
        """A process; what the last one held is let go."""
        self.starts += 1
        self.store.release()
        bot = Bot(
            MortalStore(self.store, self.fault),
            self.clock,
            MortalFetcher(self.clock, fate=self.fault),
            MortalChat(self.chat, self.fault),  # type: ignore[arg-type]
            MortalParser(fate=self.fault),
        )
        enricher = Enricher(Assistant(self.fault), bot.store, self.clock, bot.thread, Terms())
        bot.deliver._enrich = enricher.enrich
        return bot

    async def live(self, hours: Sequence[int] = HOURS) -> None:
        """So many rounds, each as the program has it: a store in trouble is left alone for a while, a bug ends a life."""
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        bot = self.bot()
        for number, passed in enumerate(hours):
            self.clock.pass_(passed * 3600)
            for part in ("ingest", "digester", "deliver", "indexer"):
                bot.fetcher.pages = dict(LATER_NEWS if number else NEWS)
                try:
                    await _turn(bot, part)
                except StoreError:
                    continue
                except (Unforeseen, OSError):
                    await bot.close()
                    bot = self.bot()
        await bot.close()

    def news(self, place: Place) -> list[str]:
        """The headlines that a place was told, in order."""
        return [said for at, text, _ in self.chat.posted if at == place and (said := headline(text)) in TOLD]


async def _turn(bot: Bot, part: str) -> None:
    turns = {
        "ingest": bot.ingest.drain,
        "digester": bot.digester.tick,
        "deliver": bot.deliver.drain,
        "indexer": bot.indexer.catch_up,
    }
    await turns[part]()


class Worlds:
    """Worlds that begin alike: three feeds with a baseline, four places that watch them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, 0
        self._fake, self._file = FakeStore(), folder / "seeded.db"

    async def seed(self) -> None:
        """What all worlds begin with is made once."""
        await _seeded(self._fake)
        store = open_store(str(self._file))
        await _seeded(store)
        store.close()

    def life(self, fault: Fault, chat: FakeChat | None = None, sqlite: bool = False) -> Life:
        self._made += 1
        fake, clock = FakeStore(), FakeClock()
        fake.state = self._fake.state.snapshot()
        clock.pass_(3600)
        return Life(self._opened() if sqlite else fake, fault, clock, chat or FakeChat())

    def _opened(self) -> Store:
        file = self._folder / f"{self._made}.db"
        file.write_bytes(self._file.read_bytes())
        return open_store(str(file))


async def _seeded(store: Store) -> None:
    clock = FakeClock()
    bot = Bot(store, clock, FakeFetcher(clock), FakeChat())
    for place in (TERMINAL, CHANNEL, FRAIL):
        bot.watch(place=place)
    bot.watch(place=DAILY, mode="digest")
    for url in NEWS:
        bot.feed(url, f"seed of {url}")
    await bot.poll()
    await bot.close()


@pytest.fixture
async def worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Worlds:
    """All lives have the same watchlists: they are compiled once, which is most of what a life would cost."""
    compiled: dict[Sequence[Watchlist], Matcher] = {}

    def matcher(knowledge: Knowledge, watchlists: Sequence[Watchlist] = ()) -> Matcher:
        return compiled.setdefault(tuple(watchlists), compiled.get(tuple(watchlists)) or Matcher(knowledge, watchlists))

    for room in ("write", "index"):
        monkeypatch.setattr(f"bot.flow.{room}.Matcher", matcher)
    made = Worlds(tmp_path)
    await made.seed()
    return made


def assert_whole(life: Life, where: str, edited: bool = True, frail: bool = True) -> None:
    """Each place was told everything once, in the order of its outbox, and nothing is left to do.

    The message of the story that three outlets have says so, unless it could not be `edited`; the `frail` place may be gone.
    """
    for place in (TERMINAL, CHANNEL, *([FRAIL] if frail else ())):
        assert sorted(life.news(place)) == TOLD, f"{where}: {place}"
        nonce, text = next((nonce, text) for at, text, nonce in life.chat.posted if at == place and ONE in text)
        said = [text, *(text for ref, text in life.chat.edits if ref.id == nonce)][-1]
        assert "and 2 more" in said or not edited, f"{where}: {place}"
        update = next(nonce for at, text, nonce in life.chat.posted if at == place and UPDATE in text)
        assert life.chat.threads[update].id == nonce, f"{where}: {place}"
    with life.store.read() as tx:
        for place in PLACES:
            recorded = [one.ref.id for one in reversed(tx.outbox.recent(place, 100))]
            assert recorded == [one for at, _, one in life.chat.posted if at == place and one in recorded], where
        digests = [item.story_id for one in tx.outbox.recent(DAILY, 9) for item in one.alert.items]
        assert (len(digests), len({*digests})) == (STORIES, STORIES), where
        assert (tx.items.count(), tx.outbox.waiting(), tx.items.unread(1)) == (9, 0, []), where
        assert ([*tx.outbox.disabled()] == [FRAIL]) != frail, where
    nonces = [nonce for _, _, nonce in life.chat.posted]
    assert len(nonces) == len({*nonces}), where
    life.store.close()


async def calls(worlds: Worlds, sqlite: bool = False, place: Place | None = None) -> Counter[str]:
    """How often each step is taken, at one place or at all, in a life without a fault."""
    life = worlds.life(Fault("fetch", 0, Unforeseen, place), sqlite=sqlite)
    await life.live()
    assert_whole(life, "no fault")
    assert life.starts == 1
    return life.fault.seen


# -- faults that pass ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAILS)
async def test_whatever_call_fails_once_everything_is_told_once_and_in_order(worlds: Worlds, name: Step) -> None:
    count, stride = (await calls(worlds))[name], STRIDES.get(name, 1)
    for first, make in enumerate(FAILS[name]):
        for at in range(1 + first % stride, count + 1, stride):
            life = worlds.life(Fault(name, at, make))
            await life.live()
            assert life.fault.steps >= at or at > count - VARYING
            assert_whole(life, f"{name} {at} of {count}: {make()!r}")


@pytest.mark.parametrize("name", ["begin", "change", "commit", "committed"])
async def test_so_it_is_with_a_database_of_which_some_calls_fail(worlds: Worlds, name: Step) -> None:
    count, make = (await calls(worlds, sqlite=True))[name], FAILS[name][0]
    for at in range(1, count + 1, max(count // SAMPLES, 1)):
        life = worlds.life(Fault(name, at, make), sqlite=True)
        await life.live()
        assert life.fault.steps >= at or at > count - VARYING
        assert_whole(life, f"{name} {at} of {count}: {make()!r}")


async def test_a_look_that_fails_is_taken_again_before_anything_is_repeated(worlds: Worlds) -> None:
    count = (await calls(worlds))["posted"]
    for at, make in zip(range(1, count + 1), cycle(of(ChatError("no answer"), *UNKNOWN)), strict=False):
        look = Fault("find", 1, make)
        life = worlds.life(Fault("posted", at, Unforeseen, also=look))
        await life.live((*HOURS, 1))
        assert look.steps == 2
        assert_whole(life, f"find after posted {at} of {count}: {make()!r}")


async def test_a_chat_that_cannot_look_says_it_once_if_it_refuses_a_nonce_again(worlds: Worlds) -> None:
    for at in range(1, (await calls(worlds))["posted"] + 1):
        life = worlds.life(Fault("posted", at, lambda: ChatError("no answer")), NonceChat())
        await life.live()
        assert_whole(life, f"posted {at}")


async def test_a_chat_that_can_do_neither_repeats_that_one_message_and_no_other(worlds: Worlds) -> None:
    count = (await calls(worlds))["posted"]
    for at in range(1, count + 1):
        life = worlds.life(Fault("posted", at, lambda: ChatError("no answer")), FakeChat(can_find=False))
        await life.live()
        repeated = Counter(nonce for _, _, nonce in life.chat.posted)
        assert (len(repeated), sorted(repeated.values())) == (count, [1] * (count - 1) + [2]), at


# -- faults that stay ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["post", "edit"])
async def test_a_place_that_is_gone_is_asked_no_more_and_the_others_lose_nothing(worlds: Worlds, name: Step) -> None:
    clean = worlds.life(Fault(name, 0, Unforeseen, FRAIL))
    await clean.live()
    assert clean.fault.steps > 0
    for at in range(1, clean.fault.steps + 1):
        life = worlds.life(Fault(name, at, lambda: NeverAgain("channel_not_found"), FRAIL))
        await life.live()
        assert_whole(life, f"{name} {at}", frail=False)
        assert life.fault.steps == at
        assert life.news(FRAIL) == clean.news(FRAIL)[: len(life.news(FRAIL))]


async def test_a_message_that_is_gone_is_edited_no_more_and_all_else_is_told(worlds: Worlds) -> None:
    for at in range(1, (await calls(worlds))["edit"] + 1):
        life = worlds.life(Fault("edit", at, lambda: Gone("message_not_found")))
        await life.live()
        assert_whole(life, f"edit {at}", edited=False)
        assert len(life.chat.edits) == (await calls(worlds))["edit"] - 1
