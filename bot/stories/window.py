"""The reports of the last days in memory, found by the words, names and numbers that few of them have."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.stories import link
from bot.stories.dealbook import DealBook
from bot.stories.packed import glance, pack, slim, unpack
from bot.stories.postings import Postings
from bot.stories.signature import Signature
from bot.stories.view import View
from bot.stories.weights import Weights

DAYS = timedelta(days=7)
"""How long a report takes others in; what comes later is another event, or a development of a deal."""

_FOUND = 40
_LEAST = 9.0  # what the words that two reports share must weigh for one to be compared with the other: a rare one
_ENOUGH = 1.3
"""In one language they must weigh as much as so many words that nobody uses: of what shares less one in 300 is of one event."""

_KEPT_VIEWS = 1_500


@dataclass(slots=True)
class Report:
    """A report in the window: what is left of its signature, what is compared of it, and the story that it is in now."""

    signature: Signature
    packed: bytes
    story: int


@dataclass(slots=True)
class Members:
    """A story in the window: places of its reports, in the order of placing, and the story that it follows (0: none)."""

    reports: list[int] = field(default_factory=list)
    follows: int = 0


class Window:
    """Reports and stories. Memory is three kilobytes a report."""

    def __init__(self) -> None:
        self.weights = Weights()
        self.reports: dict[int, Report] = {}
        self.stories: dict[int, Members] = {}
        self.deals = DealBook()
        self._followers: dict[int, list[int]] = {}
        self._having = Postings()
        self._chinese: set[int] = set()
        self._links: dict[int, int] = {}
        self._titles: dict[int, int] = {}
        self._views: OrderedDict[int, View] = OrderedDict()
        self._next = 0
        self._newest: datetime | None = None

    def __len__(self) -> int:
        return len(self.reports)

    def add(self, signature: Signature, story: int, follows: int = 0, view: View | None = None) -> int:
        """Add a report to a story; answers its place."""
        at, self._next = self._next, self._next + 1
        made, left = view or View(signature, self.weights), slim(signature)
        self.reports[at] = Report(left, pack(made), story)
        self.weights.seen((*made.said.every, *made.marks))
        self._members(story, follows).reports.append(at)
        if signature.han:
            self._chinese.add(at)
        if signature.deals and not signature.roundup:
            self.deals.add(at, left)
        if signature.link_key is not None:
            self._links[signature.link_key] = at
        if signature.title_key is not None:
            self._titles[signature.title_key] = at
        if not signature.roundup:
            for _, word in made.keys:
                self._having.add(word, at)
        if signature.at is not None and (self._newest is None or signature.at > self._newest):
            self._newest = signature.at
        return at

    def view(self, at: int) -> View:
        """A report, ready to be compared."""
        found = self._views.get(at)
        if found is None:
            report = self.reports[at]
            found = self._views[at] = unpack(report.packed, report.signature, self.weights)
            if len(self._views) > _KEPT_VIEWS:
                self._views.popitem(last=False)  # the one that was not asked for the longest
        else:
            self._views.move_to_end(at)
        return found

    def score(self, view: View, at: int) -> float:
        """`link.score` of a report and one in the window, which is unpacked only if they are no strangers."""
        if at not in self._views:
            report = self.reports[at]
            if link.strangers(view, glance(report.packed), report.signature.han):
                return link.FLOOR
        return link.score(view, self.view(at))

    def same_link(self, signature: Signature) -> Report | None:
        """The newest report of that link."""
        return self._known(self._links, signature.link_key, signature)

    def same_title(self, signature: Signature) -> Report | None:
        """The newest report of that title."""
        return self._known(self._titles, signature.title_key, signature)

    def _known(self, keys: dict[int, int], key: int | None, signature: Signature) -> Report | None:
        at = keys.get(key) if key is not None else None
        found = self.reports.get(at) if at is not None else None
        return found if found is not None and near(found.signature, signature) else None

    def like(self, view: View) -> list[tuple[float, int]]:
        """The reports that share the most telling words with one, with what these weigh, most first."""
        han, reports, foreign = view.signature.han, self.reports, self._chinese
        least = _ENOUGH * self.weights.most()
        return [
            (-weight, at)
            for weight, at in _heaviest(self._shared(view), least)
            if (-weight >= least or (at in foreign) != han) and near(reports[at].signature, view.signature)
        ]

    def _shared(self, view: View) -> dict[int, float]:
        """What the words weigh that a report has in common with others."""
        shared: dict[int, float] = {}
        get, having, index = shared.get, self._having.of, view.index
        left = sum([weight for weight, _ in index])
        for weight, word in index:
            if left >= _LEAST:
                for at in having(word):
                    shared[at] = get(at, 0.0) + weight
            else:  # the words to come, which many reports have, would not be enough alone
                for at in having(word):
                    if at in shared:
                        shared[at] += weight
            left -= weight
        return shared

    def of_story(self, story: int) -> Sequence[int]:
        """The places of its reports; none of a story that is not in the window."""
        members = self.stories.get(story)
        return members.reports if members else ()

    def move(self, places: Sequence[int], story: int, follows: int = 0) -> None:
        """Put reports into another story."""
        for at in places:
            report = self.reports[at]
            self.stories[report.story].reports.remove(at)
            report.story = story
            members = self._members(story, follows)
            members.reports.append(at)
            members.reports.sort()

    def follow(self, gone: int, into: int) -> None:
        """Let the developments of one story be those of another."""
        for story in self._followers.pop(gone, ()):
            if story in self.stories:
                self.stories[story].follows = into
                self._followers.setdefault(into, []).append(story)

    def _members(self, story: int, follows: int) -> Members:
        found = self.stories.get(story)
        if found is None:
            found = self.stories[story] = Members(follows=follows)
            if follows:
                self._followers.setdefault(follows, []).append(story)
        return found

    def forget(self, keep: timedelta) -> None:
        """Drop what is older than the window, but not what it is still needed for: deals, for as long as `keep`."""
        if self._newest is None:
            return
        old, ancient = self._newest - DAYS, self._newest - keep
        gone = {at for at, one in self.reports.items() if _before(one.signature, old)}
        if 2 * len(gone) < len(self.reports):
            return
        dropped = {
            at for at in gone if _before(self.reports[at].signature, ancient) or not self.reports[at].signature.deals
        }
        self._having.drop(gone)
        self._chinese -= gone
        for story in {self.reports.pop(at).story for at in dropped}:
            members = self.stories[story]
            members.reports = [at for at in members.reports if at not in dropped]
            if not members.reports:
                del self.stories[story]
        for keys in (self._links, self._titles):
            for key in [key for key, at in keys.items() if at in dropped]:
                del keys[key]
        self.deals.drop(dropped)
        self._views.clear()

    def telling(self) -> Iterator[int]:
        """Stories in the window, in the order of their ids."""
        yield from sorted(self.stories)


def _heaviest(shared: Mapping[int, float], least: float) -> list[tuple[float, int]]:
    """The most telling of those that weigh `_LEAST`, with their weights negative: mostly enough of them weigh more than that."""
    found = [(-weight, at) for at, weight in shared.items() if weight >= least]
    if len(found) < _FOUND:
        found = [(-weight, at) for at, weight in shared.items() if weight >= _LEAST]
    return sorted(found)[:_FOUND]


def near(one: Signature, other: Signature) -> bool:
    """Whether the times of two reports let them tell one event; what has no time may be of any."""
    return one.at is None or other.at is None or abs(one.at - other.at) <= DAYS


def _before(signature: Signature, when: datetime) -> bool:
    return signature.at is not None and signature.at < when
