"""Learning from 👍 and 👎: for each watchlist a small model over features that people can read.

The rules speak first. A match has a rule score in [0, 1], and a verdict moves it only through features of its item: where
it is from, what happened, who is in it. The model is a logistic regression with Gaussian priors around "the rule is right"
(its maximum a posteriori estimate; Bishop, Pattern Recognition and Machine Learning, 4.5). It is computed anew from all
verdicts, so there is no hidden state, and their order does not matter.

It is careful: nothing is held back before there are `ENOUGH` verdicts with some of both kinds, nor while the model would
have been wrong about verdicts that were hidden from it (so people who contradict each other silence nothing); no feature
weighs more than `HEAVIEST`; and what names an entity that the query asks for by name is never held back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.model import Classification, Deal, Evidence, Item, Match, Mention
from bot.people import Verdict
from bot.text import fold

Features = Mapping[str, float]
"""What is known of a match, by name (`event:launch`, `source:Robot Ledger`), each in [0, 1]."""

NEEDS = 0.4
"""The score that a match needs before anything is learned: an alert too many is cheaper than one that is swallowed."""

ENOUGH, FOR, AGAINST = 5, 1, 3
"""Verdicts that it takes to hold anything back: so many, with so many 👍 and so many 👎 among them."""

HEAVIEST = 3.0
REMEMBERED = 150
"""The newest verdicts of a watchlist that count."""

RULE = "rule"
"""The name under which a verdict keeps the match's rule score beside its features."""

_LOWEST, _HIGHEST = 0.5, 0.8  # of rule scores in the model: a match is a match, and nothing is beyond doubt
_FURTHEST = 1.0  # that the threshold moves, in log-odds: a needed 0.5 never exceeds 0.74
# How far a feature is expected to matter (the variance of its prior), by the part of its name before the colon.
_MATTERS = {"source": 0.8, "event": 1.2, "style": 1.2, "entity": 0.4, "topic": 0.3, "deal": 0.3, "amount": 0.3}
_MATTERS_LITTLE, _BIAS_MATTERS = 0.15, 0.15
_SWEEPS, _STILL = 60, 1e-4

# What may be held back is checked on verdicts hidden from the model, a fifth at a time: of those below the threshold at
# least 67 % must have been 👎, with two imagined 👍 added so that five alone are the least that convince,
# and of all 👍 at most a tenth may be below.
_FOLDS = 5
_LEVELS = (0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2)
_SURE, _DOUBT = 0.67, 2
_LOST = 0.1

_ROLES = {"lead": 1.0, "investor": 0.95, "acquirer": 0.95, "target": 0.95, "investee": 0.95, "subject": 0.9}
_MENTIONED, _IN_SUMMARY, _OTHER, _NO_TERM = 0.7, 0.75, 0.85, 0.6
_AMOUNTS = ((10_000_000, "under $10m"), (100_000_000, "$10m to $100m"), (1_000_000_000, "$100m to $1bn"))
_BY_NAME = re.compile(r"\b(?:company|investor|person|entity)\s*[:：]", re.IGNORECASE)
_ROUNDUP = re.compile(
    r"\b(?:weekly|daily|round-?up|digest|recap|newsletter|this (?:week|month) in|morning brief\w*|"
    r"(?:top|best) \d{1,3}|\d{1,3} (?:companies|startups|start-ups|deals|robots|stories|things|ways))\b"
    r"|早报|晚报|日报|周报|周刊|月报|早知道|盘点|汇总|一周|速览|\d{1,3}家",
    re.IGNORECASE,
)


