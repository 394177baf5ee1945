"""`digest` and `quiet`, for a person and as `channel ...` for a place: when alerts and digests come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from functools import partial

from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.commands.home import digest_words, hours_row, overview, quiet_words
from bot.daytime import find_time, find_zone
from bot.errors import BadInput
from bot.message import say
from bot.people import Hours
from bot.ports import Transaction

_FROM, _TO = time(22), time(7)

AT = Param("at", "the time of day, like 07:30", required=False)
ZONE = Param("zone", "the time zone, like Europe/Berlin", required=False, complete="zone")
ON = Param("on", "send it", "flag", required=False)
OFF = Param("off", "send none; what is found waits 30 days", "flag", required=False)
FROM = Param("from", "when they begin, like 22:00", required=False)
TO = Param("to", "when they end, like 07:00", required=False)
NO_QUIET = Param("off", "no quiet hours", "flag", required=False)


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    daily, quiet = (AT, ZONE, ON, OFF), (FROM, TO, NO_QUIET)
    for command, handler in (
        (
            Command(
                ("digest",),
                "When my daily digest comes, and my time zone",
                daily,
                "digest at=07:30 zone=Europe/Berlin",
                personal=True,
            ),
            set_digest,
        ),
        (
            Command(("quiet",), "Hours in which I am told nothing", quiet, "quiet from=22:00 to=07:00", personal=True),
            set_quiet,
        ),
        (
            Command(
                ("channel", "digest"),
                "When the daily digest of this place comes, and its time zone",
                daily,
                "channel digest at=09:00 zone=Europe/Berlin",
                changes=True,
            ),
            set_digest,
        ),
        (
            Command(
                ("channel", "quiet"),
                "Hours in which nothing is posted here",
                quiet,
                "channel quiet from=20:00 to=08:00",
                changes=True,
            ),
            set_quiet,
        ),
        (Command(("channel", "settings"), "What this place watches, when it is told, what is muted"), settings),
    ):
        book.register(command, partial(handler, desk))


async def set_digest(desk: Desk, call: Call) -> Reply:
    """Another time, zone, off or on; without any of them, how it is."""
    args = call.args
    if args.get("on") and args.get("off"):
        raise BadInput("The digest is either on or off.", field="off")
    at = find_time(args["at"], "at") if "at" in args else None
    zone = find_zone(args["zone"]) if "zone" in args else None

    def changed(hours: Hours) -> Hours:
        off = bool(args.get("off")) or (not args.get("on") and at is None and not hours.digesting)
        return replace(hours, digest=at or hours.digest, zone=zone or hours.zone, digesting=not off)

    return await _set(desk, call, changed)


async def set_quiet(desk: Desk, call: Call) -> Reply:
    """Other ends, or none; without any of them, how it is. What waited for the old end is looked at again."""
    args = call.args
    begin = find_time(args["from"], "from") if "from" in args else None
    end = find_time(args["to"], "to") if "to" in args else None
    if args.get("off") and (begin or end):
        raise BadInput("Quiet hours are either off or have two ends.", field="off")

    def changed(hours: Hours) -> Hours:
        if args.get("off"):
            return replace(hours, quiet_from=None, quiet_to=None)
        if begin is None and end is None:
            return hours
        first, last = begin or hours.quiet_from or _FROM, end or hours.quiet_to or _TO
        if first == last:
            raise BadInput("Quiet hours cannot end when they begin.", field="to")
        return replace(hours, quiet_from=first, quiet_to=last)

    return await _set(desk, call, changed)


async def _set(desk: Desk, call: Call, changed: Callable[[Hours], Hours]) -> Reply:
    now = desk.clock.now()

    def change(tx: Transaction) -> tuple[Hours, bool, int]:
        old = tx.hours.get(call.place)
        new = changed(old)
        if new != old:
            tx.hours.set(new)
            tx.digests.look(call.place, now)
            tx.outbox.resume(call.place)
        daily = sum(one.mode == "digest" for one in tx.watches.all(call.place))
        return new, new != old, daily

    act = partial(desk.change, call) if call.args else desk.read  # without arguments it is only asked how it is
    hours, new, daily = await act(change)
    quiet = call.path[-1] == "quiet"
    said = quiet_words(hours, desk.zone) if quiet else digest_words(hours, desk.zone, daily)
    return Reply(say(said, "good" if new else "plain"), (hours_row(hours, desk.zone),))


async def settings(desk: Desk, call: Call) -> Reply:
    """What is set for this place."""
    return await desk.read(lambda tx: overview(tx, desk, call.place))
