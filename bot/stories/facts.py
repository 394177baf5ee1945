"""What the outlets say of one event: who told it first, what each says of every fact, what they agree on, what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model import Deal, EventType, Party, StoredItem
from bot.stories import agree
from bot.stories.credits import credit
from bot.stories.outlets import host, is_own, outlet_key, publishes_unchanged
from bot.stories.tellings import Telling, grouped, tellings
from bot.stories.views import PROGRESS, FactKind, Others, Value, listing, party_key, view

_MOST_REPORTS = 100
"""Reports of an event that are read: its first and its newest; what was said in between is said by others too."""

_CHAIN = 5
"""How far credits are followed: an outlet that credits one that credits another."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet that reports the event, with its first report's link and time.

    `credits` is the original that it names ("Source: Tech in Asia"), "" if none. `primary`: it did it, publishes the words of
    those who did (a newsroom, a wire for press releases, a filing), or is the original that others credit. `copy`: it told
    nothing in words of its own.
    """

    name: str
    link: str
    at: datetime
    credits: str = ""
    primary: bool = False
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is said of a deal, and by which outlets, the first to say it first.

    `shown` is for people. `value` is for comparing: a sum in dollars (in its currency where nobody knows its worth), a
    round, a status, the keys of parties. `others` are values that contradict it, as shown and by whom, most supported first.
    `deal` is the place of its deal in `StoryFacts.deals`. The fact "investors" has those that are no leads.
    """

    kind: FactKind
    shown: str
    value: Value
    sources: tuple[str, ...]
    others: Others = ()
    deal: int = 0


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """One event as its reports tell it together.

    `outlets` are in the order of reporting, `first` is the first of them, `primary` the one to read: the source itself if it
    is there. Each of `deals` has the best-supported value of every field, and no evidence; `facts` are those values one by
    one. `main` says that the event is the first of the deals; the others are its background.
    """

    outlets: tuple[Outlet, ...]
    primary: Outlet
    first: Outlet
    event: EventType = "other"
    deals: tuple[Deal, ...] = ()
    facts: tuple[Fact, ...] = ()
    main: bool = False


@dataclass(frozen=True, slots=True)
class _Heard:
    """A report, its outlet's name and key, when it was told, whom it credits, and how near to the event it is (0 to 2)."""

    report: StoredItem
    name: str
    key: str
    at: datetime
    credits: str
    near: int = 0


def facts_of(reports: Sequence[StoredItem], called: Callable[[str], str] | None = None) -> StoryFacts:
    """What the reports of one event, at least one, in the order of storing, tell of it together.

    Outlets that only have another's words, or credit one original, are one voice. The value with most voices wins; against
    as many a primary source wins, then an exact value against a rough one, then the later one. `called` answers the usual
    name of an entity's id, "" for one that it does not know; without it parties are named as the reports do.
    """
    heard = _heard([_renamed(one, called) for one in reports] if called else reports)
    voices = _voices(heard)
    event = _event(heard)
    told = [
        telling
        for order, one in enumerate(heard)
        for telling in tellings(one.report, one.name, voices[order], one.near > 0, one.at, order)
    ]
    groups = sorted(grouped(told), key=lambda group: _standing(group, event))
    views = [view(group) for group in groups]
    outlets = _outlets(heard)
    return StoryFacts(
        outlets=tuple(outlet for outlet, _ in outlets),
        primary=max(outlets, key=lambda pair: (not pair[0].copy or pair[1] > 1, pair[1]))[0],
        first=outlets[0][0],
        event=event,
        deals=tuple(one.deal for one in views),
        facts=tuple(Fact(*point, deal=place) for place, one in enumerate(views) for point in one.points),
        main=bool(groups) and _is_event(groups[0], event),
    )


