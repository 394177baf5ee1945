"""Facts of an event in our own words: what is new, what is in dispute, who says so. Pure; plain text, never markup."""

from __future__ import annotations

from collections.abc import Sequence

from bot.stories.facts import Fact, StoryFacts
from bot.stories.views import FactKind
from bot.text import one_line

_LABELS: dict[FactKind, str] = {
    "acquirer": "Buyer",
    "target": "Company",
    "amount": "Amount",
    "round": "Round",
    "lead": "Lead",
    "investors": "Investors",
    "valuation": "Valuation",
    "total_raised": "Raised in all",
    "status": "Status",
}
_NEWS: dict[FactKind, str] = {
    "amount": "Amount: {} (first given by {})",
    "lead": "New: led by {} ({})",
    "investors": "More investors: {} ({})",
    "status": "Now {} ({})",
}
_NAMED = 3
_NAME = 40


def label(fact: Fact) -> str:
    """What a fact is called, as on cards (`wording.deal_facts`): `Amount`, `Lead`, `Raised in all`."""
    return _LABELS[fact.kind]


def shown_conflict(fact: Fact) -> str:
    """The value, and what others say against it: `$140m; one outlet says CNY 2bn`."""
    return "; ".join((fact.shown, *(f"{_counted(sources)} {shown}" for shown, sources in fact.others)))


def conflicts(facts: StoryFacts) -> tuple[tuple[str, str], ...]:
    """Of the first deal: label and value of every fact that is in dispute, for a card."""
    return tuple((label(fact), shown_conflict(fact)) for fact in facts.facts if fact.deal == 0 and fact.others)


def news_line(fact: Fact) -> str:
    """A new fact, for a thread: `New: led by Alibaba Cloud (Bloomberg)`, `Amount: $140m (first given by Reuters)`."""
    told = _first(fact.sources) if fact.kind == "amount" else outlets(fact.sources)
    return _NEWS.get(fact.kind, label(fact) + ": {} ({})").format(fact.shown, told)


def outlets(names: Sequence[str]) -> str:
    """`Reuters, 36Kr`, `Reuters, 36Kr, Yicai and 4 more`."""
    named = ", ".join(one_line(name, _NAME) for name in names[:_NAMED])
    return named + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _first(names: Sequence[str]) -> str:
    return one_line(names[0], _NAME) if names else ""


def _counted(sources: Sequence[str]) -> str:
    return "one outlet says" if len(sources) == 1 else f"{len(sources)} outlets say"
