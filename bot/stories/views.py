"""One deal out of what all reports tell of it: the best-supported value of every field, and who says it or another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeVar

from bot.figures import money_and_usd
from bot.model import Deal, DealStatus, Party
from bot.stories import agree
from bot.stories.agree import Sum
from bot.stories.tellings import Said, Stand, Telling, outlets_of, own, ranked
from bot.text import UNSPACED, bare, one_line

FactKind = Literal["acquirer", "target", "amount", "round", "lead", "investors", "valuation", "total_raised", "status"]
Value = int | str | tuple[str, ...]
Others = tuple[tuple[str, tuple[str, ...]], ...]
"""Values against the best one, as they are shown, and who says each."""

PROGRESS: Mapping[DealStatus, int] = {
    "rumoured": 0,
    "talks": 0,
    "announced": 1,
    "approved": 2,
    "closed": 3,
    "cancelled": 4,
}
"""How far a deal is. Outlets say these in turn, not against each other, but that one is both closed and called off."""

_STATUSES: Mapping[DealStatus, str] = {"talks": "in talks", "cancelled": "called off"}
_MOST_PARTIES = 60
_SHOWN = 6
_NAME = 60
_HAN = re.compile(f"[{UNSPACED}]")
_VALUE = TypeVar("_VALUE", bound=Hashable)


class Point(NamedTuple):
    """One field of a deal: its best value, for people and for comparing, who says it, and what others say against it."""

    kind: FactKind
    shown: str
    value: Value
    sources: tuple[str, ...]
    others: Others = ()


@dataclass(frozen=True, slots=True)
class View:
    """A deal with its best values, and the points that they are."""

    deal: Deal
    points: tuple[Point, ...]


def view(group: Sequence[Telling]) -> View:
    """What the tellings of one deal, in the order of reporting, come to."""
    statuses = _statuses(group)
    decided = PROGRESS[statuses[0].value] > 0
    group = [replace(one, firm=not decided or PROGRESS[one.deal.status] > 0) for one in group]
    acquirers = ranked(_said(group, lambda deal: deal.acquirer), agree.parties)
    targets = ranked(_said(group, lambda deal: deal.target), agree.parties)
    amounts, valuations, totals = _amounts(group), _valuations(group), _totals(group)
    rounds = _rounds(group)
    leads = ranked(_said(group, lambda deal: deal.lead or None), agree.sets)
    backers = own(_said(group, lambda deal: deal.investors or None))
    lead = _united(own(one for one in leads[0].backers if agree.sets(leads[0].value, one.value) > 0)) if leads else ()
    others = tuple(one for one in _united(backers) if all(agree.parties(one, leader) < 1 for leader in lead))
    amount, valuation, total = (stands[0].value if stands else None for stands in (amounts, valuations, totals))
    deal = Deal(
        type=group[0].deal.type,
        target=_named(targets[0]) if targets else None,
        acquirer=_named(acquirers[0]) if acquirers else None,
        amount=amount.amount if amount else None,
        currency=amount.currency if amount else next((one.deal.currency for one in group if one.deal.currency), ""),
        amount_usd=amount.usd if amount else None,
        round=rounds[0].value if rounds else "",
        investors=(*lead, *others),
        lead=lead,
        valuation=valuation.amount if valuation else None,
        valuation_currency=valuation.currency if valuation else "",
        total_raised=total.amount if total else None,
        total_currency=total.currency if total else "",
        status=statuses[0].value,
    )
    points = (
        *_party_points("acquirer", acquirers, deal.acquirer),
        *_party_points("target", targets, deal.target),
        *_sum_points("amount", amounts),
        *_point("round", rounds, str, deal.round),
        *_lead_points(leads, lead),
        *_investor_points(others, backers),
        *_sum_points("valuation", valuations),
        *_sum_points("total_raised", totals),
        *_point("status", statuses, status_words, deal.status),
    )
    return View(deal, points)


def party_key(party: Party) -> str:
    """By what a party is compared: its id, or its name without case and marks."""
    return party.entity or bare(party.name)


def listing(parties: Sequence[Party]) -> str:
    """`A, B and C`, `A, B and 5 more`."""
    names = [one_line(one.name, _NAME) for one in parties]
    if len(names) > _SHOWN:
        names = [*names[: _SHOWN - 1], f"{len(names) - _SHOWN + 1} more"]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def status_words(status: DealStatus) -> str:
    """How a status reads."""
    return _STATUSES.get(status, status)


# -- the best value of each field --------------------------------------------------------------------------------------


def _said(group: Iterable[Telling], get: Callable[[Deal], _VALUE | None]) -> list[Said[_VALUE]]:
    """What each that says it says."""
    return [Said(value, one) for one in group if (value := get(one.deal)) is not None]


def _amounts(group: Sequence[Telling]) -> list[Stand[Sum]]:
    sums = [(one, Sum(one.deal.amount or 0, one.deal.currency, one.deal.amount_usd)) for one in group]
    return _best_sum("amount", [(one, said) for one, said in sums if one.deal.amount is not None])


def _valuations(group: Sequence[Telling]) -> list[Stand[Sum]]:
    """What they are worth is what the amounts' rates say."""
    rates = _rates(group)
    sums = [(one, one.deal.valuation, one.deal.valuation_currency or one.deal.currency) for one in group]
    return _best_sum("valuation", [(one, _sum(said, code, rates)) for one, said, code in sums if said is not None])


def _totals(group: Sequence[Telling]) -> list[Stand[Sum]]:
    rates = _rates(group)
    sums = [(one, one.deal.total_raised, one.deal.total_currency or one.deal.currency) for one in group]
    return _best_sum("total", [(one, _sum(said, code, rates)) for one, said, code in sums if said is not None])


