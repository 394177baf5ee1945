"""A message before any platform sees it: parts that every chat can show in its own way.

The text in a part is plain: no markup of any platform. Each chat escapes or places it so that none of it is ever read as
markup or as a mention.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tone = Literal["plain", "news", "deal", "good", "warning", "error"]
Line = Literal["meta", "body", "facts", "footer"]
"""What a card has below its headline."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `spans` are [start, end) offsets in it to show in bold."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


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
    `footer` says which watchlists asked for it and why. `order` is how they follow each other below the headline.
    `links` are further places to read it, label and url each (other outlets); they stand before the footer.
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
    order: tuple[Line, ...] = ("meta", "body", "facts", "footer")
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """Pressing it is saying `command`; the answer is shown to who pressed it, unless it concerns everybody."""

    label: str
    command: str
    emoji: str = ""
    tone: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True)
class Menu:
    """Choices of which one is taken: label and the command that it says. In Slack an overflow or select."""

    label: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be done with what stands above, in one row; at most five. Chats without buttons show the commands."""

    items: tuple[Button | Menu, ...]


Part = Text | Code | Table | Card | Actions


@dataclass(frozen=True, slots=True)
class Message:
    """What to say: `text` alone must tell it all (notifications, screen readers); `parts` say it well.

    `mention` has the ids, spaces between, of Slack user groups or Discord roles that are to be told: whoever manages the
    place has asked for that. Nothing else in a message mentions anybody.
    """

    text: str
    parts: tuple[Part, ...] = ()
    tone: Tone = "plain"
    mention: str = ""


def say(text: str, tone: Tone = "plain") -> Message:
    """A message of one paragraph."""
    return Message(text, (Text(text),), tone)


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
