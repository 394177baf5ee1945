"""English sentences as tokens, with the sums, rounds and known names in them as one token each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from bot.classify.deals.drafts import Said, Stage, Sum
from bot.classify.deals.english_words import ABBREVIATIONS
from bot.classify.deals.money import find_money
from bot.classify.deals.rounds import find_rounds
from bot.classify.passages import Name, Passage

_WORD = r"[^\W_](?:[\w&+@]|[./-](?=[^\W_])|'(?!s\b)(?=[^\W_]))*+"
_TOKEN = re.compile(rf"{_WORD}|'s\b|(?<=[sz])'(?!\w)|[,;:()\[\]—%]|-++|&")
_CODED = re.compile("[a-z]+\\d+[a-z]+|\\d+[a-z]+\\d+[a-z]*")  # "a16z" is a name
_CONTRACTED = ("'ve", "'re", "'ll", "'m", "'d", "n't")
_END = re.compile(r"[!?|…•·]|\.(?=[\s\"')]|$)")
_STRONG_SIGN = re.compile(
    r"[Rr]ais(?:e|ing)|[Ff]unding|[Ff]inanc|[Ii]nvest|[Rr]ound|[Ss]eries\b|[Ss]eed\b|[Ss]take|[Aa]cqui|[Bb]uy|[Bb]ought"
    r"|[Pp]urchas|[Mm]erg|[Tt]ake-?over|[Tt](?:ak|ook)[a-z]* [Oo]ver|IPO|[Pp]ublic [Oo]ffering|(?:[Gg]o[a-z]*|[Ww]ent) [Pp]ublic"
    r"|[Ll]isting|[Ll]ists|[Dd]ebut|[Ss]ell|[Ss]old|[Oo]ffload|[Dd]ivest|[Vv]aluation|[Vv]alued|[$€£¥₹₩]|illion|\d ?[mb]n\b"
    r"|RMB|[Ss]naps up|[Bb]ack(?:s\b| (?=[a-z ]{0,40}[A-Z]))|[Dd]eal\b|[Ss]coop|[Ss]wallow"
    r"|[Bb]id\b|[Tt]ie-up|[Oo]ffer\b|[Ss]ubsidiary|\b[Ss]ale\b|[Bb]usiness [Cc]ombination|[Oo]ffering"
)
_SIGN = re.compile(
    _STRONG_SIGN.pattern
    + r"|\b[Ll]ed\b|-led\b|[Ll]ead|[Aa]nchor|[Bb]ack(?:s|ed|ers)|[Pp]articipat|[Jj]oin|[Aa]longside|[Bb]id\b|[Vv]alu|SPAC"
    r"|[Cc]apital|[Tt]ook part|[Tt]aking part|[Gg]obbl|[Ss]nap|[Ss]coop|[Aa]bsorb|[Ll]isted"
)
# "BOSTON, May 3, 2026 (GLOBE NEWSWIRE) -- Acme today ...": place and agency of a press release say nothing of the deal.
_DATELINE = re.compile(
    r"\s{0,9}(?:[A-Z][A-Z.' ]{2,40}+(?:,[^\n]{0,60}?)?"
    r"|[A-Z][^\n]{0,90}?[/(](?:PR ?N|GLOBE N|B(?:USINESS|usiness) W|ACCESS|Reuters|AP\b)[^\n]{0,40}?)"
    r"\s?(?:-{2}|-(?=\s)|—)\s?"
)
_MOST = 200
"""Sentences of a passage that are read: deals stand at the top, and feeds with whole books in them exist."""
_LONGEST = 120
"""Tokens in one line: no sentence of the press is longer, and work per line is bounded."""


class Token(NamedTuple):
    """A word, a mark, or what is one thing: `kind` is w word, p mark, $ sum, r round, n known name."""

    kind: str
    low: str
    start: int
    end: int
    capital: bool
    what: Sum | Stage | Name | None = None


class Line(NamedTuple):
    """A sentence, or a part of a headline; `shouts` says that it capitalises nearly every word."""

    passage: Passage
    tokens: Sequence[Token]
    shouts: bool

    def said(self, first: int, last: int) -> Said:
        """The words from one token to another, both included."""
        return Said(self.passage, self.tokens[first].start, self.tokens[last].end)

    def low(self, at: int) -> str:
        """The token there in lower case; empty outside the line."""
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def kind(self, at: int) -> str:
        """The kind of the token there; empty outside the line."""
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""


class Page:
    """A passage as its sentences, each made into lines when they are asked for."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        dateline = None if passage.field == "title" else _DATELINE.match(passage.text)
        self._spans = _sentences(passage.text, dateline.end() if dateline else 0)
        self._shouts = passage.field == "title" and _shouts(passage.text)
        self._wholes: list[Token] | None = None
        self._lines: dict[int, list[Line]] = {}

    def opening(self, count: int) -> list[Line]:
        """The lines of its first sentences."""
        return [line for at in range(min(count, len(self._spans))) for line in self._read(at)]

    def with_signs(self) -> Iterator[Line]:
        """The lines of the sentences that have a word of deals or money."""
        text = self.passage.text
        for at, (start, end) in enumerate(self._spans):
            if _SIGN.search(text, start, end):
                yield from self._read(at)

    def _read(self, at: int) -> list[Line]:
        if at not in self._lines:
            tokens = list(self._tokens(*self._spans[at]))
            pieces = [tokens[first : first + _LONGEST] for first in range(0, len(tokens), _LONGEST)]
            self._lines[at] = [Line(self.passage, piece, self._shouts) for piece in pieces]
        return self._lines[at]

    def _tokens(self, at: int, end: int) -> Iterator[Token]:
        """The tokens of a stretch of the text, those of more than one word found first."""
        if self._wholes is None:
            self._wholes = _wholes(self.passage)
        text = self.passage.text
        for token in self._wholes[bisect_left(self._wholes, at, key=_start) :]:
            if token.end > end:
                break
            if token.start < at:
                continue
            for word in _TOKEN.finditer(text, at, token.start):
                yield _word(word)
            yield token
            at = token.end
        for word in _TOKEN.finditer(text, at, end):
            yield _word(word)


