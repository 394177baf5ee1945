"""`deals` and `who`: who raised, bought and invested, from what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from bot.classify.knowledge.seeds import Entity
from bot.classify.normal import needle, normal, padded
from bot.command import Book, Call, Command, Param, Reply
from bot.commands import entities, seek
from bot.commands.desk import Desk
from bot.config import seconds
from bot.errors import BadInput, NotFound
from bot.figures import money
from bot.message import Card, Message, Table, Text, ago, say
from bot.model import Deal, Item, Party, Place, StoredItem
from bot.ports import Transaction
from bot.wording import deal_line

_USUAL, _MOST = 5, 50
_COPIES = 4
_LOOKED = 400  # items with deals that are read for a card
_RECENT, _LISTED, _PARTNERS = 5, 15, 10
_TRIED = 5  # names that are looked up as words

_COLUMNS = ("as", "in", "company", "amount", "round", "reported")
_EMOJI = {"funding": "💰", "acquisition": "🤝", "ipo": "📈"}

Part = Literal["target", "lead", "investor", "acquirer"]


@dataclass(frozen=True, slots=True)
class _Done:
    """A deal and the part that somebody has in it."""

    part: Part
    deal: Deal
    stored: StoredItem


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
    """The newest items that report deals, one for each story; of a company, those that it has a part in."""
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
    lines = [
        f"- {deal_line(deal) or one.item.title} ({one.item.source}) {one.item.link}".rstrip() for deal, one in found
    ]
    cards = tuple(_deal_card(deal, one.item, now) for deal, one in found)
    rows = tuple(_deal_row(deal, one.item, one.story_id) for deal, one in found)
    return Reply(Message("\n".join(lines), cards, "deal"), rows)


def _find(
    tx: Transaction, desk: Desk, place: Place, text: str, limit: int, since: datetime | None
) -> list[tuple[Deal, StoredItem]]:
    entity = None if desk.knowledge.find_topic(text) else desk.knowledge.find_entity(text)
    if entity is None:
        stored = seek.newest(tx, desk, place, text, limit, since, deals=True)
        return [(deal, one) for one in stored for deal in one.deals]
    done = _dealings(tx, _wanted(desk, entity), since)
    stories = set(list(dict.fromkeys(one.stored.story_id for one in done))[:limit])
    return [(one.deal, one.stored) for one in done if one.stored.story_id in stories]


async def who(desk: Desk, call: Call) -> Reply:
    """A card: names, family, recent stories, deals by part, who they invest with."""
    text = call.args["name"]
    await desk.catch_up()
    entity = desk.knowledge.find_entity(text) if needle(text) else None
    return await (_stranger(desk, text) if entity is None else _acquaintance(desk, entity))


async def _acquaintance(desk: Desk, entity: Entity) -> Reply:
    wanted = _wanted(desk, entity)

    def look(tx: Transaction) -> tuple[list[StoredItem], list[_Done]]:
        return seek.one_each(_naming(tx, wanted, _RECENT * _COPIES))[:_RECENT], _dealings(tx, wanted)

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
    stories = [one.stored for one in done][:_RECENT]
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
    desk: Desk, head: Card, row: dict[str, object], wanted: _Wanted, stories: list[StoredItem], done: list[_Done]
) -> Reply:
    now = desk.clock.now()
    partners = _partners(wanted, done)
    together = ", ".join(f"{name} {count}×" for name, count in partners)
    parts: list[Card | Table | Text] = [head]
    if done:
        parts.append(Table(_COLUMNS, tuple(_cells(one, now) for one in done[:_LISTED])))
    if together:
        parts.append(Text(f"Invested with: {together}"))
    parts += [Card(one.item.title, one.item.link, meta=_meta(one.item, now)) for one in stories]
    if not (done or stories):
        parts.append(Text("No stored story names them."))
    lines = [
        f"{head.headline} ({head.meta})",
        *(f"{label}: {value}" for label, value in head.facts),
        *(f"- as {one.part}: {deal_line(one.deal) or one.stored.item.title}" for one in done[:_LISTED]),
        *([f"Invested with: {together}"] if together else []),
        *(f"- {one.item.title} ({one.item.source}) {one.item.link}".rstrip() for one in stories),
    ]
    full = {
        **row,
        "stories": [_story_row(one) for one in stories],
        "deals": [{"as": one.part, **_deal_row(one.deal, one.stored.item, one.stored.story_id)} for one in done],
        "invested_with": [{"name": name, "deals": count} for name, count in partners],
    }
    return Reply(Message("\n".join(lines), tuple(parts)), (full,))


def _wanted(desk: Desk, entity: Entity) -> _Wanted:
    """An entity with all that belongs to it."""
    return _Wanted(seek.family(desk, entity.id), entity.plain())


def _dealings(tx: Transaction, wanted: _Wanted, since: datetime | None = None) -> list[_Done]:
    """The deals in which they have a part, newest first."""
    return _parts(wanted, _naming(tx, wanted, _LOOKED, since, deals=True))


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


def _parts(wanted: _Wanted, stored: Iterable[StoredItem]) -> list[_Done]:
    """Each deal once, as it was told last: in one story, or in several with the same sum and round."""
    found: list[_Done] = []
    seen: set[tuple[object, ...]] = set()
    for one in stored:
        for deal in one.deals:
            part = wanted.part(deal)
            if part is None:
                continue
            marks = _marks(deal, one.story_id)
            if seen.isdisjoint(marks):
                found.append(_Done(part, deal, one))
            seen.update(marks)
    return found


def _marks(deal: Deal, story_id: int) -> list[tuple[object, ...]]:
    """What tells that two reports mean one deal of a company."""
    company = (deal.type, _called(deal.target))
    told = (*company, deal.amount, deal.currency, deal.round)
    return [(*company, story_id), *([told] if deal.target and (deal.amount or deal.round) else [])]


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


def _story_row(one: StoredItem) -> dict[str, object]:
    return {
        "story": one.story_id,
        "title": one.item.title,
        "link": one.item.link,
        "source": one.item.source,
        "published": one.item.published.isoformat(),
    }


def _cells(one: _Done, now: datetime) -> tuple[str, ...]:
    deal = one.deal
    sum_ = "" if deal.amount is None else money(deal.amount, deal.currency)
    return one.part, deal.type, _name(deal.target) or "", sum_, deal.round, ago(one.stored.item.published, now)


def _deal_card(deal: Deal, item: Item, now: datetime) -> Card:
    """A deal with the report that it was read from."""
    line = deal_line(deal)
    return Card(line or item.title, item.link, _EMOJI[deal.type], _meta(item, now), item.title if line else "")


def _meta(item: Item, now: datetime) -> str:
    return " · ".join(part for part in (item.source, ago(item.published, now)) if part)


def _deal_row(deal: Deal, item: Item, story_id: int) -> dict[str, object]:
    """A deal for programs; what was not found is null."""
    return {
        "story": story_id,
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
        "title": item.title,
        "link": item.link,
        "source": item.source,
        "published": item.published.isoformat(),
    }


def _name(party: Party | None) -> str | None:
    return party.name if party else None
