"""What a feed does to its entries is no news: guids that change, vanish or repeat, links and dates that move, whole documents.

A machine publishes, rewrites and polls at random, over the real normalising, deciding and storing. Whatever it does, an event
is told once at each place if it was first read after the baseline, and never again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.classify.knowledge.seeds import Knowledge
from bot.errors import FetchError
from bot.feeds.normalise import normalise
from bot.feeds.rhythm import Rhythm
from bot.flow.decide import Answer
from bot.flow.stories import Placed, Placer
from bot.flow.write import Writer
from bot.merged import Merged
from bot.model import TERMINAL, Classification, Document, Entry, Item, NewFeed, NewStory, Page, Person, Place
from bot.ports import Transaction
from bot.store.open import open_store
from bot.stories.cluster import Refinement
from tests.fakes.world import START

FEED = st.integers(0, 1)
POLLS = st.sampled_from([1, 2, 0])
STYLE = st.sampled_from(["own", "none", "link", "shared"])
HOW = st.sampled_from(["edit", "guid", "no guid", "one guid", "link", "link", "title", "date", "no date"])

PLACES = (TERMINAL, Place("slack:T0/C1"))
FEEDS = ("https://a.example/feed", "https://b.example/feed")

LINKS = (
    "https://news.example/{}",
    "http://news.example/{}",
    "https://www.news.example/{}/",
    "https://news.example/{}?utm_source=rss&utm_campaign={}",
    "http://www.news.example/{}#comments",
    "HTTPS://NEWS.EXAMPLE/{}?fbclid=x",
)
TITLES = ("robots of event {}", "Robots of EVENT {}", "robots, of event {}!", "  robots  of event   {} ")
"""Ways of writing one address and one title."""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as the feed has it now: which event it tells, and how it is written."""

    event: int
    guid: str = ""
    edition: int = 0
    link: int = 0
    title: int = 0
    date: int = 0

    @property
    def words(self) -> str:
        return f"{TITLES[self.title].format(self.event)}{f' edition {self.edition}' if self.edition else ''}"

    def entry(self) -> Entry:
        published = "" if not self.date else (START + timedelta(minutes=self.date)).isoformat()
        return Entry(self.guid, self.words, LINKS[self.link].replace("{}", str(self.event)), "It did.", published)


def keys(document: Sequence[Told]) -> Iterator[tuple[Told, set[tuple[str, object]]]]:
    """The model, from what the policy says: by its guid, unless that repeats in the document, and by its page and words."""
    rows = {(told.guid, told.event, told.edition) for told in document}
    times = Counter(guid for guid, *_ in rows)
    for told in document:
        pair = ("pair", (told.event, told.edition))
        yield told, {pair, ("guid", told.guid)} if told.guid and times[told.guid] == 1 else {pair}


@dataclass
class Feed:
    """One feed of the model: its document, what it dropped, what was ever read of it."""

    url: str
    document: list[Told]
    dropped: list[Told]
    seen: set[tuple[str, object]]
    read: set[int]
    baseline: set[int] | None = None

    def admits(self, document: Sequence[Told]) -> bool:
        """Whether the policy can know every event of a document: those read before by a key, the others by none."""
        seen, known = set(self.seen), set(self.read)
        for told, mine in keys(document):
            if (told.event in known) == seen.isdisjoint(mine):
                return False
            seen |= mine
            known.add(told.event)
        return True


