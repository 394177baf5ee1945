"""The Book as Discord's application commands, and what somebody gave of them back as a Book command. Pure.

`/wire` has a group for every first word with several commands (`watch add`) and a plain subcommand for each of the rest.
https://discord.com/developers/docs/interactions/application-commands has the limits.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.chat.discord_text import cut, flat, is_visible, size
from bot.command import Book, Command, Param

NAME = "wire"
WHY = "Why this alert"
HOME = ("home",)
"""Not in the Book: shows what Slack shows in its home tab, a person's own subscriptions."""

CHANNEL = "channel"
"""Not in the Book either: commands about a channel may be about another one, so that forums have watchlists too."""

_PLACED = ("watch", "channel")
_ABOUT = "News alerts on robotics, physical AI and who invests in them"
_HOME_ABOUT = "What you have subscribed to"
_CHANNEL_ABOUT = "another channel or forum than this one"

_NAME_LIMIT, _ABOUT_LIMIT, _CHOICE_LIMIT, _OPTIONS, _CHOICES, _WHOLE = 32, 100, 100, 25, 25, 8_000
_BAD_NAME = re.compile(r"[^-_a-z0-9]+")
_SUB, _GROUP, _STRING, _INTEGER, _BOOLEAN, _CHANNEL = 1, 2, 3, 4, 5, 7
_POSTABLE = [0, 5, 10, 11, 12, 15]  # text, news, threads, forum; Discord's OpenAPI file knows no media channels (16)
_CHAT_INPUT, _ON_MESSAGE = 1, 3
_EVERYWHERE = {"integration_types": [0, 1], "contexts": [0, 1]}
# Added to a server or by a person for themselves; said in servers and in direct messages with the bot, not in those of others.


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody gave: the Book's path and arguments, the channel it is about ("" for where it was given).

    `focused` is the parameter that is being typed, and what stands there, when Discord asks for suggestions.
    """

    path: tuple[str, ...]
    given: Mapping[str, Any] = field(default_factory=dict)
    channel: str = ""
    focused: tuple[str, str] | None = None


def payload(book: Book) -> list[dict[str, Any]]:
    """All commands as Discord is told them. Raises ValueError if there are more than it takes."""
    for most in range(_ABOUT_LIMIT, 10, -5):  # all names, descriptions and choices of a command share one limit
        wire = {
            "type": _CHAT_INPUT,
            "name": NAME,
            "description": _about(_ABOUT, _ABOUT_LIMIT),
            "options": _tree(book, most),
            **_EVERYWHERE,
        }
        if _weight(wire) <= _WHOLE:
            return [wire, {"type": _ON_MESSAGE, "name": WHY, **_EVERYWHERE}]
    raise ValueError("the commands are too many for one application command of Discord")


def fingerprint(commands: Sequence[Mapping[str, Any]]) -> str:
    """The same for the same commands in every process, so that they are sent only when they changed."""
    text = json.dumps(commands, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def read(book: Book, data: Mapping[str, Any]) -> Asked | None:
    """What somebody gave of `/wire`, from an interaction's data; None for a command that is not known any more."""
    names: list[str] = []
    options: Sequence[Mapping[str, Any]] = data.get("options") or ()
    while options and options[0].get("type") in (_SUB, _GROUP):
        names.append(str(options[0]["name"]))
        options = options[0].get("options") or ()
    path = HOME if tuple(names) == HOME and HOME not in book.commands else routes(book).get(tuple(names))
    if path is None:
        return None
    params = {name(one.name): one for one in book.commands[path].params} if path != HOME else {}
    given = {params[one["name"]].name: one.get("value") for one in options if one["name"] in params}
    channel = next((str(one["value"]) for one in options if one["name"] == CHANNEL and CHANNEL not in params), "")
    focused = next(
        (
            (params[one["name"]].name, str(one.get("value", "")))
            for one in options
            if one.get("focused") and one["name"] in params
        ),
        None,
    )
    return Asked(path, given, channel, focused)


