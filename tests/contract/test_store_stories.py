"""What bot.repositories.Stories promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.errors import NotFound
from bot.model import NewStory, StoredItem, Story
from bot.ports import Store
from bot.repositories import LEAP
from tests.contract.makers import HOUR, MINUTE, NOW, ROUND, add_story, stored


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


def report(item_id: str, story_id: int, source: str, *, copy: bool = False, at: datetime = NOW) -> StoredItem:
    made = stored(item_id, story_id=story_id, fetched=at)
    return replace(made, item=replace(made.item, id=item_id, source=source), copy=copy)


def test_who_only_copies_is_not_independent(store: Store) -> None:
    with store.write() as tx:
        story_id = add_story(tx, "one", NOW, "A")
        tx.stories.join(story_id, NOW, "B", copied=True)
        tx.stories.join(story_id, NOW, "C")
        tx.stories.join(story_id, NOW, "C", copied=True)
        tx.stories.join(story_id, NOW, "A", copied=True)
        story = tx.stories.get(story_id)
        assert (story.sources, story.copied, story.independent) == (("A", "B", "C"), ("B",), 2)
        tx.stories.join(story_id, NOW, "B")
        assert tx.stories.get(story_id).copied == ()


def test_developments_follow_their_story(store: Store) -> None:
    with store.write() as tx:
        root, other = add_story(tx, "SoftBank buys", NOW, "A"), add_story(tx, "other", NOW, "A")
        approved, closed = tx.stories.add(
            [NewStory("Brazil approves", "B", NOW, follows=root), NewStory("It closes", "C", NOW, follows=root)]
        )
        assert [one.id for one in tx.stories.developments(root)] == [approved, closed]
        assert tx.stories.get(approved).follows == root
        assert (tx.stories.developments(other), tx.stories.get(root).follows) == ([], 0)


def test_a_merged_story_is_the_other_one(store: Store) -> None:
    with store.write() as tx:
        one, two, three = (add_story(tx, title, NOW, "A") for title in ("one", "two", "three"))
        follow = tx.stories.add([NewStory("later", "B", NOW, follows=two)])[0]
        tx.items.add([report("a", one, "A", at=NOW - HOUR), report("b", two, "B"), report("c", two, "C", copy=True)])
        tx.stories.merge(one, two)
        story = tx.stories.get(two)
        assert (story.id, story.items, story.sources, story.copied) == (one, 3, ("A", "B", "C"), ("C",))
        assert (story.created, story.updated) == (NOW - HOUR, NOW)
        assert [found.item.id for found in tx.items.of_story(one)] == ["a", "b", "c"]
        assert tx.items.of_story(two) == []
        assert [found.id for found in tx.stories.developments(one)] == [follow]
        tx.stories.merge(three, one)
        assert tx.stories.get(two).id == three
        tx.stories.merge(two, one)
        assert tx.stories.get(one).id == three


def test_reports_can_be_moved_to_another_story(store: Store) -> None:
    with store.write() as tx:
        one, two = add_story(tx, "one", NOW, "A"), add_story(tx, "two", NOW, "B")
        tx.items.add([report("a", one, "A"), report("b", one, "B"), report("c", two, "C")])
        tx.stories.move(["b", "unknown"], two)
        assert (tx.stories.get(one).sources, tx.stories.get(one).items) == (("A",), 1)
        assert (tx.stories.get(two).sources, tx.stories.get(two).items) == (("B", "C"), 2)
        with pytest.raises(NotFound):
            tx.stories.move(["a"], 99)


def test_every_change_has_a_revision_of_its_own(store: Store) -> None:
    with store.write() as tx:
        seen = [tx.stories.revision()]
        one, two = add_story(tx, "one", NOW, "A"), add_story(tx, "two", NOW, "B")
        seen.append(tx.stories.revision())
        tx.stories.join(one, NOW, "B")
        seen.append(tx.stories.revision())
        tx.stories.merge(one, two)
        seen.append(tx.stories.revision())
        tx.stories.move([], one)
        seen.append(tx.stories.revision())
        assert len(set(seen)) == len(seen)


def test_the_window_has_recent_items_and_older_deals(store: Store) -> None:
    with store.write() as tx:
        one = add_story(tx, "one", NOW, "A")
        old, deal = (
            replace(report("old", one, "A"), fetched=NOW - 10 * HOUR),
            replace(report("deal", one, "A"), deals=(ROUND,)),
        )
        tx.items.add(
            [
                replace(deal, item=replace(deal.item, id="ancient"), fetched=NOW - 99 * HOUR),
                replace(deal, fetched=NOW - 10 * HOUR),
                old,
                report("new", one, "B"),
                replace(report("unknown", 0, "B"), known=False),
            ]
        )
        assert [found.item.id for found in tx.items.window(NOW - HOUR, NOW - 20 * HOUR)] == ["deal", "new"]
        assert [found.item.id for found in tx.items.window(NOW + HOUR, NOW - 20 * HOUR)] == ["deal"]


def test_how_a_report_was_placed_is_kept(store: Store) -> None:
    made = replace(report("a", 1, "A", copy=True), status="update", placed=("both name 宇树",), actors=("unitree",))
    with store.write() as tx:
        add_story(tx, "one", NOW, "A")
        tx.items.add([made])
        assert tx.items.of_story(1) == [made]


def test_after_a_leap_ids_are_far_from_those_before(store: Store) -> None:
    with store.write() as tx:
        tx.stories.leap()
        first = add_story(tx, "one", NOW, "A")
        tx.stories.leap()
        assert LEAP <= first <= add_story(tx, "two", NOW, "A") - LEAP
