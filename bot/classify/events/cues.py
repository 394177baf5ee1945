"""The form of a cue: words that announce an event, and the grammar around them that must be there too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.model import EventType


class Cue(NamedTuple):
    """Words that speak for an event type (or, with a negative weight, against it).

    `pattern` is a regular expression over lower-case level text in which `@` stands for the words; empty for the words
    alone. The weight counts in full in a title: 3 settles the matter, 2 is a usual report, 1 a hint. Cues of "other" are
    read in titles only.
    """

    event: EventType
    weight: float
    words: tuple[str, ...]
    pattern: str = ""


def cues(event: EventType, *rows: tuple[float, str] | tuple[float, str, str]) -> Iterator[Cue]:
    """Cues of one event from (weight, "word|word", pattern) rows."""
    for weight, words, *pattern in rows:
        yield Cue(event, weight, tuple(words.split("|")), pattern[0] if pattern else "")
