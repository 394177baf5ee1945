"""What people set up and teach: when places are told, what they do not want to hear of, names, verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.model import AlertItem, Person, Place


@dataclass(frozen=True, slots=True)
class Hours:
    """When a place is told: the daily digest's local time and whether there is one, and quiet hours from and to.

    `zone` is an IANA name, empty for the configured one. Without quiet hours both ends are None.
    """

    place: Place
    zone: str = ""
    digest: time = time(8, 0)
    digesting: bool = True
    quiet_from: time | None = None
    quiet_to: time | None = None


MuteKind = Literal["story", "company", "source", "watchlist"]


@dataclass(frozen=True, slots=True)
class Mute:
    """What a place does not want to hear of until a time, None for ever.

    `what` is the id of the story, entity or watchlist, or the outlet's folded name; `name` is what people call it.
    """

    place: Place
    kind: MuteKind
    what: str
    name: str
    until: datetime | None
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """A story that waits for the next digest of a place.

    `watchlists` are the ids of those that asked for it; `companies` the entities by which it can be muted.
    """

    place: Place
    item: AlertItem
    watchlists: tuple[int, ...]
    at: datetime
    companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """When a place's last digest was queued, and which day it was there."""

    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class OwnEntity:
    """An entity that somebody here added to the gazetteer; `parent` is the id of what it belongs to, empty for none."""

    id: str
    kind: str
    name: str
    by: Person
    at: datetime
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """One more spelling of an entity, of the seeds or of our own, that somebody here added."""

    entity: str
    name: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name that may be a spelling of `entity`: two reports of one story tell the same deal, each with one of them.

    `items` are the ids of the two reports.
    """

    entity: str
    alias: str
    story_id: int
    items: tuple[str, ...]


SuggestionStatus = Literal["proposed", "accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed spelling of an entity and what speaks for it; only a person accepts or rejects one.

    `stories` are those that speak for it, each once; `items` the ids of their reports; `by` and `decided` say who settled it.
    """

    id: int
    entity: str
    alias: str
    status: SuggestionStatus
    stories: tuple[int, ...]
    items: tuple[str, ...]
    at: datetime
    by: Person | None = None
    decided: datetime | None = None


AUDIT_KEPT = timedelta(days=400)
"""So long it is kept who changed what."""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody changed: the command (`watch add`) and its arguments in their words, with every secret masked."""

    at: datetime
    place: Place
    person: Person
    command: str
    args: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of a story that a watchlist found: `good` or not; `features` are those of the story then."""

    watchlist_id: int
    story_id: int
    person: Person
    good: bool
    features: Mapping[str, float]
    at: datetime
