"""How well topics are found: precision, recall and F1 on labels 0 (would annoy) and 2 (wanted); 1 is neutral.

What people tuned by hand (terms and their weights) cannot be cross-validated by a program. What is fitted is: slope and offset
of the line that makes a probability of the evidence (Platt, 1999). For each fold a line fitted on the others judges.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.knowledge.topics import MATCHED, log_odds, probability
from bot.classify.match import Matcher
from bot.evals.gold import Labelled

FOLDS = 5
_BINS = 5
_STEPS = 50

Pair = tuple[float, bool]
"""A score in [0, 1], and whether the item is wanted."""


def score_topics(knowledge: Knowledge, labelled: Sequence[Labelled]) -> Iterator[dict[str, Any]]:
    """Two rows for each topic that has labels (with its own line and cross-validated), then one for each error."""
    plain = tuple(replace(topic, calibration=(1.0, 0.0)) for topic in knowledge.topics)
    matcher = Matcher(Knowledge(knowledge.entities, plain, knowledge.rates))
    scores = [matcher.read(one.item)[0].topics for one in labelled]
    errors: list[dict[str, Any]] = []
    for topic in knowledge.topics:
        label = topic.id.replace("-", "_")
        judged = [
            (score.get(topic.id, 0.0), one)
            for score, one in zip(scores, labelled, strict=True)
            if one.gold.get(label) in (0, 2)
        ]
        if not judged:
            continue
        raw = [(score, one.gold[label] == 2) for score, one in judged]
        found = [(on_line(score, topic.calibration), wanted) for score, wanted in raw]
        slope, offset = fitted_line(raw)
        yield _row(topic.id, "as it is", found, slope=topic.calibration[0], offset=topic.calibration[1])
        yield _row(topic.id, "cross-validated", cross_validated(raw), slope=round(slope, 2), offset=round(offset, 2))
        for (score, wanted), (_, one) in zip(found, judged, strict=True):
            if (score > MATCHED) != wanted:
                kind = "missed" if wanted else "not wanted"
                errors.append({"error": kind, "topic": topic.id, "score": round(score, 3), "title": one.item.title})
    yield from ({"eval": "topics", "case": "error", **error} for error in errors)


def on_line(score: float, line: tuple[float, float]) -> float:
    """The probability that a line of (slope, offset) makes of what the evidence adds up to; without any it stays 0."""
    return probability(line[0] * log_odds(score) + line[1]) if score else 0.0


def cross_validated(pairs: Sequence[Pair]) -> list[Pair]:
    """For each item the probability by the line that fits the folds that it is not in."""
    lines = [fitted_line([pair for at, pair in enumerate(pairs) if at % FOLDS != fold]) for fold in range(FOLDS)]
    return [(on_line(score, lines[at % FOLDS]), wanted) for at, (score, wanted) in enumerate(pairs)]


def fitted_line(pairs: Sequence[Pair]) -> tuple[float, float]:
    """Slope and offset on the log-odds with the least log loss, by Newton's method; items without evidence do not take part.

    The targets are Platt's: short of 0 and 1 by what a set of this size leaves open. (1, 0) where one class is missing.
    """
    points = [(log_odds(score), wanted) for score, wanted in pairs if score]
    positive = sum(wanted for _, wanted in points)
    if not 0 < positive < len(points):
        return 1.0, 0.0
    high, low = (positive + 1) / (positive + 2), 1 / (len(points) - positive + 2)
    slope, offset = 1.0, 0.0
    for _ in range(_STEPS):
        # gradient and Hessian, with a little damping
        g0 = g1 = 0.0
        h00 = h11 = 1e-6
        h01 = 0.0
        for x, wanted in points:
            p = probability(slope * x + offset)
            d, w = p - (high if wanted else low), p * (1 - p)
            g0, g1, h00, h01, h11 = g0 + d * x, g1 + d, h00 + w * x * x, h01 + w * x, h11 + w
        det = h00 * h11 - h01 * h01
        slope, offset = slope - (h11 * g0 - h01 * g1) / det, offset - (h00 * g1 - h01 * g0) / det
        slope, offset = min(max(slope, 0.05), 20.0), min(max(offset, -20.0), 20.0)
    return slope, offset


def f1(decided: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of (said, wanted) pairs."""
    hit = sum(said and wanted for said, wanted in decided)
    said, wanted = sum(one for one, _ in decided), sum(one for _, one in decided)
    precision, recall = hit / said if said else 0.0, hit / wanted if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if hit else 0.0


def log_loss(pairs: Sequence[Pair]) -> float:
    """Mean of -log(probability given to what is true); 0.693 for a coin."""
    total = sum(-math.log(min(max(score if wanted else 1 - score, 1e-3), 1.0)) for score, wanted in pairs)
    return round(total / len(pairs), 4)


def calibration_error(pairs: Sequence[Pair]) -> float:
    """How far, on average, the mean score in a fifth of the scale is from the share of wanted items there."""
    bins: dict[int, list[Pair]] = {}
    for score, wanted in pairs:
        bins.setdefault(min(int(score * _BINS), _BINS - 1), []).append((score, wanted))
    off = sum(abs(sum(score for score, _ in one) - sum(wanted for _, wanted in one)) for one in bins.values())
    return round(off / len(pairs), 4)


def _row(topic: str, case: str, pairs: Sequence[Pair], **line: float) -> dict[str, Any]:
    precision, recall, both = (round(value, 4) for value in f1([(score > MATCHED, wanted) for score, wanted in pairs]))
    return {
        "eval": "topics",
        "case": f"{topic}, {case}",
        "n": len(pairs),
        "precision": precision,
        "recall": recall,
        "f1": both,
        "log_loss": log_loss(pairs),
        "calibration_error": calibration_error(pairs),
        **line,
    }
