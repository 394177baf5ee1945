"""Commands as forms: a modal from a command's parameters, and what was filled in. Pure.

https://discord.com/developers/docs/components/reference#label has the limits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.chat.discord_text import cut, flat, lines
from bot.command import Command, Param

FORM = "form:"
"""How the `custom_id` of a form begins: then the channel it is about, a colon, and the command."""

_TITLE, _LABEL, _ABOUT, _VALUE, _INPUTS, _OPTIONS, _OPTION = 45, 45, 100, 4_000, 5, 25, 100
_LABELLED, _INPUT, _SELECT = 18, 4, 3
_ONE_LINE, _PARAGRAPH = 1, 2


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as somebody sent it, or is to get it: the command, the channel it is about ("": here), the values by name."""

    path: tuple[str, ...]
    channel: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


def modal(command: Command, filled: Filled) -> dict[str, Any]:
    """The form, with the values that were given already; what is required comes first, five questions at most."""
    params = sorted(command.params, key=lambda param: not param.required)[:_INPUTS]
    return {
        "custom_id": cut(f"{FORM}{filled.channel}:{command.name}", 100),
        "title": cut(flat(command.help).strip() or command.name, _TITLE),
        "components": [_question(param, filled.given.get(param.name, "")) for param in params],
    }


def read(data: Mapping[str, Any]) -> Filled | None:
    """What was filled in, from an interaction's data; None if it is no form of ours."""
    head, _, rest = str(data.get("custom_id", "")).partition(":")
    if f"{head}:" != FORM:
        return None
    channel, _, command = rest.partition(":")
    given = dict(_answers(data.get("components") or ()))
    return Filled(tuple(command.split()), channel, given)


def dump(filled: Filled) -> str:
    """A form to be kept while its button waits."""
    return json.dumps([list(filled.path), filled.channel, dict(filled.given)], ensure_ascii=False)


def load(text: str) -> Filled:
    """What `dump` wrote."""
    path, channel, given = json.loads(text)
    return Filled(tuple(path), channel, given)


def _question(param: Param, value: str) -> dict[str, Any]:
    question: dict[str, Any] = {"type": _LABELLED, "label": cut(flat(param.name).capitalize(), _LABEL)}
    if param.help:
        question["description"] = cut(flat(param.help).strip(), _ABOUT)
    chosen = ("yes",) if param.kind == "flag" else param.choices
    question["component"] = _select(param, chosen, value) if chosen else _input(param, value)
    return question


def _input(param: Param, value: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": _INPUT,
        "custom_id": param.name,
        "style": _PARAGRAPH if param.kind == "rest" else _ONE_LINE,
        "required": param.required,
        "max_length": _VALUE,
    }
    return made | ({"value": cut(value, _VALUE)} if value else {})


def _select(param: Param, chosen: tuple[str, ...], value: str) -> dict[str, Any]:
    options = [
        {"label": cut(flat(one), _OPTION), "value": one, "default": one == value}
        for one in chosen[:_OPTIONS]
        if len(one) <= _OPTION
    ]
    least = 1 if param.required else 0
    return {
        "type": _SELECT,
        "custom_id": param.name,
        "options": options,
        "min_values": least,
        "max_values": 1,
        "required": param.required,
    }


def _answers(components: Any) -> Iterator[tuple[str, str]]:
    """Names and values, wherever in the form Discord puts them: in labels now, in rows before."""
    for one in components:
        inner = [one["component"]] if "component" in one else one.get("components")
        if inner:
            yield from _answers(inner)
        elif "custom_id" in one:
            value = one["values"][0] if one.get("values") else one.get("value") or ""
            yield str(one["custom_id"]), lines(str(value)).replace("\n", " ").strip()
