"""`entity`: what people here add to the gazetteer, and the spellings that stories suggest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from bot.classify.knowledge.seeds import KINDS, Entity, Knowledge
from bot.classify.normal import needle
from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.errors import BadInput, NotFound
from bot.message import Card, Message, Table, Text, ago, say
from bot.people import Alias, OwnEntity, Suggestion
from bot.ports import Transaction
from bot.text import fold, key63, one_line

_LONGEST_NAME, _MOST_NAMES = 80, 40
_SHOWN = 10  # spellings in one cell of a list
_SEPARATORS = re.compile(r"[,;，；、|\n]")
_QUOTES = "\"'“”‘’「」《》 "
_WORDS = re.compile("[a-z0-9]+")
_LABELS = {
    "also": "Also called",
    "en": "In English",
    "zh": "In Chinese",
    "ja": "In Japanese",
    "ko": "In Korean",
    "former": "Formerly",
    "mistaken": "Mistranslated as",
}

NAME = Param("name", "any of its names, or its id", "rest", complete="entity")
NUMBER = Param("number", "the suggestion's number, from `entity suggestions`", "int")


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    add_params = (
        Param("name", "what to call it; quote it if it has spaces"),
        Param("kind", "what it is: company, if you do not say", required=False, choices=KINDS),
        Param("names", "its other spellings, with commas between them", required=False),
        Param("parent", "the company that it belongs to", required=False, complete="entity"),
    )
    alias_params = (
        Param("entity", "any of its names, or its id; quote it if it has spaces", complete="entity"),
        Param("alias", "its new spellings, with commas between them", "rest"),
    )
    add_example = 'entity add "Norrland Robotics" kind=company names="Norrland, 诺兰机器人"'
    for command, handler in (
        (
            Command(
                ("entity", "add"), "Add a company, investor, person or lab", add_params, add_example, True, shared=True
            ),
            add,
        ),
        (
            Command(
                ("entity", "alias"),
                "Add spellings of a name",
                alias_params,
                'entity alias qwen "Qianwen"',
                changes=True,
                shared=True,
            ),
            alias,
        ),
        (Command(("entity", "show"), "Who it is, by every name", (NAME,), "entity show unitree"), show),
        (Command(("entity", "list"), "What was added here"), list_),
        (
            Command(("entity", "remove"), "Take back something that was added", (NAME,), changes=True, shared=True),
            remove,
        ),
        (Command(("entity", "suggestions"), "Names that reports of one deal suggest"), suggestions),
        (Command(("entity", "accept"), "Take a suggested name", (NUMBER,), changes=True, shared=True), accept),
        (Command(("entity", "reject"), "Never suggest this name again", (NUMBER,), changes=True, shared=True), reject),
    ):
        book.register(command, partial(handler, desk))


async def add(desk: Desk, call: Call) -> Reply:
    """A new entity, which counts from the next item on."""
    knowledge = desk.knowledge
    name, names = _name(call.args["name"]), _names(call.args.get("names", ""))
    parent = find(knowledge, call.args["parent"]).id if call.args.get("parent") else ""
    kind = call.args.get("kind", "company")
    entity = Entity(_free_id(knowledge, name), kind, name, names, parent)
    knowledge.check_entity(entity)
    own = OwnEntity(entity.id, kind, name, call.person, desk.clock.now(), parent)
    await desk.change(call, lambda tx: tx.entities.add(own, names))
    also = f", also found as {', '.join(names)}" if names else ""
    text = f"{name} is known now ({kind}, `{entity.id}`){also}. It counts in items that come from now on."
    return Reply(say(text, "good"), (_row(entity, own=True),))


async def alias(desk: Desk, call: Call) -> Reply:
    """More spellings of an entity, of the seeds' or of our own."""
    entity = find(desk.knowledge, call.args["entity"])
    names = _names(call.args["alias"])
    if not names:
        raise BadInput(f"Which spellings of {entity.name}? For example: entity alias {entity.id} Qianwen, 千问")
    for name in names:
        desk.knowledge.check_alias(entity.id, name)
    at = desk.clock.now()

    def change(tx: Transaction) -> None:
        for name in names:
            tx.entities.alias(Alias(entity.id, name, call.person, at))

    await desk.change(call, change)
    text = f"{entity.name} is also found as {', '.join(names)} from now on."
    return Reply(say(text, "good"), ({"id": entity.id, "name": entity.name, "added": list(names)},))


async def show(desk: Desk, call: Call) -> Reply:
    """Everything that is known of one."""
    entity = find(desk.knowledge, call.args["name"])
    added = await desk.read(lambda tx: [one for one in tx.entities.aliases() if one.entity == entity.id])
    now = desk.clock.now()
    facts = list(facts_of(desk.knowledge, entity))
    if added:
        facts.append(("Added here", ", ".join(f"{one.name} ({one.by}, {ago(one.at, now)})" for one in added)))
    if entity.ambiguous:
        facts.append(("Also plain words", f"{', '.join(entity.ambiguous)}: these count only where the context fits"))
    meta = f"{entity.kind} · {entity.id}"
    text = "\n".join([f"{entity.name} ({meta})", *(f"{label}: {value}" for label, value in facts)])
    row = {**_row(entity), "added": [{"name": one.name, "by": one.by, "at": one.at.isoformat()} for one in added]}
    return Reply(Message(text, (Card(entity.name, meta=meta, facts=tuple(facts)),)), (row,))


