"""`robowire bench soak`: a day of a bot to which everything happens that can happen, in simulated time.

The real bot (store on disk, reading, stories, outbox, digests) polls feeds of invented outlets and tells places on several
platforms, while each fault strikes 1 % of its opportunities; processes die in the middle of what they do and others take over. The
outlets know what everybody is owed, the platforms what was told, the servers who was polled: the bot's own word counts for nothing.
After the day come quiet hours without news and faults, so that what still waits gets out.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import linear_regression
from typing import Any

from bot.app import settle_memory
from bot.bench.apart import apart
from bot.bench.faulty import Dice, Platform
from bot.bench.lives import START, WISHES, Task, Wish, World, usual_platforms
from bot.bench.owed import judge
from bot.bench.simulated import run
from bot.classify.knowledge.seeds import Knowledge, load_knowledge
from bot.resources import seeds

MEMORY_LIMIT_MIB = 150.0
"""What the bot may take beside its window of stories."""

REPORT_LIMIT_KIB = 6.0
"""What a report may take in the window: it forgets them after a week. `bench stories` has the figures: 3 KiB in one of 100,000
reports, 6 in one of 10,000, as words weigh more that few have."""

CACHE_MIB = 16.0
"""What the store keeps of the file in memory at most: a database that is a day old is about to fill it, once."""

_SETTLED = 4  # hours after which memory grows by what is stored alone
_SAID = 20  # of each kind of failure
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a soak came to: counts; what went wrong, line by line; bytes of memory hour by hour.

    `items` are stored at the end of the day, `news` were published in it. `repeated` messages stand twice at a place where nobody
    could look whether they do; `unsure` is how often the bot could not know. `hidden` stories were counted in a message and
    not named. `strays` are tellings of what nobody asked for or published,
    `old` of what was published before the first poll. `surprises` are errors that nobody injected.
    """

    fetches: int
    unmodified: int
    items: int
    news: int
    messages: int
    edits: int
    threads: int
    deaths: int
    faults: dict[str, int]
    chances: dict[str, int]
    owed: int
    strays: list[str]
    old: int
    repeated: int
    unsure: int
    hidden: int
    lost: list[str]
    duplicates: list[str]
    missed: list[str]
    surprises: list[str]
    memory: list[int]


def soak(n: int = 0) -> Iterator[dict[str, Any]]:
    """The rows: `n` feeds (default 500) for a day."""
    task = Task(n) if n else Task()
    yield from rows(task, _apart(task))


def simulate(
    task: Task,
    database: Path,
    knowledge: Knowledge,
    wishes: Sequence[Wish] = WISHES,
    platforms: Callable[[Dice], dict[str, Platform]] = usual_platforms,
    hear: Callable[[int], None] = lambda hour: None,
) -> Outcome:
    """Let it all happen, on a database that is not there yet."""

    async def all_of_it() -> World:
        world = World(task, database, wishes, platforms, hear)
        await world.live(knowledge)
        return world

    world = run(all_of_it())
    verdict, shown = judge(world), [one for each in world.platforms.values() for one in each.shown.values()]
    return Outcome(
        fetches=world.web.fetches,
        unmodified=world.web.unmodified,
        items=world.items,
        news=sum(one.at >= START for outlet in world.outlets for one in outlet.reports),
        messages=sum(not one.thread for one in shown),
        edits=sum(each.edits for each in world.platforms.values()),
        threads=sum(bool(one.thread) for one in shown),
        deaths=world.deaths,
        faults=dict(world.dice.counts),
        chances=dict(world.dice.chances),
        owed=verdict.owed,
        strays=verdict.strays,
        old=verdict.old,
        repeated=verdict.repeated,
        unsure=verdict.unsure,
        hidden=verdict.hidden,
        lost=verdict.lost,
        duplicates=verdict.duplicates,
        missed=list(world.missed.values()),
        surprises=world.surprises,
        memory=world.memory,
    )


# -- what is said of it ------------------------------------------------------------------------------------------------


