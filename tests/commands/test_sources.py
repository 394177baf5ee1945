"""`feed` as people use it."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import FetchError
from bot.feeds import opml
from bot.model import Page
from tests.commands.conftest import Typist
from tests.fakes.world import START

A = "https://a.example/feed"
PAGE = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'


async def test_a_feed_is_looked_at_before_it_is_added(typist: Typist) -> None:
    typist.fetcher.pages[A] = ["one", "two"]
    reply = await typist.type(f"feed add {A} category=robotics")
    assert (reply.ok, "2 items now" in reply.message.text) == (True, True)
    assert (reply.rows[0]["url"], reply.rows[0]["category"], reply.rows[0]["state"]) == (A, "robotics", "active")


async def test_a_feed_is_added_once(typist: Typist) -> None:
    typist.fetcher.pages[A] = ["one"]
    await typist.type(f"feed add {A}")
    reply = await typist.type(f"feed add {A}")
    assert (reply.ok, "polled already" in reply.message.text) == (False, True)


async def test_a_feed_that_was_given_up_is_polled_again_when_it_is_added_again(typist: Typist) -> None:
    typist.fetcher.pages[A] = ["one"]
    await typist.type(f"feed add {A}")
    with typist.store.write() as tx:
        feed = tx.feeds.all()[0]
        tx.feeds.save([replace(feed, status="quarantined", kills=3, failures=3, error="stopped", baselined=True)])
    assert (await typist.type("feed list status=quarantined")).rows[0]["error"] == "stopped"
    assert (await typist.type(f"feed add {A}")).ok
    with typist.store.read() as tx:
        assert tx.feeds.all() == [replace(feed, due_at=typist.clock.now())]


async def test_the_feed_of_a_page_is_found(typist: Typist) -> None:
    home = "https://a.example/"
    typist.fetcher.pages[home] = Page(home, 200, START, b"!" + PAGE)
    typist.fetcher.pages[A] = ["one"]
    assert (await typist.type(f"feed add {home}")).rows[0]["url"] == A


async def test_a_page_without_a_feed_is_refused_with_a_reason(typist: Typist) -> None:
    typist.fetcher.pages[A] = ["!nothing here"]
    reply = await typist.type(f"feed add {A}")
    assert (reply.ok, "There is no feed at" in reply.message.text) == (False, True)


async def test_an_address_that_does_not_answer_can_be_added_unchecked(typist: Typist) -> None:
    typist.fetcher.pages[A] = FetchError("HTTP 503", 503)
    assert "`unchecked`" in (await typist.type(f"feed add {A}")).message.text
    assert (await typist.type(f"feed add {A} unchecked")).ok


async def test_what_is_no_address_of_the_web_is_refused(typist: Typist) -> None:
    for address in ("file:///etc/passwd", "not-an-address", "http://x.example:22/"):
        assert not (await typist.type(f"feed add {address} unchecked")).ok


async def test_credentials_are_never_shown(typist: Typist) -> None:
    reply = await typist.type("feed add https://me:secret@a.example/feed unchecked")
    listed = await typist.type("feed list")
    assert "secret" not in repr((reply, listed))
    assert "***@a.example" in listed.rows[0]["url"]


async def test_a_check_changes_nothing(typist: Typist) -> None:
    typist.fetcher.pages[A] = ["one"]
    await typist.type(f"feed add {A}")
    before = (await typist.type("feed list")).rows
    assert "is fine" in (await typist.type("feed check 1")).message.text
    typist.fetcher.pages[A] = FetchError("HTTP 500", 500)
    assert not (await typist.type(f"feed check {A}")).ok
    assert (await typist.type("feed list")).rows == before


async def test_remove_by_number_address_or_title(typist: Typist) -> None:
    for number in range(3):
        typist.fetcher.pages[f"{A}{number}"] = ["one"]
        await typist.type(f"feed add {A}{number}")
    assert (await typist.type("feed remove 1")).ok
    assert (await typist.type(f"feed remove {A}1")).ok
    assert not (await typist.type("feed remove 1")).ok
    assert [row["url"] for row in (await typist.type("feed list")).rows] == [f"{A}2"]


async def test_export_and_import_keep_everything(typist: Typist) -> None:
    typist.fetcher.pages[A] = ["one"]
    await typist.type(f"feed add {A} category=robotics")
    exported = (await typist.type("feed export")).message.text
    assert [(feed.url, feed.category) for feed in opml.read(exported.encode())] == [(A, "robotics")]
    await typist.type("feed remove 1")
    (typist.seeds / "feeds.opml").write_text(exported)
    assert "1 feeds added, 0 were there" in (await typist.type("feed import seeds")).message.text
    assert "0 feeds added, 1 were there" in (await typist.type("feed import seeds")).message.text


async def test_files_are_read_at_the_terminal_only(typist: Typist) -> None:
    (typist.seeds / "my.opml").write_text('<opml><body><outline xmlUrl="https://a.example/feed"/></body></opml>')
    assert not (await typist.type(f"feed import {typist.seeds / 'my.opml'}", place="slack:T0/C1")).ok
    assert (await typist.type(f"feed import {typist.seeds / 'my.opml'}")).ok
    assert not (await typist.type(f"feed import {typist.seeds / 'none.opml'}")).ok


async def test_an_import_passes_over_what_cannot_be_fetched(typist: Typist) -> None:
    body = '<opml><body><outline xmlUrl="file:///etc/passwd"/><outline xmlUrl="https://a.example/feed"/></body></opml>'
    (typist.seeds / "my.opml").write_text(body)
    reply = await typist.type(f"feed import {typist.seeds / 'my.opml'}")
    assert "1 feeds added" in reply.message.text
    assert "1 addresses cannot be fetched" in reply.message.text


async def test_no_feeds_yet_says_what_to_do(typist: Typist) -> None:
    assert "feed import seeds" in (await typist.type("feed list")).message.text
