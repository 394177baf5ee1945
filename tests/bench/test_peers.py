"""The peers do the whole work that they are timed for."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.bench.corpus import start_server
from bot.bench.peers import MOST_AT_ONCE, _need, curl_multi, reader_cold_warm
from bot.errors import BadInput

needs_pycurl = pytest.mark.skipif(not find_spec("pycurl"), reason="pycurl is not installed (the extra `bench`)")
needs_reader = pytest.mark.skipif(
    not (find_spec("reader") and find_spec("sgmllib")),
    reason="reader or sgmllib3k is not installed (the extra `bench`)",
)


@needs_pycurl
def test_libcurl_asks_conditionally_and_on_new_connections() -> None:
    with start_server(40) as site:
        result = curl_multi([(site.url(n), site.spec.etag(n)) for n in range(40)], concurrency=7)
        stats = site.stats()
    assert (result.statuses, result.errors, result.connections) == ({304: 40}, 0, 40)
    assert (stats.statuses, stats.connections) == ({200: 0, 304: 40}, 40)
    assert result.seconds > 0


@needs_pycurl
def test_libcurl_counts_what_failed() -> None:
    with start_server(3) as site:
        requests = [(site.url(n), "") for n in range(3)]
        gone = "http://127.0.0.1:1/"
        result = curl_multi([*requests, (gone, ""), (site.base + "/none", "")], concurrency=100)
    assert (result.statuses, result.errors) == ({200: 3, 404: 1}, 1)


@needs_reader
def test_reader_updates_cold_and_then_warm(tmp_path: Path) -> None:
    with start_server(4) as site:
        result = reader_cold_warm(site.urls(), tmp_path / "reader.db", workers=2)
        stats = site.stats()
    assert (result.feeds, result.entries, result.not_modified, result.errors) == (4, 80, 4, 0)
    assert stats.statuses == {200: 4, 304: 4}
    assert result.cold_seconds > 0 < result.warm_seconds


def test_reader_wants_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "reader.db").touch()
    with pytest.raises(BadInput, match="needs an empty store"):
        reader_cold_warm([], tmp_path / "reader.db")


@pytest.mark.parametrize("concurrency", [0, MOST_AT_ONCE + 1])
def test_libcurl_takes_no_more_than_select_can_watch(concurrency: int) -> None:
    with pytest.raises(BadInput, match="1 to 900"):
        curl_multi([], concurrency)


def test_a_missing_peer_says_how_to_get_it() -> None:
    with pytest.raises(BadInput, match=r'pip install "robowire\[bench\]"'):
        _need("no_such_package")
