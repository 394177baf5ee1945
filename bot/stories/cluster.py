"""Which story a report belongs to, in stages that can each be explained.

1. The same canonical link, or the same title in another outlet. 2. A syndicated copy: the same text (`copies`). 3. Reports that
share rare words, acting entities or numbers within a week (`window`) are compared feature by feature (`link`), and the story
whose reports are most alike takes it, unless their deals cannot be one (`veto`). 4. What is near to a story but later and
announces a development, or tells a new state of the same deal, follows it. A second look (`refine`) merges stories that were
found to be one and divides those that hold two events (`apart`). Round-ups and newsletters join nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from heapq import nlargest
from itertools import islice
from typing import NamedTuple

from bot.model import Deal, StoryStatus
from bot.stories import apart, link
from bot.stories.copies import ALIKE, alike
from bot.stories.dealbook import SURE, Told
from bot.stories.signature import Signature
from bot.stories.veto import became, changed, comparable, main_deal, passed, veto
from bot.stories.view import View
from bot.stories.window import DAYS, Window, near

WINDOW = DAYS
DEALS_KEPT = timedelta(days=400)
"""How long a deal waits for its developments: approvals take a year."""

ALIKE_ENOUGH = -0.75
"""The log-odds from which a report joins a story, the mean over reports of the story in its language."""

ALIKE_ACROSS = -1.5
"""The same where the story has reports in the other language only: there is less to go by."""

NEAR = -2.0
"""From here on a report is near enough to a story to be a development of it."""

_STORIES, _REPORTS, _COMPARED = 3, 6, 12
_PROMISING = -2.0
_TALKS, _ROUNDS = timedelta(days=60), timedelta(days=120)
_COPIES = 5
_COPY = 0.85
_HOPELESS = -4.0
"""A story whose report that shares most is so far off is not looked at further."""


@dataclass(frozen=True, slots=True)
class Placing:
    """The story decision for one report.

    `follows` is the story of which `story` is a later development, 0 for none. `why` is for people to read. A `copy` says
    what an earlier report of the story says, in its words. `opened` says that the story is a new one, be it a development.
    """

    story: int
    status: StoryStatus
    why: tuple[str, ...] = ()
    copy: bool = False
    follows: int = 0
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Refinement:
    """What a second look changed: stories that are one, (into, from), and reports put out, (item id, old, new story)."""

    merged: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[str, int, int], ...] = ()


class _Near(NamedTuple):
    """A story that a report was compared with: the mean log-odds, what stands against it, and the report most like it."""

    score: float
    story: int
    against: str
    best: int
    across: bool

    @property
    def enough(self) -> bool:
        return not self.against and self.score > (ALIKE_ACROSS if self.across else ALIKE_ENOUGH)


class Clusterer:
    """The stories of a window. For one thread at a time."""

    def __init__(self) -> None:
        self._window = Window()
        self._last = 0
        self._touched: set[int] = set()

    def place(self, signature: Signature, new_id: Callable[[int], int] | None = None) -> Placing:
        """Find the story of a report, and add it to the window.

        `new_id` gives a new story its id, told which one it follows (0 for none); without it they are counted from 1.
        """
        view = View(signature, self._window.weights)
        placing = self._decide(signature, view, new_id or self._count)
        self._window.add(signature, placing.story, placing.follows, view)
        if not placing.copy:
            self._touched.add(placing.story)
        return placing

    def put(self, signature: Signature, story: int, follows: int = 0) -> None:
        """Add a report whose story is known to the window."""
        self._window.add(signature, story, follows)
        self._last = max(self._last, story)

    def refine(self, new_id: Callable[[int], int] | None = None) -> Refinement:
        """Look again at the stories that got reports since the last time: merge what is one, put apart what is two.

        `new_id` as for `place`.
        """
        merged = tuple(self._merge())
        moved = tuple(self._split(new_id or self._count))
        self._touched.clear()
        return Refinement(merged, moved)

    def forget(self) -> None:
        """Let go of what is older than the window, counted from the newest report."""
        self._window.forget(DEALS_KEPT)

    # -- the decision --------------------------------------------------------------------------------------------------

    def _decide(self, signature: Signature, view: View, new_id: Callable[[int], int]) -> Placing:
        if signature.roundup:
            return Placing(new_id(0), "new", ("a round-up of many events joins no story",), opened=True)
        story, why = self._known(signature)
        if story:
            return self._join(story, why, copy=True)
        like = self._window.like(view)
        story, why = self._copied(signature, like)
        if story:
            return self._join(story, why, copy=True)
        near = self._compare(view, like)
        best = next((one for one in near if one.enough), None)
        if best is not None and not self._later(view, best):
            return self._join(best.story, *self._reasons(view, best))
        told = self._same_deal(signature)
        if told is not None and best is None:
            return self._join(self._window.reports[told.report].story, f"the same deal: {_described(told.deal)}")
        return self._other(view, near, best, new_id)

    def _known(self, signature: Signature) -> tuple[int, str]:
        """The story of a report of the same link or headline, and which of the two; 0 if there is none."""
        report = self._window.same_link(signature)
        if report is not None:
            return report.story, "the same link"
        report = self._window.same_title(signature)
        if report is not None and not _one_outlet(report.signature, signature):
            return report.story, "the same title"
        return 0, ""

    def _copied(self, signature: Signature, like: Sequence[tuple[float, int]]) -> tuple[int, str]:
        """The story of a report of which this is a copy, and how sure that is; 0 if of none.

        What has the words of a report but another deal, or announces what came after, is none.
        """
        mine = frozenset(signature.sketch)
        for _, at in like[:_COPIES]:
            report = self._window.reports[at]
            share = 0.0 if _one_outlet(signature, report.signature) else alike(mine, report.signature.sketch)
            if share < ALIKE or self._against(signature, at):
                continue
            if not self._develops(signature, report.story):
                return report.story, f"{share:.0%} the same words"
        return 0, ""

    def _other(self, view: View, near: Sequence[_Near], best: _Near | None, new_id: Callable[[int], int]) -> Placing:
        """A development of a story, or a new one."""
        root, why = self._root_of(view, near, best)
        if root:
            return Placing(new_id(root), "update", why, follows=root, opened=True)
        against = next((one.against for one in near if one.against), "")
        if against:
            reason = f"like another story, but {against}"
        elif near:
            reason = f"the story most like it is too different ({near[0].score:.1f})"
        else:
            reason = "nothing like it"
        return Placing(new_id(0), "new", (reason,), opened=True)

    def _join(self, story: int, *why: str, copy: bool = False) -> Placing:
        follows = self._window.stories[story].follows
        return Placing(story, "update" if follows else "same", why, copy, follows)

    def _count(self, follows: int) -> int:
        self._last += 1
        return self._last

    def _compare(self, view: View, like: Sequence[tuple[float, int]]) -> list[_Near]:
        """The stories of the reports most like it, best first."""
        places: dict[int, list[int]] = {}
        for _, at in like:
            places.setdefault(self._window.reports[at].story, []).append(at)
        found = [self._near(view, story, best) for story, best in islice(places.items(), _STORIES)]
        return sorted(found, key=lambda one: -one.score)

    def _near(self, view: View, story: int, best: Sequence[int]) -> _Near:
        members = self._window.of_story(story)
        first = self._window.score(view, best[0])
        if first < _HOPELESS:
            return _Near(first, story, "", best[0], across=False)
        chosen = list(dict.fromkeys((*best[:3], members[0], *members[-2:])))[:_REPORTS]
        scored = [(best[0], first), *((at, self._window.score(view, at)) for at in chosen[1:])]
        mine = [value for at, value in scored if self._window.reports[at].signature.han == view.signature.han]
        across = not mine
        against = next(filter(None, (self._against(view.signature, at) for at in chosen)), "")
        score = _level(mine or [value for _, value in scored], across)
        return _Near(score, story, against, max(scored, key=lambda pair: pair[1])[0], across)

    def _against(self, signature: Signature, at: int) -> str:
        """What keeps a report and one in the window apart, in words; the empty string if nothing does."""
        if not comparable(signature, self._window.reports[at].signature):
            return ""
        return veto(signature, self._window.view(at).whole)

    def _reasons(self, view: View, near: _Near) -> tuple[str, ...]:
        """Why a report joined a story, in words."""
        other = self._window.view(near.best)
        return (*link.reasons(view, other), f"score {near.score:.1f}")

    # -- developments --------------------------------------------------------------------------------------------------

    def _later(self, view: View, near: _Near) -> bool:
        """Whether a report that is like a story tells a later development of it: a new state of its deal, a reaction."""
        return self._develops(view.signature, near.story)

    def _develops(self, signature: Signature, story: int) -> bool:
        known = [self._window.reports[at].signature for at in self._window.of_story(story)]
        if not _after(signature, known[0]):
            return False
        if changed(signature, known[0]) and all(changed(signature, one) for one in known if one.deals):
            return True
        timed = signature.at is not None and known[0].at is not None
        return timed and bool(signature.reaction) and not any(one.reaction for one in known)

    def _root_of(self, view: View, near: Sequence[_Near], best: _Near | None) -> tuple[int, tuple[str, ...]]:
        """The story of which a report is a development, and why; 0 if of none."""
        if best is not None:
            word = view.signature.reaction
            why = f"a reaction: “{word}”" if word else f"a new state of the deal: {main_state(view.signature)}"
            return self._root(best.story), (why,)
        for one in near:
            first = self._window.reports[self._window.of_story(one.story)[0]].signature
            if not _after(view.signature, first):
                continue
            state = changed(view.signature, first)
            if state and one.score > NEAR:
                return self._root(one.story), (f"a new state of the deal: {state}",)
            word = view.signature.reaction or view.signature.state
            if word and one.score > NEAR and not one.against:
                return self._root(one.story), (f"later, and its headline says “{word}”",)
        return self._of_deal(view.signature)

    def _same_deal(self, signature: Signature) -> Told | None:
        """A report of the last days that tells, beyond doubt, the deal that this one is about, in no earlier state."""
        deal = main_deal(signature)
        if deal is None:
            return None
        for told in self._window.deals.same(deal, main=True):
            other = self._window.reports[told.report].signature
            if told.sure >= SURE and near(other, signature) and not became(deal, told.deal, passed(signature, other)):
                return told
        return None

    def _of_deal(self, signature: Signature) -> tuple[int, tuple[str, ...]]:
        """The story that told an earlier state of a deal, however long ago, and why; 0 if none did."""
        main = main_deal(signature)
        deal = main or (next(iter(signature.deals), None) if signature.state else None)
        if deal is None:
            return 0, ()
        known = self._window.deals.same(deal, main=False)
        before = [told for told in known if _after(signature, self._window.reports[told.report].signature)]
        if all(told.deal.status != deal.status for told in before):
            for told in before:
                report = self._window.reports[told.report]
                later = passed(signature, report.signature)
                state = became(deal, told.deal, later)
                if state and _in_time(deal, told.deal, later):
                    return self._root(report.story), (f"a new state of {_described(told.deal)}: {state}",)
        return self._outcome(signature, main) if main else (0, ())

    def _outcome(self, signature: Signature, deal: Deal) -> tuple[int, tuple[str, ...]]:
        """The story of talks that came to this, or of an earlier step of this listing, whatever sums were told; 0 if none."""
        for told in self._window.deals.about(deal):
            report = self._window.reports[told.report]
            later = passed(signature, report.signature)
            if later is None or later <= timedelta(0):
                continue
            talked = told.deal.status in ("talks", "rumoured") and later <= _TALKS
            if deal.type == "funding" and talked and deal.status in ("announced", "closed"):
                return self._root(report.story), (f"the talks of {_described(told.deal)} have come to this",)
            if deal.type == "ipo" and deal.status != told.deal.status:
                return self._root(report.story), (f"the listing is now: {deal.status}",)
            break  # only the latest telling counts
        return 0, ()

    def _root(self, story: int) -> int:
        return self._window.stories[story].follows or story

    # -- the second look -----------------------------------------------------------------------------------------------

    def _merge(self) -> list[tuple[int, int]]:
        """Stories found to be one: the older takes the younger."""
        merged = []
        for story in sorted(self._touched):
            places = self._window.of_story(story)
            if len(places) == 1:
                continue  # it was compared with all when it came, and what came later and is not alone looks for it
            other = self._twin(story, places) if places else 0
            if other:
                into, gone = min(story, other), max(story, other)
                self._window.move(list(self._window.of_story(gone)), into)
                self._window.follow(gone, into)
                merged.append((into, gone))
        return merged

    def _twin(self, story: int, places: Sequence[int]) -> int:
        """The story that is one with this one, 0 if none is."""
        if self._window.reports[places[0]].signature.roundup:
            return 0
        follows = self._window.stories[story].follows
        mine = _spread(places)
        best, found = 0.0, 0
        for other in self._neighbours(story, mine):
            if self._window.stories[other].follows != follows:
                continue
            theirs = _spread(self._window.of_story(other))
            score = self._mean(mine, theirs)
            if score is not None and score > best:
                best, found = score, other
        return found

    def _neighbours(self, story: int, mine: Sequence[int]) -> list[int]:
        """Other stories of which the report that shares most with one of this is not hopelessly far off."""
        tried: dict[int, bool] = {story: False}
        for at in {mine[0], mine[-1]}:
            view = self._window.view(at)
            for _, place in islice(self._window.like(view), _COMPARED):
                other = self._window.reports[place].story
                if other not in tried:
                    tried[other] = self._window.score(view, place) >= _PROMISING
        return [other for other, promising in tried.items() if promising]

    def _mean(self, mine: Sequence[int], theirs: Sequence[int]) -> float | None:
        """How far the mean log-odds of reports of two stories is above what they need; None if they cannot be one."""
        same: list[float] = []
        across: list[float] = []
        for a in mine:
            for b in theirs:
                one, other = self._window.view(a), self._window.view(b)
                here, there = one.whole, other.whole
                if veto(here, there) or changed(here, there) or changed(there, here):
                    return None
                value = link.score(one, other)
                (same if here.han == there.han else across).append(value)
        if same:
            return _level(same, across=False) - ALIKE_ENOUGH
        return _level(across, across=True) - ALIKE_ACROSS

    def _split(self, new_id: Callable[[int], int]) -> list[tuple[str, int, int]]:
        """Stories that hold two events: the reports of the second go into a new one."""
        moved = []
        for story in sorted(self._touched):
            out = self._second_camp(self._window.of_story(story))
            if out:
                follows = self._window.stories[story].follows
                new = new_id(follows)
                self._window.move(out, new, follows)
                moved += [(self._window.reports[at].signature.item_id, story, new) for at in out]
        return moved

    def _second_camp(self, places: Sequence[int]) -> list[int]:
        """The reports of a story that tell another event than its first report, none if there are none.

        The language that most of them are in shows the camps; a report in the other goes where it is most alike.
        """
        recent = list(places)[-apart.MOST :]
        han = [at for at in recent if self._window.reports[at].signature.han]
        rest = [at for at in recent if not self._window.reports[at].signature.han]
        most = han if len(han) > len(rest) else rest
        wordings = self._wordings(most)
        found = apart.camps([self._window.view(at) for at in wordings])
        if found is None:
            return []
        here, there = ([wordings[at] for at in camp] for camp in found)
        others = sorted(set(recent) - set(wordings))
        if others and others[0] < wordings[0]:  # the story's own event is that of its first report
            first = self._window.view(others[0])
            if self._alike(first, there) > self._alike(first, here):
                here, there = there, here
        views = [(at, self._window.view(at)) for at in others]
        return sorted(there + [at for at, view in views if self._alike(view, there) > self._alike(view, here)])

    def _wordings(self, places: Sequence[int]) -> list[int]:
        """The reports without those that have nearly the words of an earlier one: copies would be a camp of their own."""
        kept: list[int] = []
        for at in places:
            view = self._window.view(at)
            if not any(link.cosine(view, self._window.view(other)) >= _COPY for other in kept):
                kept.append(at)
        return kept

    def _alike(self, view: View, places: Sequence[int]) -> float:
        return sum(self._window.score(view, at) for at in places) / len(places)


def _level(scores: Sequence[float], across: bool) -> float:
    """How alike a report and a story are: the mean over its reports; across languages over the better half of them,
    for a translation meets some wordings and not others."""
    counted = nlargest((len(scores) + 1) // 2, scores) if across else scores
    return sum(counted) / len(counted)


def _one_outlet(one: Signature, other: Signature) -> bool:
    return bool(one.source) and one.source == other.source


def _in_time(deal: Deal, before: Deal, later: timedelta | None) -> bool:
    """Whether a state can be of a deal told so long before: rounds follow each other faster than takeovers close."""
    if deal.type != "funding" or (deal.round and deal.round == before.round):
        return True
    return later is not None and later <= _ROUNDS


def _described(deal: Deal) -> str:
    """A deal in a few words."""
    who = [party.name for party in (deal.acquirer, deal.target) if party]
    sum_ = f"{deal.currency} {deal.amount:,}" if deal.amount else ""
    return " ".join(part for part in (" and ".join(who), sum_, deal.round) if part)


def main_state(signature: Signature) -> str:
    """The state of the deal that a report is about."""
    deal = main_deal(signature) or next(iter(signature.deals), None)
    return deal.status if deal else ""


def _after(one: Signature, other: Signature) -> bool:
    """Whether a report may be later than another; what has no time may be."""
    return one.at is None or other.at is None or one.at > other.at


def _spread(places: Sequence[int]) -> list[int]:
    """Up to six of them: the first, the last, and some between."""
    if len(places) <= _REPORTS:
        return list(places)
    step = (len(places) - 1) / (_REPORTS - 1)
    return [places[round(step * n)] for n in range(_REPORTS)]
