"""Checks over Slack's block elements: buttons, menus, fields; https://docs.slack.dev/reference/block-kit/block-elements"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from tests.chat.slack_texts import size, text_object, url

Where = Literal["message", "modal", "home"]
Room = Literal["", "accessory", "actions", "input", "context"]
"""The block in which an element stands; "" for one that is looked at alone."""

_PLAIN = ("plain_text",)
_SOURCES = ("static", "external", "users", "conversations", "channels")
_MENUS = tuple(f"{source}_select" for source in _SOURCES)
_MULTI = tuple(f"multi_{menu}" for menu in _MENUS)
_EVERYWHERE: tuple[Room, ...] = ("accessory", "actions", "input")
_ROOMS: dict[str, tuple[Room, ...]] = {
    "button": ("accessory", "actions"),
    "overflow": ("accessory", "actions"),
    "image": ("accessory", "context"),
    "datetimepicker": ("actions", "input"),
    "rich_text_input": ("actions", "input"),
    "plain_text_input": ("input",),
    "email_text_input": ("input",),
    "url_text_input": ("input",),
    "number_input": ("input",),
    "file_input": ("input",),
    **dict.fromkeys((*_MENUS, *_MULTI, "checkboxes", "radio_buttons", "datepicker", "timepicker"), _EVERYWHERE),
}


def element(one: Any, room: Room = "", empty: bool = False) -> Iterator[str]:
    """What is wrong with one element; `empty` says that it may have no options (suggestions that found nothing)."""
    if not isinstance(one, Mapping):
        yield "an element is no object"
        return
    kind = str(one.get("type"))
    if kind not in _ROOMS:
        yield f"there is no element of type {kind!r}"
        return
    if room and room not in _ROOMS[kind]:
        yield f"{kind} cannot stand in {room}"
    yield from (f"{kind}: {fault}" for fault in _one(kind, one, empty))


def _one(kind: str, one: Mapping[str, Any], empty: bool) -> Iterator[str]:
    if kind == "image":
        yield from _image(one)
        return
    if not one.get("action_id"):
        yield "`action_id` is missing: Slack would invent another one each time"
    yield from size("`action_id`", str(one.get("action_id") or ""), 255)
    if "placeholder" in one:
        yield from text_object("`placeholder`", one["placeholder"], 150, _PLAIN)
    if "confirm" in one:
        yield from (f"`confirm`: {fault}" for fault in _confirm(one["confirm"]))
    base = kind.removeprefix("multi_")
    check = _ELEMENTS.get(base)
    if check is not None:
        yield from check(one)
    if base == "static_select":
        yield from _menu(one, empty)
    if base != kind and "max_selected_items" in one and one["max_selected_items"] < 1:
        yield "`max_selected_items` is below 1"


def _image(one: Mapping[str, Any]) -> Iterator[str]:
    yield from size("`alt_text`", str(one.get("alt_text") or ""), 2000, least=1)
    if "slack_file" not in one:
        yield from url("`image_url`", one.get("image_url"))


def _button(one: Mapping[str, Any]) -> Iterator[str]:
    yield from text_object("`text`", one.get("text"), 75, _PLAIN)
    yield from size("`value`", str(one.get("value") or ""), 2000)
    yield from size("`accessibility_label`", str(one.get("accessibility_label") or ""), 75)
    if "url" in one:
        yield from url("`url`", one["url"])
    if one.get("style", "primary") not in ("primary", "danger"):
        yield f"`style` {one['style']!r} is neither primary nor danger; leave it out for the usual one"


def _overflow(one: Mapping[str, Any]) -> Iterator[str]:
    yield from _options(one.get("options"), 5, links=True)


def _menu(one: Mapping[str, Any], empty: bool) -> Iterator[str]:
    groups = one.get("option_groups")
    if (groups is None) == (one.get("options") is None):
        yield "needs either `options` or `option_groups`"
    elif groups is None:
        yield from _options(one.get("options"), 100, empty=empty)
    else:
        if len(groups) > 100:
            yield f"{len(groups)} option groups, more than 100"
        for group in groups:
            yield from text_object("a group's `label`", group.get("label"), 75, _PLAIN)
            yield from _options(group.get("options"), 100, empty=empty)
    yield from _initial(one)


def _external(one: Mapping[str, Any]) -> Iterator[str]:
    least = one.get("min_query_length")
    if not isinstance(least, int) or least < 0:
        yield "`min_query_length` is not given: its default of 3 hides names of two characters"
    chosen = one.get("initial_option")
    if chosen is not None:
        yield from _options([chosen], 1)


def _choices(one: Mapping[str, Any]) -> Iterator[str]:
    yield from _options(one.get("options"), 10, rich=True)
    yield from _initial(one)


def _initial(one: Mapping[str, Any]) -> Iterator[str]:
    """What is chosen at first must be one of the options, exactly."""
    options = [
        *(one.get("options") or ()),
        *(o for group in one.get("option_groups") or () for o in group.get("options") or ()),
    ]
    chosen = [*(one.get("initial_options") or ()), *([one["initial_option"]] if one.get("initial_option") else ())]
    for option in chosen:
        if option not in options:
            yield f"the initial option {option.get('value')!r} is not one of the options"


def _text_input(one: Mapping[str, Any]) -> Iterator[str]:
    least, most = one.get("min_length", 0), one.get("max_length", 3000)
    if not 0 <= least <= 3000 or not 1 <= most <= 3000 or least > most:
        yield f"lengths {least} to {most} are not within 0 to 3000"
    yield from size("`initial_value`", str(one.get("initial_value") or ""), most)


def _number(one: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(one.get("is_decimal_allowed"), bool):
        yield "`is_decimal_allowed` is missing"
    yield from (f"`{key}` is no text" for key in ("initial_value", "min_value", "max_value") if not _texts(one, key))


def _texts(one: Mapping[str, Any], key: str) -> bool:
    return key not in one or isinstance(one[key], str)


def _options(options: Any, most: int, links: bool = False, rich: bool = False, empty: bool = False) -> Iterator[str]:
    if not isinstance(options, list) or not (empty or options):
        yield "`options` is empty or no list"
        return
    if len(options) > most:
        yield f"{len(options)} options, more than {most}"
    values = Counter(option.get("value") for option in options)
    yield from (f"the value {value!r} is offered {count} times" for value, count in values.items() if count > 1)
    for option in options:
        yield from text_object("an option's `text`", option.get("text"), 75, (*_PLAIN, "mrkdwn") if rich else _PLAIN)
        yield from size("an option's `value`", str(option.get("value") or ""), 150, least=1)
        if "description" in option:
            yield from text_object("an option's `description`", option["description"], 75, ("plain_text", "mrkdwn"))
        if "url" in option and not links:
            yield "an option's `url` is for overflow menus alone"


def _confirm(dialog: Any) -> Iterator[str]:
    if not isinstance(dialog, Mapping):
        yield "no object"
        return
    for key, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from text_object(f"`{key}`", dialog.get(key), most, _PLAIN if key != "text" else ("plain_text", "mrkdwn"))


_ELEMENTS: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "button": _button,
    "overflow": _overflow,
    "external_select": _external,
    "checkboxes": _choices,
    "radio_buttons": _choices,
    "plain_text_input": _text_input,
    "number_input": _number,
}
