"""Rows of the command line: an item from a JSON object, and what was understood as JSON objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.feeds.normalise import normalise
from bot.model import Classification, Deal, Document, Entry, Evidence, Item, Match, Party

_WHERE = "https://feed.example/feed.xml"


def item_of(row: dict[str, Any], now: datetime) -> Item:
    """The item of an object with `title`, `summary`, `url`, `image`, `source`, `published` (`now` where it has no time)."""

    def text(*names: str) -> str:
        return next((str(row[name]) for name in names if row.get(name)), "")

    entry = Entry(
        guid=text("id"),
        title=text("title"),
        link=text("url", "link"),
        summary=text("summary"),
        published=text("published"),
        author=text("author"),
        lang=text("lang"),
        image=text("image"),
        source=text("source"),
    )
    return normalise(Document(entries=(entry,)), _WHERE, _WHERE, now).items[0]


def about_row(about: Classification, topics: Sequence[str]) -> dict[str, Any]:
    """Topics (each of `topics`, 0 where nothing speaks for it), event, entities and deals."""
    return {
        "topics": {topic: round(about.topics.get(topic, 0.0), 4) for topic in topics},
        "event": about.event,
        "entities": [
            {"id": one.entity, "name": one.name, "kind": one.kind, "role": one.role, "span": _span(one.evidence)}
            for one in about.mentions
        ],
        "deals": [deal_row(deal) for deal in about.deals],
    }


def deal_row(deal: Deal) -> dict[str, Any]:
    """A deal as the command line prints it; what was not found is null."""
    return {
        "type": deal.type,
        "target": deal.target.name if deal.target else None,
        "acquirer": deal.acquirer.name if deal.acquirer else None,
        "amount": deal.amount,
        "currency": deal.currency or None,
        "amount_usd": deal.amount_usd,
        "round": deal.round or None,
        "investors": [party.name for party in deal.investors],
        "lead": [party.name for party in deal.lead],
        "valuation": deal.valuation,
        "valuation_currency": deal.valuation_currency or None,
        "total_raised": deal.total_raised,
        "total_currency": deal.total_currency or None,
        "status": deal.status,
        "entities": {p.name: p.entity for p in _parties(deal) if p.entity},
        "spans": {
            name: [[one.field, one.start, one.end] for one in deal.evidence if one.what == f"deal.{name}"]
            for name in dict.fromkeys(one.what.removeprefix("deal.") for one in deal.evidence)
        },
    }


def evidence_of(about: Classification, matches: Sequence[Match]) -> list[Evidence]:
    """Everything that speaks for topics, event, roles, deals and matches, each once."""
    roles = [one.role_evidence for one in about.mentions if one.role_evidence]
    found = [*about.evidence, *roles, *(one for deal in about.deals for one in deal.evidence)]
    return list(dict.fromkeys([*found, *(one for match in matches for one in match.evidence)]))


def evidence_row(one: Evidence) -> dict[str, Any]:
    """What, by which words, where, and how much it weighs."""
    return {"what": one.what, "words": one.words, "span": _span(one), "weight": round(one.weight, 4)}


def _span(one: Evidence) -> list[Any]:
    return [one.field, one.start, one.end]


def _parties(deal: Deal) -> Iterator[Party]:
    yield from (party for party in (deal.target, deal.acquirer, *deal.investors) if party)