def news(before: StoryFacts, after: StoryFacts) -> tuple[Fact, ...]:
    """What is known of the event now and was not: the deal's facts that had no value, new names, and how far it is.

    Only of the deal that is the event. Other words, another currency, a rounder sum or another value for what had one are no
    news: the last is a conflict. An amount that was rumoured and is now announced otherwise is. Of lists, the fact has the
    new names; its sources are the outlets that had not told.
    """
    if not after.main:
        return ()
    deal = after.deals[0]
    known = max(range(len(before.deals)), key=lambda at: agree.deals(deal, before.deals[at], True), default=None)
    if known is not None and not agree.deals(deal, before.deals[known], True):
        known = None
    old = None if known is None else before.deals[known]
    had = {fact.kind: fact for fact in before.facts if fact.deal == known}
    found = []
    for fact in after.facts:
        if fact.deal == 0 and (new := _new(fact, old, deal)):
            fresh = tuple(name for name in fact.sources if fact.kind not in had or name not in had[fact.kind].sources)
            found.append(replace(new, sources=fresh or fact.sources))
    return tuple(found)


def _new(fact: Fact, old: Deal | None, deal: Deal) -> Fact | None:
    """The fact as far as it is new; None if it is not, or of a kind that is background."""
    match fact.kind:
        case "lead":
            return _of_parties(fact, _new_leads(old, deal))
        case "investors":
            return _of_parties(fact, _new_investors(old, deal))
        case "status":
            new = _further(old, deal)
        case "amount":
            new = old is None or old.amount is None or _decided_otherwise(old, deal)
        case "target":
            new = deal.type == "acquisition" and (old is None or old.target is None)
        case "total_raised":
            new = False
        case _:
            new = old is None or not getattr(old, fact.kind)
    return fact if new else None


def _further(old: Deal | None, deal: Deal) -> bool:
    """Whether a deal is further than it was. That a round is closed is how some outlets say that it is announced."""
    if old is None:
        return deal.status != "announced" and not (deal.type == "funding" and deal.status == "closed")
    if deal.type == "funding" and {old.status, deal.status} == {"announced", "closed"}:
        return False
    return PROGRESS[deal.status] > PROGRESS[old.status]


def _decided_otherwise(old: Deal, deal: Deal) -> bool:
    here, there = agree.amount_of(old), agree.amount_of(deal)
    if old.status not in ("talks", "rumoured") or deal.status in ("talks", "rumoured") or not (here and there):
        return False
    return agree.sums(here, there) < 0


def _new_leads(old: Deal | None, deal: Deal) -> list[Party]:
    """Leads that nobody can have meant before; none if the leads are now others than before, which is a conflict."""
    if old is None or not old.lead:
        return list(deal.lead)
    if agree.sets(old.lead, deal.lead) < 1:
        return []
    return [one for one in deal.lead if _unheard(one, old.lead)]


def _new_investors(old: Deal | None, deal: Deal) -> list[Party]:
    """Investors beside the leads that nobody can have meant before, if one of them is known to us."""
    known = old.investors if old else ()
    named = [one for one in deal.investors if one not in deal.lead and _unheard(one, known)]
    return named if any(one.entity for one in named) else []


def _unheard(party: Party, known: Sequence[Party]) -> bool:
    return all(agree.parties(party, one) < 0 for one in known)


def _of_parties(fact: Fact, parties: Sequence[Party]) -> Fact | None:
    return replace(fact, shown=listing(parties), value=tuple(map(party_key, parties))) if parties else None


def _renamed(report: StoredItem, called: Callable[[str], str]) -> StoredItem:
    """With the usual names of whom we know."""

    def usual(party: Party) -> Party:
        return Party(called(party.entity) or party.name, party.entity) if party.entity else party

    deals = tuple(
        replace(
            deal,
            target=deal.target and usual(deal.target),
            acquirer=deal.acquirer and usual(deal.acquirer),
            investors=tuple(map(usual, deal.investors)),
            lead=tuple(map(usual, deal.lead)),
        )
        for deal in report.deals
    )
    return replace(report, deals=deals)


