"""`audit`: who changed what."""

from __future__ import annotations

from datetime import tzinfo
from functools import partial

from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk, workspace
from bot.daytime import zone_of
from bot.errors import BadInput
from bot.message import Message, Table, say
from bot.model import platform
from bot.people import AUDIT_KEPT, Change
from bot.text import shorten

_USUAL, _MOST = 20, 200
_SHOWN = 200  # characters of what somebody said that a list shows

LIMIT = Param("limit", f"how many, up to {_MOST}", "int", required=False)


def register(book: Book, desk: Desk) -> None:
    """Put the command into the book."""
    command = Command(("audit",), "Who changed what, and when; for managers", (LIMIT,), "audit limit=50", managers=True)
    book.register(command, partial(audit, desk))


async def audit(desk: Desk, call: Call) -> Reply:
    """The newest changes of the workspace or server; at the terminal those of all.

    What people set for themselves alone is theirs: only who runs the bot sees it.
    """
    limit = call.args.get("limit", _USUAL)
    if not 1 <= limit <= _MOST:
        raise BadInput(f"limit must be between 1 and {_MOST}.", field="limit")
    everything = platform(call.place) == "terminal"
    where = "" if everything else workspace(call.place)
    changes, hours = await desk.read(
        lambda tx: (tx.audit.recent(where, limit, private=everything), tx.hours.get(call.place))
    )
    if not changes:
        return Reply(say(f"Nothing was changed in the last {AUDIT_KEPT.days} days."))
    rows = [_cells(one, where, zone_of(hours, desk.zone)) for one in changes]
    text = "\n".join(f"{when} {who} in {place}: {what}" for when, who, place, what in rows)
    return Reply(Message(text, (Table(("when", "who", "where", "what"), tuple(rows)),)), tuple(map(_row, changes)))


def _cells(change: Change, where: str, zone: tzinfo) -> tuple[str, str, str, str]:
    local = change.at.astimezone(zone)
    who, place = (text.removeprefix(f"{where}/") if where else text for text in (change.person, change.place))
    said = shorten(f"{change.command} {change.args}".strip(), _SHOWN)
    return f"{local.day} {local:%b %H:%M %Z}", who or "somebody", place, said


def _row(change: Change) -> dict[str, object]:
    return {
        "at": change.at.isoformat(),
        "person": change.person or None,
        "place": change.place,
        "command": change.command,
        "args": change.args,
    }
