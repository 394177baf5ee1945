from __future__ import annotations

from bot.chat.last_said import LastSaid


def test_a_message_is_known_to_say_what_it_was_told_to_last() -> None:
    said = LastSaid()
    said.note("1", {"text": "one", "blocks": [1, 2]})
    assert said.says("1", {"blocks": [1, 2], "text": "one"})
    assert not said.says("1", {"text": "one", "blocks": [2, 1]})
    said.note("1", {"text": "two"})
    assert not said.says("1", {"text": "one", "blocks": [1, 2]})
    assert not said.says("2", {"text": "two"})


def test_what_is_being_changed_is_not_known() -> None:
    said = LastSaid()
    said.note("1", {"text": "one"})
    said.forget("1")
    said.forget("1")
    assert not said.says("1", {"text": "one"})


def test_only_the_latest_are_remembered() -> None:
    said = LastSaid(2)
    for name in ("1", "2", "1", "3"):
        said.note(name, {"text": name})
    assert [said.says(name, {"text": name}) for name in ("1", "2", "3")] == [True, False, True]


def test_any_text_can_be_remembered() -> None:
    said = LastSaid()
    said.note("1", {"text": "\ud800 lone"})
    assert said.says("1", {"text": "\ud800 lone"})
