"""From bytes to a Document: RSS 0.9 to 2.0, RDF, Atom and JSON Feed.

fastfeedparser reads nearly every feed, about a hundred times faster than feedparser, which reads the rest. Both run on
repaired bytes only (see repair). feedparser is imported where it is needed, which is seldom.

What this module cannot bound is the time that a hostile document takes. Call it where it can be killed (see workers).
"""

from __future__ import annotations

import io
import re
import warnings
from calendar import timegm
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import fastfeedparser
from lxml import etree

from bot.errors import ParseError
from bot.feeds.extras import Extra, extras
from bot.feeds.repair import repair
from bot.model import EPOCH, Document, Entry

# What the two parsers are known to raise for documents that they cannot read.
_UNREADABLE: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    etree.LxmlError,
)

_Raw = dict[str, Any]

_HEAD_BYTES = 16_384
_PROBE_BYTES = 8_192
_SAMPLE = 8  # entries by which the habits of a feed are told
_FEEDISH = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel|item|entry)[\s>/]", re.I)
_ENTRYISH = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>/]", re.I)
_ENTRY_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.I)
_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\s*>", re.I)
_ROOTS, _TAIL_BYTES = ("rss", "feed", "rdf"), 65_536
_NAME = re.compile(rb"!doctype\s{1,20}html|[A-Za-z_][\w.:-]{0,60}", re.I)
_CONTENT = re.compile(rb"<(?:\w{1,20}:)?(?:encoded|content)[\s>]")
_LANGUAGE = re.compile(rb"<(?:dc:)?language>\s*(?:<!\[CDATA\[)?\s*([A-Za-z][\w-]{1,20})", re.I)
_IDENTIFIED = re.compile(rb"<guid|<(?:\w{1,20}:)?id[\s>]|\brdf:about=", re.I)
_UNREPORTED = re.compile(rb"<(?:source|entry xml:lang|itunes:image|dc:language)")
_DATED = re.compile(rb"</(?:\w{1,20}:)?(?:pubdate|date|published|updated|issued|modified|created|lastbuilddate)>", re.I)
_TTL = re.compile(rb"<ttl>\s*(?:<!\[CDATA\[)?\s*(\d{1,6})", re.I)
_PERIOD = re.compile(rb"<\w{1,20}:updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)", re.I)
_FREQUENCY = re.compile(rb"<\w{1,20}:updateFrequency>\s*(\d{1,4})", re.I)
_PERIODS = {b"hourly": 3_600, b"daily": 86_400, b"weekly": 604_800, b"monthly": 2_592_000, b"yearly": 31_536_000}

_NOT_FEEDS = {
    "!doctype html": "an HTML page, not a feed",
    "html": "an HTML page, not a feed",
    "head": "an HTML page, not a feed",
    "body": "an HTML page, not a feed",
    "urlset": "a sitemap, not a feed",
    "sitemapindex": "a sitemap, not a feed",
    "opml": "an OPML list of feeds, not a feed",
}


def parse(body: bytes, content_type: str = "") -> Document:
    """Read a feed; `content_type` is the HTTP header, of which only the charset matters.

    A feed without entries is a Document without entries. Raises ParseError, whose text says what the body is instead,
    for everything that is not a feed.
    """
    body = repair(body, content_type)
    root = _root_name(body[:_HEAD_BYTES])
    if kind := _not_a_feed(body, root):
        raise ParseError(kind)
    if _is_cut(body, root):
        return replace(_read(_without_half(body), root), cut=True)
    return _read(body, root)


def _read(body: bytes, root: str) -> Document:
    """Read repaired bytes, quickly where that can be. Raises ParseError for what is not a feed."""
    try:
        document = parse_fast(body)
    except ParseError:
        if _FEEDISH.search(body):
            return parse_slow(body)
        if root:
            raise ParseError(f"not a feed: its first element is <{root}>") from None
        raise
    if not _worth_a_second_look(document, body, root):
        return document
    try:
        second = parse_slow(body)
    except ParseError:
        return document
    return second if len(second.entries) >= len(document.entries) else document


def _not_a_feed(body: bytes, root: str) -> str:
    """What the body plainly is instead of a feed; an empty string where only a parser can tell."""
    if not body:
        return "an empty body, not a feed"
    if body[:1] in (b"{", b"["):
        return ""
    if b"<" not in body[:_HEAD_BYTES]:
        return "plain text or binary data, not a feed"
    return _NOT_FEEDS.get(root, "")


def _is_cut(body: bytes, root: str) -> bool:
    """Whether an XML feed ends before its end: it was cut on its way, and nobody noticed."""
    return root.rpartition(":")[2] in _ROOTS and _END.search(body, max(len(body) - _TAIL_BYTES, 0)) is None


def _without_half(body: bytes) -> bytes:
    """What came before the entry in which the document ends: half a title is none."""
    begun, ended = (max((at.start() for at in tag.finditer(body)), default=-1) for tag in (_ENTRYISH, _ENTRY_END))
    return body[:begun] if begun > ended else body


