"""What happened: the event type of an item, from cues in its title and its first sentences.

Keywords are found by one small Aho-Corasick automaton; the grammar of a cue is only looked at where its words stand. A cue counts
once, at its best place: in full in the title, less in the summary's first sentence, and less again further on. The type with the
highest sum wins if it is clear enough. Only the first few hundred characters are read, which also bounds the cost.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from bot.classify.events.cues_en import ENGLISH
from bot.classify.events.cues_zh import CHINESE
from bot.classify.events.words import Words, lower
from bot.classify.passages import Passage
from bot.model import Deal, EventType, Evidence

_CUES = (*ENGLISH, *CHINESE)

# Words of cues that say little alone: half of all items have one. Where they stand in a cue another word stands too.
_COMMON_EN = (
    "out team made set put left started name list looking building build built act law struck won win block blocks close "
    "percent described appeared received leading fired index research"
)
_COMMON_ZH = "将 与 公司 设 组 增长 基金 数据 支持 规模 预计 推动 推进 布局 打造 共同 落地 研究 开发 解决方案 科学 销售 要求 强调"
_COMMON = frozenset(f"{_COMMON_EN} {_COMMON_ZH}".split())

TRIGGERS: tuple[str, ...] = tuple(
    dict.fromkeys(
        word for cue in _CUES if cue.event != "other" and cue.weight > 0 for word in cue.words if word not in _COMMON
    )
)
"""Words without which no item is read for its event; nearly all items that are not "other" have one."""

_TITLE, _SUMMARY = 300, 420
# How much a cue counts by the sentence it stands in: the title, the summary's first sentence, its second, the rest.
_PLACES = (1.0, 0.5, 0.3, 0.15)
_LATER = 0.88  # a clause of the title that is not its first
_THRESHOLD = 1.0
_REST = 0.3  # of what the cues of a type beside the best one weigh
_REST_MOST = 1.2
_DEAL_IN_TITLE, _DEAL_EARLY = 3.2, 1.2
_BEFORE, _AFTER = 80, 120  # characters of a sentence around a cue's words that its grammar sees
_SENTENCE_END = re.compile(r"[。!?;\n]|\.(?=\s)")
_CLAUSE_END = re.compile(r"[,;|](?!\d)|[。!?]")
_CLEAR, _CLEAR_BY = 3.0, 1.6
_ROUNDUP = 4.0  # of "other" in a title that strings several events together
_EVIDENCE = 2


class _Found(NamedTuple):
    score: float
    passage: Passage
    start: int
    end: int


_Cues = dict[int, _Found]


def find_event(passages: Sequence[Passage], deals: Sequence[Deal]) -> tuple[EventType, tuple[Evidence, ...]]:
    """What mainly happened, and the words that say so (`what` is `event:TYPE`)."""
    found: _Cues = {}
    scores: dict[EventType, float] = {"other": _THRESHOLD}
    for passage in passages:
        _read(passage, found, alone=len(passages) == 1)
        scores = _scores(found, passages, deals)
        if _is_clear(scores):
            break
    best = max(scores, key=scores.__getitem__)
    return ("other", ()) if best == "other" else (best, _evidence(best, found, deals))


def _scores(found: _Cues, passages: Sequence[Passage], deals: Sequence[Deal]) -> dict[EventType, float]:
    scores: dict[EventType, float] = {"other": _THRESHOLD}
    by_event: dict[EventType, list[float]] = {}
    for number, one in found.items():
        by_event.setdefault(_CUES[number].event, []).append(one.score)
    if sum(by_event.get("other", ())) < _ROUNDUP:
        for event, score in _of_deals(passages, deals):
            by_event.setdefault(event, []).append(score)
    for event, parts in by_event.items():
        scores[event] = scores.get(event, 0.0) + _sum(parts)
    return scores


def _is_clear(scores: dict[EventType, float]) -> bool:
    """Whether nothing further on could change the answer (well, hardly); then the text need not be read."""
    second, first = sorted([0.0, 0.0, *scores.values()])[-2:]
    return first >= _CLEAR and first - second >= _CLEAR_BY and scores["other"] < first


def _sum(scores: Iterable[float]) -> float:
    """The best cue in full, a part of the others, and all that speaks against it."""
    ordered = sorted(scores, reverse=True)
    best = max(ordered[0], 0.0)
    rest = sum(score for score in ordered[1:] if score > 0)
    return best + min(_REST * rest, _REST_MOST) + sum(score for score in ordered if score < 0)


def _of_deals(passages: Sequence[Passage], deals: Sequence[Deal]) -> Iterable[tuple[EventType, float]]:
    """What the main deal says: much if it stands in the title, little if it stands early in the text, else nothing."""
    shown = _shown(deals)
    if shown is None:
        return
    if shown.field == "title" or not any(passage.field == "title" for passage in passages):
        yield deals[0].type, _DEAL_IN_TITLE
    elif shown.start < _SUMMARY // 3:
        yield deals[0].type, _DEAL_EARLY


def _shown(deals: Sequence[Deal]) -> Evidence | None:
    """The words that make the main deal one ("raises"), or any of its words."""
    if not deals:
        return None
    evidence = deals[0].evidence
    return next((one for one in evidence if one.what == "deal.trigger"), evidence[0] if evidence else None)


def _evidence(event: EventType, found: _Cues, deals: Sequence[Deal]) -> tuple[Evidence, ...]:
    """The best cues of the event, or the words of the main deal."""
    mine = [one for number, one in found.items() if _CUES[number].event == event and one.score > 0]
    best = sorted(mine, key=lambda one: -one.score)[:_EVIDENCE]
    spans = {(one.passage.field, one.start, one.end): one for one in best}
    if spans:
        return tuple(one.passage.evidence(f"event:{event}", one.start, one.end, one.score) for one in spans.values())
    shown = _shown(deals)
    if shown is None:
        return ()
    return (Evidence(f"event:{event}", shown.words, shown.field, shown.start, shown.end, shown.weight),)


def _read(passage: Passage, found: _Cues, *, alone: bool) -> None:
    """Add every cue whose words and grammar the passage has, by its number; each counts at its best place."""
    title = passage.field == "title"
    text = lower(passage.text[: _TITLE if title else _SUMMARY])
    ends = [end.end() for end in _SENTENCE_END.finditer(text)]
    clause = _CLAUSE_END.search(text)
    first_clause = clause.start() if clause else len(text)
    automaton, tried = _automaton(), set[tuple[int, int]]()
    for word, start, end in automaton.words.find(text):
        sentence = bisect_right(ends, start)
        place = (1.0 if start <= first_clause else _LATER) if title else _PLACES[min(sentence + (not alone), 3)]
        for number in automaton.cues[word]:
            cue = _CUES[number]
            if (cue.event == "other" and not title) or ((number, sentence) in tried and not automaton.anchored[number]):
                continue
            score = cue.weight * place
            if number in found and abs(found[number].score) >= abs(score):
                continue
            tried.add((number, sentence))
            if span := automaton.span(number, text, start, end):
                found[number] = _Found(score, passage, *span)


class _Automaton:
    """The words of all cues, and for each cue its grammar, compiled when it is first needed (all would take 0.3 s)."""

    def __init__(self) -> None:
        words: dict[str, list[int]] = {}
        for number, cue in enumerate(_CUES):
            for word in cue.words:
                words.setdefault(word, []).append(number)
        self.cues = [tuple(numbers) for numbers in words.values()]
        self.anchored = [cue.pattern.startswith("@") and not _alternatives(cue.pattern) for cue in _CUES]
        self.words = Words(words)

    def span(self, number: int, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Where the cue stands, given that its words stand at [start, end); None if the grammar is not there."""
        if not _CUES[number].pattern:
            return start, end
        last = min(end + _AFTER, len(text))
        if self.anchored[number]:
            match = _grammar(number).match(text, start, last)
        else:
            match = _grammar(number).search(text, max(0, start - _BEFORE), last)
        return match.span() if match else None


def _alternatives(pattern: str) -> bool:
    """Whether the pattern has alternatives outside of brackets, which need not begin with the words."""
    depth = 0
    for before, char in zip(" " + pattern, pattern, strict=False):
        depth += (char == "(") - (char == ")") if before != "\\" else 0
        if char == "|" and depth == 0:
            return True
    return False


@cache
def _grammar(number: int) -> re.Pattern[str]:
    cue = _CUES[number]
    words = "|".join(map(_whole, sorted(cue.words, key=len, reverse=True)))
    return re.compile(cue.pattern.replace("@", f"(?:{words})"))


def _whole(word: str) -> str:
    escaped = re.escape(word)
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if word.isascii() and word[0].isalnum() else escaped


@cache
def _automaton() -> _Automaton:
    return _Automaton()
