"""All benchmarks by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bot.bench.kill import kill
from bot.bench.lookup import lookup
from bot.bench.match import match
from bot.bench.poll import poll
from bot.bench.soak import soak
from bot.bench.stories import stories

BENCHMARKS: Mapping[str, Callable[[int], Iterator[dict[str, Any]]]] = {
    "poll": poll,
    "match": match,
    "stories": stories,
    "lookup": lookup,
    "kill": kill,
    "soak": soak,
}
NAMES = tuple(BENCHMARKS)


def bench(names: Iterable[str], n: int) -> Iterator[dict[str, Any]]:
    """The rows of the named benchmarks, at size `n` (0: that of the goal)."""
    for name in names:
        yield from BENCHMARKS[name](n)
