"""Forms, the App Home, what payloads say, and who may do what."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.slack_views import (
    Form,
    command_of,
    completes,
    errors,
    first_link,
    followable,
    form_of,
    free,
    home,
    lacking,
    modal,
    options,
    query_of,
    rights_of,
    submitted,
    typed,
)
from bot.command import Book, Call, Choice, Command, Param, Reply
from bot.errors import BadInput
from bot.message import Actions, Button, Message, Text, say
from bot.model import TERMINAL, Person
from tests.chat.slack_rules import faults, view_faults
from tests.fakes.slack_state import initial_of, state_of

ADD = Command(
    ("watch", "add"),
    "Post here whatever matches a query",
    (
        Param("name", "the watchlist's name"),
        Param("query", "words", "rest"),
        Param("mode", "when", required=False, choices=("instant", "daily")),
        Param("days", "how many", "int", required=False),
        Param("quiet", "say nothing", "flag", required=False),
    ),
    changes=True,
)
REMOVE = Command(("watch", "remove"), "Stop one", (Param("name", "which", complete="watchlist"),), changes=True)
WHY = Command(("why",), "Why", (Param("alert", "which", "rest", required=False),))


async def nothing(call: Call) -> Reply:
    return Reply(say("done"))


def book(*commands: Command) -> Book:
    made = Book()
    for command in commands:
        made.register(command, nothing)
    return made


def filled(view: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The view as Slack sends it with these values in its fields."""
    state = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            one = block["element"]
            value = values.get(block["block_id"].strip("+"), initial_of(one))
            state[block["block_id"]] = {one["action_id"]: state_of(one, value)}
    return {**view, "state": {"values": state}}


# -- what was typed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (" news amount:&gt;=50m &amp; more ", "news amount:>=50m & more"),
        ("watch add “my robots” robot", 'watch add "my robots" robot'),
        ("feed add <https://a.example/feed.xml>", "feed add https://a.example/feed.xml"),
        ("feed add <https://a.example/f?a=1&amp;b=2|a.example>", "feed add https://a.example/f?a=1&b=2"),
        ("news &amp;gt;", "news &gt;"),
    ],
)
def test_a_line_is_read_as_it_was_typed(sent: str, meant: str) -> None:
    assert typed(sent) == meant


def test_the_longest_command_is_found_with_the_rest_of_the_line() -> None:
    known = book(ADD, WHY)
    assert command_of(known, "watch  add robots robot*") == (ADD, "robots robot*")
    assert command_of(known, "watch") == (None, "watch")
    assert command_of(known, "") == (None, "")


@pytest.mark.parametrize(
    ("rest", "given"),
    [
        ("", {}),
        ("robots", {"name": "robots"}),
        ('"my robots"', {"name": "my robots"}),
        ("mode=daily robots", {"name": "robots", "mode": "daily"}),
        ("quiet robots", {"name": "robots", "quiet": "yes"}),
        ("robots humanoid OR biped", None),
    ],
)
def test_a_command_that_lacks_something_is_known_with_what_it_has(rest: str, given: dict[str, str] | None) -> None:
    assert lacking(ADD, rest) == given


@given(st.text(max_size=60))
@settings(deadline=None)
def test_what_lacks_nothing_is_what_the_book_can_read(rest: str) -> None:
    """A form opens where the Book would say that something is missing, and only there."""
    try:
        book(ADD).read(f"watch add {rest}", TERMINAL, Person("terminal:me"))
        missing = False
    except BadInput as error:
        missing = " missing. Usage" in str(error)
    assert (lacking(ADD, " ".join(rest.split())) is not None) == missing or "=" in rest or '"' in rest or "\\" in rest


def test_commands_without_required_parameters_open_no_form() -> None:
    assert lacking(WHY, "") is None


# -- forms -------------------------------------------------------------------------------------------------------------------


