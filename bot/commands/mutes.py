"""`watch mute` and `watch unmute`: a story, a company, an outlet or a watchlist that a place does not want for a time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from functools import partial

from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.daytime import zone_of
from bot.errors import BadInput, NotFound
from bot.message import Actions, Button, Message, Text, say
from bot.model import Place
from bot.muted import source_key
from bot.people import Hours, Mute, MuteKind
from bot.ports import Transaction
from bot.text import one_line, shorten

MOST_MUTES = 200
"""Mutes that a place may have at a time; each is looked at for every story that it is told."""

_FOR = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "1w": timedelta(weeks=1), "forever": None}
_USUAL = "1d"
_SAID = {"1h": "for an hour", "1d": "for a day", "1w": "for a week", "forever": "until you unmute it"}
_KINDS: dict[str, MuteKind] = {
    "story": "story",
    "company": "company",
    "entity": "company",
    "source": "source",
    "watch": "watchlist",
    "watchlist": "watchlist",
}
_PREFIX = re.compile(r"(\w+):\s*(.+)", re.ASCII | re.DOTALL)
_TRAILING = re.compile(r"\s+for=(\S+)$", re.ASCII)
_DELIVERY = re.compile(r"#(\d{1,15})", re.ASCII)
_SHOWN_NAME = 80

FOR = Param("for", f"how long: {_USUAL}, if you do not say", required=False, choices=tuple(_FOR))
WHAT = Param("what", "a watchlist or a company, or source:NAME, story:NUMBER, company:NAME, watch:NAME", "rest")


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    for command, handler in (
        (
            Command(
                ("watch", "mute"),
                "Tell nothing of a watchlist, company, outlet or story for a time",
                (FOR, WHAT),
                "watch mute for=1w source:Robot Ledger",
                changes=True,
            ),
            mute,
        ),
        (
            Command(("watch", "unmute"), "Tell of it again", (WHAT,), "watch unmute source:Robot Ledger", changes=True),
            unmute,
        ),
    ):
        book.register(command, partial(handler, desk))


async def mute(desk: Desk, call: Call) -> Reply:
    """Keep quiet about something here; it is stored and found as ever, and `why` says that it was muted."""
    text, given = call.args["what"].strip(), call.args.get("for", _USUAL)
    if trailing := _TRAILING.search(text):
        text, given = text[: trailing.start()].strip(), trailing[1]
    if given not in _FOR:
        raise BadInput(f"for must be one of {', '.join(_FOR)}, not `{given}`.", field="for")
    now, lasting = desk.clock.now(), _FOR[given]

    def change(tx: Transaction) -> Mute:
        kind, what, name = _meant(tx, desk, call.place, text)
        until = now + lasting if lasting else None
        if len(tx.mutes.of([call.place], now)) >= MOST_MUTES:
            raise BadInput(f"{MOST_MUTES} things are muted here already; `watch unmute` makes room.")
        made = Mute(call.place, kind, what, name, until, call.person, now)
        tx.mutes.add(made)
        return made

    made = await desk.change(call, change)
    said = f"Muted {mute_words(made)} {_SAID[given]}."
    button = Actions((Button("Unmute", f"watch unmute {mute_name(made)}"),))
    return Reply(Message(said, (Text(said), button), "good"), (_row(made),))


async def unmute(desk: Desk, call: Call) -> Reply:
    """Tell of it again, from the next story on."""
    text, now = call.args["what"].strip(), desk.clock.now()

    def change(tx: Transaction) -> Mute:
        there = tx.mutes.of([call.place], now)
        plain = _unquoted(text)
        one = next((one for one in there if plain in (mute_name(one), one.name)), None)
        if one is None:
            kind, what, _ = _meant(tx, desk, call.place, text)
            one = next((mute for mute in there if (mute.kind, mute.what) == (kind, what)), None)
        if one is None:
            names = ", ".join(f"`{mute_name(mute)}`" for mute in there[:5])
            raise NotFound(f"`{text}` is not muted here. {f'Muted: {names}.' if names else 'Nothing is.'}")
        tx.mutes.remove(one.place, one.kind, one.what)
        return one

    made = await desk.change(call, change)
    return Reply(say(f"{_capital(mute_words(made))} is not muted any more.", "good"), (_row(made),))


def mute_words(mute: Mute) -> str:
    """What is muted, as people say it: `the outlet Robot Ledger`."""
    label = {"story": "the story", "company": "the company", "source": "the outlet", "watchlist": "the watchlist"}
    name = f"“{mute.name}”" if mute.kind == "story" else mute.name
    return f"{label[mute.kind]} {name}"


def mute_name(mute: Mute) -> str:
    """What names it in a command: `source:Robot Ledger`, `story:12`."""
    if mute.kind in ("story", "company"):
        return f"{mute.kind}:{mute.what}"
    return f"{'watch' if mute.kind == 'watchlist' else mute.kind}:{mute.name}"


def until_words(until: datetime | None, hours: Hours, usual: tzinfo) -> str:
    """`until 3 Mar 14:00 CET`, in the place's zone; `until it is unmuted`."""
    if until is None:
        return "until it is unmuted"
    local = until.astimezone(zone_of(hours, usual))
    return f"until {local.day} {local:%b %H:%M %Z}"