class Identity(RuleBasedStateMachine):
    """Feeds and their readers, one step after another."""

    @initialize(styles=st.tuples(STYLE, STYLE), polled=st.booleans())
    def begin(self, styles: tuple[str, str], polled: bool) -> None:
        self.store, self.at, self.events = open_store(":memory:"), START, 0
        self.told: Counter[tuple[Place, int]] = Counter()
        self.restart()
        with self.store.write() as tx:
            for place in PLACES:
                tx.watches.add(place, "all", "*", Person("terminal:me"), self.at)
            added = tx.feeds.add([NewFeed(url) for url in FEEDS], self.at)
        self.ids = {feed.url: feed.id for feed in added}
        self.feeds = [Feed(url, [], [], set(), set()) for url in FEEDS]
        for feed, style in zip(self.feeds, styles, strict=True):
            self.publish(feed, style, 2)
        self.poll(self.feeds[0])
        if polled:
            self.poll(self.feeds[1])

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()

    # -- what feeds do ---------------------------------------------------------------------------------------------------

    def becomes(self, feed: Feed, document: list[Told]) -> None:
        """Let the document be this from now on, if the policy can know its events."""
        if feed.admits(document):
            gone = {told.event: told for told in (*feed.dropped, *feed.document)}
            feed.document = document
            feed.dropped = [told for event, told in gone.items() if event not in {one.event for one in document}]

    def publish(self, feed: Feed, style: str, count: int, twice: bool = False) -> None:
        fresh = []
        for _ in range(count):
            self.events += 1
            named = {"own": f"g{self.events}", "none": "", "shared": "same"}.get(style, LINKS[0].format(self.events))
            fresh.append(Told(self.events, named, date=self.events))
        self.becomes(feed, [*reversed(fresh), *fresh[:twice], *feed.document])

    @rule(n=FEED, style=STYLE, count=st.integers(1, 3), twice=st.booleans(), then=POLLS)
    def news(self, n: int, style: str, count: int, twice: bool, then: int) -> None:
        self.publish(self.feeds[n], style, count, twice)
        self.polls(n, then)

    @rule(n=FEED, which=st.integers(-1, 3), hows=st.lists(HOW, min_size=1, max_size=2), then=POLLS)
    def rewrite(self, n: int, which: int, hows: list[str], then: int) -> None:
        """One entry is written anew, or (-1) all of them."""
        document = self.feeds[n].document
        for how in hows:
            document = [self.rewritten(told, how) if which in (-1, at) else told for at, told in enumerate(document)]
        self.becomes(self.feeds[n], document)
        self.polls(n, then)

    def rewritten(self, told: Told, how: str) -> Told:
        self.events += 1  # a number that was never there
        return {
            "edit": lambda: replace(told, edition=told.edition + 1),
            "guid": lambda: replace(told, guid=f"again-{self.events}"),
            "no guid": lambda: replace(told, guid=""),
            "one guid": lambda: replace(told, guid="one"),
            "link": lambda: replace(told, link=(told.link + self.events) % len(LINKS)),
            "title": lambda: replace(told, title=(told.title + self.events) % len(TITLES)),
            "date": lambda: replace(told, date=self.events + 10_000),
            "no date": lambda: replace(told, date=0),
        }[how]()

    @rule(n=FEED, how=st.sampled_from(["turn", "empty", "shorten", "return", "repeat"]), then=POLLS)
    def rearrange(self, n: int, how: str, then: int) -> None:
        feed = self.feeds[n]
        document = {
            "turn": [*feed.document[1:][::-1], *feed.document[:1]],
            "empty": [],
            "shorten": feed.document[:1],
            "return": [*feed.document, *feed.dropped],
            "repeat": [*feed.document, *feed.document[:1]],
        }[how]
        self.becomes(feed, document)
        self.polls(n, then)

    # -- what readers do -------------------------------------------------------------------------------------------------

    def polls(self, n: int, times: int) -> None:
        for _ in range(times):
            self.poll(self.feeds[n])

    def poll(self, feed: Feed) -> None:
        document = Document("Outlet", entries=tuple(told.entry() for told in feed.document))
        page = Page(feed.url, 200, self.at)
        self.answers(feed, page=page, parsed=normalise(document, feed.url, feed.url, self.at), body_key=1)
        for _, mine in keys(feed.document):
            feed.seen |= mine
        feed.read |= {told.event for told in feed.document}
        if feed.baseline is None:
            feed.baseline = set(feed.read)

    @rule(n=FEED, status=st.sampled_from([0, 304, 503]))
    def nothing_new(self, n: int, status: int) -> None:
        feed = self.feeds[n]
        if status != 304:
            self.answers(feed, error=FetchError("no answer", status or None))
        elif feed.baseline is not None:
            self.answers(feed, page=Page(feed.url, 304, self.at))

    @rule()
    def restart(self) -> None:
        """Another process: what is not in the store is forgotten."""
        self.writer = Writer(Merged(Knowledge()), Apart(), Rhythm(jitter=0.0), per_poll=1_000)

    def answers(self, feed: Feed, **how: object) -> None:
        with self.store.write() as tx:
            known = tx.feeds.get(self.ids[feed.url])
            (polled,) = self.writer.write(tx, [Answer(known, self.at, **how)])  # type: ignore[arg-type]
        self.at += timedelta(minutes=15)
        for alert in polled.alerts:
            assert (alert.kind, len(alert.items)) == ("story", 1)
            self.told[(alert.place, event_of(alert.items[0].title))] += 1

    # -- what holds ------------------------------------------------------------------------------------------------------

    @invariant()
    def each_event_is_told_once_at_each_place(self) -> None:
        if hasattr(self, "feeds"):
            wanted = {event for feed in self.feeds for event in feed.read - (feed.baseline or set())}
            assert self.told == Counter({(place, event): 1 for place in PLACES for event in wanted})


class Apart(Placer):
    """Every item is a story of its own: what makes one entry two items is not covered by the stories."""

    def place(self, tx: Transaction, reports: Sequence[tuple[Item, Classification, datetime]]) -> list[Placed]:
        new = [NewStory(item.title, item.source, at) for item, _, at in reports]
        return [Placed(story) for story in tx.stories.add(new)]

    def refine(self, tx: Transaction, at: datetime) -> Refinement:
        return Refinement((), ())


def event_of(title: str) -> int:
    found = re.search(r"event\s+(\d+)", title, re.IGNORECASE)
    assert found
    return int(found[1])


Identity.TestCase.settings = settings(
    max_examples=55,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)
TestIdentity = Identity.TestCase
