"""What an alert says of an item, made of the item and of what was understood of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.classify.knowledge.topics import MATCHED
from bot.model import AlertItem, Classification, Item, Match
from bot.muted import players
from bot.text import fold, reading_minutes, shorten

_SUMMARY = 600


def matched_topics(about: Classification) -> tuple[str, ...]:
    """The topics that count as matched."""
    return tuple(topic for topic, score in about.topics.items() if score > MATCHED)


def named_entities(about: Classification) -> tuple[str, ...]:
    """The entities that are named, each once."""
    return tuple(dict.fromkeys(mention.entity for mention in about.mentions))


def acting_entities(about: Classification) -> tuple[str, ...]:
    """The entities that do something in it, each once: those with a role."""
    return tuple(dict.fromkeys(mention.entity for mention in about.mentions if mention.role != "mention"))


def alert_item(
    item: Item, story_id: int, about: Classification, matches: Sequence[Match], sources: tuple[str, ...] = ()
) -> AlertItem:
    """What an alert says of an item, and of why these matched; `sources` are the outlets of its story."""
    evidence = [one for match in matches for one in match.evidence]
    spans = sorted({(one.start, one.end) for one in evidence if one.field == "title" and one.end > one.start})
    return AlertItem(
        story_id=story_id,
        title=item.title,
        link=item.link,
        source=item.source,
        published=item.published,
        summary=shorten(item.summary, _SUMMARY),
        lang=item.lang,
        image=item.image,
        topics=matched_topics(about),
        entities=named_entities(about),
        spans=tuple(spans),
        words=_telling([one.words for one in evidence]),
        event=about.event,
        deals=tuple(replace(deal, evidence=()) for deal in about.deals),
        minutes=reading_minutes(item.summary),
        company=next(((one.entity, one.name) for one in players(about)), ("", "")),
        sources=sources,
    )


def templates_of(templates: Sequence[str]) -> tuple[str, ...]:
    """The templates of an alert's watchlists, as the alert has them: none if all have the usual cards."""
    return tuple(templates) if any(templates) else ()


def _telling(words: Sequence[str]) -> tuple[str, ...]:
    """Each matched word once, and none that is a part of another: `机器人` says nothing beside `人形机器人`."""
    folded = {fold(word): word for word in reversed(words) if word}
    kept = [word for word in reversed(folded) if not any(word in other and word != other for other in folded)]
    return tuple(folded[word] for word in kept)
