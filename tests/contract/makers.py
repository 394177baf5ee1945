"""Small ready-made values for the contract tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.feeds.links import link_key
from bot.model import Alert, AlertItem, Deal, EventType, Evidence, Item, NewStory, Party, Person, Place, StoredItem
from bot.ports import Transaction
from bot.text import key63

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
HERE = Place("slack:T0/C1")
THERE = Place("discord:G0/C2")
ME = Person("slack:T0/U1")
ROUND = Deal(
    "funding",
    target=Party("自变量机器人", "x-square-robot"),
    amount=1_000_000_000,
    currency="CNY",
    amount_usd=140_000_000,
    round="A+",
    investors=(Party("Alibaba Cloud", "alibaba-cloud"), Party("国科投资")),
    lead=(Party("Alibaba Cloud", "alibaba-cloud"),),
    total_raised=280_000_000,
    total_currency="USD",
    status="closed",
    evidence=(Evidence("deal.amount", "近10亿元", "title", 7, 12, 0.5),),
)
BOUGHT = Deal(
    "acquisition", Party("Norrland Gripper"), Party("SoftBank", "softbank"), 5_400_000_000, "USD", 5_400_000_000
)


def stored(
    title: str,
    summary: str = "",
    *,
    feed_id: int = 1,
    story_id: int = 1,
    fetched: datetime = NOW,
    topics: tuple[str, ...] = (),
    entities: tuple[str, ...] = (),
    event: EventType = "other",
    deals: tuple[Deal, ...] = (),
) -> StoredItem:
    """An item in the store; its id, link and keys follow from its title."""
    link = f"https://example.org/{key63(title)}"
    item = Item(
        id=f"{key63(title):024x}",
        title=title,
        link=link,
        summary=summary,
        published=fetched - HOUR,
        author="A. Writer",
        lang="en",
        source="Example",
        image="https://example.org/i.png",
        guid_key=None,
        pair_key=key63("pair", title),
        link_key=link_key(link),
        title_key=None,
    )
    return StoredItem(item, feed_id, story_id, fetched, topics, entities, event=event, deals=deals)


def alert(place: Place = HERE, *story_ids: int, title: str = "Qwen builds robots") -> Alert:
    """An alert about these stories (by default story 1)."""
    items = tuple(
        AlertItem(
            story_id=story_id,
            title=title,
            link="https://example.org/1",
            source="Example",
            published=NOW,
            summary="通义千问 “builds”",
            topics=("robotics",),
            entities=("qwen",),
            spans=((0, 4),),
            words=("Qwen",),
        )
        for story_id in story_ids or (1,)
    )
    return Alert("story" if len(items) == 1 else "summary", place, ("robots", "具身智能"), items, len(items), "A feed")


def add_story(tx: Transaction, title: str, created: datetime, source: str) -> int:
    """One new story; answers its id."""
    return tx.stories.add([NewStory(title, source, created)])[0]


def index(tx: Transaction, limit: int = 1_000_000) -> int:
    """Make what is stored findable; answers how many items were not."""
    unread = tx.items.unread(limit)
    tx.items.index([replace(one, known=True) for one in unread])
    return len(unread)