def has_signs(passage: Passage) -> bool:
    """Whether a text can be about a deal at all."""
    return bool(_STRONG_SIGN.search(passage.text))


def _start(token: Token) -> int:
    return token.start


def _sentences(text: str, at: int) -> list[tuple[int, int]]:
    """Where sentences, or the parts of a headline, begin and end, from a place on."""
    spans: list[tuple[int, int]] = []
    for end in _END.finditer(text, at):
        if end[0] == "." and _abbreviated(text, at, end.start()):
            continue
        if end.start() > at:
            spans.append((at, end.start()))
        at = end.end()
    if at < len(text):
        spans.append((at, len(text)))
    return spans[:_MOST]


def _abbreviated(text: str, start: int, at: int) -> bool:
    """Whether the full stop at `at` belongs to the word before it."""
    word = text[text.rfind(" ", max(start, at - 12), at) + 1 : at]
    if word.lower() in ABBREVIATIONS:
        return True
    if len(word) != 1 or not word.isupper() or word == "X":  # X is where people post
        return False
    return not text.endswith(("in ", "eries ", "ound "), start, at - 1)


def _word(found: re.Match[str]) -> Token:
    word = found[0]
    if word[0].isalnum():
        low = word.lower()
        glued = word[0].islower() and "." in word  # "the world.Most"
        contracted = "'" in word and low.endswith(_CONTRACTED)
        capital = (low != word and not (glued or contracted)) or bool(_CODED.fullmatch(word))
        return Token("w", low, found.start(), found.end(), capital)
    return Token("p", word, found.start(), found.end(), False)


def _wholes(passage: Passage) -> list[Token]:
    """Sums, rounds and names in the order of the text; of those that start together the sums first."""
    sums = [Token("$", "$", one.start, one.end, False, one) for one in find_money(passage)]
    stages = [Token("r", "<round>", one.start, one.end, False, one) for one in find_rounds(passage)]
    places = groupby(passage.names, key=lambda name: (name.start, name.end))
    names = [_known(passage, start, end, list(same)) for (start, end), same in places]
    return sorted((*sums, *stages, *names), key=lambda token: token.start)


def _known(passage: Passage, start: int, end: int, names: list[Name]) -> Token:
    """A name as one token, without the possessive that some spellings in the gazetteer have."""
    words = passage.text[start:end].lower()
    if words.endswith("'s"):
        words, end = words[:-2], end - 2
    return Token("n", words, start, end, True, _best(names))


def _best(names: list[Name]) -> Name:
    """Of the entities of one spelling the one that deals are made by."""
    return min(names, key=lambda name: name.kind == "person")


def _shouts(text: str) -> bool:
    """Whether most longer words of a headline are capitalised."""
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.75 * len(words)
