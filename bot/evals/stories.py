"""How well reports of one event are brought together, and those of different events kept apart.

Items come in three shuffled orders (publication order would give half of the answer away), and scores are means over them.
Where a set has times it is asked twice, with them and without. A later development counts as an event of its own.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.evals.clusters import Labels, bcubed, cross_pairs, merged, missed_pairs, pairs, several, wrong_pairs
from bot.evals.story_gold import StorySet
from bot.model import Classification, Item
from bot.stories.batch import Told, tell_all
from bot.stories.signature import sign
from bot.text import shorten

SHUFFLES = (1, 2, 3)
MOST_ERRORS = 30
_TITLE = 120


@dataclass(frozen=True, slots=True)
class _Task:
    """A set, what its items are about, and how it is asked."""

    gold: StorySet
    about: Mapping[str, Classification]
    timed: bool
    later: bool = False

    @property
    def case(self) -> str:
        when = "with times" if self.timed else "without times"
        return f"{self.gold.name}, {when}" + (", follow-ups last" if self.later else "")


def score_stories(knowledge: Knowledge, sets: Sequence[StorySet]) -> Iterator[dict[str, Any]]:
    """One row for each set and way of asking, then the worst errors of each set, at most `MOST_ERRORS` of a kind."""
    matcher = Matcher(knowledge)
    errors: list[dict[str, Any]] = []
    for gold in sets:
        about = {item.id: matcher.read(item)[0] for item in gold.items}
        tasks = [_Task(gold, about, timed) for timed in ((True, False) if gold.timed else (False,))]
        if gold.parents:
            tasks.append(_Task(gold, about, gold.timed, later=True))
        for number, task in enumerate(tasks):
            runs = [told(task, seed) for seed in SHUFFLES]
            yield {
                "eval": "stories",
                "case": task.case,
                "n": len(gold.items),
                **mean([score(gold, run) for run in runs]),
            }
            if number == 0:
                errors += errors_of(gold, runs[0])
    yield from ({"eval": "stories", "case": "error", **error} for error in errors)


def told(task: _Task, seed: int) -> dict[str, Told]:
    """What is said of each item if they come in one shuffled order; `later` lets developments come after all else."""
    items = list(task.gold.items)
    random.Random(seed).shuffle(items)
    if task.later:
        items.sort(key=lambda one: one.id in task.gold.parents)
    untimed = task.gold.untimed
    signatures = (sign(one, task.about[one.id], timed=task.timed and one.id not in untimed) for one in items)
    return dict(zip([one.id for one in items], tell_all(signatures), strict=True))


def score(gold: StorySet, said: Mapping[str, Told]) -> dict[str, float | int]:
    """All measures of one run that apply to the set.

    B-cubed over all items, and (`several_f1`) over those alone whose event has more than one report: most items of some sets
    stand alone, which is easily got right. Then pairs of reports, confusable pairs, pairs of an English and a Chinese report.
    """
    events: Labels = {one: told.event for one, told in said.items()}
    whole, two = bcubed(gold.gold, events), pairs(gold.gold, events).score
    row: dict[str, float | int] = {
        "precision": whole.precision,
        "recall": whole.recall,
        "f1": whole.f1,
        "several_f1": bcubed(gold.gold, events, several(gold.gold)).f1,
        "pair_precision": two.precision,
        "pair_recall": two.recall,
        "events": len(set(events.values())),
        "gold_events": len(set(gold.gold.values())),
    }
    if gold.apart:
        row |= {"confusable": len(gold.apart), "confusable_merged": merged(gold.apart, events)}
    cross = cross_pairs(gold.gold, events, gold.languages(), "en", "zh")
    if cross.gold:
        row |= {"en_zh": cross.gold, "en_zh_precision": cross.score.precision, "en_zh_recall": cross.score.recall}
    return row | (_followed(gold, said) if gold.parents else {})


def mean(rows: Sequence[Mapping[str, float | int]]) -> dict[str, float | int]:
    """The means of the runs, and how far apart the best and the worst F1 are."""
    spread = max(row["f1"] for row in rows) - min(row["f1"] for row in rows)
    means = {key: round(fmean(row[key] for row in rows), 4) for key in rows[0]}
    return {key: int(value) if value > 1 and value.is_integer() else value for key, value in means.items()} | {
        "f1_spread": round(spread, 4)
    }


def _followed(gold: StorySet, said: Mapping[str, Told]) -> dict[str, float | int]:
    """What became of the later developments: updates of what they follow, one with it, or elsewhere.

    `update_precision` is the share of updates that are right. `story_f1` is B-cubed of stories with their developments.
    """
    kinds = Counter(kind(gold, said, one) for one in gold.parents)
    updates = [one for one, told in said.items() if told.status == "update"]
    right = sum(one in gold.parents and kind(gold, said, one) == "right" for one in updates)
    stories: Labels = {one: told.story for one, told in said.items()}
    return {
        "follow_ups": len(gold.parents),
        **{f"follow_{name}": kinds[name] / len(gold.parents) for name in ("right", "same", "elsewhere")},
        "updates": len(updates),
        "update_precision": right / len(updates) if updates else 1.0,
        "story_f1": bcubed(_whole(gold), stories).f1,
    }


def kind(gold: StorySet, said: Mapping[str, Told], one: str) -> str:
    """Whether a later development is an update of a report that it follows ("right"), the "same" as one, or "elsewhere"."""
    reports = [said[other] for other, event in gold.gold.items() if event in gold.parents[one]]
    if said[one].event in {report.event for report in reports}:
        return "same"
    right = said[one].status == "update" and said[one].story in {report.story for report in reports}
    return "right" if right else "elsewhere"


def _whole(gold: StorySet) -> dict[str, str]:
    """The story of each item, which is the first event that its event follows, at whatever distance."""
    follows = {gold.gold[one]: min(events) for one, events in gold.parents.items()}

    def root(event: str) -> str:
        seen = {event}
        while event in follows and follows[event] not in seen:
            event = follows[event]
            seen.add(event)
        return event

    return {one: root(event) for one, event in gold.gold.items()}


def errors_of(gold: StorySet, said: Mapping[str, Told]) -> list[dict[str, Any]]:
    """The worst errors of a run, with what people need to judge them."""
    events: Labels = {one: told.event for one, told in said.items()}
    titles = {one.id: _title(one) for one in gold.items}

    def row(error: str, *ids: str) -> dict[str, Any]:
        shown = {"titles": [titles[one] for one in ids], "why": [list(said[one].why) for one in ids]}
        return {"set": gold.name, "error": error, **shown}

    found = [row("merged", *pair) for pair in wrong_pairs(gold.gold, events)[:MOST_ERRORS]]
    found += [row("missed", *pair) for pair in missed_pairs(gold.gold, events)[:MOST_ERRORS]]
    for one in gold.parents:
        if (what := kind(gold, said, one)) != "right":
            parent = next(other for other, event in gold.gold.items() if event in gold.parents[one])
            found.append(row(f"follow-up {what}", parent, one))
    return found


def _title(item: Item) -> str:
    """The title; more of the summary where the title is only its beginning."""
    return shorten(item.summary, _TITLE) if item.title.endswith("…") and item.summary else item.title
