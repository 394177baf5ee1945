"""`deals` and `who`: who raised, bought and invested, from the stories that are stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from bot.classify.knowledge.seeds import Entity
from bot.classify.normal import needle, normal, padded
from bot.command import Book, Call, Command, Param, Reply
from bot.commands import entities, seek
from bot.commands.desk import Desk
from bot.commands.lookups import story_meta, story_row
from bot.commands.seek import Told
from bot.config import seconds
from bot.errors import BadInput, NotFound
from bot.figures import money
from bot.message import Card, Message, Table, Text, ago, say
from bot.model import Deal, Party, Place, StoredItem
from bot.ports import Transaction
from bot.wording import deal_line

_USUAL, _MOST = 5, 50
_LOOKED = 400  # items with deals that are read for a card
_RECENT, _LISTED, _PARTNERS = 5, 15, 10
_TRIED = 5  # names that are looked up as words
_ALSO = 3  # further deals of a story that are named

_COLUMNS = ("as", "in", "company", "amount", "round", "reported")
_EMOJI = {"funding": "💰", "acquisition": "🤝", "ipo": "📈"}

Part = Literal["target", "lead", "investor", "acquirer"]


@dataclass(frozen=True, slots=True)
class _Dealt:
    """A deal as the reports of a story tell it."""

    deal: Deal
    told: Told


@dataclass(frozen=True, slots=True)
class _Done:
    """A deal and the part that somebody has in it."""

    part: Part
    deal: Deal
    told: Told


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whom a card is about: ids of the gazetteer, and names in normal form for whom it does not know."""

    ids: Collection[str]
    names: Sequence[str]

    def has(self, party: Party | None) -> bool:
        """Whether this party is meant."""
        return party is not None and (party.entity in self.ids if party.entity else needle(party.name) in self.names)

    def part(self, deal: Deal) -> Part | None:
        """What they do in a deal."""
        if self.has(deal.target):
            return "target"
        if self.has(deal.acquirer):
            return "acquirer"
        if any(map(self.has, deal.lead)):
            return "lead"
        return "investor" if any(map(self.has, deal.investors)) else None


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    deals_params = (
        Param("limit", f"how many stories, up to {_MOST}", "int", required=False),
        Param("since", "how far back: 12h, 7d, 90d", required=False),
        Param("query", "a topic, a company, a watchlist's name, or any query", "rest", required=False),
    )
    name = Param("name", "a company, investor, person or lab, by any of its names", "rest", complete="entity")
    for command, handler in (
        (Command(("deals",), "The newest deals", deals_params, "deals since=30d topic:robotics"), deals),
        (Command(("who",), "A company or investor: names, stories, deals", (name,), "who alibaba cloud"), who),
    ):
        book.register(command, partial(handler, desk))


async def deals(desk: Desk, call: Call) -> Reply:
    """The newest stories that report deals, each deal once; of a company, those that it has a part in."""
    limit, text = call.args.get("limit", _USUAL), call.args.get("query", "")
    if not 1 <= limit <= _MOST:
        raise BadInput(f"limit must be between 1 and {_MOST}.", field="limit")
    since = _since(call.args.get("since", ""), desk.clock.now())
    await desk.catch_up()
    found = await desk.read(lambda tx: _find(tx, desk, call.place, text, limit, since))
    if not found:
        about = f" matches `{text}`" if text else " was reported"
        return Reply(say(f"No deal{about} {'since then' if since else 'yet'}."))
    now = desk.clock.now()
    lines = [_line(told, mine) for told, mine in found]
    cards = tuple(_deal_card(told, mine, now) for told, mine in found)
    rows = tuple({**deal_row(mine[0], told), "more": [_terms(one) for one in mine[1:]]} for told, mine in found)
    return Reply(Message("\n".join(lines), cards, "deal"), rows)


def _find(
    tx: Transaction, desk: Desk, place: Place, text: str, limit: int, since: datetime | None
) -> list[tuple[Told, list[Deal]]]:
    """Stories with their deals, what mainly happened first."""
    entity = None if desk.knowledge.find_topic(text) else desk.knowledge.find_entity(text)
    if entity is None:
        spare = limit // 4 + 1  # some tell only what another tells
        stored = seek.newest(tx, desk, place, text, limit + spare, since, deals=True)
        dealt = _once(seek.tell_each(tx, stored))
    else:
        dealt = [_Dealt(one.deal, one.told) for one in _dealings(tx, _wanted(desk, entity), since)]
    stories: dict[int, tuple[Told, list[Deal]]] = {}
    for one in dealt:
        stories.setdefault(one.told.story.id, (one.told, []))[1].append(one.deal)
    return list(stories.values())[:limit]


async def who(desk: Desk, call: Call) -> Reply:
    """A card: names, family, recent stories, deals by part, who they invest with."""
    text = call.args["name"]
    await desk.catch_up()
    entity = desk.knowledge.find_entity(text) if needle(text) else None
    return await (_stranger(desk, text) if entity is None else _acquaintance(desk, entity))


