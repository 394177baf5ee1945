"""What a message that tells a story says as more becomes known of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.model import Alert, AlertItem, Deal, StoredItem, Story
from bot.muted import source_key
from bot.stories.facts import StoryFacts, facts_of, news
from bot.stories.told import conflicts, news_line

OUTLETS = 5
"""Other outlets that an alert links to; the rest are counted."""

_SUMS = (("amount", "currency", "amount_usd"), ("valuation", "valuation_currency"), ("total_raised", "total_currency"))
_FIELDS = (*_SUMS, ("target",), ("acquirer",), ("round",), ("investors",), ("lead",))


def with_facts(item: AlertItem, story: Story, facts: StoryFacts) -> AlertItem:
    """What an alert says of an item, with what all outlets of the story say together.

    What the item knew of a deal beyond that, because a model has read it, stays.
    """
    return replace(
        item,
        event=facts.event if item.event == "other" else item.event,
        sources=story.sources,
        outlets=_others(item.source, facts),
        deals=tuple(_filled(deal, item.deals) for deal in facts.deals),
        disputed=conflicts(facts),
    )


def refreshed(alert: Alert, story: Story, facts: StoryFacts) -> Alert:
    """The alert of a story as it is to be said now; the same one if nothing has changed for who reads it."""
    return replace(alert, items=(with_facts(alert.items[0], story, facts),))


def enriched(now: Alert, said: Alert) -> Alert:
    """What a message says, with the lines and fields that a model added when it was posted as `said`."""
    item, posted = now.items[0], said.items[0]
    deals = tuple(_filled(deal, posted.deals) for deal in item.deals)
    return replace(now, items=(replace(item, brief=posted.brief, deals=deals),))


def new_facts(reports: Sequence[StoredItem], fresh: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """What reports with these ids add to what earlier ones of the event said, line by line; and which of them is the first
    to add something."""
    before = [one for one in reports if one.item.id not in fresh]
    if not before or len(before) == len(reports):
        return "", ()
    known = facts_of(before)
    lines = tuple(news_line(fact) for fact in news(known, facts_of(reports)))
    if not lines:
        return "", ()
    added = [one for one in reports if one.item.id in fresh]
    first = next((at for at in range(len(added)) if news(known, facts_of([*before, *added[: at + 1]]))), 0)
    return added[first].item.id, lines


def _others(source: str, facts: StoryFacts) -> tuple[tuple[str, str], ...]:
    """Names and links of the first outlets beside this one."""
    named = [(one.name, one.link) for one in facts.outlets if one.name and one.link]
    return tuple(pair for pair in named if source_key(pair[0]) != source_key(source))[:OUTLETS]


def _filled(deal: Deal, known: Sequence[Deal]) -> Deal:
    """The deal, with those of its empty fields that the same deal has among the known ones."""
    same = next((one for one in known if one.type == deal.type and _one(one, deal)), None)
    if same is None:
        return deal
    empty = [fields for fields in _FIELDS if getattr(deal, fields[0]) in (None, "", ())]
    return replace(deal, **{name: getattr(same, name) for fields in empty for name in fields})


def _one(one: Deal, other: Deal) -> bool:
    """Whether two deals of a kind can be of the same company: one of them names none, or they name the same."""
    return (
        one.target is None
        or other.target is None
        or (one.target.entity or one.target.name) == (other.target.entity or other.target.name)
    )
