"""A small web on loopback in a thread of its own, and feeds in the formats that people publish."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import MappingProxyType
from xml.sax.saxutils import escape

from bot.loopback import Loopback, Reply

BEGAN = datetime.now(UTC).replace(microsecond=0)


@contextmanager
def serving() -> Iterator[Loopback]:
    """A server that answers while the test does other things; its pages may be changed at any time."""
    server, loop = Loopback(), asyncio.new_event_loop()
    up, down = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with server:
            up.set()
            await down.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert up.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(down.set)
        thread.join()
        loop.close()


def page(body: bytes, content_type: str = "application/xml", delay: float = 0.0) -> Reply:
    """A page with an ETag, so that it is a 304 as long as it stays the same."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Reply(body, content_type, etag=etag, delay=delay)


def _when(number: int) -> datetime:
    """A title keeps its time when newer ones come before it: all are told within the hour before we began."""
    return BEGAN - timedelta(hours=1) + timedelta(seconds=number)


def rss(
    name: str, titles: Sequence[str], encoding: str = "utf-8", times: Mapping[str, datetime] = MappingProxyType({})
) -> bytes:
    """RSS 2.0, newest first; `times` are those of titles that shall have another than their number gives them."""
    items = "".join(
        f"<item><title>{escape(title)}</title><guid isPermaLink='false'>{name}: {escape(title)}</guid>"
        f"<link>https://{name}.example/{number}</link>"
        f"<pubDate>{format_datetime(times.get(title, _when(number)), usegmt=True)}</pubDate></item>"
        for number, title in _numbered(titles)
    )
    return (
        f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel><title>{name}</title>"
        f"<link>https://{name}.example/</link><description>d</description>{items}</channel></rss>"
    ).encode(encoding)


def atom(name: str, titles: Sequence[str]) -> bytes:
    """Atom 1.0, newest first."""
    entries = "".join(
        f"<entry><title>{escape(title)}</title><id>tag:{name}.example,2026:{number}</id>"
        f"<link href='https://{name}.example/{number}'/><updated>{_when(number).isoformat()}</updated></entry>"
        for number, title in _numbered(titles)
    )
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{name}</title><id>tag:{name}.example,2026:</id>"
        f"<updated>{BEGAN.isoformat()}</updated>{entries}</feed>"
    ).encode()


def rdf(name: str, titles: Sequence[str]) -> bytes:
    """RSS 1.0, newest first."""
    items = "".join(
        f"<item rdf:about='https://{name}.example/{number}'><title>{escape(title)}</title>"
        f"<link>https://{name}.example/{number}</link><dc:date>{_when(number).isoformat()}</dc:date></item>"
        for number, title in _numbered(titles)
    )
    return (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        f"xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='https://{name}.example/'><title>{name}</title>"
        f"<link>https://{name}.example/</link><description>d</description></channel>{items}</rdf:RDF>"
    ).encode()


def json_feed(name: str, titles: Sequence[str]) -> bytes:
    """JSON Feed 1.1, newest first."""
    items = [
        {
            "id": f"{name}-{number}",
            "title": title,
            "url": f"https://{name}.example/{number}",
            "content_text": f"All about number {number}.",
            "date_published": _when(number).isoformat(),
        }
        for number, title in _numbered(titles)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items}
    return json.dumps(feed, ensure_ascii=False).encode()


Make = Callable[[str, Sequence[str]], bytes]


def _numbered(titles: Sequence[str]) -> list[tuple[int, str]]:
    """Each title with a number that stays its own when newer ones come before it."""
    return [(len(titles) - at, title) for at, title in enumerate(titles)]
