"""All evaluations by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.classify.knowledge.seeds import Knowledge
from bot.evals.deals import score_deals
from bot.evals.events import score_events
from bot.evals.gold import Labelled, load_gold
from bot.evals.stories import score_stories
from bot.evals.story_gold import load_stories
from bot.evals.topics import score_topics

ITEM_EVALUATIONS: Mapping[str, Callable[[Knowledge, Sequence[Labelled]], Iterator[dict[str, Any]]]] = {
    "topics": score_topics,
    "deals": score_deals,
    "events": score_events,
}
STORIES = "stories"
EVALS = (*ITEM_EVALUATIONS, STORIES)


def evaluate(name: str, knowledge: Knowledge, folder: Path, now: datetime) -> Iterator[dict[str, Any]]:
    """The rows of one evaluation against the labelled items, or the labelled stories, of a folder. Raises BadInput."""
    if name == STORIES:
        yield from score_stories(knowledge, load_stories(folder, now))
    else:
        yield from ITEM_EVALUATIONS[name](knowledge, load_gold(folder, now))