def _worth_a_second_look(document: Document, body: bytes, root: str) -> bool:
    """Whether the fast parser probably missed something: entries behind damage, or Atom texts of the XHTML kind."""
    entries = document.entries
    if not entries:
        return _ENTRYISH.search(body) is not None
    is_atom = root.endswith("feed")
    if body.count(b"</entry>" if is_atom else b"</item>") > len(entries):
        return True
    if is_atom and any(not entry.title or not entry.summary for entry in entries):
        return b"xhtml" in body
    return all(not (entry.title or entry.link or entry.summary) for entry in entries[:_SAMPLE])


def _root_name(start: bytes) -> str:
    """The first element's name in lower case, behind declarations and comments; `!doctype html` counts as one."""
    at = start.find(b"<")
    while at >= 0:
        if name := _NAME.match(start, at + 1):
            return b" ".join(name[0].lower().split()).decode()
        closing = b"-->" if start.startswith(b"<!--", at) else b">"
        at = start.find(b"<", max(at + 1, start.find(closing, at)))
    return ""


# -- the fast parser ---------------------------------------------------------------------------------------------------


def parse_fast(body: bytes) -> Document:
    """Read repaired bytes with fastfeedparser. Raises ParseError for what it cannot read."""
    is_json = body[:1] == b"{"
    first = 0 if is_json else _first_entry(body)
    try:
        info, entries = _json_feed(body) if is_json else _xml_feed(body, first)
    except _UNREADABLE as error:
        raise ParseError("not a feed that can be read") from error
    if is_json and not entries and b"jsonfeed.org" not in body:
        raise ParseError("JSON, but not a JSON Feed")
    head = body[:first]
    language = _LANGUAGE.search(head)
    return Document(
        title=_text(info.get("title")),
        site=_text(info.get("link")),
        lang=_text(info.get("language")) or (language[1].decode() if language else ""),
        ttl=_ttl(head),
        entries=tuple(entries),
        parser="fastfeedparser",
    )


def _json_feed(body: bytes) -> tuple[_Raw, list[Entry]]:
    feed = fastfeedparser.parse(body, include_tags=False)
    return feed["feed"], [_json_entry(entry) for entry in feed["entries"]]


def _xml_feed(body: bytes, first: int) -> tuple[_Raw, list[Entry]]:
    """Entries without their full content where they have a description: that is a fifth of the work."""
    says_descriptions = _says_descriptions(body, first)
    feed = fastfeedparser.parse(body, include_tags=False, include_content=not says_descriptions)
    raw: list[_Raw] = feed["entries"]
    if says_descriptions and not all(entry["description"] for entry in raw) and _in_ends(_CONTENT, body, first):
        says_descriptions = False
        raw = fastfeedparser.parse(body, include_tags=False)["entries"]
    has_guids = _has_guids(raw, body, first)
    entries = [_xml_entry(entry, has_guids, says_descriptions) for entry in raw]
    if _needs_extras(entries, body, first):
        more = extras(body)
        if len(more) == len(entries):
            entries = list(map(_complete, entries, more))
    return feed["feed"], entries


def _first_entry(body: bytes) -> int:
    """Where the first entry starts: before it is what the document says about the feed as a whole."""
    first = _ENTRYISH.search(body, 0, _HEAD_BYTES)
    return first.start() if first else min(len(body), _HEAD_BYTES)


def _ttl(head: bytes) -> int | None:
    """Seconds between updates: RSS <ttl> in minutes, else the syndication module's period and frequency."""
    if minutes := _TTL.search(head):
        return int(minutes[1]) * 60
    if period := _PERIOD.search(head):
        frequency = _FREQUENCY.search(head)
        return _PERIODS[period[1].lower()] // max(1, int(frequency[1]) if frequency else 1)
    return None


def _xml_entry(raw: _Raw, has_guids: bool, says_descriptions: bool) -> Entry:
    get = raw.get
    links = raw["links"]
    link = _own_page(raw, links) if links else get("link") or ""
    guid = get("id") or ""
    return Entry(
        guid if has_guids or guid != link else "",
        get("title") or "",
        link,
        raw["description"] if says_descriptions else _content(raw) or raw["description"],
        get("published") or "",
        get("author") or "",
        "",
        _image(raw) if "media_content" in raw or "enclosures" in raw else "",
    )


def _has_guids(raw: list[_Raw], body: bytes, first: int) -> bool:
    """Whether guids are the feed's own: fastfeedparser gives entries without one their link instead."""
    if all(entry.get("id") != entry.get("link") for entry in raw[:_SAMPLE]):
        return True
    return _in_ends(_IDENTIFIED, body, first)


def _says_descriptions(body: bytes, first: int) -> bool:
    """Whether the first entry has a description of its own.

    Where there is none, fastfeedparser makes one: 512 characters of the content without its tags, which splits words.
    The content itself is better then.
    """
    second = _ENTRYISH.search(body, first + 1)
    entry = body[first : second.start() if second else len(body)]
    return b"<description" in entry or b"<summary" in entry


def _content(raw: _Raw) -> str:
    content = raw.get("content")
    return _text(content[0]["value"]) if content else ""


