"""The synthetic feeds are well-formed, distinct and repeatable, and their server tells what it did."""

from __future__ import annotations

import http.client
import io
from collections.abc import Mapping
from typing import Any

import fastfeedparser
import feedparser
import pytest

from bot.bench.corpus import Corpus, Site, Spec, name, name_zh, start_server
from bot.errors import BadInput
from bot.loopback import Reply

THIRTY = Corpus(Spec(feeds=30))  # every format in both languages


def fast(corpus: Corpus, n: int, revision: int = 0) -> list[Mapping[str, Any]]:
    return list(fastfeedparser.parse(corpus.body(n, revision)).entries)


@pytest.mark.parametrize("n", range(30))
def test_both_parsers_read_the_same_twenty_entries(n: int) -> None:
    slow = feedparser.parse(io.BytesIO(THIRTY.body(n)))
    assert not slow.bozo
    for key in ("title", "link", "id"):
        assert [entry[key] for entry in fast(THIRTY, n)] == [entry[key] for entry in slow.entries], key
    assert len(slow.entries) == 20
    assert all(entry.get("published_parsed") or entry.get("updated_parsed") for entry in slow.entries)
    assert all(entry["published"] and entry["description"].startswith("<p>") for entry in fast(THIRTY, n))


def test_formats_and_languages_are_mixed() -> None:
    documents = [THIRTY.body(n).decode() for n in range(30)]
    for root, count in (("<rss ", 18), ("<feed ", 9), ("<rdf:RDF ", 3)):
        assert sum(root in document for document in documents) == count
    assert sum("机器人" in document for document in documents) == 10


def test_a_seed_is_repeated_exactly_and_another_differs() -> None:
    assert Corpus(Spec(30)).body(7) == THIRTY.body(7)
    assert Corpus(Spec(30, seed=2)).body(7) != THIRTY.body(7)


@pytest.mark.parametrize("key", ["id", "link", "title"])
def test_no_two_entries_of_a_corpus_are_the_same(key: str) -> None:
    corpus = Corpus(Spec(feeds=60), templates=20)  # so that feeds share templates
    values = [entry[key] for n in range(60) for entry in fast(corpus, n)]
    assert len(set(values)) == len(values) == 1_200


def test_a_revision_has_one_new_entry_and_other_validators() -> None:
    before, after = fast(THIRTY, 3), fast(THIRTY, 3, revision=1)
    assert before[0]["id"] != after[0]["id"]
    assert before[0]["title"] != after[0]["title"]
    assert before[1:] == after[1:]
    assert THIRTY.spec.etag(3) != THIRTY.spec.etag(3, 1)
    assert THIRTY.spec.last_modified(3) != THIRTY.spec.last_modified(3, 1)


def test_no_feed_shares_its_name() -> None:
    assert len({name(n) for n in range(20_000)}) == 20_000
    assert len({name_zh(n) for n in range(20_000)}) == 20_000


def test_nothing_is_left_open_in_a_document() -> None:
    assert not [n for n in range(30) if b"@" in THIRTY.body(n)]


@pytest.mark.parametrize(
    "spec", [{"feeds": 0}, {"feeds": 1_000_001}, {"feeds": 1, "entries": 101}, {"feeds": 1, "hosts": 0}]
)
def test_an_impossible_spec_is_refused(spec: dict[str, int]) -> None:
    with pytest.raises(BadInput, match="1 to 1,000,000 feeds"):
        Spec(**spec)


def test_pages_are_small_until_they_are_asked_for() -> None:
    page = THIRTY.pages()["/feeds/4.xml"]
    assert isinstance(page, Reply)
    assert callable(page.body)
    assert page.body() == THIRTY.body(4)


# -- the server, in its own process -----------------------------------------------------------------------------------


def fetch(site: Site, n: int, etag: str = "") -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    try:
        connection.request("GET", site.spec.path(n), headers={"If-None-Match": etag} if etag else {})
        answer = connection.getresponse()
        return answer.status, answer.headers["ETag"], answer.read()
    finally:
        connection.close()


def test_the_server_serves_counts_and_publishes() -> None:
    with start_server(30) as site:
        assert site.stats().requests == 0
        etag = site.spec.etag(5)
        assert fetch(site, 5) == (200, etag, THIRTY.body(5))
        assert fetch(site, 5, etag) == (304, etag, b"")
        assert site.advance() == 1
        assert fetch(site, 5, etag) == (200, site.spec.etag(5, 1), THIRTY.body(5, 1))
        stats = site.stats()
    assert (stats.requests, stats.connections, stats.statuses) == (3, 3, {200: 2, 304: 1})
    assert stats.cpu_seconds > 0
    with pytest.raises(ConnectionRefusedError):
        site.stats()


def test_addresses_take_turns_on_the_hosts() -> None:
    site = Site(Spec(feeds=3, hosts=2), 8_000)
    assert site.urls() == [
        "http://127.0.0.1:8000/feeds/0.xml",
        "http://127.0.0.2:8000/feeds/1.xml",
        "http://127.0.0.1:8000/feeds/2.xml",
    ]
