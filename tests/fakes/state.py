"""What the fake store holds, and what its tables have in common."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TypeVar

from bot.errors import NotFound, StoreError
from bot.model import Alert, Feed, MessageRef, Person, Place, StoredItem, Story, Watchlist
from bot.people import Alias, Change, DigestEntry, Hours, Mute, OwnEntity, Sent, Suggestion, Verdict

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Queued:
    """A row of the outbox; `state` is waiting, done or dropped."""

    alert: Alert
    nonce: str
    created: datetime
    state: str = "waiting"
    attempts: int = 0
    ambiguous: bool = False
    ref: MessageRef | None = None
    done: datetime | None = None
    edits: int = 0
    thread: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """That a place was told of a story: of which one it is a part, and the message of its own, 0 for none."""

    root: int
    delivery: int = 0


@dataclass(slots=True)
class State:
    """Everything stored. All values are immutable, so that a copy of the containers is a snapshot."""

    last_id: int = 0
    feeds: dict[int, Feed] = field(default_factory=dict)
    leases: dict[int, datetime] = field(default_factory=dict)
    seen: set[tuple[int, int]] = field(default_factory=set)
    items: dict[tuple[int, str], StoredItem] = field(default_factory=dict)
    indexed: set[tuple[int, str]] = field(default_factory=set)
    stories: dict[int, Story] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    stories_revision: int = 0
    watchlists: dict[int, Watchlist] = field(default_factory=dict)
    revision: int = 0
    outbox: dict[int, Queued] = field(default_factory=dict)
    waits: dict[Place, tuple[datetime, bool]] = field(default_factory=dict)
    disabled: dict[Place, str] = field(default_factory=dict)
    told: dict[tuple[int, Place], Telling] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    audit: list[Change] = field(default_factory=list)
    entities: dict[str, OwnEntity] = field(default_factory=dict)
    aliases: dict[str, Alias] = field(default_factory=dict)
    entities_revision: int = 0
    suggestions: dict[int, Suggestion] = field(default_factory=dict)
    verdicts: dict[tuple[int, int, Person], Verdict] = field(default_factory=dict)
    verdicts_revision: int = 0
    quiet: set[Place] = field(default_factory=set)
    hours: dict[Place, Hours] = field(default_factory=dict)
    mutes: dict[tuple[Place, str, str], Mute] = field(default_factory=dict)
    follows: dict[tuple[int, Place], datetime] = field(default_factory=dict)
    gathered: dict[tuple[int, Place], DigestEntry] = field(default_factory=dict)
    looks: dict[Place, datetime] = field(default_factory=dict)
    sent: dict[Place, Sent] = field(default_factory=dict)

    def snapshot(self) -> State:
        """A copy that later changes do not touch."""
        return State(**{each.name: copy.copy(getattr(self, each.name)) for each in fields(self)})

    def new_id(self) -> int:
        """An id that nothing else has."""
        self.last_id += 1
        return self.last_id


class Table:
    def __init__(self, state: State, writable: bool) -> None:
        self._at, self._writable = state, writable

    @property
    def _change(self) -> State:
        if not self._writable:
            raise StoreError("this view can only be read")
        return self._at


def found(value: T | None, kind: str, key: int | str) -> T:
    if value is None:
        raise NotFound(f"there is no {kind} {key}")
    return value
