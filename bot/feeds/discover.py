"""Which feeds a web page offers: its `<link rel="alternate">` elements."""

from __future__ import annotations

from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_HEAD = 200_000


def offered(body: bytes, page_url: str) -> list[str]:
    """The addresses of the feeds that an HTML page offers, in its order, each once."""
    tree = LexborHTMLParser(body[:_HEAD].decode("utf-8", "replace"))
    found: dict[str, None] = {}
    for link in tree.css("link[rel][type][href]"):
        about = link.attributes
        if "alternate" in (about["rel"] or "").lower().split() and (about["type"] or "").lower() in _TYPES:
            found[urljoin(page_url, (about["href"] or "").strip())] = None
    return [url for url in found if url.startswith(("http://", "https://"))]