def test_a_form_has_a_field_for_each_parameter_and_asks_for_the_place() -> None:
    view = modal(ADD, {}, Form(ADD.path, "C1", "https://hooks.example/1"))
    fields = {block["block_id"]: block["element"]["type"] for block in view["blocks"] if block["type"] == "input"}
    assert fields == {
        "name": "plain_text_input",
        "query": "plain_text_input",
        "mode": "static_select",
        "days": "number_input",
        "quiet": "checkboxes",
        "+topic": "multi_external_select",
        "+entity": "multi_external_select",
        "where": "conversations_select",
    }
    assert form_of(view) == Form(ADD.path, "C1", "https://hooks.example/1")
    assert view_faults(view) == []


def test_a_form_keeps_what_was_given() -> None:
    view = modal(ADD, {"name": "robots", "mode": "daily", "days": "7", "quiet": "yes"}, Form(ADD.path))
    assert submitted(ADD, filled(view, query="a")) == (
        {"name": "robots", "query": "a", "mode": "daily", "days": "7", "quiet": "yes"},
        "",
    )
    assert submitted(REMOVE, filled(modal(REMOVE, {"name": "robots"}, Form(REMOVE.path)))) == ({"name": "robots"}, None)


def test_only_watchlists_ask_for_their_place_and_get_help_with_the_query() -> None:
    assert [block.get("block_id") for block in modal(REMOVE, {}, Form(REMOVE.path))["blocks"]] == [None, "name"]


def test_a_field_with_suggestions_asks_for_them() -> None:
    element = modal(REMOVE, {}, Form(REMOVE.path))["blocks"][1]["element"]
    assert (element["type"], completes(element["action_id"])) == ("external_select", "watchlist")
    assert completes("value") == ""


def test_what_was_chosen_becomes_part_of_the_query() -> None:
    view = filled(
        modal(ADD, {}, Form(ADD.path, "C1")), name="a", query="x OR y", topic=["robotics"], entity=["a b", "c"]
    )
    args, where = submitted(ADD, view)
    assert args["query"] == '(x OR y) topic:robotics (entity:"a b" OR entity:c)'
    assert where == "C1"
    optional = {block["block_id"]: block["optional"] for block in view["blocks"] if block["type"] == "input"}
    assert (optional["name"], optional["query"]) == (False, True)  # topics alone are a query too
    assert query_of("", {"topic": ["a"]}) == "topic:a"
    assert query_of("robot", {"topic": []}) == "robot"


def test_a_longer_address_than_a_form_remembers_is_forgotten() -> None:
    view = modal(ADD, {}, Form(ADD.path, "C1", "https://hooks.example/" + "x" * 3_000))
    assert form_of(view) == Form(ADD.path, "C1", "")


@pytest.mark.parametrize("kept", ["", "{", "[]", "{}", '{"path": 1}'])
def test_a_form_of_another_time_is_of_no_command(kept: str) -> None:
    assert form_of({"private_metadata": kept}) == Form(())


def test_errors_stand_below_their_fields_only() -> None:
    wrong = Reply(say("a parenthesis is not closed\nrobot ("), ok=False, field="query")
    assert errors(ADD, wrong) == {"query": "a parenthesis is not closed robot ("}
    assert errors(ADD, Reply(say("no"), ok=False, field="where")) == {"where": "no"}
    assert errors(REMOVE, Reply(say("no"), ok=False, field="where")) is None
    assert errors(ADD, Reply(say("no"), ok=False)) is None
    assert errors(ADD, Reply(say("yes"), field="query")) is None


def test_suggestions_keep_the_limits_and_are_told_apart() -> None:
    choices = [Choice("x" * 100, "a"), Choice("", "b"), Choice("long", "c" * 151), Choice("again", "a")]
    found = options([*choices, *(Choice(str(number), str(number)) for number in range(150))])
    assert faults("ack.suggestion", {"options": found}) == []
    assert [one["value"] for one in found[:2]] == ["a", "b"]
    assert len(found) == 100


words = st.text(min_size=1, max_size=200)
params = st.builds(
    Param,
    st.from_regex(r"[a-z]{1,20}", fullmatch=True),
    words,
    st.sampled_from(["text", "rest", "int", "flag"]),
    st.booleans(),
    st.lists(words, max_size=5, unique=True).map(tuple),
    st.sampled_from(["", "topic", "zone"]),
)