class Example(NamedTuple):
    """One verdict on one match, as the model sees it."""

    score: float
    features: Features
    liked: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """What the verdicts on one watchlist taught: weights in log-odds, and the score that a match `needs`.

    `verdicts` counts them, `against` those that were 👎. Until it is `ready`, nothing is held back.
    """

    weights: Features = field(default_factory=dict)
    verdicts: int = 0
    against: int = 0
    needs: float = NEEDS
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of one match. `moved` are the features that moved the score, the strongest first.

    `exact` matches name an entity that the query asks for by name: they pass whatever the score.
    """

    score: float
    needs: float
    passes: bool
    exact: bool = False
    moved: tuple[tuple[str, float], ...] = ()


class Held(NamedTuple):
    """A match that feedback held back, and why."""

    match: Match
    judgement: Judgement


class Sifted(NamedTuple):
    """The matches that pass and those that feedback held back."""

    kept: tuple[Match, ...]
    held: tuple[Held, ...]


UNTAUGHT = Learned()


# -- what a match is worth by the rules --------------------------------------------------------------------------------


def rule_score(about: Classification, match: Match) -> float:
    """The mean of what the terms met are worth, in [0, 1].

    A topic its score; a word 1 in the title and less in the summary only; an entity what its role says, less in the
    summary only.
    """
    best: dict[str, float] = {}
    mentions = {mention.entity: mention for mention in about.mentions}
    for one in match.evidence:
        best[one.what] = max(best.get(one.what, 0.0), _worth(one, about, mentions))
    return sum(best.values()) / len(best) if best else _NO_TERM


def _worth(one: Evidence, about: Classification, mentions: Mapping[str, Mention]) -> float:
    kind, _, value = one.what.partition(":")
    place = _IN_SUMMARY if one.field == "summary" else 1.0
    if kind == "topic":
        return about.topics.get(value, _NO_TERM)
    if kind in ("word", "title"):
        return place
    if kind == "entity":
        role = mentions[value].role if value in mentions else "mention"
        return place * _ROLES.get(role, _MENTIONED)
    return _OTHER


def is_exact(about: Classification, match: Match) -> bool:
    """Whether the query asks by name for an entity that the item names: with a field, or with nothing but its name."""
    by_field = bool(_BY_NAME.search(match.watchlist.query))  # entities are evidence of regions and roles too
    named = {(one.evidence.field, one.evidence.start, one.evidence.end) for one in about.mentions}
    words = {fold(one.evidence.words) for one in about.mentions}
    for one in match.evidence:
        kind = one.what.partition(":")[0]
        if kind == "entity" and by_field:
            return True
        if kind in ("word", "title") and ((one.field, one.start, one.end) in named or fold(one.words) in words):
            return True
    return False


# -- features ----------------------------------------------------------------------------------------------------------


def features(item: Item, about: Classification, match: Match) -> dict[str, float]:
    """What the model may learn from: by name, each in [0, 1]."""
    found = {f"topic:{topic}": score for topic, score in about.topics.items()}
    found |= {f"entity:{one.entity}": _ROLES.get(one.role, 0.5) for one in about.mentions}
    found |= {f"role:{one.role}": 1.0 for one in about.mentions if one.role != "mention"}
    terms = {one.what for one in match.evidence}
    found |= {f"by:{one.partition(':')[0]}": 1.0 for one in terms}
    found[f"terms:{min(len(terms), 3)}{'+' if len(terms) > 2 else ''}"] = 1.0
    found[f"event:{about.event}"] = 1.0
    if item.source:
        found[f"source:{item.source}"] = 1.0
    if item.lang:
        found[f"lang:{item.lang.partition('-')[0].lower()}"] = 1.0
    if match.evidence and all(one.field == "summary" for one in match.evidence):
        found["place:summary only"] = 1.0
    if _ROUNDUP.search(item.title):
        found["style:roundup"] = 1.0
    for deal in about.deals[:1]:
        found |= dict.fromkeys(_of_deal(deal), 1.0)
    if len(about.deals) > 1:
        found["style:several deals"] = 1.0
    return found


def _of_deal(deal: Deal) -> list[str]:
    dollars = deal.amount_usd
    size = "unknown" if dollars is None else next((name for top, name in _AMOUNTS if dollars < top), "$1bn and more")
    return [
        f"deal:{deal.type}",
        f"amount:{size}",
        f"status:{deal.status}",
        *([f"round:{deal.round}"] * bool(deal.round)),
    ]


# -- learning ----------------------------------------------------------------------------------------------------------


def learn(examples: Iterable[Example]) -> Learned:
    """The most probable weights given all verdicts and the priors: the same for every order of the same verdicts."""
    rows = sorted(examples, key=lambda one: (one.score, one.liked, sorted(one.features.items())))
    if not rows:
        return UNTAUGHT
    fit = _Fit(rows)
    against = sum(not one.liked for one in rows)
    enough = len(rows) >= ENOUGH and against >= AGAINST and len(rows) - against >= FOR
    level = _level(rows) if enough else None
    weights = {name: weight for name, weight in fit.weights.items() if name != _Fit.BIAS and abs(weight) > 1e-4}
    needs = _sigmoid((_log_odds(NEEDS) if level is None else level) - fit.weights[_Fit.BIAS])
    return Learned(weights, len(rows), against, needs, level is not None)


def _level(rows: Sequence[Example]) -> float | None:
    """The highest log-odds below which verdicts that were hidden from the model were 👎, mostly, and few 👍; None if none is.

    A model that would have been wrong about its own past, because people contradict each other, holds nothing back.
    """
    seen: list[tuple[float, bool]] = []
    for part in range(_FOLDS):
        fit = _Fit([row for n, row in enumerate(rows) if n % _FOLDS != part])
        seen += [(fit.odds(row), row.liked) for row in rows[part::_FOLDS]]
    liked_at_all = sum(row.liked for row in rows)
    for level in map(_log_odds, _LEVELS):
        below = [liked for odds, liked in seen if odds < level]
        wrong = sum(below)
        if wrong <= _LOST * liked_at_all and len(below) - wrong >= _SURE * (len(below) + _DOUBT):
            return level
    return None


class _Fit:
    """Cyclic coordinate descent with bounds: the problem is convex, so there is one answer and it is found."""

    BIAS = ""

    def __init__(self, rows: Sequence[Example]) -> None:
        self._odds = [_prior_odds(row.score) for row in rows]
        self._liked = [1.0 if row.liked else 0.0 for row in rows]
        self._columns: dict[str, list[tuple[int, float]]] = {self.BIAS: [(n, 1.0) for n in range(len(rows))]}
        for n, row in enumerate(rows):
            for name, value in sorted(row.features.items()):
                self._columns.setdefault(name, []).append((n, value))
        self.weights = dict.fromkeys(self._columns, 0.0)
        self._run()

    def odds(self, row: Example) -> float:
        """What the model says of a match, in log-odds."""
        moved = sum(self.weights.get(name, 0.0) * value for name, value in sorted(row.features.items()))
        return _prior_odds(row.score) + self.weights[self.BIAS] + moved

    def _run(self) -> None:
        """Until hardly anything moves any more."""
        for _ in range(_SWEEPS):
            if max([self._step(name, column) for name, column in self._columns.items()]) < _STILL:
                return

    def _step(self, name: str, column: Sequence[tuple[int, float]]) -> float:
        """One Newton step along one weight; answers how far it moved."""
        matters = _BIAS_MATTERS if name == self.BIAS else _MATTERS.get(name.partition(":")[0], _MATTERS_LITTLE)
        furthest = _FURTHEST if name == self.BIAS else HEAVIEST
        slope, bend = self.weights[name] / matters, 1 / matters
        for n, value in column:
            p = _sigmoid(self._odds[n])
            slope += (p - self._liked[n]) * value
            bend += max(p * (1 - p), 0.1) * value * value  # the floor keeps steps short where the curve is flat
        before = self.weights[name]
        after = min(max(before - slope / bend, -furthest), furthest)
        for n, value in column:
            self._odds[n] += (after - before) * value
        self.weights[name] = after
        return abs(after - before)


def _prior_odds(score: float) -> float:
    return _log_odds(min(max(score, _LOWEST), _HIGHEST))


def _log_odds(p: float) -> float:
    return math.log(p / (1 - p))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


# -- judging -----------------------------------------------------------------------------------------------------------


def judge(score: float, found: Features, learned: Learned, exact: bool = False) -> Judgement:
    """Whether a match of this rule score and these features passes what was learned."""
    moved = {name: learned.weights[name] * value for name, value in found.items() if name in learned.weights}
    now = _sigmoid(_prior_odds(score) + sum(moved[name] for name in sorted(moved)))
    strongest = sorted(moved.items(), key=lambda one: (-abs(one[1]), one[0]))
    passes = exact or not learned.ready or now >= learned.needs
    return Judgement(now, learned.needs, passes, exact, tuple(strongest))


def judged(item: Item, about: Classification, match: Match, learned: Learned) -> Judgement:
    """The judgement of one match."""
    return judge(rule_score(about, match), features(item, about, match), learned, is_exact(about, match))


def sift(item: Item, about: Classification, matches: Sequence[Match], learned: Mapping[int, Learned]) -> Sifted:
    """Part the matches of an item by what was learned of their watchlists (by id). Costs nothing where that is nothing."""
    if not any(match.watchlist.id in learned for match in matches):
        return Sifted(tuple(matches), ())
    kept: list[Match] = []
    held: list[Held] = []
    for match in matches:
        taught = learned.get(match.watchlist.id, UNTAUGHT)
        judgement = judged(item, about, match, taught) if taught.ready else None
        if judgement is None or judgement.passes:
            kept.append(match)
        else:
            held.append(Held(match, judgement))
    return Sifted(tuple(kept), tuple(held))


# -- from verdicts to what was learned ---------------------------------------------------------------------------------


def noted(item: Item, about: Classification, match: Match) -> dict[str, float]:
    """What a verdict on a match keeps: its features and, as `RULE`, its rule score."""
    return {RULE: rule_score(about, match), **features(item, about, match)}


def lessons(verdicts: Sequence[Verdict]) -> list[Example]:
    """The newest verdicts as examples."""
    newest = sorted(verdicts, key=lambda one: one.at)[-REMEMBERED:]
    return [
        Example(
            one.features.get(RULE, _NO_TERM),
            {name: value for name, value in one.features.items() if name != RULE},
            one.good,
        )
        for one in newest
    ]


class Lessons:
    """What was learned for each watchlist, computed anew only where its verdicts have changed. For one thread at a time."""

    def __init__(self) -> None:
        self._revision = -1
        self._fresh: set[int] = set()
        self._known: dict[int, tuple[list[Verdict], Learned]] = {}

    def of(self, watchlist_id: int, revision: int, verdicts: Callable[[int], list[Verdict]]) -> Learned:
        """By watchlist; `revision` is that of the verdicts as a whole, `verdicts` reads those of one watchlist."""
        if revision != self._revision:
            self._revision = revision
            self._fresh.clear()
        if watchlist_id not in self._fresh:
            self._fresh.add(watchlist_id)
            current = verdicts(watchlist_id)
            before = self._known.get(watchlist_id)
            if before is None or before[0] != current:
                self._known[watchlist_id] = current, learn(lessons(current))
        return self._known[watchlist_id][1]


# -- saying it ---------------------------------------------------------------------------------------------------------


def effect(learned: Learned) -> str:
    """One line for people: `now needs 0.62; learned from 9 verdicts`."""
    if not learned.verdicts:
        return "no verdicts yet; 👍 and 👎 on its alerts teach it"
    count = f"{learned.verdicts} verdict{'s' * (learned.verdicts != 1)}"
    if learned.ready:
        return f"now needs {learned.needs:.2f}; learned from {count}"
    liked = learned.verdicts - learned.against
    if learned.verdicts < ENOUGH or learned.against < AGAINST:
        return f"posts everything so far; {count}, it takes {ENOUGH} with {AGAINST} 👎 to hold anything back"
    if liked < FOR:
        return f"posts everything; all {count} are 👎, so another query may be better than learning"
    return f"posts everything; {count} that do not tell apart what is wanted"


def strongest(learned: Learned, most: int = 5) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """The features that raise a score most, and those that lower it most."""
    ranked = sorted(learned.weights.items(), key=lambda one: (-one[1], one[0]))
    up = [(name, weight) for name, weight in ranked[:most] if weight >= 0.05]
    down = [(name, weight) for name, weight in ranked[::-1][:most] if weight <= -0.05]
    return up, down


def leanings(learned: Learned, most: int = 3) -> str:
    """What it came to like and dislike: `more for event funding; less for source Robot Ledger`; empty for nothing."""
    up, down = strongest(learned, most)
    parts = (
        (word, ", ".join(name.replace(":", " ", 1) for name, _ in some))
        for word, some in (("more", up), ("less", down))
    )
    return "; ".join(f"{word} for {names}" for word, names in parts if names)
