"""The domain: one frozen dataclass for each stage of an item's way, and for what people set up.

Feed -> Page -> Entry (as the feed said it) -> Item (canonical) -> Classification and Match -> Story -> Alert -> Delivery.
All times are aware and UTC. All ids are stable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NewType

Place = NewType("Place", str)
"""Where messages go: `terminal:`, `slack:T0/C1`, `discord:G0/C1`; the workspace or guild is part of it."""

Person = NewType("Person", str)
"""Who asks: `terminal:me`, `slack:T0/U1`, `discord:G0/U1`."""

TERMINAL = Place("terminal:")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def platform(where: Place | Person) -> str:
    """The chat platform of a place or person: the part before the first colon."""
    return where.partition(":")[0]


def own_place(person: Person) -> Place:
    """Where a person alone is told: their direct messages. `slack:T0/@U1`, `discord:@U1`, `terminal:`.

    A person's direct messages with a Discord bot are the same in every server, so no server is part of it.
    """
    chat, _, rest = person.partition(":")
    if chat == "terminal":
        return TERMINAL
    team, _, user = rest.rpartition("/")
    return Place(f"{chat}:@{user}" if chat == "discord" else f"{chat}:{team}/@{user}")


def is_own(place: Place) -> bool:
    """Whether a place is somebody's direct messages."""
    return "@" in place


# -- feeds -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed as somebody asks for it: `person`, nobody for one that came with the program, at `place`."""

    url: str
    title: str = ""
    category: str = ""
    lang: str = ""
    place: Place = TERMINAL
    person: Person = Person("")


FeedStatus = Literal["active", "gone", "quarantined"]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is polled, with everything that the next poll needs.

    `interval` is seconds. `status` is "gone" once the server answered 410, "quarantined" once its documents killed the
    children that read them; `kills` counts those, one after another. `baselined` says that what is new in it from now on is
    told: not before a first poll has succeeded, nor, once the store was restored from a backup, before the next one has.
    `body_key` is the hash of the last body read, so that an unchanged body is not parsed again; 0 for none. `place` and
    `person` are where and by whom it was asked for: who is told if it is polled no more.
    """

    id: int
    url: str
    title: str = ""
    site: str = ""
    category: str = ""
    lang: str = ""
    status: FeedStatus = "active"
    etag: str = ""
    modified: str = ""
    body_key: int = 0
    baselined: bool = False
    interval: int = 900
    failures: int = 0
    error: str = ""
    due_at: datetime = EPOCH
    checked_at: datetime | None = None
    changed_at: datetime | None = None
    place: Place = TERMINAL
    person: Person = Person("")
    kills: int = 0

    @property
    def begun(self) -> bool:
        """Whether a poll ever succeeded: what has not been seen since is new, told or not."""
        return self.baselined or self.body_key != 0


@dataclass(frozen=True, slots=True)
class Request:
    """One conditional GET."""

    url: str
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered: 200 with a body, or 304 with none.

    `url` is where the body came from; `moved_to` is set when every redirect on the way was permanent.
    `max_age` is seconds of Cache-Control, None if it said nothing.
    """

    url: str
    status: int
    fetched: datetime
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    modified: str = ""
    moved_to: str | None = None
    max_age: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the feed said it: markup, odd dates and all."""

    guid: str = ""
    title: str = ""
    link: str = ""
    summary: str = ""
    published: str = ""
    author: str = ""
    lang: str = ""
    image: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One feed document as read: `ttl` is seconds, None if the feed does not say; `parser` says who read it.

    One that is `cut` ends before its end: what came of its last entry is not among the entries.
    """

    title: str = ""
    site: str = ""
    lang: str = ""
    ttl: int | None = None
    entries: tuple[Entry, ...] = ()
    parser: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One entry made canonical: plain text, one http(s) link, a UTC time, and the keys that identify it.

    `id` is 24 hex digits, the same for the same entry of the same feed at every poll, and another for each item of a document.
    `guid_key` is None where the feed gives no guid or repeats it in one document. `pair_key` hashes canonical link and
    normalised title. `link_key` and `title_key` hash each alone and find copies of the item in other feeds; they are None
    where link or title would not tell two stories apart. Keys are 63-bit and not negative.
    """

    id: str
    title: str
    link: str
    summary: str
    published: datetime
    author: str
    lang: str
    source: str
    image: str
    guid_key: int | None
    pair_key: int
    link_key: int | None
    title_key: int | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document whose entries are items."""

    title: str
    site: str
    lang: str
    ttl: int | None
    items: tuple[Item, ...]
    parser: str = ""
    cut: bool = False


