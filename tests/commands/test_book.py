"""Commands as people type them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.command import Book, Call, Command, Param, Reply
from bot.errors import BadInput, BadQuery
from bot.message import say
from bot.model import TERMINAL, Person

ME = Person("terminal:me")


def book() -> Book:
    made = Book()

    async def echo(call: Call) -> Reply:
        return Reply(say(repr(sorted(call.args.items()))), (dict(call.args),))

    async def fails(call: Call) -> Reply:
        raise BadQuery("what is this?", "a OR OR b", 5)

    name, query = Param("name", "its name"), Param("query", "what", "rest")
    limit = Param("limit", "how many", "int", required=False)
    kind = Param("kind", "which", required=False, choices=("instant", "digest"))
    loud = Param("loud", "shout", "flag", required=False)
    made.register(Command(("watch", "add"), "Add one", (name, kind, loud, query), "watch add a b"), echo)
    made.register(Command(("watch", "list"), "List them"), echo)
    made.register(Command(("news",), "News", (limit, Param("query", "what", "rest", required=False))), echo)
    made.register(Command(("broken",), "Fails"), fails)
    return made


def args(line: str) -> dict[str, Any]:
    return dict(book().read(line, TERMINAL, ME).args)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("watch add robots humanoid", {"name": "robots", "query": "humanoid"}),
        (
            'watch add "my robots" "humanoid robot" -fund OR (a b)',
            {"name": "my robots", "query": '"humanoid robot" -fund OR (a b)'},
        ),
        (r'watch add "say \"hi\"" x', {"name": 'say "hi"', "query": "x"}),
        ("watch add kind=digest loud r x", {"kind": "digest", "loud": True, "name": "r", "query": "x"}),
        ('watch add kind="digest" r x', {"kind": "digest", "name": "r", "query": "x"}),
        ("news", {}),
        ("news limit=3", {"limit": 3}),
        ("news limit=3 limit=4 is a query", {"limit": 4, "query": "is a query"}),
        ("  news   人形机器人  ", {"query": "人形机器人"}),
        ("news NOT limit=3", {"query": "NOT limit=3"}),
    ],
)
def test_a_line_is_read_as_people_mean_it(line: str, expected: dict[str, Any]) -> None:
    assert args(line) == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "help"),
        ("wacth add a b", "Did you mean `watch add`"),
        ("watch", "needs one of: add, list"),
        ("watch add", "NAME and QUERY missing"),
        ("watch add a", "QUERY missing"),
        ("watch list everything", "did not expect `everything`"),
        ("news limit=many", "limit must be a number"),
        ("watch add kind=digset a b", "Did you mean `digest`"),
    ],
)
async def test_a_wrong_line_gets_a_kind_answer(line: str, words: str) -> None:
    reply = await book().answer(line, TERMINAL, ME)
    assert not reply.ok
    assert words in reply.message.text


async def test_a_wrong_query_points_at_its_place() -> None:
    reply = await book().answer("broken", TERMINAL, ME)
    assert [getattr(part, "text", "") for part in reply.message.parts] == ["what is this?", "  a OR OR b\n       ^"]


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (
            ["watch", "add", "my robots", '"humanoid robot"', "-fund"],
            {"name": "my robots", "query": '"humanoid robot" -fund'},
        ),
        (["watch", "add", "r", "a OR b"], {"name": "r", "query": "a OR b"}),
        (["watch", "add", "kind=digest", 'a"b', "x"], {"kind": "digest", "name": 'a"b', "query": "x"}),
        (["news", "limit=2"], {"limit": 2}),
    ],
)
def test_what_a_shell_split_is_joined_without_loss(argv: list[str], expected: dict[str, Any]) -> None:
    assert args(book().joined(argv)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ["broken", "news", "watch"]),
        ("wa", ["watch"]),
        ("watch ", ["add", "list"]),
        ("watch a", ["add"]),
        ("watch add ", ["kind=", "loud"]),
        ("news l", ["limit="]),
    ],
)
def test_completion_offers_what_can_come_next(line: str, expected: list[str]) -> None:
    assert book().complete(line) == expected


def test_help_lists_all_or_explains_one() -> None:
    made = book()
    assert "watch add NAME [kind=KIND] [loud] QUERY...  Add one" in made.help().text
    assert "For example: watch add a b" in made.help("watch add").text
    assert "watch list" in made.help("watch").text
    assert made.help("nonsense").tone == "error"


def test_two_commands_cannot_share_a_name() -> None:
    made = book()
    with pytest.raises(ValueError, match="news"):
        made.register(Command(("news",), "again"), made.handlers["news",])


def test_unknown_commands_raise_when_only_read() -> None:
    with pytest.raises(BadInput):
        book().read("nonsense", TERMINAL, ME)