async def list_(desk: Desk, call: Call) -> Reply:
    """Own entities, and spellings that were added to those of the seeds."""
    own, aliases = await desk.read(lambda tx: (tx.entities.all(), tx.entities.aliases()))
    count = len(desk.knowledge.entities) - len(own)
    shipped = f"{count:,} companies, investors, people and labs came with Robowire; `entity show NAME` looks one up."
    if not aliases:
        return Reply(say(f"Nothing was added here yet. {shipped}"))
    mine = {one.id: one for one in own}
    names: dict[str, list[Alias]] = {}
    for one in aliases:
        names.setdefault(one.entity, []).append(one)
    rows = []
    for entity_id, added in names.items():
        known = _known(desk.knowledge, entity_id)
        title, kind = (known.name, known.kind) if known else (entity_id, "unknown by now")
        rows.append(
            {
                "id": entity_id,
                "name": title,
                "kind": kind,
                "own": entity_id in mine,
                "names": [one.name for one in added if one.name != title],
                "by": added[0].by,
                "at": added[0].at.isoformat(),
            }
        )
    cells = tuple(
        (
            str(row["name"]),
            str(row["kind"]),
            "own" if row["own"] else "names added",
            _some(row["names"]),
            str(row["by"]),
        )
        for row in rows
    )
    text = "\n".join(f"{row['name']} ({row['kind']}): {_some(row['names'])}" for row in rows)
    table = Table(("name", "kind", "", "spellings added", "by"), cells)
    return Reply(Message(f"{text}\n{shipped}", (table, Text(shipped))), tuple(rows))


async def remove(desk: Desk, call: Call) -> Reply:
    """An own entity by its name or id; otherwise the one spelling that was added."""
    text = call.args["name"].strip(_QUOTES)
    words = needle(text)

    def change(tx: Transaction) -> str:
        for own in tx.entities.all():
            if text == own.id or words == needle(own.name):
                tx.entities.remove(own.id)
                return f"{own.name} is removed, with all its spellings."
        for added in tx.entities.aliases():
            if words == needle(added.name):
                tx.entities.unalias(added.entity, added.name)
                known = _known(desk.knowledge, added.entity)
                return f"{added.name} is no name of {known.name if known else added.entity} any more."
        entity = find(desk.knowledge, text)
        raise BadInput(
            f"{entity.name} came with Robowire, under this name too; only what was added here can be removed."
        )

    done = await desk.change(call, change)
    return Reply(say(done, "good"), ({"removed": text},))


async def suggestions(desk: Desk, call: Call) -> Reply:
    """What waits for somebody's decision, with the reports that speak for it."""
    found = await desk.read(lambda tx: [(one, _titles(tx, one)) for one in tx.suggestions.all()])
    if not found:
        return Reply(say("No suggestions. They come when two reports of one deal call a company by different names."))
    parts, rows = [], []
    for one, titles in found:
        known = _known(desk.knowledge, one.entity)
        name = known.name if known else one.entity
        stories = f"{len(one.stories)} {'story' if len(one.stories) == 1 else 'stories'}"
        parts.append(Card(f"{one.id}: {one.alias} = {name}?", meta=stories, body="\n".join(titles)))
        rows.append({"number": one.id, "alias": one.alias, "entity": one.entity, "name": name, "reports": titles})
    hint = "`entity accept N` takes a name, `entity reject N` turns it down for good."
    text = "\n".join([*(f"{part.headline} ({part.meta})" for part in parts), hint])
    return Reply(Message(text, (*parts, Text(hint))), tuple(rows))


async def accept(desk: Desk, call: Call) -> Reply:
    """The suggested spelling becomes one, by this person's word."""
    number, at, knowledge = call.args["number"], desk.clock.now(), desk.knowledge

    def change(tx: Transaction) -> Suggestion:
        one = _waiting(tx, number)
        if _known(knowledge, one.entity) is None:
            raise BadInput(f"`{one.entity}` is not known any more; `entity reject {number}` puts the suggestion away.")
        knowledge.check_alias(one.entity, one.alias)
        tx.entities.alias(Alias(one.entity, one.alias, call.person, at))
        return tx.suggestions.decide(number, "accepted", call.person, at)

    one = await desk.change(call, change)
    text = f"{knowledge.entity(one.entity).name} is also found as {one.alias} from now on."
    return Reply(
        say(text, "good"), ({"number": number, "entity": one.entity, "alias": one.alias, "status": one.status},)
    )