def routes(book: Book) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Discord's names of every command, and the Book's. A command that is a group as well stands in it by its own name."""
    groups = {path[0] for path in book.commands if len(path) > 1}
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for path in book.commands:
        first = name(path[0])
        if path[0] not in groups:
            found[(first,)] = path
        else:
            found[first, name("-".join(path[1:])) if len(path) > 1 else first] = path
    return found


def name(text: str) -> str:
    """A name as Discord allows it: lower case letters, digits, `-` and `_`, at most 32."""
    return _BAD_NAME.sub("-", text.lower())[:_NAME_LIMIT]


def is_form(command: Command) -> bool:
    """Whether it is filled in as a form when it is given bare: it changes something and needs more than one answer."""
    return command.changes and sum(param.required for param in command.params) > 1


def is_placed(path: Sequence[str], book: Book) -> bool:
    """Whether the command may be about another channel."""
    command = book.commands.get(tuple(path))
    return path[0] in _PLACED and command is not None and all(name(one.name) != CHANNEL for one in command.params)


def choices(found: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Suggestions, label and value, as Discord takes them: at most 25, each value once and whole."""
    shown: dict[str, str] = {}
    for label, value in found:
        if is_visible(value) and size(value) <= _CHOICE_LIMIT and len(shown) < _CHOICES:
            shown.setdefault(value, cut(flat(label if is_visible(label) else value).strip(), _CHOICE_LIMIT))
    return [{"name": label, "value": value} for value, label in shown.items()]


# -- the tree --------------------------------------------------------------------------------------------------------


def _tree(book: Book, most: int) -> list[dict[str, Any]]:
    top: dict[str, dict[str, Any]] = {}
    for names, path in routes(book).items():
        made = _command(book, path, names[-1], most)
        if len(names) == 1:
            top[names[0]] = made
            continue
        group = top.setdefault(names[0], {"type": _GROUP, "name": names[0], "options": []})
        group["options"].append(made)
        words = ", ".join(one["name"] for one in group["options"])
        group["description"] = _about(f"{names[0]}: {words}", most)
    if HOME[0] not in top and len(top) < _OPTIONS:
        top[HOME[0]] = {"type": _SUB, "name": HOME[0], "description": _about(_HOME_ABOUT, most), "options": []}
    if any(len(one["options"]) > _OPTIONS for one in (*top.values(), {"options": top})):
        raise ValueError(f"Discord takes {_OPTIONS} commands beside each other; some must become a group")
    return list(top.values())


def _command(book: Book, path: tuple[str, ...], shown: str, most: int) -> dict[str, Any]:
    command = book.commands[path]
    form = is_form(command)
    options = [_option(param, form, most) for param in command.params]
    if is_placed(path, book):
        options.append(
            {
                "type": _CHANNEL,
                "name": CHANNEL,
                "description": _about(_CHANNEL_ABOUT, most),
                "required": False,
                "channel_types": _POSTABLE,
            }
        )
    options.sort(key=lambda option: not option["required"])  # Discord wants those first
    return {"type": _SUB, "name": shown, "description": _about(command.help, most), "options": options[:_OPTIONS]}


def _option(param: Param, form: bool, most: int) -> dict[str, Any]:
    """One argument. Those of a form are all optional: what is missing is asked for in the form."""
    kind = {"int": _INTEGER, "flag": _BOOLEAN}.get(param.kind, _STRING)
    option: dict[str, Any] = {
        "type": kind,
        "name": name(param.name),
        "description": _about(param.help or param.name, most),
        "required": param.required and not form,
    }
    if kind == _INTEGER:
        option["min_value"] = 0
    elif kind == _STRING and param.choices and len(param.choices) <= _CHOICES:
        option["choices"] = choices([(one, one) for one in param.choices])
    elif kind == _STRING and param.complete:
        option["autocomplete"] = True
    return option


def _about(text: str, most: int) -> str:
    return cut(flat(text).strip(), most)


def _weight(node: Any) -> int:
    """The length of all names, descriptions and choices, which Discord limits together."""
    if isinstance(node, Mapping):
        own = sum(size(value) for key, value in node.items() if key in ("name", "description", "value"))
        return own + sum(_weight(value) for key, value in node.items() if key in ("options", "choices"))
    return sum(map(_weight, node))
