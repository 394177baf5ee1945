from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.chat import discord_commands as commands
from bot.chat import discord_forms as forms
from bot.command import Book, Command, Param
from bot.commands.book import all_commands
from tests.chat.discord_people import People
from tests.chat.discord_rules import faults, size


class _Nothing:
    """Stands for a desk: the commands are only listed, never carried out."""

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **named: None


def whole() -> Book:
    desk: Any = _Nothing()
    return all_commands(desk)


def option(book: Book, *names: str) -> dict[str, Any]:
    found: dict[str, Any] = commands.payload(book)[0]
    for name in names:
        found = next(one for one in found["options"] if one["name"] == name)
    return found


def small() -> Book:
    return People().front().book


# -- the tree --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("book", [small(), whole()], ids=["small", "whole"])
def test_the_commands_are_valid_for_discord(book: Book) -> None:
    payload = commands.payload(book)
    assert faults("PUT", "/applications/2/commands", payload) == []
    assert [(one["type"], one["name"]) for one in payload] == [(1, "wire"), (3, "Why this alert")]
    assert all(one["contexts"] == [0, 1] and one["integration_types"] == [0, 1] for one in payload)


def test_every_command_of_the_book_can_be_given() -> None:
    book = whole()
    assert sorted(commands.routes(book).values()) == sorted(book.commands)


def test_options_have_their_types_choices_and_suggestions() -> None:
    book = small()
    assert option(book, "news", "limit")["type"] == 4
    assert option(book, "feed", "add", "unchecked")["type"] == 5
    assert option(book, "verdict", "opinion")["choices"] == [{"name": w, "value": w} for w in ("good", "bad")]
    assert option(book, "watch", "remove", "name")["autocomplete"] is True
    assert option(book, "watch", "remove", "name")["required"] is True
    assert option(book, "watch", "list", "channel")["type"] == 7


def test_a_command_that_is_a_form_may_be_given_bare() -> None:
    assert [one["required"] for one in option(small(), "watch", "add")["options"]] == [False, False, False]


def test_the_fingerprint_changes_with_the_commands_alone() -> None:
    book, same = small(), small()
    assert commands.fingerprint(commands.payload(book)) == commands.fingerprint(commands.payload(same))
    same.commands[("why",)] = replace(same.commands[("why",)], help="Another help")
    assert commands.fingerprint(commands.payload(book)) != commands.fingerprint(commands.payload(same))


def test_help_is_shortened_where_all_of_it_together_is_too_long() -> None:
    book = Book()
    params = tuple(Param(f"p{n}", "what it is about " * 9) for n in range(9))
    for n in range(12):
        book.register(Command(("group", f"c{n}"), "help " * 30, params), People()._answer)
    assert commands._weight(commands.payload(book)[0]) <= 8000


def test_too_many_commands_are_an_error() -> None:
    book = Book()
    for n in range(30):
        book.register(Command((f"c{n}",), "x"), People()._answer)
    with pytest.raises(ValueError, match="25"):
        commands.payload(book)


def test_a_command_that_is_a_group_too_stands_in_it() -> None:
    book = Book()
    book.register(Command(("digest",), "x"), People()._answer)
    book.register(Command(("digest", "at"), "x"), People()._answer)
    assert commands.routes(book) == {("digest", "digest"): ("digest",), ("digest", "at"): ("digest", "at")}


# -- what was given ----------------------------------------------------------------------------------------------------


def test_what_was_given_is_a_path_and_arguments() -> None:
    options = [{"type": 3, "name": "name", "value": "robots"}, {"type": 7, "name": "channel", "value": "77"}]
    data = {
        "name": "wire",
        "options": [{"type": 2, "name": "watch", "options": [{"type": 1, "name": "add", "options": options}]}],
    }
    assert commands.read(small(), data) == commands.Asked(("watch", "add"), {"name": "robots"}, "77")


def test_what_is_being_typed_is_known() -> None:
    inner = {"type": 1, "name": "remove", "options": [{"type": 3, "name": "name", "value": "ro", "focused": True}]}
    asked = commands.read(small(), {"options": [{"type": 2, "name": "watch", "options": [inner]}]})
    assert asked is not None
    assert asked.focused == ("name", "ro")


def test_a_command_that_is_gone_is_not_known() -> None:
    assert commands.read(small(), {"options": [{"type": 1, "name": "dance"}]}) is None
    assert commands.read(small(), {}) is None


def test_suggestions_are_at_most_25_each_once_and_whole() -> None:
    found = commands.choices(
        [("a", "a"), ("again", "a"), ("", "b"), ("blank", " "), ("x", "y" * 101), ("z" * 200, "z")]
    )
    assert [one["value"] for one in found] == ["a", "b", "z"]
    assert [size(one["name"]) for one in found] == [1, 1, 100]
    assert len(commands.choices([(str(n), str(n)) for n in range(40)])) == 25


# -- forms -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(path for path, one in whole().commands.items() if one.params), ids=" ".join)
def test_every_command_with_parameters_makes_a_valid_form(path: tuple[str, ...]) -> None:
    command = whole().commands[path]
    modal = forms.modal(command, forms.Filled(path, "123", {param.name: "x" * 5000 for param in command.params}))
    assert faults("POST", "/interactions/3/abc/callback", {"type": 9, "data": modal}) == []


def test_a_form_shows_what_was_given_and_comes_back_filled_in() -> None:
    command = small().commands[("watch", "add")]
    filled = forms.Filled(("watch", "add"), "77", {"name": "robots"})
    modal = forms.modal(command, filled)
    assert modal["custom_id"] == "form:77:watch add"
    assert [one["component"].get("value") for one in modal["components"]] == ["robots", None]
    assert [one["component"]["style"] for one in modal["components"]] == [1, 2]
    sent = [{"type": 18, "component": {"type": 4, "custom_id": "name", "value": " robots\n"}}]
    sent += [{"type": 1, "components": [{"type": 4, "custom_id": "query", "value": "a\nb"}]}]
    answered = forms.read({"custom_id": modal["custom_id"], "components": sent})
    assert answered == forms.Filled(("watch", "add"), "77", {"name": "robots", "query": "a b"})


def test_choices_and_flags_are_menus_in_a_form() -> None:
    params = (Param("mode", "which", choices=("instant", "digest")), Param("quiet", "no noise", "flag", False))
    modal = forms.modal(Command(("set",), "Set", params), forms.Filled(("set",), "", {"mode": "digest"}))
    menus = [one["component"] for one in modal["components"]]
    assert [[option["value"] for option in menu["options"]] for menu in menus] == [["instant", "digest"], ["yes"]]
    assert [option["default"] for option in menus[0]["options"]] == [False, True]
    chosen = {
        "custom_id": "form::set",
        "components": [{"type": 18, "component": {"custom_id": "mode", "values": ["digest"]}}],
    }
    assert forms.read(chosen) == forms.Filled(("set",), "", {"mode": "digest"})


def test_a_kept_form_is_the_same_after_it_was_written() -> None:
    filled = forms.Filled(("watch", "add"), "7", {"name": "robots", "query": '"机器人"'})
    assert forms.load(forms.dump(filled)) == filled
    assert forms.read({"custom_id": "other"}) is None