async def _acquaintance(desk: Desk, entity: Entity) -> Reply:
    wanted = _wanted(desk, entity)

    def look(tx: Transaction) -> tuple[list[Told], list[_Done]]:
        recent = seek.enough(lambda limit: _naming(tx, wanted, limit), _RECENT)
        return seek.tell_each(tx, recent), _dealings(tx, wanted)

    stories, done = await desk.read(look)
    facts = entities.facts_of(desk.knowledge, entity)
    head = Card(entity.name, meta=entity.kind, facts=tuple(facts))
    row: dict[str, object] = {
        "id": entity.id,
        "name": entity.name,
        "kind": entity.kind,
        "country": entity.country or None,
        "names": entities.names_of(entity),
        "parent": entity.parent or None,
        "children": sorted(desk.knowledge.children(entity.id)),
    }
    return _card(desk, head, row, wanted, stories, done)


async def _stranger(desk: Desk, text: str) -> Reply:
    """Somebody whom the gazetteer does not know, but a stored deal names. Raises NotFound."""
    wanted = _Wanted((), tuple(filter(None, [needle(text)])))
    done = await desk.read(lambda tx: _dealings(tx, wanted))
    if not done:
        try:
            entities.find(desk.knowledge, text)
        except NotFound as error:
            raise NotFound(f"{error} No stored deal names them either.") from error
    stories = list({one.told.story.id: one.told for one in done}.values())[:_RECENT]
    name = next(party.name for party in _parties(done[0].deal) if wanted.has(party))
    head = Card(name, meta="not in the gazetteer; `entity add` adds names")
    row: dict[str, object] = {
        "id": None,
        "name": name,
        "kind": None,
        "country": None,
        "names": {},
        "parent": None,
        "children": [],
    }
    return _card(desk, head, row, wanted, stories, done)


def _card(
    desk: Desk, head: Card, row: dict[str, object], wanted: _Wanted, stories: list[Told], done: list[_Done]
) -> Reply:
    now = desk.clock.now()
    partners = _partners(wanted, done)
    together = ", ".join(f"{name} {count}×" for name, count in partners)
    parts: list[Card | Table | Text] = [head]
    if done:
        parts.append(Table(_COLUMNS, tuple(_cells(one, now) for one in done[:_LISTED])))
    if together:
        parts.append(Text(f"Invested with: {together}"))
    parts += [Card(one.head.item.title, one.head.item.link, meta=story_meta(one, now)) for one in stories]
    if not (done or stories):
        parts.append(Text("No stored story names them."))
    lines = [
        f"{head.headline} ({head.meta})",
        *(f"{label}: {value}" for label, value in head.facts),
        *(f"- as {one.part}: {deal_line(one.deal) or one.told.head.item.title}" for one in done[:_LISTED]),
        *([f"Invested with: {together}"] if together else []),
        *(f"- {one.head.item.title} ({one.outlets}) {one.head.item.link}".rstrip() for one in stories),
    ]
    full = {
        **row,
        "stories": [story_row(one) for one in stories],
        "deals": [{"as": one.part, **deal_row(one.deal, one.told)} for one in done],
        "invested_with": [{"name": name, "deals": count} for name, count in partners],
    }
    return Reply(Message("\n".join(lines), tuple(parts)), (full,))


def _wanted(desk: Desk, entity: Entity) -> _Wanted:
    """An entity with all that belongs to it."""
    return _Wanted(seek.family(desk, entity.id), entity.plain())


def _dealings(tx: Transaction, wanted: _Wanted, since: datetime | None = None) -> list[_Done]:
    """The deals in which they have a part, newest first."""
    stories = seek.tell_each(tx, _naming(tx, wanted, _LOOKED, since, deals=True))
    dealt = ((wanted.part(one.deal), one) for one in _once(stories, wanted))
    return [_Done(part, one.deal, one.told) for part, one in dealt if part]


def _naming(
    tx: Transaction, wanted: _Wanted, limit: int, since: datetime | None = None, deals: bool = False
) -> list[StoredItem]:
    """Items that name them, newest first; by the words where no item was found to, as before a name was added."""
    if wanted.ids and (known := tx.items.search(entities=wanted.ids, since=since, limit=limit, deals=deals)):
        return known
    hits = {
        (one.feed_id, one.item.id): one
        for words in wanted.names[:_TRIED]
        for one in tx.items.search(words, since=since, limit=limit, deals=deals)
        if padded(words) in f" {normal(f'{one.item.title} | {one.item.summary}')} "
    }
    return sorted(hits.values(), key=lambda one: one.fetched, reverse=True)[:limit]


