"""How likely two reports tell one event: a weighted sum of features that people can read.

The weights are fitted by logistic regression (`python -m bot.evals.links`); a score is the log-odds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from heapq import nlargest
from itertools import islice

from bot.stories.bridge import Sense, senses
from bot.stories.packed import Glance
from bot.stories.signature import Signature
from bot.stories.view import View, dot

SAME: Mapping[str, float] = {
    "bias": -4.98,
    "actors": -0.25,
    "chinese": -0.64,
    "chinese key": -1.51,
    "chinese rare": 0.29,
    "chinese source": 0.52,
    "chinese words": -1.82,
    "dates": 0.1,
    "entities": -0.17,
    "key, less": 0.46,
    "key, more": 1.69,
    "names": 2.69,
    "no names": -0.44,
    "numbers": 0.5,
    "other actors": -1.88,
    "other dates": -1.48,
    "other event": -0.49,
    "other head": -2.0,
    "other heads": -0.95,
    "other names": -1.58,
    "other numbers": -0.7,
    "other sums": -0.74,
    "rare": 4.71,
    "same source": -3.06,
    "sums": 0.79,
    "title": -0.03,
    "within": 1.0,
    "words": 1.58,
}
"""For two reports in one language.

"other head" is not fitted: labelled news has few look-alikes (two firms that each open a plant), of which people hear twice
rather than never. On labelled news it costs nothing.
"""

ACROSS: Mapping[str, float] = {
    "bias": -7.19,
    "actors": 0.28,
    "dates": 0.41,
    "entities": 0.41,
    "key met": 3.09,
    "latin": 0.72,
    "latin rare": -0.11,
    "numbers": 1.67,
    "other actors": -1.26,
    "other dates": -0.39,
    "other event": -1.1,
    "other numbers": -0.31,
    "other sums": -0.77,
    "people": 0.59,
    "rare": 3.9,
    "sums": 1.76,
    "title met": 3.2,
    "translated": 2.02,
    "translated title": 2.34,
}
"""For a Chinese and an English report."""

FLOOR = -7.0
"""No score is less: one odd report must not outweigh all others of a story."""

_TWO, _ENOUGH = 2, 3
_HAN = "\u2e80"
_HEAD = 6.0  # a word that few headlines begin with
_NAMED = 12.0
_RARE = 4
_FEW = 3
_SCALE = 40.0  # what four rare words, said often, are worth; brings the feature near 1
_CROSS_SCALE = 30.0
_DAY = 86_400.0
_PATIENCE, _PER_DAY, _MOST = 1.0, 0.8, 4.0
"""Reports of one event come within a day; each day more speaks against it."""

_BARE, _UNDATED = 25, 0.75
"""Words of a Chinese report that is a headline alone, and what speaks against two of them without times: chosen on titles of
readhub, where a third less is merged of earlier events, and a fifth less is found."""

_MONEY_SLACK = 0.06


def score(one: View, other: View) -> float:
    """The log-odds that both tell one event, their times considered; `FLOOR` where next to nothing is in common."""
    across = one.signature.han != other.signature.han
    if across:
        if _met_by(one, other) < _TWO:
            return FLOOR
        weights, found = ACROSS, features_across(one, other)
    else:
        shared = one.words.keys() & other.words.keys()
        if not _tells(one, other, shared):
            return FLOOR
        weights, found = SAME, _features(one, other, shared)
    total = weights["bias"] - late(one, other)
    for name, value in found.items():
        if value:
            total += weights[name] * value
    return max(total, FLOOR)


def strangers(one: View, other: Glance, han: bool) -> bool:
    """Whether a glance at a report, Chinese or not, tells that `score` is `FLOOR` for want of anything in common."""
    if han == one.signature.han:
        shared = one.words.keys() & other.words
        if len(shared) >= _ENOUGH or not one.numbers.isdisjoint(other.numbers):
            return False
        return len(shared) < _TWO or not shared <= one.names.keys()
    if han:
        return False  # what its words are in English cannot be seen at a glance
    words = len(one.english.intersection(other.words)) + len(one.latin.intersection(other.words))
    return words + len(one.numbers.intersection(other.numbers)) + len(one.people.intersection(other.people)) < _TWO


def _tells(one: View, other: View, shared: Set[int]) -> bool:
    """Whether what two reports share can tell anything: two words do not, that few have used so far, unless both are names."""
    if len(shared) >= _ENOUGH or not one.numbers.isdisjoint(other.numbers):
        return True
    return len(shared) == _TWO and shared <= one.names.keys() and shared <= other.names.keys()


def _met_by(one: View, other: View) -> int:
    """How many words, numbers and people a Chinese and an English report share."""
    zh, en = (one, other) if one.signature.han else (other, one)
    words = len(zh.english & en.words.keys()) + len(zh.latin & en.words.keys())
    return words + len(one.numbers & other.numbers) + len(one.people & other.people)


def cosine(one: View, other: View) -> float:
    """How much of their words two reports in one language have in common, in [0, 1]."""
    return dot(one.words, other.words) / (one.norm * other.norm)


def late(one: View, other: View) -> float:
    """What the time between two reports speaks against them.

    Where a time is not known nothing does, but for two Chinese headlines alone: those of another day read much the same.
    """
    here, there = one.signature.at, other.signature.at
    if here is None or there is None:
        bare = one.signature.han and other.signature.han and max(len(one.words), len(other.words)) < _BARE
        return _UNDATED if bare else 0.0
    days = abs((here - there).total_seconds()) / _DAY
    return min(max(days - _PATIENCE, 0.0) * _PER_DAY, _MOST)


def features(one: View, other: View) -> dict[str, float]:
    """What two reports in one language have in common and what not."""
    return _features(one, other, one.words.keys() & other.words.keys())


def _features(one: View, other: View, shared: Set[int]) -> dict[str, float]:
    a, b = one.words, other.words
    inner = sum([a[word] * b[word] for word in shared])
    cosine = inner / (one.norm * other.norm)
    mine = sum([a[word] for word in shared & one.key.keys()]) / one.key_sum
    theirs = sum([b[word] for word in shared & other.key.keys()]) / other.key_sum
    less = [(min(a[word], b[word]), word) for word in shared]
    rare = _rarest(one, less) if one.signature.han else sum(nlargest(_RARE, [weight for weight, _ in less]))
    both_named = bool(one.names and other.names)
    found = {
        "words": cosine,
        "title": dot(one.title, other.title) / (one.title_norm * other.title_norm),
        "within": min(inner / min(one.norm, other.norm) ** 2, 1.5),
        "key, less": min(mine, theirs),
        "key, more": max(mine, theirs),
        "rare": rare / _SCALE,
        "names": _names(one, other) if both_named else 0.0,
        "other names": min(_missing(one, other), _missing(other, one)) if both_named else 0.0,
        "no names": float(not both_named),
        **_common(one, other),
    }
    if one.signature.source and one.signature.source == other.signature.source:
        found["chinese source" if one.signature.han else "same source"] = 1.0
    if one.signature.han:
        found["chinese"] = 1.0
        found["other heads"] = float(_other_heads(one, other, _TWO))
        found["chinese words"] = cosine
        found["chinese key"] = found["key, less"]
        found["chinese rare"] = found["rare"]
    else:
        found["other head"] = float(_other_heads(one, other, 1))
    return found


def _rarest(view: View, shared: Sequence[tuple[float, int]]) -> float:
    """What the four rarest pairs of characters weigh, the rarest first; pairs that share a character are of one phrase."""
    kept: list[str] = []
    total = 0.0
    spelled = zip([weight for weight, _ in shared], view.spelled(word for _, word in shared), strict=True)
    for weight, word in sorted(spelled, reverse=True):
        if word[0] >= _HAN and any(other[-1] == word[0] or other[0] == word[-1] for other in kept):
            continue
        if word[0] >= _HAN:
            kept.append(word)
        total += weight
        if len(kept) >= _RARE:
            break
    return total


def _names(one: View, other: View) -> float:
    """The cosine of the names; in Chinese text, where names are but the Latin words, less if those weigh little."""
    cosine = dot(one.names, other.names) / (one.names_norm * other.names_norm)
    if not one.signature.han:
        return cosine
    weight = sum(one.names[word] for word in one.names.keys() & other.names.keys())
    return cosine * min(weight / _NAMED, 1.0)


def _other_heads(one: View, other: View, size: int) -> bool:
    """Whether headlines begin with rare words, so many, that the other report does not say, as those of two firms do."""
    return _stranger(one, other, size) and _stranger(other, one, size)


def _stranger(one: View, other: View, size: int) -> bool:
    head = list(islice(one.title.items(), size))
    unsaid = all(word not in other.words and word not in other.title for word, _ in head)
    return unsaid and max((weight for _, weight in head), default=0.0) >= _HEAD


def features_across(one: View, other: View) -> dict[str, float]:
    """What a Chinese and an English report have in common: translations, names, numbers, entities."""
    zh, en = (one, other) if one.signature.han else (other, one)
    said = met = said_title = met_title = 0.0
    matched: dict[str, float] = {}
    shared = en.words.keys() & zh.english
    hit = dict(zip(zh.spelled(shared), shared, strict=True))
    for word, worth in zip(zh.said.chinese, zh.said.worth, strict=True):
        weight = worth if worth >= 0 else -2.0 * worth
        said += weight
        if worth < 0:
            said_title += weight
        if shared.isdisjoint(zh.stems(word)):
            continue
        share, best = _met(senses(zh.spelled((word,))[0]), hit.keys())
        met += weight * share
        if worth < 0:
            met_title += weight * share
        if share == 1.0:
            for stem in best:
                matched[stem] = max(matched.get(stem, 0.0), min(en.words[hit[stem]], weight))
    latin = [en.words[word] for word in zh.latin if word in en.words]
    return {
        "translated": met / said if said else 0.0,
        "translated title": met_title / said_title if said_title else 0.0,
        "key met": _share(en.key, zh),
        "title met": _share(en.title, zh),
        "rare": sum(nlargest(_RARE, matched.values())) / _CROSS_SCALE,
        "latin": math.log1p(len(latin)),
        "latin rare": sum(nlargest(3, latin)) / _CROSS_SCALE,
        "people": float(not zh.people.isdisjoint(en.people)),
        **_common(zh, en),
    }


def _said(number: str) -> str:
    """A number as people write it."""
    kind, _, value = number.partition(":")
    return f"{float(value):g} %" if kind == "%" else f"{float(value):,.0f}"


def reasons(one: View, other: View) -> tuple[str, ...]:
    """What speaks most for two reports telling one event, in words for people."""
    a, b = one.signature, other.signature
    found = []
    acting = sorted(one.actors & other.actors)
    if acting:
        found.append(f"both are about {', '.join(acting[:_FEW])}")
    numbers = sorted(_said(number) for number in one.spelled(one.numbers & other.numbers))
    if numbers:
        found.append(f"both say {', '.join(numbers[:_FEW])}")
    if a.han == b.han:
        weights, shared = one.words, one.words.keys() & other.words.keys()
    else:
        zh, en = (one, other) if a.han else (other, one)
        weights, shared = en.words, en.words.keys() & (zh.english | zh.latin)
    words = nlargest(_RARE, zip(map(weights.__getitem__, shared), one.spelled(shared), strict=True))
    if words:
        found.append("words in common: " + ", ".join(word for _, word in words))
    return tuple(found)


def _met(known: Iterable[Sense], hit: Set[str]) -> tuple[float, Sense]:
    """The translation of a word that a text has most of, and how much: half of what it has if not all."""
    share, best = 0.0, Sense()
    for sense in known:
        found = sum([stem in hit for stem in sense]) / len(sense)
        here = found if found == 1.0 else found / 2
        if here > share:
            share, best = here, sense
    return share, best


def _share(words: Mapping[int, float], zh: View) -> float:
    whole = sum(words.values())
    english, latin = zh.english, zh.latin
    met = sum(weight for word, weight in words.items() if word in english or word in latin)
    return met / whole if whole else 0.0


def _missing(one: View, other: View) -> float:
    """The share of one's names that the other does not say."""
    said = other.words
    return sum([weight * weight for word, weight in one.names.items() if word not in said]) / one.names_norm**2


