"""Why an item was told, or was not: in one short paragraph, with a piece of its text in which the words are marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.classify.feedback import Judgement, Learned, effect
from bot.classify.query.explain import Explanation
from bot.figures import money, money_and_usd
from bot.model import Classification, Deal, Evidence, Field, Item, Party

_WIDTH = 220  # characters of a snippet
_TERMS, _WORDS, _NAMES, _MISSING, _MOVED = 5, 3, 6, 4, 3
_DEALS = {"funding": "a funding round", "acquisition": "an acquisition", "ipo": "a listing"}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of an item's text; `spans` are [start, end) offsets in it of the words that count."""

    text: str
    spans: tuple[tuple[int, int], ...]
    field: Field


# -- the words in their place ------------------------------------------------------------------------------------------


def snippet(item: Item, evidence: Iterable[Evidence], width: int = _WIDTH) -> Snippet | None:
    """About `width` characters of title or summary around the strongest evidence; None if none stands in them.

    The words marked are those of the item, character for character.
    """
    found = [one for one in evidence if one.field in ("title", "summary") and one.start < one.end]
    if not found:
        return None
    field, start, end = _window(found, width)
    text = item.title if field == "title" else item.summary
    start, end = _widened(text, start, end, width)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    inside = [one for one in found if one.field == field and start <= one.start and one.end <= end]
    shift = len(before) - start
    spans = _joined((one.start + shift, one.end + shift) for one in inside)
    return Snippet(f"{before}{text[start:end]}{after}", spans, field)


def _window(found: Sequence[Evidence], width: int) -> tuple[Field, int, int]:
    """The field and the stretch of it in which the most weight stands, each place counted once; of equals the first."""
    weights: dict[tuple[Field, int, int], float] = {}
    for one in found:
        place = (one.field, one.start, one.end)
        weights[place] = max(one.weight, weights.get(place, 0.0))
    places = sorted(weights, key=lambda place: (place[0] == "summary", place[1]))
    best, most = places[0], -1.0
    for field, start, end in places:
        inside = [p for p in places if p[0] == field and start <= p[1] and p[2] <= max(start + width * 3 // 4, end)]
        weight = sum(weights[place] for place in inside)
        if weight > most:
            best, most = (field, start, max(place[2] for place in inside)), weight
    return best


def _widened(text: str, start: int, end: int, width: int) -> tuple[int, int]:
    """The stretch with as much text around it as fits, cut between words and never inside a character."""
    if len(text) <= width:
        return 0, len(text)
    room = max(width - (end - start), 0)
    first = max(start - room // 3, 0)
    last = min(first + max(width, end - start), len(text))
    first = max(min(first, last - width), 0)
    if first:
        space = text.find(" ", first, start)
        first = space + 1 if 0 <= space < first + 20 else first
    if last < len(text):
        space = text.rfind(" ", max(end, last - 20), last)
        last = space if space > 0 else last
    while first and _continues(text[first]):
        first -= 1
    while last < len(text) and _continues(text[last]):
        last += 1
    return first, max(last, end)


def _continues(char: str) -> bool:
    """Whether it belongs to the character before it."""
    return unicodedata.category(char)[0] == "M" or char in "\u200d\ufe0f"


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In their order, overlapping ones made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


# -- what spoke for it, and what was missing ---------------------------------------------------------------------------


def met(about: Classification, evidence: Iterable[Evidence]) -> str:
    """The terms that hold, by which words, and where: `topic:robotics (0.91) by “robot” in the title`."""
    terms: dict[str, dict[tuple[str, Field], None]] = {}
    for one in evidence:
        terms.setdefault(one.what, {})[one.words, one.field] = None
    said = [_term(what, list(words), about) for what, words in list(terms.items())[:_TERMS]]
    return "; ".join(said) + _more(len(terms), _TERMS)


def _term(what: str, words: Sequence[tuple[str, Field]], about: Classification) -> str:
    kind, _, value = what.partition(":")
    score = f" ({about.topics[value]:.2f})" if kind == "topic" and value in about.topics else ""
    where: dict[str, list[str]] = {}
    for word, field in words[:_WORDS]:
        place = {"title": "in the title", "summary": "in the summary", "source": "the outlet", "lang": "the language"}
        where.setdefault(place[field], []).append(f"“{word}”")
    shown = " and ".join(f"{', '.join(quoted)} {place}" for place, quoted in where.items())
    return f"{what}{score} by {shown}{_more(len(words), _WORDS)}"


def missed(explanation: Explanation) -> str:
    """What a query that does not hold lacks: `event:funding: the event is a launch; ...`."""
    if not explanation.missing:
        return "the query does not hold"
    said = [f"{one.term}: {one.why}" for one in explanation.missing[:_MISSING]]
    return "; ".join(said) + _more(len(explanation.missing), _MISSING)


def _more(count: int, shown: int) -> str:
    return f" and {count - shown} more" if count > shown else ""


# -- what the item is about --------------------------------------------------------------------------------------------


def gist(about: Classification) -> str:
    """Entities with their roles, event and deals, in words; empty if nothing of it was found."""
    parts = [deal_words(deal) for deal in about.deals]
    if about.event != "other":
        parts.insert(0, f"the event is {about.event}")
    if about.mentions:
        named = [f"{one.name} ({one.role})" if one.role != "mention" else one.name for one in about.mentions]
        parts.append(f"it names {', '.join(named[:_NAMES])}{_more(len(named), _NAMES)}")
    return "; ".join(parts)


def deal_words(deal: Deal) -> str:
    """`a funding round: X Square Robot, $140m A+, lead Alibaba Cloud`."""
    price = "" if deal.amount is None else money_and_usd(deal.amount, deal.currency, deal.amount_usd)
    size = " ".join(part for part in (price, deal.round) if part)
    others = [party for party in deal.investors if party not in deal.lead]
    parts = [
        deal.target.name if deal.target else "",
        size,
        f"by {deal.acquirer.name}" if deal.acquirer else "",
        f"lead {_names(deal.lead)}" if deal.lead else "",
        f"with {_names(others)}" if others else "",
        f"valued at {money(deal.valuation, deal.valuation_currency)}" if deal.valuation else "",
        f"{money(deal.total_raised, deal.total_currency)} in total" if deal.total_raised else "",
        deal.status if deal.status != "announced" else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{_DEALS[deal.type]}: {said}" if said else _DEALS[deal.type]


def _names(parties: Sequence[Party]) -> str:
    names = [party.name for party in parties]
    return ", ".join(names[:_WORDS]) + _more(len(names), _WORDS)


# -- feedback ----------------------------------------------------------------------------------------------------------


def weighed(judgement: Judgement, learned: Learned) -> str:
    """What feedback did to a match; empty if there is none."""
    if not learned.verdicts:
        return ""
    moved = [f"{weight:+.1f} for {name}" for name, weight in judgement.moved if abs(weight) >= 0.05][:_MOVED]
    because = f" ({', '.join(moved)})" if moved else ""
    if judgement.exact:
        return f"feedback cannot hold back what is asked for by name; {effect(learned)}"
    if not learned.ready:
        return f"feedback: {effect(learned)}"
    relation = "≥" if judgement.passes else "<"
    return f"feedback: score {judgement.score:.2f} {relation} {learned.needs:.2f}{because}; {effect(learned)}"


# -- for programs ------------------------------------------------------------------------------------------------------


def row(one: Evidence) -> dict[str, Any]:
    """One piece of evidence: what, words, field, start, end, weight."""
    return {
        "what": one.what,
        "words": one.words,
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "weight": round(one.weight, 4),
    }