def _best_sum(what: str, sums: Iterable[tuple[Telling, Sum]]) -> list[Stand[Sum]]:
    said = [Said(one._replace(rough=what in by.rough), by, what not in by.rough) for by, one in sums]
    return ranked(said, agree.sums)


def _rates(group: Iterable[Telling]) -> dict[str, tuple[int, int]]:
    """For each currency a sum, and what it is worth in dollars."""
    amounts = [(one.deal.currency, one.deal.amount, one.deal.amount_usd) for one in group]
    return {"USD": (1, 1)} | {
        currency: (said, usd)
        for currency, said, usd in sorted((currency, said, usd) for currency, said, usd in amounts if said and usd)
    }


def _sum(amount: int, currency: str, rates: Mapping[str, tuple[int, int]]) -> Sum:
    said, usd = rates.get(currency, (0, 0))
    return Sum(amount, currency, amount * usd // said if said else None)


def _rounds(group: Sequence[Telling]) -> list[Stand[str]]:
    said = _said(group, lambda deal: deal.round or None)
    return ranked([replace(one, exact=one.value not in agree.VAGUE_ROUNDS) for one in said], agree.rounds)


def _statuses(group: Sequence[Telling]) -> list[Stand[DealStatus]]:
    """The furthest that it is said to be, and what cannot be as well.

    A deal is "announced" where a report says nothing else, so that gives way to as many who call it a plan.
    """
    found: dict[DealStatus, list[Said[DealStatus]]] = {}
    said: list[Said[DealStatus]] = [Said(one.deal.status, one) for one in group]
    for one in own(said):
        found.setdefault(one.value, []).append(one)
    stands = [Stand(status, tuple(those)) for status, those in found.items()]
    stands.sort(key=lambda stand: (-PROGRESS[stand.value], -stand.voices, stand.value == "rumoured"))
    if {"closed", "cancelled"} <= found.keys():
        return sorted(stands[:2], key=lambda stand: -stand.voices)
    if stands[0].value == "announced" and not any(one.by.primary for one in stands[0].backers):
        stands.sort(key=lambda stand: (-stand.voices, PROGRESS[stand.value], stand.value == "rumoured"))
    return stands[:1]


# -- names -------------------------------------------------------------------------------------------------------------


def _named(stand: Stand[Party]) -> Party:
    """Whom the outlets name, by the name to show."""
    return _name_of([one.value for one in own(stand.backers)])


def _name_of(names: Sequence[Party]) -> Party:
    """Of names of one party: one of the gazetteer's, in Latin letters if somebody writes it so, the commonest, the fullest."""
    known = Counter(one.entity for one in names if one.entity)
    entity = max(known, key=lambda one: (known[one], one), default="")
    mine = [one.name for one in names if one.entity == entity]
    return Party(max(mine, key=lambda name: (not _HAN.search(name), mine.count(name), len(name), name)), entity)


def _united(lists: Sequence[Said[tuple[Party, ...]]]) -> tuple[Party, ...]:
    """Each party of all lists once.

    A name in another script may be of somebody whom the others name: it counts as new only beyond those.
    """
    kept: list[list[Party]] = []
    for said in sorted(lists, key=lambda one: (any(_HAN.search(party.name) for party in one.value), one.by.order)):
        free = list(range(len(kept)))
        unmatched = [party for party in said.value if not _take(party, kept, free, certain=True)]
        for party in unmatched:
            if not _take(party, kept, free, certain=False) and len(kept) < _MOST_PARTIES:
                kept.append([party])
    return tuple(_name_of(names) for names in kept)


def _take(party: Party, kept: Sequence[list[Party]], free: list[int], certain: bool) -> bool:
    """Whether a party is one of those that its list did not name yet, which it then has named."""
    for place in free:
        answers = [agree.parties(party, other) for other in kept[place]]
        if max(answers) > 0 or (not certain and not any(answers)):
            free.remove(place)
            if certain and len(kept[place]) < _MOST_PARTIES:
                kept[place].append(party)
            return True
    return False


# -- points ------------------------------------------------------------------------------------------------------------


def _point(
    kind: FactKind, stands: Sequence[Stand[_VALUE]], shown: Callable[[_VALUE], str], value: Value
) -> Iterator[Point]:
    """The best value as it is shown, and the others."""
    if stands:
        others = tuple((shown(one.value), one.outlets) for one in stands[1:])
        yield Point(kind, shown(stands[0].value), value, stands[0].outlets, others)


def _party_points(kind: FactKind, stands: Sequence[Stand[Party]], best: Party | None) -> Iterator[Point]:
    for point in _point(kind, stands, _party_shown, party_key(best) if best else ""):
        yield point._replace(shown=_party_shown(best) if best else "")


def _sum_points(kind: FactKind, stands: Sequence[Stand[Sum]]) -> Iterator[Point]:
    best = stands[0].value if stands else None
    return _point(kind, stands, _sum_shown, (best.amount if best.usd is None else best.usd) if best else 0)


def _lead_points(stands: Sequence[Stand[tuple[Party, ...]]], best: Sequence[Party]) -> Iterator[Point]:
    for point in _point("lead", stands, listing, tuple(map(party_key, best))):
        yield point._replace(shown=listing(best))


def _investor_points(others: Sequence[Party], lists: Sequence[Said[tuple[Party, ...]]]) -> Iterator[Point]:
    if others:
        naming = [one for one in lists if agree.sets(one.value, others) > 0] or lists
        yield Point("investors", listing(others), tuple(map(party_key, others)), outlets_of(naming))


def _party_shown(party: Party) -> str:
    return one_line(party.name, _NAME)


def _sum_shown(one: Sum) -> str:
    return money_and_usd(one.amount, one.currency, one.usd)
