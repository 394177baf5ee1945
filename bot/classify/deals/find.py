"""The deals that an item reports: what the clause patterns of its languages say, put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.classify.deals import en, zh
from bot.classify.deals.drafts import Draft, Said, Sum
from bot.classify.deals.join import Joined, core, entity_of, joined, same_name
from bot.classify.deals.rates import Rates
from bot.classify.passages import Passage
from bot.model import Deal, DealStatus, Evidence, Party

TRIGGERS: tuple[str, ...] = (*en.TRIGGERS, *zh.TRIGGERS)
"""Words one of which every deal has, so that other items are not read for deals at all."""

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]{2}")
_MOST = 60
"""Drafts of one item that are put together: each is compared with the deals before it, and no report has as many."""


def find_deals(passages: Sequence[Passage], at: datetime, rates: Rates) -> tuple[Deal, ...]:
    """All deals of an item, the main one first; `at` is when it was published, for the rates."""
    drafts = _drafts(passages)
    if not drafts:
        return ()

    def dollars(money: Sum) -> int | None:
        return None if money.amount is None else rates.usd(money.amount, money.currency, at.date())

    deals = [one for one in joined(drafts[:_MOST], dollars) if _is_deal(one)]
    deals.sort(key=lambda one: not one.main)
    return tuple(_deal(one, dollars(money) if (money := one.money()) else None) for one in deals)


def _drafts(passages: Sequence[Passage]) -> list[Draft]:
    """The drafts of each language that the item is in; a few Han characters in English text make it no Chinese one."""
    text = " ".join(passage.text for passage in passages)
    han = len(_HAN.findall(text[:4000]))
    if 10 * han > min(len(text), 4000):
        return zh.find(passages)
    found = en.find(passages) if _LATIN.search(text) else []
    return found if found or not han else zh.find(passages)


def _is_deal(deal: Joined) -> bool:
    """Whether enough is known to report it: who is funded, bought or listed."""
    return any(draft.target for draft in deal.drafts)


def _deal(one: Joined, amount_usd: int | None) -> Deal:
    money, valuation = one.money(), one.first(lambda draft: draft.valuation)
    total = one.first(lambda draft: draft.total)
    target = one.name(lambda draft: draft.target)
    acquirer = one.name(lambda draft: draft.acquirer)
    apart = tuple(said for said in (target,) if said)
    lead = _united((said for draft in one.drafts for said in draft.lead), apart)
    investors = _united((*lead, *(said for draft in one.drafts for said in draft.investors)), apart)
    return Deal(
        type=one.drafts[0].type,
        target=_party(target),
        acquirer=_party(acquirer),
        amount=money.amount if money else None,
        currency=money.currency if money else "",
        amount_usd=amount_usd,
        round=one.round(),
        investors=tuple(party for said in investors if (party := _party(said))),
        lead=tuple(party for said in lead if (party := _party(said))),
        valuation=valuation.amount if valuation else None,
        valuation_currency=valuation.currency if valuation else "",
        total_raised=total.amount if total else None,
        total_currency=total.currency if total else "",
        status=_status(one),
        evidence=_evidence(one, target, acquirer, investors, lead),
    )


def _status(one: Joined) -> DealStatus:
    """What the news says first; that something is closed counts wherever it stands, unless it fell through."""
    said = [draft.status for draft in sorted(one.drafts, key=lambda draft: not draft.main) if draft.status]
    return said[0] if said else "announced"


def _party(said: Said | None) -> Party | None:
    return Party(said.words, entity_of(said)) if said else None


def _united(names: Iterable[Said], apart: Sequence[Said]) -> list[Said]:
    """Each party once, by its fullest name."""
    kept: list[Said] = []
    for said in names:
        if any(same_name(said, other) for other in apart):
            continue
        for place, other in enumerate(kept):
            if same_name(said, other):
                if len(core(said.words)) > len(core(other.words)):
                    kept[place] = said
                break
        else:
            kept.append(said)
    return kept


def _evidence(
    one: Joined, target: Said | None, acquirer: Said | None, investors: Sequence[Said], lead: Sequence[Said]
) -> tuple[Evidence, ...]:
    """The words that each field was read from."""
    main = one.drafts[0]
    found = [main.passage.evidence("deal.trigger", main.start, main.end)]
    named = [("deal.target", target), ("deal.acquirer", acquirer), ("deal.amount", one.money())]
    stage = one.first(lambda draft: draft.stage)
    parts: list[tuple[str, Said | Sum | None]] = [*named, ("deal.valuation", one.first(lambda draft: draft.valuation))]
    parts += [("deal.total", one.first(lambda draft: draft.total))]
    parts += [("deal.lead", said) for said in lead]
    parts += [("deal.investor", said) for said in investors if said not in lead]
    found += [part.passage.evidence(what, part.start, part.end) for what, part in parts if part]
    if stage:
        found.append(stage.passage.evidence("deal.round", stage.start, stage.end))
    if status := next((draft for draft in one.drafts if draft.status), None):
        found.append(status.passage.evidence("deal.status", status.start, status.end))
    return tuple(found)
