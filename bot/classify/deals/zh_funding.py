"""Financings in Chinese texts: who raised how much in which round, read sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.classify.deals.drafts import Draft, Said
from bot.classify.deals.zh_clauses import Clause, Text, is_dated, is_past, meaning
from bot.classify.deals.zh_investors import investors
from bot.classify.deals.zh_names import head, is_pronoun, subject, target, trimmed
from bot.classify.deals.zh_parties import NOBODY, Parties, parties
from bot.classify.deals.zh_raises import Raise, alike, contained, is_rougher, same, union
from bot.classify.deals.zh_shapes import MANY, OF_ANOTHER, SOON, THIS, shape

_FIGURE = re.compile(r"(?:金额|总额|融资额|规模|额度|募资|融资|筹集|筹资)[^,]{0,6}$")


@dataclass(slots=True)
class _Sentence:
    """One sentence and how far it has been read.

    `offering`: it tells of a listing, to which the sums raised then belong. `this`: it goes on about the round told before
    ("本轮融资由..."). `past`: it tells of something earlier than the news. `here` is its financing, `waiting` has investors
    named before it.
    """

    text: Text
    clauses: Sequence[Clause]
    offering: bool
    this: bool = False
    past: bool = False
    here: Raise | None = None
    waiting: Parties = NOBODY

    def head(self, before: Clause) -> Said | None:
        """Whom the clauses before this one are about."""
        for clause in self.clauses[: before.index]:
            if name := head(self.text, clause.start, clause.end):
                return name
        return None


class FundingReader:
    """Reads sentence after sentence, title first; what was said before is known to what follows."""

    def __init__(self) -> None:
        self._raises: list[Raise] = []
        self._current: Raise | None = None

    @property
    def company(self) -> Said | None:
        """Whom the financing told last is of."""
        return self._current.target if self._current else None

    def drafts(self) -> list[Draft]:
        """All that were told, in the order of the text."""
        return [one.draft() for one in self._raises if one.worth_telling]

    def read(self, text: Text, clauses: Sequence[Clause], *, offering: bool) -> None:
        """One sentence; `offering` says that it tells of a listing."""
        sentence = _Sentence(text, clauses, offering)
        sentence.this = bool(THIS.match(text.masked[clauses[0].start : clauses[0].end]))
        for clause in clauses:
            if MANY.search(text.masked, clause.start, clause.end):
                break
            self._read(sentence, clause)
        if sentence.waiting.sure and not sentence.past:
            self._noted(text, sentence.waiting)

    def _read(self, sentence: _Sentence, clause: Clause) -> None:
        """One clause: the financing that it reports, the investors that it names, the figures in it."""
        text = sentence.text
        sentence.past = sentence.past or is_past(text.masked, clause.start, clause.end)
        event = self._event(sentence, clause)
        if event:
            self._tell(sentence, event)
            if event.invested:
                return
        found = parties(
            text, clause, sentence.clauses[clause.index + 1 :], funding=bool(sentence.here or sentence.this)
        )
        if found.investors:
            self._attach(sentence, found)
        about = sentence.here or (self._current if sentence.this or not sentence.past else None)
        if about:
            _figures(text, clause, about, told=bool(event), offering=sentence.offering)

    # -- one clause ----------------------------------------------------------------------------------------------------

    def _event(self, sentence: _Sentence, clause: Clause) -> Raise | None:
        """The financing that a clause reports, if it does, with its target."""
        text, start, end = sentence.text, clause.start, clause.end
        found = shape(text, start, end, offering=sentence.offering)
        if found is None:
            return None
        begins, event = found
        if event.invested:
            if not event.investors:
                name = sentence.head(clause)
                event.investors = investors(text, name.start, name.end)[:1] if name else ()
            return event if event.investors or event.money else None
        if other := OF_ANOTHER.match(text.masked, event.start, end):
            event.target = target(text, other.end(), end)
            event.investors = investors(text, *trimmed(text.masked, start, begins)) if event.target else ()
        if sums := text.sums_in(start + 1, begins):
            begins = sums[0].start
        if event.target is None and begins > start:
            event.target = subject(text, start, begins)
        if event.target is None and is_pronoun(text.masked, start, begins):
            here = sentence.here.target if sentence.here else None
            event.target = here or sentence.head(clause) or self.company
        return event

    def _tell(self, sentence: _Sentence, event: Raise) -> None:
        """Add a financing that a clause reports to what is known."""
        dated = bool(self._raises) and is_dated(sentence.text.masked, sentence.clauses[0].start, event.start)
        event.main = not sentence.past
        if dated and not (self._current and same(self._current, event)):
            event.main = False
        sentence.here = self._settled(event, sentence.here or self._current)
        sentence.here.add(sentence.waiting)
        sentence.waiting = NOBODY

    # -- which financing it is -----------------------------------------------------------------------------------------

    def _settled(self, event: Raise, before: Raise | None) -> Raise:
        """The one that is already being told, with what is new, or the event as one more."""
        if before and same(before, event):
            if is_rougher(before, event):
                before.money = event.money
            if before.text is event.text:
                before.take(event)
                self._current = before
                return before
            _agree(before, event)
        elif event.target is None and not event.main and self._raises:
            event.target = self._raises[0].target
        self._raises.append(event)
        if event.main:
            self._current = event
        return event

    def _attach(self, sentence: _Sentence, found: Parties) -> None:
        """Give investors to the financing they belong to; keep them where that is still to come."""
        text, here, current = sentence.text, sentence.here, self._current
        if found.target and not (here and here.target and alike(here.target, found.target)):
            event = Raise(text, *found.at, found.target, investors=found.investors, lead=found.lead, status="closed")
            event.main = not sentence.past
            sentence.here = self._settled(event, here or current)
        elif here:
            here.add(found)
        elif current and found.sure and not sentence.past and (sentence.this or current.text is not text):
            sentence.here = self._noted(text, found)
        else:
            everyone = union(sentence.waiting.investors, found.investors)
            sentence.waiting = Parties(everyone, union(sentence.waiting.lead, found.lead), None, found.at, found.sure)

    def _noted(self, text: Text, found: Parties) -> Raise | None:
        """Investors of the financing that was told before."""
        current = self._current
        if current is None or current.text is text:
            if current:
                current.add(found)
            return current
        more = Raise(text, *found.at, current.target, investors=found.investors, lead=found.lead, told=False)
        self._raises.append(more)
        self._current = more
        return more


def _agree(title: Raise, event: Raise) -> None:
    """Make what title and summary say of one financing agree on name and round, so that it is known to be one.

    The title's name stands unless it is none but a description, and so does its round unless the summary names several.
    """
    if title.target and event.target and _is_description(title, event):
        title.target = event.target
    if event.target is None or (title.target and not contained(title.target, event.target)):
        event.target = title.target
    event.main = title.main
    if title.stage and event.stage and title.stage.round != event.stage.round:
        title.stage, event.stage = (event.stage if "/" in event.stage.round else title.stage), None


def _is_description(title: Raise, event: Raise) -> bool:
    """Whether the title's name is never used again, nor anything like it."""
    one, two = title.target, event.target
    if one is None or two is None or alike(one, two):
        return False
    return one.words not in event.text.passage.text and two.words not in title.text.passage.text


def _figures(text: Text, clause: Clause, about: Raise, *, told: bool, offering: bool) -> None:
    """Valuation, total, and an amount or a kind of round that stands in a clause of its own."""
    masked = text.masked
    for one in text.sums_in(clause.start, clause.end):
        what = meaning(masked, one)
        if what == "valuation":
            about.valuation = about.valuation or one
        elif what == "total":
            about.total = about.total or one
        elif what == "money" and not offering and (told or _FIGURE.search(masked, clause.start, one.start)):
            about.money = about.money or one
    if about.told and about.stage is None and not SOON.search(masked, clause.start, clause.end):
        strategic = (one for one in text.stages_in(clause.start, clause.end) if one.round == "Strategic")
        about.stage = next(strategic, None)
