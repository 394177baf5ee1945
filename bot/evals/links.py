"""Fitting the weights of `bot.stories.link` to labelled stories: `python -m bot.evals.links FOLDER` prints them.

Logistic regression over pairs of reports that share rare words, each set of stories counting the same whatever its size. Pairs
of an event and its follow-up are neither. Times take no part: in labelled sets they would give the answer away. Needs
scikit-learn (the extra `fit`); the program itself does not.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.classify.knowledge.seeds import load_knowledge
from bot.classify.match import Matcher
from bot.evals.story_gold import StorySet, load_stories
from bot.resources import seeds
from bot.stories import link
from bot.stories.signature import sign
from bot.stories.view import View, marks
from bot.stories.weights import Weights

_KEYS, _COMMON, _PAIRS = 12, 300, 60  # as the window looks for reports that are like one another
_SET = 4_000.0
_TITLES = "titles and texts"  # a second way of asking for the items of another set

Features = dict[str, float]


@dataclass(slots=True)
class _Pairs:
    """Features of pairs, whether each tells one event, and what each counts."""

    features: list[Features] = field(default_factory=list)
    same: list[bool] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, rows: Sequence[tuple[Features, bool]]) -> None:
        """The pairs of one set."""
        for found, same in rows:
            self.features.append(found)
            self.same.append(same)
            self.weights.append(_SET / len(rows))


def fitted(sets: Sequence[StorySet], matcher: Matcher) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """The weights for two reports in one language, and for one in each."""
    within, across = _Pairs(), _Pairs()
    for gold in sets:
        if _TITLES in gold.name:
            continue
        views = _views(gold, matcher)
        found = [(a, b) for a, b in _alike(views) if not _related(gold, a, b)]
        for pairs, apart, features in ((within, False, link.features), (across, True, link.features_across)):
            pairs.add(list(_labelled(gold, views, [pair for pair in found if _mixed(views, pair) == apart], features)))
    return _regression(within, 1.0), _regression(across, 0.5)


def _views(gold: StorySet, matcher: Matcher) -> dict[str, View]:
    weights = Weights()
    signed = {item.id: sign(item, matcher.read(item)[0], timed=False) for item in gold.items}
    for signature in signed.values():
        weights.count({*signature.words, *marks(signature)})
    return {item: View(signature, weights) for item, signature in signed.items()}


def _alike(views: Mapping[str, View]) -> Iterator[tuple[str, str]]:
    """For each item the earlier ones that share the most telling words with it."""
    places: defaultdict[int, list[str]] = defaultdict(list)
    for item, view in views.items():
        shared: Counter[str] = Counter()
        for weight, word in view.index:
            if len(places[word]) <= _COMMON:
                for other in places[word]:
                    shared[other] += round(1000 * weight)
            places[word].append(item)
        yield from ((other, item) for other, _ in shared.most_common(_PAIRS))


def _related(gold: StorySet, a: str, b: str) -> bool:
    here, there = gold.parents.get(a, frozenset()), gold.parents.get(b, frozenset())
    return gold.gold[a] in there or gold.gold[b] in here or bool(here & there)


def _mixed(views: Mapping[str, View], pair: tuple[str, str]) -> bool:
    return views[pair[0]].signature.han != views[pair[1]].signature.han


def _labelled(
    gold: StorySet,
    views: Mapping[str, View],
    pairs: Sequence[tuple[str, str]],
    features: Callable[[View, View], Features],
) -> Iterator[tuple[Features, bool]]:
    for a, b in pairs:
        yield features(views[a], views[b]), gold.gold[a] == gold.gold[b]


def _regression(pairs: _Pairs, strength: float) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - an extra, for who fits

    names = sorted({name for found in pairs.features for name in found})
    rows = [[found.get(name, 0.0) for name in names] for found in pairs.features]
    model = LogisticRegression(C=strength, max_iter=5_000).fit(rows, pairs.same, pairs.weights)
    bias, values = float(model.intercept_[0]), model.coef_[0]
    return {"bias": round(bias, 2), **{name: round(float(v), 2) for name, v in zip(names, values, strict=True)}}


if __name__ == "__main__":
    for table in fitted(load_stories(Path(sys.argv[1]), datetime.now(UTC)), Matcher(load_knowledge(seeds()))):
        sys.stdout.write(json.dumps(table, indent=4) + "\n")
