"""Plain text out of the HTML that feeds carry.

A tokenizer, not a tree: the text of a summary does not depend on how its elements nest, and this is three times faster
than the fastest tree builder at hand. What comes out is shown as text everywhere, so a tag that slips through is ugly,
not dangerous. Every part of the pattern is linear in its input, or bounded.
"""

from __future__ import annotations

import re
from html import unescape

from bot.text import clean, shorten

TITLE_CHARS = 500
SUMMARY_CHARS = 2_000
_FIRST_CUT, _LAST_CUT = 6_000, 20_000
"""Input characters read: the first nearly always fills a summary; the second is for pages that are mostly markup."""

_BLOCK_NAMES = (
    "address|article|aside|blockquote|br|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h1|h2|h3|h4|h5"
    "|h6|header|hr|img|li|main|nav|ol|option|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_HIDDEN_NAMES = "script|style|noscript|iframe|object|svg|math|template|head|title|textarea|select|audio|video|canvas"
_INLINE_NAMES = (
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|nobr|q|rp|rt|ruby|s|samp|small|span"
    "|strike|strong|sub|sup|time|tt|u|var|wbr"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split("|"))
_HIDDEN = frozenset(_HIDDEN_NAMES.split("|"))
_TAG = re.compile(
    r"<(?:/?([a-zA-Z][a-zA-Z\d]*+)"
    r"""(?:[^>=]++|=\s{0,9}(?:"[^"]{0,2000}+"|'[^']{0,2000}+')?+)*+(?:>|\Z)"""
    r"|!--(?s:.*?)(?:-->|\Z)"
    r"|[!?/][^>]*+(?:>|\Z))"
)
_HIDDEN_PARTS = re.compile(rf"<({_HIDDEN_NAMES})\b.*?(?:</\1\b[^>]*+(?:>|\Z)|\Z)", re.I | re.S)
_KNOWN = f"{_BLOCK_NAMES}|{_HIDDEN_NAMES}|{_INLINE_NAMES}"
# In a title only what surely is HTML goes: "<T> in C++", "<https://...>" and "<!channel>" are words there.
_TITLE_TAG = re.compile(rf"</?({_KNOWN})(?:\s[^<>]*+)?/?>|<!--.{{0,1000}}?-->", re.I | re.S)
_ESCAPED_TAG = re.compile(rf"&lt;/?(?:{_KNOWN})\b", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});")
_MARK = "\x00"


def title(raw: str, limit: int = TITLE_CHARS) -> str:
    """A title on one line: entities decoded, also twice escaped ones, HTML tags gone, at most `limit` characters."""
    if "<" in raw or "&" in raw:
        raw = _TITLE_TAG.sub(_gap, raw[:_LAST_CUT])
        raw = _decode(raw)
        if "<" in raw:
            raw = _TITLE_TAG.sub(_gap, raw)
    return line(raw, limit)


def summary(raw: str) -> str:
    """HTML as text on one line, at most 2,000 characters: no scripts, styles and the like, a space between blocks."""
    if "<" not in raw and "&" not in raw:
        return line(raw, SUMMARY_CHARS)
    text = line(_strip(raw[:_FIRST_CUT]), SUMMARY_CHARS)
    if len(raw) > _FIRST_CUT and len(text) < SUMMARY_CHARS // 2:
        text = line(_strip(raw[:_LAST_CUT]), SUMMARY_CHARS)
    return text


def line(raw: str, limit: int) -> str:
    """Clean text on one line, at most `limit` characters."""
    text = " ".join(raw.split())
    if not text.isprintable():  # exactly what clean() is for is not printable, and looking is ten times faster
        text = " ".join(clean(text).split())
    return text if len(text) <= limit else shorten(text, limit)


def _strip(html: str) -> str:
    if "<" not in html and _ESCAPED_TAG.search(html):
        html = unescape(html)
    if "<" in html:
        text = _TAG.sub(_gap, html)
        html = _TAG.sub(_gap, _HIDDEN_PARTS.sub("", html)) if _MARK in text else text
    return _decode(html) if "&" in html else html


def _gap(tag: re.Match[str]) -> str:
    """What stands where a tag stood: a space for a block, nothing in a line, a mark where the content must go too."""
    name = tag[1]
    if name is None:
        return ""
    if name in _BLOCKS:
        return " "
    name = name.lower()
    return " " if name in _BLOCKS else _MARK if name in _HIDDEN else ""


def _decode(text: str) -> str:
    """Entities decoded; again where the outcome holds complete ones still, for feeds that escape twice."""
    if "&" in text:
        text = unescape(text)
        if "&" in text and _ENTITY.search(text):
            text = unescape(text)
    return text