def _once(stories: Sequence[Told], wanted: _Wanted | None = None) -> list[_Dealt]:
    """Each deal once, in the order of stories, newest first: where it is what mainly happened, in the newest such story.

    What that story leaves out of the deal is filled in from the older ones. A deal is the same in a story and its later
    developments, and where two stories have the same sum or round of one company.
    """
    told = [(at, number, deal) for at, one in enumerate(stories) for number, deal in enumerate(one.facts.deals)]
    found: dict[tuple[int, int], _Dealt] = {}
    seen: dict[tuple[object, ...], tuple[int, int]] = {}
    for at, number, deal in sorted(told, key=lambda one: one[1] > 0 or not stories[one[0]].facts.main):
        if wanted is not None and wanted.part(deal) is None:
            continue
        marks = _marks(deal, stories[at].story.follows or stories[at].story.id)
        key = next((seen[mark] for mark in marks if mark in seen), (at, number))
        known = found.get(key)
        found[key] = _Dealt(_filled(known.deal, deal), known.told) if known else _Dealt(deal, stories[at])
        for mark in marks:
            seen.setdefault(mark, key)
    return [found[key] for key in sorted(found)]


def _marks(deal: Deal, story_id: int) -> list[tuple[object, ...]]:
    """What tells that two reports mean one deal of a company."""
    company = (deal.type, _called(deal.target))
    told = (*company, deal.amount, deal.currency, deal.round)
    return [(*company, story_id), *([told] if deal.target and (deal.amount or deal.round) else [])]


def _filled(deal: Deal, older: Deal) -> Deal:
    """A deal with what an older report of it says and it does not."""
    known = replace(
        deal,
        acquirer=deal.acquirer or older.acquirer,
        round=deal.round or older.round,
        investors=deal.investors or older.investors,
        lead=deal.lead or older.lead,
    )
    if known.amount is None:
        known = replace(known, amount=older.amount, currency=older.currency, amount_usd=older.amount_usd)
    if known.valuation is None:
        known = replace(known, valuation=older.valuation, valuation_currency=older.valuation_currency)
    if known.total_raised is None:
        known = replace(known, total_raised=older.total_raised, total_currency=older.total_currency)
    return known


def _partners(wanted: _Wanted, done: Iterable[_Done]) -> list[tuple[str, int]]:
    """Who put money into the same deals, and into how many of them, most first."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for one in done:
        if one.part in ("lead", "investor"):
            others = {_called(party): party.name for party in one.deal.investors if not wanted.has(party)}
            names = {**others, **names}
            counts.update(others.keys())
    return [(names[called], count) for called, count in counts.most_common(_PARTNERS)]


def _called(party: Party | None) -> str:
    return "" if party is None else party.entity or needle(party.name)


def _parties(deal: Deal) -> Iterator[Party]:
    yield from (party for party in (deal.target, deal.acquirer, *deal.lead, *deal.investors) if party)


def _since(text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        return now - timedelta(seconds=seconds(text))
    except (ValueError, OverflowError) as error:
        raise BadInput(f"since must be a time like 12h or 7d, not `{text}`.", field="since") from error


def _cells(one: _Done, now: datetime) -> tuple[str, ...]:
    deal = one.deal
    sum_ = "" if deal.amount is None else money(deal.amount, deal.currency)
    return one.part, deal.type, _name(deal.target) or "", sum_, deal.round, ago(one.told.latest, now)


def _line(told: Told, deals: Sequence[Deal]) -> str:
    item = told.head.item
    return f"- {deal_line(deals[0]) or item.title} ({told.outlets}) {item.link}".rstrip()


def _deal_card(told: Told, deals: Sequence[Deal], now: datetime) -> Card:
    """The deal of a story with the report by which that is called, and what other deals it tells."""
    item, line = told.head.item, deal_line(deals[0])
    also = [said for deal in deals[1 : _ALSO + 1] if (said := deal_line(deal))]
    more = len(deals) - 1 - _ALSO
    body = [item.title] if line else []
    body += [f"Also: {said}" for said in also] + ([f"… and {more} more deals"] if more > 0 else [])
    return Card(line or item.title, item.link, _EMOJI[deals[0].type], story_meta(told, now), "\n".join(body))


def deal_row(deal: Deal, told: Told) -> dict[str, object]:
    """A deal of a story for programs; what was not found is null."""
    return {**_terms(deal), **story_row(told)}


def _terms(deal: Deal) -> dict[str, object]:
    return {
        "type": deal.type,
        "target": _name(deal.target),
        "acquirer": _name(deal.acquirer),
        "amount": deal.amount,
        "currency": deal.currency or None,
        "amount_usd": deal.amount_usd,
        "round": deal.round or None,
        "investors": [party.name for party in deal.investors],
        "lead": [party.name for party in deal.lead],
        "valuation": deal.valuation,
        "total_raised": deal.total_raised,
        "status": deal.status,
    }


def _name(party: Party | None) -> str | None:
    return party.name if party else None
