"""What is kept of who changed what: for every command of the Book, and as `audit` shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat import discord_embeds, slack_blocks
from bot.chat.terminal_cards import to_text
from bot.commands.book import all_commands
from bot.message import Table
from bot.model import Person, Place
from bot.people import AUDIT_KEPT, Change, Proposal
from bot.ports import Store, Transaction
from tests.commands.conftest import Typist
from tests.commands.test_rights import BOOK, LOOKS, MANAGERS, OF_ALL
from tests.contract.makers import NOW, stored

ANA, C1, DM = "slack:T0/U1", "slack:T0/C1", "slack:T0/@U1"
ROBOTS = "watch add robots robot"
SECRET = "https://me:hunter2@x.example/feed?token=abcdef"

# A line that works, and what was said before; NUMBER is that of the suggestion.
CHANGES: dict[str, tuple[str, ...]] = {
    "watch add": (ROBOTS,),
    "watch edit": (ROBOTS, "watch edit robots humanoid"),
    "watch mode": (ROBOTS, "watch mode robots digest"),
    "watch remove": (ROBOTS, "watch remove robots"),
    "watch card": (ROBOTS, "watch card robots fields=time,why"),
    "watch mute": (ROBOTS, "watch mute for=1w robots"),
    "watch unmute": (ROBOTS, "watch mute robots", "watch unmute robots"),
    "watch reset": (ROBOTS, "watch reset robots"),
    "verdict": (ROBOTS, "verdict good robot walks"),
    "follow": ("follow robotics",),
    "unfollow": ("follow robotics", "unfollow robotics"),
    "digest": ("digest at=07:30",),
    "quiet": ("quiet from=22:00 to=07:00",),
    "forget-me": ("forget-me yes",),
    "channel digest": ("channel digest at=09:00",),
    "channel quiet": ("channel quiet from=20:00",),
    "entity add": ("entity add Norrland",),
    "entity alias": ("entity alias unitree Yushu",),
    "entity remove": ("entity add Norrland", "entity remove Norrland"),
    "entity accept": ("entity accept NUMBER",),
    "entity reject": ("entity reject NUMBER",),
    "feed add": ("feed add https://x.example/feed unchecked",),
    "feed remove": ("feed add https://x.example/feed unchecked", "feed remove https://x.example/feed"),
    "feed import": ("feed import seeds",),
}
QUESTIONS: dict[str, tuple[str, ...]] = {
    "settings": ("settings",),
    "forget-me": ("forget-me",),
    "digest": ("digest",),
    "quiet": ("quiet",),
    "channel digest": ("channel digest",),
    "channel quiet": ("channel quiet",),
    "watch list": ("watch list",),
    "watch show": (ROBOTS, "watch show robots"),
    "watch test": ("watch test robot",),
    "watch preview": (ROBOTS, "watch preview robots"),
    "channel settings": ("channel settings",),
    "why": ("why robot walks",),
    "learned": (ROBOTS, "learned"),
    "news": ("news robot",),
    "story": ("story 1",),
    "deals": ("deals",),
    "who": ("who unitree",),
    "entity show": ("entity show unitree",),
    "entity list": ("entity list",),
    "entity suggestions": ("entity suggestions",),
    "feed list": ("feed list",),
    "feed check": ("feed add https://x.example/feed unchecked", "feed check https://x.example/feed"),
    "feed export": ("feed export",),
    "audit": (ROBOTS, "audit"),
    "status": ("status",),
    "help": ("help",),
}


@dataclass
class Counting:
    """A store that counts the transactions that change something."""

    store: Store
    writes: list[str] = field(default_factory=list)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        self.writes.append("write")
        with self.store.write() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with self.store.read() as tx:
            yield tx

    def release(self) -> None:
        self.store.release()

    def backup(self, target: Path) -> None:
        self.store.backup(target)

    def close(self) -> None:
        self.store.close()


@pytest.fixture
def counted(typist: Typist) -> Typist:
    """A desk with a story, a suggestion, feeds to import, and a store that counts."""
    typist.tells(stored("a robot walks"))
    typist.fetcher.pages["https://x.example/feed"] = ["one"]
    (typist.seeds / "feeds.opml").write_text('<opml><body><outline xmlUrl="https://y.example/feed"/></body></opml>')
    with typist.store.write() as tx:
        tx.suggestions.add([Proposal("unitree", "Yushu Robotics", 1, ("a", "b"))], NOW)
    desk = replace(typist.desk, store=Counting(typist.store))
    return replace(typist, desk=desk, book=all_commands(desk))


def rows(typist: Typist) -> list[Change]:
    with typist.store.read() as tx:
        return tx.audit.recent("", 100)


def numbered(typist: Typist, line: str) -> str:
    """With the number of the suggestion for NUMBER."""
    with typist.store.read() as tx:
        waiting = tx.suggestions.all()
    return line.replace("NUMBER", str(waiting[0].id)) if waiting else line


async def last(typist: Typist, lines: tuple[str, ...], **how: object) -> tuple[bool, list[Change], int]:
    """Give the lines, the last one as `how` says; whether that succeeded, and the changes and transactions that it left."""
    for line in lines[:-1]:
        assert (await typist.type(line, C1, ANA)).ok, line
        typist.clock.time += timedelta(seconds=1)
    assert isinstance(typist.desk.store, Counting)
    before, typist.desk.store.writes = len(rows(typist)), []
    reply = await typist.type(numbered(typist, lines[-1]), **{"place": C1, "person": ANA, **how})  # type: ignore[arg-type]
    new = rows(typist)
    return reply.ok, new[: len(new) - before], len(typist.desk.store.writes)


def test_every_command_is_in_one_of_the_tables() -> None:
    names = {command.name for command in BOOK.commands.values()}
    assert names == {*CHANGES, *QUESTIONS}
    assert {command.name for command in BOOK.commands.values() if command.looks} == LOOKS
    assert {*QUESTIONS} - {*CHANGES} == LOOKS | MANAGERS | {"settings"}


@pytest.mark.parametrize("name", CHANGES)
async def test_what_changes_something_leaves_one_row_in_its_transaction(counted: Typist, name: str) -> None:
    line = numbered(counted, CHANGES[name][-1])
    ok, new, writes = await last(counted, CHANGES[name])
    assert (ok, writes, len(new)) == (True, 1, 1)
    command = BOOK.commands[tuple(name.split())]
    place = DM if command.personal else C1
    expected = Change(counted.clock.now(), Place(place), Person(ANA), name, line.removeprefix(name).strip())
    if name == "forget-me":  # that it happened, not who it was
        expected = replace(expected, place=Place("slack:T0"), person=Person(""))
    assert new == [expected]


@pytest.mark.parametrize("name", QUESTIONS)
async def test_what_only_asks_leaves_none(counted: Typist, name: str) -> None:
    assert await last(counted, QUESTIONS[name]) == (True, [], 0)


@pytest.mark.parametrize("name", CHANGES)
async def test_what_is_refused_leaves_none(counted: Typist, name: str) -> None:
    assert await last(counted, CHANGES[name], rights="guest") == (False, [], 0)


@pytest.mark.parametrize(
    "line",
    [
        *("watch edit none robot", "watch remove none", "watch mode none digest", "watch reset none", "unfollow none"),
        *("watch add robots (", "follow story:99", "verdict good 3", "entity remove unitree", "entity accept 9"),
        *("feed remove 99", "feed add https://taken.example/feed unchecked", "watch unmute robots"),
    ],
)
async def test_what_fails_leaves_none_and_changes_nothing(counted: Typist, line: str) -> None:
    ok, new, _ = await last(counted, ("feed add https://taken.example/feed unchecked", line))
    assert (ok, new) == (False, [])


async def test_a_change_that_cannot_be_noted_does_not_happen(counted: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, change: Change) -> None:
        raise OSError("disk full")

    with counted.store.write() as tx:
        table = type(tx.audit)
    monkeypatch.setattr(table, "add", full)
    with pytest.raises(OSError, match="disk full"):
        await counted.type(ROBOTS, C1, ANA)
    with counted.store.read() as tx:
        assert tx.watches.all() == []


async def test_secrets_are_masked_and_what_is_said_in_a_form_reads_like_a_line(typist: Typist) -> None:
    await typist.type(f"feed add {SECRET} unchecked", C1, ANA)
    given = {"name": "my robots", "query": "robot", "digest": True}
    await typist.book.perform(typist.book.call(("watch", "add"), given, Place(C1), Person(ANA)))
    added, fed = rows(typist)
    assert (added.command, added.args) == ("watch add", '"my robots" digest robot')
    assert "hunter2" not in fed.args
    assert "abcdef" not in fed.args
    assert fed.args.endswith(" unchecked")


async def test_what_all_places_share_is_noted_for_the_workspace_when_it_is_said_in_direct_messages(
    counted: Typist,
) -> None:
    for name in sorted(OF_ALL & {"feed add", "entity add", "entity accept", "feed import"}):
        _, (row,), _ = await last(counted, CHANGES[name], place=DM)
        assert (row.place, row.person) == ("slack:T0", ANA)
    await counted.type("forget-me yes", DM, ANA)
    assert {row.person for row in rows(counted)} == {""}


# -- `audit` ---------------------------------------------------------------------------------------------------------------


async def test_managers_see_what_was_changed_in_their_workspace_newest_first(typist: Typist) -> None:
    for line, place, person in (
        (ROBOTS, C1, ANA),
        ("watch add b b", "slack:T0/C2", "slack:T0/U2"),
        ("follow robotics", C1, "slack:T0/U2"),
        ("watch add c c", "slack:T9/C1", "slack:T9/U1"),
    ):
        await typist.type(line, place, person)
        typist.clock.time += timedelta(minutes=1)
    reply = await typist.type("audit", C1, ANA)
    (table,) = [part for part in reply.message.parts if isinstance(part, Table)]
    assert table.rows == (
        ("1 Mar 12:01 UTC", "U2", "C2", "watch add b b"),
        ("1 Mar 12:00 UTC", "U1", "C1", "watch add robots robot"),
    )
    assert [row["person"] for row in reply.rows] == ["slack:T0/U2", ANA]
    everything = await typist.type("audit")
    assert [row["place"] for row in everything.rows] == ["slack:T9/C1", "slack:T0/@U2", "slack:T0/C2", C1]
    assert len((await typist.type("audit limit=1")).rows) == 1
    assert not (await typist.type("audit limit=0")).ok


@pytest.mark.parametrize(("rights", "words"), [("member", "for those who manage me"), ("guest", "Guests can look")])
async def test_nobody_else_sees_it(typist: Typist, rights: str, words: str) -> None:
    await typist.type(ROBOTS, C1, ANA)
    reply = await typist.type("audit", C1, "slack:T0/U2", rights)  # type: ignore[arg-type]
    assert (reply.ok, reply.rows, words in reply.message.text) == (False, (), True)


async def test_who_is_forgotten_is_nobody_in_it(typist: Typist) -> None:
    await typist.type(ROBOTS, C1, ANA)
    await typist.type("follow robotics", C1, ANA)
    await typist.type("forget-me yes", C1, ANA)
    reply = await typist.type("audit")
    assert "U1" not in repr(reply)
    assert [row["command"] for row in reply.rows] == ["forget-me", "watch add"]


async def test_a_long_line_is_cut(typist: Typist) -> None:
    await typist.type(f"watch add robots {'robot OR ' * 90}robot", C1, ANA)
    await typist.type(f"watch add {'x' * 40_000} robot", C1, ANA)  # no such name: refused
    (row,) = rows(typist)
    assert len(row.args) <= 1000
    reply = await typist.type("audit", C1, ANA)
    assert max(len(line) for line in reply.message.text.splitlines()) < 300


async def test_what_people_typed_is_shown_as_text_everywhere(typist: Typist) -> None:
    hostile = "<!channel> @everyone [x](https://evil.example) `*_~| \x1b[31m\u202e"
    await typist.type(f'watch add "{hostile}" robot', C1, ANA)
    message = (await typist.type("audit", C1, ANA)).message
    slack = slack_blocks.payload(message)
    assert ("<!channel>" in slack["text"], "&lt;!channel&gt;" in slack["text"]) == (False, True)
    assert [block["type"] for block in slack["blocks"]] == ["rich_text"]  # whose texts are no markup
    (page,) = discord_embeds.pages(message, 4)
    assert page.payload["allowed_mentions"] == {"parse": []}
    assert re.search(r"@everyone|\[x\]\(https:", json.dumps(page.payload, ensure_ascii=False)) is None
    assert {*map(ord, "\x1b\u202e")} & {*map(ord, to_text(message, 100))} == set()


async def test_after_400_days_it_is_gone(typist: Typist) -> None:
    await typist.type(ROBOTS, C1, ANA)
    typist.clock.time += AUDIT_KEPT
    await typist.type("watch remove robots", C1, ANA)
    assert [row.command for row in rows(typist)] == ["watch remove", "watch add"]
    typist.clock.time += timedelta(seconds=1)
    await typist.type(ROBOTS, C1, ANA)
    assert [row.command for row in rows(typist)] == ["watch add", "watch remove"]


# -- coming back -------------------------------------------------------------------------------------------------------------


async def test_a_change_at_a_place_that_was_given_up_lets_it_be_told_again(typist: Typist) -> None:
    with typist.store.write() as tx:
        for place in (C1, DM, "slack:T0/C2"):
            tx.outbox.disable(Place(place), "gone", NOW)
    for line in ("watch list", "watch remove none", "settings"):
        await typist.type(line, C1, ANA)
    assert (await typist.type(ROBOTS, C1, ANA, "member")).ok is False
    with typist.store.read() as tx:
        assert len(tx.outbox.disabled()) == 3
    await typist.type(ROBOTS, C1, ANA)
    with typist.store.read() as tx:
        assert {*tx.outbox.disabled()} == {DM, "slack:T0/C2"}
    await typist.type("follow robotics", C1, ANA)
    with typist.store.read() as tx:
        assert {*tx.outbox.disabled()} == {"slack:T0/C2"}


def test_commands_write_through_the_desk_alone() -> None:
    """`Desk.change` notes who did it; only what the platform does by itself goes around it."""
    folder = Path(__file__).resolve().parents[2] / "bot" / "commands"
    found = {
        path.name: len(re.findall(r"\.write\(\)", path.read_text(encoding="utf-8"))) for path in folder.glob("*.py")
    }
    assert {name: count for name, count in found.items() if count} == {"desk.py": 1, "personal.py": 1}
