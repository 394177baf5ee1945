"""`robowire bench poll`: polling, against the reader library, against libcurl, and against limits of stall and memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.bench.apart import apart
from bot.bench.corpus import start_server
from bot.bench.ours import OurResult, Round, Task
from bot.bench.peers import curl_multi, reader_cold_warm
from bot.errors import BadInput

FEEDS, MANY = 2_000, 10_000
CONCURRENCY = 100
STALL_LIMIT_MS, MEMORY_LIMIT_MIB = 100.0, 150.0
MIB = 1024 * 1024


def poll(n: int = 0) -> Iterator[dict[str, Any]]:
    """The rows: cold and warm with `n` feeds (default 2,000), and 304s on new connections with five times as many."""
    feeds = n or FEEDS
    with tempfile.TemporaryDirectory(prefix="robowire-bench-") as scratch:
        yield from _against_reader(feeds, Path(scratch))
        yield from _against_curl(feeds * (MANY // FEEDS), Path(scratch))


def _against_reader(feeds: int, scratch: Path) -> Iterator[dict[str, Any]]:
    with start_server(feeds) as site:
        urls = site.urls()
        mine = ours(Task([(url, "") for url in urls], str(scratch / "ours.db"), 2, CONCURRENCY, keep_alive=True))
        theirs = reader_cold_warm(urls, scratch / "reader.db")
    cold, warm = mine.rounds
    _whole(cold, feeds, theirs.entries)
    _whole(warm, feeds, 0)
    if theirs.errors or theirs.not_modified != feeds:
        raise BadInput(f"reader did not do the same work: {theirs}")
    peer = "reader 10 workers"
    yield _row("cold", feeds, cold.seconds, "s", peer, theirs.cold_seconds)
    yield _row("cold, searchable", feeds, cold.indexed, "s", peer, theirs.cold_seconds)
    yield _row("warm", feeds, warm.seconds, "s", peer, theirs.warm_seconds)
    yield _row("cold stall", feeds, cold.stall * 1000, "ms", "limit", STALL_LIMIT_MS)
    yield _row("cold memory", feeds, mine.memory_bytes / MIB, "MiB", "limit", MEMORY_LIMIT_MIB)


def _against_curl(feeds: int, scratch: Path) -> Iterator[dict[str, Any]]:
    with start_server(feeds) as site:
        known = [(site.url(n), site.spec.etag(n)) for n in range(feeds)]
        mine = ours(Task(known, str(scratch / "many.db"), 1, CONCURRENCY, keep_alive=False))
        theirs = curl_multi(known, CONCURRENCY)
    done = mine.rounds[0]
    _whole(done, feeds, 0)
    if theirs.statuses != {304: feeds}:
        raise BadInput(f"libcurl did not do the same work: {theirs}")
    peer = f"libcurl multi {CONCURRENCY} connections"
    yield _row("304 on new connections", feeds, done.seconds, "s", peer, theirs.seconds)
    yield _row("304 stall", feeds, done.stall * 1000, "ms", "limit", STALL_LIMIT_MS)
    yield _row("304 memory", feeds, mine.memory_bytes / MIB, "MiB", "limit", MEMORY_LIMIT_MIB)


def ours(task: Task) -> OurResult:
    """Run our side in a process of its own. Raises BadInput if it fails."""
    said = apart("bot.bench.ours", asdict(task))
    return OurResult([Round(**one) for one in said["rounds"]], said["memory_bytes"])


def _whole(done: Round, feeds: int, new: int) -> None:
    """A benchmark of half the work is none."""
    if (done.polls, done.failed, done.new) != (feeds, 0, new):
        raise BadInput(f"expected {feeds} polls, 0 failed, {new} new items, but: {done}")


def _row(case: str, n: int, mine: float, unit: str, peer: str, theirs: float) -> dict[str, Any]:
    """A result; a ratio above 1 means that we are ahead of the peer, or within the limit."""
    return {
        "bench": "poll",
        "case": case,
        "n": n,
        "ours": round(mine, 3),
        "unit": unit,
        "peer": peer,
        "theirs": round(theirs, 3),
        "ratio": round(theirs / mine, 2),
    }
