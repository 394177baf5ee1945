"""`robowire bench lookup`: how long people wait for what they look up, in a store of many items.

The store is filled with invented news, one item in five about the trade and one in three Chinese. What they are about is
really read from a pool of them, of which each item is one at another time, with an outlet and a link of its own; stories
have one report or some. Commands go through the Book as a chat gives them; each is asked for other words every time. Times are of
the processor, so that other work on the machine does not decide; an idle one waits for nothing else, as the file is in memory.
"""

from __future__ import annotations

import asyncio
import io
import math
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.alerted import matched_topics, named_entities
from bot.app import Hearing, Robowire, opened
from bot.bench.asked import items
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.command import Book
from bot.config import Config, Start
from bot.errors import BadInput
from bot.feeds.links import link_key
from bot.model import TERMINAL, NewStory, Person, StoredItem
from bot.ports import Store, Transaction
from bot.text import UNSPACED

ITEMS, POOL, BATCH = 1_000_000, 20_000, 2_000
NEWS_LIMIT_MS, LIMIT_MS = 50.0, 1_000.0
ASKED, SLOW_ASKED = 200, 30
"""How many look-ups of a kind are timed: of those that the index answers, and of those that read many items."""

_DAYS = 60
_OPEN = 300  # stories that may still be joined
_JOINS = 0.4  # the share of reports that join one
_COPIED = 0.3
_ME = Person("terminal:me")
_HAN = re.compile(f"[{UNSPACED}]{{2}}")
_WORD = re.compile("[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of look-up: lines to type, and the milliseconds that 19 of 20 may take."""

    case: str
    lines: Sequence[str]
    limit: float = LIMIT_MS


def lookup(n: int = 0) -> Iterator[dict[str, Any]]:
    """The rows: 95th percentiles over a store of `n` items (default 1,000,000), each against what a person should wait."""
    count = n or ITEMS
    with tempfile.TemporaryDirectory(prefix="robowire-bench-") as scratch:
        yield from asyncio.run(_measured(count, Path(scratch) / "lookup.db"))


async def _measured(count: int, database: Path) -> list[dict[str, Any]]:
    config = Config(database=str(database), start=Start(feeds=""))
    async with opened(config, io.StringIO(), None, Hearing()) as robot:
        pool = read_pool(robot.desk.knowledge, min(count, POOL))
        await asyncio.to_thread(fill, robot.store, pool, count, robot.clock.now())
        await robot.indexer.catch_up()
        return [await _row(robot.book, asked, count) for asked in kinds(robot, pool, count)]


def read_pool(knowledge: Knowledge, count: int) -> list[StoredItem]:
    """So many different items with what they are about."""
    matcher, pool = Matcher(knowledge), []
    for at, item in enumerate(items(count)):
        about, _ = matcher.read(item)
        topics, entities = matched_topics(about), named_entities(about)
        pool.append(StoredItem(item, 1, 0, item.published, topics, entities, event=about.event, deals=about.deals))
        _progress("read", at + 1, count)
    return pool


def fill(store: Store, pool: Sequence[StoredItem], count: int, now: datetime) -> None:
    """Store and index so many items, each one of the pool, in stories, over the last days up to `now`."""
    rng, open_ = random.Random(4), list[int]()
    step = timedelta(days=_DAYS) / count
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        batch = [_another(pool, rng, number, now - step * (count - number)) for number in numbers]
        with store.write() as tx:
            placed = _placed(tx, batch, rng, open_)
            tx.items.add(placed)
            tx.items.index(tx.items.unread(len(placed)))
        _progress("stored", numbers.stop, count)


def _another(pool: Sequence[StoredItem], rng: random.Random, number: int, at: datetime) -> StoredItem:
    """An item of the pool as another outlet tells it at that time."""
    one = rng.choice(pool)
    link = f"https://news.example/{number}"
    item = replace(one.item, id=f"{number:024x}", link=link, link_key=link_key(link), published=at, pair_key=number)
    return replace(one, item=item, fetched=at, copy=rng.random() < _COPIED)


def _placed(tx: Transaction, batch: Sequence[StoredItem], rng: random.Random, open_: list[int]) -> list[StoredItem]:
    """The items in their stories: old ones that are still open, or new ones, some of which follow an old one."""
    placed = []
    for one in batch:
        if open_ and rng.random() < _JOINS:
            story = rng.choice(open_)
            tx.stories.join(story, one.fetched, one.item.source, one.copy)
            placed.append(replace(one, story_id=story, status="same", placed=("the same deal",)))
            continue
        follows = open_[0] if open_ and rng.random() < 0.05 else 0
        (story,) = tx.stories.add([NewStory(one.item.title, one.item.source, one.fetched, follows)])
        placed.append(replace(one, story_id=story, copy=False))
        if not follows:
            open_.append(story)
        del open_[:-_OPEN]
    return placed


# -- what is asked -----------------------------------------------------------------------------------------------------


def kinds(robot: Robowire, pool: Sequence[StoredItem], count: int) -> list[Asked]:
    """Every kind of look-up, with words that the items have."""
    rng = random.Random(5)
    titles = [one.item.title.lower() for one in rng.sample(pool, min(len(pool), 5 * ASKED))]
    english = [words for title in titles if (words := _WORD.findall(title))]
    chinese = [found for title in titles for found in _HAN.findall(title)[:1]]
    named = sorted({entity for one in pool for entity in one.entities})
    pairs = [" ".join(rng.sample(words, 2)) for words in english if len(words) > 1]
    numbers = [rng.randrange(count) for _ in range(ASKED)]
    return [
        Asked("news", ["news", "news limit=50", "news limit=20"] * (ASKED // 3), NEWS_LIMIT_MS),
        Asked("news, an English word", [f"news {rng.choice(words)}" for words in english[:ASKED]], NEWS_LIMIT_MS),
        Asked("news, two English words", [f"news {one}" for one in pairs[:ASKED]], NEWS_LIMIT_MS),
        Asked("news, two Chinese characters", [f"news {one}" for one in chinese[:ASKED]], NEWS_LIMIT_MS),
        Asked("news, a topic or company", _cycle("news", ["robotics", *named], ASKED), NEWS_LIMIT_MS),
        Asked("news, a query", _queries(rng, english, "news")),
        Asked("deals", ["deals", "deals limit=50", "deals since=7d"] * (SLOW_ASKED // 3)),
        Asked("deals of a company or topic", _cycle("deals", ["robotics", *named], SLOW_ASKED)),
        Asked(
            "deals, a query", _cycle("deals limit=20", ["event:funding round:A", "amount:>=100m", "robot -drone"], 9)
        ),
        Asked("who", _cycle("who", named or ["unitree"], SLOW_ASKED)),
        Asked("story", [f"story https://news.example/{one}" for one in numbers]),
        Asked("why", [f"why https://news.example/{one}" for one in numbers[:SLOW_ASKED]]),
        Asked("watch test", _queries(rng, english, "watch test")),
        Asked("watch test, of deals", _cycle("watch test", ["event:funding", "topic:robotics amount:>=50m"], 6)),
        Asked("status", ["status"] * SLOW_ASKED),
    ]


def _queries(rng: random.Random, english: Sequence[Sequence[str]], command: str) -> list[str]:
    """Queries that the index cannot answer alone."""
    words = [word for some in english for word in some]
    a, b = (rng.sample(words, 3) for _ in range(2))
    asked = [
        f"robot -{a[0]}",
        f"{a[1]} OR {b[1]}",
        f"topic:robotics {b[0]}",
        f"title:{a[2]}",
        "topic:robotics event:funding",
        "人形机器人 OR 具身智能",
        "lang:zh topic:robotics -融资",
        "sources:>=3 robot",
        "region:cn event:funding",
        "zebra OR giraffe",
    ]
    return [f"{command} {one}" for one in asked]


def _cycle(command: str, things: Sequence[str], count: int) -> list[str]:
    return [f"{command} {things[at % len(things)]}" for at in range(count)]


async def _row(book: Book, asked: Asked, count: int) -> dict[str, Any]:
    """The time that 19 of 20 take; a ratio above 1 is within the limit."""
    times, rows = [], 0
    for line in asked.lines:
        start = time.process_time()
        reply = await book.answer(line, TERMINAL, _ME)
        times.append((time.process_time() - start) * 1000)
        if not reply.ok:
            raise BadInput(f"`{line}` was refused: {reply.message.text}")
        rows += len(reply.rows)
    if not rows and count >= POOL and not asked.case.startswith("why"):
        raise BadInput(f"nothing was found by {asked.case}: this measures nothing")
    took = sorted(times)[math.ceil(len(times) * 19 / 20) - 1]
    _progress(asked.case, 1, 1)
    return {
        "bench": "lookup",
        "case": asked.case,
        "n": count,
        "ours": round(took, 2),
        "unit": "ms",
        "peer": "limit",
        "theirs": asked.limit,
        "ratio": round(asked.limit / took, 2),
    }


def _progress(what: str, done: int, count: int) -> None:
    """A line now and then, for who waits."""
    if done == count or done % max(count // 10, BATCH) == 0:
        sys.stderr.write(f"lookup: {what} {done:,} of {count:,}\n" if count > 1 else f"lookup: {what}\n")
        sys.stderr.flush()
