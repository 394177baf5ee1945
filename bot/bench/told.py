"""Invented news of a busy week: events as outlets tell them, in two languages, in the order of time.

One event in five is a financing of a company that may be in the gazetteer (`asked.entities`), and every outlet tells it by
another headline; the others have some names, words or phrases of their own. All other words are as common as they are in news:
English ones are drawn by the tables of `weights`, Chinese ones are walks along pairs of characters. Six events in ten are told
once, the others two to eight times, most within hours. One report in seven is a copy. The same for the same seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from heapq import heappop, heappush
from itertools import accumulate

from bot.bench.asked import TRADE_WORDS, TRADE_ZH, company, someone
from bot.bench.corpus import NEWEST, name, name_zh
from bot.model import Item
from bot.stories.weights import shares
from bot.text import bare, key63

A_WEEK = 100_000
"""Reports in seven days."""

_WEEK = timedelta(days=7)
_OUTLETS = 400
_DEALS, _CHINESE, _COPIES, _ONCE = 0.2, 1 / 3, 1 / 7, 0.6
_MEAN = _ONCE + (1 - _ONCE) * 5  # reports of an event
_LATE = timedelta(hours=3)
_NAMES, _RARE, _SAID = 3, 5, 5
_COMMON = 2_000  # so many words are too common to be an event's own
_YUAN = 0.07  # 100 million yuan for a million dollars
_GLUE = ["of", "the", "after", "in", "a", "for", "with", "and", "on", "as"]

_TITLES = (
    "{c} raises ${m} million Series {r} led by {f}",
    "{f} leads ${m}m Series {r} in {c}",
    "{c} lands ${m}M to scale its {t} business",
    "Robot maker {c} secures ${m} million from {f}",
    "{c} closes ${m} million Series {r} round, eyes {w}",
)
_LINES = (
    "{c} said on Tuesday that {f} led its Series {r} of ${m} million.",
    "The {t} start-up wants to spend the money on {w} and {v}.",
    "Rivals in {w} have raised less, and {v} remains the hardest part of the {t} trade.",
    "With ${m} million from {f} the company plans a plant for {t} near its first customers in {v}.",
)
_TITLES_ZH = (
    "{z}完成{y}亿元{r}轮融资，{g}领投",
    "{g}领投，{z}获{y}亿元{r}轮融资",
    "机器人公司{z}宣布完成{y}亿元{r}轮融资",
    "{z}获{g}{y}亿元投资，布局{t}",
)
_LINES_ZH = (
    "{z}宣布完成{y}亿元{r}轮融资，由{g}领投。",
    "资金将用于{t}的研发与量产，并拓展{w}{v}业务。",
    "公司成立以来专注{t}，客户来自{w}与{v}等行业。",
)


@dataclass(frozen=True, slots=True)
class Report:
    """An item, and the number of the event that it tells."""

    item: Item
    event: int


@dataclass(frozen=True, slots=True)
class _Deal:
    """What outlets know of a financing: who, by whom, million dollars, round, what it is about."""

    words: dict[str, str]
    words_zh: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Other:
    """What is an event's own in both languages: names and rare words, names and phrases."""

    words: tuple[str, ...]
    words_zh: tuple[str, ...]


@dataclass(slots=True)
class _Event:
    """What happened, how it was told so far (title, summary, language), and how many reports of it are to come."""

    what: _Deal | _Other
    texts: list[tuple[str, str, str]]
    left: int


def reports(count: int, seed: int = 3) -> Iterator[Report]:
    """So many reports of as many events as they need."""
    rng = random.Random(seed)
    due: list[tuple[float, int]] = []
    events: dict[int, _Event] = {}
    start, pace, newest = 0.0, _WEEK.total_seconds() / A_WEEK, 0
    for number in range(count):
        while not due or start <= due[0][0]:
            newest += 1
            times = 1 if rng.random() < _ONCE else rng.randrange(2, 9)
            events[newest] = _Event(_deal(rng) if rng.random() < _DEALS else _other(rng), [], times)
            heappush(due, (start, newest))
            for _ in range(times - 1):
                heappush(due, (start + rng.expovariate(1 / _LATE.total_seconds()), newest))
            start += rng.expovariate(1 / (pace * _MEAN))
        when, which = heappop(due)
        event = events[which]
        event.left -= 1
        yield Report(_item(rng, number, timedelta(seconds=when), _told(rng, event)), which)
        if not event.left:
            del events[which]