def _meant(tx: Transaction, desk: Desk, place: Place, text: str) -> tuple[MuteKind, str, str]:
    """Kind, key and name of what somebody wants to mute. Raises BadInput or NotFound."""
    text = _unquoted(text)
    if delivery := _DELIVERY.fullmatch(text):
        alert = tx.outbox.alert(int(delivery[1]))
        if alert.place != place:
            raise NotFound(f"there is no delivery {delivery[1]} here")
        return "story", str(alert.items[0].story_id), _title(alert.items[0].title)
    prefixed = _PREFIX.fullmatch(text)
    kind = _KINDS.get(prefixed[1].lower()) if prefixed else None
    if prefixed is None or kind is None:
        return _bare(tx, desk, place, text)
    name = _unquoted(prefixed[2])
    if kind == "story":
        return _story(tx, name)
    if kind == "source":
        return kind, source_key(name), _title(name)
    found = _watchlist(tx, place, prefixed[2].strip()) if kind == "watchlist" else _company(desk, name)
    if found is None:
        near = desk.knowledge.suggest("entity", name) if kind == "company" else None
        hint = f" Did you mean `{near}`?" if near else " `watch list` shows what there is." if kind != "company" else ""
        raise NotFound(f"There is no {kind} `{name}`{' here' if kind == 'watchlist' else ''}.{hint}", field="what")
    return found


def _bare(tx: Transaction, desk: Desk, place: Place, text: str) -> tuple[MuteKind, str, str]:
    found = _watchlist(tx, place, text) or _company(desk, text)
    if found is not None:
        return found
    near = desk.knowledge.suggest("entity", text)
    hint = f" Did you mean `{near}`?" if near else ""
    raise NotFound(
        f"`{text}` is no watchlist here and no company that I know.{hint} Name it as `source:{text}`, `story:NUMBER`, "
        "`company:NAME` or `watch:NAME`.",
        field="what",
    )


def _watchlist(tx: Transaction, place: Place, name: str) -> tuple[MuteKind, str, str] | None:
    one = tx.watches.find(place, name) or tx.watches.find(place, _unquoted(name))
    return ("watchlist", str(one.id), one.name) if one else None


def _company(desk: Desk, name: str) -> tuple[MuteKind, str, str] | None:
    one = desk.knowledge.find_entity(name, "company")
    return ("company", one.id, one.name) if one else None


def _story(tx: Transaction, number: str) -> tuple[MuteKind, str, str]:
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        raise BadInput(f"A story has a number, as in `story:12`; `{number}` is none.", field="what")
    story = tx.stories.get(int(number))
    return "story", str(story.id), _title(story.title)


def _title(text: str) -> str:
    return shorten(one_line(text), _SHOWN_NAME)


def _unquoted(text: str) -> str:
    inside = text.strip()
    return inside[1:-1] if len(inside) > 1 and inside[0] == inside[-1] == '"' else inside


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _row(mute: Mute) -> dict[str, object]:
    until = mute.until.isoformat() if mute.until else None
    return {"kind": mute.kind, "what": mute.what, "name": mute.name, "until": until}