# -- outlets -----------------------------------------------------------------------------------------------------------


def _heard(reports: Sequence[StoredItem]) -> list[_Heard]:
    """The reports in the order of telling."""
    half = _MOST_REPORTS // 2
    read = [*reports] if len(reports) <= _MOST_REPORTS else [*reports[:half], *reports[-half:]]
    parties = {name for one in read for name in _doers(one)}
    found = [_hear(one, parties) for one in read]
    found.sort(key=lambda one: (one.at, one.report.item.id))
    originals = {outlet_key(one.credits) for one in found if one.credits}
    return [replace(one, near=1) if one.near == 0 and one.key in originals else one for one in found]


def _hear(one: StoredItem, parties: set[str]) -> _Heard:
    item = one.item
    name = item.source or host(item.link) or "unknown"
    own = publishes_unchanged(item.source, item.link) or is_own(item.source, item.link, parties)
    return _Heard(one, name, outlet_key(name), told_at(one), credit(item.title, item.summary, name), 2 if own else 0)


def told_at(one: StoredItem) -> datetime:
    """When it was published; when it was seen, where the feed gives but a day or a time to come."""
    said = one.item.published
    return one.fetched if said > one.fetched or (said.hour, said.minute, said.second) == (0, 0, 0) else said


def _doers(one: StoredItem) -> Iterator[str]:
    """Names and ids of those who have a part in what is reported."""
    yield from one.actors
    for deal in one.deals:
        for party in (deal.target, deal.acquirer, *deal.investors):
            if party:
                yield from (party.name, party.entity) if party.entity else (party.name,)


def _voices(heard: Sequence[_Heard]) -> list[str]:
    """Whose knowledge each report has: the end of its chain of credits; "" for a copy, unless all are copies."""
    credited = {one.key: outlet_key(one.credits) for one in reversed(heard) if one.credits}
    copies = [one.report.copy for one in heard]
    if all(copies):
        copies[0] = False
    return ["" if copy else _origin(one.key, credited) for one, copy in zip(heard, copies, strict=True)]


def _origin(key: str, credited: Mapping[str, str]) -> str:
    passed = [key]
    while len(passed) <= _CHAIN and (after := credited.get(passed[-1])):
        if after in passed:
            return min(passed[passed.index(after) :])
        passed.append(after)
    return passed[-1]


def _outlets(heard: Sequence[_Heard]) -> list[tuple[Outlet, int]]:
    """Each outlet once, with how near to the event it is."""
    of: dict[str, list[_Heard]] = {}
    for one in heard:
        of.setdefault(one.key, []).append(one)
    found = []
    for reports in of.values():
        near, first = max(one.near for one in reports), reports[0]
        credits = next((one.credits for one in reports if one.credits), "")
        copy = all(one.report.copy for one in reports)
        found.append((Outlet(first.name, first.report.item.link, first.at, credits, near > 0, copy), near))
    return found


# -- the event ---------------------------------------------------------------------------------------------------------


def _event(heard: Sequence[_Heard]) -> EventType:
    """What most outlets tell that happened, of as many what was told first."""
    own = [one for one in heard if not one.report.copy] or heard[:1]
    counted = Counter(one.report.event for one in own)
    return max(counted, key=lambda event: counted[event])


def _is_event(group: Sequence[Telling], event: EventType) -> bool:
    return group[0].deal.type == event and any(one.main for one in _own(group))


def _standing(group: Sequence[Telling], event: EventType) -> tuple[bool, bool, int, int, int]:
    """By what deals are sorted: not from copies alone, the event, told as such by most, told by most, told first."""
    own = _own(group)
    as_event = len({one.voice for one in own if one.main and one.deal.type == event})
    return (not own[0].voice, not _is_event(group, event), -as_event, -len({one.voice for one in own}), own[0].order)


def _own(group: Sequence[Telling]) -> Sequence[Telling]:
    """Without copies, unless there are only copies."""
    return [one for one in group if one.voice] or group
