"""`watch card` and `watch preview`: what the cards of a watchlist show, and whom they call."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo
from functools import partial

from bot.alerted import alert_item
from bot.cards import compose
from bot.classify.match import Matcher
from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.commands.watches import NAME, find, latest
from bot.daytime import zone_of
from bot.errors import BadInput
from bot.message import Message, Text, say
from bot.model import Alert, StoredItem, Watchlist
from bot.ports import Transaction
from bot.templates import Template, load, read_fields, read_mention

FIELDS = Param(
    "fields", "what to show, in this order: event,time,sources,summary,deal,why,picture; or default", required=False
)
MENTION = Param("mention", "the role or user group to call, by its id; or none", required=False)


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    book.register(
        Command(
            ("watch", "card"),
            "Choose what the cards of a watchlist show, and whom they mention",
            (NAME, FIELDS, MENTION),
            "watch card robotics fields=event,time,summary,deal,why",
            changes=True,
        ),
        partial(card, desk),
    )
    book.register(
        Command(("watch", "preview"), "The card of a watchlist's latest find", (NAME,), "watch preview robotics"),
        partial(preview, desk),
    )


async def card(desk: Desk, call: Call) -> Reply:
    """Change the fields, the mention, or both."""
    fields, mention = call.args.get("fields"), call.args.get("mention")

    def change(tx: Transaction) -> Watchlist:
        watchlist = find(tx, call.place, call.args["name"])
        template = load(watchlist.template)
        if fields is None and mention is None:
            raise BadInput(f"{described(watchlist)} Say what to change: `fields=...`, `mention=...`.")
        if fields is not None:
            template = replace(template, fields=read_fields(fields))
        if mention is not None:
            template = replace(template, mention=read_mention(mention, call.place))
        return tx.watches.dress(watchlist.id, str(template))

    watchlist = await desk.change(call, change)
    said = f"{described(watchlist)} `watch preview {watchlist.name}` shows one."
    return Reply(say(said, "good"), (template_row(watchlist),))


async def preview(desk: Desk, call: Call) -> Reply:
    """Its latest find as it would be posted, but that nobody is mentioned."""

    def look(tx: Transaction) -> tuple[Watchlist, StoredItem | None, tuple[str, ...], tzinfo]:
        watchlist = find(tx, call.place, call.args["name"])
        found = next(iter(latest(tx, desk, watchlist.query)), None)
        sources = tx.stories.get(found.story_id).sources if found and found.story_id else ()
        return watchlist, found, sources, zone_of(tx.hours.get(call.place), desk.zone)

    await desk.catch_up()
    watchlist, found, sources, zone = await desk.read(look)
    row = template_row(watchlist)
    if found is None:
        return Reply(
            say(f"`{watchlist.name}` has found nothing yet that could be shown. {described(watchlist)}"), (row,)
        )
    about, matches = Matcher(desk.knowledge, [watchlist]).read(found.item)
    item = alert_item(found.item, found.story_id, about, matches, sources)
    alert = Alert("story", call.place, (watchlist.name,), (item,), templates=(watchlist.template,))
    shown = compose(alert, desk.clock.now(), zone)
    calls = (Text(f"It mentions {shown.mention}."),) if shown.mention else ()
    message = Message(shown.text, (*shown.parts, *calls), shown.tone)
    return Reply(message, ({**row, "title": found.item.title, "link": found.item.link},))


def described(watchlist: Watchlist) -> str:
    """What its cards show, as a sentence."""
    template = load(watchlist.template)
    usual = template.fields == Template().fields
    fields = "everything" if usual else ", ".join(template.fields)
    whom = f"mention {template.mention}" if template.mention else "mention nobody"
    return f"The cards of `{watchlist.name}` show {fields}, and {whom}."


def template_row(watchlist: Watchlist) -> dict[str, object]:
    """For programs."""
    template = load(watchlist.template)
    return {"name": watchlist.name, "fields": list(template.fields), "mention": template.mention}
