"""Who may give which command on which platform: the role as the platform's own payload says it, every command of the Book.

What each role may is the table of tests/commands/test_rights.py; a command that is not in it fails there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.app import OWNER
from bot.chat import discord_commands, slack_views
from bot.chat.discord_rights import ADMINISTRATOR, MANAGE_GUILD, NEEDED, THREADS, place_of
from bot.chat.discord_talk import Heard
from bot.chat.discord_talk import Talk as DiscordTalk
from bot.chat.slack_talk import Asker
from bot.chat.slack_talk import Talk as SlackTalk
from bot.command import Book, Call, Choice, Command, Complete, Front, Param, Reply, Rights
from bot.message import Message, say
from bot.model import TERMINAL, Person, Place, own_place
from bot.throttle import Throttle
from tests.chat.discord_people import Kept, People
from tests.chat.discord_stub import JOINED, USER, serving
from tests.chat.test_discord_client import option, running
from tests.commands.test_rights import BOOK, MANAGERS, OF_A_PLACE, OF_ALL, OPINION, PERSONAL, allowed
from tests.fakes.slack_state import Member, Standing
from tests.fakes.world import FakeClock

GUILD, CHANNEL = 5, 7
ALL = sum({**NEEDED, **THREADS}.values())
COMMANDS = tuple(BOOK.commands.values())
WRITING = OPINION | PERSONAL | OF_A_PLACE | OF_ALL


@dataclass
class World:
    """The Book with handlers that only note what was carried out; and a front around it."""

    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def front(self, throttle: Throttle | None = None) -> Front:
        async def note(call: Call) -> Reply:
            self.done.append(" ".join(call.path))
            return Reply(say("done"))

        book = Book(dict(BOOK.commands), dict.fromkeys(BOOK.handlers, note), throttle)
        return Front(book, self.suggest, self.home, self.leave)

    async def suggest(self, kind: Complete, typed: str, place: Place, person: Person) -> list[Choice]:
        return []

    async def home(self, person: Person) -> Message:
        return say("home")

    async def leave(self, where: str) -> None:
        self.left.append(where)


def value(param: Param) -> str:
    return param.choices[0] if param.choices else "1" if param.kind == "int" else "x"


def given(command: Command) -> dict[str, str]:
    """What a form of the command may say."""
    return {param.name: value(param) for param in command.params if param.required}


def line(command: Command) -> str:
    """A line that can be read."""
    return " ".join([command.name, *given(command).values()])


def expected(rights: Rights, alone: bool) -> set[str]:
    return {command.name for command in COMMANDS if allowed(command, rights, alone)}


def test_what_each_role_may_is_not_the_same() -> None:
    """The table itself: guests only look, members have what is theirs, managers everything."""
    everything, looks = {one.name for one in COMMANDS}, {one.name for one in COMMANDS if one.looks}
    for alone in (True, False):
        assert expected("guest", alone) == looks
        assert expected("manager", alone) == everything
    assert expected("member", False) == looks | OPINION | PERSONAL
    assert expected("member", True) == everything - OF_ALL - MANAGERS


# -- Slack -------------------------------------------------------------------------------------------------------------------

SLACK: dict[Standing, Rights] = {
    "owner": "manager",
    "admin": "manager",
    "member": "member",
    "guest": "guest",  # is_restricted
    "single": "guest",  # is_ultra_restricted
    "stranger": "guest",  # of another workspace, by Slack Connect
    "bot": "guest",
    "gone": "guest",
}
LISTED = "UMANAGER"


@dataclass
class Workspace:
    """What the conversation asks of Slack: rights as users.info says; all else succeeds and is kept."""

    people: Mapping[str, Member]
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def rights(self, user: str) -> Rights:
        return slack_views.rights_of(self.people[user].profile(), "T0", [LISTED])

    async def shut(self, channel: str) -> str:
        return ""

    async def opened(self, trigger: str, view: dict[str, Any]) -> bool:
        self.sent.append(("opened", view))
        return True

    async def published(self, user: str, view: dict[str, Any]) -> None:
        self.sent.append(("published", view))

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        self.sent.append(("respond", body))

    async def send(self, place: Place, body: dict[str, Any]) -> None:
        self.sent.append(("send", body))


def slack(world: World, member: Member, **more: Any) -> tuple[SlackTalk, Workspace]:
    workspace = Workspace({member.id: member})
    return SlackTalk(world.front(**more), workspace, "T0"), workspace


@pytest.mark.parametrize("channel", ["C1", "D1"])
@pytest.mark.parametrize("how", ["typed", "pressed", "form"])
@pytest.mark.parametrize("standing", [*SLACK, "listed"])
async def test_in_slack(standing: str, how: str, channel: str) -> None:
    listed = standing == "listed"
    member = Member(LISTED if listed else "U1", "ana", "member" if listed else standing)  # type: ignore[arg-type]
    world = World()
    talk, _ = slack(world, member)
    body = {"response_url": "https://hooks.slack.example/1", "user": {"id": member.id, "team_id": member.team}}
    for command in COMMANDS:
        asker = talk.asker(body, member.id, channel)
        if how == "form":
            await talk.filled(asker, command, given(command), None)
        elif how == "pressed":  # in the App Home there is no response_url
            await talk.said(replace(asker, response_url=""), line(command))
        else:
            await talk.said(asker, line(command))
    rights = "manager" if listed else SLACK[standing]  # type: ignore[index]
    assert {*world.done} == expected(rights, alone=channel == "D1")


async def test_a_form_for_another_channel_gives_no_more_rights_than_there_are() -> None:
    world = World()
    talk, _ = slack(world, Member("U1", "ana", "member"))
    command = BOOK.commands["watch", "add"]
    for where in ("C1", "C2"):
        assert not (await talk.filled(talk.asker({}, "U1", "D1"), command, given(command), where)).ok
    assert world.done == []


async def test_a_guest_sees_the_home_and_changes_nothing_from_it() -> None:
    world = World()
    talk, workspace = slack(world, Member("U1", "ana", "guest"))
    await talk.event({"team_id": "T0", "event": {"type": "app_home_opened", "user": "U1"}})
    assert [kind for kind, _ in workspace.sent] == ["published"]
    for command in COMMANDS:
        await talk.said(Asker("U1", talk.person("U1"), talk.place("", talk.person("U1"))), line(command))
    assert {*world.done} & WRITING == set()


async def test_too_many_buttons_are_refused_kindly_with_the_seconds_to_wait() -> None:
    world, clock = World(), FakeClock()
    talk, workspace = slack(world, Member("U1", "ana"), throttle=Throttle(10, clock.now))
    asker = talk.asker({"response_url": "https://hooks.slack.example/1"}, "U1", "C1")
    for _ in range(12):
        await talk.said(asker, "news")
        clock.pass_(1)
    assert len(world.done) == 10
    kind, body = workspace.sent[-1]
    assert (kind, body["response_type"]) == ("respond", "ephemeral")
    assert "One person may give 10 commands a minute" in body["text"]
    assert "try again in 49 seconds" in body["text"]
    assert await talk.suggest("x", "rob", asker, ("watch", "remove")) == []  # typing is none
    refused = await talk.filled(asker, BOOK.commands["follow",], {"what": "robotics"}, None)
    assert (refused.ok, "try again in 48 seconds" in refused.message.text) == (False, True)
    clock.pass_(48)
    assert (await talk.filled(asker, BOOK.commands["follow",], {"what": "robotics"}, None)).ok


# -- Discord -------------------------------------------------------------------------------------------------------------------

MANAGE_CHANNELS = 1 << 4
DISCORD: dict[str, tuple[dict[str, Any], Rights]] = {
    "administrator": ({"member": {"permissions": str(ADMINISTRATOR)}}, "manager"),
    "manages the server": ({"member": {"permissions": str(MANAGE_GUILD)}}, "manager"),
    "member": ({"member": {"permissions": str(ALL)}}, "member"),
    # the server's owner may offer the commands to anybody, whatever we ask for
    "manages channels alone": ({"member": {"permissions": str(ALL | MANAGE_CHANNELS)}}, "member"),
    "in direct messages": ({"guild_id": None, "member": None, "user": USER, "context": 1}, "member"),
}


def interaction(role: str) -> dict[str, Any]:
    more = DISCORD[role][0]
    if more.get("member"):
        return {"member": {"user": USER, **JOINED, **more["member"]}}
    return {**more, "channel": {"id": "3", "type": 1, "recipients": [USER]}}


async def test_discord_says_who_manages_the_server(discord_as_it_was: None) -> None:
    async with serving() as stub, running(stub, People()) as bot:
        for role in DISCORD:
            await stub.interact(2, option("why"), **interaction(role))
    found = [(call.rights, call.place) for call in bot.people.calls]
    own = Place("discord:@9")
    here = place_of(GUILD, CHANNEL)
    assert found == [(rights, own if role == "in direct messages" else here) for role, (_, rights) in DISCORD.items()]


def options(command: Command, world: World, channel: str = "") -> dict[str, Any]:
    """A slash command with typed options, as Discord sends it."""
    names = next(names for names, path in discord_commands.routes(BOOK).items() if path == command.path)
    given_ = [{"type": 3, "name": discord_commands.name(key), "value": one} for key, one in given(command).items()]
    tree: list[dict[str, Any]] = given_
    for number, name in enumerate(reversed(names)):
        tree = [{"type": 2 if number else 1, "name": name, "options": tree}]
    return {"options": tree}


@pytest.mark.parametrize("how", ["typed", "pressed", "form"])
@pytest.mark.parametrize("role", [*DISCORD, "manager of a server that the bot is not in"])
async def test_in_discord(role: str, how: str) -> None:
    stranger = role not in DISCORD
    rights = "manager" if stranger else DISCORD[role][1]
    alone = role == "in direct messages"
    person = Person("discord:/9" if alone else "discord:5/9")
    place = own_place(person) if alone else place_of(GUILD, CHANNEL)
    world = World()
    people = People()
    talk = DiscordTalk(world.front(), (people.get, people.set), 5.0)
    heard = Heard("command", {}, place, person, rights, None if alone else GUILD, ALL, stranger=stranger)
    for command in COMMANDS:
        if how == "typed":
            await talk.hear(replace(heard, data=options(command, world)), Kept())
        elif how == "pressed":
            await talk.hear(replace(heard, kind="press", said=line(command)), Kept())
        else:
            await filled(talk, heard, command)
    may = expected(rights, alone)
    assert {*world.done} == (may - OF_A_PLACE - OF_ALL if stranger else may)


async def filled(talk: DiscordTalk, heard: Heard, command: Command) -> None:
    from bot.chat import discord_forms as forms  # noqa: PLC0415

    modal = forms.modal(command, forms.Filled(command.path))
    answers = [
        {"type": 18, "component": {"type": 4, "custom_id": key, "value": one}} for key, one in given(command).items()
    ]
    await talk.hear(replace(heard, kind="form", data={"custom_id": modal["custom_id"], "components": answers}), Kept())


async def test_too_many_commands_in_discord_are_refused_kindly() -> None:
    world, clock, people = World(), FakeClock(), People()
    talk = DiscordTalk(world.front(Throttle(2, clock.now)), (people.get, people.set), 5.0)
    wires = []
    for guild in (5, 6, 7):  # one person is one in all servers
        heard = Heard("press", {}, place_of(guild, 7), Person(f"discord:{guild}/9"), "member", guild, ALL, said="news")
        wires.append(Kept())
        await talk.hear(heard, wires[-1])
    assert world.done == ["news", "news"]
    [(_, body)] = wires[-1].sent
    assert (body["flags"], "try again in 60 seconds" in str(body)) == (64, True)


# -- the terminal ----------------------------------------------------------------------------------------------------------------


async def test_at_the_terminal_everything_is_allowed_and_nobody_is_asked_to_wait() -> None:
    world = World()
    book = world.front(Throttle(1, FakeClock().now)).book
    for command in COMMANDS:
        assert (await book.answer(line(command), TERMINAL, OWNER)).ok
    assert {*world.done} == {command.name for command in COMMANDS}