def _told(rng: random.Random, event: _Event) -> tuple[str, str, str]:
    """Title, summary and language: in the words of an earlier report, or in new ones."""
    if event.texts and rng.random() < _COPIES:
        return rng.choice(event.texts)
    chinese, what = rng.random() < _CHINESE, event.what
    if isinstance(what, _Deal):
        heads, lines, said = (_TITLES_ZH, _LINES_ZH, what.words_zh) if chinese else (_TITLES, _LINES, what.words)
        body = ("" if chinese else " ").join(line.format_map(said) for line in rng.sample(lines, 3))
        text = (rng.choice(heads).format_map(said), body, "zh" if chinese else "en")
    else:
        text = _chinese(rng, what.words_zh) if chinese else _english(rng, what.words)
    event.texts.append(text)
    return text


def _item(rng: random.Random, number: int, after: timedelta, text: tuple[str, str, str]) -> Item:
    title, summary, lang = text
    return Item(
        f"{number:024x}", title, f"https://news.example/{number}", summary, NEWEST + after, "", lang,
        f"Wire {rng.randrange(_OUTLETS)}", "", None, number, key63("l", str(number)), key63("t", bare(title)),
    )  # fmt: skip


def _deal(rng: random.Random) -> _Deal:
    who, fund, at, million = someone(rng), someone(rng), rng.randrange(len(TRADE_ZH)), rng.randrange(11, 390)
    words = _words(rng, 2)
    shared = {"m": str(million), "r": rng.choice("ABC"), "y": f"{million * _YUAN:.1f}"}
    english = {
        "c": company(who),
        "f": f"{name(fund).title()} Capital",
        "t": TRADE_WORDS[at],
        "w": words[0],
        "v": words[1],
    }
    chinese = {
        "z": f"{name_zh(who)}机器人",
        "g": f"{name_zh(fund)}资本",
        "t": TRADE_ZH[at],
        "w": _walk(rng, 4),
        "v": _walk(rng, 4),
    }
    return _Deal(shared | english, shared | chinese)


def _other(rng: random.Random) -> _Other:
    people = [someone(rng) for _ in range(_NAMES)]
    rare = rng.choices(_vocabulary()[0][_COMMON:], k=_RARE)
    phrases = [_walk(rng, rng.randrange(4, 8)) for _ in range(_RARE)]
    return _Other((*(name(n).title() for n in people), *rare), (*(name_zh(n) for n in people), *phrases))


def _english(rng: random.Random, own: tuple[str, ...]) -> tuple[str, str, str]:
    title = " ".join(part for word in rng.sample(own, _SAID) for part in (word, rng.choice(_GLUE)))
    lines = (_mixed(rng, [*rng.sample(own, 3), *_words(rng, 10)]) for _ in range(3))
    return title, " ".join(f"The {line}." for line in lines), "en"


def _chinese(rng: random.Random, own: tuple[str, ...]) -> tuple[str, str, str]:
    title = "".join((*rng.sample(own, 3), _walk(rng, 4)))
    lines = (f"{_walk(rng, 12)}，{rng.choice(own)}{_walk(rng, 6)}{rng.choice(own)}{_walk(rng, 8)}。" for _ in range(3))
    return title, "".join(lines), "zh"


def _mixed(rng: random.Random, words: list[str]) -> str:
    rng.shuffle(words)
    return " ".join(words)


# -- how news are worded -----------------------------------------------------------------------------------------------


def _words(rng: random.Random, count: int) -> list[str]:
    """English words, as common as in news."""
    words, weights = _vocabulary()
    return rng.choices(words, cum_weights=weights, k=count)


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    """English words, the commonest first, with cumulative weights."""
    known = shares("en")
    return list(known), list(accumulate(known.values()))


def _walk(rng: random.Random, length: int) -> str:
    """So many Chinese characters, of which neighbours stand side by side in news as well."""
    text = rng.choice(_starts())
    while len(text) < length:
        after, weights = _pairs().get(text[-1]) or _pairs()[rng.choice(_starts())]
        text += rng.choices(after, cum_weights=weights)[0]
    return text


@cache
def _starts() -> list[str]:
    return list(_pairs())


@cache
def _pairs() -> dict[str, tuple[list[str], list[float]]]:
    """What comes after a character, with cumulative weights."""
    found: dict[str, dict[str, float]] = {}
    for pair, share in shares("zh").items():
        found.setdefault(pair[0], {})[pair[1]] = share
    return {first: (list(after), list(accumulate(after.values()))) for first, after in found.items()}
