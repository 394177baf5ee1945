"""Which story an item belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Item
from bot.stories.cluster import decide, keys
from tests.contract.makers import stored

ITEM: Item = replace(stored("a title").item, link_key=1, title_key=2, source="Ours")
OUTLETS = {10: ("Ours", "Theirs"), 20: ("Theirs",)}


@pytest.mark.parametrize(
    ("known", "story", "why"),
    [
        ({}, None, "new"),
        ({3: 20}, None, "new"),
        ({1: 20}, 20, "same link"),
        ({1: 10}, 10, "same link"),  # an outlet that edits its headline keeps its link
        ({2: 20}, 20, "same title"),
        ({2: 10}, None, "new"),  # an outlet that uses a title again means another story
        ({1: 10, 2: 20}, 10, "same link"),
    ],
)
def test_a_link_leads_to_its_story_and_a_title_only_across_outlets(
    known: dict[int, int], story: int | None, why: str
) -> None:
    decision = decide(ITEM, known, OUTLETS.__getitem__)
    assert (decision.story_id, decision.why) == (story, why)


def test_an_item_that_nothing_tells_apart_is_always_a_story_of_its_own() -> None:
    plain = replace(ITEM, link_key=None, title_key=None)
    assert keys(plain) == []
    assert decide(plain, {1: 10, 2: 20}, OUTLETS.__getitem__).story_id is None
