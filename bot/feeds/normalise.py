"""From what a feed said to items: plain text, one link, a time in UTC, and the keys by which an item is known again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from bot.feeds import langs, plain
from bot.feeds.dates import settle
from bot.feeds.links import canonical, identity, is_home, page_key, readable, resolve
from bot.model import Document, Entry, Item, Parsed
from bot.text import bare, key63, shorten

MOST_ITEMS = 10_000
"""Of a document with more entries only the newest are kept: no feed is that long, and the rest of the house has limits."""

_AUTHOR_CHARS, _SOURCE_CHARS, _TITLE_FROM_SUMMARY = 200, 200, 80
_UNSPACED = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_OUTLET = re.compile(r"\s[-|–—_]\s(?=[^-|–—_]*$)|[_|｜](?=[^_|｜]*$)")
_SEPARATOR = re.compile("[-|–—_｜]")  # far cheaper to miss than the whole pattern
_MAIL_AND_NAME = re.compile(r"[^\s()]+@[^\s()]+ \(([^()]+)\)")
_TELLING_WORDS, _TELLING_CHARS = 4, 8
"""How long a title must be to name one story: "Weekly roundup" names one every week."""


class _Draft(NamedTuple):
    """An entry on its way: what the whole document must be known for is still to come."""

    entry: Entry
    title: str
    summary: str
    link: str
    page: str
    words: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.page, self.words


class _Channel(NamedTuple):
    """What all items of a document share."""

    outlet: str
    lang: str
    base: str
    fetched: datetime


def normalise(document: Document, feed_url: str, page_url: str, fetched: datetime) -> Parsed:
    """Make items of a document's entries, in their order; see model.Item for what their keys promise.

    `feed_url` seeds ids, so that they stay when the feed moves; relative links start at `page_url`. An entry that the
    document repeats word for word is an item with the keys of the first, and an id of its own. A date that is missing,
    unreadable, before 1995 or more than a day ahead becomes `fetched`. Of more than MOST_ITEMS entries the newest are kept.
    """
    base = page_url or feed_url
    channel = _Channel(plain.title(document.title), document.lang, base, fetched)
    drafts = [_draft(entry, base) for entry in _newest(document.entries, fetched)]
    guids = Counter(draft.entry.guid for draft in _without_repetitions(drafts))
    ambiguous = _ambiguous_pages(drafts)
    seen: Counter[str] = Counter()
    items: list[Item] = []
    for draft in drafts:
        guid = draft.entry.guid
        told = guid if guid and guids[guid] == 1 else ""
        item_id = _item_id(feed_url, told, draft)
        seen[item_id] += 1
        if (times := seen[item_id]) > 1:
            item_id = _hashed(item_id, str(times))
        items.append(_item(draft, channel, item_id, told, draft.page not in ambiguous))
    return Parsed(
        title=channel.outlet,
        site=canonical(document.site, base),
        lang=langs.choose(document.lang, channel.outlet),
        ttl=document.ttl,
        items=tuple(items),
        parser=document.parser,
        cut=document.cut,
    )


def _newest(entries: Sequence[Entry], fetched: datetime) -> Sequence[Entry]:
    """At most MOST_ITEMS entries, in their order: the newest, and of those with one time the nearest to either end."""
    if len(entries) <= MOST_ITEMS:
        return entries
    last = len(entries) - 1
    times = [settle(entry.published, fetched) for entry in entries]
    kept = sorted(range(len(entries)), key=lambda n: (fetched - times[n], min(n, last - n)))[:MOST_ITEMS]
    return [entries[n] for n in sorted(kept)]


def _draft(entry: Entry, base: str) -> _Draft:
    link = canonical(entry.link, base) if entry.link else ""
    summary = plain.summary(entry.summary)
    title = plain.title(entry.title) or _title_without_title(summary, link)
    return _Draft(entry, title, summary, link, identity(link), bare(title))


def _title_without_title(summary: str, link: str) -> str:
    return shorten(summary, _TITLE_FROM_SUMMARY) or readable(link) or "(untitled)"


def _without_repetitions(drafts: list[_Draft]) -> list[_Draft]:
    """Each (guid, link, title) once: feeds do list one entry twice, which must not make its guid ambiguous."""
    return list({(draft.entry.guid, *draft.pair): draft for draft in reversed(drafts)}.values())[::-1]


def _ambiguous_pages(drafts: list[_Draft]) -> set[str]:
    """Pages that do not tell their items apart: no page, a whole site, one page under several titles."""
    first: dict[str, str] = {}
    ambiguous = {""}
    for draft in drafts:
        if first.setdefault(draft.page, draft.words) != draft.words or is_home(draft.page):
            ambiguous.add(draft.page)
    return ambiguous


def _item_id(feed_url: str, guid: str, draft: _Draft) -> str:
    named = ("g", guid) if guid else ("p", *draft.pair)
    return _hashed(feed_url, *named)


def _hashed(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _item(draft: _Draft, channel: _Channel, item_id: str, guid: str, page_is_own: bool) -> Item:
    entry = draft.entry
    source = plain.title(entry.source, _SOURCE_CHARS) if entry.source else channel.outlet
    return Item(
        id=item_id,
        title=draft.title,
        link=draft.link,
        summary=draft.summary,
        published=settle(entry.published, channel.fetched),
        author=_author(entry.author) if entry.author else "",
        lang=langs.choose(entry.lang or channel.lang, draft.title),
        source=source,
        image=resolve(entry.image, channel.base) if entry.image else "",
        guid_key=key63("g", guid) if guid else None,
        pair_key=key63("p", draft.page, draft.words),
        link_key=page_key(draft.page) if page_is_own else None,
        title_key=_title_key(draft, source, channel.outlet),
    )


def _author(said: str) -> str:
    """A name; RSS wants "mail@example.com (Jane Doe)" (https://www.rssboard.org/rss-specification)."""
    author = plain.title(said, _AUTHOR_CHARS)
    if "@" in author and (named := _MAIL_AND_NAME.fullmatch(author)):
        return named[1]
    return author


def _title_key(draft: _Draft, source: str, outlet: str) -> int | None:
    words = draft.words
    if _SEPARATOR.search(draft.title) and (cut := _OUTLET.search(draft.title)):
        tail = bare(draft.title[cut.end() :])
        if tail and tail in (bare(source), bare(outlet)):
            words = bare(draft.title[: cut.start()])
    return key63("t", words) if _is_telling(words) else None


def _is_telling(words: str) -> bool:
    """Whether a title is long enough to name one story: four words, or eight characters of a script without spaces."""
    if words.count(" ") >= _TELLING_WORDS - 1:
        return True
    return not words.isascii() and len(_UNSPACED.findall(words)) >= _TELLING_CHARS
