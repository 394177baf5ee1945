"""Labelled stories from files of three kinds, which are told apart by what stands in them.

- stories made by hand, in two languages, with later developments and with pairs that are easily mixed up:
  `{"stories": [{"sid", "items": [id], "follow_ups": [id]}], "hard_negatives": [[id, id, why]], "items": [{"id", "title", ...}]}`
- texts of confusable events (ECB+): `[{"id", "title", "summary", "gold": event, "topic"}]`, whose times mean nothing
- topics of a news service with the titles of all outlets: `[{"id", "title", "summary", "ts", "reports": [{"title", "sources"}],
  "track": [{"id", "title", "ts"}]}]`; the tracks are what happened before, each an event of its own
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.evals.clusters import confusable
from bot.model import Item
from bot.rows import item_of
from bot.text import UNSPACED

_UNSPACED = re.compile(f"[{UNSPACED}]")
_SPREAD = timedelta(hours=12)
_BEIJING = "+08:00"  # tracks have the service's own time, without a zone


@dataclass(frozen=True, slots=True)
class StorySet:
    """Items, each with an id of its own, and what people said of them, by these ids.

    `gold` is the event of each item. `untimed` are the items whose time is unknown. `apart` are pairs that are two events
    and look like one. `parents` has for each later development the events that it follows.
    """

    name: str
    items: tuple[Item, ...]
    gold: Mapping[str, str]
    untimed: frozenset[str]
    apart: tuple[tuple[str, str], ...] = ()
    parents: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def timed(self) -> bool:
        """Whether there are times at all."""
        return len(self.untimed) < len(self.items)

    def languages(self) -> dict[str, Hashable]:
        """For each item "zh" if its title is in a script without spaces, else "en"."""
        return {one.id: "zh" if _UNSPACED.search(one.title) else "en" for one in self.items}


def load_stories(folder: Path, now: datetime) -> list[StorySet]:
    """Every set in a `*.json` of the folder. Raises BadInput if there is none, or a file cannot be read."""
    found = [one for path in sorted(folder.glob("*.json")) for one in _sets(path.stem, _read(path), now)]
    if not found:
        raise BadInput(f"{folder}: there is no *.json with labelled stories here")
    return found


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from error


def _sets(name: str, data: Any, now: datetime) -> list[StorySet]:
    """The sets of one file; none if it is something else."""
    try:
        if isinstance(data, dict) and {"stories", "items"} <= data.keys():
            return [_by_hand(name, data, now)]
        if isinstance(data, list) and data and isinstance(data[0], dict):
            if {"gold", "topic"} <= data[0].keys():
                return [_confusable(name, data, now)]
            if {"reports", "track"} <= data[0].keys():
                return [
                    _topics(f"{name}, titles", data, now),
                    _topics(f"{name}, titles and texts", data, now, texts=True),
                ]
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{name}.json: not as labelled stories are written: {error!r}") from error
    return []


def _by_hand(name: str, data: dict[str, Any], now: datetime) -> StorySet:
    names = {row["id"]: number for number, row in enumerate(data["items"])}
    gold = {one: f"alone {one}" for one in names}
    gold.update({one: story["sid"] for story in data["stories"] for one in story["items"]})
    follows: dict[str, set[str]] = {}  # event to events: what one report of an event follows, all of them do
    for story in data["stories"]:
        for one in story.get("follow_ups", ()):
            follows.setdefault(gold[one], set()).add(story["sid"])
    ids = {one: _id(number) for one, number in names.items()}
    made = _set(name, data["items"], now, [gold[row["id"]] for row in data["items"]])
    return replace(
        made,
        apart=tuple((ids[a], ids[b]) for a, b, *_ in data.get("hard_negatives", ())),
        parents={ids[one]: frozenset(follows[event]) for one, event in gold.items() if event in follows},
    )


def _confusable(name: str, data: list[dict[str, Any]], now: datetime) -> StorySet:
    rows = [row | {"published": ""} for row in data]
    made = _set(name, rows, now, [f"{row['topic']} {row['gold']}" for row in data])
    topic = {_id(number): str(row["topic"]) for number, row in enumerate(data)}
    return replace(made, apart=tuple(confusable(made.gold, topic)))


def _topics(name: str, data: list[dict[str, Any]], now: datetime, texts: bool = False) -> StorySet:
    """Reports have no time of their own; that of the topic would give them away, so each is up to half a day older."""
    rng = random.Random(name)
    rows: list[dict[str, Any]] = []
    gold: list[str] = []
    apart: list[tuple[str, str]] = []
    tracks: dict[str, str] = {}
    for topic in data:
        first = len(rows)
        when = datetime.fromisoformat(topic["ts"])
        reports = [
            {"title": one["title"], "source": next(iter(one.get("sources") or ()), "")} for one in topic["reports"]
        ]
        own = [{"title": topic["title"], "summary": topic["summary"], "source": "topic"}] if texts else []
        for row in (*reports, *own):
            rows.append(row | {"published": (when - _SPREAD * rng.random()).isoformat()})
            gold.append(topic["id"])
        ours = [_id(number) for number in range(first, len(rows))]
        for track in topic["track"]:
            if track["id"] not in tracks:
                tracks[track["id"]] = _id(len(rows))
                rows.append({"title": track["title"], "published": track["ts"] + _BEIJING})
                gold.append(track["id"])
            if track["id"] != topic["id"]:
                apart += [(one, tracks[track["id"]]) for one in ours]
    return replace(_set(name, rows, now, gold), apart=tuple(apart))


def _set(name: str, rows: Sequence[dict[str, Any]], now: datetime, gold: Sequence[str]) -> StorySet:
    items = tuple(replace(item_of(row, now), id=_id(number)) for number, row in enumerate(rows))
    untimed = frozenset(one.id for one in items if one.published == now)
    return StorySet(name, items, {one.id: event for one, event in zip(items, gold, strict=True)}, untimed)


def _id(number: int) -> str:
    return f"{number:024x}"
