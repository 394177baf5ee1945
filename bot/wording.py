"""Deals in our own words, English whatever the language of the report: a sentence, a line, and the facts by label. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.figures import money, money_and_usd
from bot.model import Deal, DealStatus, Party
from bot.text import one_line

_PARTIES = 4  # investors that are named among the facts; the others are counted
_IN_SENTENCE = 3
_NAME = 60

_RAISES: dict[DealStatus, str] = {
    "announced": "raises",
    "closed": "has raised",
    "talks": "is in talks to raise",
    "rumoured": "is said to raise",
    "approved": "is cleared to raise",
    "cancelled": "will not raise",
}
_BUYS: dict[DealStatus, str] = {
    "announced": "buys",
    "closed": "has bought",
    "talks": "is in talks to buy",
    "rumoured": "is said to buy",
    "approved": "is cleared to buy",
    "cancelled": "will not buy",
}
_IS_BOUGHT: dict[DealStatus, str] = {
    "announced": "is bought",
    "closed": "has been bought",
    "talks": "is in talks to be bought",
    "rumoured": "is said to be bought",
    "approved": "is cleared to be bought",
    "cancelled": "will not be bought",
}
_LISTS: dict[DealStatus, str] = {
    "announced": "files for a listing",
    "closed": "is listed now",
    "talks": "prepares a listing",
    "rumoured": "is said to plan a listing",
    "approved": "is cleared for a listing",
    "cancelled": "drops its listing",
}
_NOT_DONE = {"talks": "in talks", "rumoured": "rumoured", "approved": "approved", "cancelled": "cancelled"}
_LETTERED = re.compile(r"[A-Z]\d?\+*")


def deal_sentence(deal: Deal) -> str:
    """What happened: `X Square Robot raises $140m (Series A+), led by Alibaba Cloud.`; "" if too little is known for one."""
    said = {"funding": _raised, "acquisition": _bought, "ipo": _listed}[deal.type](deal)
    return f"{said}." if said else ""


def deal_line(deal: Deal) -> str:
    """A deal in one line, without a verb: `X Square Robot · $140m · Series A+ · lead Alibaba Cloud`; "" if that would be a
    name alone."""
    facts = dict(deal_facts(deal))
    if facts.keys() in ({"Company"}, {"Buyer"}):
        return ""
    if deal.round:
        facts["Round"] = _series(deal.round)
    unlabelled = ("Company", "Amount", "Round")
    return " · ".join(value if label in unlabelled else f"{label.lower()} {value}" for label, value in facts.items())


def deal_facts(deal: Deal, instead: Sequence[tuple[str, str]] = ()) -> tuple[tuple[str, str], ...]:
    """What is known of a deal, by label, in the order in which people ask for it.

    `instead` has, by label, what to say where outlets contradict each other (bot.stories.told.conflicts).
    """
    disputed = dict(instead)
    facts = (
        ("Buyer", deal.acquirer.name if deal.acquirer else ""),
        ("Company", deal.target.name if deal.target else ""),
        ("Amount", money_and_usd(deal.amount, deal.currency, deal.amount_usd) if deal.amount is not None else ""),
        ("Round", deal.round),
        ("Lead", _listing(deal.lead)),
        ("Investors", _listing([party for party in deal.investors if party not in deal.lead])),
        ("Valuation", _sum(deal.valuation, deal.valuation_currency or deal.currency)),
        ("Raised in all", _sum(deal.total_raised, deal.total_currency or deal.currency)),
        ("Status", _NOT_DONE.get(deal.status, "")),
    )
    return tuple((label, disputed.get(label, value)) for label, value in facts if value)


def untold_facts(deal: Deal, instead: Sequence[tuple[str, str]] = ()) -> tuple[tuple[str, str], ...]:
    """The facts of a deal that its sentence does not say, or not in full, and those in dispute: what stands beside it."""
    disputed, told = {label for label, _ in instead}, _told(deal)
    return tuple(fact for fact in deal_facts(deal, instead) if fact[0] in disputed or fact[0] not in told)


def _told(deal: Deal) -> set[str]:
    """The labels of what the sentence of a deal says in full."""
    if not deal_sentence(deal):
        return set()
    named = {
        "Buyer": [deal.acquirer] if deal.acquirer and deal.type == "acquisition" else [],
        "Company": [deal.target] if deal.target else [],
        "Lead": deal.lead if deal.type == "funding" else (),
        "Investors": deal.investors if deal.type == "funding" and deal.target and not deal.lead else (),
    }
    told = {label for label, parties in named.items() if parties and _fits(parties)} | {"Status"}
    told |= set() if deal.type == "ipo" and deal.status == "cancelled" else {"Amount"}
    return told | ({"Round"} if deal.type == "funding" else set())


def _fits(parties: Sequence[Party]) -> bool:
    """Whether a sentence names all of them."""
    return len(parties) <= _IN_SENTENCE and all(_name(party) == one_line(party.name) for party in parties)


def _raised(deal: Deal) -> str:
    notes = [f"about {money(deal.amount_usd, 'USD')}"] if _converted(deal) and deal.amount_usd is not None else []
    if deal.amount is not None:
        notes += [_round_name(deal.round) + ("" if _LETTERED.fullmatch(deal.round) else " round")] if deal.round else []
        what = money(deal.amount, deal.currency) + (f" ({', '.join(notes)})" if notes else "")
    else:
        what = _a_round(deal.round) if deal.round else "money"
    who = _name(deal.target)
    if who:
        led = f", led by {_joined(deal.lead)}" if deal.lead else ""
        backed = f", from {_joined(deal.investors)}" if deal.investors and not deal.lead else ""
        return f"{who} {_RAISES[deal.status]} {what}{led or backed}"
    if not deal.lead or deal.status in _NOT_DONE:
        return ""
    what = f"a round of {what}" if deal.amount is not None else _a_round(deal.round)
    return f"{_joined(deal.lead)} {'leads' if len(deal.lead) == 1 else 'lead'} {what}"


def _bought(deal: Deal) -> str:
    buyer, target = _name(deal.acquirer), _name(deal.target)
    price = f" for {money_and_usd(deal.amount, deal.currency, deal.amount_usd)}" if deal.amount is not None else ""
    if buyer:
        return f"{buyer} {_BUYS[deal.status]} {target or 'a business'}{price}"
    return f"{target} {_IS_BOUGHT[deal.status]}{price}" if target else ""


def _listed(deal: Deal) -> str:
    who, done = _name(deal.target), deal.status == "closed"
    sum_ = money_and_usd(deal.amount, deal.currency, deal.amount_usd) if deal.amount is not None else ""
    raising = f", having raised {sum_}" if done else f" to raise {sum_}"
    tail = raising if sum_ and deal.status != "cancelled" else ""
    return f"{who} {_LISTS[deal.status]}{tail}" if who else ""


def _converted(deal: Deal) -> bool:
    return deal.amount is not None and deal.currency != "USD"


def _series(name: str) -> str:
    """A round as people call it: `Series A+`; `Seed` and `Pre-A` as they are."""
    return f"Series {name}" if _LETTERED.fullmatch(name) else name


def _round_name(name: str) -> str:
    """As it stands inside a sentence: `seed`, `Pre-A`, `Series A+`."""
    return name.lower() if name.isalpha() and len(name) > 1 else _series(name)


def _a_round(name: str) -> str:
    if not name:
        return "a round"
    said = _round_name(name)
    return f"{'an' if said[0].lower() in 'aeiou' else 'a'} {said} round"


def _name(party: Party | None) -> str:
    return one_line(party.name, _NAME) if party else ""


def _joined(parties: Sequence[Party]) -> str:
    """`A`, `A and B`, `A, B and C`, `A, B and 3 more`."""
    names = [_name(party) for party in parties]
    if len(names) > _IN_SENTENCE:
        names = [*names[: _IN_SENTENCE - 1], f"{len(names) - _IN_SENTENCE + 1} more"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _listing(parties: Sequence[Party]) -> str:
    names = [party.name for party in parties[:_PARTIES]]
    return ", ".join(names) + (f" and {len(parties) - _PARTIES} more" if len(parties) > _PARTIES else "")


def _sum(amount: int | None, currency: str) -> str:
    return money(amount, currency) if amount is not None else ""
