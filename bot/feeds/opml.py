"""OPML in and out: the list of feeds as every reader exchanges it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from bot.errors import BadInput
from bot.model import Feed, NewFeed
from bot.text import one_line

_MOST_BYTES = 5 * 1024 * 1024
_MOST_FEEDS = 10_000
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets


def read(body: bytes) -> list[NewFeed]:
    """The feeds of an OPML document, each address once. Raises BadInput if it is none, or larger than sense.

    `category` is the outline's own, else the title of the folder it lies in.
    """
    if len(body) > _MOST_BYTES:
        raise BadInput(f"an OPML file of over {_MOST_BYTES // 1024 // 1024} MiB is refused")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput(f"not an OPML file: {error}") from error
    if etree.QName(root).localname != "opml":
        raise BadInput(f"not an OPML file: it begins with <{etree.QName(root).localname}>")
    feeds: dict[str, NewFeed] = {}
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or outline.get("xmlurl") or "").strip()
        if url and url not in feeds:
            feeds[url] = _feed(url, outline)
        if len(feeds) > _MOST_FEEDS:
            raise BadInput(f"an OPML file of over {_MOST_FEEDS:,} feeds is refused")
    return list(feeds.values())


def write(feeds: Iterable[Feed]) -> str:
    """An OPML 2.0 document with a folder for each category. http://opml.org/spec2.opml"""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Robowire feeds"
    body = etree.SubElement(root, "body")
    folders = {"": body}
    for feed in feeds:
        category, title, url = _sayable(feed.category), _sayable(feed.title or feed.url), _sayable(feed.url)
        if category not in folders:
            folders[category] = etree.SubElement(body, "outline", text=category, title=category)
        leaf = etree.SubElement(folders[category], "outline", type="rss", text=title, title=title, xmlUrl=url)
        for name, value in (("htmlUrl", feed.site), ("category", category), ("language", feed.lang)):
            if value:
                leaf.set(name, _sayable(value))
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8").decode()


def _sayable(text: str) -> str:
    """The text without what XML has no way to say."""
    return _NO_XML.sub("", text)


def _feed(url: str, outline: etree._Element) -> NewFeed:
    parent = outline.getparent()
    folder = parent.get("text") or parent.get("title") if parent is not None and parent.tag == "outline" else ""
    return NewFeed(
        url=url,
        title=one_line(outline.get("title") or outline.get("text") or "", 200),
        category=one_line(outline.get("category") or folder or "", 60),
        lang=one_line(outline.get("language") or "", 20).lower(),
    )
