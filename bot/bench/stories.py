"""`robowire bench stories`: placing reports in a window of up to 100,000 of them, and looking at all again now and then.

One stream of invented news fills the window as fast as a week of 100,000 reports would; as it grows to 1,000, 10,000 and 100,000
the next reports are measured. Times are of the processor, chunk by chunk, of which the median counts: other work on the machine
must not decide. What an item is about is read from it as always, and not counted: `bench match` measures that.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from statistics import median
from typing import Any

from bot.bench.apart import apart
from bot.bench.asked import entities
from bot.bench.memory import resident
from bot.bench.told import A_WEEK, Report, reports
from bot.classify.knowledge.seeds import Knowledge, load_knowledge
from bot.classify.match import Matcher
from bot.errors import BadInput
from bot.resources import seeds
from bot.stories.batch import LOOK_AGAIN
from bot.stories.cluster import Clusterer
from bot.stories.signature import sign

RATE_GOAL, MEMORY_LIMIT_MIB, LOOK_LIMIT_S = 3_000.0, 300.0, 0.1
MIB = 1024 * 1024
CHUNK, NAMES, WARM = 100, 20_000, 300


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured with `window` reports in it.

    `place` and `sign` are items in a second of processor time, `both` is with second looks, one after each `LOOK_AGAIN` reports;
    `look` is the seconds of one. `memory` is bytes that the window takes. `joined` are later reports of an event that
    were put to an earlier one.
    """

    window: int
    place: float
    sign: float
    both: float
    look: float
    memory: int
    joined: int


def stories(n: int = 0) -> Iterator[dict[str, Any]]:
    """The rows: windows of `n` (default 100,000) reports, a tenth and a hundredth of them."""
    most = n or A_WEEK
    for result in _measured([size for size in (most // 100, most // 10, most) if size >= CHUNK]):
        case = f"window of {result.window:,}"
        if not result.joined:
            raise BadInput(f"no two reports of the {case} are of one event: this measures nothing")
        yield _row(f"{case}, placing", result.window, result.place, "items/s", RATE_GOAL)
        yield _row(f"{case}, signing", result.window, result.sign, "items/s", RATE_GOAL)
        yield _row(f"{case}, all with second looks", result.window, result.both, "items/s", RATE_GOAL)
        yield _row(f"{case}, one second look", result.window, result.look, "s", LOOK_LIMIT_S)
        yield _row(f"{case}, memory", result.window, result.memory / MIB, "MiB", MEMORY_LIMIT_MIB)
        yield _row(
            f"{case}, memory of an item",
            result.window,
            result.memory / result.window / 1024,
            "KiB",
            MEMORY_LIMIT_MIB * 1024 / A_WEEK,
        )


def _measured(sizes: Sequence[int]) -> list[Result]:
    """Run in a process of its own, so that memory is that of one window. Raises BadInput if it fails."""
    return [Result(**row) for row in apart("bot.bench.stories", list(sizes))]


def measure(sizes: Sequence[int]) -> list[Result]:
    """One stream, measured each time that the window has one of the sizes, which grow."""
    known = load_knowledge(seeds())
    filling = _Filling(Matcher(Knowledge((*known.entities, *entities(NAMES)), known.topics, known.rates)))
    results = []
    for size in sizes:
        filling.fill(size)
        results.append(filling.probe(size))
    return results


class _Filling:
    """A window that fills, with a watch beside it."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        for report in reports(WARM):  # what all reading needs once is no part of the window
            sign(report.item, matcher.read(report.item)[0])
        self._clusterer = Clusterer()
        self._news = reports(sys.maxsize)
        self._count = self._joined = self._newest = 0
        self._empty = _settled()

    def fill(self, size: int) -> None:
        """Let the window grow to so many reports."""
        while self._count < size:
            self._chunk(list(islice(self._news, min(CHUNK, size - self._count))))

    def probe(self, size: int) -> Result:
        """Measure with the window as it is: a tenth more reports, at least three and at most thirty chunks."""
        memory = _settled() - self._empty
        chunks, looks = [], []
        for _ in range(min(max(size // 10 // CHUNK, 3), 30)):
            signing, placing, looking = self._chunk(list(islice(self._news, CHUNK)))
            chunks.append((signing, placing))
            looks += looking
        signing, placing = (median(times) / CHUNK for times in zip(*chunks, strict=True))
        look = median(looks)
        both = 1 / (signing + placing + look / LOOK_AGAIN)
        return Result(size, 1 / placing, 1 / signing, both, look, memory, self._joined)

    def _chunk(self, chunk: Sequence[Report]) -> tuple[float, float, list[float]]:
        """Seconds of signing and of placing a chunk, and those of second looks that were due."""
        about = [self._matcher.read(report.item)[0] for report in chunk]
        start = time.process_time()
        signatures = [sign(report.item, one) for report, one in zip(chunk, about, strict=True)]
        signed = time.process_time()
        placings = [self._clusterer.place(signature) for signature in signatures]
        placed = time.process_time()
        for report, placing in zip(chunk, placings, strict=True):
            self._joined += (
                placing.status != "new" and report.event <= self._newest
            )  # events begin in the order of their numbers
            self._newest = max(self._newest, report.event)
        before, self._count = self._count, self._count + len(chunk)
        looks = []
        if before // LOOK_AGAIN != self._count // LOOK_AGAIN:
            self._clusterer.refine()
            looks.append(time.process_time() - placed)
        return signed - start, placed - signed, looks


def _settled() -> int:
    """Resident bytes of this process, garbage not counted."""
    gc.collect()
    return resident(os.getpid())


def _row(case: str, n: int, mine: float, unit: str, limit: float) -> dict[str, Any]:
    """A result; a ratio above 1 means that the goal is reached, or that it is within the limit."""
    rate = unit == "items/s"
    return {
        "bench": "stories",
        "case": case,
        "n": n,
        "ours": round(mine, 6 if unit == "s" else 3),
        "unit": unit,
        "peer": "goal" if rate else "limit",
        "theirs": round(limit, 3),
        "ratio": round(mine / limit if rate else limit / max(mine, 1e-9), 2),
    }


def main() -> None:
    """Read sizes as JSON from standard input, print the Results as JSON."""
    gc.set_threshold(20_000, 20, 50)  # as the running bot has it
    print(json.dumps([asdict(one) for one in measure(json.load(sys.stdin))]))  # noqa: T201 - read by the process that started us


if __name__ == "__main__":
    main()
