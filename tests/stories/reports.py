"""Reports of made-up deals for the tests of facts: only what matters is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import Deal, EventType, Evidence, Item, Party, StoredItem
from bot.text import key63

START = datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC)
LUMEN = Party("Lumen Robotics", "lumen")
DELTA = Party("Delta Ventures", "delta")
HARBOUR = Party("Harbour Capital", "harbour")


def money(
    amount: int | None = None,
    currency: str = "USD",
    usd: int | None = None,
    *,
    target: Party | None = LUMEN,
    round: str = "",
    lead: tuple[Party, ...] = (),
    investors: tuple[Party, ...] = (),
    **more: object,
) -> Deal:
    """A round; dollars are worth what they are."""
    worth = amount if currency == "USD" else usd
    deal = Deal("funding", target, None, amount, currency if amount else "", worth, round, (*lead, *investors), lead)
    return replaced(deal, **more)


def replaced(deal: Deal, **more: object) -> Deal:
    """With other fields."""
    fields = {name: getattr(deal, name) for name in Deal.__slots__}
    return Deal(**{**fields, **more})


def bought(amount: int | None = None, **more: object) -> Deal:
    """A take-over of Lumen by Harbour."""
    deal = Deal("acquisition", LUMEN, HARBOUR, amount, "USD" if amount else "", amount)
    return replaced(deal, **more)


def report(
    source: str,
    *deals: Deal,
    after: int = 0,
    summary: str = "",
    title: str = "Lumen Robotics has news",
    link: str = "",
    event: EventType | None = None,
    copy: bool = False,
) -> StoredItem:
    """A report `after` so many minutes, of the event that its first deal is."""
    at = START + timedelta(minutes=after)
    number = key63(source, str(after), title, summary)
    where = link or f"https://{source.lower().replace(' ', '')}.example/{number}"
    item = Item(f"{number:024x}", title, where, summary, at, "", "en", source, "", None, number, None, None)
    happened = event or (deals[0].type if deals else "other")
    return StoredItem(item, 1, 1, at + timedelta(minutes=5), event=happened, deals=deals, copy=copy)


def read_at(text: str, words: str, what: str = "amount") -> tuple[Evidence, ...]:
    """That a field was read from these words of the summary."""
    start = text.index(words)
    return (Evidence(f"deal.{what}", words, "summary", start, start + len(words)),)
