"""`robowire bench match`: reading items against many watchlists and many names, beside the automaton alone.

Other work on the machine must not decide what is measured: times are those of the processor, and ours and the peer's take
turns chunk by chunk, of which the least of several rounds counts. So this is the speed of a matcher that has met its queries
before: what a query leaves to its first item falls into the first round. One item in five is about the trade, unless a row
says otherwise; the other four match little, and cost less.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.bench.apart import apart
from bot.bench.asked import entities, items, watchlists
from bot.bench.memory import resident
from bot.classify.knowledge.seeds import Knowledge, load_knowledge
from bot.classify.lexicon import Lexicon
from bot.classify.match import Matcher
from bot.classify.normal import needle
from bot.classify.reading import Reading
from bot.errors import BadInput
from bot.model import Watchlist
from bot.resources import seeds

MOST = 100_000
ITEMS = 5_000
BUILD_LIMIT_S, MEMORY_LIMIT_MIB, RATE_GOAL = 1.0, 300.0, 20_000.0
MIB = 1024 * 1024
ROUNDS, CHUNK, BUILDS = 3, 250, 3


@dataclass(frozen=True, slots=True)
class Task:
    """How many watchlists beside the seeds' gazetteer, or how many more names in it; `on_topic` is a share of the items."""

    watchlists: int
    aliases: int
    on_topic: float = 0.2


@dataclass(frozen=True, slots=True)
class Result:
    """Items in a second of processor time: `rate` asks all watchlists, or finds all names; `read` works out everything,
    deals and roles too; `floor` lets the automaton alone go over the texts.

    `build` is seconds of processor time, the least of three. `memory` is bytes that the matcher takes once all items were
    read. `found` counts matches, or names.
    """

    rate: float
    read: float
    floor: float
    build: float
    memory: int
    found: int


def match(n: int = 0) -> Iterator[dict[str, Any]]:
    """The rows: `n` (default 100,000) watchlists and names, a tenth and a hundredth of them; one item in five on topic."""
    most = n or MOST
    sizes = [size for size in (most // 100, most // 10, most) if size > 1]
    for size in sizes:
        yield from _rows(f"{_short(size)} watchlists", size, Task(size, 0))
    for size in sizes:
        yield from _rows(f"{_short(size)} aliases", size, Task(0, size))
    yield from _rows(f"{_short(most)} watchlists, all items on topic", most, Task(most, 0, 1.0))


def _rows(case: str, size: int, task: Task) -> Iterator[dict[str, Any]]:
    result = _measured(task)
    if not result.found and size >= MOST // 100:
        raise BadInput(f"nothing was found in {case}: this measures nothing")
    yield _row(case, size, result.rate, "items/s", "goal", RATE_GOAL)
    yield _row(case, size, result.rate, "items/s", "Aho-Corasick alone", result.floor)
    yield _row(f"{case}, with deals and roles", size, result.read, "items/s", "Aho-Corasick alone", result.floor)
    yield _row(f"{case}, build", size, result.build, "s", "limit", BUILD_LIMIT_S)
    yield _row(f"{case}, memory", size, result.memory / MIB, "MiB", "limit", MEMORY_LIMIT_MIB)


def _measured(task: Task) -> Result:
    """Run in a process of its own, so that memory is that of one matcher. Raises BadInput if it fails."""
    return Result(**apart("bot.bench.match", asdict(task)))


def measure(task: Task) -> Result:
    """Build one matcher, and take every item a few times."""
    known = load_knowledge(seeds())
    knowledge = Knowledge((*known.entities, *entities(task.aliases)), known.topics, known.rates)
    asked = watchlists(task.watchlists)
    news = list(items(ITEMS, task.on_topic))
    read = Matcher(known).read  # what the items are about costs the same whatever is asked of them
    about = [read(item)[0] for item in news] if task.watchlists else []
    gc.collect()
    before = resident(os.getpid())
    matcher, build = _built(knowledge, asked)
    if matcher.faults:
        raise BadInput(f"{len(matcher.faults)} queries cannot be read: {next(iter(matcher.faults.values()))}")
    found = sum(len(matcher.read(item)[1] if task.watchlists else matcher.about(item)[1]) for item in news)
    memory = resident(os.getpid()) - before
    words = [max(one.query.split(), key=len) for one in asked]
    words += [name for entity in knowledge.entities for name in entity.written()]
    floor, texts = _automaton(words), [Reading(item).text for item in news]
    rate, everything, alone = in_turns(
        (
            (lambda at: matcher.matches(news[at], about[at]))
            if task.watchlists
            else lambda at: matcher.about(news[at]),
            lambda at: matcher.read(news[at]),
            lambda at: floor.search(texts[at]),
        ),
        len(news),
    )
    build = min(build, *(_built(knowledge, asked)[1] for _ in range(BUILDS - 1)))
    return Result(rate, everything, alone, build, memory, found)


def _built(knowledge: Knowledge, asked: Sequence[Watchlist]) -> tuple[Matcher, float]:
    """A matcher, and how long it takes until it has read its first item."""
    first = next(items(1))
    gc.collect()
    start = time.process_time()
    matcher = Matcher(knowledge, asked)
    matcher.about(first)  # builds the automaton
    return matcher, time.process_time() - start


def _automaton(words: list[str]) -> Lexicon:
    """One pattern for each watchlist and name."""
    lexicon = Lexicon()
    for one in words:
        if found := needle(one):
            lexicon.add(found)
    lexicon.search(" ")
    return lexicon


def in_turns(
    jobs: Sequence[Callable[[int], object]], count: int, clock: Callable[[], float] = time.process_time
) -> list[float]:
    """Items a second of each job, which is called with the numbers of `count` items: chunk by chunk the best of its rounds."""
    total = [0.0] * len(jobs)
    for first in range(0, count, CHUNK):
        chunk = range(first, min(first + CHUNK, count))
        for number, least in enumerate(_least(jobs, chunk, clock)):
            total[number] += least
    return [count / seconds for seconds in total]


def _least(jobs: Sequence[Callable[[int], object]], chunk: range, clock: Callable[[], float]) -> list[float]:
    """The seconds that each job takes for a chunk."""
    rounds: list[list[float]] = []
    for _ in range(ROUNDS):
        times = []
        for job in jobs:
            start = clock()
            for at in chunk:
                job(at)
            times.append(clock() - start)
        rounds.append(times)
    return list(map(min, *rounds))


def _row(case: str, n: int, mine: float, unit: str, peer: str, theirs: float) -> dict[str, Any]:
    """A result; a ratio above 1 means that we are ahead of the peer, or within the limit."""
    ahead = mine / theirs if unit == "items/s" else theirs / mine
    return {
        "bench": "match",
        "case": case,
        "n": n,
        "ours": round(mine, 3),
        "unit": unit,
        "peer": peer,
        "theirs": round(theirs, 3),
        "ratio": round(ahead, 2),
    }


def _short(size: int) -> str:
    return f"{size // 1000}k" if size % 1000 == 0 else str(size)


def main() -> None:
    """Read a Task as JSON from standard input, print the Result as JSON."""
    print(json.dumps(asdict(measure(Task(**json.load(sys.stdin))))))  # noqa: T201 - read by the process that started us


if __name__ == "__main__":
    main()
