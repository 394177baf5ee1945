"""Finding two events in one story: words that divide its reports into two camps, weighed by how the story itself uses them.

Within a story the words of its subject say nothing: all reports have them. What is left tells two arrests of players of one team
apart by the players' names. Reports are divided in two (2-means on cosines), and the camps are two events if reports
of different camps have, compared with those of one camp, next to nothing in common.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from bot.stories.view import Vector, View, dot, norm

LEAST = 4
"""Reports that a story must have: fewer cannot show two camps."""

MOST = 60
"""Reports that are looked at, the newest: the work grows with their square."""

CLEFT = 0.35
"""Two camps are two events if what reports of different camps have in common is less than this share of what those of one
have. Between .30 and .38 on the news of ECB+ (Cybulska and Vossen, 2014): there events of one story are .1 to .3, one event .35
to .6."""

_WORDS = 25  # a headline alone has too few words to tell camps by
_NAMED = 1.6  # a name divides more surely than a word
_CAP = 12.0
_DATE = 8.0
_STARTS, _ROUNDS = 6, 8


def camps(views: Sequence[View]) -> tuple[list[int], list[int]] | None:
    """The reports (their places) of two events in one story, those of the first report first; None if it is one event."""
    if len(views) < LEAST or sum(len(view.words) for view in views) < _WORDS * len(views):
        return None
    vectors = _local(views)
    best = max((_divide(vectors, at) for at in range(min(_STARTS, len(views)))), key=lambda found: found[0])
    sides = best[1]
    here = [at for at, side in enumerate(sides) if side == sides[0]]
    there = [at for at, side in enumerate(sides) if side != sides[0]]
    if min(len(here), len(there)) < LEAST // 2:
        return None
    within = [dot(vectors[a], vectors[b]) for camp in (here, there) for a, b in combinations(camp, 2)]
    between = [dot(vectors[a], vectors[b]) for a in here for b in there]
    return (here, there) if _mean(between) < CLEFT * _mean(within) else None


def _local(views: Sequence[View]) -> list[Vector]:
    """Unit vectors of the words and dates that some of the reports share, the fewer the weightier."""
    having = Counter(word for view in views for word in (*view.words, *view.dates))
    size = len(views) + 1
    made = []
    for view in views:
        vector = {
            word: min(weight, _CAP) * math.log(size / having[word]) * (_NAMED if word in view.names else 1.0)
            for word, weight in view.words.items()
            if having[word] > 1
        }
        vector.update({date: _DATE * math.log(size / having[date]) for date in view.dates if having[date] > 1})
        length = norm(vector)
        made.append({word: weight / length for word, weight in vector.items()})
    return made


def _divide(vectors: Sequence[Vector], start: int) -> tuple[float, list[int]]:
    """2-means from a report and the one least like it; how well the camps fit, and the camp of each."""
    far = min(range(len(vectors)), key=lambda at: dot(vectors[start], vectors[at]))
    centres: list[Vector] = [vectors[start], vectors[far]]
    sides: list[int] = []
    for _ in range(_ROUNDS):
        now = [int(dot(vector, centres[0]) < dot(vector, centres[1])) for vector in vectors]
        if now == sides:
            break
        sides = now
        centres = [
            _centre([vector for vector, side in zip(vectors, sides, strict=True) if side == one]) for one in (0, 1)
        ]
    return sum(dot(vector, centres[side]) for vector, side in zip(vectors, sides, strict=True)), sides


def _centre(vectors: Sequence[Vector]) -> Vector:
    total: Vector = {}
    get = total.get
    for vector in vectors:
        for word, weight in vector.items():
            total[word] = get(word, 0.0) + weight
    length = norm(total)
    return {word: weight / length for word, weight in total.items()}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
