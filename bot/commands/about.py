"""`status` and `help`."""

from __future__ import annotations

from collections import Counter
from functools import partial

from bot.classify.query.parse import SYNTAX
from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.message import Code, Message, Table
from bot.ports import Transaction


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    book.register(Command(("status",), "How the bot is"), partial(status, desk))
    about = Param("command", "one command or group, or `queries` for the language of queries", "rest", required=False)

    async def help_(call: Call) -> Reply:
        """What can be said, on the whole or of one command or group."""
        words = tuple(call.args.get("command", "").split())
        if words in (("queries",), ("query",)):
            return Reply(Message(SYNTAX, (Code(SYNTAX),)))
        message = book.help(" ".join(words))
        return Reply(message, tuple(map(_row, book.about(words))), ok=message.tone != "error")

    book.register(Command(("help",), "What can be said", (about,), "help watch add"), help_)


async def status(desk: Desk, call: Call) -> Reply:
    """Feeds by state, items, watchlists, what waits to be posted."""
    facts = await desk.read(lambda tx: _facts(tx, call))
    rows = tuple((name.replace("_", " "), "never" if value is None else str(value)) for name, value in facts.items())
    text = "\n".join(f"{name}: {value}" for name, value in rows)
    return Reply(Message(text, (Table(("status", ""), rows),)), (facts,))


def _facts(tx: Transaction, call: Call) -> dict[str, object]:
    feeds = tx.feeds.all()
    states = Counter("failing" if feed.status == "active" and feed.failures else feed.status for feed in feeds)
    checked = [feed.checked_at for feed in feeds if feed.checked_at]
    next_due = tx.feeds.next_due()
    return {
        "feeds": len(feeds),
        "feeds_failing": states["failing"],
        "feeds_gone": states["gone"],
        "feeds_quarantined": states["quarantined"],
        "items": tx.items.count(),
        "watchlists_here": len(tx.watches.all(call.place)),
        "waiting_to_be_posted": tx.outbox.waiting(),
        "places_disabled": len(tx.outbox.disabled()),
        "last_poll": max(checked).isoformat(timespec="seconds") if checked else None,
        "next_poll": next_due.isoformat(timespec="seconds") if next_due else None,
    }


def _row(command: Command) -> dict[str, object]:
    return {
        "command": command.name,
        "usage": command.usage,
        "help": command.help,
        "params": [
            {"name": one.name, "help": one.help, "kind": one.kind, "required": one.required, "choices": one.choices}
            for one in command.params
        ],
        "example": command.example,
    }