def _json_entry(raw: _Raw) -> Entry:
    return Entry(
        guid=_text(raw.get("id")),
        title=_text(raw.get("title")),
        link=_text(raw.get("link")),
        summary=_text(raw.get("description")) or _content(raw),
        published=_text(raw.get("published") or raw.get("updated")),
        author=_text(raw.get("author")),
        image=_text(raw.get("image")) or _text(raw.get("banner_image")) or _image(raw),
    )


def _own_page(raw: _Raw, links: list[_Raw]) -> str:
    """The entry's own page: a link without a rel is one too (RFC 4287, 4.2.7.2), better than the first of others."""
    if not any(link["rel"] == "alternate" for link in links):
        for link in links:
            if link["rel"] is None and link["href"]:
                return _text(link["href"])
    return raw.get("link") or ""


def _image(raw: _Raw) -> str:
    for item in raw.get("media_content") or ():
        kind = item.get("medium") or item.get("type") or "image"
        if kind.startswith("image") and item.get("url"):
            return _text(item["url"])
        if item.get("thumbnail_url"):
            return _text(item["thumbnail_url"])
    for item in raw.get("enclosures") or ():
        if _text(item.get("type")).startswith("image"):
            return _text(item["url"])
    return ""


def _text(value: object) -> str:
    """A value of a feed as text; JSON feeds put numbers where texts belong, and objects where nothing does."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


# -- what the fast parser does not tell --------------------------------------------------------------------------------


def _needs_extras(entries: list[Entry], body: bytes, first: int) -> bool:
    """Whether the document says something that fastfeedparser does not report as it is.

    It never reports <source>, iTunes images and languages of entries, and where an entry has no date it reads one out
    of the guid.
    """
    if _in_ends(_UNREPORTED, body, first):
        return True
    sample = entries[:_SAMPLE]
    if any(len(entry.guid) <= 40 and entry.published and not entry.guid.startswith("http") for entry in sample):
        return len(_DATED.findall(body)) < len(entries)
    return False


def _in_ends(pattern: re.Pattern[bytes], body: bytes, first: int) -> bool:
    """Whether something is in the first entries or the last: what a feed has at all, it has there."""
    return bool(pattern.search(body, first, first + _PROBE_BYTES) or pattern.search(body[-_PROBE_BYTES:]))


def _complete(entry: Entry, extra: Extra) -> Entry:
    return replace(
        entry,
        guid=entry.guid if extra.has_guid else "",
        published=entry.published if extra.has_date else "",
        source=extra.source,
        lang=extra.lang,
        image=entry.image or extra.image,
    )


# -- the patient parser ------------------------------------------------------------------------------------------------


def parse_slow(body: bytes) -> Document:
    """Read repaired bytes with feedparser. Raises ParseError for what is not a feed to it either.

    The body goes in as a file: feedparser opens or fetches a *string* that looks like a path or a URL.
    """
    import feedparser  # noqa: PLC0415  # hardly any process ever needs it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            feed = feedparser.parse(
                io.BytesIO(body),
                sanitize_html=False,
                resolve_relative_uris=False,
                response_headers={"content-type": "application/xml; charset=utf-8"},
            )
    except _UNREADABLE as error:
        raise ParseError("not a feed that can be read") from error
    entries = tuple(_slow_entry(entry) for entry in feed.entries)
    if not entries and not feed.get("version"):
        raise ParseError("not a feed that can be read")
    head = body[: _first_entry(body)]
    return Document(
        title=_text(feed.feed.get("title")),
        site=_text(feed.feed.get("link")),
        lang=_text(feed.feed.get("language")),
        ttl=_ttl(head),
        entries=entries,
        parser="feedparser",
    )


def _slow_entry(raw: _Raw) -> Entry:
    said = raw.get
    content = said("content") or [{}]
    source = said("source") or {}
    return Entry(
        guid=_text(said("id")),
        title=_text(said("title")),
        link=_text(said("link")),
        summary=_text(said("summary") or content[0].get("value")),
        published=_slow_date(raw),
        author=_text(said("author")),
        lang=_text((said("title_detail") or {}).get("language") or content[0].get("language")),
        image=_slow_image(raw),
        source=_text(source.get("title")),
    )


def _slow_date(raw: _Raw) -> str:
    """The published or else the updated date: ISO in UTC where feedparser could read it, else as the feed said it."""
    for name in ("published", "updated"):
        if parsed := dict.get(raw, f"{name}_parsed"):
            try:
                return (EPOCH + timedelta(seconds=timegm(parsed))).isoformat()
            except (OverflowError, ValueError):
                pass
        if said := dict.get(raw, name):
            return _text(said)
    return ""


def _slow_image(raw: _Raw) -> str:
    media = raw.get("media_content") or []
    pictures = [item for item in media if (item.get("medium") or item.get("type") or "image").startswith("image")]
    for item in (*pictures, *(raw.get("media_thumbnail") or ())):
        if item.get("url"):
            return _text(item["url"])
    for item in raw.get("enclosures") or ():
        if _text(item.get("type")).startswith("image"):
            return _text(item.get("href"))
    return _text((raw.get("image") or {}).get("href"))
