"""Many messages for one place as a single one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import DIGEST_STORIES
from bot.model import Alert, AlertItem

FOLDED = frozenset({"story", "summary", "report", "update"})
"""Kinds of alerts that can be put together; a digest is that already, and a notice is no news."""


def folded(alerts: Sequence[Alert], hourly: int) -> Alert:
    """One message that says what these of one place would have said; `hourly` is the limit that makes it necessary.

    What is new in stories that were told already stands first, then the stories, the newest first. Of those that are only
    counted as little is kept as tells which they were.
    """
    newest = [*reversed(alerts)]
    newest.sort(key=lambda one: one.kind not in ("update", "report"))
    items = [item for one in newest for item in _items(one)]
    bare = [
        replace(item, image="", spans=(), topics=(), entities=(), deals=(), outlets=(), brief=())
        for item in items[DIGEST_STORIES:]
    ]
    return Alert(
        "summary",
        alerts[0].place,
        tuple(dict.fromkeys(name for one in alerts for name in one.watchlists)),
        (*items[:DIGEST_STORIES], *bare),
        sum(max(one.count, len(one.items)) for one in alerts),
        templates=tuple(dict.fromkeys(template for one in alerts for template in one.templates)),
        about=f"More than {hourly} messages within an hour come together, in one.",
    )


def _items(alert: Alert) -> list[AlertItem]:
    """What is told; of an update with the message that it belongs to, and what is new there."""
    items = [replace(item, summary="", words=()) for item in alert.items]
    if alert.kind != "update":
        return items
    head = (f"New in “{alert.about}”",) if alert.about else ()
    return [replace(item, brief=(*head, *alert.news)) for item in items]
