"""How a batch of reports ends: one of each story is new, and second looks count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest

from bot.model import Classification
from bot.stories.batch import Told, tell_all
from bot.stories.cluster import Placing, Refinement
from bot.stories.signature import Signature, sign
from tests.classify.samples import item


@dataclass(slots=True)
class Script:
    """Places what comes as it was told, and has a list of refinements."""

    placings: list[Placing]
    refinements: list[Refinement]
    looks: int = 0

    def place(self, signature: Signature) -> Placing:
        return self.placings[int(signature.item_id)]

    def refine(self) -> Refinement:
        self.looks += 1
        return self.refinements.pop(0) if self.refinements else Refinement()


def signatures(count: int) -> Iterable[Signature]:
    return [sign(replace(item(f"Title {n}"), id=str(n)), Classification()) for n in range(count)]


def ended(placings: Iterable[Placing], *refinements: Refinement) -> list[tuple[int, int, str]]:
    script = Script(list(placings), list(refinements))
    return [(one.story, one.event, one.status) for one in tell_all(signatures(len(script.placings)), script)]


NEW, SAME = Placing(1, "new"), Placing(1, "same")


def test_placings_stay_as_they_are_if_nothing_changes() -> None:
    follow = Placing(3, "update", follows=1)
    assert ended([NEW, Placing(2, "new"), SAME, follow]) == [
        (1, 1, "new"),
        (2, 2, "new"),
        (1, 1, "same"),
        (1, 3, "update"),
    ]


def test_another_report_of_a_development_is_an_update_too() -> None:
    placings = [NEW, Placing(2, "update", follows=1), Placing(2, "same")]
    assert ended(placings) == [(1, 1, "new"), (1, 2, "update"), (1, 2, "update")]


def test_merged_stories_keep_one_new_report_the_first_in_order() -> None:
    placings = [NEW, Placing(2, "new"), Placing(3, "new"), Placing(2, "same")]
    merges = Refinement(merged=((3, 1),)), Refinement(merged=((2, 3),))
    script = Script(placings * 75 + placings, list(merges))
    told = tell_all(signatures(len(script.placings)), script)
    assert {(one.story, one.event) for one in told} == {(2, 2)}
    assert [one.status for one in told] == ["new"] + ["same"] * 303


def test_merges_follow_one_another() -> None:
    placings = [NEW, Placing(2, "new"), Placing(3, "new")]
    merged = Refinement(merged=((2, 3), (1, 2)))
    assert ended(placings, merged) == [(1, 1, "new"), (1, 1, "same"), (1, 1, "same")]


def test_a_report_put_apart_is_new_itself() -> None:
    assert ended([NEW, SAME, SAME], Refinement(apart=(("1", 1, 9),))) == [(1, 1, "new"), (9, 9, "new"), (1, 1, "same")]


def test_a_report_put_into_another_story_is_the_same_as_its_reports() -> None:
    placings = [NEW, Placing(2, "new"), SAME]
    assert ended(placings, Refinement(apart=(("2", 1, 2),))) == [(1, 1, "new"), (2, 2, "new"), (2, 2, "same")]


def test_a_story_whose_first_report_is_put_apart_has_another_first_one() -> None:
    assert ended([NEW, SAME, SAME], Refinement(apart=(("0", 1, 9),))) == [(9, 9, "new"), (1, 1, "new"), (1, 1, "same")]


def test_developments_go_with_what_they_follow_if_that_is_merged() -> None:
    placings = [NEW, Placing(2, "new"), Placing(3, "update", follows=2)]
    assert ended(placings, Refinement(merged=((1, 2),))) == [(1, 1, "new"), (1, 1, "same"), (1, 3, "update")]


def test_a_development_merged_into_what_it_follows_is_none() -> None:
    assert ended([NEW, Placing(2, "update", follows=1)], Refinement(merged=((1, 2),))) == [
        (1, 1, "new"),
        (1, 1, "same"),
    ]


def test_a_story_that_has_nothing_but_developments_begins_with_the_first_of_them() -> None:
    placings = [NEW, Placing(2, "update", follows=1), Placing(2, "same")]
    assert ended(placings, Refinement(apart=(("0", 1, 9),))) == [(9, 9, "new"), (1, 2, "new"), (1, 2, "update")]


def test_stories_that_follow_each_other_are_one() -> None:
    placings = [Placing(1, "update", follows=2), Placing(2, "update", follows=1)]
    assert ended(placings) == [(1, 1, "new"), (1, 2, "update")]


def test_the_reasons_say_what_a_second_look_changed() -> None:
    placings = [
        Placing(1, "new", ("nothing like it",)),
        Placing(2, "new", ("nothing like it",)),
        Placing(1, "same", ("same link",)),
    ]
    script = Script(placings, [Refinement(merged=((1, 2),), apart=(("2", 1, 7),))])
    assert [one.why for one in tell_all(signatures(3), script)] == [
        ("nothing like it",),
        ("nothing like it", "on a second look the same event as another story"),
        ("same link", "on a second look another event", "the first report of its story"),
    ]


@pytest.mark.parametrize(("count", "looks"), [(1, 1), (300, 2), (301, 2), (900, 4)])
def test_all_are_looked_at_again_now_and_then_and_at_the_end(count: int, looks: int) -> None:
    script = Script([NEW] * count, [])
    tell_all(signatures(count), script)
    assert script.looks == looks


def test_the_clusterer_itself_sees_copies() -> None:
    one, other = signatures(2)
    told = tell_all([replace(one, link_key=5), replace(other, link_key=5, source="Wire")])
    assert [(each.story, each.status) for each in told] == [(1, "new"), (1, "same")]


def test_nothing_comes_of_nothing() -> None:
    assert tell_all([]) == list[Told]()
