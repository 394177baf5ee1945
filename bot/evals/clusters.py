"""How alike two clusterings of the same items are: pure counting, in time linear in the items.

A clustering is a mapping from item to label; what the labels are does not matter. Scores are of the items of `gold`: `said`
must have each of them, and what else it has is not looked at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

Labels = Mapping[str, Hashable]
"""The cluster of each item."""


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, each in [0, 1]; 1 where there is nothing that could be wrong."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of items: in one cluster of both clusterings (`hit`), of what is said, of gold."""

    hit: int
    said: int
    gold: int

    @property
    def score(self) -> Score:
        """Which share of the said pairs is right, and which of the right ones is said."""
        return Score(_share(self.hit, self.said), _share(self.hit, self.gold))


def bcubed(gold: Labels, said: Labels, judged: Collection[str] | None = None) -> Score:
    """B-cubed: for each item (of `judged`, if given) precision and recall of its own cluster, then the mean over the items.

    Bagga and Baldwin (1998), https://aclanthology.org/P98-1012/.
    """
    items = gold.keys() if judged is None else judged
    if not items:
        return Score(1.0, 1.0)
    wanted, found = Counter(gold.values()), Counter(said[one] for one in gold)
    both = Counter((gold[one], said[one]) for one in gold)
    precision = sum(both[gold[one], said[one]] / found[said[one]] for one in items)
    recall = sum(both[gold[one], said[one]] / wanted[gold[one]] for one in items)
    return Score(precision / len(items), recall / len(items))


def several(gold: Labels) -> list[str]:
    """The items that are not alone in their cluster."""
    sizes = Counter(gold.values())
    return [one for one, label in gold.items() if sizes[label] > 1]


def pairs(gold: Labels, said: Labels) -> Pairs:
    """All pairs of two items."""
    cells = Counter((gold[one], said[one]) for one in gold)
    found, wanted = Counter(said[one] for one in gold), Counter(gold.values())
    return Pairs(_two(cells.values()), _two(found.values()), _two(wanted.values()))


def cross_pairs(gold: Labels, said: Labels, side: Labels, one: Hashable, other: Hashable) -> Pairs:
    """Pairs of an item of side `one` and an item of side `other`, say the languages; items of neither take no part."""
    left = [item for item in gold if side[item] == one]
    right = [item for item in gold if side[item] == other]

    def count(*clusterings: Labels) -> int:
        here, there = (Counter(tuple(c[item] for c in clusterings) for item in items) for items in (left, right))
        return sum(n * there[label] for label, n in here.items())

    return Pairs(count(gold, said), count(said), count(gold))


def confusable(gold: Labels, topic: Labels) -> list[tuple[str, str]]:
    """Pairs of one topic that are not of one cluster: what a program would mix up most easily."""
    return [(a, b) for a, b in inside(topic, gold) if gold[a] != gold[b]]


def merged(apart: Iterable[tuple[str, str]], said: Labels) -> float:
    """The share of pairs, all of which belong apart, that are said to be one; 0 if there are none."""
    found = [said[a] == said[b] for a, b in apart]
    return sum(found) / len(found) if found else 0.0


def wrong_pairs(gold: Labels, said: Labels) -> list[tuple[str, str]]:
    """Pairs said to be one that are two, one for each two clusters that were mixed, the worst mixtures first."""
    return _worst(inside(said, gold), gold, said)


def missed_pairs(gold: Labels, said: Labels) -> list[tuple[str, str]]:
    """Pairs that are one and said to be two, one for each two pieces of a cluster, the largest pieces first."""
    return _worst(inside(gold, gold), said, gold)


def inside(labels: Labels, items: Iterable[str]) -> Iterator[tuple[str, str]]:
    """All pairs of `items` that have one label."""
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for item in items:
        groups[labels[item]].append(item)
    for group in groups.values():
        yield from combinations(group, 2)


def _worst(found: Iterable[tuple[str, str]], apart: Labels, together: Labels) -> list[tuple[str, str]]:
    """Of pairs that `apart` has in two clusters, the first for each two clusters in one of `together`; most pairs first."""
    mixed: dict[tuple[Hashable, frozenset[Hashable]], list[tuple[str, str]]] = defaultdict(list)
    for a, b in found:
        if apart[a] != apart[b]:
            mixed[together[a], frozenset((apart[a], apart[b]))].append((a, b))
    return [one[0] for one in sorted(mixed.values(), key=len, reverse=True)]


def _two(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
