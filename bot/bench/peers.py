"""The two programs that polling is measured against, each run in a process of its own: the reader library, and libcurl.

Both come with `pip install "robowire[bench]"`.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from bot.bench.apart import apart
from bot.bench.corpus import open_files
from bot.errors import BadInput

CONNECT_SECONDS: Final = 10
WHOLE_SECONDS: Final = 60
MOST_AT_ONCE: Final = 900
"""Transfers of libcurl at a time: pycurl waits with select(), which knows no file above 1,023."""


@dataclass(frozen=True, slots=True)
class ReaderResult:
    """What reader took for one cold and one warm update: wall seconds, entries found, feeds that failed in either.

    `not_modified` counts the feeds that the warm update found unchanged. `rss_bytes` is its peak resident memory.
    """

    cold_seconds: float
    warm_seconds: float
    feeds: int
    entries: int
    not_modified: int
    errors: int
    rss_bytes: int


@dataclass(frozen=True, slots=True)
class CurlResult:
    """What libcurl took for a list of GETs: wall seconds, answers by status, transfers that failed, new connections."""

    seconds: float
    statuses: dict[int, int]
    errors: int
    connections: int


def reader_cold_warm(urls: Sequence[str], db_path: Path, workers: int = 10) -> ReaderResult:
    """Update these feeds twice with reader (https://github.com/lemon24/reader): first into an empty store, then again.

    Adding the feeds is not timed. The second update asks for every feed again although none is due (`scheduled=False`),
    else it would do nothing. Raises BadInput if reader is missing, or `db_path` exists.
    """
    if db_path.exists():
        raise BadInput(f"{db_path} exists: the cold update needs an empty store")
    _need("reader")
    return ReaderResult(**_in_child("reader", {"urls": list(urls), "db": str(db_path.resolve()), "workers": workers}))


def curl_multi(requests: Sequence[tuple[str, str]], concurrency: int) -> CurlResult:
    """GET every (url, etag) with If-None-Match, each on a new connection, `concurrency` at a time.

    This is C libcurl (its multi interface) driven from Python by pycurl: `concurrency` handles, used again and again,
    with perform and select, which came out no slower than socket_action with epoll. Bodies are thrown away; an
    empty etag sends no If-None-Match. Raises BadInput if pycurl is missing, or `concurrency` is not 1 to 900.
    """
    if not 1 <= concurrency <= MOST_AT_ONCE:
        raise BadInput(f"the concurrency is 1 to {MOST_AT_ONCE}")
    _need("pycurl")
    said = _in_child("curl", {"requests": list(requests), "concurrency": concurrency})
    return CurlResult(**said | {"statuses": {int(status): count for status, count in said["statuses"].items()}})


def _need(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise BadInput(f'{package} is not installed: pip install "robowire[bench]"')


def _in_child(peer: str, task: dict[str, Any]) -> dict[str, Any]:
    """Run one of the peers below in a child process: its memory and its interpreter lock are its own."""
    said: dict[str, Any] = apart("bot.bench.peers", task, peer)
    return said


# -- in the child ------------------------------------------------------------------------------------------------------


def _reader(task: dict[str, Any]) -> dict[str, Any]:
    reader = importlib.import_module("reader").make_reader(task["db"])
    for url in task["urls"]:
        reader.add_feed(url)
    cold, cold_seconds = _update(reader, task["workers"])
    warm, warm_seconds = _update(reader, task["workers"])
    result = ReaderResult(
        cold_seconds=cold_seconds,
        warm_seconds=warm_seconds,
        feeds=len(task["urls"]),
        entries=reader.get_entry_counts().total,
        not_modified=sum(result.value is None for result in warm),
        errors=len({result.url for result in (*cold, *warm) if result.error is not None}),
        rss_bytes=_peak_rss(),
    )
    reader.close()
    return asdict(result)


def _update(reader: Any, workers: int) -> tuple[list[Any], float]:
    start = time.perf_counter()
    results = list(reader.update_feeds_iter(workers=workers, scheduled=False))
    return results, time.perf_counter() - start


def _peak_rss() -> int:
    """Bytes of resident memory at the most; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415  (Windows has none)

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


class _Transfers:
    """A queue of conditional GETs, worked off by a fixed set of curl handles."""

    def __init__(self, requests: Sequence[tuple[str, str]]) -> None:
        self._curl: Any = importlib.import_module("pycurl")
        self._multi = self._curl.CurlMulti()
        self._left: Iterator[tuple[str, str]] = iter(requests)
        self._active = 0
        self.statuses: Counter[int] = Counter()
        self.errors = 0
        self.connections = 0

    def run(self, concurrency: int) -> None:
        """Do them all."""
        handles = [self._handle() for _ in range(concurrency)]  # held here: the multi does not
        for handle in handles:
            self._next(handle)
        while self._active:
            _, running = self._multi.perform()
            if running < self._active:
                self._collect()
            if self._active:
                self._multi.select(1.0)

    def _handle(self) -> Any:
        curl = self._curl
        handle = curl.Curl()
        handle.setopt(curl.FRESH_CONNECT, 1)
        handle.setopt(curl.FORBID_REUSE, 1)
        handle.setopt(curl.NOSIGNAL, 1)
        handle.setopt(curl.PROXY, "")  # none, whatever the environment says
        handle.setopt(curl.HTTP_VERSION, curl.CURL_HTTP_VERSION_1_1)
        handle.setopt(curl.CONNECTTIMEOUT, CONNECT_SECONDS)
        handle.setopt(curl.TIMEOUT, WHOLE_SECONDS)
        handle.setopt(curl.WRITEFUNCTION, len)  # the cheapest function that says "all taken"
        return handle

    def _next(self, handle: Any) -> None:
        url, etag = next(self._left, ("", ""))
        if url:
            handle.setopt(self._curl.URL, url)
            handle.setopt(self._curl.HTTPHEADER, [f"If-None-Match: {etag}"] if etag else [])
            self._multi.add_handle(handle)
            self._active += 1

    def _collect(self) -> None:
        queued = 1
        while queued:
            queued, good, bad = self._multi.info_read()
            for handle in good:
                self.statuses[handle.getinfo(self._curl.RESPONSE_CODE)] += 1
                self._again(handle)
            for handle, _, _ in bad:
                self.errors += 1
                self._again(handle)

    def _again(self, handle: Any) -> None:
        self.connections += handle.getinfo(self._curl.NUM_CONNECTS)
        self._multi.remove_handle(handle)
        self._active -= 1
        self._next(handle)


def _curl(task: dict[str, Any]) -> dict[str, Any]:
    transfers = _Transfers(task["requests"])
    start = time.perf_counter()
    transfers.run(task["concurrency"])
    seconds = time.perf_counter() - start
    return asdict(CurlResult(seconds, dict(transfers.statuses), transfers.errors, transfers.connections))


_PEERS: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {"reader": _reader, "curl": _curl}


def main() -> None:
    """Run the peer that the first argument names on the task in standard input; print its result."""
    open_files()
    sys.stdout.write(json.dumps(_PEERS[sys.argv[1]](json.load(sys.stdin))))


if __name__ == "__main__":
    main()
