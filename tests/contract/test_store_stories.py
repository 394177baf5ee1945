"""What bot.repositories.Stories promises."""

from __future__ import annotations

import pytest

from bot.errors import NotFound
from bot.model import Story
from bot.ports import Store
from tests.contract.makers import HOUR, MINUTE, NOW, add_story


def test_a_new_story_has_one_item_of_one_source(store: Store) -> None:
    with store.write() as tx:
        story_id = add_story(tx, "阿里 “Qwen”", NOW, "Tech in Asia")
        assert tx.stories.get(story_id) == Story(story_id, "阿里 “Qwen”", NOW, NOW, 1, ("Tech in Asia",))


def test_stories_get_ids_of_their_own(store: Store) -> None:
    with store.write() as tx:
        assert add_story(tx, "one", NOW, "A") < add_story(tx, "one", NOW, "A")


def test_joining_counts_reports_and_collects_outlets(store: Store) -> None:
    with store.write() as tx:
        other, story_id = add_story(tx, "other", NOW, "A"), add_story(tx, "one", NOW, "A")
        tx.stories.join(story_id, NOW + MINUTE, "C")
        tx.stories.join(story_id, NOW + HOUR, "A")
        tx.stories.join(story_id, NOW + 2 * HOUR, "B")
        assert tx.stories.get(story_id) == Story(story_id, "one", NOW, NOW + 2 * HOUR, 4, ("A", "C", "B"))
        assert tx.stories.get(other) == Story(other, "other", NOW, NOW, 1, ("A",))


def test_a_late_report_does_not_make_a_story_older(store: Store) -> None:
    with store.write() as tx:
        story_id = add_story(tx, "one", NOW, "A")
        tx.stories.join(story_id, NOW - HOUR, "B")
        assert tx.stories.get(story_id).updated == NOW


def test_what_is_not_there_is_not_found(store: Store) -> None:
    with store.write() as tx:
        with pytest.raises(NotFound):
            tx.stories.get(1)
        with pytest.raises(NotFound):
            tx.stories.join(1, NOW, "A")


def test_keys_lead_to_their_stories(store: Store) -> None:
    with store.write() as tx:
        one, two = add_story(tx, "one", NOW, "A"), add_story(tx, "two", NOW, "A")
        tx.stories.tag({0: one, 2**63 - 1: two}, NOW)
        tx.stories.tag({}, NOW)
        assert tx.stories.by_keys([0, 1, 2**63 - 1, 2**63 - 2], NOW) == {0: one, 2**63 - 1: two}
        assert tx.stories.by_keys([], NOW) == {}


def test_keys_given_before_the_time_do_not_count(store: Store) -> None:
    with store.write() as tx:
        one = add_story(tx, "one", NOW, "A")
        tx.stories.tag({1: one}, NOW - HOUR)
        tx.stories.tag({2: one}, NOW)
        assert tx.stories.by_keys([1, 2], NOW - HOUR) == {1: one, 2: one}
        assert tx.stories.by_keys([1, 2], NOW - MINUTE) == {2: one}


def test_a_key_leads_to_the_story_it_was_given_last(store: Store) -> None:
    with store.write() as tx:
        one, two = add_story(tx, "one", NOW, "A"), add_story(tx, "two", NOW, "A")
        tx.stories.tag({1: one}, NOW - HOUR)
        tx.stories.tag({1: two}, NOW)
        assert tx.stories.by_keys([1], NOW - HOUR) == {1: two}
        tx.stories.tag({1: two}, NOW + HOUR)
        assert tx.stories.by_keys([1], NOW + HOUR) == {1: two}
