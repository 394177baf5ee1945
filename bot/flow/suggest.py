"""Noting what the reports of a story suggest about names, for a person to decide."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.classify.knowledge.seeds import Knowledge
from bot.ports import Transaction
from bot.stories.aliases import propose

_REPORTS = 30
"""The newest reports of a story that are compared, two by two."""


def suggest(tx: Transaction, story_ids: Collection[int], knowledge: Knowledge, at: datetime) -> None:
    """Compare the reports of these stories; to be called for stories that got a report with a deal."""

    def owner(name: str) -> str:
        entity = knowledge.find_entity(name)
        return entity.id if entity else ""

    for story_id in sorted(set(story_ids)):
        reports = tx.items.of_story(story_id)[-_REPORTS:]
        proposals = propose(reports, owner) if len(reports) > 1 else []
        if proposals:
            tx.suggestions.add(proposals, at)