# -- understanding -----------------------------------------------------------------------------------------------------

Field = Literal["title", "summary", "source", "lang"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why something was concluded: `what` (for example `topic:robotics`) by the words at [start, end) of `field`."""

    what: str
    words: str
    field: Field
    start: int
    end: int
    weight: float = 1.0


Role = Literal["lead", "investor", "acquirer", "target", "investee", "subject", "mention"]
"""What an entity does in an item, from what says most to what says least."""

EventType = Literal[
    "funding",
    "acquisition",
    "ipo",
    "partnership",
    "launch",
    "team",
    "leadership",
    "research",
    "regulation",
    "results",
    "layoffs",
    "other",
]
DealType = Literal["funding", "acquisition", "ipo"]
DealStatus = Literal["announced", "closed", "talks", "rumoured", "approved", "cancelled"]


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity of the gazetteer found in an item, and its role there; `role_evidence` is what the role was read from."""

    entity: str
    name: str
    kind: str
    evidence: Evidence
    role: Role = "mention"
    role_evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in a deal, as the text names them; `entity` is the gazetteer's id, empty if it does not know them."""

    name: str
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """One financing, acquisition or listing that an item reports.

    Amounts are in units of their currency (ISO 4217); `amount` is the lower end of a range and None where the text gives no
    figure ("tens of millions of yuan" has a currency alone). `amount_usd` is converted at a dated rate. `investors` has the
    leads too. `evidence` has, for every field that was read, the words it was read from: `deal.amount`, `deal.target`, ...
    """

    type: DealType
    target: Party | None = None
    acquirer: Party | None = None
    amount: int | None = None
    currency: str = ""
    amount_usd: int | None = None
    round: str = ""
    investors: tuple[Party, ...] = ()
    lead: tuple[Party, ...] = ()
    valuation: int | None = None
    valuation_currency: str = ""
    total_raised: int | None = None
    total_currency: str = ""
    status: DealStatus = "announced"
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """What one item is about.

    Topic scores are in [0, 1] (above 0.5 counts as matched). `event` is what mainly happened. `mentions` has each entity
    once. `evidence` is that of topics and event.
    """

    topics: Mapping[str, float] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    event: EventType = "other"
    deals: tuple[Deal, ...] = ()


Mode = Literal["instant", "digest"]
"""Whether a watchlist tells each story at once, or all of a day together."""


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A named query at a place; `owner` made it. `template` says what its cards show (bot.templates), "" for the usual."""

    id: int
    place: Place
    name: str
    query: str
    owner: Person
    created: datetime
    mode: Mode = "instant"
    template: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An item that a watchlist asked for, and why; its story must have `sources` outlets before anybody is told."""

    watchlist: Watchlist
    evidence: tuple[Evidence, ...]
    sources: int = 1


# -- stories, alerts, deliveries -----------------------------------------------------------------------------------------


StoryStatus = Literal["new", "same", "update"]
"""What a report is to its story: the first of its event, another of the same event, or a later development of it."""


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item in the store, with its story, the feed it came from and what was understood of it.

    `known` is False as long as nobody has looked what it is about and which story it belongs to (`story_id` is 0 then).
    `status` is what the report is to its story, `placed` the reasons for that, for people to read. A `copy` has the words of
    an earlier report of the story: it tells nothing of its own. `actors` are the entities that do something in it.
    """

    item: Item
    feed_id: int
    story_id: int
    fetched: datetime
    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    known: bool = True
    event: EventType = "other"
    deals: tuple[Deal, ...] = ()
    status: StoryStatus = "new"
    placed: tuple[str, ...] = ()
    copy: bool = False
    actors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewStory:
    """A story as its first report makes it; `follows` is the story of which it is a later development, 0 for none."""

    title: str
    source: str
    created: datetime
    follows: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """One event as all outlets report it; `items` counts reports, `sources` are the outlets, the first reporter first.

    `copied` are those of the sources that told it in the words of another alone. A later development ("approved",
    "cancelled") is a story of its own that `follows` the first one, whose id that is; 0 for a story that follows none.
    """

    id: int
    title: str
    created: datetime
    updated: datetime
    items: int = 1
    sources: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    follows: int = 0

    @property
    def independent(self) -> int:
        """How many outlets report it in words of their own."""
        return max(len(self.sources) - len(self.copied), 1)


@dataclass(frozen=True, slots=True)
class AlertItem:
    """What an alert needs of one item; `spans` are the places of the matched words in the title.

    `deals` come without their evidence; `brief` is up to two lines that say the news, if somebody wrote them. `minutes` is
    how long the text takes to read, 0 where the feed gave too little of it to tell. `company` is the entity that it is about,
    and what that is called, if it is about one. `watchlists` are those that asked for it, in a digest. `sources` are all
    outlets that had reported the story by then; `outlets` are names and links of the first of them beside this one. `disputed`
    are facts that they do not agree on, label and words, as bot.stories.told has them. `follows` is the story of which
    this one is a later development, 0 for none.
    """

    story_id: int
    title: str
    link: str
    source: str
    published: datetime
    summary: str = ""
    lang: str = ""
    image: str = ""
    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    words: tuple[str, ...] = ()
    event: EventType = "other"
    deals: tuple[Deal, ...] = ()
    brief: tuple[str, ...] = ()
    minutes: int = 0
    company: tuple[str, str] = ("", "")
    watchlists: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    outlets: tuple[tuple[str, str], ...] = ()
    disputed: tuple[tuple[str, str], ...] = ()
    follows: int = 0

    @property
    def root(self) -> int:
        """The story as people know it: the first event, of which this may be a later development."""
        return self.follows or self.story_id


@dataclass(frozen=True, slots=True)
class Alert:
    """What one message tells a place: one story, or a summary of `count` stories of which `items` shows the first few.

    A `digest` has the `count` stories of a day, newest first; a `report` has further reports of a story that the place
    follows. An `update` goes under the message that told the story: a later development, or what is `news` in it, line by
    line; `about` is the headline of that message. `templates` are those of the watchlists, in their order; none if all have
    the usual cards. A summary may say in `about` why it is one. A `notice` is about the bot itself and has no items: `about`
    is its text.
    """

    kind: Literal["story", "summary", "digest", "report", "update", "notice"]
    place: Place
    watchlists: tuple[str, ...]
    items: tuple[AlertItem, ...]
    count: int = 1
    feed: str = ""
    templates: tuple[str, ...] = ()
    about: str = ""
    news: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Living:
    """A message that tells a story, posted or queued: it is edited as more is known, and later news goes under it.

    `id` is that of its delivery. `sent` says that it is posted, or may have been.
    """

    id: int
    story_id: int
    alert: Alert
    sent: bool


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a message was posted, in the platform's own terms."""

    place: Place
    id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox that was claimed. `nonce` is the same at every attempt.

    `attempts` counts claims, this one included.
    `ambiguous` says that an earlier attempt may have reached the chat: it was claimed and never recorded.
    One that `edits` another delivery posts nothing: the message of that one is to say `alert` from now on. `anchor` is that
    message, or the one under which this goes; None if there is none.
    """

    id: int
    alert: Alert
    nonce: str
    attempts: int
    ambiguous: bool
    created: datetime
    edits: int = 0
    anchor: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A delivery that was posted: what it said, where, and when."""

    id: int
    alert: Alert
    ref: MessageRef
    at: datetime