def _common(one: View, other: View) -> dict[str, float]:
    """What does not depend on the language."""
    a, b = one.signature, other.signature
    numbers = len(one.numbers & other.numbers) if one.numbers and other.numbers else 0
    dated = not one.dates.isdisjoint(other.dates)
    acting = not one.actors.isdisjoint(other.actors)
    strangers = (
        one.actors and other.actors and one.actors.isdisjoint(other.entities) and other.actors.isdisjoint(one.entities)
    )
    agree = _sums_agree(a, b) if a.deals and b.deals else 0
    return {
        "numbers": math.log1p(numbers),
        "other numbers": float(bool(one.numbers and other.numbers and not numbers)),
        "dates": float(dated),
        "other dates": float(bool(one.dates and other.dates and not dated)),
        "entities": math.log1p(len(one.entities & other.entities)),
        "actors": float(acting),
        "other actors": float(bool(strangers)),
        "other event": float(a.event not in (b.event, "other") and b.event != "other"),
        "sums": float(agree > 0),
        "other sums": float(agree < 0),
    }


def _sums_agree(a: Signature, b: Signature) -> int:
    """Whether the first deals of both are of one sum in dollars; 0 where one has none."""
    here, there = next(_dollars(a), 0), next(_dollars(b), 0)
    if not (here and there):
        return 0
    return 1 if abs(here - there) <= _MONEY_SLACK * max(here, there) else -1


def _dollars(signature: Signature) -> Iterator[int]:
    return (deal.amount_usd for deal in signature.deals[:1] if deal.amount_usd)