@given(st.lists(params, max_size=6, unique_by=lambda param: param.name), words, words)
@settings(deadline=None)
def test_any_command_makes_a_form_within_the_limits(made: list[Param], help_: str, value: str) -> None:
    for path in (("watch", "add"), ("anything", "else")):
        command = Command(path, help_, tuple(made))
        view = modal(command, {param.name: value for param in made}, Form(path, "C1", "https://hooks.example/"))
        assert view_faults(view) == []


# -- the App Home and the shortcut ---------------------------------------------------------------------------------------------


def test_the_home_has_buttons_for_what_can_be_said() -> None:
    overview = Message(
        "You follow robotics", (Text("You follow robotics"), Actions((Button("Stop", "watch remove r"),)))
    )
    view = home(overview, book(ADD, REMOVE))
    assert view_faults(view) == []
    said = [one["value"] for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]
    assert said == ["watch remove r", "watch add", "help"]


def test_a_story_can_be_followed_where_that_can_be_said() -> None:
    reply = Reply(say("because"), ({"story": 0}, {"story": 7}))
    follow = Command(("follow",), "Follow", (Param("what", "it", "rest"),))
    assert followable(reply, book(WHY)) == reply
    assert "follow story:7" in str(followable(reply, book(follow)).message.parts)
    assert followable(Reply(say("no"), ok=False), book(follow)).message == say("no")


def test_a_query_may_be_typed_where_names_are_suggested() -> None:
    follow = Command(("follow",), "Follow", (Param("what", "it", "rest", complete="entity"),))
    assert [free(one, "entity") for one in (follow, REMOVE, ADD, None)] == [True, False, False, False]
    assert not free(REMOVE, "watchlist")


@pytest.mark.parametrize(
    ("message", "link"),
    [
        ({"text": "look <https://a.example/?a=1&amp;b=2|here> <https://b.example>"}, "https://a.example/?a=1&b=2"),
        ({"text": "bare https://a.example/x."}, "https://a.example/x."),
        ({"text": "nothing <mailto:a@b.example|a>"}, ""),
        ({"blocks": [{"type": "rich_text", "elements": [{"elements": [{"type": "link", "url": "https://c.example"}]}]}]},
         "https://c.example"),
        ({"text": "", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<https://d.example|d>"}}]},
         "https://d.example"),
        ({"text": "", "attachments": [{"title_link": "https://e.example/"}]}, "https://e.example/"),
        ({"text": "<javascript:alert(1)|x>"}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_the_first_link_of_a_message_is_found(message: dict[str, Any], link: str) -> None:
    assert first_link(message) == link


def test_blocks_nested_without_end_are_given_up() -> None:
    node: dict[str, Any] = {"type": "link", "url": "https://a.example"}
    for _ in range(40):
        node = {"elements": [node]}
    assert first_link({"blocks": [node]}) == ""
    assert json.dumps(node)


# -- rights ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "rights"),
    [
        ({"id": "U1", "team_id": "T0"}, "member"),
        ({"id": "U1", "team_id": "T0", "is_admin": True}, "manager"),
        ({"id": "U1", "team_id": "T0", "is_owner": True}, "manager"),
        ({"id": "U9", "team_id": "T0"}, "manager"),
        ({"id": "U1", "team_id": "T0", "is_restricted": True}, "guest"),
        ({"id": "U1", "team_id": "T0", "is_ultra_restricted": True, "is_admin": True}, "guest"),
        ({"id": "U1", "team_id": "T0", "is_stranger": True}, "guest"),
        ({"id": "U1", "team_id": "T0", "is_bot": True, "is_admin": True}, "guest"),
        ({"id": "U1", "team_id": "T8", "is_admin": True}, "guest"),
        ({"id": "U1", "team_id": "T8", "enterprise_user": {"teams": ["T0", "T8"]}}, "member"),
        ({"id": "U1", "team_id": "T0", "deleted": True, "is_admin": True}, "guest"),
        ({"id": "U1"}, "member"),
    ],
)
def test_rights_follow_standing(user: dict[str, Any], rights: str) -> None:
    assert rights_of(user, "T0", ["U9"]) == rights
