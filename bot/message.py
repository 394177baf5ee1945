"""A message before any platform sees it: parts that every chat can show in its own way.

The text in a part is plain: no markup of any platform. Each chat escapes or places it so that none of it is ever read as
markup or as a mention.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from bot.model import Alert
from bot.text import shorten

_SHOWN = 5  # stories that a summary names

Tone = Literal["plain", "news", "deal", "good", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Text that keeps its spaces and lines: a query with a caret below it, a usage line."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column names; chats without tables show a list."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One story, made to be read in three lines on a phone.

    `spans` are [start, end) offsets in `headline` to show in bold. `meta` is outlet and time, `facts` are label and value,
    `footer` says which watchlists asked for it and why.
    """

    headline: str
    url: str = ""
    emoji: str = ""
    meta: str = ""
    body: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    footer: str = ""
    image: str = ""
    spans: tuple[tuple[int, int], ...] = ()


Part = Text | Code | Table | Card


@dataclass(frozen=True, slots=True)
class Message:
    """What to say: `text` alone must tell it all (notifications, screen readers); `parts` say it well."""

    text: str
    parts: tuple[Part, ...] = ()
    tone: Tone = "plain"


def say(text: str, tone: Tone = "plain") -> Message:
    """A message of one paragraph."""
    return Message(text, (Text(text),), tone)


def compose(alert: Alert, now: datetime, zone: tzinfo) -> Message:
    """The message of an alert: a card for a story, a list with its count for a summary. Times are shown in `zone`."""
    return _summary(alert) if alert.kind == "summary" else _story(alert, now, zone)


def ago(when: datetime, now: datetime) -> str:
    """How long ago in the two largest words that matter: `just now`, `12 min ago`, `3 h ago`, `5 days ago`."""
    minutes = int((now - when).total_seconds() // 60)
    if minutes < 2:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // 1440} days ago"


def _story(alert: Alert, now: datetime, zone: tzinfo) -> Message:
    item = alert.items[0]
    local = item.published.astimezone(zone)
    clock = local.strftime("%H:%M %Z") if now - item.published < timedelta(hours=20) else local.strftime("%d %b %Y")
    meta = " · ".join(part for part in (item.source, clock, ago(item.published, now)) if part)
    wanted = ", ".join(alert.watchlists)
    because = ", ".join(item.words[:6])
    card = Card(
        headline=item.title,
        url=item.link,
        emoji=_emoji(item.topics),
        meta=meta,
        body=shorten(item.summary, 280) if item.summary != item.title else "",
        footer=f"{wanted} — {because}" if because else wanted,
        image=item.image,
        spans=item.spans,
    )
    text = " · ".join(part for part in (item.title, item.source, f"[{wanted}]", item.link) if part)
    return Message(text, (card,), "news")


def _summary(alert: Alert) -> Message:
    source = f" from {alert.feed}" if alert.feed else ""
    head = f"{alert.count} more stories{source} for {', '.join(alert.watchlists)}"
    shown = [Card(item.title, item.link, meta=item.source) for item in alert.items[:_SHOWN]]
    rest = alert.count - len(shown)
    tail = (Text(f"… and {rest} others; `news` lists them."),) if rest else ()
    lines = [
        head,
        *(f"- {item.title} {item.link}".rstrip() for item in alert.items[:_SHOWN]),
        *(part.text for part in tail),
    ]
    return Message("\n".join(lines), (Text(head), *shown, *tail), "news")


def _emoji(topics: tuple[str, ...]) -> str:
    return "🤖" if "robotics" in topics else "🦾" if "physical-ai" in topics else "📰"
