"""Deals in one line each, and rates to find them with."""

from __future__ import annotations

from datetime import date

from bot.classify.deals.find import find_deals
from bot.classify.deals.rates import Rates
from bot.classify.passages import Name, Passage
from bot.model import Deal, Party
from bot.text import level
from tests.classify.samples import NOON

RATES = Rates(
    {"CNY": ((date(2020, 1, 1), 7.1),), "EUR": ((date(2020, 1, 1), 0.9),), "JPY": ((date(2020, 1, 1), 150.0),)}
)


def passages(title: str, summary: str = "", **known: str) -> tuple[Passage, ...]:
    """Title and summary with every place of the names in `known` (id="Name|Other Name", kind before a colon)."""
    both = (_passage("title", title, known), _passage("summary", summary, known))
    return tuple(passage for passage in both if passage.text)


def _passage(field: str, text: str, known: dict[str, str]) -> Passage:
    names = []
    for entity, spellings in known.items():
        kind, _, words = spellings.rpartition(":")
        for word in words.split("|"):
            at = text.find(word)
            while at >= 0:
                names.append(Name(entity.replace("_", "-"), kind or "company", at, at + len(word)))
                at = text.find(word, at + 1)
    names.sort(key=lambda name: name.start)
    return Passage("title" if field == "title" else "summary", text, level(text), tuple(names))


def deals_in(title: str, summary: str = "", **known: str) -> tuple[Deal, ...]:
    """The deals of a title and a summary."""
    return find_deals(passages(title, summary, **known), NOON, RATES)


def told(title: str, summary: str = "", **known: str) -> list[str]:
    """The same, a line each: leads have an asterisk."""
    return [line(deal) for deal in deals_in(title, summary, **known)]


def line(deal: Deal) -> str:
    """type | target | by acquirer | amount | round | from investors | at valuation | total | status."""
    parts = [deal.type, _name(deal.target)]
    if deal.acquirer:
        parts.append(f"by {deal.acquirer.name}")
    if deal.currency:
        parts.append(f"{deal.currency} {deal.amount}")
    if deal.round:
        parts.append(deal.round)
    if deal.investors:
        parts.append("from " + ", ".join(party.name + "*" * (party in deal.lead) for party in deal.investors))
    if deal.valuation:
        parts.append(f"at {deal.valuation}")
    if deal.total_raised:
        parts.append(f"total {deal.total_raised}")
    return " | ".join((*parts, deal.status))


def _name(party: Party | None) -> str:
    return party.name if party else "?"


def news(text: str) -> list[tuple[str, str, list[str]]]:
    """Items of a table: a title at the margin, its summary indented, then each deal behind an arrow."""
    items: list[tuple[str, str, list[str]]] = []
    for row in text.strip().splitlines():
        words = row.strip()
        if not row.startswith(" "):
            items.append((words, "", []))
            continue
        title, summary, deals = items[-1]
        if words.startswith("-> "):
            deals.append(words.removeprefix("-> "))
        elif deals:
            deals[-1] += f" {words}"
        else:
            items[-1] = (title, f"{summary} {words}".strip(), deals)
    return items
