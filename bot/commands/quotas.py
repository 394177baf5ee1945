"""How much one person and one place may have; at the terminal, whose owner runs the bot, there is no limit."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from bot.command import Call
from bot.commands.desk import Desk, workspace
from bot.errors import BadInput
from bot.model import is_own, platform
from bot.ports import Transaction


@dataclass(frozen=True, slots=True)
class Room:
    """How many more there may be, and what is to be said where that is not enough: in the middle of a sentence."""

    left: int
    why: str = ""


def watchlist_room(tx: Transaction, desk: Desk, call: Call) -> None:
    """Raises BadInput if the person has made as many watchlists as one may have, wherever that was."""
    most = 0 if platform(call.person) == "terminal" else desk.limits.watchlists_per_person
    if most and (there := tx.watches.owned(call.person)) >= most:
        raise BadInput(
            f"You have made {there} watchlists, in direct messages and channels together; one person may have {most}. "
            "`unfollow NAME` removes one of your own, `watch remove NAME` one of a channel; `settings` and `watch list` "
            "show them."
        )


def feed_room(tx: Transaction, desk: Desk, call: Call) -> Room:
    """For how many more feeds there is room, at the place and in its workspace or server."""
    if platform(call.person) == "terminal":
        return Room(sys.maxsize)
    here = "your direct messages" if is_own(call.place) else "this channel"
    whole = "this server" if platform(call.place) == "discord" else "this workspace"
    limits = desk.limits
    rooms = [
        Room(
            max(most - (there := tx.feeds.count(where)), 0),
            f"{name} may have {most} feeds and had {there}. `feed list here` shows those of this place with their numbers, "
            "`feed remove NUMBER` makes room.",
        )
        for where, name, most in (
            (call.place, here, limits.feeds_per_channel),
            (workspace(call.place), whole, limits.feeds_per_workspace),
        )
        if most
    ]
    return min(rooms, key=lambda room: room.left, default=Room(sys.maxsize))