async def reject(desk: Desk, call: Call) -> Reply:
    """It is not suggested again."""
    number, at = call.args["number"], desk.clock.now()

    def change(tx: Transaction) -> Suggestion:
        _waiting(tx, number)
        return tx.suggestions.decide(number, "rejected", call.person, at)

    one = await desk.change(call, change)
    row = {"number": number, "entity": one.entity, "alias": one.alias, "status": one.status}
    return Reply(say(f"{one.alias} will not be suggested for {one.entity} again.", "good"), (row,))


def find(knowledge: Knowledge, text: str) -> Entity:
    """The entity of this name or id. Raises NotFound with the nearest name."""
    words = text.strip(_QUOTES)
    entity = knowledge.find_entity(words) if needle(words) else None
    if entity is None:
        near = knowledge.suggest("entity", words) if needle(words) else None
        hint = f"Did you mean `{near}`?" if near else "`entity add` adds one."
        raise NotFound(f"I do not know `{one_line(words, 100)}`. {hint}")
    return entity


def facts_of(knowledge: Knowledge, entity: Entity) -> list[tuple[str, str]]:
    """What there is to say of an entity, as label and value: names by language, country, family."""
    facts = [(_LABELS.get(label, f"In {label}"), ", ".join(names)) for label, names in names_of(entity).items()]
    if entity.country:
        facts.append(("Country", entity.country))
    if entity.parent:
        facts.append(("Belongs to", _title(knowledge, entity.parent)))
    if children := sorted(knowledge.children(entity.id)):
        facts.append(("Has", ", ".join(_title(knowledge, child) for child in children)))
    if entity.tickers:
        facts.append(("Listed", ", ".join(entity.tickers)))
    return facts


def names_of(entity: Entity) -> dict[str, list[str]]:
    """Its other names by what they are: a language tag, `former`, `mistaken` (by translation machines), or `also`."""
    found: dict[str, list[str]] = {}
    shown = {entity.name}
    tagged = {name: tag for tag in dict.fromkeys(entity.tags) if tag for name in entity.named_in(tag)}
    for label, names in (("", entity.names), ("former", entity.former), ("mistaken", entity.mistaken)):
        for name in names:
            if name not in shown:
                shown.add(name)
                found.setdefault(label or tagged.get(name, "also"), []).append(name)
    return found


def _row(entity: Entity, own: bool = False) -> dict[str, object]:
    row: dict[str, object] = {
        "id": entity.id,
        "kind": entity.kind,
        "name": entity.name,
        "names": names_of(entity),
        "parent": entity.parent or None,
        "country": entity.country or None,
    }
    return {**row, "own": True} if own else row


def _known(knowledge: Knowledge, entity_id: str) -> Entity | None:
    try:
        return knowledge.entity(entity_id)
    except KeyError:
        return None


def _title(knowledge: Knowledge, entity_id: str) -> str:
    known = _known(knowledge, entity_id)
    return known.name if known else entity_id


def _name(text: str) -> str:
    name = one_line(text).strip(_QUOTES)
    if not needle(name):
        raise BadInput(f"`{one_line(text, 100)}` has no letter or digit to look for.")
    if not 1 < len(name) <= _LONGEST_NAME:
        raise BadInput(
            f"A name has 2 to {_LONGEST_NAME} characters: `{one_line(name, 100)}` would be found everywhere or nowhere."
        )
    return name


def _names(text: str) -> tuple[str, ...]:
    """Spellings with commas between them, each once."""
    names = {
        needle(name): name
        for part in reversed(_SEPARATORS.split(text))
        if part.strip(_QUOTES)
        for name in [_name(part)]
    }
    if len(names) > _MOST_NAMES:
        raise BadInput(f"At most {_MOST_NAMES} spellings at once.")
    return tuple(reversed(names.values()))


def _free_id(knowledge: Knowledge, name: str) -> str:
    """An id that reads like the name where that is in Latin letters, and that nobody has."""
    base = "-".join(_WORDS.findall(fold(name))) or f"own-{key63(needle(name)):x}"[:12]
    number, free = 1, base
    while _known(knowledge, free) is not None:
        number += 1
        free = f"{base}-{number}"
    return free


def _waiting(tx: Transaction, number: int) -> Suggestion:
    """The suggestion that is still to be decided. Raises NotFound, BadInput."""
    try:
        one = tx.suggestions.get(number)
    except NotFound as error:
        raise NotFound(f"There is no suggestion {number}; `entity suggestions` lists them.") from error
    if one.status != "proposed":
        raise BadInput(f"{one.alias} for {one.entity} was {one.status} already, by {one.by}.")
    return one


def _titles(tx: Transaction, one: Suggestion) -> list[str]:
    """The titles of the reports that speak for it."""
    items = [stored.item for story in one.stories for stored in tx.items.of_story(story)]
    return [f"{item.title} ({item.source})" for item in items if item.id in one.items]


def _some(names: object) -> str:
    listed: Sequence[str] = [str(name) for name in names] if isinstance(names, list) else []
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more