def rows(task: Task, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """What was promised first, then memory, then what all of it was; what went wrong goes to standard error, line by line."""
    for case, unit, failures in (
        ("lost alerts", "alerts", outcome.lost),
        ("duplicate alerts", "alerts", outcome.duplicates),
        ("missed polls", "polls", outcome.missed),
        ("told of what nobody asked for or published", "alerts", outcome.strays),
        ("errors that nobody injected", "errors", outcome.surprises),
    ):
        _say(case, failures)
        yield _row(task, case, len(failures), unit, "promise", 0, 0.0 if failures else 1.0)
    crashes = max(outcome.unsure, 1)
    yield _row(
        task, "repeated where nobody can look", outcome.repeated, "messages", "one for each crash", outcome.unsure,
        round(crashes / max(outcome.repeated, 1), 2),
    )  # fmt: skip
    yield from _memory(task, outcome)
    for case, count, unit in (
        ("polls", outcome.fetches, "polls"),
        ("polls answered 304", outcome.unmodified, "polls"),
        ("items stored", outcome.items, "items"),
        ("alerts owed", outcome.owed, "alerts"),
        ("messages", outcome.messages, "messages"),
        ("messages in threads", outcome.threads, "messages"),
        ("edits", outcome.edits, "edits"),
        ("told of what was there before the first poll", outcome.old, "alerts"),
        ("stories only counted in a message", outcome.hidden, "stories"),
        ("processes that died", outcome.deaths, "deaths"),
        *((f"fault: {name}", outcome.faults.get(name, 0), f"of {outcome.chances[name]}") for name in outcome.chances),
    ):
        yield _row(task, case, count, unit, "none", None, None)


def _memory(task: Task, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Memory at the end, and how it grows a day once all is in use: the window may, for a week, and the cache may fill."""
    hourly = [one / MIB for one in outcome.memory]
    if len(hourly) < _SETTLED + 2:
        return
    hours = range(_SETTLED, len(hourly))
    slope = max(linear_regression(hours, hourly[_SETTLED:]).slope * 24, 0.0)
    news = outcome.news * 24 / task.hours
    may_grow, may_have = (_of_window(count) for count in (news, outcome.items))
    yield _limit(task, "memory slope", slope, "MiB a day", may_grow + CACHE_MIB)
    yield _limit(task, "memory at the end", hourly[-1], "MiB", MEMORY_LIMIT_MIB + may_have)


def _of_window(reports: float) -> float:
    """MiB that so many reports may take in the window of stories."""
    return reports * REPORT_LIMIT_KIB / 1024


def _limit(task: Task, case: str, mine: float, unit: str, most: float) -> dict[str, Any]:
    return _row(task, case, round(mine, 1), unit, "limit", round(most, 1), round(most / max(mine, 0.1), 2))


def _row(
    task: Task, case: str, ours: float, unit: str, peer: str, theirs: float | None, ratio: float | None
) -> dict[str, Any]:
    said = {"bench": "soak", "case": case, "n": task.feeds, "ours": ours, "unit": unit}
    return said | {"peer": peer, "theirs": theirs, "ratio": ratio}


def _say(case: str, failures: Sequence[str]) -> None:
    for one in failures[:_SAID]:
        sys.stderr.write(f"soak: {case}: {one}\n")


def _apart(task: Task) -> Outcome:
    """Run in a process of its own, so that memory is that of one bot. Raises BadInput if it fails."""
    return Outcome(**apart("bot.bench.soak", asdict(task)))


def main() -> None:
    """Read a Task as JSON from standard input, print the Outcome as JSON."""
    task, knowledge = Task(**json.load(sys.stdin)), load_knowledge(seeds())
    settle_memory()
    with tempfile.TemporaryDirectory(prefix="robowire-bench-") as scratch:
        outcome = simulate(task, Path(scratch) / "soak.db", knowledge, hear=lambda hour: _progress(hour, task))
    print(json.dumps(asdict(outcome)))  # noqa: T201 - read by the process that started us


def _progress(hour: int, task: Task) -> None:
    sys.stderr.write(f"soak: hour {hour} of {task.hours:g}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
