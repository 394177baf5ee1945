"""How well deals are read, field by field, against labelled ones.

A label `{"either": [a, b]}` says that the labellers disagreed, and either is right. `deals_disputed` were seen by one of them
only: finding one is neither right nor wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.classify.knowledge.seeds import Knowledge
from bot.classify.match import Matcher
from bot.evals.gold import Labelled
from bot.rows import deal_row
from bot.text import fold, level

_FIELDS = ("amount", "target", "round", "lead", "investors", "acquirer", "valuation", "total_raised", "status")
_LEGAL = re.compile(
    r"(?:\b(?:inc|ltd|llc|corp|co|gmbh|ag|plc|limited|corporation|company)\b\.?|股份有限公司|有限责任公司|有限公司|集团|公司)+$"
)
_DROPPED = re.compile(r"[\W_]+|(?<=\w)'s\b")


def score_deals(knowledge: Knowledge, labelled: Sequence[Labelled]) -> Iterator[dict[str, Any]]:
    """One row for each field, then precision and recall of deals, then one for each error."""
    matcher = Matcher(knowledge)
    right: Counter[str] = Counter()
    pairs = found = wanted = wrong = 0
    errors: list[dict[str, Any]] = []
    for one in labelled:
        deals = [deal_row(deal) for deal in matcher.read(one.item)[0].deals]
        gold = one.gold.get("deals") or []
        matched, spare, missed = align(deals, gold)
        disputed = [deal for deal in spare if align([deal], one.gold.get("deals_disputed") or [])[0]]
        pairs, wanted, wrong = pairs + len(matched), wanted + len(gold), wrong + len(spare) - len(disputed)
        found += len(deals) - len(disputed)
        for ours, theirs in matched:
            good = {field for field in _FIELDS if _right(field, ours, theirs)}
            right.update(good)
            errors += [
                {"error": field, "title": one.item.title, "ours": ours[field], "gold": theirs.get(field)}
                for field in _FIELDS
                if field not in good
            ]
        errors += [
            {"error": "not a deal", "title": one.item.title, "ours": _brief(d)} for d in spare if d not in disputed
        ]
        errors += [{"error": "missed", "title": one.item.title, "gold": _brief(deal)} for deal in missed]
    for field in _FIELDS:
        name = "amount+currency" if field == "amount" else field
        yield {"eval": "deals", "case": name, "n": pairs, "accuracy": _share(right[field], pairs)}
    yield {"eval": "deals", "case": "precision", "n": found, "accuracy": _share(pairs, found), "wrong": wrong}
    yield {"eval": "deals", "case": "recall", "n": wanted, "accuracy": _share(pairs, wanted)}
    yield from ({"eval": "deals", "case": "error", **error} for error in errors)


def align(
    ours: Sequence[dict[str, Any]], gold: Sequence[dict[str, Any]]
) -> tuple[list[tuple[dict[str, Any], dict[str, Any]]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Pairs of the same type that are most alike, each used once; then ours and theirs that are left.

    A pair needs the same target, or the same known amount, or to be the only ones of their type.
    """
    scored = sorted(
        ((_likeness(a, b), i, j) for i, a in enumerate(ours) for j, b in enumerate(gold) if a["type"] == b["type"]),
        reverse=True,
    )
    pairs: list[tuple[int, int]] = []
    for likeness, i, j in scored:
        if likeness > 0 and i not in {p for p, _ in pairs} and j not in {q for _, q in pairs}:
            pairs.append((i, j))
    left, missed = [i for i in range(len(ours)) if i not in dict(pairs)], set(range(len(gold))) - {j for _, j in pairs}
    for kind in ("funding", "acquisition", "ipo"):
        mine = [i for i in left if ours[i]["type"] == kind]
        theirs = [j for j in missed if gold[j]["type"] == kind]
        if len(mine) == len(theirs) == 1:
            pairs.append((mine[0], theirs[0]))
            left.remove(mine[0])
            missed.remove(theirs[0])
    return (
        [(ours[i], gold[j]) for i, j in pairs],
        [ours[i] for i in left],
        [gold[j] for j in sorted(missed)],
    )


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two spellings are of one name: without case, spaces, punctuation and legal forms, one inside the other."""
    if one is None or other is None:
        return one is other
    a, b = _bare(one), _bare(other)
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) >= (2 if not short.isascii() else 4) and short in long)


def _bare(name: str) -> str:
    text = _LEGAL.sub("", fold(level(name)).strip())
    return _DROPPED.sub("", text)


def _likeness(ours: dict[str, Any], gold: dict[str, Any]) -> float:
    target = 2.0 * _right("target", ours, gold) if ours["target"] else 0.0
    amount = 1.0 * (ours["amount"] is not None and _right("amount", ours, gold))
    return target + amount + 0.5 * _right("round", ours, gold) * bool(target or amount)


def _right(field: str, ours: dict[str, Any], gold: dict[str, Any]) -> bool:
    if field == "amount":
        return any(
            ours["amount"] == amount and (amount is None or ours["currency"] == currency)
            for amount in _choices(gold.get("amount"))
            for currency in _choices(gold.get("currency"))
        )
    mine = ours[field]
    return any(_equal(field, mine, theirs) for theirs in _choices(gold.get(field)))


def _equal(field: str, mine: Any, theirs: Any) -> bool:
    if field in ("target", "acquirer"):
        return same_name(mine, theirs)
    if field in ("lead", "investors"):
        theirs = theirs or []
        return len(mine) == len(theirs) and all(any(same_name(a, b) for b in theirs) for a in mine)
    if field == "round":
        return fold(mine or "") == fold(theirs or "")
    return bool(mine == theirs)


def _choices(value: Any) -> Iterable[Any]:
    return value["either"] if isinstance(value, dict) and "either" in value else (value,)


def _brief(deal: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in deal.items() if value not in (None, [], {}) and key not in ("spans", "entities")
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
