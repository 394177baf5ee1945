"""Who may say what: each command for guests, members and managers, in a channel and in direct messages."""

from __future__ import annotations

import pytest

from bot.command import Book, Call, Command, Reply, Rights
from bot.commands.book import all_commands
from bot.commands.desk import Desk
from bot.message import say
from bot.model import Person, Place, own_place

ME, HERE = Person("slack:T0/U1"), Place("slack:T0/C1")
MINE = own_place(ME)

LOOKS = {
    *(
        "watch list",
        "watch show",
        "watch test",
        "watch preview",
        "news",
        "story",
        "deals",
        "who",
        "why",
        "learned",
        "status",
        "help",
    ),
    *("entity show", "entity list", "entity suggestions", "feed list", "feed check", "feed export", "channel settings"),
}
OPINION = {"verdict"}  # for members everywhere
MANAGERS = {"audit"}  # looks at what only managers may see
PERSONAL = {"follow", "unfollow", "digest", "quiet", "settings", "forget-me"}
OF_A_PLACE = {
    *(f"watch {one}" for one in ("add", "edit", "mode", "remove", "reset", "card", "mute", "unmute")),
    *("channel digest", "channel quiet"),
}
OF_ALL = {
    *(f"entity {one}" for one in ("add", "alias", "remove", "accept", "reject")),
    *(f"feed {one}" for one in ("add", "remove", "import")),
}


def book() -> Book:
    """Every command as it is registered; what it would do is only noted."""
    made = all_commands(Desk.__new__(Desk))

    async def done(call: Call) -> Reply:
        return Reply(say(call.place))

    return Book(dict(made.commands), dict.fromkeys(made.handlers, done))


BOOK = book()


def test_every_command_is_in_the_table() -> None:
    names = {command.name for command in BOOK.commands.values()}
    assert names == LOOKS | OPINION | MANAGERS | PERSONAL | OF_A_PLACE | OF_ALL


def allowed(command: Command, rights: Rights, alone: bool) -> bool:
    """Whether somebody with these rights may give a command, in their direct messages (`alone`) or at a place of many."""
    if command.name in LOOKS:
        return True
    if rights == "guest":
        return False
    if command.name in OF_ALL | MANAGERS:
        return rights == "manager"
    return rights == "manager" or alone or command.name in PERSONAL | OPINION


@pytest.mark.parametrize("place", [HERE, MINE])
@pytest.mark.parametrize("rights", ["guest", "member", "manager"])
@pytest.mark.parametrize("command", BOOK.commands.values(), ids=lambda command: command.name)
async def test_who_may_say_it(command: Command, rights: Rights, place: Place) -> None:
    reply = await BOOK.perform(Call(command.path, {}, place, ME, rights))
    assert reply.ok == allowed(command, rights, place == MINE)
    if reply.ok:
        assert reply.message.text == (MINE if command.name in PERSONAL else place)
        assert reply.public == (command.name in OF_A_PLACE | OF_ALL)


async def test_nobody_acts_in_the_direct_messages_of_others() -> None:
    other = own_place(Person("slack:T0/U2"))
    for name in OF_A_PLACE:
        assert not (await BOOK.perform(Call(tuple(name.split()), {}, other, ME, "member"))).ok
